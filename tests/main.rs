//! The integration tests, as one binary.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    clippy::std_instead_of_core,
    clippy::std_instead_of_alloc,
    reason = "tests"
)]

mod access_set;
mod alerts;
mod audit;
mod auto_traits;
mod client_address;
mod conformance;
mod coverage;
mod golden;
mod host;
mod leak;
mod lockout_model;
mod no_panic;
mod registers;
mod release;
mod sim;
mod timing;
