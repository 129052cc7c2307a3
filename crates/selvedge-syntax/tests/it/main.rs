//! Integration tests: patterns against code, and the pattern tests of Semgrep's own engine.

mod conformance;
mod python;
