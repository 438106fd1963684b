use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use super::*;

/// A policy file: what is said, and an idle session of a quarter of an hour unless it is said.
fn file(sign_in: &str, rest: &str) -> PolicySet {
    let session = r#""session": { "lifetime_secs": 28800, "idle": { "lock": { "after_secs": 900 } } }"#;
    let sign_in = match sign_in {
        "" => session.to_string(),
        said if said.contains("\"session\"") => said.to_string(),
        said => format!("{said}, {session}"),
    };
    PolicySet::from_json(&format!(r#"{{ "sign_in": {{ {sign_in} }}{rest} }}"#)).unwrap()
}

fn found(set: &PolicySet, profile: Profile) -> Vec<(&'static str, Setting, Actual)> {
    set.audit(profile)
        .iter()
        .map(|one| (one.requirement().section(), one.requirement().setting(), one.actual()))
        .collect()
}

/// A policy that keeps a document's numbers exactly, so that each of them can be missed by one.
fn kept(profile: Profile) -> PolicySet {
    match profile {
        Profile::Engage2015 => file("", ""),
        Profile::ClevertapDpa => file(r#""dormancy": { "period_days": 3653 }"#, ""),
        Profile::Nist80063b4SingleFactor => file(
            r#""password": { "min_chars": 15, "max_chars": 64, "required": [] }, "lockout": { "cap": 100 },
               "session": { "lifetime_secs": 2592000, "idle": "unlimited" }"#,
            "",
        ),
        Profile::Nist80063b4MultiFactor => file(
            r#""password": { "min_chars": 8, "max_chars": 64, "required": [] }, "lockout": { "cap": 100 },
               "session": { "lifetime_secs": 86400, "idle": { "end": { "after_secs": 3600 } } }"#,
            "",
        ),
        // Level 1 says nothing of age and length at most, and nothing of idle sessions.
        Profile::OwaspAsvs5L1 => file(
            r#""password": { "min_chars": 15, "required": [], "max_age_secs": 86400 }, "screening": "accept",
               "session": { "lifetime_secs": 900, "idle": "unlimited" }"#,
            "",
        ),
        Profile::OwaspAsvs5L2 => {
            file(r#""password": { "min_chars": 15, "max_chars": 64, "required": [] }, "screening": "accept""#, "")
        }
        Profile::PciDss401 => file(
            r#""password": { "min_chars": 12, "required": ["digit", "letter"], "history": 4, "max_age_secs": 7776000 },
               "lockout": { "limit": 10, "lock_secs": 1800 }, "dormancy": { "period_days": 90 }"#,
            r#", "retention": { "administration": { "minimum": { "months": 12 } }, "authentication": { "minimum": { "months": 12 } },
                "access": { "minimum": { "years": 1 } }, "change": { "minimum": { "months": 12 } }, "general": { "minimum": { "months": 12 } },
                "log": { "minimum": { "months": 12 } } }"#,
        ),
        Profile::CisV8SingleFactor => file(r#""password": { "min_chars": 14 }, "dormancy": { "period_days": 45 }"#, ""),
        Profile::CisV8MultiFactor => file(r#""dormancy": { "period_days": 45 }"#, ""),
    }
}

#[test]
fn a_policy_that_keeps_every_number_has_no_findings() {
    for profile in Profile::ALL {
        assert_eq!(found(&kept(profile), profile), [], "{profile}");
        assert!(profile.requirements().next().is_some());
    }
}

/// Each number missed by one, and then found under its section. What the numbers are is in the documents:
/// NIST SP 800-63B-4 sections 2.1.3, 2.2.3, 3.1.1.2 and 3.2.2; ASVS 5.0 6.2.1 to 6.2.12; PCI DSS 4.0.1 8.2.6 to 8.3.9
/// and 10.5.1; CIS Controls v8 5.2 and 5.3; and the two source documents.
#[test]
fn each_number_is_missed_by_one() {
    use Actual::{None, Number, Switch};
    let dormant = |days| format!(r#""dormancy": {{ "period_days": {days} }}"#);
    let rows: &[(Profile, String, &str, Setting, Actual)] = &[
        (
            Profile::Engage2015,
            r#""password": { "min_chars": 7 }"#.into(),
            "E-6P.1",
            Setting::PasswordMinChars,
            Number(7),
        ),
        (
            Profile::Engage2015,
            r#""password": { "required": ["uppercase", "lowercase"] }"#.into(),
            "E-6P.1",
            Setting::PasswordDigit,
            Switch(false),
        ),
        (
            Profile::Engage2015,
            r#""password": { "required": ["digit", "lowercase"] }"#.into(),
            "E-6P.1",
            Setting::PasswordUpper,
            Switch(false),
        ),
        (
            Profile::Engage2015,
            r#""password": { "required": ["digit", "uppercase"] }"#.into(),
            "E-6P.1",
            Setting::PasswordLower,
            Switch(false),
        ),
        (
            Profile::Engage2015,
            r#""temporary": { "lifetime_secs": 1296001 }"#.into(),
            "E-6P.2",
            Setting::TemporaryLifetime,
            Number(1_296_001),
        ),
        (Profile::Engage2015, r#""lockout": { "limit": 4 }"#.into(), "E-6P.3", Setting::LockoutLimit, Number(4)),
        (
            Profile::Engage2015,
            r#""lockout": { "lock_secs": 899 }"#.into(),
            "E-6P.3",
            Setting::LockoutSeconds,
            Number(899),
        ),
        (
            Profile::Engage2015,
            r#""session": { "lifetime_secs": 900, "idle": "unlimited" }"#.into(),
            "E-5.10b",
            Setting::SessionIdle,
            None,
        ),
        (
            Profile::PciDss401,
            r#""session": { "lifetime_secs": 28800, "idle": { "lock": { "after_secs": 901 } } }"#.into(),
            "8.2.8",
            Setting::SessionIdle,
            Number(901),
        ),
        (Profile::PciDss401, dormant(91), "8.2.6", Setting::Dormancy, Number(91)),
        (
            Profile::PciDss401,
            r#""lockout": { "limit": 11, "lock_secs": 1800 }"#.into(),
            "8.3.4",
            Setting::LockoutLimit,
            Number(11),
        ),
        (
            Profile::PciDss401,
            r#""lockout": { "lock_secs": 1799 }"#.into(),
            "8.3.4",
            Setting::LockoutSeconds,
            Number(1799),
        ),
        (
            Profile::PciDss401,
            r#""password": { "min_chars": 11 }"#.into(),
            "8.3.6",
            Setting::PasswordMinChars,
            Number(11),
        ),
        (
            Profile::PciDss401,
            r#""password": { "required": ["digit", "symbol"] }"#.into(),
            "8.3.6",
            Setting::PasswordLetter,
            Switch(false),
        ),
        (
            Profile::PciDss401,
            r#""password": { "required": ["uppercase"] }"#.into(),
            "8.3.6",
            Setting::PasswordDigit,
            Switch(false),
        ),
        (Profile::PciDss401, r#""password": { "history": 3 }"#.into(), "8.3.7", Setting::PasswordHistory, Number(3)),
        (
            Profile::PciDss401,
            r#""password": { "max_age_secs": 7776001 }"#.into(),
            "8.3.9",
            Setting::PasswordMaxAge,
            Number(91),
        ),
        (Profile::PciDss401, String::new(), "8.3.9", Setting::PasswordMaxAge, None),
        (Profile::PciDss401, String::new(), "10.5.1", Setting::LogMonths, Number(6)),
        (Profile::ClevertapDpa, String::new(), "A2-Input-6", Setting::Dormancy, None),
        (
            Profile::ClevertapDpa,
            r#""session": { "lifetime_secs": 900, "idle": "unlimited" }"#.into(),
            "A2-Access-3",
            Setting::SessionIdle,
            None,
        ),
        (
            Profile::Nist80063b4SingleFactor,
            r#""password": { "min_chars": 14 }"#.into(),
            "3.1.1.2",
            Setting::PasswordMinChars,
            Number(14),
        ),
        (
            Profile::Nist80063b4MultiFactor,
            r#""password": { "min_chars": 7 }"#.into(),
            "3.1.1.2",
            Setting::PasswordMinChars,
            Number(7),
        ),
        (Profile::Nist80063b4SingleFactor, String::new(), "3.1.1.2", Setting::PasswordComposition, Switch(true)),
        (
            Profile::Nist80063b4SingleFactor,
            r#""password": { "max_age_secs": 86400 }"#.into(),
            "3.1.1.2",
            Setting::PasswordMaxAge,
            Number(1),
        ),
        (
            Profile::Nist80063b4SingleFactor,
            r#""screen_common": false"#.into(),
            "3.1.1.2",
            Setting::Blocklist,
            Switch(false),
        ),
        (Profile::Nist80063b4SingleFactor, String::new(), "3.2.2", Setting::LockoutCap, None),
        (
            Profile::Nist80063b4MultiFactor,
            r#""lockout": { "cap": 101 }"#.into(),
            "3.2.2",
            Setting::LockoutCap,
            Number(101),
        ),
        (
            Profile::Nist80063b4SingleFactor,
            r#""session": { "lifetime_secs": 2592001, "idle": "unlimited" }"#.into(),
            "2.1.3",
            Setting::SessionLifetime,
            Number(2_592_001),
        ),
        (
            Profile::Nist80063b4MultiFactor,
            r#""session": { "lifetime_secs": 86401, "idle": "unlimited" }"#.into(),
            "2.2.3",
            Setting::SessionLifetime,
            Number(86_401),
        ),
        (
            Profile::Nist80063b4MultiFactor,
            r#""session": { "lifetime_secs": 86400, "idle": { "end": { "after_secs": 3601 } } }"#.into(),
            "2.2.3",
            Setting::SessionIdle,
            Number(3601),
        ),
        (
            Profile::OwaspAsvs5L1,
            r#""password": { "min_chars": 7 }"#.into(),
            "6.2.1",
            Setting::PasswordMinChars,
            Number(7),
        ),
        (Profile::OwaspAsvs5L1, String::new(), "6.2.4", Setting::Screening, Switch(false)),
        (Profile::OwaspAsvs5L1, String::new(), "6.2.5", Setting::PasswordComposition, Switch(true)),
        (
            Profile::OwaspAsvs5L2,
            r#""password": { "max_age_secs": 7776000 }"#.into(),
            "6.2.10",
            Setting::PasswordMaxAge,
            Number(90),
        ),
        (Profile::OwaspAsvs5L2, String::new(), "6.2.12", Setting::Screening, Switch(false)),
        (
            Profile::OwaspAsvs5L2,
            r#""session": { "lifetime_secs": 900, "idle": "unlimited" }"#.into(),
            "7.3.1",
            Setting::SessionIdle,
            None,
        ),
        // From where its bearer has signed in before, three more guesses, and none of them ends it.
        (Profile::Engage2015, r#""lanes": { "familiar": {} }"#.into(), "E-6P.3", Setting::LockoutLimit, Number(6)),
        (
            Profile::Engage2015,
            r#""lanes": { "familiar": { "lockout": { "lock_secs": 60 } } }"#.into(),
            "E-6P.3",
            Setting::LockoutSeconds,
            Number(60),
        ),
        (
            Profile::Nist80063b4MultiFactor,
            r#""lockout": { "cap": 100 }, "lanes": { "familiar": {} }"#.into(),
            "3.2.2",
            Setting::LockoutCap,
            None,
        ),
        (
            Profile::Nist80063b4MultiFactor,
            r#""lockout": { "cap": 51 }, "lanes": { "familiar": { "lockout": { "cap": 50 } } }"#.into(),
            "3.2.2",
            Setting::LockoutCap,
            Number(101),
        ),
        (
            Profile::CisV8SingleFactor,
            r#""password": { "min_chars": 13 }"#.into(),
            "5.2",
            Setting::PasswordMinChars,
            Number(13),
        ),
        (
            Profile::CisV8MultiFactor,
            r#""password": { "min_chars": 7 }"#.into(),
            "5.2",
            Setting::PasswordMinChars,
            Number(7),
        ),
        (Profile::CisV8MultiFactor, dormant(46), "5.3", Setting::Dormancy, Number(46)),
    ];
    for (profile, sign_in, section, setting, actual) in rows {
        let found = found(&file(sign_in, ""), *profile);
        assert!(found.contains(&(*section, *setting, *actual)), "{profile} {section}: {found:?}");
    }
}

/// ASVS 5.0: a level contains those below it. What contradicts the lower one is told once, whichever are named.
#[test]
fn a_higher_level_includes_the_lower() {
    let told = |profiles: &[Profile]| {
        conflicts(profiles).iter().map(|found| (found.one.section(), found.other.section())).collect::<Vec<_>>()
    };
    let (one, two) = (Profile::OwaspAsvs5L1, Profile::OwaspAsvs5L2);
    let engage = [("E-6P.1", "6.2.5"); 3]; // digit, upper and lower case
    assert_eq!(told(&[Profile::Engage2015, one]), engage);
    assert_eq!(told(&[Profile::Engage2015, two]), engage);
    assert_eq!(told(&[Profile::Engage2015, one, two]), engage);
    assert_eq!(told(&[one, two]), []);
}

/// OWASP ASVS 5.0, 11.4.2 with appendix C: t = 1: m >= 47104, t = 2: m >= 19456, t >= 3: m >= 12288. The cheat sheet
/// takes less memory from four passes on, and a hash policy does too.
#[test]
fn appendix_c_asks_for_more_than_the_cheat_sheet() {
    for (m, t, is_kept) in
        [(47_104, 1, true), (19_456, 2, true), (12_288, 3, true), (12_288, 4, true), (9_216, 4, false)]
    {
        let hashing = format!(r#", "hashing": {{ "cost": {{ "m_kib": {m}, "t": {t}, "p": 1 }} }}"#);
        let set = file(r#""password": { "min_chars": 15, "required": [] }, "screening": "accept""#, &hashing);
        let expected = if is_kept { vec![] } else { vec![("11.4.2", Setting::HashFloor, Actual::Switch(false))] };
        assert_eq!(found(&set, Profile::OwaspAsvs5L2), expected, "{m} {t}");
        assert_eq!(found(&set, Profile::OwaspAsvs5L1), []);
    }
}

#[test]
fn six_months_are_six_months_in_whatever_unit() {
    for (minimum, months) in [
        (r#"{ "months": 6 }"#, 6),
        (r#"{ "years": 1 }"#, 12),
        (r#"{ "weeks": 27 }"#, 6),
        (r#"{ "days": 186 }"#, 6),
        (r#"{ "days": 370 }"#, 12),
    ] {
        let retention = format!(
            r#", "retention": {{ "administration": {{ "minimum": {minimum} }}, "log": {{ "minimum": {{ "years": 10 }} }} }}"#
        );
        let set = PolicySet::from_json(&format!(
            r#"{{ "sign_in": {{ "session": {{ "lifetime_secs": 900, "idle": "unlimited" }} }}{retention} }}"#
        ));
        let set = set.unwrap();
        assert_eq!(Setting::AdministrationMonths.of(&set), Actual::Number(months), "{minimum}");
    }
}

#[test]
fn what_contradicts_is_told_and_what_does_not_is_not() {
    let settings = |profiles: &[Profile]| -> Vec<(Setting, Setting)> {
        conflicts(profiles).iter().map(|found| (found.one.setting(), found.other.setting())).collect()
    };
    let (nist, pci) = (Profile::Nist80063b4SingleFactor, Profile::PciDss401);
    let expected = [
        (Setting::PasswordComposition, Setting::PasswordDigit),
        (Setting::PasswordComposition, Setting::PasswordLetter),
        (Setting::PasswordMaxAge, Setting::PasswordMaxAge),
    ];
    assert_eq!(settings(&[nist, pci]), expected);
    assert_eq!(settings(&[pci, nist]), expected); // in whatever order
    assert_eq!(settings(&[nist, pci, nist]), expected);
    assert_eq!(settings(&[nist]), []);
    assert_eq!(settings(&[nist, Profile::OwaspAsvs5L2]), []);
    assert_eq!(settings(&[Profile::Engage2015, nist]).len(), 3); // E-6P.1 asks for three classes
    let text = conflicts(&[nist, pci])[2].to_string();
    assert_eq!(
        text,
        "NIST SP 800-63B-4 (single-factor), 3.1.1.2: sign_in.password.max_age_secs (days) must be not limited; \
         PCI DSS 4.0.1, 8.3.9: sign_in.password.max_age_secs (days) must be at most 90"
    );
}

/// For every pair without a conflict there is a policy that keeps both: that of the stricter numbers.
#[test]
fn demands_agree_exactly_if_some_value_meets_both() {
    let demands = [
        Demand::AtLeast(3),
        Demand::AtLeast(5),
        Demand::AtMost(3),
        Demand::AtMost(4),
        Demand::Chosen,
        Demand::Unlimited,
    ];
    let values = [Actual::None, Actual::Number(2), Actual::Number(3), Actual::Number(4), Actual::Number(5)];
    for one in demands {
        for other in demands {
            let both = values.iter().any(|value| one.is_met_by(*value) && other.is_met_by(*value));
            assert_eq!(one.agrees_with(other), both, "{one} and {other}");
        }
    }
    assert!(!Demand::On.agrees_with(Demand::Off) && Demand::Off.agrees_with(Demand::Off));
}

/// Every setting of the file, tightened, kept and loosened.
#[test]
fn e_4_a_customer_heightens_and_never_lowers() {
    let base = r#""access": { "https_only": true, "outside_use": "end" },
        "lockout": { "limit": 5, "lock_secs": 900, "cap": 50, "tiers": [{ "failures": 10, "lock_secs": 3600 }] },
        "denials": { "recorded": 10, "window_secs": 60 },
        "password": { "min_chars": 10, "max_chars": 100, "max_bytes": 400, "required": ["digit"], "max_repeat": 3, "max_sequence": 4,
            "max_keyboard_run": 5, "context": "words", "min_age_secs": 60, "max_age_secs": 7776000, "min_strength": 2, "history": 5 },
        "session": { "lifetime_secs": 28800, "idle": { "end": { "after_secs": 900 } }, "cap": 5 },
        "temporary": { "lifetime_secs": 86400, "change_window_secs": 600 },
        "screening": "accept_and_recheck",
        "dormancy": { "period_days": 90, "grace_days": 10, "exempt": ["u-1"] }"#;
    let baseline = file(base, "");
    assert_eq!(baseline.tighten(baseline.clone()).as_ref(), Ok(&baseline));
    let rows: &[(&str, &str, &str, &str)] = &[
        ("sign_in.access.https_only", r#""https_only": true"#, r#""https_only": true"#, r#""https_only": false"#),
        ("sign_in.access.outside_use", r#""end" }"#, r#""end" }"#, r#""refuse" }"#),
        ("sign_in.lockout.limit", r#""limit": 5"#, r#""limit": 4"#, r#""limit": 6"#),
        ("sign_in.lockout.lock_secs", r#""lock_secs": 900"#, r#""lock_secs": 901"#, r#""lock_secs": 899"#),
        ("sign_in.lockout.tiers", r#""lock_secs": 3600"#, r#""lock_secs": 3601"#, r#""lock_secs": 3599"#),
        ("sign_in.lockout.tiers", r#""failures": 10"#, r#""failures": 9"#, r#""failures": 11"#),
        ("sign_in.lockout.cap", r#""cap": 50"#, r#""cap": 49"#, r#""cap": null"#),
        ("sign_in.lockout.cap", r#""cap": 50"#, r#""cap": 49"#, r#""cap": 51"#),
        ("sign_in.lockout.repeats", r#""cap": 50"#, r#""cap": 50"#, r#""cap": 50, "repeats": "free""#),
        ("sign_in.denials", r#""recorded": 10"#, r#""recorded": 11"#, r#""recorded": 9"#),
        ("sign_in.password.min_chars", r#""min_chars": 10"#, r#""min_chars": 11"#, r#""min_chars": 9"#),
        ("sign_in.password.max_chars", r#""max_chars": 100"#, r#""max_chars": 99"#, r#""max_chars": 101"#),
        ("sign_in.password.max_bytes", r#""max_bytes": 400"#, r#""max_bytes": 400"#, r#""max_bytes": 401"#),
        ("sign_in.password.required", r#"["digit"]"#, r#"["digit", "uppercase"]"#, r#"["uppercase"]"#),
        ("sign_in.password.required", r#"["digit"]"#, r#"["digit", "letter"]"#, r#"["letter"]"#),
        ("sign_in.password.max_repeat", r#""max_repeat": 3"#, r#""max_repeat": 2"#, r#""max_repeat": null"#),
        ("sign_in.password.max_sequence", r#""max_sequence": 4"#, r#""max_sequence": 3"#, r#""max_sequence": 5"#),
        (
            "sign_in.password.max_keyboard_run",
            r#""max_keyboard_run": 5"#,
            r#""max_keyboard_run": 4"#,
            r#""max_keyboard_run": 6"#,
        ),
        ("sign_in.password.context", r#""words""#, r#"{ "similar": { "min_distance": 5 } }"#, r#""off""#),
        ("sign_in.password.min_age_secs", r#""min_age_secs": 60"#, r#""min_age_secs": 61"#, r#""min_age_secs": 59"#),
        (
            "sign_in.password.max_age_secs",
            r#""max_age_secs": 7776000"#,
            r#""max_age_secs": 86400"#,
            r#""max_age_secs": null"#,
        ),
        ("sign_in.password.min_strength", r#""min_strength": 2"#, r#""min_strength": 3"#, r#""min_strength": 1"#),
        ("sign_in.password.history", r#""history": 5"#, r#""history": 6"#, r#""history": 4"#),
        (
            "sign_in.session.lifetime_secs",
            r#""lifetime_secs": 28800"#,
            r#""lifetime_secs": 28799"#,
            r#""lifetime_secs": 28801"#,
        ),
        (
            "sign_in.session.idle",
            r#"{ "end": { "after_secs": 900 } }"#,
            r#"{ "lock": { "after_secs": 899 } }"#,
            r#""unlimited""#,
        ),
        ("sign_in.session.idle", r#""after_secs": 900"#, r#""after_secs": 899"#, r#""after_secs": 901"#),
        ("sign_in.session.cap", r#""cap": 5 }"#, r#""cap": 4 }"#, r#""cap": 6 }"#),
        (
            "sign_in.temporary.lifetime_secs",
            r#""lifetime_secs": 86400"#,
            r#""lifetime_secs": 86399"#,
            r#""lifetime_secs": 86401"#,
        ),
        (
            "sign_in.temporary.change_window_secs",
            r#""change_window_secs": 600"#,
            r#""change_window_secs": 599"#,
            r#""change_window_secs": 601"#,
        ),
        ("sign_in.screening", r#""accept_and_recheck""#, r#""refuse""#, r#""accept""#),
        ("sign_in.dormancy.period_days", r#""period_days": 90"#, r#""period_days": 89"#, r#""period_days": 91"#),
        ("sign_in.dormancy.grace_days", r#""grace_days": 10"#, r#""grace_days": 9"#, r#""grace_days": 11"#),
        ("sign_in.dormancy.exempt", r#"["u-1"]"#, "[]", r#"["u-1", "u-2"]"#),
    ];
    for (setting, is, tighter, looser) in rows {
        assert!(base.contains(is), "{is}");
        let tightened = baseline.tighten(file(&base.replacen(is, tighter, 1), ""));
        assert!(tightened.is_ok(), "{setting}: {tightened:?}");
        let refused = baseline.tighten(file(&base.replacen(is, looser, 1), "")).unwrap_err();
        let named: Vec<_> = refused.loosened.iter().map(Loosening::setting).collect();
        assert_eq!(named, [*setting], "{looser}");
    }
    // A letter in upper case is a letter, and not the other way round.
    let classes = |required: &str| file(&format!(r#""password": {{ "required": [{required}] }}"#), "");
    for cased in [r#""uppercase""#, r#""lowercase""#] {
        assert_eq!(classes(r#""letter""#).tighten(classes(cased)), Ok(classes(cased)));
        assert!(classes(cased).tighten(classes(r#""letter""#)).is_err());
    }
    // What the customer does not say at all has the defaults, and every one that is looser is named.
    let refused = baseline.tighten(file("", "")).unwrap_err();
    assert!(refused.loosened.len() > 15, "{refused}");
    let common = file(r#""screen_common": false"#, "");
    assert_eq!(file("", "").tighten(common).unwrap_err().loosened[0].setting(), "sign_in.screen_common");
}

#[test]
fn e_4_lists_lanes_hashes_and_the_log_are_kept_too() {
    let named = |of: &PolicySet, to: &PolicySet| -> Vec<&'static str> {
        of.tighten(to.clone())
            .map_or_else(|error| error.loosened.iter().map(Loosening::setting).collect(), |_| Vec::new())
    };
    let listed = file(r#""access": { "ip_list": { "mode": "on", "entries": ["8.8.4.0/24"] } }"#, "");
    let other = file(r#""access": { "ip_list": { "mode": "on", "entries": ["8.8.0.0/16"] } }"#, "");
    assert_eq!(named(&listed, &other), ["sign_in.access.ip_list"]);
    assert_eq!(named(&file("", ""), &other), [""; 0]); // where the provider has none
    let lanes = file(r#""lanes": { "account_source": { "limit": 3 } }"#, "");
    // The lanes of a source only take from the budget, and that of familiar sources adds to it.
    assert_eq!(named(&file("", ""), &lanes), [""; 0]);
    assert_eq!(named(&lanes, &file("", "")), ["sign_in.lanes"]);
    for (of, to, is_kept) in [
        (r#""source": { "limit": 50 }"#, "", false),
        (r#""source": { "limit": 50 }"#, r#""source": { "limit": 51 }"#, false),
        (r#""source": { "limit": 50 }"#, r#""source": { "limit": 50 }, "account_source": {}"#, true),
        (r#""source": {}"#, r#""source": {}, "sourceless": { "limit": 1000 }"#, false),
        (r#""source": {}"#, r#""source": {}, "ipv6_prefix": 128"#, false),
        (r#""source": {}"#, r#""source": {}, "unknown_names": 256"#, false),
        ("", r#""source": {}, "sourceless": { "limit": 9 }, "ipv6_prefix": 48"#, true),
        ("", r#""familiar": {}"#, false),
        (r#""familiar": {}"#, "", true),
        (r#""familiar": {}"#, r#""familiar": {}"#, true),
        (r#""familiar": {}"#, r#""familiar": {}, "ipv4_prefix": 8"#, false),
        (r#""familiar": {}"#, r#""familiar": { "days": 91 }"#, false),
        (r#""temporary": { "limit": 3 }"#, "", false),
        ("", r#""temporary": { "lock_secs": 1 }"#, false),
    ] {
        let set = |lanes: &str| file(&format!(r#""lanes": {{ {lanes} }}"#), "");
        let expected: &[&str] = if is_kept { &[] } else { &["sign_in.lanes"] };
        assert_eq!(named(&set(of), &set(to)), expected, "{of} {to}");
    }
    assert_eq!(named(&file(r#""denials": { "recorded": 1, "window_secs": 60 }"#, ""), &file("", "")), [""; 0]);

    let hashing =
        |m: u32, t: u32| file("", &format!(r#", "hashing": {{ "cost": {{ "m_kib": {m}, "t": {t}, "p": 1 }} }}"#));
    assert_eq!(named(&hashing(19_456, 2), &hashing(19_456, 3)), [""; 0]);
    assert_eq!(named(&hashing(19_456, 3), &hashing(47_104, 2)), ["hashing.cost"]);

    let kept = |minimum: &str| {
        file(
            "",
            &format!(
                r#", "retention": {{ "access": {{ "minimum": {minimum} }}, "log": {{ "minimum": {{ "years": 10 }} }} }}"#
            ),
        )
    };
    for (of, to, is_kept) in [
        (r#"{ "months": 6 }"#, r#"{ "months": 6 }"#, true),
        (r#"{ "months": 6 }"#, r#"{ "years": 1 }"#, true),
        (r#"{ "months": 12 }"#, r#"{ "years": 1 }"#, true),
        (r#"{ "months": 6 }"#, r#"{ "days": 186 }"#, true),
        (r#"{ "months": 6 }"#, r#"{ "days": 183 }"#, false), // from March to September it is 184 days
        (r#"{ "days": 30 }"#, r#"{ "months": 1 }"#, false),  // in February it is 28
        (r#"{ "days": 27 }"#, r#"{ "months": 1 }"#, true),
        (r#"{ "weeks": 2 }"#, r#"{ "days": 14 }"#, true),
        (r#"{ "weeks": 2 }"#, r#"{ "days": 13 }"#, false),
    ] {
        let expected: &[&str] = if is_kept { &[] } else { &["retention.access.minimum"] };
        assert_eq!(named(&kept(of), &kept(to)), expected, "{of} {to}");
    }
    let most = |maximum: &str| {
        file("", &format!(r#", "retention": {{ "access": {{ "minimum": {{ "months": 1 }}{maximum} }} }}"#))
    };
    assert_eq!(named(&most(r#", "maximum": { "years": 1 }"#), &most("")), ["retention.access.maximum"]);
    assert_eq!(named(&most(""), &most(r#", "maximum": { "years": 1 }"#)), [""; 0]);
}

#[test]
fn a_file_says_where_it_is_wrong_and_what_was_meant() {
    let error = |text: &str| PolicySet::from_json(text).unwrap_err();
    let unknown = error("{\n  \"sign_in\": {\n    \"pasword\": {}\n  }\n}");
    assert_eq!((unknown.line, unknown.nearest.as_deref()), (3, Some("password")));
    assert_eq!(error(r#"{ "zzzzzzzz": 1 }"#).nearest, None); // nothing is like it
    assert_eq!(error(r#"{ "signin": {} }"#).nearest.as_deref(), Some("sign_in"));
    let range = error(r#"{ "sign_in": { "lockout": { "limit": 0 } } }"#);
    assert!(range.message.contains("a limit of 0 failures is not between 1 and 1000"), "{range}");
    assert!(error(r#"{ "sign_in": {} }"#).message.contains("no session lifetime was chosen"));
    let variant = error(r#"{ "sign_in": { "screening": "acept" } }"#);
    assert_eq!(variant.nearest.as_deref(), Some("accept"));
    let hostile = error("{ \"\u{1b}[2J\u{202e}\": 1 }");
    assert!(!hostile.to_string().chars().any(|c| c.is_control() || c == '\u{202e}'), "{hostile:?}");
    assert!(!error("{ \"\u{61c}\u{200f}\": 1 }").message.contains(['\u{61c}', '\u{200f}'])); // they turn the text around
    assert_eq!(error("{ \"retentio`, expected `retentio\": 1 }").nearest, None); // nothing of the file itself is offered
    let long = error(&format!("{{ \"{}\": 1 }}", "x".repeat(10_000)));
    assert_eq!(long.message.chars().count(), 512);
    assert!(error(&" ".repeat(PolicySet::MAX_FILE_BYTES + 1)).message.contains("1 MiB"));
}

#[cfg(feature = "toml")]
#[test]
fn the_same_file_in_toml_is_the_same_policy() {
    let toml = r#"
        [sign_in.session]
        lifetime_secs = 28800
        idle = { lock = { after_secs = 900 } }

        [sign_in.lockout]
        limit = 3
        tiers = [{ failures = 6, lock_secs = 7200 }]

        [sign_in.access.ip_list]
        mode = "on"
        entries = ["8.8.4.0/24", { range = "8.8.4.7", effect = "deny" }]

        [retention.access]
        minimum = { years = 1 }
        [retention.log]
        minimum = { years = 1 }
    "#;
    let json = file(
        r#""lockout": { "limit": 3, "tiers": [{ "failures": 6, "lock_secs": 7200 }] },
           "access": { "ip_list": { "mode": "on", "entries": ["8.8.4.0/24", { "range": "8.8.4.7", "effect": "deny" }] } }"#,
        r#", "retention": { "access": { "minimum": { "years": 1 } }, "log": { "minimum": { "years": 1 } } }"#,
    );
    assert_eq!(PolicySet::from_toml(toml), Ok(json));
    let error = PolicySet::from_toml("[sign_in.session]\nlifetime_secs = 1\n  idel = \"unlimited\"").unwrap_err();
    assert_eq!((error.line, error.column, error.nearest.as_deref()), (3, 3, Some("idle")));
    let error = PolicySet::from_toml("[sign_in\n").unwrap_err();
    assert_eq!(error.line, 1);
}

/// What the schema makes of a value: as much of draft 2020-12 as ours uses; another keyword is a failure of the test.
#[cfg(feature = "schema")]
fn accepts(root: &serde_json::Value, schema: &serde_json::Value, value: &serde_json::Value) -> bool {
    let Some(schema) = schema.as_object() else { return schema.as_bool().unwrap() };
    schema.iter().all(|(keyword, asked)| match keyword.as_str() {
        "$schema" | "$defs" | "title" | "description" | "default" | "format" | "pattern" | "required" => true,
        "$ref" => accepts(root, root.pointer(asked.as_str().unwrap().trim_start_matches('#')).unwrap(), value),
        "anyOf" => asked.as_array().unwrap().iter().any(|one| accepts(root, one, value)),
        "oneOf" => asked.as_array().unwrap().iter().filter(|one| accepts(root, one, value)).count() == 1,
        "const" => asked == value,
        "enum" => asked.as_array().unwrap().contains(value),
        "type" => {
            let is = |name: &serde_json::Value| match name.as_str().unwrap() {
                "object" => value.is_object(),
                "array" => value.is_array(),
                "string" => value.is_string(),
                "boolean" => value.is_boolean(),
                "integer" => value.is_u64(),
                "null" => value.is_null(),
                other => panic!("{other}"),
            };
            asked.as_array().map_or_else(|| is(asked), |names| names.iter().any(is))
        }
        "minimum" => value.as_u64().is_none_or(|value| value >= asked.as_u64().unwrap()),
        "maximum" => value.as_u64().is_none_or(|value| value <= asked.as_u64().unwrap()),
        "items" => value.as_array().is_none_or(|values| values.iter().all(|value| accepts(root, asked, value))),
        "uniqueItems" => true,
        "additionalProperties" => {
            let known = schema.get("properties").and_then(|known| known.as_object());
            value.as_object().is_none_or(|members| {
                members.keys().all(|name| known.is_some_and(|known| known.contains_key(name)))
                    || *asked != serde_json::Value::Bool(false)
            })
        }
        "properties" => value.as_object().is_none_or(|members| {
            members.iter().all(|(name, value)| asked.get(name).is_none_or(|schema| accepts(root, schema, value)))
        }),
        other => panic!("{other}"),
    }) && schema.get("required").is_none_or(|names| {
        let names = names.as_array().unwrap();
        value.as_object().is_none_or(|members| names.iter().all(|name| members.contains_key(name.as_str().unwrap())))
    })
}

#[cfg(feature = "schema")]
#[test]
fn the_schema_takes_what_is_read_and_no_other_name() {
    let root: serde_json::Value = serde_json::from_str(&PolicySet::json_schema()).unwrap();
    let full = r#"{ "sign_in": {
        "access": { "https_only": true, "outside_use": "end", "lists": [{ "of": { "role": "admin" }, "entries": ["8.8.4.7"] }],
            "ip_list": { "mode": "on", "entries": ["8.8.4.0/24", { "range": "8.8.4.7", "effect": "deny", "note": "n",
                "author": { "staff": "s-3" }, "valid_until": "2027-01-01T00:00:00.000000Z" }] } },
        "lockout": { "limit": 5, "cap": 50, "repeats": "free", "tiers": [{ "failures": 10, "lock_secs": 3600 }] },
        "lanes": { "familiar": { "days": 30 }, "source": { "limit": 50 } },
        "denials": { "recorded": 10 },
        "password": { "required": ["digit", "letter"], "context": { "similar": { "min_distance": 5 } }, "min_strength": 2 },
        "session": { "lifetime_secs": 28800, "idle": { "end": { "after_secs": 900 } }, "cap": 5, "at_cap": "refuse" },
        "temporary": { "lifetime_secs": 86400 }, "screen_common": false, "screening": "accept_and_recheck",
        "dormancy": { "period_days": 90, "warn_days_before": [30], "exempt": ["u-1"] } },
        "hashing": { "cost": { "m_kib": 19456, "t": 2, "p": 1 }, "memory_mib": 76 },
        "retention": { "access": { "minimum": { "months": 1 }, "maximum": { "years": 1 } } } }"#;
    let file: serde_json::Value = serde_json::from_str(full).unwrap();
    let read = PolicySet::from_json(full).unwrap();
    let written = serde_json::to_value(&read).unwrap();
    assert!(accepts(&root, &root, &file) && accepts(&root, &root, &written), "{root:#}");
    let off = full.replace(r#""of": { "role": "admin" }, "#, "");
    assert!(accepts(&root, &root, &serde_json::from_str(&off).unwrap()));

    // Another name in any object, and another type of any value, is refused by the schema as it is by the reader.
    fn places(value: &serde_json::Value, at: &str, found: &mut Vec<String>) {
        found.push(at.to_string());
        match value {
            serde_json::Value::Object(members) => {
                members.iter().for_each(|(name, value)| places(value, &format!("{at}/{name}"), found));
            }
            serde_json::Value::Array(values) => {
                values.iter().enumerate().for_each(|(index, value)| places(value, &format!("{at}/{index}"), found));
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    places(&written, "", &mut found);
    assert!(found.len() > 80, "{}", found.len());
    for place in found {
        let mut other = written.clone();
        let value = other.pointer_mut(&place).unwrap();
        match value.as_object_mut() {
            Some(members) => drop(members.insert("nonsense".into(), 1.into())),
            None => *value = serde_json::json!({ "nonsense": -1.5 }),
        }
        assert!(!accepts(&root, &root, &other), "{place}");
        assert!(PolicySet::from_json(&other.to_string()).is_err(), "{place}");
    }
}
