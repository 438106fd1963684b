use core::fmt;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::{PasswordSha1, Screening, UnknownReason};
use crate::secret::Secret;

/// The longest range answer that is read, in bytes: 1 MiB. Our choice: a range holds one 2^20th of the
/// corpus, so 2 thousand million passwords make some 2 000 rows of about 40 bytes, a thirteenth of this;
/// whoever answers must not be able to keep the host busy.
pub const MAX_ANSWER_BYTES: usize = 1 << 20;

/// Hexadecimal digits of a SHA-1 digest that are told to the service, and that are kept.
const PREFIX: usize = 5;
const SUFFIX: usize = 35;

/// A question to the Pwned Passwords range service (HIBP, or a mirror of its files), and the reading of
/// its answer. The host does the I/O.
///
/// Only the [`prefix`](RangeQuery::prefix) leaves the host: 20 of the digest's 160 bits. The service
/// answers with every digest that begins so, and the comparison happens here. The rest of the digest is
/// wiped when dropped and never printed.
///
/// Ask over HTTPS, with the header `Add-Padding: true` so that the answer's length tells nothing, and
/// check the status and that the body is complete: a body that was cut off at the end of a row, after a
/// suffix or within a count cannot be told from a whole one. When there is no such body, that is
/// [`UnknownReason::NoAnswer`]. Keep the prefix out of logs that name the account.
///
/// ```
/// use clausework::Secret;
/// use clausework::screening::{RangeQuery, Screening, UnknownReason};
///
/// let query = RangeQuery::for_password(&Secret::from("password"));
/// assert_eq!(query.prefix(), "5BAA6"); // GET https://api.pwnedpasswords.com/range/5BAA6
///
/// let answer = "003D68EB55068C33ACE09247EE4C639306B:3\r\n1E4C9B93F3F0682250B6CF8331B7EE68FD8:9,545,824\r\n";
/// assert_eq!(query.screen(answer), Screening::Known { count: Some(9_545_824) });
/// let query = RangeQuery::for_password(&Secret::from("nine-lilac-otters"));
/// assert_eq!(query.screen(answer), Screening::Clean);
///
/// // An error page is no proof of innocence.
/// let reason = UnknownReason::AnswerMalformed;
/// assert_eq!(query.screen("<html>503 Service Unavailable</html>"), Screening::Unknown { reason });
/// ```
pub struct RangeQuery {
    prefix: [u8; PREFIX],
    suffix: Zeroizing<[u8; SUFFIX]>,
}

impl RangeQuery {
    /// The question about this password.
    #[must_use]
    pub fn for_password(password: &Secret) -> Self {
        Self::for_sha1(&PasswordSha1::of(password))
    }

    /// The question about a password with this digest.
    #[must_use]
    pub fn for_sha1(digest: &PasswordSha1) -> Self {
        let mut query = Self { prefix: [0; PREFIX], suffix: Zeroizing::new([0; SUFFIX]) };
        let places = query.prefix.iter_mut().chain(query.suffix.iter_mut());
        let nibbles = digest.as_bytes().iter().flat_map(|byte| [byte >> 4, byte & 15]);
        for (place, nibble) in places.zip(nibbles) {
            *place = upper_hex(nibble);
        }
        query
    }

    /// The five upper-case hexadecimal digits to ask for.
    #[must_use]
    pub fn prefix(&self) -> &str {
        core::str::from_utf8(&self.prefix).unwrap_or_default() // INVARIANT: ASCII
    }

    /// Reads the body of the answer: rows `suffix:count`, in either case, ended by LF or CRLF.
    ///
    /// - The count may have thousands commas. A row without a count counts 1; a count of 0 is padding
    ///   and means that the password is not known.
    /// - A row with the password's digest makes it known whatever the other rows are: a bad neighbour is
    ///   no reason to let a known password pass.
    /// - Otherwise the whole body must be sound: empty, nothing but padding, cut off within a suffix or right
    ///   after a colon, longer than [`MAX_ANSWER_BYTES`] or not a range answer at all is
    ///   [`Screening::Unknown`]. A cut elsewhere (at the end of a row, after a suffix, within a count) leaves
    ///   sound rows and cannot be seen: the host compares the length that was announced.
    ///
    /// Every row is compared, each in constant time. That the answer is for this prefix cannot be seen
    /// in it.
    pub fn screen(&self, answer: impl AsRef<[u8]>) -> Screening {
        let answer = answer.as_ref();
        if answer.len() > MAX_ANSWER_BYTES {
            return Screening::Unknown { reason: UnknownReason::AnswerTooLong };
        }
        let (mut seen, mut any, mut malformed) = (0, false, false);
        for row in answer.split(|byte| *byte == b'\n').map(|row| row.strip_suffix(b"\r").unwrap_or(row)) {
            if row.is_empty() {
                continue;
            }
            let Some((suffix, count)) = parse_row::<SUFFIX>(row) else {
                malformed = true;
                continue;
            };
            any |= count > 0;
            if suffix.ct_eq(self.suffix.as_slice()).into() {
                seen = count.max(seen);
            }
        }
        match (seen, malformed, any) {
            (1.., _, _) => Screening::Known { count: Some(seen) },
            (0, true, _) => Screening::Unknown { reason: UnknownReason::AnswerMalformed },
            (0, false, false) => Screening::Unknown { reason: UnknownReason::AnswerEmpty },
            (0, false, true) => Screening::Clean,
        }
    }
}

impl fmt::Debug for RangeQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RangeQuery(..)")
    }
}

const fn upper_hex(nibble: u8) -> u8 {
    match nibble {
        0..=9 => b'0'.saturating_add(nibble),
        _ => b'A'.saturating_sub(10).saturating_add(nibble),
    }
}

/// One row: exactly `N` hexadecimal digits, returned in upper case, and its count (1 when there is none).
pub(super) fn parse_row<const N: usize>(row: &[u8]) -> Option<([u8; N], u64)> {
    let (digits, rest) = row.split_first_chunk::<N>()?;
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let count = match rest {
        [] => 1,
        [b':', count @ ..] => parse_count(count)?,
        _ => return None,
    };
    Some((digits.map(|digit| digit.to_ascii_uppercase()), count))
}

/// Digits, either plain or with a comma before every three of them (`9,545,824`), within 64 bits.
fn parse_count(text: &[u8]) -> Option<u64> {
    let mut groups = text.split(|byte| *byte == b',');
    let first = groups.next()?;
    let grouped = text.contains(&b',');
    if first.is_empty() || (grouped && first.len() > 3) || !groups.clone().all(|group| group.len() == 3) {
        return None;
    }
    core::iter::once(first).chain(groups).flatten().try_fold(0_u64, |count, digit| {
        let digit = char::from(*digit).to_digit(10)?;
        count.checked_mul(10)?.checked_add(u64::from(digit))
    })
}
