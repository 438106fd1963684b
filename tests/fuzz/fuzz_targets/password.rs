//! Two policies as text, a password and context words: no panic; what the strictest accepts both accept; what is
//! generated is accepted.
#![no_main]

use clausework::entropy::{Entropy, EntropyError};
use clausework::password::{Alphabet, Context, PasswordPolicy, check_with, entropy_bits, generate_from, strictest};
use libfuzzer_sys::fuzz_target;

/// A source that is not random, and differs from draw to draw.
struct Mixer(u64);

impl Entropy for Mixer {
    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), EntropyError> {
        for byte in buffer {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *byte = (self.0 >> 56) as u8;
        }
        Ok(())
    }
}

fuzz_target!(|text: &str| {
    // Lines: policy, policy, password, and any number of context words.
    let mut lines = text.split('\n');
    let policy = |line: Option<&str>| serde_json::from_str::<PasswordPolicy>(line.unwrap_or_default()).unwrap_or_default();
    let (a, b) = (policy(lines.next()), policy(lines.next()));
    let password = lines.next().unwrap_or_default().into();
    let context = Context::try_new(lines).unwrap_or_default();
    let accepts = |policy: &PasswordPolicy| check_with(policy, &password, &context).is_empty();
    let both = strictest(&a, &b);
    assert_eq!(both, strictest(&b, &a));
    if let Ok(both) = &both {
        assert_eq!(accepts(both), accepts(&a) && accepts(&b));
    }
    for policy in [Some(a), Some(b), both.ok()].into_iter().flatten() {
        for alphabet in [Alphabet::Readable, Alphabet::Full] {
            assert!(entropy_bits(&policy, alphabet) >= 100);
            let made = generate_from(&mut Mixer(text.len() as u64), &policy, alphabet).expect("a password");
            assert!(check_with(&policy, &made, &Context::none()).is_empty());
        }
    }
});
