//! The yearly audit of administrators: [`Review`].

use alloc::vec::Vec;

use chrono::NaiveDate;

use super::checkpoint::VerifiedCheckpoint;
use super::record::{Body, Digest, IndexRange, List, Seen, Who};
use super::verify::Report;
use crate::clause::{self, Clause};
use crate::deadline::{Deadline, DeadlineError, DeadlineRule, Period, Trigger};
use crate::time::Timestamp;

/// A review of what administrators did, that saw a whole log (A2-Mon-0, A2-Mon-3): made by [`of`](Self::of) alone, so
/// nobody records a review of a log that was not verified, or of records that no checkpoint covered.
///
/// ```
/// # #[cfg(feature = "ed25519")] {
/// use clausework::audit::checkpoint::{Checkpoint, Ed25519Signer, Ed25519Verifier, Origin};
/// use clausework::audit::record::{IndexRange, Who};
/// use clausework::audit::review::{Review, ReviewRefusal};
/// use clausework::audit::tree::{Frontier, leaf_hash};
/// use clausework::audit::verify::{Evidence, Ledger, Values, Verifier};
/// use clausework::{Timestamp, event::Actor, id::OpaqueId};
///
/// let origin = Origin::try_new("audit.example.com/acme")?;
/// let key = Ed25519Signer::from_seed(origin.key_name()?, &[7; 32]);
/// let mut log = Frontier::new();
/// log.push_with(leaf_hash(b"a record"), |_, _| {})?;
/// let checkpoint = Checkpoint::new(origin.clone(), log.head()).sign(&[&key])?;
/// let verifier_key = Ed25519Verifier::new(&key.verifier_key())?;
/// let seen = checkpoint.verify(&origin, &[&verifier_key])?;
///
/// let (ledger, heads) = (Ledger::default(), [seen.head()]);
/// let mut verifier = Verifier::begin(&ledger, &heads, Frontier::new(), Values::Shown);
/// verifier.read(0, leaf_hash(b"a record"), Evidence::Purged); // and no record says so
/// let report = verifier.finish();
///
/// let (reviewer, admin) = (Actor::Staff(OpaqueId::try_new("s-1")?), Actor::Staff(OpaqueId::try_new("s-2")?));
/// let range = IndexRange::try_new(0, 1).ok_or("empty")?;
/// let (from, until) = (Timestamp::MIN, Timestamp::MAX);
/// let refused = Review::of(Who::from(&reviewer), [Who::from(&admin)], range, from, until, &report, &seen).unwrap_err();
/// assert_eq!(refused, [ReviewRefusal::NotSound]);
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a review that is not in the log is none"]
pub struct Review<'a> {
    reviewed: Vec<Who<'a>>,
    range: IndexRange,
    from: Timestamp,
    until: Timestamp,
    seen: Seen,
}

/// Why something is no review. Every reason is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReviewRefusal {
    /// The log was not found to be whole up to a trusted checkpoint.
    NotSound,
    /// It was verified up to another checkpoint than the one that the reviewer saw.
    OtherCheckpoint,
    /// The range goes beyond the checkpoint, or begins before what the log still has.
    NotCovered,
    /// The reviewer is among those reviewed.
    Oneself,
    /// Nobody is reviewed.
    Nobody,
    /// The time under review is over before it has begun.
    NoTime,
}

impl<'a> Review<'a> {
    /// The clauses that ask for it.
    pub const CLAUSES: [Clause; 2] = [clause::A2_MON_0, clause::A2_MON_3];

    /// By when the next review is due: a year after the day of the last ("yearly", A2-Mon-3), or after the day on which
    /// the agreement began.
    ///
    /// # Errors
    /// [`DeadlineError`] when that is past the year 9999.
    pub fn next(last: NaiveDate) -> Result<Deadline, DeadlineError> {
        DeadlineRule::new(Period::Years(1), clause::A2_MON_3, Trigger::new("the last review")).deadline(last)
    }

    /// A review by `reviewer` of what `reviewed` did in these records of this time, in a log that was verified up to the
    /// checkpoint that the reviewer saw.
    ///
    /// # Errors
    /// Every [`ReviewRefusal`].
    pub fn of(
        reviewer: Who<'a>,
        reviewed: impl IntoIterator<Item = Who<'a>>,
        range: IndexRange,
        from: Timestamp,
        until: Timestamp,
        report: &Report,
        seen: &VerifiedCheckpoint<'_>,
    ) -> Result<Self, Vec<ReviewRefusal>> {
        let (head, mut reviewed): (_, Vec<Who<'a>>) = (seen.head(), reviewed.into_iter().collect());
        reviewed.sort_unstable_by_key(|who| (who.kind(), who.id()));
        reviewed.dedup();
        let covered = range.end() <= head.size() && range.start() >= report.minimum_index;
        let refused: Vec<ReviewRefusal> = [
            (!report.verdict.is_sound()).then_some(ReviewRefusal::NotSound),
            report.verdict.anchor().filter(|anchor| *anchor != head).map(|_| ReviewRefusal::OtherCheckpoint),
            (!covered).then_some(ReviewRefusal::NotCovered),
            reviewed.contains(&reviewer).then_some(ReviewRefusal::Oneself),
            reviewed.is_empty().then_some(ReviewRefusal::Nobody),
            (until <= from).then_some(ReviewRefusal::NoTime),
        ]
        .into_iter()
        .flatten()
        .collect();
        if !refused.is_empty() {
            return Err(refused);
        }
        let seen = Seen { size: head.size(), root: *head.root().as_bytes() };
        Ok(Self { reviewed, range, from, until, seen })
    }

    /// The record of it, whose actor must be the reviewer.
    #[must_use]
    pub fn body(&self, findings: u32, report: Digest) -> Body<'_> {
        let Self { range, from, until, seen, .. } = *self;
        Body::Review { from, until, range, reviewed: List::from(self.reviewed.as_slice()), seen, findings, report }
    }
}

#[cfg(all(test, feature = "ed25519"))]
mod tests {
    use super::*;
    use crate::audit::checkpoint::{Checkpoint, Ed25519Signer, Ed25519Verifier, Origin};
    use crate::audit::record::tests::{at, draft, encode, range, user};
    use crate::audit::record::{Kind, Record};
    use crate::audit::tree::{Frontier, TreeHead};
    use crate::audit::verify::Verdict;

    fn head(records: u64) -> TreeHead {
        let mut log = Frontier::new();
        log.extend_from((0..records).map(u64::to_be_bytes)).unwrap();
        log.head()
    }

    /// What `of` says of a review of the records [start, 5), of a log of 5.
    fn review(
        reviewed: &[Who<'static>],
        start: u64,
        until: i64,
        report: &Report,
    ) -> Result<Review<'static>, Vec<ReviewRefusal>> {
        let origin = Origin::try_new("audit.example.com/acme").unwrap();
        let key = Ed25519Signer::from_seed(origin.key_name().unwrap(), &[7; 32]);
        let checkpoint = Checkpoint::new(origin.clone(), head(5)).sign(&[&key]).unwrap();
        let verifier = Ed25519Verifier::new(&key.verifier_key()).unwrap();
        let seen = checkpoint.verify(&origin, &[&verifier]).unwrap();
        let reviewer = Who::from(user("u-17"));
        Review::of(reviewer, reviewed.iter().copied(), range(start, 5), at(0), at(until), report, &seen)
    }

    fn report(verdict: Verdict) -> Report {
        Report { verdict, minimum_index: 1, size: 5, purged: 0, redacted: 0, beyond: 0 }
    }

    #[test]
    fn a2_mon_3_a_review_saw_a_whole_log_and_somebody_else() {
        let (anna, otto) = (Who::from(user("u-2")), Who::from(user("u-1")));
        let sound = report(Verdict::Purged(head(5)));
        let made = review(&[anna, otto, anna], 1, 1, &sound).unwrap();
        let body = made.body(2, [9; 32]);
        let bytes = encode(draft().body(body)); // by u-17
        let Body::Review { reviewed, seen, .. } = Record::decode(&bytes).unwrap().body() else { panic!() };
        assert_eq!(body.kind(), Kind::Review);
        assert_eq!(reviewed.iter().collect::<Vec<_>>(), [otto, anna]);
        assert_eq!((seen.size, seen.root), (5, *head(5).root().as_bytes()));

        let myself = Who::from(user("u-17"));
        let refusals = |reviewed: &[_], start, until, report: &_| review(reviewed, start, until, report).unwrap_err();
        assert_eq!(refusals(&[anna, myself], 1, 1, &sound), [ReviewRefusal::Oneself]);
        assert_eq!(refusals(&[], 1, 1, &sound), [ReviewRefusal::Nobody]);
        assert_eq!(refusals(&[anna], 0, 1, &sound), [ReviewRefusal::NotCovered]);
        assert_eq!(refusals(&[anna], 1, 0, &sound), [ReviewRefusal::NoTime]);
        let other = report(Verdict::Verified(head(4)));
        assert_eq!(refusals(&[anna], 1, 1, &other), [ReviewRefusal::OtherCheckpoint]);
        for verdict in [Verdict::Altered(3), Verdict::SelfConsistent(head(5)), Verdict::UnknownKey] {
            assert_eq!(refusals(&[anna], 1, 1, &report(verdict)), [ReviewRefusal::NotSound]);
        }
        let all = refusals(&[myself], 0, 0, &report(Verdict::Malformed));
        assert_eq!(all.len(), 4);
    }

    #[test]
    fn a2_mon_3_the_next_review_is_a_year_later() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        for (last, next) in [("2026-03-01", "2027-03-01"), ("2024-02-29", "2025-02-28")] {
            assert_eq!(Review::next(day(last)).unwrap().raw_last_day(), day(next));
        }
    }
}
