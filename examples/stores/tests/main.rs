//! The tests of the stores, as one binary. Those that need a server are ignored unless asked for.
#![allow(missing_docs, missing_debug_implementations, reason = "tests")]

mod audit_log;
mod folder;
#[cfg(any(feature = "postgres", feature = "redis"))]
mod host;
#[cfg(any(feature = "postgres", feature = "redis"))]
mod notes;
#[cfg(any(feature = "postgres", feature = "redis"))]
mod outgrow;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(any(feature = "postgres", feature = "redis"))]
mod private;
#[cfg(any(feature = "postgres", feature = "redis"))]
mod race;
#[cfg(feature = "redis")]
mod redis;
#[cfg(any(feature = "postgres", feature = "redis"))]
mod servers;
mod sign_in;
mod sqlite;
mod staff;
