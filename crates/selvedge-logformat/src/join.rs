//! Which lines belong together: stack traces, and lines that a container runtime cut into pieces.

use regex::bytes::Regex;

/// A longer pattern is refused.
pub const PATTERN_BYTES_MAX: usize = 4 << 10;

/// How lines become records.
#[derive(Debug, Clone, Default)]
pub enum Join {
    /// Each line is a record.
    #[default]
    Lines,
    /// Indented lines and the well-known lines of Java, Python, Go, Ruby, .NET and Node stack traces belong to
    /// the line before.
    StackTraces,
    /// A record begins with each line that the pattern matches.
    Start(Regex),
    /// A record ends with a line whose CRI tag is `F`; `P` lines are pieces of it.
    /// <https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md>
    Cri,
    /// A record ends with a line of docker's `json-file` driver whose text ends in a line end.
    Docker,
}

impl Join {
    /// A join by a pattern that matches the first line of each record.
    pub fn start(pattern: &str) -> Result<Self, String> {
        if pattern.len() > PATTERN_BYTES_MAX {
            return Err(format!("the pattern is longer than {PATTERN_BYTES_MAX} bytes"));
        }
        let regex = regex::bytes::RegexBuilder::new(pattern).unicode(true).size_limit(1 << 20).build();
        regex.map(Self::Start).map_err(|error| format!("the pattern is no regular expression: {error}"))
    }

    /// Whether `next` belongs to the record, of which `record` is all there is so far.
    pub fn continues(&self, record: &[u8], next: &[u8]) -> bool {
        match self {
            Self::Lines => false,
            Self::StackTraces => continues_trace(record, next),
            Self::Start(pattern) => !pattern.is_match(next),
            Self::Cri | Self::Docker => !self.ends(last_line(record)),
        }
    }

    /// Whether a record that ends in `line` is whole whatever comes next.
    pub fn ends(&self, line: &[u8]) -> bool {
        match self {
            Self::Lines => true,
            Self::StackTraces | Self::Start(_) => false,
            Self::Cri => cri_tag(line).is_none_or(|tag| tag != b"P"),
            Self::Docker => !is_docker_piece(line),
        }
    }
}

fn last_line(record: &[u8]) -> &[u8] {
    memchr::memrchr(b'\n', record).map_or(record, |at| &record[at + 1..])
}

/// The third word: `2026-01-02T03:04:05.123456789Z stdout P text`.
fn cri_tag(line: &[u8]) -> Option<&[u8]> {
    line.get(..128.min(line.len()))?.split(|byte| *byte == b' ').nth(2)
}

/// Docker cuts lines at 16 KiB; each piece but the last lacks the `\n` at the end of its `log`.
fn is_docker_piece(line: &[u8]) -> bool {
    let Some(rest) = line.trim_ascii_start().strip_prefix(b"{\"log\":\"") else { return false };
    let mut at = 0;
    while let Some(found) = memchr::memchr2(b'"', b'\\', &rest[at..]) {
        match rest[at + found] {
            b'\\' => at += found + 2,
            _ => return !rest[..at + found].ends_with(b"\\n"),
        }
        if at > rest.len() {
            return false;
        }
    }
    false
}

/// Beginnings of lines that belong to a trace although they are not indented.
const TRACE_LINES: &[&[u8]] = &[
    b"Caused by: ",
    b"Suppressed: ",
    b"Traceback (most recent call last)",
    b"During handling of the above exception",
    b"The above exception was the direct cause",
    b"--- End of inner exception",
    b"--- End of stack trace",
    b"goroutine ",
    b"created by ",
    b"stack backtrace:",
];

fn continues_trace(record: &[u8], next: &[u8]) -> bool {
    let is_indented = matches!(next.first(), Some(b' ' | b'\t'));
    if is_indented || TRACE_LINES.iter().any(|beginning| next.starts_with(beginning)) {
        return true;
    }
    // Python ends a trace with the exception, which is not indented, and separates chained ones by blank lines.
    let in_python = memchr::memmem::find(record, b"Traceback (most recent call last)").is_some();
    // Go prints the function of a frame unindented and its place indented below.
    let in_go = memchr::memmem::find(record, b"goroutine ").is_some();
    let after_frame = matches!(last_line(record).first(), Some(b' ' | b'\t'));
    (in_python && ((after_frame && is_exception(next)) || next.is_empty()))
        || (in_go && (next.is_empty() || next.ends_with(b")")))
}

/// `package.Error: message`, or the bare name.
fn is_exception(line: &[u8]) -> bool {
    let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.');
    !name.is_empty() && name[0].is_ascii_alphabetic() && name.iter().all(is_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(join: &Join, text: &str) -> Vec<String> {
        let mut records: Vec<String> = Vec::new();
        for line in text.lines() {
            match records.last_mut() {
                Some(record) if join.continues(record.as_bytes(), line.as_bytes()) => {
                    record.push('\n');
                    record.push_str(line);
                }
                _ => records.push(line.to_owned()),
            }
        }
        records
    }

    #[test]
    fn traces_stay_with_their_line() {
        let java = "a failed\njava.lang.Error: x\n\tat a.B(C.java:1)\nCaused by: y\n\t... 3 more\nnext";
        assert_eq!(records(&Join::StackTraces, java).len(), 3);
        let python = "ERROR oops\nTraceback (most recent call last):\n  File \"a\"\nValueError: no\n\nDuring handling of the above exception, another\nTraceback (most recent call last):\n  File \"b\"\nKeyError: 'k'\nINFO next";
        let found = records(&Join::StackTraces, python);
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(found[1], "INFO next");
        let go = "panic: x\ngoroutine 1 [running]:\nmain.main()\n\t/a.go:3 +0x1\nexit status 2";
        assert_eq!(records(&Join::StackTraces, go).len(), 2);
    }

    #[test]
    fn a_pattern_begins_a_record() {
        let join = Join::start(r"^\d{4}-").unwrap();
        assert_eq!(records(&join, "2026-01 a\nb\n2026-02 c"), ["2026-01 a\nb", "2026-02 c"]);
        assert!(Join::start("(").is_err());
    }

    #[test]
    fn runtimes_pieces_are_joined() {
        let cri = "t stdout P a\nt stdout P b\nt stdout F c\nt stdout F d";
        assert_eq!(records(&Join::Cri, cri).len(), 2);
        assert!(Join::Cri.ends(b"t stdout F x") && !Join::Cri.ends(b"t stdout P x"));
        let docker = "{\"log\":\"a \\\" b\",\"stream\":\"x\"}\n{\"log\":\"c\\n\",\"stream\":\"x\"}\n{\"log\":\"d\\n\"}";
        assert_eq!(records(&Join::Docker, docker).len(), 2);
        assert!(Join::Docker.ends(b"no json") && Join::Docker.ends(b"{\"log\":\"\\"));
    }
}
