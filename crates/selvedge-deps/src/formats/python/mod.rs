//! Package files of Python: requirements files, the lockfiles of Pipenv, Poetry, PDM, uv and PEP 751, the
//! manifests beside them and alone, and Conda environments.

use crate::Format;

mod compiled;
mod conda;
mod locked;
mod names;
mod pdm;
mod pep508;
mod pipfile;
mod poetry;
mod pylock;
mod pyproject;
mod requirements;
mod setup_cfg;
mod uv;

/// The formats of this folder, lockfiles before manifests.
pub(crate) const FORMATS: &[Format] = &[
    Format { id: "pipfile-lock", matches: |path| file_name(path) == "Pipfile.lock", parse: pipfile::parse },
    Format { id: "poetry-lock", matches: |path| file_name(path) == "poetry.lock", parse: poetry::parse },
    Format { id: "pdm-lock", matches: |path| file_name(path) == "pdm.lock", parse: pdm::parse },
    Format { id: "uv-lock", matches: |path| file_name(path) == "uv.lock", parse: uv::parse },
    Format { id: "pylock", matches: |path| pylock::is_name(file_name(path)), parse: pylock::parse },
    Format { id: "requirements-txt", matches: requirements::is_path, parse: requirements::parse },
    Format { id: "pipfile", matches: |path| file_name(path) == "Pipfile", parse: pipfile::parse_manifest },
    Format { id: "pyproject", matches: |path| file_name(path) == "pyproject.toml", parse: pyproject::parse },
    Format { id: "setup-cfg", matches: |path| file_name(path) == "setup.cfg", parse: setup_cfg::parse },
    Format { id: "conda-environment", matches: |path| conda::is_name(file_name(path)), parse: conda::parse },
];

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
