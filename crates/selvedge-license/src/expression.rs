//! Licence expressions (SPDX 2.3, annex D) with a place for what is not on the list.

use std::fmt;

/// Terms of one expression. The longest of real packages have about twenty.
pub const TERMS_MAX: usize = 256;

/// Nesting of parentheses.
pub const DEPTH_MAX: usize = 32;

/// Licences joined by `AND` and `OR`.
///
/// Always flat: no list within a list of the same kind, and no list of one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Expression {
    /// One licence.
    Term(Term),
    /// All of them hold.
    And(Vec<Expression>),
    /// Whoever uses the package chooses one.
    Or(Vec<Expression>),
}

/// A licence, with the additional permission that comes with it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Term {
    /// The licence.
    pub license: License,
    /// Identifier of an exception on the SPDX list, or `AdditionRef-…`.
    pub exception: Option<String>,
}

/// What a licence is called.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum License {
    /// Identifier of the SPDX list in its spelling, without `+`.
    Listed {
        /// The identifier. GNU licences carry `-only` or `-or-later`.
        id: &'static str,
        /// Whether later versions may be chosen: `+`. GNU licences say it in their identifier.
        or_later: bool,
    },
    /// `LicenseRef-…`, with its `DocumentRef-…:` if it has one.
    Reference(String),
    /// What is not understood, as it was written.
    Unknown(String),
}

impl Expression {
    /// One licence.
    pub fn term(license: License, exception: Option<String>) -> Self {
        Self::Term(Term { license, exception })
    }

    /// All of them.
    pub(crate) fn and(parts: Vec<Self>) -> Option<Self> {
        Self::joined(parts, Self::And, |it| match it {
            Self::And(inner) => Ok(inner),
            other => Err(other),
        })
    }

    /// One of them.
    pub(crate) fn or(parts: Vec<Self>) -> Option<Self> {
        Self::joined(parts, Self::Or, |it| match it {
            Self::Or(inner) => Ok(inner),
            other => Err(other),
        })
    }

    fn joined(
        parts: Vec<Self>,
        join: fn(Vec<Self>) -> Self,
        open: fn(Self) -> Result<Vec<Self>, Self>,
    ) -> Option<Self> {
        let mut flat: Vec<Self> = Vec::with_capacity(parts.len());
        for part in parts {
            for one in open(part).unwrap_or_else(|other| vec![other]) {
                if !flat.contains(&one) {
                    flat.push(one);
                }
            }
        }
        if flat.len() > 1 { Some(join(flat)) } else { flat.pop() }
    }

    /// The terms from left to right.
    pub fn terms(&self) -> Vec<&Term> {
        let mut all = Vec::new();
        let mut pending = vec![self];
        while let Some(expression) = pending.pop() {
            match expression {
                Self::Term(term) => all.push(term),
                Self::And(parts) | Self::Or(parts) => pending.extend(parts.iter().rev()),
            }
        }
        all
    }

    /// Whether every term is on the SPDX list or a `LicenseRef-…`.
    pub fn is_known(&self) -> bool {
        self.terms().iter().all(|term| !matches!(term.license, License::Unknown(_)))
    }

    /// The expression as SPDX formats take it: what is not understood becomes a `LicenseRef-…` made of its
    /// letters and digits.
    pub fn to_spdx(&self) -> String {
        let mut text = String::new();
        self.write(&mut text, true, false);
        text
    }

    fn write(&self, out: &mut String, as_spdx: bool, in_and: bool) {
        let (parts, word) = match self {
            Self::Term(term) => {
                term.write(out, as_spdx);
                return;
            }
            Self::And(parts) => (parts, " AND "),
            Self::Or(parts) => (parts, " OR "),
        };
        let needs_parentheses = in_and && matches!(self, Self::Or(_));
        if needs_parentheses {
            out.push('(');
        }
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                out.push_str(word);
            }
            part.write(out, as_spdx, matches!(self, Self::And(_)));
        }
        if needs_parentheses {
            out.push(')');
        }
    }
}

impl Term {
    fn write(&self, out: &mut String, as_spdx: bool) {
        match &self.license {
            License::Listed { id, or_later } => {
                out.push_str(id);
                if *or_later {
                    out.push('+');
                }
            }
            License::Unknown(text) if as_spdx => {
                out.push_str("LicenseRef-");
                let clean =
                    text.chars().map(|it| if it.is_ascii_alphanumeric() || it == '.' { it } else { '-' });
                out.extend(clean);
            }
            License::Reference(text) | License::Unknown(text) => out.push_str(text),
        }
        if let Some(exception) = &self.exception {
            out.push_str(" WITH ");
            out.push_str(exception);
        }
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.write(&mut text, false);
        f.pad(&text)
    }
}

impl fmt::Display for Expression {
    /// The canonical form: upper-case operators, parentheses only where they are needed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.write(&mut text, false, false);
        f.pad(&text)
    }
}
