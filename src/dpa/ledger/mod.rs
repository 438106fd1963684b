//! Events in, obligations out: for one event after the other, or for all of them at once.

mod agreement;
mod breach;
mod entry;
pub(super) mod matter;
mod other;
mod request;
mod rules;
mod service;
mod subprocessor;

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use chrono::{DateTime, Days, FixedOffset, NaiveDate};

use self::agreement::{Agreement, State};
pub use self::entry::Entry;
use self::matter::{Context, Matter};
use self::rules::Rules;
use super::event::local_day;
use super::gate::{SubprocessorFile, SubprocessorRefusal};
use super::obligation::Output;
use super::{DpaEvent, DpaPolicy, DpaTerms, Evidence, Fact, Finding, FindingKind, Records, Subject};
use crate::id::OpaqueId;

/// Every agreement's events, and what they owe.
///
/// Append events in any order: the obligations depend on what happened, not on when it was recorded.
/// A further event is read against its own matter alone (one service, one request …), so the next due
/// day is known without going through the rest.
///
/// ```
/// use chrono::{DateTime, NaiveDate};
/// use clausework::dpa::{DpaEvent, DpaPolicy, DpaTerms, Duty, Fact, LateReturnRequest, Ledger, Regime};
/// use clausework::id::OpaqueId;
///
/// let id = |text: &str| OpaqueId::try_new(text);
/// let event = |number: &str, day: &str, fact: Fact| -> Result<DpaEvent, Box<dyn core::error::Error>> {
///     Ok(DpaEvent::new(id(number)?, id("acme")?, id("crm")?, day.parse()?, fact))
/// };
/// let mut ledger = Ledger::new(DpaTerms::default(), DpaPolicy::new(LateReturnRequest::MonthFromRequest));
/// ledger.apply(event("e-1", "2026-06-15", Fact::Ceased { regime: Regime::Addendum })?);
/// ledger.apply(event("e-2", "2026-08-14", Fact::ReturnRequested)?);
///
/// let today = NaiveDate::from_ymd_opt(2026, 8, 15).ok_or("no such day")?;
/// let next = ledger.next_due(today).ok_or("nothing is due")?;
/// assert_eq!(next.obligation().duty(), Duty::ReturnCopy);
/// assert_eq!(next.obligation().due().last_day(), NaiveDate::from_ymd_opt(2026, 9, 14));
///
/// let now = DateTime::parse_from_rfc3339("2026-08-15T09:00:00+02:00")?;
/// assert_eq!(ledger.overdue(now).count(), 2); // deletion and the return, both literally due on 2026-07-15
/// assert_eq!(
///     next.obligation().status(now).to_string(),
///     "overdue on receipt (literally due 2026-07-15), by 2026-09-14 under the chosen policy"
/// );
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Ledger {
    terms: DpaTerms,
    policy: DpaPolicy,
    rules: Rules,
    numbers: BTreeMap<OpaqueId, usize>,
    agreements: Vec<Agreement>,
    /// Open duties by the day to act on, and by the literal one where that had passed before: the agreement, the
    /// matter and the obligation in it, by number.
    due: BTreeSet<(NaiveDate, [usize; 3])>,
}

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub enum Applied {
    /// It is in the ledger now.
    Added,
    /// The same event was there already: nothing changes.
    Known,
    /// Another event of that id is there. The earlier of them counts, or on one day that whose text comes first, in
    /// whatever order they arrive; a finding names the id.
    Conflicting,
}

impl Ledger {
    /// An empty ledger.
    #[must_use]
    pub const fn new(terms: DpaTerms, policy: DpaPolicy) -> Self {
        Self {
            terms,
            policy,
            rules: Rules::new(),
            numbers: BTreeMap::new(),
            agreements: Vec::new(),
            due: BTreeSet::new(),
        }
    }

    /// The ledger of all these events: the same as applying them one by one, and quicker, because
    /// every matter is read once.
    #[must_use]
    pub fn replay(terms: DpaTerms, policy: DpaPolicy, events: Vec<DpaEvent>) -> Self {
        let mut ledger = Self::new(terms, policy);
        for event in events {
            let _ = ledger.insert(event);
        }
        ledger.reread()
    }

    /// The ledger of what had happened by then, as is known now: events of a later instant, or of a later local day where
    /// only the day is known, are left out, and so is what one of them corrects.
    ///
    /// ```
    /// use chrono::DateTime;
    /// use clausework::dpa::{DpaEvent, DpaPolicy, DpaTerms, Duty, Fact, LateReturnRequest, Ledger};
    /// use clausework::id::OpaqueId;
    ///
    /// let id = |text: &str| OpaqueId::try_new(text);
    /// let mut ledger = Ledger::new(DpaTerms::default(), DpaPolicy::new(LateReturnRequest::Literal));
    /// let event = |number, day: &str, fact| -> Result<_, Box<dyn core::error::Error>> {
    ///     Ok(DpaEvent::new(id(number)?, id("acme")?, id("b-1")?, day.parse()?, fact))
    /// };
    /// ledger.apply(event("e-1", "2026-07-01", Fact::ProviderAware)?);
    /// ledger.apply(event("e-2", "2026-07-03", Fact::CustomerNotified { details: Vec::new() })?);
    ///
    /// let told = |ledger: &Ledger| {
    ///     let mut duties = ledger.obligations().map(|entry| entry.obligation()).filter(|owed| owed.duty() == Duty::NotifyBreach);
    ///     duties.next().map(|owed| owed.done().is_some())
    /// };
    /// let second = DateTime::parse_from_rfc3339("2026-07-02T23:00:00+02:00")?;
    /// assert_eq!((told(&ledger.as_of(second)), told(&ledger)), (Some(false), Some(true)));
    /// assert_eq!(ledger.as_of(second - chrono::Days::new(2)).obligations().count(), 0);
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    #[must_use]
    pub fn as_of(&self, then: DateTime<FixedOffset>) -> Self {
        self.of_all_as_of(self.agreements.iter(), then)
    }

    /// The same of one agreement: of the others nothing is read.
    pub(crate) fn of_agreement_as_of(&self, agreement: &OpaqueId, then: DateTime<FixedOffset>) -> Self {
        self.of_all_as_of(self.agreement(agreement).into_iter(), then)
    }

    /// Whether an event was of this agreement.
    pub(crate) fn knows(&self, agreement: &OpaqueId) -> bool {
        self.numbers.contains_key(agreement)
    }

    fn of_all_as_of<'a>(&self, agreements: impl Iterator<Item = &'a Agreement>, then: DateTime<FixedOffset>) -> Self {
        let mut ledger = Self::new(self.terms.clone(), self.policy.clone());
        ledger.rules = self.rules.clone();
        for event in agreements.flat_map(|agreement| agreement.happened(then)) {
            let _ = ledger.insert(event.clone());
        }
        ledger.reread()
    }

    fn reread(mut self) -> Self {
        for agreement in 0..self.agreements.len() {
            self.read_all(agreement);
        }
        self
    }

    /// Adds one event and reads anew what it touches.
    pub fn apply(&mut self, event: DpaEvent) -> Applied {
        let (agreement, id) = (event.agreement().clone(), event.id().clone());
        // What the event of this id touched before, too: a clash of two of one id can take one away.
        let mut touched = self.touched(&agreement, &id);
        let applied = self.insert(event);
        if applied == Applied::Known {
            return applied;
        }
        touched.append(&mut self.touched(&agreement, &id));
        let Some(number) = self.numbers.get(&agreement).copied() else { return applied };
        if touched.iter().any(|matter| self.is_of_agreement(number, *matter)) {
            self.read_all(number);
        } else {
            touched.into_iter().for_each(|matter| self.read(number, matter));
        }
        applied
    }

    fn touched(&self, agreement: &OpaqueId, id: &OpaqueId) -> BTreeSet<usize> {
        self.agreement(agreement).map(|agreement| agreement.touched(id)).unwrap_or_default()
    }

    /// The terms.
    #[must_use]
    pub const fn terms(&self) -> &DpaTerms {
        &self.terms
    }

    /// The policy.
    #[must_use]
    pub const fn policy(&self) -> &DpaPolicy {
        &self.policy
    }

    /// Every obligation, agreement by agreement and matter by matter, whether open or done.
    pub fn obligations(&self) -> impl Iterator<Item = Entry<'_>> {
        self.numbers.values().filter_map(|number| self.agreements.get(*number)).flat_map(Agreement::entries)
    }

    /// The obligations of one agreement.
    pub fn of_agreement(&self, agreement: &OpaqueId) -> impl Iterator<Item = Entry<'_>> {
        self.agreement(agreement).into_iter().flat_map(Agreement::entries)
    }

    /// What the events show besides obligations: breaches, contradictions, events that do not fit.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.numbers.values().filter_map(|number| self.agreements.get(*number)).flat_map(Agreement::findings)
    }

    /// Those of one agreement.
    pub fn findings_of(&self, agreement: &OpaqueId) -> impl Iterator<Item = &Finding> {
        self.agreement(agreement).into_iter().flat_map(Agreement::findings)
    }

    /// The open duty with the next [last day to act](super::Obligation::last_day), `on` or later. Duties without a
    /// number have none.
    #[must_use]
    pub fn next_due(&self, on: NaiveDate) -> Option<Entry<'_>> {
        let mut later = self.due.range((on, [0; 3])..).filter_map(|(day, at)| Some((*day, self.entry(*at)?)));
        later.find(|(day, entry)| entry.obligation().last_day() == Some(*day)).map(|(_, entry)| entry)
    }

    /// The open duties that are overdue: those of which [`Status::is_overdue`](super::Status::is_overdue) is true at
    /// `now`, the longest overdue first. Paused and undecided ones, and those overdue on one reading only, included.
    pub fn overdue(&self, now: DateTime<FixedOffset>) -> impl Iterator<Item = Entry<'_>> {
        // The last days are those of the events' own offsets, which can be two days apart.
        let after = local_day(now).checked_add_days(Days::new(3)).unwrap_or(NaiveDate::MAX);
        self.due.range(..(after, [0; 3])).filter_map(move |(day, at)| {
            let entry = self.entry(*at)?;
            let owed = entry.obligation();
            (owed.strict_day() == Some(*day) && owed.status(now).is_overdue()).then_some(entry)
        })
    }

    /// Why a sub-processor may not process on this day; empty if it may. One that nobody announced may not.
    #[must_use]
    pub fn subprocessor_refusals(
        &self,
        agreement: &OpaqueId,
        subprocessor: &OpaqueId,
        on: NaiveDate,
    ) -> Vec<SubprocessorRefusal> {
        let Some((state, agreement)) = self.agreement(agreement).and_then(|agreement| {
            let number = agreement.numbers.get(&(Subject::Subprocessor, subprocessor.clone()))?;
            Some((agreement.matters.get(*number)?, agreement))
        }) else {
            return alloc::vec![SubprocessorRefusal::NotAnnounced];
        };
        let context =
            Context { terms: &self.terms, policy: &self.policy, rules: &self.rules, accepted: agreement.accepted };
        SubprocessorFile::new(context, &agreement.in_force(state)).refusals(on)
    }

    /// The evidence on record for one agreement.
    #[must_use]
    pub fn records(&self, agreement: &OpaqueId) -> Records<'_> {
        let agreement = self.agreement(agreement).into_iter();
        let own = agreement.flat_map(|agreement| agreement.states().map(move |state| (agreement, state)));
        let own = own.filter(|(_, state)| state.subject == Subject::Agreement);
        Records::of(own.flat_map(|(agreement, state)| agreement.in_force(state)))
    }

    /// What assistance cost the customer, with the request that it was for (`D-7.2d`, `D-7.1c`).
    pub fn costs(&self, agreement: &OpaqueId) -> impl Iterator<Item = (&OpaqueId, &Evidence)> {
        let agreement = self.agreement(agreement).into_iter();
        let events = agreement.flat_map(|agreement| agreement.states().flat_map(|state| agreement.in_force(state)));
        events.filter_map(|event| match event.fact() {
            Fact::Assisted { cost: Some(cost) } => Some((event.matter(), cost)),
            _ => None,
        })
    }

    fn agreement(&self, id: &OpaqueId) -> Option<&Agreement> {
        self.agreements.get(*self.numbers.get(id)?)
    }

    fn entry(&self, [agreement, matter, obligation]: [usize; 3]) -> Option<Entry<'_>> {
        let agreement = self.agreements.get(agreement)?;
        let state = agreement.matters.get(matter)?;
        Some(agreement.entry(state, state.out.obligations.get(obligation)?))
    }

    fn is_of_agreement(&self, agreement: usize, matter: usize) -> bool {
        self.agreements
            .get(agreement)
            .and_then(|agreement| agreement.matters.get(matter))
            .is_some_and(|state| state.subject == Subject::Agreement)
    }

    /// Keeps the event, without reading it.
    fn insert(&mut self, event: DpaEvent) -> Applied {
        let number = match self.numbers.get(event.agreement()) {
            Some(number) => *number,
            None => {
                let number = self.agreements.len();
                self.numbers.insert(event.agreement().clone(), number);
                self.agreements.push(Agreement::new(event.agreement().clone()));
                number
            }
        };
        // INVARIANT: numbers are positions in the list, and nothing is ever taken off it.
        self.agreements.get_mut(number).map_or(Applied::Conflicting, |agreement| agreement.insert(event))
    }

    fn read_all(&mut self, number: usize) {
        let Some(agreement) = self.agreements.get_mut(number) else { return };
        (agreement.accepted, agreement.acceptances) = agreement.acceptance();
        for matter in 0..self.agreements.get(number).map_or(0, |agreement| agreement.matters.len()) {
            self.read(number, matter);
        }
    }

    /// Reads one matter anew and puts its open duties where they are due.
    fn read(&mut self, number: usize, matter: usize) {
        let Some(agreement) = self.agreements.get_mut(number) else { return };
        let Some(state) = agreement.matters.get(matter) else { return };
        let context =
            Context { terms: &self.terms, policy: &self.policy, rules: &self.rules, accepted: agreement.accepted };
        let facts = agreement.in_force(state);
        let events = state.events.len();
        let revision = events.saturating_add(events.saturating_sub(facts.len()));
        let out = decide(context, state.subject, &facts, agreement, state);
        let places = |out: &Output| {
            let open = out.obligations.iter().enumerate().filter(|(_, o)| o.done.is_none() && !o.duty.is_right());
            let days = open.flat_map(|(at, o)| [o.last_day(), o.strict_day()].map(|day| (day, at)));
            days.filter_map(|(day, at)| Some((day?, [number, matter, at]))).collect::<Vec<_>>()
        };
        for place in places(&state.out) {
            self.due.remove(&place);
        }
        self.due.extend(places(&out));
        if let Some(state) = agreement.matters.get_mut(matter) {
            (state.out, state.revision) = (out, revision);
        }
    }
}

fn decide(context: Context<'_>, subject: Subject, facts: &[&DpaEvent], agreement: &Agreement, state: &State) -> Output {
    let mut m = Matter::new(context, facts);
    if !facts.iter().any(|event| event.fact().opens()) {
        for event in facts {
            m.find(event, FindingKind::UnknownMatter { subject });
        }
    }
    let circular = agreement.circular(state);
    for event in &state.events {
        let Some(replaces) = event.replaces() else { continue };
        if circular.contains(event.id()) {
            m.find(event, FindingKind::ReplacedInCircle);
        } else if !agreement.homes.contains_key(replaces) {
            m.find(event, FindingKind::UnknownReplaced { replaces: replaces.clone() });
        } else if agreement.replaced.get(replaces).is_some_and(|by| by.len() > 1) {
            m.find(event, FindingKind::ReplacedTwice { replaces: replaces.clone() });
        }
    }
    match subject {
        Subject::Agreement => {}
        Subject::Service => service::decide(&mut m),
        Subject::Subprocessor => subprocessor::decide(&mut m),
        Subject::List => subprocessor::list(&mut m),
        Subject::Request => request::decide(&mut m),
        Subject::Breach => breach::decide(&mut m),
        Subject::Consultation => breach::consultation(&mut m),
        Subject::Audit => other::audit(&mut m),
        Subject::Transfer => other::transfer(&mut m),
        Subject::Variation => other::variation(&mut m),
        Subject::Task => other::task(&mut m),
    }
    m.out
}
