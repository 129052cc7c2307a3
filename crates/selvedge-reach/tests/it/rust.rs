//! Rust imports.

use crate::check;

#[test]
fn use_declarations_in_every_shape() {
    check(
        "a.rs",
        "use serde::{Deserialize, de::{self, Visitor}};\npub use ::anyhow as e;\nuse {a::b, c::{d as f}};\nextern crate log as l;\nuse std::fmt;\nuse crate::x;\nuse r#try::y;\n",
        &["1 serde", "2 anyhow", "3 a", "3 c", "4 log", "7 try"],
    );
}

#[test]
fn paths_in_code_macros_and_attributes() {
    check(
        "a.rs",
        "#[derive(thiserror::Error)]\nstruct S { x: <u8 as num::Bounded>::T }\n#[tokio::main]\nasync fn f() { let v = Vec::<u8>::new(); ::lazy::init(); println!(\"{}\", itoa::f(1)); std::mem::take(x); Self::y(); x.y::<k::Z>() }\n",
        &["1 thiserror", "2 num", "3 tokio", "4 lazy", "4 itoa", "4 k"],
    );
}

#[test]
fn names_that_stand_for_an_import_are_no_other() {
    check(
        "a.rs",
        "use serde_json as json;\nuse rand::rngs;\nfn f() { json::to_string(x); rngs::x() }\n",
        &["1 serde_json", "2 rand"],
    );
}

#[test]
fn strings_comments_and_lifetimes() {
    check(
        "a.rs",
        "// a::b\n/* c::d /* e::f */ g::h */\nconst S: &str = \"i::j\";\nconst R: &str = r#\"k::l \" m::n\"#;\nfn f<'a>(x: &'a str) -> char { let q = '\"'; let e = '\\''; o::p(q) }\n#[doc = \"q::r\"]\nconst B: &[u8] = b\"s::t\";\n",
        &["5 o"],
    );
}

#[test]
fn macro_definitions_name_no_package_with_a_dollar() {
    check("a.rs", "macro_rules! m { ($x:ident) => { $crate::f($x::g) } }\n", &[]);
}
