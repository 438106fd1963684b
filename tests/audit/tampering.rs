//! Every way to touch the evidence, and the verdict that names it.

use clausework::audit::checkpoint::SignedCheckpoint;
use clausework::audit::verify::{Values, Verdict};

use super::demo::{self, Demo};
use super::verify::{exit_code, judge};

fn verdict(lines: &[String]) -> Verdict {
    of_bytes(lines.concat().as_bytes(), &[])
}

fn of_bytes(bundle: &[u8], anchors: &[SignedCheckpoint]) -> Verdict {
    judge(bundle, anchors, None, Values::Shown).map_or_else(|(verdict, _)| verdict, |report| report.verdict)
}

fn lines(demo: &Demo) -> Vec<String> {
    demo.bundle.to_string().split_inclusive('\n').map(str::to_owned).collect()
}

/// Where the line of a record is.
fn at(lines: &[String], index: u64) -> usize {
    let starts = [format!("record {index} "), format!("leaf {index} ")];
    lines.iter().position(|line| starts.iter().any(|start| line.starts_with(start))).unwrap()
}

/// The line of a record with its values.
fn block(lines: &[String], index: u64) -> core::ops::Range<usize> {
    let start = at(lines, index);
    let values = lines[start + 1..].iter().take_while(|line| line.starts_with("value ")).count();
    start..start + 1 + values
}

#[test]
fn a_bundle_with_any_bit_flipped_is_never_accepted() {
    let demo = demo::make().unwrap();
    let mut bytes = demo.bundle.to_string().into_bytes();
    assert_eq!(exit_code(of_bytes(&bytes, &[])), 0);
    let first_record = demo.bundle.to_string().find("record 0").unwrap();
    let mut seen = [0_u32; 4];
    for at in 0..bytes.len() {
        for bit in 0..8 {
            bytes[at] ^= 1 << bit;
            let verdict = of_bytes(&bytes, &[]);
            bytes[at] ^= 1 << bit;
            let code = exit_code(verdict);
            assert_ne!(code, 0, "byte {at} bit {bit}: {verdict}");
            assert_ne!(code, 3, "byte {at} bit {bit}: {verdict}"); // the checkpoint does not go unnoticed
            seen[usize::from(code)] += 1;
            // Before the records are keys and checkpoints: a flip there is no alarm, for nothing was altered or lost.
            assert!(at >= first_record || code == 2, "byte {at} bit {bit}: {verdict}");
        }
    }
    assert_eq!(of_bytes(&bytes, &[]), Verdict::Purged(demo.last.unverified().head()), "put back as it was");
    assert!(seen[1] > 1_000 && seen[2] > 1_000, "{seen:?}");
}

#[test]
fn a_bit_of_a_record_or_of_its_leaf_names_the_record() {
    let demo = demo::make().unwrap();
    let lines = lines(&demo);
    for index in [0, 2, 3, 5, 6, 7, 8] {
        let line = at(&lines, index);
        // 64 digits of the leaf hash, then the bytes; a character for another of its alphabet.
        let hash = lines[line].find(' ').unwrap() + 3;
        for (place, swap) in [(hash, ["0", "1"]), (hash + 64 + 1 + 20, ["A", "B"])] {
            let mut changed = lines.clone();
            let old = changed[line][place..=place].to_owned();
            changed[line].replace_range(place..=place, if old == swap[0] { swap[1] } else { swap[0] });
            assert_eq!(verdict(&changed), Verdict::Altered(index), "{}", changed[line]);
        }
    }
}

#[test]
fn a_changed_hash_of_a_purged_record_is_another_history() {
    let demo = demo::make().unwrap();
    let mut lines = lines(&demo);
    let line = at(&lines, 4);
    let other = if lines[line].contains("leaf 4 0") { "leaf 4 1" } else { "leaf 4 0" };
    lines[line].replace_range(..8, other);
    let Verdict::Forked(trusted, computed) = verdict(&lines) else { panic!("{}", verdict(&lines)) };
    // The log itself says which root it had at the first checkpoint over the erasure; that comes first.
    assert_eq!((trusted.size(), computed.size()), (6, 6));
}

#[test]
fn dropping_a_record_names_it() {
    let demo = demo::make().unwrap();
    let whole = lines(&demo);
    for index in 0..8 {
        let mut lines = whole.clone();
        lines.drain(block(&whole, index));
        let verdict = verdict(&lines);
        // Without the intent of the purge what it explained is unexplained too, and that comes first.
        let first = match index {
            7 => 1,
            index => index,
        };
        assert_eq!(verdict, Verdict::MissingUnexplained(first), "without {index}");
    }
}

#[test]
fn cutting_off_the_end_is_truncation() {
    let demo = demo::make().unwrap();
    let whole = lines(&demo);
    for have in 0..9_u64 {
        let mut lines = whole.clone();
        lines.drain(at(&whole, have)..whole.len() - 1);
        assert_eq!(verdict(&lines), Verdict::Truncated { have, anchored: 9 });
        // Its checkpoint gone too: one that was kept elsewhere tells.
        let bare: String =
            lines.iter().filter(|line| !line.starts_with('|') && *line != "checkpoint\n").cloned().collect();
        assert_eq!(
            of_bytes(bare.as_bytes(), std::slice::from_ref(&demo.last)),
            Verdict::Truncated { have, anchored: 9 }
        );
        let alone = of_bytes(bare.as_bytes(), &[]);
        assert!(!alone.is_sound(), "{have}: {alone}");
    }
}

#[test]
fn repeating_or_swapping_records_names_the_one_in_the_wrong_place() {
    let demo = demo::make().unwrap();
    let whole = lines(&demo);
    for index in 0..9 {
        let mut lines = whole.clone();
        let again = lines[block(&whole, index)].to_vec();
        let end = block(&whole, index).end;
        lines.splice(end..end, again);
        assert_eq!(verdict(&lines), Verdict::Altered(index), "{index} twice");
    }
    for index in 0..8 {
        let mut lines = whole.clone();
        let (one, other) = (block(&whole, index), block(&whole, index + 1));
        let swapped = [lines[other.clone()].to_vec(), lines[one.clone()].to_vec()].concat();
        lines.splice(one.start..other.end, swapped);
        assert_eq!(verdict(&lines), Verdict::Altered(index), "{index} after the next");
    }
    // The bytes of one at the index of another, with the leaf hash that fits them.
    let mut lines = whole.clone();
    let (two, three) = (at(&whole, 2), at(&whole, 3));
    let body = |line: &str| line.splitn(3, ' ').nth(2).unwrap().to_owned();
    (lines[two], lines[three]) =
        (format!("record 2 {}", body(&whole[three])), format!("record 3 {}", body(&whole[two])));
    assert_eq!(verdict(&lines), Verdict::Altered(2));
}

#[test]
fn a_forged_tombstone_excuses_nothing() {
    let demo = demo::make().unwrap();
    let whole = lines(&demo);
    // A record that nobody purged, passed off as purged: its leaf hash is right.
    for index in [0, 2, 3, 5, 6, 8] {
        let mut lines = whole.clone();
        let leaf = lines[at(&whole, index)].split(' ').nth(2).unwrap().to_owned();
        lines.splice(block(&whole, index), [format!("leaf {index} {leaf}\n")]);
        assert_eq!(verdict(&lines), Verdict::MissingUnexplained(index));
    }
    // The log begins later, as if what was before had been purged: its frontier is right.
    let mut lines = whole.clone();
    let leaf = whole[at(&whole, 0)].split(' ').nth(2).unwrap().to_owned();
    lines.splice(block(&whole, 0), ["before 1\n".to_owned(), format!("| {leaf}\n")]);
    assert_eq!(verdict(&lines), Verdict::MissingUnexplained(0));
}

#[test]
fn an_intent_after_the_checkpoint_excuses_nothing() {
    let demo = demo::make().unwrap();
    let mut lines = lines(&demo);
    // The whole log, under the first checkpoint alone: the erasure and the purge came after it.
    let note: Vec<String> =
        demo.first.to_string().lines().map(|line| format!("| {line}\n").replace("| \n", "|\n")).collect();
    let start = lines.iter().position(|line| line.starts_with('|')).unwrap();
    let end = lines.iter().rposition(|line| line.starts_with('|')).unwrap();
    lines.splice(start..=end, note);
    assert_eq!(verdict(&lines), Verdict::MissingUnexplained(1));
}

#[test]
fn a_value_that_is_kept_back_or_changed_is_named() {
    let demo = demo::make().unwrap();
    let whole = lines(&demo);
    let value = whole.iter().position(|line| line.starts_with("value ")).unwrap();
    assert!(whole[value].contains("otto@example.com"));
    let mut lines = whole.clone();
    lines.remove(value);
    assert_eq!(verdict(&lines), Verdict::WithheldUnexplained(3));
    for (from, to) in [("otto", "0tto"), ("\"recipient\"", "\"recipienT\""), ("\"index\":3", "\"index\":2")] {
        let mut lines = whole.clone();
        lines[value] = whole[value].replace(from, to);
        assert_eq!(verdict(&lines), Verdict::Altered(3), "{from}");
    }
    // A value of a record whose body is purged opens nothing.
    let mut lines = whole.clone();
    let purged = at(&whole, 4);
    lines.insert(purged + 1, whole[value].replace("\"index\":3", "\"index\":4"));
    assert_eq!(verdict(&lines), Verdict::Malformed);
}

#[test]
fn what_is_not_written_in_the_one_way_is_refused() {
    let text = demo::make().unwrap().bundle.to_string();
    let first = text.lines().find(|line| line.starts_with("record 0 ")).unwrap();
    for changed in [
        text.replace("record 0 ", "record 00 "),
        text.replace("record 0 ", "record +0 "),
        text.replace("record 0 ", "record  0 "),
        text.replace(first, &first.to_uppercase()),
        text.replace(first, &format!("{first} ")),
        text.replace('\n', "\r\n"),
        text.replace("end\n", "end"),
        text.replace("end\n", "end\n\n"),
        text.replace("end\n", "note nothing to see here\nend\n"),
        text.replace("values shown\n", ""),
        text.replace("{\"index\"", "{ \"index\""),
        format!("\u{feff}{text}"),
        String::new(),
    ] {
        assert_ne!(changed, text);
        assert_eq!(of_bytes(changed.as_bytes(), &[]), Verdict::Malformed);
    }
    let newer = text.replace("clausework/evidence/1", "clausework/evidence/2");
    assert_eq!(of_bytes(newer.as_bytes(), &[]), Verdict::UnknownVersion);
}
