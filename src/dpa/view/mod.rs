//! What a person or a calendar reads: a table, a picture, calendar entries.

#[cfg(feature = "ical")]
mod calendar;
mod table;
mod timeline;

use alloc::string::String;

use serde::Serialize;

#[cfg(feature = "ical")]
pub use self::calendar::CalendarError;
pub use self::table::Table;
pub use self::timeline::Timeline;

/// The stored name of a plain value: `delete_copies` for [`Duty::DeleteCopies`](super::Duty::DeleteCopies).
pub(super) fn name<T: Serialize>(value: T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}
