//! Shapes of prefixed tokens, one constant per issuer; each names where its form is published.

use super::alphabet::Alphabet::Alnum;
use super::shape::Part::{Run, Text};
use super::shape::{Form, Shape};

/// Fine-grained GitHub tokens: `github_pat_`, 22 characters that identify the token, `_`, 59 characters.
///
/// Source: GitHub Docs, "About authentication to GitHub", and GitHub's secret scanning patterns.
pub(super) static GITHUB_FINE_GRAINED: Shape = Shape {
    name: "github-fine-grained",
    forms: &[Form::secret(
        "fine-grained personal access token",
        &[Text("github_pat_"), Run(Alnum, 22, 22), Text("_"), Run(Alnum, 59, 59)],
    )],
};
