//! Actions, reusable workflows and images that GitHub's workflows use.

use crate::Format;

mod uses;
mod workflow;

/// The formats of this folder.
pub(crate) const FORMATS: &[Format] = &[
    Format { id: "github-workflow", matches: workflow::is_workflow, parse: workflow::parse },
    Format { id: "github-action", matches: workflow::is_action, parse: workflow::parse_action },
];
