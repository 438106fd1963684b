//! `verify`: a bundle, what it is verified by, and the verdict.

use std::fs;

use clausework::audit::bundle::{Bundle, Slice, SliceReport};
use clausework::audit::checkpoint::{CheckpointVerifier, SignedCheckpoint, VerifierKey};
use clausework::audit::verify::{Report, Values, Verdict};

use super::keys::Verifier;

/// The exit code of a verdict.
pub(crate) const fn exit_code(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Verified(_) | Verdict::Redacted(_) | Verdict::Purged(_) => 0,
        Verdict::SelfConsistent(_) => 3,
        Verdict::UnknownKey | Verdict::UnknownVersion | Verdict::Malformed => 2,
        Verdict::Altered(_)
        | Verdict::MissingUnexplained(_)
        | Verdict::WithheldUnexplained(_)
        | Verdict::Truncated { .. }
        | Verdict::Forked(..) => 1,
    }
}

/// The verdict on a bundle, with what was counted if it could be read.
pub(crate) fn judge(
    bundle: &[u8],
    anchors: &[SignedCheckpoint],
    keys: Option<&[VerifierKey]>,
    wanted: Values,
) -> Result<Report, (Verdict, String)> {
    let malformed = |error: &dyn ToString| (Verdict::Malformed, error.to_string());
    let text = core::str::from_utf8(bundle).map_err(|error| malformed(&error))?;
    let bundle = Bundle::parse(text).map_err(|error| (error.verdict(), error.to_string()))?;
    let verifiers: Vec<Verifier> = keys.unwrap_or(bundle.keys()).iter().filter_map(Verifier::new).collect();
    let known: Vec<&dyn CheckpointVerifier> = verifiers.iter().map(|key| key as &dyn CheckpointVerifier).collect();
    Ok(bundle.verify_for(anchors, &known, wanted))
}

/// The same of a slice.
pub(crate) fn judge_slice(
    slice: &[u8],
    anchors: &[SignedCheckpoint],
    keys: Option<&[VerifierKey]>,
) -> Result<SliceReport, (Verdict, String)> {
    let text = core::str::from_utf8(slice).map_err(|error| (Verdict::Malformed, error.to_string()))?;
    let slice = Slice::parse(text).map_err(|error| (error.verdict(), error.to_string()))?;
    let verifiers: Vec<Verifier> = keys.unwrap_or(slice.keys()).iter().filter_map(Verifier::new).collect();
    let known: Vec<&dyn CheckpointVerifier> = verifiers.iter().map(|key| key as &dyn CheckpointVerifier).collect();
    Ok(slice.verify(anchors, &known))
}

/// What is printed, and the exit code.
pub(crate) fn run(path: &str, options: &[&str]) -> Result<(String, u8), String> {
    let read = |path: &str| fs::read(path).map_err(|error| format!("{path:?}: {error}"));
    let text = |path: &str| String::from_utf8(read(path)?).map_err(|_| format!("{path:?}: not UTF-8"));
    let (mut anchors, mut keys) = (Vec::new(), Vec::new());
    let mut wanted = Values::Shown;
    let mut options = options.iter();
    while let Some(option) = options.next() {
        if *option == "--without-values" {
            wanted = Values::NotShown;
            continue;
        }
        let value = options.next().ok_or_else(|| format!("{option:?} needs a file"))?;
        match *option {
            "--anchor" => {
                anchors.push(SignedCheckpoint::parse(&text(value)?).map_err(|error| format!("{value:?}: {error}"))?)
            }
            "--key" => {
                let key = text(value)?;
                keys.push(key.trim_end().parse::<VerifierKey>().map_err(|error| format!("{value:?}: {error}"))?);
            }
            _ => return Err(format!("unknown option {option:?}")),
        }
    }
    let by_keys = if keys.is_empty() { "by the keys it carries" } else { "by the keys given" };
    let without = if wanted == Values::NotShown { ", without the values" } else { "" };
    let (bytes, keys) = (read(path)?, Some(keys.as_slice()).filter(|keys| !keys.is_empty()));
    if core::str::from_utf8(&bytes).is_ok_and(Slice::is_slice) {
        return Ok(match judge_slice(&bytes, &anchors, keys) {
            Ok(report) => (format!("{report}, {by_keys}\n"), exit_code(report.verdict)),
            Err((verdict, why)) => (format!("{verdict} ({why})\n"), exit_code(verdict)),
        });
    }
    match judge(&bytes, &anchors, keys, wanted) {
        Ok(report) => {
            let anchored = anchored(report.verdict, &anchors);
            Ok((format!("{report}, {anchored}{by_keys}{without}\n"), exit_code(report.verdict)))
        }
        Err((verdict, why)) => Ok((format!("{verdict} ({why})\n"), exit_code(verdict))),
    }
}

/// Which checkpoint the verdict goes up to, and whose it is: what a bundle carries is its maker's word.
fn anchored(verdict: Verdict, anchors: &[SignedCheckpoint]) -> String {
    let Some(head) = verdict.anchor() else { return String::new() };
    let sizes: Vec<u64> = anchors.iter().map(|anchor| anchor.unverified().head().size()).collect();
    match sizes.iter().max() {
        None => "up to the checkpoint the bundle carries, with none from outside, ".to_owned(),
        Some(largest) if *largest == head.size() => "up to the checkpoint given, ".to_owned(),
        Some(largest) => {
            format!("up to the checkpoint the bundle carries, which continues the one given of {largest}, ")
        }
    }
}
