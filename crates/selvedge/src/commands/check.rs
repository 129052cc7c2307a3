//! `selvedge check`: one pass, a verdict, reports.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Instant, SystemTime};

use anyhow::Context;
use selvedge_gate::baseline::{self, Baseline};
use selvedge_gate::config::Overlay;
use selvedge_gate::{Date, PathGlobs};
use selvedge_model::{Confidence, Diagnostic, Engine, Report, RunInfo};
use selvedge_scan::{
    CacheOptions, Engines, JudgeInput, LookOptions, Looked, Progress, ProjectEngine, ScanError,
    SecretsEngine, Target, judge, look,
};
use selvedge_secrets::{ScanOptions, Scanner};

use crate::cli::CheckArgs;
use crate::progress::ProgressLine;
use crate::rules::Rules;
use crate::settings::{self, PolicyArguments, Project, switch, text};
use crate::terminal::Terminal;
use crate::vex::Vex;
use crate::{Exit, dependencies, interrupt, output, vex};

/// Runs the command.
pub(crate) fn run(arguments: &CheckArgs, terminal: &Terminal) -> anyhow::Result<Exit> {
    let started = Instant::now();
    let (target, project) = load(arguments)?;
    let formats =
        if arguments.format.is_empty() { &project.settings().output.formats } else { &arguments.format };
    let targets = output::targets(formats)?;
    let Some(seen) = see(arguments, &target, &project, terminal)? else {
        return Ok(Exit::Interrupted);
    };
    let mut report = seen.judge(&project.policy.baseline);
    if arguments.write_baseline {
        let known = write_baseline(&report, &project, terminal)?;
        report = seen.judge(&known);
    }
    let style = terminal.style(arguments.verbose, Some(started.elapsed()));
    output::write_all(&report, &targets, &style)?;
    Ok(match (report.verdict.pass, report.verdict.undecided && report.verdict.failing.is_empty()) {
        (true, _) => Exit::Pass,
        (false, true) => Exit::Undecided,
        (false, false) => Exit::GateFailed,
    })
}

/// What the arguments want looked at, and the project that it belongs to.
pub(crate) fn load(arguments: &CheckArgs) -> anyhow::Result<(Target, Project)> {
    let (target, project_target) = target(arguments)?;
    let policy = PolicyArguments {
        config: arguments.config.as_deref(),
        policy_from: arguments.policy_from.as_deref(),
    };
    Ok((target, Project::load(&project_target, &policy, &overlay(arguments))?))
}

/// What was seen in a run, and everything else that is judged.
pub(crate) struct Seen<'a> {
    project: &'a Project,
    rules: Rules,
    looked: Looked,
    pub(crate) vex: Vex,
    diagnostics: Vec<Diagnostic>,
    is_whole: bool,
    today: Date,
    run: RunInfo,
}

/// Looks at the target and reads what is to be known for a judgement; `None` if the user stopped it.
pub(crate) fn see<'a>(
    arguments: &CheckArgs,
    target: &Target,
    project: &'a Project,
    terminal: &Terminal,
) -> anyhow::Result<Option<Seen<'a>>> {
    let rules = Rules::load(project, &arguments.rules)?;
    let Some((looked, more)) = look_at(target, arguments, project, &rules, terminal)? else {
        return Ok(None);
    };
    let vex = vex::read(project, &arguments.vex)?;
    let mut diagnostics = rules.diagnostics.clone();
    diagnostics.extend(more);
    diagnostics.extend(vex.diagnostics.iter().cloned());
    let run = run_info(arguments, target, project, &rules);
    let is_whole = is_whole(target, &project.root);
    Ok(Some(Seen { project, rules, looked, vex, diagnostics, is_whole, today: today()?, run }))
}

impl Seen<'_> {
    /// Triage and gate, with what is known before.
    pub(crate) fn judge(&self, baseline: &Baseline) -> Report {
        let other_rules: Vec<&str> =
            selvedge_scan::builtin_rules().iter().map(|rule| rule.meta.id.as_str()).collect();
        judge(JudgeInput {
            looked: &self.looked,
            policy: &self.project.policy,
            baseline,
            tree_ignore: self.project.tree_ignore.as_ref(),
            codeowners: &self.project.codeowners,
            rules: &self.rules.set,
            other_rules: &other_rules,
            vex: &self.vex.suppressions(&self.looked.findings),
            whole: self.is_whole,
            today: self.today,
            run: self.run.clone(),
            notices: self.project.notices.clone(),
            diagnostics: self.diagnostics.clone(),
        })
        .0
    }
}

/// Looks at the target, and tells what of the advisories could not be used; `None` if the user stopped it.
pub(crate) fn look_at(
    target: &Target,
    arguments: &CheckArgs,
    project: &Project,
    rules: &Rules,
    terminal: &Terminal,
) -> anyhow::Result<Option<(Looked, Vec<Diagnostic>)>> {
    let check = &project.settings().check;
    let exclude = PathGlobs::parse(check.exclude.iter().map(String::as_str))?;
    let options =
        ScanOptions { decode_depth: project.settings().secrets.decode_depth, ..ScanOptions::default() };
    let digest = format!("{options:?}");
    let secrets = (!rules.set.is_empty()).then(|| {
        let scanner = Scanner::new(Arc::new(rules.set.clone()), options);
        SecretsEngine::new(scanner, project.key.clone(), digest.as_bytes())
    });
    let cache = (!arguments.no_cache).then(settings::cache_folder).flatten();
    let wanted = check.engines.contains(&Engine::Dependencies);
    let packages = wanted.then(|| dependencies::prepare(project, cache.as_deref())).transpose()?;
    let needs_git = matches!(target, Target::Staged | Target::Since(_) | Target::History);
    if needs_git && !is_repository(&project.root) {
        anyhow::bail!(
            "{} is in no git repository, and --{} needs one",
            project.root.display(),
            flag_of(target)
        );
    }
    let mut source = project.source_options();
    source.threads = arguments.threads.unwrap_or(0);
    source.cancel = interrupt::install();
    let cache = cache.map(|folder| CacheOptions { folder, now: SystemTime::now() });
    let progress = Arc::new(Progress::default());
    let line = ProgressLine::start(terminal, &progress);
    let look_options = LookOptions {
        root: &project.root,
        target,
        source: &source,
        exclude: &exclude,
        cache: cache.as_ref(),
    };
    let engines = Engines {
        secrets: secrets.as_ref(),
        code: rules.code.as_ref().map(|code| &code.engine),
        dependencies: packages.as_ref().map(|prepared| &prepared.engine as &dyn ProjectEngine),
    };
    let result = look(&look_options, engines, &progress);
    drop(line);
    match result {
        Ok(looked) => Ok(Some((looked, packages.map_or_else(Vec::new, |prepared| prepared.diagnostics)))),
        Err(ScanError::Interrupted) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Whether git would take the folder for a repository, bare ones included.
fn is_repository(root: &Path) -> bool {
    selvedge_source::git_root(root).is_some() || root.join("objects").is_dir() && root.join("HEAD").is_file()
}

/// The flag that asks for the target, without its dashes.
fn flag_of(target: &Target) -> &'static str {
    match target {
        Target::Staged => "staged",
        Target::Since(_) => "since",
        Target::History => "history",
        Target::Paths(_) | Target::Stdin(_) => "",
    }
}

/// What to look at, and a path in the project that it belongs to.
fn target(arguments: &CheckArgs) -> anyhow::Result<(Target, PathBuf)> {
    let here = std::env::current_dir().context("the current folder cannot be found")?;
    if arguments.paths == [Path::new("-")] {
        return Ok((Target::Stdin("<stdin>".to_owned()), here));
    }
    let mut paths = Vec::new();
    for path in &arguments.paths {
        if path == Path::new("-") {
            anyhow::bail!("`-` (standard input) cannot be combined with other paths");
        }
        let absolute = path.canonicalize().with_context(|| format!("cannot read {}", path.display()))?;
        paths.push(absolute);
    }
    if paths.is_empty() {
        paths.push(here.canonicalize().context("the current folder cannot be resolved")?);
    }
    let first = paths[0].clone();
    let changes = if arguments.staged {
        Some(Target::Staged)
    } else if arguments.history {
        Some(Target::History)
    } else {
        arguments.since.clone().map(Target::Since)
    };
    match changes {
        Some(_) if paths.len() > 1 => {
            anyhow::bail!("--staged, --since and --history take one repository, not several paths")
        }
        Some(changes) => Ok((changes, first)),
        None => Ok((Target::Paths(paths), first)),
    }
}

/// Flags as configuration values, over the environment's.
fn overlay(arguments: &CheckArgs) -> Overlay {
    let mut overlay = settings::environment();
    let o = &mut overlay;
    switch(o, arguments.no_hidden, "--no-hidden", "check.hidden", false);
    switch(o, arguments.no_ignore, "--no-ignore", "check.respect-ignore-files", false);
    switch(o, arguments.follow, "--follow", "check.follow-links", true);
    switch(o, arguments.no_archives, "--no-archives", "check.archives.enabled", false);
    switch(o, arguments.no_builtin, "--no-builtin", "secrets.builtin", false);
    switch(o, arguments.no_builtin, "--no-builtin", "secrets.gitleaks-config", false);
    switch(o, arguments.no_builtin, "--no-builtin", "code.builtin", false);
    text(o, arguments.max_file_size.as_deref(), "--max-file-size", "check.max-file-size");
    text(o, arguments.fail_on.as_deref(), "--fail-on", "gate.fail-on");
    text(o, arguments.min_confidence.map(Confidence::as_str), "--min-confidence", "secrets.min-confidence");
    let joined = |items: &[String]| (!items.is_empty()).then(|| items.join(","));
    text(o, joined(&arguments.exclude).as_deref(), "--exclude", "check.exclude");
    text(o, joined(&arguments.disable).as_deref(), "--disable", "secrets.disable");
    let engines: Vec<String> = arguments.engine.iter().map(ToString::to_string).collect();
    text(o, joined(&engines).as_deref(), "--engine", "check.engines");
    let database = arguments.database.as_ref().and_then(|path| std::path::absolute(path).ok());
    let database = database.map(|path| path.to_string_lossy().into_owned());
    text(o, database.as_deref(), "--database", "dependencies.database");
    // A flag is relative to the current folder, a key to the root of the project.
    let baseline = arguments.baseline.as_ref().and_then(|path| std::path::absolute(path).ok());
    let baseline = baseline.map(|path| path.to_string_lossy().into_owned());
    text(o, baseline.as_deref(), "--baseline", "gate.baseline");
    overlay
}

/// Whether the run saw everything that exceptions and baseline are about.
fn is_whole(target: &Target, root: &Path) -> bool {
    matches!(target, Target::Paths(paths) if paths.iter().any(|path| path == root))
}

fn run_info(arguments: &CheckArgs, target: &Target, project: &Project, rules: &Rules) -> RunInfo {
    let named: Vec<String> = arguments.paths.iter().map(|path| path.to_string_lossy().into_owned()).collect();
    let mut influences = rules.influences.clone();
    if !project.origin.is_tree() {
        let from = arguments.policy_from.as_deref().unwrap_or_default();
        let what = match project.policy.policy.origin.as_str() {
            "default" => format!("{from}, which has no selvedge.toml: the defaults hold"),
            origin => origin.to_owned(),
        };
        influences.push(format!("the policy comes from {what}, not from the checked tree"));
    }
    RunInfo {
        target: if named.is_empty() { ".".to_owned() } else { named.join(" ") },
        mode: target.mode(),
        engines: project.settings().check.engines.clone(),
        rule_sources: rules.sources.clone(),
        influences,
        ..RunInfo::default()
    }
}

/// Writes what counts today, and what was known before and is still there, as the new baseline.
fn write_baseline(report: &Report, project: &Project, terminal: &Terminal) -> anyhow::Result<Baseline> {
    let still_known = report
        .suppressed
        .iter()
        .filter(|suppressed| suppressed.suppression.kind == selvedge_model::SuppressionKind::Baseline)
        .map(|suppressed| &suppressed.finding);
    let text = baseline::write(report.findings.iter().chain(still_known));
    let name = project.settings().gate.baseline.clone();
    let path = project.root.join(&name);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    }
    output::replace(&path, text.as_bytes()).with_context(|| format!("cannot write {}", path.display()))?;
    let baseline = Baseline::parse(&text, &name).map_err(|errors| settings::listed(&errors))?;
    let (count, noun) = (baseline.len(), if baseline.len() == 1 { "finding" } else { "findings" });
    terminal.note(&format!("wrote {count} known {noun} to {name}; from now on only new ones fail the gate"));
    Ok(baseline)
}

/// Today in the local time zone, for the expiry of exceptions.
pub(crate) fn today() -> anyhow::Result<Date> {
    let date = jiff::ZonedDateTime::now().date();
    Date::new(date.year().cast_unsigned(), date.month().cast_unsigned(), date.day().cast_unsigned())
        .context("the clock shows no valid date")
}
