//! The personnel: who is of it when, who has acknowledged which version of a policy, who has attended what.

mod decide;
mod state;
#[cfg(test)]
mod tests;

pub use self::decide::{acknowledge, attend, erase_person, join, leave, unacknowledged};
pub use self::state::{Acknowledgement, Attendance, PersonState};
