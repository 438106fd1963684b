use core::fmt;

use serde::{Deserialize, Serialize};

use crate::clause::{self, Clause};
use crate::id::OpaqueId;

/// For what staff may reach a customer's account (E-3.2), or the production database (E-6H.7c). There is no other purpose,
/// and none by default.
///
/// A support request comes with its id and a legal duty with its reference: without one the purpose cannot be made.
///
/// ```
/// use clausework::id::OpaqueId;
/// use clausework::staff::{Purpose, PurposeError};
///
/// let request = OpaqueId::try_new("r-4711")?;
/// let purpose = Purpose::from_word("support_request", Some(request.clone()))?;
/// assert_eq!(purpose, Purpose::SupportRequest { request });
///
/// assert_eq!(Purpose::from_word("support_request", None), Err(PurposeError::NoReference));
/// assert_eq!(Purpose::from_word("curiosity", None), Err(PurposeError::Unknown));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[allow(clippy::exhaustive_enums, reason = "closed: the policy lists these and no others")]
pub enum Purpose {
    /// To maintain the service.
    MaintainService,
    /// To prevent or respond to technical problems.
    TechnicalProblem,
    /// At the customer's request, in connection with customer support.
    SupportRequest {
        /// The id of the customer's request.
        request: OpaqueId,
    },
    /// As the law requires.
    RequiredByLaw {
        /// The order or provision, by the id under which the host keeps it.
        reference: OpaqueId,
    },
    /// To install a release.
    InstallRelease,
    /// To make an extra backup by hand.
    ManualBackup,
}

impl Purpose {
    /// Reads a purpose from its word and the reference that came with it, such as from a form.
    ///
    /// # Errors
    /// [`PurposeError`] when there is no such purpose, its reference is missing, or it takes none.
    pub fn from_word(word: &str, reference: Option<OpaqueId>) -> Result<Self, PurposeError> {
        let kind = PurposeKind::ALL.into_iter().find(|kind| kind.as_str() == word).ok_or(PurposeError::Unknown)?;
        match (kind, reference) {
            (PurposeKind::SupportRequest, Some(request)) => Ok(Self::SupportRequest { request }),
            (PurposeKind::RequiredByLaw, Some(reference)) => Ok(Self::RequiredByLaw { reference }),
            (PurposeKind::SupportRequest | PurposeKind::RequiredByLaw, None) => Err(PurposeError::NoReference),
            (_, Some(_)) => Err(PurposeError::ReferenceNotWanted),
            (PurposeKind::MaintainService, None) => Ok(Self::MaintainService),
            (PurposeKind::TechnicalProblem, None) => Ok(Self::TechnicalProblem),
            (PurposeKind::InstallRelease, None) => Ok(Self::InstallRelease),
            (PurposeKind::ManualBackup, None) => Ok(Self::ManualBackup),
        }
    }

    /// Which of the six it is.
    #[must_use]
    pub const fn kind(&self) -> PurposeKind {
        match self {
            Self::MaintainService => PurposeKind::MaintainService,
            Self::TechnicalProblem => PurposeKind::TechnicalProblem,
            Self::SupportRequest { .. } => PurposeKind::SupportRequest,
            Self::RequiredByLaw { .. } => PurposeKind::RequiredByLaw,
            Self::InstallRelease => PurposeKind::InstallRelease,
            Self::ManualBackup => PurposeKind::ManualBackup,
        }
    }

    /// The customer's request, or the legal reference.
    #[must_use]
    pub const fn reference(&self) -> Option<&OpaqueId> {
        match self {
            Self::SupportRequest { request: reference } | Self::RequiredByLaw { reference } => Some(reference),
            _ => None,
        }
    }
}

/// In words: `support request r-4711`.
impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MaintainService => "maintenance of the service",
            Self::TechnicalProblem => "a technical problem",
            Self::SupportRequest { .. } => "support request",
            Self::RequiredByLaw { .. } => "a legal duty",
            Self::InstallRelease => "the installation of a release",
            Self::ManualBackup => "a manual backup",
        })?;
        self.reference().map_or(Ok(()), |reference| write!(f, " {reference}"))
    }
}

/// A [`Purpose`] without its reference: what a policy allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(clippy::exhaustive_enums, reason = "closed: the policy lists these and no others")]
pub enum PurposeKind {
    /// To maintain the service.
    MaintainService,
    /// To prevent or respond to technical problems.
    TechnicalProblem,
    /// At the customer's request.
    SupportRequest,
    /// As the law requires.
    RequiredByLaw,
    /// To install a release.
    InstallRelease,
    /// To make an extra backup by hand.
    ManualBackup,
}

impl PurposeKind {
    /// Every one: four of E-3.2, then two of E-6H.7c.
    pub const ALL: [Self; 6] = [
        Self::MaintainService,
        Self::TechnicalProblem,
        Self::SupportRequest,
        Self::RequiredByLaw,
        Self::InstallRelease,
        Self::ManualBackup,
    ];

    /// The word for it, such as `support_request`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MaintainService => "maintain_service",
            Self::TechnicalProblem => "technical_problem",
            Self::SupportRequest => "support_request",
            Self::RequiredByLaw => "required_by_law",
            Self::InstallRelease => "install_release",
            Self::ManualBackup => "manual_backup",
        }
    }

    /// Whether it is one of the two of the production database (E-6H.7c).
    #[must_use]
    pub const fn is_of_database(self) -> bool {
        matches!(self, Self::InstallRelease | Self::ManualBackup)
    }

    /// The clause that lists it.
    #[must_use]
    pub const fn clause(self) -> Clause {
        if self.is_of_database() { clause::E_6H_7C } else { clause::E_3_2 }
    }
}

impl fmt::Display for PurposeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a text is no purpose. It does not show the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PurposeError {
    /// None of the six.
    #[error("there is no such purpose of access")]
    Unknown,
    /// A support request without its id, or a legal duty without its reference.
    #[error("this purpose of access needs a reference")]
    NoReference,
    /// A reference to a purpose that takes none, so that it would be lost.
    #[error("this purpose of access takes no reference")]
    ReferenceNotWanted,
}
