//! What is installed or built, read into components.
