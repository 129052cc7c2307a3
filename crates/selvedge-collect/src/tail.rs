//! Follows log files through rotation, truncation and restarts without losing or repeating a line.
//!
//! [`Tail::pass`] looks at the files once and returns a [`Frame`] of new records together with marks that say how
//! far each file is then read. Once the frame is in the spool the caller says [`Tail::stored`]; until then nothing
//! counts as read. No thread, no clock and no waiting in here: time is a parameter, so every order of events can
//! be played through in tests.
//!
//! What happens to a file, and what is done:
//! - *Renamed*: device and inode stay, so it is read to its end under its new name, open or found again beside
//!   the old one after a restart.
//! - *Copied and truncated*: what was read of it is no longer at its place. It is read anew from the beginning,
//!   and the copy, plain or compressed, is looked for among files with the same name but for rotation's suffix,
//!   and read on from where reading had stopped.
//! - *Compressed*: the compressed file begins with the text that was read, and is read on from there.
//! - *Inode reused*: the beginning differs, so it is another file.
//!
//! Two things cannot be seen: text that was written and truncated between two passes with no copy left, and a
//! rewritten file whose first 1,024 read bytes and last 256 read bytes are the same as before.

mod content;
mod discover;
mod followed;
mod identity;
mod split;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use selvedge_logformat::Join;
use selvedge_model::{Diagnostic, DiagnosticKind};
use serde::{Deserialize, Serialize};

use crate::spool::{Frame, Mark};
use content::Content;
pub(crate) use discover::Patterns;
use followed::{Followed, Seen, StoredMark};
use identity::{FileKey, stem};

/// Milliseconds since 1970, given by the caller.
pub type Millis = i64;

/// Text that one frame takes from files.
const FRAME_TEXT_BYTES: usize = 1 << 20;
/// A renamed file is read on for this long after its last new line before it counts as finished: programs write
/// to it until they are told to open the new one.
const ROTATED_PATIENCE_MS: Millis = 60_000;
/// A finished file has not changed for this long.
const FINISHED_PATIENCE_MS: Millis = 5_000;
/// The copy of truncated text is looked for this long.
const COPY_PATIENCE_MS: Millis = 300_000;
/// Problems that are kept between two calls of [`Tail::take_diagnostics`].
const DIAGNOSTICS_MAX: usize = 64;

/// What to follow and how.
#[derive(Debug, Clone)]
pub struct TailOptions {
    /// Name of the input.
    pub name: String,
    /// Patterns of paths: `/var/log/*.log`; `**` descends.
    pub include: Vec<String>,
    /// Patterns of paths that are left out.
    pub exclude: Vec<String>,
    /// Whether files that are there when the input runs for the first time are read from their beginning.
    pub from_beginning: bool,
    /// How lines become records.
    pub join: Join,
    /// How long to wait for further lines of a record.
    pub join_patience_ms: Millis,
    /// A longer line is cut into pieces, each marked as such.
    pub line_bytes_max: usize,
    /// How often to look for new and renamed files.
    pub search_every_ms: Millis,
    /// After how long the mark of a file that is gone is forgotten.
    pub forget_after_ms: Millis,
    /// Whether the files are finished: what follows the last line end is a record too.
    pub is_finished: bool,
}

impl TailOptions {
    /// The defaults: from the beginning, one record per line, lines to 256 KiB, a search each second, marks kept
    /// for a week.
    pub fn new(name: &str, include: Vec<String>) -> Self {
        Self {
            name: name.to_owned(),
            include,
            exclude: Vec::new(),
            from_beginning: true,
            join: Join::Lines,
            join_patience_ms: 1_000,
            line_bytes_max: 256 << 10,
            search_every_ms: 1_000,
            forget_after_ms: 7 * 24 * 3_600_000,
            is_finished: false,
        }
    }
}

/// What the input did so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TailStats {
    /// Files that are followed.
    pub files: u64,
    /// Records that were handed out and stored.
    pub records: u64,
    /// Records that are pieces of lines over the limit.
    pub pieces: u64,
    /// Files that were found truncated or replaced in place.
    pub truncations: u64,
    /// Truncated files whose copy was not found in time. Whether it held unread lines is not known.
    pub copies_not_found: u64,
}

/// Follows the files of one input.
#[derive(Debug)]
pub struct Tail {
    options: TailOptions,
    patterns: Patterns,
    /// Files by identity, those included that are gone and not yet forgotten.
    files: BTreeMap<FileKey, Followed>,
    /// Texts that were truncated away, whose copies are looked for.
    lost: Vec<Lost>,
    /// Progress that counts once the frame is stored.
    pending: Vec<(FileKey, followed::Step)>,
    /// Marks of files that were forgotten.
    forgotten: Vec<String>,
    searched: Option<Millis>,
    /// The input has run before, or has seen its first files.
    is_begun: bool,
    /// The file whose turn it is, so that one busy file does not starve the others.
    turn: usize,
    stats: TailStats,
    diagnostics: Vec<Diagnostic>,
}

/// Text that was read up to a place and is gone from its file.
#[derive(Debug)]
struct Lost {
    path: PathBuf,
    progress: identity::Progress,
    since: Millis,
    /// Whether it is stored that it is looked for.
    is_stored: bool,
    /// Whether a copy was found, or none is expected since all of it was read.
    is_found: bool,
}

/// What the mark of a lost text says.
#[derive(Debug, Serialize, Deserialize)]
struct LostMark {
    path: PathBuf,
    progress: identity::Progress,
    since: Millis,
}

impl Tail {
    /// A follower that goes on from marks of earlier runs: those of [`crate::spool::Spool::marks`] for
    /// [`Tail::mark_prefix`]. Fails if a pattern is wrong.
    pub fn new(options: TailOptions, marks: &BTreeMap<String, Vec<u8>>) -> Result<Self, String> {
        let patterns = Patterns::new(&options.include, &options.exclude)?;
        let prefix = Self::mark_prefix(&options.name);
        let mut files = BTreeMap::new();
        let mut lost = Vec::new();
        for (source, state) in marks.range(prefix.clone()..).take_while(|(name, _)| name.starts_with(&prefix))
        {
            // A mark of another version that cannot be read is one we do not have: the file is read again.
            if let (Some(key), Ok(mark)) = (parse_key(&source[prefix.len()..]), serde_json::from_slice(state))
            {
                files.insert(key, Followed::resumed(mark));
            } else if let Ok(LostMark { path, progress, since }) = serde_json::from_slice(state) {
                lost.push(Lost { path, progress, since, is_stored: true, is_found: false });
            }
        }
        Ok(Self {
            is_begun: !files.is_empty(),
            options,
            patterns,
            files,
            lost,
            pending: Vec::new(),
            forgotten: Vec::new(),
            searched: None,
            turn: 0,
            stats: TailStats::default(),
            diagnostics: Vec::new(),
        })
    }

    /// What the marks of the input called `name` begin with.
    pub fn mark_prefix(name: &str) -> String {
        format!("tail/{name}/")
    }

    /// Looks at the files once. The frame holds new records, or only marks, or nothing ([`Frame::is_empty`]).
    /// Without [`Tail::stored`] in between, the next pass returns the same again.
    pub fn pass(&mut self, now: Millis) -> Frame {
        self.pending.clear();
        if self.searched.is_none_or(|searched| now - searched >= self.options.search_every_ms) {
            self.search(now);
            self.searched = Some(now);
        }
        let mut frame = Frame::new(&self.options.name, now.saturating_mul(1_000_000));
        for name in &self.forgotten {
            frame.marks.push(Mark { source: name.clone(), state: None });
        }
        let keys: Vec<FileKey> = self.files.keys().copied().collect();
        let mut text = 0;
        for index in 0..keys.len() {
            let key = keys[(self.turn + index) % keys.len()];
            if text >= FRAME_TEXT_BYTES {
                break;
            }
            text += self.read(key, now, &mut frame);
        }
        let prefix = Self::mark_prefix(&self.options.name);
        for lost in self.lost.iter().filter(|lost| !lost.is_stored) {
            let mark =
                LostMark { path: lost.path.clone(), progress: lost.progress.clone(), since: lost.since };
            frame.marks.push(Mark { source: lost.mark_name(&prefix), state: serde_json::to_vec(&mark).ok() });
        }
        self.turn = if keys.is_empty() { 0 } else { (self.turn + 1) % keys.len() };
        frame
    }

    /// The frame of the last pass is stored: its records are read for good.
    pub fn stored(&mut self) {
        self.forgotten.clear();
        self.lost.iter_mut().for_each(|lost| lost.is_stored = true);
        for (key, step) in std::mem::take(&mut self.pending) {
            self.stats.records += step.records;
            self.stats.pieces += step.pieces;
            if let Some(file) = self.files.get_mut(&key) {
                file.apply(step);
            }
        }
    }

    /// What the input did so far.
    pub fn stats(&self) -> TailStats {
        TailStats { files: self.files.values().filter(|file| file.is_open()).count() as u64, ..self.stats }
    }

    /// Problems since the last call: files that cannot be read, patterns that match too many.
    pub fn take_diagnostics(&mut self) -> Vec<Diagnostic> {
        std::mem::take(&mut self.diagnostics)
    }

    fn diagnose(&mut self, kind: DiagnosticKind, path: &Path, message: String) {
        if self.diagnostics.len() < DIAGNOSTICS_MAX {
            self.diagnostics.push(Diagnostic::new(kind, message).at(path.display().to_string()));
        }
    }

    /// Finds new, renamed and vanished files.
    fn search(&mut self, now: Millis) {
        let found = self.patterns.search();
        if found.is_cut {
            let message = format!("more files than are followed: the first {} are", found.paths.len());
            self.diagnose(DiagnosticKind::LimitReached, Path::new(&self.options.name.clone()), message);
        }
        for file in self.files.values_mut() {
            file.is_at_path = false;
        }
        let mut fresh = Vec::new();
        for path in found.paths {
            match std::fs::metadata(&path) {
                Ok(metadata) if metadata.is_file() => {
                    let key = FileKey::of(&metadata);
                    if self.files.contains_key(&key) {
                        self.see_again(key, &path, metadata.len(), now, &mut fresh);
                    } else {
                        fresh.push((key, path));
                    }
                }
                _ => {}
            }
        }
        for (key, path) in fresh {
            self.begin(key, &path, now);
        }
        self.is_begun = true;
        self.find_moved(now);
        self.find_copies(now);
        self.forget(now);
    }

    /// A file that is known by its inode was found, if it is that file.
    fn see_again(
        &mut self,
        key: FileKey,
        path: &Path,
        size: u64,
        now: Millis,
        fresh: &mut Vec<(FileKey, PathBuf)>,
    ) {
        let Some(file) = self.files.get_mut(&key) else { return };
        match file.seen_at(path, key, size, now) {
            Seen::Same => {}
            Seen::Other => {
                // Nothing was truncated, but the text is remembered, since a compressed copy of it may come.
                let lost = Lost::new(file, now);
                self.lost.extend(lost);
                self.files.remove(&key);
                fresh.push((key, path.to_path_buf()));
            }
            Seen::Unreadable(message) => self.diagnose(DiagnosticKind::Unreadable, path, message),
        }
    }

    /// Starts to follow a file that was not known.
    fn begin(&mut self, key: FileKey, path: &Path, now: Millis) {
        let mut content = match Content::open(path) {
            Ok(Some(content)) if content.key() == key => content,
            // Replaced in the meantime: the next search sees what it is then.
            Ok(_) => return,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return,
            Err(error) => {
                return self.diagnose(DiagnosticKind::Unreadable, path, format!("cannot read it: {error}"));
            }
        };
        let known = if self.is_begun { self.copied_from(path, &mut content) } else { Origin::New };
        match known {
            Origin::Undecided => {}
            Origin::CopyOf(progress) => self.adopt(key, Followed::new(path, content, progress, now)),
            Origin::New => {
                let skip = !self.is_begun && !self.options.from_beginning && !content.is_compressed();
                let start = if skip { content.stamp().map_or(0, |(bytes, _)| bytes) } else { 0 };
                let progress = identity::Progress::at(start, &mut content).ok().flatten().unwrap_or_default();
                let mut file = Followed::new(path, content, progress, now);
                file.needs_mark = skip;
                self.files.insert(key, file);
            }
        }
    }

    /// Follows a copy from where reading of its text had stopped.
    fn adopt(&mut self, key: FileKey, mut file: Followed) {
        // Else a restart would take it for a file never seen.
        file.needs_mark = true;
        for lost in self.lost.iter_mut().filter(|lost| lost.progress == file.progress) {
            lost.is_found = true;
        }
        self.files.insert(key, file);
    }

    /// Whether the file is a copy of text that was already read, and how far that was.
    fn copied_from(&mut self, path: &Path, content: &mut Content) -> Origin {
        let name = file_name(path);
        // A log that is written to has no suffix of rotation; its first line may well be the same every time.
        if stem(&name) == name {
            return Origin::New;
        }
        let is_related =
            |other: &Path| path.parent() == other.parent() && stem(&name) == stem(&file_name(other));
        let lost = self.lost.iter().map(|lost| (&lost.path, lost.progress.clone(), false));
        let files = self.files.values_mut().map(|file| {
            let progress = file.identifying_progress();
            (&file.path, progress, file.is_open())
        });
        let mut related: Vec<_> = lost
            .chain(files)
            .filter(|(path, progress, _)| progress.offset > 0 && is_related(path))
            .map(|(_, progress, is_open)| (progress, is_open))
            .collect();
        // The longest text that fits is the nearest relative.
        related.sort_by_key(|(progress, _)| std::cmp::Reverse(progress.offset));
        // Most know 1,024 bytes of the beginning: those of this file are read once, not once per relative.
        let mut heads = BTreeMap::new();
        for (progress, is_open) in related {
            let length = progress.head_bytes();
            let head = match heads.get(&length) {
                Some(head) => *head,
                None => match identity::digest(content, 0, length) {
                    Ok(head) => *heads.entry(length).or_insert(head),
                    // A compressed file that is still being written.
                    Err(_) => return Origin::Undecided,
                },
            };
            if !progress.begins_with(head) {
                continue;
            }
            match progress.holds_for(content) {
                // Still open: what is not yet read of it is read there. Decided when it is closed or truncated.
                Ok(true) if is_open => return Origin::Undecided,
                Ok(true) => return Origin::CopyOf(progress),
                Ok(false) => {}
                // A compressed file that is still being written.
                Err(_) => return Origin::Undecided,
            }
        }
        Origin::New
    }

    /// Files that are not where they were, and not open: looked for beside their old place by inode.
    fn find_moved(&mut self, now: Millis) {
        let missing: Vec<FileKey> = self
            .files
            .iter()
            .filter(|(_, file)| !file.is_at_path && !file.is_settled)
            .map(|(key, _)| *key)
            .collect();
        for key in missing {
            let Some(file) = self.files.get_mut(&key) else { continue };
            if file.is_open() {
                file.rotated_since.get_or_insert(now);
                continue;
            }
            file.is_settled = true;
            let path = file.path.clone();
            if file.is_done() {
                continue;
            }
            let moved = siblings(&path).into_iter().find_map(|sibling| {
                let metadata = std::fs::metadata(&sibling).ok()?;
                (FileKey::of(&metadata) == key).then_some((sibling, metadata.len()))
            });
            if let Some((moved, size)) = moved
                && let Seen::Same = file.seen_at(&moved, key, size, now)
            {
                file.is_at_path = false;
                file.rotated_since = Some(now);
            } else {
                // Removed while we were away: what is left of it may be in a compressed copy. Its own mark stays,
                // so it need not be stored that it is looked for.
                let progress = file.progress.clone();
                self.lost.push(Lost { path, progress, since: now, is_stored: true, is_found: false });
            }
        }
    }

    /// Copies of truncated text beside the file it was in, which no pattern need match.
    fn find_copies(&mut self, now: Millis) {
        let searched_for = self.lost.iter().filter(|lost| !lost.is_found);
        // Texts of one file have the same relatives.
        let wanted: std::collections::BTreeSet<PathBuf> =
            searched_for.map(|lost| lost.path.clone()).collect();
        for path in wanted {
            for sibling in siblings(&path) {
                let Ok(metadata) = std::fs::metadata(&sibling) else { continue };
                let key = FileKey::of(&metadata);
                if self.files.contains_key(&key) {
                    continue;
                }
                let Ok(Some(mut content)) = Content::open(&sibling) else { continue };
                if let Origin::CopyOf(progress) = self.copied_from(&sibling, &mut content) {
                    let mut file = Followed::new(&sibling, content, progress, now);
                    file.rotated_since = Some(now);
                    file.is_at_path = false;
                    self.adopt(key, file);
                }
            }
        }
        let prefix = Self::mark_prefix(&self.options.name);
        let (forgotten, stats) = (&mut self.forgotten, &mut self.stats);
        self.lost.retain(|lost| {
            let stays = now - lost.since < COPY_PATIENCE_MS;
            if !stays {
                forgotten.push(lost.mark_name(&prefix));
                stats.copies_not_found += u64::from(!lost.is_found);
            }
            stays
        });
    }

    /// Drops the marks of files that have been gone for long.
    fn forget(&mut self, now: Millis) {
        let prefix = Self::mark_prefix(&self.options.name);
        let patience = self.options.forget_after_ms;
        let forgotten = &mut self.forgotten;
        self.files.retain(|key, file| {
            let stays = file.is_at_path || file.is_open() || now - file.seen < patience;
            if !stays {
                forgotten.push(mark_name(&prefix, *key));
            }
            stays
        });
    }

    /// Reads one file; returns how many bytes of text went into the frame.
    fn read(&mut self, key: FileKey, now: Millis, frame: &mut Frame) -> usize {
        let Some(file) = self.files.get_mut(&key) else { return 0 };
        if file.is_open() && !file.is_as_known(now) {
            self.stats.truncations += 1;
            self.lost.extend(Lost::new(file, now));
            file.restart();
            // The copy may be there already.
            self.searched = None;
        }
        let Some(file) = self.files.get_mut(&key) else { return 0 };
        let step = match file.read(&self.options, now, frame) {
            Ok(Some(step)) => step,
            Ok(None) => return 0,
            Err(error) => {
                let path = file.path.clone();
                let message = format!("cannot read on: {error}");
                self.diagnose(DiagnosticKind::Unreadable, &path, message);
                return 0;
            }
        };
        let mark = StoredMark {
            path: file.path.clone(),
            progress: step.progress.clone(),
            seen: now,
            done_size: step.done_size,
        };
        let source = mark_name(&Self::mark_prefix(&self.options.name), key);
        frame.marks.push(Mark { source, state: serde_json::to_vec(&mark).ok() });
        let bytes = step.bytes;
        self.pending.push((key, step));
        bytes
    }
}

impl Lost {
    /// The text of a file that no longer holds it.
    fn new(file: &Followed, now: Millis) -> Option<Self> {
        let (path, progress, is_found) = (file.path.clone(), file.progress.clone(), file.is_done());
        (progress.offset > 0).then_some(Self { path, progress, since: now, is_stored: false, is_found })
    }

    fn mark_name(&self, prefix: &str) -> String {
        format!("{prefix}lost/{}", self.progress.name())
    }
}

/// Where the text of a file comes from.
enum Origin {
    New,
    CopyOf(identity::Progress),
    Undecided,
}

fn mark_name(prefix: &str, key: FileKey) -> String {
    format!("{prefix}{}-{}", key.device, key.inode)
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn parse_key(text: &str) -> Option<FileKey> {
    let (device, inode) = text.split_once('-')?;
    Some(FileKey { device: device.parse().ok()?, inode: inode.parse().ok()? })
}

/// Files in the same folder with the same name but for rotation's suffix, in order.
fn siblings(path: &Path) -> Vec<PathBuf> {
    let Some(folder) = path.parent() else { return Vec::new() };
    let name = file_name(path);
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut found: Vec<PathBuf> = entries
        .flatten()
        .filter(|entry| stem(&entry.file_name().to_string_lossy()) == stem(&name))
        .map(|entry| entry.path())
        .take(discover::FILES_MAX)
        .collect();
    found.sort();
    found
}
