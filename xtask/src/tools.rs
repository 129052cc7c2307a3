//! Programs that the checks need and a bare machine lacks.

use std::process::{Command, Stdio};

/// Version of cargo-deny that the checks were written for.
const CARGO_DENY: &str = "0.20.2";

/// Installs cargo-deny from the crate registry unless it is there.
pub(crate) fn ensure_cargo_deny() -> Result<(), String> {
    if runs("cargo", &["deny", "--version"]) {
        return Ok(());
    }
    println!("xtask: installing cargo-deny {CARGO_DENY}");
    let status =
        Command::new("cargo").args(["install", "--locked", "cargo-deny", "--version", CARGO_DENY]).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("cargo install cargo-deny: {status}")),
        Err(error) => Err(format!("cargo install cargo-deny: {error}")),
    }
}

/// Installs Chromium with apt where that is possible, so that the page tests run in a real browser.
/// Elsewhere those tests say that they were skipped.
pub(crate) fn ensure_browser() {
    let present =
        ["chromium", "chromium-browser", "google-chrome"].iter().any(|name| runs(name, &["--version"]));
    if present || !runs("apt-get", &["--version"]) || !is_root() {
        return;
    }
    println!("xtask: installing chromium with apt-get");
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive").args(arguments).stdout(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    if !(apt(&["update", "-qq"]) && apt(&["install", "-y", "-qq", "--no-install-recommends", "chromium"])) {
        eprintln!("xtask: chromium could not be installed; page tests will be skipped");
    }
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

fn runs(program: &str, arguments: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
