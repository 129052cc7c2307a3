//! The command line of everything about packages: `db`, `deps`, `sbom`, `fix`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// What to do with the advisory database.
#[derive(Debug, Subcommand)]
pub(crate) enum DbCommand {
    /// Make or renew the database from folders, archives or mirrors of advisories
    #[command(after_help = "Examples:
  selvedge db update --from advisory-db/             a git checkout of RustSec, PyPA, Go, GitHub …
  selvedge db update --from npm.zip --from PyPI.zip  OSV archives, one per ecosystem
  selvedge db update --from epss.csv.gz --from known_exploited_vulnerabilities.json
  selvedge db update --from https://mirror.example.com/osv --ecosystem npm
  selvedge db update --from advisories.db            a database made elsewhere (air gap)")]
    Update(UpdateArgs),
    /// Say what the database holds, how old it is, and whether it is undamaged
    Status {
        /// The database [default: where `selvedge db update` puts it]
        #[arg(long, value_name = "FILE")]
        database: Option<PathBuf>,
        /// How to print it
        #[arg(long, value_enum, default_value_t = TextOrJson::Terminal)]
        format: TextOrJson,
    },
    /// Answer the public OSV query API from the database, for other OSV clients without a network
    #[command(after_help = "Example:
  selvedge db serve
  pip-audit -s osv --osv-url http://127.0.0.1:8099")]
    Serve {
        /// Where to listen
        #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8099")]
        listen: SocketAddr,
        /// The database [default: where `selvedge db update` puts it]
        #[arg(long, value_name = "FILE")]
        database: Option<PathBuf>,
    },
}

/// Arguments of `selvedge db update`.
#[derive(Debug, Args)]
pub(crate) struct UpdateArgs {
    /// Folder, file, archive or mirror address to take advisories from; may be repeated
    #[arg(long, value_name = "SOURCE", required = true)]
    pub(crate) from: Vec<String>,
    /// Of a mirror, fetch this ecosystem, as OSV names it; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) ecosystem: Vec<String>,
    /// The database [default: the user's data folder]
    #[arg(long, value_name = "FILE")]
    pub(crate) database: Option<PathBuf>,
    /// Forget what other sources gave before
    #[arg(long)]
    pub(crate) replace: bool,
}

/// How to print something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TextOrJson {
    /// For a person
    Terminal,
    /// JSON
    Json,
}

/// What to tell about the packages of a project.
#[derive(Debug, Subcommand)]
pub(crate) enum DepsCommand {
    /// List every package with its version, scope and place
    List {
        /// Folder, lockfile, SBOM or image
        #[arg(value_name = "PATH", default_value = ".")]
        path: PathBuf,
        /// How to print it
        #[arg(long, value_enum, default_value_t = TextOrJson::Terminal)]
        format: TextOrJson,
    },
    /// Show which package brings in which
    Tree {
        /// Folder, lockfile or SBOM
        #[arg(value_name = "PATH", default_value = ".")]
        path: PathBuf,
        /// Levels that are shown
        #[arg(long, value_name = "N")]
        depth: Option<usize>,
    },
    /// Show every way by which a package comes in
    #[command(after_help = "Example:
  selvedge deps why lodash")]
    Why {
        /// Name of the package, with or without `@version`
        #[arg(value_name = "PACKAGE")]
        package: String,
        /// Folder, lockfile or SBOM
        #[arg(value_name = "PATH", default_value = ".")]
        path: PathBuf,
    },
}

/// Arguments of `selvedge sbom`.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:
  selvedge sbom                                    CycloneDX JSON of this folder
  selvedge sbom image.tar --format spdx-json -o image.spdx.json
  selvedge sbom --root /                           what is installed below a folder
  selvedge sbom check bom.json                     valid, and what it leaves out
  selvedge sbom match sboms/*.json                 stored SBOMs against the database
  selvedge sbom vex --author \"Example Ltd\"         which advisories affect the project"
)]
pub(crate) struct SbomArgs {
    #[command(subcommand)]
    pub(crate) command: Option<SbomCommand>,
    #[command(flatten)]
    pub(crate) make: SbomMakeArgs,
}

/// What an SBOM is made from.
#[derive(Debug, Args)]
pub(crate) struct SbomMakeArgs {
    /// Folders, lockfiles, SBOMs, container images (OCI layout or archive); several are merged [default: .]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Read what is installed below this folder, as in an unpacked image
    #[arg(long, value_name = "DIR", conflicts_with = "paths")]
    pub(crate) root: Option<PathBuf>,
    /// Output format
    #[arg(long, short = 'f', value_enum, default_value_t = SbomFormat::CyclonedxJson)]
    pub(crate) format: SbomFormat,
    /// File to write [default: standard output]
    #[arg(long, short = 'o', value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Name of what the SBOM is about [default: the folder's name]
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Version of what the SBOM is about
    #[arg(long, value_name = "VERSION")]
    pub(crate) subject_version: Option<String>,
    /// Who supplies it
    #[arg(long, value_name = "NAME")]
    pub(crate) supplier: Option<String>,
    /// Who makes the SBOM; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) author: Vec<String>,
    /// Time to state, RFC 3339 [default: `SOURCE_DATE_EPOCH`, else now]
    #[arg(long, value_name = "TIME")]
    pub(crate) timestamp: Option<String>,
    /// Leave out what only developers need
    #[arg(long)]
    pub(crate) no_development: bool,
}

/// What to do with SBOMs that exist.
#[derive(Debug, Subcommand)]
pub(crate) enum SbomCommand {
    /// Hold stored SBOMs against the advisory database, without scanning anything again
    Match(SbomMatchArgs),
    /// Check documents: valid by the schema that they claim, and which minimum elements they fill
    Check(SbomCheckArgs),
    /// State which advisories affect the project and which do not, as a VEX document
    Vex(SbomVexArgs),
}

/// Arguments of `selvedge sbom vex`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  selvedge sbom vex --author \"Example Ltd\" -o vex.json
  selvedge sbom vex --format csaf --author \"Example Ltd\" --namespace https://example.org -o vex.json
  selvedge sbom vex --product pkg:oci/shop@sha256:… --previous vex.json -o vex.json")]
pub(crate) struct SbomVexArgs {
    /// Folder of the project
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) path: PathBuf,
    /// Output format
    #[arg(long, short = 'f', value_enum, default_value_t = VexFormat::Openvex)]
    pub(crate) format: VexFormat,
    /// File to write [default: standard output]
    #[arg(long, short = 'o', value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Who makes the statements
    #[arg(long, value_name = "NAME")]
    pub(crate) author: Option<String>,
    /// An address that is the author's own; CSAF demands one
    #[arg(long, value_name = "URL")]
    pub(crate) namespace: Option<String>,
    /// Identifier of the document [default: derived from the statements]
    #[arg(long, value_name = "IRI")]
    pub(crate) id: Option<String>,
    /// Number of this revision of the document
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) revision: u32,
    /// What ships, by package URL or another identifier: the packages become parts of it
    #[arg(long, value_name = "ID")]
    pub(crate) product: Option<String>,
    /// Time to state, RFC 3339 [default: `SOURCE_DATE_EPOCH`, else now]
    #[arg(long, value_name = "TIME")]
    pub(crate) timestamp: Option<String>,
    /// An earlier document of yours: what it calls affected and is gone is stated as fixed
    #[arg(long, value_name = "FILE")]
    pub(crate) previous: Option<PathBuf>,
    /// Honour the statements of a VEX document, and carry them over; may be repeated
    #[arg(long, value_name = "FILE")]
    pub(crate) vex: Vec<PathBuf>,
    /// The database [default: where `selvedge db update` puts it]
    #[arg(long, value_name = "FILE")]
    pub(crate) database: Option<PathBuf>,
}

/// Formats of a written VEX document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum VexFormat {
    /// OpenVEX 0.2.0
    Openvex,
    /// CycloneDX 1.6 with vulnerabilities
    Cyclonedx,
    /// CSAF 2.0, profile VEX
    Csaf,
}

/// Arguments of `selvedge sbom check`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  selvedge sbom check bom.json
  selvedge sbom check bom.json --require ntia     fails if a minimum element is missing")]
pub(crate) struct SbomCheckArgs {
    /// SBOM files: CycloneDX is held against its schema, SPDX is read
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Fail if a minimum element of this list is missing; may be repeated
    #[arg(long, value_enum, value_name = "LIST")]
    pub(crate) require: Vec<MinimumElements>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = TextOrJson::Terminal)]
    pub(crate) format: TextOrJson,
}

/// Lists of what an SBOM must say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum MinimumElements {
    /// The Minimum Elements of the NTIA (2021)
    Ntia,
    /// CISA's revision of them (draft of August 2025): hash, licence, tool and generation context as well
    Cisa,
}

/// Arguments of `selvedge sbom match`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  selvedge sbom match sboms/                            read these and match them
  selvedge sbom match sboms/ --store sboms.inventory    and keep their components
  selvedge sbom match --store sboms.inventory --since yesterday.db")]
pub(crate) struct SbomMatchArgs {
    /// SBOM files or folders of them; with --store they are added to it, or take the place of what had their name
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Keep the components in this file, or folder, so that no document needs to be read again
    #[arg(long, value_name = "FILE|DIR")]
    pub(crate) store: Option<PathBuf>,
    /// Take a document out of the store, by the path that it was read from; may be repeated
    #[arg(long, value_name = "DOCUMENT", requires = "store")]
    pub(crate) remove: Vec<String>,
    /// Report only what this earlier database did not know, and what holds no longer
    #[arg(long, value_name = "FILE")]
    pub(crate) since: Option<PathBuf>,
    /// The database [default: where `selvedge db update` puts it]
    #[arg(long, value_name = "FILE")]
    pub(crate) database: Option<PathBuf>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = TextOrJson::Terminal)]
    pub(crate) format: TextOrJson,
}

/// Formats of a written SBOM.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SbomFormat {
    /// CycloneDX 1.6 as JSON
    CyclonedxJson,
    /// CycloneDX 1.6 as XML
    CyclonedxXml,
    /// SPDX 2.3 as JSON
    SpdxJson,
}

/// Arguments of `selvedge fix`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  selvedge fix                 show what would change
  selvedge fix --write         change the files
  selvedge fix --write 3f9a2c1b")]
pub(crate) struct FixArgs {
    /// First digits of the fingerprints of the findings to fix [default: all that can be]
    #[arg(value_name = "FINGERPRINT")]
    pub(crate) findings: Vec<String>,
    /// Folder of the project
    #[arg(long, value_name = "PATH", default_value = ".")]
    pub(crate) path: PathBuf,
    /// Change the files; without it the changes are shown only
    #[arg(long)]
    pub(crate) write: bool,
    /// Show the changes only, which is the default
    #[arg(long, conflicts_with = "write")]
    pub(crate) dry_run: bool,
}
