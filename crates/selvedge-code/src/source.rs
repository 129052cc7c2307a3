//! One text as one target: what the patterns of a rule are matched on, read once for all rules.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;

use selvedge_syntax::{Limits, Tree, TreeError};

use crate::generic::{self, Item};
use crate::rule::{CommentStyle, Target};

/// A text, its tree where it is code, its tokens where it is read as generic text.
pub(crate) struct Source<'a> {
    pub(crate) target: Target,
    text: Cow<'a, str>,
    bytes: &'a [u8],
    tree: OnceCell<Result<Tree, TreeError>>,
    tokens: OnceCell<(CommentStyle, Vec<Item>)>,
}

impl<'a> Source<'a> {
    /// A file. Bytes that are not UTF-8 are read as `?`, so that offsets stay those of the file.
    pub(crate) fn file(target: Target, bytes: &'a [u8]) -> Self {
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => Cow::Owned(readable(bytes)),
        };
        Self { target, text, bytes, tree: OnceCell::new(), tokens: OnceCell::new() }
    }

    /// A part of a text that is read as a target of its own.
    pub(crate) fn part(target: Target, text: &'a str) -> Self {
        Self::file(target, text.as_bytes())
    }

    /// The text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// A piece of the text; empty if the range is none of it.
    pub(crate) fn slice(&self, range: Range<u32>) -> &str {
        self.text.get(range.start as usize..range.end as usize).unwrap_or("")
    }

    /// The tree; `None` for generic and regex targets and for what could not be read.
    pub(crate) fn tree(&self) -> Option<&Tree> {
        let Target::Code(language) = self.target else { return None };
        self.tree.get_or_init(|| Tree::parse(language, self.bytes, &Limits::default())).as_ref().ok()
    }

    /// The tree, if some rule asked for it.
    pub(crate) fn tree_if_read(&self) -> Option<&Result<Tree, TreeError>> {
        self.tree.get()
    }

    /// The tokens of generic text. Comments are those of the first rule that asks; another style is read anew.
    pub(crate) fn tokens(&self, comments: CommentStyle) -> Cow<'_, [Item]> {
        let (style, tokens) = self.tokens.get_or_init(|| (comments, generic::read(&self.text, comments)));
        if *style == comments {
            Cow::Borrowed(tokens)
        } else {
            Cow::Owned(generic::read(&self.text, comments))
        }
    }
}

fn readable(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(std::iter::repeat_n('?', chunk.invalid().len()));
    }
    text
}
