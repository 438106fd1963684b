//! What generators draw from, and that it is what they say.

use alloc::collections::BTreeSet;
use alloc::string::String;

use rand::SeedableRng;
use rand::rngs::ChaCha20Rng;

use super::super::generate::Plan;
use super::super::wide::Wide;
use super::laws::policy;
use super::*;

/// Every string of a small alphabet that has the required classes is there, once: one number, one password.
#[test]
fn the_numbering_is_one_to_one_with_the_allowed_set() {
    use CharacterClass::{Digit, Letter, Lowercase, Symbol, Uppercase};
    let all = [Digit, Uppercase, Lowercase, Letter, Symbol];
    let alphabet = ['1', 'A', 'a', 'b', '#'];
    for chars in 0..=5_u32 {
        let strings = (0..5_usize.pow(chars))
            .map(|n| (0..chars).map(|place| alphabet[n / 5_usize.pow(place) % 5]).collect::<String>());
        let strings: Vec<String> = strings.collect();
        for subset in 0..32_u32 {
            let required: Vec<_> = (0..5).filter(|bit| subset >> bit & 1 == 1).map(|bit| all[bit as usize]).collect();
            let allowed: BTreeSet<_> = strings
                .iter()
                .filter(|text| required.iter().all(|class| text.chars().any(|c| class.contains(c))))
                .collect();
            let plan = Plan::new([b"1", b"A", b"ab", b"#"], &required, chars as usize);
            let (mut index, mut found) = (Wide::default(), BTreeSet::new());
            while index < plan.count() {
                assert!(found.insert(plan.password(index).unwrap()));
                index.add_times(&Wide::one(), 1);
            }
            assert!(found.iter().eq(allowed), "{chars} {required:?}");
            assert_eq!(plan.password(index), None);
        }
    }
}

/// A number drawn below a bound: each is as likely as any other.
#[test]
fn numbers_are_drawn_evenly() {
    let mut bound = Wide::default();
    bound.add_times(&Wide::one(), 5);
    let (mut entropy, mut seen) = (ChaCha20Rng::seed_from_u64(1), [0_u32; 5]);
    for _ in 0..50_000 {
        let mut number = Wide::uniform_below(&mut entropy, &bound).unwrap();
        seen[number.divide(5) as usize] += 1;
    }
    // The standard deviation is 90: six of them.
    assert!(seen.iter().all(|count| count.abs_diff(10_000) < 540), "{seen:?}");
}

/// 10⁵ draws, all within the policy, none twice, none with a look-alike.
#[test]
fn a_hundred_thousand_draws_satisfy_e_6p_1() {
    let (policy, mut entropy) = (PasswordPolicy::default(), ChaCha20Rng::seed_from_u64(7));
    let plan = Plan::of(&policy, Alphabet::Readable);
    let mut seen = BTreeSet::new();
    for _ in 0..100_000 {
        let text = plan.password(Wide::uniform_below(&mut entropy, &plan.count()).unwrap()).unwrap();
        assert!(!text.contains(['0', 'O', 'I', 'l', '1']));
        assert!(check(&policy, &text.as_str().into()).is_empty());
        assert!(seen.insert(text));
    }
}

/// The claim behind the four bits that rules about runs cost: at the strictest of them, at both ends of the length.
#[test]
fn rules_about_runs_leave_more_than_one_in_sixteen() {
    use CharacterClass::{Digit, Lowercase, Symbol, Uppercase};
    for (chars, alphabet) in [(20, Alphabet::Readable), (64, Alphabet::Readable), (64, Alphabet::Full)] {
        for classes in [Vec::new(), Vec::from([Digit]), Vec::from([Digit, Uppercase, Lowercase, Symbol])] {
            let policy = PasswordPolicy::builder()
                .min_chars(chars)
                .required(classes)
                .max_repeat(Some(1))
                .max_sequence(Some(2))
                .max_keyboard_run(Some(2))
                .build()
                .unwrap();
            let (plan, mut entropy) = (Plan::of(&policy, alphabet), ChaCha20Rng::seed_from_u64(3));
            let kept = (0..2000).filter(|_| {
                let text = plan.password(Wide::uniform_below(&mut entropy, &plan.count()).unwrap()).unwrap();
                check(&policy, &text.into()).is_empty()
            });
            let kept = kept.count();
            std::println!("{chars} {alphabet:?}: {kept} of 2000");
            assert!(kept > 2000 / 8, "{chars} {alphabet:?}: {kept} of 2000");
        }
    }
}

proptest! {
    #[test]
    fn generated_passwords_satisfy_any_policy(policy in policy(), full: bool, seed: u64) {
        let mut entropy = ChaCha20Rng::seed_from_u64(seed);
        let alphabet = if full { Alphabet::Full } else { Alphabet::Readable };
        let password = generate_from(&mut entropy, &policy, alphabet).unwrap();
        prop_assert!(check(&policy, &password).is_empty());
        prop_assert!(full || !password.expose().contains(['0', 'O', 'I', 'l', '1', '|', '!']));
        prop_assert!(password.expose().len() == policy.min_chars().max(20));
        prop_assert!(entropy_bits(&policy, alphabet) >= 100);
    }

    #[test]
    fn passphrases_are_words_of_the_list(count in 4_usize..=24, seed: u64) {
        let words: Vec<_> = (0..1024).map(|n| alloc::format!("w{n}")).collect();
        let list = WordList::try_new(words.iter().map(String::as_str)).unwrap();
        let mut entropy = ChaCha20Rng::seed_from_u64(seed);
        let phrase = passphrase(&mut entropy, &list, count, '-').unwrap();
        let parts: Vec<_> = phrase.expose().split('-').collect();
        prop_assert_eq!(parts.len(), count);
        prop_assert!(parts.iter().all(|part| words.iter().any(|word| word == part)));
        prop_assert_eq!(list.entropy_bits(count), 10 * count as u32);
    }
}

#[test]
fn a_word_list_is_checked() {
    let words: Vec<_> = (0..65_537).map(|n| alloc::format!("w{n}")).collect();
    let list = |count: usize| WordList::try_new(words[..count].iter().map(String::as_str)).map(|list| list.words());
    assert_eq!(list(1023), Err(WordListError::TooFew { words: 1023 }));
    assert_eq!((list(1024), list(65_536)), (Ok(1024), Ok(65_536)));
    assert_eq!(list(65_537), Err(WordListError::TooMany));
    for bad in ["", "-x", "a b", "a\tb", "\u{301}a", &"é".repeat(33)] {
        assert_eq!(WordList::try_new(["ok", bad]).unwrap_err(), WordListError::Word { index: 1 }, "{bad}");
    }
    for twin in ["Straße", "STRAßE"] {
        assert_eq!(WordList::try_new(["straße", twin]).unwrap_err(), WordListError::Twice { index: 1 });
    }
    let list = WordList::try_new(words[..2000].iter().map(String::as_str)).unwrap();
    let mut entropy = ChaCha20Rng::seed_from_u64(1);
    for (count, separator, error) in [
        (3, ' ', PassphraseError::Count { asked: 3 }),
        (25, ' ', PassphraseError::Count { asked: 25 }),
        (6, 'w', PassphraseError::Separator),
        (6, '\n', PassphraseError::Separator),
        (6, '\u{301}', PassphraseError::Separator),
    ] {
        assert_eq!(passphrase(&mut entropy, &list, count, separator).unwrap_err(), error);
    }
    assert_eq!(passphrase(&mut Stuck, &list, 6, ' ').unwrap_err(), PassphraseError::Entropy(EntropyError::Stuck));
    assert_eq!(list.entropy_bits(0), 0);
}
