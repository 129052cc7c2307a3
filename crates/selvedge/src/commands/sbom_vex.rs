//! `selvedge sbom vex`: what is found and what was decided about it, as a VEX document for those who use the
//! project.
//!
//! Nothing is stated that nobody decided: *not affected* takes a justification that somebody gave.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

use anyhow::Context;
use selvedge_model::{
    Confidence, Engine, Finding, PackageFacts, Reach, Report, Subject, Suppression, SuppressionKind,
};
use selvedge_package::Purl;
use selvedge_sbom::vex::{Document, Justification, Product, Publisher, Statement, Status};

use crate::cli::CheckArgs;
use crate::cli_dependencies::{SbomVexArgs, VexFormat};
use crate::commands::{check, sbom, vex_previous};
use crate::terminal::Terminal;
use crate::vex::Vex;
use crate::{Exit, output};

/// Kinds of notices that are no vulnerabilities: they are stated only if somebody justified them away.
const NOTICES: &[&str] = &["unmaintained", "notice"];

/// Runs the command.
pub(crate) fn run(arguments: &SbomVexArgs, terminal: &Terminal) -> anyhow::Result<Exit> {
    anyhow::ensure!(
        arguments.format != VexFormat::Csaf || (arguments.author.is_some() && arguments.namespace.is_some()),
        "a CSAF document names its publisher: give --author NAME and --namespace URL"
    );
    let timestamp = sbom::timestamp(arguments.timestamp.as_deref())?;
    let checked = CheckArgs {
        paths: vec![arguments.path.clone()],
        engine: vec![Engine::Dependencies],
        database: arguments.database.clone(),
        vex: arguments.vex.clone(),
        ..CheckArgs::default()
    };
    let (target, project) = check::load(&checked)?;
    let Some(seen) = check::see(&checked, &target, &project, terminal)? else {
        return Ok(Exit::Interrupted);
    };
    let report = seen.judge(&project.policy.baseline);
    for diagnostic in &report.diagnostics {
        terminal.warn(&diagnostic.to_string());
    }
    let packages = report.run.dependencies.as_ref();
    anyhow::ensure!(
        packages.is_none_or(|info| info.database.is_some()),
        "there is no advisory database to make statements from; `selvedge db update --from …` makes one"
    );
    for (ecosystem, count) in packages.iter().flat_map(|info| &info.without_data) {
        terminal.warn(&format!(
            "{count} packages of {ecosystem} were held against nothing: nothing is stated about them"
        ));
    }
    let mut statements = Statements::of(&report, &seen.vex);
    if let Some(path) = &arguments.previous {
        vex_previous::add(path, arguments, &mut statements, terminal)?;
    }
    let document = Document {
        id: arguments.id.clone(),
        timestamp: Some(timestamp),
        version: arguments.revision,
        publisher: publisher(arguments),
        tool: format!("selvedge {}", env!("CARGO_PKG_VERSION")),
        statements: statements.finish(arguments.product.as_deref()),
    };
    anyhow::ensure!(
        arguments.format == VexFormat::Cyclonedx || !document.statements.is_empty(),
        "nothing was found to make a statement about, and the format takes no empty document; \
         --format cyclonedx does"
    );
    write(&document, arguments, terminal)?;
    Ok(Exit::Pass)
}

fn publisher(arguments: &SbomVexArgs) -> Publisher {
    let unknown = Publisher::default();
    Publisher {
        name: arguments.author.clone().unwrap_or(unknown.name),
        namespace: arguments.namespace.clone().unwrap_or(unknown.namespace),
    }
}

fn write(document: &Document, arguments: &SbomVexArgs, terminal: &Terminal) -> anyhow::Result<()> {
    let mut bytes = Vec::new();
    match arguments.format {
        VexFormat::Openvex => document.write_openvex(&mut bytes),
        VexFormat::Cyclonedx => document.write_cyclonedx(&mut bytes),
        VexFormat::Csaf => document.write_csaf(&mut bytes),
    }
    .context("cannot write the VEX document")?;
    match &arguments.output {
        Some(path) => {
            output::replace(path, &bytes).with_context(|| format!("cannot write {}", path.display()))?;
            let count = document.statements.len();
            terminal.note(&format!("wrote {count} statements to {}", path.display()));
        }
        None => std::io::stdout().lock().write_all(&bytes)?,
    }
    Ok(())
}

/// Statements by vulnerability and package: of several about one, the most alarming holds.
#[derive(Default)]
pub(crate) struct Statements(BTreeMap<(Vec<String>, String), Statement>);

impl Statements {
    /// What a run found, and what was decided about it.
    fn of(report: &Report, vex: &Vex) -> Self {
        let mut statements = Self::default();
        let open = report.findings.iter().map(|finding| (finding, None));
        let suppressed = report.suppressed.iter().map(|it| (&it.finding, Some(&it.suppression)));
        for (finding, decision) in open.chain(suppressed) {
            let Some(package) = finding.package.as_ref().filter(|package| !package.advisories.is_empty())
            else {
                continue;
            };
            let Subject::Package { purl, .. } = &finding.subject else { continue };
            let is_justified = decision.is_some_and(|decision| decision.justification.is_some());
            let tags = report.rules.get(finding.rule.as_str()).map_or(&[][..], |rule| &rule.tags);
            if !is_justified && tags.iter().any(|tag| NOTICES.contains(&tag.as_str())) {
                continue;
            }
            let said = said(finding, package, decision, vex);
            statements.insert(&package.advisories, purl, said);
        }
        statements
    }

    /// Adds what is said of a vulnerability in a package.
    pub(crate) fn insert(&mut self, ids: &[String], purl: &str, said: Statement) {
        let statement = Statement {
            vulnerabilities: ids.to_vec().into(),
            products: vec![Arc::new(Product::new(purl))],
            ..said
        };
        let key = (ids.to_vec(), purl.to_owned());
        let known = self.0.get(&key);
        if known.is_none_or(|known| alarm(known.status) < alarm(statement.status)) {
            self.0.insert(key, statement);
        }
    }

    /// Whether something is said of a vulnerability, by any of its names, in a package of this name whatever the
    /// version.
    pub(crate) fn speak_of(&self, ids: &[String], package: &Purl) -> bool {
        self.0.keys().any(|(own, purl)| {
            let is_same = |it: &Purl| {
                (it.kind(), it.namespace(), it.name())
                    == (package.kind(), package.namespace(), package.name())
            };
            own.iter().any(|id| ids.contains(id)) && Purl::parse(purl).is_ok_and(|it| is_same(&it))
        })
    }

    /// The statements in their order, about parts of `product` if one is named.
    fn finish(self, product: Option<&str>) -> Vec<Statement> {
        let mut statements: Vec<Statement> = self.0.into_values().collect();
        if let Some(id) = product {
            for statement in &mut statements {
                let parts = statement.products.iter().map(|part| (**part).clone()).collect();
                statement.products = vec![Arc::new(Product { subcomponents: parts, ..Product::new(id) })];
            }
        }
        statements
    }
}

fn alarm(status: Status) -> u8 {
    match status {
        Status::Fixed => 0,
        Status::NotAffected => 1,
        Status::UnderInvestigation => 2,
        Status::Affected => 3,
    }
}

/// What is said of one finding.
fn said(finding: &Finding, package: &PackageFacts, decision: Option<&Suppression>, vex: &Vex) -> Statement {
    let Some(decision) = decision else { return open(finding, package, None) };
    if decision.kind == SuppressionKind::Vex
        && let Some(known) = vex.about(finding)
    {
        let kept = known.clone();
        return Statement { author: None, products: Vec::new(), ..kept };
    }
    let text = |text: &str| Some(text).filter(|text| !text.is_empty()).map(Arc::from);
    if let Some(justification) = decision.justification.as_deref().and_then(Justification::from_openvex) {
        return Statement {
            status: Status::NotAffected,
            justification: Some(justification),
            impact: text(&decision.reason),
            ..Statement::default()
        };
    }
    let note = if decision.kind == SuppressionKind::Baseline {
        "known, and not decided about yet".to_owned()
    } else {
        let owner = decision.owner.as_ref().map_or_else(String::new, |owner| format!(" by {owner}"));
        let until = decision.expires.as_ref().map_or_else(String::new, |day| format!(" until {day}"));
        format!("accepted{owner}{until}: {}", decision.reason)
    };
    open(finding, package, Some(note))
}

/// What is said where nobody denied it: affected, unless there is evidence against it that somebody should weigh.
fn open(finding: &Finding, package: &PackageFacts, note: Option<String>) -> Statement {
    let is_certain = package.malicious || package.exploited_since.is_some();
    let unreached = matches!(package.reach, Some(Reach::NotReachable | Reach::TestsOnly));
    let doubt = if is_undecided(finding) {
        package.matched.clone()
    } else if unreached && !is_certain {
        package.reach_reason.clone()
    } else if finding.confidence == Confidence::Low && !is_certain {
        finding.reasons.first().cloned()
    } else {
        None
    };
    let notes: Vec<String> = note.into_iter().chain(doubt.clone()).collect();
    let notes = (!notes.is_empty()).then(|| Arc::from(notes.join("; ")));
    if doubt.is_some() {
        return Statement { status: Status::UnderInvestigation, notes, ..Statement::default() };
    }
    let action = finding.remediation.steps.first().map(|step| Arc::from(step.as_str()));
    Statement { status: Status::Affected, action, notes, ..Statement::default() }
}

/// Whether the finding says that nobody can tell.
fn is_undecided(finding: &Finding) -> bool {
    finding.rule.as_str() == "version-not-comparable"
}
