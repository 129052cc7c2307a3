//! Integration tests of the secret engine.
