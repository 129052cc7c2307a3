//! Values that stand for a secret without being one: template variables, blanked-out characters, runs and
//! sequences, and the words people write where a secret belongs.

use super::words::randomness_bits;

/// Words that make a value a placeholder wherever they stand in it. Five letters at least: shorter ones occur
/// in random text by chance.
#[rustfmt::skip]
const TELLTALES: &[&str] = &[
    "example", "placeholder", "changeme", "change_me", "change-me", "change_this", "replaceme", "replace_",
    "replace-with", "your_", "your-", "yourapi", "yourtoken", "yoursecret", "yourpass", "yourkey",
    "insert_", "inserthere", "redacted", "dummy", "sample", "goes_here", "goes-here", "goeshere",
    "secret_here", "_here", "-here", "removed", "censored", "notreal", "not_real", "not-a-real", "not-real",
    "fake_", "fake-", "_fake", "-fake", "todo_", "fixme", "put_your", "fill_in", "fillme", "enter_",
    "some_", "my_secret", "mysecret", "my-secret", "notasecret", "not_a_secret", "deadbeef", "loremipsum",
];

/// Words of which made-up passwords consist.
#[rustfmt::skip]
const FILLERS: &[&str] = &[
    "a", "an", "the", "my", "your", "our", "his", "her", "this", "that", "is", "it", "in", "on", "of",
    "for", "to", "with", "and", "or", "not", "no", "yes", "be", "me", "i", "am", "you", "at", "by", "as",
    "if", "s", "pass", "password", "passwords", "passwd", "passphrase", "passcode", "passwort", "pwd", "pw",
    "psw", "secret", "secrets", "token", "tokens", "key", "keys", "api", "apikey", "auth", "oauth",
    "credential", "credentials", "creds", "login", "jwt", "session", "access", "refresh", "bearer", "basic",
    "client", "consumer", "private", "public", "encrypted", "encryption", "signing", "shared", "csrf",
    "master", "hash", "hashed", "salt", "user", "username", "users", "admin", "administrator", "root",
    "guest", "name", "email", "host", "hostname", "db", "database", "server", "service", "app",
    "application", "web", "account", "id", "url", "uri", "path", "file", "env", "var", "test", "tests",
    "testing", "tester", "tested", "example", "examples", "sample", "dummy", "fake", "mock", "stub", "foo",
    "bar", "baz", "qux", "foobar", "blah", "bla", "lorem", "ipsum", "demo", "default", "defaults", "value",
    "values", "val", "string", "str", "text", "data", "char", "int", "integer", "number", "bool", "boolean",
    "object", "array", "list", "map", "any", "type", "bytes", "byte", "field", "input", "param", "config",
    "change", "changeit", "changeme", "replace", "insert", "enter", "put", "fill", "here", "some",
    "something", "somepassword", "thing", "new", "old", "current", "previous", "next", "first", "second",
    "third", "other", "another", "same", "different", "confirm", "repeat", "again", "reset", "forgot",
    "update", "set", "get", "wrong", "right", "bad", "good", "correct", "incorrect", "invalid", "valid",
    "expired", "missing", "empty", "blank", "none", "null", "nil", "undefined", "unknown", "unset", "void",
    "true", "false", "off", "required", "optional", "provided", "enabled", "disabled", "hidden", "removed",
    "redacted", "masked", "filtered", "todo", "tbd", "fixme", "na", "super", "very", "really", "secure",
    "unsecure", "insecure", "strong", "stronger", "weak", "simple", "long", "short", "random", "unique",
    "safe", "unsafe", "plain", "clear", "top", "real", "actual", "wow", "such", "abc", "abcd", "abcde",
    "abcdef", "xyz", "qwe", "qwerty", "qwertyuiop", "asd", "asdf", "asdfgh", "asdfghjkl", "zxcv", "zxcvbn",
    "xxx", "yyy", "zzz", "hello", "world", "hi", "open", "sesame", "generated", "generate", "must",
    "should", "can", "will", "min", "max", "length", "characters", "chars", "redis", "mysql", "postgres",
    "postgresql", "mongo", "mongodb", "ldap", "smtp", "sql", "http", "https", "aws", "azure", "google",
    "github", "gitlab", "bot", "ssh", "tls", "ssl", "pem", "rsa", "ca", "cert", "certificate", "content",
    "body", "header", "query", "form", "code", "label", "title", "bogus",
];

/// Evidence beyond which a value was drawn, whatever stands in it.
const SURELY_DRAWN_BITS: f32 = 40.0;

/// What opens a template, an interpolation or a look-up.
#[rustfmt::skip]
const OPENINGS: &[&[u8]] = &[
    b"${", b"$(", b"{{", b"}}", b"<%", b"%(", b"#{", b"$[", b"[[", b"@@", b"%{", b"{%", b"\\(", b"$$",
    b"!{", b"~{", b"%s", b"%v", b"%q", b"$env:", b"@env:", b"env(", b"keyring:", b"op://", b"secret://",
    b"ssm:", b"ENC[", b"process.env", b"os.environ", b"getenv", b"ENV[",
];

/// Longest value that may be a template; a whole key or service account file holds braces of its own.
const TEMPLATE_MAX: usize = 512;
/// An unclosed `<` or `{` makes a template only of a value shorter than this.
const SHORT_TEMPLATE: usize = 64;

/// Longest piece that a value may repeat over its whole length to be filler. No generator repeats itself
/// three times.
const PERIOD_MAX: usize = 32;

/// Longest value whose words are looked up; longer ones are no made-up passwords.
const FILLER_MAX: usize = 64;

/// Why `value` cannot be a secret in any rule's context, if so.
pub(super) fn reason(value: &[u8]) -> Option<&'static str> {
    // What was drawn at random holds `$(` and the like by chance.
    if is_template(value) && randomness_bits(value) < SURELY_DRAWN_BITS {
        return Some("a template variable or look-up, not a value");
    }
    if is_blanked(value) {
        return Some("blanked out or repeated characters");
    }
    if is_sequence(value) {
        return Some("a sequence or a keyboard walk");
    }
    let lower = value[..value.len().min(256)].to_ascii_lowercase();
    let told = TELLTALES.iter().any(|word| find(&lower, word.as_bytes()).is_some());
    told.then_some("the words of a placeholder")
}

/// `${X}`, `$(x)`, `{{ x }}`, `<x>`, `%s`, `%(x)s`, `#{x}`, `$X`, `%X%`, `__X__`, `{0}`.
fn is_template(value: &[u8]) -> bool {
    if value.len() > TEMPLATE_MAX {
        return false;
    }
    if OPENINGS.iter().any(|opening| find(value, opening).is_some()) {
        return true;
    }
    let identifier = |text: &[u8]| {
        !text.is_empty()
            && text.iter().all(|byte| {
                byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b' ' | b':' | b'$')
            })
    };
    let fenced = [(b'<', b'>'), (b'{', b'}'), (b'%', b'%'), (b'[', b']'), (b'(', b')')];
    if let [first, inner @ .., last] = value
        && fenced.contains(&(*first, *last))
    {
        return identifier(inner);
    }
    match value {
        [b'$', inner @ ..] => {
            identifier(inner) && !inner.first().is_some_and(u8::is_ascii_digit) && !inner.contains(&b'$')
        }
        [b'_', b'_', inner @ .., b'_', b'_'] => identifier(inner),
        [b'%', b'd'] => true,
        [b'<' | b'{', ..] => value.len() < SHORT_TEMPLATE,
        // A constant's name: `API_TOKEN`, `YOUR_KEY`.
        _ => value.contains(&b'_') && value.iter().all(|byte| byte.is_ascii_uppercase() || *byte == b'_'),
    }
}

/// `xxxxxxxx`, `********`, `....`, `0000-0000`, `abababab`: blanked out, or one short piece over and over.
fn is_blanked(value: &[u8]) -> bool {
    let run = longest_run(value, |before, byte| {
        before.eq_ignore_ascii_case(&byte) && matches!(byte, b'x' | b'X' | b'*' | b'.' | b'#' | b'?')
    });
    if run >= 4
        || find(value, b"...").is_some()
        || value.ends_with("…".as_bytes())
        || value.contains(&b'*') && longest_run(value, |a, b| a == b && b == b'*') >= 3
    {
        return true;
    }
    // A structure in base64 has runs of `A`, its zero bits; they are short beside the whole.
    let zeros = longest_run(value, |before, byte| before == byte && byte == b'A');
    let others = longest_run(value, |before, byte| before == byte && byte != b'A');
    if others >= 6.max(value.len() / 6) || zeros >= 6.max(value.len() / 4) {
        return true;
    }
    let mut seen = [false; 256];
    for byte in value {
        seen[usize::from(byte.to_ascii_lowercase())] = true;
    }
    let distinct = seen.iter().filter(|seen| **seen).count();
    let period =
        |width: usize| value.len() >= width * 3 && value.iter().zip(&value[width..]).all(|(a, b)| a == b);
    (value.len() >= 4 && distinct == 1) || (value.len() >= 8 && distinct <= 3) || (2..=PERIOD_MAX).any(period)
}

/// `1234567890`, `abcdefgh12345`, `qwertyuiop`: most steps go to a neighbour.
fn is_sequence(value: &[u8]) -> bool {
    const WALKS: &[u8] = b"qwertyuiop asdfghjkl zxcvbnm 1234567890 qazwsxedcrfv 1q2w3e4r5t6y";
    if value.len() < 4 {
        return false;
    }
    let lower = value[..value.len().min(256)].to_ascii_lowercase();
    let steps = lower.windows(2).filter(|pair| {
        let near = pair[0].abs_diff(pair[1]) == 1 && pair.iter().all(u8::is_ascii_alphanumeric);
        near || (pair[0] != b' ' && WALKS.windows(2).any(|walk| walk == *pair))
    });
    let share = steps.count() * 100 / (lower.len() - 1);
    share >= 75
}

/// Whether a value consists of nothing but the words people make up passwords of, with at most four digits
/// or a counted-up number, and punctuation between.
pub(super) fn is_filler(value: &[u8]) -> bool {
    if value.len() > FILLER_MAX {
        return false;
    }
    let digits: Vec<u8> = value.iter().copied().filter(u8::is_ascii_digit).collect();
    if digits.len() > 4 && !is_sequence(&digits) {
        return false;
    }
    let lower = value.to_ascii_lowercase();
    lower.split(|byte| !byte.is_ascii_alphabetic()).all(is_glued_fillers)
}

/// `P4ssw0rd`, `Adm1nP@ss`: filler words with digits and signs for letters. A password still, the first that
/// anybody tries.
pub(super) fn is_spelled_filler(value: &[u8]) -> bool {
    if value.len() > FILLER_MAX || !value.iter().any(u8::is_ascii_alphabetic) {
        return false;
    }
    let end = value.iter().rposition(u8::is_ascii_alphabetic).map_or(0, |at| at + 1);
    [b'i', b'l'].into_iter().any(|one| {
        let read = value[..end].iter().map(|byte| match byte {
            b'0' => b'o',
            b'1' | b'!' => one,
            b'3' => b'e',
            b'4' | b'@' => b'a',
            b'5' | b'$' => b's',
            b'7' => b't',
            other => *other,
        });
        is_filler(&read.collect::<Vec<u8>>())
    })
}

/// Whether `letters` is a concatenation of filler words.
fn is_glued_fillers(letters: &[u8]) -> bool {
    let mut reachable = vec![false; letters.len() + 1];
    reachable[0] = true;
    for at in 0..letters.len() {
        if reachable[at] {
            for word in FILLERS.iter().filter(|word| letters[at..].starts_with(word.as_bytes())) {
                reachable[at + word.len()] = true;
            }
        }
    }
    reachable[letters.len()]
}

fn longest_run(value: &[u8], same: impl Fn(u8, u8) -> bool) -> usize {
    let (mut longest, mut run) = (0, 1);
    for pair in value.windows(2) {
        run = if same(pair[0], pair[1]) { run + 1 } else { 1 };
        longest = longest.max(run);
    }
    longest
}

/// First position of `needle` in `haystack`. Both are short.
pub(super) fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len().max(1)).position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: &str, expected: Option<&str>) {
        assert_eq!(reason(value.as_bytes()), expected, "{value}");
    }

    #[test]
    fn placeholders_are_told_apart() {
        let template = Some("a template variable or look-up, not a value");
        let blanked = Some("blanked out or repeated characters");
        let sequence = Some("a sequence or a keyboard walk");
        let words = Some("the words of a placeholder");
        check("${DB_PASSWORD}", template);
        check("$(cat /run/secret)", template);
        check("{{ vault_password }}", template);
        check("<your password>", template);
        check("%(password)s", template);
        check("$PASSWORD", template);
        check("API_TOKEN", template);
        check("xxxxxxxxxxxx", blanked);
        check("q8Zk...Lw9", blanked);
        check("abcxxxxdef", blanked);
        check("********", blanked);
        check("00000000-0000-0000", blanked);
        check("abcabcabcabc", blanked);
        check("GR?7GR?7GR?7GR?7", blanked);
        check("q8Zk3vq8Zk3vq8Zk3vq8", blanked);
        check("q8Zk3vT0xLw9q8Zk3vT0xLw9", None);
        check("1234567890", sequence);
        check("abcdefghijkl12345", sequence);
        check("qwertyuiop", sequence);
        check("your_token_goes_here", words);
        check(&["AKIAIOSFODNN7", "EXAMPLE"].concat(), words);
        check("q8Zk3vT0xLw9", None);
        check("P4ssw0rd", None);
        check("$2b$12$abc", None);
        check("-----BEGIN PRIVATE KEY-----\nMIIAAAAAAAABq8Zk3vT0xLw9Rm2sYb7NqGdh5Wv1", None);
    }

    #[test]
    fn fillers_are_made_of_filler_words_only() {
        for filler in [
            "password",
            "my-secret",
            "TestPassword1",
            "rootpass",
            "changeme",
            "foo_bar",
            "test1234",
            "123456",
        ] {
            assert!(is_filler(filler.as_bytes()), "{filler}");
        }
        for spelled in ["P4ssw0rd", "Adm1nP@ssw0rd", "s3cr3t99"] {
            assert!(is_spelled_filler(spelled.as_bytes()), "{spelled}");
        }
        for chosen in ["Ride2Win", "CircleOfLife", "4829103", "q8Zk3vT0xLw9"] {
            assert!(!is_spelled_filler(chosen.as_bytes()), "{chosen}");
        }
        for chosen in ["P4ssw0rd", "CircleOfLife", "izanagi", "Ride2Win@", "4829103"] {
            assert!(!is_filler(chosen.as_bytes()), "{chosen}");
        }
    }
}
