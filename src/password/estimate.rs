use alloc::vec::Vec;

use super::{Context, Strength};
use crate::secret::Secret;

/// The most characters of a password that are estimated; what follows is left out, so that a password counts for no
/// more than it is (our choice: zxcvbn's time grows faster than the square).
pub const ESTIMATED_CHARS: usize = 32;
/// The most characters where many of them may stand for letters (`@` for `a`): zxcvbn tries every reading, and 24
/// such characters took it 51 ms, 16 took 16 ms. (Our choice: zxcvbn counts a random password of n characters as 10ⁿ
/// guesses and asks a little over 10¹⁰ for its highest score; 2996 of 3000 random ones of 12 have it, of 10 none.)
const ESTIMATED_AMBIGUOUS_CHARS: usize = 12;
/// How many different characters that may stand for letters are not many.
const MAX_AMBIGUOUS: usize = 6;
/// The characters that zxcvbn reads as letters, too.
const AMBIGUOUS: &str = "4@8({[<369!1|70$5+%2";

/// How many guesses a password withstands, as zxcvbn estimates: it looks for words, names, dates, keyboard runs and
/// the words of the context, however spelt, and so knows `P@ssw0rd1` for what it is.
///
/// **It reads the clock.** zxcvbn counts the years of a date from the present year, so this one function may answer
/// otherwise next year: decide by its answer ([`strength`](super::strength())), never in its stead. It also keeps copies of the
/// password in memory that are not wiped.
///
/// At most the first [`ESTIMATED_CHARS`] characters are looked at, fewer where many may stand for letters: the worst
/// password that hill climbing found took 3.1 ms with a full context of 64 words of 254 characters, less than a hash. The
/// first call takes about 20 ms more, for its word lists.
///
/// ```
/// use clausework::Secret;
/// use clausework::password::{Context, Strength, estimate};
///
/// let context = Context::try_new(["anna.smith@example.com"])?;
/// assert!(estimate(&Secret::from("P@ssw0rd1"), &context) <= Strength::Weak);
/// assert!(estimate(&Secret::from("annasmith1"), &context) <= Strength::Weak);
/// assert_eq!(estimate(&Secret::from("nine lilac otters hum"), &context), Strength::VerySafe);
/// # Ok::<(), clausework::password::ContextError>(())
/// ```
#[must_use]
pub fn estimate(password: &Secret, context: &Context) -> Strength {
    let words: Vec<&str> = context.iter().collect();
    let score = zxcvbn::zxcvbn(looked_at(password.expose()), &words).score();
    Strength::try_from(u8::from(score)).unwrap_or(Strength::VeryWeak)
}

/// The part of a password that is estimated.
pub(super) fn looked_at(text: &str) -> &str {
    let start = first(text, ESTIMATED_CHARS);
    let ambiguous = AMBIGUOUS.chars().filter(|character| start.contains(*character)).count();
    if ambiguous > MAX_AMBIGUOUS { first(text, ESTIMATED_AMBIGUOUS_CHARS) } else { start }
}

/// The first so many characters.
fn first(text: &str, chars: usize) -> &str {
    let end = text.char_indices().nth(chars).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or(text)
}
