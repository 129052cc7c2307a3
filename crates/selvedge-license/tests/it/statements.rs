//! Statements of real packages, and what they mean.

use proptest::prelude::*;
use selvedge_license::{all_of, parse};

#[track_caller]
fn check(text: &str, expected: &str) {
    let parsed = parse(text).unwrap_or_else(|| panic!("{text} says nothing"));
    assert_eq!(parsed.expression.to_string(), expected, "{text}");
    assert!(parsed.expression.is_known(), "{text}");
}

#[test]
fn expressions_of_the_specification() {
    for text in [
        "MIT",
        "MIT OR Apache-2.0",
        "(MIT OR Apache-2.0) AND BSD-3-Clause",
        "GPL-2.0-or-later WITH Classpath-exception-2.0",
        "LicenseRef-acme AND DocumentRef-spdx-tool-1.2:LicenseRef-MIT-Style-2",
        "EPL-1.0+",
    ] {
        check(text, text);
        assert!(parse(text).unwrap().is_spdx, "{text}");
    }
    check("mit or apache-2.0", "MIT OR Apache-2.0");
    check("MIT AND (MIT AND ISC)", "MIT AND ISC");
    check("GPL-2.0", "GPL-2.0-only");
    check("GPL-2.0+", "GPL-2.0-or-later");
    check(
        "LGPL-2.1+ WITH OCaml-LGPL-linking-exception",
        "LGPL-2.1-or-later WITH OCaml-LGPL-linking-exception",
    );
}

#[test]
fn what_crates_and_npm_write() {
    check("MIT/Apache-2.0", "MIT OR Apache-2.0");
    check("Apache-2.0 / MIT", "Apache-2.0 OR MIT");
    check("(MIT)", "MIT");
    check("(MIT OR Apache-2.0)", "MIT OR Apache-2.0");
    check("BSD", "BSD-3-Clause");
    check("Apache 2", "Apache-2.0");
    check("Apache License, Version 2.0", "Apache-2.0");
    check("MIT License", "MIT");
    check("MIT*", "MIT");
    check("Public Domain", "LicenseRef-public-domain");
    check("UNLICENSED", "LicenseRef-Proprietary");
    check("BSD-3-Clause AND MIT", "BSD-3-Clause AND MIT");
    check("GPL-3.0-or-later || MIT", "GPL-3.0-or-later OR MIT");
    check("WTFPL", "WTFPL");
    assert!(!parse("BSD").unwrap().is_exact);
    assert!(parse("Apache 2").unwrap().is_exact);
}

#[test]
fn classifiers_of_pypi() {
    check("License :: OSI Approved :: MIT License", "MIT");
    check("License :: OSI Approved :: Apache Software License", "Apache-2.0");
    check("License :: OSI Approved :: GNU General Public License v3 or later (GPLv3+)", "GPL-3.0-or-later");
    check("License :: OSI Approved :: GNU General Public License v2 (GPLv2)", "GPL-2.0-only");
    check(
        "License :: OSI Approved :: GNU Lesser General Public License v2 or later (LGPLv2+)",
        "LGPL-2.0-or-later",
    );
    check(
        "License :: OSI Approved :: GNU Library or Lesser General Public License (LGPL)",
        "LGPL-2.0-or-later",
    );
    check("License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)", "MPL-2.0");
    check("License :: OSI Approved :: Python Software Foundation License", "PSF-2.0");
    check("License :: OSI Approved :: BSD License", "BSD-3-Clause");
    check("License :: OSI Approved :: ISC License (ISCL)", "ISC");
    check("License :: OSI Approved :: zlib/libpng License", "Zlib");
    check("License :: OSI Approved :: Historical Permission Notice and Disclaimer (HPND)", "HPND");
    check("License :: Public Domain", "LicenseRef-public-domain");
    check("License :: CC0 1.0 Universal (CC0 1.0) Public Domain Dedication", "CC0-1.0");
    check("License :: Other/Proprietary License", "LicenseRef-Proprietary");
    check("License :: OSI Approved :: The Unlicense (Unlicense)", "Unlicense");
}

#[test]
fn names_and_addresses_of_maven() {
    check("The Apache Software License, Version 2.0", "Apache-2.0");
    check("http://www.apache.org/licenses/LICENSE-2.0.txt", "Apache-2.0");
    check("https://opensource.org/licenses/MIT", "MIT");
    check("http://www.opensource.org/licenses/mit-license.php", "MIT");
    check("https://spdx.org/licenses/BSD-2-Clause.html", "BSD-2-Clause");
    check("Eclipse Public License - v 2.0", "EPL-2.0");
    check("GNU Lesser General Public License, Version 2.1", "LGPL-2.1-only");
    check("EPL 2.0", "EPL-2.0");
    check("GPL2 w/ CPE", "GPL-2.0-only WITH Classpath-exception-2.0");
    check(
        "GNU General Public License, version 2 with the Classpath exception",
        "GPL-2.0-only WITH Classpath-exception-2.0",
    );
    check("COMMON DEVELOPMENT AND DISTRIBUTION LICENSE (CDDL) Version 1.0", "CDDL-1.0");
    check("Eclipse Distribution License - v 1.0", "BSD-3-Clause");
    check("BSD 3-Clause \"New\" or \"Revised\" License", "BSD-3-Clause");
    check("Bouncy Castle Licence", "MIT");
}

#[test]
fn short_names_of_distributions() {
    check("Expat", "MIT");
    check("GPL-2+", "GPL-2.0-or-later");
    check("GPL-2", "GPL-2.0-only");
    check("LGPL-2.1+", "LGPL-2.1-or-later");
    check("GPL-2+ or Artistic", "GPL-2.0-or-later OR Artistic-1.0-Perl");
    check("BSD-3-clause", "BSD-3-Clause");
    check("GFDL-NIV-1.3+", "GFDL-1.3-no-invariants-or-later");
    check("GPLv2+", "GPL-2.0-or-later");
    check("LGPLv2+ and MIT", "LGPL-2.0-or-later AND MIT");
    check("ASL 2.0", "Apache-2.0");
    check("GPL+ or Artistic", "GPL-1.0-or-later OR Artistic-1.0-Perl");
    check(
        "(GPLv3+ or BSD) and Public Domain",
        "(GPL-3.0-or-later OR BSD-3-Clause) AND LicenseRef-public-domain",
    );
    check(
        "GPLv3+ and GPLv3+ with GCC exceptions and MIT",
        "GPL-3.0-or-later AND GPL-3.0-or-later WITH GCC-exception-3.1 AND MIT",
    );
    check("MPLv2.0", "MPL-2.0");
    check("GPL v2 or later", "GPL-2.0-or-later");
    check("GNU General Public License v3.0 or (at your option) any later version", "GPL-3.0-or-later");
}

#[test]
fn what_is_not_understood_stays() {
    let parsed = parse("MIT AND Acme Internal Licence").unwrap();
    assert_eq!(parsed.expression.to_string(), "MIT AND Acme Internal Licence");
    assert_eq!(parsed.expression.to_spdx(), "MIT AND LicenseRef-Acme-Internal-Licence");
    assert!(!parsed.expression.is_known() && !parsed.is_exact);
    let parsed = parse("SEE LICENSE IN LICENSE.md").unwrap();
    assert!(!parsed.expression.is_known());
    assert_eq!(parse("UNKNOWN"), None);
    assert_eq!(parse("  "), None);
    assert_eq!(parse("NOASSERTION"), None);
}

#[test]
fn several_statements_all_hold() {
    assert_eq!(
        all_of(["MIT", "", "BSD-3-Clause OR ISC", "MIT"]).unwrap().expression.to_string(),
        "MIT AND (BSD-3-Clause OR ISC)"
    );
    assert_eq!(all_of([""]), None);
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(text in "(MIT|BSD|GPLv2\\+|Foo Bar|Apache 2|LicenseRef-x|GPL-2.0)( (AND|or|/|,|WITH|\\|) (MIT|ISC|LLVM-exception|zlib|weird \\(x\\))){0,4}") {
        if let Some(parsed) = parse(&text) {
            let spdx = parsed.expression.to_spdx();
            let again = parse(&spdx).unwrap();
            prop_assert_eq!(again.expression.to_spdx(), spdx);
        }
    }

    #[test]
    fn any_text_is_taken(text in "[ -~()/|&,;é]{0,200}") {
        let _ = parse(&text);
    }

    #[test]
    fn any_character_is_taken(text in "(\\PC|\u{85}|\u{2028}|/|,|&){0,40}") {
        let _ = parse(&text);
    }
}
