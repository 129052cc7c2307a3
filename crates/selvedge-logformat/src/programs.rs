//! Fields that stand inside the text of syslog messages of well-known programs: who, from where, and what.
//!
//! Names are those that the programs use themselves: `user`, `rhost`, `ruser`, `tty` of PAM (sshd's messages get
//! the same), `TTY`, `PWD`, `USER`, `COMMAND` of sudo. A message may hold text that a stranger chose, such as the
//! name of an invalid user; where the format leaves a choice, the reading that such text cannot forge is taken.

use crate::Parsed;

/// What stands between two parts of a message of sudo.
const SUDO_SEPARATOR: &str = " ; ";

/// PAM's pairs, in the order in which it writes them.
const PAM_NAMES: &[&str] = &["logname", "uid", "euid", "tty", "ruser", "rhost", "user"];

/// Adds the fields of `message`, written by the program of that name.
pub(crate) fn add<'a>(program: &str, message: &'a str, parsed: &mut Parsed<'a>) {
    if message.starts_with("pam_") {
        return pam(message, parsed);
    }
    match program {
        "sshd" | "sshd-session" | "sshd-auth" => sshd(message, parsed),
        "sudo" => sudo(message, parsed),
        _ => {}
    }
}

/// `Accepted|Failed METHOD for [invalid user ]USER from RHOST port PORT …`, and `Invalid user USER from …`.
fn sshd<'a>(message: &'a str, parsed: &mut Parsed<'a>) {
    let message = repeated(message).unwrap_or(message);
    let found = if let Some(rest) = message.strip_prefix("Accepted ") {
        // The account exists and its name has no blanks; what follows the address may be long.
        rest.split_once(" for ").and_then(|(_, rest)| rest.split_once(" from "))
    } else if let Some(rest) = message.strip_prefix("Failed ") {
        // The name is what the other side sent; nothing after the address is.
        let rest = rest.split_once(" for ").map(|(_, rest)| rest);
        rest.and_then(|rest| rest.strip_prefix("invalid user ").unwrap_or(rest).rsplit_once(" from "))
    } else {
        message.strip_prefix("Invalid user ").and_then(|rest| rest.rsplit_once(" from "))
    };
    let Some((user, rest)) = found else { return };
    parsed.put_present("user", user);
    parsed.put_present("rhost", rest.split(' ').next().unwrap_or_default());
}

/// The message inside `message repeated 2 times: [ … ]`, as rsyslog writes it.
fn repeated(message: &str) -> Option<&str> {
    let (_, inner) = message.strip_prefix("message repeated ")?.split_once(" times: [ ")?;
    Some(inner.strip_suffix(']').unwrap_or(inner))
}

/// `pam_unix(sshd:auth): authentication failure; logname= uid=0 … rhost=192.0.2.1  user=root`. The user's name
/// comes last and goes to the end.
fn pam<'a>(message: &'a str, parsed: &mut Parsed<'a>) {
    let Some((_, mut rest)) = message.split_once("; ") else { return };
    for name in PAM_NAMES {
        rest = rest.trim_start();
        let Some(value) = rest.strip_prefix(name).and_then(|rest| rest.strip_prefix('=')) else { continue };
        let end = if *name == "user" { value.len() } else { value.find(' ').unwrap_or(value.len()) };
        let (value, after) = value.split_at(end);
        rest = after;
        parsed.put_present(name, value.trim_end());
    }
}

/// `alice : [remark ; ]TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/usr/bin/id`. The command goes to the end.
fn sudo<'a>(message: &'a str, parsed: &mut Parsed<'a>) {
    let Some((user, rest)) = message.trim_start().split_once(" : ") else { return };
    if user.is_empty() || user.contains(' ') {
        return;
    }
    parsed.put_present("user", user);
    let (head, command) = match rest.split_once("COMMAND=") {
        Some((head, command)) => (head, Some(command)),
        None => (rest, None),
    };
    for part in head.split(SUDO_SEPARATOR) {
        for name in ["TTY", "PWD", "USER", "GROUP", "TSID"] {
            if let Some(value) = part.strip_prefix(name).and_then(|rest| rest.strip_prefix('=')) {
                parsed.put_present(name, value.trim_end());
            }
        }
    }
    if let Some(command) = command {
        parsed.put_present("COMMAND", command);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(program: &str, message: &str, expected: &[&str]) {
        let mut parsed = Parsed::default();
        add(program, message, &mut parsed);
        let found: Vec<String> =
            parsed.fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(found, expected, "{message}");
    }

    #[test]
    fn logins_over_ssh_name_user_and_address() {
        let both = ["user=root", "rhost=203.0.113.9"];
        check("sshd", "Failed password for root from 203.0.113.9 port 52144 ssh2", &both);
        check("sshd-session", "Failed password for invalid user root from 203.0.113.9 port 1 ssh2", &both);
        check("sshd", "Invalid user root from 203.0.113.9 port 52188", &both);
        check(
            "sshd",
            "Accepted publickey for root from 203.0.113.9 port 5 ssh2: RSA SHA256:9b from x",
            &both,
        );
        let repeated = "message repeated 2 times: [ Failed password for root from 203.0.113.9 port 5 ssh2]";
        check("sshd", repeated, &both);
        check("sshd", "Server listening on 0.0.0.0 port 22.", &[]);
    }

    #[test]
    fn a_name_that_looks_like_an_address_forges_nothing() {
        let message =
            "Failed password for invalid user x from 198.51.100.1 port 1 from 203.0.113.9 port 52144 ssh2";
        check("sshd", message, &["user=x from 198.51.100.1 port 1", "rhost=203.0.113.9"]);
        let message = "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.9  user=x rhost=192.0.2.1";
        check(
            "sshd",
            message,
            &["uid=0", "euid=0", "tty=ssh", "rhost=203.0.113.9", "user=x rhost=192.0.2.1"],
        );
    }

    #[test]
    fn sudo_tells_who_became_whom_to_do_what() {
        check(
            "sudo",
            "   alice : TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/bin/sh -c 'a ; USER=b'",
            &["user=alice", "TTY=pts/0", "PWD=/home/alice", "USER=root", "COMMAND=/bin/sh -c 'a ; USER=b'"],
        );
        check(
            "sudo",
            "bob : user NOT in sudoers ; TTY=pts/1 ; PWD=/ ; USER=root ; COMMAND=/bin/id",
            &["user=bob", "TTY=pts/1", "PWD=/", "USER=root", "COMMAND=/bin/id"],
        );
        check("sudo", "unable to resolve host web1 : no", &[]);
    }
}
