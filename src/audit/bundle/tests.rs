#![cfg(feature = "ed25519")]

use alloc::string::{String, ToString};

use super::*;
use crate::audit::checkpoint::{Checkpoint, Ed25519Signer, Ed25519Verifier};
use crate::audit::verify::tests::log::{Log, day};

/// Who signs a checkpoint is told by the log: a key that went signs no more, and one that comes did not sign before.
#[test]
fn a_key_signs_only_the_sizes_that_the_log_says() {
    let origin = Origin::try_new("audit.example.com/acme").unwrap();
    let key = |seed| Ed25519Signer::from_seed(origin.key_name().unwrap(), &[seed; 32]);
    let (old, new) = (key(1), key(2));
    let (retired, added) = (old.verifier_key().to_string(), new.verifier_key().to_string());
    let verdict = |from_size: u64, signers: &[&Ed25519Signer]| {
        let mut log = Log::of(3);
        log.control(day(1), Body::KeyChange { retired: Some(&retired), added: Some(&added), from_size });
        let mut bundle = Bundle::new(origin.clone(), Values::Shown);
        let signers: Vec<_> =
            signers.iter().map(|key| *key as &dyn crate::audit::checkpoint::CheckpointSigner).collect();
        bundle.add_checkpoint(Checkpoint::new(origin.clone(), log.head()).sign(&signers).unwrap());
        log.records()
            .for_each(|record| bundle.add_record(record.place().index(), record.as_bytes().to_vec(), Vec::new()));
        let keys = [&old, &new].map(|key| Ed25519Verifier::new(&key.verifier_key()).unwrap());
        let report = Bundle::parse(&bundle.to_string()).unwrap().verify(&[], &[&keys[0], &keys[1]]);
        (report.verdict, log.head())
    };
    for (from_size, signers, sound) in [
        (3, &[&new][..], true),
        (3, &[&old], false),
        (3, &[&old, &new], false),
        (4, &[&old], true),
        (4, &[&new], true),
        (4, &[&old, &new], true),
        (5, &[&old], true),
        (5, &[&new], false),
    ] {
        let (verdict, head) = verdict(from_size, signers);
        let expected = if sound { Verdict::Verified(head) } else { Verdict::UnknownKey };
        assert_eq!(verdict, expected, "from {from_size}, {} signers", signers.len());
    }
}

/// No header and nothing else in the file excuses a value: who verifies says what is to be there.
#[test]
fn a_file_does_not_say_which_values_may_be_gone() {
    let origin = Origin::try_new("audit.example.com/acme").unwrap();
    let key = Ed25519Signer::from_seed(origin.key_name().unwrap(), &[1; 32]);
    let known = Ed25519Verifier::new(&key.verifier_key()).unwrap();
    let mut log = Log::of(1);
    let index = log.event(day(0), crate::audit::record::Class::Access, None, true);
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
    let origin = Origin::try_new("audit.example.com/acme").unwrap();
    let key = Ed25519Signer::from_seed(origin.key_name().unwrap(), &[1; 32]);
    let known = Ed25519Verifier::new(&key.verifier_key()).unwrap();
    let right = key.verifier_key().to_string();
    let damaged = alloc::format!("{right}=");
    for (added, sound) in [(&right, true), (&damaged, false)] {
        let mut log = Log::of(1);
        log.control(day(1), Body::KeyChange { retired: None, added: Some(added), from_size: 1 });
        let mut bundle = Bundle::new(origin.clone(), Values::Shown);
        bundle.add_checkpoint(Checkpoint::new(origin.clone(), log.head()).sign(&[&key]).unwrap());
        log.rows().for_each(|(index, row)| bundle.add_record(index, row.body.clone().unwrap(), Vec::new()));
        let expected = if sound { Verdict::Verified(log.head()) } else { Verdict::Malformed };
        assert_eq!(bundle.verify(&[], &[&known]).verdict, expected);
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
    log.event(day(1), crate::audit::record::Class::Access, None, false);
    let mut bundle = Bundle::new(origin.clone(), Values::Shown);
    log.rows().for_each(|(index, row)| bundle.add_record(index, row.body.clone().unwrap(), Vec::new()));
    let anchors = core::slice::from_ref(&anchor);
    assert_eq!(bundle.verify(anchors, &[&known]).verdict, Verdict::SelfConsistent(log.head()));
    // With a checkpoint of its own that is no later, the file is not as it is written.
    bundle.add_checkpoint(anchor.clone());
    assert_eq!(bundle.verify(anchors, &[&known]).verdict, Verdict::Malformed);
}
