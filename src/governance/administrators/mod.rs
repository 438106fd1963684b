//! The administrators: who was appointed for what and when, who acts without, and who has asked for the list.

mod decide;
mod state;
#[cfg(test)]
mod tests;

pub use self::decide::{HandOut, appoint, compare, end_appointment, erase_names, hand_out, owed, request_list};
pub use self::state::{AdministratorsState, Appointment, Identification, ListRequest};
