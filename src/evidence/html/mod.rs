//! The report as one page: well-formed, without script, print-ready, and readable by everybody.

mod charts;
mod clauses;
mod parts;
mod table;
mod words;

use alloc::string::{String, ToString};
use core::fmt;

use base64ct::{Base64, Encoding};
use sha2::{Digest, Sha256};

use self::table::{Local, Mark};
use super::{ObligationStanding, Report, ReportPart};
use crate::markup::Escaped;

const STYLE: &str = include_str!("style.css");

/// A report as a page: `Display` writes it.
#[derive(Debug)]
pub(super) struct Page<'a>(pub(super) &'a Report);

impl fmt::Display for Page<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let report = self.0;
        let local = Local(report.period);
        head(f, report)?;
        writeln!(f, "<body>\n<a class=\"skip\" href=\"#main\">Skip to the content</a>")?;
        opening(f, report, local)?;
        contents(f, report)?;
        writeln!(f, "<main id=\"main\" tabindex=\"-1\">")?;
        attention(f, report)?;
        figures(f, report)?;
        for part in ReportPart::ALL {
            section(f, report, local, part)?;
        }
        clauses::write(f, report)?;
        writeln!(f, "</main>")?;
        closing(f, report)?;
        writeln!(f, "</body>\n</html>")
    }
}

fn head(f: &mut fmt::Formatter<'_>, report: &Report) -> fmt::Result {
    // The one style is allowed by its digest; nothing else is.
    let digest = Base64::encode_string(&Sha256::digest(STYLE));
    writeln!(f, "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>")?;
    writeln!(f, r#"<meta charset="utf-8"/>"#)?;
    writeln!(
        f,
        r#"<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"/>"#
    )?;
    writeln!(f, r#"<meta name="viewport" content="width=device-width, initial-scale=1"/>"#)?;
    writeln!(f, r#"<meta name="referrer" content="no-referrer"/>"#)?;
    writeln!(f, "<title>{}</title>", Escaped(&title(report)))?;
    writeln!(f, "<style>{STYLE}</style>\n</head>")
}

fn title(report: &Report) -> String {
    let period = report.period;
    alloc::format!("Evidence report for {}, {} to {}", report.tenant, period.first_day(), period.last_day())
}

fn opening(f: &mut fmt::Formatter<'_>, report: &Report, local: Local) -> fmt::Result {
    let period = report.period;
    writeln!(f, "<header>\n<p class=\"kind\">Evidence report</p>")?;
    let (first, last) = (period.first_day(), period.last_day());
    writeln!(f, "<h1>{}, {first} to {last}</h1>", Escaped(report.tenant.as_str()))?;
    writeln!(f, "<dl class=\"facts\">\n<dt>Tenant</dt><dd>{}</dd>", Escaped(report.tenant.as_str()))?;
    write!(f, "<dt>Period</dt><dd>from ")?;
    local.at(f, period.from())?;
    write!(f, " up to, and without, ")?;
    local.at(f, period.until())?;
    writeln!(f, "</dd>\n<dt>Times</dt><dd>local, in {}</dd>", Escaped(&period.zone().to_string()))?;
    write!(f, "<dt>Made</dt><dd>")?;
    local.at(f, report.made_at)?;
    if !report.is_over {
        write!(f, r#", <span class="warn">! before the period was over: it shows how things stood then</span>"#)?;
    }
    let masked = if report.is_masked {
        "masked: accounts and addresses are numbers of this report"
    } else {
        "shown by their ids and addresses"
    };
    writeln!(f, "</dd>\n<dt>Accounts and addresses</dt><dd>{masked}</dd>\n</dl>\n</header>")
}

fn contents(f: &mut fmt::Formatter<'_>, report: &Report) -> fmt::Result {
    writeln!(f, "<nav aria-label=\"Contents\">\n<ol>")?;
    for part in ReportPart::ALL {
        let none = if has(report, part) { "" } else { r#" <span class="soft">(no data)</span>"# };
        writeln!(f, r##"<li><a href="#{part}">{}</a>{none}</li>"##, part.title())?;
    }
    writeln!(f, "<li><a href=\"#clauses\">Clauses cited</a></li>\n</ol>\n</nav>")
}

/// Whether anything was handed in for a part.
fn has(report: &Report, part: ReportPart) -> bool {
    match part {
        ReportPart::Basis => report.basis.events.is_some(),
        ReportPart::Rules => report.rules.is_some(),
        ReportPart::Profiles => report.profiles.is_some(),
        ReportPart::SignIn => report.sign_in.is_some(),
        ReportPart::Alerts => report.alerts.is_some(),
        ReportPart::Staff => report.staff.is_some(),
        ReportPart::Obligations => report.obligations.is_some(),
        ReportPart::Measures => report.measures.is_some(),
        ReportPart::Audit => report.audit.is_some(),
    }
}

fn attention(f: &mut fmt::Formatter<'_>, report: &Report) -> fmt::Result {
    writeln!(f, "<section class=\"first\" aria-labelledby=\"attention\">\n<h2 id=\"attention\">Look at first</h2>")?;
    if report.attention.is_empty() {
        writeln!(f, "<p>Nothing in what was handed in asks for attention.</p>")?;
    } else {
        writeln!(f, "<ul>")?;
        for found in &report.attention {
            let (part, title) = (found.part, found.part.title());
            let words = Escaped(&found.what);
            writeln!(
                f,
                r##"<li>{} {words} <span class="soft">(<a href="#{part}">{title}</a>)</span></li>"##,
                found.count
            )?;
        }
        writeln!(f, "</ul>")?;
    }
    let absent = ReportPart::ALL.iter().filter(|part| !has(report, **part)).count();
    if absent > 0 {
        let (parts, them) = if absent == 1 { ("part", "it") } else { ("parts", "them") };
        writeln!(f, "<p>For {absent} {parts} of this report nothing was handed in: nothing is shown of {them}.</p>")?;
    }
    writeln!(f, "</section>")
}

fn figures(f: &mut fmt::Formatter<'_>, report: &Report) -> fmt::Result {
    let sign_in = report.sign_in.as_ref();
    let locked = |of: &super::SignInSection| of.lockouts.saturating_add(of.lockouts_of_sources);
    let overdue = |of: &super::ObligationSection| of.at_end.of(ObligationStanding::Overdue);
    let figures = [
        sign_in.map(|of| ("lock-outs", locked(of))),
        sign_in.map(|of| ("refusals", of.refusals)),
        report.alerts.as_ref().map(|of| ("alerts", of.alerts.total)),
        report.staff.as_ref().map(|of| ("uses of access by staff", of.uses)),
        report.obligations.as_ref().map(|of| ("obligations overdue at the end", overdue(of))),
    ];
    if figures.iter().all(Option::is_none) && report.audit.is_none() {
        return Ok(());
    }
    writeln!(f, "<dl class=\"figures\">")?;
    for (name, number) in figures.into_iter().flatten() {
        writeln!(f, "<div><dt>{name}</dt><dd>{number}</dd></div>")?;
    }
    if let Some(audit) = &report.audit {
        let (mark, words) = verdict(audit);
        let (sign, class) = mark.sign();
        writeln!(
            f,
            r#"<div><dt>audit log of {} records</dt><dd class="words"><span class="{class}">{sign}{words}</span></dd></div>"#,
            audit.size
        )?;
    }
    writeln!(f, "</dl>")
}

/// The verdict on the audit log in a word or two.
const fn verdict(audit: &super::AuditSection) -> (Mark, &'static str) {
    match (audit.is_alarm, audit.is_sound) {
        (true, _) => (Mark::Bad, "alarm"),
        (false, true) if audit.beyond > 0 => (Mark::Warn, "whole up to its last trusted checkpoint"),
        (false, true) if audit.purged > 0 || audit.redacted > 0 => (Mark::Good, "whole but for what it says is gone"),
        (false, true) => (Mark::Good, "whole"),
        (false, false) => (Mark::Warn, "not shown to be whole"),
    }
}

fn section(f: &mut fmt::Formatter<'_>, report: &Report, local: Local, part: ReportPart) -> fmt::Result {
    writeln!(f, r#"<section aria-labelledby="{part}">"#)?;
    writeln!(f, r#"<h2 id="{part}">{}</h2>"#, part.title())?;
    write!(f, r#"<p class="asks">What asks for it: "#)?;
    for (index, clause) in part.clauses().iter().enumerate() {
        f.write_str(if index == 0 { "" } else { ", " })?;
        table::clause(f, *clause)?;
    }
    writeln!(f, "</p>")?;
    if has(report, part) {
        parts::write(f, report, local, part)?;
    } else {
        writeln!(f, r#"<p class="none">No data was handed in. This does not say that there was none.</p>"#)?;
    }
    writeln!(f, "</section>")
}

fn closing(f: &mut fmt::Formatter<'_>, report: &Report) -> fmt::Result {
    writeln!(f, "<footer>")?;
    writeln!(
        f,
        "<p>This report counts what was handed in and puts it beside the clauses that ask for it. It does not judge whether they are met as a whole. That the events handed in are all that there were is shown by the audit log alone. The same input gives the same report, byte by byte.</p>"
    )?;
    let (format, version) = (report.format, report.version);
    writeln!(f, "<p>{format}, version {version}; clausework {}.</p>\n</footer>", env!("CARGO_PKG_VERSION"))
}
