//! The crate from outside: policy texts and findings in, verdict out, as `selvedge check` uses it.

mod flow;
mod hostile;
