//! CycloneDX in XML as the tree that its JSON notation would give, so that one reader serves both.
//!
//! The notations differ regularly: an array is an element that holds one element per item, and some scalar
//! members are attributes or the text of their element. The exceptions are spelled out in [`convert`].

use std::borrow::Cow;

use crate::tree::xml::Element;
use crate::tree::{Node, Value};

/// Namespace without the version.
const NAMESPACE: &str = "http://cyclonedx.org/schema/bom/";

/// Elements that hold the items of an array.
const LISTS: &[&str] = &[
    "components",
    "services",
    "hashes",
    "externalReferences",
    "properties",
    "authors",
    "lifecycles",
    "vulnerabilities",
    "occurrences",
    "compositions",
    "ratings",
    "cwes",
    "advisories",
    "references",
    "affects",
    "versions",
    "responses",
];

/// The version of the specification that the root element states, if it is a CycloneDX document.
pub(crate) fn version(root: &Element) -> Option<&str> {
    root.namespace.strip_prefix(NAMESPACE).filter(|_| root.name == "bom")
}

/// The tree of a `bom` element.
pub(crate) fn to_tree(root: &Element) -> Node<'_> {
    convert(root, "")
}

fn convert<'a>(element: &'a Element, parent: &str) -> Node<'a> {
    let children = || own_children(element);
    let value = match (parent, element.name.as_str()) {
        ("licenses", "expression") => Value::Object(vec![member("expression", text(element))]),
        ("licenses", "license") => Value::Object(vec![member("license", object(element, "content"))]),
        ("bom", "dependencies") => Value::Array(children().map(dependency).collect()),
        (_, "dependencies" | "assemblies") => Value::Array(children().map(reference).collect()),
        (_, "tools") if children().any(|child| child.name == "tool") => items(element),
        ("properties", "property") => return object(element, "value"),
        (_, "tools") | ("hashes", "hash") => return object(element, "content"),
        (_, "licenses") => items(element),
        (_, name) if LISTS.contains(&name) => items(element),
        _ if element.children.is_empty() && element.attributes.is_empty() => return text(element),
        _ => return object(element, "content"),
    };
    node(element, value)
}

/// Children of the same namespace: what extends the format elsewhere is not read.
fn own_children(element: &Element) -> impl Iterator<Item = &Element> {
    element.children.iter().filter(|child| child.namespace == element.namespace)
}

fn items(element: &Element) -> Value<'_> {
    Value::Array(own_children(element).map(|child| convert(child, &element.name)).collect())
}

/// Attributes and children as members, and text that stands beside attributes under `text_name`.
fn object<'a>(element: &'a Element, text_name: &'static str) -> Node<'a> {
    let attributes = element.attributes.iter().map(|(name, value)| {
        (Cow::Borrowed(name.as_str()), node(element, Value::String(Cow::Borrowed(value.trim()))))
    });
    let children = own_children(element)
        .map(|child| (Cow::Borrowed(child.name.as_str()), convert(child, &element.name)));
    let mut members: Vec<_> = attributes.chain(children).collect();
    if element.children.is_empty() {
        members.push(member(text_name, text(element)));
    }
    node(element, Value::Object(members))
}

fn dependency(element: &Element) -> Node<'_> {
    let targets = |name: &'static str| own_children(element).filter(move |it| it.name == name).map(reference);
    let list = |name| node(element, Value::Array(targets(name).collect()));
    let members = vec![
        member("ref", reference(element)),
        member("dependsOn", list("dependency")),
        member("provides", list("provides")),
    ];
    node(element, Value::Object(members))
}

fn reference(element: &Element) -> Node<'_> {
    node(element, Value::String(Cow::Borrowed(element.attribute("ref").unwrap_or_default())))
}

fn text(element: &Element) -> Node<'_> {
    node(element, Value::String(Cow::Borrowed(element.text.trim())))
}

fn member<'a>(name: &'static str, value: Node<'a>) -> (Cow<'a, str>, Node<'a>) {
    (Cow::Borrowed(name), value)
}

fn node<'a>(element: &Element, value: Value<'a>) -> Node<'a> {
    Node { start: element.start, end: element.end, value }
}
