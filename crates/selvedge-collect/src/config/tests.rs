//! What the `[logs]` table takes, and how mistakes are told.

use super::*;

fn errors(text: &str) -> Vec<String> {
    LogsConfig::parse(text, "selvedge.toml").unwrap_err().iter().map(ToString::to_string).collect()
}

#[test]
fn a_whole_table_is_read_and_other_tables_are_left_alone() {
    let text = r#"
[gate]
fail-on = "high"

[logs]
directory = "state"
spool-bytes = "1 GiB"
status = "127.0.0.1:9464"

[[logs.input]]
name = "app"
type = "file"
include = ["/var/log/app/*.log"]
join = "stack-traces"
timezone = "Europe/Berlin"
product = "linux"

[[logs.input]]
name = "in"
type = "http"
address = "0.0.0.0:8088"
tokens = [{ name = "web1", token = { file = "/run/secrets/web1" } }]
when-full = "drop"

[[logs.input]]
name = "net"
type = "syslog"
udp = "127.0.0.1:5514"
tcp = "127.0.0.1:5514"

[[logs.output]]
name = "chat"
type = "webhook"
url = "https://example.org/hook"
format = "slack"
"#;
    let config = LogsConfig::parse(text, "selvedge.toml").unwrap().unwrap();
    assert_eq!((config.inputs.len(), config.outputs.len(), config.spool_bytes), (3, 1, 1 << 30));
    assert!(
        matches!(&config.inputs[0].kind, InputKind::File(file) if file.join == Some(JoinName::StackTraces))
    );
    assert_eq!(config.inputs[1].common.when_full, crate::intake::WhenFull::Drop);
    assert!(LogsConfig::parse("[gate]\n", "x").unwrap().is_none());
}

#[test]
fn mistakes_are_told_with_their_line_and_the_nearest_name() {
    let text = "[logs]\n\n[[logs.input]]\nname = \"a\"\ntype = \"file\"\ninclud = []\n\n[[logs.input]]\nname = \"b\"\ntype = \"fiel\"\n";
    let found = errors(text);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("selvedge.toml:3: unknown key `includ`"), "{}", found[0]);
    assert!(found[0].ends_with("did you mean `include`?"), "{}", found[0]);
    assert!(
        found[1].starts_with("selvedge.toml:8: unknown type `fiel`") && found[1].contains("`file`"),
        "{}",
        found[1]
    );
    let found = errors("[logs]\nspool-byte = 1\n");
    assert!(
        found[0].starts_with("selvedge.toml:2: unknown key `spool-byte`")
            && found[0].contains("`spool-bytes`?"),
        "{found:?}"
    );
    assert!(errors("[logs\n")[0].starts_with("selvedge.toml:1:"));
}

#[test]
fn what_would_be_open_to_everyone_must_be_wanted() {
    let input = |keys: &str| {
        format!("[logs]\n[[logs.input]]\nname = \"a\"\ntype = \"http\"\naddress = \"0.0.0.0:1\"\n{keys}")
    };
    assert!(errors(&input(""))[0].contains("`anonymous = true`"));
    assert!(LogsConfig::parse(&input("anonymous = true\n"), "x").is_ok());
    assert!(errors("[logs]\nspool-bytes = \"1 MiB\"\n")[0].contains("at least 128 MiB"));
    assert!(errors("[logs]\nstatus = \"0.0.0.0:1\"\n")[0].contains("loopback"));
}

#[test]
fn formats_are_checked_when_they_are_read() {
    let input = |keys: &str| format!("[logs]\n[[logs.input]]\nname = \"a\"\ntype = \"stdin\"\n{keys}");
    for (keys, expected) in [
        ("format = \"jsn\"", "did you mean `json`"),
        ("format = \"grok\"", "needs `patterns`"),
        ("format = \"grok\"\npatterns = [\"%{NOPE}\"]", "no pattern called `NOPE`"),
        ("format = \"csv\"", "needs `columns`"),
        ("line-bytes = 1", "`line-bytes` must be"),
        ("colour = 1", "unknown key `colour`"),
        ("when-full = \"blok\"", "did you mean `block`"),
    ] {
        let found = errors(&input(keys));
        assert!(found[0].contains(expected), "{keys}: {found:?}");
    }
    let twice = format!("{}\n[[logs.input]]\nname = \"a\"\ntype = \"stdin\"\n", input(""));
    assert!(errors(&twice)[0].contains("another input is called `a`"));
}

#[test]
fn secrets_are_not_printed() {
    assert_eq!(format!("{:?}", Secret::Value("hunter2".to_owned())), "Secret([redacted])");
}
