//! Lock-out: an attempt is charged before the password is looked at.
//!
//! | you want | use |
//! |---|---|
//! | say how many failures lock for how long | [`LockoutPolicy`]; the default is E-6P.3 |
//! | reserve an attempt, before the slow hash | [`begin`] |
//! | settle it, after | [`settle`], or [`cancel`] when the hash never ran |
//! | let an administrator open an account, or a new password | [`unlock`], [`rebind`] |
//! | charge attempts to their source as well, or keep strangers apart | [`LanePolicy`] |
//! | keep a flood of denials out of the events | [`DenialPolicy`] |
//! | guard a one-time code as well | [`Factor`] |
//! | honour a lock elsewhere | [`is_closed`] |
//!
//! Checking, verifying and only then counting lets N parallel guesses all be verified. Here each
//! attempt is reserved in the record first; wrong guesses begun between two resets (a success, or a
//! lock that was served) never exceed the limit, in any interleaving, on any number of nodes, while
//! parallel correct sign-ins lock nobody out: when there is no room they are told to come back.
//!
//! What follows from it, and what a host should know:
//! - The lease must be longer than a hash takes *and* than the clocks of two nodes differ.
//! - Settle must run even if the client has hung up. An attempt that is never settled lapses at the
//!   end of its lease and then counts as a failure: three correct sign-ins killed in mid-hash lock
//!   the account for one lock period.
//! - Holding attempts open to keep a victim busy works for one lease, and then is an ordinary lock.
//! - A clock that runs ahead by more than the skew costs one period, or up to two if its lock ends within two: what
//!   it set too far ahead is bounded. One node whose clock is behind opens nothing that the others hold closed; with
//!   two that are behind by different amounts, both by more than the skew, a lock may open early. Keep clocks in step.
//! - A lock protects a way in, and not the sessions that are open: strangers set it, and so does the cap. What an
//!   administrator closes is [`SignIn::disable`](crate::sign_in::SignIn::disable).
//! - A lock protects a password. Issuing another opens it, and so does its bearer's change ([`rebind`]): neither
//!   is ever blocked by a lock, nor is showing a temporary password ([`LanePolicy::temporary`]). Each opening is an event, once: [`OPENED`] by time, [`UNLOCKED`], [`REBOUND`].
//! - 3 failures for 15 minutes still allow 288 guesses a day and 105,120 a year
//!   ([`LockoutPolicy::guesses_per_day`]); longer locks are the policy's `tiers`, a bound over days its `cap`.

mod decide;
mod denials;
mod familiar;
mod lanes;
mod mark;
mod policy;
mod state;
#[cfg(test)]
mod tests;

pub use self::decide::{
    BOUNDED, BeginOutcome, CODES, DISABLED, LAPSED, LOCKED, OPENED, REBOUND, SettleOutcome, UNLOCKED, begin, cancel,
    is_closed, pass, rebind, settle, unlock,
};
pub use self::denials::{DenialPolicy, DenialPolicyError, DenialState, GAP};
pub(crate) use self::denials::{close, deny, is_full, rewrite};
pub use self::familiar::FamiliarState;
pub(crate) use self::familiar::{SourceMarks, is_familiar, remember};
pub use self::lanes::{FamiliarPolicy, LanePolicy, LanePolicyBuilder, LanePolicyError};
pub use self::mark::Mark;
pub use self::policy::{LockoutPolicy, LockoutPolicyBuilder, LockoutPolicyError, Repeats, Tier};
pub use self::state::{Factor, LockoutState, Reservation};
