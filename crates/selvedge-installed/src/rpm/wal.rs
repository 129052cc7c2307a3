//! The write-ahead log beside an SQLite database: pages that were committed and not yet moved into the file.
//!
//! A database that was not closed properly, as when a container is stopped, has its last changes only there
//! (SQLite file format, section 4).

use std::collections::HashMap;

use super::bytes::Order;

const HEADER_SIZE: usize = 32;
const FRAME_HEADER_SIZE: usize = 24;
/// The magic number; its last bit says in which byte order the checksums count.
const MAGIC: u32 = 0x377f_0682;

/// The newest committed state of each page in the log, by 1-based number. Frames whose salt or checksum is
/// wrong are left over from an earlier use of the file and end the log.
pub(super) fn pages(log: &[u8], page_size: usize) -> HashMap<u32, &[u8]> {
    committed(log, page_size).unwrap_or_default()
}

fn committed(log: &[u8], page_size: usize) -> Option<HashMap<u32, &[u8]>> {
    let header = log.get(..HEADER_SIZE)?;
    let word = |at| Order::Big.u32(header, at);
    let magic = word(0)?;
    if magic & !1 != MAGIC || word(8)? as usize != page_size {
        return None;
    }
    let order = if magic & 1 == 1 { Order::Big } else { Order::Little };
    let mut sum = Checksum { order, first: 0, second: 0 };
    sum.add(&header[..24]);
    if !sum.is(word(24)?, word(28)?) {
        return None;
    }
    let (mut done, mut open) = (HashMap::new(), HashMap::new());
    for frame in log[HEADER_SIZE..].chunks_exact(FRAME_HEADER_SIZE + page_size) {
        let (head, page) = frame.split_at(FRAME_HEADER_SIZE);
        let word = |at| Order::Big.u32(head, at);
        sum.add(&head[..8]);
        sum.add(page);
        if head[8..16] != header[16..24] || !sum.is(word(16)?, word(20)?) {
            break;
        }
        open.insert(word(0)?, page);
        // The last frame of a transaction states the size of the database after it.
        if word(4)? != 0 {
            done.extend(open.drain());
        }
    }
    Some(done)
}

/// The running checksum over words.
struct Checksum {
    order: Order,
    first: u32,
    second: u32,
}

impl Checksum {
    fn add(&mut self, bytes: &[u8]) {
        for pair in bytes.chunks_exact(8) {
            let word = |at| self.order.u32(pair, at).unwrap_or(0);
            self.first = self.first.wrapping_add(word(0)).wrapping_add(self.second);
            self.second = self.second.wrapping_add(word(4)).wrapping_add(self.first);
        }
    }

    fn is(&self, first: u32, second: u32) -> bool {
        (self.first, self.second) == (first, second)
    }
}
