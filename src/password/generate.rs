use alloc::string::String;
use alloc::vec::Vec;

use zeroize::Zeroizing;

use super::wide::Wide;
use super::{CharacterClass, PasswordPolicy, check};
use crate::entropy::{Entropy, EntropyError};
use crate::secret::Secret;

/// The longest minimum a policy may set, so that every policy can be satisfied by a generated password.
pub const GENERATED_CHARS: usize = 64;

/// The length when the policy asks for no more: 20 characters of 57 are 116 bits.
const USUAL_CHARS: usize = 20;

/// What rules about runs cost at most, in bits: at least one password in 16 keeps them, whatever the policy.
/// The strictest of them, at 64 characters, leave about one in four.
const RUN_BITS: u32 = 4;

/// Which characters a generated password is made of: ASCII letters and digits, and symbols where the policy
/// requires one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Alphabet {
    /// Without the look-alikes `0 O I l 1` and, of the symbols, without quotes, brackets, stops and bars: to be read
    /// from paper and typed. 57 letters and digits, 13 symbols.
    #[default]
    Readable,
    /// All 62 letters and digits and, where the policy requires one, all 32 symbols.
    Full,
}

impl Alphabet {
    /// Digits, upper-case letters, lower-case letters, symbols: no character is in two.
    const fn groups(self) -> [&'static [u8]; 4] {
        match self {
            Self::Readable => {
                [b"23456789", b"ABCDEFGHJKLMNPQRSTUVWXYZ", b"abcdefghijkmnopqrstuvwxyz", b"#$%&*+-/=?@^_"]
            }
            Self::Full => [
                b"0123456789",
                b"ABCDEFGHIJKLMNOPQRSTUVWXYZ",
                b"abcdefghijklmnopqrstuvwxyz",
                b"!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
            ],
        }
    }
}

/// A password that satisfies the policy, from the readable alphabet; see [`generate_from`].
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
/// [`EntropyError`] when the source fails, or is found stuck.
pub fn generate(entropy: &mut dyn Entropy, policy: &PasswordPolicy) -> Result<Secret, EntropyError> {
    generate_from(entropy, policy, Alphabet::Readable)
}

/// A password that satisfies the policy: 20 characters, or as many as the policy asks for.
///
/// It is uniform over all strings of that length and [`Alphabet`] that satisfy the policy. Those with a character of
/// every required class are numbered, and one number is drawn; no draw is lost to a missing class. A password that
/// breaks a rule about runs is drawn again, which keeps the rest equally likely. Words of a
/// [`Context`](super::Context) play no part: no one's name is known here.
///
/// OWASP ASVS 5.0 section 6.4.1 asks that an initial password be random and meet the policy.
///
/// ```
/// use clausework::password::{Alphabet, CharacterClass, PasswordPolicy, check, entropy_bits, generate_from};
///
/// # let mut entropy = clausework::entropy::OsEntropy;
/// let policy = PasswordPolicy::builder().min_chars(32).required([CharacterClass::Symbol]).max_repeat(Some(1)).build()?;
/// let password = generate_from(&mut entropy, &policy, Alphabet::Full)?;
/// assert_eq!(password.expose().len(), 32);
/// assert!(check(&policy, &password).is_empty());
/// assert!(entropy_bits(&policy, Alphabet::Full) >= 200);
/// # Ok::<(), clausework::Error>(())
/// ```
///
/// # Errors
/// [`EntropyError`] when the source fails, or is found stuck.
pub fn generate_from(
    entropy: &mut dyn Entropy,
    policy: &PasswordPolicy,
    alphabet: Alphabet,
) -> Result<Secret, EntropyError> {
    let plan = Plan::of(policy, alphabet);
    // INVARIANT: at least one in 16 keeps the rules about runs; 1024 that do not, by chance once in 10²⁸, mean a stuck source.
    for _ in 0..1024 {
        let index = Zeroizing::new(Wide::uniform_below(entropy, &plan.count())?);
        let password = Secret::from(plan.password(*index).ok_or(EntropyError::Stuck)?);
        if check(policy, &password).is_empty() {
            return Ok(password);
        }
    }
    Err(EntropyError::Stuck)
}

/// How many bits of entropy a generated password has at least: the logarithm of how many there are, rounded down.
///
/// Exact for length and classes; where the policy limits runs, 4 bits are taken off, more than such rules cost.
/// Never below 100, whatever the policy.
///
/// ```
/// use clausework::password::{Alphabet, PasswordPolicy, entropy_bits};
///
/// let policy = PasswordPolicy::default();
/// assert_eq!(entropy_bits(&policy, Alphabet::Readable), 116); // of 57^20, all but those without one of the classes
/// assert_eq!(entropy_bits(&policy, Alphabet::Full), 119);
/// ```
#[must_use]
pub fn entropy_bits(policy: &PasswordPolicy, alphabet: Alphabet) -> u32 {
    let limits = [policy.max_repeat(), policy.max_sequence(), policy.max_keyboard_run()];
    let cost = if limits.iter().any(Option::is_some) { RUN_BITS } else { 0 };
    Plan::of(policy, alphabet).count().bits().saturating_sub(1).saturating_sub(cost)
}

/// All strings of one length that have a character of every required class, in a fixed order.
pub(super) struct Plan<'a> {
    groups: [&'a [u8]; 4],
    /// For each number of characters still to come, from none: for each set of groups seen, the ways to end well.
    ways: Vec<[Wide; 16]>,
}

impl Plan<'static> {
    pub(super) fn of(policy: &PasswordPolicy, alphabet: Alphabet) -> Self {
        let mut groups = alphabet.groups();
        if !policy.requires(CharacterClass::Symbol)
            && let Some(symbols) = groups.last_mut()
        {
            *symbols = &[];
        }
        let required: Vec<CharacterClass> = policy.required().collect();
        Self::new(groups, &required, policy.min_chars().max(USUAL_CHARS))
    }
}

impl<'a> Plan<'a> {
    pub(super) fn new(groups: [&'a [u8]; 4], required: &[CharacterClass], chars: usize) -> Self {
        let ends_well = |seen: u8| required.iter().all(|class| seen & satisfying(*class) != 0);
        let mut row = [Wide::default(); 16];
        for (way, seen) in row.iter_mut().zip(0..) {
            *way = if ends_well(seen) { Wide::one() } else { Wide::default() };
        }
        let mut ways = Vec::from([row]);
        for _ in 0..chars {
            let mut next = [Wide::default(); 16];
            for (way, seen) in next.iter_mut().zip(0_u8..) {
                for (group, bit) in groups.iter().zip(GROUP_BITS) {
                    let size = u32::try_from(group.len()).unwrap_or(0);
                    if let Some(rest) = row.get(usize::from(seen | bit)) {
                        way.add_times(rest, size);
                    }
                }
            }
            ways.push(next);
            row = next;
        }
        Self { groups, ways }
    }

    /// How many strings there are.
    pub(super) fn count(&self) -> Wide {
        self.ways.last().and_then(|row| row.first()).copied().unwrap_or_default()
    }

    /// The string with this number, counted from zero; `None` from [`count`](Self::count) on.
    pub(super) fn password(&self, index: Wide) -> Option<String> {
        let mut index = Some(index).filter(|index| *index < self.count()).map(Zeroizing::new)?;
        let mut text = String::with_capacity(GENERATED_CHARS);
        let mut seen = 0;
        // Each character stands for as many strings as can follow it: skip those until the number falls among them.
        for row in self.ways.iter().rev().skip(1) {
            let (byte, now_seen) = self.groups.iter().zip(GROUP_BITS).find_map(|(group, bit)| {
                let ways = row.get(usize::from(seen | bit))?;
                let byte = group.iter().find(|_| {
                    let here = *index < *ways;
                    if !here {
                        index.take(ways);
                    }
                    here
                })?;
                Some((*byte, seen | bit))
            })?;
            text.push(char::from(byte));
            seen = now_seen;
        }
        Some(text)
    }
}

/// The bits of the groups of an [`Alphabet`], in their order.
const GROUP_BITS: [u8; 4] = [1, 2, 4, 8];

/// The groups whose characters are of the class.
const fn satisfying(class: CharacterClass) -> u8 {
    match class {
        CharacterClass::Digit => 1,
        CharacterClass::Uppercase => 2,
        CharacterClass::Lowercase => 4,
        CharacterClass::Letter => 6,
        CharacterClass::Symbol => 8,
    }
}
