//! Java, Kotlin and Scala imports.

use crate::{check, dynamic};

#[test]
fn imports_of_each_language() {
    check(
        "A.java",
        "package a.b;\nimport org.x.Y;\nimport static org.x.Z.*;\n/* import c.d; */\nclass A {}\n",
        &["2 org.x.Y", "3 org.x.Z"],
    );
    check("a.kt", "import org.x.Y as W\nimport a.b.*\n\nfun important() {}\n", &["1 org.x.Y", "2 a.b"]);
    check("a.scala", "import org.x.{Y, Z => W}\nimport a.b._, c.d.E\n", &["1 org.x", "2 a.b", "2 c.d.E"]);
}

#[test]
fn qualified_names_in_code_and_class_names_in_strings() {
    check(
        "A.java",
        "class A { com.acme.lib.Thing t = new com.acme.lib.Thing(); String s = \"org.h2.Driver\"; int x = this.a.b.C; }\n",
        &["1 com.acme.lib.Thing", "1 org.h2.Driver (named)"],
    );
}

#[test]
fn reflection() {
    check("A.java", "class A { Object o = Class.forName(\"a.b.C\"); }\n", &["1 a.b.C"]);
    assert_eq!(
        dynamic(
            "A.java",
            "class A {\n Object o = Class.forName(x);\n Object p = ServiceLoader.load(X.class); }\n"
        ),
        [2, 3]
    );
}
