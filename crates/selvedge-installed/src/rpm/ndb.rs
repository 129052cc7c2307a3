//! The ndb format of RPM (`Packages.db`), which SUSE uses: slots that point to blobs.

use super::OnBlob;
use super::bytes::Order;

const MAGIC: &[u8] = b"RpmP";
const SLOT: &[u8] = b"Slot";
const BLOB: &[u8] = b"BlbS";

const PAGE_SIZE: usize = 4096;
const SLOT_SIZE: usize = 16;
/// The header takes the place of the first two slots.
const HEADER_SLOTS: usize = 2;
/// Unit in which slots count.
const BLOCK_SIZE: usize = 16;
const BLOB_HEADER_SIZE: usize = 16;
/// Pages of slots: each has 256.
const SLOT_PAGES_MAX: usize = 4096;

/// Whether the bytes begin like such a database.
pub(super) fn is_database(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

/// Calls `found` with the blob of every package until it says to stop.
pub(super) fn each(bytes: &[u8], found: &mut OnBlob<'_>) -> Result<(), String> {
    let version = Order::Little.u32(bytes, 4).unwrap_or(u32::MAX);
    if version != 0 {
        return Err(format!("expected an ndb database of version 0, found {version}"));
    }
    let pages = Order::Little.u32(bytes, 12).unwrap_or(0) as usize;
    if pages == 0 || pages > SLOT_PAGES_MAX {
        return Err(format!("expected 1 to {SLOT_PAGES_MAX} pages of slots (SLOT_PAGES_MAX), found {pages}"));
    }
    let slots = bytes.get(..pages * PAGE_SIZE).ok_or("the database is cut off in its slots")?;
    for slot in slots.chunks_exact(SLOT_SIZE).skip(HEADER_SLOTS) {
        if !slot.starts_with(SLOT) {
            return Err("expected a slot, found something else".to_owned());
        }
        let word = |at| Order::Little.u32(slot, at).unwrap_or(0);
        let (index, block) = (word(4), word(8));
        // Free slots have no block.
        if index == 0 || block == 0 {
            continue;
        }
        let blob =
            blob(bytes, block as usize, index).ok_or_else(|| format!("the blob of slot {index} is damaged"));
        if !found(blob) {
            break;
        }
    }
    Ok(())
}

fn blob(bytes: &[u8], block: usize, index: u32) -> Option<&[u8]> {
    let start = block.checked_mul(BLOCK_SIZE)?;
    let header = bytes.get(start..start.checked_add(BLOB_HEADER_SIZE)?)?;
    if !header.starts_with(BLOB) || Order::Little.u32(header, 4)? != index {
        return None;
    }
    let length = Order::Little.u32(header, 12)? as usize;
    bytes.get(start + BLOB_HEADER_SIZE..(start + BLOB_HEADER_SIZE).checked_add(length)?)
}
