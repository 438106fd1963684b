//! One obligation with its place in the ledger.

use super::super::{Obligation, Subject};
use crate::id::OpaqueId;

/// An obligation with the agreement and the matter that it is in.
///
/// `Display` is its stable id, such as `acme/service/crm/delete_copies/backup`: it outlives a correction of the
/// event from which the obligation arose. Only a duty that one matter can have many of, such as each request
/// for a copy, names its event.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    pub(super) agreement: &'a OpaqueId,
    pub(super) subject: Subject,
    pub(super) matter: &'a OpaqueId,
    pub(super) obligation: &'a Obligation,
    pub(super) revision: usize,
}

impl<'a> Entry<'a> {
    /// The agreement.
    #[must_use]
    pub const fn agreement(&self) -> &'a OpaqueId {
        self.agreement
    }

    /// The kind of matter.
    #[must_use]
    pub const fn subject(&self) -> Subject {
        self.subject
    }

    /// The matter.
    #[must_use]
    pub const fn matter(&self) -> &'a OpaqueId {
        self.matter
    }

    /// The obligation.
    #[must_use]
    pub const fn obligation(&self) -> &'a Obligation {
        self.obligation
    }

    /// How many events the matter has, and how many of them were replaced, or were on the acceptance of the agreement, or
    /// gave way to another of their id: it grows with everything that can change the obligation, and so serves as a
    /// version of the entry.
    #[must_use]
    pub const fn revision(&self) -> usize {
        self.revision
    }
}

impl core::fmt::Display for Entry<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let subject = super::super::view::name(self.subject);
        let duty = super::super::view::name(self.obligation.duty);
        write!(f, "{}/{subject}/{}/{duty}", self.agreement, self.matter)?;
        if self.obligation.duty.repeats() {
            write!(f, "/{}", self.obligation.because)?;
        }
        match &self.obligation.part {
            Some(part) => write!(f, "/{part}"),
            None => Ok(()),
        }
    }
}
