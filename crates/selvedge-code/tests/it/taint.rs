//! Taint rules: what reaches a sink, and what does not.

use crate::lines;

const RULE: &str = "  mode: taint
  pattern-sources: [{pattern: source()}]
  pattern-sinks: [{pattern: sink(...)}]
  pattern-sanitizers: [{pattern: clean(...)}]
";

#[track_caller]
fn check(code: &str, expected: &[u32]) {
    assert_eq!(lines("python", RULE, "a.py", code), expected, "{code}");
}

#[track_caller]
fn check_with(body: &str, code: &str, expected: &[u32]) {
    assert_eq!(lines("python", body, "a.py", code), expected, "{code}");
}

#[test]
fn data_flows_through_variables_and_expressions() {
    check("x = source()\nsink(x)\n", &[2]);
    check("sink(source())\n", &[1]);
    check("x = source()\ny = 'a' + x.strip()[0]\nsink(f'{y}')\n", &[3]);
    check("x = source()\nx = 'safe'\nsink(x)\n", &[]);
    check("sink(x)\nx = source()\n", &[]);
    check("a, b = source()\nsink(b)\n", &[2]);
    check("x = unknown(source())\nsink(x)\n", &[2]);
    check("x = [y for y in source()]\nsink(x)\n", &[2]);
    check("x = 1 if source() else 2\nsink(x)\n", &[]);
}

#[test]
fn sanitizers_clean() {
    check("x = clean(source())\nsink(x)\n", &[]);
    check("x = source()\nsink(clean(x))\n", &[]);
    check("x = source()\nclean(x)\nsink(x)\n", &[3]);
    let body = "  mode: taint
  pattern-sources: [{pattern: source()}]
  pattern-sinks: [{pattern: sink(...)}]
  pattern-sanitizers:
  - patterns: [{pattern: clean($V)}, {focus-metavariable: $V}]
    by-side-effect: true
";
    check_with(body, "x = source()\nclean(x)\nsink(x)\n", &[]);
}

#[test]
fn what_a_clean_value_is_made_from_still_reaches_sinks() {
    let body = "  mode: taint
  pattern-sources: [{pattern: source()}]
  pattern-sinks: [{patterns: [{pattern: answer($X)}, {focus-metavariable: $X}]}]
  pattern-sanitizers: [{pattern: answer(...), exact: true}]
";
    check_with(body, "answer(source())\nx = answer('a')\nanswer(x)\n", &[1]);
    let inside = body.replace(", exact: true", "");
    check_with(&inside, "answer(source())\n", &[]);
}

#[test]
fn ways_part_and_meet() {
    check("x = 'a'\nif c:\n    x = source()\nsink(x)\n", &[4]);
    check("x = source()\nif c:\n    x = 'a'\nelse:\n    x = 'b'\nsink(x)\n", &[]);
    check(
        "def f():\n    x = source()\n    if c:\n        return\n    else:\n        x = 'a'\n    sink(x)\n",
        &[],
    );
    check("x = 'a'\nfor i in r:\n    sink(x)\n    x = source()\n", &[3]);
    check("while c:\n    x = source()\n    break\nsink(x)\n", &[4]);
    check("try:\n    x = source()\nexcept E:\n    pass\nsink(x)\n", &[5]);
    check("with source() as x:\n    sink(x)\n", &[2]);
    check("for x in source():\n    sink(x)\n", &[2]);
}

#[test]
fn fields_are_told_apart() {
    check("o.a = source()\nsink(o.a)\nsink(o.b)\n", &[2]);
    check("o = source()\nsink(o.a)\n", &[2]);
    check("o.a = source()\no = new()\nsink(o.a)\n", &[]);
    check("d['k'] = source()\nsink(d['k'])\nsink(d['l'])\n", &[2]);
    check("o = source()\no.a = 'b'\nsink(o.a)\n", &[]);
}

#[test]
fn functions_are_followed_on_their_own() {
    check("def f(x):\n    sink(x)\ndef g():\n    x = source()\n    sink(x)\n", &[5]);
    check("k = source()\ndef f():\n    sink(k)\n", &[3]);
    check("x = source()\nrun(lambda: sink(x))\n", &[2]);
}

#[test]
fn parameters_can_be_sources() {
    let body = "  mode: taint
  pattern-sources:
  - patterns: [{pattern-inside: 'def $F($X): ...'}, {focus-metavariable: $X}]
  pattern-sinks: [{pattern: sink(...)}]
";
    check_with(body, "def f(a):\n    sink(a)\ndef g(a, b):\n    sink(a)\n", &[2]);
}

#[test]
fn propagators_carry_from_one_place_to_another() {
    let body = "  mode: taint
  pattern-sources: [{pattern: source()}]
  pattern-sinks: [{pattern: sink(...)}]
  pattern-propagators: [{pattern: $TO.add($FROM), from: $FROM, to: $TO}]
";
    check_with(body, "s = set()\ns.add(source())\nsink(s)\n", &[3]);
    check("s = set()\ns.add(source())\nsink(s)\n", &[]);
}

#[test]
fn labels_are_required() {
    let body = "  mode: taint
  pattern-sources:
  - {pattern: source(), label: A}
  - {pattern: check(...), label: B, requires: A}
  pattern-sinks:
  - {pattern: sink(...), requires: A and not B}
";
    check_with(body, "x = source()\nsink(x)\n", &[2]);
    check_with(body, "x = check(source())\nsink(x)\n", &[]);
}

#[test]
fn sources_act_by_side_effect() {
    let body = "  mode: taint
  pattern-sources:
  - patterns: [{pattern: fill($X)}, {focus-metavariable: $X}]
    by-side-effect: true
  pattern-sinks: [{pattern: sink(...)}]
";
    check_with(body, "fill(x)\nsink(x)\nsink(y)\n", &[2]);
}

#[test]
fn options_say_what_is_safe() {
    let option = |name: &str| format!("{RULE}  options: {{{name}: true}}\n");
    let code = "x = source()\ny = f(x)\nsink(y)\n";
    check_with(&option("taint_assume_safe_functions"), code, &[]);
    let code = "x = d[source()]\nsink(x)\n";
    check(code, &[2]);
    check_with(&option("taint_assume_safe_indexes"), code, &[]);
    let code = "x = source() == 1\nsink(x)\n";
    check(code, &[2]);
    check_with(&option("taint_assume_safe_comparisons"), code, &[]);
    let code = "x = int(source())\nsink(x)\n";
    check_with(&option("taint_assume_safe_numbers"), code, &[]);
}

#[test]
fn sinks_match_exactly_unless_told_otherwise() {
    let body = |exact: bool| {
        format!(
            "  mode: taint\n  pattern-sources: [{{pattern: source()}}]\n  pattern-sinks:\n  - {{pattern: 'sink(1 if $C else 2)', exact: {exact}}}\n"
        )
    };
    let code = "x = source()\nsink(1 if x else 2)\n";
    check_with(&body(true), code, &[]);
    check_with(&body(false), code, &[2]);
}
