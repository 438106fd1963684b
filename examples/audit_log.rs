//! The audit log from a command line.
//!
//! ```text
//! printf 'first record\nsecond record\n' | cargo run -q --example audit_log -- root
//! printf '\n00\n10\n2021\n' | cargo run -q --example audit_log -- root --hex
//! cargo run -q --example audit_log -- demo /tmp/log
//! cargo run -q --example audit_log -- verify /tmp/log/bundle.txt --anchor /tmp/log/checkpoint-first.txt
//! ```
//!
//! | command | does |
//! |---|---|
//! | `root [--hex]` | prints the root of RFC 6962 (hexadecimal) over the lines of the standard input, each without its newline, so that anyone can compare with another implementation; `--hex`: the lines are hexadecimal data |
//! | `demo DIR` | writes a small log of a year with an erasure and a purge, as evidence: `DIR/bundle.txt`, two checkpoints, the key, the certificates; and what concerns one person as `DIR/slice.txt` |
//! | `verify BUNDLE [--anchor CHECKPOINT] [--key KEY] [--without-values]` | prints the verdict on a bundle or a slice, by a checkpoint that was kept elsewhere, and a key that was known before; `--without-values`: values that are gone need no explanation |
//!
//! An empty line is an empty record; only a line feed ends a line. What `verify` exits with:
//!
//! | code | verdict |
//! |---|---|
//! | 0 | verified, redacted or purged, up to a checkpoint |
//! | 1 | altered, missing, withheld, truncated or forked: an alarm |
//! | 2 | an unknown key, an unknown version, malformed; or wrong arguments or input |
//! | 3 | self-consistent: there is no checkpoint, so records may have been cut off; or a slice, all of it as recorded: no slice shows that it is complete |
//!
//! A bundle carries its checkpoint, and without `--anchor` that is what it is verified up to, without `--key` by the keys
//! in it: that shows damage and what was changed without the key, but not a log that its owner made anew. What is
//! printed says which checkpoint it was.

#[path = "audit_log/demo.rs"]
mod demo;
#[path = "audit_log/keys.rs"]
mod keys;
#[path = "audit_log/verify.rs"]
mod verify;

use std::io::{self, BufRead, Write};
use std::process::ExitCode;

use clausework::audit::tree::Frontier;

const USAGE: &str = "usage: audit_log root [--hex] < LINES
       audit_log demo DIR
       audit_log verify BUNDLE [--anchor CHECKPOINT] [--key KEY] [--without-values]";

/// What a command says and how it exits.
struct Answer {
    text: String,
    code: ExitCode,
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args_os().skip(1).map(|arg| arg.to_string_lossy().into_owned()).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let answer = match args[..] {
        ["root"] => root(io::stdin().lock(), as_it_is),
        ["root", "--hex"] => root(io::stdin().lock(), unhex),
        ["demo", dir] => demo::write(dir).map(|text| Answer { text, code: ExitCode::SUCCESS }),
        ["verify", bundle, ref options @ ..] => {
            verify::run(bundle, options).map(|(text, code)| Answer { text, code: ExitCode::from(code) })
        }
        ["--help" | "-h"] => Ok(Answer { text: format!("{USAGE}\n"), code: ExitCode::SUCCESS }),
        _ => Err(USAGE.to_owned()),
    };
    match answer {
        Ok(Answer { text, code }) => {
            // A reader that closes the pipe early has what it wanted.
            let _ = io::stdout().write_all(text.as_bytes());
            code
        }
        Err(message) => {
            let _ = writeln!(io::stderr(), "audit_log: {message}");
            ExitCode::from(2)
        }
    }
}

/// The root over lines, one in memory at a time.
fn root(mut lines: impl BufRead, data: impl Fn(&[u8]) -> Result<Vec<u8>, String>) -> Result<Answer, String> {
    let (mut log, mut line) = (Frontier::new(), Vec::new());
    while lines.read_until(b'\n', &mut line).map_err(|error| format!("standard input: {error}"))? > 0 {
        let text = line.strip_suffix(b"\n").unwrap_or(&line);
        let number = log.size().saturating_add(1);
        let record = data(text).map_err(|error| format!("line {number}: {error}"))?;
        log.push(&record).map_err(|error| error.to_string())?;
        line.clear();
    }
    Ok(Answer { text: format!("{}\n", log.root()), code: ExitCode::SUCCESS })
}

fn as_it_is(line: &[u8]) -> Result<Vec<u8>, String> {
    Ok(line.to_vec())
}

fn unhex(line: &[u8]) -> Result<Vec<u8>, String> {
    let (pairs, odd) = line.as_chunks::<2>();
    if !odd.is_empty() {
        return Err(format!("{} hexadecimal digits, an odd number", line.len()));
    }
    let digit = |character: u8| char::from(character).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let byte = |(at, [high, low]): (usize, &[u8; 2])| {
        let value = digit(*high).zip(digit(*low)).map(|(high, low)| high << 4 | low);
        value.ok_or_else(|| format!("no hexadecimal digits at column {}", at.saturating_mul(2).saturating_add(1)))
    };
    pairs.iter().enumerate().map(byte).collect()
}
