//! The notes that pip-compile and uv leave in the requirements files that they write.
//!
//! Each package is followed by comments: `# via flask`, or `# via` and one reason a line. A reason is another
//! package of the file, or the input that names the package: `-r requirements.in`, `app (pyproject.toml)`.

use super::names::{is_valid, normalized};

/// Why a package is in the file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// Another package needs it, by its normalised name.
    Package(String),
    /// The project asks for it, in this file if that is known.
    Project(Option<String>),
}

/// The reasons in the comments of one package. Constraints are none.
pub(super) fn reasons(comments: &[&str]) -> Vec<Reason> {
    let mut found = Vec::new();
    let mut is_inside = false;
    for comment in comments {
        let names = match comment.strip_prefix("via") {
            Some(rest) if rest.is_empty() || rest.starts_with([' ', ':']) => {
                is_inside = true;
                rest.trim_start_matches(':')
            }
            _ if is_inside => comment,
            _ => continue,
        };
        let names = names.split(',').map(str::trim);
        found.extend(names.filter(|name| !name.is_empty() && !name.starts_with("-c ")).map(reason));
    }
    found
}

fn reason(name: &str) -> Reason {
    if let Some(file) = name.strip_prefix("-r ") {
        return Reason::Project(Some(file.trim().to_owned()));
    }
    let first = name.split([' ', '[', '(']).next().unwrap_or(name);
    if is_valid(first) && !name.contains(['/', '(']) {
        return Reason::Package(normalized(first));
    }
    Reason::Project(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_and_inputs_are_told_apart() {
        let package = |name: &str| Reason::Package(name.to_owned());
        assert_eq!(reasons(&["via Foo_Bar[x], baz"]), [package("foo-bar"), package("baz")]);
        assert_eq!(
            reasons(&["why", "via", "-r requirements.in", "-c pins.txt", "app (pyproject.toml)", "a"]),
            [Reason::Project(Some("requirements.in".into())), Reason::Project(None), package("a")]
        );
        assert!(reasons(&["viable"]).is_empty());
    }
}
