//! The clauses that a report cites, each with its document and section.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::fmt;

use crate::clause::Clause;
use crate::evidence::{Report, ReportPart};
use crate::markup::Escaped;

/// Every clause that is cited, in the order of the documents.
pub(super) fn cited(report: &Report) -> Vec<Clause> {
    let mut ids: BTreeMap<&'static str, Clause> = BTreeMap::new();
    let mut cite = |clauses: &[Clause]| ids.extend(clauses.iter().map(|clause| (clause.id(), *clause)));
    ReportPart::ALL.iter().for_each(|part| cite(part.clauses()));
    if let Some(rules) = &report.rules {
        rules.rules.iter().for_each(|rule| cite(&rule.clauses));
        rules.changes.iter().for_each(|change| cite(&change.clauses));
    }
    let sections = report.profiles.iter().flatten().flat_map(|profile| &profile.findings);
    sections.filter_map(|finding| Clause::find(finding.section)).for_each(|clause| cite(&[clause]));
    let reasons = report.sign_in.iter().flat_map(|sign_in| &sign_in.reasons);
    reasons.for_each(|reason| cite(&reason.clauses));
    let owed = report.obligations.iter().flat_map(|owed| &owed.obligations.rows);
    owed.for_each(|row| cite(&[row.clause]));
    if let Some(measures) = &report.measures {
        measures.measures.rows.iter().for_each(|row| cite(&[row.clause]));
        measures.findings.rows.iter().for_each(|row| cite(&[row.clause]));
    }
    Clause::all().filter(|clause| ids.contains_key(clause.id())).collect()
}

pub(super) fn write(f: &mut fmt::Formatter<'_>, report: &Report) -> fmt::Result {
    let cited = cited(report);
    writeln!(f, "<section aria-labelledby=\"clauses\">\n<h2 id=\"clauses\">Clauses cited</h2>")?;
    writeln!(f, "<p>The names are labels of this report, not the words of the documents.</p>")?;
    writeln!(f, r#"<div class="scroll" role="region" aria-labelledby="t-clauses" tabindex="0"><table class="few">"#)?;
    writeln!(f, r#"<caption id="t-clauses">{} clauses</caption>"#, cited.len())?;
    writeln!(
        f,
        r#"<thead><tr><th scope="col">Clause</th><th scope="col">What it is about</th><th scope="col">Where it stands</th></tr></thead>"#
    )?;
    writeln!(f, "<tbody>")?;
    for clause in &cited {
        let (id, name) = (clause.id(), Escaped(clause.name()));
        let number = if clause.section().starts_with(|first: char| first.is_ascii_digit()) { "section " } else { "" };
        let (title, section) = (Escaped(clause.document().title()), Escaped(clause.section()));
        writeln!(
            f,
            r#"<tr><th scope="row" id="c-{id}">{id}</th><td>{name}</td><td>{title}, {number}{section}</td></tr>"#
        )?;
    }
    writeln!(f, "</tbody></table></div>\n</section>")
}
