#![no_std]
//! placeholder

extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

pub mod clause;
pub mod deadline;
pub mod dpa;
pub mod time;

pub use time::{Now, Timestamp};
