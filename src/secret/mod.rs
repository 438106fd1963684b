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

use serde::{Deserialize, Deserializer, de};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

pub use self::keyring::{Keyring, KeyringError};
pub(crate) use self::keyring::{MarkKey, Subkeys};
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
        // Any, because serde_json answers a hint it cannot meet with an error that shows the value.
        deserializer.deserialize_any(SecretText)
    }
}

/// Takes text. The error for anything else does not show what was found, as serde's own would.
struct SecretText;

impl SecretText {
    fn refuse<E: de::Error>() -> Result<Secret, E> {
        Err(E::custom("a secret must be text"))
    }
}

impl de::Visitor<'_> for SecretText {
    type Value = Secret;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Secret, E> {
        Ok(Secret::from(text))
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Secret, E> {
        Ok(Secret::from(text))
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<Secret, E> {
        Self::refuse()
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<Secret, E> {
        Self::refuse()
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<Secret, E> {
        Self::refuse()
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Secret, E> {
        Self::refuse()
    }

    fn visit_bytes<E: de::Error>(self, _: &[u8]) -> Result<Secret, E> {
        Self::refuse()
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn what_is_no_text_is_refused_without_being_shown() {
        assert_eq!(serde_json::from_str::<Secret>(r#""a\u0062""#).unwrap().expose(), "ab");
        for wrong in ["8675309", "-8675309", "8675309.5", "true", "null", "[8675309]", r#"{"a":8675309}"#] {
            let said = serde_json::from_str::<Secret>(wrong).unwrap_err().to_string();
            assert!(!said.contains("8675309"), "{said}");
            let said = serde_json::from_str::<Token<()>>(wrong).unwrap_err().to_string();
            assert!(!said.contains("8675309"), "{said}");
        }
    }
}
