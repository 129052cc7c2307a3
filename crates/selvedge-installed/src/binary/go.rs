//! Go binaries: the build information that the linker leaves (package `runtime/debug`).
//!
//! A blob of 32 bytes begins with a magic number; since Go 1.18 the version and the module list follow it,
//! each with its length in front; before, it held pointers to string headers elsewhere in the data.

use memchr::memmem;
use object::{Object, ObjectSegment, ReadRef};
use selvedge_model::DiagnosticKind;
use selvedge_package::{Component, Ecosystem, Origin, Relation};

use crate::examine::Examined;
use crate::limit::Limit;

/// Identifier of the format.
const FORMAT: &str = "go-binary";

const MAGIC: &[u8] = b"\xff Go buildinf:";
/// The blob is aligned to this.
const ALIGN: usize = 16;
const HEADER_SIZE: usize = 32;
/// Bytes at the beginning and end of the module list, by which it is found in a running process.
const SENTINEL: usize = 16;

/// Size of the module list.
const GO_MODULES_BYTES_MAX: Limit = Limit::new("GO_MODULES_BYTES_MAX", 16 << 20);
/// Modules of one binary.
const GO_MODULES_MAX: Limit = Limit::new("GO_MODULES_MAX", 100_000);
/// Places with the magic number that are tried: tools that read binaries hold it as a constant.
const GO_CANDIDATES_MAX: Limit = Limit::new("GO_CANDIDATES_MAX", 64);

/// Segments that are searched.
const GO_SEGMENTS_MAX: Limit = Limit::new("GO_SEGMENTS_MAX", 32);
/// Bytes of segments that are searched.
const GO_SEGMENT_BYTES_MAX: Limit = Limit::new("GO_SEGMENT_BYTES_MAX", 256 << 20);

/// Version of Go and the module list.
struct BuildInfo {
    version: String,
    modules: String,
}

/// Reads the build information; `None` if the binary has none.
pub(super) fn examine<'a, R: ReadRef<'a>>(file: &object::File<'a, R>) -> Option<Examined> {
    let section = super::section(file, &[".go.buildinfo", "__go_buildinfo"]);
    let info = section.and_then(|section| find(section, file)).or_else(|| in_segments(file))?;
    let mut out = Examined::new(FORMAT);
    parse_modules(&info, &mut out);
    Some(out)
}

/// Searches the data that the program may write to: Windows has no section of its own for the blob, and a
/// stripped binary may have lost it.
fn in_segments<'a, R: ReadRef<'a>>(file: &object::File<'a, R>) -> Option<BuildInfo> {
    let mut left = GO_SEGMENT_BYTES_MAX.value;
    let writable = file.segments().filter(|segment| segment.permissions().writable());
    writable.take(GO_SEGMENTS_MAX.as_usize()).find_map(|segment| {
        left = left.checked_sub(segment.file_range().1)?;
        find(segment.data().ok()?, file)
    })
}

/// The first blob in `data` that can be read.
fn find<'a, R: ReadRef<'a>>(data: &[u8], file: &object::File<'a, R>) -> Option<BuildInfo> {
    let aligned = memmem::find_iter(data, MAGIC).filter(|at| at % ALIGN == 0);
    aligned.take(GO_CANDIDATES_MAX.as_usize()).find_map(|at| read(&data[at..], file))
}

fn read<'a, R: ReadRef<'a>>(blob: &[u8], file: &object::File<'a, R>) -> Option<BuildInfo> {
    let pointer_size = *blob.get(14)?;
    let flags = *blob.get(15)?;
    let (version, modules) = if flags & 2 != 0 {
        let (version, rest) = inline(blob.get(HEADER_SIZE..)?)?;
        // A binary that was built without modules has no list.
        (version, inline(rest).map_or(&[][..], |(modules, _)| modules))
    } else {
        let memory = Memory { file, is_big_endian: flags & 1 != 0, pointer_size: usize::from(pointer_size) };
        let version = memory.string(memory.word(blob.get(16..)?)?)?;
        let modules = memory.word(blob.get(16 + memory.pointer_size..)?).and_then(|at| memory.string(at));
        (version, modules.unwrap_or_default())
    };
    let version = std::str::from_utf8(version).ok()?;
    if !version.starts_with("go") && !version.starts_with("devel") {
        return None;
    }
    let has_sentinels = modules.len() > 2 * SENTINEL && modules[modules.len() - SENTINEL - 1] == b'\n';
    let modules = if has_sentinels { &modules[SENTINEL..modules.len() - SENTINEL] } else { &[] };
    Some(BuildInfo { version: version.to_owned(), modules: String::from_utf8_lossy(modules).into_owned() })
}

/// A string with its length as a varint in front, and what follows it.
fn inline(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let (mut length, mut shift) = (0_u64, 0);
    for (index, byte) in data.iter().enumerate().take(10) {
        length |= u64::from(byte & 0x7f).checked_shl(shift)?;
        shift += 7;
        if byte & 0x80 == 0 {
            let rest = &data[index + 1..];
            let length =
                usize::try_from(length).ok().filter(|_| !GO_MODULES_BYTES_MAX.is_exceeded_by(length))?;
            return rest.split_at_checked(length);
        }
    }
    None
}

/// The data of the binary by the addresses that it has when it runs.
struct Memory<'a, 'f, R: ReadRef<'a>> {
    file: &'f object::File<'a, R>,
    is_big_endian: bool,
    pointer_size: usize,
}

impl<'a, R: ReadRef<'a>> Memory<'a, '_, R> {
    /// The word at the beginning of `data`.
    fn word(&self, data: &[u8]) -> Option<u64> {
        match (self.pointer_size, self.is_big_endian) {
            (4, false) => Some(u64::from(u32::from_le_bytes(*data.first_chunk()?))),
            (4, true) => Some(u64::from(u32::from_be_bytes(*data.first_chunk()?))),
            (8, false) => Some(u64::from_le_bytes(*data.first_chunk()?)),
            (8, true) => Some(u64::from_be_bytes(*data.first_chunk()?)),
            _ => None,
        }
    }

    /// The string whose header (address and length) stands at `address`.
    fn string(&self, address: u64) -> Option<&'a [u8]> {
        let header = self.bytes(address, 2 * self.pointer_size as u64)?;
        let data = self.word(header)?;
        let length = self.word(&header[self.pointer_size..])?;
        if GO_MODULES_BYTES_MAX.is_exceeded_by(length) {
            return None;
        }
        self.bytes(data, length)
    }

    fn bytes(&self, address: u64, length: u64) -> Option<&'a [u8]> {
        self.file.segments().find_map(|segment| segment.data_range(address, length).ok().flatten())
    }
}

/// Reads the module list: lines of words with tabs between them.
fn parse_modules(info: &BuildInfo, out: &mut Examined) {
    let (mut revision, mut is_modified) = (None, false);
    let mut main: Option<usize> = None;
    let mut unknown = 0_u32;
    for line in info.modules.lines() {
        if GO_MODULES_MAX.is_exceeded_by(out.components.len() as u64 + 1) {
            out.report(
                DiagnosticKind::LimitReached,
                format!("{GO_MODULES_MAX} modules is reached: the rest was not read"),
            );
            break;
        }
        let words: Vec<&str> = line.split('\t').collect();
        match words.as_slice() {
            ["mod", path, rest @ ..] => {
                main = Some(out.components.len());
                out.components.push(module(path, rest.first().copied().unwrap_or_default(), Relation::Root));
            }
            ["dep", path, rest @ ..] => {
                let version = rest.first().copied().unwrap_or_default();
                out.components.push(module(path, version, Relation::Unknown));
            }
            ["=>", path, rest @ ..] => {
                if let Some(last) = out.components.last_mut() {
                    replace(last, path, rest.first().copied().unwrap_or_default());
                }
            }
            ["build", setting, ..] => match setting.split_once('=') {
                Some(("vcs.revision", value)) => revision = Some(value.to_owned()),
                Some(("vcs.modified", "true")) => is_modified = true,
                _ => {}
            },
            ["path", ..] | [""] => {}
            _ => unknown += 1,
        }
    }
    if unknown > 0 {
        let message = format!("build information has {unknown} lines of an unknown kind");
        out.report(DiagnosticKind::BadPackageFile, message);
    }
    // A tree with changes is not what the commit says.
    if let (Some(main), Some(revision), false) = (main, revision, is_modified) {
        let main = &mut out.components[main];
        main.origin = Origin::Git { url: main.name.clone(), commit: Some(revision) };
    }
    if let Some(version) = standard_library(&info.version) {
        out.components.push(module("stdlib", version, Relation::Direct));
    }
}

fn module(path: &str, version: &str, relation: Relation) -> Component {
    // What is built from a working tree has no version, whatever its name.
    let is_local = version.is_empty() || version == "(devel)";
    Component {
        ecosystem: Ecosystem::Go,
        name: path.to_owned(),
        version: (!is_local).then(|| version.to_owned()),
        origin: if is_local { Origin::Path(path.to_owned()) } else { Origin::Registry },
        relation,
        ..Component::default()
    }
}

/// `replace` of go.mod: by another module, or by a folder, which has no version.
fn replace(component: &mut Component, path: &str, version: &str) {
    if version.is_empty() {
        component.origin = Origin::Path(path.to_owned());
    } else {
        *component = module(path, version, component.relation);
    }
}

/// `1.20.4` of `go1.20.4 X:boringcrypto`; `None` for a toolchain that is no release.
fn standard_library(version: &str) -> Option<&str> {
    let version = version.split_ascii_whitespace().next()?.strip_prefix("go")?;
    version.starts_with(|c: char| c.is_ascii_digit()).then_some(version)
}
