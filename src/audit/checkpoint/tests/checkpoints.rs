//! Checkpoints, with the example of github.com/C2SP/C2SP (tlog-checkpoint.md).

use super::*;

const PUBLISHED: &str = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\
    — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";

#[test]
fn the_published_checkpoint_is_read() {
    let checkpoint = SignedCheckpoint::parse(PUBLISHED).unwrap();
    let head = checkpoint.unverified().head();
    assert_eq!(checkpoint.unverified().origin().as_str(), "example.com/behind-the-sofa");
    assert_eq!(
        (head.size(), head.root().to_base64()),
        (20_852_163, "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=".into())
    );
    assert_eq!(checkpoint.to_string(), PUBLISHED);
    let key = Toy::new("example.com/behind-the-sofa", "not its key");
    let log = checkpoint.unverified().origin().clone();
    assert_eq!(checkpoint.verify(&log, &[&key]), Err(CheckpointError::NoKnownKey));
}

#[test]
fn a_checkpoint_is_verified_by_its_log_and_key() {
    let (key, other) = (Toy::new("audit.example.com/acme", "a"), Toy::new("witness", "b"));
    let checkpoint = signed(5, &[&key, &other]);
    let verified = checkpoint.verify(&origin(), &[&key]).unwrap();
    assert_eq!((verified.head(), verified.signatures().len(), verified.unknown().len()), (log(5).head(), 1, 1));
    let globex = Origin::try_new("audit.example.com/globex").unwrap();
    assert_eq!(checkpoint.verify(&globex, &[&key]), Err(CheckpointError::Origin));
    assert_eq!(Checkpoint::new(origin(), log(5).head()).sign(&[]), Err(SignError));
    // Whatever bit is flipped, what is still a checkpoint is not signed.
    let text = signed(5, &[&key]).to_string();
    for flipped in flips(&text) {
        let verified = SignedCheckpoint::parse(&flipped).map(|other| other.verify(&origin(), &[&key]).is_ok());
        assert_ne!(verified, Ok(true), "{flipped}");
    }
}

#[test]
fn checkpoints_are_read_strictly() {
    let root = log(2).head().root().to_base64();
    let text = |origin: &str, size: &str, root: &str, more: &str| alloc::format!("{origin}\n{size}\n{root}\n{more}");
    let good = text("o", "2", &root, "");
    assert_eq!(good.parse::<Checkpoint>().unwrap().to_string(), good);
    let extended = text("a name with spaces + plus", "2", &root, "one\ntwo\n");
    let checkpoint = extended.parse::<Checkpoint>().unwrap();
    assert_eq!((checkpoint.extensions().len(), checkpoint.to_string()), (2, extended));
    let empty = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    assert!(text("o", "0", empty, "").parse::<Checkpoint>().is_ok());
    assert!(text("o", "9223372036854775807", &root, "").parse::<Checkpoint>().is_ok());
    for wrong in [
        text("", "2", &root, ""),
        text("o", "02", &root, ""),
        text("o", "+2", &root, ""),
        text("o", "-2", &root, ""),
        text("o", " 2", &root, ""),
        text("o", "", &root, ""),
        text("o", "00", empty, ""),
        text("o", "0", &root, ""), // a tree without leaves has one root
        text("o", "0xabcdef", &root, ""),
        text("o", "٣", &root, ""),
        text("o", "9223372036854775808", &root, ""),
        text("o", "18446744073709551616", &root, ""),
        text("o", "2", "", ""),
        text("o", "2", "TszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBTOOBIG=", ""), // 33 bytes and over
        text("o", "2", &root[1..], ""),
        text("o", "2", root.trim_end_matches('='), ""),
        text("o", "2", &alloc::format!("{root} "), ""),
        text("o", "2", &root, "\n"),
        text("o", "2", &root, "one\n\ntwo\n"),
        text("o", "2", &root, "no line feed"),
        text("o", "2", &root, "tab\there\n"),
        text("o\u{7f}", "2", &root, ""),
        text(&"o".repeat(256), "2", &root, ""),
        good.trim_end().into(),
        "o\n2\n".into(),
        String::new(),
    ] {
        assert!(wrong.parse::<Checkpoint>().is_err(), "{wrong:?}");
    }
    assert_eq!(
        text("o", "02", &root, "").parse::<Checkpoint>().unwrap_err().to_string(),
        "line 2 is not as c2sp.org writes it: the size, without leading zero"
    );
}

/// No signature is made of a text that would be read as something else.
#[test]
fn extension_lines_cannot_forge_a_text() {
    let head = TreeHead::empty();
    for line in ["", "two\nlines", "\n", "bell\u{7}"] {
        assert!(Checkpoint::new(origin(), head).with_extension(line).is_err());
    }
    assert!(Origin::try_new("log\n5\n").is_err());
    let key = Toy::new("k", "a");
    let extended = Checkpoint::new(origin(), head).with_extension("— k AAAAAAAA").unwrap().sign(&[&key]).unwrap();
    let again = SignedCheckpoint::parse(&extended.to_string()).unwrap();
    assert_eq!((again.note().signatures().len(), again.unverified().extensions().len()), (1, 1));
    assert!(again.verify(&origin(), &[&key]).is_ok());
}
