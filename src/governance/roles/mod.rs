//! Who is responsible for security, and who is accountable for all of it.

mod decide;
mod state;
#[cfg(test)]
mod tests;

pub use self::decide::{assign, end_role};
pub use self::state::{Assignment, Role, RolesState};
