//! The versions of a policy: in force when, published where, part of the handbook since when.

mod decide;
mod state;
#[cfg(test)]
mod tests;

pub use self::decide::{adopt, publish, put_in_handbook};
pub use self::state::{HandbookLink, PolicyVersion, Publication, VersionsState};
