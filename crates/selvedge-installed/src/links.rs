//! Resolving symbolic links inside a root, never outside: shared by folders and images.

use crate::root::ReadError;

/// Links that one path may lead through, as in Linux (`MAXSYMLINKS`).
const LINKS_MAX: usize = 40;

/// Resolves every link in `path` with the help of `target_of`, which says where the link at a path leads
/// and `None` for what is no link. The result has no links, no `.` and no `..`.
pub(crate) fn resolve(
    path: &str,
    mut target_of: impl FnMut(&str) -> Option<String>,
) -> Result<String, ReadError> {
    let mut pending: Vec<String> = components(path);
    let mut done: Vec<String> = Vec::new();
    let mut links = 0;
    while let Some(part) = pending.pop() {
        match part.as_str() {
            "" | "." => continue,
            ".." => {
                done.pop().ok_or(ReadError::Escapes)?;
                continue;
            }
            _ => done.push(part),
        }
        let Some(target) = target_of(&done.join("/")) else { continue };
        links += 1;
        if links > LINKS_MAX {
            return Err(ReadError::Loop);
        }
        if target.starts_with('/') {
            done.clear();
        } else {
            done.pop();
        }
        pending.extend(components(&target));
    }
    Ok(done.join("/"))
}

/// The parts of a path, the first one last.
fn components(path: &str) -> Vec<String> {
    path.split('/').rev().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, links: &[(&str, &str)]) -> Result<String, String> {
        let find = |at: &str| links.iter().find(|(from, _)| *from == at).map(|(_, to)| (*to).to_owned());
        resolve(path, find).map_err(|error| error.to_string())
    }

    #[test]
    fn links_stay_inside_the_root() {
        assert_eq!(check("lib/x", &[("lib", "usr/lib")]).as_deref(), Ok("usr/lib/x"));
        assert_eq!(
            check("etc/os-release", &[("etc/os-release", "../usr/lib/os-release")]).as_deref(),
            Ok("usr/lib/os-release")
        );
        assert_eq!(check("a/b", &[("a/b", "/c/d")]).as_deref(), Ok("c/d"));
        assert!(check("a", &[("a", "../../etc/passwd")]).unwrap_err().contains("out of the root"));
        assert!(check("a", &[("a", "b"), ("b", "a")]).unwrap_err().contains("loop"));
        assert!(check("a", &[("a", "a/a")]).unwrap_err().contains("loop"));
    }
}
