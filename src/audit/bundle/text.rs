use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use base64ct::{Base64, Encoding as _};

use super::{Bundle, BundleError, Entry};
use crate::audit::checkpoint::{Origin, SignedCheckpoint, VerifierKey};
use crate::audit::record::Disclosure;
use crate::audit::tree::{Frontier, Hash};
use crate::audit::verify::Values;

const HEADER: &str = "clausework/evidence/";
const VERSION: &str = "1";

const fn word(values: Values) -> &'static str {
    match values {
        Values::Shown => "shown",
        Values::NotShown => "not shown",
    }
}

/// The file.
impl fmt::Display for Bundle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { origin, values, keys, checkpoints, before, entries } = self;
        writeln!(f, "{HEADER}{VERSION}\norigin {}\nvalues {}", origin.as_str(), word(*values))?;
        keys.iter().try_for_each(|key| writeln!(f, "key {key}"))?;
        for checkpoint in checkpoints {
            f.write_str("checkpoint\n")?;
            let note = alloc::format!("{checkpoint}");
            for line in note.lines() {
                writeln!(f, "|{}{line}", if line.is_empty() { "" } else { " " })?;
            }
        }
        if before.size() > 0 {
            writeln!(f, "before {}", before.size())?;
            before.hashes().iter().try_for_each(|hash| writeln!(f, "| {hash}"))?;
        }
        for Entry { index, leaf, body, disclosures } in entries {
            match body {
                Some(bytes) => writeln!(f, "record {index} {leaf} {}", Base64::encode_string(bytes))?,
                None => writeln!(f, "leaf {index} {leaf}")?,
            }
            for disclosure in disclosures {
                let json = serde_json::to_string(disclosure).map_err(|_| fmt::Error)?;
                writeln!(f, "value {json}")?;
            }
        }
        f.write_str("end\n")
    }
}

impl Bundle {
    /// Reads exactly what `Display` writes. Nothing is verified by it.
    ///
    /// # Errors
    /// [`BundleError`] with the line.
    pub fn parse(text: &str) -> Result<Self, BundleError> {
        if text.len() > Self::MAX_BYTES {
            return Err(BundleError::TooLong { found: text.len() });
        }
        let mut lines = Lines { rest: text, line: 0 };
        let bundle = Self::read(&mut lines)?;
        // One file for one bundle: a number with a leading zero, a field in another order, all that is refused here.
        let own = alloc::format!("{bundle}");
        if own == text {
            return Ok(bundle);
        }
        let at = own.split('\n').zip(text.split('\n')).position(|(own, found)| own != found);
        Err(BundleError::Line { line: at.unwrap_or_default().saturating_add(1), what: "it would be written otherwise" })
    }

    fn read(lines: &mut Lines<'_>) -> Result<Self, BundleError> {
        match lines.next()?.strip_prefix(HEADER) {
            Some(VERSION) => {}
            Some(other) if !other.is_empty() && other.bytes().all(|byte| byte.is_ascii_digit()) => {
                return Err(BundleError::Version);
            }
            _ => return lines.wrong("no evidence of an audit log"),
        }
        let origin = lines.next()?.strip_prefix("origin ").and_then(|text| Origin::try_new(text).ok());
        let Some(origin) = origin else { return lines.wrong("no origin") };
        let values = match lines.next()?.strip_prefix("values ") {
            Some("shown") => Values::Shown,
            Some("not shown") => Values::NotShown,
            _ => return lines.wrong("neither values shown nor values not shown"),
        };
        let mut bundle = Self::new(origin, values);
        while let Some(text) = lines.after("key ") {
            let line = lines.line;
            let key: VerifierKey = text.parse().map_err(|error| BundleError::Checkpoint { line, error })?;
            if bundle.keys.contains(&key) {
                return lines.wrong("a key twice");
            }
            bundle.keys.push(key);
        }
        while lines.after("checkpoint").is_some() {
            let line = lines.line;
            let mut note = String::new();
            while let Some(text) = lines.after("|") {
                note.push_str(text.strip_prefix(' ').unwrap_or(text));
                note.push('\n');
            }
            let checkpoint = SignedCheckpoint::parse(&note);
            bundle.checkpoints.push(checkpoint.map_err(|error| BundleError::Checkpoint { line, error })?);
        }
        if let Some(size) = lines.after("before ") {
            let line = lines.line;
            let Ok(size) = size.parse() else { return lines.wrong("no size") };
            let mut hashes = Vec::new();
            while let Some(hash) = lines.after("| ") {
                let Ok(hash) = hash.parse::<Hash>() else { return lines.wrong("no hash") };
                hashes.push(hash);
            }
            bundle.before = Frontier::from_parts(size, hashes).map_err(|error| BundleError::Tree { line, error })?;
        }
        loop {
            if let Some(text) = lines.after("record ") {
                bundle.entries.push(entry(text, true).ok_or(lines.error("no record"))?);
            } else if let Some(text) = lines.after("leaf ") {
                bundle.entries.push(entry(text, false).ok_or(lines.error("no leaf"))?);
            } else if let Some(json) = lines.after("value ") {
                if values == Values::NotShown {
                    return lines.wrong("a value where none is shown");
                }
                let Ok(value) = serde_json::from_str::<Disclosure>(json) else { return lines.wrong("no value") };
                let Some(entry) = bundle.entries.last_mut().filter(|entry| entry.body.is_some()) else {
                    return lines.wrong("a value that follows no record");
                };
                if entry.disclosures.last().is_some_and(|last| last.field() >= value.field()) {
                    return lines.wrong("values that are not sorted by field");
                }
                entry.disclosures.push(value);
            } else {
                break;
            }
        }
        if lines.next()? != "end" {
            return lines.wrong("a line that no bundle has there");
        }
        if lines.rest.is_empty() { Ok(bundle) } else { lines.wrong("more after the end") }
    }
}

/// The index, the leaf hash and, of a record, its bytes.
fn entry(text: &str, has_body: bool) -> Option<Entry> {
    let mut parts = text.split(' ');
    let (index, leaf) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let body = if has_body { Some(Base64::decode_vec(parts.next()?).ok()?) } else { None };
    parts.next().is_none().then_some(Entry { index, leaf, body, disclosures: Vec::new() })
}

/// Lines that each end with a line feed.
struct Lines<'a> {
    rest: &'a str,
    /// The number of the last line read.
    line: usize,
}

impl<'a> Lines<'a> {
    fn next(&mut self) -> Result<&'a str, BundleError> {
        self.line = self.line.saturating_add(1);
        let (line, rest) = self.rest.split_once('\n').ok_or(self.error("it is not complete"))?;
        self.rest = rest;
        Ok(line)
    }

    /// What follows this beginning of the next line, if it has it.
    fn after(&mut self, beginning: &str) -> Option<&'a str> {
        let (line, rest) = self.rest.split_once('\n')?;
        let text = line.strip_prefix(beginning)?;
        self.rest = rest;
        self.line = self.line.saturating_add(1);
        Some(text)
    }

    const fn error(&self, what: &'static str) -> BundleError {
        BundleError::Line { line: self.line, what }
    }

    const fn wrong<T>(&self, what: &'static str) -> Result<T, BundleError> {
        Err(self.error(what))
    }
}
