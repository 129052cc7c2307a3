//! `Dockerfile` and `Containerfile`: the images that they start from or copy from.
//!
//! Format: Docker, "Dockerfile reference". Arguments before the first `FROM` are put in with their defaults;
//! names of earlier stages are no images.

use std::collections::{BTreeSet, HashMap, VecDeque};

use selvedge_package::{Scope, Span};

use super::image::{component, substitute};
use crate::draft::Draft;
use crate::syntax::lines::{Line, lines};
use crate::{Files, PackageFile, Parsed};

/// Arguments that are remembered, so that values built of values stay bounded.
const ARGUMENTS_MAX: usize = 1_000;

/// Endings of files about a Dockerfile.
const NOT_ONES: &[&str] = &[".dockerignore", ".md", ".html", ".rst"];

/// Whether a file of this path is read.
pub(super) fn is_path(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    ["dockerfile", "containerfile"].iter().any(|kind| {
        let before = name.strip_suffix(kind).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        let after = name.strip_prefix(kind).is_some_and(|rest| rest.starts_with('.'));
        before || (after && !NOT_ONES.iter().any(|suffix| name.ends_with(suffix)))
    })
}

/// Reads the file.
pub(super) fn parse(file: &PackageFile<'_>, _: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, "dockerfile");
    let mut reader = Reader::default();
    for instruction in instructions(&lines(&mut draft)) {
        reader.instruction(&instruction, &mut draft);
    }
    if reader.stages == 0 {
        draft.problem_with_file("no `FROM`; expected a Dockerfile");
        return draft.fail();
    }
    let mut seen = BTreeSet::new();
    draft.manifest.components.retain(|component| seen.insert(component.resolved.clone()));
    let components = &draft.manifest.components;
    draft.manifest.is_locked = components.iter().all(|component| !component.hashes.is_empty());
    draft.finish()
}

/// One instruction with its continuations.
struct Instruction<'a> {
    first: Line<'a>,
    text: String,
}

/// Joins continued lines; leaves comments and the text of here-documents out.
fn instructions<'a>(lines: &[Line<'a>]) -> Vec<Instruction<'a>> {
    let escape = escape_character(lines);
    let mut found: Vec<Instruction<'a>> = Vec::new();
    let mut is_continued = false;
    let mut here_documents: VecDeque<String> = VecDeque::new();
    for line in lines {
        let text = line.trimmed();
        if let Some(end) = here_documents.front() {
            if text == end {
                here_documents.pop_front();
            }
            continue;
        }
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let (text, continues) = match text.strip_suffix(escape) {
            Some(text) => (text.trim_end(), true),
            None => (text, false),
        };
        match found.last_mut().filter(|_| is_continued) {
            Some(last) => {
                last.text.push(' ');
                last.text.push_str(text);
            }
            None => found.push(Instruction { first: *line, text: text.to_owned() }),
        }
        is_continued = continues;
        if !continues && let Some(last) = found.last() {
            here_documents = ends_of_here_documents(&last.text);
        }
    }
    found
}

/// The character that continues a line: `\`, or what the directive `# escape=` at the top says.
fn escape_character(lines: &[Line<'_>]) -> char {
    let directives = lines.iter().map(Line::trimmed).take_while(|line| line.starts_with('#'));
    let is_backtick = directives
        .filter_map(|line| line[1..].split_once('='))
        .any(|(name, value)| name.trim().eq_ignore_ascii_case("escape") && value.trim() == "`");
    if is_backtick { '`' } else { '\\' }
}

/// The words that end the here-documents of an instruction: `RUN <<EOF`, `COPY <<-"A" <<B /`.
fn ends_of_here_documents(text: &str) -> VecDeque<String> {
    let word = text.split_ascii_whitespace().next().unwrap_or_default();
    if !["RUN", "COPY", "ADD"].iter().any(|name| word.eq_ignore_ascii_case(name)) {
        return VecDeque::new();
    }
    let ends = text.split("<<").skip(1).filter(|rest| !rest.starts_with(['<', ' ']));
    let bare = |rest: &str| {
        let rest = rest.trim_start_matches('-').trim_start_matches(['"', '\'']);
        rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default().to_owned()
    };
    ends.map(bare).filter(|word| word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')).collect()
}

#[derive(Default)]
struct Reader {
    /// Arguments that may stand in `FROM`, with their defaults.
    arguments: HashMap<String, String>,
    /// Lower-case names of stages.
    names: Vec<String>,
    stages: usize,
}

impl Reader {
    fn instruction(&mut self, instruction: &Instruction<'_>, draft: &mut Draft<'_>) {
        let mut words = instruction.text.split_ascii_whitespace();
        let Some(keyword) = words.next() else { return };
        match keyword.to_ascii_uppercase().as_str() {
            "ARG" if self.stages == 0 => self.argument(words.collect()),
            "FROM" => self.from(&words.collect::<Vec<_>>(), instruction, draft),
            "COPY" | "ADD" => {
                if let Some(source) = words
                    .take_while(|word| word.starts_with("--"))
                    .find_map(|word| word.strip_prefix("--from="))
                {
                    self.image(source, instruction, draft);
                }
            }
            _ => {}
        }
    }

    fn argument(&mut self, words: Vec<&str>) {
        for word in words {
            if let Some((name, value)) = word.split_once('=')
                && self.arguments.len() < ARGUMENTS_MAX
            {
                let value = self.resolve(value.trim_matches(['"', '\'']));
                self.arguments.insert(name.to_owned(), value);
            }
        }
    }

    fn resolve(&self, text: &str) -> String {
        substitute(text, &|name| self.arguments.get(name).cloned())
    }

    fn from(&mut self, words: &[&str], instruction: &Instruction<'_>, draft: &mut Draft<'_>) {
        let words: Vec<&str> = words.iter().copied().skip_while(|word| word.starts_with("--")).collect();
        let Some(image) = words.first() else {
            draft.problem(instruction.first.number, "`FROM` without an image");
            return;
        };
        self.stages += 1;
        self.image(image, instruction, draft);
        if let [_, keyword, name, ..] = words.as_slice()
            && keyword.eq_ignore_ascii_case("AS")
        {
            self.names.push(name.to_ascii_lowercase());
        }
    }

    /// Adds an image, unless it is an earlier stage by its name or number.
    fn image(&self, written: &str, instruction: &Instruction<'_>, draft: &mut Draft<'_>) {
        let reference = self.resolve(written.trim_matches(['"', '\'']));
        let is_stage =
            self.names.contains(&reference.to_ascii_lowercase()) || reference.parse::<usize>().is_ok();
        if is_stage || reference == "scratch" {
            return;
        }
        let range = match instruction.first.text.find(written) {
            Some(at) => instruction.first.range_of(&instruction.first.text[at..at + written.len()]),
            None => instruction.first.range(),
        };
        let span = Span { start: range.start as u32, end: range.end as u32, line: instruction.first.number };
        let path_end = reference.rfind('/').map_or(0, |at| at + 1);
        let name_is_open = reference.split([':', '@']).next().unwrap_or(&reference).contains('$')
            || reference[..path_end].contains('$');
        match component(&reference, Scope::Runtime, span).filter(|_| !name_is_open) {
            Some(component) => {
                draft.push(component);
            }
            None => draft.problem(span.line, format!("the image `{written}` is known when it is built only")),
        }
    }
}
