//! Sessions on awareness and of training: when the next is due, and who missed one.

mod decide;
mod policy;
mod state;
#[cfg(test)]
mod tests;

pub use self::decide::hold;
pub use self::policy::{Cadence, CadenceError};
pub use self::state::{ProgrammeState, Session};
