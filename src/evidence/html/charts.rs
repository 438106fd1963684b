//! The pictures of the page. Each has a title and a description, and the same numbers stand in a table.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use chrono::NaiveDate;

use super::table::Local;
use super::words;
use crate::evidence::{DayCount, GrantRow, ObligationRow, ObligationSection, ObligationStanding, StaffSection};
use crate::markup::{Escaped, Scale, axis_of_days, text};
use crate::time::Timestamp;

const WIDTH: i64 = 720;
const LEFT: i64 = 44;
const RIGHT: i64 = WIDTH - 26;
const BARS: i64 = 96;
const ROW: i64 = 42;
/// The most rows of a picture: its table has the others.
const MAX_ROWS: usize = 40;
/// The most bars.
const MAX_BARS: i64 = 62;

/// Opens a picture with its title and its description.
fn open(f: &mut fmt::Formatter<'_>, id: &str, height: i64, title: &str, says: &str) -> fmt::Result {
    writeln!(f, r#"<figure><figcaption>{}</figcaption>"#, Escaped(title))?;
    writeln!(f, r#"<div class="scroll" role="region" aria-labelledby="p-{id}" tabindex="0">"#)?;
    writeln!(
        f,
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="p-{id} d-{id}">"#
    )?;
    writeln!(f, r#"<title id="p-{id}">{}</title><desc id="d-{id}">{}</desc>"#, Escaped(title), Escaped(says))
}

fn close(f: &mut fmt::Formatter<'_>) -> fmt::Result {
    writeln!(f, "</svg></div></figure>")
}

/// Days in groups of one, of seven, or of as many as make the bars few.
fn grouped(days: &[DayCount]) -> (i64, Vec<&[DayCount]>) {
    let count = i64::try_from(days.len()).unwrap_or(i64::MAX);
    let size = match count {
        ..=MAX_BARS => 1,
        count if count <= MAX_BARS.saturating_mul(7) => 7,
        count => count.saturating_add(MAX_BARS).checked_div(MAX_BARS).unwrap_or(1),
    };
    (size, days.chunks(usize::try_from(size).unwrap_or(1).max(1)).collect())
}

/// A number of bars, one for each day or each group of days.
pub(super) fn bars(
    f: &mut fmt::Formatter<'_>,
    id: &str,
    what: &str,
    days: &[DayCount],
    count: impl Fn(&DayCount) -> u64,
    class: &str,
) -> fmt::Result {
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return Ok(()) };
    let (size, groups) = grouped(days);
    let counts: Vec<u64> = groups.iter().map(|group| group.iter().map(&count).fold(0, u64::saturating_add)).collect();
    let most = counts.iter().copied().max().unwrap_or(0);
    if most == 0 {
        return Ok(());
    }
    let each = if size == 1 { String::from("a day") } else { alloc::format!("in each {size} days") };
    let title = alloc::format!("{what} {each}");
    let highest = groups.iter().zip(&counts).find(|(_, count)| **count == most);
    let on = highest.and_then(|(group, _)| group.first()).map_or(first.day, |day| day.day);
    let total = counts.iter().copied().fold(0, u64::saturating_add);
    let says = alloc::format!("From {} to {}: {total} in all, {most} at most, from {on}.", first.day, last.day);
    let (top, axis) = (18_i64, 18 + BARS);
    open(f, id, axis.saturating_add(30), &title, &says)?;
    // The top of the scale is a round number, so that the line has a meaning.
    let ceiling = round_up(most);
    for (value, y) in [(ceiling, top), (ceiling / 2, top.saturating_add(BARS / 2))] {
        if value > 0 && (value == ceiling || ceiling.is_multiple_of(2)) {
            writeln!(f, r#"<path d="M{LEFT} {y}H{RIGHT}" class="grid"/>"#)?;
            text(f, LEFT.saturating_sub(6), y.saturating_add(4), "soft end", &alloc::format!("{value}"))?;
        }
    }
    text(f, LEFT.saturating_sub(6), axis.saturating_add(4), "soft end", "0")?;
    let scale = Scale::of_days(first.day, last.day, LEFT, RIGHT);
    for (group, count) in groups.iter().zip(&counts) {
        let (Some(start), Some(end), true) = (group.first(), group.last(), *count > 0) else { continue };
        let from = scale.day(start.day).saturating_add(1);
        let to = scale.day(end.day.succ_opt().unwrap_or(end.day)).saturating_sub(1);
        let tall = u128::from(*count).saturating_mul(96).checked_div(ceiling.into()).unwrap_or(0);
        let tall = i64::try_from(tall).unwrap_or(BARS).max(2);
        let (y, wide) = (axis.saturating_sub(tall), to.saturating_sub(from).max(1));
        let words = alloc::format!("{}: {count}", start.day);
        writeln!(
            f,
            r#"<rect x="{from}" y="{y}" width="{wide}" height="{tall}" class="{class}"><title>{}</title></rect>"#,
            Escaped(&words)
        )?;
    }
    axis_of_days(f, &scale, axis, [first.day, last.day])?;
    close(f)
}

/// 1, 2, 4 or 6 times a power of ten, not below the number.
fn round_up(number: u64) -> u64 {
    let mut power: u64 = 1;
    loop {
        for step in [1, 2, 4, 6] {
            let round = power.saturating_mul(step);
            if round >= number {
                return round;
            }
        }
        power = power.saturating_mul(10);
    }
}

/// The class and the word of a standing.
pub(super) const fn look(standing: ObligationStanding) -> (&'static str, super::table::Mark) {
    use super::table::Mark;
    match standing {
        ObligationStanding::Met => ("b-good", Mark::Good),
        ObligationStanding::Late | ObligationStanding::Overdue => ("b-bad", Mark::Bad),
        ObligationStanding::MetOnOneReading | ObligationStanding::Undetermined => ("b-warn", Mark::Warn),
        ObligationStanding::Open | ObligationStanding::Lapsed => ("b-soft", Mark::None),
    }
}

/// The obligations as bars from the day they arose to their last day, with the day on which they were done.
pub(super) fn obligations(f: &mut fmt::Formatter<'_>, local: Local, section: &ObligationSection) -> fmt::Result {
    let rows: Vec<&ObligationRow> = section.obligations.rows.iter().take(MAX_ROWS).collect();
    if rows.is_empty() {
        return Ok(());
    }
    let (begins, ends) = (local.0.first_day(), local.0.last_day());
    // As far back and as far ahead as the period is long, or a month.
    let reach = chrono::Days::new(ends.signed_duration_since(begins).num_days().clamp(30, 400).unsigned_abs());
    let earliest = rows.iter().map(|row| row.since).min().unwrap_or(begins).min(begins);
    let latest = rows.iter().filter_map(|row| row.last_day.max(row.done_on)).max().unwrap_or(ends).max(ends);
    let first = earliest.max(begins.checked_sub_days(reach).unwrap_or(begins));
    let last = latest.min(ends.checked_add_days(reach).unwrap_or(ends));
    let height = i64::try_from(rows.len()).unwrap_or(0).saturating_mul(ROW);
    let (top, axis) = (24_i64, height.saturating_add(28));
    let says = alloc::format!(
        "{} obligations and rights from {first} to {last}: a bar from the day it arose to its last day, an arrow where the clause gives none, a circle on the day it was done. The shaded days are the period of the report. Each stands in the table that follows.",
        rows.len()
    );
    let title = if section.obligations.total > u64::try_from(rows.len()).unwrap_or(u64::MAX) {
        "The first 40 obligations in time"
    } else {
        "Obligations in time"
    };
    open(f, "obligations", axis.saturating_add(30), title, &says)?;
    let scale = Scale::of_days(first, last, LEFT, RIGHT);
    let x = |day: NaiveDate| scale.day(day.clamp(first, last.succ_opt().unwrap_or(last)));
    let after = |day: NaiveDate| day.succ_opt().unwrap_or(day);
    let (from, to) = (x(begins), x(after(ends)));
    let wide = to.saturating_sub(from);
    writeln!(f, r#"<rect x="{from}" y="{top}" width="{wide}" height="{}" class="band"/>"#, axis.saturating_sub(top))?;
    text(f, from.saturating_add(to) / 2, 14, "soft mid", "period of the report")?;
    for (index, row) in (0_i64..).zip(&rows) {
        let y = top.saturating_add(index.saturating_mul(ROW));
        let standing = row.at_end.standing;
        let (class, mark) = look(standing);
        let label =
            alloc::format!("{}{}: {} {} ({})", mark.sign().0, standing.as_str(), row.clause.id(), row.what, row.matter);
        text(f, 12, y.saturating_add(16), "halo", &label)?;
        let (bar, line) = (y.saturating_add(22), y.saturating_add(27));
        match row.last_day.or(row.done_on) {
            Some(until) => {
                let (from, to) = (x(row.since), x(after(until.max(row.since))));
                let wide = to.saturating_sub(from).max(3);
                writeln!(f, r#"<rect x="{from}" y="{bar}" width="{wide}" height="10" rx="2" class="{class}"/>"#)?;
            }
            // Without a number it runs on: an arrow, and no bar that would have an end.
            None => writeln!(f, r#"<path d="M{} {line}H{RIGHT}l-7 -5m7 5l-7 5" class="mark"/>"#, x(row.since))?,
        }
        if let Some(done) = row.done_on {
            let (cx, cy) = (x(done), bar.saturating_add(5));
            writeln!(f, r#"<circle cx="{cx}" cy="{cy}" r="6" class="hollow"><title>done on {done}</title></circle>"#)?;
        }
    }
    axis_of_days(f, &scale, axis, [first, last])?;
    close(f)
}

/// The grants as lines from their request to their end, with the approvals and the time of use.
pub(super) fn grants(f: &mut fmt::Formatter<'_>, local: Local, section: &StaffSection) -> fmt::Result {
    let rows: Vec<&GrantRow> =
        section.grants.rows.iter().filter(|row| row.requested_at.is_some()).take(MAX_ROWS).collect();
    if rows.is_empty() {
        return Ok(());
    }
    let period = local.0;
    let (begins, ends) = (period.from(), period.until());
    let says = alloc::format!(
        "{} grants: a thin line from the request to the end, a diamond for each approval, a thick bar from the first use to the last. Each stands in the table that follows.",
        rows.len()
    );
    let height = i64::try_from(rows.len()).unwrap_or(0).saturating_mul(ROW);
    let (top, axis) = (6_i64, height.saturating_add(10));
    let title = if section.grants.total > u64::try_from(rows.len()).unwrap_or(u64::MAX) {
        "The first 40 grants in time"
    } else {
        "Grants in time"
    };
    open(f, "grants", axis.saturating_add(30), title, &says)?;
    let span = Scale {
        first: begins.as_micros(),
        length: ends.as_micros().saturating_sub(begins.as_micros()).max(1),
        left: LEFT,
        right: RIGHT,
    };
    let x = |at: Timestamp| span.x(at.clamp(begins, ends).as_micros());
    for (index, row) in (0_i64..).zip(&rows) {
        let y = top.saturating_add(index.saturating_mul(ROW));
        let emergency = if row.emergency.is_some() { "! emergency, " } else { "" };
        let purpose = row.purpose.as_deref().map(words::spaced).unwrap_or_default();
        let label =
            alloc::format!("{emergency}{}: {}, {purpose}", row.grant, row.staff.as_deref().unwrap_or("unknown"));
        text(f, 12, y.saturating_add(16), "halo", &label)?;
        let line = y.saturating_add(27);
        let begun = row.requested_at.unwrap_or(begins);
        let over = row.end.as_ref().map_or(ends, |end| end.at);
        let (from, to) = (x(begun), x(over).max(x(begun).saturating_add(3)));
        writeln!(f, r#"<path d="M{from} {line}H{to}M{to} {}v12" class="mark"/>"#, line.saturating_sub(6))?;
        if let (Some(first), Some(last)) = (row.first_used_at, row.last_used_at) {
            let (from, to) = (x(first), x(last));
            let (class, wide) = (if row.emergency.is_some() { "b-bad" } else { "one" }, to.saturating_sub(from).max(5));
            let bar = line.saturating_sub(5);
            writeln!(f, r#"<rect x="{from}" y="{bar}" width="{wide}" height="10" rx="2" class="{class}"/>"#)?;
        }
        for approval in &row.approvals {
            let x = x(approval.at);
            writeln!(f, r#"<path d="M{x} {}l6 6l-6 6l-6 -6z" class="hollow"/>"#, line.saturating_sub(6))?;
        }
    }
    let days = [period.first_day(), period.last_day()];
    let [first, last] = days;
    axis_of_days(f, &Scale::of_days(first, last, LEFT, RIGHT), axis, days)?;
    close(f)
}
