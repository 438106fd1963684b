//! A list of addresses as text, one entry a line: what an administrator types, and reads again.
//!
//! ```text
//! 198.51.100.0/24                              # office
//! deny 198.51.100.64-198.51.100.80             # guests
//! 203.0.113.16/28 from 2026-11-23 until 2026-11-28T18:00Z   # auditors
//! ```

use std::fmt::Write;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime};
use clausework::Timestamp;
use clausework::access::{Effect, IpList, IpListError, ListEntry, RangeError};

/// The entries of a text, and the line that each stands in, from 1.
#[derive(Debug)]
pub struct Draft {
    pub entries: Vec<ListEntry>,
    lines: Vec<usize>,
}

impl Draft {
    /// `line 3`, for an entry as clausework counts them.
    pub fn name(&self, entry: usize) -> String {
        self.lines.get(entry).map_or_else(|| format!("entry {entry}"), |line| format!("line {line}"))
    }

    /// What is wrong with the whole, where that is one line's fault.
    pub fn mistake(&self, error: &IpListError) -> Mistake {
        let (entry, says) = match error {
            IpListError::Note { entry } => (Some(entry), "a note has 1 to 200 characters and no tabs".to_owned()),
            IpListError::Never { entry } => (Some(entry), "it ends before it begins".to_owned()),
            other => (None, other.to_string()),
        };
        let line = entry.and_then(|entry| self.lines.get(*entry)).copied();
        Mistake { line, column: None, says, repair: None }
    }
}

/// Why a line is no entry.
#[derive(Debug, PartialEq, Eq)]
pub struct Mistake {
    pub line: Option<usize>,
    /// In characters, from 1.
    pub column: Option<usize>,
    pub says: String,
    /// What is offered in place of the line.
    pub repair: Option<String>,
}

/// As many mistakes as anybody puts right at a time.
const MOST: usize = 50;

/// Reads every line, or says what is wrong with each that cannot be read, or with the first of very many.
pub fn read(text: &str) -> Result<Draft, Vec<Mistake>> {
    let (mut draft, mut mistakes) = (Draft { entries: Vec::new(), lines: Vec::new() }, Vec::new());
    for (line, text) in (1..).zip(text.lines()).filter(|(_, text)| !text.trim().is_empty()) {
        match entry(text) {
            Ok(entry) => {
                draft.entries.push(entry);
                draft.lines.push(line);
            }
            Err(_) if mistakes.len() == MOST => {
                let says = "There are more below, which are shown once these are put right".into();
                mistakes.push(Mistake { line: None, column: None, says, repair: None });
                break;
            }
            Err((at, says, repair)) => {
                let column = text.get(..at).map(|before| before.chars().count() + 1);
                mistakes.push(Mistake { line: Some(line), column, says, repair });
            }
        }
    }
    if mistakes.is_empty() { Ok(draft) } else { Err(mistakes) }
}

/// The text with one line replaced by what was offered for it.
pub fn repair(text: &str, line: usize, repaired: &str) -> String {
    let lines = (1..).zip(text.lines()).map(|(number, text)| if number == line { repaired } else { text });
    lines.collect::<Vec<_>>().join("\n")
}

/// The text that [`read`] makes the same list of.
pub fn write(list: &IpList) -> String {
    let mut text = String::new();
    for entry in list.entries() {
        if entry.effect() == Effect::Deny {
            text.push_str("deny ");
        }
        let _ = write!(text, "{}", entry.range());
        for (word, instant) in [("from", entry.valid_from()), ("until", entry.valid_until())] {
            if let Some(instant) = instant {
                let _ = write!(text, " {word} {}", short(instant));
            }
        }
        if let Some(note) = entry.note() {
            let _ = write!(text, "  # {note}");
        }
        text.push('\n');
    }
    text
}

/// As short as says it all: a day, a minute, or every microsecond.
pub fn short(instant: Timestamp) -> String {
    let full = instant.to_string();
    let ends = [("T00:00:00.000000Z", ""), (":00.000000Z", "Z")];
    let shorter = ends.iter().find_map(|(end, by)| Some(format!("{}{by}", full.strip_suffix(end)?)));
    shorter.unwrap_or(full)
}

/// Where in the line it is wrong, in bytes, why, and what may stand there instead.
type Wrong = (usize, String, Option<String>);

fn entry(line: &str) -> Result<ListEntry, Wrong> {
    let (rule, note) = match line.split_once('#') {
        Some((rule, note)) => (rule, Some(note.trim()).filter(|note| !note.is_empty())),
        None => (line, None),
    };
    let end = rule.trim_end().len();
    let mut words = words(rule).peekable();
    let make = match words.next_if(|(_, word)| ["allow", "deny"].contains(word)) {
        Some((_, "deny")) => ListEntry::deny,
        _ => ListEntry::allow,
    };
    let (at, range) = words.next().ok_or_else(|| (end, "a network, an address or a range is missing".into(), None))?;
    let entry = make(range.parse().map_err(|error| wrong_range(line, at, range, &error))?);
    let (mut from, mut until) = (None, None);
    while let Some((at, word)) = words.next() {
        let place = match word {
            "from" => &mut from,
            "until" => &mut until,
            _ => return Err((at, "“from”, “until” or “# note” is expected here".into(), None)),
        };
        let (at, text) = words.next().ok_or_else(|| (end, format!("a day is missing after “{word}”"), None))?;
        let unread = || (at, "a day is written 2026-12-01, a minute 2026-12-01T18:00Z (UTC)".into(), None);
        if place.replace(instant(text).ok_or_else(unread)?).is_some() {
            return Err((at, format!("“{word}” is there twice"), None));
        }
    }
    let entry = entry.valid(from, until);
    Ok(match note {
        Some(note) => entry.with_note(note),
        None => entry,
    })
}

/// What was meant is offered where the reader knows it.
fn wrong_range(line: &str, at: usize, range: &str, error: &RangeError) -> Wrong {
    let repair = match error {
        RangeError::HostBits { repaired, .. } => {
            let (before, rest) = line.split_at(at);
            Some(format!("{before}{repaired}{}", rest.strip_prefix(range).unwrap_or_default()))
        }
        _ => None,
    };
    (at + error.position().unwrap_or(0), in_words(error), repair)
}

/// Without the position, which is that in the line.
fn in_words(error: &RangeError) -> String {
    match error {
        RangeError::Ended { .. } => "the address ends too early".into(),
        RangeError::Unexpected { found, .. } => format!("{found:?} cannot be there"),
        RangeError::LeadingZero { .. } => "a leading zero, which some programs read as octal".into(),
        RangeError::TooGreat { most, .. } => format!("this number is above {most}"),
        RangeError::HostBits { repaired, .. } => format!("an address within a network; the network is {repaired}"),
        RangeError::Zone { .. } => "a zone has no meaning in a list".into(),
        other => other.to_string(),
    }
}

/// The words of a line, with the byte that each begins at.
fn words(line: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    let words = line.split(char::is_whitespace).map(move |word| {
        let begins = at;
        at += word.len() + line[begins + word.len()..].chars().next().map_or(0, char::len_utf8);
        (begins, word)
    });
    words.filter(|(_, word)| !word.is_empty())
}

fn instant(text: &str) -> Option<Timestamp> {
    let day = || Some(text.parse::<NaiveDate>().ok()?.and_time(NaiveTime::MIN).and_utc());
    let minute = || Some(NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%MZ").ok()?.and_utc());
    let full = || Some(DateTime::parse_from_rfc3339(text).ok()?.to_utc());
    day().or_else(minute).or_else(full).map(Timestamp::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_as_it_is_written() {
        let text = "198.51.100.0/24  # office\n\
                    deny 198.51.100.64-198.51.100.80  # guests # upstairs\n\
                    2001:db8:7::/48 from 2026-11-23 until 2026-11-28T18:00Z\n\
                    203.0.113.9 until 2026-11-28T18:00:00.000001Z\n";
        let list = IpList::builder().entries(read(text).unwrap().entries).build().unwrap();
        let said: Vec<String> = list.entries().iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "allow 198.51.100.0/24 (office)",
                "deny 198.51.100.64-198.51.100.80 (guests # upstairs)",
                "allow 2001:db8:7::/48 from 2026-11-23T00:00:00.000000Z until 2026-11-28T18:00:00.000000Z",
                "allow 203.0.113.9 until 2026-11-28T18:00:00.000001Z",
            ]
        );
        assert_eq!(write(&list), text);
        // What a browser sends of it: other ends of lines, blank ones between, another case of nothing.
        let sent = text.replace('\n', "\r\n\r\n").replacen("198", "  allow  198", 1);
        assert_eq!(read(&sent).unwrap().entries, list.entries());
        assert_eq!(read(&sent).unwrap().name(3), "line 7");
    }

    #[test]
    fn every_mistake_has_its_place() {
        let at = |text: &str| {
            let mistakes = read(text).unwrap_err();
            let one = &mistakes[0];
            (mistakes.len(), one.line.unwrap(), one.column.unwrap(), one.repair.clone())
        };
        assert_eq!(at("8.8.4.0/24\n\ndeny 8.8.4.x"), (1, 3, 12, None));
        let repaired = Some("\u{a0}deny 8.8.4.0/24 # pförtner".to_owned());
        assert_eq!(at("\u{a0}deny 8.8.4.7/24 # pförtner"), (1, 1, 15, repaired)); // counted in characters
        assert_eq!(at("deny # nothing"), (1, 1, 5, None));
        assert_eq!(at("8.8.4.7 untill 2026-12-01"), (1, 1, 9, None));
        assert_eq!(at("8.8.4.7 until 2026-13-01"), (1, 1, 15, None));
        assert_eq!(at("8.8.4.7 until"), (1, 1, 14, None));
        assert_eq!(at("8.8.4.7 from 2026-12-01 from 2026-12-02"), (1, 1, 30, None));
        assert_eq!(at("010.0.0.0/8\n8.8.4.256\n8.8.4.7"), (2, 1, 1, None)); // all of them, not the first
    }

    #[test]
    fn not_every_one_of_very_many_mistakes_is_listed() {
        let mistakes = |number: usize| read(&"x\n".repeat(number)).unwrap_err();
        assert_eq!(mistakes(50).len(), 50);
        assert!(mistakes(50).iter().all(|mistake| mistake.line.is_some()));
        assert_eq!((mistakes(9_000).len(), mistakes(9_000)[50].line), (51, None));
    }

    #[test]
    fn a_mistake_of_the_whole_has_its_line() {
        let draft = read("8.8.4.7\n\n8.8.4.8 from 2026-12-02 until 2026-12-01").unwrap();
        let error = IpList::builder().entries(draft.entries.clone()).build().unwrap_err();
        assert_eq!(draft.mistake(&error).line, Some(3));
        assert_eq!(repair("a\r\nb\nc", 2, "B"), "a\nB\nc");
    }

    #[test]
    fn an_instant_is_as_short_as_it_can_be() {
        for text in ["2026-11-22", "2026-11-22T09:30Z", "2026-11-22T09:30:01.000000Z"] {
            assert_eq!(short(instant(text).unwrap()), text);
        }
    }
}
