//! Every figure that standards and peers give for these rules, its source in the name, each boundary from both sides.

use core::time::Duration;

use super::*;
use crate::time::{Now, Timestamp};

fn accepts(policy: &PasswordPolicy, password: &str) -> bool {
    check(policy, &Secret::from(password)).is_empty()
}

fn plain() -> PasswordPolicyBuilder {
    PasswordPolicy::builder().min_chars(1).required([])
}

#[test]
fn nist_800_63b_4_3_1_1_2_and_pci_8_3_6_minimum_lengths() {
    for min in [15, 8, 12] {
        let policy = plain().min_chars(min).build().unwrap();
        for unit in ["x", "é", "\u{1f468}"] {
            assert!(!accepts(&policy, &unit.repeat(min - 1)), "{min} {unit}");
            assert!(accepts(&policy, &unit.repeat(min)), "{min} {unit}");
        }
    }
}

#[test]
fn nist_800_63b_4_3_1_1_2_form_c_joins_no_ligature() {
    let two = plain().min_chars(2).build().unwrap();
    assert!(accepts(&two, "fi") && !accepts(&two, "\u{fb01}")); // NFKC would make them one
    // 6d 61 c3 b1 61 6e 61 and 6d 61 6e cc 83 61 6e 61 are one password of six characters.
    for typed in ["ma\u{f1}ana", "man\u{303}ana"] {
        assert!(accepts(&plain().min_chars(6).build().unwrap(), typed));
        assert!(!accepts(&plain().min_chars(7).build().unwrap(), typed));
    }
}

#[test]
fn nist_800_63b_4_and_asvs_6_2_9_at_least_64_characters_are_permitted_whatever_the_policy() {
    let tightest = plain().max_chars(64).max_bytes(256).build().unwrap();
    for unit in ["x", "é", "字", "\u{1f468}"] {
        assert!(accepts(&tightest, &unit.repeat(64)));
        let found = check(&tightest, &Secret::from(unit.repeat(65)));
        assert_eq!(found.len(), 1);
        assert!(["password.too_many_chars", "password.too_long"].contains(&found[0].code().as_str()));
        for chars in [64, 128, 1024] {
            assert!(accepts(&plain().build().unwrap(), &unit.repeat(chars)), "{chars}");
        }
    }
    assert_eq!(plain().max_chars(63).build(), Err(PasswordPolicyError::MaxChars { asked: 63 }));
    assert_eq!(plain().max_bytes(255).build(), Err(PasswordPolicyError::MaxBytes { asked: 255 }));
    assert_eq!(plain().max_bytes(4097).build(), Err(PasswordPolicyError::MaxBytes { asked: 4097 }));
}

#[test]
fn pci_8_3_6_wants_digits_and_letters() {
    let pci =
        plain().min_chars(12).required([CharacterClass::Digit, CharacterClass::Letter]).history(4).build().unwrap();
    assert!(accepts(&pci, "abcdefghijk1") && accepts(&pci, "字字字字字字字字字字字٣"));
    assert_eq!(check(&pci, &"abcdefghijkl".into()), [Violation::Missing { class: CharacterClass::Digit }]);
    assert_eq!(check(&pci, &"123456789012".into()), [Violation::Missing { class: CharacterClass::Letter }]);
    assert_eq!(pci.history(), 4); // 8.3.7
}

#[test]
fn cognito_history_ends_at_24() {
    assert!(plain().history(24).build().is_ok());
    assert_eq!(plain().history(25).build(), Err(PasswordPolicyError::History { asked: 25 }));
}

#[test]
fn rodauth_more_than_three_of_one_character_in_a_row() {
    let policy = plain().max_repeat(Some(3)).build().unwrap();
    for good in ["aaa", "aaabaaa", "aaaAaaa", "ééé", "\u{1f468}\u{1f468}\u{1f468}x"] {
        assert!(accepts(&policy, good), "{good}");
    }
    for bad in ["aaaa", "xaaaa", "aaaax", "0000", "éééé", "e\u{301}ée\u{301}é", "\0\0\0\0"] {
        assert_eq!(check(&policy, &bad.into()), [Violation::Repeated { max_repeat: 3 }], "{bad}");
    }
}

#[test]
fn rodauth_keyboard_and_digit_rows() {
    let policy = plain().max_keyboard_run(Some(3)).build().unwrap();
    for good in ["qwe", "asdxzxc", "qwEzaz", "890-qwe", "hjk", "qaz", "789p0", "poi9", "\u{0}\u{1}\u{2}\u{3}"] {
        assert!(accepts(&policy, good), "{good}");
    }
    let bad = [
        "qwerty",
        "azerty",
        "qwertz",
        "asdf",
        "zxcv",
        "wxcv",
        "yxcv",
        "1234567890",
        "7890",
        "0987",
        "ytrewq",
        "QwErTy",
    ];
    // The digit row with shift, in whole or in part: the layout of the United States alone. Its columns are not looked at.
    for good in ["!@#", "!\"§$%&/()=", "1qaz2wsx", ")!@#", "_)(*"] {
        assert!(accepts(&policy, good), "{good}");
    }
    let shifted = ["!@#$%^&*()", "!@#$", "$#@!", "1@3$", "&*()", "é!@#$"];
    for bad in bad.into_iter().chain(["xxqwer", "qweryy", "éqwer", "jklm", "mlkj"]).chain(shifted) {
        assert_eq!(check(&policy, &bad.into()), [Violation::KeyboardRun { max_keyboard_run: 3 }], "{bad}");
    }
}

#[test]
fn rodauth_sequences_such_as_123() {
    let policy = plain().max_sequence(Some(3)).build().unwrap();
    for good in ["abc", "321", "abcxabc", "ABc", "abcba", "αβγ", "aaaa", "\u{7f}\u{7e}\u{7d}"] {
        assert!(accepts(&policy, good), "{good}");
    }
    for bad in ["abcd", "4321", "xabcd", "dcbax", "ABCD", "αβγδ", "δγβα", "é1234", "\u{7f}\u{80}\u{81}\u{82}"]
    {
        assert_eq!(check(&policy, &bad.into()), [Violation::Sequence { max_sequence: 3 }], "{bad}");
    }
}

#[test]
fn nothing_continues_a_sequence_from_before_the_first_character() {
    let policy = plain().max_sequence(Some(2)).max_repeat(Some(1)).build().unwrap();
    for good in ["\0\x01e", "\0\x01é", "\0é", "\u{10ffff}\u{10fffe}é"] {
        assert!(accepts(&policy, good), "{good:?}");
    }
    for bad in ["\0\x01\x02", "\0\x01\x02é", "\x02\x01\0é"] {
        assert_eq!(check(&policy, &bad.into()), [Violation::Sequence { max_sequence: 2 }], "{bad:?}");
    }
}

/// General categories Cf and Mn of UnicodeData.txt.
#[test]
fn what_does_not_show_by_itself_is_no_symbol() {
    let policy = plain().required([CharacterClass::Symbol]).build().unwrap();
    for unseen in
        ["\u{200b}", "\u{feff}", "\u{ad}", "\u{2060}", "\u{200d}", "x\u{332}", "x\u{20dd}", "x\u{fe0f}", "\u{e0020}"]
    {
        assert_eq!(
            check(&policy, &unseen.into()),
            [Violation::Missing { class: CharacterClass::Symbol }],
            "{unseen:?}"
        );
    }
    for seen in ["-", "€", "\u{1f468}", "\u{1f468}\u{200d}", "。", "¬", "\u{2010}", "\u{2030}"] {
        assert!(accepts(&policy, seen), "{seen:?}");
    }
}

#[test]
fn kratos_distance_below_5_or_common_part_over_half() {
    let context = Context::try_new(["bettertogether"]).unwrap();
    let similar = |min_distance, max_common_percent| {
        let rule = ContextRule::Similar { min_distance, max_common_percent };
        plain().context(rule).build().unwrap()
    };
    let is_similar = |policy: &PasswordPolicy, password: &str| {
        check_with(policy, &password.into(), &context).contains(&Violation::TooSimilar)
    };
    let distance = similar(Some(5), None);
    assert!(is_similar(&distance, "bettertogeth") && is_similar(&distance, "Xettertogeth7"));
    assert!(is_similar(&distance, "bEtter2together")); // one edit
    assert!(is_similar(&distance, "zetzerzogezher")); // four
    assert!(!is_similar(&distance, "zetzerzogezhez")); // five
    let common = similar(None, Some(50));
    assert!(!is_similar(&common, "together12345678")); // 8 of 16
    assert!(is_similar(&common, "together1234567")); // 8 of 15
    assert!(is_similar(&common, "TOGETHÉR".replace('É', "E").as_str()));
    assert!(is_similar(&similar(Some(2), Some(50)), "ätogether")); // beyond ASCII
    // The longest word within a password of five times its length: 64 of 319 are over 20 per cent, of 320 they are not.
    let (word, fifth) = ("bettertogether".repeat(5)[..64].to_string(), similar(None, Some(20)));
    let long = Context::try_new([&word]).unwrap();
    for (chars, expected) in [(65, true), (200, true), (319, true), (320, false), (321, false)] {
        for filler in ["-", "é"] {
            let password = word.clone() + &filler.repeat(chars - 64);
            let found = check_with(&fifth, &password.as_str().into(), &long);
            assert_eq!(found.contains(&Violation::TooSimilar), expected, "{chars} {filler}");
        }
    }
    // A long word counts whole and costs no comparison; so does a long password.
    let long = Context::try_new(["x".repeat(65)]).unwrap();
    assert!(check_with(&distance, &"x".repeat(64).into(), &long).is_empty());
    assert_eq!(check_with(&distance, &"X".repeat(65).into(), &long), [Violation::ContextWord]);
}

#[test]
fn context_words_are_whole_and_in_any_case() {
    let words = plain().context(ContextRule::Words).build().unwrap();
    let context = Context::try_new(["Anna.Müller@example.com", "j.d@x.io", "ACME"]).unwrap();
    for bad in ["xxANNAxx", "acme", "1acme", "müller", "MU\u{308}LLER", "Example", "J.D@X.IO", "aacme", "ÄACME"] {
        assert_eq!(check_with(&words, &bad.into(), &context), [Violation::ContextWord], "{bad}");
        assert!(check(&words, &bad.into()).is_empty());
        assert!(check_with(&plain().build().unwrap(), &bad.into(), &context).is_empty());
    }
    for good in ["ann", "acm", "ac-me", "com", "muller", "acmacm", "annnna", "ann\u{e4}"] {
        assert!(check_with(&words, &good.into(), &context).is_empty(), "{good}");
    }
    let many: Vec<_> = (0..65).map(|n| alloc::format!("word{n:04}")).collect();
    assert_eq!(Context::try_new(&many).unwrap_err(), ContextError::TooMany);
    assert_eq!(Context::try_new(&many[..64]).unwrap().words(), 64);
    assert_eq!(alloc::format!("{context:?}"), "Context(..)");
}

/// Unicode's own mappings: SpecialCasing.txt (ß, ǰ, the final sigma) and UnicodeData.txt (ẞ, ſ, K).
#[test]
fn case_matters_in_no_script() {
    let words =
        plain().context(ContextRule::Similar { min_distance: Some(2), max_common_percent: None }).build().unwrap();
    for (one, two) in [
        ("Παπαδόπουλος", "ΠΑΠΑΔΌΠΟΥΛΟΣ"),
        ("Straße", "STRASSE"),
        ("Straße", "STRAẞE"),
        ("\u{1f0}abcdef", "J\u{30c}ABCDEF"),
        ("smith", "\u{17f}mith"),
        ("Kelvin", "\u{212a}ELVIN"),
        ("ΐδιος", "\u{399}\u{308}\u{301}ΔΙΟΣ"),
    ] {
        for (known, password) in [(one, two), (two, one)] {
            let context = Context::try_new([known]).unwrap();
            for password in [password, &alloc::format!("x{password}")] {
                let found = check_with(&words, &password.into(), &context);
                assert_eq!(found, [Violation::ContextWord, Violation::TooSimilar], "{known} {password}");
            }
        }
    }
}

#[test]
fn a_folded_password_is_written_once_into_room_of_its_size() {
    // U+1D160 grows threefold in form C (UAX 15, section 11), U+0390 threefold in upper case.
    for text in ["\u{1d160}", "\u{390}", "é", "\u{130}", "\u{fb03}", "J\u{30c}é", "Abc", ""] {
        let folded = context::folded(&text.repeat(300));
        assert_eq!(folded.capacity(), folded.len(), "{text}");
    }
}

#[test]
fn short_names_count_whole_and_short_parts_do_not() {
    let count = |text: &str| Context::try_new([text]).unwrap().words();
    for (text, words) in [
        ("bo", 0),
        ("bob", 1),
        (" bob ", 1),
        ("12", 0),
        ("123", 1),
        ("王", 0),
        ("王明", 1),
        ("王小明", 1),
        ("王小 明", 2), // and 王小
        ("é", 0),
        ("zé", 1),
        ("a€", 0), // not a letter
        ("bob ann", 1),
        ("anna bob", 2), // and anna
        ("zoé-ann", 2),  // and zoé
        ("", 0),
    ] {
        assert_eq!(count(text), words, "{text:?}");
    }
    let words =
        plain().context(ContextRule::Similar { min_distance: Some(8), max_common_percent: None }).build().unwrap();
    for (name, bad, good) in [("bob", "xBOB7", "xboxb"), ("王小明", "ab王小明9", "王小日明")] {
        let context = Context::try_new([name]).unwrap();
        assert_eq!(check_with(&words, &bad.into(), &context), [Violation::ContextWord], "{name}");
        assert!(check_with(&words, &good.into(), &context).is_empty(), "{name}");
    }
}

#[test]
fn pci_8_3_9_ninety_days_and_a_minimum_of_one_at_their_instants() {
    let day = 24 * 60 * 60;
    let policy = plain().min_age_secs(Some(day)).max_age_secs(Some(90 * day)).build().unwrap();
    let changed = Timestamp::from_micros(1_000_000_000_000).unwrap();
    let after = |length| Now::from(changed.saturating_add(length));
    let (day, tick) = (Duration::from_secs(day), Duration::from_micros(1));
    let (changeable_at, since) = (changed.saturating_add(day), changed.saturating_add(90 * day));
    let current = AgeOutcome::Current { expires_at: Some(since) };
    assert_eq!(age(&policy, changed, after(day - tick)), AgeOutcome::TooRecent { changeable_at });
    assert_eq!(age(&policy, changed, after(day)), current);
    assert_eq!(age(&policy, changed, after(90 * day - tick)), current);
    assert_eq!(age(&policy, changed, after(90 * day)), AgeOutcome::Expired { since });
    assert_eq!(age(&policy, changed, after(90 * day + tick)), AgeOutcome::Expired { since });
    // A change that lies in the future counts as made now within the skew of two clocks; further ahead its age is not known.
    let now = Now::from(Timestamp::from_micros(0).unwrap());
    let skew = Duration::from_secs(30);
    for changed in [now.plus(tick), now.plus(skew)] {
        assert_eq!(age(&policy, changed, now), AgeOutcome::TooRecent { changeable_at: now.plus(day) });
    }
    for changed in [now.plus(skew + tick), Timestamp::MAX] {
        assert_eq!(age(&policy, changed, now), AgeOutcome::Expired { since: now.timestamp() });
        let never = plain().min_age_secs(Some(60)).build().unwrap();
        assert_eq!(age(&never, changed, now), AgeOutcome::Current { expires_at: None });
    }
}

#[test]
fn every_setting_at_the_ends_of_its_range() {
    use PasswordPolicyError as E;
    let similar = |min_distance, max_common_percent| {
        plain().context(ContextRule::Similar { min_distance, max_common_percent }).build().map(|_| ())
    };
    for (built, expected) in [
        (plain().max_repeat(Some(1)).max_sequence(Some(2)).max_keyboard_run(Some(2)).build().map(|_| ()), Ok(())),
        (plain().max_repeat(Some(64)).max_sequence(Some(64)).max_keyboard_run(Some(64)).build().map(|_| ()), Ok(())),
        (plain().max_repeat(Some(0)).build().map(|_| ()), Err(E::MaxRepeat { asked: 0 })),
        (plain().max_repeat(Some(65)).build().map(|_| ()), Err(E::MaxRepeat { asked: 65 })),
        (plain().max_sequence(Some(1)).build().map(|_| ()), Err(E::MaxSequence { asked: 1 })),
        (plain().max_keyboard_run(Some(1)).build().map(|_| ()), Err(E::MaxKeyboardRun { asked: 1 })),
        (plain().max_keyboard_run(Some(usize::MAX)).build().map(|_| ()), Err(E::MaxKeyboardRun { asked: usize::MAX })),
        (similar(None, None), Err(E::Similarity)),
        (similar(Some(1), None), Err(E::Similarity)),
        (similar(Some(9), None), Err(E::Similarity)),
        (similar(None, Some(19)), Err(E::Similarity)),
        (similar(None, Some(91)), Err(E::Similarity)),
        (similar(Some(2), Some(90)).and(similar(Some(8), Some(20))), Ok(())),
        (plain().max_age_secs(Some(0)).build().map(|_| ()), Err(E::Age { asked_secs: 0 })),
        (plain().min_age_secs(Some(u64::MAX)).build().map(|_| ()), Err(E::Age { asked_secs: u64::MAX })),
        (plain().max_age_secs(Some(3660 * 86_400)).build().map(|_| ()), Ok(())),
        (
            plain().min_age_secs(Some(5)).max_age_secs(Some(5)).build().map(|_| ()),
            Err(E::Ages { min_secs: 5, max_secs: 5 }),
        ),
    ] {
        assert_eq!(built, expected);
    }
}

#[test]
fn all_violations_come_at_once_and_in_order() {
    let policy = PasswordPolicy::builder()
        .min_chars(30)
        .required([
            CharacterClass::Symbol,
            CharacterClass::Letter,
            CharacterClass::Lowercase,
            CharacterClass::Uppercase,
        ])
        .max_repeat(Some(2))
        .max_sequence(Some(2))
        .max_keyboard_run(Some(2))
        .context(ContextRule::Similar { min_distance: Some(8), max_common_percent: None })
        .build()
        .unwrap();
    let context = Context::try_new(["1234"]).unwrap();
    let codes: Vec<_> =
        check_with(&policy, &"1234111".into(), &context).iter().map(|violation| violation.code().as_str()).collect();
    let named = ["too_short", "no_uppercase", "no_lowercase", "no_letter", "no_symbol", "repeated", "sequence"];
    let expected: Vec<_> = named.into_iter().chain(["keyboard_run", "context_word", "too_similar"]).collect();
    assert_eq!(codes.iter().map(|code| code.trim_start_matches("password.")).collect::<Vec<_>>(), expected);
}

#[test]
fn a_policy_reads_as_it_is_written() {
    let text = r#"{"min_chars":12,"max_chars":128,"max_bytes":512,"required":["digit","letter","symbol"],"max_repeat":3,"max_sequence":4,"max_keyboard_run":4,"context":{"similar":{"min_distance":5}},"max_age_secs":7776000,"history":4}"#;
    let policy: PasswordPolicy = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&policy).unwrap(), text);
    for bad in [
        r#"{"context":{"similar":{}}}"#,
        r#"{"context":{"similar":{"min_distanc":5}}}"#,
        r#"{"context":"some"}"#,
        r#"{"history":25}"#,
        r#"{"min_age_secs":9,"max_age_secs":9}"#,
    ] {
        assert!(serde_json::from_str::<PasswordPolicy>(bad).is_err(), "{bad}");
    }
}

#[test]
fn an_estimate_reaches_the_asked_strength_or_is_refused() {
    for least in Strength::ALL {
        let policy = plain().min_strength(Some(least)).build().unwrap();
        for estimate in Strength::ALL {
            let refused = strength(&policy, Some(estimate)).map(|violation| violation.code().as_str());
            assert_eq!(refused, (estimate.score() < least.score()).then_some("password.too_weak"));
        }
        assert_eq!(strength(&policy, None), Some(Violation::NotEstimated));
    }
    assert_eq!(strength(&PasswordPolicy::default(), None), None);
    assert!(serde_json::from_str::<PasswordPolicy>(r#"{"min_strength":5}"#).is_err());
}

/// The figures of zxcvbn 3.1.1's own tests (src/lib.rs and src/scoring.rs).
#[cfg(feature = "strength")]
#[test]
fn zxcvbn_3_1_scores() {
    let none = Context::none();
    for (password, score) in [("", 0), ("hey<123", 2), ("TestMeNow!", 3), ("08märz2010", 3)] {
        assert_eq!(estimate(&Secret::from(password), &none).score(), score, "{password}");
    }
}

#[cfg(feature = "strength")]
#[test]
fn an_estimate_knows_the_context_and_ends_soon() {
    let context = Context::try_new(["nine-lilac-otters", "anna@example.com"]).unwrap();
    assert_eq!(estimate(&Secret::from("nine-lilac-otters"), &Context::none()), Strength::VerySafe);
    assert!(estimate(&Secret::from("nine-lilac-otters"), &context) <= Strength::Weak);
    // Crafted for zxcvbn alone: 240 ms for 64 such characters, over ten times that for 4096 of them, were there no bound.
    let _ = estimate(&Secret::from("warm up"), &context);
    for crafted in ["4@8({[<369|1!70$5+7%2aeiost".repeat(150), "a".repeat(4096), "{[6ot27<9%+1!1@{6$7b4(|5".repeat(2)] {
        let _ = estimate(&Secret::from(crafted.as_str()), &context);
    }
    // The worst that hill climbing found, with many ambiguous characters, take one to three times as long as the worst with few; cut
    // at 16 the first took over five times as long.
    let words: Vec<_> = (0..64).map(|n| alloc::format!("{n:02}{}", "wxyz".repeat(63))).collect();
    let full = Context::try_new(&words).unwrap();
    let fastest = |password: &str| {
        let password = Secret::from(password);
        let time = |_| {
            let started = std::time::Instant::now();
            let _ = estimate(&password, &full);
            started.elapsed()
        };
        (0..4).map(time).min().unwrap()
    };
    let few = fastest("777117b|7<111171711<11<{111|1m1<");
    for many in ["9$6![51{+4!|@7(<", "|{([9(@+1476", "{[6ot27<9%+1!1@{6$7b4(|5{[6ot27<"] {
        let taken = fastest(many);
        // Only where it is optimised: how a debug build and a busy machine take their time says nothing.
        assert!(cfg!(debug_assertions) || taken < few * 5, "{many} {taken:?} {few:?}");
        assert!(cfg!(debug_assertions) || taken < Duration::from_millis(12), "{many} {taken:?}");
    }
    // Nothing after the bound lowers it.
    let strong = "xK9#mQ2$vL7@pR4!wZ8^";
    assert_eq!(estimate(&Secret::from(strong), &context), Strength::VerySafe);
    assert_eq!(estimate(&Secret::from(strong.repeat(40)), &context), Strength::VerySafe);
}

/// The bound itself, whatever the build and the machine: 32 characters, or 12 with more than six that may stand for letters.
#[cfg(feature = "strength")]
#[test]
fn an_estimate_looks_at_a_bounded_part() {
    use crate::password::estimate::looked_at;
    for (text, chars) in
        [("", 0), ("short", 5), ("abcdefghijklmnopqrstuvwxyzabcdef", 32), ("é€𝄞xé€𝄞xé€𝄞xé€𝄞xé€𝄞xé€𝄞xé€𝄞xé€𝄞x", 32)]
    {
        assert_eq!(looked_at(text), text);
        assert_eq!(text.chars().count(), chars);
        assert_eq!(looked_at(&alloc::format!("{text}{}", "x".repeat(4096))).chars().count(), 32);
    }
    // Six different ones, often, are few; a seventh within what is looked at makes them many.
    let six = "48369148369148369148369148369148";
    assert_eq!(looked_at(six).chars().count(), 32);
    assert_eq!(looked_at(&alloc::format!("{}@", &six[..31])).chars().count(), 12);
    assert_eq!(looked_at(&alloc::format!("{six}@")).chars().count(), 32);
}
