//! Whether the project's own code uses the functions that an advisory names.

use crate::packages::{lacks_peers, optional_part, separator};
use crate::project::{Evidence, File};
use crate::uses::name_hash;
use crate::{Language, Reach, Reachability};

/// A function, method or type that an advisory says is affected.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol {
    /// The import path it belongs to where the advisory tells one (Go's `imports[].path`); empty otherwise.
    pub path: String,
    /// As the advisory writes it: `Func`, `Type.Method`, `crate::module::func`, `module.func`.
    pub name: String,
}

/// The answer about the affected functions of one component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SymbolReach {
    /// The project's own code uses one of them, or something of the same name whose receiver is not known.
    Used {
        /// The symbol, as the advisory writes it.
        symbol: String,
        /// Where.
        evidence: Evidence,
        /// Whether it is named as one of this package; otherwise only the identifier is the same.
        is_certain: bool,
    },
    /// None of them is used: the project's own code does not name them, and no other package that may run
    /// depends on this one; or the package itself is not reachable.
    NotUsed {
        /// A sentence for the reader.
        why: String,
    },
    /// The project's own code does not name them. Which other packages use this one is not wholly known (no
    /// graph, no peers, or a language whose packages load others when they are there), so that they may.
    NotUsedHere {
        /// A sentence for the reader.
        why: String,
    },
    /// It cannot be told. Never lowers a priority.
    Unknown {
        /// A sentence for the reader.
        why: String,
    },
}

/// Methods that languages and their standard libraries call without the name being written.
const IMPLICIT: &[&str] = &[
    // Go
    "Read",
    "Write",
    "Close",
    "String",
    "Error",
    "ServeHTTP",
    "RoundTrip",
    "Scan",
    "Value",
    "Len",
    "Less",
    "Swap",
    "Push",
    "Pop",
    "Format",
    "GoString",
    "Unwrap",
    "Is",
    "As",
    "Set",
    "Get",
    "Next",
    "Seek",
    "ReadAt",
    "WriteAt",
    "ReadFrom",
    "WriteTo",
    "ReadByte",
    "WriteByte",
    "ReadRune",
    "Flush",
    "Hijack",
    "Done",
    "Err",
    "Deadline",
    "Lock",
    "Unlock",
    "Accept",
    "Dial",
    "DialContext",
    "Do",
    "Handle",
    "Sum",
    "Reset",
    "Size",
    "BlockSize",
    "At",
    "Bounds",
    "ColorModel",
    "Open",
    "Stat",
    "Verify",
    "Sign",
    "Public",
    "Encrypt",
    "Decrypt",
    "MarshalJSON",
    "UnmarshalJSON",
    "MarshalText",
    "UnmarshalText",
    "MarshalBinary",
    "UnmarshalBinary",
    "MarshalXML",
    "UnmarshalXML",
    "MarshalYAML",
    "UnmarshalYAML",
    "GobEncode",
    "GobDecode",
    "Init",
    // Rust
    "drop",
    "fmt",
    "deref",
    "deref_mut",
    "clone",
    "clone_from",
    "next",
    "next_back",
    "size_hint",
    "from",
    "into",
    "try_from",
    "try_into",
    "default",
    "eq",
    "ne",
    "cmp",
    "partial_cmp",
    "hash",
    "index",
    "index_mut",
    "poll",
    "add",
    "sub",
    "mul",
    "div",
    "rem",
    "neg",
    "not",
    "from_iter",
    "into_iter",
    "extend",
    "as_ref",
    "as_mut",
    "borrow",
    "borrow_mut",
    "to_string",
    "from_str",
    "serialize",
    "deserialize",
    "read",
    "write",
    "flush",
    "call",
    "call_mut",
    "call_once",
    "to_owned",
    "add_assign",
    "sub_assign",
    "poll_next",
    "poll_read",
    "poll_write",
    "size",
    "type_id",
    "source",
    "description",
    "cause",
    "alloc",
    "dealloc",
    "realloc",
    // JavaScript, Java
    "toString",
    "valueOf",
    "constructor",
    "toJSON",
    "then",
    "equals",
    "hashCode",
    "compareTo",
    "readObject",
    "readResolve",
    "finalize",
    "run",
    "get",
    "set",
    "close",
    "accept",
    "apply",
    "iterator",
    "main",
];

impl Reach<'_> {
    /// Whether the affected `symbols` of the component at `index` are used. Only direct use can be told: for
    /// a component that other packages use, the absence of the names in the project's code proves nothing.
    pub fn symbols(&self, index: u32, symbols: &[Symbol]) -> SymbolReach {
        let unknown = |why: String| SymbolReach::Unknown { why };
        if symbols.is_empty() {
            return unknown("the advisory names no functions".to_owned());
        }
        match self.component(index) {
            Reachability::NotImported { why } => SymbolReach::NotUsed { why },
            Reachability::Unknown { why } => unknown(why),
            Reachability::Through { parent, .. } => {
                unknown(format!("{parent} uses it, and what it calls is not looked at"))
            }
            Reachability::TestsOnly { parent: Some(parent), .. } => {
                unknown(format!("{parent}, which tests import, uses it, and what it calls is not looked at"))
            }
            Reachability::Reachable { .. } | Reachability::TestsOnly { .. } => {
                self.direct_use(index, symbols)
            }
        }
    }

    fn direct_use(&self, index: u32, symbols: &[Symbol]) -> SymbolReach {
        let mut doubt: Option<String> = None;
        let mut possible: Option<(String, Evidence)> = None;
        for symbol in symbols {
            match self.symbol(index, symbol) {
                Found::Certain(evidence) => {
                    return SymbolReach::Used { symbol: symbol.name.clone(), evidence, is_certain: true };
                }
                Found::Possible(evidence) => {
                    if possible.is_none() {
                        possible = Some((symbol.name.clone(), evidence));
                    }
                }
                Found::Doubt(why) => doubt = doubt.or(Some(why)),
                Found::Nowhere => {}
            }
        }
        if let Some((symbol, evidence)) = possible {
            return SymbolReach::Used { symbol, evidence, is_certain: false };
        }
        if let Some(why) = doubt {
            return SymbolReach::Unknown { why };
        }
        self.not_here(index)
    }

    /// No symbol is named by the project's own code: whether another package may use it.
    fn not_here(&self, index: u32) -> SymbolReach {
        let why = "the project's own code names none of the affected functions".to_owned();
        let language = self.names[index as usize].as_ref().map(|(language, _)| *language);
        let has_hidden_users =
            lacks_peers(self.manifest.format) || language.and_then(optional_part).is_some();
        if !self.has_whole_graph() || has_hidden_users {
            return SymbolReach::NotUsedHere { why };
        }
        let users = self.manifest.components.iter().enumerate().filter(|(at, component)| {
            *at != index as usize && component.dependencies.binary_search(&index).is_ok()
        });
        for (at, user) in users {
            if crate::reach::is_own_part(user) {
                continue;
            }
            if !matches!(self.component(at as u32), Reachability::NotImported { .. }) {
                return SymbolReach::Unknown {
                    why: format!("{why}, but {} uses the package too", user.name),
                };
            }
        }
        SymbolReach::NotUsed { why }
    }

    fn symbol(&self, index: u32, symbol: &Symbol) -> Found {
        let Some((language, names)) = &self.names[index as usize] else {
            return Found::Doubt("the code of this ecosystem is not read".to_owned());
        };
        let language = *language;
        let last = last_part(&symbol.name);
        if last.is_empty() {
            return Found::Doubt("the advisory's function has no name".to_owned());
        }
        if language == Language::Go {
            return self.go_symbol(index, symbol, last);
        }
        let hash = name_hash(last.as_bytes());
        let mut possible: Option<Evidence> = None;
        for (number, file) in self.files_of(language) {
            for name in named(file, hash) {
                let evidence = self.uses.evidence(number, name.line);
                let of_package = name.import != 0
                    && names.own.iter().any(|prefix| {
                        self.uses
                            .imports_of(language, prefix, separator(language))
                            .any(|(_, place)| place.file == number && place.place == name.import)
                    });
                if of_package {
                    return Found::Certain(evidence);
                }
                possible = possible.or(Some(evidence));
            }
        }
        if let Some(evidence) = possible {
            return Found::Possible(evidence);
        }
        if let Some((file, line)) = self.first(self.uses.mentions_of(last)) {
            return Found::Possible(self.uses.evidence(file, line));
        }
        implicit(last)
    }

    /// A function of a Go package is always written with the name of its package before it, so that others of
    /// the same name do not count; a method is not.
    fn go_symbol(&self, index: u32, symbol: &Symbol, last: &str) -> Found {
        let hash = name_hash(last.as_bytes());
        if !last.starts_with(char::is_uppercase) {
            return Found::Doubt(format!("{} is internal to the package", symbol.name));
        }
        if symbol.name.contains('.') {
            let places = self.files_of(Language::Go).flat_map(|(number, file)| {
                named(file, hash).map(move |name| (number, name.line)).collect::<Vec<_>>()
            });
            return match places.min() {
                Some((file, line)) => Found::Possible(self.uses.evidence(file, line)),
                None => implicit(last),
            };
        }
        let path = if symbol.path.is_empty() {
            &self.manifest.components[index as usize].name
        } else {
            &symbol.path
        };
        let mut possible = None;
        for (name, place) in self.uses.imports_of(Language::Go, path, '/') {
            let file = &self.uses.files[place.file as usize];
            if name != path || !self.covers(file) {
                continue;
            }
            if let Some(found) = named(file, hash).find(|found| found.import == place.place) {
                return Found::Certain(self.uses.evidence(place.file, found.line));
            }
            // Where the name of the package was told from its path wrongly, what stands before the dot is not
            // known to be it.
            let is_resolved = file.names.iter().any(|found| found.import == place.place);
            if !is_resolved && let Some(found) = named(file, hash).find(|found| found.import == 0) {
                let evidence = self.uses.evidence(place.file, found.line);
                possible = possible.or(Some(evidence));
            }
        }
        possible.map_or(Found::Nowhere, Found::Possible)
    }

    fn files_of(&self, language: Language) -> impl Iterator<Item = (u32, &File)> {
        self.uses
            .files
            .iter()
            .enumerate()
            .filter(move |(_, file)| file.language == Some(language) && self.covers(file))
            .map(|(index, file)| (index as u32, file))
    }
}

enum Found {
    Certain(Evidence),
    Possible(Evidence),
    Doubt(String),
    Nowhere,
}

/// A method that may be called without being named proves nothing by its absence.
fn implicit(name: &str) -> Found {
    if IMPLICIT.contains(&name) || name.starts_with("__") {
        Found::Doubt(format!("{name} may be called without being named"))
    } else {
        Found::Nowhere
    }
}

/// `func` of `crate::module::func`, `Type.Method`, `module.func()`.
fn last_part(name: &str) -> &str {
    let name = name.split(['(', '<']).next().unwrap_or(name).trim();
    name.rsplit(['.', ':', '#', '/']).next().unwrap_or(name)
}

/// The uses of an identifier in a file.
fn named(file: &File, hash: u32) -> impl Iterator<Item = &crate::NameUse> {
    let start = file.names.partition_point(|name| name.hash < hash);
    file.names[start..].iter().take_while(move |name| name.hash == hash)
}
