use axum::extract::{Path, Query};
use axum::response::Html;

async fn hello(Path(name): Path<String>) -> Html<String> {
    // ruleid: rust-xss
    Html(format!("<p>Hello {}</p>", name))
}

async fn search(Query(query): Query<Search>) -> Html<String> {
    // ruleid: rust-xss
    Html(format!("<p>Nothing found for {}</p>", query.text))
}

async fn escaped(Path(name): Path<String>) -> Html<String> {
    // ok: rust-xss
    Html(format!("<p>Hello {}</p>", html_escape::encode_text(&name)))
}

async fn constant(Path(name): Path<String>) -> Html<String> {
    tracing::info!(name);
    // ok: rust-xss
    Html("<p>Hello</p>".to_owned())
}
