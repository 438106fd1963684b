//! One umbrella for every error of the crate, for hosts that use `?` with one type.

use crate::access::AccessPolicyError;
use crate::alerts::AlertPolicyError;
use crate::audit::StampError;
use crate::audit::record::{DraftError, RecordError};
use crate::audit::view::ViewError;
use crate::credential::TemporaryPolicyError;
use crate::deadline::DeadlineError;
use crate::dpa::{DpaTermsError, EvidenceError};
use crate::entropy::EntropyError;
use crate::event::EventError;
use crate::hashing::{HashError, HashPolicyError, PhcError};
use crate::id::IdError;
use crate::lockout::{DenialPolicyError, LanePolicyError, LockoutPolicyError};
use crate::password::{ContextError, PassphraseError, PasswordPolicyError, StrengthError, WordListError};
#[cfg(feature = "breached")]
use crate::screening::{ListBuildError, ListError};
use crate::secret::{KeyringError, TokenError};
use crate::session::{DormancyPolicyError, SessionPolicyError};
use crate::sign_in::{Fault, SignInPolicyError};
use crate::store::DecodeError;

/// Any error of the crate: bad configuration, undecodable data, a failure of storage, hashing or
/// entropy. A denial is never an error; it is a value.
///
/// ```
/// use clausework::{AccountId, Error, TenantId, lockout::LockoutPolicy};
///
/// fn configure() -> Result<LockoutPolicy, Error> {
///     let _tenant = TenantId::try_new("acme")?;
///     let _account = AccountId::try_new("u-17")?;
///     Ok(LockoutPolicy::builder().limit(0).build()?)
/// }
/// assert_eq!(configure().unwrap_err().to_string(), "a limit of 0 failures is not between 1 and 1000");
/// ```
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
#[non_exhaustive]
pub enum Error {
    /// An access policy.
    AccessPolicy(#[from] AccessPolicyError),
    /// An alert policy.
    AlertPolicy(#[from] AlertPolicyError),
    /// A draft of an audit record.
    AuditDraft(#[from] DraftError),
    /// An audit record.
    AuditRecord(#[from] RecordError),
    /// A view of an audit record.
    AuditView(#[from] ViewError),
    /// The words a password is compared with.
    Context(#[from] ContextError),
    /// A deadline that cannot be computed.
    Deadline(#[from] DeadlineError),
    /// A stored record.
    Decode(#[from] DecodeError),
    /// A dormancy policy.
    DormancyPolicy(#[from] DormancyPolicyError),
    /// The terms of an agreement.
    DpaTerms(#[from] DpaTermsError),
    /// The evidence of an agreed date.
    Evidence(#[from] EvidenceError),
    /// Entropy.
    Entropy(#[from] EntropyError),
    /// A stored event.
    Event(#[from] EventError),
    /// A flow that could not run.
    Fault(#[from] Fault),
    /// Hashing.
    Hash(#[from] HashError),
    /// A hash policy.
    HashPolicy(#[from] HashPolicyError),
    /// An id.
    Id(#[from] IdError),
    /// A ring of keys.
    Keyring(#[from] KeyringError),
    /// A lock-out policy.
    LockoutPolicy(#[from] LockoutPolicyError),
    /// The lanes of a lock-out.
    LanePolicy(#[from] LanePolicyError),
    /// A rate of recorded denials.
    DenialPolicy(#[from] DenialPolicyError),
    /// A list of known passwords.
    #[cfg(feature = "breached")]
    List(#[from] ListError),
    /// The making of a list of known passwords.
    #[cfg(feature = "breached")]
    ListBuild(#[from] ListBuildError),
    /// A passphrase.
    Passphrase(#[from] PassphraseError),
    /// A password policy.
    PasswordPolicy(#[from] PasswordPolicyError),
    /// A stored password hash.
    Phc(#[from] PhcError),
    /// A session policy.
    SessionPolicy(#[from] SessionPolicyError),
    /// The stamp of a row.
    Stamp(#[from] StampError),
    /// A tenant's policy.
    SignInPolicy(#[from] SignInPolicyError),
    /// A strength.
    Strength(#[from] StrengthError),
    /// The policy of temporary passwords.
    TemporaryPolicy(#[from] TemporaryPolicyError),
    /// A token.
    Token(#[from] TokenError),
    /// A list of words for passphrases.
    WordList(#[from] WordListError),
}
