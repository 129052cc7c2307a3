//! What metavariables and ellipses are called while a pattern goes through the grammar of its language.

/// Stands for `...`.
pub(crate) const ELLIPSIS: &str = "__ELL";
/// Stands for `<... e ...>`, as a call.
pub(crate) const DEEP: &str = "__DEEP";
/// Stands for a metavariable with a type, as a call with the type in a string.
pub(crate) const TYPED: &str = "__TYPED";
/// Stands for a metavariable that is a statement, as a call.
pub(crate) const STATEMENT: &str = "__STMT";
/// Stands for a backslash within a regular expression that the language's own strings would not hold.
pub(crate) const BACKSLASH: &str = "%BSL%";
/// Begins a metavariable.
pub(crate) const METAVARIABLE: &str = "__MV_";
/// Begins an ellipsis metavariable.
pub(crate) const META_ELLIPSIS: &str = "__MVE_";

/// What a whole identifier stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning<'t> {
    /// `...`
    Ellipsis,
    /// The callee of a deep ellipsis.
    Deep,
    /// The callee of a typed metavariable.
    Typed,
    /// The callee of a metavariable that is a statement.
    Statement,
    /// `$X`, with the name after the dollar sign.
    Metavariable(&'t str),
    /// `$...X`, with the name after the dots.
    MetaEllipsis(&'t str),
}

/// Reads an identifier; a sigil of the language before it is ignored.
pub(crate) fn meaning(text: &str) -> Option<Meaning<'_>> {
    let text = text.trim_start_matches(['$', '@', ':', '\'', '#']);
    let text = text.strip_prefix('X').filter(|rest| rest.starts_with("__")).unwrap_or(text);
    let text = text.strip_prefix('x').filter(|rest| rest.starts_with("__")).unwrap_or(text);
    if text == ELLIPSIS {
        Some(Meaning::Ellipsis)
    } else if text == DEEP {
        Some(Meaning::Deep)
    } else if text == STATEMENT {
        Some(Meaning::Statement)
    } else if text == TYPED {
        Some(Meaning::Typed)
    } else if let Some(name) = text.strip_prefix(META_ELLIPSIS).filter(|name| is_name(name)) {
        Some(Meaning::MetaEllipsis(name))
    } else {
        text.strip_prefix(METAVARIABLE).filter(|name| is_name(name)).map(Meaning::Metavariable)
    }
}

/// Whether a text is what may follow the dollar sign.
fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Whether a text holds any marker.
pub(crate) fn is_in(text: &str) -> bool {
    text.contains("__ELL") || text.contains("__MV") || text.contains(DEEP) || text.contains(BACKSLASH)
}

/// The text as it was before substitution, for strings and other leaves.
pub(crate) fn restore(text: &str) -> String {
    text.replace("x__", "__")
        .replace("X__", "__")
        .replace("$__", "__")
        .replace("__DEEP(", "<...")
        .replace(META_ELLIPSIS, "$...")
        .replace(METAVARIABLE, "$")
        .replace(ELLIPSIS, "...")
        .replace(BACKSLASH, "\\")
}
