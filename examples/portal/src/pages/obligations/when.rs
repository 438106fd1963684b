//! A local day and hour as a person types them, with the zone, and the instant they stand for.

use chrono::{Datelike, MappedLocalTime, NaiveDate, NaiveTime, TimeZone, Timelike};
use clausework::Now;
use clausework::deadline::Zone;
use clausework::dpa::When;
use serde::Deserialize;

/// What was typed. It goes back into the form as it is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct TypedWhen {
    pub date: String,
    /// Empty: only the day is known. Periods in hours then have two ends.
    pub time: String,
    pub zone: String,
}

/// What is wrong, field by field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WhenErrors {
    pub date: Option<String>,
    pub time: Option<String>,
    pub zone: Option<String>,
}

impl TypedWhen {
    /// Today in the zone.
    pub fn today(now: Now, zone: Zone) -> Self {
        let date = now.timestamp().to_datetime().with_timezone(&zone).date_naive().to_string();
        Self { date, time: String::new(), zone: zone.to_string() }
    }

    /// # Errors
    /// What to say beside each field.
    pub fn read(&self) -> Result<When, WhenErrors> {
        let mut errors = WhenErrors::default();
        let (date, zone) = (read_date(&self.date), read_zone(&self.zone));
        let time = match self.time.trim() {
            "" => Ok(None),
            text => read_time(text).map(Some),
        };
        let (Ok(date), Ok(time), Ok(zone)) = (&date, &time, &zone) else {
            (errors.date, errors.time, errors.zone) = (date.err(), time.err(), zone.err());
            return Err(errors);
        };
        let Some(time) = time else { return Ok(When::On(*date)) };
        match zone.from_local_datetime(&date.and_time(*time)) {
            MappedLocalTime::Single(at) => Ok(When::At(at.fixed_offset())),
            MappedLocalTime::None => {
                errors.time = Some(format!(
                    "There was no {time} on {date} in {zone}: the clocks were put forward. Write the time that they showed."
                ));
                Err(errors)
            }
            MappedLocalTime::Ambiguous(first, second) => {
                errors.zone = Some(format!(
                    "{time} was there twice on {date} in {zone}: the clocks were put back. Write {} here for the first, {} for the second.",
                    first.fixed_offset().offset(),
                    second.fixed_offset().offset()
                ));
                Err(errors)
            }
        }
    }
}

/// Strict: chrono alone would also read `2026-1-31` and `+2026-01-31`.
/// # Errors
/// What to say of a text that is no day.
pub fn read_date(text: &str) -> Result<NaiveDate, String> {
    let text = text.trim();
    let date =
        text.parse::<NaiveDate>().ok().filter(|date| date.to_string() == text && (1..=9999).contains(&date.year()));
    date.ok_or_else(|| match text {
        "" => "Say on which day it was.".into(),
        _ => format!("“{text}” is no day of the calendar. Write year, month and day, such as 2026-11-22."),
    })
}

fn read_time(text: &str) -> Result<NaiveTime, String> {
    let is_long = text.len() == 8;
    let time = NaiveTime::parse_from_str(text, if is_long { "%H:%M:%S" } else { "%H:%M" }).ok();
    let time = time.filter(|time| time.format(if is_long { "%H:%M:%S" } else { "%H:%M" }).to_string() == text);
    // Nor a second 60, which chrono takes for a leap second.
    time.filter(|time| time.nanosecond() < 1_000_000_000).ok_or_else(|| {
        format!("“{text}” is no time of a day. Write hours and minutes, such as 17:05, or leave it empty.")
    })
}

/// # Errors
/// What to say of a name that is none.
pub fn read_zone(text: &str) -> Result<Zone, String> {
    let zone = text.trim().parse();
    zone.map_err(|_| {
        format!("“{text}” is no zone known here. Write a place such as Europe/Berlin, or an offset such as +01:00.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(date: &str, time: &str, zone: &str) -> TypedWhen {
        TypedWhen { date: date.into(), time: time.into(), zone: zone.into() }
    }

    #[test]
    fn a_local_time_is_the_instant_of_its_zone() {
        assert_eq!(
            typed("2026-07-03", "00:30", "Europe/Berlin").read(),
            Ok("2026-07-03T00:30:00+02:00".parse().unwrap())
        );
        assert_eq!(
            typed(" 2026-07-03 ", "17:05:09", "+05:30").read(),
            Ok("2026-07-03T17:05:09+05:30".parse().unwrap())
        );
        assert_eq!(typed("2024-02-29", "", "UTC").read(), Ok("2024-02-29".parse().unwrap()));
    }

    #[test]
    fn every_field_that_is_wrong_is_named() {
        let errors = typed("2026-02-30", "25:00", "Europe/Atlantis").read().unwrap_err();
        assert!(errors.date.unwrap().contains("2026-02-30"));
        assert!(errors.time.unwrap().contains("25:00"));
        assert!(errors.zone.unwrap().contains("Europe/Atlantis"));
        for date in ["", "2026-1-31", "+2026-01-31", "10000-01-01", "0000-01-01", "31.01.2026"] {
            assert!(typed(date, "", "UTC").read().unwrap_err().date.is_some(), "{date}");
        }
        for time in ["7:05", "17", "17:5", "24:00", "17:05:60", "5 pm"] {
            assert!(typed("2026-01-31", time, "UTC").read().unwrap_err().time.is_some(), "{time}");
        }
    }

    /// Central European summer time began on 29 March 2026 at 02:00 and ended on 25 October 2026 at 03:00 (Directive
    /// 2000/84/EC: the last Sundays, at 01:00 UTC).
    #[test]
    fn an_hour_that_was_not_there_and_one_that_was_twice_are_asked_about() {
        let none = typed("2026-03-29", "02:30", "Europe/Berlin").read().unwrap_err();
        assert!(none.time.unwrap().contains("put forward"));
        let twice = typed("2026-10-25", "02:30", "Europe/Berlin").read().unwrap_err().zone.unwrap();
        assert!(twice.contains("+02:00 here for the first, +01:00 for the second"), "{twice}");
        assert_eq!(typed("2026-10-25", "02:30", "+01:00").read(), Ok("2026-10-25T02:30:00+01:00".parse().unwrap()));
    }
}
