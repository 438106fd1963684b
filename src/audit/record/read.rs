use core::fmt;

use super::body::Body;
use super::commitment::{Commitment, Disclosure};
use super::error::RecordError;
use super::field::Attribute;
use super::kind::Kind;
use super::list::{Item, List};
use super::phase::{Class, Phase};
use super::source::{Claimed, Source};
use super::value::Value;
use super::who::{About, Delegation, Who};
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
