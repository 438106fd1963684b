//! One umbrella for every error of the crate, for hosts that use `?` with one type.

use crate::access::client::ProxyPolicyError;
use crate::access::{AccessPolicyError, HstsError, IpListError, ListPolicyError, RangeError, SetError, Stale};
use crate::alerts::AlertPolicyError;
use crate::audit::StampError;
use crate::audit::bundle::BundleError;
use crate::audit::checkpoint::{CheckpointError, LogProofError, SignError};
use crate::audit::record::{DraftError, RecordError};
use crate::audit::retention::{NotCleared, RetentionPolicyError};
use crate::audit::sequencer::{ConfirmError, SequencerPolicyError};
use crate::audit::tree::{HashTextError, ProofError, TreeError};
use crate::audit::view::ViewError;
use crate::credential::TemporaryPolicyError;
use crate::deadline::{
    CalendarError, CaseError, CountingError, DeadlineError, ListError as HolidayListError, PeriodError, ZoneError,
};
use crate::dpa::{DpaTermsError, EvidenceError, WhenError};
use crate::entropy::EntropyError;
use crate::event::EventError;
use crate::governance::communication::CommunicationPolicyError;
use crate::governance::disclosure::DisclosurePolicyError;
use crate::governance::rectification::RectificationPolicyError;
use crate::governance::transfer::ManifestError;
use crate::governance::{CadenceError, DaysError, EvidencePolicyError};
use crate::hashing::{HashError, HashPolicyError, PhcError};
use crate::id::IdError;
use crate::lockout::{DenialPolicyError, LanePolicyError, LockoutPolicyError};
use crate::password::{ContextError, PassphraseError, PasswordPolicyError, StrengthError, WordListError};
use crate::profile::{PolicyFileError, TightenError};
#[cfg(feature = "breached")]
use crate::screening::{ListBuildError, ListError};
use crate::secret::{KeyringError, TokenError};
use crate::session::{DormancyPolicyError, SessionPolicyError};
use crate::sign_in::{Fault, SignInPolicyError};
use crate::staff::{GlassTermsError, PurposeError, ScopeError, StaffPolicyError};
use crate::store::DecodeError;
use crate::tenancy::{PurposePolicyError, RolePolicyError};

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
    /// A policy file.
    PolicyFile(#[from] PolicyFileError),
    /// A customer's policy that would loosen the provider's.
    Tighten(#[from] TightenError),
    /// A range of addresses.
    AddressRange(#[from] RangeError),
    /// A set of addresses.
    AddressSet(#[from] SetError),
    /// A set of addresses that has to be compiled again.
    StaleAddressSet(#[from] Stale),
    /// An alert policy.
    AlertPolicy(#[from] AlertPolicyError),
    /// A communication policy.
    CommunicationPolicy(#[from] CommunicationPolicyError),
    /// A disclosure policy.
    DisclosurePolicy(#[from] DisclosurePolicyError),
    /// A manifest of a transfer.
    Manifest(#[from] ManifestError),
    /// A rectification policy.
    RectificationPolicy(#[from] RectificationPolicyError),
    /// A key, a signed note or a checkpoint of the audit log.
    Checkpoint(#[from] CheckpointError),
    /// What is stored of the audit log is not what was appended.
    Confirm(#[from] ConfirmError),
    /// The evidence of an audit log.
    AuditBundle(#[from] BundleError),
    /// A deletion from the audit log that may not be carried out.
    AuditClearance(#[from] NotCleared),
    /// How long records of the audit log are kept.
    AuditRetention(#[from] RetentionPolicyError),
    /// A draft of an audit record.
    AuditDraft(#[from] DraftError),
    /// An audit record.
    AuditRecord(#[from] RecordError),
    /// A view of an audit record.
    AuditView(#[from] ViewError),
    /// The words a password is compared with.
    Context(#[from] ContextError),
    /// How often a session is held.
    Cadence(#[from] CadenceError),
    /// A calendar of working days.
    Calendar(#[from] CalendarError),
    /// The facts of a running deadline.
    Case(#[from] CaseError),
    /// A way of counting.
    Counting(#[from] CountingError),
    /// A list of addresses.
    IpList(#[from] IpListError),
    /// What a list of addresses may be.
    ListPolicy(#[from] ListPolicyError),
    /// Days of validity.
    Days(#[from] DaysError),
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
    /// What evidence is wanted.
    EvidencePolicy(#[from] EvidencePolicyError),
    /// Entropy.
    Entropy(#[from] EntropyError),
    /// A stored event.
    Event(#[from] EventError),
    /// A flow that could not run.
    Fault(#[from] Fault),
    /// Hashing.
    Hash(#[from] HashError),
    /// The text of a hash of the audit log.
    HashText(#[from] HashTextError),
    /// A hash policy.
    HashPolicy(#[from] HashPolicyError),
    /// A list of holidays.
    HolidayList(#[from] HolidayListError),
    /// A `Strict-Transport-Security` header.
    Hsts(#[from] HstsError),
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
    /// A record's proof, with its checkpoint.
    LogProof(#[from] LogProofError),
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
    /// The text of a period.
    Period(#[from] PeriodError),
    /// A stored password hash.
    Phc(#[from] PhcError),
    /// A proxy policy.
    ProxyPolicy(#[from] ProxyPolicyError),
    /// A proof of the audit log.
    Proof(#[from] ProofError),
    /// The policy of a sequencer.
    SequencerPolicy(#[from] SequencerPolicyError),
    /// The purposes of a deployment.
    PurposePolicy(#[from] PurposePolicyError),
    /// A tenant's roles.
    RolePolicy(#[from] RolePolicyError),
    /// A session policy.
    SessionPolicy(#[from] SessionPolicyError),
    /// A key that cannot sign.
    Sign(#[from] SignError),
    /// The stamp of a row.
    Stamp(#[from] StampError),
    /// A tenant's policy.
    SignInPolicy(#[from] SignInPolicyError),
    /// The terms on which a customer lets staff in, in an emergency.
    GlassTerms(#[from] GlassTermsError),
    /// A purpose of staff access.
    Purpose(#[from] PurposeError),
    /// The scope of a grant to staff.
    GrantScope(#[from] ScopeError),
    /// A policy of staff access.
    StaffPolicy(#[from] StaffPolicyError),
    /// A strength.
    Strength(#[from] StrengthError),
    /// The policy of temporary passwords.
    TemporaryPolicy(#[from] TemporaryPolicyError),
    /// A token.
    Token(#[from] TokenError),
    /// When an event of an agreement happened.
    When(#[from] WhenError),
    /// The tree of the audit log.
    Tree(#[from] TreeError),
    /// A list of words for passphrases.
    WordList(#[from] WordListError),
    /// The name of a zone.
    Zone(#[from] ZoneError),
}
