//! Measures Argon2id on this machine and recommends a cost.
//!
//! ```text
//! cargo run --release --example calibrate -- --target-ms 50 --memory-mib 64
//! cargo run --release --example calibrate -- --target-ms 50 --memory-mib 64 --json
//! ```
//!
//! `--target-ms` is how long one hash may take, `--memory-mib` how much memory all of them together may.
//!
//! Every set is one that the OWASP Password Storage Cheat Sheet or RFC 9106 section 4 gives, or an OWASP set with more
//! passes, all on one lane (p=1): the second of RFC 9106 is measured so, its first, of 2 GiB, not at all. The last column is what a thief of the database pays on one core of this machine with the same code:
//! graphics cards and faster code change the figure, not the order.

use core::fmt::Write as _;
use core::time::Duration;
use std::io::Write as _;
use std::process::ExitCode;
use std::time::Instant;

use clausework::Secret;
use clausework::entropy::OsEntropy;
use clausework::hashing::{HashCost, HashMemory, HashPolicy, Hasher};

const USAGE: &str = "usage: calibrate [--target-ms 1..=10000] [--memory-mib 7..=4096] [--json]";

/// What the figures do not say: printed with the help and under the table.
const LANES: &str = "Every set is measured on one lane. Of the sets of RFC 9106 section 4, which have four, the second \
                     (64 MiB, t=3) is measured as p=1 and the first (2 GiB, t=1) not at all.";

struct Options {
    target_ms: u32,
    memory_mib: u32,
    json: bool,
}

/// One set and what it took.
struct Measured {
    cost: HashCost,
    ms: f64,
}

fn main() -> ExitCode {
    // Arguments are quoted with {:?} below, so that nothing in them reaches the terminal unescaped.
    let args: Vec<String> = std::env::args_os().skip(1).map(|arg| arg.to_string_lossy().into_owned()).collect();
    let answer = match read(&args) {
        Ok(None) => Ok(format!("{USAGE}\n\n{LANES}\n")),
        Ok(Some(options)) => run(&options),
        Err(message) => Err((2, message)),
    };
    match answer {
        Ok(text) => {
            // A reader that closes the pipe early, such as `head -1`, has what it wanted.
            let _ = std::io::stdout().write_all(text.as_bytes());
            ExitCode::SUCCESS
        }
        Err((code, message)) => {
            let _ = writeln!(std::io::stderr(), "{message}");
            ExitCode::from(code)
        }
    }
}

/// `None` asks for help.
fn read(args: &[String]) -> Result<Option<Options>, String> {
    let mut options = Options { target_ms: 50, memory_mib: 64, json: false };
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        let mut number = |least: u32, most: u32| {
            let value = rest.next().map_or("", String::as_str);
            let number = value.parse::<u32>().ok().filter(|number| (least..=most).contains(number));
            number.ok_or_else(|| format!("{arg} needs a whole number from {least} to {most}, not {value:?}; {USAGE}"))
        };
        match arg.as_str() {
            "--help" | "-h" => return Ok(None),
            "--json" => options.json = true,
            "--target-ms" => options.target_ms = number(1, 10_000)?,
            "--memory-mib" => options.memory_mib = number(7, 4_096)?,
            _ => return Err(format!("unknown argument {arg:?}; {USAGE}")),
        }
    }
    Ok(Some(options))
}

fn run(options: &Options) -> Result<String, (u8, String)> {
    let budget_kib = options.memory_mib.saturating_mul(1024);
    let mut measured = Vec::new();
    for cost in candidates(budget_kib) {
        measured.push(measure(cost, options.memory_mib).map_err(|message| (1, message))?);
    }
    let target = f64::from(options.target_ms);
    // The dearest for an attacker that keeps to the target; if none does, the quickest. All are safe.
    let within = measured.iter().filter(|set| set.ms <= target).max_by(|a, b| area(a).total_cmp(&area(b)));
    let best = within.or_else(|| measured.iter().min_by(|a, b| a.ms.total_cmp(&b.ms)));
    let best = best.ok_or((1, "no set fits the memory".to_owned()))?.cost;
    if options.json {
        return Ok(json(&measured, best));
    }
    Ok(table(&measured, best, options, within.is_some()))
}

/// Memory times time: what guessing in parallel has to pay for.
fn area(set: &Measured) -> f64 {
    f64::from(set.cost.m_kib) * set.ms
}

/// Sets of OWASP; RFC 9106 section 4, second recommendation, on one lane; and more passes over the OWASP memories.
fn candidates(budget_kib: u32) -> Vec<HashCost> {
    let mut sets = HashCost::OWASP.to_vec();
    sets.push(HashCost { m_kib: 65_536, t: 3, p: 1 });
    for m_kib in [19_456, 47_104] {
        sets.extend([2, 3, 4, 6, 8].map(|t| HashCost { m_kib, t, p: 1 }));
    }
    sets.retain(|cost| cost.m_kib <= budget_kib);
    sets.sort_by_key(|cost| (cost.m_kib, cost.t));
    sets.dedup();
    sets
}

/// The median of warm hashes, for at least three and a quarter of a second.
fn measure(cost: HashCost, memory_mib: u32) -> Result<Measured, String> {
    let policy = HashPolicy::builder().cost(cost).memory_mib(memory_mib).build().map_err(|error| error.to_string())?;
    let (hasher, mut memory) = (Hasher::new(policy), HashMemory::default());
    let password = Secret::from("correct horse battery staple");
    let stored = hasher.hash_with(&mut memory, &mut OsEntropy, &password).map_err(|error| error.to_string())?;
    let (mut times, started) = (Vec::new(), Instant::now());
    while times.len() < 3 || (started.elapsed() < Duration::from_millis(250) && times.len() < 31) {
        let start = Instant::now();
        match hasher.verify_with(&mut memory, &password, &stored) {
            Ok(true) => times.push(start.elapsed()),
            Ok(false) => return Err("this machine computes two hashes of one password".to_owned()),
            Err(error) => return Err(error.to_string()),
        }
    }
    times.sort_unstable();
    let middle = times.get(times.len() / 2).copied().unwrap_or_default();
    Ok(Measured { cost, ms: middle.as_secs_f64() * 1000.0 })
}

/// Years of one core for a thousand million guesses: the size of a good list of leaked passwords.
fn core_years(ms: f64) -> f64 {
    ms * 1e9 / 1000.0 / (365.25 * 24.0 * 3600.0)
}

fn table(measured: &[Measured], best: HashCost, options: &Options, within: bool) -> String {
    let mut text = String::from(
        "   m KiB   t  p    ms/hash  hashes/s per core   MiB each  at once  attacker: guesses/s per core, core-years for 10^9\n",
    );
    for Measured { cost, ms } in measured {
        let mark = if *cost == best { '*' } else { ' ' };
        let per_second = 1000.0 / ms.max(0.001);
        let at_once = options.memory_mib.saturating_mul(1024).checked_div(cost.m_kib).unwrap_or_default();
        let _ = writeln!(
            text,
            "{mark} {:>6} {:>3} {:>2} {ms:>10.1} {per_second:>18.1} {:>10.1} {at_once:>8} {per_second:>14.1} {:>14.2}",
            cost.m_kib,
            cost.t,
            cost.p,
            f64::from(cost.m_kib) / 1024.0,
            core_years(*ms),
        );
    }
    let why = if within { "the most memory x time within" } else { "no set keeps to the target: the quickest, above" };
    let _ = writeln!(text, "\n* recommended: {best} ({why} {} ms, in {} MiB)", options.target_ms, options.memory_mib);
    let _ = writeln!(
        text,
        "  HashPolicy::builder().cost(HashCost {{ m_kib: {}, t: {}, p: {} }}).memory_mib({})",
        best.m_kib, best.t, best.p, options.memory_mib
    );
    if let Ok(cores) = std::thread::available_parallelism() {
        let twice = f64::from(best.m_kib) / 1024.0 * cores.get() as f64 * 2.0;
        let _ = writeln!(
            text,
            "  {twice:.0} MiB hold two hashes for each of the {cores} cores here: with less than that, cores idle when many \
             sign in at once; with more, hashes share the cores and finish no sooner."
        );
    }
    let _ = writeln!(text, "  {LANES}");
    if cfg!(debug_assertions) {
        text.push_str("  This is an unoptimised build: run it with --release.\n");
    }
    text
}

fn json(measured: &[Measured], best: HashCost) -> String {
    let set = |Measured { cost, ms }: &Measured| {
        serde_json::json!({
            "m_kib": cost.m_kib, "t": cost.t, "p": cost.p,
            "ms": (ms * 1000.0).round() / 1000.0,
            "hashes_per_second": (1e6 / ms.max(0.001)).round() / 1000.0,
            "mib": f64::from(cost.m_kib) / 1024.0,
            "core_years_per_1e9_guesses": (core_years(*ms) * 1000.0).round() / 1000.0,
        })
    };
    let sets: Vec<_> = measured.iter().map(set).collect();
    let best = serde_json::json!({ "m_kib": best.m_kib, "t": best.t, "p": best.p });
    format!("{}\n", serde_json::json!({ "sets": sets, "recommended": best }))
}
