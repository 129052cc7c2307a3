//! Reading the project's own files with a size limit, and finding the project's root.

use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::Context;

/// Configuration, exceptions, rule packs and baselines larger than this are refused.
pub(crate) const CONFIG_SIZE_MAX: u64 = 256 * 1024 * 1024;

/// The text of a file that must be there.
pub(crate) fn read(path: &Path) -> anyhow::Result<String> {
    let file = std::fs::File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut bytes = Vec::new();
    file.take(CONFIG_SIZE_MAX + 1)
        .read_to_end(&mut bytes)
        .with_context(|| format!("cannot read {}", path.display()))?;
    if bytes.len() as u64 > CONFIG_SIZE_MAX {
        anyhow::bail!("{} is larger than {} MiB", path.display(), CONFIG_SIZE_MAX / (1024 * 1024));
    }
    String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..offset].split(|byte| *byte == b'\n').count();
        anyhow::anyhow!("{}:{line}: not valid UTF-8", path.display())
    })
}

/// The bytes of a file that must be there and must not be larger than `size_max`.
pub(crate) fn read_bytes(path: &Path, size_max: u64) -> anyhow::Result<Vec<u8>> {
    let cannot = || format!("cannot read {}", path.display());
    let file = std::fs::File::open(path).with_context(cannot)?;
    let mut bytes = Vec::new();
    file.take(size_max.saturating_add(1)).read_to_end(&mut bytes).with_context(cannot)?;
    anyhow::ensure!(
        bytes.len() as u64 <= size_max,
        "{} is larger than {} MiB",
        path.display(),
        size_max / (1024 * 1024)
    );
    Ok(bytes)
}

/// The text of a file that may be absent.
pub(crate) fn read_optional(path: &Path) -> anyhow::Result<Option<String>> {
    match path.try_exists() {
        Ok(false) => Ok(None),
        Ok(true) => read(path).map(Some),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

/// The project a path belongs to: the nearest folder upwards that holds `selvedge.toml` or `.git`, else the
/// folder itself.
pub(crate) fn project_root(target: &Path) -> PathBuf {
    let start = if target.is_dir() { target } else { target.parent().unwrap_or(Path::new("/")) };
    let found = start
        .ancestors()
        .find(|folder| folder.join("selvedge.toml").is_file() || folder.join(".git").exists());
    found.unwrap_or(start).to_path_buf()
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
