//! Where reports go: standard output, or files that appear whole or not at all.

use std::io::Write;
use std::path::Path;

use anyhow::Context;
use selvedge_model::Report;
use selvedge_report::{Format, TerminalStyle};

/// One `--format FORMAT[=FILE]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) format: Format,
    /// `None` is standard output.
    pub(crate) file: Option<String>,
}

/// Reads the `--format` arguments; without any the terminal format on standard output.
pub(crate) fn targets(arguments: &[String]) -> anyhow::Result<Vec<Target>> {
    if arguments.is_empty() {
        return Ok(vec![Target { format: Format::Terminal, file: None }]);
    }
    let targets: Vec<Target> = arguments.iter().map(|argument| target(argument)).collect::<Result<_, _>>()?;
    if targets.iter().filter(|target| target.file.is_none()).count() > 1 {
        anyhow::bail!(
            "two formats would share standard output: give all but one a file, as in `sarif=out.sarif`"
        );
    }
    Ok(targets)
}

fn target(argument: &str) -> anyhow::Result<Target> {
    let (name, file) = match argument.split_once('=') {
        Some((name, "" | "-")) => (name, None),
        Some((name, file)) => (name, Some(file.to_owned())),
        None => (argument, None),
    };
    Ok(Target { format: name.parse::<Format>()?, file })
}

/// Writes the report to every target. A file that cannot be written does not keep the others from it;
/// the errors are returned together.
pub(crate) fn write_all(report: &Report, targets: &[Target], style: &TerminalStyle) -> anyhow::Result<()> {
    let mut failures = Vec::new();
    for target in targets {
        let result = match &target.file {
            None => to_stdout(report, target.format, style),
            Some(file) => to_file(report, target.format, style, Path::new(file)),
        };
        match result {
            Err(error) if is_broken_pipe(&error) => {}
            Err(error) => failures.push(format!("{error:#}")),
            Ok(()) => {}
        }
    }
    if failures.is_empty() { Ok(()) } else { Err(anyhow::anyhow!(failures.join("\n"))) }
}

fn to_stdout(report: &Report, format: Format, style: &TerminalStyle) -> anyhow::Result<()> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    selvedge_report::write(report, format, style, &mut out)
        .and_then(|()| out.flush())
        .context("standard output")
}

/// A file keeps its old content until the new one is complete, unless it is no regular file: a pipe, a
/// device, or the step summary that GitHub wants appended to.
fn to_file(report: &Report, format: Format, style: &TerminalStyle, path: &Path) -> anyhow::Result<()> {
    let plain = TerminalStyle { color: false, hyperlinks: None, ..style.clone() };
    let mut text = Vec::new();
    selvedge_report::write(report, format, &plain, &mut text)?;
    let append = format == Format::Markdown
        && std::env::var_os("GITHUB_STEP_SUMMARY").is_some_and(|file| file == path);
    let special = path.metadata().is_ok_and(|metadata| !metadata.is_file());
    let result = if append || special {
        let mut options = std::fs::OpenOptions::new();
        options.create(true).append(append).write(true);
        options.open(path).and_then(|mut file| file.write_all(&text))
    } else {
        replace(path, &text)
    };
    result.with_context(|| format!("cannot write the {} report to {}", format.as_str(), path.display()))
}

/// Writes `content` beside `path` and renames it into place.
pub(crate) fn replace(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    if !folder.is_dir() {
        return Err(std::io::Error::new(std::io::ErrorKind::NotFound, "its folder is not there"));
    }
    let mut file = tempfile::Builder::new().prefix(".selvedge-").tempfile_in(folder)?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    set_permissions(&file, path)?;
    file.persist(path)?;
    Ok(())
}

/// Temporary files are private; a report has the permissions of the file it replaces, or the usual ones.
#[cfg(unix)]
fn set_permissions(file: &tempfile::NamedTempFile, path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let permissions =
        path.metadata().map_or_else(|_| PermissionsExt::from_mode(0o644), |old| old.permissions());
    file.as_file().set_permissions(permissions)
}

#[cfg(not(unix))]
fn set_permissions(_file: &tempfile::NamedTempFile, _path: &Path) -> std::io::Result<()> {
    Ok(())
}

/// Whether the reader of our output went away, which is its right.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
    })
}

/// Writes text to standard output.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).context("standard output")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_go_to_files_or_standard_output() {
        let given = ["terminal".to_owned(), "sarif=out.sarif".to_owned()];
        let expected = [
            Target { format: Format::Terminal, file: None },
            Target { format: Format::Sarif, file: Some("out.sarif".to_owned()) },
        ];
        assert_eq!(targets(&given).unwrap(), expected);
    }

    #[test]
    fn a_mistyped_format_gets_the_nearest_name() {
        let message = targets(&["sarfi".to_owned()]).unwrap_err().to_string();
        assert!(message.contains("`sarfi`") && message.contains("`sarif`"), "{message}");
    }

    #[test]
    fn standard_output_has_room_for_one() {
        assert!(targets(&["json".to_owned(), "sarif".to_owned()]).is_err());
    }
}
