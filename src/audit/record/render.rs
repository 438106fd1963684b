use core::fmt::{self, Write};

use crate::markup::is_unsafe;

/// Text on one line, safe for a terminal, a log viewer and a page of text.
///
/// What moves the cursor, ends a line, turns the direction of reading or is drawn as nothing is written as Rust would
/// write it in a literal: the general categories Cc, Cf, Zl and Zp, and the properties Default_Ignorable_Code_Point and
/// Noncharacter_Code_Point of Unicode 16.0 (UAX #44). The controls of direction of UAX #9 are of Cf. So are the quote and
/// backslash that the escapes are made of.
///
/// ```
/// use clausework::audit::record::Escaped;
///
/// assert_eq!(Escaped("a\nb\u{85}c\u{202e}d").to_string(), r"a\nb\u{85}c\u{202e}d");
/// assert_eq!(Escaped("pay\u{ad}roll").to_string(), r"pay\u{ad}roll"); // a hyphen that is mostly not drawn
/// assert_eq!(Escaped("Zoë, 東京").to_string(), "Zoë, 東京");
/// ```
#[derive(Clone, Copy, Debug)]
#[allow(clippy::exhaustive_structs, reason = "closed: it wraps a text")]
pub struct Escaped<'a>(pub &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '\n' => f.write_str("\\n")?,
                '\r' => f.write_str("\\r")?,
                '\t' => f.write_str("\\t")?,
                '\\' | '"' => {
                    f.write_char('\\')?;
                    f.write_char(c)?;
                }
                c if is_unsafe(c) => write!(f, "{}", c.escape_unicode())?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

/// Bytes in lower-case hexadecimal.
#[derive(Clone, Copy, Debug)]
pub(in crate::audit) struct Hex<'a>(pub(in crate::audit) &'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
