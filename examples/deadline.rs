//! A deadline of the data-processing addendum, with its working.
//!
//! ```text
//! cargo run -q --example deadline -- deletion 2024-01-31
//! cargo run -q --example deadline -- objection 2025-12-18 --offset +01:00 --json
//! ```

use core::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;

use chrono::{FixedOffset, NaiveDate, Offset, Utc};
use clausework::deadline::Deadline;
use clausework::dpa::DpaTerms;

const USAGE: &str = "usage: deadline deletion|return-request|certification|objection|audit-report YYYY-MM-DD \
                     [--json] [--offset +HH:MM]";

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
    let (mut plain, mut json, mut offset) = (Vec::new(), false, Utc.fix());
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        match arg.as_str() {
            "--help" | "-h" => return Ok(format!("{USAGE}\n")),
            "--json" => json = true,
            "--offset" => offset = read_offset(rest.next().ok_or("--offset needs a value such as +01:00")?)?,
            option if option.starts_with('-') => return Err(format!("unknown option {option:?}; {USAGE}")),
            _ => plain.push(arg.as_str()),
        }
    }
    let [name, start] = plain[..] else {
        return Err(format!("expected a deadline's name and a date; {USAGE}"));
    };

    let terms = DpaTerms::default(); // the addendum's own numbers
    let calculator = match name {
        "deletion" => DpaTerms::deletion,
        "return-request" => DpaTerms::return_request,
        "certification" => DpaTerms::certification,
        "objection" => DpaTerms::objection,
        "audit-report" => DpaTerms::audit_report,
        _ => return Err(format!("unknown deadline {name:?}; {USAGE}")),
    };
    let deadline = calculator(&terms, read_date(start)?).map_err(|error| error.to_string())?;
    let zoned = deadline.in_zone(&offset).map_err(|error| error.to_string())?;
    if json {
        return serde_json::to_string(&zoned).map(|line| line + "\n").map_err(|error| error.to_string());
    }
    Ok(explain(&deadline, &zoned.ends_before().to_string(), offset))
}

/// The last day on the first line, then how it was reached.
fn explain(deadline: &Deadline, ends_before: &str, offset: FixedOffset) -> String {
    let (rule, clause) = (deadline.rule(), deadline.clause());
    let mut text = format!("{}\n\n", deadline.adjusted_last_day());
    let _ = writeln!(text, "{}, section {} ({})", clause.document().title(), clause.section(), clause.id());
    let _ = writeln!(text, "within {} of {}, {}:", rule.period(), rule.trigger(), deadline.start());
    for (number, step) in (1..).zip(deadline.steps()) {
        let _ = writeln!(text, "  {number}. {step}");
    }
    let _ = writeln!(text, "\nin time before {ends_before} (when that day ends at UTC{offset})");
    text
}

/// Strict: chrono alone would also read `2024-1-31` and `+2024-01-31`.
fn read_date(text: &str) -> Result<NaiveDate, String> {
    let date = text.parse::<NaiveDate>().ok().filter(|date| date.to_string() == text);
    date.ok_or_else(|| format!("{text:?} is no date of the calendar; write it as YYYY-MM-DD"))
}

fn read_offset(text: &str) -> Result<FixedOffset, String> {
    let offset = text.parse::<FixedOffset>().ok().filter(|offset| offset.to_string() == text);
    offset.ok_or_else(|| format!("{text:?} is no offset from UTC; write it as +HH:MM or -HH:MM"))
}
