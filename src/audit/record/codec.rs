//! How a body is written and read.

use super::body::{Body, Purge, Reach};
use super::error::RecordError;
use super::ground::Ground;
use super::kind::{Action, Kind};
use super::list::{Item, List};
use super::phase::Class;
use super::reach::{IndexRange, Seen};
use super::who::Who;
use super::wire::{Reader, Writer};
use crate::audit::checkpoint::{CheckpointError, VerifierKey};

const PURPOSE: &str = "a purpose that is no word";
const ID: &str = "an id that is none";
/// Room for an ed25519 key under a long name (its text has 44 characters beside the name and id).
const MAX_KEY: usize = 200;

/// The text form of a verifier key (C2SP signed-note): what no verifier could read later is not written.
fn write_key(key: &str, w: &mut Writer<'_>) {
    w.check(check_key(key));
    w.count(key.len(), MAX_KEY, "a verifier key over 200 bytes");
    w.bytes(key.as_bytes());
}

fn read_key<'a>(r: &mut Reader<'a>) -> Result<&'a str, RecordError> {
    let length = r.count(MAX_KEY, "a verifier key over 200 bytes")?;
    let key = r.text(length)?;
    r.check(check_key(key))?;
    Ok(key)
}

fn check_key(key: &str) -> Result<(), &'static str> {
    match key.bytes().all(|byte| byte.is_ascii_graphic()).then(|| key.parse::<VerifierKey>()) {
        // A newer kind of key is one all the same; whoever meets its signatures says that it is not known.
        Some(Ok(_) | Err(CheckpointError::Algorithm { .. })) => Ok(()),
        Some(Err(_)) => Err("a verifier key that is none"),
        None => Err("a verifier key that is no printable text"),
    }
}

impl<'a> Body<'a> {
    /// What must hold of it whoever writes it.
    fn check(&self) -> Result<(), &'static str> {
        let fails =
            match self {
                Self::Access { action, .. } if !action.is_read() => "an access that does not read",
                Self::Change { action, .. } if action.is_read() => "a change that only reads",
                Self::Gap { from, until, .. } if from > until => "a gap that ends before it begins",
                Self::Gap { count: Some(0), .. } => "a gap of nothing",
                Self::KeyChange { retired: None, added: None, .. } => "a change of no key",
                Self::KeyChange { retired, added, .. } if retired == added => "a key that takes its own place",
                Self::ErasureIntent { targets, .. } if targets.is_empty() => "an erasure of nothing",
                Self::PurgeIntent { what: Purge::Prefix { minimum_index: 0 }, .. } => "a purge of nothing",
                Self::PurgeIntent { what: Purge::Bodies { class: Class::Log, .. }, .. } => {
                    "a purge of what explains the log, other than with all before it"
                }
                Self::PurgeIntent {
                    what: Purge::Disclosures { ranges, .. } | Purge::Bodies { ranges, .. }, ..
                } if ranges.is_empty() => "a purge of nothing",
                Self::HoldSet { reach: Reach::Ranges(ranges), .. } if ranges.is_empty() => "a hold on nothing",
                Self::Review { from, until, .. } if from >= until => "a review of no time",
                Self::Review { reviewed, .. } if reviewed.is_empty() => "a review of nobody",
                _ => return Ok(()),
            };
        Err(fails)
    }

    pub(super) fn write(&self, w: &mut Writer<'_>) {
        w.check(self.check());
        match self {
            Self::Event => {}
            Self::Access { action, purpose, ground, count, query } => {
                action.write(w);
                w.label(purpose, PURPOSE);
                ground.write(w);
                w.optional(*count, Writer::u64);
                w.optional(*query, |w, query| w.bytes(&query));
            }
            Self::Change { action, changes } => {
                action.write(w);
                changes.write(w);
            }
            Self::Bulk { action, purpose, ground, count, selector, ids } => {
                action.write(w);
                w.label(purpose, PURPOSE);
                ground.write(w);
                w.u64(*count);
                w.bytes(selector);
                w.optional(*ids, |w, ids| w.bytes(&ids));
            }
            Self::LogStarted { config } => w.bytes(config),
            Self::LogStopped { reason } => w.label(reason, "a reason that is no word"),
            Self::ConfigChanged { before, after } => {
                w.bytes(before);
                w.bytes(after);
            }
            Self::LogRead { range, count, purpose, ground } => {
                range.write(w);
                w.u64(*count);
                w.label(purpose, PURPOSE);
                ground.write(w);
            }
            Self::Gap { count, from, until } => {
                w.optional(*count, Writer::u64);
                w.instant(*from);
                w.instant(*until);
            }
            Self::Heartbeat { seen } => seen.write(w),
            Self::KeyChange { retired, added, from_size } => {
                w.optional(*retired, |w, key| write_key(key, w));
                w.optional(*added, |w, key| write_key(key, w));
                w.u64(*from_size);
            }
            Self::ErasureIntent { targets, ground, requested_by, request } => {
                targets.write(w);
                ground.write(w);
                requested_by.write(w);
                w.id(request, ID);
            }
            Self::ErasureDone { intent, seen, count } | Self::PurgeDone { intent, seen, count } => {
                w.u64(*intent);
                seen.write(w);
                w.u64(*count);
            }
            Self::PurgeIntent { what, youngest, ground } => {
                match what {
                    Purge::Disclosures { class, ranges } => {
                        w.u8(1);
                        class.write(w);
                        ranges.write(w);
                    }
                    Purge::Bodies { class, ranges } => {
                        w.u8(2);
                        class.write(w);
                        ranges.write(w);
                    }
                    Purge::Prefix { minimum_index } => {
                        w.u8(3);
                        w.u64(*minimum_index);
                    }
                }
                w.instant(*youngest);
                ground.write(w);
            }
            Self::HoldSet { hold, reach, ground } => {
                w.id(hold, ID);
                match reach {
                    Reach::All => w.u8(1),
                    Reach::Ranges(ranges) => {
                        w.u8(2);
                        ranges.write(w);
                    }
                    Reach::Person(person) => {
                        w.u8(3);
                        w.id(person, ID);
                    }
                }
                ground.write(w);
            }
            Self::HoldLifted { hold, set } => {
                w.id(hold, ID);
                w.u64(*set);
            }
            Self::Review { from, until, range, reviewed, seen, findings, report } => {
                w.instant(*from);
                w.instant(*until);
                range.write(w);
                reviewed.write(w);
                seen.write(w);
                w.u32(*findings);
                w.bytes(report);
            }
            Self::IntentWithdrawn { intent } => w.u64(*intent),
        }
    }

    pub(super) fn read(kind: Kind, r: &mut Reader<'a>) -> Result<Self, RecordError> {
        let body = match kind {
            Kind::Event => Self::Event,
            Kind::Access => Self::Access {
                action: Action::read(r)?,
                purpose: r.label(PURPOSE)?,
                ground: Ground::read(r)?,
                count: r.optional(Reader::u64)?,
                query: r.optional(Reader::array)?,
            },
            Kind::Change => Self::Change { action: Action::read(r)?, changes: List::read(r)? },
            Kind::Bulk => Self::Bulk {
                action: Action::read(r)?,
                purpose: r.label(PURPOSE)?,
                ground: Ground::read(r)?,
                count: r.u64()?,
                selector: r.array()?,
                ids: r.optional(Reader::array)?,
            },
            Kind::LogStarted => Self::LogStarted { config: r.array()? },
            Kind::LogStopped => Self::LogStopped { reason: r.label("a reason that is no word")? },
            Kind::ConfigChanged => Self::ConfigChanged { before: r.array()?, after: r.array()? },
            Kind::LogRead => Self::LogRead {
                range: IndexRange::read(r)?,
                count: r.u64()?,
                purpose: r.label(PURPOSE)?,
                ground: Ground::read(r)?,
            },
            Kind::Gap => Self::Gap { count: r.optional(Reader::u64)?, from: r.instant()?, until: r.instant()? },
            Kind::Heartbeat => Self::Heartbeat { seen: Seen::read(r)? },
            Kind::KeyChange => {
                Self::KeyChange { retired: r.optional(read_key)?, added: r.optional(read_key)?, from_size: r.u64()? }
            }
            Kind::ErasureIntent => Self::ErasureIntent {
                targets: List::read(r)?,
                ground: Ground::read(r)?,
                requested_by: Who::read(r)?,
                request: r.id(ID)?,
            },
            Kind::ErasureDone => Self::ErasureDone { intent: r.u64()?, seen: Seen::read(r)?, count: r.u64()? },
            Kind::PurgeIntent => {
                let what = match r.u8()? {
                    1 => Purge::Disclosures { class: Class::read(r)?, ranges: List::read(r)? },
                    2 => Purge::Bodies { class: Class::read(r)?, ranges: List::read(r)? },
                    3 => Purge::Prefix { minimum_index: r.u64()? },
                    _ => return Err(r.invalid("an unknown kind of purge")),
                };
                Self::PurgeIntent { what, youngest: r.instant()?, ground: Ground::read(r)? }
            }
            Kind::PurgeDone => Self::PurgeDone { intent: r.u64()?, seen: Seen::read(r)?, count: r.u64()? },
            Kind::HoldSet => {
                let hold = r.id(ID)?;
                let reach = match r.u8()? {
                    1 => Reach::All,
                    2 => Reach::Ranges(List::read(r)?),
                    3 => Reach::Person(r.id(ID)?),
                    _ => return Err(r.invalid("an unknown reach of a hold")),
                };
                Self::HoldSet { hold, reach, ground: Ground::read(r)? }
            }
            Kind::HoldLifted => Self::HoldLifted { hold: r.id(ID)?, set: r.u64()? },
            Kind::Review => Self::Review {
                from: r.instant()?,
                until: r.instant()?,
                range: IndexRange::read(r)?,
                reviewed: List::read(r)?,
                seen: Seen::read(r)?,
                findings: r.u32()?,
                report: r.array()?,
            },
            Kind::IntentWithdrawn => Self::IntentWithdrawn { intent: r.u64()? },
        };
        r.check(body.check())?;
        Ok(body)
    }
}
