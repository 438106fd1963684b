use alloc::format;
use alloc::string::String;

use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::tests::Zeros;
use super::*;
use crate::id::OpaqueId;
use crate::secret::{Keyring, Secret};

/// The same function at a cost that a property can afford.
struct Small;
impl Kernel for Small {
    fn derive(
        &self,
        _: HashCost,
        password: &[u8],
        salt: &[u8],
        memory: &mut HashMemory,
        tag: &mut [u8; 32],
    ) -> Result<(), HashError> {
        Argon2id.derive(HashCost { m_kib: 8, t: 1, p: 1 }, password, salt, memory, tag)
    }
}

fn hasher(peppered: bool) -> Hasher {
    let hasher = Hasher::with_kernel(HashPolicy::default(), Small);
    let ring = Keyring::new(OpaqueId::try_new("a").unwrap(), [7; 32]);
    if peppered { hasher.with_pepper(&ring) } else { hasher }
}

/// Letters, marks that compose with them in several orders, Hangul, a ligature, NUL, and anything.
fn passwords() -> impl Strategy<Value = String> {
    prop_oneof![
        "[aeou\u{e9}\u{300}-\u{304}\u{323}\u{1100}-\u{1105}\u{1161}-\u{1163}\u{fb01}\0]{0,12}",
        "\\PC{0,40}",
        ".{60,90}"
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// NIST SP 800-63B-4 section 3.1.1.2: one password in either canonical form, and no other.
    #[test]
    fn what_was_hashed_verifies_in_any_canonical_form_and_nothing_else_does(
        password in passwords(), other in passwords(), peppered: bool,
    ) {
        let hasher = hasher(peppered);
        let (nfc, nfd): (String, String) = (password.nfc().collect(), password.nfd().collect());
        let stored = hasher.hash(&mut Zeros, &Secret::from(password.as_str())).unwrap();
        for form in [&password, &nfc, &nfd] {
            prop_assert_eq!(hasher.verify(&Secret::from(form.as_str()), &stored), Ok(true));
        }
        let same = other.nfc().eq(nfc.chars());
        prop_assert_eq!(hasher.verify(&Secret::from(other), &stored), Ok(same));
    }

    /// Every byte counts, wherever it is: the 73rd, which bcrypt does not read, and what follows a NUL.
    #[test]
    fn every_character_counts(start in "[a-z\0]{0,100}", end in "[a-z\0]{0,40}", a in "[A-Z\0]", b in "[0-9]", peppered: bool) {
        let hasher = hasher(peppered);
        let stored = hasher.hash(&mut Zeros, &Secret::from(format!("{start}{a}{end}"))).unwrap();
        for wrong in [format!("{start}{b}{end}"), format!("{start}{end}"), format!("{start}{a}{end}\0"), start] {
            prop_assert_eq!(hasher.verify(&Secret::from(wrong), &stored), Ok(false));
        }
    }

    /// Whatever is stored, an error tells neither it nor the password.
    #[test]
    fn no_error_tells_the_password_or_the_stored_text(
        password in "[a-z]{3}[A-Z]{6}", text in "[$a-zA-Z]{0,60}", peppered: bool,
    ) {
        let hasher = hasher(peppered).with_legacy([LegacyScheme::WeakArgon2id]);
        let texts = [format!("{text}{password}"), format!("$argon2id$v=19$m={password},t=2,p=1${password}${password}")];
        for stored in texts.into_iter().map(PasswordHash::from_phc) {
            let error = hasher.verify(&Secret::from(password.as_str()), &stored).unwrap_err();
            let printed = format!("{error} {error:?} {stored:?} {hasher:?}");
            prop_assert!(!printed.contains(&password), "{}", printed);
        }
        let error = hasher.hash(&mut Zeros, &Secret::from(password.repeat(500))).unwrap_err();
        prop_assert_eq!(error, HashError::TooLong);
        let printed = format!("{error} {error:?}");
        prop_assert!(!printed.contains(&password), "{}", printed);
    }
}
