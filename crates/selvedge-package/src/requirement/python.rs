//! PEP 440, "Version specifiers", and the additions of Poetry: `^1.2`, `~1.2`, `*`, `||`, and a lone version.

use super::bounds::{Operator, Partial, all, any, take_operator};
use crate::version::pep440::{self, Parts};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    Compare(Operator),
    Compatible,
    Identical,
    Caret,
    Tilde,
}

const SIGNS: &[(&str, Sign)] = &[
    ("===", Sign::Identical),
    ("==", Sign::Compare(Operator::Equal)),
    ("!=", Sign::Compare(Operator::NotEqual)),
    (">=", Sign::Compare(Operator::GreaterEqual)),
    ("<=", Sign::Compare(Operator::LessEqual)),
    ("~=", Sign::Compatible),
    (">", Sign::Compare(Operator::Greater)),
    ("<", Sign::Compare(Operator::Less)),
    ("^", Sign::Caret),
    ("~", Sign::Tilde),
    ("=", Sign::Compare(Operator::Equal)),
];

pub(super) fn satisfies(requirement: &str, version: &str) -> Option<bool> {
    let requirement = requirement.trim_start_matches('(').trim_end_matches(')');
    let own = pep440::parts(version)?;
    any(requirement.split("||").map(|set| specifiers(set.trim(), version, &own)))
}

fn specifiers(set: &str, version: &str, own: &Parts<'_>) -> Option<bool> {
    let parts = || set.split(',').map(str::trim).filter(|part| !part.is_empty() && *part != "*");
    let names_pre_release = parts().any(|part| {
        let (sign, wanted) = signed(part);
        sign != Sign::Compare(Operator::NotEqual)
            && pep440::parts(wanted).is_some_and(|wanted| wanted.is_pre_release())
    });
    if own.is_pre_release() && !names_pre_release {
        return Some(false);
    }
    all(parts().map(|part| {
        let (sign, wanted) = signed(part);
        admits(sign, wanted, version, own)
    }))
}

fn signed(part: &str) -> (Sign, &str) {
    take_operator(part, SIGNS).unwrap_or((Sign::Compare(Operator::Equal), part))
}

fn admits(sign: Sign, wanted: &str, version: &str, own: &Parts<'_>) -> Option<bool> {
    if sign == Sign::Identical {
        return Some(wanted.eq_ignore_ascii_case(version));
    }
    if let Some(prefix) = wanted.strip_suffix(".*") {
        let is_in_series = own.is_in_series(&pep440::parts(prefix)?);
        return match sign {
            Sign::Compare(Operator::Equal) => Some(is_in_series),
            Sign::Compare(Operator::NotEqual) => Some(!is_in_series),
            _ => None,
        };
    }
    let bound = pep440::parts(wanted)?;
    match sign {
        Sign::Compare(operator) => Some(compare(operator, &bound, own)),
        Sign::Compatible => {
            let series = wanted_series(wanted)?;
            Some(own.compare_public(&bound).is_ge() && own.is_in_series(&pep440::parts(&series)?))
        }
        Sign::Caret | Sign::Tilde => {
            let partial = Partial::parse(wanted)?;
            let length = partial.numbers.len().max(3);
            let place = match sign {
                Sign::Caret => partial.caret_place(length),
                _ => usize::from(partial.numbers.len() > 1),
            };
            let behind = partial.behind(place, length)?;
            Some(own.compare_public(&bound).is_ge() && compare(Operator::Less, &pep440::parts(&behind)?, own))
        }
        Sign::Identical => None,
    }
}

/// A comparison as the PEP has it: local labels count only where the specifier has one, `<` does not mean the
/// pre-releases of its version, and `>` neither its post-releases nor its local builds.
fn compare(operator: Operator, bound: &Parts<'_>, own: &Parts<'_>) -> bool {
    let order = own.compare_public(bound);
    match operator {
        Operator::Equal | Operator::NotEqual => {
            let is_equal = order.is_eq()
                && (bound.local.is_empty() || pep440::compare_local(own.local, bound.local).is_eq());
            is_equal == (operator == Operator::Equal)
        }
        Operator::Less => order.is_lt() && (bound.is_pre_release() || !own.is_pre_release_of(bound)),
        Operator::Greater => order.is_gt() && !own.is_post_release_of(bound),
        Operator::LessEqual | Operator::GreaterEqual => operator.holds(order),
    }
}

/// The version without the last of its release numbers and without what follows them: `1.4` of `1.4.5a4`.
fn wanted_series(wanted: &str) -> Option<String> {
    let parts = pep440::parts(wanted)?;
    let release = std::str::from_utf8(parts.release).ok()?;
    let (series, _) = release.rsplit_once('.')?;
    let epoch = wanted.split_once('!').map_or(String::new(), |(epoch, _)| format!("{epoch}!"));
    Some(format!("{epoch}{series}"))
}
