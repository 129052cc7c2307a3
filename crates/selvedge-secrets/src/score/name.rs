//! What the name on the left of a value promises.
//!
//! A name is read from its end: `db_password` holds a password, `password_file` holds a path.

/// What kind of value a name promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Promise {
    /// Something a person may have chosen.
    Password,
    /// A shared secret: mostly generated, sometimes chosen.
    Secret,
    /// A generated token or key.
    Token,
    /// The bare word `key`, `auth` or the like: only the value can tell.
    Vague,
}

/// Last words that make a name speak *about* a secret.
#[rustfmt::skip]
const DESCRIBING: &[&str] = &[
    "code", "complexity", "used", "last", "created", "modified", "since", "until", "file", "files",
    "filename", "path", "paths", "dir", "directory", "folder", "url", "uri", "urls", "endpoint", "id",
    "ids", "name", "names", "type", "types", "typ", "length", "len", "size", "count", "min", "max",
    "minimum", "maximum", "field", "fields", "policy", "placeholder", "label", "title", "message",
    "messages", "msg", "error", "errors", "err", "prefix", "suffix", "header", "headers", "regex", "regexp",
    "pattern", "format", "hint", "help", "text", "prompt", "reset", "confirmation", "confirm", "expiry",
    "expires", "expiration", "ttl", "timeout", "age", "algorithm", "alg", "algo", "encoding", "encryption",
    "strength", "score", "rule", "rules", "required", "enabled", "disabled", "valid", "validator",
    "validation", "changed", "change", "updated", "at", "date", "time", "ref", "reference", "arn",
    "version", "mode", "store", "manager", "provider", "service", "class", "method", "function", "func",
    "handler", "callback", "env", "var", "variable", "index", "status", "state", "location", "source",
    "attribute", "attr", "column", "param", "parameter", "params", "input", "form", "page", "view",
    "template", "option", "options", "opts", "config", "settings", "limit", "usage", "kind", "group",
    "role", "scope", "scopes", "issuer", "audience", "claim", "claims", "owner", "user", "username",
    "email", "login", "host", "port", "address", "public", "description", "desc", "doc", "docs", "example",
    "action", "event", "button", "link", "icon", "image", "table", "model", "schema", "spec", "provided",
    "exists", "present", "missing", "invalid", "mismatch", "failed", "fail", "failure", "success",
    "changer", "generator", "cmd", "command", "cookie", "domain", "realm", "nonce", "salt", "iv", "hash",
    "hashes", "digest", "checksum", "fingerprint", "thumbprint", "signature", "sig", "timestamp", "limiter",
    "flow", "grant", "response", "request", "review", "list", "map", "set", "items", "item", "number",
    "num", "no", "idx", "pos", "position", "offset", "line", "char", "separator", "delimiter", "selector",
    "element", "node", "tree", "stream", "parser", "lexer", "kinds", "bytes", "chars", "encoder", "decoder",
    "secretname", "keyname", "resource", "mount", "volume", "manifest", "namespace", "annotation",
    "annotations", "labels",
];

/// Words before `token`/`key` that make it a cursor, a symbol or public.
#[rustfmt::skip]
const HARMLESS: &[&str] = &[
    "authenticity", "change", "lock", "request", "update", "action", "import", "export", "idempotence",
    "work", "unit", "upload", "sequence", "position", "watermark", "public", "pub", "publishable", "next",
    "page", "continuation", "pagination", "cursor", "sort", "partition", "primary", "foreign", "csrf",
    "xsrf", "cache", "hot", "arrow", "keyboard", "sync", "site", "captcha", "idempotency", "candidate",
    "registry", "row", "map", "dict", "json", "translation", "i18n", "object", "group", "index", "unique",
    "composite", "host", "ssh", "gpg", "pgp", "license", "routing", "range", "hash", "parse",
    "cancellation", "cancel", "measurement", "tracking", "config", "storage", "column", "field", "data",
    "state", "event", "attribute", "query", "param", "header", "meta", "default", "known", "authorized",
    "fast", "react", "trusted",
];

/// Words before `key` that make it a credential.
#[rustfmt::skip]
const KEY_KINDS: &[&str] = &[
    "api", "access", "secret", "private", "encryption", "encrypt", "auth", "client", "consumer", "app",
    "application", "account", "master", "signing", "shared", "session", "service", "admin", "deploy",
    "license", "subscription", "security", "crypto", "aes", "hmac", "jwt", "rsa", "integration", "oauth",
    "cipher", "decryption", "webhook", "server", "hawk", "root", "write", "read",
];

/// What a name made of `words` promises, or why it holds no secret.
pub(super) fn promise(name: &[u8]) -> Result<Promise, &'static str> {
    const NOT_A_SECRET: &str = "the name is not that of a secret";
    let words = words(name);
    let Some(last) = words.last().map(String::as_str) else { return Err(NOT_A_SECRET) };
    if DESCRIBING.contains(&last) {
        return Err("the name speaks about a secret and does not hold one");
    }
    if last == "by" && words.first().is_some_and(|word| word == "identified") {
        return Ok(Promise::Password);
    }
    let before = words.len().checked_sub(2).map_or("", |at| words[at].as_str());
    if ["token", "tokens", "key", "keys"].contains(&last) && HARMLESS.contains(&before) {
        return Err("the name is that of a public key, a cursor or a lookup key");
    }
    // From the end: `passwordSecret` is a secret, `secretPassword` a password.
    for (at, word) in words.iter().enumerate().rev() {
        let is_last = at + 1 == words.len();
        if is_password(word, is_last) {
            return Ok(Promise::Password);
        }
        if word.contains("secret") {
            return Ok(Promise::Secret);
        }
        if word.contains("token") && !word.contains("tokeniz") {
            return Ok(Promise::Token);
        }
        if word.ends_with("key") && is_last {
            let kind = word.strip_suffix("key").unwrap_or_default();
            let kind = if kind.is_empty() { before } else { kind };
            let known = KEY_KINDS.contains(&kind);
            return Ok(if known { Promise::Token } else { Promise::Vague });
        }
        if word.starts_with("credential") || word == "apikey" || word == "jwt" {
            return Ok(Promise::Token);
        }
        if matches!(word.as_str(), "auth" | "authorization" | "bearer" | "verifier" | "authkey") {
            return Ok(Promise::Vague);
        }
    }
    Err(NOT_A_SECRET)
}

fn is_password(word: &str, is_last: bool) -> bool {
    ["password", "passwd", "passphrase", "passwort", "passcode", "passw0rd"]
        .iter()
        .any(|kind| word.contains(kind))
        || (is_last
            && (matches!(word, "pass" | "pwd" | "passw" | "pw")
                || (word.ends_with("pass")
                    && !matches!(word, "bypass" | "compass" | "surpass" | "trespass" | "encompass"))))
        || (word.ends_with("pwd") && word.len() <= 12)
}

/// The lower-case words of a name in any of the usual spellings. Digits end a word and are left out.
pub(super) fn words(name: &[u8]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for (at, byte) in name.iter().enumerate() {
        let previous = at.checked_sub(1).map_or(b'_', |before| name[before]);
        let next = name.get(at + 1).copied().unwrap_or(b'_');
        let starts_hump = byte.is_ascii_uppercase()
            && (previous.is_ascii_lowercase()
                || previous.is_ascii_digit()
                || (previous.is_ascii_uppercase() && next.is_ascii_lowercase()));
        if (starts_hump || !byte.is_ascii_alphabetic()) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if byte.is_ascii_alphabetic() {
            word.push(char::from(byte.to_ascii_lowercase()));
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, expected: Option<Promise>) {
        assert_eq!(promise(name.as_bytes()).ok(), expected, "{name}");
    }

    #[test]
    fn names_are_read_from_the_end() {
        check("password", Some(Promise::Password));
        check("DB_PASSWORD", Some(Promise::Password));
        check("mysqlRootPassword2", Some(Promise::Password));
        check("userPass", Some(Promise::Password));
        check("bypass", None);
        check("password_file", None);
        check("passwordLabel", None);
        check("client_secret", Some(Promise::Secret));
        check("HMACSecret", Some(Promise::Secret));
        check("secretName", None);
        check("access_token", Some(Promise::Token));
        check("Apitoken", Some(Promise::Token));
        check("next_token", None);
        check("token_type", None);
        check("api_key", Some(Promise::Token));
        check("apiKey", Some(Promise::Token));
        check("publicKey", None);
        check("key", Some(Promise::Vague));
        check("primary_key", None);
        check("IDENTIFIED BY", Some(Promise::Password));
        check("ENV DB_PASSWORD", Some(Promise::Password));
        check("", None);
    }

    #[test]
    fn every_spelling_splits_into_words() {
        assert_eq!(words(b"JWTSecretKey"), ["jwt", "secret", "key"]);
        assert_eq!(words(b"aws-access_key.ID2"), ["aws", "access", "key", "id"]);
    }
}
