use alloc::format;
use alloc::vec::Vec;

use super::SignIn;
use super::attempt::Subject;
use super::lanes::{FAMILIAR_MARK, Familiar, Lane, TEMPORARY_MARK, What};
use crate::credential::CredentialState;
use crate::event::Origin;
use crate::id::{AccountId, TenantId};
use crate::lockout::{FamiliarState, LockoutState, Mark, Repeats, SourceMarks, remember};
use crate::secret::{MarkKey, Secret};
use crate::store::{Change, DecodeError, Key, KeyId};
use crate::time::Now;

/// Whom and where an attempt is about, as one key of the ring marks it.
struct Marked<'a> {
    key: MarkKey<'a>,
    tenant: &'a TenantId,
    account: Option<&'a AccountId>,
    /// Of the name; of an account that is not filed under its name, one that nothing is filed under.
    name: Mark,
    source: &'a [u8],
}

impl<'a> Marked<'a> {
    fn new(
        key: MarkKey<'a>,
        tenant: &'a TenantId,
        account: Option<&'a AccountId>,
        name: &str,
        source: &'a [u8],
    ) -> Self {
        let name = account.map_or(name, AccountId::as_str).as_bytes();
        Self { key, tenant, account, name: Mark::of(key, "unknown-name", &[tenant.as_str().as_bytes(), name]), source }
    }

    fn who(&self) -> &[u8] {
        self.account.map_or(self.name.as_bytes(), |account| account.as_str().as_bytes())
    }

    fn source(&self, purpose: &str, who: &[u8]) -> Mark {
        Mark::of(self.key, purpose, &[self.tenant.as_str().as_bytes(), who, self.source])
    }
}

impl SignIn<'_> {
    /// What an attempt is about and may be charged to: as many records for every name. `name` is that of nobody's
    /// account, as it is folded.
    pub(super) fn subject_of(&self, account: Option<AccountId>, name: &str, guess: &Secret, origin: Origin) -> Subject {
        let source = self.policy.lanes().prefix(origin);
        let source = source.as_ref().map_or(&[][..], |source| source);
        let marked = |key| Marked::new(key, self.tenant, account.as_ref(), name, source);
        let (current, former) = (marked(self.keyring.mark_key()), self.keyring.former_mark_key().map(marked));

        let key = |id| Key::of::<LockoutState>(self.tenant.clone(), id);
        let mut before = former.as_ref().map(|former| self.lane_ids(former, true)).unwrap_or_default().into_iter();
        let lanes = self.lane_ids(&current, false).into_iter().map(|(what, id)| {
            let former = before.next().map(|(_, id)| key(id));
            Lane { key: key(id), former, what }
        });
        let lanes = lanes.collect();
        let familiar = self.policy.lanes().familiar().map(|_| {
            let id = account.as_ref().map_or_else(|| self.shared("name", current.name), KeyId::from);
            self.familiar_list(id, &current, former.as_ref())
        });
        let denials = self.denials_of(origin);
        let id = account.as_ref().map_or_else(|| KeyId::own(&current.name.to_text()), KeyId::from);
        let credential = Key::of::<CredentialState>(self.tenant.clone(), id);
        let guess = self.guess(&current, guess);
        let name = account.is_none().then_some(current.name);
        let former_name = former.filter(|_| account.is_none()).map(|former| former.name);
        Subject { account, name, former_name, credential, lanes, familiar, denials, guess }
    }

    /// The lanes of an attempt, and their ids under one key of the ring. An account is filed under its own id, which
    /// no change of keys moves; a record that was never filed is loaded all the same, for that of a name would be.
    fn lane_ids<'m>(&self, marked: &Marked<'m>, is_former: bool) -> Vec<(What, KeyId<'m>)> {
        let policy = self.policy.lanes();
        let own = |mark, kind| match marked.account {
            Some(account) if !is_former => KeyId::with_mark(account, mark),
            _ => self.shared(kind, marked.name),
        };
        let mut ids =
            Vec::from([(What::Account, own("", "name")), (What::Temporary, own(TEMPORARY_MARK, "temporary"))]);
        if policy.familiar().is_some() {
            ids.push((What::Familiar, own(FAMILIAR_MARK, "familiar")));
        }
        if policy.account_source().is_some() {
            let pair = marked.source("account-source", marked.who());
            let id = match marked.account {
                Some(_) => KeyId::own(&format!("pair-{}", pair.to_text())),
                None => self.shared("pair", pair),
            };
            ids.push((What::AccountSource, id));
        }
        if policy.source().is_some() {
            let what = if marked.source.is_empty() { What::Sourceless } else { What::Source };
            ids.push((what, KeyId::own(&format!("from-{}", marked.source("source", &[]).to_text()))));
        }
        ids
    }

    /// Names without an account share so many records, whatever anybody types.
    fn shared(&self, kind: &str, mark: Mark) -> KeyId<'static> {
        KeyId::own(&format!("{kind}-{:x}", mark.below(self.policy.lanes().unknown_names())))
    }

    fn familiar_list(&self, id: KeyId<'_>, current: &Marked<'_>, former: Option<&Marked<'_>>) -> Familiar {
        let mark = |marked: &Marked<'_>| marked.source("familiar-source", marked.who());
        let source = SourceMarks { current: mark(current), former: former.map(mark) };
        Familiar { key: Key::of::<FamiliarState>(self.tenant.clone(), id), source }
    }

    /// What is guessed, if any lane counts the same guess once.
    fn guess(&self, marked: &Marked<'_>, guess: &Secret) -> Option<Mark> {
        let lanes = self.policy.lanes();
        let policies = [Some(self.policy.lockout()), lanes.familiar().map(|familiar| &familiar.lockout)];
        let policies = policies.into_iter().chain([lanes.account_source(), lanes.source()]);
        let policies = policies.chain([Some(lanes.sourceless()), Some(lanes.temporary())]);
        let asked = policies.flatten().any(|policy| policy.repeats() == Repeats::Free);
        asked.then(|| Mark::of(marked.key, "lockout-guess", &[marked.who(), guess.expose().as_bytes()]))
    }

    /// Everyone is a stranger to a password of a new generation but whoever has just chosen it.
    pub(super) fn chosen_from_here(
        &self,
        change: &mut Change<'_>,
        account: &AccountId,
        generation: u64,
        now: Now,
    ) -> Result<(), DecodeError> {
        let source = self.policy.lanes().prefix(change.origin());
        if let (Some(policy), Some(source)) = (self.policy.lanes().familiar(), &source) {
            let marked = Marked::new(self.keyring.mark_key(), self.tenant, Some(account), "", source);
            let Familiar { key, source } = self.familiar_list(KeyId::from(account), &marked, None);
            change.apply(&key, remember(None, now, policy, generation, source))?;
        }
        Ok(())
    }
}
