//! Collection as a user sees it.
