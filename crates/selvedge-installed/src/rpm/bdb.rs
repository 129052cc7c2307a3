//! The Berkeley DB hash format of RPM (`Packages`), used up to RPM 4.15.
//!
//! Hash pages hold pairs of key and value; a value that does not fit in its page is a chain of overflow
//! pages. Nothing is looked up by key, so the pages are read one after the other.

use super::OnBlob;
use super::bytes::Order;

const HASH_MAGIC: u32 = 0x0006_1561;
const PAGE_HEADER_SIZE: usize = 26;

/// Page types.
const HASH_UNSORTED: u8 = 2;
const OVERFLOW: u8 = 7;
const HASH: u8 = 13;

/// Kinds of items on a hash page.
const KEY_DATA: u8 = 1;
const OFF_PAGE: u8 = 3;

/// Whether the bytes begin like such a database, in either byte order.
pub(super) fn is_database(bytes: &[u8]) -> bool {
    order(bytes).is_some()
}

fn order(bytes: &[u8]) -> Option<Order> {
    [Order::Little, Order::Big].into_iter().find(|order| order.u32(bytes, 12) == Some(HASH_MAGIC))
}

struct Database<'a> {
    bytes: &'a [u8],
    order: Order,
    page_size: usize,
    /// Overflow pages that may still be read: each belongs to one value only.
    pages_left: usize,
}

/// Calls `found` with the blob of every package until it says to stop.
pub(super) fn each(bytes: &[u8], found: &mut OnBlob<'_>) -> Result<(), String> {
    let order = order(bytes).ok_or("expected a Berkeley DB hash")?;
    let page_size = order.u32(bytes, 20).unwrap_or(0) as usize;
    if !page_size.is_power_of_two() || !(512..=65_536).contains(&page_size) {
        return Err(format!("expected a page size between 512 and 65536, found {page_size}"));
    }
    if bytes.get(24).is_some_and(|algorithm| *algorithm != 0) {
        return Err("the database is encrypted".to_owned());
    }
    let mut database = Database { bytes, order, page_size, pages_left: bytes.len() / page_size };
    for page in bytes.chunks_exact(page_size).skip(1) {
        if !matches!(page[25], HASH | HASH_UNSORTED) {
            continue;
        }
        if !database.values(page, found) {
            break;
        }
    }
    Ok(())
}

impl Database<'_> {
    /// Reads the values of one hash page; whether to go on.
    fn values(&mut self, page: &[u8], found: &mut OnBlob<'_>) -> bool {
        let entries = usize::from(self.order.u16(page, 20).unwrap_or(0));
        let offset = |index: usize| self.order.u16(page, PAGE_HEADER_SIZE + 2 * index).map(usize::from);
        // Items grow from the end of the page: each ends where the one before it begins.
        let items: Vec<Option<&[u8]>> = (1..entries.min(self.page_size / 2))
            .step_by(2)
            .map(|index| page.get(offset(index)?..offset(index - 1)?))
            .collect();
        for item in items {
            let go_on = match item {
                // The record with the key 0 counts the packages; a header has at least its two counts.
                Some([KEY_DATA, value @ ..]) if value.len() <= 8 => true,
                Some([KEY_DATA, value @ ..]) => found(Ok(value)),
                Some(item @ [OFF_PAGE, ..]) => match self.overflow(item) {
                    Some(value) => found(Ok(&value)),
                    None => found(Err("a chain of overflow pages is damaged".to_owned())),
                },
                _ => found(Err("a hash page has a damaged item".to_owned())),
            };
            if !go_on {
                return false;
            }
        }
        true
    }

    /// The value that an item on another page stands for.
    fn overflow(&mut self, item: &[u8]) -> Option<Vec<u8>> {
        let mut number = self.order.u32(item, 4)? as usize;
        let length = self.order.u32(item, 8)? as usize;
        let mut value = Vec::with_capacity(length.min(self.bytes.len()));
        while value.len() < length && number != 0 {
            self.pages_left = self.pages_left.checked_sub(1)?;
            let start = number.checked_mul(self.page_size)?;
            let page = self.bytes.get(start..start.checked_add(self.page_size)?)?;
            if page[25] != OVERFLOW {
                return None;
            }
            let used = usize::from(self.order.u16(page, 22)?);
            value.extend_from_slice(page.get(PAGE_HEADER_SIZE..PAGE_HEADER_SIZE + used)?);
            number = self.order.u32(page, 16)? as usize;
        }
        (value.len() == length).then_some(value)
    }
}
