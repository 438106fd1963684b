//! Keys that change.

use alloc::boxed::Box;

use super::*;

/// A key whose public half is its word's hash, and its signer.
fn key(word: &'static str) -> (VerifierKey, Toy) {
    let name = KeyName::try_new("audit.example.com/acme").unwrap();
    (VerifierKey::ed25519(name, *leaf_hash(word.as_bytes()).as_bytes()), Toy::new("audit.example.com/acme", word))
}

/// Signs with the toy, under the id of the key.
fn sign(note: Note, word: &'static str) -> Note {
    let (key, toy) = key(word);
    let signature = toy.sign(note.text().as_bytes()).unwrap();
    note.sign_with(key.name().clone(), key.id(), signature).unwrap()
}

struct Known(VerifierKey, Toy);

impl CheckpointVerifier for Known {
    fn name(&self) -> &KeyName {
        self.0.name()
    }

    fn id(&self) -> KeyId {
        self.0.id()
    }

    fn is_valid(&self, text: &[u8], signature: &[u8]) -> bool {
        self.1.is_valid(text, signature)
    }
}

fn verifier(wanted: &VerifierKey) -> Option<Box<dyn CheckpointVerifier>> {
    ["a", "b", "c"].into_iter().map(key).find(|(key, _)| key == wanted).map(|(key, toy)| Box::new(Known(key, toy)) as _)
}

fn change(
    at: u64,
    retires: Option<&'static str>,
    introduces: Option<&'static str>,
    signed_by: &[&'static str],
) -> Note {
    let keys = [retires, introduces].map(|word| word.map(|word| key(word).0));
    let [retires, introduces] = keys;
    let note = KeyChange::new(origin(), at, retires, introduces).unwrap().to_note().unwrap();
    let note = signed_by.iter().fold(note, |note, word| sign(note, word));
    Note::parse(&note.to_string()).unwrap()
}

fn words(history: &KeyHistory, size: u64) -> Vec<&'static str> {
    let valid: Vec<_> = history.valid_at(size).collect();
    ["a", "b", "c"].into_iter().filter(|word| valid.contains(&&key(word).0)).collect()
}

#[test]
fn a_successor_is_named_by_the_key_before_it() {
    let mut history = KeyHistory::new(origin(), key("a").0);
    history.apply(&change(10, Some("a"), Some("b"), &["a", "b"]), verifier).unwrap();
    assert_eq!(
        (words(&history, 9), words(&history, 10), words(&history, 11)),
        (alloc::vec!["a"], alloc::vec!["a", "b"], alloc::vec!["b"])
    );
    history.apply(&change(20, None, Some("c"), &["b", "c"]), verifier).unwrap();
    assert_eq!((words(&history, 19), words(&history, 20)), (alloc::vec!["b"], alloc::vec!["b", "c"]));
    history.apply(&change(30, Some("b"), None, &["b"]), verifier).unwrap();
    assert_eq!((words(&history, 30), words(&history, 31)), (alloc::vec!["b", "c"], alloc::vec!["c"]));
    assert_eq!(words(&history, 0), ["a"]); // the past stays what it was
    assert_eq!(history.periods().len(), 3);
}

#[test]
fn nobody_slips_in_a_key() {
    let mut history = KeyHistory::new(origin(), key("a").0);
    let unknown = CheckpointError::NoKnownKey;
    let not = |what| CheckpointError::Change { what };
    for (change, error) in [
        (change(10, Some("a"), Some("b"), &["b"]), unknown), // not by the one that goes
        (change(10, Some("a"), Some("b"), &["a"]), unknown), // not by the one that comes
        (change(10, None, Some("b"), &["b"]), not("no key in use has signed it")),
        (change(10, Some("b"), Some("c"), &["b", "c"]), not("the key that goes is not in use")),
        (change(10, Some("b"), None, &["b"]), not("the key that goes is not in use")),
        (change(10, None, Some("a"), &["a"]), not("the key that comes is known already")),
    ] {
        let before = history.clone();
        assert_eq!(history.apply(&change, verifier), Err(error), "{}", change.text());
        assert_eq!(history, before);
    }
    history.apply(&change(10, Some("a"), Some("b"), &["a", "b"]), verifier).unwrap();
    // Retired is retired; and nothing is said about what is past.
    let again = change(20, Some("a"), Some("c"), &["a", "c"]);
    assert_eq!(history.apply(&again, verifier), Err(not("the key that goes is not in use")));
    let earlier = change(9, Some("b"), Some("c"), &["b", "c"]);
    assert_eq!(history.apply(&earlier, verifier), Err(not("it comes before an earlier change")));
    let other = KeyHistory::new(Origin::try_new("another").unwrap(), key("a").0);
    assert_eq!(other.clone().apply(&change(10, Some("a"), None, &["a"]), verifier), Err(CheckpointError::Origin));
    assert!(KeyChange::new(origin(), 1, None, None).is_err());
    assert!(KeyChange::new(origin(), 1, Some(key("a").0), Some(key("a").0)).is_err());
}

#[test]
fn changes_are_read_strictly() {
    let change = KeyChange::new(origin(), 1000, Some(key("a").0), None).unwrap();
    let text = change.to_string();
    assert_eq!(text.parse(), Ok(change));
    assert!(text.ends_with("\nintroduces none\n"));
    for flipped in flips(&text) {
        if let Ok(other) = flipped.parse::<KeyChange>() {
            assert_eq!(other.to_string(), flipped);
        }
    }
    for (part, other) in [
        ("1000", "01000"),
        ("/1\n", "/2\n"),
        ("none\n", "none"),
        ("none\n", "none\n\n"),
        ("none", "None"),
        ("retires", "removes"),
    ] {
        assert!(text.replacen(part, other, 1).parse::<KeyChange>().is_err(), "{other}");
    }
}
