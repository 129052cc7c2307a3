use std::process::Command;

fn ping(host: &str) {
    // ruleid: rust-shell-formatted-command
    Command::new("sh").arg("-c").arg(format!("ping -c 1 {host}")).status();
    // ruleid: rust-shell-formatted-command
    Command::new("bash").arg("-c").arg(&format!("ping {}", host)).status();
    // ok: rust-shell-formatted-command
    Command::new("ping").arg("-c").arg("1").arg(host).status();
    // ok: rust-shell-formatted-command
    Command::new("sh").arg("-c").arg("uptime").status();
}
