use alloc::format;
use alloc::string::String;

use super::attempt::Subject;
use super::{Fault, SignIn};
use crate::event::{Fact, Origin, Provenance};
use crate::lockout::{self, DenialPolicy, DenialState, Mark};
use crate::store::{Change, Decision, DecodeError, Key, KeyId, Record, Rows, Store, update};
use crate::time::Now;

/// The count of the denials of a source.
pub(super) struct Denials {
    pub(super) key: Key,
    source: Mark,
}

impl SignIn<'_> {
    fn denials_key(&self, number: u128) -> Key {
        Key::of::<DenialState>(self.tenant.clone(), KeyId::own(&format!("denied-{number:x}")))
    }

    /// The count of the denials of a source, if their events have a rate.
    pub(super) fn denials_of(&self, origin: Origin) -> Option<Denials> {
        self.policy.denials().map(|_| {
            let source = self.denied_source(origin);
            Denials { key: self.denials_key(source.below(DenialPolicy::RECORDS)), source }
        })
    }

    fn denied_source(&self, origin: Origin) -> Mark {
        let source = self.policy.lanes().prefix(origin);
        let source = source.as_ref().map_or(&[][..], |source| source);
        Mark::of(self.keyring.mark_key(), "denied-source", &[self.tenant.as_str().as_bytes(), &[], source])
    }

    /// The mark of a source in the detail `source` of the event [`GAP`](crate::lockout::GAP): for whoever reads the
    /// events and asks which source it was. Compare with the marks of the origins in the denials beside it. It is made
    /// with the current key of the ring, and of the network that the policy takes for one source.
    ///
    /// ```
    /// # use clausework::hashing::{HashPolicy, Hasher};
    /// # use clausework::secret::Keyring;
    /// # use clausework::session::{IdleLimit, SessionPolicy};
    /// # use clausework::sign_in::SignInPolicy;
    /// # use clausework::{TenantId, id::OpaqueId};
    /// use clausework::event::{Origin, Transport};
    /// use clausework::sign_in::SignIn;
    /// # let session = SessionPolicy::builder().lifetime_secs(8 * 60 * 60).idle(IdleLimit::Unlimited).build()?;
    /// # let policy = SignInPolicy::builder().session(session).build()?;
    /// # let (hasher, tenant) = (Hasher::new(HashPolicy::default()), TenantId::try_new("acme")?);
    /// # let keys = Keyring::new(OpaqueId::try_new("2026-11")?, [7; 32]);
    /// # let guard = SignIn::new(&tenant, &policy, &hasher, &keys);
    ///
    /// let mark = |address: &str| Ok::<_, std::net::AddrParseError>(guard.source_mark(Origin::network(address.parse()?, Transport::Tls)));
    /// assert_eq!(mark("2001:db8::1")?, mark("2001:db8::2")?); // one source, unless the policy says otherwise
    /// assert_ne!(mark("198.51.100.7")?, mark("198.51.100.8")?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn source_mark(&self, origin: Origin) -> String {
        self.denied_source(origin).to_text()
    }

    /// Notes why an attempt is denied, or only counts it, once there are too many from its source.
    pub(super) fn deny(
        &self,
        change: &mut Change<'_>,
        denials: Option<&Denials>,
        about: &Key,
        now: Now,
        facts: impl IntoIterator<Item = Fact>,
    ) -> Result<(), DecodeError> {
        if let (Some(policy), Some(Denials { key, source })) = (self.policy.denials(), denials)
            && !change.apply(key, lockout::deny(change.rows().read(key)?, now, policy, *source))?
        {
            return Ok(());
        }
        facts.into_iter().for_each(|fact| change.note(about, fact));
        Ok(())
    }

    /// Whether a denial would now only be counted.
    pub(super) fn denies_quietly(&self, rows: &Rows, subject: &Subject, now: Now) -> Result<bool, DecodeError> {
        let (Some(policy), Some(Denials { key, .. })) = (self.policy.denials(), &subject.denials) else {
            return Ok(false);
        };
        Ok(lockout::is_full(rows.read(key)?.as_ref(), now, policy))
    }

    /// A step that has nothing to write, as where the account is locked and denials are only counted, is a commit all
    /// the same: otherwise the time of one would tell a locked account from an open one.
    pub(super) fn commit_anyway(&self, change: &mut Change<'_>, subject: &Subject) -> Result<(), DecodeError> {
        match &subject.denials {
            Some(Denials { key, .. }) if change.is_empty() => {
                change.apply(key, lockout::rewrite(change.rows().read(key)?))
            }
            _ => Ok(()),
        }
    }

    /// Records as gaps what [`DenialPolicy`] has only counted so far, of every source: for a job, now and then, and
    /// before evidence is taken. It looks at [`DenialPolicy::RECORDS`] records.
    ///
    /// ```
    /// # use clausework::credential::Issue;
    /// # use clausework::event::{Actor, Origin, Provenance, Transport};
    /// # use clausework::hashing::{HashPolicy, Hasher};
    /// # use clausework::id::OpaqueId;
    /// # use clausework::secret::Keyring;
    /// # use clausework::session::{IdleLimit, SessionPolicy};
    /// # use clausework::sign_in::{ChangeOutcome, ChangeRequest, SignIn, SignInPolicy, SignInRequest};
    /// # use clausework::store::MemoryStore;
    /// # use clausework::{AccountId, TenantId};
    /// # use clausework::sign_in::SignInOutcome;
    /// # let mut entropy = clausework::entropy::OsEntropy;
    /// # let now = clausework::Now::from(clausework::Timestamp::MIN);
    /// # let session = SessionPolicy::builder().lifetime_secs(8 * 60 * 60).idle(IdleLimit::Unlimited).build()?;
    /// # let policy = SignInPolicy::builder().session(session).denials(clausework::lockout::DenialPolicy::try_new(1, 60)?).build()?;
    /// # let (hasher, tenant) = (Hasher::new(HashPolicy::default()), TenantId::try_new("acme")?);
    /// # let keys = Keyring::generate(OpaqueId::try_new("demo")?, &mut entropy)?;
    /// # let guard = SignIn::new(&tenant, &policy, &hasher, &keys);
    /// # let (store, anna) = (MemoryStore::new(), AccountId::try_new("u-17")?);
    /// # let admin = Provenance::internal(Actor::User(AccountId::try_new("u-1")?));
    /// # let origin = Origin::network("198.51.100.7".parse()?, Transport::Tls);
    /// # let temporary = guard.issue_temporary(&store, now, &mut entropy, &admin, &Issue::new_user(anna.clone())).issued().ok_or("not issued")?;
    /// # let typed = |password: &str| SignInRequest::new("anna", Some(anna.clone()), password.into(), origin);
    /// # let SignInOutcome::MustChange(change) = guard.sign_in(&store, now, &mut entropy, &typed(temporary.password().expose())) else { panic!() };
    /// # let choice = ChangeRequest::new(change.token().clone(), "Sommer-2026".into(), origin);
    /// # let ChangeOutcome::Changed { session, .. } = guard.change_password(&store, now, &mut entropy, &choice) else { panic!() };
    /// # let token = session.token().clone();
    /// use clausework::event::Event;
    ///
    /// // The policy records one denial of a source in a minute.
    /// for guess in ["Winter-2024", "Winter-2025", "Winter-2026"] {
    ///     let _denied = guard.sign_in(&store, now, &mut entropy, &typed(guess));
    /// }
    /// let count = |code: &str| {
    ///     let events = store.events();
    ///     events.iter().filter(|row| Event::decode(row.text()).is_ok_and(|event| event.code() == code)).count()
    /// };
    /// assert_eq!((count("sign_in.refused"), count("lockout.gap")), (1, 0)); // two are only counted
    /// guard.close_gaps(&store, now, &admin)?;
    /// assert_eq!((count("sign_in.refused"), count("lockout.gap")), (1, 1)); // and now said
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`Fault`]; the counts that were not recorded stay.
    pub fn close_gaps<S: Store>(&self, mut store: S, now: Now, by: &Provenance) -> Result<(), Fault> {
        self.gap_keys().try_for_each(|key| Ok(update(&mut store, [key], |rows| self.settle_gaps(rows, now, by))?))
    }

    /// The records that [`settle_gaps`](SignIn::settle_gaps) decides on, [`DenialPolicy::RECORDS`] of them: one at a
    /// time, or as many at once as the store likes.
    pub fn gap_keys(&self) -> impl Iterator<Item = Key> {
        (0..DenialPolicy::RECORDS).map(|number| self.denials_key(number.into()))
    }

    /// As [`close_gaps`](SignIn::close_gaps), for those of [`gap_keys`](SignIn::gap_keys) that were loaded. Pure;
    /// commit what it decides.
    ///
    /// # Errors
    /// [`DecodeError`] when a stored record cannot be read.
    pub fn settle_gaps(&self, rows: &Rows, now: Now, by: &Provenance) -> Result<Decision<()>, DecodeError> {
        let mut change = Change::new(rows, now, by);
        for key in rows.keys().filter(|key| key.kind() == DenialState::KIND) {
            change.apply(key, lockout::close(rows.read(key)?))?;
        }
        Ok(change.finish(()))
    }
}
