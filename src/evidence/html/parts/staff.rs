//! Access by the provider's staff.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::super::table::{Cell, Local, Mark, Table};
use super::super::{charts, words};
use super::{F, counts, length};
use crate::evidence::{EmergencyRow, GrantRow, StaffSection};
use crate::time::Timestamp;

pub(super) fn write(f: F<'_, '_>, local: Local, of: &StaffSection, unreadable: Option<u64>) -> fmt::Result {
    // A zero is worth what it was counted from.
    match (of.without_needed_grant, unreadable) {
        (_, None) => {
            writeln!(f, r#"<p class="none">No events were handed in: who used which grant is not shown.</p>"#)?
        }
        (0, Some(0)) => writeln!(
            f,
            r#"<p><span class="good">{}Among {} uses in the events handed in, none was without a grant where one is needed.</span></p>"#,
            Mark::Good.sign().0,
            of.uses
        )?,
        (0, Some(unreadable)) => writeln!(
            f,
            r#"<p><span class="warn">{}Among {} uses none was without a grant where one is needed, but {unreadable} events could not be read.</span></p>"#,
            Mark::Warn.sign().0,
            of.uses
        )?,
        (wrong, Some(_)) => writeln!(
            f,
            r#"<p><span class="bad">{}{wrong} of {} uses were without a grant where one is needed.</span></p>"#,
            Mark::Bad.sign().0,
            of.uses
        )?,
    }
    let rows = [
        ("uses that were let in", of.uses),
        ("of these, naming no grant", of.without_grant.total),
        ("of these, of grants whose approval is not shown", of.of_unknown_grants),
        ("uses that were refused", of.refused),
        ("grants asked for or open in the period", of.grants.total),
        ("times that all grants were revoked at once", of.revoked_all),
        ("findings of stored login data", of.login_data_found),
        ("such data removed", of.login_data_removed),
        ("events about grants that there was no room for", of.past_limit),
    ];
    counts(f, local, "staff", "In the period", ["What", "Number"], &rows)?;
    charts::grants(f, local, of)?;
    if of.grants.total == 0 {
        writeln!(f, "<p>No grant was asked for or open in the period, as far as was handed in.</p>")?;
    } else {
        let heads = ["Grant", "Who asked, when", "What for", "Who approved, when", "Used", "How it ended"];
        Table { id: "grants", caption: "Grants", heads: &heads, total: of.grants.total }.write(
            f,
            local,
            &of.grants.rows,
            |row| {
                Vec::from([
                    Cell::Id(&row.grant),
                    Cell::Lines(asked(local, row)),
                    Cell::Lines(purpose(row)),
                    Cell::Lines(approved(local, row)),
                    Cell::Lines(used(local, row)),
                    Cell::Lines(ended(local, row)),
                ])
            },
        )?;
    }
    emergencies(f, local, of)?;
    if of.without_grant.total > 0 {
        let heads = ["When", "Staff", "Area", "Purpose", "Grant needed"];
        Table { id: "ungranted", caption: "Uses that name no grant", heads: &heads, total: of.without_grant.total }
            .write(f, local, &of.without_grant.rows, |row| {
                let needed =
                    if row.grant_needed { (Mark::Bad, "yes") } else { (Mark::None, "no: a rule opens the area") };
                Vec::from([
                    Cell::At(Some(row.at)),
                    Cell::Text(&row.staff),
                    Cell::Owned(words::spaced(&row.area)),
                    Cell::Owned(words::spaced(row.purpose.as_deref().unwrap_or("none"))),
                    Cell::Marked(needed.0, needed.1.to_string()),
                ])
            })?;
    }
    if of.reasons.is_empty() {
        return Ok(());
    }
    let heads = ["Why", "Number", "Code"];
    let caption = "Why requests, approvals and uses were refused";
    Table { id: "staff-reasons", caption, heads: &heads, total: length(of.reasons.len()) }.write(
        f,
        local,
        &of.reasons,
        |row| Vec::from([Cell::Text(words::of(&row.code)), Cell::Number(row.count), Cell::Code(&row.code)]),
    )
}

fn at(local: Local, at: Timestamp) -> String {
    local.words(at).to_string()
}

fn asked(local: Local, row: &GrantRow) -> Vec<String> {
    let who = row.staff.clone().unwrap_or_else(|| "not shown".to_string());
    let length = row.duration_secs.map(|length| alloc::format!("for {}", words::with_unit(length, "seconds")));
    [Some(who), row.requested_at.map(|asked| at(local, asked)), length].into_iter().flatten().collect()
}

fn purpose(row: &GrantRow) -> Vec<String> {
    let purpose = row.purpose.as_deref().map(|purpose| match &row.reference {
        Some(reference) => alloc::format!("{} {reference}", words::spaced(purpose)),
        None => words::spaced(purpose),
    });
    let area = row.scope.clone().or_else(|| row.area.as_deref().map(words::spaced));
    [purpose, area].into_iter().flatten().collect()
}

fn approved(local: Local, row: &GrantRow) -> Vec<String> {
    if row.emergency.is_some() {
        return Vec::from(["nobody: an emergency, enabled beforehand".to_string()]);
    }
    let mut lines: Vec<String> =
        row.approvals.iter().map(|given| alloc::format!("{}, {}", given.by, at(local, given.at))).collect();
    match row.approvals_needed {
        Some(needed) if needed > length(lines.len()) => {
            lines.push(alloc::format!("{} of {needed} given", lines.len()));
        }
        _ if lines.is_empty() => lines.push("nobody".to_string()),
        _ => {}
    }
    lines
}

fn used(local: Local, row: &GrantRow) -> Vec<String> {
    match (row.first_used_at, row.last_used_at) {
        (Some(first), Some(last)) => {
            let times = if row.uses == 1 { "once in the period" } else { "times in the period" };
            let count = if row.uses == 1 { times.to_string() } else { alloc::format!("{} {times}", row.uses) };
            Vec::from([count, alloc::format!("first {}", at(local, first)), alloc::format!("last {}", at(local, last))])
        }
        _ => Vec::from(["never".to_string()]),
    }
}

fn ended(local: Local, row: &GrantRow) -> Vec<String> {
    match &row.end {
        None => Vec::from(["no end is on record".to_string()]),
        Some(end) if end.computed => Vec::from([
            alloc::format!("{} by its length", words::of(&end.reason)),
            alloc::format!("{} at the latest", at(local, end.at)),
        ]),
        Some(end) => Vec::from([words::of(&end.reason).to_string(), at(local, end.at)]),
    }
}

fn emergencies(f: F<'_, '_>, local: Local, of: &StaffSection) -> fmt::Result {
    let rows: Vec<_> = of.grants.rows.iter().filter_map(|row| Some((row, row.emergency.as_ref()?))).collect();
    if rows.is_empty() {
        return writeln!(f, "<p>No emergency is among what was handed in.</p>");
    }
    let heads = ["Grant", "Incident", "When", "Customer told", "Reviewed"];
    Table { id: "emergencies", caption: "Emergencies", heads: &heads, total: length(rows.len()) }.write(
        f,
        local,
        &rows,
        |(row, emergency)| {
            let by = |due: Option<Timestamp>| {
                due.map_or_else(|| "without delay".to_string(), |due| alloc::format!("by {}", at(local, due)))
            };
            let settled = |done: Option<Timestamp>, due: Option<Timestamp>, who: Option<&String>| match done {
                Some(done) => {
                    let (mark, word) = match due {
                        Some(_) if EmergencyRow::is_late(Some(done), due) => (Mark::Bad, "late, "),
                        Some(_) => (Mark::Good, ""),
                        None => (Mark::None, ""),
                    };
                    let who = who.map(|who| alloc::format!(" by {who}")).unwrap_or_default();
                    Cell::Marked(mark, alloc::format!("{word}{}{who}, due {}", at(local, done), by(due)))
                }
                None => Cell::Marked(Mark::Bad, alloc::format!("not on record, due {}", by(due))),
            };
            Vec::from([
                Cell::Id(&row.grant),
                Cell::Maybe(emergency.incident.as_deref()),
                Cell::At(Some(emergency.at)),
                settled(emergency.notice_at, emergency.notice_due, None),
                settled(emergency.review_at, emergency.review_due, emergency.reviewed_by.as_ref()),
            ])
        },
    )
}
