use alloc::string::String;
use core::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::event::Value;
use crate::id::AccountId;
use crate::secret::{Keyring, MarkKey, Secret};

/// A keyed mark of 128 bits: stands for a wrong guess, a name or a source without showing it.
///
/// HMAC-SHA-256 under a subkey of the host's [`Keyring`], cut to 16 bytes. Whoever has both the key and the
/// records can try out what a mark stands for; so the key is kept apart from them, and a guess's mark goes with the
/// window it was counted in.
///
/// ```
/// use clausework::id::OpaqueId;
/// use clausework::lockout::Mark;
/// use clausework::secret::Keyring;
/// use clausework::{AccountId, Secret};
///
/// let keys = Keyring::new(OpaqueId::try_new("2026-11")?, [7; 32]);
/// let (anna, ben) = (AccountId::try_new("u-17")?, AccountId::try_new("u-18")?);
/// let guess = |account| Mark::of_guess(&keys, account, &Secret::from("Winter-2026"));
/// assert_eq!(guess(&anna), guess(&anna));
/// assert_ne!(guess(&anna), guess(&ben)); // bound to the account
/// assert_eq!(format!("{:?}", guess(&anna)), "Mark(..)");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Mark([u8; 16]);

impl Mark {
    /// The mark of a guess at an account's password or code; see [`Reservation::of_guess`](super::Reservation::of_guess).
    #[must_use]
    pub fn of_guess(keyring: &Keyring, account: &AccountId, guess: &Secret) -> Self {
        Self::of(keyring.mark_key(), "lockout-guess", &[account.as_str().as_bytes(), guess.expose().as_bytes()])
    }

    pub(crate) fn of(key: MarkKey<'_>, purpose: &str, parts: &[&[u8]]) -> Self {
        Self::cut(key.digest(purpose, parts))
    }

    /// The first half of a keyed digest.
    pub(crate) fn cut(digest: [u8; 32]) -> Self {
        let mut mark = [0; 16];
        mark.iter_mut().zip(digest).for_each(|(byte, digit)| *byte = digit);
        Self(mark)
    }

    /// A number below `bound` that is as evenly spread as the mark.
    pub(crate) const fn below(self, bound: u32) -> u128 {
        match u128::from_be_bytes(self.0).checked_rem(bound as u128) {
            Some(number) => number,
            None => 0,
        }
    }

    pub(crate) const fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn to_text(self) -> String {
        Base64UrlUnpadded::encode_string(&self.0)
    }
}

impl From<Mark> for Value {
    fn from(mark: Mark) -> Self {
        Self::of_text(mark.to_text())
    }
}

impl fmt::Debug for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mark(..)")
    }
}

impl Serialize for Mark {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_text())
    }
}

impl<'de> Deserialize<'de> for Mark {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let mut bytes = [0; 16];
        match Base64UrlUnpadded::decode(&text, &mut bytes) {
            Ok(decoded) if decoded.len() == 16 => Ok(Self(bytes)),
            _ => Err(de::Error::custom("not a mark of 16 bytes")),
        }
    }
}
