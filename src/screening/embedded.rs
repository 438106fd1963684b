use core::cmp::Ordering;

use unicode_normalization::UnicodeNormalization;

use super::Screening;
use crate::secret::Secret;

/// In lower case and normalisation form C, sorted by their bytes, one a line.
const COMMON: &str = include_str!("common.txt");

/// The characters of the longest entry.
pub(super) const MAX_CHARS: usize = 28;
/// No entry is typed in more bytes: a character in form C comes from at most four code points (the longest canonical
/// decomposition), of at most four bytes each.
pub(super) const MAX_BYTES: usize = 16 * MAX_CHARS;

/// Whether the password is one of some 1 600 that attackers try first.
///
/// The list is a floor that needs no file and no network, not a replacement for a breach corpus. It was
/// written down for this crate and is a selection of ours, no ranking and English for the most part: digit runs,
/// keyboard walks, `password` and its spellings, names, animals, sports, seasons with their years, and the
/// best known of other languages. Nine in ten entries are in a published list of common passwords too.
///
/// The whole password is compared, without regard to case (as Keycloak's blocklist does) and after
/// normalisation form C; an addition (`password!9`) makes it another password. A password that is far longer than any
/// entry is not searched for.
///
/// ```
/// use clausework::Secret;
/// use clausework::screening::{Screening, screen_common};
///
/// for known in ["123456", "password", "PassWord", "P@ssw0rd", "Qwerty123"] {
///     assert_eq!(screen_common(&Secret::from(known)), Screening::Known { count: None });
/// }
/// assert_eq!(screen_common(&Secret::from("nine-lilac-otters")), Screening::Clean);
/// ```
pub fn screen_common(password: &Secret) -> Screening {
    let text = password.expose();
    let found = text.len() <= MAX_BYTES
        && find(COMMON.as_bytes(), |entry| entry.chars().cmp(text.nfc().flat_map(char::to_lowercase)));
    if found { Screening::Known { count: None } } else { Screening::Clean }
}

/// The embedded list: in lower case, sorted, each once.
///
/// ```
/// use clausework::screening::common_passwords;
///
/// assert!(common_passwords().any(|entry| entry == "123456"));
/// assert!(common_passwords().all(|entry| entry == entry.to_lowercase()));
/// ```
pub fn common_passwords() -> impl Iterator<Item = &'static str> {
    COMMON.lines()
}

/// A binary search over the lines. `order` is how a line stands to what is sought.
fn find(mut lines: &[u8], order: impl Fn(&str) -> Ordering) -> bool {
    let line_end = |byte: &u8| *byte == b'\n';
    while let Some((before, after)) = lines.split_at_checked(lines.len() / 2).filter(|_| !lines.is_empty()) {
        // The line around the middle.
        let start = before.iter().rposition(line_end).map_or(0, |at| at.saturating_add(1));
        let end = after.iter().position(line_end).map_or(lines.len(), |at| before.len().saturating_add(at));
        let line = lines.get(start..end).and_then(|line| core::str::from_utf8(line).ok());
        match line.map(&order) {
            Some(Ordering::Equal) => return true,
            Some(Ordering::Less) => lines = lines.get(end.saturating_add(1)..).unwrap_or_default(),
            Some(Ordering::Greater) => lines = lines.get(..start).unwrap_or_default(),
            None => return false, // INVARIANT: the list is UTF-8, cut at line ends only
        }
    }
    false
}
