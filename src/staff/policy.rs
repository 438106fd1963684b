use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::purpose::PurposeKind;
use super::rule::AreaRule;
use super::scope::Area;

const DAY_SECS: u64 = 24 * 60 * 60;

/// Who of the staff may reach what, for what, from where, and how long a customer's permission may last.
///
/// An area without a rule is closed. The documents give no number for how long a grant may last, nor for how long a
/// request may wait, so both must be chosen.
///
/// ```
/// use clausework::access::{AccessPolicy, IpList};
/// use clausework::id::OpaqueId;
/// use clausework::staff::{Area, AreaRule, PurposeKind, StaffPolicy, StaffPolicyError};
///
/// let office = AccessPolicy::builder().ip_list(IpList::only(["198.51.100.0/24".parse()?])?).build()?;
/// let (support, developer) = (OpaqueId::try_new("support")?, OpaqueId::try_new("developer")?);
/// let database = AreaRule::new(office.clone()) // E-6H.7: from the offices, by developers, for two purposes
///     .role(developer)
///     .purposes([PurposeKind::InstallRelease, PurposeKind::ManualBackup]);
/// let policy = StaffPolicy::builder()
///     .max_duration_secs(8 * 60 * 60)
///     .pending_secs(12 * 60 * 60)
///     .approvals(2, 3) // two of the customer's three approvers
///     .area(Area::CustomerData, AreaRule::new(AccessPolicy::default()).role(support).purpose(PurposeKind::SupportRequest))
///     .area(Area::Database, database)
///     .build()?;
/// assert!(policy.rule(Area::Account).is_none()); // closed
///
/// // The network alone never suffices (OWASP ASVS 5.0, 8.4.2).
/// let network_only = StaffPolicy::builder().max_duration_secs(60).pending_secs(60).area(Area::Database, AreaRule::new(office));
/// assert_eq!(network_only.build(), Err(StaffPolicyError::NetworkAlone { area: Area::Database }));
///
/// let file = r#"{ "max_duration_secs": 28800, "pending_secs": 43200, "areas": {
///     "user_manager": { "roles": ["support"], "purposes": ["support_request"] } } }"#;
/// let policy: StaffPolicy = serde_json::from_str(file)?;
/// assert!(serde_json::from_str::<StaffPolicy>(&file.replace("support_request", "manual_backup")).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "StaffPolicyBuilder")]
pub struct StaffPolicy(StaffPolicyBuilder);

impl StaffPolicy {
    /// The longest duration of a grant: 366 days (our choice).
    pub const MAX_DURATION: Duration = Duration::from_secs(366 * DAY_SECS);
    /// The longest that a request waits for approval, an approval for its first use, and a start lies ahead: 31 days
    /// (our choice).
    pub const MAX_WAIT: Duration = Duration::from_secs(31 * DAY_SECS);
    /// The most approvals that a grant may need.
    pub const MAX_APPROVALS: u8 = 10;
    /// The most grants that a tenant may have open, since they are listed in one record.
    pub const MAX_OPEN: u16 = 1000;

    /// Starts from the defaults, with neither the longest duration nor the wait for approval chosen.
    #[must_use]
    pub fn builder() -> StaffPolicyBuilder {
        StaffPolicyBuilder::default()
    }

    /// The ceiling of a grant's duration. What asks for more is refused, not shortened; a ceiling that is lowered later
    /// shortens what is open.
    #[must_use]
    pub const fn max_duration(&self) -> Duration {
        Duration::from_secs(self.0.max_duration_secs)
    }

    /// How long a request waits for approval before it has expired.
    #[must_use]
    pub const fn pending(&self) -> Duration {
        Duration::from_secs(self.0.pending_secs)
    }

    /// How long an approved grant waits for its first use before it has expired; as long as a request waits unless
    /// chosen otherwise.
    #[must_use]
    pub const fn unused(&self) -> Duration {
        match self.0.unused_secs {
            Some(seconds) => Duration::from_secs(seconds),
            None => self.pending(),
        }
    }

    /// How far ahead of its request a grant may start.
    #[must_use]
    pub const fn max_lead(&self) -> Duration {
        Duration::from_secs(self.0.max_lead_secs)
    }

    /// How many different persons have to approve. One more later holds for what is pending; what was approved stays so.
    #[must_use]
    pub const fn approvals(&self) -> u8 {
        self.0.approvals
    }

    /// How many persons may approve.
    #[must_use]
    pub const fn approvers(&self) -> u8 {
        self.0.approvers
    }

    /// How many grants a tenant may have open at once, pending ones included.
    #[must_use]
    pub const fn max_open(&self) -> u16 {
        self.0.max_open
    }

    /// Whether the operator's own persons approve a grant for this purpose in this area, not the customer's.
    #[must_use]
    pub fn is_approved_by_operator(&self, area: Area, purpose: PurposeKind) -> bool {
        area != Area::UserManager && self.0.operator_approves.contains(&purpose)
    }

    /// The rule of an area; without one it is closed.
    #[must_use]
    pub fn rule(&self, area: Area) -> Option<&AreaRule> {
        self.0.areas.get(&area)
    }
}

/// The settings of a [`StaffPolicy`], not yet checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StaffPolicyBuilder {
    max_duration_secs: u64,
    pending_secs: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    unused_secs: Option<u64>,
    max_lead_secs: u64,
    approvals: u8,
    approvers: u8,
    max_open: u16,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    operator_approves: Vec<PurposeKind>,
    areas: BTreeMap<Area, AreaRule>,
}

/// One approval, a start at most a week ahead, a hundred open grants: our choices.
impl Default for StaffPolicyBuilder {
    fn default() -> Self {
        Self {
            max_duration_secs: 0,
            pending_secs: 0,
            unused_secs: None,
            max_lead_secs: 7 * DAY_SECS,
            approvals: 1,
            approvers: 1,
            max_open: 100,
            operator_approves: Vec::new(),
            areas: BTreeMap::new(),
        }
    }
}

impl StaffPolicyBuilder {
    /// The ceiling of a grant's duration, in seconds: 1 to 366 days. Must be chosen.
    #[must_use]
    pub const fn max_duration_secs(mut self, seconds: u64) -> Self {
        self.max_duration_secs = seconds;
        self
    }

    /// How long a request waits for approval, in seconds: 1 to 31 days. Must be chosen.
    #[must_use]
    pub const fn pending_secs(mut self, seconds: u64) -> Self {
        self.pending_secs = seconds;
        self
    }

    /// How long an approved grant waits for its first use, in seconds: 1 to 31 days.
    #[must_use]
    pub const fn unused_secs(mut self, seconds: u64) -> Self {
        self.unused_secs = Some(seconds);
        self
    }

    /// How far ahead a grant may start, in seconds: 0 to 31 days; by default 7 days.
    #[must_use]
    pub const fn max_lead_secs(mut self, seconds: u64) -> Self {
        self.max_lead_secs = seconds;
        self
    }

    /// How many different persons have to approve, 1 to 10, of how many that may: by default the one of one.
    #[must_use]
    pub const fn approvals(mut self, needed: u8, of: u8) -> Self {
        self.approvals = needed;
        self.approvers = of;
        self
    }

    /// How many grants a tenant may have open, 1 to 1000; by default 100.
    #[must_use]
    pub const fn max_open(mut self, grants: u16) -> Self {
        self.max_open = grants;
        self
    }

    /// Lets the operator's own persons approve grants for this purpose in the customer's place, except in the user
    /// manager. Never a support request, which is the customer's.
    #[must_use]
    pub fn approved_by_operator(mut self, purpose: PurposeKind) -> Self {
        self.operator_approves.push(purpose);
        self
    }

    /// Opens an area by a rule; the last one given holds.
    #[must_use]
    pub fn area(mut self, area: Area, rule: AreaRule) -> Self {
        self.areas.insert(area, rule);
        self
    }

    /// Checks the settings.
    ///
    /// # Errors
    /// [`StaffPolicyError`] for the first setting that was not chosen, is outside its range, or opens what is closed.
    pub fn build(self) -> Result<StaffPolicy, StaffPolicyError> {
        let longest = StaffPolicy::MAX_WAIT.as_secs();
        if !(1..=StaffPolicy::MAX_DURATION.as_secs()).contains(&self.max_duration_secs) {
            return Err(StaffPolicyError::Duration { asked_secs: self.max_duration_secs });
        }
        if !(1..=longest).contains(&self.pending_secs) {
            return Err(StaffPolicyError::Pending { asked_secs: self.pending_secs });
        }
        if let Some(asked_secs) = self.unused_secs.filter(|seconds| !(1..=longest).contains(seconds)) {
            return Err(StaffPolicyError::Unused { asked_secs });
        }
        if self.max_lead_secs > longest {
            return Err(StaffPolicyError::Lead { asked_secs: self.max_lead_secs });
        }
        if !(1..=StaffPolicy::MAX_APPROVALS).contains(&self.approvals) || self.approvals > self.approvers {
            return Err(StaffPolicyError::Approvals { needed: self.approvals, of: self.approvers });
        }
        if !(1..=StaffPolicy::MAX_OPEN).contains(&self.max_open) {
            return Err(StaffPolicyError::Open { asked: self.max_open });
        }
        if self.operator_approves.contains(&PurposeKind::SupportRequest) {
            return Err(StaffPolicyError::CustomersApproval);
        }
        for (area, rule) in &self.areas {
            rule.check(*area)?;
        }
        Ok(StaffPolicy(self))
    }
}

impl TryFrom<StaffPolicyBuilder> for StaffPolicy {
    type Error = StaffPolicyError;

    fn try_from(builder: StaffPolicyBuilder) -> Result<Self, StaffPolicyError> {
        builder.build()
    }
}

/// Why there is no such policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StaffPolicyError {
    /// Not chosen, or over [`StaffPolicy::MAX_DURATION`].
    #[error("a longest grant of {asked_secs} seconds is not between 1 second and 366 days")]
    Duration {
        /// Seconds asked for.
        asked_secs: u64,
    },
    /// Not chosen, or over [`StaffPolicy::MAX_WAIT`].
    #[error("a wait for approval of {asked_secs} seconds is not between 1 second and 31 days")]
    Pending {
        /// Seconds asked for.
        asked_secs: u64,
    },
    /// Zero, or over [`StaffPolicy::MAX_WAIT`].
    #[error("a wait for the first use of {asked_secs} seconds is not between 1 second and 31 days")]
    Unused {
        /// Seconds asked for.
        asked_secs: u64,
    },
    /// Over [`StaffPolicy::MAX_WAIT`].
    #[error("a start {asked_secs} seconds ahead is more than 31 days")]
    Lead {
        /// Seconds asked for.
        asked_secs: u64,
    },
    /// None, too many, or more than there are persons.
    #[error("{needed} approvals of {of} approvers are not 1 to 10, or more than can be given")]
    Approvals {
        /// How many are needed.
        needed: u8,
        /// Of how many persons.
        of: u8,
    },
    /// None, or over [`StaffPolicy::MAX_OPEN`].
    #[error("{asked} open grants of a tenant are not between 1 and 1000")]
    Open {
        /// Grants asked for.
        asked: u16,
    },
    /// The operator does not approve what a customer requests.
    #[error("a support request is for the customer to approve")]
    CustomersApproval,
    /// E-5.3, E-6H.8a.
    #[error("no rule opens the area {area}")]
    Closed {
        /// Which.
        area: Area,
    },
    /// Neither role nor purpose: the network alone never suffices (OWASP ASVS 5.0, 8.4.2).
    #[error("the network alone does not open the area {area}")]
    NetworkAlone {
        /// Which.
        area: Area,
    },
    /// No role was named.
    #[error("no role was named for the area {area}")]
    NoRole {
        /// Which.
        area: Area,
    },
    /// No purpose was named.
    #[error("no purpose was named for the area {area}")]
    NoPurpose {
        /// Which.
        area: Area,
    },
    /// The two purposes of E-6H.7c are of the database, the four of E-3.2 are not.
    #[error("{purpose} is no purpose in the area {area}")]
    WrongPurpose {
        /// Where.
        area: Area,
        /// Which.
        purpose: PurposeKind,
    },
    /// The database is reached from the offices only (E-6H.7a), and none were named.
    #[error("no network was named for the database")]
    NoNetwork,
    /// E-5.5, E-5.6a.
    #[error("the area {area} is not opened without a grant")]
    GrantNeeded {
        /// Which.
        area: Area,
    },
}
