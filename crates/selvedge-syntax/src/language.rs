//! The languages that are read, under the names and file extensions by which Semgrep rules know them.

use std::fmt;
use std::path::Path;

/// A language with a grammar and a lowering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// Python 2 and 3.
    Python,
    /// JavaScript with JSX.
    JavaScript,
    /// TypeScript without JSX.
    TypeScript,
    /// TypeScript with JSX.
    Tsx,
    /// Go.
    Go,
    /// Java.
    Java,
    /// Ruby.
    Ruby,
    /// PHP.
    Php,
    /// C#.
    CSharp,
    /// C.
    C,
    /// C++.
    Cpp,
    /// Kotlin.
    Kotlin,
    /// Rust.
    Rust,
    /// Scala.
    Scala,
    /// Solidity.
    Solidity,
    /// Bash and what is close to it.
    Bash,
    /// Dockerfiles.
    Dockerfile,
    /// HCL: Terraform and its relatives.
    Hcl,
    /// YAML.
    Yaml,
    /// JSON, with comments tolerated.
    Json,
    /// HTML, and XML as far as the HTML grammar reads it.
    Html,
}

/// Name, aliases of rules, file extensions, whole file names.
struct Facts {
    language: Language,
    names: &'static [&'static str],
    extensions: &'static [&'static str],
    files: &'static [&'static str],
}

/// One row per language; the first name is the canonical one.
const FACTS: &[Facts] = &[
    Facts {
        language: Language::Python,
        names: &["python", "py", "python2", "python3"],
        extensions: &["py", "pyi"],
        files: &[],
    },
    Facts {
        language: Language::JavaScript,
        names: &["javascript", "js"],
        extensions: &["js", "jsx", "cjs", "mjs"],
        files: &[],
    },
    Facts {
        language: Language::TypeScript,
        names: &["typescript", "ts"],
        extensions: &["ts", "cts", "mts"],
        files: &[],
    },
    Facts { language: Language::Tsx, names: &["tsx"], extensions: &["tsx"], files: &[] },
    Facts { language: Language::Go, names: &["go", "golang"], extensions: &["go"], files: &[] },
    Facts { language: Language::Java, names: &["java"], extensions: &["java"], files: &[] },
    Facts {
        language: Language::Ruby,
        names: &["ruby", "rb"],
        extensions: &["rb", "rake", "gemspec"],
        files: &["Rakefile", "Gemfile"],
    },
    Facts { language: Language::Php, names: &["php"], extensions: &["php", "tpl", "phtml"], files: &[] },
    Facts { language: Language::CSharp, names: &["csharp", "cs", "c#"], extensions: &["cs"], files: &[] },
    Facts { language: Language::C, names: &["c"], extensions: &["c", "h"], files: &[] },
    Facts {
        language: Language::Cpp,
        names: &["cpp", "c++"],
        extensions: &["cc", "cpp", "cxx", "c++", "hpp", "hh", "hxx", "pcc", "tpp"],
        files: &[],
    },
    Facts {
        language: Language::Kotlin,
        names: &["kotlin", "kt"],
        extensions: &["kt", "kts", "ktm"],
        files: &[],
    },
    Facts { language: Language::Rust, names: &["rust", "rs"], extensions: &["rs"], files: &[] },
    Facts { language: Language::Scala, names: &["scala"], extensions: &["scala"], files: &[] },
    Facts { language: Language::Solidity, names: &["solidity", "sol"], extensions: &["sol"], files: &[] },
    Facts { language: Language::Bash, names: &["bash", "sh"], extensions: &["bash", "sh"], files: &[] },
    Facts {
        language: Language::Dockerfile,
        names: &["dockerfile", "docker"],
        extensions: &["dockerfile", "Dockerfile"],
        files: &["Dockerfile", "dockerfile", "Containerfile"],
    },
    Facts {
        language: Language::Hcl,
        names: &["hcl", "terraform", "tf"],
        extensions: &["tf", "hcl", "tfvars"],
        files: &[],
    },
    Facts { language: Language::Yaml, names: &["yaml", "yml"], extensions: &["yml", "yaml"], files: &[] },
    Facts { language: Language::Json, names: &["json"], extensions: &["json", "ipynb", "jsonc"], files: &[] },
    Facts {
        language: Language::Html,
        names: &["html", "xml"],
        extensions: &["html", "htm", "vue", "xml", "plist"],
        files: &[],
    },
];

impl Language {
    /// Every language, in the order of the table.
    pub fn all() -> impl Iterator<Item = Self> {
        FACTS.iter().map(|facts| facts.language)
    }

    /// The language of a rule's `languages:` entry, by any of Semgrep's names for it.
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        FACTS.iter().find(|facts| facts.names.contains(&name.as_str())).map(|facts| facts.language)
    }

    /// The language of a file by its name. Rules for TypeScript apply to TSX files as well; see
    /// [`Language::reads`].
    pub fn of_path(path: &str) -> Option<Self> {
        let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
        if let Some(facts) = FACTS.iter().find(|facts| facts.files.contains(&file)) {
            return Some(facts.language);
        }
        let extension = Path::new(file).extension()?.to_str()?;
        FACTS.iter().find(|facts| facts.extensions.contains(&extension)).map(|facts| facts.language)
    }

    /// Whether a rule written for this language is run on files of `other`: Semgrep runs TypeScript rules on
    /// TSX, and JavaScript rules on JavaScript only.
    pub fn reads(self, other: Self) -> bool {
        let folded = |language| if language == Self::Tsx { Self::TypeScript } else { language };
        folded(self) == folded(other)
    }

    /// The language whose trees its patterns can be matched on: TypeScript stands for TSX, and JavaScript too.
    pub(crate) fn family(self) -> Self {
        match self {
            Self::TypeScript | Self::Tsx => Self::JavaScript,
            other => other,
        }
    }

    /// Whether the last expression of a function is what it returns.
    pub(crate) fn returns_implicitly(self) -> bool {
        matches!(self, Self::Ruby | Self::Rust | Self::Scala | Self::Kotlin)
    }

    /// Whether objects are records, whose patterns may name fewer fields than there are.
    pub(crate) fn has_records(self) -> bool {
        matches!(self, Self::JavaScript | Self::TypeScript | Self::Tsx | Self::Hcl)
    }

    /// The canonical name.
    pub fn name(self) -> &'static str {
        FACTS.iter().find(|facts| facts.language == self).map_or("", |facts| facts.names[0])
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
