use core::fmt;

/// Who may be told a [`Code`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "closed: what is not for everyone is for the host alone")]
pub enum Audience {
    /// Anyone, the person at the login form included.
    Public,
    /// The host only: it would tell an attacker which account exists, is locked, or has expired.
    Internal,
}

/// A stable machine code, such as `lockout.locked`: of an event, a violation or a reason.
///
/// Codes are never renamed; translations and dashboards hang on them. [`codes`](crate::codes)
/// lists them all.
///
/// ```
/// use clausework::event::{Audience, Code};
///
/// assert_eq!(clausework::lockout::LOCKED.as_str(), "lockout.locked");
/// assert_eq!(clausework::lockout::LOCKED.audience(), Audience::Internal);
/// assert_eq!(clausework::password::TOO_SHORT.audience(), Audience::Public);
/// const MINE: Code = Code::internal("shop.order_shipped"); // a host's own
/// assert_eq!(MINE.to_string(), "shop.order_shipped");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Code {
    text: &'static str,
    audience: Audience,
}

impl Code {
    /// A code that anyone may be shown.
    #[must_use]
    pub const fn public(text: &'static str) -> Self {
        Self { text, audience: Audience::Public }
    }

    /// A code for the host's eyes only.
    #[must_use]
    pub const fn internal(text: &'static str) -> Self {
        Self { text, audience: Audience::Internal }
    }

    /// The code's text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.text
    }

    /// Who may be told.
    #[must_use]
    pub const fn audience(self) -> Audience {
        self.audience
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)
    }
}
