//! The text section: whole records in compressed blocks, read only when one is shown.

use std::io::{self, Write};

use tempfile::SpooledTempFile;

/// Uncompressed size at which a block is closed. Larger blocks compress better and take longer to read.
pub(crate) const BLOCK_BYTES: usize = 24 << 10;

/// Largest dictionary.
const DICTIONARY_BYTES_MAX: usize = 96 << 10;

/// How much of the records the dictionary is trained on.
const SAMPLE_BYTES_MAX: usize = 6 << 20;

/// How much of one record is a sample.
const SAMPLE_RECORD_BYTES_MAX: usize = 16 << 10;

/// Fewer samples than this give no useful dictionary.
const SAMPLES_MIN: usize = 64;

/// Blocks that wait to be compressed together, for each thread.
const BATCH_PER_THREAD: usize = 8;

/// Picks samples evenly from records whose total size is known.
pub(crate) struct Sampler {
    stride: u64,
    seen: u64,
    samples: Vec<Vec<u8>>,
}

impl Sampler {
    /// `total_bytes` is what the records have altogether.
    pub(crate) fn new(total_bytes: u64) -> Self {
        let stride = total_bytes.div_ceil(SAMPLE_BYTES_MAX as u64).max(1);
        Self { stride, seen: 0, samples: Vec::new() }
    }

    /// Looks at a record.
    pub(crate) fn offer(&mut self, record: &[u8]) {
        if self.seen.is_multiple_of(self.stride) {
            self.samples.push(record[..record.len().min(SAMPLE_RECORD_BYTES_MAX)].to_vec());
        }
        self.seen += 1;
    }

    /// Trains the dictionary; empty if there is too little to train on.
    pub(crate) fn train(self) -> Vec<u8> {
        if self.samples.len() < SAMPLES_MIN {
            return Vec::new();
        }
        let total: usize = self.samples.iter().map(Vec::len).sum();
        // Training wants many times more samples than dictionary.
        let size = DICTIONARY_BYTES_MAX.min(total / 16);
        zstd::dict::from_samples(&self.samples, size).unwrap_or_default()
    }
}

/// Writes blocks.
pub(crate) struct TextWriter {
    dictionary: Vec<u8>,
    level: i32,
    threads: usize,
    out: SpooledTempFile,
    offsets: SpooledTempFile,
    written: u64,
    open: Vec<u8>,
    waiting: Vec<Vec<u8>>,
    closed: u32,
}

/// Where a record lies: block, offset in it, length.
pub(crate) type Place = (u32, u32, u32);

impl TextWriter {
    /// Starts the section.
    pub(crate) fn new(
        dictionary: Vec<u8>,
        level: i32,
        threads: usize,
        out: SpooledTempFile,
        offsets: SpooledTempFile,
    ) -> Self {
        Self {
            dictionary,
            level,
            threads: threads.max(1),
            out,
            offsets,
            written: 0,
            open: Vec::new(),
            waiting: Vec::new(),
            closed: 0,
        }
    }

    /// Adds a record.
    pub(crate) fn add(&mut self, record: &[u8]) -> io::Result<Place> {
        if !self.open.is_empty() && self.open.len() + record.len() > BLOCK_BYTES {
            self.close()?;
        }
        let place = (self.closed, self.open.len() as u32, record.len() as u32);
        self.open.extend_from_slice(record);
        Ok(place)
    }

    fn close(&mut self) -> io::Result<()> {
        self.waiting.push(std::mem::take(&mut self.open));
        self.closed += 1;
        if self.waiting.len() >= self.threads * BATCH_PER_THREAD { self.flush() } else { Ok(()) }
    }

    /// Compresses what waits, in parallel, and writes it in its order.
    fn flush(&mut self) -> io::Result<()> {
        let share = self.waiting.len().div_ceil(self.threads).max(1);
        let (dictionary, level) = (&self.dictionary, self.level);
        let results: Vec<io::Result<Vec<Vec<u8>>>> = std::thread::scope(|scope| {
            let handles: Vec<_> = self
                .waiting
                .chunks(share)
                .map(|blocks| scope.spawn(move || compress(dictionary, level, blocks)))
                .collect();
            handles
                .into_iter()
                .map(|handle| handle.join().unwrap_or_else(|_| Err(io::Error::other("compression failed"))))
                .collect()
        });
        for block in results.into_iter().collect::<io::Result<Vec<_>>>()?.into_iter().flatten() {
            self.offsets.write_all(&self.written.to_le_bytes())?;
            self.out.write_all(&block)?;
            self.written += block.len() as u64;
        }
        self.waiting.clear();
        Ok(())
    }

    /// Ends the section: dictionary, offsets, blocks.
    pub(crate) fn finish(mut self) -> io::Result<(Vec<u8>, SpooledTempFile, SpooledTempFile)> {
        if !self.open.is_empty() {
            self.close()?;
        }
        self.flush()?;
        self.offsets.write_all(&self.written.to_le_bytes())?;
        Ok((self.dictionary, self.offsets, self.out))
    }
}

fn compress(dictionary: &[u8], level: i32, blocks: &[Vec<u8>]) -> io::Result<Vec<Vec<u8>>> {
    let mut compressor = zstd::bulk::Compressor::with_dictionary(level, dictionary)?;
    blocks.iter().map(|block| compressor.compress(block)).collect()
}
