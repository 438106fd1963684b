//! A log whose beginning was purged: what stays of it in a bundle, and what an older checkpoint still says.

use super::*;
use crate::audit::checkpoint::LogProof;
use crate::audit::record::tests::range;
use crate::audit::record::{Basis, Ground, List, Purge, Reach};
use crate::audit::tree::Prover;

struct Collapsed {
    /// The heads of every size.
    heads: Vec<TreeHead>,
    /// From size 3 to size 8, made before the collapse.
    consistency: ConsistencyProof,
    bundle: Bundle,
}

/// Eight records: of access 0 to 3, a hold on record 2 as record 4, access 5, the intent to collapse to 4 as record 6,
/// and access 7. Then the collapse; the bundle has a checkpoint of all, and record 2 with its proof to it.
fn collapsed() -> Collapsed {
    let ground = Ground::new(Basis::RetentionEnded);
    let mut log = Log::default();
    let mut heads = alloc::vec![log.head()];
    let ranges = [range(2, 3)];
    for index in 0..8 {
        match index {
            4 => {
                let reach = Reach::Ranges(List::from(&ranges));
                log.control(day(1), Body::HoldSet { hold: "h-1", reach, ground })
            }
            6 => {
                let what = Purge::Prefix { minimum_index: 4 };
                log.control(day(200), Body::PurgeIntent { what, youngest: day(0).timestamp(), ground })
            }
            _ => log.event(day(0), Class::Access, None, true),
        };
        heads.push(log.head());
    }
    let nodes = log.nodes();
    let prover = Prover::new(&nodes, 8).unwrap();
    let consistency = prover.consistency(3).unwrap();
    let proof = LogProof::new(&prover.inclusion(2).unwrap(), signed(heads[8], &[&key(1)])).unwrap();
    let kept = log.rows().nth(2).unwrap().1.clone();
    log.collapse(4);
    let mut bundle = bundle_of(&log);
    bundle.add_kept(kept.body.unwrap(), kept.values, &proof);
    Collapsed { heads, consistency, bundle }
}

fn lines(bundle: &Bundle) -> Vec<String> {
    bundle.to_string().split_inclusive('\n').map(String::from).collect()
}

fn verdict(lines: &[String], anchors: &[SignedCheckpoint]) -> Verdict {
    let (key, text) = (verifier(&key(1)), lines.concat());
    Bundle::parse(&text).map_or_else(|error| error.verdict(), |read| read.verify(anchors, &[&key]).verdict)
}

#[test]
fn a_held_record_comes_with_its_proof() {
    let Collapsed { heads, bundle, .. } = collapsed();
    assert_eq!(judge(&bundle, &[], &[&key(1)]), Verdict::Purged(heads[8]));
    assert_eq!(bundle.records().next().unwrap().0, 2);
    let whole = lines(&bundle);
    let kept = whole.iter().position(|line| line.starts_with("kept 2 8 ")).unwrap();
    let mut without = whole.clone();
    without.drain(kept..kept + 6); // three hashes and two values follow
    assert_eq!(verdict(&without, &[]), Verdict::MissingUnexplained(2));
    let mut withheld = whole.clone();
    withheld.remove(kept + 5);
    assert_eq!(verdict(&withheld, &[]), Verdict::WithheldUnexplained(2));
    // Passed off as another, or as one that is there still.
    for index in ["1", "3"] {
        let mut other = whole.clone();
        other[kept] = whole[kept].replace("kept 2 ", &alloc::format!("kept {index} "));
        assert!(!verdict(&other, &[]).is_sound(), "{index}: {}", verdict(&other, &[]));
    }
    let mut other = whole.clone();
    other[kept] = whole[kept].replace("kept 2 8", "kept 2 7");
    assert_eq!(verdict(&other, &[]), Verdict::Malformed, "no checkpoint of that size");
}

#[test]
fn any_bit_of_a_kept_record_and_of_a_proof_matters() {
    let Collapsed { heads, consistency, mut bundle, .. } = collapsed();
    bundle.add_checkpoint(signed(heads[3], &[&key(1)]));
    bundle.add_consistency(consistency);
    assert_eq!(judge(&bundle, &[], &[&key(1)]), Verdict::Purged(heads[8]));
    let mut bytes = bundle.to_string().into_bytes();
    let known = verifier(&key(1));
    let mut named = 0;
    for at in 0..bytes.len() {
        for bit in 0..8 {
            bytes[at] ^= 1 << bit;
            let verdict = core::str::from_utf8(&bytes).map_or(Verdict::Malformed, |text| {
                Bundle::parse(text).map_or_else(|error| error.verdict(), |read| read.verify(&[], &[&known]).verdict)
            });
            bytes[at] ^= 1 << bit;
            assert!(!verdict.is_sound(), "byte {at} bit {bit}: {verdict}");
            assert!(!matches!(verdict, Verdict::SelfConsistent(_)), "byte {at} bit {bit}: {verdict}");
            named += usize::from(verdict == Verdict::Altered(2));
        }
    }
    assert!(named > 300, "{named}");
}

#[test]
fn an_older_checkpoint_is_answered_by_a_proof_that_was_stored() {
    let Collapsed { heads, consistency, bundle } = collapsed();
    let old = [signed(heads[3], &[&key(1)])];
    assert_eq!(judge(&bundle, &old, &[&key(1)]), Verdict::SelfConsistent(heads[8]), "it cannot be met");
    let mut proven = bundle.clone();
    proven.add_consistency(consistency);
    assert_eq!(judge(&proven, &old, &[&key(1)]), Verdict::Purged(heads[8]));
    // The proof is of something that the bundle has: with the older checkpoint in it, anyone can check it.
    assert_eq!(judge(&proven, &[], &[&key(1)]), Verdict::Malformed);
    proven.add_checkpoint(old[0].clone());
    assert_eq!(judge(&proven, &[], &[&key(1)]), Verdict::Purged(heads[8]));
    assert_eq!(judge(&proven, &old, &[&key(1)]), Verdict::Purged(heads[8]));
    // Another history of the same size, from outside: both heads are signed, and that is the evidence.
    let mut other = Log::of(2);
    other.event(day(3), Class::Access, None, false);
    let forked = [signed(other.head(), &[&key(1)])];
    assert_eq!(judge(&proven, &forked, &[&key(1)]), Verdict::Forked(heads[3], other.head()));
    // One of a size between, without a proof.
    assert_eq!(judge(&proven, &[signed(heads[2], &[&key(1)])], &[&key(1)]), Verdict::SelfConsistent(heads[8]));
}

#[test]
fn a_change_of_keys_outlives_the_beginning_it_stood_in() {
    let (old, new) = (key(1), key(2));
    let (mut log, heads) = changed_log(5, Some(&old), Some(&new));
    let nodes = log.nodes();
    let vouched = signed(heads[5], &[&old]);
    let proof = Prover::new(&nodes, 5).unwrap().inclusion(3).unwrap();
    let proof = LogProof::new(&proof, vouched).unwrap();
    let change = log.rows().nth(3).unwrap().1.body.clone().unwrap();
    let what = Purge::Prefix { minimum_index: 4 };
    let ground = Ground::new(Basis::RetentionEnded);
    log.control(day(200), Body::PurgeIntent { what, youngest: day(1).timestamp(), ground });
    log.collapse(4);
    let head = log.head();
    for (signer, sound) in [(&new, true), (&old, false)] {
        let mut bundle = bundle_of(&log);
        bundle.add_checkpoint(signed(head, &[signer]));
        bundle.add_kept(change.clone(), Vec::new(), &proof);
        let expected = if sound { Verdict::Purged(head) } else { Verdict::UnknownKey };
        assert_eq!(judge(&bundle, &[], &[&old, &new]), expected);
    }
}
