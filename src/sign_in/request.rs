use alloc::string::String;
use core::fmt;

use crate::event::Origin;
use crate::id::AccountId;
use crate::secret::{Secret, Token};
use crate::session::SessionState;

/// One attempt to sign in, as it came in.
///
/// The host looks the name up in its own user table and says which account it found, if any. All
/// names of one person (e-mail address, user name, in any spelling) must lead to the same account:
/// attempts are counted by account. A name without an account is counted as well, by a keyed digest
/// that does not tell upper from lower case, and goes the same way with the same answer; any text will
/// do, however long or odd. If your look-up folds more than case and outer blanks (dots in a mail
/// address, say), give the folded name, or a stranger can tell names apart by their spellings.
///
/// ```
/// use clausework::event::{Origin, Transport};
/// use clausework::sign_in::SignInRequest;
/// use clausework::{AccountId, Secret};
///
/// let origin = Origin::network("198.51.100.7".parse()?, Transport::Tls);
/// let request = SignInRequest::new(
///     "anna@example.com",                  // as typed
///     Some(AccountId::try_new("u-17")?),   // what the host's user table says
///     Secret::from("Tr0ub4dor"),
///     origin,
/// );
/// assert!(!format!("{request:?}").contains("anna"));
/// assert!(!format!("{request:?}").contains("Tr0ub4dor"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct SignInRequest {
    pub(super) name: String,
    pub(super) account: Option<AccountId>,
    pub(super) password: Secret,
    pub(super) origin: Origin,
    pub(super) for_change: bool,
    pub(super) session: Option<Token<SessionState>>,
}

impl SignInRequest {
    /// The name as typed, the account it belongs to, the password as typed, and from where.
    #[must_use]
    pub fn new(name: impl Into<String>, account: Option<AccountId>, password: Secret, origin: Origin) -> Self {
        Self { name: name.into(), account, password, origin, for_change: false, session: None }
    }

    /// For a bearer who wants to choose another password: he shows the present one as in any sign-in, charged,
    /// locked and answered in the same way, and gets a [`ChangePermit`](super::ChangePermit) in place of a session.
    ///
    /// Ask for it even where there is a session: whoever found an unlocked screen does not know the password. Open
    /// sessions live on until the change is made; it ends all of them and opens a new one.
    ///
    /// ```
    /// # use clausework::credential::Issue;
    /// # use clausework::event::{Actor, Origin, Provenance, Transport};
    /// # use clausework::hashing::{HashPolicy, Hasher};
    /// # use clausework::secret::Keyring;
    /// # use clausework::session::{IdleLimit, SessionPolicy};
    /// # use clausework::store::MemoryStore;
    /// # use clausework::{AccountId, TenantId, id::OpaqueId};
    /// use clausework::password::Violation;
    /// use clausework::screening::Screening;
    /// use clausework::sign_in::{ChangeOutcome, ChangeRequest, SignIn, SignInOutcome, SignInPolicy, SignInRequest};
    /// # let (mut entropy, store) = (clausework::entropy::OsEntropy, MemoryStore::new());
    /// # let now = clausework::Now::from(clausework::Timestamp::MIN);
    /// # let session = SessionPolicy::builder().lifetime_secs(8 * 60 * 60).idle(IdleLimit::Unlimited).build()?;
    /// # let policy = SignInPolicy::builder().session(session).build()?;
    /// # let (hasher, tenant) = (Hasher::new(HashPolicy::default()), TenantId::try_new("acme")?);
    /// # let keys = Keyring::generate(OpaqueId::try_new("demo")?, &mut entropy)?;
    /// # let (anna, boss) = (AccountId::try_new("u-17")?, AccountId::try_new("u-1")?);
    /// # let admin = Provenance::internal(Actor::User(boss));
    /// # let origin = Origin::network("198.51.100.7".parse()?, Transport::Tls);
    /// # let guard = SignIn::new(&tenant, &policy, &hasher, &keys);
    /// # let temporary = guard.issue_temporary(&store, now, &mut entropy, &admin, &Issue::new_user(anna.clone())).issued().ok_or("not issued")?;
    ///
    /// let present = temporary.password(); // or a lasting one
    /// let request = SignInRequest::new("anna", Some(anna), present.clone(), origin).for_change();
    /// let asked = guard.sign_in(&store, now, &mut entropy, &request);
    /// let SignInOutcome::MustChange(permit) = asked else { panic!("{asked:?}") };
    ///
    /// let mut choose = |text: &str, found| {
    ///     let request = ChangeRequest::new(permit.token().clone(), text.into(), origin).with_screening(found);
    ///     guard.change_password(&store, now, &mut entropy, &request)
    /// };
    /// // The host's breach source has seen this one 42 times.
    /// let refused = choose("Sommer-2026", Screening::Known { count: Some(42) });
    /// let ChangeOutcome::Rejected(found) = refused else { panic!("{refused:?}") };
    /// assert_eq!(found, [Violation::Known { count: Some(42) }]);
    /// assert!(matches!(choose("nine-Lilac-0tters", Screening::Clean), ChangeOutcome::Changed { .. }));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn for_change(mut self) -> Self {
        self.for_change = true;
        self
    }

    /// With the session that the client shows: the token in its cookie, alive, locked or dead. Give it whenever there is one.
    ///
    /// Signed in to the same account, the client goes on under a new token
    /// ([`Session::continues`](super::Session::continues)): this is how a locked session is reopened (A2-Access-3).
    /// Signed in to another account, it does not. Either way the token it has shown is dead from then on, so that
    /// nobody can plant a token of his own and find somebody else signed in under it.
    #[must_use]
    pub fn with_session(mut self, token: Token<SessionState>) -> Self {
        self.session = Some(token);
        self
    }

    /// The password, for [`Attempt::verify`](super::Attempt::verify).
    #[must_use]
    pub const fn password(&self) -> &Secret {
        &self.password
    }
}

impl fmt::Debug for SignInRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignInRequest")
            .field("account", &self.account)
            .field("origin", &self.origin)
            .field("for_change", &self.for_change)
            .finish_non_exhaustive()
    }
}
