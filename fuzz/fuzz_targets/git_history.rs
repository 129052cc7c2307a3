//! Any objects in a pack are decoded and attributed without panic and within bounds. The input is the objects,
//! each with its kind and length before it; the pack around them is sound. The id of an object is its number,
//! twenty times, so that trees, commits and deltas of the input can name others, themselves included.
#![no_main]

use std::sync::Mutex;

use libfuzzer_sys::fuzz_target;
use selvedge_source::{History, SourceOptions};

/// No more objects than ids.
const OBJECTS_MAX: usize = 255;

/// Kind as a pack writes it, and content.
fn objects(mut bytes: &[u8]) -> Vec<(u8, &[u8])> {
    let mut objects = Vec::new();
    while let Some(([kind, length], rest)) = bytes.split_first_chunk::<2>()
        && objects.len() < OBJECTS_MAX
    {
        let (content, rest) = rest.split_at(rest.len().min(usize::from(*length) * 2));
        objects.push(([1, 2, 3, 4, 6, 7][usize::from(*kind) % 6], content));
        bytes = rest;
    }
    objects
}

/// A zlib stream of one stored block.
fn zlib(content: &[u8]) -> Vec<u8> {
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in content {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    let length = content.len() as u16;
    let mut out = vec![0x78, 1, 1];
    out.extend(length.to_le_bytes());
    out.extend((!length).to_le_bytes());
    out.extend(content);
    out.extend((b << 16 | a).to_be_bytes());
    out
}

/// The pack and its index.
fn pack(objects: &[(u8, &[u8])]) -> (Vec<u8>, Vec<u8>) {
    let count = objects.len() as u32;
    let mut pack = b"PACK\0\0\0\x02".to_vec();
    pack.extend(count.to_be_bytes());
    let mut offsets = Vec::new();
    for (kind, content) in objects {
        offsets.push(pack.len() as u32);
        // The first bytes of a delta of this pack say of what: how far before it, or the id's byte.
        let (named, content) = if *kind < 6 {
            (1, *content)
        } else {
            content.split_first().map_or((1, *content), |(first, rest)| (*first, rest))
        };
        let size = content.len() as u32;
        pack.push((size & 15) as u8 | kind << 4 | if size > 15 { 0x80 } else { 0 });
        let mut left = size >> 4;
        while left > 0 {
            pack.push((left & 127) as u8 | if left > 127 { 0x80 } else { 0 });
            left >>= 7;
        }
        match kind {
            6 => pack.push(named & 127),
            7 => pack.extend([named; 20]),
            _ => {}
        }
        pack.extend(zlib(content));
    }
    pack.extend([0; 20]);
    let mut index = b"\xfftOc\0\0\0\x02".to_vec();
    for first in 0..256_u32 {
        // Ids begin with 1, 2, 3 ...
        index.extend(first.min(count).to_be_bytes());
    }
    for number in 1..=count {
        index.extend([number as u8; 20]);
    }
    index.extend(vec![0; 4 * offsets.len()]);
    index.extend(offsets.iter().flat_map(|offset| offset.to_be_bytes()));
    index.extend([0; 40]);
    (pack, index)
}

fuzz_target!(|bytes: &[u8]| {
    let objects = objects(bytes);
    let (pack, index) = pack(&objects);
    let Ok(folder) = tempfile::tempdir() else { return };
    let git = folder.path().join(".git");
    let write = |name: &str, content: &[u8]| {
        let path = git.join(name);
        let _ = std::fs::create_dir_all(path.parent().unwrap_or(&git));
        let _ = std::fs::write(path, content);
    };
    write("HEAD", b"ref: refs/heads/main\n");
    write("config", b"[core]\n\trepositoryformatversion = 0\n\tbare = false\n");
    write("refs/heads/main", "01".repeat(20).as_bytes());
    write("refs/tags/t", "02".repeat(20).as_bytes());
    let name = format!("objects/pack/pack-{}", "00".repeat(20));
    write(&format!("{name}.pack"), &pack);
    write(&format!("{name}.idx"), &index);
    let options = SourceOptions { threads: 1, ..SourceOptions::default() };
    let history = History::open(folder.path(), &options).expect("the repository itself is sound");
    let blobs = Mutex::new(std::collections::BTreeSet::new());
    history.for_each_blob(
        &|blob| {
            blobs.lock().expect("nothing panics with it").insert(blob.index);
        },
        &|_| {},
    );
    let blobs: Vec<_> = blobs.into_inner().expect("nothing panics with it").into_iter().collect();
    let found = history.attribute(&blobs, Some(&|_| true), &|_| {}).expect("references are sound");
    assert_eq!(found.found.len(), blobs.len());
    let is_told = |place: &selvedge_source::Attribution| u64::from(place.order) < found.commits;
    assert!(found.found.iter().flatten().chain(&found.paths).all(is_told));
});
