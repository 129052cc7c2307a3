//! Control files of Debian (deb822(5)): stanzas of fields, as in the dpkg database and in copyright files.

use crate::limit::Limit;

/// Stanzas of one file: the packages of a distribution are under 100,000.
pub(crate) const STANZAS_MAX: Limit = Limit::new("STANZAS_MAX", 200_000);
/// Fields of one stanza; those beyond are not kept.
const FIELDS_MAX: Limit = Limit::new("FIELDS_MAX", 500);
/// Malformed lines that are noted.
const BAD_LINES_MAX: Limit = Limit::new("BAD_LINES_MAX", 1000);

/// One stanza.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stanza<'a> {
    /// 1-based line of the first field.
    pub(crate) line: u32,
    /// Byte of the first field.
    pub(crate) start: usize,
    /// One past the last byte.
    pub(crate) end: usize,
    /// Names and values in the order of the file; a value keeps its line breaks and continuation lines.
    pub(crate) fields: Vec<(&'a str, &'a str)>,
}

impl<'a> Stanza<'a> {
    /// The whole value of a field; letter case of names is ignored.
    pub(crate) fn value(&self, name: &str) -> Option<&'a str> {
        let field = self.fields.iter().find(|(field, _)| field.eq_ignore_ascii_case(name))?;
        Some(field.1.trim())
    }

    /// The first line of the value of a field, if there is anything in it.
    pub(crate) fn first_line(&self, name: &str) -> Option<&'a str> {
        let line = self.value(name)?.lines().next()?.trim();
        (!line.is_empty()).then_some(line)
    }
}

/// Splits `text` into stanzas, at most one more than [`STANZAS_MAX`]. The second list has the 1-based lines
/// that are neither field nor continuation.
pub(crate) fn parse(text: &str) -> (Vec<Stanza<'_>>, Vec<u32>) {
    let (mut stanzas, mut bad) = (Vec::new(), Vec::new());
    let mut open: Option<Stanza<'_>> = None;
    let mut at = 0;
    let ends = memchr::memchr_iter(b'\n', text.as_bytes()).map(|end| end + 1).chain([text.len()]);
    for (index, end) in ends.enumerate() {
        if STANZAS_MAX.is_exceeded_by(stanzas.len() as u64) {
            break;
        }
        let (start, line) = (at, &text[at..end]);
        at = end;
        let number = index as u32 + 1;
        if line.trim_start().is_empty() {
            stanzas.extend(open.take());
        } else if line.starts_with('#') {
        } else if line.starts_with([' ', '\t']) {
            match open.as_mut().and_then(|stanza| stanza.fields.last_mut()) {
                Some((_, value)) => {
                    let value_start = value.as_ptr() as usize - text.as_ptr() as usize;
                    *value = &text[value_start..end];
                    if let Some(stanza) = &mut open {
                        stanza.end = end;
                    }
                }
                None => note(&mut bad, number),
            }
        } else if let Some(colon) = line.find(':').filter(|colon| *colon > 0) {
            let field = (&line[..colon], &text[start + colon + 1..end]);
            let stanza = open.get_or_insert_with(|| Stanza { line: number, start, end, fields: Vec::new() });
            if !FIELDS_MAX.is_exceeded_by(stanza.fields.len() as u64 + 1) {
                stanza.fields.push(field);
            }
            stanza.end = end;
        } else {
            note(&mut bad, number);
        }
    }
    stanzas.extend(open);
    (stanzas, bad)
}

fn note(bad: &mut Vec<u32>, line: u32) {
    if !BAD_LINES_MAX.is_exceeded_by(bad.len() as u64 + 1) {
        bad.push(line);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn stanzas_keep_lines_and_continuations() {
        let (stanzas, bad) = parse("A: 1\nB: x\n y\n z\n\n\n# note\nA: 2\nnonsense\nC:\n");
        assert_eq!(stanzas.len(), 2);
        assert_eq!(stanzas[0].value("b"), Some("x\n y\n z"));
        assert_eq!(stanzas[0].first_line("B"), Some("x"));
        assert_eq!(
            (stanzas[1].line, stanzas[1].value("A"), stanzas[1].first_line("C")),
            (8, Some("2"), None)
        );
        assert_eq!(bad, [9]);
    }

    proptest! {
        #[test]
        fn spans_lie_in_the_text(text in "([A-Za-z]{0,3}:?[ \\tä]{0,2}[a-z]{0,3}\\n?){0,20}") {
            for stanza in parse(&text).0 {
                prop_assert!(text.get(stanza.start..stanza.end).is_some());
            }
        }
    }
}
