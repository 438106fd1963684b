//! The parts of the page, one by one.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::charts;
use super::table::{Cell, Local, Mark, Table};
use super::words;
use crate::evidence::{
    AlertSection, EventBasis, ProfileFindingRow, ProfileRow, Report, ReportPart, RuleSection, RuleValue, SignInSection,
};

mod audit;
mod owed;
mod staff;

type F<'a, 'b> = &'a mut fmt::Formatter<'b>;

pub(super) fn write(f: F<'_, '_>, report: &Report, local: Local, part: ReportPart) -> fmt::Result {
    match part {
        ReportPart::Basis => report.basis.events.as_ref().map_or(Ok(()), |of| basis(f, local, of)),
        ReportPart::Rules => report.rules.as_ref().map_or(Ok(()), |of| rules(f, local, of)),
        ReportPart::Profiles => report.profiles.as_ref().map_or(Ok(()), |of| profiles(f, local, of)),
        ReportPart::SignIn => report.sign_in.as_ref().map_or(Ok(()), |of| sign_in(f, local, of)),
        ReportPart::Alerts => report.alerts.as_ref().map_or(Ok(()), |of| alerts(f, local, of)),
        ReportPart::Staff => {
            let unread = report.basis.events.as_ref().map(|events| events.unreadable.total);
            report.staff.as_ref().map_or(Ok(()), |of| staff::write(f, local, of, unread))
        }
        ReportPart::Obligations => {
            report.obligations.as_ref().map_or(Ok(()), |of| owed::obligations(f, report, local, of))
        }
        ReportPart::Measures => report.measures.as_ref().map_or(Ok(()), |of| owed::measures(f, local, of)),
        ReportPart::Audit => report.audit.as_ref().map_or(Ok(()), |of| audit::write(f, local, of)),
    }
}

pub(super) fn length(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// A name and a number, one below the other.
pub(super) fn counts(
    f: F<'_, '_>,
    local: Local,
    id: &str,
    caption: &str,
    heads: [&str; 2],
    rows: &[(&str, u64)],
) -> fmt::Result {
    let table = Table { id, caption, heads: &heads, total: length(rows.len()) };
    table.write(f, local, rows, |(name, number)| Vec::from([Cell::Text(name), Cell::Number(*number)]))
}

fn basis(f: F<'_, '_>, local: Local, of: &EventBasis) -> fmt::Result {
    if let (Some(first), Some(last)) = (of.first_at, of.last_at) {
        write!(f, "<p>{} events were counted, the first of ", of.counted)?;
        local.at(f, first)?;
        write!(f, ", the last of ")?;
        local.at(f, last)?;
        writeln!(f, ".</p>")?;
    } else {
        writeln!(f, "<p>No event of the period was among those handed in.</p>")?;
    }
    let rows = [
        ("handed in", of.handed_in),
        ("counted: of the tenant, within the period", of.counted),
        ("of the time before, remembered for grants and alerts", of.before),
        ("of the time after, passed over", of.after),
        ("of other tenants, passed over", of.of_others),
        ("of the operator, passed over", of.of_operator),
        ("could not be read", of.unreadable.total),
        ("out of order", of.out_of_order),
    ];
    counts(f, local, "basis", "Events", ["Which", "Number"], &rows)?;
    if of.unreadable.total > 0 {
        let table = Table {
            id: "unreadable",
            caption: "Events that could not be read",
            heads: &["Place among those handed in", "Why"],
            total: of.unreadable.total,
        };
        table.write(f, local, &of.unreadable.rows, |row| {
            Vec::from([Cell::Number(row.position), Cell::Text(&row.why)])
        })?;
    }
    if of.codes.is_empty() {
        return Ok(());
    }
    let heads = ["Code", "Came about", "Failed"];
    let table = Table { id: "codes", caption: "Events counted, by code", heads: &heads, total: length(of.codes.len()) };
    table.write(f, local, &of.codes, |row| {
        Vec::from([Cell::Code(&row.code), Cell::Number(row.successes), Cell::Number(row.failures)])
    })
}

fn shown(value: &RuleValue, unit: &str) -> String {
    match value {
        RuleValue::Number(number) => words::with_unit(*number, unit),
        other => other.to_string(),
    }
}

fn rules(f: F<'_, '_>, local: Local, of: &RuleSection) -> fmt::Result {
    if let Some(since) = of.in_force_since {
        write!(f, "<p>The policies in force at the end were so since ")?;
        local.at(f, since)?;
        writeln!(f, ".</p>")?;
        if !of.known_from_start {
            writeln!(
                f,
                r#"<p class="none">Which policies were in force when the period began was not handed in.</p>"#
            )?;
        }
    }
    let table = Table {
        id: "rules",
        caption: "Rules in force at the end of the period",
        heads: &["Rule", "Value", "Asked for by", "Setting"],
        total: length(of.rules.len()),
    };
    table.write(f, local, &of.rules, |rule| {
        let value = Cell::Owned(shown(&rule.value, rule.unit));
        Vec::from([Cell::Text(rule.name), value, Cell::Clauses(&rule.clauses), Cell::Code(rule.setting)])
    })?;
    if of.in_force_since.is_none() {
        let words = "No policies were handed in that were in force in the period.";
        return writeln!(f, r#"<p class="none">{words}</p>"#);
    }
    for since in &of.unlisted_changes {
        write!(f, r#"<p class="none">The policies differ in something that has no row here, since "#)?;
        local.at(f, *since)?;
        writeln!(f, ".</p>")?;
    }
    if of.changes.is_empty() {
        return writeln!(f, "<p>Among the policies handed in, none of the rules above was changed in the period.</p>");
    }
    let heads = ["Rule", "When", "Before", "After", "Asked for by"];
    let table = Table {
        id: "changes",
        caption: "Changes in the period of the rules above",
        heads: &heads,
        total: length(of.changes.len()),
    };
    table.write(f, local, &of.changes, |change| {
        Vec::from([
            Cell::Text(change.name),
            Cell::At(Some(change.at)),
            Cell::Owned(shown(&change.before, change.unit)),
            Cell::Owned(shown(&change.after, change.unit)),
            Cell::Clauses(&change.clauses),
        ])
    })
}

fn profiles(f: F<'_, '_>, local: Local, of: &[ProfileRow]) -> fmt::Result {
    writeln!(
        f,
        "<p>The policies in force at the end, held against the numbers of published documents. Who keeps these numbers is not for that reason compliant: a document asks for more than numbers.</p>"
    )?;
    let heads = ["Document", "Numbers held against", "Demands not met", "Recommendations not met"];
    let table = Table { id: "profiles", caption: "Documents", heads: &heads, total: length(of.len()) };
    table.write(f, local, of, |profile| {
        let demanded = profile.findings.iter().filter(|finding| finding.is_demanded).count();
        let mark = if demanded == 0 { Mark::Good } else { Mark::Bad };
        Vec::from([
            Cell::Text(profile.profile),
            Cell::Number(profile.asked),
            Cell::Marked(mark, demanded.to_string()),
            Cell::Number(length(profile.findings.len().saturating_sub(demanded))),
        ])
    })?;
    // Two levels of a document share what the lower one asks.
    let mut rows: Vec<&ProfileFindingRow> = Vec::new();
    for finding in of.iter().flat_map(|profile| &profile.findings) {
        if !rows.contains(&finding) {
            rows.push(finding);
        }
    }
    if rows.is_empty() {
        return Ok(());
    }
    let heads = ["Document", "Section", "Setting", "Is", "Asked"];
    let table = Table { id: "short", caption: "Where they fall short", heads: &heads, total: length(rows.len()) };
    table.write(f, local, &rows, |finding| {
        let word = if finding.is_demanded { "must be" } else { "should be" };
        Vec::from([
            Cell::Text(finding.of),
            Cell::Text(finding.section),
            Cell::Code(finding.setting),
            Cell::Owned(finding.actual.to_string()),
            Cell::Owned(alloc::format!("{word} {}", finding.asked)),
        ])
    })
}

fn sign_in(f: F<'_, '_>, local: Local, of: &SignInSection) -> fmt::Result {
    let rows = [
        ("sign-ins that came about", of.signed_in),
        ("locks set on accounts", of.lockouts),
        ("locks set on sources", of.lockouts_of_sources),
        ("passwords disabled for good by failures in a row", of.disabled),
        ("refusals, one for each condition that was not met", of.refusals),
        ("of these, counted only and not recorded one by one", of.withheld),
    ];
    let edges = [
        ("of these, in counts that ended after the period, so that some may have come after it", of.withheld_into_next),
        (
            "not among the refusals: in counts that began before the period, though some may have come in it",
            of.withheld_before,
        ),
    ];
    let rows: Vec<_> = rows.into_iter().chain(edges.into_iter().filter(|(_, count)| *count > 0)).collect();
    counts(f, local, "sign-in", "In the period", ["What", "Number"], &rows)?;
    charts::bars(f, "lockouts", "Lock-outs", &of.days, |day| day.lockouts, "two")?;
    charts::bars(f, "refusals", "Refusals", &of.days, |day| day.refusals, "one")?;
    let days: Vec<_> = of.days.iter().filter(|day| day.lockouts > 0 || day.refusals > 0).collect();
    if days.is_empty() {
        writeln!(f, "<p>Among the events handed in, none is a lock-out or a refusal.</p>")?;
    } else {
        let heads = ["Day", "Lock-outs", "Refusals"];
        let caption = "Day by day; days without either are left out";
        Table { id: "days", caption, heads: &heads, total: length(days.len()) }.write(f, local, &days, |day| {
            Vec::from([Cell::Day(Some(day.day)), Cell::Number(day.lockouts), Cell::Number(day.refusals)])
        })?;
    }
    if of.accounts.total > 0 {
        let heads = ["Account", "Locked", "First", "Last"];
        Table { id: "accounts", caption: "Accounts that were locked", heads: &heads, total: of.accounts.total }.write(
            f,
            local,
            &of.accounts.rows,
            |row| {
                Vec::from([
                    Cell::Text(&row.account),
                    Cell::Number(row.lockouts),
                    Cell::At(Some(row.first_at)),
                    Cell::At(Some(row.last_at)),
                ])
            },
        )?;
    }
    if of.reasons.is_empty() {
        return Ok(());
    }
    let heads = ["What", "Why", "Number", "Clauses", "Code"];
    let table = Table { id: "reasons", caption: "Refusals by reason", heads: &heads, total: length(of.reasons.len()) };
    table.write(f, local, &of.reasons, |row| {
        let code = row.reason.as_deref().unwrap_or(&row.code);
        Vec::from([
            Cell::Text(words::of(&row.code)),
            Cell::Maybe(row.reason.as_deref().map(words::of)),
            Cell::Number(row.count),
            Cell::Clauses(&row.clauses),
            Cell::Code(code),
        ])
    })
}

fn alerts(f: F<'_, '_>, local: Local, of: &AlertSection) -> fmt::Result {
    writeln!(
        f,
        "<p>{}</p>",
        if of.detected {
            "The detectors were folded over the events that were handed in. Their thresholds are among the rules in force."
        } else {
            "The alerts are those that were handed in; the detectors were not folded over the events."
        }
    )?;
    if of.unobserved > 0 {
        let words = "events were handed in before the detectors, and went unobserved.";
        writeln!(f, r#"<p class="none">{} {words}</p>"#, of.unobserved)?;
    }
    if of.outside > 0 {
        writeln!(f, "<p>{} alerts that were handed in are not of the period.</p>", of.outside)?;
    }
    if of.alerts.total == 0 {
        let none =
            if of.detected { "Among the events handed in, none raised an alert." } else { "No alert was handed in." };
        return writeln!(f, "<p>{none}</p>");
    }
    let heads = ["Alert", "When", "Account", "Source", "Counted", "Code"];
    Table { id: "alerts", caption: "Alerts", heads: &heads, total: of.alerts.total }.write(
        f,
        local,
        &of.alerts.rows,
        |row| {
            Vec::from([
                Cell::Text(words::of(&row.code)),
                Cell::At(Some(row.at)),
                Cell::Maybe(row.account.as_deref()),
                Cell::Maybe(row.source.as_deref()),
                Cell::Number(row.count.into()),
                Cell::Code(&row.code),
            ])
        },
    )
}
