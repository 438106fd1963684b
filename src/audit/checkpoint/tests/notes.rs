//! Signed notes and keys, with the examples of github.com/C2SP/C2SP (signed-note.md) and of the tests of
//! golang.org/x/mod/sumdb/note.

use super::*;

const KEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const NOTE: &str = "This is an example message.\n\n\
    — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
const POEM: &str = "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n\
    — quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";

#[cfg(feature = "ed25519")]
#[test]
fn a_published_note_is_verified() {
    let trusted = Ed25519Verifier::new(&KEY.parse().unwrap()).unwrap();
    let note = Note::parse(NOTE).unwrap();
    let verified = note.verify(&[&trusted]).unwrap();
    assert_eq!((verified.known().len(), verified.unknown().len()), (1, 0));
    let other = Note::parse(&NOTE.replace("example message", "examp1e message")).unwrap();
    assert_eq!(other.verify(&[&trusted]), Err(CheckpointError::BadSignature));
    // Every bit of it, and none that still is a note is signed.
    for flipped in flips(NOTE) {
        let verified = Note::parse(&flipped).is_ok_and(|note| note.verify(&[&trusted]).is_ok());
        assert!(!verified, "{flipped:?}");
    }
}

#[cfg(feature = "ed25519")]
#[test]
fn a_key_signs_as_go_does() {
    use base64ct::{Base64, Encoding};

    // note_test.go: the key, its text and its signature.
    let secret = Base64::decode_vec("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz").unwrap();
    let seed: [u8; 32] = secret[1..].try_into().unwrap();
    let key = Ed25519Signer::from_seed(KeyName::try_new("PeterNeumann").unwrap(), &seed);
    assert_eq!(key.verifier_key().to_string(), "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
    let text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    let note = Note::unsigned(text).unwrap().sign(&key).unwrap();
    assert_eq!(
        note.to_string(),
        alloc::format!(
            "{text}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
        )
    );
    assert!(!alloc::format!("{key:?}").contains("129")); // 0x81, the first secret byte
}

#[test]
fn published_notes_are_written_as_they_are_read() {
    for text in [NOTE, POEM] {
        let note = Note::parse(text).unwrap();
        assert_eq!(note.to_string(), text);
        for flipped in flips(text) {
            if let Ok(other) = Note::parse(&flipped) {
                assert_eq!(other.to_string(), flipped);
                assert_ne!(other, note);
            }
        }
    }
    // The text may have empty lines of its own.
    assert!(Note::parse(POEM).unwrap().text().ends_with("\n\ned è subito sera.\n"));
}

#[test]
fn what_is_no_note_is_refused() {
    let signature = NOTE.split_once("\n\n").unwrap().1;
    let line = |number| Some(CheckpointError::Line { line: number, what: "a signature" });
    for (text, error) in [
        (String::new(), None),
        ("\n".into(), None),
        ("\n\n".into(), None),
        ("text\n".into(), None),
        ("text\n\n".into(), None),
        (NOTE.trim_end().into(), None),
        (NOTE.replace("\n\n", "\n"), None),
        (NOTE.replace("\n", "\r\n"), None),
        (NOTE.replace("example", "exam\tple"), None),
        (NOTE.replace("example", "exam\0ple"), None),
        (alloc::format!("{NOTE}\n"), None),
        (alloc::format!("{NOTE}garbage\n"), line(4)),
        (alloc::format!("{NOTE}{}", signature.replace("— ", "- ")), line(4)),
        (NOTE.replace("— ", "—  "), line(3)),
        (NOTE.replace("— ", "- "), line(3)),
        (NOTE.replace("example.com/foo ", ""), line(3)),
        (NOTE.replace("example.com/foo", "example.com+foo"), line(3)),
        (NOTE.replace("example.com/foo", "example.com\u{2003}foo"), line(3)),
        (NOTE.replace("aQM=", "aQM"), line(3)),
        (NOTE.replace("aQM=", "aQN="), line(3)), // spare bits
        (NOTE.replace("aQM=\n", "aQM= \n"), line(3)),
        ("text\n\n— a AAAA\n".into(), line(3)),     // three bytes are no key id
        ("text\n\n— a AAAAAA==\n".into(), line(3)), // four, and no signature
    ] {
        let refused = Note::parse(&text).unwrap_err();
        assert!(error.is_none_or(|error| error == refused), "{text:?}: {refused}");
    }
    // An empty text is a text: only checkpoints ask for more.
    assert_eq!(Note::parse(&alloc::format!("\n\n{signature}")).unwrap().text(), "\n");
}

#[test]
fn notes_are_bounded() {
    let signature = NOTE.split_once("\n\n").unwrap().1;
    let many = |count| alloc::format!("text\n\n{}", signature.repeat(count));
    assert_eq!(Note::parse(&many(16)).unwrap().signatures().len(), 16); // the least that must be accepted
    assert!(Note::parse(&many(MAX_SIGNATURES)).is_ok());
    assert_eq!(Note::parse(&many(MAX_SIGNATURES + 1)), Err(CheckpointError::Signatures));
    let long = "a".repeat(MAX_NOTE_BYTES);
    assert_eq!(
        Note::parse(&alloc::format!("{long}{NOTE}")),
        Err(CheckpointError::TooLong { found: long.len() + NOTE.len() })
    );
    let note = Note::parse(&many(MAX_SIGNATURES)).unwrap();
    assert_eq!(note.sign(&Toy::new("one.more", "a")), Err(SignError));
    let note = Note::unsigned(alloc::format!("{}\n", &long[1..])).unwrap();
    assert_eq!(note.sign(&Toy::new("too.long", "a")), Err(SignError));
}

#[test]
fn keys_are_read_strictly() {
    let key: VerifierKey = KEY.parse().unwrap();
    assert_eq!((key.id().to_string(), key.public_key().len()), ("530d903a".into(), 32));
    assert_eq!(key.to_string(), KEY);
    for flipped in flips(KEY) {
        // Another letter in the name alone would need another id: nothing that differs is a key.
        assert!(flipped.parse::<VerifierKey>().is_err(), "{flipped}");
    }
    for (text, error) in [
        // Both of signed-note's own tests: 33 bytes, and the type 0x65.
        (
            "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
            CheckpointError::Key { what: "the key is not in base64" },
        ),
        (
            "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            CheckpointError::Algorithm { found: 0x65 },
        ),
        (
            "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWAA==",
            CheckpointError::Key { what: "the key has the wrong length" },
        ),
        (
            "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            CheckpointError::Key { what: "the id is not that of the key" },
        ),
        (
            "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            CheckpointError::Key { what: "the id is not that of the key" },
        ),
        ("+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", CheckpointError::Name),
        ("Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", CheckpointError::Name),
        ("PeterNeumann+c74f20a3+", CheckpointError::Key { what: "the key is missing" }),
        ("PeterNeumann", CheckpointError::Key { what: "with two plus signs" }),
    ] {
        assert_eq!(text.parse::<VerifierKey>(), Err(error), "{text}");
    }
    assert!("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW".parse::<VerifierKey>().is_ok());
}

#[cfg(feature = "ed25519")]
#[test]
fn keys_that_make_signatures_mean_nothing_are_refused() {
    // RFC 8032: the neutral element, y = 1; of order 1.
    let mut neutral = [0; 32];
    neutral[0] = 1;
    for bytes in [neutral, [0; 32], [0xff; 32]] {
        let key = VerifierKey::ed25519(KeyName::try_new("weak").unwrap(), bytes);
        assert!(Ed25519Verifier::new(&key).is_err());
    }
}

#[test]
fn unknown_keys_are_ignored_and_listed() {
    let (ours, witness, stranger) = (Toy::new("ours", "a"), Toy::new("witness", "b"), Toy::new("stranger", "c"));
    let (renamed, other_id) = (Toy::new("renamed", "a"), Toy::new("ours", "d"));
    let note = Note::unsigned("text\n").unwrap().sign(&stranger).unwrap().sign(&ours).unwrap().sign(&witness).unwrap();
    let note = Note::parse(&note.to_string()).unwrap();
    let names =
        |signatures: &[&NoteSignature]| -> Vec<String> { signatures.iter().map(|s| s.name().to_string()).collect() };
    let verified = note.verify(&[&ours, &witness]).unwrap();
    assert_eq!(
        (names(verified.known()), names(verified.unknown())),
        (["ours", "witness"].map(String::from).to_vec(), ["stranger"].map(String::from).to_vec())
    );
    assert_eq!(note.verify(&[]), Err(CheckpointError::NoKnownKey));
    // Name and id are both of the key: one of them alone is another key.
    assert_eq!(note.verify(&[&renamed]), Err(CheckpointError::NoKnownKey));
    assert_eq!(note.verify(&[&other_id]), Err(CheckpointError::NoKnownKey));
    // A wrong signature of a known key is not made good by a right one.
    let forged = Note::unsigned("text\n").unwrap().sign(&ours).unwrap();
    let forged = forged.sign_with(witness.name.clone(), CheckpointSigner::id(&witness), Vec::from([1])).unwrap();
    assert_eq!(forged.verify(&[&ours, &witness]), Err(CheckpointError::BadSignature));
    assert!(forged.verify(&[&ours]).is_ok());
}
