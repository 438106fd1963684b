//! Secrets: what must never be printed, and the keys that protect what is stored.
//!
//! | you have | use |
//! |---|---|
//! | a password someone typed | [`Secret`] |
//! | a session or change token | [`Token`] and its [`TokenDigest`] |
//! | the host's own keys | [`Keyring`] |

mod keyring;
mod token;

use alloc::string::String;
use core::fmt;

use serde::{Deserialize, Deserializer};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

pub(crate) use self::keyring::Subkeys;
pub use self::keyring::{Keyring, KeyringError};
pub use self::token::{Token, TokenDigest, TokenError};

/// Text that must not leak: a password as it was typed, or one that was generated.
///
/// Wiped when dropped. It has no `Debug` content, no `Display`, no `Serialize` and no `==`; the one
/// way to the text is [`expose`](Secret::expose), which is easy to search for. `Deserialize` exists
/// for login forms.
///
/// What it cannot do: copies that were made before the text got here (by a web framework, a JSON
/// reader, the operating system) are not wiped.
///
/// ```
/// use clausework::Secret;
///
/// let typed = Secret::from("Tr0ub4dor&3");
/// assert_eq!(format!("{typed:?}"), "Secret(..)");
/// assert_eq!(typed.expose(), "Tr0ub4dor&3");
/// ```
///
/// ```compile_fail
/// let (a, b) = (clausework::Secret::from("a"), clausework::Secret::from("b"));
/// assert!(a == b); // no `==`: it would leak by its timing
/// ```
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// The text itself. Every use of this name is a place to review.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether both hold the same bytes, in time that depends on their lengths only.
    ///
    /// ```
    /// use clausework::Secret;
    ///
    /// assert!(Secret::from("one").ct_eq(&Secret::from("one")));
    /// assert!(!Secret::from("one").ct_eq(&Secret::from("two")));
    /// ```
    #[must_use]
    pub fn ct_eq(&self, other: &Self) -> bool {
        self.expose().as_bytes().ct_eq(other.expose().as_bytes()).into()
    }
}

/// Takes the string over without copying it; it is wiped when the secret is dropped.
impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::from(String::from(text))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}
