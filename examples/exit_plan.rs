//! What the end of a service sets off: the plan, its conflicts, and a way through that breaks no clause.
//!
//! ```text
//! cargo run -q --example exit_plan -- 2026-06-15
//! cargo run -q --example exit_plan -- 2026-06-15 --late later-of --svg exit.svg --ics exit.ics
//! ```

use core::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;

use chrono::{NaiveDate, NaiveTime};
use clausework::Now;
use clausework::dpa::{DpaTerms, ExitPlan, LateReturnRequest, ReturnRequestOutcome};
use clausework::id::OpaqueId;

const USAGE: &str =
    "usage: exit_plan YYYY-MM-DD [--late literal|month-from-request|later-of] [--svg FILE] [--ics FILE]";

fn main() -> ExitCode {
    // Arguments are quoted with {:?} below, so that nothing in them reaches the terminal unescaped.
    let args: Vec<String> = std::env::args_os().skip(1).map(|arg| arg.to_string_lossy().into_owned()).collect();
    match run(&args) {
        Ok(text) => {
            // A reader that closes the pipe early, such as `head -1`, has what it wanted.
            let _ = std::io::stdout().write_all(text.as_bytes());
            ExitCode::SUCCESS
        }
        Err(message) => {
            let _ = writeln!(std::io::stderr(), "{message}");
            ExitCode::from(2)
        }
    }
}

fn run(args: &[String]) -> Result<String, String> {
    // The addendum gives two dates, so that this choice is a host's. It is shown with the literal one.
    let (mut date, mut late, mut svg, mut ics) = (None, LateReturnRequest::Literal, None, None);
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        // What looks like an option is none of its values: a file of such a name is ./--name.
        let mut value = || {
            let value = rest.next().filter(|value| !value.starts_with('-'));
            value.ok_or_else(|| format!("{arg} needs a value; {USAGE}"))
        };
        match arg.as_str() {
            "--help" | "-h" => return Ok(format!("{USAGE}\n")),
            "--late" => late = read_late(value()?)?,
            "--svg" => svg = Some(value()?),
            "--ics" => ics = Some(value()?),
            text if date.is_none() && !text.starts_with('-') => date = Some(read_date(text)?),
            other => return Err(format!("unexpected {other:?}; {USAGE}")),
        }
    }
    let cessation = date.ok_or(USAGE)?;
    let terms = DpaTerms::default(); // the addendum's own numbers
    let plan = terms.exit_plan(cessation, late).map_err(|error| error.to_string())?;

    let mut text = explain(&terms, &plan);
    if let Some(path) = svg {
        write_file(path, &plan.timeline().to_string())?;
        let _ = writeln!(text, "\nthe timeline is in {path:?}");
    }
    if let Some(path) = ics {
        // A host gives its clock; here, so that the same input gives the same file, the Cessation Date.
        let now = Now::from(cessation.and_time(NaiveTime::MIN).and_utc());
        let agreement = OpaqueId::try_new("agreement").map_err(|error| error.to_string())?;
        // One service ends on one day; a host has the service's own id.
        let service = OpaqueId::try_new(format!("ends-{cessation}")).map_err(|error| error.to_string())?;
        let entries = plan.calendar(&agreement, &service, 0, now).map_err(|error| error.to_string())?;
        write_file(path, &entries)?;
        let _ = writeln!(text, "\nthe calendar is in {path:?}");
    }
    Ok(text)
}

fn explain(terms: &DpaTerms, plan: &ExitPlan) -> String {
    let mut text = format!("The services cease on {}.\n\nPlan\n", plan.cessation());
    for duty in plan.duties() {
        let _ = writeln!(text, "  {}  {}: {}", duty.last_day(), duty.kind().party(), duty.because());
    }
    let _ = writeln!(text, "\nConflict");
    for conflict in plan.conflicts() {
        let _ = writeln!(text, "  {conflict}");
    }
    if plan.conflicts().is_empty() {
        let _ = writeln!(text, "  none on these dates");
    }
    if let Some(gap) = plan.gap() {
        let _ = writeln!(text, "\nA request within the gap, under the chosen answer");
        for asked in [gap.first_day(), gap.last_day()] {
            let _ = match plan.return_request_due(asked) {
                Ok(ReturnRequestOutcome::OverdueOnReceipt { literal_due, due, .. }) => {
                    writeln!(text, "  made on {asked}: literally due {literal_due}, by {due} under the chosen answer")
                }
                Ok(other) => writeln!(text, "  made on {asked}: {other:?}"),
                Err(error) => writeln!(text, "  made on {asked}: {error}"),
            };
        }
    }
    let _ = writeln!(text, "\nThe terms themselves, on any date");
    for conflict in terms.term_conflicts() {
        let _ = writeln!(text, "  {conflict}");
    }
    let _ = writeln!(text, "\nTimeline that keeps every clause (recommended, not contractual)");
    for step in plan.recommended() {
        let _ = writeln!(text, "  {}  {}", step.day(), step.action());
    }
    text
}

fn read_late(text: &str) -> Result<LateReturnRequest, String> {
    match text {
        "literal" => Ok(LateReturnRequest::Literal),
        "month-from-request" => Ok(LateReturnRequest::MonthFromRequest),
        "later-of" => Ok(LateReturnRequest::LaterOf),
        other => Err(format!("unknown answer to late requests {other:?}; {USAGE}")),
    }
}

/// Strict: chrono alone would also read `2024-1-31` and `+2024-01-31`.
fn read_date(text: &str) -> Result<NaiveDate, String> {
    let date = text.parse::<NaiveDate>().ok().filter(|date| date.to_string() == text);
    date.ok_or_else(|| format!("{text:?} is no date of the calendar; write it as YYYY-MM-DD"))
}

fn write_file(path: &str, text: &str) -> Result<(), String> {
    std::fs::write(path, text).map_err(|error| format!("{path:?}: {error}"))
}
