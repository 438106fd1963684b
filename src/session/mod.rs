//! Sessions: a token for the client, its digest for the store, an end that is certain; and accounts nobody uses.
//!
//! | you want | use |
//! |---|---|
//! | say how long a session lasts, and may be idle | [`SessionPolicy`]; there is no default, the documents give no number (X17) |
//! | open one after a sign-in, with a [`Token`](crate::secret::Token) minted before | [`open`], [`file()`] |
//! | ask on every request whether it is alive | [`touch`] if the request is the person's doing, [`check`] if not |
//! | show a person their sessions | [`list`] |
//! | end one, the others, all of an account | [`end`] |
//! | end all of a tenant | [`revoke_all`] |
//! | disable an account, and enable it again | [`disable`], [`enable`] |
//! | close accounts that nobody uses (A2-Input-6) | [`DormancyPolicy`], [`review`], [`reactivate`] |
//!
//! [`SignIn`](crate::sign_in::SignIn) does all of these over a store, and is what most hosts call.
//!
//! Two records make a session. [`SessionState`] is filed under the digest of its token (E-5.10a), so whoever reads the
//! database cannot use what he finds; it says whose session it is. [`ActivityState`], one an account, lists the
//! sessions: what is not listed is dead. All that happens to an account's sessions is a compare-and-swap of that one
//! record, so a use that comes after a revocation finds nothing, the cap holds however many sign in at once, and ending
//! all of them is one write.
//!
//! A session carries the generation of the credential it came from: when the password changes, all sessions of the
//! old one are dead at once. What is found to be over is written as ended before anybody is told, so a clock that
//! steps back revives nothing that was ever seen to be over.

mod decide;
mod disabling;
mod dormancy;
mod policy;
mod refusing;
mod roll;
mod state;
#[cfg(test)]
mod tests;
mod unlisted;

pub(crate) use self::decide::is_full;
pub use self::decide::{
    CODES, ENDED, EVICTED, EXPIRED, Ending, FULL, IDLE, LOCKED, NewSession, OPENED, OpenOutcome, REFUSED, REPLACED,
    REVOKED, REVOKED_ALL, ROTATED, SUPERSEDED, SessionOutcome, Validity, blank, check, end, file, list, open,
    revoke_all, touch,
};
pub use self::disabling::{DISABLED, ENABLED, disable, enable};
pub use self::dormancy::{
    DORMANT, DormancyPolicy, DormancyPolicyBuilder, DormancyPolicyError, NEAR, REACTIVATED, Standing, reactivate,
    review, standing,
};
pub use self::policy::{AtCap, IdleLimit, SessionPolicy, SessionPolicyBuilder, SessionPolicyError};
pub use self::refusing::refuse;
pub use self::state::{ActivityState, OpenSession, RevocationState, SessionState};
pub use self::unlisted::check_unlisted;
