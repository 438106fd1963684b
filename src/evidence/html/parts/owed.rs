//! What is owed: obligations under the agreement, and measures with their evidence.

use alloc::string::ToString;
use alloc::vec::Vec;
use core::fmt;

use super::super::charts;
use super::super::table::{Cell, Local, Mark, Table};
use super::{F, length};
use crate::evidence::{MeasureSection, ObligationSection, ObligationStanding, Report};
use crate::markup::Escaped;

pub(super) fn obligations(f: F<'_, '_>, report: &Report, local: Local, of: &ObligationSection) -> fmt::Result {
    let agreements = of.agreements.join(", ");
    writeln!(f, "<p>Agreements: {}. What was done before the period began is left out.</p>", Escaped(&agreements))?;
    if !of.unknown.is_empty() {
        let unknown = of.unknown.join(", ");
        let words = "of which no event was handed in, so that nothing is known of what they owe";
        writeln!(f, r#"<p class="none">Agreements {words}: {}.</p>"#, Escaped(&unknown))?;
    }
    // Before the period is over there is no end of it to tell of.
    let heads: &[&str] = match report.is_over {
        true => &["Standing", "At the end of the period", "When the report was made"],
        false => &["Standing", "When the report was made"],
    };
    let standings = ObligationStanding::ALL;
    Table { id: "standings", caption: "How many stand how", heads, total: length(standings.len()) }.write(
        f,
        local,
        &standings,
        |standing| {
            let is_there = of.at_end.of(*standing) > 0 || of.now.of(*standing) > 0;
            let mark = if is_there { charts::look(*standing).1 } else { Mark::None };
            let at_end = report.is_over.then(|| Cell::Number(of.at_end.of(*standing)));
            let standing_now = Cell::Number(of.now.of(*standing));
            let first = Cell::Marked(mark, standing.as_str().to_string());
            [Some(first), at_end, Some(standing_now)].into_iter().flatten().collect()
        },
    )?;
    if of.obligations.total == 0 {
        writeln!(f, "<p>Nothing was owed in the period, as far as the events of the agreements tell.</p>")?;
    } else {
        charts::obligations(f, local, of)?;
        let heads =
            ["What is owed", "Clause", "Whose", "Since", "Last day", "At the end", "How the last day was reached"];
        Table { id: "obligations", caption: "Obligations and rights", heads: &heads, total: of.obligations.total }
            .write(f, local, &of.obligations.rows, |row| {
                let (_, mark) = charts::look(row.at_end.standing);
                let part = row.part.as_ref().map(|part| alloc::format!(" [{part}]")).unwrap_or_default();
                let of = alloc::format!("{}, {}", row.agreement, row.matter);
                let what = Vec::from([alloc::format!("{}{part}", row.what), of]);
                let mut working = Vec::from([row.working.clone()]);
                working.extend(row.readings.iter().map(|reading| alloc::format!("or else {reading}")));
                working.extend(row.target.map(|day| alloc::format!("own target {day}, not contractual")));
                match &row.now {
                    Some(now) if now.words != row.at_end.words => {
                        working.push(alloc::format!("when the report was made: {}", now.words));
                    }
                    Some(_) => {}
                    None => working.push("what happened since shows that it does not exist".to_string()),
                }
                Vec::from([
                    Cell::Lines(what),
                    Cell::Clauses(core::slice::from_ref(&row.clause)),
                    Cell::Text(&row.party),
                    Cell::Day(Some(row.since)),
                    Cell::Day(row.last_day),
                    Cell::Marked(mark, row.at_end.words.clone()),
                    Cell::Lines(working),
                ])
            })?;
    }
    if of.findings.total == 0 {
        return Ok(());
    }
    let heads = ["Finding", "Code"];
    Table { id: "dpa-findings", caption: "What else the events show", heads: &heads, total: of.findings.total }.write(
        f,
        local,
        &of.findings.rows,
        |row| Vec::from([Cell::Text(&row.what), Cell::Code(row.code)]),
    )
}

pub(super) fn measures(f: F<'_, '_>, local: Local, of: &MeasureSection) -> fmt::Result {
    for days in &of.days {
        writeln!(f, "<p>The register was read for the days {}.</p>", Escaped(days))?;
    }
    if of.measures.total > 0 {
        let heads = ["Measure", "Clause", "On the last day", "Days without evidence", "Evidence"];
        Table { id: "measures", caption: "Measures", heads: &heads, total: of.measures.total }.write(
            f,
            local,
            &of.measures.rows,
            |row| {
                let name = row.clause.name();
                let name =
                    row.about.as_ref().map_or_else(|| name.to_string(), |about| alloc::format!("{name}: {about}"));
                let mark = if row.is_held { Mark::Good } else { Mark::Bad };
                let evidence = row.evidence.iter().map(|one| {
                    let digest = one.sha256.as_ref().map(|digest| alloc::format!(", SHA-256 {digest}"));
                    let digest = digest.unwrap_or_default();
                    alloc::format!("{}: {}, {}, by {}{digest}", one.id, one.reference, one.days, one.by)
                });
                Vec::from([
                    Cell::Owned(name),
                    Cell::Clauses(core::slice::from_ref(&row.clause)),
                    Cell::Marked(mark, row.standing.clone()),
                    Cell::Lines(row.gaps.clone()),
                    Cell::Lines(evidence.collect()),
                ])
            },
        )?;
    }
    if of.findings.total == 0 {
        return writeln!(f, "<p>No further findings were handed in.</p>");
    }
    let heads = ["Finding", "Clause", "Code"];
    Table { id: "findings", caption: "Further findings", heads: &heads, total: of.findings.total }.write(
        f,
        local,
        &of.findings.rows,
        |row| {
            Vec::from([Cell::Text(&row.what), Cell::Clauses(core::slice::from_ref(&row.clause)), Cell::Code(row.code)])
        },
    )
}
