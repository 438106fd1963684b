use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::clause;
use crate::governance::{Days, Finding, FindingKind};
use crate::id::{OpaqueId, Reference, Scope};
use crate::store::{Key, KeyId, Record};

/// What is stored of the roles in security (`E-2.1`): every assignment, with its days.
///
/// On every day exactly one person is to be accountable, and several are to be responsible. Both can fail in what really
/// happened, so nothing is refused for it; [`findings`](Self::findings) names the days.
///
/// One record: there is room for 80 assignments at least, however long their ids and references in ASCII are, and for about
/// 300 with short ones; roles change a few times a year. When it is full, they can still be ended.
///
/// ```
/// use clausework::governance::{Assignment, Days, Role, RolesState, assign, end_role};
/// use clausework::id::{OpaqueId, Reference};
/// use clausework::store::Next;
///
/// let id = |text: &str| OpaqueId::try_new(text);
/// let ceo = Assignment::new(id("r-1")?, Role::Accountable, id("s-1")?, Days::since("2026-01-01".parse()?)?, Reference::try_new("board 4")?);
/// let (Next::Put(roles), ..) = assign(None, ceo).into_parts() else { panic!() };
/// let (Next::Put(roles), ..) = end_role(roles, &id("r-1")?, "2026-03-02".parse()?).into_parts() else { panic!() };
/// assert_eq!(roles.accountable("2026-03-02".parse()?).len(), 1);
///
/// let march = Days::try_new("2026-03-01".parse()?, "2026-03-31".parse()?)?;
/// assert_eq!(roles.findings(march)[0].to_string(), "E-2.1: nobody is accountable from 2026-03-03 to 2026-03-31");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct RolesState {
    pub(super) assignments: Vec<Assignment>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    assignments: Vec<Assignment>,
}

/// A role in security.
///
/// ```
/// use clausework::governance::Role;
/// use clausework::id::OpaqueId;
///
/// let product: Role = serde_json::from_str(r#"{"responsible":"product"}"#)?;
/// assert_eq!(product, Role::Responsible(OpaqueId::try_new("product")?));
/// assert!(serde_json::from_str::<Role>(r#""somebody""#).is_err());
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Role {
    /// Answers for all of it: the programme and its personnel, information, product and corporate security, risk, audit
    /// and compliance (`E-2.1`).
    Accountable,
    /// Is responsible for this area.
    Responsible(OpaqueId),
}

/// Who has a role, on which days, and where that is written.
///
/// ```
/// use clausework::governance::{Assignment, Days, Role};
/// use clausework::id::{OpaqueId, Reference};
///
/// let id = |text: &str| OpaqueId::try_new(text);
/// let year = Days::try_new("2026-01-01".parse()?, "2026-12-31".parse()?)?;
/// let ceo = Assignment::new(id("r-1")?, Role::Accountable, id("s-1")?, year, Reference::try_new("board 4")?);
/// assert!(ceo.days().has("2026-12-31".parse()?) && !ceo.days().has("2027-01-01".parse()?));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    pub(super) id: OpaqueId,
    role: Role,
    person: OpaqueId,
    pub(super) days: Days,
    reference: Reference,
}

impl Assignment {
    /// This person has this role on these days.
    #[must_use]
    pub const fn new(id: OpaqueId, role: Role, person: OpaqueId, days: Days, reference: Reference) -> Self {
        Self { id, role, person, days, reference }
    }

    /// Its own id.
    #[must_use]
    pub const fn id(&self) -> &OpaqueId {
        &self.id
    }

    /// Which role.
    #[must_use]
    pub const fn role(&self) -> &Role {
        &self.role
    }

    /// Who has it.
    #[must_use]
    pub const fn person(&self) -> &OpaqueId {
        &self.person
    }

    /// On which days.
    #[must_use]
    pub const fn days(&self) -> Days {
        self.days
    }

    /// Where it is written.
    #[must_use]
    pub const fn reference(&self) -> &Reference {
        &self.reference
    }
}

impl RolesState {
    /// The key of the roles: one record.
    #[must_use]
    pub fn key(scope: impl Into<Scope>) -> Key {
        Key::of::<Self>(scope, KeyId::own("all"))
    }

    /// The assignments, in the order of their recording.
    #[must_use]
    pub fn assignments(&self) -> &[Assignment] {
        &self.assignments
    }

    /// Who has a role on a day.
    pub fn on(&self, day: NaiveDate) -> impl Iterator<Item = &Assignment> {
        self.assignments.iter().filter(move |assignment| assignment.days.has(day))
    }

    /// Who is accountable on a day: exactly one, if all is well.
    #[must_use]
    pub fn accountable(&self, day: NaiveDate) -> BTreeSet<&OpaqueId> {
        let accountable = self.on(day).filter(|assignment| assignment.role == Role::Accountable);
        accountable.map(|assignment| &assignment.person).collect()
    }

    /// The days of a period on which nobody, or more than one, is accountable, and those on which fewer than two people
    /// have a role at all (`E-2.1`: "multiple individuals").
    #[must_use]
    pub fn findings(&self, within: Days) -> Vec<Finding> {
        let accountable = |day| match self.accountable(day).len() {
            0 => Some(FindingKind::NobodyAccountable),
            1 => None,
            count => Some(FindingKind::SeveralAccountable { count }),
        };
        let responsible = |day| {
            let people: BTreeSet<_> = self.on(day).map(|assignment| &assignment.person).collect();
            let count = people.len();
            (count < 2).then_some(FindingKind::TooFewResponsible { count })
        };
        let mut found = self.found(within, accountable);
        found.extend(self.found(within, responsible));
        found
    }

    /// What is found on the days of a period, each as long as it lasts.
    fn found(&self, within: Days, look: impl Fn(NaiveDate) -> Option<FindingKind>) -> Vec<Finding> {
        // Nothing changes but on the first day of an assignment, and on the day after its last.
        let starts = self.assignments.iter().map(|assignment| assignment.days.first());
        let ends = self.assignments.iter().filter_map(|assignment| assignment.days.last()?.succ_opt());
        let mut changes: BTreeSet<NaiveDate> = starts.chain(ends).filter(|day| within.has(*day)).collect();
        changes.insert(within.first());
        let mut found = Vec::new();
        let mut open: Option<(FindingKind, Days)> = None;
        for day in changes {
            let kind = look(day);
            if kind == open.map(|(kind, _)| kind) {
                continue;
            }
            found.extend(open.take().and_then(|(kind, days)| Some((kind, days.before(day)?))));
            open = kind.map(|kind| (kind, Days::open(day)));
        }
        found.extend(open.and_then(|(kind, days)| Some((kind, days.common(within)?))));
        found.into_iter().map(|(kind, days)| Finding::new(kind, clause::E_2_1, None, days)).collect()
    }
}

impl Record for RolesState {
    const KIND: &'static str = "roles";
    const VERSION: u16 = 1;
}

impl TryFrom<Stored> for RolesState {
    type Error = &'static str;

    fn try_from(stored: Stored) -> Result<Self, Self::Error> {
        let ids: BTreeSet<_> = stored.assignments.iter().map(Assignment::id).collect();
        if ids.len() < stored.assignments.len() {
            return Err("an id is there twice");
        }
        Ok(Self { assignments: stored.assignments })
    }
}
