//! Exceptions: somebody accepts a finding until a day, and says why.
//!
//! The table form is the same in `selvedge.toml` and in `.selvedge/exceptions.toml`. Every exception names an
//! owner, a reason and the last day on which it holds: a decision without an end is not looked at again. One
//! that has expired does not suppress and is reported, and so is one that matches nothing.

use selvedge_model::{Engine, Finding, Fingerprint, Subject, Suppression, SuppressionKind};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::toml_text::{Text, describe, list, shown};
use crate::{ConfigError, Date, PathGlob, suggestion};

/// A larger exceptions file is not read.
pub const EXCEPTIONS_BYTES_MAX: usize = 4 << 20;

/// More exceptions than this in one file are a mistake: use a baseline.
pub const EXCEPTIONS_MAX: usize = 10_000;

/// An exception that ends later than this many days from today is reported: it will hardly be looked at again.
pub const HORIZON_DAYS: i64 = 3 * 366;

/// Where exceptions are, beside `selvedge.toml`.
pub const EXCEPTIONS_PATH: &str = ".selvedge/exceptions.toml";

/// The reference of the exception form in Markdown.
pub(crate) const DOCUMENTATION: &str = "## `[[exceptions]]`

Accepted findings, here or in `.selvedge/exceptions.toml`. At least one of `rule`, `path`, `package` and
`fingerprint` selects the findings, and all that are given must match. One that has expired no longer suppresses; the report
lists it, and any that matches nothing.

| key | takes | needed | |
|---|---|---|---|
| `rule` | a rule identifier | | The rule it is about, or an advisory by any of its identifiers. |
| `path` | a path pattern | | The files it is about, as a pattern of .gitignore. |
| `package` | a package URL | | The package it is about, with or without version: `pkg:npm/lodash`. |
| `fingerprint` | 32 hexadecimal digits | | The finding, or the secret wherever it occurs. |
| `engine` | `secrets` or `dependencies` | | Only findings of this engine. |
| `justification` | a VEX justification | | Why a vulnerability does not affect the product, in the words of VEX; shown with the suppression. |
| `owner` | a text | yes | Who answers for the decision. |
| `reason` | a text | yes | Why the finding is acceptable. |
| `expires` | `YYYY-MM-DD` | yes | The last day on which it holds. |
";

/// Why a product is not affected, as VEX has it (CISA, "Minimum Requirements for VEX", 2023).
const JUSTIFICATIONS: [&str; 5] = [
    "component_not_present",
    "vulnerable_code_not_present",
    "vulnerable_code_not_in_execute_path",
    "vulnerable_code_cannot_be_controlled_by_adversary",
    "inline_mitigations_already_exist",
];

const FIELDS: [&str; 9] =
    ["rule", "path", "package", "fingerprint", "engine", "justification", "owner", "reason", "expires"];

/// One accepted decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// The rule it is about; any if absent.
    pub rule: Option<String>,
    /// The files it is about; any if absent.
    pub path: Option<PathGlob>,
    /// Package URL of the package it is about, with or without version; any if absent.
    pub package: Option<String>,
    /// The finding, or the secret, it is about; any if absent.
    pub fingerprint: Option<Fingerprint>,
    /// The engine it is about; any if absent.
    pub engine: Option<Engine>,
    /// Why the product is not affected, if that is what is said.
    pub justification: Option<String>,
    /// Who answers for it.
    pub owner: String,
    /// Why.
    pub reason: String,
    /// The last day on which it holds.
    pub expires: Date,
    /// `selvedge.toml:12`.
    pub origin: String,
}

impl Exception {
    /// Whether it is about this finding, whatever the day.
    pub fn matches(&self, finding: &Finding) -> bool {
        let secret = finding.secret.as_ref().map(|facts| &facts.fingerprint);
        self.rule.as_ref().is_none_or(|rule| finding.answers_to(rule))
            && self.package.as_ref().is_none_or(|package| is_about(package, finding))
            && self.engine.is_none_or(|engine| engine == finding.engine)
            && self.fingerprint.as_ref().is_none_or(|f| *f == finding.fingerprint || Some(f) == secret)
            && self.path.as_ref().is_none_or(|path| path.matches(finding.path()))
    }

    /// Whether it still holds on that day.
    pub fn holds_on(&self, today: Date) -> bool {
        today <= self.expires
    }

    /// The suppression it makes.
    pub fn suppression(&self) -> Suppression {
        Suppression {
            kind: SuppressionKind::Exception,
            origin: self.origin.clone(),
            reason: self.reason.clone(),
            owner: Some(self.owner.clone()),
            expires: Some(self.expires.to_string()),
            justification: self.justification.clone(),
        }
    }
}

/// Whether the finding is about the package, whose URL may leave out version and qualifiers.
fn is_about(package: &str, finding: &Finding) -> bool {
    let Subject::Package { purl, .. } = &finding.subject else { return false };
    purl.strip_prefix(package).is_some_and(|rest| rest.is_empty() || rest.starts_with(['@', '?', '#']))
}

/// Reads `.selvedge/exceptions.toml`.
pub fn parse(text: &str, origin_name: &str) -> Result<Vec<Exception>, Vec<ConfigError>> {
    let mut text = Text::new(origin_name, text);
    let mut exceptions = Vec::new();
    if let Some(document) = text.parse(EXCEPTIONS_BYTES_MAX) {
        for (name, value) in &document.0 {
            if name.get_ref() == "exceptions" {
                exceptions = read(value, &mut text);
            } else {
                let near = suggestion(name.get_ref(), ["exceptions"]);
                let name_shown = shown(name.get_ref());
                text.error(
                    &name.span(),
                    format!("unknown key `{name_shown}` at the top level; expected `[[exceptions]]`{near}"),
                );
            }
        }
    }
    text.finish(exceptions)
}

/// Reads the value of the key `exceptions`.
pub(crate) fn read(value: &Spanned<DeValue<'_>>, text: &mut Text<'_>) -> Vec<Exception> {
    let DeValue::Array(items) = value.get_ref() else {
        let found = describe(value.get_ref());
        text.error(&value.span(), format!("`exceptions` must be written as `[[exceptions]]`, found {found}"));
        return Vec::new();
    };
    if items.len() > EXCEPTIONS_MAX {
        let message =
            format!("{} exceptions; at most {EXCEPTIONS_MAX} are taken, use a baseline", items.len());
        text.error(&value.span(), message);
        return Vec::new();
    }
    let mut exceptions = Vec::new();
    for item in items {
        match item.get_ref() {
            DeValue::Table(table) => exceptions.extend(read_one(table, item, text)),
            other => {
                let found = describe(other);
                text.error(&item.span(), format!("an exception must be a table, found {found}"));
            }
        }
    }
    exceptions
}

fn read_one(table: &DeTable<'_>, item: &Spanned<DeValue<'_>>, text: &mut Text<'_>) -> Option<Exception> {
    let mut fields = Fields { table, item, text, sound: true };
    fields.refuse_unknown();
    let rule = fields.text("rule", |rule| Ok(rule.to_owned()));
    let path = fields.text("path", |path| {
        PathGlob::parse(path).map_err(|error| {
            format!("must be a path pattern, but `{}` is none: {}", error.pattern, error.why)
        })
    });
    let package = fields.text("package", |purl| {
        let sound = purl.strip_prefix("pkg:").is_some_and(|rest| rest.contains('/'));
        sound
            .then(|| purl.to_owned())
            .ok_or_else(|| format!("must be a package URL such as pkg:npm/lodash, found \"{}\"", shown(purl)))
    });
    let fingerprint = fields.text("fingerprint", |digits| {
        Fingerprint::parse(digits).ok_or_else(|| {
            format!("must be {} hexadecimal digits, found \"{}\"", Fingerprint::DIGITS, shown(digits))
        })
    });
    let engine = fields.text("engine", |name| {
        Engine::ALL.into_iter().find(|engine| engine.as_str() == name).ok_or_else(|| {
            let names = Engine::ALL.map(Engine::as_str);
            format!("must be {}, found \"{}\"{}", list(names), shown(name), suggestion(name, names))
        })
    });
    let justification = fields.text("justification", |word| {
        JUSTIFICATIONS.contains(&word).then(|| word.to_owned()).ok_or_else(|| {
            let near = suggestion(word, JUSTIFICATIONS);
            format!("must be {}, found \"{}\"{near}", list(JUSTIFICATIONS), shown(word))
        })
    });
    let owner = fields.needed("owner", "who answers for the decision");
    let reason = fields.needed("reason", "why the finding is acceptable");
    let expires = fields.expires();
    if fields.sound && rule.is_none() && path.is_none() && package.is_none() && fingerprint.is_none() {
        fields.fail_whole("an exception needs at least one of `rule`, `path`, `package` and `fingerprint`");
    }
    let sound = fields.sound;
    let origin = format!("{}:{}", text.name(), text.line(item.span().start));
    let (owner, reason, expires) = (owner?, reason?, expires?);
    sound.then_some(Exception {
        rule,
        path,
        package,
        fingerprint,
        engine,
        justification,
        owner,
        reason,
        expires,
        origin,
    })
}

/// The fields of one exception, and whether they were sound so far.
struct Fields<'t, 'x, 'd> {
    table: &'t DeTable<'d>,
    item: &'t Spanned<DeValue<'d>>,
    text: &'t mut Text<'x>,
    sound: bool,
}

impl Fields<'_, '_, '_> {
    fn refuse_unknown(&mut self) {
        for (name, _) in self.table {
            if !FIELDS.contains(&name.get_ref().as_ref()) {
                let near = suggestion(name.get_ref(), FIELDS);
                let message = format!(
                    "unknown key `{}` in an exception; expected {}{near}",
                    shown(name.get_ref()),
                    list(FIELDS)
                );
                self.text.error(&name.span(), message);
                self.sound = false;
            }
        }
    }

    fn text<T>(&mut self, name: &str, read: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let value = self.table.get(name)?;
        let result = match value.get_ref() {
            DeValue::String(text) if text.trim().is_empty() => Err("must not be empty".to_owned()),
            DeValue::String(text) => read(text.trim()),
            other => Err(format!("must be a text, found {}", describe(other))),
        };
        result.map_err(|wrong| self.fail(value, &format!("`{name}` of an exception {wrong}"))).ok()
    }

    fn needed(&mut self, name: &str, what: &str) -> Option<String> {
        if !self.table.contains_key(name) {
            self.fail_whole(&format!("an exception needs `{name}`: {what}"));
        }
        self.text(name, |text| Ok(text.to_owned()))
    }

    /// A TOML date, or a text of the same shape.
    fn expires(&mut self) -> Option<Date> {
        let Some(value) = self.table.get("expires") else {
            self.fail_whole(
                "an exception needs `expires`: the last day on which it holds, such as 2027-01-31; \
                 a decision without an end is not looked at again",
            );
            return None;
        };
        let date = match value.get_ref() {
            DeValue::String(text) => Date::parse(text),
            DeValue::Datetime(datetime) => Date::parse(&datetime.to_string()),
            _ => None,
        };
        // A date that TOML does not know was told already; what is left of it is empty.
        if matches!(value.get_ref(), DeValue::Datetime(datetime) if datetime.to_string().is_empty()) {
            self.sound = false;
        } else if date.is_none() {
            let found = describe(value.get_ref());
            self.fail(
                value,
                &format!("`expires` of an exception must be a day such as 2027-01-31, found {found}"),
            );
        }
        date
    }

    fn fail(&mut self, value: &Spanned<DeValue<'_>>, message: &str) {
        self.text.error(&value.span(), message);
        self.sound = false;
    }

    fn fail_whole(&mut self, message: &str) {
        self.text.error(&self.item.span(), message);
        self.sound = false;
    }
}

#[cfg(test)]
mod tests;
