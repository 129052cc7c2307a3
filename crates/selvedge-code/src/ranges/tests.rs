//! The algebra of ranges.

use selvedge_syntax::{Metavariable, Span};

use super::*;

fn hit(start: u32, end: u32, bound: &[(&str, &str)], role: Role) -> Hit {
    let mut bindings = Bindings::default();
    for (name, text) in bound {
        let value = Value::Text { text: (*text).to_owned(), range: Span { start, end } };
        bindings.set(Metavariable::named(name), value);
    }
    Hit { start, end, bindings, role }
}

fn places(hits: &[Hit]) -> Vec<(u32, u32)> {
    hits.iter().map(|hit| (hit.start, hit.end)).collect()
}

#[test]
fn a_conjunction_keeps_the_inner_range() {
    let call = [hit(5, 9, &[], Role::Found)];
    let function = [hit(0, 20, &[], Role::Found)];
    assert_eq!(places(&intersect(None, &call, &function)), [(5, 9)]);
    assert_eq!(places(&intersect(None, &function, &call)), [(5, 9)]);
    let apart = [hit(8, 12, &[], Role::Found)];
    assert!(intersect(None, &call, &apart).is_empty());
}

#[test]
fn what_surrounds_is_not_what_is_found() {
    let found = [hit(0, 20, &[], Role::Found)];
    let inside = [hit(5, 9, &[], Role::Inside)];
    assert!(intersect(None, &found, &inside).is_empty());
    assert_eq!(places(&intersect(None, &[hit(6, 7, &[], Role::Found)], &inside)), [(6, 7)]);
}

#[test]
fn bindings_have_to_agree() {
    let left = [hit(1, 2, &[("$X", "a"), ("$Y", "b")], Role::Found)];
    let same = [hit(0, 9, &[("$X", "a"), ("$Z", "c")], Role::Found)];
    let other = [hit(0, 9, &[("$X", "b")], Role::Found)];
    assert_eq!(intersect(None, &left, &same)[0].bindings.len(), 3);
    assert!(intersect(None, &left, &other).is_empty());
    assert_eq!(subtract(None, left.to_vec(), &other).len(), 1);
    assert_eq!(subtract(None, left.to_vec(), &same).len(), 0);
}

#[test]
fn anywhere_is_no_matter_of_place() {
    let hits = [hit(1, 2, &[], Role::Found)];
    let far = [hit(50, 60, &[], Role::Anywhere)];
    assert_eq!(places(&intersect(None, &hits, &far)), [(1, 2)]);
    assert!(subtract(None, hits.to_vec(), &far).is_empty());
}
