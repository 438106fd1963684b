//! Builds the file that `clausework::screening::List` opens.
//!
//! ```text
//! cargo run --release --features breached --example build_list -- known.cwpl --text passwords.txt
//! cargo run --release --features breached --example build_list -- known.cwpl --hashes pwned.txt --min-count 10
//! cargo run --release --features breached --example build_list -- known.cwpl --ranges ranges/ --min-count 10
//! ```
//!
//! | source | what it is |
//! |---|---|
//! | `--text FILE` | one password a line, UTF-8 with or without a byte order mark, lines ended by LF, CRLF or CR; other lines are skipped and counted |
//! | `--hashes FILE` | the whole download of Pwned Passwords: rows `SHA1:COUNT` |
//! | `--ranges DIR or FILE` | its range files, named by their five digits (`5BAA6` or `5BAA6.txt`): rows `SUFFIX:COUNT` |
//!
//! Sources may be given several times. Memory: at most 48 bytes an entry; `--max-entries` (20 million)
//! bounds it to under 1 GB. A row of a download that cannot be read ends the run: a list that silently
//! lacks half of its source would call known passwords clean. For the same reason an empty range file ends it, and
//! fewer range files than the 16^5 of a whole download are said.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clausework::Secret;
use clausework::hashing::MAX_PASSWORD_BYTES;
use clausework::screening::{List, ListBuildError, ListBuilder};

const USAGE: &str = "usage: build_list OUT (--text FILE | --hashes FILE | --ranges DIR)... \
                     [--min-count N] [--max-entries N]";

/// Longer lines are skipped (text) or no row (downloads): no password that is longer is ever accepted.
const MAX_LINE_BYTES: usize = MAX_PASSWORD_BYTES;

/// One for each five hexadecimal digits.
const ALL_RANGES: usize = 1 << 20;
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

enum Source {
    Text(PathBuf),
    Hashes(PathBuf),
    Ranges(PathBuf),
}

struct Job {
    out: PathBuf,
    sources: Vec<Source>,
    min_count: u64,
    max_entries: usize,
}

#[derive(Default)]
struct Tally {
    /// Lines that are no password: not UTF-8, or too long.
    skipped: u64,
    /// Rows seen less often than asked for, and padding.
    rare: u64,
    /// Range files, each prefix once.
    ranges: HashSet<String>,
}

fn main() -> ExitCode {
    // Names are quoted with {:?} below, so that nothing in them reaches the terminal unescaped.
    let args: Vec<String> = std::env::args_os().skip(1).map(|arg| arg.to_string_lossy().into_owned()).collect();
    match run(&args) {
        Ok(text) => {
            // A reader that closes the pipe early, such as `head -1`, has what it wanted.
            let _ = io::stdout().write_all(text.as_bytes());
            ExitCode::SUCCESS
        }
        Err(message) => {
            let _ = writeln!(io::stderr(), "{message}");
            ExitCode::from(2)
        }
    }
}

fn run(args: &[String]) -> Result<String, String> {
    if args.iter().any(|arg| arg == "--help" || arg == "-h") {
        return Ok(format!("{USAGE}\n"));
    }
    let job = read_args(args)?;
    let mut builder = ListBuilder::new(job.max_entries);
    let mut tally = Tally::default();
    for source in &job.sources {
        match source {
            Source::Text(path) => add_text(&mut builder, &mut tally, path)?,
            Source::Hashes(path) => {
                add_rows(&mut builder, &mut tally, path, "", job.min_count)?;
            }
            Source::Ranges(path) => add_ranges(&mut builder, &mut tally, path, job.min_count)?,
        }
    }
    let added = builder.len();
    if added == 0 {
        return Err("no password was found in the sources: no list was written".into());
    }
    let file = builder.finish().map_err(|error| error.to_string())?;
    let list = List::open(&file).and_then(|list| list.verify().map(|()| list)).map_err(|error| error.to_string())?;
    write(&job.out, &file).map_err(|error| format!("{:?} cannot be written: {error}", job.out))?;

    let (entries, bytes) = (list.len(), file.len());
    let each = bytes as f64 / entries as f64;
    let ranges = match tally.ranges.len() {
        0 => String::new(),
        ALL_RANGES => format!("range files: all {ALL_RANGES}\n"),
        some => format!("range files: {some} of {ALL_RANGES}: passwords of the other ranges are not on the list\n"),
    };
    Ok(format!(
        "wrote {:?}: {entries} entries, {bytes} bytes ({each:.2} an entry)\n\
         left out: {} repeated, {} counted too seldom, {} lines that are no password\n\
         {ranges}chance that a good password is refused: at most {:.1e} a check\n",
        job.out,
        u64::try_from(added).unwrap_or(u64::MAX).saturating_sub(entries),
        tally.rare,
        tally.skipped,
        List::FALSE_REFUSAL_CHANCE,
    ))
}

fn read_args(args: &[String]) -> Result<Job, String> {
    let (mut out, mut sources, mut min_count, mut max_entries) = (None, Vec::new(), None, 20_000_000);
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        let mut value = || rest.next().ok_or(format!("{arg} needs a value; {USAGE}"));
        match arg.as_str() {
            "--text" => sources.push(Source::Text(value()?.into())),
            "--hashes" => sources.push(Source::Hashes(value()?.into())),
            "--ranges" => sources.push(Source::Ranges(value()?.into())),
            "--min-count" => min_count = Some(number(arg, value()?)?),
            "--max-entries" => max_entries = number(arg, value()?)?,
            option if option.starts_with('-') => return Err(format!("unknown option {option:?}; {USAGE}")),
            _ if out.is_none() => out = Some(PathBuf::from(arg)),
            extra => return Err(format!("unexpected argument {extra:?}; {USAGE}")),
        }
    }
    let Some(out) = out.filter(|_| !sources.is_empty()) else {
        return Err(format!("expected a file to write and a source; {USAGE}"));
    };
    if min_count.is_some() && sources.iter().any(|source| matches!(source, Source::Text(_))) {
        return Err("--min-count needs counts, and a text list has none".into());
    }
    let max_entries = usize::try_from(max_entries).map_err(|_| "--max-entries is too large".to_owned())?;
    Ok(Job { out, sources, min_count: min_count.unwrap_or(1), max_entries })
}

fn number(option: &str, text: &str) -> Result<u64, String> {
    let number = text.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| format!("{option} needs a whole number from 1, not {text:?}"))
}

fn add_text(builder: &mut ListBuilder, tally: &mut Tally, path: &Path) -> Result<(), String> {
    lines(path, |number, line| {
        let line = match number {
            1 => line.map(|line| line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line)),
            _ => line,
        };
        match line.and_then(|line| core::str::from_utf8(line).ok()) {
            Some("") => {} // nothing but the mark
            Some(password) => builder.add_password(&Secret::from(password)).map_err(|error| error.to_string())?,
            None => tally.skipped = tally.skipped.saturating_add(1),
        }
        Ok(())
    })
}

fn add_ranges(builder: &mut ListBuilder, tally: &mut Tally, path: &Path, min_count: u64) -> Result<(), String> {
    let unreadable = |error| format!("{path:?} cannot be read: {error}");
    let mut files = Vec::new();
    if path.is_dir() {
        for entry in fs::read_dir(path).map_err(unreadable)? {
            files.push(entry.map_err(unreadable)?.path());
        }
    } else {
        files.push(path.to_owned());
    }
    files.sort_unstable();
    for file in files {
        let prefix = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        if prefix.len() != 5 || !prefix.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(format!("{file:?} is not named after the five digits of a range, such as 5BAA6.txt"));
        }
        if add_rows(builder, tally, &file, prefix, min_count)? == 0 {
            return Err(format!("{file:?} has no row: every range of Pwned Passwords has hundreds"));
        }
        tally.ranges.insert(prefix.to_ascii_uppercase());
    }
    Ok(())
}

/// How many rows there were.
fn add_rows(
    builder: &mut ListBuilder,
    tally: &mut Tally,
    path: &Path,
    prefix: &str,
    min_count: u64,
) -> Result<u64, String> {
    let mut rows = 0_u64;
    lines(path, |number, line| {
        rows = rows.saturating_add(1);
        match line.ok_or(ListBuildError::Row).and_then(|line| builder.add_row(prefix, line, min_count)) {
            Ok(true) => Ok(()),
            Ok(false) => {
                tally.rare = tally.rare.saturating_add(1);
                Ok(())
            }
            Err(error) => Err(format!("{path:?}, line {number}: {error}")),
        }
    })?;
    Ok(rows)
}

/// Hands over every line that is not empty, and `None` for one that is too long. Holds one line at a time.
fn lines(path: &Path, mut each: impl FnMut(u64, Option<&[u8]>) -> Result<(), String>) -> Result<(), String> {
    let unreadable = |error| format!("{path:?} cannot be read: {error}");
    let mut reader = BufReader::with_capacity(1 << 16, File::open(path).map_err(unreadable)?);
    let (mut line, mut too_long, mut number) = (Vec::new(), false, 1_u64);
    let mut after_cr = false;
    loop {
        let buffer = reader.fill_buf().map_err(unreadable)?;
        let end = buffer.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        let part = buffer.get(..end.unwrap_or(buffer.len())).unwrap_or_default();
        let at_end = buffer.is_empty();
        if line.len().saturating_add(part.len()) > MAX_LINE_BYTES {
            too_long = true;
            line.clear();
        } else if !too_long {
            line.extend_from_slice(part);
        }
        let ended_by = end.and_then(|end| buffer.get(end).copied());
        let used = part.len().saturating_add(usize::from(end.is_some()));
        after_cr = after_cr && part.is_empty();
        reader.consume(used);
        if ended_by.is_none() && !at_end {
            continue;
        }
        if too_long {
            each(number, None)?;
        } else if !line.is_empty() {
            each(number, Some(&line))?;
        }
        if at_end {
            return Ok(());
        }
        // CRLF ends one line, not two.
        if !(after_cr && ended_by == Some(b'\n')) {
            number = number.saturating_add(1);
        }
        after_cr = ended_by == Some(b'\r');
        line.clear();
        too_long = false;
    }
}

/// Beside the place and then into it, so that nobody opens half a list.
fn write(out: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut beside = out.as_os_str().to_owned();
    beside.push(".part");
    let written = fs::write(&beside, bytes).and_then(|()| fs::rename(&beside, out));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written
}
