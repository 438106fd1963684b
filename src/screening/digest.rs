use core::fmt;

use sha1::{Digest, Sha1};
use unicode_normalization::UnicodeNormalization;
use zeroize::{Zeroize, Zeroizing};

use crate::secret::Secret;

/// The SHA-1 digest of a password: the key under which breach corpora file it.
///
/// Of the UTF-8 bytes after normalisation form C, the form that [`Hasher`](crate::hashing::Hasher)
/// hashes; case matters. Published corpora hash what was leaked, byte for byte, so a password that was
/// leaked in another form is not found. The time is linear in the password's length.
///
/// As good as the password to whoever can guess (a fast hash without salt), so it is treated as one:
/// wiped when dropped, no `Debug` content, no way to read it.
///
/// ```
/// use clausework::Secret;
/// use clausework::screening::PasswordSha1;
///
/// let digest = PasswordSha1::of(&Secret::from("password"));
/// assert_eq!(format!("{digest:?}"), "PasswordSha1(..)");
/// ```
///
/// ```compile_fail
/// use clausework::screening::PasswordSha1;
/// let (a, b) = (PasswordSha1::from_bytes([0; 20]), PasswordSha1::from_bytes([1; 20]));
/// assert!(a == b); // no `==`: it would leak by its timing
/// ```
#[derive(Clone)]
pub struct PasswordSha1(Zeroizing<[u8; 20]>);

impl PasswordSha1 {
    /// Hashes a password.
    #[must_use]
    pub fn of(password: &Secret) -> Self {
        let text = password.expose();
        let mut hasher = Sha1::new();
        if text.is_ascii() {
            hasher.update(text); // it is its own normal form
        } else {
            let mut utf8 = [0; 4];
            for character in text.nfc() {
                hasher.update(character.encode_utf8(&mut utf8).as_bytes());
            }
            utf8.zeroize();
        }
        let mut digest = Self(Zeroizing::new([0; 20]));
        hasher.finalize_into((&mut *digest.0).into());
        digest
    }

    /// A digest that the host already has.
    #[must_use]
    pub fn from_bytes(digest: [u8; 20]) -> Self {
        Self(Zeroizing::new(digest))
    }

    pub(super) fn as_bytes(&self) -> &[u8; 20] {
        &self.0
    }

    /// The leading 128 bits, in two words: what a list's keys are cut from.
    #[inline]
    pub(super) fn leading(&self) -> [u64; 2] {
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ..] = *self.0;
        [[a, b, c, d, e, f, g, h], [i, j, k, l, m, n, o, p]].map(u64::from_be_bytes)
    }
}

impl fmt::Debug for PasswordSha1 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordSha1(..)")
    }
}
