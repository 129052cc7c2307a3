//! Scans what is encoded inside a text, and maps what is found back to it.

use std::collections::BTreeSet;
use std::ops::Range;

use super::{Hit, Pass, Scanner, vet};
use crate::decode::{Budget, Layer, layers, layers_in};

impl Scanner {
    /// Adds the hits in decoded parts of `bytes`, however deep the options allow.
    pub(super) fn decoded_hits(&self, pass: &mut Pass<'_>, bytes: &[u8], hits: &mut Vec<Hit>) {
        if self.options.decode_depth == 0 {
            return;
        }
        let part = 0..bytes.len();
        self.decoded_hits_in(pass, bytes, &part, hits, &mut |_| {});
    }

    /// The same for what is encoded from places in `part` on; each such place is told with its end.
    pub(super) fn decoded_hits_in(
        &self,
        pass: &mut Pass<'_>,
        bytes: &[u8],
        part: &Range<usize>,
        hits: &mut Vec<Hit>,
        encoded: &mut dyn FnMut(Range<usize>),
    ) {
        if self.options.decode_depth == 0 {
            return;
        }
        let mut budget = Budget { depth_max: self.options.decode_depth, ..Budget::default() };
        let mut cut = 0;
        let layers = layers_in(bytes, part, &budget, &mut cut);
        for layer in &layers {
            encoded(layer.encoded());
        }
        let mut found = self.level(pass, &layers, &mut budget, &mut cut);
        for hit in &mut found {
            let scope = self.set.rules[hit.rule].scope;
            hit.allowed = vet::allow_comment(bytes, &hit.span, self.set.scopes[scope].dialect);
        }
        if cut > 0 {
            pass.limit(format!(
                "decoding stopped at a limit {cut} times; some encoded text was not looked into"
            ));
        }
        if !found.is_empty() {
            hits.append(&mut found);
            remove_repeats(hits);
        }
    }

    /// The hits of one level and those below, as places in `bytes`.
    fn level(&self, pass: &mut Pass<'_>, decoded: &[Layer], budget: &mut Budget, cut: &mut u32) -> Vec<Hit> {
        budget.spend(decoded);
        let mut hits = Vec::new();
        for layer in decoded {
            let mut found = self.text_hits(pass, &layer.bytes);
            found.retain(|hit| !hit.is_path_only() && layer.is_decoded(&hit.span));
            if let Some(mut deeper) = budget.deeper() {
                let below = layers(&layer.bytes, &deeper, cut);
                found.extend(self.level(pass, &below, &mut deeper, cut));
                (budget.bytes_max, budget.spans_max) = (deeper.bytes_max, deeper.spans_max);
            }
            hits.extend(found.into_iter().map(|hit| mapped(hit, layer)));
        }
        hits
    }
}

/// The hit as a place in the text that the layer was decoded from.
fn mapped(mut hit: Hit, layer: &Layer) -> Hit {
    hit.span = layer.original_range(hit.span);
    hit.secret_span = layer.original_range(hit.secret_span);
    hit.match_start = hit.span.start;
    for (_, span) in &mut hit.related {
        *span = layer.original_range(span.clone());
    }
    hit.decoded.insert(0, layer.encoding);
    hit
}

/// Two ways of decoding may show the same secret at the same place; the shorter one is kept.
fn remove_repeats(hits: &mut Vec<Hit>) {
    let mut seen = BTreeSet::new();
    hits.sort_by_key(|hit| (hit.rule, hit.secret_span.start, hit.secret_span.end, hit.decoded.len()));
    hits.retain(|hit| {
        seen.insert((hit.rule, hit.secret_span.start, *blake3::hash(hit.secret.expose()).as_bytes()))
    });
}
