//! What is owed, one card each, overdue first.

use chrono::{DateTime, FixedOffset, NaiveDate};
use clausework::deadline::Zone;
use clausework::dpa::{Entry, Ledger, Status, Subject};
use maud::{Markup, html};

use super::timeline::timeline;
use super::{zone_field, zones};

/// Everything, with the picture and what the events show that is wrong.
pub fn owed(ledger: &Ledger, zone: Zone, now: DateTime<FixedOffset>) -> Markup {
    let mut entries: Vec<Entry<'_>> = ledger.obligations().collect();
    entries.sort_by_key(|entry| rank(entry, now));
    let [overdue, open, over] =
        [OVERDUE, OPEN, OVER].map(|group| entries.iter().filter(|entry| rank(entry, now).0 == group).count());
    let met = entries.iter().filter(|entry| entry.obligation().done().is_some()).count();
    html! {
        p {
            strong { (open + overdue) " open" } ", " strong { (overdue) " of them overdue" } ", " (met) " met"
            @if over > met { ", " (over - met) " lapsed" } ". Today is " (now.date_naive()) " in " (zone) "."
        }
        @if entries.is_empty() {
            p { "Nothing is owed yet: it follows from events, which you note below." }
        } @else {
            (timeline(&entries, now.date_naive()))
            ul class="cards" aria-label="Obligations, overdue first" {
                @for entry in &entries { li { (card(entry, zone, now)) } }
            }
            p { a class="button quiet" href="/obligations.ics" download { "Put the dates into a calendar (.ics)" } }
        }
        @for finding in ledger.findings() { p class="notice problem" { "Look into this: " (finding) } }
        form method="get" action="/obligations" class="filter" {
            (zone_field("shown-zone", "Days of the zone", &zone.to_string(), "A last day ends where the duty is performed.", None))
            button class="quiet" { "Show" }
        }
        (zones())
    }
}

const OVERDUE: u8 = 0;
const OPEN: u8 = 1;
/// Met, or a right that was not used in its time.
const OVER: u8 = 2;

/// Overdue first, then what is open by its day, then what is over.
fn rank(entry: &Entry<'_>, now: DateTime<FixedOffset>) -> (u8, NaiveDate) {
    let owed = entry.obligation();
    let status = owed.status(now);
    let group = match (owed.done(), &status) {
        (Some(_), _) | (None, Status::Lapsed { .. }) => OVER,
        (None, status) if status.is_overdue() => OVERDUE,
        (None, _) => OPEN,
    };
    (group, owed.last_day().unwrap_or(NaiveDate::MAX))
}

fn card(entry: &Entry<'_>, zone: Zone, now: DateTime<FixedOffset>) -> Markup {
    let owed = entry.obligation();
    let status = owed.status(now);
    let class = match rank(entry, now).0 {
        OVERDUE => "card overdue",
        OPEN => "card",
        _ => "card over",
    };
    let which = serde_html_form::to_string([("obligation", entry.to_string()), ("zone", zone.to_string())]);
    html! {
        div class=(class) {
            p class="what" { strong { (sentence(&owed.duty().to_string())) } @if let Some(part) = owed.part() { " (" (part) ")" } }
            p { strong { (sentence(&status.to_string())) } @if let Some(days) = due_in(entry, now) { " – " (days) } }
            p class="hint" {
                @if owed.duty().is_right() { "A right of the " } @else { "Owed by the " }
                (owed.party()) " under " span class="id" { (owed.clause().id()) } " (" (owed.clause().name()) "), in the "
                (subject(entry.subject())) " “" (entry.matter()) "”"
            }
            details {
                summary { "How the day was counted" }
                p { (owed.to_string()) }
                @for other in owed.alternatives() { p { "Or else: " (other) } }
            }
            @if let (Some(_), Ok(which)) = (owed.discharge(), which) {
                @let label = if owed.duty().is_right() { "Note that it was used" } else { "Mark as met" };
                p {
                    a class="button quiet" href={ "/obligations/met?" (which) }
                        aria-label={ (label) ": " (owed.duty()) ", " (entry.matter()) } { (label) }
                }
            }
        }
    }
}

/// As a sentence begins.
pub fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// How many days are left; nothing for what is met or has no number.
fn due_in(entry: &Entry<'_>, now: DateTime<FixedOffset>) -> Option<String> {
    let owed = entry.obligation();
    let last = owed.last_day().filter(|_| owed.done().is_none())?;
    Some(match last.signed_duration_since(now.date_naive()).num_days() {
        0 => "the last day is today".into(),
        1 => "the last day is tomorrow".into(),
        days @ 2.. => format!("the last day is in {days} days"),
        -1 => "the last day was yesterday".into(),
        days => format!("the last day was {} days ago", -days),
    })
}

/// What kind of matter an id is of.
pub const fn subject(subject: Subject) -> &'static str {
    match subject {
        Subject::Service => "service",
        Subject::Subprocessor => "sub-processor",
        Subject::Request => "request",
        Subject::Breach => "breach",
        Subject::Audit => "audit",
        Subject::Transfer => "transfer",
        _ => "matter",
    }
}
