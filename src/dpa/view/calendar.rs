//! Calendar entries (RFC 5545): neutral titles, stable ids, a sequence that rises with every change.

use alloc::string::{String, ToString};

use chrono::{DateTime, NaiveDate, Utc};
use icalendar::{Calendar, Component, Event, EventLike, EventStatus};

use super::super::{Due, Entry, ExitPlan, Ledger, Party};
use crate::Now;
use crate::clause::Clause;
use crate::id::OpaqueId;

/// A day after which there is no other, so that an entry for it has no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an entry of a whole day needs the day after it")]
pub struct CalendarError(());

/// A calendar that says who made it: the crate's own product identifier would name another.
fn empty() -> Calendar {
    let mut calendar = Calendar::empty();
    for property in [("VERSION", "2.0"), ("PRODID", "-//Clausework//Clausework//EN"), ("CALSCALE", "GREGORIAN")] {
        calendar.append_property(property);
    }
    calendar
}

/// An entry without anything that names a person or a customer.
fn entry(uid: &str, sequence: usize, now: Now, clause: Clause, who: Party) -> Event {
    let mut event = Event::new();
    event
        .uid(&alloc::format!("{uid}@clausework"))
        .timestamp(now.timestamp().to_datetime())
        .summary(&alloc::format!("Deadline {} ({who})", clause.id()))
        .add_property("SEQUENCE", sequence.to_string())
        .add_property("TRANSP", "TRANSPARENT");
    event
}

/// A whole day: it ends where the next begins.
fn on_day(event: &mut Event, day: NaiveDate) -> Result<(), CalendarError> {
    let next = day.succ_opt().ok_or(CalendarError(()))?;
    event.starts(day).ends(next);
    Ok(())
}

impl ExitPlan {
    /// The plan's limits and recommended steps as a calendar.
    ///
    /// The entries' ids are made from the opaque ids of the `agreement` and its `service`, as those of
    /// [`Ledger::calendar`] are; give a higher `sequence` whenever the plan has changed, and a calendar moves
    /// the entries it has.
    ///
    /// # Errors
    ///
    /// [`CalendarError`] for a day after which there is none.
    ///
    /// ```
    /// use chrono::{DateTime, NaiveDate, Utc};
    /// use clausework::Now;
    /// use clausework::dpa::{DpaTerms, LateReturnRequest};
    /// use clausework::id::OpaqueId;
    ///
    /// let cessation = NaiveDate::from_ymd_opt(2026, 6, 15).ok_or("no such day")?;
    /// let plan = DpaTerms::default().exit_plan(cessation, LateReturnRequest::Literal)?;
    /// let now = Now::from("2026-06-01T08:00:00Z".parse::<DateTime<Utc>>()?);
    /// let text = plan.calendar(&OpaqueId::try_new("acme")?, &OpaqueId::try_new("crm")?, 0, now)?;
    /// assert!(text.contains("DTSTART;VALUE=DATE:20260715\r\n") && text.contains("DTEND;VALUE=DATE:20260716\r\n"));
    /// assert!(text.contains("UID:acme/service/crm/delete_copies@clausework\r\n"));
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn calendar(
        &self,
        agreement: &OpaqueId,
        service: &OpaqueId,
        sequence: usize,
        now: Now,
    ) -> Result<String, CalendarError> {
        let of = alloc::format!("{agreement}/service/{service}");
        let mut calendar = empty();
        for duty in self.duties() {
            let uid = alloc::format!("{of}/{}", super::name(duty.kind()));
            let mut event = entry(&uid, sequence, now, duty.deadline().clause(), duty.kind().party());
            on_day(&mut event, duty.last_day())?;
            calendar.push(event.done());
        }
        for step in self.recommended() {
            let mut event = Event::new();
            event
                .uid(&alloc::format!("{of}/step-{}@clausework", step.action().name()))
                .timestamp(now.timestamp().to_datetime())
                .summary(&alloc::format!("Recommended: {}", step.action()))
                .add_property("SEQUENCE", sequence.to_string())
                .add_property("TRANSP", "TRANSPARENT");
            on_day(&mut event, step.day())?;
            calendar.push(event.done());
        }
        Ok(calendar.done().to_string())
    }
}

impl Ledger {
    /// Every obligation with a last day as a calendar: whole days, or the instant for hours. What is done
    /// stays with the status cancelled, so that a calendar drops it.
    ///
    /// # Errors
    ///
    /// [`CalendarError`] for a day after which there is none.
    pub fn calendar(&self, now: Now) -> Result<String, CalendarError> {
        let mut calendar = empty();
        for found in self.obligations() {
            if let Some(event) = dated(&found, now)? {
                calendar.push(event);
            }
        }
        Ok(calendar.done().to_string())
    }
}

fn dated(found: &Entry<'_>, now: Now) -> Result<Option<Event>, CalendarError> {
    let owed = found.obligation();
    let mut event = entry(&found.to_string(), found.revision(), now, owed.clause(), owed.party());
    match owed.due() {
        Due::Hours(limit) => {
            let end: DateTime<Utc> = limit.earliest().to_utc();
            event.starts(end);
        }
        _ => match owed.last_day() {
            Some(day) => on_day(&mut event, day)?,
            None => return Ok(None),
        },
    }
    event.status(if owed.done().is_some() { EventStatus::Cancelled } else { EventStatus::Confirmed });
    Ok(Some(event.done()))
}
