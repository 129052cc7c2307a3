//! JavaScript and TypeScript imports.

use crate::{check, dynamic};

#[test]
fn import_and_export_statements() {
    check(
        "a.ts",
        "import 'side-effect';\nimport a from \"a\";\nimport * as b from 'b/sub';\nimport c, {\n  d as e, // d\n  type F,\n} from '@scope/c/deep';\nexport { x } from 'x';\nexport * from 'y';\nexport * as z from 'z';\nimport w = require('w');\n",
        &["1 side-effect", "2 a", "3 b/sub", "7 @scope/c/deep", "8 x", "9 y", "10 z", "11 w"],
    );
}

#[test]
fn types_are_marked() {
    check(
        "a.ts",
        "import type { A } from 'a';\nimport type B from 'b';\nexport type { C } from 'c';\nimport type, { d } from 'd';\nimport type from 'e';\nimport { type F } from 'f';\n/// <reference types=\"node\" />\n",
        &["1 a (types)", "2 b (types)", "3 c (types)", "4 d", "5 e", "6 f", "7 node (types)"],
    );
}

#[test]
fn calls_that_load() {
    check(
        "a.js",
        "const fs = require('fs-extra');\nrequire.resolve(\"r/x\");\nconst p = await import('p');\nrequire(['amd1', 'amd2'], f);\ndefine('me', [\"amd3\"], f);\nrequire(`tpl/${x}.js`);\nimport('pre/' + x);\n",
        &["1 fs-extra", "2 r/x", "3 p", "4 amd1", "4 amd2", "5 amd3", "6 tpl/", "7 pre/"],
    );
}

#[test]
fn local_files_are_no_packages() {
    check("a.js", "import './a'; import '../b'; require('/abs'); import '@/alias'; import '#internal';", &[]);
    assert_eq!(
        dynamic("a.js", "require('./x/' + name); require(path.join(__dirname, x)); require(`../${x}`)"),
        [0_u32; 0]
    );
}

#[test]
fn computed_names_are_dynamic() {
    assert_eq!(dynamic("a.js", "\nrequire(name)"), [2]);
    assert_eq!(dynamic("a.js", "import(`${x}`)"), [1]);
    assert_eq!(dynamic("a.js", "require(prefix + 'x'); require('a' + b)"), [1, 1]);
    assert_eq!(dynamic("a.js", "function require(name) {}"), [0_u32; 0]);
}

#[test]
fn comments_strings_expressions_and_templates_import_nothing() {
    check(
        "a.js",
        "// import 'a'\n/* require('b') */\nvar s = \"import 'c'\";\nvar r = /['\"`]/g, q = a / b / c;\nvar t = `import 'd' ${require('real')} \\` require('e')`;\nobj.import('f'); obj.require('g');\nimport.meta.url;\n",
        &["5 real"],
    );
}

#[test]
fn text_of_elements_costs_its_line_only() {
    check("a.jsx", "const a = <p>Don't panic</p>;\nconst b = require('b');\n", &["2 b"]);
    check("a.jsx", "const a = <a>http://x</a>;\nconst r = x ? /[/]'/ : 1;\nimport 'c';\n", &["3 c"]);
}

#[test]
fn nested_templates_and_braces() {
    check("a.js", "`a${ {b: `c${ require('deep') }`} }d`; require('after')", &["1 deep", "1 after"]);
}

#[test]
fn loaders_queries_and_versions_are_taken_off() {
    check(
        "a.js",
        "import '!!raw-loader!x/y.txt'; import 'z/w.svg?url'; import 'npm:react@18';",
        &["1 raw-loader", "1 x/y.txt", "1 z/w.svg", "1 react"],
    );
}

#[test]
fn components_hold_scripts() {
    check(
        "a.vue",
        "<template>\n<p>it's import 'no'</p>\n</template>\n<script setup lang=\"ts\">\nimport { ref } from 'vue'\n</script>\n<script>\nimport 'b'\n</script>\n<style>@import 'c';</style>\n",
        &["5 vue", "8 b"],
    );
    check("a.astro", "---\nimport X from 'x';\n---\n<p>y</p>\n", &["2 x"]);
    check(
        "a.mdx",
        "# Don't\n\nimport Y from 'y'\nexport { z } from 'z'\n\nimportant `text\n",
        &["3 y", "4 z"],
    );
}
