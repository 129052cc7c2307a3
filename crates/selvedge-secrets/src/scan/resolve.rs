//! Settles which of several hits on the same text are told, and which need company.

use selvedge_model::Proof;

use super::leads::LeadsByRule;
use super::{Hit, Pass, Scanner, lines};
use crate::rule::{Dialect, Required};

impl Scanner {
    /// Keeps the hits of rule `index` that have every required rule nearby, and notes where it was.
    pub(super) fn with_required(
        &self,
        pass: &Pass<'_>,
        index: usize,
        hits: Vec<Hit>,
        bytes: &[u8],
        leads: &LeadsByRule,
    ) -> Vec<Hit> {
        let rule = &self.set.rules[index];
        if rule.required.is_empty() || hits.is_empty() {
            return hits;
        }
        let mut partners: Vec<(&Required, Vec<Hit>)> = Vec::new();
        for required in &rule.required {
            let Some(other) = self.set.rules.iter().position(|rule| rule.id() == required.id) else {
                return Vec::new();
            };
            let origin = pass.origin;
            let met = leads.get(&(other as u32)).map_or(&[][..], Vec::as_slice);
            let found = self.rule_matches(pass.way, other, bytes, met);
            let applies = !Self::skips_origin(&self.set.rules[other], origin)
                && Self::path_fits(&self.set.rules[other], origin);
            let vetted = found.matches.iter().filter(|_| applies);
            let vetted = vetted.filter_map(|raw| self.vet(other, origin, bytes, raw));
            partners.push((required, vetted.filter(|hit| hit.allowed.is_none()).collect()));
        }
        let mut kept = Vec::new();
        for mut hit in hits {
            let near = |(required, found): &(&Required, Vec<Hit>)| {
                found
                    .iter()
                    .find(|other| is_near(required, &hit, other, bytes))
                    .map(|other| (other.rule, other.secret_span.clone()))
            };
            let met: Option<Vec<_>> = partners.iter().map(near).collect();
            if let Some(met) = met {
                hit.related = met;
                kept.push(hit);
            }
        }
        kept
    }

    /// Drops the hits that a more specific rule tells better: same line, and its secret holds theirs.
    pub(super) fn without_yielding(&self, hits: Vec<Hit>, bytes: &[u8]) -> Vec<Hit> {
        let lines: Vec<usize> = hits.iter().map(|hit| lines::line_index(bytes, hit.match_start)).collect();
        let yields = |this: usize, other: usize| {
            self.wraps(&hits[this], &hits[other])
                || lines[this] == lines[other]
                    && hits[this].rule != hits[other].rule
                    && hits[other].allowed.is_none()
                    && self.ranks_below(hits[this].rule, hits[other].rule)
                    && contains(hits[other].secret.expose(), hits[this].secret.expose())
        };
        let drop: Vec<bool> =
            (0..hits.len()).map(|this| (0..hits.len()).any(|other| yields(this, other))).collect();
        hits.into_iter().zip(drop).filter(|(_, drop)| !drop).map(|(hit, _)| hit).collect()
    }

    /// Whether `outer` is merely the encoded text in which a specific rule found `inner`: a value of a
    /// Kubernetes Secret that decodes to a database URL. What was proved by itself stays.
    fn wraps(&self, outer: &Hit, inner: &Hit) -> bool {
        let (outer_rule, inner_rule) = (&self.set.rules[outer.rule], &self.set.rules[inner.rule]);
        outer.decoded.len() < inner.decoded.len()
            && outer_rule.judged
            && inner_rule.judged
            && !inner_rule.is_generic()
            && inner.allowed.is_none()
            && outer.proof == Proof::None
            && !inner.secret_span.is_empty()
            && outer.secret_span.start <= inner.secret_span.start
            && inner.secret_span.end <= outer.secret_span.end
    }

    /// Whether findings of rule `this` give way to those of rule `other`.
    fn ranks_below(&self, this: usize, other: usize) -> bool {
        let (this, other) = (&self.set.rules[this], &self.set.rules[other]);
        let betterleaks = |scope: usize| self.set.scopes[scope].dialect == Dialect::Betterleaks;
        if betterleaks(this.scope) && betterleaks(other.scope) {
            return this.specificity < other.specificity;
        }
        this.is_generic() && !other.is_generic()
    }
}

fn is_near(required: &Required, hit: &Hit, other: &Hit, bytes: &[u8]) -> bool {
    let line = |hit: &Hit| lines::line_index(bytes, hit.match_start);
    let column = |hit: &Hit| lines::column(bytes, hit.match_start);
    required.within_lines.is_none_or(|limit| line(hit).abs_diff(line(other)) as u64 <= limit)
        && required.within_columns.is_none_or(|limit| column(hit).abs_diff(column(other)) as u64 <= limit)
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(text, part).is_some()
}
