//! Credentials in URLs (RFC 3986 userinfo): database connection strings and basic-auth addresses.
//!
//! A placeholder password or one taken from a variable is refuted. A password for the own machine is proved
//! with a fact that says so, since it opens nothing elsewhere.

use selvedge_model::Proof;

use super::text::{is_filler, printable};
use super::{Alphabet, Evidence, Prove, Random, Verdict};

/// URLs with user and password.
pub(super) struct DatabaseUrl;

const SCHEMES: [&str; 14] = [
    "postgres",
    "postgresql",
    "mysql",
    "mariadb",
    "mongodb",
    "mongodb+srv",
    "redis",
    "rediss",
    "amqp",
    "amqps",
    "http",
    "https",
    "ftp",
    "mssql",
];
const PLACEHOLDERS: [&str; 24] = [
    "password",
    "passwd",
    "pass",
    "pwd",
    "secret",
    "changeme",
    "change_me",
    "change-me",
    "example",
    "your_password",
    "yourpassword",
    "your-password",
    "mypassword",
    "userpassword",
    "dbpassword",
    "db_password",
    "xxxx",
    "xxxxxx",
    "xxxxxxxx",
    "placeholder",
    "redacted",
    "token",
    "mypass",
    "badpass",
];
/// Hosts that are the machine itself.
const LOCAL_HOSTS: [&str; 5] = ["localhost", "127.0.0.1", "[::1]", "0.0.0.0", "host.docker.internal"];
/// Bytes of context that are looked at.
const TEXT_MAX: usize = 8 * 1024;

impl Prove for DatabaseUrl {
    fn name(&self) -> &'static str {
        "database-url"
    }

    fn prove(&self, secret: &[u8], context: &[u8]) -> Verdict {
        let secret_text = String::from_utf8_lossy(&secret[..secret.len().min(TEXT_MAX)]);
        let context_text = String::from_utf8_lossy(&context[..context.len().min(TEXT_MAX)]);
        let url = if secret_text.contains("://") {
            Some(secret_text.as_ref())
        } else {
            context_text.find(&format!(":{secret_text}@")).map(|at| around(&context_text, at))
        };
        let Some((scheme, rest)) = url.and_then(|url| url.split_once("://")) else { return Verdict::Unknown };
        let authority =
            rest.split(['/', '?', '#', '"', '\'', ' ', '\n', '`', '<']).next().unwrap_or_default();
        let Some((user, address)) = authority.rsplit_once('@') else { return Verdict::Unknown };
        let Some((user, password)) = user.split_once(':') else { return Verdict::Unknown };
        judge(scheme, user, password, address)
    }

    fn generate(&self, seed: u64, prefix: &str) -> Option<String> {
        let scheme = if prefix.is_empty() { "postgres" } else { prefix.trim_end_matches("://") };
        SCHEMES.contains(&scheme).then(|| {
            let mut random = Random::new(seed);
            let password = random.text(Alphabet::Alnum, 20);
            format!("{scheme}://app_{}:{password}@db.internal.corp/main", random.text(Alphabet::Lower, 4))
        })
    }
}

/// The URL around the colon at `at`: back to the start of its scheme.
fn around(text: &str, at: usize) -> &str {
    let slashes = text[..at].rfind("://").unwrap_or(at);
    let start = text[..slashes]
        .rfind(|letter: char| !letter.is_ascii_alphanumeric() && letter != '+')
        .map_or(0, |before| before + text[before..].chars().next().map_or(1, char::len_utf8));
    &text[start..]
}

fn judge(scheme: &str, user: &str, password: &str, address: &str) -> Verdict {
    let lower = password.to_ascii_lowercase();
    if password.is_empty() || password.starts_with(['$', '{', '<', '%', '[']) && !is_percent_encoded(password)
    {
        return Verdict::Refuted("the password is a variable");
    }
    if PLACEHOLDERS.contains(&lower.as_str())
        || is_filler(password.as_bytes())
        || lower.chars().all(|letter| letter == '*' || letter == 'x' || letter == '.')
    {
        return Verdict::Refuted("the password is a placeholder");
    }
    let host = address.rsplit_once(':').map_or(address, |(host, _)| host).to_ascii_lowercase();
    if host.ends_with("example.com")
        || host.ends_with("example.org")
        || host.ends_with(".example")
        || host.ends_with("example.net")
    {
        return Verdict::Refuted("the host is reserved for documentation");
    }
    let told = format!("{} at {}", printable(scheme), printable(&host));
    if !LOCAL_HOSTS.contains(&host.as_str()) {
        return Verdict::Proved(Evidence::new(Proof::Structure).fact(told));
    }
    if user.eq_ignore_ascii_case(password) {
        return Verdict::Refuted("a default password of the own machine");
    }
    Verdict::Proved(Evidence::new(Proof::None).fact(told).fact("local host only"))
}

fn is_percent_encoded(password: &str) -> bool {
    let bytes = password.as_bytes();
    bytes.len() > 3 && bytes[0] == b'%' && bytes[1].is_ascii_hexdigit() && bytes[2].is_ascii_hexdigit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_alone_is_judged_by_its_line() {
        let password = ["Zk3vQ9p", "Lx7Wm2Tb4"].concat();
        let line = format!("url: mysql://root:{password}@127.0.0.1:3306/x");
        let Verdict::Proved(evidence) = DatabaseUrl.prove(password.as_bytes(), line.as_bytes()) else {
            panic!()
        };
        assert_eq!(evidence.facts, ["mysql at 127.0.0.1", "local host only"]);
    }

    #[test]
    fn placeholders_and_variables_are_refuted() {
        for url in [
            "postgres://u:password@db/x",
            "postgres://u:${PW}@db/x",
            "redis://:****@h",
            "mysql://u:q8w7e6@db.example.com/x",
        ] {
            assert!(matches!(DatabaseUrl.prove(url.as_bytes(), b""), Verdict::Refuted(_)), "{url}");
        }
    }
}
