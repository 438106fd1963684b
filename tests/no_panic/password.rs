//! Password rules, screening, hashing, and policies held against documents.

use clausework::audit::retention::RetentionPolicy;
use clausework::hashing::{HashCost, HashMemory, HashPolicy, Hasher, LegacyScheme, PasswordHash};
use clausework::password::{
    Alphabet, CharacterClass, Context, ContextRule, PasswordPolicy, Strength, Violation, WordList, age, check,
    check_with, entropy_bits, generate, generate_from, passphrase, strength, strictest,
};
use clausework::profile::{Actual, Demand, PolicySet, Profile, conflicts};
use clausework::screening::{self, Screening, UnknownPolicy, UnknownReason, screen_common};
use clausework::secret::Keyring;
use clausework::session::{IdleLimit, SessionPolicy};
use clausework::sign_in::SignInPolicy;
use clausework::testing::CheapHash;

use super::draw::Gen;
use super::{say, see};

const CLASSES: [CharacterClass; 5] = [
    CharacterClass::Digit,
    CharacterClass::Uppercase,
    CharacterClass::Lowercase,
    CharacterClass::Letter,
    CharacterClass::Symbol,
];

pub(super) fn all(g: &Gen) {
    rules(g);
    screenings(g);
    hashing(g);
    profiles(g);
}

pub(super) fn policy(g: &Gen) -> PasswordPolicy {
    let mut builder = PasswordPolicy::builder();
    let few = |g: &Gen| if g.flag() { g.usize() } else { g.below(80) };
    for _ in 0..g.below(4) {
        builder = match g.below(12) {
            0 => builder.min_chars(few(g)),
            1 => builder.max_chars(few(g)),
            2 => builder.max_bytes(g.usize()),
            3 => builder.required(g.some(5, |g| g.pick(&CLASSES))),
            4 => builder.max_repeat(g.maybe(few)),
            5 => builder.max_sequence(g.maybe(few)),
            6 => builder.max_keyboard_run(g.maybe(few)),
            7 => builder.context(g.pick(&[
                ContextRule::Off,
                ContextRule::Words,
                ContextRule::Similar { min_distance: g.maybe(Gen::u8), max_common_percent: g.maybe(Gen::u8) },
            ])),
            8 => builder.min_age_secs(g.maybe(Gen::u64)),
            9 => builder.max_age_secs(g.maybe(Gen::u64)),
            10 => builder.min_strength(g.maybe(|g| g.pick(&Strength::ALL))),
            _ => builder.history(g.u8()),
        };
    }
    let policy = builder.build().unwrap_or_else(|error| {
        say(&error);
        PasswordPolicy::default()
    });
    g.policy(policy)
}

fn rules(g: &Gen) {
    let (policy, other, password) = (policy(g), policy(g), g.secret());
    let context = Context::try_new(g.some(4, Gen::text)).unwrap_or_else(|error| {
        say(&error);
        Context::none()
    });
    check(&policy, &password).iter().for_each(say);
    check_with(&policy, &password, &context).iter().for_each(say);
    let both = strictest(&policy, &other).unwrap_or(policy.clone());
    let alphabet = g.pick(&[Alphabet::Readable, Alphabet::Full]);
    see(&(entropy_bits(&both, alphabet), policy.requires(g.pick(&CLASSES))));
    see(&generate(&mut g.entropy(), &both).is_ok());
    see(&generate_from(&mut g.entropy(), &policy, alphabet).is_ok());
    see(&age(&policy, g.timestamp(), g.now()));
    let estimate = Strength::try_from(g.u8()).ok();
    see(&strength(&policy, estimate));
    see(&CharacterClass::Symbol.contains(char::from_u32(g.u32() % 0x11_0000).unwrap_or('a')));
    #[cfg(feature = "strength")]
    if g.below(8) == 0 {
        see(&clausework::password::estimate(&password, &context));
    }
    let words: Vec<String> = (0..1030).map(|word| format!("word{word}")).collect();
    see(&WordList::try_new(g.some(4, Gen::text).iter().map(String::as_str)).is_ok());
    let list = WordList::try_new(words.iter().map(String::as_str)).unwrap();
    let count = g.usize();
    see(&list.entropy_bits(count));
    let separator = g.pick(&[' ', '-', 'w', '\0', char::MAX]);
    see(&passphrase(&mut g.entropy(), &list, if g.flag() { count } else { g.below(30) }, separator).is_ok());
}

fn screenings(g: &Gen) {
    let password = g.secret();
    let drawn = [
        Screening::Clean,
        Screening::Known { count: g.maybe(Gen::u64) },
        Screening::Unknown { reason: UnknownReason::NoAnswer },
    ];
    let screening = screen_common(&password).and(g.pick(&drawn));
    let outcome = screening::decide(
        screening,
        g.pick(&[UnknownPolicy::Accept, UnknownPolicy::AcceptAndRecheck, UnknownPolicy::Refuse]),
    );
    see(&Violation::of_screening(outcome));
    #[cfg(feature = "breached")]
    {
        use clausework::screening::{List, ListBuilder, PasswordSha1, RangeQuery};
        let digest = if g.flag() { PasswordSha1::of(&password) } else { PasswordSha1::from_bytes(g.array()) };
        let mut builder = ListBuilder::new(if g.flag() { g.usize() } else { g.below(9) });
        see(&(
            builder.add_password(&password),
            builder.add_sha1(&digest),
            builder.add_row(&g.text(), g.text(), g.u64()),
        ));
        see(&builder.add_row("5BAA6", "1E4C9B93F3F0682250B6CF8331B7EE68FD8:3861493", g.u64()));
        let mut file = builder.finish().unwrap();
        for _ in 0..g.below(3) {
            let at = g.below(file.len());
            file[at] = g.u8();
        }
        let cut = if g.flag() { file.len() } else { g.below(file.len()) };
        match List::open(&file[..cut]) {
            Ok(list) => see(&(list.screen(&password), list.screen_sha1(&digest), list.verify())),
            Err(error) => say(&error),
        }
        see(&List::open(&g.bytes(200)).is_ok());
        see(&RangeQuery::for_password(&password).screen(g.text()));
        see(&RangeQuery::for_sha1(&digest).screen(g.bytes(120)));
    }
}

fn cost(g: &Gen) -> HashCost {
    g.pick(&[HashCost { m_kib: g.u32(), t: g.u32(), p: g.u32() }, HashCost { m_kib: 19_456, t: 2, p: 1 }])
}

fn hash_policy(g: &Gen) -> HashPolicy {
    let mut builder = HashPolicy::builder();
    for _ in 0..g.below(3) {
        builder = match g.below(4) {
            0 => builder.cost(cost(g)),
            1 => builder.ceiling(cost(g)),
            2 => builder.memory_mib(g.u32()),
            _ => builder.max_waiting(g.u32()),
        };
    }
    let policy = builder.build().unwrap_or_else(|error| {
        say(&error);
        HashPolicy::default()
    });
    g.policy(policy)
}

/// With a kernel that costs nothing: a hash of Argon2id costs what it should.
fn hashing(g: &Gen) {
    see(&(cost(g).dominates(cost(g)), cost(g).meets_floor()));
    let policy = hash_policy(g);
    if policy.cost().m_kib > 1 << 16 || g.below(8) == 0 {
        return see(&Hasher::new(policy));
    }
    let keyring = Keyring::new(g.id(), g.array());
    let mut hasher = Hasher::with_kernel(policy, CheapHash);
    if g.flag() {
        hasher = hasher.with_pepper(&keyring);
    }
    hasher = hasher.with_legacy(g.some(2, |g| g.pick(&[LegacyScheme::WeakArgon2id])));
    #[cfg(feature = "legacy-bcrypt")]
    {
        hasher = hasher.with_bcrypt_suffix(g.secret());
        hasher = hasher.with_legacy(g.some(1, |_| LegacyScheme::Bcrypt));
    }
    let (password, text) = (g.secret(), g.text());
    let made = hasher.hash(&mut g.entropy(), &password);
    let stored = match (&made, g.below(3)) {
        (Ok(hash), 0) => hash.clone(),
        (Ok(hash), 1) => {
            let mut phc: Vec<char> = hash.as_phc().chars().collect();
            let at = g.below(phc.len());
            phc[at] = g.pick(&['$', '=', '0', '9', ',', 'é', 'v']);
            PasswordHash::from_phc(phc.into_iter().collect::<String>())
        }
        _ => PasswordHash::from_phc(text),
    };
    let stored = if g.flag() { stored.with_pepper(g.id()) } else { stored };
    see(&(hasher.needs_rehash(&stored), hasher.verify(&password, &stored), hasher.decoy(&password)));
    see(&hasher.rehash(&mut g.entropy(), &password, &stored).is_ok());
    let mut memory = HashMemory::default();
    see(&hasher.hash_with(&mut memory, &mut g.entropy(), &password).is_ok());
    see(&(hasher.verify_with(&mut memory, &password, &stored), hasher.decoy_with(&mut memory, &password)));
    // More than a machine has, and what it has: an error or memory.
    see(&memory.blocks(g.pick(&[u32::MAX, 0, 1, 64])).map(|blocks| blocks.len()).is_ok());
}

pub(super) fn policies(g: &Gen) -> PolicySet {
    let session =
        SessionPolicy::builder().lifetime_secs(28_800).idle(IdleLimit::Lock { after_secs: 900 }).build().unwrap();
    let sign_in = SignInPolicy::builder().session(session).build().unwrap();
    let retention: RetentionPolicy = super::audit::retention(g);
    PolicySet::new(g.policy(sign_in)).with_hashing(hash_policy(g)).with_retention(retention)
}

fn profiles(g: &Gen) {
    let set = policies(g);
    let text = g.changed(&serde_json::to_string(&set).unwrap());
    let other = match PolicySet::from_json(&text) {
        Ok(other) => other,
        Err(error) => {
            say(&error);
            set.clone()
        }
    };
    for text in [text, g.text()] {
        see(&PolicySet::from_json(&text).is_ok());
        #[cfg(feature = "toml")]
        PolicySet::from_toml(&text).map_err(|error| say(&error)).ok();
    }
    let profile = g.pick(&Profile::ALL);
    set.audit(profile).iter().for_each(say);
    conflicts(&[profile, g.pick(&Profile::ALL)]).iter().for_each(say);
    profile.requirements().for_each(|requirement| see(&requirement.setting().of(&other)));
    see(&g
        .pick(&[Demand::AtLeast(g.u64()), Demand::AtMost(g.u64()), Demand::Chosen])
        .is_met_by(Actual::Number(g.u64())));
    match set.tighten(other) {
        Ok(tighter) => see(&tighter),
        Err(error) => say(&error),
    }
}
