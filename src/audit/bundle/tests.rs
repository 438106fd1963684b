#![cfg(feature = "ed25519")]

mod collapsed;
mod slices;

use alloc::string::{String, ToString};

use super::*;
use crate::audit::checkpoint::{Checkpoint, CheckpointSigner, Ed25519Signer, Ed25519Verifier};
use crate::audit::record::tests::essentials;
use crate::audit::record::{Body, Class, Draft, Essentials};
use crate::audit::verify::tests::log::{Log, day};

fn origin() -> Origin {
    Origin::try_new("audit.example.com/acme").unwrap()
}

fn key(seed: u8) -> Ed25519Signer {
    Ed25519Signer::from_seed(origin().key_name().unwrap(), &[seed; 32])
}

fn verifier(key: &Ed25519Signer) -> Ed25519Verifier {
    Ed25519Verifier::new(&key.verifier_key()).unwrap()
}

fn signed(head: TreeHead, signers: &[&Ed25519Signer]) -> SignedCheckpoint {
    let signers: Vec<_> = signers.iter().map(|key| *key as &dyn CheckpointSigner).collect();
    Checkpoint::new(origin(), head).sign(&signers).unwrap()
}

/// The rows of a log as they are, without a checkpoint.
fn bundle_of(log: &Log) -> Bundle {
    let mut bundle = Bundle::new(origin(), Values::Shown);
    bundle.begin_after(log.before().clone());
    for (index, row) in log.rows() {
        match &row.body {
            Some(bytes) => bundle.add_stored(index, row.leaf, bytes.clone(), row.values.clone()),
            None => bundle.add_purged(index, row.leaf),
        }
    }
    bundle
}

fn judge(bundle: &Bundle, anchors: &[SignedCheckpoint], keys: &[&Ed25519Signer]) -> Verdict {
    let verifiers: Vec<_> = keys.iter().map(|key| verifier(key)).collect();
    let known: Vec<_> = verifiers.iter().map(|key| key as &dyn CheckpointVerifier).collect();
    let text = bundle.to_string();
    let read = Bundle::parse(&text).unwrap();
    assert_eq!(read, *bundle);
    read.verify(anchors, &known).verdict
}

/// Records 0 to 2, the change of keys as record 3, and records 4 and 5. The heads of every size.
fn changed_log(from_size: u64, retired: Option<&Ed25519Signer>, added: Option<&Ed25519Signer>) -> (Log, Vec<TreeHead>) {
    let text = |key: Option<&Ed25519Signer>| key.map(|key| key.verifier_key().to_string());
    let (retired, added) = (text(retired), text(added));
    let mut log = Log::default();
    let mut heads = alloc::vec![log.head()];
    for index in 0..6 {
        match index {
            3 => {
                let (retired, added) = (retired.as_deref(), added.as_deref());
                log.control(day(1), Body::KeyChange { retired, added, from_size })
            }
            _ => log.event(day(1), Class::Access, None, false),
        };
        heads.push(log.head());
    }
    (log, heads)
}

/// Who signs a checkpoint is told by the log: a key that went signs no more, and one that comes signs when the one that
/// goes has signed a checkpoint over the change, of a size that was still its own.
#[test]
fn a_key_signs_only_the_sizes_that_the_log_says() {
    let (old, new) = (key(1), key(2));
    let (o, n) = (&[&old][..], &[&new][..]);
    let both: &[_] = &[&old, &new];
    type Signed<'a> = &'a [(usize, &'a [&'a Ed25519Signer])];
    let cases: &[(u64, Signed<'_>, bool)] = &[
        (4, &[(4, o), (6, n)], true),
        (5, &[(4, o), (6, n)], true),
        (5, &[(5, o), (5, n), (6, n)], true),
        (5, &[(5, both), (6, n)], true),
        (6, &[(6, both)], true),
        (6, &[(6, o)], true),
        (7, &[(6, o)], true),             // the change is yet to come
        (7, &[(5, o), (6, n)], false),    // too early for the new one
        (5, &[(6, o)], false),            // too late for the old one
        (5, &[(5, o), (6, both)], false), // too late for the old one beside the new one
        (5, &[(6, n)], false),            // the old one has said nothing
        (5, &[(3, o), (6, n)], false),    // it has, before the change was there
        (3, &[(3, o), (6, n)], false),    // from a size that does not have the change
        (5, &[(5, n), (6, n)], false),    // the new one for itself
    ];
    for (from_size, checkpoints, sound) in cases {
        let (log, heads) = changed_log(*from_size, Some(&old), Some(&new));
        let mut bundle = bundle_of(&log);
        for (size, signers) in *checkpoints {
            bundle.add_checkpoint(signed(heads[*size], signers));
        }
        let expected = if *sound { Verdict::Verified(log.head()) } else { Verdict::UnknownKey };
        let sizes: Vec<_> = checkpoints.iter().map(|(size, signers)| (size, signers.len())).collect();
        assert_eq!(judge(&bundle, &[], both), expected, "from {from_size}: {sizes:?}");
        if *sound && checkpoints.last().unwrap().1[0].verifier_key() == new.verifier_key() {
            assert_eq!(judge(&bundle, &[], n), Verdict::UnknownKey, "by the new key alone");
        }
    }
}

#[test]
fn a_key_beside_another_is_vouched_for_by_it() {
    let (old, new) = (key(1), key(2));
    let (log, heads) = changed_log(5, None, Some(&new));
    for (vouched, sound) in [(&old, true), (&new, false)] {
        let mut bundle = bundle_of(&log);
        bundle.add_checkpoint(signed(heads[5], &[vouched]));
        bundle.add_checkpoint(signed(heads[6], &[&new]));
        let expected = if sound { Verdict::Verified(heads[6]) } else { Verdict::UnknownKey };
        assert_eq!(judge(&bundle, &[], &[&old, &new]), expected);
    }
    // Too late: the new key signed before anyone had vouched for it.
    let mut bundle = bundle_of(&log);
    bundle.add_checkpoint(signed(heads[5], &[&new]));
    bundle.add_checkpoint(signed(heads[6], &[&old]));
    assert_eq!(judge(&bundle, &[], &[&old, &new]), Verdict::UnknownKey);
    // The one that goes is to agree, not another that signs too.
    let (other, (changed, of)) = (key(3), changed_log(5, Some(&old), Some(&new)));
    for (vouched, sound) in [(&old, true), (&other, false)] {
        let mut bundle = bundle_of(&changed);
        bundle.add_checkpoint(signed(of[5], &[vouched]));
        bundle.add_checkpoint(signed(of[6], &[&new]));
        let expected = if sound { Verdict::Verified(of[6]) } else { Verdict::UnknownKey };
        assert_eq!(judge(&bundle, &[], &[&old, &new, &other]), expected);
    }
    // What vouches may come from outside.
    let mut bundle = bundle_of(&log);
    bundle.add_checkpoint(signed(heads[6], &[&new]));
    let outside = [signed(heads[5], &[&old])];
    assert_eq!(judge(&bundle, &outside, &[&old, &new]), Verdict::Verified(heads[6]));
}

/// No header and nothing else in the file excuses a value: who verifies says what is to be there.
#[test]
fn a_file_does_not_say_which_values_may_be_gone() {
    let origin = Origin::try_new("audit.example.com/acme").unwrap();
    let key = Ed25519Signer::from_seed(origin.key_name().unwrap(), &[1; 32]);
    let known = Ed25519Verifier::new(&key.verifier_key()).unwrap();
    let mut log = Log::of(1);
    let index = log.event(day(0), Class::Access, None, true);
    let build = |values| {
        let mut bundle = Bundle::new(origin.clone(), values);
        bundle.add_checkpoint(Checkpoint::new(origin.clone(), log.head()).sign(&[&key]).unwrap());
        for (index, row) in log.rows() {
            bundle.add_stored(index, row.leaf, row.body.clone().unwrap(), row.values.clone());
        }
        bundle.to_string()
    };
    let verdict = |text: &str, wanted| Bundle::parse(text).unwrap().verify_for(&[], &[&known], wanted).verdict;
    let whole = build(Values::Shown);
    let without: String = build(Values::NotShown);
    let edited: String = whole
        .replace("values shown\n", "values not shown\n")
        .split_inclusive('\n')
        .filter(|line| !line.starts_with("value "))
        .collect();
    assert_eq!(edited, without);
    assert_eq!(Bundle::parse(&edited).unwrap().verify(&[], &[&known]).verdict, Verdict::WithheldUnexplained(index));
    assert_eq!(verdict(&edited, Values::Shown), Verdict::WithheldUnexplained(index));
    assert_eq!(verdict(&edited, Values::NotShown), Verdict::Verified(log.head()));
    assert_eq!(verdict(&whole, Values::Shown), Verdict::Verified(log.head()));
    assert_eq!(verdict(&whole, Values::NotShown), Verdict::Verified(log.head()));
    let headed = whole.replace("values shown\n", "values not shown\n");
    assert!(matches!(Bundle::parse(&headed), Err(BundleError::Line { what: "a value where none is shown", .. })));
}

/// A change of keys that cannot be read is not passed over: the key that it retires would sign on.
#[test]
fn a_change_of_keys_that_cannot_be_read_is_a_fault() {
    let (old, new) = (key(1), key(2));
    let (log, _) = changed_log(5, Some(&old), Some(&new));
    let mut damaged = Log::default();
    for record in log.records() {
        let mut bytes = record.as_bytes().to_vec();
        let text = new.verifier_key().to_string();
        if let Some(at) = bytes.windows(text.len()).position(|part| part == text.as_bytes()) {
            bytes[at + text.len() - 1] = b'='; // no more base64 of 33 bytes
        }
        damaged.append_bytes(bytes);
    }
    for (log, expected) in [(&log, Verdict::Verified(log.head())), (&damaged, Verdict::Malformed)] {
        let mut bundle = bundle_of(log);
        bundle.add_checkpoint(signed(log.head(), &[&new]));
        let (_, heads) = changed_log(5, Some(&old), Some(&new));
        if expected != Verdict::Malformed {
            bundle.add_checkpoint(signed(heads[5], &[&old]));
        }
        assert_eq!(judge(&bundle, &[], &[&old, &new]), expected);
    }
}

/// An old checkpoint from elsewhere does not vouch for what came after it, and is nothing wrong with the file.
#[test]
fn beyond_an_older_anchor_a_bundle_without_its_own_is_self_consistent() {
    let origin = Origin::try_new("audit.example.com/acme").unwrap();
    let key = Ed25519Signer::from_seed(origin.key_name().unwrap(), &[1; 32]);
    let known = Ed25519Verifier::new(&key.verifier_key()).unwrap();
    let mut log = Log::of(3);
    let anchor = Checkpoint::new(origin.clone(), log.head()).sign(&[&key]).unwrap();
    log.event(day(1), Class::Access, None, false);
    let mut bundle = Bundle::new(origin.clone(), Values::Shown);
    log.rows().for_each(|(index, row)| bundle.add_record(index, row.body.clone().unwrap(), Vec::new()));
    let anchors = core::slice::from_ref(&anchor);
    assert_eq!(bundle.verify(anchors, &[&known]).verdict, Verdict::SelfConsistent(log.head()));
    // With a checkpoint of its own that is no later, the file is not as it is written.
    bundle.add_checkpoint(anchor.clone());
    assert_eq!(bundle.verify(anchors, &[&known]).verdict, Verdict::Malformed);
}
