//! The inventory as others see it: files in, manifests and diagnostics out.

mod support;
