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
        // Bytes without a path may be a part of a text that has the other rule's match elsewhere.
        if rule.required.is_empty() || hits.is_empty() || pass.origin.path.is_none() {
            return hits;
        }
        let mut partners: Vec<(&Required, Vec<Hit>)> = Vec::new();
        for required in &rule.required {
            let Some(other) = self.set.rules.iter().position(|rule| rule.id() == required.id) else {
                return Vec::new();
            };
            let origin = pass.origin;
            let met = leads.get(&(other as u32)).map_or(&[][..], Vec::as_slice);
            let found = self.rule_matches(pass, other, bytes, met);
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
            lines[this] == lines[other]
                && hits[this].rule != hits[other].rule
                && hits[other].allowed.is_none()
                && self.ranks_below(hits[this].rule, hits[other].rule)
                && contains(hits[other].secret.expose(), hits[this].secret.expose())
        };
        let all = 0..hits.len();
        let mut drop: Vec<bool> =
            all.clone().map(|this| all.clone().any(|other| yields(this, other))).collect();
        for outer in all.clone() {
            let told = hits[outer].proof == Proof::None
                && all.clone().any(|inner| {
                    self.holds(&hits[outer], &hits[inner]) && !self.set.rules[hits[inner].rule].is_generic()
                });
            drop[outer] |= told;
        }
        for inner in all.clone() {
            let told = self.set.rules[hits[inner].rule].is_generic()
                && all.clone().any(|outer| {
                    !drop[outer]
                        && self.holds(&hits[outer], &hits[inner])
                        && !self.set.rules[hits[outer].rule].is_generic()
                });
            drop[inner] |= told;
        }
        hits.into_iter().zip(drop).filter(|(_, drop)| !drop).map(|(hit, _)| hit).collect()
    }

    /// Whether `outer` is the encoded text in which `inner` was found: a value of a Kubernetes Secret that
    /// decodes to a database URL, a JSON Web Token with an identifier in it. One value gives one finding: the
    /// inner one where it is specific, unless the outer one was proved by itself.
    fn holds(&self, outer: &Hit, inner: &Hit) -> bool {
        outer.decoded.len() < inner.decoded.len()
            && outer.secret_span.start <= inner.secret_span.start
            && inner.secret_span.end <= outer.secret_span.end
            && !inner.secret_span.is_empty()
            && outer.allowed.is_none()
            && inner.allowed.is_none()
            && self.set.rules[outer.rule].judged
            && self.set.rules[inner.rule].judged
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
