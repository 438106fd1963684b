use core::fmt;

use serde::{Deserialize, Serialize};

/// The cost of one Argon2id hash: memory `m` in KiB, passes `t`, lanes `p` (RFC 9106 section 3.1).
///
/// ```
/// use clausework::hashing::HashCost;
///
/// let cost = HashCost { m_kib: 47_104, t: 1, p: 1 };
/// assert!(cost.meets_floor());
/// assert!(!HashCost { m_kib: 4_096, t: 3, p: 1 }.meets_floor());
/// // Neither of these dominates the other: more memory against more passes.
/// let (a, b) = (HashCost { m_kib: 12_288, t: 3, p: 1 }, HashCost { m_kib: 19_456, t: 2, p: 1 });
/// assert!(!a.dominates(b) && !b.dominates(a));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[allow(clippy::exhaustive_structs, reason = "closed: Argon2 has these three parameters")]
pub struct HashCost {
    /// Memory in KiB.
    pub m_kib: u32,
    /// Passes over the memory.
    pub t: u32,
    /// Lanes.
    pub p: u32,
}

impl HashCost {
    /// m = 19 MiB, t = 2, p = 1: the crate's default, one of the five settings that the OWASP Password
    /// Storage Cheat Sheet gives for Argon2id.
    pub const DEFAULT: Self = Self { m_kib: 19_456, t: 2, p: 1 };

    /// The five settings of the OWASP Password Storage Cheat Sheet, equal in strength: more memory or more passes.
    pub const OWASP: [Self; 5] = [
        Self { m_kib: 47_104, t: 1, p: 1 },
        Self::DEFAULT,
        Self { m_kib: 12_288, t: 3, p: 1 },
        Self { m_kib: 9_216, t: 4, p: 1 },
        Self { m_kib: 7_168, t: 5, p: 1 },
    ];

    /// The first recommendation of RFC 9106 section 4: 2 GiB, t = 1, p = 4. It needs a
    /// [ceiling](HashPolicyBuilder::ceiling) and [memory](HashPolicyBuilder::memory_mib) to match, and seconds a hash.
    pub const RFC_9106_FIRST: Self = Self { m_kib: 2 * 1024 * 1024, t: 1, p: 4 };

    /// The second recommendation of RFC 9106 section 4, where memory is scarce: 64 MiB, t = 3, p = 4.
    pub const RFC_9106_SECOND: Self = Self { m_kib: 64 * 1024, t: 3, p: 4 };

    /// Whether memory and passes are both at least the other's.
    #[must_use]
    pub const fn dominates(self, other: Self) -> bool {
        self.m_kib >= other.m_kib && self.t >= other.t
    }

    /// Whether this is at least as strong as some row of [`HashCost::OWASP`].
    #[must_use]
    pub fn meets_floor(self) -> bool {
        Self::OWASP.iter().any(|row| self.dominates(*row))
    }
}

impl fmt::Display for HashCost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "m={} KiB, t={}, p={}", self.m_kib, self.t, self.p)
    }
}

/// What a new hash costs, the most that a stored one may ask for, and the memory of all of them together.
///
/// ```
/// use clausework::hashing::{HashCost, HashPolicy, HashPolicyError};
///
/// let policy = HashPolicy::default();
/// assert_eq!(policy.cost(), HashCost { m_kib: 19_456, t: 2, p: 1 });
///
/// let weak = HashPolicy::builder().cost(HashCost { m_kib: 4_096, t: 3, p: 1 }).build();
/// assert!(matches!(weak, Err(HashPolicyError::BelowFloor { .. })));
///
/// // Two hashes at a time, nobody waits.
/// let small = HashPolicy::builder().memory_mib(38).max_waiting(0).build()?;
/// assert_eq!(small.memory_kib(), 38 * 1024);
/// assert!(matches!(HashPolicy::builder().memory_mib(18).build(), Err(HashPolicyError::Budget { .. })));
/// # Ok::<(), HashPolicyError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "HashPolicyBuilder")]
pub struct HashPolicy(HashPolicyBuilder);

impl HashPolicy {
    /// Starts from the defaults.
    #[must_use]
    pub fn builder() -> HashPolicyBuilder {
        HashPolicyBuilder::default()
    }

    /// What a new hash costs.
    #[must_use]
    pub const fn cost(&self) -> HashCost {
        self.0.cost
    }

    /// The most that a stored hash may demand of memory, passes and lanes, each by itself.
    #[must_use]
    pub const fn ceiling(&self) -> HashCost {
        self.0.ceiling
    }

    /// The memory of all hashes under way at once, in KiB.
    #[must_use]
    pub const fn memory_kib(&self) -> u32 {
        self.0.budget_kib()
    }

    /// How many callers may wait for memory at once.
    #[must_use]
    pub const fn max_waiting(&self) -> u32 {
        self.0.max_waiting
    }
}

/// Most passes of a ceiling. RFC 9106 section 3.1 allows 2^32 - 1; 2^10 is our choice: where two passes over 19 MiB
/// take 13 ms, so many over 7 MiB, the least memory of [`HashCost::OWASP`], take some 2.5 seconds.
const MAX_CEILING_T: u32 = 1 << 10;
/// Most lanes (RFC 9106 section 3.1).
const MAX_CEILING_P: u32 = (1 << 24) - 1;

/// The settings of a [`HashPolicy`], not yet checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct HashPolicyBuilder {
    cost: HashCost,
    ceiling: HashCost,
    #[serde(skip_serializing_if = "Option::is_none")]
    memory_mib: Option<u32>,
    max_waiting: u32,
}

/// Cost [`HashCost::DEFAULT`]; ceiling 256 MiB, 16 passes, 16 lanes; memory for four hashes of the cost; 64 may wait.
impl Default for HashPolicyBuilder {
    fn default() -> Self {
        Self {
            cost: HashCost::DEFAULT,
            ceiling: HashCost { m_kib: 256 * 1024, t: 16, p: 16 },
            memory_mib: None,
            max_waiting: 64,
        }
    }
}

impl HashPolicyBuilder {
    /// What a new hash costs: at least one row of [`HashCost::OWASP`], at most the ceiling.
    #[must_use]
    pub const fn cost(mut self, cost: HashCost) -> Self {
        self.cost = cost;
        self
    }

    /// The most that a stored hash may demand. A stored string decides how much memory its verification
    /// takes, so an attacker who can write one must not be able to exhaust the host (our choice: 256 MiB, 16, 16).
    /// At most 2^10 passes (our choice: more would take seconds over the least memory) and 2^24 - 1 lanes (RFC 9106 section 3.1).
    #[must_use]
    pub const fn ceiling(mut self, ceiling: HashCost) -> Self {
        self.ceiling = ceiling;
        self
    }

    /// The memory of all hashes under way at once, in MiB: at least one hash of the cost. A stored hash that
    /// demands more is refused by name ([`PhcError::AboveBudget`](super::PhcError::AboveBudget)).
    ///
    /// Default: four hashes of the cost (76 MiB at [`HashCost::DEFAULT`]), our choice: right for two cores, and a
    /// policy does not ask how many there are. Choose twice as many hashes as cores: with one a core, a core is
    /// idle whenever memory changes hands, which took a tenth to a fifth of the throughput of two cores; beyond
    /// twice, hashes share the cores and finish no sooner. `examples/calibrate` prints the figure of a machine.
    #[must_use]
    pub const fn memory_mib(mut self, memory_mib: u32) -> Self {
        self.memory_mib = Some(memory_mib);
        self
    }

    /// How many callers may wait (block) for memory at once, with the feature `std`; one more is answered
    /// [`HashError::Overloaded`](super::HashError::Overloaded). 0: nobody waits, as an async host wants that
    /// queues by its own semaphore. Default 64 (our choice: under half a second of waiting at 13 ms a hash on two cores).
    #[must_use]
    pub const fn max_waiting(mut self, max_waiting: u32) -> Self {
        self.max_waiting = max_waiting;
        self
    }

    const fn budget_kib(&self) -> u32 {
        match self.memory_mib {
            Some(mib) => mib.saturating_mul(1024),
            None => self.cost.m_kib.saturating_mul(4),
        }
    }

    /// Checks the settings.
    ///
    /// # Errors
    /// [`HashPolicyError`] when the memory does not hold one hash, the cost is below the floor or above the ceiling, the ceiling
    /// is above its own bounds, or the lanes do not fit the memory.
    pub fn build(self) -> Result<HashPolicy, HashPolicyError> {
        let Self { cost, ceiling, .. } = self;
        if !cost.meets_floor() {
            return Err(HashPolicyError::BelowFloor { cost });
        }
        if ceiling.t > MAX_CEILING_T || ceiling.p > MAX_CEILING_P {
            return Err(HashPolicyError::Ceiling { ceiling });
        }
        if !ceiling.dominates(cost) || cost.p > ceiling.p {
            return Err(HashPolicyError::AboveCeiling { cost, ceiling });
        }
        // RFC 9106 section 3.1: m is at least 8·p; and p at least 1.
        if cost.p == 0 || cost.m_kib / 8 < cost.p {
            return Err(HashPolicyError::Lanes { cost });
        }
        if self.budget_kib() < cost.m_kib {
            return Err(HashPolicyError::Budget { cost, memory_kib: self.budget_kib() });
        }
        Ok(HashPolicy(self))
    }
}

impl TryFrom<HashPolicyBuilder> for HashPolicy {
    type Error = HashPolicyError;

    fn try_from(builder: HashPolicyBuilder) -> Result<Self, HashPolicyError> {
        builder.build()
    }
}

/// Why there is no such hash policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HashPolicyError {
    /// Weaker than every row of [`HashCost::OWASP`].
    #[error("{cost} is weaker than every setting that owasp gives for argon2id")]
    BelowFloor {
        /// The cost asked for.
        cost: HashCost,
    },
    /// More than the policy's own ceiling, so its hashes could not be verified.
    #[error("{cost} is above the ceiling {ceiling}")]
    AboveCeiling {
        /// The cost asked for.
        cost: HashCost,
        /// The ceiling.
        ceiling: HashCost,
    },
    /// A ceiling above what any may be ([`HashPolicyBuilder::ceiling`]).
    #[error("the ceiling {ceiling} has more than {MAX_CEILING_T} passes or {MAX_CEILING_P} lanes")]
    Ceiling {
        /// The ceiling.
        ceiling: HashCost,
    },
    /// No lane, or more than an eighth of the memory in KiB (RFC 9106 section 3.1).
    #[error("{cost} has no lane, or more than an eighth of m")]
    Lanes {
        /// The cost asked for.
        cost: HashCost,
    },
    /// The memory of all hashes does not hold one.
    #[error("{memory_kib} KiB for all hashes do not hold one of {cost}")]
    Budget {
        /// The cost asked for.
        cost: HashCost,
        /// The memory of all hashes, in KiB.
        memory_kib: u32,
    },
}
