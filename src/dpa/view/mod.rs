//! What a person or a calendar reads: tables, pictures, entries.

use alloc::string::String;

use serde::Serialize;

/// The stored name of a plain value: `delete_copies` for [`Duty::DeleteCopies`](super::Duty::DeleteCopies).
pub(super) fn name<T: Serialize>(value: T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}
