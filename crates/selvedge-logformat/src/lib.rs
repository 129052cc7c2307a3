//! The text formats that logs are written in.
