//! Whether the code can reach the affected part, from the uses that were gathered with the files.

use std::collections::BTreeMap;

use selvedge_advisories::Match;
use selvedge_model::Reach;
use selvedge_reach::{FileUses, Reachability, Symbol, SymbolReach, Uses};

use super::Case;
use super::advisory::Reached;

/// Joins what the files said. Facts that do not read back are those of another version, and left out.
pub(crate) fn uses(facts: &BTreeMap<String, Vec<u8>>) -> Uses {
    Uses::collect(facts.iter().filter_map(|(path, bytes)| {
        let uses: FileUses = postcard::from_bytes(bytes).ok()?;
        Some((path.clone(), uses))
    }))
}

/// What is known of the reach of the component at `index`; `None` if nobody looked.
pub(crate) fn of(case: &Case<'_>, index: u32, found: &Match) -> Option<Reached> {
    let reach = case.reach()?;
    let told = |reach, reason: String| Some(Reached { reach, reason });
    match reach.component(index) {
        Reachability::Reachable { evidence } => match reach.symbols(index, &symbols(found)) {
            SymbolReach::Used { symbol, evidence, is_certain: true } => {
                told(Reach::Function, format!("the code uses {symbol} at {evidence}"))
            }
            SymbolReach::Used { symbol, evidence, is_certain: false } => {
                told(Reach::Function, format!("the code uses what may be {symbol} at {evidence}"))
            }
            SymbolReach::NotUsed { .. } => told(
                Reach::NotReachable,
                format!("imported at {evidence}, but the code names none of the affected functions"),
            ),
            SymbolReach::NotUsedHere { .. } => told(
                Reach::Imported,
                format!(
                    "imported at {evidence}; the code names none of the affected functions, other packages may"
                ),
            ),
            SymbolReach::Unknown { .. } => told(Reach::Imported, format!("imported at {evidence}")),
        },
        Reachability::Through { parent, evidence } => {
            told(Reach::Imported, format!("{parent}, which brings it in, is imported at {evidence}"))
        }
        Reachability::TestsOnly { parent, evidence } => {
            let what =
                parent.map_or_else(|| "it".to_owned(), |parent| format!("{parent}, which brings it in"));
            told(Reach::TestsOnly, format!("only tests import {what}, first at {evidence}"))
        }
        Reachability::NotImported { why } => told(Reach::NotReachable, why),
        Reachability::Unknown { why } => told(Reach::Unknown, why),
    }
}

/// The functions that the records name, all together. Records that name none say nothing about functions.
fn symbols(found: &Match) -> Vec<Symbol> {
    let named = found.records.iter().flat_map(|record| &record.symbols);
    let mut symbols: Vec<Symbol> = named
        .flat_map(|group| {
            group.names.iter().map(|name| Symbol { path: group.path.clone(), name: name.clone() })
        })
        .collect();
    symbols.sort_by(|a, b| (&a.path, &a.name).cmp(&(&b.path, &b.name)));
    symbols.dedup();
    symbols
}
