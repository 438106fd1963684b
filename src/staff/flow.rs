use alloc::vec::Vec;

use super::condition::Answer;
use super::consent::{ConsentState, IndexState};
use super::decide::{Known, Permit, StaffRequest, decide};
use super::emergency::{break_glass, note_notice, note_review};
use super::grant::{GrantRequest, Progress, Requesting, approve, end, request};
use super::member::MemberState;
use super::party::Party;
use super::policy::StaffPolicy;
use super::scope::GrantId;
use super::standing::{End, Standing};
use super::state::GrantState;
use crate::event::{Actor, Origin, Provenance};
use crate::id::{OpaqueId, Scope, TenantId};
use crate::store::{Change, Decision, DecodeError, Key, Next, Record, Rows, Store, Transition, UpdateError, update};
use crate::time::Now;

/// Staff access over a store: each method loads, decides and commits.
///
/// Hosts with async stores or transactions of their own call the `settle_` method of the same step in
/// [`update_async`](crate::store::update_async), with the keys that go with it. A failed store is an `Err`, and lets nobody
/// in.
///
/// ```
/// use clausework::access::AccessPolicy;
/// use clausework::event::{Actor, Origin, Provenance, Transport};
/// use clausework::id::OpaqueId;
/// use clausework::staff::*;
/// use clausework::store::MemoryStore;
/// use clausework::tenancy::{Action, Actions, ResourceKind};
/// use clausework::{AccountId, Scope, TenantId};
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
///
/// let id = |text: &str| OpaqueId::try_new(text);
/// let rule = AreaRule::new(AccessPolicy::default()).role(id("support")?).purpose(PurposeKind::SupportRequest);
/// let policy = StaffPolicy::builder()
///     .max_duration_secs(8 * 60 * 60)
///     .pending_secs(12 * 60 * 60)
///     .area(Area::CustomerData, rule)
///     .build()?;
/// let (staff, store) = (StaffAccess::new(&policy), MemoryStore::new());
/// let (acme, me, grant) = (TenantId::try_new("acme")?, id("s-7")?, GrantId::try_new("g-1")?);
/// let origin = Origin::network("198.51.100.7".parse()?, Transport::Tls);
///
/// let nda = Undertaking { duty: Duty::Contract, reference: id("nda-7")?, from: now.timestamp(), until: None };
/// let personnel = Provenance::internal(Actor::Staff(id("s-1")?));
/// staff.apply(&store, now, &personnel, &MemberState::key(&me), |member| sign(member, nda.clone()))?;
///
/// let purpose = Purpose::SupportRequest { request: id("r-4711")? };
/// let invoices = Resource { kind: ResourceKind::try_new("invoice")?, id: None };
/// let scope = GrantScope::try_new(Area::CustomerData, Actions::of(&[Action::Read]), [invoices.clone()])?;
/// let asked = GrantRequest::new(grant.clone(), acme.clone(), me.clone(), purpose.clone(), scope, 4 * 60 * 60);
/// assert!(staff.request(&store, now, origin, &asked)?.granted().is_some());
///
/// let (owner, login, roles) = (Scope::from(acme.clone()), id("login-1")?, [id("support")?]);
/// let question = StaffRequest {
///     staff: &me, roles: &roles, scope: &owner, area: Area::CustomerData, action: Action::Read, resource: &invoices,
///     purpose: Some(&purpose), origin, grant: Some(&grant), customer_login: Some(&login),
/// };
/// let refused = staff.check(&store, now, &question)?;
/// assert_eq!(refused.denied().unwrap().conditions(), [Condition::Pending]); // for the log
///
/// let anna = Party::customer(acme, AccountId::try_new("u-17")?).with_right();
/// assert_eq!(staff.approve(&store, now, origin, &anna, &grant)?.granted().unwrap().given, 1);
/// let permit = staff.check(&store, now, &question)?.granted().unwrap();
/// assert!(permit.banner().to_string().starts_with("s-7 in the account of acme for support request r-4711"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct StaffAccess<'a> {
    policy: &'a StaffPolicy,
}

impl<'a> StaffAccess<'a> {
    /// Staff access by this policy.
    #[must_use]
    pub const fn new(policy: &'a StaffPolicy) -> Self {
        Self { policy }
    }

    /// The policy.
    #[must_use]
    pub const fn policy(&self) -> &'a StaffPolicy {
        self.policy
    }

    /// Loads one record, applies a decision of this module to it, and commits: [`sign`](super::sign),
    /// [`revoke_all`](super::revoke_all), [`enable_glass`](super::enable_glass),
    /// [`report_login_data`](super::report_login_data) and their like. Its step is [`Rows::settle`].
    ///
    /// # Errors
    /// [`UpdateError`]; nothing was changed.
    pub fn apply<S: Store, R: Record, O>(
        &self,
        store: S,
        now: Now,
        by: &Provenance,
        key: &Key,
        decide: impl Fn(Option<R>) -> Transition<R, O>,
    ) -> Result<O, UpdateError<S::Error>> {
        update(store, [key], |rows| rows.settle(now, by, key, &decide))
    }

    /// The keys of a request, an emergency or a use by a member of staff.
    #[must_use]
    pub fn request_keys(&self, asked: &GrantRequest) -> [Key; 4] {
        let [grant, consent, index] = self.grant_keys(&asked.tenant, &asked.id);
        [grant, consent, index, MemberState::key(&asked.staff)]
    }

    /// The keys of what is done with one grant.
    #[must_use]
    pub fn grant_keys(&self, tenant: &TenantId, grant: &GrantId) -> [Key; 3] {
        [GrantState::key(tenant, grant), ConsentState::key(tenant), IndexState::key(tenant)]
    }

    /// The keys of one use.
    #[must_use]
    pub fn use_keys(&self, asked: &StaffRequest<'_>) -> Vec<Key> {
        let mut keys: Vec<Key> = [MemberState::key(asked.staff)].into();
        if let Scope::Tenant(tenant) = asked.scope {
            keys.push(ConsentState::key(tenant));
            keys.extend(asked.grant.map(|grant| GrantState::key(tenant, grant)));
        }
        keys
    }

    /// As [`super::request()`], and lists the grant as open.
    ///
    /// # Errors
    /// [`UpdateError`]; nothing was asked for.
    pub fn request<S: Store>(
        &self,
        store: S,
        now: Now,
        origin: Origin,
        asked: &GrantRequest,
    ) -> Result<Answer<Standing>, UpdateError<S::Error>> {
        update(store, self.request_keys(asked), |rows| self.settle_request(rows, now, origin, asked))
    }

    /// The step of [`request`](Self::request).
    ///
    /// # Errors
    /// [`DecodeError`] when a record cannot be read.
    pub fn settle_request(
        &self,
        rows: &Rows,
        now: Now,
        origin: Origin,
        asked: &GrantRequest,
    ) -> Result<Decision<Answer<Standing>>, DecodeError> {
        self.open(rows, now, origin, asked, |known| request(now, self.policy, known, asked))
    }

    /// As [`super::break_glass()`], and lists the grant as open.
    ///
    /// ```
    /// # use clausework::access::AccessPolicy;
    /// # use clausework::event::{Actor, Origin, Provenance, Transport};
    /// # use clausework::id::OpaqueId;
    /// # use clausework::store::MemoryStore;
    /// # use clausework::tenancy::{Action, Actions, ResourceKind};
    /// # use clausework::{AccountId, TenantId};
    /// use clausework::staff::*;
    /// # let now = clausework::Now::from(clausework::Timestamp::MIN);
    /// # let id = |text: &str| OpaqueId::try_new(text);
    /// # let rule = AreaRule::new(AccessPolicy::default()).role(id("support")?).purpose(PurposeKind::TechnicalProblem);
    /// # let policy = StaffPolicy::builder().max_duration_secs(28_800).pending_secs(43_200).area(Area::CustomerData, rule).build()?;
    /// # let (staff, store, acme, me) = (StaffAccess::new(&policy), MemoryStore::new(), TenantId::try_new("acme")?, id("s-7")?);
    /// # let origin = Origin::network("198.51.100.7".parse()?, Transport::Tls);
    /// # let nda = Undertaking { duty: Duty::Contract, reference: id("nda-7")?, from: now.timestamp(), until: None };
    /// # let personnel = Provenance::internal(Actor::Staff(id("s-1")?));
    /// # staff.apply(&store, now, &personnel, &MemberState::key(&me), |member| sign(member, nda.clone()))?;
    /// # let all = Resource { kind: ResourceKind::try_new("invoice")?, id: None };
    /// # let scope = GrantScope::try_new(Area::CustomerData, Actions::of(&[Action::Read]), [all])?;
    /// # let grant = GrantId::try_new("g-1")?;
    /// let asked = GrantRequest::new(grant.clone(), acme.clone(), me, Purpose::TechnicalProblem, scope, 30 * 60);
    /// let incident = id("inc-9")?;
    /// let refused = staff.break_glass(&store, now, origin, &asked, &incident)?;
    /// assert_eq!(refused.denied().unwrap().conditions(), [Condition::GlassNotEnabled]);
    ///
    /// let anna = Party::customer(acme.clone(), AccountId::try_new("u-17")?).with_right();
    /// let customer = Provenance::new(Actor::User(AccountId::try_new("u-17")?), origin);
    /// let terms = GlassTerms::try_new(60 * 60, None, 7 * 86_400)?; // an hour; told without delay; reviewed in a week
    /// let enabled = |consent| enable_glass(consent, terms, &anna);
    /// staff.apply(&store, now, &customer, &ConsentState::key(&acme), enabled)?.granted().unwrap();
    /// assert!(staff.break_glass(&store, now, origin, &asked, &incident)?.granted().is_some());
    ///
    /// let open = staff.list(&store, now, &personnel, &acme)?; // the customer's screen
    /// let owed: Vec<String> = open[0].grant.glass().unwrap().owed().map(|owed| owed.to_string()).collect();
    /// assert_eq!(owed[0], "to tell the customer without delay");
    /// staff.note_notice(&store, now, &personnel, &acme, &grant)?.granted().unwrap();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`UpdateError`]; nobody was let in.
    pub fn break_glass<S: Store>(
        &self,
        store: S,
        now: Now,
        origin: Origin,
        asked: &GrantRequest,
        reason: &OpaqueId,
    ) -> Result<Answer<Standing>, UpdateError<S::Error>> {
        update(store, self.request_keys(asked), |rows| self.settle_glass(rows, now, origin, asked, reason))
    }

    /// The step of [`break_glass`](Self::break_glass).
    ///
    /// # Errors
    /// [`DecodeError`] when a record cannot be read.
    pub fn settle_glass(
        &self,
        rows: &Rows,
        now: Now,
        origin: Origin,
        asked: &GrantRequest,
        reason: &OpaqueId,
    ) -> Result<Decision<Answer<Standing>>, DecodeError> {
        self.open(rows, now, origin, asked, |known| break_glass(now, self.policy, known, asked, reason))
    }

    fn open(
        &self,
        rows: &Rows,
        now: Now,
        origin: Origin,
        asked: &GrantRequest,
        decide: impl FnOnce(&Requesting<'_>) -> Transition<GrantState, Answer<Standing>>,
    ) -> Result<Decision<Answer<Standing>>, DecodeError> {
        let [grant_key, consent_key, index_key, member_key] = self.request_keys(asked);
        let (consent, member) = (rows.read::<ConsentState>(&consent_key)?, rows.read::<MemberState>(&member_key)?);
        let mut index = rows.read::<IndexState>(&index_key)?.unwrap_or_default();
        index.prune(now);
        let known = Requesting {
            taken: rows.read::<GrantState>(&grant_key)?.is_some() || index.ids().any(|id| *id == asked.id),
            open: index.len(),
            consent: consent.as_ref(),
            member: member.as_ref(),
        };
        let decided = decide(&known);
        let mut change = Change::new(rows, now, &Provenance::new(Actor::Staff(asked.staff.clone()), origin));
        if let Next::Put(state) | Next::PutUntil { state, .. } = decided.next() {
            index.add(state.id().clone(), state.bound(self.policy));
            change.apply(&index_key, Transition::put(index, ()))?;
        }
        let answer = change.apply(&grant_key, decided)?;
        Ok(change.finish(answer))
    }

    /// As [`super::approve()`].
    ///
    /// # Errors
    /// [`UpdateError`]; nothing was approved.
    pub fn approve<S: Store>(
        &self,
        store: S,
        now: Now,
        origin: Origin,
        by: &Party,
        grant: &GrantId,
    ) -> Result<Answer<Progress>, UpdateError<S::Error>> {
        update(store, self.grant_keys(&by.tenant, grant), |rows| self.settle_approval(rows, now, origin, by, grant))
    }

    /// The step of [`approve`](Self::approve).
    ///
    /// # Errors
    /// [`DecodeError`] when a record cannot be read.
    pub fn settle_approval(
        &self,
        rows: &Rows,
        now: Now,
        origin: Origin,
        by: &Party,
        grant: &GrantId,
    ) -> Result<Decision<Answer<Progress>>, DecodeError> {
        let provenance = Provenance::new(by.actor.clone(), origin);
        self.settle(rows, now, &provenance, &by.tenant, grant, |state, consent| {
            approve(state, now, self.policy, consent, by)
        })
    }

    /// As [`super::end()`].
    ///
    /// # Errors
    /// [`UpdateError`]; nothing was ended.
    pub fn end<S: Store>(
        &self,
        store: S,
        now: Now,
        origin: Origin,
        by: &Party,
        grant: &GrantId,
    ) -> Result<Answer<End>, UpdateError<S::Error>> {
        update(store, self.grant_keys(&by.tenant, grant), |rows| self.settle_end(rows, now, origin, by, grant))
    }

    /// The step of [`end`](Self::end).
    ///
    /// # Errors
    /// [`DecodeError`] when a record cannot be read.
    pub fn settle_end(
        &self,
        rows: &Rows,
        now: Now,
        origin: Origin,
        by: &Party,
        grant: &GrantId,
    ) -> Result<Decision<Answer<End>>, DecodeError> {
        let provenance = Provenance::new(by.actor.clone(), origin);
        self.settle(rows, now, &provenance, &by.tenant, grant, |state, consent| {
            end(state, now, self.policy, consent, by)
        })
    }

    /// As [`super::note_notice()`].
    ///
    /// # Errors
    /// [`UpdateError`]; it stays owed.
    pub fn note_notice<S: Store>(
        &self,
        store: S,
        now: Now,
        by: &Provenance,
        tenant: &TenantId,
        grant: &GrantId,
    ) -> Result<Answer<()>, UpdateError<S::Error>> {
        update(store, self.grant_keys(tenant, grant), |rows| self.settle_notice(rows, now, by, tenant, grant))
    }

    /// The step of [`note_notice`](Self::note_notice).
    ///
    /// # Errors
    /// [`DecodeError`] when a record cannot be read.
    pub fn settle_notice(
        &self,
        rows: &Rows,
        now: Now,
        by: &Provenance,
        tenant: &TenantId,
        grant: &GrantId,
    ) -> Result<Decision<Answer<()>>, DecodeError> {
        self.settle(rows, now, by, tenant, grant, |state, _| note_notice(state, now, self.policy))
    }

    /// As [`super::note_review()`].
    ///
    /// # Errors
    /// [`UpdateError`]; it stays owed.
    pub fn note_review<S: Store>(
        &self,
        store: S,
        now: Now,
        origin: Origin,
        by: &Party,
        grant: &GrantId,
    ) -> Result<Answer<()>, UpdateError<S::Error>> {
        update(store, self.grant_keys(&by.tenant, grant), |rows| self.settle_review(rows, now, origin, by, grant))
    }

    /// The step of [`note_review`](Self::note_review).
    ///
    /// # Errors
    /// [`DecodeError`] when a record cannot be read.
    pub fn settle_review(
        &self,
        rows: &Rows,
        now: Now,
        origin: Origin,
        by: &Party,
        grant: &GrantId,
    ) -> Result<Decision<Answer<()>>, DecodeError> {
        let provenance = Provenance::new(by.actor.clone(), origin);
        self.settle(rows, now, &provenance, &by.tenant, grant, |state, _| note_review(state, now, self.policy, by))
    }

    fn settle<O>(
        &self,
        rows: &Rows,
        now: Now,
        by: &Provenance,
        tenant: &TenantId,
        grant: &GrantId,
        decide: impl FnOnce(Option<&GrantState>, Option<&ConsentState>) -> Transition<GrantState, O>,
    ) -> Result<Decision<O>, DecodeError> {
        let [grant_key, consent_key, index_key] = self.grant_keys(tenant, grant);
        let (state, consent) = (rows.read::<GrantState>(&grant_key)?, rows.read::<ConsentState>(&consent_key)?);
        let decided = decide(state.as_ref(), consent.as_ref());
        let mut change = Change::new(rows, now, by);
        if let Next::Put(state) | Next::PutUntil { state, .. } = decided.next()
            && let Some(mut index) = rows.read::<IndexState>(&index_key)?
        {
            let is_over = state.is_ended() && !state.owes();
            if if is_over { index.remove(grant) } else { index.extend(grant, state.bound(self.policy)) } {
                change.apply(&index_key, Transition::put(index, ()))?;
            }
        }
        let outcome = change.apply(&grant_key, decided)?;
        Ok(change.finish(outcome))
    }

    /// One use, as [`super::decide()`]: ask at each, whatever session it comes in.
    ///
    /// # Errors
    /// [`UpdateError`]; nobody is let in.
    pub fn check<S: Store>(
        &self,
        store: S,
        now: Now,
        asked: &StaffRequest<'_>,
    ) -> Result<Answer<Permit>, UpdateError<S::Error>> {
        update(store, self.use_keys(asked), |rows| self.settle_check(rows, now, asked))
    }

    /// The step of [`check`](Self::check).
    ///
    /// # Errors
    /// [`DecodeError`] when a record cannot be read.
    pub fn settle_check(
        &self,
        rows: &Rows,
        now: Now,
        asked: &StaffRequest<'_>,
    ) -> Result<Decision<Answer<Permit>>, DecodeError> {
        let member_key = MemberState::key(asked.staff);
        let member = rows.read::<MemberState>(&member_key)?;
        let (mut consent, mut grant, mut grant_key) = (None, None, None);
        if let Scope::Tenant(tenant) = asked.scope {
            consent = rows.read::<ConsentState>(&ConsentState::key(tenant))?;
            if let Some(id) = asked.grant {
                let key = GrantState::key(tenant, id);
                grant = rows.read::<GrantState>(&key)?;
                grant_key = Some(key);
            }
        }
        let known = Known { member: member.as_ref(), consent: consent.as_ref(), grant: grant.as_ref() };
        let decided = decide(now, self.policy, asked, &known);
        let mut change = Change::new(rows, now, &Provenance::new(Actor::Staff(asked.staff.clone()), asked.origin));
        let answer = match grant_key {
            Some(key) => change.apply(&key, decided)?,
            None => {
                // About the member; in the customer's log, if it is a customer's.
                let about = Key::of::<MemberState>(asked.scope.clone(), asked.staff);
                let (_, answer, facts) = decided.into_parts();
                facts.into_iter().for_each(|fact| change.note(&about, fact));
                answer
            }
        };
        Ok(change.finish(answer))
    }
}
