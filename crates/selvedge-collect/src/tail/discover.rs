//! Finds the files that patterns name.

use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// Files that one input follows at most; further ones are counted.
pub(crate) const FILES_MAX: usize = 10_000;
/// Entries that are looked at in one search, so that a pattern over a huge tree ends.
const ENTRIES_MAX: usize = 200_000;
/// Folders within folders that `**` descends into.
const DEPTH_MAX: usize = 16;

/// Patterns of files to follow and not to follow.
#[derive(Debug, Clone)]
pub(crate) struct Patterns {
    /// For each pattern: the folder to start from, and whether to descend into folders.
    roots: Vec<(PathBuf, usize)>,
    include: GlobSet,
    exclude: GlobSet,
}

/// What a search found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Search {
    /// Paths in order.
    pub(crate) paths: Vec<PathBuf>,
    /// Whether a limit cut it short.
    pub(crate) is_cut: bool,
}

impl Patterns {
    /// Reads the patterns; the error names the one that is wrong.
    pub(crate) fn new(include: &[String], exclude: &[String]) -> Result<Self, String> {
        Ok(Self {
            roots: include.iter().map(|pattern| root(pattern)).collect(),
            include: set(include)?,
            exclude: set(exclude)?,
        })
    }

    /// All files that match now.
    pub(crate) fn search(&self) -> Search {
        let mut search = Search::default();
        let mut budget = ENTRIES_MAX;
        for (root, depth) in &self.roots {
            if root.is_file() {
                self.consider(root.clone(), &mut search);
            } else {
                self.descend(root, *depth, &mut budget, &mut search);
            }
        }
        search.paths.sort();
        search.paths.dedup();
        search
    }

    fn descend(&self, root: &Path, depth_max: usize, budget: &mut usize, search: &mut Search) {
        let mut pending = vec![(root.to_path_buf(), 0)];
        while let Some((folder, depth)) = pending.pop() {
            let Ok(entries) = std::fs::read_dir(&folder) else { continue };
            for entry in entries.flatten() {
                if *budget == 0 {
                    search.is_cut = true;
                    return;
                }
                *budget -= 1;
                let Ok(kind) = entry.file_type() else { continue };
                if kind.is_dir() && depth < depth_max {
                    pending.push((entry.path(), depth + 1));
                } else if !kind.is_dir() {
                    self.consider(entry.path(), search);
                }
            }
        }
    }

    fn consider(&self, path: PathBuf, search: &mut Search) {
        if !self.include.is_match(&path) || self.exclude.is_match(&path) {
            return;
        }
        if search.paths.len() == FILES_MAX {
            search.is_cut = true;
            return;
        }
        search.paths.push(path);
    }
}

fn set(patterns: &[String]) -> Result<GlobSet, String> {
    let mut builder = GlobSetBuilder::new();
    for pattern in patterns {
        let glob = GlobBuilder::new(pattern).literal_separator(true).build();
        builder.add(glob.map_err(|error| format!("`{pattern}` is no pattern of paths: {}", error.kind()))?);
    }
    builder.build().map_err(|error| error.to_string())
}

/// The folder before the first wildcard, and how many folders deep to look.
fn root(pattern: &str) -> (PathBuf, usize) {
    let is_wild = |part: &str| part.contains(['*', '?', '[', '{']);
    if !is_wild(pattern) {
        return (PathBuf::from(pattern), 0);
    }
    let parts: Vec<&str> = pattern.split('/').collect();
    let fixed = parts.iter().position(|part| is_wild(part)).unwrap_or(parts.len());
    let root = parts[..fixed].join("/");
    let root = match (root.is_empty(), pattern.starts_with('/')) {
        (false, _) => root,
        (true, true) => "/".to_owned(),
        (true, false) => ".".to_owned(),
    };
    let wild = &parts[fixed..];
    let depth = if wild.contains(&"**") { DEPTH_MAX } else { wild.len() - 1 };
    (PathBuf::from(root), depth)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_starts_at_the_folder_before_the_first_wildcard() {
        assert_eq!(root("/var/log/*.log"), (PathBuf::from("/var/log"), 0));
        assert_eq!(root("/var/log/*/app.log"), (PathBuf::from("/var/log"), 1));
        assert_eq!(root("/srv/**/x.log"), (PathBuf::from("/srv"), DEPTH_MAX));
        assert_eq!(root("*.log"), (PathBuf::from("."), 0));
        assert_eq!(root("/a/b.log"), (PathBuf::from("/a/b.log"), 0));
    }

    #[test]
    fn wildcards_stop_at_separators_and_exclusions_win() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("in")).unwrap();
        for name in ["a.log", "b.log", "c.txt", "in/d.log"] {
            std::fs::write(folder.path().join(name), "x").unwrap();
        }
        let at = |name: &str| format!("{}/{name}", folder.path().display());
        let names = |include: &str, exclude: &[String]| {
            let found = Patterns::new(&[at(include)], exclude).unwrap().search();
            found
                .paths
                .iter()
                .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(names("*.log", &[]), ["a.log", "b.log"]);
        assert_eq!(names("*.log", &[at("b*")]), ["a.log"]);
        assert_eq!(names("**/*.log", &[]), ["a.log", "b.log", "d.log"]);
        assert_eq!(names("a.log", &[]), ["a.log"]);
        assert!(Patterns::new(&["[".to_owned()], &[]).is_err());
    }
}
