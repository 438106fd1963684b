use alloc::borrow::Cow;
use core::fmt;

use super::commitment::{Disclosure, Salt};

/// What opens one commitment of a draft.
#[derive(Clone)]
pub(super) struct Opening<'a> {
    pub(super) field: Cow<'a, str>,
    pub(super) salt: Salt,
    pub(super) value: Cow<'a, str>,
}

/// Without the value.
impl fmt::Debug for Opening<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opening").field("field", &self.field).finish_non_exhaustive()
    }
}

/// The rows that open the commitments of one record.
#[derive(Clone, Debug)]
#[must_use = "a commitment whose disclosure is not stored can never be opened"]
pub struct Disclosures<'d> {
    pub(super) index: u64,
    pub(super) rest: core::slice::Iter<'d, Opening<'d>>,
}

impl Iterator for Disclosures<'_> {
    type Item = Disclosure;

    fn next(&mut self) -> Option<Disclosure> {
        let opening = self.rest.next()?;
        Some(Disclosure::of(self.index, &opening.field, &opening.salt, &opening.value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.rest.size_hint()
    }
}

impl ExactSizeIterator for Disclosures<'_> {}
