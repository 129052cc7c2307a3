//! `selvedge sbom check`: whether documents are valid by the schema of the version that they claim.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::Context;
use serde_json::json;

use crate::cli_dependencies::TextOrJson;
use crate::{Exit, output};

/// Runs the command. A document that is not valid fails it.
pub(crate) fn run(files: &[PathBuf], format: TextOrJson) -> anyhow::Result<Exit> {
    let mut text = String::new();
    let mut rows = Vec::new();
    let mut all_valid = true;
    for file in files {
        let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        let name = file.to_string_lossy();
        let problems = selvedge_sbom::validate(&name, &bytes);
        all_valid &= problems.is_empty();
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name}: {}", if problems.is_empty() { "valid" } else { "not valid" });
        for problem in &problems {
            let _ = writeln!(text, "  {problem}");
        }
        rows.push(json!({ "path": name, "valid": problems.is_empty(), "problems": problems }));
    }
    output::print(&match format {
        TextOrJson::Terminal => text,
        TextOrJson::Json => serde_json::to_string_pretty(&rows)? + "\n",
    })?;
    Ok(if all_valid { Exit::Pass } else { Exit::GateFailed })
}
