//! One generic record of evidence, and the one decision that reads it: [`Register`].

mod decide;
mod entry;
mod policy;
mod register;
mod report;
mod state;
#[cfg(test)]
mod tests;

pub use self::decide::file;
pub use self::entry::{Detail, Evidence, Part, Region, Shortfall};
pub(super) use self::policy::is_cadence;
pub use self::policy::{Demand, EvidencePolicy, EvidencePolicyBuilder, EvidencePolicyError};
pub use self::register::{Answer, MEASURES, Register};
pub use self::report::{Line, Report};
pub use self::state::{EvidenceState, Filed};
