//! Obligations as a picture: a bar from the event to the last day, or to the day on which it was met.

use chrono::{Days, NaiveDate};
use clausework::dpa::{Entry, Status};
use maud::{Markup, html};

/// Bars of a picture; whatever else there is stands in the list.
const MOST: usize = 20;
const ROW: usize = 40;
const TOP: usize = 34;

/// Along it everything is a share of the width and no letter is scaled, so that it fits a phone. The colours come from the
/// style sheet, and every bar says in words what it is.
pub fn timeline(entries: &[Entry<'_>], today: NaiveDate) -> Markup {
    let bars: Vec<_> = entries.iter().map(|entry| Bar::of(entry, today)).take(MOST).collect();
    let first = bars.iter().map(|bar| bar.from).chain([today]).min().unwrap_or(today);
    let last = bars.iter().map(|bar| bar.to).chain([today]).max().unwrap_or(today);
    let days = last.signed_duration_since(first).num_days().max(1);
    let x = |day: NaiveDate| day.signed_duration_since(first).num_days() as f64 * 100.0 / days as f64;
    let at = |share: f64| format!("{share:.2}%");
    let height = TOP + ROW * bars.len();
    html! {
        svg class="timeline" width="100%" height=(height) role="img" aria-labelledby="timeline-title" aria-describedby="timeline-text" {
            title id="timeline-title" { "Timeline of the obligations, " (first) " to " (last) }
            desc id="timeline-text" { @for bar in &bars { (bar.name) ": " (bar.words) ". " } "The list below says the same." }
            text class="small" x="0" y="14" { (first) }
            text class="small" x="100%" y="14" text-anchor="end" { (last) }
            line class="today" x1=(at(x(today))) x2=(at(x(today))) y1="20" y2=(height) {}
            @for (row, bar) in bars.iter().enumerate() {
                @let y = TOP + ROW * row;
                text x="0" y=(y + 12) { (short(&bar.name)) ": " (bar.state) }
                rect class=(bar.class) x=(at(x(bar.from))) y=(y + 17) width=(at((x(bar.to) - x(bar.from)).max(1.0))) height="12" rx="3" {}
            }
        }
    }
}

/// As many letters as fit a phone beside how it stands; the list has all of them.
fn short(name: &str) -> String {
    const FIT: usize = 24;
    if name.chars().count() <= FIT { name.to_owned() } else { name.chars().take(FIT - 1).chain(['…']).collect() }
}

struct Bar {
    name: String,
    words: String,
    state: &'static str,
    class: &'static str,
    from: NaiveDate,
    to: NaiveDate,
}

impl Bar {
    /// A duty without a number runs until today.
    fn of(entry: &Entry<'_>, today: NaiveDate) -> Self {
        let owed = entry.obligation();
        let from = owed.since().day();
        let noon = today.and_hms_opt(12, 0, 0).unwrap_or_default().and_utc().fixed_offset();
        let (to, class, state) = match (owed.status(noon), owed.done(), owed.last_day()) {
            (Status::DoneLate { .. }, Some(done), _) => (done.when().day(), "late", "met late"),
            (_, Some(done), _) => (done.when().day(), "met", "met"),
            (status, None, last) if status.is_overdue() => (last.unwrap_or(today), "overdue", "overdue"),
            (Status::Lapsed { last_day }, ..) => (last_day, "lapsed", "lapsed"),
            (_, None, Some(last)) => (last, "open", if owed.duty().is_right() { "may be claimed" } else { "open" }),
            (_, None, None) => (today, "running", "open, no number"),
        };
        let name = format!("{} {}", owed.clause().id(), entry.matter());
        let words = format!("{}, {state}, from {from} to {to}", owed.duty());
        // Ten years to come would make a line of everything else.
        let to = to.min(today.max(from).checked_add_days(Days::new(800)).unwrap_or(to)).max(from);
        Self { name, words, state, class, from, to }
    }
}
