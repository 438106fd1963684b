//! Obligations as a picture: a bar from the event to the last day, or to the day on which it was met.

use chrono::{Days, NaiveDate};
use clausework::dpa::Entry;
use maud::{Markup, html};

/// Bars of a picture; whatever else there is stands in the table.
const MOST: usize = 30;
const WIDTH: i64 = 760;
const LEFT: i64 = 250;
const ROW: i64 = 26;
const TOP: i64 = 30;

/// The colours come from the style sheet, and every bar says in words what it is.
pub fn timeline(entries: &[Entry<'_>], today: NaiveDate) -> Markup {
    let bars: Vec<_> = entries.iter().filter_map(|entry| Bar::of(entry, today)).take(MOST).collect();
    let first = bars.iter().map(|bar| bar.from).chain([today]).min().unwrap_or(today);
    let last = bars.iter().map(|bar| bar.to).chain([today]).max().unwrap_or(today);
    let days = last.signed_duration_since(first).num_days().max(1);
    let x = |day: NaiveDate| LEFT + day.signed_duration_since(first).num_days() * (WIDTH - LEFT - 20) / days;
    let height = TOP + ROW * i64::try_from(bars.len()).unwrap_or(0) + 10;
    html! {
        div class="table" tabindex="0" role="region" aria-label="Timeline" {
            svg class="timeline" viewBox={ "0 0 " (WIDTH) " " (height) } role="img" aria-labelledby="timeline-title timeline-text" {
                title id="timeline-title" { "Timeline of the obligations from " (first) " to " (last) }
                desc id="timeline-text" { "The same as the table below. " @for bar in &bars { (bar.name) ": " (bar.words) ". " } }
                line class="today" x1=(x(today)) x2=(x(today)) y1=(TOP - 8) y2=(height - 4) {}
                text class="small" x=(x(today)) y=(TOP - 14) text-anchor=(if x(today) > WIDTH / 2 { "end" } else { "start" }) { "today, " (today) }
                @for (row, bar) in (0_i64..).zip(&bars) {
                    @let y = TOP + ROW * row;
                    text x=(LEFT - 10) y=(y + 14) text-anchor="end" { (bar.name) }
                    rect class=(bar.class) x=(x(bar.from)) y=(y) width=((x(bar.to) - x(bar.from)).max(4)) height="18" rx="3" {}
                    text class="small" x=(x(bar.to).min(WIDTH - 90) + 6) y=(y + 14) { (bar.mark) }
                }
            }
        }
    }
}

struct Bar {
    name: String,
    words: String,
    mark: &'static str,
    class: &'static str,
    from: NaiveDate,
    to: NaiveDate,
}

impl Bar {
    /// Of what has an end; a duty without a number runs until today.
    fn of(entry: &Entry<'_>, today: NaiveDate) -> Option<Self> {
        let owed = entry.obligation();
        let from = owed.since().day();
        let (to, class, mark) = match (owed.done(), owed.last_day()) {
            (Some(done), last) => {
                let is_late = last.is_some_and(|last| done.when().day() > last);
                (done.when().day(), if is_late { "late" } else { "met" }, if is_late { "met late" } else { "met" })
            }
            (None, Some(last)) if last < today => (last, "overdue", "overdue"),
            (None, Some(last)) => (last, "open", "open"),
            (None, None) => (today, "running", "no number"),
        };
        let short: String = entry.matter().as_str().chars().take(14).collect();
        let name = format!("{} {short}", owed.clause().id());
        let words = format!("{}, {mark}, from {from} to {to}", owed.duty());
        // A year without end would make every other bar a line.
        let to = to.min(from.checked_add_days(Days::new(800)).unwrap_or(to));
        Some(Self { name, words, mark, class, from, to: to.max(from) })
    }
}
