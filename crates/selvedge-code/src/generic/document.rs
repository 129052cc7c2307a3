//! A text as tokens with marks where blocks begin and end.

use std::ops::Range;

use crate::limits::GENERIC_DEPTH_MAX;
use crate::rule::CommentStyle;

/// One token, or a mark of structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Item {
    /// Letters, digits, underscores.
    Word(Token),
    /// One character of punctuation, or one byte outside ASCII.
    Sign(Token),
    /// A block begins; the index of its end.
    Open(u32),
    /// A block ends.
    Close,
}

/// Where a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// 0-based.
    pub(crate) line: u32,
}

impl Token {
    pub(crate) fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A text and what was read out of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Document<'a> {
    pub(crate) text: &'a str,
    pub(crate) items: &'a [Item],
}

/// Reads a text, comments of the given style left out.
pub(crate) fn read(text: &str, comments: CommentStyle) -> Vec<Item> {
    let blanked = without_comments(text, comments);
    let mut builder = Builder { items: Vec::new(), open: Vec::new() };
    let source = blanked.as_deref().unwrap_or(text);
    let mut start = 0;
    for (line, content) in source.split('\n').enumerate() {
        builder.line(content, start, line as u32);
        start += content.len() + 1;
    }
    while !builder.open.is_empty() {
        builder.close();
    }
    builder.items
}

struct Builder {
    items: Vec<Item>,
    /// Open blocks: where each began, and how deep its lines are indented.
    open: Vec<(usize, usize)>,
}

impl Builder {
    fn open(&mut self, indent: usize) {
        self.open.push((self.items.len(), indent));
        self.items.push(Item::Open(0));
    }

    fn close(&mut self) {
        if let Some((begin, _)) = self.open.pop() {
            self.items[begin] = Item::Open(self.items.len() as u32);
            self.items.push(Item::Close);
        }
    }

    fn line(&mut self, content: &str, start: usize, line: u32) {
        let indent = indentation(content);
        let tokens = tokens(content, start, line);
        if tokens.is_empty() {
            return;
        }
        while self.open.last().is_some_and(|(_, open)| *open > indent) {
            self.close();
        }
        let deeper = self.open.last().is_none_or(|(_, open)| indent > *open);
        if deeper && self.open.len() < GENERIC_DEPTH_MAX {
            self.open(indent);
        }
        self.tokens(&tokens, content, start);
    }

    /// Adds the tokens of a line, with a block for every pair of brackets in it.
    fn tokens(&mut self, tokens: &[Item], content: &str, start: usize) {
        let pairs = pairs(tokens, content, start);
        for (index, item) in tokens.iter().enumerate() {
            match pairs[index] {
                Pair::Opens => {
                    self.items.push(*item);
                    self.open(usize::MAX);
                }
                Pair::Closes => {
                    self.close();
                    self.items.push(*item);
                }
                Pair::None => self.items.push(*item),
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Pair {
    None,
    Opens,
    Closes,
}

/// Which tokens are brackets that have their partner on the line.
fn pairs(tokens: &[Item], content: &str, start: usize) -> Vec<Pair> {
    let mut pairs = vec![Pair::None; tokens.len()];
    let mut open: Vec<(usize, u8)> = Vec::new();
    for (index, item) in tokens.iter().enumerate() {
        let Item::Sign(token) = item else { continue };
        let byte = content.as_bytes()[token.start as usize - start];
        match byte {
            b'(' | b'[' | b'{' => open.push((index, byte)),
            b')' | b']' | b'}' => {
                let partner = match byte {
                    b')' => b'(',
                    b']' => b'[',
                    _ => b'{',
                };
                if open.last().is_some_and(|(_, bracket)| *bracket == partner)
                    && open.len() <= GENERIC_DEPTH_MAX
                {
                    let (begin, _) = open.pop().expect("it was just seen");
                    pairs[begin] = Pair::Opens;
                    pairs[index] = Pair::Closes;
                }
            }
            _ => {}
        }
    }
    pairs
}

/// Width of the white space before the first token; a tab reaches the next multiple of eight.
fn indentation(content: &str) -> usize {
    let mut width = 0;
    for byte in content.bytes() {
        match byte {
            b' ' => width += 1,
            b'\t' => width = (width / 8 + 1) * 8,
            _ => break,
        }
    }
    width
}

fn tokens(content: &str, start: usize, line: u32) -> Vec<Item> {
    let mut items = Vec::new();
    let mut chars = content.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let mut token = Token { start: (start + at) as u32, end: (start + at + c.len_utf8()) as u32, line };
        if is_word(c) {
            while let Some((_, next)) = chars.next_if(|(_, next)| is_word(*next)) {
                token.end += next.len_utf8() as u32;
            }
            items.push(Item::Word(token));
        } else if !c.is_whitespace() {
            items.push(Item::Sign(token));
        }
    }
    items
}

pub(crate) fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// The text with comments turned into blanks, so that every offset stays; `None` if there is no such style.
fn without_comments(text: &str, style: CommentStyle) -> Option<String> {
    let (line_marks, blocks): (&[&str], bool) = match style {
        CommentStyle::None => return None,
        CommentStyle::Shell => (&["#"], false),
        CommentStyle::C => (&[], true),
        CommentStyle::Cpp => (&["//"], true),
    };
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let comment = if line_marks.iter().any(|mark| rest.starts_with(mark)) {
            rest.find('\n').unwrap_or(rest.len())
        } else if blocks && rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        };
        out.extend(rest[..comment].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
        rest = &rest[comment..];
    }
    Some(out)
}
