//! A deadline of the data-processing addendum, with its working; or any deadline, as lines of JSON.
//!
//! ```text
//! cargo run -q --example deadline -- deletion 2024-01-31
//! cargo run -q --example deadline -- objection 2025-12-18 --offset +01:00 --json
//! echo '{"from":"2024-01-31","period":"P1M"}' | cargo run -q --example deadline -- --jsonl
//! ```

use core::fmt::Write as _;
use std::io::{BufRead as _, Read as _, Write as _};
use std::process::ExitCode;

use chrono::{FixedOffset, NaiveDate, Offset, TimeZone, Utc, Weekday};
use clausework::Timestamp;
use clausework::deadline::{
    CalendarLabel, Counting, Deadline, Direction, EventDay, HolidayCalendar, Hours, MonthEnd, Period, Roll, Span,
    Weekend, Zone,
};
use clausework::dpa::{DpaTerms, When};
use serde::{Deserialize, Serialize};

const USAGE: &str = "usage: deadline deletion|return-request|certification|objection|audit-report YYYY-MM-DD \
                     [--json] [--offset +HH:MM], or deadline --jsonl <lines; deadline --help says more";

const HELP: &str = r#"
deadline --jsonl reads a JSON object a line and answers each with a line, in order. Blank lines are passed over.

  {"from":"2024-01-31","period":"P1M","event_day":"excluded","month_end":"last-day","roll":"none",
   "direction":"forward","weekend":["sat","sun"],"holidays":["2024-12-25"],"min_working_days":0}
  {"last_day":"2024-02-29","adjusted_last_day":"2024-02-29","ends_before":"2024-03-01T00:00:00.000000Z"}

  from              a date, YYYY-MM-DD; for hours an instant with its offset, 2024-01-31T09:00:00+01:00
  period            PnD, PnW, PnM, PnY or PTnH: one unit
  unit              "working-days" turns PnD into working days
  direction         forward (default), backward: the latest day on which the act is in time
  event_day         excluded (default), counted: the event's day is the first of the period
  month_end         last-day (default), sticky, first-of-next, reject
  roll              none (default), following, preceding
  clear_days        true: the whole period lies between event and act
  weekend           days that are free, sat and sun unless told; holidays: dates that are free
  min_working_days  how many working days a period of at least as many days must contain, 0 to 31
  zone              where the last day ends: UTC (default), an offset, or a name of the IANA database

Hours are elapsed ones, of which only ends_before is answered. What is said of days, weekends and month ends does not
touch them (Regulation 1182/71 article 3(4)), but is checked; clear days and working days have no hours and are an error.
What has no answer is {"error":code}; the codes are

  jsonl.malformed jsonl.too_long   no JSON object of this form; a line of more than 1 MiB
  jsonl.date jsonl.instant         from or a holiday is no date; from is no instant (for hours)
  jsonl.period jsonl.zone          not read; unit goes with PnD alone
  jsonl.rule                       settings that contradict each other, or have no hours
"#;

fn main() -> ExitCode {
    // Arguments are quoted with {:?} below, so that nothing in them reaches the terminal unescaped.
    let args: Vec<String> = std::env::args_os().skip(1).map(|arg| arg.to_string_lossy().into_owned()).collect();
    if args == ["--jsonl"] {
        return answer_lines();
    }
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
            "--help" | "-h" => return Ok(help()),
            "--json" => json = true,
            "--jsonl" => return Err(format!("--jsonl stands alone; {USAGE}")),
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
    let start =
        read_date(start).ok_or_else(|| format!("{start:?} is no date of the calendar; write it as YYYY-MM-DD"))?;
    let deadline = calculator(&terms, start).map_err(|error| error.to_string())?;
    let zoned = deadline.in_zone(&offset).map_err(|error| error.to_string())?;
    if json {
        return serde_json::to_string(&zoned).map(|line| line + "\n").map_err(|error| error.to_string());
    }
    Ok(explain(&deadline, &zoned.ends_before().to_string(), offset))
}

fn help() -> String {
    let mut text = format!("{USAGE}\n{HELP}");
    for code in clausework::deadline::CODES {
        let _ = writeln!(text, "  {code}");
    }
    text
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
fn read_date(text: &str) -> Option<NaiveDate> {
    text.parse::<NaiveDate>().ok().filter(|date| date.to_string() == text)
}

fn read_offset(text: &str) -> Result<FixedOffset, String> {
    let offset = text.parse::<FixedOffset>().ok().filter(|offset| offset.to_string() == text);
    offset.ok_or_else(|| format!("{text:?} is no offset from UTC; write it as +HH:MM or -HH:MM"))
}

// ---- lines of JSON

/// Without the byte that ends it.
const MAX_LINE: u64 = 1 << 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    from: String,
    period: String,
    unit: Option<Unit>,
    direction: Option<Direction>,
    event_day: Option<EventDay>,
    month_end: Option<MonthEnd>,
    roll: Option<Roll>,
    clear_days: Option<bool>,
    weekend: Option<Vec<Day>>,
    holidays: Option<Vec<String>>,
    min_working_days: Option<u8>,
    zone: Option<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Day {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

impl From<Day> for Weekday {
    fn from(day: Day) -> Self {
        match day {
            Day::Mon => Self::Mon,
            Day::Tue => Self::Tue,
            Day::Wed => Self::Wed,
            Day::Thu => Self::Thu,
            Day::Fri => Self::Fri,
            Day::Sat => Self::Sat,
            Day::Sun => Self::Sun,
        }
    }
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Unit {
    WorkingDays,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Answer {
    Days { last_day: NaiveDate, adjusted_last_day: NaiveDate, ends_before: Timestamp },
    Hours { ends_before: Timestamp },
    Error { error: &'static str },
}

fn answer_lines() -> ExitCode {
    let (mut input, mut output) = (std::io::stdin().lock(), std::io::stdout().lock());
    let mut line = Vec::new();
    loop {
        line.clear();
        // A line that is too long is answered once and read past, piece by piece.
        let mut too_long = false;
        loop {
            // One byte more than the longest line, for the one that ends it.
            match (&mut input).take(MAX_LINE + 1).read_until(b'\n', &mut line) {
                Ok(0) => break,
                Ok(_) if line.ends_with(b"\n") || (line.len() as u64) <= MAX_LINE => break,
                Ok(_) => {
                    too_long = true;
                    line.clear();
                }
                Err(error) => {
                    let _ = writeln!(std::io::stderr(), "standard input: {error}");
                    return ExitCode::from(2);
                }
            }
        }
        if line.is_empty() && !too_long {
            return ExitCode::SUCCESS;
        }
        let text = line.trim_ascii();
        let answer = match text {
            _ if too_long => Answer::Error { error: "jsonl.too_long" },
            [] => continue,
            text => answer(text).unwrap_or_else(|error| Answer::Error { error }),
        };
        let Ok(mut text) = serde_json::to_string(&answer) else { return ExitCode::FAILURE };
        text.push('\n');
        if output.write_all(text.as_bytes()).is_err() {
            return ExitCode::SUCCESS; // the reader has what it wanted
        }
    }
}

fn answer(line: &[u8]) -> Result<Answer, &'static str> {
    // serde would read a list of the values as well.
    let object = Some(line).filter(|line| line.starts_with(b"{")).ok_or("jsonl.malformed")?;
    let question: Question = serde_json::from_slice(object).map_err(|_| "jsonl.malformed")?;
    let counting = Counting::builder()
        .direction(question.direction.unwrap_or_default())
        .event_day(question.event_day.unwrap_or_default())
        .month_end(question.month_end.unwrap_or_default())
        .roll(question.roll.unwrap_or_default())
        .span(if question.clear_days == Some(true) { Span::Clear } else { Span::Plain })
        .minimum_working_days(question.min_working_days.unwrap_or_default())
        .build()
        .map_err(|_| "jsonl.rule")?;
    if let Ok(hours) = question.period.parse::<Hours>() {
        return answer_hours(&question, counting, hours);
    }
    let period = match (question.period.parse::<Period>(), question.unit) {
        (Ok(Period::Days(count)), Some(Unit::WorkingDays)) => Period::WorkingDays(count),
        (Ok(period), None) => period,
        _ => return Err("jsonl.period"),
    };
    let start = read_date(&question.from).ok_or("jsonl.date")?;
    let calendar = calendar(&question)?;
    let last = counting.last_day(period, start, Some(&calendar)).map_err(|error| error.code().as_str())?;
    let ends_before = match zone(&question)? {
        Place::Offset(zone) => end(last.adjusted(), &zone)?,
        Place::Named(zone) => end(last.adjusted(), &zone)?,
    };
    Ok(Answer::Days { last_day: last.raw(), adjusted_last_day: last.adjusted(), ends_before })
}

fn calendar(question: &Question) -> Result<HolidayCalendar, &'static str> {
    let holidays = question.holidays.iter().flatten();
    let holidays = holidays.map(|day| read_date(day).ok_or("jsonl.date")).collect::<Result<Vec<_>, _>>()?;
    let weekend = match &question.weekend {
        None => Weekend::SATURDAY_SUNDAY,
        Some(days) => Weekend::try_new(days.iter().map(|day| (*day).into())).map_err(|error| error.code().as_str())?,
    };
    let label = CalendarLabel::try_new("the line", "the line", "1").map_err(|error| error.code().as_str())?;
    let calendar = HolidayCalendar::builder(label).weekend(weekend).holidays(holidays);
    calendar.build().map_err(|error| error.code().as_str())
}

enum Place {
    Offset(Zone),
    Named(chrono_tz::Tz),
}

fn zone(question: &Question) -> Result<Place, &'static str> {
    let zone = question.zone.as_deref().unwrap_or("UTC");
    let named = || zone.parse().map(Place::Named);
    zone.parse().map(Place::Offset).or_else(|_| named()).map_err(|_| "jsonl.zone")
}

fn end<Z: TimeZone>(last_day: NaiveDate, zone: &Z) -> Result<Timestamp, &'static str> {
    clausework::deadline::end_of_day(last_day, zone).map_err(|error| error.code().as_str())
}

fn answer_hours(question: &Question, counting: Counting, hours: Hours) -> Result<Answer, &'static str> {
    if counting.span() == Span::Clear || question.unit.is_some() {
        return Err("jsonl.rule");
    }
    let from = read_instant(&question.from)?;
    // What is said of days changes nothing, and is read all the same: a mistake in it is no answer.
    calendar(question)?;
    zone(question)?;
    let ends_before = hours.from(from, counting.direction()).map_err(|error| error.code().as_str())?;
    Ok(Answer::Hours { ends_before })
}

/// As strict as a stored event's; ISO 8601 allows an instant without seconds besides, `2024-01-31T09:00+01:00`.
fn read_instant(text: &str) -> Result<Timestamp, &'static str> {
    let (minute, rest) = text.split_at_checked("2024-01-31T09:00".len()).ok_or("jsonl.instant")?;
    let when = if rest.starts_with(':') { text.parse() } else { format!("{minute}:00{rest}").parse() };
    match when {
        Ok(When::At(at)) => Timestamp::from_micros(at.timestamp_micros()).ok_or("deadline.start_out_of_range"),
        _ => Err("jsonl.instant"),
    }
}
