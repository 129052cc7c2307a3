//! Globs as workspaces write them (`packages/*`, `crates/**`), and folders of a sorted list of paths.

/// Whether `path` matches `pattern` part by part: `*` and `?` inside a part, `**` any number of parts.
pub(crate) fn matches(pattern: &str, path: &str) -> bool {
    let pattern: Vec<&str> = pattern.split('/').collect();
    let path: Vec<&str> = path.split('/').collect();
    wild(&pattern, &path, &|part| *part == "**", &|pattern, part| {
        wild(pattern.as_bytes(), part.as_bytes(), &|byte| *byte == b'*', &|a, b| *a == b'?' || a == b)
    })
}

/// Wildcard match with backtracking to the last wildcard only: time is at most the product of both lengths.
fn wild<P, T>(
    pattern: &[P],
    text: &[T],
    is_any: &dyn Fn(&P) -> bool,
    is_same: &dyn Fn(&P, &T) -> bool,
) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while t < text.len() {
        if p < pattern.len() && is_any(&pattern[p]) {
            retry = Some((p, t));
            p += 1;
        } else if p < pattern.len() && is_same(&pattern[p], &text[t]) {
            p += 1;
            t += 1;
        } else if let Some((at, from)) = retry {
            retry = Some((at, from + 1));
            p = at + 1;
            t = from + 1;
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(is_any)
}

/// A pattern without `./` in front and `/` behind.
pub(crate) fn tidy(pattern: &str) -> &str {
    pattern.trim_start_matches("./").trim_end_matches('/')
}

/// The paths below `folder` in a sorted list; all for the empty folder.
pub(crate) fn below<'p, 'a>(paths: &'p [&'a str], folder: &str) -> &'p [&'a str] {
    if folder.is_empty() {
        return paths;
    }
    let prefix = format!("{folder}/");
    let start = paths.partition_point(|path| **path < *prefix);
    let length = paths[start..].partition_point(|path| path.starts_with(&prefix));
    &paths[start..start + length]
}

/// The folder of a path; empty for the root of the run.
pub(crate) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// `name` in `folder`, which may be empty.
pub(crate) fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// `path` seen from `folder`; `None` if it does not lie there.
pub(crate) fn relative<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
    if path == folder {
        return Some("");
    }
    if folder.is_empty() { Some(path) } else { path.strip_prefix(folder)?.strip_prefix('/') }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_and_wildcards() {
        for (pattern, path, expected) in [
            ("crates/*", "crates/a", true),
            ("crates/*", "crates/a/b", false),
            ("crates/**", "crates/a/b", true),
            ("**/x", "a/b/x", true),
            ("a-?", "a-b", true),
            ("a", "b", false),
            ("*", "", true),
            ("**", "a/b", true),
        ] {
            assert_eq!(matches(pattern, path), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn folders_of_a_sorted_list() {
        let paths = ["a", "a-b/c", "a/b", "a/c", "ab"];
        assert_eq!(below(&paths, "a"), ["a/b", "a/c"]);
        assert_eq!(below(&paths, "").len(), 5);
        assert_eq!(relative("a/b", "a"), Some("b"));
        assert_eq!(relative("ab", "a"), None);
    }
}
