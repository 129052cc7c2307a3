//! Package files of Haskell: what Cabal freezes and Stack locks.

mod cabal_freeze;
mod stack_lock;

use crate::Format;

/// The formats of this folder.
pub(crate) const FORMATS: &[Format] = &[cabal_freeze::FORMAT, stack_lock::FORMAT];
