//! Writing an index from sorted records.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};

use tempfile::SpooledTempFile;
use xxhash_rust::xxh3::xxh3_128;

use super::identity::{Ids, RankedIds};
use super::prepare::{Extras, Prepared};
use super::sorter::{Sorted, Sorter};
use super::text::{Sampler, TextWriter};
use super::{BuildReport, IndexBuilder, SORT_MEMORY_BYTES};
use crate::index::format::{SECTION_COUNT, assemble};
use crate::index::meta::{EcosystemStatus, IndexStatus, OriginStatus, SourceStatus};
use crate::index::record::{State, put_head};
use crate::index::table::TableWriter;
use crate::index::varint::{put_ascending, put_bytes, put_u64};
use crate::key;
use crate::record::source_of;

/// A section stays in memory up to this size.
const SPOOL_BYTES_MAX: usize = 8 << 20;

/// Bytes of a commit hash that are stored: SHA-1 whole, of SHA-256 the beginning.
pub(crate) const COMMIT_BYTES: usize = 20;

/// What the first walk leaves.
struct Numbered {
    ids: RankedIds,
    /// For each record its id (as first numbered) and whether it counts.
    records: Vec<(u32, State)>,
    dictionary: Vec<u8>,
}

/// Strings that many entries share, each stored once.
#[derive(Default)]
struct Strings {
    places: HashMap<String, u32>,
    bytes: Vec<u8>,
}

impl Strings {
    fn place(&mut self, text: &str) -> u32 {
        if let Some(place) = self.places.get(text) {
            return *place;
        }
        let place = self.bytes.len() as u32;
        put_bytes(&mut self.bytes, text.as_bytes());
        self.places.insert(text.to_owned(), place);
        place
    }

    /// A reference that can be absent: the place plus one, or zero.
    fn optional(&mut self, text: Option<&str>) -> u64 {
        text.map_or(0, |text| u64::from(self.place(text)) + 1)
    }
}

/// What the second walk writes.
struct Sections {
    spools: SpoolFolder,
    strings: Strings,
    record_table: SpooledTempFile,
    records: SpooledTempFile,
    records_bytes: u64,
    rows: Sorter,
    commits: Vec<[u8; COMMIT_BYTES + 4]>,
    text: TextWriter,
    sources: BTreeMap<(String, String), SourceStatus>,
}

#[derive(Clone)]
struct SpoolFolder(std::path::PathBuf);

impl SpoolFolder {
    fn spool(&self) -> SpooledTempFile {
        tempfile::spooled_tempfile_in(SPOOL_BYTES_MAX, &self.0)
    }
}

impl IndexBuilder {
    /// Writes the index.
    pub fn finish(mut self, out: &mut (impl Write + Seek)) -> io::Result<BuildReport> {
        let folder = self.options.temporary.clone();
        let sorter = std::mem::replace(&mut self.sorter, Sorter::new(&folder, SORT_MEMORY_BYTES));
        let mut sorted = sorter.finish()?;
        let origin_ranks = self.rank_origins();
        let numbered = self.number(&mut sorted, &origin_ranks)?;
        let spools = SpoolFolder(folder.clone());
        let mut sections = Sections {
            strings: Strings::default(),
            record_table: spools.spool(),
            records: spools.spool(),
            records_bytes: 0,
            rows: Sorter::new(&folder, SORT_MEMORY_BYTES),
            commits: Vec::new(),
            text: TextWriter::new(
                numbered.dictionary.clone(),
                self.options.level,
                self.options.threads,
                spools.spool(),
                spools.spool(),
            ),
            sources: BTreeMap::new(),
            spools,
        };
        let (groups, group_places) = put_groups(&numbered);
        let mut number = 0;
        let origins = &mut self.origins;
        let copies = walk_records(&mut sorted, &origin_ranks, |record, state| {
            let origin = &mut origins[record.origin as usize];
            origin.records += 1;
            origin.newest = origin.newest.max(record.modified);
            origin.shadowed += u64::from(state == State::Shadowed);
            let rank = origin_ranks[record.origin as usize];
            sections.put_record(&record, state, number, rank, &numbered, &group_places)?;
            number += 1;
            Ok(())
        })?;
        drop(sorted);
        let mut status = self.status(&numbered, &sections.sources);
        let records = numbered.records.len() as u64;
        let digest = sections.finish(&mut status, &numbered.ids, groups, &group_places, &self, out)?;
        self.diagnostics.sort_unstable();
        Ok(BuildReport {
            diagnostics: self.diagnostics,
            diagnostics_dropped: self.diagnostics_dropped,
            records,
            copies,
            digest,
        })
    }

    /// The place of each origin when they are sorted by label.
    fn rank_origins(&self) -> Vec<u32> {
        let mut order: Vec<usize> = (0..self.origins.len()).collect();
        order.sort_by(|a, b| self.origins[*a].label.cmp(&self.origins[*b].label));
        let mut ranks = vec![0; order.len()];
        for (rank, origin) in order.into_iter().enumerate() {
            ranks[origin] = rank as u32;
        }
        ranks
    }

    fn number(&self, sorted: &mut Sorted, origin_ranks: &[u32]) -> io::Result<Numbered> {
        let mut ids = Ids::default();
        let mut records = Vec::new();
        let mut sampler = Sampler::new(self.text_bytes);
        walk_records(sorted, origin_ranks, |record, state| {
            let id = ids.number(&record.id);
            for alias in &record.aliases {
                let alias = ids.number(alias);
                if state == State::Active {
                    ids.join(id, alias);
                }
            }
            for other in record.related.iter().chain(&record.upstream) {
                ids.number(other);
            }
            sampler.offer(&record.json);
            records.push((id, state));
            Ok(())
        })?;
        Ok(Numbered { ids: ids.rank(), records, dictionary: sampler.train() })
    }

    fn status(&self, numbered: &Numbered, sources: &BTreeMap<(String, String), SourceStatus>) -> IndexStatus {
        let count = |state| numbered.records.iter().filter(|it| it.1 == state).count() as u64;
        let mut origins: Vec<OriginStatus> = self.origins.clone();
        origins.sort_by(|a, b| a.label.cmp(&b.label));
        IndexStatus {
            origins,
            sources: sources.values().cloned().collect(),
            ecosystems: Vec::new(),
            records: count(State::Active),
            withdrawn: count(State::Withdrawn),
            shadowed: count(State::Shadowed),
            groups: numbered.ids.groups.len() as u64,
            epss: self.epss.len() as u64,
            kev: self.kev.len() as u64,
        }
    }
}

/// Calls `each` for every record in its final order: by id, the one that counts first. Returns how many
/// were exact copies of another of the same import, which are left out.
fn walk_records(
    sorted: &mut Sorted,
    origin_ranks: &[u32],
    mut each: impl FnMut(Prepared, State) -> io::Result<()>,
) -> io::Result<u64> {
    let mut same: Vec<Prepared> = Vec::new();
    let mut copies = 0;
    let mut flush = |same: &mut Vec<Prepared>| {
        let rank = |record: &Prepared| origin_ranks[record.origin as usize];
        same.sort_by(|a, b| {
            let newest = b.modified.cmp(&a.modified).then(a.native.cmp(&b.native));
            newest.then(rank(a).cmp(&rank(b))).then_with(|| a.json.cmp(&b.json))
        });
        let all = same.len();
        same.dedup_by(|a, b| a.origin == b.origin && a.json == b.json);
        copies += (all - same.len()) as u64;
        for (place, record) in same.drain(..).enumerate() {
            let state = match (place, record.withdrawn) {
                (0, true) => State::Withdrawn,
                (0, false) => State::Active,
                _ => State::Shadowed,
            };
            each(record, state)?;
        }
        io::Result::Ok(())
    };
    sorted.walk(|_, payload| {
        let record = Prepared::from_bytes(payload)?;
        if same.first().is_some_and(|first| first.id != record.id) {
            flush(&mut same)?;
        }
        same.push(record);
        io::Result::Ok(())
    })?;
    flush(&mut same)?;
    Ok(copies)
}

/// The group section, and where in it each group begins.
fn put_groups(numbered: &Numbered) -> (Vec<u8>, Vec<u32>) {
    let ids = &numbered.ids;
    let mut records_of: Vec<Vec<u32>> = vec![Vec::new(); ids.groups.len()];
    for (number, (id, state)) in numbered.records.iter().enumerate() {
        let group = ids.group_of[ids.ranks[*id as usize] as usize];
        if *state == State::Active && group > 0 {
            records_of[group as usize - 1].push(number as u32);
        }
    }
    // The first byte is never a group, so that 0 can stand for none.
    let mut out = vec![0];
    let mut places = Vec::with_capacity(ids.groups.len());
    for (group, records) in ids.groups.iter().zip(&records_of) {
        places.push(out.len() as u32);
        put_ascending(&mut out, group);
        put_ascending(&mut out, records);
    }
    (out, places)
}

impl Sections {
    fn put_record(
        &mut self,
        record: &Prepared,
        state: State,
        number: u32,
        origin: u32,
        numbered: &Numbered,
        group_places: &[u32],
    ) -> io::Result<()> {
        let ids = &numbered.ids;
        let rank_of = |id: &str| ids.names.binary_search_by(|name| (**name).cmp(id)).unwrap_or(0) as u32;
        let rank = ids.ranks[numbered.records[number as usize].0 as usize];
        let group = match (state, ids.group_of[rank as usize]) {
            (State::Active, group) if group > 0 => group_places[group as usize - 1],
            _ => 0,
        };
        let place = self.text.add(&record.json)?;
        let mut entry = Vec::new();
        put_head(&mut entry, rank, group, state, record.malicious, record.native);
        put_u64(&mut entry, u64::from(origin));
        put_u64(&mut entry, zigzag(record.modified));
        for number in [place.0, place.1, place.2] {
            put_u64(&mut entry, u64::from(number));
        }
        self.put_scores(&mut entry, &record.severity);
        for word in [&record.severity_word, &record.license] {
            let reference = self.strings.optional(word.as_deref());
            put_u64(&mut entry, reference);
        }
        for list in [&record.upstream, &record.related] {
            let mut ranks: Vec<u32> = list.iter().map(|id| rank_of(id)).collect();
            ranks.sort_unstable();
            put_ascending(&mut entry, &ranks);
        }
        self.record_table.write_all(&(self.records_bytes as u32).to_le_bytes())?;
        self.records.write_all(&entry)?;
        self.records_bytes += entry.len() as u64;
        if u32::try_from(self.records_bytes).is_err() {
            return Err(io::Error::other("records over 4 GiB"));
        }
        self.count_source(record, state);
        if state == State::Active {
            self.put_rows(record, number)?;
        }
        Ok(())
    }

    fn put_rows(&mut self, record: &Prepared, number: u32) -> io::Result<()> {
        for row in &record.rows {
            let mut payload = number.to_be_bytes().to_vec();
            payload.extend_from_slice(&row.body);
            if !row.extras.is_empty() {
                self.put_extras(&mut payload, &row.extras);
            }
            self.rows.push(row.key.clone(), payload)?;
        }
        for commit in &record.commits {
            let mut entry = [0; COMMIT_BYTES + 4];
            entry[..COMMIT_BYTES].copy_from_slice(&commit.hash[..COMMIT_BYTES]);
            entry[COMMIT_BYTES..].copy_from_slice(&(number << 2 | u32::from(commit.kind)).to_be_bytes());
            self.commits.push(entry);
        }
        Ok(())
    }

    fn put_scores(&mut self, out: &mut Vec<u8>, scores: &[(String, String)]) {
        put_u64(out, scores.len() as u64);
        for (kind, score) in scores {
            put_u64(out, u64::from(self.strings.place(kind)));
            put_u64(out, u64::from(self.strings.place(score)));
        }
    }

    fn put_extras(&mut self, out: &mut Vec<u8>, extras: &Extras) {
        self.put_scores(out, &extras.severity);
        for word in [&extras.severity_word, &extras.informational] {
            let reference = self.strings.optional(word.as_deref());
            put_u64(out, reference);
        }
        for list in [&extras.systems, &extras.architectures] {
            put_u64(out, list.len() as u64);
            for word in list {
                put_u64(out, u64::from(self.strings.place(word)));
            }
        }
        put_u64(out, extras.symbols.len() as u64);
        for (path, names) in &extras.symbols {
            put_bytes(out, path.as_bytes());
            put_u64(out, names.len() as u64);
            for name in names {
                put_bytes(out, name.as_bytes());
            }
        }
    }

    fn count_source(&mut self, record: &Prepared, state: State) {
        let (name, license) = match source_of(&record.id) {
            Some(source) => (source.name.to_owned(), source.license.to_owned()),
            None => (record.id.split('-').next().unwrap_or_default().to_owned(), String::new()),
        };
        let key = (name.clone(), license.clone());
        let status =
            self.sources.entry(key).or_insert_with(|| SourceStatus { name, license, ..Default::default() });
        match state {
            State::Active => status.records += 1,
            State::Withdrawn => status.withdrawn += 1,
            State::Shadowed => return,
        }
        status.newest = status.newest.max(record.modified);
    }

    fn finish(
        self,
        status: &mut IndexStatus,
        ids: &RankedIds,
        groups: Vec<u8>,
        group_places: &[u32],
        builder: &IndexBuilder,
        out: &mut (impl Write + Seek),
    ) -> io::Result<[u8; 32]> {
        let Self { spools, strings, record_table, records, rows, mut commits, text, .. } = self;
        let packages = put_packages(rows.finish()?, &spools, &mut status.ecosystems)?;
        let mut id_table = TableWriter::new(spools.spool());
        for (name, group) in ids.names.iter().zip(&ids.group_of) {
            let place = if *group > 0 { group_places[*group as usize - 1] } else { 0 };
            id_table.add(name.as_bytes(), u64::from(place))?;
        }
        commits.sort_unstable();
        commits.dedup();
        let epss = builder.epss.iter().map(|(cve, score)| (cve.to_u32(), score.encode()));
        let kev = builder.kev.iter().map(|(cve, entry)| (cve.to_u32(), entry.encode()));
        let (dictionary, text_table, text) = text.finish()?;
        let meta = postcard::to_stdvec(status).map_err(io::Error::other)?;
        let mut sections: [Box<dyn Read + '_>; SECTION_COUNT] = [
            Box::new(Cursor::new(meta)),
            packages.keys,
            rewound(packages.postings)?,
            rewound(packages.bodies)?,
            table(id_table)?,
            Box::new(Cursor::new(groups)),
            rewound(record_table)?,
            rewound(records)?,
            Box::new(Cursor::new(strings.bytes)),
            Box::new(Cursor::new(commits.concat())),
            Box::new(Cursor::new(triples(epss))),
            Box::new(Cursor::new(triples(kev))),
            Box::new(Cursor::new(dictionary)),
            rewound(text_table)?,
            rewound(text)?,
        ];
        assemble(&mut sections, out)
    }
}

/// The sections that packages are found with.
struct Packages {
    keys: Box<dyn Read>,
    postings: SpooledTempFile,
    bodies: SpooledTempFile,
}

/// Writes keys, postings and bodies. A body that several packages share is stored once; bodies lie in the
/// order in which keys first use them, so that a lookup touches few pages.
fn put_packages(
    mut rows: Sorted,
    spools: &SpoolFolder,
    ecosystems: &mut Vec<EcosystemStatus>,
) -> io::Result<Packages> {
    let mut keys = TableWriter::new(spools.spool());
    let (mut postings, mut bodies) = (spools.spool(), spools.spool());
    let (mut postings_bytes, mut bodies_bytes) = (0u64, 0u64);
    let mut places: HashMap<u128, u32> = HashMap::new();
    let mut counts: BTreeMap<(String, String), EcosystemStatus> = BTreeMap::new();
    let mut current: Option<Vec<u8>> = None;
    let mut list: Vec<(u32, u32)> = Vec::new();
    let mut flush = |key: &[u8], list: &mut Vec<(u32, u32)>| {
        list.sort_unstable();
        list.dedup();
        let mut out = Vec::new();
        put_u64(&mut out, list.len() as u64);
        let mut previous = 0;
        for (record, body) in &*list {
            put_u64(&mut out, u64::from(record - previous));
            put_u64(&mut out, u64::from(*body));
            previous = *record;
        }
        keys.add(key, postings_bytes)?;
        postings.write_all(&out)?;
        postings_bytes += out.len() as u64;
        if let Some((ecosystem, _, release)) = key::split_key(key) {
            let names = (ecosystem.to_owned(), release.to_owned());
            let count = counts.entry(names.clone()).or_insert_with(|| EcosystemStatus {
                ecosystem: names.0,
                release: names.1,
                ..Default::default()
            });
            count.packages += 1;
            count.rows += list.len() as u64;
        }
        list.clear();
        io::Result::Ok(())
    };
    rows.walk(|key, payload| {
        let (number, body) = payload.split_first_chunk::<4>().ok_or(io::ErrorKind::InvalidData)?;
        if let Some(previous) = &current
            && previous.as_slice() != key
        {
            flush(previous, &mut list)?;
            current = None;
        }
        if current.is_none() {
            current = Some(key.to_vec());
        }
        let place = match places.entry(xxh3_128(body)) {
            std::collections::hash_map::Entry::Occupied(place) => *place.get(),
            std::collections::hash_map::Entry::Vacant(place) => {
                let offset =
                    u32::try_from(bodies_bytes).map_err(|_| io::Error::other("bodies over 4 GiB"))?;
                bodies.write_all(body)?;
                bodies_bytes += body.len() as u64;
                *place.insert(offset)
            }
        };
        list.push((u32::from_be_bytes(*number), place));
        Ok(())
    })?;
    if let Some(key) = &current {
        flush(key, &mut list)?;
    }
    *ecosystems = counts.into_values().collect();
    Ok(Packages { keys: table(keys)?, postings, bodies })
}

/// A finished table, its head first.
fn table(writer: TableWriter<SpooledTempFile>) -> io::Result<Box<dyn Read>> {
    let (head, mut body) = writer.finish()?;
    body.seek(SeekFrom::Start(0))?;
    Ok(Box::new(Cursor::new(head).chain(body)))
}

fn rewound(mut spool: SpooledTempFile) -> io::Result<Box<dyn Read>> {
    spool.seek(SeekFrom::Start(0))?;
    Ok(Box::new(spool))
}

/// Three numbers an entry, ascending by the first.
fn triples(entries: impl Iterator<Item = (u32, [u32; 2])>) -> Vec<u8> {
    entries.flat_map(|(key, values)| [key, values[0], values[1]]).flat_map(u32::to_le_bytes).collect()
}

/// A signed number as an unsigned one, small ones staying small.
fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)).cast_unsigned()
}
