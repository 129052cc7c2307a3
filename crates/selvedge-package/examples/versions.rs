//! Compares versions and matches requirements line by line, for `bench/versions.py` and for trying things out.
//!
//! Input lines are `ecosystem`, `a` and `b`, separated by tabs; `versions compare` answers each with `<`, `=`,
//! `>` or `?`, `versions satisfies` reads requirement and version and answers `yes`, `no` or `?`. The time that
//! the answers took, without reading and writing, goes to standard error in nanoseconds.

use std::cmp::Ordering;
use std::io::{self, Read as _, Write as _};
use std::time::Instant;

use selvedge_package::Ecosystem;

fn main() -> io::Result<()> {
    let answer: fn(Ecosystem, &str, &str) -> &'static str = match std::env::args().nth(1).as_deref() {
        Some("compare") => compare,
        Some("satisfies") => satisfies,
        _ => return Err(io::Error::other("say 'compare' or 'satisfies'")),
    };
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    let questions: Vec<_> = text.lines().filter_map(question).collect();
    let start = Instant::now();
    let answers: Vec<_> = questions.iter().map(|(ecosystem, a, b)| answer(*ecosystem, a, b)).collect();
    let elapsed = start.elapsed();
    let mut out = io::BufWriter::new(io::stdout().lock());
    for answer in answers {
        writeln!(out, "{answer}")?;
    }
    out.flush()?;
    writeln!(io::stderr(), "{}", elapsed.as_nanos())
}

fn question(line: &str) -> Option<(Ecosystem, &str, &str)> {
    let mut fields = line.split('\t');
    let (ecosystem, _) = Ecosystem::from_osv(fields.next()?);
    Some((ecosystem, fields.next()?, fields.next()?))
}

fn compare(ecosystem: Ecosystem, a: &str, b: &str) -> &'static str {
    match ecosystem.compare(a, b) {
        Ok(Ordering::Less) => "<",
        Ok(Ordering::Equal) => "=",
        Ok(Ordering::Greater) => ">",
        Err(_) => "?",
    }
}

fn satisfies(ecosystem: Ecosystem, requirement: &str, version: &str) -> &'static str {
    match ecosystem.satisfies(requirement, version) {
        Some(true) => "yes",
        Some(false) => "no",
        None => "?",
    }
}
