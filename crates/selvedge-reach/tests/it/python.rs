//! Python imports.

use crate::{check, dynamic};

#[test]
fn import_statements_in_every_shape() {
    check(
        "a.py",
        "import os, yaml as y\nfrom django.http import (\n    HttpResponse,  # comment\n    Http404 as N,\n)\nfrom a \\\n  import b\nimport x.y.z\n",
        &["1 os", "1 yaml", "2 django.http", "6 a", "8 x.y.z"],
    );
}

#[test]
fn imports_within_blocks_and_after_colons_and_semicolons() {
    check(
        "a.py",
        "try: import ujson as json\nexcept ImportError:\n    import json\nx = 1; import late\ndef f():\n\tfrom inner import g\n",
        &["1 ujson", "3 json", "4 late", "6 inner"],
    );
}

#[test]
fn relative_imports_are_the_project_itself() {
    check("a.py", "from . import x\nfrom .a import b\nfrom ..c.d import e\n", &[]);
}

#[test]
fn members_of_namespaces_may_be_packages() {
    check("a.py", "from google.cloud import storage\n", &["1 google.cloud", "1 google.cloud.storage"]);
}

#[test]
fn comments_strings_and_prose_import_nothing() {
    check(
        "a.py",
        "# import a\n\"\"\"\nimport b\n\"\"\"\ns = 'import c'\nr = r'\\'\nimportant = 1\nx.import_ = 2\nraise E from e\nyield from gen()\n",
        &[],
    );
}

#[test]
fn a_stray_quote_costs_its_line_only() {
    check("a.py", "s = 'unterminated\nimport a\n", &["2 a"]);
}

#[test]
fn loaders_with_literal_names_import_them() {
    check(
        "a.py",
        "importlib.import_module('yaml.reader')\n__import__(\"six\")\nm = import_module(f'app.{x}')\npytest.importorskip('numpy')\nimport_module(name='attr')\n",
        &["1 yaml.reader", "2 six", "3 app", "4 numpy", "5 attr"],
    );
}

#[test]
fn loaders_with_computed_names_are_dynamic() {
    assert_eq!(dynamic("a.py", "import_module(name)\n"), [1]);
    assert_eq!(dynamic("a.py", "\n__import__(f'{x}.y')\n"), [2]);
    assert_eq!(dynamic("a.py", "map(import_module, names)\n"), [1]);
    assert_eq!(dynamic("a.py", "for e in entry_points(group='x'): e.load()\n"), [1]);
    assert_eq!(
        dynamic("a.py", "import_module('.x', package=__package__)\nimport_module(__name__ + '.y')\n"),
        [0_u32; 0]
    );
    assert_eq!(
        dynamic("a.py", "def import_module(name): pass\nfrom importlib import import_module\n"),
        [0_u32; 0]
    );
}

#[test]
fn notebooks_and_interpreter_lines() {
    check(
        "a.ipynb",
        "{\"cells\": [{\"source\": [\n    \"import numpy as np\\n\",\n    \"x = 1\\n\",\n    \"  from pandas import DataFrame\"\n]}]}",
        &["2 numpy", "4 pandas"],
    );
    check("bin/tool", "#!/usr/bin/env python3\nimport click\n", &["2 click"]);
    check("bin/other", "#!/bin/sh\nimport click\n", &[]);
}
