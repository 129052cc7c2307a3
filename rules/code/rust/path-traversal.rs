use axum::extract::Path;
use std::fs;

async fn read(Path(name): Path<String>) -> String {
    // ruleid: rust-path-traversal
    fs::read_to_string(format!("/srv/files/{}", name)).unwrap_or_default()
}

async fn delete(Path(name): Path<String>) -> String {
    let path = base().join(name);
    // ruleid: rust-path-traversal
    fs::remove_file(path);
    String::new()
}

async fn checked(Path(name): Path<String>) -> String {
    if name.contains("..") {
        return String::new();
    }
    // ok: rust-path-traversal
    fs::read_to_string(format!("/srv/files/{}", name)).unwrap_or_default()
}

fn configuration(name: &str) -> String {
    // ok: rust-path-traversal
    fs::read_to_string(format!("/etc/app/{}", name)).unwrap_or_default()
}
