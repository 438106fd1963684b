//! Signing in: access, lock-out, credential, hash and session as one flow that a host calls.
//!
//! | you are | call |
//! |---|---|
//! | a blocking host | [`SignIn::sign_in`], [`SignIn::change_password`], [`SignIn::touch_session`], [`SignIn::check_session`], [`SignIn::sign_out`] |
//! | an async host, or one with its own threads or transaction | see [below](#async-hosts) |
//! | a person, about their own sessions | [`SignIn::sessions`], [`SignIn::end_sessions`], [`SignIn::rotate_session`] |
//! | a host whose customers change their lists of addresses in the store | [`SignIn::with_access`] |
//! | an administrator, about a locked account | [`SignIn::unlock`] |
//! | an administrator, about an account that nobody is to use | [`SignIn::disable`], [`SignIn::enable`] |
//! | a job, about denials that were only counted | [`SignIn::close_gaps`] |
//! | an administrator, about sessions | [`SignIn::end_sessions`] of an account, [`SignIn::revoke_sessions`] of the tenant |
//! | a daily job, and whoever puts right what it closed | [`SignIn::review_dormancy`], [`SignIn::reactivate`] |
//! | adding an account, or resetting a password | [`SignIn::issue_temporary`] |
//! | taking over accounts of another system | [`SignIn::import`] |
//! | a user who wants another password | [`SignInRequest::for_change`], then [`SignIn::change_password`] |
//!
//! The order is fixed by the types: an attempt is charged before the password is looked at, the slow
//! hash runs for known and unknown names alike, and only the last step tells. There is one public
//! answer to everything that is refused, [`Denied`]; the true reason is in the event that is stored
//! in the same commit. A fault of storage, hashing or entropy is [`SignInOutcome::Unavailable`]:
//! nobody is let in. Before the hash nothing is counted; a fault at the very last commit leaves the
//! attempt to lapse, and it then counts as a failure.
//!
//! # Async hosts
//!
//! What takes a [`Store`](crate::store::Store) blocks. Each has its pure half, which an async host runs over
//! [`update_async`](crate::store::update_async), and a host with its own transaction over what it has loaded:
//!
//! | blocking only | for async hosts |
//! |---|---|
//! | [`SignIn::sign_in`] | [`SignIn::begin`], [`Attempt::verify`], [`SignIn::settle`] |
//! | [`SignIn::change_password`] | [`SignIn::find_change`], [`SignIn::begin_change`], [`ChangeAttempt::hash`], [`SignIn::settle_change`] |
//! | [`SignIn::issue_temporary`] | [`SignIn::prepare_temporary`], [`SignIn::settle_temporary`] |
//! | [`SignIn::import`] | [`SignIn::settle_import`] |
//! | [`SignIn::sessions`], [`SignIn::end_sessions`] | [`SignIn::list_sessions`], [`SignIn::settle_end`] |
//! | [`SignIn::revoke_sessions`] | [`SignIn::settle_revocation`] |
//! | [`SignIn::unlock`], [`SignIn::close_gaps`] | [`SignIn::settle_unlock`], [`SignIn::settle_gaps`] |
//! | [`SignIn::disable`], [`SignIn::enable`] | [`SignIn::settle_disabling`], [`SignIn::settle_enabling`] |
//! | [`SignIn::review_dormancy`], [`SignIn::reactivate`] | [`SignIn::settle_review`], [`SignIn::settle_reactivation`] |
//! | [`SignIn::touch_session`], [`SignIn::check_session`], [`SignIn::sign_out`], [`SignIn::rotate_session`] | the same names with `_async` |
//!
//! The sign-in in three steps (the same three run in [`SignIn::sign_in`]):
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
//! whoever holds a permission for it: both work while an account is locked, or closed by the cap, count as no attempt,
//! and open it. Nor does it keep out whoever shows the temporary password: while the account is locked, attempts are
//! charged to a lane of their own ([`LanePolicy::temporary`](crate::lockout::LanePolicy::temporary)), wide enough that
//! strangers do not fill it as they fill the other, and bounded. What stays closed to it is a
//! [source](crate::lockout::LanePolicy::source) that is locked, and an account that is [disabled](SignIn::disable).
//!
//! # What a stranger can see
//!
//! Every denial is the same answer after one slow hash and two commits, whether the name is known, the account open,
//! locked, disabled, dormant or without a password, and whether denials are recorded or only
//! [counted](crate::lockout::DenialPolicy). The hash is of the policy's cost, or of the one the password was hashed at:
//! after a change of the cost, or an import, the time of a refusal tells an account until its bearer has signed in again.
//! A count at a name without an account is kept for a month, that at an account until its success: whoever comes back
//! after the month may tell by `Busy` the name from an account that nobody has used since. What the network or the
//! transport refuses is one commit and no hash, whoever is named. `Busy` is said before the hash, to known and unknown
//! names alike.
//!
//! Run the last step even if the client has hung up (spawn it): an attempt that is never settled
//! counts as a failure when its lease ends.

mod account;
mod attempt;
mod change;
mod closing;
mod decide;
mod denials;
mod flow;
mod import;
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
    TOO_MANY_TRIES, UNAVAILABLE, UNKNOWN_ACCOUNT, UNSCREENED, UNUSABLE_HASH,
};
pub use self::issue::{IssueOutcome, TemporaryPassword};
pub use self::outcome::{ChangeOutcome, ChangePermit, ChangeReason, Denied, Fault, Session, SignInOutcome};
pub use self::policy::{SignInPolicy, SignInPolicyBuilder, SignInPolicyError};
pub use self::request::SignInRequest;
