//! What the exit code of a verdict is, and which verdict the demonstration has.

use clausework::audit::bundle::Bundle;
use clausework::audit::checkpoint::SignedCheckpoint;
use clausework::audit::verify::{Values, Verdict};

use super::demo;
use super::verify::{exit_code, judge, judge_slice, run};

fn verdict(text: &str, anchors: &[SignedCheckpoint]) -> Verdict {
    judge(text.as_bytes(), anchors, None, Values::Shown).map_or_else(|(verdict, _)| verdict, |report| report.verdict)
}

fn without_checkpoint(text: &str) -> String {
    text.split_inclusive('\n').filter(|line| !line.starts_with('|') && *line != "checkpoint\n").collect()
}

#[test]
fn what_was_erased_and_purged_as_logged_is_no_alarm() {
    let demo = demo::make().unwrap();
    let (text, head) = (demo.bundle.to_string(), demo.last.unverified().head());
    assert_eq!(head.size(), 9);
    for anchors in
        [vec![], vec![demo.first.clone()], vec![demo.last.clone()], vec![demo.first.clone(), demo.last.clone()]]
    {
        assert_eq!(verdict(&text, &anchors), Verdict::Purged(head));
    }
    let report = judge(text.as_bytes(), &[], None, Values::Shown).unwrap();
    assert_eq!((report.purged, report.redacted, report.size, report.beyond), (2, 2, 9, 0));
    assert_eq!(Bundle::parse(&text).unwrap(), demo.bundle);
}

#[test]
fn without_any_checkpoint_nothing_is_verified() {
    let demo = demo::make().unwrap();
    let text = without_checkpoint(&demo.bundle.to_string());
    let head = demo.last.unverified().head();
    assert_eq!(verdict(&text, &[]), Verdict::SelfConsistent(head));
    // One from outside is as good.
    assert_eq!(verdict(&text, std::slice::from_ref(&demo.last)), Verdict::Purged(head));
    // An old one does not vouch for what came after it, and nothing that came after it explains anything.
    assert_eq!(verdict(&text, &[demo.first]), Verdict::MissingUnexplained(1));
}

#[test]
fn a_key_that_is_not_known_is_no_alarm_and_no_success() {
    let (demo, other) = (demo::make().unwrap(), demo::make().unwrap());
    let text = demo.bundle.to_string();
    let by = |keys| judge(text.as_bytes(), &[], Some(keys), Values::Shown).unwrap().verdict;
    assert_eq!(by(demo.bundle.keys()), Verdict::Purged(demo.last.unverified().head()));
    assert_eq!(by(other.bundle.keys()), Verdict::UnknownKey);
    assert_eq!(by(&[]), Verdict::UnknownKey);
    // Another log of the same name, from outside: its key is not in the bundle.
    assert_eq!(verdict(&text, &[other.first]), Verdict::UnknownKey);
    let cut = text.replace("end\n", "");
    assert_eq!(verdict(&cut, &[]), Verdict::Malformed);
}

#[test]
fn the_file_does_not_choose_which_values_it_shows() {
    let demo = demo::make().unwrap();
    let text = demo.bundle.to_string().replace("values shown\n", "values not shown\n");
    let text: String = text.split_inclusive('\n').filter(|line| !line.starts_with("value ")).collect();
    let by = |wanted| judge(text.as_bytes(), &[], None, wanted).unwrap().verdict;
    assert!(matches!(by(Values::Shown), Verdict::WithheldUnexplained(_)));
    assert_eq!(exit_code(by(Values::Shown)), 1);
    assert_eq!(by(Values::NotShown), Verdict::Purged(demo.last.unverified().head()));
}

#[test]
fn every_verdict_has_its_exit_code() {
    let head = demo::make().unwrap().last.unverified().head();
    for (verdict, code) in [
        (Verdict::Verified(head), 0),
        (Verdict::Redacted(head), 0),
        (Verdict::Purged(head), 0),
        (Verdict::SelfConsistent(head), 3),
        (Verdict::Altered(0), 1),
        (Verdict::MissingUnexplained(0), 1),
        (Verdict::WithheldUnexplained(0), 1),
        (Verdict::Truncated { have: 1, anchored: 2 }, 1),
        (Verdict::Forked(head, head), 1),
        (Verdict::UnknownKey, 2),
        (Verdict::UnknownVersion, 2),
        (Verdict::Malformed, 2),
    ] {
        assert_eq!(exit_code(verdict), code, "{verdict}");
        assert_eq!(verdict.is_alarm(), code == 1, "{verdict}");
        assert_eq!(verdict.is_sound(), code == 0, "{verdict}");
    }
}

#[test]
fn d_10_4_a2_use_6_the_certificate_says_what_was_destroyed() {
    let demo = demo::make().unwrap();
    let [erased, purged] = &demo.certificates[..] else { panic!() };
    // Two values of one record, by request of the person; two sign-ins, because their time was over.
    assert_eq!((erased.intent, erased.done, erased.count), (5, 6, 2));
    assert_eq!((purged.intent, purged.done, purged.count), (7, 8, 2));
    assert_eq!((erased.ground.as_str(), purged.ground.as_str()), ("persons_request", "retention_ended"));
    assert_eq!(erased.requested_by.as_deref(), Some("user:u-17"));
    assert_eq!((purged.log_size, purged.log_root), (9, demo.last.unverified().head().root()));
    assert!(purged.to_string().contains("2 rows"), "{purged}");
}

/// What a person gets of the log: the change of his e-mail address, whose values he had erased, and nothing else.
#[test]
fn a_person_gets_what_concerns_him_with_proof() {
    let demo = demo::make().unwrap();
    let text = demo.slice.to_string();
    let report = judge_slice(text.as_bytes(), &[], None).unwrap();
    assert_eq!(report.verdict, Verdict::SelfConsistent(demo.last.unverified().head()));
    assert_eq!(exit_code(report.verdict), 3, "no slice shows that it is all");
    assert_eq!((report.shown, report.withheld, report.size), (1, 2, 9));
    assert!(!text.contains("otto@example.com"));
    let mut bytes = text.clone().into_bytes();
    for at in 0..bytes.len() {
        bytes[at] ^= 1;
        let code =
            judge_slice(&bytes, &[], None).map_or_else(|(verdict, _)| exit_code(verdict), |r| exit_code(r.verdict));
        bytes[at] ^= 1;
        assert!(code == 1 || code == 2, "byte {at}: {code}");
    }
}

#[test]
fn what_is_printed_says_whose_checkpoint_it_was() {
    let dir = std::env::temp_dir().join(format!("clausework-anchored-{}", std::process::id()));
    let path = |name: &str| dir.join(name).to_str().unwrap().to_owned();
    demo::write(dir.to_str().unwrap()).unwrap();
    let (first, last, key) = (path("checkpoint-first.txt"), path("checkpoint-last.txt"), path("key.txt"));
    for (file, options, code, said) in [
        (
            "bundle.txt",
            &[][..],
            0,
            "up to the checkpoint the bundle carries, with none from outside, by the keys it carries",
        ),
        ("bundle.txt", &["--key", &key], 0, "with none from outside, by the keys given"),
        ("bundle.txt", &["--anchor", &last], 0, "up to the checkpoint given, by the keys it carries"),
        (
            "bundle.txt",
            &["--anchor", &first],
            0,
            "up to the checkpoint the bundle carries, which continues the one given of 5",
        ),
        ("slice.txt", &[], 3, "slice: 1 of the 9 records of the log, as recorded; no slice shows that these are all"),
        (
            "slice.txt",
            &["--anchor", &last, "--key", &key],
            3,
            "(of person c-4711, 2 values not shown), by the keys given",
        ),
    ] {
        let (text, found) = run(&path(file), options).unwrap();
        assert_eq!(found, code, "{text}");
        assert!(text.contains(said), "{text}");
    }
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn the_files_of_the_demonstration_verify_with_what_was_kept_elsewhere() {
    let dir = std::env::temp_dir().join(format!("clausework-audit-{}", std::process::id()));
    let path = |name: &str| dir.join(name).to_str().unwrap().to_owned();
    demo::write(dir.to_str().unwrap()).unwrap();
    let (bundle, first, key) = (path("bundle.txt"), path("checkpoint-first.txt"), path("key.txt"));
    let verify = |options: &[&str]| run(&bundle, options).unwrap().1;
    assert_eq!(verify(&[]), 0);
    assert_eq!(verify(&["--anchor", &first, "--anchor", &path("checkpoint-last.txt"), "--key", &key]), 0);
    assert!(run(&bundle, &["--anchor"]).is_err());
    assert!(run(&bundle, &["--anchor", &bundle]).is_err());
    assert!(run(&path("nothing.txt"), &[]).is_err());
    let text = std::fs::read_to_string(&bundle).unwrap();
    std::fs::write(&bundle, without_checkpoint(&text)).unwrap();
    assert_eq!(verify(&[]), 3);
    std::fs::write(&bundle, text.replace("end\n", "")).unwrap();
    assert_eq!(verify(&[]), 2);
    std::fs::remove_dir_all(dir).unwrap();
}
