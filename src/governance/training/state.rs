use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Cadence;
use crate::audit::tree::Hash;
use crate::clause::Clause;
use crate::governance::days::gaps;
use crate::governance::{Days, Finding, FindingKind, PersonState, Standing};
use crate::id::{OpaqueId, Reference, Scope};
use crate::store::{Key, Record};

/// What is stored of a programme of sessions: its rule, and every session that was held. Who attended is in the records
/// of the [personnel](PersonState).
///
/// The rules are `E-2.3` and `A2-Doc-2` (awareness), `A2-Use-1` (access rights), and `E-4.4` (sessions for customers,
/// whose attendance nobody keeps).
///
/// One record a programme: there is room for 120 sessions at least, however long their ids and references in ASCII are,
/// and for about 500 with short ones. What is held more often than monthly is better a programme a year, with an id of its own.
///
/// ```
/// use clausework::clause;
/// use clausework::deadline::Period;
/// use clausework::governance::{Cadence, Session, Standing, hold};
/// use clausework::id::{OpaqueId, Reference};
/// use clausework::store::Next;
///
/// let session = Session::new(OpaqueId::try_new("2026-q1")?, "2026-02-12".parse()?, Reference::try_new("minutes 14")?);
/// let (Next::Put(programme), ..) = hold(None, clause::E_2_3, session).into_parts() else { panic!() };
///
/// let quarterly = Cadence::try_new("2025-12-31".parse()?, Period::Months(3))?;
/// let on = |day: &str| Ok::<_, chrono::ParseError>(programme.standing(Some(quarterly), 14, day.parse()?));
/// assert_eq!(on("2026-03-31")?, Standing::Held { until: Some("2026-06-30".parse()?) });
/// assert_eq!(on("2026-06-16")?, Standing::DueSoon { until: "2026-06-30".parse()? });
/// assert_eq!(on("2026-07-01")?, Standing::Lapsed { since: "2026-07-01".parse()? });
/// assert_eq!(programme.standing(None, 14, "2030-01-01".parse()?), Standing::Held { until: None }); // no number, none invented
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct ProgrammeState {
    pub(super) clause: Clause,
    pub(super) sessions: Vec<Session>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    clause: Clause,
    sessions: Vec<Session>,
}

/// A session that was held.
///
/// ```
/// use clausework::audit::tree::Hash;
/// use clausework::governance::Session;
/// use clausework::id::{OpaqueId, Reference};
///
/// let session = Session::new(OpaqueId::try_new("2026-q1")?, "2026-02-12".parse()?, Reference::try_new("minutes 14")?);
/// assert_eq!(session.digest(), None);
/// assert_eq!(session.with_digest(Hash::new([1; 32])).day().to_string(), "2026-02-12");
/// assert!(OpaqueId::try_new("first quarter").is_err()); // an id, not a title
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    id: OpaqueId,
    day: NaiveDate,
    reference: Reference,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    digest: Option<Hash>,
}

impl Session {
    /// Held on that day; where its minutes are.
    #[must_use]
    pub const fn new(id: OpaqueId, day: NaiveDate, reference: Reference) -> Self {
        Self { id, day, reference, digest: None }
    }

    /// The SHA-256 of the material.
    #[must_use]
    pub const fn with_digest(mut self, digest: Hash) -> Self {
        self.digest = Some(digest);
        self
    }

    /// Its own id, unique in its programme.
    #[must_use]
    pub const fn id(&self) -> &OpaqueId {
        &self.id
    }

    /// When it was held.
    #[must_use]
    pub const fn day(&self) -> NaiveDate {
        self.day
    }

    /// Where its minutes are.
    #[must_use]
    pub const fn reference(&self) -> &Reference {
        &self.reference
    }

    /// The SHA-256 of the material.
    #[must_use]
    pub const fn digest(&self) -> Option<Hash> {
        self.digest
    }
}

impl ProgrammeState {
    /// The key of a programme.
    #[must_use]
    pub fn key(scope: impl Into<Scope>, programme: &OpaqueId) -> Key {
        Key::of::<Self>(scope, programme)
    }

    /// Which rule it is for.
    #[must_use]
    pub const fn clause(&self) -> Clause {
        self.clause
    }

    /// The sessions, in the order of their recording.
    #[must_use]
    pub fn sessions(&self) -> &[Session] {
        &self.sessions
    }

    /// The session of this id.
    #[must_use]
    pub fn session(&self, id: &OpaqueId) -> Option<&Session> {
        self.sessions.iter().find(|session| session.id == *id)
    }

    /// How the programme stands on a day, by the sessions held up to it. With a cadence: held until the end of the turn
    /// after the last one that had a session; lapsed since the day after that. Before the first turn is over nothing is
    /// lapsed. Without a cadence: held since the first session, without an end.
    pub fn standing(&self, cadence: Option<Cadence>, lead_days: u32, day: NaiveDate) -> Standing {
        let last = self.sessions.iter().map(Session::day).filter(|held| *held <= day).max();
        let Some(cadence) = cadence else {
            return last.map_or(Standing::Missing, |_| Standing::Held { until: None });
        };
        // A session up to the anchor is of no turn: then the first turn is the one that is due.
        let since =
            last.and_then(|last| cadence.turn_of(last)).and_then(|turn| turn.last()).unwrap_or(cadence.anchor());
        let due = since.succ_opt().and_then(|next| cadence.turn_of(next)).and_then(|turn| turn.last());
        match due {
            Some(until) if day > until => match until.succ_opt() {
                Some(since) if last.is_some() => Standing::Lapsed { since },
                _ => Standing::Missing,
            },
            due => Standing::held(due, day, lead_days),
        }
    }

    /// The turns that ended within a period and had no session. A period without a last day is its first day.
    #[must_use]
    pub fn findings(&self, programme: &OpaqueId, cadence: Cadence, within: Days) -> Vec<Finding> {
        let within = within.last().map_or(Days::one(within.first()), |_| within);
        let turns: Vec<Days> = self.sessions.iter().filter_map(|session| cadence.turn_of(session.day)).collect();
        let mut found = Vec::new();
        for gap in gaps(turns, within) {
            let mut turn = cadence.turn_of(gap.first().max(cadence.anchor().succ_opt().unwrap_or(gap.first())));
            while let Some(missed) = turn
                && let Some(last) = missed.last()
                && within.has(last)
                && gap.has(last)
            {
                found.push(Finding::new(FindingKind::NoSession, self.clause, Some(programme.clone()), missed));
                turn = last.succ_opt().and_then(|next| cadence.turn_of(next));
            }
        }
        found
    }

    /// Who was of the personnel on the day of a session, and neither attended it nor made up for it, at that session or
    /// at a later one of the programme, by `day`.
    ///
    /// ```
    /// use clausework::clause;
    /// use clausework::governance::{Session, attend, hold, join};
    /// use clausework::id::{OpaqueId, Reference};
    /// use clausework::store::Next;
    ///
    /// let id = |text: &str| OpaqueId::try_new(text);
    /// let session = Session::new(id("2026-q1")?, "2026-02-12".parse()?, Reference::try_new("minutes 14")?);
    /// let (Next::Put(programme), ..) = hold(None, clause::A2_USE_1, session.clone()).into_parts() else { panic!() };
    /// let (Next::Put(anna), ..) = join(None, "2026-02-12".parse()?).into_parts() else { panic!() };
    /// let (Next::Put(bert), ..) = join(None, "2026-02-13".parse()?).into_parts() else { panic!() };
    /// let (anna_id, bert_id, of) = (id("s-17")?, id("s-18")?, id("access-rights")?);
    /// let people = [(&anna_id, &anna), (&bert_id, &bert)];
    ///
    /// let absent = programme.absent(&of, &session, people, "2026-03-01".parse()?);
    /// assert_eq!(absent.len(), 1); // Bert came a day later
    /// assert_eq!(absent[0].to_string(), "A2-Use-1, s-17: session missed, not made up for from 2026-02-12 to 2026-03-01");
    /// let (Next::Put(anna), ..) = attend(anna, &of, &programme, session.id(), "2026-02-12".parse()?).into_parts() else { panic!() };
    /// assert!(programme.absent(&of, &session, [(&anna_id, &anna)], "2026-03-01".parse()?).is_empty());
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    #[must_use]
    pub fn absent<'p>(
        &self,
        programme: &OpaqueId,
        session: &Session,
        people: impl IntoIterator<Item = (&'p OpaqueId, &'p PersonState)>,
        day: NaiveDate,
    ) -> Vec<Finding> {
        let counts =
            |id: &OpaqueId| id == session.id() || self.session(id).is_some_and(|later| later.day > session.day);
        let missed = |(_, person): &(&OpaqueId, &PersonState)| {
            person.is_employed(session.day) && !person.attended(programme, day).any(counts)
        };
        let days = Days::open(session.day).until(Some(day));
        let people = people.into_iter().filter(missed);
        let finding =
            |(id, _): (&OpaqueId, _)| Some(Finding::new(FindingKind::Absent, self.clause, Some(id.clone()), days?));
        people.filter_map(finding).collect()
    }

    /// Who is of the personnel on a day and has not attended any session of the programme by then (`A2-Doc-2`).
    ///
    /// ```
    /// use clausework::clause;
    /// use clausework::governance::{Session, attend, hold, join};
    /// use clausework::id::{OpaqueId, Reference};
    /// use clausework::store::Next;
    ///
    /// let id = |text: &str| OpaqueId::try_new(text);
    /// let session = Session::new(id("2026-q1")?, "2026-02-12".parse()?, Reference::try_new("minutes 14")?);
    /// let (Next::Put(programme), ..) = hold(None, clause::A2_USE_1, session.clone()).into_parts() else { panic!() };
    /// let (Next::Put(anna), ..) = join(None, "2026-02-12".parse()?).into_parts() else { panic!() };
    /// let (Next::Put(bert), ..) = join(None, "2026-02-13".parse()?).into_parts() else { panic!() };
    /// let (anna_id, bert_id, of) = (id("s-17")?, id("s-18")?, id("access-rights")?);
    /// let people = [(&anna_id, &anna), (&bert_id, &bert)];
    ///
    /// let never = programme.never_attended(&of, people, "2026-03-01".parse()?);
    /// assert_eq!(never.len(), 2); // Bert too: nobody has told him
    /// let (Next::Put(bert), ..) = attend(bert.clone(), &of, &programme, session.id(), "2026-02-20".parse()?).into_parts() else { panic!() };
    /// assert!(programme.never_attended(&of, [(&bert_id, &bert)], "2026-03-01".parse()?).is_empty());
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    #[must_use]
    pub fn never_attended<'p>(
        &self,
        programme: &OpaqueId,
        people: impl IntoIterator<Item = (&'p OpaqueId, &'p PersonState)>,
        day: NaiveDate,
    ) -> Vec<Finding> {
        let finding = |(id, person): (&OpaqueId, &PersonState)| {
            let joined = person.tenure(day)?.first();
            let never = person.attended(programme, day).next().is_none();
            let days = never.then(|| Days::open(joined).until(Some(day)))??;
            Some(Finding::new(FindingKind::NeverAttended, self.clause, Some(id.clone()), days))
        };
        people.into_iter().filter_map(finding).collect()
    }
}

impl Record for ProgrammeState {
    const KIND: &'static str = "programme";
    const VERSION: u16 = 1;
}

impl TryFrom<Stored> for ProgrammeState {
    type Error = &'static str;

    fn try_from(stored: Stored) -> Result<Self, Self::Error> {
        let ids: BTreeSet<_> = stored.sessions.iter().map(Session::id).collect();
        if ids.len() < stored.sessions.len() {
            return Err("an id is there twice");
        }
        Ok(Self { clause: stored.clause, sessions: stored.sessions })
    }
}
