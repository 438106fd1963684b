//! A draft becomes bytes, and a record a draft again.

use alloc::vec::Vec;

use super::body::Body;
use super::draft::Draft;
use super::error::DraftError;
use super::list::{Item as _, List};
use super::opening::Disclosures;
use super::phase::{Outcome, Phase};
use super::source::{Claimed, Source};
use super::who::{Delegation, write_scope};
use super::wire::Writer;
use super::{Head, Place, Record, VERSION, check_whole};
use crate::event::Actor;
use crate::time::Timestamp;

impl<'a> Draft<'a> {
    /// Writes the canonical bytes at the end of `out`, for this place in the log. Encode it again when the place was
    /// taken by another.
    ///
    /// The rows that open its commitments come with it: store them in the same commit.
    ///
    /// # Errors
    /// [`DraftError`] when this is no record; `out` is then as it was.
    pub fn encode_into<'d>(&'d mut self, place: Place, out: &mut Vec<u8>) -> Result<Disclosures<'d>, DraftError> {
        let start = out.len();
        match self.write(place, out) {
            Ok(()) => {
                let found = out.len().saturating_sub(start);
                if found <= Record::MAX_BYTES {
                    return Ok(Disclosures { index: place.index(), rest: self.openings.iter() });
                }
                out.truncate(start);
                Err(DraftError::TooLong { found })
            }
            Err(error) => {
                out.truncate(start);
                Err(error)
            }
        }
    }

    fn write(&mut self, place: Place, out: &mut Vec<u8>) -> Result<(), DraftError> {
        self.attributes.sort_unstable_by_key(|attribute| attribute.name());
        self.changes.sort_unstable_by_key(|change| change.field());
        out.reserve(512);
        let body = match self.body {
            Body::Change { action, changes } if changes.is_empty() => {
                Body::Change { action, changes: List::from(self.changes.as_slice()) }
            }
            body if self.changes.is_empty() => body,
            _ => return Err(DraftError::Refused { what: "changed fields in a record of no change" }),
        };
        let mut w = Writer::new(out);
        w.u8(VERSION);
        body.kind().write(&mut w);
        place.write(&mut w);
        self.head.write(&mut w);
        w.count(self.chain.len(), Delegation::MAX, "a chain of more than 4");
        self.chain.iter().for_each(|step| step.write(&mut w));
        w.count(self.clauses.len(), Record::MAX_CLAUSES, "more than 32 clauses");
        self.clauses.iter().for_each(|clause| w.label(clause, "the id of a clause"));
        List::from(self.attributes.as_slice()).write(&mut w);
        body.write(&mut w);
        w.check(check_whole(&self.head, self.chain.iter().copied(), &body));
        w.finish()
    }

    /// The draft that is encoded to this record: to compare, or to write a record of another place anew. What opens its
    /// commitments is not in it.
    pub fn of_record(record: &Record<'a>) -> Self {
        let changes = match record.body() {
            Body::Change { changes, .. } => changes.iter().collect(),
            _ => Vec::new(),
        };
        let body = match record.body() {
            Body::Change { action, .. } => Body::Change { action, changes: List::from(&[]) },
            body => body,
        };
        Self {
            head: record.head,
            chain: record.on_behalf_of().collect(),
            clauses: record.clauses().collect(),
            attributes: record.attributes().iter().collect(),
            changes,
            body,
            openings: Vec::new(),
        }
    }

    /// The completion of an attempt that nobody completed, noted now by whoever found it open; `None` if this is no
    /// attempt.
    ///
    /// It says what was attempted and on what; who attempted it, and all else, stands in the record of the attempt.
    #[must_use]
    pub fn completing(attempt: &Record<'a>, outcome: Outcome, at: Timestamp, by: &'a Actor) -> Option<Self> {
        let Phase::Attempt(operation) = attempt.phase() else { return None };
        let mut draft = Self::of_head(Head {
            at,
            phase: Phase::Completion(operation, outcome),
            actor: by.into(),
            source: Source::Internal,
            claimed: Claimed::default(),
            ..attempt.head
        });
        draft.body = match attempt.body() {
            // What would have changed is not known to have changed.
            Body::Change { .. } => Body::Event,
            body => body,
        };
        Some(draft)
    }
}

impl Head<'_> {
    fn write(&self, w: &mut Writer<'_>) {
        w.instant(self.at);
        self.class.write(w);
        self.phase.write(w);
        write_scope(self.tenant, w);
        w.label(self.code, "a code with characters that no code has");
        w.short(self.component, "the id of a component");
        self.actor.write(w);
        self.source.write(w);
        w.label(self.about.kind, "the kind of what is acted on");
        w.label(self.about.id, "the id of what is acted on");
        w.optional(self.person, |w, person| w.short(person, "the pseudonym of a person"));
        self.claimed.write(w);
    }
}
