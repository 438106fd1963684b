use alloc::string::String;

use super::{PasswordPolicy, check};
use crate::entropy::{self, Entropy, EntropyError};
use crate::secret::Secret;

/// The longest minimum a policy may set, so that every policy can be satisfied by a generated password.
pub const GENERATED_CHARS: usize = 64;

/// Letters and digits without the look-alikes `0 O I l 1`, since these are read from paper and typed.
const ALPHABET: &[u8; 57] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// The length when the policy asks for no more: 20 characters of 57 are 116 bits.
const USUAL_CHARS: usize = 20;

/// A password that satisfies the policy: uniform over all passwords of its length and alphabet that do.
///
/// 20 characters, or as many as the policy asks for, of the 57 ASCII letters and digits that are not
/// easily confused. Requiring the three classes costs under 0.1 bit of the 116.7, so over 116 remain;
/// OWASP ASVS 5.0 section 6.4.1 asks that an initial password be random and meet the policy.
///
/// ```
/// use clausework::password::{PasswordPolicy, check, generate};
///
/// # let mut entropy = clausework::entropy::OsEntropy;
/// let policy = PasswordPolicy::default();
/// let password = generate(&mut entropy, &policy)?;
/// assert_eq!(password.expose().len(), 20);
/// assert!(check(&policy, &password).is_empty());
/// # Ok::<(), clausework::entropy::EntropyError>(())
/// ```
///
/// # Errors
/// [`EntropyError`] when the source fails, or is stuck and never yields what the policy asks for.
pub fn generate(entropy: &mut dyn Entropy, policy: &PasswordPolicy) -> Result<Secret, EntropyError> {
    // INVARIANT: a draw misses one of three classes with probability under 5 %, so 64 misses mean a stuck source.
    for _ in 0..64 {
        let mut text = String::with_capacity(GENERATED_CHARS);
        for _ in 0..policy.min_chars().max(USUAL_CHARS) {
            let index = entropy::index_below(entropy, ALPHABET.len())?;
            text.extend(ALPHABET.get(index).map(|byte| char::from(*byte)));
        }
        let password = Secret::from(text);
        if check(policy, &password).is_empty() {
            return Ok(password);
        }
    }
    Err(EntropyError::Stuck)
}
