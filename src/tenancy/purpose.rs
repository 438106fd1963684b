use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{INCOMPATIBLE, NOT_FOR_INTERFACE, UNKNOWN_COLLECTED, UNKNOWN_INTERFACE, UNKNOWN_PURPOSE};
use super::{Interface, Purpose};
use crate::clause::{self, Clause};
use crate::event::Code;

/// The purposes of a deployment: a closed set, what is compatible, and what each interface and report is for.
///
/// Data is used for what it was collected for, and for another purpose only where the policy says that the two are
/// compatible (A2-Sep-2): in that direction, and not by way of a third. An interface that is not declared uses nothing
/// (A2-Sep-4).
///
/// ```
/// use clausework::tenancy::{Interface, Purpose, PurposeFinding, PurposePolicy, PurposePolicyError};
///
/// let (payroll, audit) = (Purpose::try_new("payroll")?, Purpose::try_new("audit")?);
/// let (export, report) = (Interface::try_new("payslip-export")?, Interface::try_new("audit-report")?);
/// let policy = PurposePolicy::builder()
///     .purpose(payroll.clone())
///     .purpose(audit.clone())
///     .compatible(audit.clone(), payroll.clone()) // for an audit, what was collected for payroll may be used
///     .interface(export.clone(), [payroll.clone()])
///     .interface(report.clone(), [audit.clone()])
///     .build()?;
///
/// assert!(policy.usage(&export, &payroll).check("payroll").is_empty());
/// assert!(policy.usage(&report, &audit).check("payroll").is_empty());
/// assert_eq!(policy.usage(&export, &payroll).check("audit"), [PurposeFinding::Incompatible]); // not the other way
/// assert_eq!(policy.usage(&export, &audit).check("payroll"), [PurposeFinding::NotForInterface]);
///
/// let unknown = PurposePolicy::builder().purpose(audit).interface(export, [payroll]);
/// assert!(matches!(unknown.build(), Err(PurposePolicyError::Unknown { .. })));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "PurposePolicyBuilder", into = "PurposePolicyBuilder")]
pub struct PurposePolicy {
    purposes: BTreeSet<Purpose>,
    compatible: BTreeSet<Compatible>,
    interfaces: BTreeMap<Interface, BTreeSet<Purpose>>,
}

/// That what was collected for one purpose may be used for another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Compatible {
    #[serde(rename = "use")]
    used_for: Purpose,
    collected_for: Purpose,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Declared {
    id: Interface,
    purposes: Vec<Purpose>,
}

/// The parts of a [`PurposePolicy`], not yet checked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PurposePolicyBuilder {
    purposes: Vec<Purpose>,
    #[serde(default)]
    compatible: Vec<Compatible>,
    interfaces: Vec<Declared>,
}

impl PurposePolicy {
    /// The most purposes, pairs of compatible ones, and interfaces: each. What nobody can read through is no rule.
    pub const MAX: usize = 256;

    /// Starts without any purpose.
    #[must_use]
    pub fn builder() -> PurposePolicyBuilder {
        PurposePolicyBuilder::default()
    }

    /// A use of data: by this interface, for this purpose. What is wrong with it is found by [`Usage::check`].
    #[must_use]
    pub fn usage<'a>(&'a self, interface: &Interface, purpose: &'a Purpose) -> Usage<'a> {
        let declared = self.interfaces.get(interface);
        Usage {
            policy: self,
            purpose,
            is_interface: declared.is_some(),
            is_purpose: self.purposes.contains(purpose),
            is_declared: declared.is_some_and(|purposes| purposes.contains(purpose)),
        }
    }
}

impl PurposePolicyBuilder {
    /// Adds a purpose.
    #[must_use]
    pub fn purpose(mut self, purpose: Purpose) -> Self {
        self.purposes.push(purpose);
        self
    }

    /// What was collected for `collected_for` may be used for `used_for` as well.
    #[must_use]
    pub fn compatible(mut self, used_for: Purpose, collected_for: Purpose) -> Self {
        self.compatible.push(Compatible { used_for, collected_for });
        self
    }

    /// Adds an interface or report, with what it is for.
    #[must_use]
    pub fn interface(mut self, id: Interface, purposes: impl IntoIterator<Item = Purpose>) -> Self {
        self.interfaces.push(Declared { id, purposes: purposes.into_iter().collect() });
        self
    }

    /// Checks the parts.
    ///
    /// # Errors
    /// [`PurposePolicyError`] for the first part that is wrong.
    pub fn build(self) -> Result<PurposePolicy, PurposePolicyError> {
        use PurposePolicyError as Error;
        let found = self.purposes.len().max(self.compatible.len()).max(self.interfaces.len());
        if self.purposes.is_empty() || found > PurposePolicy::MAX {
            return Err(Error::Count { found });
        }
        let count = self.purposes.len();
        let purposes: BTreeSet<Purpose> = self.purposes.into_iter().collect();
        if purposes.len() != count {
            return Err(Error::Twice);
        }
        let known = |purpose: &Purpose| match purposes.contains(purpose) {
            true => Ok(()),
            false => Err(Error::Unknown { purpose: purpose.clone() }),
        };
        let mut compatible = BTreeSet::new();
        for pair in self.compatible {
            known(&pair.used_for)?;
            known(&pair.collected_for)?;
            if !compatible.insert(pair) {
                return Err(Error::Twice);
            }
        }
        let mut interfaces = BTreeMap::new();
        for Declared { id, purposes: declared } in self.interfaces {
            declared.iter().try_for_each(known)?;
            let count = declared.len();
            let declared: BTreeSet<Purpose> = declared.into_iter().collect();
            if declared.is_empty() {
                return Err(Error::Purposeless { interface: id });
            }
            if declared.len() != count || interfaces.insert(id, declared).is_some() {
                return Err(Error::Twice);
            }
        }
        Ok(PurposePolicy { purposes, compatible, interfaces })
    }
}

impl TryFrom<PurposePolicyBuilder> for PurposePolicy {
    type Error = PurposePolicyError;

    fn try_from(builder: PurposePolicyBuilder) -> Result<Self, PurposePolicyError> {
        builder.build()
    }
}

impl From<PurposePolicy> for PurposePolicyBuilder {
    fn from(policy: PurposePolicy) -> Self {
        let declared = |(id, purposes): (_, BTreeSet<_>)| Declared { id, purposes: purposes.into_iter().collect() };
        Self {
            purposes: policy.purposes.into_iter().collect(),
            compatible: policy.compatible.into_iter().collect(),
            interfaces: policy.interfaces.into_iter().map(declared).collect(),
        }
    }
}

/// Why there is no such purpose policy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PurposePolicyError {
    /// No purpose at all, or more of something than [`PurposePolicy::MAX`].
    #[error("a policy has 1 to 256 purposes and at most 256 of the rest, not {found}")]
    Count {
        /// The largest number found.
        found: usize,
    },
    /// A purpose that is not among the purposes.
    #[error("the purpose {purpose} is used and not declared")]
    Unknown {
        /// Which.
        purpose: Purpose,
    },
    /// An interface without a purpose.
    #[error("the interface {interface} is for nothing")]
    Purposeless {
        /// Which.
        interface: Interface,
    },
    /// Something is said twice.
    #[error("a purpose, a pair or an interface stands twice")]
    Twice,
}

/// A use of data that somebody intends: by which interface, and what for. From [`PurposePolicy::usage`].
#[derive(Clone, Copy, Debug)]
pub struct Usage<'a> {
    policy: &'a PurposePolicy,
    purpose: &'a Purpose,
    is_interface: bool,
    is_purpose: bool,
    is_declared: bool,
}

impl<'a> Usage<'a> {
    /// What for.
    #[must_use]
    pub const fn purpose(&self) -> &'a Purpose {
        self.purpose
    }

    /// Everything that stands against using data collected for this purpose so; nothing if it may be.
    #[must_use]
    pub fn check(&self, collected_for: &str) -> Vec<PurposeFinding> {
        let mut findings = Vec::new();
        self.find(collected_for, |finding| findings.push(finding));
        findings
    }

    pub(super) fn find(&self, collected_for: &str, mut found: impl FnMut(PurposeFinding)) {
        if !self.is_interface {
            found(PurposeFinding::UnknownInterface);
        }
        if !self.is_purpose {
            found(PurposeFinding::UnknownPurpose);
        }
        if self.is_interface && self.is_purpose && !self.is_declared {
            found(PurposeFinding::NotForInterface);
        }
        if !self.policy.purposes.contains(collected_for) {
            found(PurposeFinding::UnknownCollected);
        } else if self.is_purpose && self.purpose.as_str() != collected_for {
            let is_pair =
                |pair: &&Compatible| pair.used_for == *self.purpose && pair.collected_for.as_str() == collected_for;
            if !self.policy.compatible.iter().any(|pair| is_pair(&pair)) {
                found(PurposeFinding::Incompatible);
            }
        }
    }
}

/// What stands against a use of data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PurposeFinding {
    /// The interface or report is not declared.
    UnknownInterface,
    /// It is to be used for a purpose that this deployment does not have.
    UnknownPurpose,
    /// The interface is not for this purpose.
    NotForInterface,
    /// It was collected for a purpose that this deployment does not have.
    UnknownCollected,
    /// It was collected for another purpose, and the policy does not say that the two are compatible.
    Incompatible,
}

impl PurposeFinding {
    /// The stable code, internal.
    #[must_use]
    pub const fn code(self) -> Code {
        match self {
            Self::UnknownInterface => UNKNOWN_INTERFACE,
            Self::UnknownPurpose => UNKNOWN_PURPOSE,
            Self::NotForInterface => NOT_FOR_INTERFACE,
            Self::UnknownCollected => UNKNOWN_COLLECTED,
            Self::Incompatible => INCOMPATIBLE,
        }
    }

    /// The clause behind it.
    #[must_use]
    pub const fn clause(self) -> Clause {
        match self {
            Self::UnknownInterface | Self::NotForInterface => clause::A2_SEP_4,
            Self::UnknownPurpose | Self::UnknownCollected | Self::Incompatible => clause::A2_SEP_2,
        }
    }
}
