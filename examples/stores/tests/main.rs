//! The tests of the SQLite store, as one binary.
#![allow(missing_docs, missing_debug_implementations, reason = "tests")]

mod folder;
mod sign_in;
mod sqlite;
