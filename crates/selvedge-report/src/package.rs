//! What is told about the package of a finding, in labelled lines that several formats share.

use selvedge_model::{AdvisoryDatabase, DependencyInfo, PackageFacts, Reach};

use crate::text::{count, grouped};

/// Identifiers shown before the rest is counted.
const IDS_SHOWN: usize = 8;
/// Steps of the way from the project that are shown; the middle of a longer one is left out.
const STEPS_SHOWN: usize = 6;

/// Labels and texts, in the order in which they help.
pub(crate) fn lines(package: &PackageFacts) -> Vec<(&'static str, String)> {
    let mut lines = Vec::new();
    if package.path.len() > 1 {
        lines.push(("brought by", way(&package.path)));
    }
    let exposure = exposure(package);
    if !exposure.is_empty() {
        lines.push(("used", exposure));
    }
    let risk = risk(package);
    if !risk.is_empty() {
        lines.push(("risk", risk));
    }
    if let Some(matched) = &package.matched {
        lines.push(("matched", matched.clone()));
    }
    if package.advisories.len() > 1 {
        lines.push(("also known", also_known(&package.advisories[1..])));
    }
    if let Some(layer) = &package.layer {
        lines.push(("layer", layer.clone()));
    }
    lines
}

/// `a 1.0 > b 2.0 > c 3.0`.
pub(crate) fn way(path: &[String]) -> String {
    if path.len() <= STEPS_SHOWN {
        return path.join(" > ");
    }
    let (head, tail) = (&path[..STEPS_SHOWN / 2], &path[path.len() - STEPS_SHOWN / 2..]);
    let left_out = path.len() - STEPS_SHOWN;
    format!("{} > … {left_out} more … > {}", head.join(" > "), tail.join(" > "))
}

fn exposure(package: &PackageFacts) -> String {
    let mut parts = Vec::new();
    match (package.relation.as_str(), package.scope.as_str()) {
        ("unknown" | "", "runtime" | "") => {}
        ("unknown" | "", scope) => parts.push(format!("{scope} only")),
        (relation, "runtime" | "") => parts.push(format!("{relation} dependency")),
        (relation, scope) => parts.push(format!("{relation} dependency, {scope} only")),
    }
    match (package.reach, &package.reach_reason) {
        (None | Some(Reach::Unknown), _) => {}
        (Some(_), Some(reason)) => parts.push(reason.clone()),
        (Some(reach), None) => parts.push(reach.as_str().to_owned()),
    }
    parts.join("; ")
}

fn risk(package: &PackageFacts) -> String {
    let mut parts = Vec::new();
    if let Some(since) = &package.exploited_since {
        parts.push(format!("known to be exploited (CISA KEV, {since})"));
    }
    if let Some(cvss) = &package.cvss {
        parts.push(format!("CVSS {} ({})", cvss.score, cvss.vector));
    }
    if let Some(epss) = &package.epss {
        parts.push(format!("EPSS {} (percentile {})", epss.probability, epss.percentile));
    }
    parts.join(" · ")
}

fn also_known(ids: &[String]) -> String {
    let shown = ids.len().min(IDS_SHOWN);
    let more = ids.len() - shown;
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{rest}", ids[..shown].join(", "))
}

/// `1,425 packages in 3 files, held against 25,308 advisories of 2026-11-20 (5 days old)`.
pub(crate) fn looked_at(info: &DependencyInfo) -> String {
    let mut text = format!("{} in {}", count(info.packages, "package"), count(info.manifests, "file"));
    match &info.database {
        Some(database) => {
            text.push_str(", held against ");
            text.push_str(&database_name(database));
        }
        None => text.push_str(", held against no advisory: there is no database"),
    }
    text
}

fn database_name(database: &AdvisoryDatabase) -> String {
    let age = match database.age_days {
        0 => "made today".to_owned(),
        1 => "1 day old".to_owned(),
        days => format!("{} days old", grouped(days)),
    };
    format!("{} ({age})", plural(database.advisories))
}

fn plural(advisories: u64) -> String {
    if advisories == 1 { "1 advisory".to_owned() } else { format!("{} advisories", grouped(advisories)) }
}

/// What the reader must not take for checked.
pub(crate) fn gaps(info: &DependencyInfo) -> Vec<String> {
    let mut gaps = Vec::new();
    if info.unpinned > 0 {
        gaps.push(format!("{} without an exact version: not checked", count(info.unpinned, "package")));
    }
    for (ecosystem, number) in &info.without_data {
        gaps.push(format!("{} of {ecosystem}: the database has no data for it", count(*number, "package")));
    }
    gaps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_way_keeps_its_ends() {
        let path: Vec<String> = (0..9).map(|n| format!("p{n}")).collect();
        assert_eq!(way(&path), "p0 > p1 > p2 > … 3 more … > p6 > p7 > p8");
        assert_eq!(way(&path[..2]), "p0 > p1");
    }

    #[test]
    fn what_was_not_held_against_anything_is_said() {
        let mut info = DependencyInfo { manifests: 1, packages: 3, unpinned: 1, ..DependencyInfo::default() };
        assert_eq!(looked_at(&info), "3 packages in 1 file, held against no advisory: there is no database");
        info.database =
            Some(AdvisoryDatabase { advisories: 25_308, age_days: 5, ..AdvisoryDatabase::default() });
        assert_eq!(looked_at(&info), "3 packages in 1 file, held against 25,308 advisories (5 days old)");
        assert_eq!(gaps(&info), ["1 package without an exact version: not checked"]);
    }
}
