//! XML 1.0 to elements with positions. Entities other than the five built-in ones and character references
//! are refused and document types are not read, so nothing expands and nothing outside is fetched.

use quick_xml::NsReader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;

use super::{DEPTH_MAX, Fault, NODES_MAX};

/// Attributes of one element.
const ATTRIBUTES_MAX: usize = 64;

/// An element with what it holds. Comments and processing instructions are left out.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Element {
    /// Name without prefix.
    pub(crate) name: String,
    /// Namespace, empty if it has none.
    pub(crate) namespace: String,
    /// Attributes without namespace, in the order of the file.
    pub(crate) attributes: Vec<(String, String)>,
    /// Child elements.
    pub(crate) children: Vec<Element>,
    /// All text directly in it, untrimmed.
    pub(crate) text: String,
    /// First byte of its start tag.
    pub(crate) start: u32,
    /// One past its last byte.
    pub(crate) end: u32,
}

impl Element {
    /// The value of an attribute.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Reads `text`; the root as far as it goes, and what ended the reading early.
pub(crate) fn parse(text: &str) -> (Option<Element>, Option<Fault>) {
    let mut builder = Builder { reader: NsReader::from_str(text), stack: Vec::new(), root: None, nodes: 0 };
    let fault = builder.run().err();
    while let Some(element) = builder.stack.pop() {
        builder.close(element, text.len());
    }
    let fault = fault.or_else(|| {
        builder.root.is_none().then(|| Fault {
            at: 0,
            message: "expected an element".to_owned(),
            is_limit: false,
        })
    });
    (builder.root, fault)
}

struct Builder<'a> {
    reader: NsReader<&'a [u8]>,
    stack: Vec<Element>,
    root: Option<Element>,
    nodes: usize,
}

impl Builder<'_> {
    fn run(&mut self) -> Result<(), Fault> {
        loop {
            let at = self.reader.buffer_position() as usize;
            let event = match self.reader.read_event() {
                Ok(event) => event,
                Err(error) => {
                    let at = self.reader.error_position() as usize;
                    return Err(fault(at, error.to_string()));
                }
            };
            match event {
                Event::Start(tag) => {
                    let element = self.open(&tag, at)?;
                    self.stack.push(element);
                }
                Event::Empty(tag) => {
                    let element = self.open(&tag, at)?;
                    let end = self.reader.buffer_position() as usize;
                    self.close(element, end);
                }
                Event::End(_) => {
                    let end = self.reader.buffer_position() as usize;
                    if let Some(element) = self.stack.pop() {
                        self.close(element, end);
                    }
                }
                Event::Text(text) => self.text(&text.xml10_content(), at)?,
                Event::CData(text) => self.text(&text.xml10_content(), at)?,
                Event::GeneralRef(reference) => {
                    let text = match reference.resolve_char_ref() {
                        Ok(Some(character)) => character.to_string(),
                        Ok(None) => {
                            let known = resolve_xml_entity(&reference).map(str::to_owned);
                            known.ok_or_else(|| {
                                fault(at, format!("the entity &{}; is not known", &*reference))
                            })?
                        }
                        Err(error) => return Err(fault(at, error.to_string())),
                    };
                    self.text(&text, at)?;
                }
                Event::Eof if self.stack.is_empty() => return Ok(()),
                Event::Eof => return Err(fault(at, format!("expected the end of <{}>", self.open_name()))),
                Event::DocType(_) => return Err(fault(at, "document types are not read".to_owned())),
                Event::Decl(_) | Event::Comment(_) | Event::PI(_) => {}
            }
        }
    }

    fn open_name(&self) -> &str {
        self.stack.last().map_or("", |element| element.name.as_str())
    }

    fn text(&mut self, text: &str, at: usize) -> Result<(), Fault> {
        match self.stack.last_mut() {
            Some(element) => element.text.push_str(text),
            None if text.trim().is_empty() => {}
            None => return Err(fault(at, "text outside of the root element".to_owned())),
        }
        Ok(())
    }

    fn open(&mut self, tag: &BytesStart<'_>, at: usize) -> Result<Element, Fault> {
        self.nodes += 1;
        if self.nodes > NODES_MAX {
            return Err(Fault { at, message: format!("more than {NODES_MAX} elements"), is_limit: true });
        }
        if self.stack.len() >= DEPTH_MAX {
            return Err(Fault { at, message: format!("nested deeper than {DEPTH_MAX}"), is_limit: true });
        }
        if self.stack.is_empty() && self.root.is_some() {
            return Err(fault(at, "a second root element".to_owned()));
        }
        let (namespace, local) = self.reader.resolver().resolve_element(tag.name());
        let namespace = match namespace {
            ResolveResult::Bound(namespace) => namespace.as_ref().to_owned(),
            ResolveResult::Unbound => String::new(),
            ResolveResult::Unknown(prefix) => {
                return Err(fault(at, format!("the prefix {prefix}: has no namespace")));
            }
        };
        let name = local.as_ref().to_owned();
        Ok(Element {
            name,
            namespace,
            attributes: attributes(tag, at)?,
            start: at as u32,
            ..Element::default()
        })
    }

    fn close(&mut self, mut element: Element, end: usize) {
        element.end = end as u32;
        match self.stack.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
    }
}

fn fault(at: usize, message: String) -> Fault {
    Fault { at, message, is_limit: false }
}

/// Attributes that belong to the element itself: declarations of namespaces and attributes of other
/// vocabularies are left out.
fn attributes(tag: &BytesStart<'_>, at: usize) -> Result<Vec<(String, String)>, Fault> {
    let mut all: Vec<(String, String)> = Vec::new();
    for (count, attribute) in tag.attributes().with_checks(false).enumerate() {
        if count >= ATTRIBUTES_MAX {
            return Err(Fault {
                at,
                message: format!("more than {ATTRIBUTES_MAX} attributes"),
                is_limit: true,
            });
        }
        let attribute = attribute.map_err(|error| fault(at, error.to_string()))?;
        let name = attribute.key.as_ref().to_owned();
        let value = attribute
            .normalized_value(quick_xml::XmlVersion::Implicit1_0)
            .map_err(|error| fault(at, error.to_string()))?
            .into_owned();
        if all.iter().any(|(known, _)| *known == name) {
            return Err(fault(at, format!("the attribute {name} stands twice")));
        }
        all.push((name, value));
    }
    all.retain(|(name, _)| name != "xmlns" && !name.contains(':'));
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_keep_namespace_text_and_place() {
        let text = "<?xml version=\"1.0\"?>\n<bom xmlns=\"urn:a\" version='1'>\n <x:p xmlns:x=\"urn:b\">a &amp; <![CDATA[<b>]]>&#33;</x:p>\n <q/>\n</bom>";
        let (root, fault) = parse(text);
        assert_eq!(fault, None);
        let root = root.unwrap();
        assert_eq!((root.name.as_str(), root.namespace.as_str()), ("bom", "urn:a"));
        assert_eq!(root.attribute("version"), Some("1"));
        assert_eq!(root.attributes.len(), 1);
        let child = &root.children[0];
        assert_eq!((child.namespace.as_str(), child.text.as_str()), ("urn:b", "a & <b>!"));
        assert!(text[child.start as usize..].starts_with("<x:p"));
        assert_eq!(&text[root.children[1].start as usize..root.children[1].end as usize], "<q/>");
    }

    #[track_caller]
    fn check_fault(text: &str, expected: &str) -> Option<Element> {
        let (root, fault) = parse(text);
        let message = fault.expect("a fault").message;
        assert!(message.contains(expected), "{message}");
        root
    }

    #[test]
    fn what_stands_before_a_fault_is_kept() {
        let root = check_fault("<bom><components><c>1</c><c>2</c><c", "");
        assert_eq!(root.unwrap().children[0].children.len(), 2);
        let root = check_fault("<bom><c>1</c></wrong>", "");
        assert_eq!(root.unwrap().children.len(), 1);
    }

    #[test]
    fn nothing_expands() {
        check_fault("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", "document types");
        check_fault("<a>&b;</a>", "&b;");
        check_fault("<a b=\"&c;\"/>", "");
        check_fault(&"<a>".repeat(1_000), "nested deeper");
        check_fault("<a/><b/>", "second root");
        check_fault("", "expected an element");
        check_fault("<a b='1' b='2'/>", "twice");
    }
}
