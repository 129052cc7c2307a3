//! VEX documents of a run: what others, or the project itself, state about vulnerabilities in packages.

use std::collections::BTreeMap;
use std::path::PathBuf;

use selvedge_model::{Diagnostic, Finding, Fingerprint, Subject, Suppression, SuppressionKind};
use selvedge_package::Purl;
use selvedge_sbom::vex::{self, Statement, Subjects, Target};

use crate::files;
use crate::settings::Project;

/// Statements that hold in a run.
#[derive(Default)]
pub(crate) struct Vex {
    pub(crate) statements: Vec<Statement>,
    /// What of the documents could not be used.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Reads the documents that the configuration and `--vex` name. One that is named must be there.
pub(crate) fn read(project: &Project, named: &[PathBuf]) -> anyhow::Result<Vex> {
    let mut vex = Vex::default();
    for path in &project.settings().dependencies.vex {
        let text = project
            .policy_text(path)
            .map_err(|why| anyhow::anyhow!("cannot read the VEX document {path}: {why}"))?
            .ok_or_else(|| {
                anyhow::anyhow!("the VEX document {path} named by `dependencies.vex` is not there")
            })?;
        vex.add(path, text.as_bytes());
    }
    for path in named {
        let text = files::read(path)?;
        vex.add(&path.to_string_lossy(), text.as_bytes());
    }
    Ok(vex)
}

impl Vex {
    fn add(&mut self, path: &str, bytes: &[u8]) {
        let reading = vex::read(path, bytes, &[]);
        self.statements.extend(reading.statements);
        self.diagnostics.extend(reading.diagnostics);
    }

    /// The findings that statements keep from counting.
    pub(crate) fn suppressions(&self, findings: &[Finding]) -> BTreeMap<Fingerprint, Suppression> {
        let stated = findings.iter().filter_map(|finding| {
            let statement = self.about(finding)?;
            Some((finding.fingerprint.clone(), suppression(statement)))
        });
        stated.collect()
    }

    /// The statement that holds for a finding and keeps it from counting. Of several the latest counts, also
    /// if it says that the product is affected after all.
    pub(crate) fn about(&self, finding: &Finding) -> Option<&Statement> {
        let package = finding.package.as_ref().filter(|package| !package.malicious)?;
        let Subject::Package { purl, .. } = &finding.subject else { return None };
        let purl = Purl::parse(purl).ok()?;
        let ids: Vec<&str> = package.advisories.iter().map(String::as_str).collect();
        let target = Target { package: &purl, vulnerabilities: &ids, subjects: Subjects::Any };
        vex::decide(&self.statements, &target).filter(|statement| statement.suppresses())
    }
}

fn suppression(statement: &Statement) -> Suppression {
    let reason = statement.reason();
    let status = statement.status.as_str().replace('_', " ");
    Suppression {
        kind: SuppressionKind::Vex,
        origin: format!("{}:{}", statement.path, statement.line),
        reason: if reason.is_empty() { status } else { format!("{status}: {reason}") },
        owner: statement.author.as_deref().map(str::to_owned),
        expires: None,
        justification: statement.justification.map(|it| it.as_openvex().to_owned()),
    }
}
