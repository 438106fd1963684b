use core::fmt;

use super::body::{Body, Kind, Purge, Reach};
use super::commitment::{Commitment, Disclosure};
use super::error::RecordError;
use super::list::{Item, List};
use super::phase::{Class, Phase};
use super::value::{Attribute, Value};
use super::who::{About, Claimed, Delegation, Source, Who};
use super::wire::Reader;
use super::{Head, Place, VERSION, check_whole};
use crate::id::Scope;
use crate::time::Timestamp;

/// A record: canonical bytes that were checked, and what they say.
///
/// It borrows the bytes; nothing is copied and nothing allocated.
///
/// ```
/// # use clausework::audit::record::{About, Class, Draft, Essentials, Outcome, Phase, Place};
/// use clausework::audit::record::{Record, RecordError};
/// # use clausework::event::{Actor, Code, Origin};
/// # use clausework::{Scope, id::OpaqueId};
/// # let now = clausework::Now::from(clausework::Timestamp::from_micros(0).unwrap());
/// # let id = OpaqueId::try_new("nightly")?;
/// # let mut bytes = Vec::new();
/// # let _ = Draft::new(Essentials {
/// #     code: Code::internal("shop.stock_counted"), at: now.timestamp(), scope: &Scope::Operator, component: &id,
/// #     source: Origin::Internal, phase: Phase::Whole(Outcome::Success), actor: &Actor::Job(id.clone()),
/// #     about: About::new("stock", &id), class: Class::General,
/// # }).encode_into(Place::first(now), &mut bytes)?;
/// let record = Record::decode(&bytes)?; // as they came from the column
/// assert_eq!((record.place().index(), record.code()), (0, "shop.stock_counted"));
/// assert_eq!(record.as_bytes(), bytes); // what is hashed
///
/// bytes.push(0);
/// assert!(matches!(Record::decode(&bytes), Err(RecordError::Trailing { .. })));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record<'a> {
    bytes: &'a [u8],
    place: Place,
    pub(super) head: Head<'a>,
    /// From here the chain is read again: it was read through once.
    chain: (Reader<'a>, usize),
    clauses: (Reader<'a>, usize),
    attributes: List<'a, Attribute<'a>>,
    body: Body<'a>,
}

impl<'a> Record<'a> {
    /// The longest record, in bytes (C2SP tlog-tiles allows no longer entry).
    pub const MAX_BYTES: usize = 65_535;
    /// The most clauses that a record cites.
    pub const MAX_CLAUSES: usize = 32;

    /// Reads canonical bytes, strictly: what would not be written exactly so is no record.
    ///
    /// # Errors
    /// [`RecordError`], with the place of what is wrong.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, RecordError> {
        if bytes.len() > Self::MAX_BYTES {
            return Err(RecordError::TooLong { found: bytes.len() });
        }
        let mut reader = Reader::new(bytes);
        let r = &mut reader;
        match r.u8()? {
            VERSION => {}
            found => return Err(RecordError::Version { found }),
        }
        let kind = Kind::read(r)?;
        let place = Place::read(r)?;
        let head = Head::read(r)?;
        let steps = r.count(Delegation::MAX, "a chain of more than 4")?;
        let chain = (*r, steps);
        for _ in 0..steps {
            Delegation::read(r)?;
        }
        let cited = r.count(Self::MAX_CLAUSES, "more than 32 clauses")?;
        let clauses = (*r, cited);
        for _ in 0..cited {
            r.label("the id of a clause")?;
        }
        let attributes = List::read(r)?;
        let body = Body::read(kind, r)?;
        if !r.is_empty() {
            return Err(RecordError::Trailing { at: r.at() });
        }
        let record = Self { bytes, place, head, chain, clauses, attributes, body };
        r.check(check_whole(&record.head, record.on_behalf_of(), &record.body))?;
        Ok(record)
    }

    /// The canonical bytes: what is stored, and what the leaf of the tree is the hash of.
    #[must_use]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Where it stands in the log, and since when.
    #[must_use]
    pub const fn place(&self) -> Place {
        self.place
    }

    /// When it happened, by the clock of the host.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        self.head.at
    }

    /// Whether it says that it happened after it was recorded: the clocks of two nodes differ.
    #[must_use]
    pub fn is_ahead(&self) -> bool {
        self.head.at > self.place.recorded_at()
    }

    /// How long it is to be kept.
    #[must_use]
    pub const fn class(&self) -> Class {
        self.head.class
    }

    /// How far it is, and with which outcome.
    #[must_use]
    pub const fn phase(&self) -> Phase {
        self.head.phase
    }

    /// The tenant; `None` for the operator.
    #[must_use]
    pub const fn tenant(&self) -> Option<&'a str> {
        self.head.tenant
    }

    /// Whether it belongs to this tenant, or the operator.
    #[must_use]
    pub fn is_in(&self, scope: &Scope) -> bool {
        super::who::tenant_of(scope) == self.head.tenant
    }

    /// What happened, as a stable code.
    #[must_use]
    pub const fn code(&self) -> &'a str {
        self.head.code
    }

    /// In which part of the host.
    #[must_use]
    pub const fn component(&self) -> &'a str {
        self.head.component
    }

    /// Who acted.
    #[must_use]
    pub const fn actor(&self) -> Who<'a> {
        self.head.actor
    }

    /// For whom, and by what authority, from the actor outwards.
    pub fn on_behalf_of(&self) -> impl Iterator<Item = Delegation<'a>> + use<'a> {
        let (mut reader, steps) = self.chain;
        // INVARIANT: it was read through once.
        (0..steps).map_while(move |_| Delegation::read(&mut reader).ok())
    }

    /// From where.
    #[must_use]
    pub const fn source(&self) -> Source {
        self.head.source
    }

    /// What was acted on.
    #[must_use]
    pub const fn about(&self) -> About<'a> {
        self.head.about
    }

    /// The pseudonym of the person whom the data is about.
    #[must_use]
    pub const fn person(&self) -> Option<&'a str> {
        self.head.person
    }

    /// What the client says of itself.
    #[must_use]
    pub const fn claimed(&self) -> Claimed<'a> {
        self.head.claimed
    }

    /// The ids of the clauses behind it. Text, because another version may know more of them.
    pub fn clauses(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let (mut reader, cited) = self.clauses;
        (0..cited).map_while(move |_| reader.label("").ok())
    }

    /// The named values, sorted by name.
    #[must_use]
    pub const fn attributes(&self) -> List<'a, Attribute<'a>> {
        self.attributes
    }

    /// The value of this name, if there is one.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<Value<'a>> {
        self.attributes.iter().find(|attribute| attribute.name() == name).map(|attribute| attribute.value())
    }

    /// What it says beyond that.
    #[must_use]
    pub const fn body(&self) -> Body<'a> {
        self.body
    }

    /// Every commitment in it, with the field it is for.
    pub fn commitments(&self) -> impl Iterator<Item = (FieldPath<'a>, Commitment)> + use<'a> {
        let source = match self.head.source {
            Source::Committed { peer, .. } => Some((FieldPath { side: "source:", field: "peer" }, peer)),
            _ => None,
        };
        let name = self.head.claimed.name.map(|name| (FieldPath { side: "claimed:", field: "name" }, name));
        let attributes = self.attributes.iter().filter_map(|attribute| {
            Some((FieldPath { side: "", field: attribute.name() }, attribute.value().commitment()?))
        });
        let changes = match self.body {
            Body::Change { changes, .. } => changes,
            _ => List::from(&[]),
        };
        let changes = changes.iter().flat_map(|change| {
            let side = |side, value: Option<Value<'a>>| {
                Some((FieldPath { side, field: change.field() }, value?.commitment()?))
            };
            side("before:", change.before()).into_iter().chain(side("after:", change.after()))
        });
        source.into_iter().chain(name).chain(attributes).chain(changes)
    }

    /// Whether a disclosure opens a commitment of this record.
    pub fn opens(&self, disclosure: &Disclosure) -> Opens {
        if disclosure.index() != self.place.index() {
            return Opens::OtherRecord;
        }
        match self.commitments().find(|(path, _)| path.is(disclosure.field())) {
            None => Opens::NoSuchField,
            Some((_, commitment)) if commitment.opens(disclosure.field(), disclosure.salt(), disclosure.value()) => {
                Opens::Yes
            }
            Some(_) => Opens::Differs,
        }
    }
}

impl<'a> Head<'a> {
    fn read(r: &mut Reader<'a>) -> Result<Self, RecordError> {
        Ok(Self {
            at: r.instant()?,
            class: Class::read(r)?,
            phase: Phase::read(r)?,
            tenant: r.optional(|r| r.id("the id of a tenant"))?,
            code: r.label("a code with characters that no code has")?,
            component: r.id("the id of a component")?,
            actor: Who::read(r)?,
            source: Source::read(r)?,
            about: About { kind: r.label("the kind of what is acted on")?, id: r.label("the id of what is acted on")? },
            person: r.optional(|r| r.id("the pseudonym of a person"))?,
            claimed: Claimed::read(r)?,
        })
    }
}

/// The field of a commitment: what [`Disclosure::field`] holds as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldPath<'a> {
    side: &'static str,
    field: &'a str,
}

impl FieldPath<'_> {
    /// Whether it is written like this.
    #[must_use]
    pub fn is(&self, text: &str) -> bool {
        text.strip_prefix(self.side) == Some(self.field)
    }
}

impl fmt::Display for FieldPath<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.side, self.field)
    }
}

/// Whether a disclosure opens a commitment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
#[allow(clippy::exhaustive_enums, reason = "closed: a verifier answers for each")]
pub enum Opens {
    /// It does: this was the value.
    Yes,
    /// The salt or the value is not what was committed to.
    Differs,
    /// The record has no commitment for this field.
    NoSuchField,
    /// It is about another record.
    OtherRecord,
}

impl Opens {
    /// Whether it does.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Yes)
    }
}

/// One line for a person, safe for a terminal whatever the record holds.
impl fmt::Display for Record<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Head { at, class, phase, tenant, code, component, actor, source, about, person, claimed } = &self.head;
        write!(f, "#{} {at} ", self.place.index())?;
        if self.place.is_clamped() || self.is_ahead() {
            write!(f, "(recorded {}) ", self.place.recorded_at())?;
        }
        match tenant {
            Some(tenant) => write!(f, "tenant:{tenant}")?,
            None => f.write_str("operator")?,
        }
        write!(f, " {code} {phase} by {actor}")?;
        for step in self.on_behalf_of() {
            write!(f, " for {step}")?;
        }
        write!(f, " from {source} at {component}: {about} ({class})")?;
        if let Some(person) = person {
            write!(f, ", person {person}")?;
        }
        for attribute in self.attributes.iter() {
            write!(f, ", {attribute}")?;
        }
        write!(f, "{}", Rest(&self.body))?;
        if claimed.name.is_some() {
            f.write_str(", claims to be (committed)")?;
        }
        for (what, text) in [("user agent", claimed.user_agent), ("forwarded for", claimed.forwarded)] {
            if let Some(text) = text {
                write!(f, ", claims {what} {text}")?;
            }
        }
        for (index, clause) in self.clauses().enumerate() {
            write!(f, "{}{clause}", if index == 0 { " [" } else { ", " })?;
        }
        f.write_str(if self.clauses.1 == 0 { "" } else { "]" })
    }
}

/// What a body adds to the line.
struct Rest<'a>(&'a Body<'a>);

impl fmt::Display for Rest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Body::Event | Body::LogStarted { .. } | Body::ConfigChanged { .. } => Ok(()),
            Body::Access { action, purpose, ground, count, .. } => {
                write!(f, ", {} for {purpose} by {ground}", action.as_str())?;
                count.map_or(Ok(()), |count| write!(f, ", {count} records"))
            }
            Body::Change { action, changes } => {
                write!(f, ", {}", action.as_str())?;
                changes.iter().try_for_each(|change| write!(f, ", {change}"))
            }
            Body::Bulk { action, purpose, ground, count, .. } => {
                write!(f, ", {} {count} records for {purpose} by {ground}", action.as_str())
            }
            Body::LogStopped { reason } => write!(f, ", {reason}"),
            Body::LogRead { range, count, purpose, ground } => {
                write!(f, ", {count} of {range} for {purpose} by {ground}")
            }
            Body::Gap { count, from, until } => match count {
                Some(count) => write!(f, ", {count} lost from {from} to {until}"),
                None => write!(f, ", lost from {from} to {until}"),
            },
            Body::Heartbeat { seen } => write!(f, ", at size {}", seen.size),
            Body::KeyChange { retired, added, from_size } => {
                write!(f, ", from size {from_size}")?;
                for (what, key) in [("retired", retired), ("added", added)] {
                    if let Some(key) = key {
                        write!(f, ", {what} {key}")?;
                    }
                }
                Ok(())
            }
            Body::ErasureIntent { targets, ground, requested_by, request } => {
                write!(f, ", {} targets by {ground}, asked by {requested_by} in {request}", targets.len())
            }
            Body::ErasureDone { intent, seen, count } | Body::PurgeDone { intent, seen, count } => {
                write!(f, ", {count} rows as intended in #{intent}, checkpoint {}", seen.size)
            }
            Body::PurgeIntent { what, youngest, ground } => {
                let (word, ranges) = match what {
                    Purge::Disclosures { class, ranges } => {
                        write!(f, ", {class}")?;
                        ("disclosures", *ranges)
                    }
                    Purge::Bodies { class, ranges } => {
                        write!(f, ", {class}")?;
                        ("bodies", *ranges)
                    }
                    Purge::Prefix { minimum_index } => {
                        write!(f, ", all before {minimum_index}")?;
                        ("", List::from(&[]))
                    }
                };
                f.write_str(if word.is_empty() { "" } else { " " })?;
                f.write_str(word)?;
                ranges.iter().try_for_each(|range| write!(f, " {range}"))?;
                write!(f, " until {youngest} by {ground}")
            }
            Body::HoldSet { hold, reach, ground } => {
                write!(f, ", {hold} on ")?;
                match reach {
                    Reach::All => f.write_str("all")?,
                    Reach::Ranges(ranges) => write!(f, "{} ranges", ranges.len())?,
                    Reach::Person(person) => write!(f, "person {person}")?,
                }
                write!(f, " by {ground}")
            }
            Body::HoldLifted { hold, set } => write!(f, ", {hold} set in #{set}"),
            Body::Review { from, until, range, reviewed, seen, findings, .. } => {
                write!(f, ", {range} from {from} to {until}, checkpoint {}, {findings} findings, of", seen.size)?;
                reviewed.iter().try_for_each(|who| write!(f, " {who}"))
            }
        }
    }
}
