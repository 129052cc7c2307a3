//! The notation in which the files below `schema/` say what a document looks like, version by version.
//!
//! The notation is described at the head of those files. They are part of the program, so that what does not
//! parse is a mistake of ours: it panics, and a test reads all of them.

use std::collections::HashMap;

use super::text::Check;

/// Versions by their minor number: 1.2 to 1.7 is 2 to 7.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    from: u8,
    to: u8,
}

impl Span {
    const ALL: Self = Self { from: 0, to: u8::MAX };

    pub(super) fn holds(self, minor: u8) -> bool {
        self.from <= minor && minor <= self.to
    }
}

/// What a value may be.
#[derive(Debug)]
pub(super) enum Kind {
    Any,
    Null,
    Bool,
    AnyObject,
    /// Whole or not, at least and at most.
    Number {
        is_whole: bool,
        min: f64,
        max: f64,
    },
    /// Characters at least and at most.
    Text {
        min: usize,
        max: usize,
    },
    Check(Check),
    Enumeration(Vec<&'static str>),
    Named(&'static str),
    List {
        item: Box<Kind>,
        min: usize,
        max: usize,
        is_unique: bool,
    },
    Union {
        cases: Vec<Kind>,
        is_exclusive: bool,
    },
}

/// A member of an object.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) name: &'static str,
    pub(super) is_required: bool,
    pub(super) kind: Kind,
    span: Span,
}

/// A rule over the members of an object; an alternative is a list of members.
#[derive(Debug)]
pub(super) enum Rule {
    ExactlyOne(Vec<Vec<&'static str>>),
    AtLeastOne(Vec<Vec<&'static str>>),
    NotAll(Vec<&'static str>),
    OnlyIfTrue { member: &'static str, condition: &'static str },
    Open,
}

#[derive(Debug, Default)]
pub(super) struct Object {
    members: Vec<Member>,
    rules: Vec<(Rule, Span)>,
}

impl Object {
    /// The member of that name in a version.
    pub(super) fn member(&self, name: &str, minor: u8) -> Option<&Member> {
        self.members.iter().find(|member| member.name == name && member.span.holds(minor))
    }

    pub(super) fn required(&self, minor: u8) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(move |member| member.is_required && member.span.holds(minor))
    }

    pub(super) fn rules(&self, minor: u8) -> impl Iterator<Item = &Rule> {
        self.rules.iter().filter(move |(_, span)| span.holds(minor)).map(|(rule, _)| rule)
    }
}

/// Named types.
#[derive(Debug, Default)]
pub(super) struct Types(HashMap<&'static str, Vec<(Kind, Span)>>);

impl Types {
    /// Reads `NAME TYPE [FROM-TO]`.
    pub(super) fn add(&mut self, line: &'static str) {
        let (name, rest) = line.split_once(' ').expect("a name and a type");
        self.0.entry(name).or_default().push(kind_and_span(rest));
    }

    /// The type of that name in a version.
    pub(super) fn get(&self, name: &str, minor: u8) -> Option<&Kind> {
        let all = self.0.get(name)?;
        all.iter().find(|(_, span)| span.holds(minor)).map(|(kind, _)| kind)
    }
}

/// One file of shapes.
#[derive(Debug, Default)]
pub(super) struct Shapes {
    types: Types,
    objects: HashMap<&'static str, Object>,
}

/// What a name means in a version.
pub(super) enum Meaning<'s> {
    Kind(&'s Kind),
    Object(&'s Object),
}

impl Shapes {
    /// Reads a file.
    pub(super) fn parse(text: &'static str) -> Self {
        let mut shapes = Self::default();
        let mut object = "";
        for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            if let Some(name) = line.strip_prefix("object ") {
                object = name;
                shapes.objects.entry(name).or_default();
            } else if let Some(rest) = line.strip_prefix("type ") {
                shapes.types.add(rest);
            } else {
                let object = shapes.objects.get_mut(object).expect("members follow their object");
                match line.trim_start().strip_prefix("? ") {
                    Some(rule) => object.rules.push(self::rule(rule)),
                    None => object.members.push(member(line.trim_start())),
                }
            }
        }
        shapes
    }

    /// What `name` means in a version.
    pub(super) fn meaning(&self, name: &str, minor: u8) -> Option<Meaning<'_>> {
        let kind = self.types.get(name, minor).map(Meaning::Kind);
        kind.or_else(|| self.objects.get(name).map(Meaning::Object))
    }
}

fn member(line: &'static str) -> Member {
    let (name, rest) = line.split_once(' ').expect("a member and its type");
    let (kind, span) = kind_and_span(rest);
    Member { name: name.trim_end_matches('!'), is_required: name.ends_with('!'), kind, span }
}

fn rule(line: &'static str) -> (Rule, Span) {
    let (line, span) = take_span(line);
    let mut words = line.split(' ');
    let word = words.next().unwrap_or_default();
    let alternatives: Vec<Vec<&'static str>> = words.map(|it| it.split('+').collect()).collect();
    let rule = match (word, alternatives.as_slice()) {
        ("one", _) => Rule::ExactlyOne(alternatives),
        ("any", _) => Rule::AtLeastOne(alternatives),
        ("not", [all]) => Rule::NotAll(all.clone()),
        ("true", [member, condition]) => Rule::OnlyIfTrue { member: member[0], condition: condition[0] },
        ("open", []) => Rule::Open,
        _ => panic!("no rule: {line}"),
    };
    (rule, span)
}

/// Cuts ` FROM-TO` off the end of a line.
pub(super) fn take_span(line: &'static str) -> (&'static str, Span) {
    let parts = line.rsplit_once(' ').and_then(|(rest, span)| {
        let (from, to) = span.split_once('-')?;
        Some((rest, Span { from: from.parse().ok()?, to: to.parse().ok()? }))
    });
    parts.unwrap_or((line, Span::ALL))
}

pub(super) fn kind_and_span(text: &'static str) -> (Kind, Span) {
    let (text, span) = take_span(text);
    (kind(text), span)
}

pub(super) fn kind(text: &'static str) -> Kind {
    for (mark, is_exclusive) in [(b'|', false), (b'^', true)] {
        let cases = split_union(text, mark);
        if cases.len() > 1 {
            return Kind::Union { cases: cases.into_iter().map(kind).collect(), is_exclusive };
        }
    }
    if let Some(values) = text.strip_prefix('=') {
        return Kind::Enumeration(values.split(',').collect());
    }
    if let Some(name) = text.strip_prefix('@') {
        return Kind::Named(name);
    }
    if let Some(rest) = text.strip_prefix('[') {
        let (item, tail) = rest.rsplit_once(']').expect("a closed list");
        let is_unique = tail.ends_with('!');
        let (min, max) = bounds(tail.trim_end_matches('!'));
        return Kind::List {
            item: Box::new(kind(item)),
            min: min.unwrap_or(0),
            max: max.unwrap_or(usize::MAX),
            is_unique,
        };
    }
    let (word, tail) = text.find('(').map_or((text, ""), |at| text.split_at(at));
    match word {
        "any" => Kind::Any,
        "null" => Kind::Null,
        "bool" => Kind::Bool,
        "object" => Kind::AnyObject,
        "int" | "number" => {
            let (min, max) = bounds(tail);
            Kind::Number {
                is_whole: word == "int",
                min: min.unwrap_or(f64::NEG_INFINITY),
                max: max.unwrap_or(f64::INFINITY),
            }
        }
        "text" => {
            let (min, max) = bounds(tail);
            Kind::Text { min: min.unwrap_or(0), max: max.unwrap_or(usize::MAX) }
        }
        other => Kind::Check(Check::from_name(other).unwrap_or_else(|| panic!("no type: {other}"))),
    }
}

/// Splits at the marks that stand outside of lists.
fn split_union(text: &'static str, mark: u8) -> Vec<&'static str> {
    let mut depth = 0;
    let mut start = 0;
    let mut cases = Vec::new();
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'[' => depth += 1,
            b']' => depth -= 1,
            _ if byte == mark && depth == 0 => {
                cases.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    cases.push(&text[start..]);
    cases
}

/// `(MIN..MAX)`, either of which may be absent.
fn bounds<T: std::str::FromStr>(text: &str) -> (Option<T>, Option<T>) {
    let Some(inner) = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) else {
        return (None, None);
    };
    let (min, max) = inner.split_once("..").expect("two bounds");
    (min.parse().ok(), max.parse().ok())
}
