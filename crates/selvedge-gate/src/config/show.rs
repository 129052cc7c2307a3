//! `selvedge config show`: every value that holds, with its origin.

use std::fmt::Write as _;

use super::keys::{KEYS, TABLES};
use super::{Origin, Resolved, ResolvedValue};

/// Three columns: key, value, origin.
pub fn show_table(resolved: &Resolved) -> String {
    let rows: Vec<[String; 3]> = resolved
        .values
        .iter()
        .map(|value| [value.key.to_owned(), shown(value), value.origin.to_string()])
        .collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let (first, second) = (width(0), width(1));
    let mut page = String::new();
    for [key, value, origin] in &rows {
        let _ = writeln!(page, "{key:first$}  {value:second$}  {origin}");
    }
    page
}

/// A `selvedge.toml` that sets every value that holds, with the origin behind each. It reads back to the
/// same settings.
pub fn show_toml(resolved: &Resolved) -> String {
    let mut page = String::new();
    for table in TABLES {
        if !page.is_empty() {
            page.push('\n');
        }
        let _ = writeln!(page, "[{}]", table.path);
        for (key, value) in KEYS.iter().zip(&resolved.values) {
            let (owner, name) = key.split();
            if owner != table.path {
                continue;
            }
            let line = match &value.value {
                Some(set) => format!("{name} = {set}  # {}\n", comment(&value.origin)),
                None => format!("# {name} is unset\n"),
            };
            page.push_str(&line);
        }
    }
    page
}

fn shown(value: &ResolvedValue) -> String {
    value.value.as_ref().map_or("(unset)".to_owned(), ToString::to_string)
}

/// An origin on one line: a file name may hold anything.
fn comment(origin: &Origin) -> String {
    origin.to_string().chars().filter(|c| !c.is_control()).collect()
}
