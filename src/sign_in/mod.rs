//! Signing in: access, lock-out, credential, hash and session as one flow that a host calls.
//!
//! | you are | call |
//! |---|---|
//! | a blocking host | [`SignIn::sign_in`], [`SignIn::change_password`], [`SignIn::touch_session`], [`SignIn::check_session`], [`SignIn::sign_out`] |
//! | an async host, or one with its own threads or transaction | [`SignIn::begin`], [`Attempt::verify`], [`SignIn::settle`] |
//! | an async host, for the rest | [`SignIn::begin_change`], [`SignIn::touch_session_async`], [`SignIn::check_session_async`], [`SignIn::sign_out_async`] |
//! | an async administrator or job | [`SignIn::settle_unlock`], [`SignIn::settle_gaps`], [`SignIn::settle_end`], [`SignIn::settle_revocation`], [`SignIn::settle_review`], [`SignIn::settle_reactivation`], over [`update_async`](crate::store::update_async) |
//! | a person, about their own sessions | [`SignIn::sessions`], [`SignIn::end_sessions`], [`SignIn::rotate_session`] |
//! | an administrator, about a locked account | [`SignIn::unlock`] |
//! | a job, about denials that were only counted | [`SignIn::close_gaps`] |
//! | an administrator, about sessions | [`SignIn::end_sessions`] of an account, [`SignIn::revoke_sessions`] of the tenant |
//! | a daily job, and whoever puts right what it closed | [`SignIn::review_dormancy`], [`SignIn::reactivate`] |
//! | adding an account, or resetting a password | [`SignIn::issue_temporary`] |
//! | a user who wants another password | [`SignInRequest::for_change`], then [`SignIn::change_password`] |
//!
//! The order is fixed by the types: an attempt is charged before the password is looked at, the slow
//! hash runs for known and unknown names alike, and only the last step tells. There is one public
//! answer to everything that is refused, [`Denied`]; the true reason is in the event that is stored
//! in the same commit. A fault of storage, hashing or entropy is [`SignInOutcome::Unavailable`]:
//! nobody is let in. Before the hash nothing is counted; a fault at the very last commit leaves the
//! attempt to lapse, and it then counts as a failure.
//!
//! In three steps, for an async host (the same three run in [`SignIn::sign_in`]):
//!
//! ```
//! use clausework::sign_in::{Begun, SignIn, SignInOutcome, SignInRequest};
//! use clausework::store::{AsyncStore, UpdateError, update_async, update_from_async};
//! use clausework::{Now, entropy::OsEntropy};
//!
//! async fn sign_in<S: AsyncStore>(
//!     guard: SignIn<'_>, mut store: S, clock: impl Fn() -> Now, request: SignInRequest,
//! ) -> Result<SignInOutcome, UpdateError<S::Error>> {
//!     let begun = update_async(&mut store, guard.keys(&request), |rows| guard.begin(rows, clock(), &request)).await?;
//!     let attempt = match begun {
//!         Begun::Attempt(attempt) => attempt,
//!         Begun::Ended(outcome) => return Ok(outcome), // refused by network or transport, or busy
//!     };
//!     // On a thread that may block (spawn_blocking in tokio); it takes milliseconds of processor time.
//!     let verdict = attempt.verify(guard.hasher(), &mut OsEntropy, request.password());
//!     update_from_async(&mut store, verdict.rows(), |rows| guard.settle(rows, clock(), &verdict)).await
//! }
//! ```
//!
//! A sign-in that shows a session ([`SignInRequest::with_session`]) loads [`SignIn::shown_key`] before, and begins from
//! the keys of [`SignIn::find_shown`]: the session may be another account's.
//!
//! An async host bounds the hashes under way by a semaphore of its own, of as many permits as the hasher's
//! memory holds hashes, and sets [`max_waiting`](crate::hashing::HashPolicyBuilder::max_waiting) to 0, so that no
//! thread ever blocks: see [`hashing`](crate::hashing#async-hosts). A hasher that is overloaded all the same is
//! [`SignInOutcome::Busy`], for known and unknown names alike, and the attempt is given back.
//!
//! # Choosing a password
//!
//! A sign-in with a temporary password, with one past its maximum age, or one that
//! [asks for it](SignInRequest::for_change), opens the change alone ([`SignInOutcome::MustChange`]). At maximum age less
//! a microsecond a password opens a session, at exactly that age and after only the change; what counts is the instant
//! at which the attempt begins. The change says every broken rule at once that can be found without a slow hash
//! (composition, context, screening, minimum age), and only then compares with the present and the last passwords.
//! Each try of a bearer costs as many hashes as the history is long and one; a permission is good for
//! [ten](crate::credential::MAX_CHANGE_TRIES) of them.
//!
//! # In mid-hash
//!
//! A password that is replaced while an attempt with the old one is in mid-hash opens nothing: the
//! attempt is refused, or, if it settles on what it loaded before, its session carries the old
//! generation and is dead from the start.
//!
//! A lock is never in the way of issuing a temporary password ([`SignIn::issue_temporary`]), nor of the change by
//! whoever holds a permission for it: both work while an account is locked or disabled, count as no attempt, and open
//! it. Showing the temporary password is a sign-in like any other: a lock that strangers set after it was issued
//! refuses it until it is served. Familiar sources ([`LanePolicy`](crate::lockout::LanePolicy)) narrow that.
//!
//! Run the last step even if the client has hung up (spawn it): an attempt that is never settled
//! counts as a failure when its lease ends.

mod account;
mod attempt;
mod change;
mod decide;
mod denials;
mod flow;
mod issue;
mod lanes;
mod opening;
mod outcome;
mod policy;
mod request;
mod session;
mod subject;
#[cfg(test)]
mod tests;

pub use self::attempt::{Attempt, Begun, Verdict};
pub use self::change::{ChangeAttempt, ChangeBegun, ChangeRequest, ChangeVerdict};
pub use self::decide::{
    ACCESS_REFUSED, ATTEMPTED, BUSY, CHANGE_REFUSED, CHANGE_REQUIRED, CODES, DISABLED, EXPIRED, LEGACY_TOO_LONG,
    LOCKED, MISMATCH, NO_PASSWORD, OVERLOADED, OVERLOADED_RETRY, REFUSED, REJECTED, SIGNED_IN, SUPERSEDED, SignIn,
    TOO_MANY_TRIES, UNKNOWN_ACCOUNT, UNSCREENED, UNUSABLE_HASH,
};
pub use self::issue::{IssueOutcome, TemporaryPassword};
pub use self::outcome::{ChangeOutcome, ChangePermit, ChangeReason, Denied, Fault, Session, SignInOutcome};
pub use self::policy::{SignInPolicy, SignInPolicyBuilder, SignInPolicyError};
pub use self::request::SignInRequest;
