//! `Gemfile` and `gems.rb`: what a project asks Bundler for. Read as far as it is literal.

use selvedge_package::{Component, Ecosystem, Origin, Relation, Scope};

use super::Named;
use super::statements::{Argument, Statement, call, statements};
use crate::draft::Draft;
use crate::{Files, Format, PackageFile, Parsed};

/// `Gemfile`.
pub(super) const FORMAT: Format = Format { id: "gemfile", matches: is_gemfile, parse };

/// Groups that Bundler's documentation and Rails keep out of what is deployed.
const DEVELOPMENT_GROUPS: &[&str] = &["development", "test"];

/// Words that open a block which `end` closes, at the beginning of a statement.
const BLOCKS: &[&str] = &["if", "unless", "case", "begin", "while", "until", "for", "def", "class", "module"];

fn is_gemfile(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    matches!(name, "Gemfile" | "gems.rb") || name.ends_with(".gemfile")
}

fn parse(file: &PackageFile<'_>, _: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, FORMAT.id);
    let gemfile = read(&mut draft);
    for gem in gemfile.gems {
        let span = draft.span(gem.range.clone());
        draft.push(component(gem, span));
    }
    draft.finish()
}

/// The component for a gem of which only the requirement is known.
pub(super) fn component(gem: Named, span: selvedge_package::Span) -> Component {
    let origin = match (gem.git, gem.path) {
        (Some(url), _) => Origin::Git { url, commit: None },
        (None, Some(path)) => Origin::Path(path),
        (None, None) => Origin::Registry,
    };
    Component {
        ecosystem: Ecosystem::RubyGems,
        name: gem.name,
        requirement: gem.requirement,
        relation: Relation::Direct,
        scope: gem.scope,
        origin,
        span,
        ..Component::default()
    }
}

/// What a Gemfile says.
#[derive(Debug, Default)]
pub(super) struct Gemfile {
    pub(super) gems: Vec<Named>,
    /// Whether it takes the dependencies of the specification beside it in.
    pub(super) uses_specification: bool,
}

/// What the enclosing block says about gems inside of it.
#[derive(Debug, Clone, Default)]
struct Block {
    scope: Scope,
    git: Option<String>,
    path: Option<String>,
}

/// Reads the gems that a Gemfile names.
pub(super) fn read(draft: &mut Draft<'_>) -> Gemfile {
    let mut gemfile = Gemfile::default();
    let mut blocks = vec![Block::default()];
    for statement in statements(draft) {
        let text = statement.text.as_str();
        let current = blocks.last().cloned().unwrap_or_default();
        if let Some(arguments) = call(text, "gem") {
            match gem(&statement, &arguments, &current) {
                Some(gem) => gemfile.gems.push(gem),
                None => draft.problem(statement.line, "the name of the gem is not a literal; not read"),
            }
        } else if call(text, "gemspec").is_some() {
            gemfile.uses_specification = true;
        } else if text == "end" || text.starts_with("end ") {
            if blocks.len() > 1 {
                blocks.pop();
            }
        } else if opens_block(text) {
            blocks.push(block(text, current));
        }
    }
    gemfile
}

fn opens_block(text: &str) -> bool {
    let first = text.split([' ', '(']).next().unwrap_or_default();
    let has_do =
        text.ends_with(" do") || text.split_once(" do |").is_some_and(|(_, rest)| rest.ends_with('|'));
    has_do || (BLOCKS.contains(&first) && !text.ends_with(" end"))
}

fn block(text: &str, outer: Block) -> Block {
    if let Some(arguments) = call(text, "group") {
        return Block { scope: scope_of(&groups(&arguments)).unwrap_or(outer.scope), ..outer };
    }
    if let Some(arguments) = call(text, "git") {
        return Block { git: first_text(&arguments), ..outer };
    }
    if let Some(arguments) = call(text, "path") {
        return Block { path: first_text(&arguments), ..outer };
    }
    outer
}

fn groups(arguments: &[Argument]) -> Vec<&str> {
    arguments.iter().filter(|it| !matches!(it, Argument::Option(..))).flat_map(Argument::texts).collect()
}

/// Development if every group is one for developers; `None` if there are no groups.
fn scope_of(groups: &[&str]) -> Option<Scope> {
    let is_development = groups.iter().all(|group| DEVELOPMENT_GROUPS.contains(group));
    (!groups.is_empty()).then_some(if is_development { Scope::Development } else { Scope::Runtime })
}

fn first_text(arguments: &[Argument]) -> Option<String> {
    arguments.first()?.texts().first().map(|text| (*text).to_owned())
}

fn gem(statement: &Statement, arguments: &[Argument], block: &Block) -> Option<Named> {
    let Some(Argument::Text(name)) = arguments.first() else { return None };
    let requirements: Vec<&str> = arguments[1..]
        .iter()
        .filter(|it| !matches!(it, Argument::Option(..)))
        .flat_map(Argument::texts)
        .collect();
    let option = |names: &[&str]| {
        arguments.iter().find_map(|argument| match argument {
            Argument::Option(key, value) if names.contains(&key.as_str()) => Some(value.texts()),
            _ => None,
        })
    };
    let first = |names: &[&str]| option(names).and_then(|texts| texts.first().map(|text| (*text).to_owned()));
    let github = first(&["github"]).map(|name| format!("https://github.com/{name}.git"));
    Some(Named {
        name: name.clone(),
        requirement: (!requirements.is_empty()).then(|| requirements.join(", ")),
        scope: option(&["group", "groups"]).and_then(|groups| scope_of(&groups)).unwrap_or(block.scope),
        git: first(&["git"]).or(github).or_else(|| block.git.clone()),
        path: first(&["path"]).or_else(|| block.path.clone()),
        range: statement.range.clone(),
    })
}
