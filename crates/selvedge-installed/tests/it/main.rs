//! Behaviour over whole trees and images.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod conformance;
mod image;
mod image_limits;
mod machine;
mod owner;
mod tarball;
