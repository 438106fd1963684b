use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use base64ct::{Base64, Encoding as _};

use super::{Bundle, BundleError, Entry, Kept};
use crate::audit::checkpoint::{Origin, SignedCheckpoint, VerifierKey};
use crate::audit::record::Disclosure;
use crate::audit::tree::{ConsistencyProof, Frontier, Hash, InclusionProof};
use crate::audit::verify::Values;

const HEADER: &str = "clausework/evidence/";
const VERSION: &str = "1";

const fn word(values: Values) -> &'static str {
    match values {
        Values::Shown => "shown",
        Values::NotShown => "not shown",
    }
}

pub(super) fn write_checkpoint(checkpoint: &SignedCheckpoint, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("checkpoint\n")?;
    let note = alloc::format!("{checkpoint}");
    note.lines().try_for_each(|line| writeln!(f, "|{}{line}", if line.is_empty() { "" } else { " " }))
}

pub(super) fn write_hashes(hashes: &[Hash], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    hashes.iter().try_for_each(|hash| writeln!(f, "| {hash}"))
}

pub(super) fn write_values(disclosures: &[Disclosure], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    disclosures.iter().try_for_each(|disclosure| {
        let json = serde_json::to_string(disclosure).map_err(|_| fmt::Error)?;
        writeln!(f, "value {json}")
    })
}

/// The file.
impl fmt::Display for Bundle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { origin, values, keys, checkpoints, before, consistency, kept, entries } = self;
        writeln!(f, "{HEADER}{VERSION}\norigin {}\nvalues {}", origin.as_str(), word(*values))?;
        keys.iter().try_for_each(|key| writeln!(f, "key {key}"))?;
        checkpoints.iter().try_for_each(|checkpoint| write_checkpoint(checkpoint, f))?;
        for proof in consistency {
            writeln!(f, "consistency {} {}", proof.from(), proof.to())?;
            write_hashes(proof.path(), f)?;
        }
        if before.size() > 0 {
            writeln!(f, "before {}", before.size())?;
            write_hashes(before.hashes(), f)?;
        }
        for Kept { proof, bytes, disclosures } in kept {
            writeln!(f, "kept {} {} {}", proof.index(), proof.size(), Base64::encode_string(bytes))?;
            write_hashes(proof.path(), f)?;
            write_values(disclosures, f)?;
        }
        for Entry { index, leaf, body, disclosures } in entries {
            match body {
                Some(bytes) => writeln!(f, "record {index} {leaf} {}", Base64::encode_string(bytes))?,
                None => writeln!(f, "leaf {index} {leaf}")?,
            }
            write_values(disclosures, f)?;
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
        let bundle = Self::read(&mut Lines { rest: text, line: 0 })?;
        as_written(bundle, text)
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
        bundle.keys = lines.keys()?;
        while lines.after("checkpoint").is_some() {
            let checkpoint = lines.checkpoint()?;
            bundle.checkpoints.push(checkpoint);
        }
        while let Some(text) = lines.after("consistency ") {
            let line = lines.line;
            let sizes = text.split_once(' ').and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
            let Some((from, to)) = sizes else { return lines.wrong("no two sizes") };
            let proof = ConsistencyProof::from_parts(from, to, lines.hashes()?);
            bundle.consistency.push(proof.map_err(|error| BundleError::Tree { line, error })?);
        }
        if let Some(size) = lines.after("before ") {
            let line = lines.line;
            let Ok(size) = size.parse() else { return lines.wrong("no size") };
            bundle.before =
                Frontier::from_parts(size, lines.hashes()?).map_err(|error| BundleError::Tree { line, error })?;
        }
        while let Some(text) = lines.after("kept ") {
            let line = lines.line;
            let Some((index, size, bytes)) = kept(text) else { return lines.wrong("no kept record") };
            let proof = InclusionProof::from_parts(index, size, lines.hashes()?);
            let proof = proof.map_err(|error| BundleError::Tree { line, error })?;
            if bundle.kept.last().is_some_and(|last| last.proof.index() >= index) {
                return lines.wrong("kept records that are not sorted by index");
            }
            let disclosures = lines.disclosures(values)?;
            bundle.kept.push(Kept { proof, bytes, disclosures });
        }
        loop {
            if let Some(text) = lines.after("record ") {
                let mut entry = entry(text, true).ok_or(lines.error("no record"))?;
                entry.disclosures = lines.disclosures(values)?;
                bundle.entries.push(entry);
            } else if let Some(text) = lines.after("leaf ") {
                bundle.entries.push(entry(text, false).ok_or(lines.error("no leaf"))?);
            } else if lines.after("value ").is_some() {
                return lines.wrong("a value that follows no record");
            } else {
                break;
            }
        }
        lines.end(bundle)
    }
}

/// One file for one content: a number with a leading zero, a field in another order, all that is refused here.
pub(super) fn as_written<T: fmt::Display>(content: T, text: &str) -> Result<T, BundleError> {
    let own = alloc::format!("{content}");
    if own == text {
        return Ok(content);
    }
    let at = own.split('\n').zip(text.split('\n')).position(|(own, found)| own != found);
    Err(BundleError::Line { line: at.unwrap_or_default().saturating_add(1), what: "it would be written otherwise" })
}

/// Index, size and bytes.
fn kept(text: &str) -> Option<(u64, u64, Vec<u8>)> {
    let mut parts = text.split(' ');
    let (index, size) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let bytes = Base64::decode_vec(parts.next()?).ok()?;
    parts.next().is_none().then_some((index, size, bytes))
}

/// The index, the leaf hash and, of a record, its bytes.
fn entry(text: &str, has_body: bool) -> Option<Entry> {
    let mut parts = text.split(' ');
    let (index, leaf) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let body = if has_body { Some(Base64::decode_vec(parts.next()?).ok()?) } else { None };
    parts.next().is_none().then_some(Entry { index, leaf, body, disclosures: Vec::new() })
}

/// Lines that each end with a line feed.
pub(super) struct Lines<'a> {
    pub(super) rest: &'a str,
    /// The number of the last line read.
    pub(super) line: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn next(&mut self) -> Result<&'a str, BundleError> {
        self.line = self.line.saturating_add(1);
        let (line, rest) = self.rest.split_once('\n').ok_or(self.error("it is not complete"))?;
        self.rest = rest;
        Ok(line)
    }

    /// What follows this beginning of the next line, if it has it.
    pub(super) fn after(&mut self, beginning: &str) -> Option<&'a str> {
        let (line, rest) = self.rest.split_once('\n')?;
        let text = line.strip_prefix(beginning)?;
        self.rest = rest;
        self.line = self.line.saturating_add(1);
        Some(text)
    }

    pub(super) const fn error(&self, what: &'static str) -> BundleError {
        BundleError::Line { line: self.line, what }
    }

    pub(super) const fn wrong<T>(&self, what: &'static str) -> Result<T, BundleError> {
        Err(self.error(what))
    }

    /// What was made of them, if nothing but the end follows.
    pub(super) fn end<T>(&mut self, content: T) -> Result<T, BundleError> {
        if self.next()? != "end" {
            return self.wrong("a line that no bundle has there");
        }
        if self.rest.is_empty() { Ok(content) } else { self.wrong("more after the end") }
    }

    pub(super) fn keys(&mut self) -> Result<Vec<VerifierKey>, BundleError> {
        let mut keys = Vec::new();
        while let Some(text) = self.after("key ") {
            let line = self.line;
            let key: VerifierKey = text.parse().map_err(|error| BundleError::Checkpoint { line, error })?;
            if keys.contains(&key) {
                return self.wrong("a key twice");
            }
            keys.push(key);
        }
        Ok(keys)
    }

    pub(super) fn checkpoint(&mut self) -> Result<SignedCheckpoint, BundleError> {
        let line = self.line;
        let mut note = String::new();
        while let Some(text) = self.after("|") {
            note.push_str(text.strip_prefix(' ').unwrap_or(text));
            note.push('\n');
        }
        SignedCheckpoint::parse(&note).map_err(|error| BundleError::Checkpoint { line, error })
    }

    pub(super) fn hashes(&mut self) -> Result<Vec<Hash>, BundleError> {
        let mut hashes = Vec::new();
        while let Some(hash) = self.after("| ") {
            let Ok(hash) = hash.parse::<Hash>() else { return self.wrong("no hash") };
            hashes.push(hash);
        }
        Ok(hashes)
    }

    pub(super) fn disclosures(&mut self, values: Values) -> Result<Vec<Disclosure>, BundleError> {
        let mut disclosures: Vec<Disclosure> = Vec::new();
        while let Some(json) = self.after("value ") {
            if values == Values::NotShown {
                return self.wrong("a value where none is shown");
            }
            let Ok(value) = serde_json::from_str::<Disclosure>(json) else { return self.wrong("no value") };
            if disclosures.last().is_some_and(|last| last.field() >= value.field()) {
                return self.wrong("values that are not sorted by field");
            }
            disclosures.push(value);
        }
        Ok(disclosures)
    }
}
