use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::*;
use crate::secret::Secret;

const ALL: [Screening; 5] = [
    Screening::Clean,
    Screening::Known { count: None },
    Screening::Known { count: Some(7) },
    Screening::Unknown { reason: UnknownReason::NoAnswer },
    Screening::Unknown { reason: UnknownReason::AnswerEmpty },
];

#[test]
fn joining_sources_is_commutative_associative_and_idempotent() {
    for a in ALL {
        assert_eq!(a.and(a), a);
        assert_eq!(a.and(Screening::Clean), a);
        for b in ALL {
            assert_eq!(a.and(b), b.and(a));
            for c in ALL {
                assert_eq!(a.and(b).and(c), a.and(b.and(c)));
            }
        }
    }
}

#[test]
fn what_follows_is_the_whole_table() {
    let reason = UnknownReason::NoAnswer;
    let (clean, known, unknown) =
        (Screening::Clean, Screening::Known { count: Some(1) }, Screening::Unknown { reason });
    for policy in [UnknownPolicy::Accept, UnknownPolicy::AcceptAndRecheck, UnknownPolicy::Refuse] {
        assert_eq!(decide(clean, policy), ScreeningOutcome::Accepted);
        assert_eq!(decide(known, policy), ScreeningOutcome::RefusedKnown { count: Some(1) });
    }
    let table = [
        (UnknownPolicy::Accept, ScreeningOutcome::AcceptedUnscreened { reason }, true, None),
        (UnknownPolicy::AcceptAndRecheck, ScreeningOutcome::AcceptedForRecheck { reason }, true, None),
        (UnknownPolicy::Refuse, ScreeningOutcome::RefusedUnscreened { reason }, false, Some(NOT_SCREENED)),
    ];
    for (policy, outcome, accepted, code) in table {
        assert_eq!(decide(unknown, policy), outcome);
        assert_eq!((outcome.is_accepted(), outcome.code(), outcome.reason()), (accepted, code, Some(reason)));
    }
    assert!(!decide(known, UnknownPolicy::Accept).is_accepted());
    assert_eq!(decide(known, UnknownPolicy::Accept).code(), Some(KNOWN));
}

#[test]
fn only_the_two_refusals_are_for_the_user() {
    use crate::event::Audience;
    let public: Vec<_> = CODES.iter().filter(|code| code.audience() == Audience::Public).collect();
    assert_eq!(public, [&KNOWN, &NOT_SCREENED]);
}

mod embedded {
    use super::*;
    use unicode_normalization::is_nfc;

    #[test]
    fn the_list_is_sorted_lower_case_normal_and_every_entry_is_found() {
        let entries: Vec<&str> = common_passwords().collect();
        assert!(entries.len() > 1_600);
        assert!(entries.windows(2).all(|pair| pair[0] < pair[1]));
        for entry in entries {
            assert!(!entry.is_empty() && is_nfc(entry) && entry == entry.to_lowercase(), "{entry}");
            for form in [String::from(entry), entry.to_uppercase()] {
                assert_eq!(screen_common(&Secret::from(form)), Screening::Known { count: None }, "{entry}");
            }
        }
    }

    #[test]
    fn case_and_unicode_form_do_not_matter_and_the_whole_password_is_compared() {
        // U+00F1, and n with U+0303.
        for known in ["contraseña", "CONTRASEÑA", "contrasen\u{303}a", "Пароль"] {
            assert_eq!(screen_common(&Secret::from(known)), Screening::Known { count: None }, "{known}");
        }
        for clean in ["", " ", "\n", "password\n", "passwor", "password!9", "!", "\u{10ffff}", "123456\n123456789"] {
            assert_eq!(screen_common(&Secret::from(clean)), Screening::Clean, "{clean:?}");
        }
    }

    #[test]
    fn the_longest_entry_is_found_however_typed_and_a_megabyte_is_not_read() {
        use crate::screening::embedded::{MAX_BYTES, MAX_CHARS};
        assert_eq!(common_passwords().map(|entry| entry.chars().count()).max(), Some(MAX_CHARS));
        assert_eq!(MAX_BYTES, 16 * MAX_CHARS);
        // U+212A is a k in form C, and three bytes.
        assert_eq!(
            screen_common(&Secret::from("\u{212a}".repeat(5) + "kkk")),
            screen_common(&Secret::from("kkkkkkkk"))
        );
        assert_eq!(screen_common(&Secret::from("monkey".replace('k', "\u{212a}"))), Screening::Known { count: None });
        let long = Secret::from(String::from("p") + &"\u{301}".repeat(2_000_000));
        let started = std::time::Instant::now();
        assert_eq!(screen_common(&long), Screening::Clean);
        assert!(started.elapsed() < core::time::Duration::from_millis(100), "{:?}", started.elapsed());
    }

    #[test]
    fn membership_is_that_of_a_set() {
        let set: alloc::collections::BTreeSet<&str> = common_passwords().collect();
        for entry in common_passwords() {
            for near in [
                format!("{entry}0"),
                format!("0{entry}"),
                String::from(&entry[..entry.len() / 2 * usize::from(entry.is_ascii())]),
            ] {
                let known = screen_common(&Secret::from(near.as_str())) != Screening::Clean;
                assert_eq!(known, set.contains(near.as_str()), "{near}");
            }
        }
    }
}

#[cfg(feature = "breached")]
mod range {
    use super::*;

    /// SHA-1("password"), from the documentation of Pwned Passwords, without its first five digits.
    const SUFFIX: &str = "1E4C9B93F3F0682250B6CF8331B7EE68FD8";
    const OTHER: &str = "003D68EB55068C33ACE09247EE4C639306B";

    fn query() -> RangeQuery {
        RangeQuery::for_password(&Secret::from("password"))
    }

    fn unknown(reason: UnknownReason) -> Screening {
        Screening::Unknown { reason }
    }

    #[test]
    fn hibp_prefixes() {
        for (password, prefix) in [("password", "5BAA6"), ("123456", "7C4A8")] {
            assert_eq!(RangeQuery::for_password(&Secret::from(password)).prefix(), prefix);
        }
        // FIPS 180-4's example: SHA-1("abc") = A9993E36 4706816A BA3E2571 7850C26C 9CD0D89D.
        let abc = RangeQuery::for_password(&Secret::from("abc"));
        assert_eq!(abc.prefix(), "A9993");
        assert_eq!(abc.screen("E364706816ABA3E25717850C26C9CD0D89D"), Screening::Known { count: Some(1) });
    }

    #[test]
    fn the_digest_is_of_the_normal_form() {
        // U+00E9, and e with U+0301.
        let (one, two) = (PasswordSha1::of(&Secret::from("caf\u{e9}")), PasswordSha1::of(&Secret::from("cafe\u{301}")));
        assert_eq!(one.as_bytes(), two.as_bytes());
        assert_ne!(one.as_bytes(), PasswordSha1::of(&Secret::from("cafe")).as_bytes());
    }

    #[test]
    fn hibp_rows() {
        let known = |count| Screening::Known { count: Some(count) };
        let lower = SUFFIX.to_lowercase();
        let table = [
            (format!("{OTHER}:3\r\n{SUFFIX}:9545824"), known(9_545_824)),
            (format!("{OTHER}:3\n{SUFFIX}:9545824\n"), known(9_545_824)),
            (format!("{lower}:4\r\n"), known(4)),
            (format!("{SUFFIX}:9,545,824"), known(9_545_824)),
            (format!("{SUFFIX}:24,230,577\r\n{OTHER}:1"), known(24_230_577)),
            (String::from(SUFFIX), known(1)),
            (format!("{SUFFIX}:0\r\n{OTHER}:5"), Screening::Clean),
            (format!("{SUFFIX}:0\n{SUFFIX}:2\n{SUFFIX}:0"), known(2)),
            (format!("{OTHER}:3"), Screening::Clean),
            (format!("\r\n{OTHER}:3\r\n\r\n"), Screening::Clean),
            (format!("{SUFFIX}:{}", u64::MAX), known(u64::MAX)),
        ];
        for (answer, screening) in table {
            assert_eq!(query().screen(&answer), screening, "{answer}");
        }
    }

    #[test]
    fn a_padded_answer_of_a_thousand_rows() {
        for rows in [800_u32, 1_000] {
            let padding: String = (0..rows).map(|row| format!("{row:035X}:{}\r\n", row % 2)).collect();
            assert_eq!(query().screen(&padding), Screening::Clean);
            assert_eq!(query().screen(format!("{padding}{SUFFIX}:0")), Screening::Clean);
            assert_eq!(query().screen(format!("{padding}{SUFFIX}:12")), Screening::Known { count: Some(12) });
        }
    }

    #[test]
    fn padding_alone_is_no_answer() {
        for answer in [format!("{SUFFIX}:0"), format!("{OTHER}:0\r\n{SUFFIX}:0\r\n")] {
            assert_eq!(query().screen(answer), unknown(UnknownReason::AnswerEmpty));
        }
        assert_eq!(query().screen(format!("{OTHER}:0\r\n{SUFFIX}:0,1")), unknown(UnknownReason::AnswerMalformed));
    }

    #[test]
    fn an_answer_cut_within_a_suffix_or_after_a_colon_is_unknown_and_no_other_cut_is_seen() {
        let whole = format!("{OTHER}:3\r\n{OTHER}:4\r\n");
        let row = OTHER.len() + 4;
        for cut in 0..=whole.len() {
            let expected = match (cut, cut % row) {
                (0, _) => unknown(UnknownReason::AnswerEmpty),
                // Whole rows, or a whole suffix without its count, which is a row too; CRLF may be cut.
                (_, 0 | 35) => Screening::Clean,
                (_, rest) if rest >= 37 => Screening::Clean,
                _ => unknown(UnknownReason::AnswerMalformed),
            };
            assert_eq!(query().screen(&whole[..cut]), expected, "{cut}");
        }
    }

    #[test]
    fn what_is_no_range_answer_is_unknown() {
        let long = "0".repeat(MAX_ANSWER_BYTES + 1);
        let bad = UnknownReason::AnswerMalformed;
        let table = [
            (String::new(), UnknownReason::AnswerEmpty),
            (String::from("\r\n\r\n"), UnknownReason::AnswerEmpty),
            (long, UnknownReason::AnswerTooLong),
            (String::from("<html>"), bad),
            (format!("{SUFFIX}:"), bad),
            (format!("{SUFFIX}: 4"), bad),
            (format!("{SUFFIX}:-4"), bad),
            (format!("{SUFFIX}:+4"), bad),
            (format!("{SUFFIX}:4,5"), bad),
            (format!("{SUFFIX}:4545,455"), bad),
            (format!("{SUFFIX}:,455"), bad),
            (format!("{SUFFIX}:1,,455"), bad),
            (format!("{SUFFIX}:18446744073709551616"), bad),
            (format!("{SUFFIX}0:4"), bad),
            (format!("{SUFFIX};4"), bad),
            (format!(" {SUFFIX}:4"), bad),
            (format!("5BAA6{SUFFIX}:4"), bad),
            (format!("\u{feff}{SUFFIX}:4"), bad),
            (format!("G{}:4", &SUFFIX[1..]), bad),
        ];
        for (answer, reason) in table {
            assert_eq!(query().screen(&answer), unknown(reason), "{:.60}", answer);
        }
        assert_eq!(query().screen([0xff, 0xfe]), unknown(bad));
        let most = format!("{}{OTHER}:3", "\n".repeat(MAX_ANSWER_BYTES - OTHER.len() - 2));
        assert_eq!(query().screen(&most), Screening::Clean);
    }

    #[test]
    fn a_sound_row_with_the_password_counts_beside_bad_ones() {
        assert_eq!(query().screen(format!("{SUFFIX}:4\r\n{}", &OTHER[..9])), Screening::Known { count: Some(4) });
        assert_eq!(query().screen(format!("<html>\n{SUFFIX}:4")), Screening::Known { count: Some(4) });
    }
}

#[cfg(feature = "breached")]
mod list {
    use alloc::collections::BTreeSet;

    use super::*;
    use crate::screening::builder::seal;
    use crate::screening::list::{FREE, HEADER};
    use proptest::prelude::*;

    fn build(digests: &[[u8; 20]]) -> Vec<u8> {
        let mut builder = ListBuilder::new(digests.len());
        for digest in digests {
            builder.add_sha1(&PasswordSha1::from_bytes(*digest)).unwrap();
        }
        builder.finish().unwrap()
    }

    fn known(list: &List<'_>, digest: [u8; 20]) -> bool {
        list.screen_sha1(&PasswordSha1::from_bytes(digest)) == Screening::Known { count: None }
    }

    fn small() -> Vec<u8> {
        build(&(0..9_u8).map(|at| [at.wrapping_mul(57); 20]).collect::<Vec<_>>()) // two lines and a further one
    }

    #[test]
    fn the_form_of_version_1() {
        // SHA-1("password") and SHA-1("123456") in one line: entries are bits 0..64, little-endian and rising.
        let mut builder = ListBuilder::new(2);
        builder.add_password(&Secret::from("123456")).unwrap();
        builder.add_password(&Secret::from("password")).unwrap();
        let file = builder.finish().unwrap();
        let mut expected = Vec::from(*b"\x89CWPWL\r\n\x01\x00\x01\0\0\0\0\0\x02\0\0\0\0\0\0\0\x01\0\0\0\x01\0\0\0");
        expected.extend([0; 32]);
        expected.extend(0x5BAA_61E4_C9B9_3F3F_u64.to_le_bytes());
        expected.extend(0x7C4A_8D09_CA37_62AF_u64.to_le_bytes());
        expected.extend([0xff; 64 + 6 * 8]);
        assert_eq!(file, seal(expected));
    }

    #[test]
    fn passwords_come_back_known_and_case_matters() {
        let mut builder = ListBuilder::new(10_000);
        for entry in common_passwords() {
            builder.add_password(&Secret::from(entry)).unwrap();
        }
        let file = builder.finish().unwrap();
        let list = List::open(&file).unwrap();
        list.verify().unwrap();
        assert_eq!(list.len(), common_passwords().count() as u64);
        for entry in common_passwords() {
            assert_eq!(list.screen(&Secret::from(entry)), Screening::Known { count: None });
        }
        assert_eq!(list.screen(&Secret::from("PASSWORD")), Screening::Clean);
        assert_eq!(list.screen(&Secret::from("contrasen\u{303}a")), Screening::Known { count: None });
    }

    #[test]
    fn an_empty_list_knows_nothing() {
        let file = build(&[]);
        let list = List::open(&file).unwrap();
        list.verify().unwrap();
        assert!(list.is_empty() && !known(&list, [0; 20]) && !known(&list, [255; 20]));
    }

    #[test]
    fn every_truncation_and_every_addition_is_refused() {
        let file = small();
        for length in 0..file.len() {
            let error = List::open(&file[..length]).unwrap_err();
            match length {
                ..HEADER => assert_eq!(error, ListError::TooShort { found: length }),
                _ => assert_eq!(error, ListError::Length { found: length, expected: file.len() as u64 }),
            }
        }
        let longer = [file.as_slice(), &[0]].concat();
        assert!(matches!(List::open(&longer), Err(ListError::Length { .. })));
    }

    #[test]
    fn every_flipped_bit_is_found() {
        let file = small();
        for bit in 0..file.len() * 8 {
            let mut bad = file.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            match List::open(&bad) {
                Err(_) => assert!(bit < 32 * 8, "bit {bit}"),
                Ok(list) => {
                    // Every bit of the header is found at once, but for the checksum's and some of the
                    // number of entries, on which no search depends.
                    assert!(bit >= 32 * 8 || (16 * 8..24 * 8).contains(&bit), "bit {bit}");
                    assert_eq!(list.verify(), Err(ListError::Checksum), "bit {bit}");
                    for byte in 0..=255 {
                        let _ = list.screen_sha1(&PasswordSha1::from_bytes([byte; 20])); // no panic
                    }
                }
            }
        }
    }

    #[test]
    fn errors_of_the_header_by_name() {
        let change = |at: usize, bytes: &[u8]| {
            let mut bad = small();
            bad[at..at + bytes.len()].copy_from_slice(bytes);
            List::open(&bad).unwrap_err()
        };
        assert_eq!(change(0, b"\x89CWPWL\n"), ListError::NotAList);
        assert_eq!(change(8, &[2, 0]), ListError::Version { found: 2 });
        assert_eq!(change(10, &[2]), ListError::Digest { found: 2 });
        assert_eq!(change(12, &[1]), ListError::Reserved);
        assert_eq!(change(15, &[1]), ListError::Reserved);
        let lines = |lines: u32, further: u32| change(24, &[lines.to_le_bytes(), further.to_le_bytes()].concat());
        assert_eq!(lines(0, 1), ListError::Lines { found: 0, further: 1 });
        assert_eq!(lines(2, 0), ListError::Lines { found: 2, further: 0 });
        assert_eq!(lines(2, 17), ListError::Lines { found: 2, further: 17 });
        let expected = 64 * (u64::from(u32::MAX) + 17);
        assert_eq!(lines(u32::MAX, 16), ListError::Length { found: small().len(), expected });
        assert_eq!(change(16, &[25]), ListError::Entries { found: 25, most: 24 }); // three lines of eight
    }

    fn with_line(file: &[u8], line: usize, places: [u64; 8]) -> Vec<u8> {
        let mut file = file.to_vec();
        let at = HEADER + 64 * line;
        file[at..at + 64].copy_from_slice(&places.map(u64::to_le_bytes).concat());
        seal(file)
    }

    #[test]
    fn a_bad_line_is_an_answer_not_a_panic() {
        let damaged = Screening::Unknown { reason: UnknownReason::ListDamaged };
        let digest = PasswordSha1::from_bytes([0xfe; 20]); // at home in the last line but one
        let (file, free) = (small(), u64::MAX);
        let followed = with_line(&with_line(&file, 1, [1, 2, 3, 4, 5, 6, 7, 0]), 2, [1, 2, 3, 4, 5, 6, 7, 0]);
        assert_eq!(List::open(&followed).unwrap().screen_sha1(&digest), damaged);
        assert_eq!(List::open(&followed).unwrap().verify(), Err(ListError::Unended));
        for places in
            [[1, free, 2, free, free, free, free, free], [1, 0, 2, 3, 4, 5, 6, 7], [1, 2, 3, 4, 5, 6, free, 0]]
        {
            assert_eq!(List::open(&with_line(&file, 0, places)).unwrap().verify(), Err(ListError::Order));
        }
        let fewer = with_line(&file, 0, [free; 8]);
        assert!(matches!(List::open(&fewer).unwrap().verify(), Err(ListError::Entries { found: 9, .. })));
    }

    #[test]
    fn a_line_out_of_order_is_found_though_the_file_is_sealed() {
        for file in [small(), build(&random(5_000))] {
            let lines = file.len() / 64 - 1;
            for line in 0..lines {
                let at = HEADER + 64 * line;
                let mut places = [0; 8];
                for (place, bytes) in places.iter_mut().zip(file[at..at + 64].as_chunks().0) {
                    *place = u64::from_le_bytes(*bytes);
                }
                let held = places.iter().filter(|place| **place != FREE).count();
                // A line has entries of one line before and its own: it may fall once, not twice, but where entries of
                // many homes wait.
                let is_followed = line > 0 && file[at - 8..at] == [0; 8];
                let rises = places[..held].windows(2).filter(|pair| pair[0] < pair[1]).count();
                if rises >= 2 && !is_followed {
                    places[..held].reverse();
                    let bad = with_line(&file, line, places);
                    assert_eq!(List::open(&bad).unwrap().verify(), Err(ListError::Order), "{line}");
                }
            }
        }
        // One line of its own and one further line, which is nobody's home: its entries are above the last before it.
        let full = [1, 2, 3, 4, 5, 6, 7, 8];
        for (after, expected) in
            [([9, FREE], Ok(())), ([7, FREE], Err(ListError::Order)), ([10, 9], Err(ListError::Order))]
        {
            let mut file = build(&[[1; 20]]);
            let entries = 8 + after.iter().filter(|place| **place != FREE).count() as u64;
            file[16..24].copy_from_slice(&entries.to_le_bytes());
            let second = [after[0], after[1], FREE, FREE, FREE, FREE, FREE, FREE];
            let file = with_line(&with_line(&file, 0, full), 1, second);
            assert_eq!(List::open(&file).unwrap().verify(), expected, "{after:?}");
        }
        // Behind a line with room nobody waits.
        let mut file = build(&[[1; 20]]);
        file[16..24].copy_from_slice(&2_u64.to_le_bytes());
        let file = with_line(
            &with_line(&file, 0, [1, FREE, FREE, FREE, FREE, FREE, FREE, FREE]),
            1,
            [2, FREE, FREE, FREE, FREE, FREE, FREE, FREE],
        );
        assert_eq!(List::open(&file).unwrap().verify(), Err(ListError::Order));
    }

    fn random(count: usize) -> Vec<[u8; 20]> {
        (0..count).map(|at| *PasswordSha1::of(&Secret::from(format!("{at}"))).as_bytes()).collect()
    }

    #[test]
    fn at_most_12_bytes_an_entry_from_1_300_on() {
        let digests = random(5_000);
        for entries in (0..digests.len()).step_by(97).chain([1_300]) {
            let file = build(&digests[..entries]);
            assert!(entries < 1_300 || file.len() <= 12 * entries, "{entries}");
            let list = List::open(&file).unwrap();
            list.verify().unwrap();
            assert!(
                digests.iter().enumerate().all(|(at, digest)| known(&list, *digest) == (at < entries)),
                "{entries}"
            );
        }
    }

    #[test]
    fn crowded_lines_are_searched_too() {
        // So many at home in one line that seven and a half others are filled from it, and its
        // neighbours' own must go further.
        let digest = |line: u8, at: u32| {
            let mut digest = [0xab; 20];
            digest[0] = line;
            digest[4..8].copy_from_slice(&at.wrapping_mul(2_654_435_761).to_be_bytes());
            digest
        };
        for crowd in [8, 9, 15, 16, 17, 40, 60, 90] {
            let crowded = (0..crowd).map(|at| digest(0x40, at));
            let others = (0..=255).flat_map(|line| [digest(line, 1_000), digest(line, 1_001)]);
            let all: Vec<_> = crowded.chain(others).collect();
            let file = build(&all);
            let list = List::open(&file).unwrap();
            assert_eq!(list.verify(), Ok(()));
            assert!(all.iter().all(|digest| known(&list, *digest)), "{crowd}");
            assert!((0..=255).all(|line| (2_000..2_050).all(|at| !known(&list, digest(line, at)))), "{crowd}");
        }
        let mut builder = ListBuilder::new(1_000);
        for at in 0..1_000 {
            builder.add_sha1(&PasswordSha1::from_bytes(digest(0x40, at))).unwrap();
        }
        assert_eq!(builder.finish(), Err(ListBuildError::Uneven));
    }

    #[test]
    fn entries_at_the_ends_of_a_line_keep_clear_of_the_marks() {
        // One line: the entry is the key itself, here the lowest and the highest two.
        let edge = |high: u64, low: u64| {
            let mut digest = [0; 20];
            digest[..16].copy_from_slice(&[high.to_be_bytes(), low.to_be_bytes()].concat());
            digest
        };
        for digest in [edge(0, 0), edge(1, 0), edge(u64::MAX, u64::MAX), edge(u64::MAX - 1, 5)] {
            let (file, empty) = (build(&[digest]), build(&[]));
            assert_eq!(List::open(&file).unwrap().verify(), Ok(()));
            assert!(known(&List::open(&file).unwrap(), digest));
            assert!(!known(&List::open(&empty).unwrap(), digest));
        }
    }

    #[test]
    fn the_builder_is_bounded_and_reads_the_rows_of_both_downloads() {
        let mut builder = ListBuilder::new(2);
        let suffix = "1E4C9B93F3F0682250B6CF8331B7EE68FD8";
        assert_eq!(builder.add_row("5baa6", format!("{}:10", suffix.to_lowercase()), 10), Ok(true));
        assert_eq!(builder.add_row("5BAA6", format!("{suffix}:9"), 10), Ok(false));
        assert_eq!(builder.add_row("5BAA6", format!("{suffix}:0"), 0), Ok(false));
        assert_eq!(builder.add_row("", "7C4A8D09CA3762AF61E59520943DC26494F8941B", 1), Ok(true));
        assert_eq!(builder.add_row("", format!("5BAA6{suffix}"), 1), Err(ListBuildError::TooManyEntries { most: 2 }));
        for (prefix, row) in
            [("", suffix), ("5BAA", suffix), ("5BAA6:1", suffix), ("5BAAG", suffix), ("5BAA6", "x"), ("", "")]
        {
            assert_eq!(builder.add_row(prefix, row, 1), Err(ListBuildError::Row), "{prefix} {row}");
        }
        let file = builder.finish().unwrap();
        let list = List::open(&file).unwrap();
        for password in ["password", "123456"] {
            assert_eq!(list.screen(&Secret::from(password)), Screening::Known { count: None });
        }
    }

    proptest! {
        #[test]
        fn membership_is_that_of_a_set(
            entries in prop::collection::vec(0_u32..5_000, 0..3_000),
            others in prop::collection::vec(0_u32..5_000, 0..300),
        ) {
            let digest = |at: u32| *PasswordSha1::of(&Secret::from(format!("{at}"))).as_bytes();
            let set: BTreeSet<u32> = entries.iter().copied().collect();
            let file = build(&entries.iter().map(|at| digest(*at)).collect::<Vec<_>>());
            let list = List::open(&file).unwrap();
            prop_assert_eq!(list.verify(), Ok(()));
            prop_assert_eq!(list.len(), set.len() as u64);
            for at in entries.iter().chain(&others) {
                prop_assert_eq!(known(&list, digest(*at)), set.contains(at));
            }
        }

        #[test]
        fn order_and_repetition_do_not_change_the_file(
            entries in prop::collection::vec(any::<[u8; 20]>(), 0..50),
            turn in 0_usize..50,
        ) {
            let mut other = [entries.as_slice(), &entries].concat();
            let turn = turn.min(other.len());
            other.rotate_left(turn);
            prop_assert_eq!(build(&entries), build(&other));
        }

        #[test]
        fn any_body_is_searched_without_a_panic(
            words in prop::collection::vec(prop_oneof![Just(0), Just(u64::MAX), any::<u64>()], 16..200),
            digest: [u8; 20],
        ) {
            // A good header for whatever follows.
            let lines = words.len() / 8;
            let mut file = build(&[])[..24].to_vec();
            file.extend((lines as u32 - 1).to_le_bytes());
            file.extend([1, 0, 0, 0]);
            file.extend([0; 32]);
            file.extend(words[..8 * lines].iter().flat_map(|word| word.to_le_bytes()));
            let list = List::open(&file).unwrap();
            let _ = list.screen_sha1(&PasswordSha1::from_bytes(digest));
            prop_assert_eq!(list.verify(), Err(ListError::Checksum));
            let sealed = seal(file.clone());
            let _ = List::open(&sealed).unwrap().verify();
        }

        #[test]
        fn nothing_printed_has_the_password(password in "[a-zA-Z0-9]{12,20}") {
            let secret = Secret::from(password.as_str());
            let query = RangeQuery::for_password(&secret);
            let digest = PasswordSha1::of(&secret);
            let mut builder = ListBuilder::new(1);
            builder.add_sha1(&digest).unwrap();
            let full = builder.add_password(&secret).unwrap_err();
            let bad = builder.add_row("", &password, 1).unwrap_err();
            let mut printed = format!("{builder:?} {query:?} {digest:?} {full:?} {full} {bad:?} {bad}");
            let file = builder.finish().unwrap();
            let list = List::open(&file).unwrap();
            let closed = List::open(password.as_bytes()).unwrap_err();
            printed += &format!("{list:?} {closed:?} {closed}");
            let answers = [list.screen(&secret), screen_common(&secret), query.screen(&password), query.screen("")];
            for screening in answers {
                for policy in [UnknownPolicy::Accept, UnknownPolicy::AcceptAndRecheck, UnknownPolicy::Refuse] {
                    let outcome = decide(screening, policy);
                    let json = serde_json::to_string(&(screening, outcome)).unwrap();
                    printed += &format!("{screening:?} {outcome:?} {outcome} {json} {:?}", outcome.reason().map(|r| format!("{r}")));
                }
            }
            prop_assert!(!printed.contains(&password));
            // Nor the digest, in either form.
            let hex: String = digest.as_bytes().iter().map(|byte| format!("{byte:02X}")).collect();
            prop_assert!(!printed.to_uppercase().contains(&hex[..8]));
            prop_assert!(!printed.contains(query.prefix()));
        }
    }
}

/// What is shown to whoever chooses: whether it is accepted, and if not, which of the two refusals it is.
#[test]
fn an_outcome_reads_as_it_is_answered() {
    let reason = UnknownReason::AnswerTooLong;
    for accepted in [
        ScreeningOutcome::Accepted,
        ScreeningOutcome::AcceptedUnscreened { reason },
        ScreeningOutcome::AcceptedForRecheck { reason },
    ] {
        assert_eq!(accepted.to_string(), "the password is accepted");
    }
    assert_eq!(ScreeningOutcome::RefusedKnown { count: Some(7) }.to_string(), SAY_KNOWN);
    assert_eq!(ScreeningOutcome::RefusedUnscreened { reason }.to_string(), SAY_NOT_SCREENED);
}
