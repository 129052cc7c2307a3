use actix_cors::Cors;
use tower_http::cors::{Any, CorsLayer};

fn layers() {
    // ruleid: rust-cors-any-origin-with-credentials
    let first = Cors::permissive();
    // ruleid: rust-cors-any-origin-with-credentials
    let second = CorsLayer::very_permissive();
    // ok: rust-cors-any-origin-with-credentials
    let third = Cors::default().allowed_origin("https://app.example.org").supports_credentials();
    // ok: rust-cors-any-origin-with-credentials
    let fourth = CorsLayer::new().allow_origin(Any);
}
