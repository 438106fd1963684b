//! Lints a file of IP rules, and says what its lists say of some addresses.
//!
//! ```text
//! cargo run -q --example ip_rules -- FILE [--private] [--at 2026-12-01T00:00:00Z] [ADDRESS…]
//! ```
//!
//! The file is an `AccessPolicy` as JSON, such as
//!
//! ```json
//! {
//!     "https_only": true,
//!     "ip_list": {
//!         "mode": "on",
//!         "version": 3,
//!         "entries": [
//!             "8.8.4.0/24",
//!             { "range": "8.8.4.64-8.8.4.80", "effect": "deny", "note": "guest network" },
//!             { "range": "2600:7::/48", "valid_until": "2027-01-01T00:00:00.000000Z" }
//!         ]
//!     },
//!     "lists": [{ "of": { "role": "admin" }, "entries": ["8.8.4.7"] }]
//! }
//! ```
//!
//! `--private` is for a host that networks of one's own can reach; `--at` asks about another instant than now.
//! Exit code 0: nothing found, and every list lets every address in. 1: something found, or an address refused.
//! 2: the file or an argument cannot be read; the error says where.

use core::fmt::Write as _;
use core::net::IpAddr;
use std::io::{Read as _, Write as _};
use std::process::ExitCode;

use chrono::{DateTime, Utc};
use clausework::Now;
use clausework::access::{AccessPolicy, AddressRange, ListMode, ListPolicy, ListVerdict, Reach, lint};
use serde_json::Value;

/// The longest file, in bytes: more than every list of a policy at its longest.
const MAX_BYTES: u64 = 16 << 20;

const USAGE: &str = "usage: ip_rules FILE [--private] [--at 2026-12-01T00:00:00Z] [ADDRESS…]";

fn main() -> ExitCode {
    // Arguments are quoted with {:?} below, so that nothing in them reaches the terminal unescaped.
    let args: Vec<String> = std::env::args_os().skip(1).map(|arg| arg.to_string_lossy().into_owned()).collect();
    match run(&args) {
        Ok((text, clean)) => {
            // A reader that closes the pipe early, such as `head -1`, has what it wanted.
            let _ = std::io::stdout().write_all(text.as_bytes());
            ExitCode::from(u8::from(!clean))
        }
        Err(message) => {
            let _ = writeln!(std::io::stderr(), "ip_rules: {message}");
            ExitCode::from(2)
        }
    }
}

/// What is to be said, and whether there was nothing to find fault with.
fn run(args: &[String]) -> Result<(String, bool), String> {
    let (mut file, mut addresses, mut reach, mut now) = (None, Vec::new(), Reach::Internet, Now::from(Utc::now()));
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        match arg.as_str() {
            "--help" | "-h" => return Ok((format!("{USAGE}\n"), true)),
            "--private" => reach = Reach::Private,
            "--at" => now = Now::from(read_instant(rest.next().ok_or("--at needs an instant in UTC")?)?),
            option if option.starts_with('-') => return Err(format!("unknown option {option:?}; {USAGE}")),
            path if file.is_none() => file = Some(path),
            text => addresses.push(text.parse::<IpAddr>().map_err(|error| format!("{text:?}: {error}"))?),
        }
    }
    let path = file.ok_or_else(|| format!("expected a file; {USAGE}"))?;
    let text = read(path).map_err(|error| format!("{path:?}: {error}"))?;
    let policy: AccessPolicy = serde_json::from_str(&text).map_err(|error| format!("{path:?}: {error}"))?;
    let limits = ListPolicy::builder().reach(reach).build().map_err(|error| error.to_string())?;
    let file = serde_json::from_str(&text).map_err(|error| format!("{path:?}: {error}"))?;
    let (report, clean) = report(&policy, &limits, now, &addresses);
    Ok((unmapped(&file) + &report, clean))
}

/// The ranges of IPv4-mapped IPv6 addresses, and what they were read as: such an address is IPv4 wherever it is met.
fn unmapped(value: &Value) -> String {
    match value {
        // As lists write a range: by itself, or as "range".
        Value::Array(values) => {
            values.iter().map(|value| value.as_str().map_or_else(|| unmapped(value), note)).collect()
        }
        Value::Object(fields) => {
            let each = |(name, value): (&String, &Value)| match value.as_str() {
                Some(range) if name == "range" => note(range),
                _ => unmapped(value),
            };
            fields.iter().map(each).collect()
        }
        _ => String::new(),
    }
}

fn note(text: &str) -> String {
    match text.parse::<AddressRange>() {
        Ok(range) if range.is_ipv4() && text.contains(':') => format!("note: {text} is read as {range}\n"),
        _ => String::new(),
    }
}

fn report(policy: &AccessPolicy, limits: &ListPolicy, now: Now, addresses: &[IpAddr]) -> (String, bool) {
    let (mut text, mut clean) = (String::new(), true);
    for list in policy.lists() {
        let mode = if list.mode() == ListMode::On { "on" } else { "off" };
        let entries = match list.entries().len() {
            1 => "1 entry".to_owned(),
            count => format!("{count} entries"),
        };
        let _ = writeln!(text, "{}, version {}: {mode}, {entries}", list.owner(), list.version());
        for finding in lint(list, limits, now) {
            let weight = if finding.is_blocking() { "error" } else { "warning" };
            let _ = writeln!(text, "  {weight}: {finding} [{}]", finding.code());
            if let Some(entry) = finding.entry().and_then(|entry| list.entries().get(entry)) {
                let _ = writeln!(text, "    {entry}");
            }
            clean = false;
        }
    }
    for address in addresses {
        let verdicts: Vec<_> =
            policy.lists().map(|list| ListVerdict { list, decision: list.decide(now, *address) }).collect();
        let refused = verdicts.iter().any(|verdict| !verdict.decision.is_allowed());
        let _ = writeln!(text, "{address}: {}", if refused { "refused" } else { "allowed" });
        for verdict in &verdicts {
            let _ = writeln!(text, "  {verdict}");
        }
        clean &= !refused;
    }
    (text, clean)
}

/// A device or a pipe that never ends is no file of rules.
fn read(path: &str) -> std::io::Result<String> {
    let mut text = String::new();
    std::fs::File::open(path)?.take(MAX_BYTES.saturating_add(1)).read_to_string(&mut text)?;
    if u64::try_from(text.len()).is_ok_and(|length| length <= MAX_BYTES) {
        return Ok(text);
    }
    Err(std::io::Error::other(format!("more than {MAX_BYTES} bytes")))
}

fn read_instant(text: &str) -> Result<DateTime<Utc>, String> {
    text.parse().map_err(|_| format!("{text:?} is no instant such as 2026-12-01T00:00:00Z"))
}
