//! What the agreement leaves open and the host must settle.

use alloc::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::terms::check;
use super::{DpaTermsError, Duty, LateReturnRequest};
use crate::deadline::Period;

/// Whether a new Subprocessor waits while the customer may object; the text does not say (`X7`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Standstill {
    /// It waits until the window has ended, and while an objection is open.
    #[default]
    UntilWindowEnds,
    /// It may begin at once. The risk is the host's, and is reported.
    None,
}

/// How the customer agrees to a new Subprocessor (`X3`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ConsentModel {
    /// General authorisation under the addendum alone, written consent where the Standard Contractual
    /// Clauses apply, which prevail.
    #[default]
    ByRegime,
    /// General authorisation everywhere, by express decision of the host; `X3` is reported.
    General,
    /// Written consent everywhere.
    Written,
}

/// The host's choices. Only the answer to late return requests has no default (`X1`).
///
/// ```
/// use clausework::deadline::Period;
/// use clausework::dpa::{ConsentModel, DpaPolicy, Duty, LateReturnRequest, Standstill};
///
/// let policy = DpaPolicy::new(LateReturnRequest::MonthFromRequest)
///     .with_target(Duty::NotifyBreach, Period::Days(2))?;
/// assert_eq!(policy.standstill(), Standstill::UntilWindowEnds);
/// assert_eq!(policy.consent(), ConsentModel::ByRegime);
/// assert_eq!(policy.target(Duty::NotifyBreach), Some(Period::Days(2))); // the host's, not the contract's
/// assert_eq!(policy.target(Duty::ForwardRequest), None); // no number is invented
///
/// let json = serde_json::to_string(&policy)?;
/// assert_eq!(serde_json::from_str::<DpaPolicy>(&json)?, policy);
/// assert!(serde_json::from_str::<DpaPolicy>("{}").is_err()); // the choice is required
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Raw", into = "Raw")]
pub struct DpaPolicy(Raw);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    late_return_request: LateReturnRequest,
    #[serde(default)]
    standstill: Standstill,
    #[serde(default)]
    consent: ConsentModel,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    targets: BTreeMap<Duty, Period>,
}

impl DpaPolicy {
    /// The defaults, and the required answer to late return requests.
    #[must_use]
    pub const fn new(late_return_request: LateReturnRequest) -> Self {
        Self(Raw {
            late_return_request,
            standstill: Standstill::UntilWindowEnds,
            consent: ConsentModel::ByRegime,
            targets: BTreeMap::new(),
        })
    }

    /// Sets whether a new Subprocessor waits.
    #[must_use]
    pub const fn with_standstill(mut self, standstill: Standstill) -> Self {
        self.0.standstill = standstill;
        self
    }

    /// Sets how the customer agrees to a new Subprocessor.
    #[must_use]
    pub const fn with_consent(mut self, consent: ConsentModel) -> Self {
        self.0.consent = consent;
        self
    }

    /// Sets the host's own service target for a duty that the text gives no number. It is shown as
    /// the host's and makes nothing overdue.
    ///
    /// # Errors
    ///
    /// [`DpaTermsError`] when the period is zero or longer than 27 years.
    pub fn with_target(mut self, duty: Duty, period: Period) -> Result<Self, DpaTermsError> {
        check("target", period)?;
        self.0.targets.insert(duty, period);
        Ok(self)
    }

    /// The answer to late return requests.
    #[must_use]
    pub const fn late_return_request(&self) -> &LateReturnRequest {
        &self.0.late_return_request
    }

    /// Whether a new Subprocessor waits.
    #[must_use]
    pub const fn standstill(&self) -> Standstill {
        self.0.standstill
    }

    /// How the customer agrees to a new Subprocessor.
    #[must_use]
    pub const fn consent(&self) -> ConsentModel {
        self.0.consent
    }

    /// The host's service target for a duty.
    #[must_use]
    pub fn target(&self, duty: Duty) -> Option<Period> {
        self.0.targets.get(&duty).copied()
    }
}

impl TryFrom<Raw> for DpaPolicy {
    type Error = DpaTermsError;

    fn try_from(raw: Raw) -> Result<Self, DpaTermsError> {
        raw.targets.values().try_for_each(|period| check("target", *period))?;
        Ok(Self(raw))
    }
}

impl From<DpaPolicy> for Raw {
    fn from(policy: DpaPolicy) -> Self {
        policy.0
    }
}
