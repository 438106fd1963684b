//! The audit log: records that cannot be changed unnoticed and can be erased lawfully.
//!
//! | you want | use |
//! |---|---|
//! | write and read records | [`record`] |
//! | never forget who made or changed a row of the host's own (E-5.4) | [`Stamped`] |
//! | hand records to other systems | [`view`] |

pub mod record;
mod stamp;
pub mod view;

pub use self::stamp::{StampError, Stamped};
