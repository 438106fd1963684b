//! A record on one line.

use core::fmt;

use super::Head;
use super::body::{Body, Purge, Reach};
use super::list::List;
use super::read::Record;

/// One line for a person, safe for a terminal whatever the record holds.
impl fmt::Display for Record<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Head { at, class, phase, tenant, code, component, actor, source, about, person, claimed } = &self.head;
        write!(f, "#{} {at} ", self.place().index())?;
        if self.place().is_clamped() || self.is_ahead() {
            write!(f, "(recorded {}) ", self.place().recorded_at())?;
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
        for attribute in self.attributes().iter() {
            write!(f, ", {attribute}")?;
        }
        write!(f, "{}", Rest(&self.body()))?;
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
        f.write_str(if self.clauses().next().is_none() { "" } else { "]" })
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
            Body::IntentWithdrawn { intent } => write!(f, ", what was intended in #{intent}"),
            Body::HoldLifted { hold, set } => write!(f, ", {hold} set in #{set}"),
            Body::Review { from, until, range, reviewed, seen, findings, .. } => {
                write!(f, ", {range} from {from} to {until}, checkpoint {}, {findings} findings, of", seen.size)?;
                reviewed.iter().try_for_each(|who| write!(f, " {who}"))
            }
        }
    }
}
