//! Whether elements are what a shape says.
//!
//! Content models of XML Schema are deterministic (1.0, 3.8.6, "unique particle attribution"): the next element
//! decides, so that one pass without going back finds the way.

use super::check::{PROBLEMS_MAX, Problem, expected, quoted};
use super::shapes::Kind;
use super::xml_shapes::{ElementType, Particle, Repeated, XmlShapes};
use crate::tree::xml::Element;

/// Checks `root` against the shape `name` in a version; the problems in the order of the document.
pub(super) fn check(shapes: &XmlShapes, name: &'static str, minor: u8, root: &Element) -> Vec<Problem> {
    let mut checker = Checker { shapes, minor, namespace: &root.namespace, problems: Vec::new() };
    checker.named(root, name);
    checker.problems
}

struct Checker<'s> {
    shapes: &'s XmlShapes,
    minor: u8,
    namespace: &'s str,
    problems: Vec<Problem>,
}

impl<'s> Checker<'s> {
    fn wrong(&mut self, element: &Element, message: String) {
        if self.problems.len() < PROBLEMS_MAX {
            self.problems.push(Problem { at: element.start, message });
        }
    }

    /// An element of a kind: of a type with content, or of a type of text.
    fn kind(&mut self, element: &Element, kind: &'s Kind) {
        match kind {
            Kind::Any => {}
            Kind::Named(name) => self.named(element, name),
            _ => self.text_only(element, kind),
        }
    }

    fn named(&mut self, element: &Element, name: &'static str) {
        if let Some(kind) = self.shapes.simple(name, self.minor) {
            self.text_only(element, kind);
        } else if let Some(shape) = self.shapes.element(name) {
            self.complex(element, shape);
        } else {
            unreachable!("a test looks up every name of the shapes: {name}");
        }
    }

    fn text_only(&mut self, element: &Element, kind: &'s Kind) {
        if let Some(child) = element.children.first() {
            self.wrong(child, format!("<{}> has text and no elements", element.name));
        }
        if let Some((name, _)) = element.attributes.first() {
            self.wrong(element, format!("<{}> has no attribute {name}", element.name));
        }
        self.text(element, &element.text, kind, &element.name);
    }

    fn text(&mut self, element: &Element, text: &str, kind: &'s Kind, label: &str) {
        let mut kind = kind;
        while let Kind::Named(name) = kind
            && let Some(named) = self.shapes.simple(name, self.minor)
        {
            kind = named;
        }
        if !self.is_right(text, kind) {
            let message = format!("`{label}` is {}, expected {}", quoted(text), expected(kind));
            self.wrong(element, message);
        }
    }

    fn is_right(&self, text: &str, kind: &Kind) -> bool {
        match kind {
            Kind::Text { min, max } => (*min..=*max).contains(&text.chars().count()),
            Kind::Number { is_whole, min, max } => {
                let text = text.trim();
                let has_form = text
                    .bytes()
                    .all(|it| it.is_ascii_digit() || b"+-".contains(&it) || (it == b'.' && !is_whole));
                has_form && text.parse::<f64>().is_ok_and(|value| (*min..=*max).contains(&value))
            }
            Kind::Check(check) => check.passes(if check.is_token() { text.trim() } else { text }),
            Kind::Enumeration(values) => values.contains(&text),
            Kind::Named(name) => {
                self.shapes.simple(name, self.minor).is_some_and(|kind| self.is_right(text, kind))
            }
            Kind::Union { cases, .. } => cases.iter().any(|case| self.is_right(text, case)),
            Kind::Any => true,
            Kind::Null | Kind::Bool | Kind::AnyObject | Kind::List { .. } => false,
        }
    }

    fn complex(&mut self, element: &Element, shape: &'s ElementType) {
        for (name, value) in &element.attributes {
            match shape.attributes(self.minor).find(|it| it.name == name) {
                Some(attribute) => self.text(element, value, &attribute.kind, name),
                None if shape.is_open(self.minor) => {}
                None => self.wrong(element, format!("<{}> has no attribute {name}", element.name)),
            }
        }
        for attribute in shape.attributes(self.minor).filter(|it| it.is_required) {
            if element.attribute(attribute.name).is_none() {
                self.wrong(element, format!("<{}> lacks the attribute {}", element.name, attribute.name));
            }
        }
        if let Some(kind) = shape.text(self.minor) {
            if let Some(child) = element.children.first() {
                self.wrong(child, format!("<{}> has text and no elements", element.name));
            }
            self.text(element, &element.text, kind, &element.name);
            return;
        }
        if !shape.is_mixed(self.minor) && !element.text.trim().is_empty() {
            self.wrong(element, format!("<{}> has elements and no text", element.name));
        }
        self.content(element, shape);
    }

    fn content(&mut self, element: &Element, shape: &'s ElementType) {
        let mut walk = Walk {
            children: &element.children,
            namespace: self.namespace,
            at: 0,
            kinds: Vec::new(),
            wanted: Vec::new(),
        };
        let is_whole = shape.content(self.minor).all(|it| walk.repeated(it));
        let Walk { at, kinds, wanted, .. } = walk;
        if !is_whole || at < element.children.len() {
            let message = match element.children.get(at) {
                Some(child) => {
                    format!("<{}> does not belong here in <{}>{}", child.name, element.name, listed(&wanted))
                }
                None => format!("<{}> ends too early{}", element.name, listed(&wanted)),
            };
            self.wrong(element.children.get(at).unwrap_or(element), message);
        }
        for (index, kind) in kinds {
            self.kind(&element.children[index], kind);
        }
    }
}

fn listed(wanted: &[&str]) -> String {
    match wanted {
        [] => String::new(),
        names => format!(", expected <{}>", names.join("> or <")),
    }
}

/// The way through the children of one element.
struct Walk<'e, 's> {
    children: &'e [Element],
    namespace: &'e str,
    at: usize,
    /// Which child has which type.
    kinds: Vec<(usize, &'s Kind)>,
    /// What could have stood at `at`.
    wanted: Vec<&'static str>,
}

impl<'s> Walk<'_, 's> {
    fn repeated(&mut self, repeated: &'s Repeated) -> bool {
        let mut count = 0;
        while count < repeated.max {
            let before = self.at;
            if !self.particle(&repeated.particle) {
                // Half of a sequence is a mistake wherever it stands.
                if self.at > before {
                    return false;
                }
                break;
            }
            count += 1;
            if self.at == before {
                count = count.max(repeated.min);
                break;
            }
        }
        count >= repeated.min
    }

    fn particle(&mut self, particle: &'s Particle) -> bool {
        match particle {
            Particle::Element { name, kind } => {
                let is_it = self
                    .children
                    .get(self.at)
                    .is_some_and(|child| child.name == *name && child.namespace == self.namespace);
                if is_it {
                    self.kinds.push((self.at, kind));
                    self.step();
                } else {
                    self.wanted.push(name);
                }
                is_it
            }
            Particle::Foreign => {
                let is_foreign = self
                    .children
                    .get(self.at)
                    .is_some_and(|child| child.namespace != self.namespace && !child.namespace.is_empty());
                if is_foreign {
                    self.step();
                }
                is_foreign
            }
            Particle::Sequence(parts) => parts.iter().all(|part| self.repeated(part)),
            Particle::Choice(parts) => {
                let before = self.at;
                let mut can_be_empty = false;
                for part in parts {
                    let is_whole = self.repeated(part);
                    if self.at > before {
                        return is_whole;
                    }
                    can_be_empty |= is_whole;
                }
                can_be_empty
            }
        }
    }

    fn step(&mut self) {
        self.at += 1;
        self.wanted.clear();
    }
}
