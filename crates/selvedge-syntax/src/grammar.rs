//! The tree-sitter grammars, and what is looked up about each once.

use std::sync::OnceLock;

use crate::language::Language;

/// Names of a grammar's node kinds and fields by their numbers.
#[derive(Debug)]
pub(crate) struct Grammar {
    pub(crate) parser: tree_sitter::Language,
    pub(crate) kinds: Vec<Box<str>>,
    pub(crate) fields: Vec<Box<str>>,
}

impl Grammar {
    fn load(parser: tree_sitter::Language) -> Self {
        let kinds = (0..parser.node_kind_count())
            .map(|id| parser.node_kind_for_id(id as u16).unwrap_or("").into())
            .collect();
        let fields = (0..=parser.field_count())
            .map(|id| parser.field_name_for_id(id as u16).unwrap_or("").into())
            .collect();
        Self { parser, kinds, fields }
    }

    /// The grammar of a language.
    pub(crate) fn of(language: Language) -> &'static Self {
        macro_rules! once {
            ($function:expr) => {{
                static GRAMMAR: OnceLock<Grammar> = OnceLock::new();
                GRAMMAR.get_or_init(|| Grammar::load($function.into()))
            }};
        }
        match language {
            Language::Python => once!(tree_sitter_python::LANGUAGE),
            Language::JavaScript => once!(tree_sitter_javascript::LANGUAGE),
            Language::TypeScript => once!(tree_sitter_typescript::LANGUAGE_TYPESCRIPT),
            Language::Tsx => once!(tree_sitter_typescript::LANGUAGE_TSX),
            Language::Go => once!(tree_sitter_go::LANGUAGE),
            Language::Java => once!(tree_sitter_java::LANGUAGE),
            Language::Php => once!(tree_sitter_php::LANGUAGE_PHP),
            Language::Ruby => once!(tree_sitter_ruby::LANGUAGE),
            Language::CSharp => once!(tree_sitter_c_sharp::LANGUAGE),
            Language::C => once!(tree_sitter_c::LANGUAGE),
            Language::Cpp => once!(tree_sitter_cpp::LANGUAGE),
            Language::Kotlin => once!(tree_sitter_kotlin_ng::LANGUAGE),
            Language::Rust => once!(tree_sitter_rust::LANGUAGE),
            Language::Scala => once!(tree_sitter_scala::LANGUAGE),
            Language::Solidity => once!(tree_sitter_solidity::LANGUAGE),
            Language::Bash => once!(tree_sitter_bash::LANGUAGE),
            Language::Dockerfile => once!(tree_sitter_containerfile::LANGUAGE),
            Language::Hcl => once!(tree_sitter_hcl::LANGUAGE),
            Language::Yaml => once!(tree_sitter_yaml::LANGUAGE),
            Language::Json => once!(tree_sitter_json::LANGUAGE),
            Language::Html => once!(tree_sitter_html::LANGUAGE),
        }
    }
}
