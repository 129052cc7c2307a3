use axum::extract::{Json, Query};

async fn preview(Query(query): Query<Preview>) -> String {
    // ruleid: rust-ssrf
    let first = reqwest::get(&query.url).await;
    // ruleid: rust-ssrf
    let second = client.get(format!("https://{}/status", query.host)).send().await;
    // ok: rust-ssrf
    let third = reqwest::get(format!("https://api.example.org/items/{}", query.id)).await;
    // ok: rust-ssrf
    let fourth = reqwest::get("https://news.example.org/feed").await;
    String::new()
}
