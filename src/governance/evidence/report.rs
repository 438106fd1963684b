use alloc::vec::Vec;
use core::fmt;

use chrono::NaiveDate;

use super::{Answer, Filed};
use crate::clause::{Clause, Contradiction};
use crate::governance::{Days, Finding, FindingKind, Standing};
use crate::id::OpaqueId;

/// Every measure, its evidence and its gaps over some days: what an auditor is handed (`A2-Doc-1`). Made by
/// [`Register::report`](super::Register::report).
///
/// ```
/// use clausework::clause;
/// use clausework::governance::{Days, Evidence, EvidencePolicy, Register, file};
/// use clausework::id::{OpaqueId, Reference};
/// use clausework::store::Next;
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
///
/// let id = |text: &str| OpaqueId::try_new(text);
/// let policy = EvidencePolicy::default();
/// let spring = Days::try_new("2026-01-01".parse()?, "2026-03-02".parse()?)?;
/// let programme = Evidence::new(id("e-1")?, id("isms")?, id("s-2")?, spring, Reference::try_new("ISMS 3.2")?);
/// let (Next::Put(state), ..) = file(None, now, clause::A2_A, programme).into_parts() else { panic!() };
///
/// let quarter = Days::try_new("2026-01-01".parse()?, "2026-03-31".parse()?)?;
/// let report = Register::new(&policy, [&state]).report(quarter);
/// assert_eq!(report.findings()[0].to_string(), "A2-A, isms: no valid evidence from 2026-03-03 to 2026-03-31");
/// assert!(report.to_string().contains("e-1: ISMS 3.2, from 2026-01-01 to 2026-03-02, by s-2"));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Report<'a> {
    days: Days,
    lines: Vec<Line<'a>>,
}

/// One measure of a [`Report`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    clause: Clause,
    about: Option<&'a OpaqueId>,
    answer: Option<Answer<'a>>,
    gaps: Vec<Days>,
    entries: Vec<&'a Filed>,
}

impl<'a> Line<'a> {
    pub(super) fn new(about: &'a OpaqueId, answer: Answer<'a>, gaps: Vec<Days>, entries: Vec<&'a Filed>) -> Self {
        Self { clause: answer.clause(), about: Some(about), answer: Some(answer), gaps, entries }
    }

    pub(super) fn missing(clause: Clause, days: Days) -> Self {
        Self { clause, about: None, answer: None, gaps: Vec::from([days]), entries: Vec::new() }
    }

    /// Which rule.
    #[must_use]
    pub const fn clause(&self) -> Clause {
        self.clause
    }

    /// What it is about; none where there is no evidence and no demand.
    #[must_use]
    pub const fn about(&self) -> Option<&'a OpaqueId> {
        self.about
    }

    /// How it stands on the last of the days.
    pub fn standing(&self) -> Standing {
        self.answer.as_ref().map_or(Standing::Missing, Answer::standing)
    }

    /// The days without evidence that counts.
    #[must_use]
    pub fn gaps(&self) -> &[Days] {
        &self.gaps
    }

    /// All evidence up to the last day, what was replaced and what does not count included.
    #[must_use]
    pub fn entries(&self) -> &[&'a Filed] {
        &self.entries
    }

    /// As [`Answer::contradictions`].
    pub fn contradictions(&self) -> impl Iterator<Item = Contradiction> {
        self.answer.iter().flat_map(Answer::contradictions)
    }
}

impl<'a> Report<'a> {
    pub(super) const fn new(days: Days, lines: Vec<Line<'a>>) -> Self {
        Self { days, lines }
    }

    /// Over which days.
    #[must_use]
    pub const fn days(&self) -> Days {
        self.days
    }

    /// The measures, in the order of the ids of their rules.
    #[must_use]
    pub fn lines(&self) -> &[Line<'a>] {
        &self.lines
    }

    /// The gaps of all of them.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        let of = |line: &Line<'a>| {
            let (clause, about) = (line.clause, line.about.cloned());
            let began = |day: NaiveDate| line.entries.iter().any(|filed| filed.evidence().days().first() < day);
            let kind = move |gap: &Days| if began(gap.first()) { FindingKind::Lapsed } else { FindingKind::Missing };
            let finding = |gap: &Days| Finding::new(kind(gap), clause, about.clone(), *gap);
            line.gaps.iter().map(finding).collect::<Vec<_>>()
        };
        self.lines.iter().flat_map(of).collect()
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (measures, open) = (self.lines.len(), self.lines.iter().filter(|line| !line.gaps.is_empty()).count());
        writeln!(f, "evidence {}: {measures} measures, {open} with gaps", self.days)?;
        for line in &self.lines {
            write!(f, "{}", line.clause.id())?;
            if let Some(about) = line.about {
                write!(f, ", {about}")?;
            }
            write!(f, " ({}): {}", line.clause.name(), line.standing())?;
            for entry in line.contradictions() {
                write!(f, " [{}]", entry.id())?;
            }
            writeln!(f)?;
            for gap in &line.gaps {
                writeln!(f, "  gap {gap}")?;
            }
            for evidence in line.entries.iter().map(|filed| filed.evidence()) {
                let (id, by, days) = (evidence.id(), evidence.by(), evidence.days());
                write!(f, "  {id}: {}, {days}, by {by}", evidence.reference().as_str())?;
                if let Some(digest) = evidence.digest() {
                    write!(f, ", sha-256 {digest}")?;
                }
                if let Some(replaced) = evidence.replaces() {
                    write!(f, ", replaces {replaced}")?;
                }
                writeln!(f)?;
            }
            for shortfall in line.answer.iter().flat_map(Answer::shortfalls) {
                writeln!(f, "  {shortfall}")?;
            }
        }
        Ok(())
    }
}
