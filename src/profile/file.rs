use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::PolicySet;
use crate::markup::is_unsafe;
use crate::password::is_closer;

/// Why a policy file is not read: what is wrong, where, and which name may have been meant.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PolicyFileError {
    /// The line, from 1; 0 if it is the file as a whole.
    pub line: usize,
    /// The column, from 1; 0 if it is the file as a whole.
    pub column: usize,
    /// What is wrong, in one line and at most 512 characters; what the file says is shown escaped.
    pub message: String,
    /// Of an unknown name: the one that is nearest to it.
    pub nearest: Option<String>,
}

impl core::error::Error for PolicyFileError {}

impl fmt::Display for PolicyFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "line {}, column {}: ", self.line, self.column)?;
        }
        f.write_str(&self.message)?;
        match &self.nearest {
            Some(nearest) => write!(f, "; did you mean `{nearest}`?"),
            None => Ok(()),
        }
    }
}

impl PolicySet {
    /// The longest policy file, in bytes: a thousand times an ordinary one.
    pub const MAX_FILE_BYTES: usize = 1024 * 1024;

    /// Reads a policy file. Whatever is left out has its default, but for the session, which has none; whatever is not
    /// known is refused.
    ///
    /// ```
    /// use clausework::profile::PolicySet;
    ///
    /// let error = PolicySet::from_json(r#"{
    ///     "sign_in": { "lockout": { "lock_sec": 900 } }
    /// }"#).unwrap_err();
    /// assert_eq!((error.line, error.nearest.as_deref()), (2, Some("lock_secs")));
    /// assert!(error.to_string().ends_with("did you mean `lock_secs`?"));
    /// ```
    ///
    /// # Errors
    /// [`PolicyFileError`] for what is no JSON, has a name or value that is not known, or is out of its range.
    pub fn from_json(text: &str) -> Result<Self, PolicyFileError> {
        bounded(text)?;
        serde_json::from_str(text).map_err(|error| {
            // The position is told apart from the message.
            let whole = error.to_string();
            let message = whole.rsplit_once(" at line ").map_or(whole.as_str(), |(message, _)| message);
            PolicyFileError::at(error.line(), error.column(), message)
        })
    }

    /// Reads the same in TOML.
    ///
    /// ```
    /// use clausework::profile::PolicySet;
    ///
    /// let policy = PolicySet::from_toml(r#"
    ///     [sign_in.session]
    ///     lifetime_secs = 28800
    ///     idle.lock.after_secs = 900
    ///
    ///     [sign_in.password]
    ///     min_chars = 12
    /// "#)?;
    /// assert_eq!(policy.sign_in().password().min_chars(), 12);
    ///
    /// let error = PolicySet::from_toml("[sign_in.pasword]\nmin_chars = 12").unwrap_err();
    /// assert_eq!((error.line, error.nearest.as_deref()), (1, Some("password")));
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`from_json`](Self::from_json), for TOML.
    #[cfg(feature = "toml")]
    pub fn from_toml(text: &str) -> Result<Self, PolicyFileError> {
        bounded(text)?;
        toml::from_str(text).map_err(|error| {
            let (line, column) = error.span().map_or((0, 0), |span| position(text, span.start));
            PolicyFileError::at(line, column, error.message())
        })
    }
}

fn bounded(text: &str) -> Result<(), PolicyFileError> {
    if text.len() > PolicySet::MAX_FILE_BYTES {
        return Err(PolicyFileError::at(0, 0, "the file is larger than 1 MiB"));
    }
    Ok(())
}

/// Line and column of a byte, both from 1.
#[cfg(feature = "toml")]
fn position(text: &str, byte: usize) -> (usize, usize) {
    let before = text.as_bytes().get(..byte).unwrap_or_default();
    let line = before.iter().filter(|byte| **byte == b'\n').count();
    let column = before.iter().rev().take_while(|byte| **byte != b'\n').count();
    (line.saturating_add(1), column.saturating_add(1))
}

impl PolicyFileError {
    const MAX_CHARS: usize = 512;

    fn at(line: usize, column: usize, message: &str) -> Self {
        let nearest = nearest(message);
        let message = message.chars().flat_map(shown).take(Self::MAX_CHARS).collect();
        Self { line, column, message, nearest }
    }
}

/// The file's own text is in some messages: nothing of it acts on a terminal.
fn shown(character: char) -> impl Iterator<Item = char> {
    let escaped = is_unsafe(character).then(|| character.escape_unicode());
    let plain = escaped.is_none().then_some(character);
    plain.into_iter().chain(escaped.into_iter().flatten())
}

/// What was meant, if serde tells what is known: "unknown field `a`, expected one of `b`, `c`". A name that shares less
/// than half with every other has no nearest.
fn nearest(message: &str) -> Option<String> {
    let names = message.strip_prefix("unknown field `").or_else(|| message.strip_prefix("unknown variant `"))?;
    let (asked, known) = names.rsplit_once("`, expected ")?;
    let letters = |name: &str| -> Vec<char> { name.chars().take(64).collect() };
    let asked = letters(asked);
    // The fewest edits that lead to a name, if they change no more than half of it.
    let edits =
        |name: &&str| (1..=name.len() / 2).find(|most| is_closer(&asked, &letters(name), most.saturating_add(1)));
    let known = known.split('`').skip(1).step_by(2).filter_map(|name| Some((edits(&name)?, name)));
    known.min_by_key(|(edits, _)| *edits).map(|(_, name)| name.to_string())
}
