//! Screening: is this password known to be bad?
//!
//! NIST SP 800-63B-4 section 3.1.1.2 asks that a new password be compared with a blocklist of commonly
//! used, expected or compromised ones. Three sources, each a pure function; the host does all I/O:
//!
//! | you have | use | feature |
//! |---|---|---|
//! | nothing | [`screen_common`]: some 1 600 of the most common passwords, built in | |
//! | a file of millions, built once by `examples/build_list.rs` | `List` | `breached` |
//! | the Pwned Passwords service (HIBP) or a mirror of it | `RangeQuery` | `breached` |
//!
//! Each answers with a [`Screening`] of three values: clean, known, unknown with a reason. Join several
//! by [`Screening::and`], and let [`decide`] say what follows: a password that could not be screened is
//! refused, accepted, or accepted and checked again later, as the [`UnknownPolicy`] says. That policy has
//! no default: whichever was chosen silently would be wrong for somebody (refusing stops every sign-up
//! when a service is down; accepting makes an outage a way in).
//!
//! ```
//! use clausework::Secret;
//! use clausework::screening::{ScreeningOutcome, UnknownPolicy, decide, screen_common};
//!
//! let bad = decide(screen_common(&Secret::from("Password1")), UnknownPolicy::Refuse);
//! assert_eq!(bad.code().unwrap().as_str(), "screening.known");
//!
//! let good = decide(screen_common(&Secret::from("nine-lilac-otters")), UnknownPolicy::Refuse);
//! assert_eq!(good, ScreeningOutcome::Accepted);
//! ```
//!
//! In a [change of password](crate::sign_in::ChangeRequest::with_screening) the built-in list is searched unless the
//! policy says otherwise, and the host hands in what its own sources know.
//!
//! Screening is for passwords that are being chosen. To check at sign-in too is the host's choice; a
//! known password is then a reason to ask for another
//! ([`SignInRequest::for_change`](crate::sign_in::SignInRequest::for_change); under a minimum age a reset, which is not
//! bound by it), not a wrong password.
//!
//! # Why a feature
//! Breach corpora are published as SHA-1 digests, and SHA-1 is one crate more than most hosts need. It
//! is a look-up key here and protects nothing: passwords are stored by [`hashing`](crate::hashing).

#[cfg(feature = "breached")]
mod builder;
mod decide;
#[cfg(feature = "breached")]
mod digest;
mod embedded;
#[cfg(feature = "breached")]
mod list;
mod outcome;
#[cfg(feature = "breached")]
mod range;
#[cfg(test)]
mod tests;

#[cfg(feature = "breached")]
pub use self::builder::{ListBuildError, ListBuilder};
pub use self::decide::{CODES, KNOWN, NOT_SCREENED, ScreeningOutcome, UnknownPolicy, decide};
pub(crate) use self::decide::{SAY_KNOWN, SAY_NOT_SCREENED};
#[cfg(feature = "breached")]
pub use self::digest::PasswordSha1;
pub use self::embedded::{common_passwords, screen_common};
#[cfg(feature = "breached")]
pub use self::list::{List, ListError};
pub use self::outcome::{
    ANSWER_EMPTY, ANSWER_MALFORMED, ANSWER_TOO_LONG, LIST_DAMAGED, NO_ANSWER, Screening, UnknownReason,
};
#[cfg(feature = "breached")]
pub use self::range::{MAX_ANSWER_BYTES, RangeQuery};
