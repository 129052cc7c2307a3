//! JSON inside other formats, flattened to dotted paths.
//!
//! Only for objects that stand within a line of another format; whole lines of JSON never come here.

use serde_json::Value;

use crate::{FIELDS_MAX, Parsed, TimeContext, logfmt};

/// Objects nested deeper stay JSON text.
const DEPTH_MAX: usize = 16;

/// The fields of a JSON object; none if the text is no object.
pub(crate) fn fields(text: &str, context: &TimeContext) -> Option<Parsed<'static>> {
    let trimmed = text.trim();
    if !trimmed.starts_with('{') {
        return None;
    }
    // serde_json bounds the nesting at 128 levels.
    let Ok(value @ Value::Object(_)) = serde_json::from_str(trimmed) else { return None };
    let mut parsed = Parsed::default();
    flatten("", &value, 0, &mut parsed);
    logfmt::envelope(&mut parsed, context);
    Some(parsed)
}

fn flatten(path: &str, value: &Value, depth: usize, parsed: &mut Parsed<'static>) {
    if parsed.fields.len() >= FIELDS_MAX {
        parsed.is_cut = true;
        return;
    }
    match value {
        Value::Null => {}
        Value::Object(members) if depth < DEPTH_MAX => {
            for (key, member) in members {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                flatten(&path, member, depth + 1, parsed);
            }
        }
        Value::Array(items) if depth < DEPTH_MAX => {
            for item in items {
                flatten(path, item, depth + 1, parsed);
            }
        }
        Value::String(text) => parsed.put(path.to_owned(), text.clone()),
        other => parsed.put(path.to_owned(), other.to_string()),
    }
}
