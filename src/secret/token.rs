use alloc::string::String;
use core::fmt;
use core::marker::PhantomData;

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::optimization_barrier;

use super::Secret;
use crate::entropy::{Entropy, EntropyError};

/// Random bytes in a token: 256 bits, four times what NIST SP 800-63B-4 section 5.1 asks of a session secret (64 bits).
const BYTES: usize = 32;
/// Characters of a token: 32 bytes in unpadded base64url (RFC 4648 section 5).
const CHARS: usize = 43;

/// A bearer token for one kind of record: 256 random bits as 43 characters of base64url.
///
/// Whoever shows it is let in, so the host hands it to the client once (in a cookie) and the store
/// only ever sees its [`TokenDigest`] (E-5.10a: unique, non-predictable). The type says what it
/// opens: a `Token<ChangeState>` lets its bearer change a password and is no `Token<SessionState>`,
/// nor is there a session under its digest.
///
/// ```
/// use clausework::{secret::Token, session::SessionState};
///
/// # let mut entropy = clausework::entropy::OsEntropy;
/// let token = Token::<SessionState>::mint(&mut entropy)?;
/// let shown = token.expose().to_owned(); // into the cookie
///
/// let back = Token::<SessionState>::parse(&shown)?; // from the cookie
/// assert!(back.digest() == token.digest());
/// assert_eq!(format!("{token:?}"), "Token(..)");
/// assert!(Token::<SessionState>::parse("admin").is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Token<R> {
    text: [u8; CHARS],
    digest: TokenDigest,
    opens: PhantomData<fn() -> R>,
}

impl<R> Clone for Token<R> {
    fn clone(&self) -> Self {
        Self { text: self.text, digest: self.digest, opens: PhantomData }
    }
}

impl<R> Token<R> {
    /// A new token. Entropy is drawn before anything is decided or stored.
    ///
    /// # Errors
    /// [`EntropyError`] when the source fails; there is then no token.
    pub fn mint(entropy: &mut dyn Entropy) -> Result<Self, EntropyError> {
        let (mut digest, mut text) = (TokenDigest([0; BYTES]), [0; CHARS]);
        entropy.fill(&mut digest.0)?;
        // INVARIANT: 32 bytes always fill the 43 characters.
        let written = Base64UrlUnpadded::encode(&digest.0, &mut text).is_ok();
        debug_assert!(written, "32 bytes fill 43 characters");
        digest.replace();
        Ok(Self { text, digest, opens: PhantomData })
    }

    /// Reads a token that a client shows: exactly 43 characters of canonical base64url.
    ///
    /// # Errors
    /// [`TokenError`] for anything else; a host answers as for a token that is not known.
    pub fn parse(text: &str) -> Result<Self, TokenError> {
        let mut digest = TokenDigest::parse(text)?; // not yet: these are the bytes themselves
        digest.replace();
        // What was decoded is canonical: encoding it again would give the same text.
        let text = text.as_bytes().try_into().map_err(|_| TokenError)?;
        Ok(Self { text, digest, opens: PhantomData })
    }

    /// The text for the client. Every use of this name is a place to review.
    #[must_use]
    pub fn expose(&self) -> &str {
        core::str::from_utf8(&self.text).unwrap_or_default()
    }

    /// What is stored in its place.
    #[must_use]
    pub const fn digest(&self) -> TokenDigest {
        self.digest
    }
}

/// The text is wiped. By a barrier, not by `Zeroizing`: that writes each byte by itself, which took a tenth of the minting.
impl<R> Drop for Token<R> {
    fn drop(&mut self) {
        self.text = [0; CHARS];
        optimization_barrier(&self.text);
    }
}

impl<R> fmt::Debug for Token<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}

/// For hosts that receive the token in a form or a JSON body.
impl<'de, R> Deserialize<'de> for Token<R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(Secret::deserialize(deserializer)?.expose()).map_err(serde::de::Error::custom)
    }
}

/// The SHA-256 digest of a [`Token`]: what a record is filed under. It cannot be used as a token.
///
/// A plain digest suffices because a token carries 256 random bits: there is nothing to guess.
/// Comparison takes the same time wherever the bytes differ.
///
/// It names a session in a list or a form without opening it.
///
/// ```
/// use clausework::{secret::{Token, TokenDigest}, session::SessionState};
///
/// # let mut entropy = clausework::entropy::OsEntropy;
/// let token = Token::<SessionState>::mint(&mut entropy)?;
/// let named = token.digest().to_id(); // onto the page; a button sends it back
/// assert!(TokenDigest::parse(&named)? == token.digest());
/// assert!(TokenDigest::parse("all of them").is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct TokenDigest([u8; BYTES]);

impl TokenDigest {
    /// Puts the digest of the bytes in their place, so that they are not left behind.
    fn replace(&mut self) {
        self.0 = Sha256::digest(self.0).into();
        optimization_barrier(self);
    }

    /// Reads what [`to_id`](TokenDigest::to_id) wrote.
    ///
    /// # Errors
    /// [`TokenError`] for anything else.
    pub fn parse(text: &str) -> Result<Self, TokenError> {
        if text.len() != CHARS {
            return Err(TokenError);
        }
        let mut bytes = [0; BYTES];
        // The decoder refuses characters outside the alphabet and unused trailing bits.
        Base64UrlUnpadded::decode(text, &mut bytes).map_err(|_| TokenError)?;
        Ok(Self(bytes))
    }

    /// The digest as 43 characters of base64url: the id of the record.
    #[must_use]
    pub fn to_id(&self) -> String {
        Base64UrlUnpadded::encode_string(&self.0)
    }
}

impl PartialEq for TokenDigest {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for TokenDigest {}

impl fmt::Debug for TokenDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenDigest(..)")
    }
}

impl Serialize for TokenDigest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut text = [0; CHARS];
        let text = Base64UrlUnpadded::encode(&self.0, &mut text).map_err(serde::ser::Error::custom)?;
        serializer.serialize_str(text)
    }
}

impl<'de> Deserialize<'de> for TokenDigest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// The text is not a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a token")]
#[non_exhaustive]
pub struct TokenError;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_sha_256_of_the_bytes() {
        // FIPS 180-4 hashes the empty string to e3b0c442…; 32 zero bytes to 66687aad… (both in NIST's CAVP short messages).
        let zero = Token::<()>::parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").unwrap();
        assert_eq!(zero.digest().0[..4], [0x66, 0x68, 0x7a, 0xad]);
        assert_eq!(zero.digest().to_id().len(), 43);
    }

    #[test]
    fn only_canonical_text_is_a_token() {
        let good = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        assert!(Token::<()>::parse(good).is_ok());
        for bad in [
            "",
            &good[1..],
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+A",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        ] {
            assert_eq!(Token::<()>::parse(bad).unwrap_err(), TokenError, "{bad}");
        }
    }

    #[test]
    fn the_digest_itself_is_no_token_of_the_record() {
        let token = Token::<()>::parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").unwrap();
        let stolen = Token::<()>::parse(&token.digest().to_id()).unwrap();
        assert_ne!(stolen.digest(), token.digest());
    }
}
