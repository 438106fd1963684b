use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use chrono::NaiveDate;

use super::{Detail, Evidence, EvidencePolicy, EvidenceState, Filed, Line, Report, Shortfall};
use crate::clause::{self, Clause, Contradiction};
use crate::deadline::Period;
use crate::governance::days::{gaps, merged};
use crate::governance::{Days, Finding, FindingKind, Standing};
use crate::id::OpaqueId;

/// The rules of the two documents that the organisation shows by evidence and by nothing else: an auditor asks for each.
///
/// Evidence can be filed for any other rule too, such as a risk assessment under `D-5.2`, and is then in every report.
pub const MEASURES: &[Clause] = &[
    clause::E_0_2,
    clause::E_1_1,
    clause::E_4_0,
    clause::E_4_1,
    clause::E_4_3,
    clause::E_6H_1,
    clause::E_6H_2,
    clause::E_6H_3,
    clause::E_6H_4,
    clause::E_6H_5,
    clause::E_6H_6,
    clause::E_6H_8B,
    clause::A2_A,
    clause::A2_AREA_1,
    clause::A2_ACCESS_1,
    clause::A2_USE_5,
    clause::A2_AVAIL_1,
    clause::A2_AVAIL_2,
    clause::A2_TRANS_1,
    clause::A2_INPUT_3,
    clause::A2_INPUT_5,
];

/// The evidence that is on record, read by one decision: for each rule, and each thing it is about, how it stands on a
/// day ([`on`](Self::on)) and on which days of a period it was not met ([`gaps`](Self::gaps)).
///
/// - Evidence counts from the first of its days to the last, and no longer than the host's cadence after the first.
/// - Evidence that falls [short](Evidence::shortfalls) says that the rule was not met: from its first day on, nothing that
///   began earlier counts, until something later does.
/// - A control that is inherited counts on the days on which the certificate behind it does.
/// - What is demanded is wanted since its day. What is only on record is wanted since its first entry, until it is
///   [retired](Detail::Retired).
/// - The answer for a day looks at what holds from that day or earlier, and at what had been filed by then (a renewal
///   in advance), and at nothing else: no later entry changes it, unless it is back-dated or a correction.
///
/// ```
/// use clausework::clause;
/// use clausework::governance::{
///     Days, Demand, Detail, Evidence, EvidencePolicy, EvidenceState, Register, Standing, file,
/// };
/// use clausework::id::{OpaqueId, Reference};
/// use clausework::store::Next;
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
///
/// let id = |text: &str| OpaqueId::try_new(text);
/// let (iso, azure) = (id("iso-27001")?, id("azure")?);
/// let policy = EvidencePolicy::builder().lead_days(30).demand(Demand::new(clause::E_6H_2, iso.clone())).build()?;
/// let days = Days::try_new("2025-03-10".parse()?, "2026-03-09".parse()?)?;
/// let certificate = Evidence::new(id("c-7")?, iso.clone(), id("s-2")?, days, Reference::try_new("IS 612345")?)
///     .with_detail(Detail::Certificate { provider: azure });
/// let (Next::Put(state), ..) = file(None, now, clause::E_6H_2, certificate).into_parts() else { panic!() };
///
/// let register = Register::new(&policy, [&state]);
/// let on = |day: &str| Ok::<_, chrono::ParseError>(register.on(clause::E_6H_2, &iso, day.parse()?).standing());
/// assert_eq!(on("2026-02-06")?, Standing::Held { until: days.last() });
/// assert_eq!(on("2026-02-07")?, Standing::DueSoon { until: "2026-03-09".parse()? });
/// assert_eq!(on("2026-03-10")?, Standing::Lapsed { since: "2026-03-10".parse()? });
/// assert_eq!(on("2025-03-09")?, Standing::Missing);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Register<'a> {
    policy: &'a EvidencePolicy,
    /// By the id of the rule: all entries in the order of their days, and whether another of the same volume replaces it.
    files: BTreeMap<&'static str, Vec<(&'a Filed, bool)>>,
}

/// How a rule stands on a day, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Answer<'a> {
    clause: Clause,
    day: NaiveDate,
    standing: Standing,
    evidence: Option<&'a Evidence>,
    shortfalls: Vec<Shortfall>,
    cadence: Option<Period>,
}

impl<'a> Answer<'a> {
    /// Which rule.
    #[must_use]
    pub const fn clause(&self) -> Clause {
        self.clause
    }

    /// How it stands.
    pub const fn standing(&self) -> Standing {
        self.standing
    }

    /// On which day.
    #[must_use]
    pub const fn day(&self) -> NaiveDate {
        self.day
    }

    /// The latest entry up to that day, whether it counts or not.
    #[must_use]
    pub const fn evidence(&self) -> Option<&'a Evidence> {
        self.evidence
    }

    /// Why that entry does not count on that day; empty if it does.
    #[must_use]
    pub fn shortfalls(&self) -> &[Shortfall] {
        &self.shortfalls
    }

    /// The host's own cadence. None: the documents give no number, and the host has not chosen one (`X17`).
    #[must_use]
    pub const fn cadence(&self) -> Option<Period> {
        self.cadence
    }

    /// What of the text stands behind the answer: `X17` without a cadence, `X18` where "TES" is read as TLS.
    pub fn contradictions(&self) -> impl Iterator<Item = Contradiction> {
        let no_number = self.cadence.is_none().then_some(clause::X17);
        let tls = (self.clause == clause::A2_ACCESS_1).then_some(clause::X18);
        no_number.into_iter().chain(tls)
    }
}

impl<'a> Register<'a> {
    /// Of these files, in any order, all volumes of each.
    #[must_use]
    pub fn new(policy: &'a EvidencePolicy, files: impl IntoIterator<Item = &'a EvidenceState>) -> Self {
        let mut register = Self { policy, files: BTreeMap::new() };
        for state in files {
            let replaced: BTreeSet<_> =
                state.entries().iter().filter_map(|filed| filed.evidence().replaces()).collect();
            let entries = state.entries().iter().map(|filed| (filed, replaced.contains(filed.evidence.id())));
            register.files.entry(state.clause().id()).or_default().extend(entries);
        }
        for file in register.files.values_mut() {
            file.sort_by_key(|(filed, _)| (filed.evidence().days().first(), filed.at(), filed.evidence().id()));
        }
        register
    }

    /// How a rule stands with this thing on this day.
    ///
    /// ```
    /// use clausework::clause;
    /// use clausework::governance::{Days, Detail, Evidence, EvidencePolicy, Register, Shortfall, Standing, file};
    /// use clausework::id::{OpaqueId, Reference};
    /// use clausework::store::Next;
    /// # let now = clausework::Now::from(clausework::Timestamp::MIN);
    ///
    /// let id = |text: &str| OpaqueId::try_new(text);
    /// let since = Days::since("2026-01-05".parse()?)?;
    /// let two = Evidence::new(id("e-1")?, id("web")?, id("s-2")?, since, Reference::try_new("plan 4")?).with_detail(Detail::Copies { servers: 2 });
    /// let (Next::Put(state), ..) = file(None, now, clause::E_6H_4, two).into_parts() else { panic!() };
    /// let policy = EvidencePolicy::default();
    /// let register = Register::new(&policy, [&state]);
    ///
    /// let answer = register.on(clause::E_6H_4, &id("web")?, "2026-01-05".parse()?);
    /// assert_eq!(answer.standing(), Standing::Missing); // it is on record, and falls short
    /// assert_eq!(answer.shortfalls(), [Shortfall::Copies { found: 2, wanted: 3 }]);
    /// assert_eq!(register.on(clause::E_6H_4, &id("web")?, "2026-01-04".parse()?).standing(), Standing::NotWanted);
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn on(&self, clause: Clause, about: &OpaqueId, day: NaiveDate) -> Answer<'a> {
        let spans = self.spans(clause, about, Some(day), None);
        let standing = if !self.wanted(clause, about).iter().any(|days| days.has(day)) {
            Standing::NotWanted
        } else if let Some(span) = spans.iter().find(|span| span.has(day)) {
            Standing::held(span.last(), day, self.policy.lead_days())
        } else {
            let before = spans.iter().filter_map(|span| span.last()).rfind(|last| *last < day);
            match before.and_then(|last| last.succ_opt()) {
                Some(since) => Standing::Lapsed { since },
                None => Standing::Missing,
            }
        };
        let began = |filed: &&Filed| filed.evidence.days().first() <= day;
        let evidence = self.entries(clause, about).filter(began).last().map(|filed| &filed.evidence);
        let shortfalls = evidence.map(|evidence| self.shortfalls(clause, evidence, day)).unwrap_or_default();
        let cadence = self.policy.demand(clause, about).and_then(|demand| demand.cadence());
        Answer { clause, day, standing, evidence, shortfalls, cadence }
    }

    /// The days of a period on which a rule was not met with this thing although it was wanted, as far as is known now.
    ///
    /// ```
    /// use clausework::clause;
    /// use clausework::governance::{Days, Demand, EvidencePolicy, Register};
    /// use clausework::id::OpaqueId;
    ///
    /// let lock = OpaqueId::try_new("room-2")?;
    /// let since = Demand::new(clause::A2_INPUT_5, lock.clone()).since("2026-03-03".parse()?);
    /// let policy = EvidencePolicy::builder().demand(since).build()?;
    /// let march = Days::try_new("2026-03-01".parse()?, "2026-03-31".parse()?)?;
    /// let gaps = Register::new(&policy, []).gaps(clause::A2_INPUT_5, &lock, march);
    /// assert_eq!(gaps[0].to_string(), "from 2026-03-03 to 2026-03-31");
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    #[must_use]
    pub fn gaps(&self, clause: Clause, about: &OpaqueId, within: Days) -> Vec<Days> {
        let spans = self.spans(clause, about, None, None);
        let wanted = self.wanted(clause, about).into_iter().filter_map(|days| days.common(within));
        wanted.flat_map(|days| gaps(spans.clone(), days)).collect()
    }

    /// What an auditor would object to on this day, and what is due soon: everything that is demanded, everything on
    /// record, and every one of the [`MEASURES`] for which there is neither.
    ///
    /// ```
    /// use clausework::governance::{EvidencePolicy, MEASURES, Register};
    ///
    /// let policy = EvidencePolicy::default();
    /// let found = Register::new(&policy, []).findings("2026-11-22".parse()?);
    /// assert_eq!(found.len(), MEASURES.len());
    /// assert_eq!(found[0].to_string(), "A2-A: no evidence on 2026-11-22");
    /// # Ok::<(), chrono::ParseError>(())
    /// ```
    #[must_use]
    pub fn findings(&self, day: NaiveDate) -> Vec<Finding> {
        let things = self.things(Days::one(day)).into_iter();
        let found = things.filter_map(|(clause, about)| {
            let standing = about.map_or(Standing::Missing, |about| self.on(clause, about, day).standing());
            let (kind, days) = match standing {
                Standing::Missing => (FindingKind::Missing, Days::one(day)),
                Standing::Lapsed { since } => (FindingKind::Lapsed, Days::open(since)),
                Standing::DueSoon { until } => (FindingKind::DueSoon, Days::open(day).until(Some(until))?),
                Standing::Held { .. } | Standing::NotWanted => return None,
            };
            Some(Finding::new(kind, clause, about.cloned(), days))
        });
        found.collect()
    }

    /// Every measure with its evidence and its gaps over a period, for an auditor (`A2-Doc-1`). A period without a last day is its
    /// first day.
    ///
    /// ```
    /// use clausework::clause;
    /// use clausework::governance::{Days, Detail, Evidence, EvidencePolicy, Register, Shortfall, Standing, file};
    /// use clausework::id::{OpaqueId, Reference};
    /// use clausework::store::Next;
    /// # let now = clausework::Now::from(clausework::Timestamp::MIN);
    ///
    /// let id = |text: &str| OpaqueId::try_new(text);
    /// let since = Days::since("2026-01-05".parse()?)?;
    /// let two = Evidence::new(id("e-1")?, id("web")?, id("s-2")?, since, Reference::try_new("plan 4")?).with_detail(Detail::Copies { servers: 2 });
    /// let (Next::Put(state), ..) = file(None, now, clause::E_6H_4, two).into_parts() else { panic!() };
    /// let policy = EvidencePolicy::default();
    /// let register = Register::new(&policy, [&state]);
    ///
    /// let report = register.report(Days::try_new("2026-01-01".parse()?, "2026-01-31".parse()?)?);
    /// let line = report.lines().iter().find(|line| line.about().is_some()).ok_or("nothing on record")?;
    /// assert_eq!((line.entries().len(), line.gaps()[0].to_string().as_str()), (1, "from 2026-01-05 to 2026-01-31"));
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn report(&self, days: Days) -> Report<'a> {
        let day = days.last().unwrap_or(days.first());
        let days = days.until(Some(day)).unwrap_or(days);
        let line = |(clause, about): (Clause, Option<&'a OpaqueId>)| match about {
            None => Line::missing(clause, days),
            Some(about) => {
                let file = self.files.get(clause.id()).into_iter().flatten().map(|(filed, _)| *filed);
                let seen = |filed: &&Filed| filed.evidence.about() == about && filed.evidence.days().first() <= day;
                let gaps = self.gaps(clause, about, days);
                Line::new(about, self.on(clause, about, day), gaps, file.filter(seen).collect())
            }
        };
        Report::new(days, self.things(days).into_iter().map(line).collect())
    }

    /// Every rule and what it is about, in the order of their ids; a measure about nothing, if nothing is wanted for it.
    fn things(&self, within: Days) -> Vec<(Clause, Option<&'a OpaqueId>)> {
        let mut things: BTreeMap<(&str, Option<&'a OpaqueId>), Clause> = BTreeMap::new();
        for demand in self.policy.demands() {
            things.insert((demand.clause().id(), Some(demand.about())), demand.clause());
        }
        for (id, file) in &self.files {
            let clause = Clause::find(id);
            things.extend(file.iter().filter_map(|(filed, _)| Some(((*id, Some(filed.evidence.about())), clause?))));
        }
        let is_wanted =
            |clause, about: &OpaqueId| self.wanted(clause, about).into_iter().any(|days| days.common(within).is_some());
        things.retain(|(_, about), clause| about.is_some_and(|about| is_wanted(*clause, about)));
        for clause in MEASURES {
            if !things.keys().any(|(id, _)| *id == clause.id()) {
                things.insert((clause.id(), None), *clause);
            }
        }
        things.into_iter().map(|((_, about), clause)| (clause, about)).collect()
    }

    /// The entries about this thing that no other replaces, in the order of their days.
    fn entries(&self, clause: Clause, about: &OpaqueId) -> impl Iterator<Item = &'a Filed> {
        let all = self.files.get(clause.id()).into_iter().flatten();
        all.filter(move |(filed, is_replaced)| filed.evidence.about() == about && !is_replaced).map(|(filed, _)| *filed)
    }

    /// The days on which the rule is met, by what is known: all of it, or what counts for the answer of a day. Of
    /// certificates, those of one provider, if it is named.
    fn spans(
        &self,
        clause: Clause,
        about: &OpaqueId,
        known_on: Option<NaiveDate>,
        provider: Option<&OpaqueId>,
    ) -> Vec<Days> {
        let is_known = |filed: &&Filed| {
            let (first, at) = (filed.evidence.days().first(), filed.at.to_datetime().date_naive());
            known_on.is_none_or(|day| first <= day || at <= day)
        };
        let is_of = |filed: &&Filed| match (provider, filed.evidence.detail()) {
            (Some(wanted), Some(Detail::Certificate { provider })) => wanted == provider,
            (Some(_), _) => false,
            (None, _) => true,
        };
        let demand = self.policy.demand(clause, about);
        let mut spans = Vec::new();
        for filed in self.entries(clause, about).filter(is_known).filter(is_of) {
            let (evidence, detail) = (&filed.evidence, filed.evidence.detail());
            if detail == Some(&Detail::Retired) || !evidence.shortfalls(clause, self.policy).is_empty() {
                let first = evidence.days().first();
                spans = spans.into_iter().filter_map(|span: Days| span.before(first)).collect();
                continue;
            }
            let days = demand.map_or(evidence.days(), |demand| demand.limit(evidence.days()));
            match detail {
                // No certificate is inherited, so this ends.
                Some(Detail::Inherited { provider, certificate }) if clause != clause::E_6H_2 => {
                    let behind = self.spans(clause::E_6H_2, certificate, known_on, Some(provider));
                    spans.extend(behind.into_iter().filter_map(|span| span.common(days)));
                }
                _ => spans.push(days),
            }
        }
        merged(spans)
    }

    /// The days on which evidence is wanted.
    fn wanted(&self, clause: Clause, about: &OpaqueId) -> Vec<Days> {
        if let Some(demand) = self.policy.demand(clause, about) {
            return Vec::from([Days::open(demand.first_day().unwrap_or(NaiveDate::MIN))]);
        }
        let (mut wanted, mut open) = (Vec::new(), None);
        for filed in self.entries(clause, about) {
            let first = filed.evidence.days().first();
            if filed.evidence.detail() == Some(&Detail::Retired) {
                wanted.extend(open.take().and_then(|from| Days::open(from).before(first)));
            } else {
                open = open.or(Some(first));
            }
        }
        wanted.extend(open.map(Days::open));
        wanted
    }

    fn shortfalls(&self, clause: Clause, evidence: &Evidence, day: NaiveDate) -> Vec<Shortfall> {
        let mut found = evidence.shortfalls(clause, self.policy);
        if let Some(Detail::Inherited { provider, certificate }) = evidence.detail() {
            let behind = self.spans(clause::E_6H_2, certificate, Some(day), Some(provider));
            found.extend((!behind.iter().any(|span| span.has(day))).then_some(Shortfall::NoCertificate));
        }
        found
    }
}
