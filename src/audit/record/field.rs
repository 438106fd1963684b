use alloc::borrow::Cow;
use core::fmt;

use super::error::RecordError;
use super::list::Item;
use super::value::Value;
use super::wire::{Reader, Writer};

/// How free the value of a field may be known.
///
/// Closed: each says what may stand in a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(clippy::exhaustive_enums, reason = "closed: each says what may stand in a record")]
pub enum Classification {
    /// Anyone may know it.
    Public,
    /// Anyone who may read the log may know it.
    Internal,
    /// Of a person: only as a commitment, or not at all (GDPR Art. 4(1), Art. 17).
    Personal,
    /// A special category (GDPR Art. 9) or otherwise grave: only as a commitment, or not at all.
    Sensitive,
}

impl Classification {
    /// Whether the value itself may stand in the record.
    #[must_use]
    pub const fn may_be_clear(self) -> bool {
        matches!(self, Self::Public | Self::Internal)
    }

    /// The word for it, such as `personal`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Internal => "internal",
            Self::Personal => "personal",
            Self::Sensitive => "sensitive",
        }
    }
}

super::wire::numbered!(Classification, "an unknown classification", {
    Public = 1,
    Internal = 2,
    Personal = 3,
    Sensitive = 4,
});

/// A named value.
///
/// ```
/// use clausework::audit::record::{Attribute, Value};
///
/// assert_eq!(Attribute::new("rows", Value::count(3)).to_string(), "rows=3");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribute<'a> {
    name: &'a str,
    value: Value<'a>,
}

impl<'a> Attribute<'a> {
    /// A value of this name: 1 to 96 ASCII letters, digits, `-`, `_`, `.` and `~`.
    #[must_use]
    pub const fn new(name: &'a str, value: Value<'a>) -> Self {
        Self { name, value }
    }

    /// Its name.
    #[must_use]
    pub const fn name(&self) -> &'a str {
        self.name
    }

    /// Its value.
    #[must_use]
    pub const fn value(&self) -> Value<'a> {
        self.value
    }
}

impl fmt::Display for Attribute<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.name, self.value)
    }
}

impl<'a> Item<'a> for Attribute<'a> {
    const LIST: &'static str = "attributes: more than 64, or not sorted by name, or a name twice";
    const MOST: usize = 64;

    fn write(&self, w: &mut Writer<'_>) {
        w.label(self.name, "the name of an attribute");
        self.value.write(w);
    }

    fn read(r: &mut Reader<'a>) -> Result<Self, RecordError> {
        Ok(Self { name: r.label("the name of an attribute")?, value: Value::read(r)? })
    }

    fn precedes(&self, next: &Self) -> bool {
        self.name < next.name
    }
}

/// What a field was and what it became (A2-Use-3, A2-Input-8).
///
/// ```
/// use clausework::audit::record::{Classification, FieldChange, Value};
///
/// let change = FieldChange::new("limit", Classification::Internal, Some(Value::count(3)), Some(Value::count(5)));
/// assert_eq!(change.to_string(), "limit: 3 -> 5 (internal)");
/// ```
///
/// The values of a personal or sensitive field go in by [`Draft::change_personal`](super::Draft::change_personal);
/// in the clear they make a draft that is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldChange<'a> {
    field: &'a str,
    classification: Classification,
    before: Option<Value<'a>>,
    after: Option<Value<'a>>,
}

impl<'a> FieldChange<'a> {
    /// A change of this field: 1 to 96 ASCII letters, digits, `-`, `_`, `.` and `~`. `None` is "there was no value".
    #[must_use]
    pub const fn new(
        field: &'a str,
        classification: Classification,
        before: Option<Value<'a>>,
        after: Option<Value<'a>>,
    ) -> Self {
        Self { field, classification, before, after }
    }

    /// The field.
    #[must_use]
    pub const fn field(&self) -> &'a str {
        self.field
    }

    /// How free its value may be known.
    #[must_use]
    pub const fn classification(&self) -> Classification {
        self.classification
    }

    /// What it was.
    #[must_use]
    pub const fn before(&self) -> Option<Value<'a>> {
        self.before
    }

    /// What it became.
    #[must_use]
    pub const fn after(&self) -> Option<Value<'a>> {
        self.after
    }

    fn check(&self) -> Result<(), &'static str> {
        let mut values = self.before.iter().chain(self.after.iter()).peekable();
        if values.peek().is_none() {
            return Err("a change from nothing to nothing");
        }
        if !self.classification.may_be_clear() && values.any(|value| !value.is_closed()) {
            return Err("the value of a personal or sensitive field in the clear");
        }
        Ok(())
    }
}

impl fmt::Display for FieldChange<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = |value: Option<Value<'_>>| value.map_or(Cow::Borrowed("nothing"), |v| alloc::format!("{v}").into());
        let (before, after) = (side(self.before), side(self.after));
        write!(f, "{}: {before} -> {after} ({})", self.field, self.classification.as_str())
    }
}

impl<'a> Item<'a> for FieldChange<'a> {
    const LIST: &'static str = "changes: more than 256, or not sorted by field, or a field twice";
    const MOST: usize = 256;

    fn write(&self, w: &mut Writer<'_>) {
        w.check(self.check());
        w.label(self.field, "the name of a field");
        self.classification.write(w);
        w.optional(self.before, |w, value| value.write(w));
        w.optional(self.after, |w, value| value.write(w));
    }

    fn read(r: &mut Reader<'a>) -> Result<Self, RecordError> {
        let change = Self {
            field: r.label("the name of a field")?,
            classification: Classification::read(r)?,
            before: r.optional(Value::read)?,
            after: r.optional(Value::read)?,
        };
        r.check(change.check())?;
        Ok(change)
    }

    fn precedes(&self, next: &Self) -> bool {
        self.field < next.field
    }
}
