//! Integration tests of the secret engine.

mod pack;
