//! The JSON Schema of the JSON output, generated from the types.

use serde_json::Value;

use crate::Report;

/// Version of the JSON form. Raised when a field changes meaning or goes; added fields do not raise it.
pub const REPORT_SCHEMA_VERSION: u32 = 1;

/// JSON Schema (2020-12) of [`Report`].
pub fn report_schema() -> Value {
    schemars::schema_for!(Report).to_value()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_schema_names_every_top_level_field() {
        let schema = super::report_schema();
        let properties = schema["properties"].as_object().expect("an object schema");
        for field in
            ["schema_version", "findings", "suppressed", "diagnostics", "notices", "verdict", "rules"]
        {
            assert!(properties.contains_key(field), "{field}");
        }
    }
}
