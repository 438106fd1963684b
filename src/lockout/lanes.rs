use core::net::IpAddr;
use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::LockoutPolicy;
use crate::event::Origin;

/// What an attempt to sign in is charged to besides its account: further lanes, each with a record and a budget of
/// its own. None is there unless asked for.
///
/// | lane | counts | bounds |
/// |---|---|---|
/// | account (always) | one account, from wherever | guesses at one account |
/// | `familiar` | one account, from where its bearer has signed in before | instead of the account's lane: a stranger cannot use it up |
/// | `temporary` (always) | one account with a temporary password, while its lane above is locked; in place of all others, which must let it through | guesses at that password: its bearer gets in although strangers have locked the account |
/// | `account_source` | one account from one source | how much of the account's budget one source can use |
/// | `source` | one source, whatever the account | spraying many accounts |
///
/// An attempt is charged to all its lanes in one commit, or to none, and the answer is that of the most
/// restrictive. So the wrong guesses at one account between two resets never exceed the sum of its own budget and
/// the familiar one ([`guesses_between_resets`](LanePolicy::guesses_between_resets)), and at a temporary password that
/// of `temporary` besides; the other lanes only lower it. A success clears the lanes of
/// its own account and source, and never the lane of the source alone.
///
/// ```
/// use clausework::lockout::{FamiliarPolicy, LanePolicy, LockoutPolicy};
///
/// let lanes = LanePolicy::builder()
///     .familiar(FamiliarPolicy::default())
///     .source(LockoutPolicy::builder().limit(50).lock_secs(60 * 60).build()?)
///     .build()?;
/// assert_eq!(lanes.guesses_between_resets(&LockoutPolicy::default()), 3 + 3);
///
/// // The bad case: a cap disables until a new password is issued, and a source has none.
/// let capped = LockoutPolicy::builder().limit(50).cap(Some(100)).build()?;
/// assert!(LanePolicy::builder().source(capped).build().is_err());
///
/// // As JSON, every member may be left out.
/// let json = r#"{ "familiar": { "days": 30 }, "account_source": { "limit": 2 }, "ipv6_prefix": 56 }"#;
/// assert_eq!(serde_json::from_str::<LanePolicy>(json)?.ipv6_prefix(), 56);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "LanePolicyBuilder")]
pub struct LanePolicy(LanePolicyBuilder);

/// Attempts from where the bearer has signed in before, apart from those of strangers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
#[allow(clippy::exhaustive_structs, reason = "checked when the lanes are built")]
pub struct FamiliarPolicy {
    /// The budget of all familiar sources of an account together. Default: E-6P.3.
    pub lockout: LockoutPolicy,
    /// How many sources of an account are kept: 1 to 32, the latest. Default 8 (our choice).
    pub sources: u32,
    /// For how many days after a sign-in its source stays familiar: 1 to 366. Default 90 (our choice).
    pub days: u32,
}

impl Default for FamiliarPolicy {
    fn default() -> Self {
        Self { lockout: LockoutPolicy::default(), sources: 8, days: 90 }
    }
}

impl FamiliarPolicy {
    /// The most sources kept of an account.
    pub const MAX_SOURCES: u32 = 32;
    /// The most days a source stays familiar.
    pub const MAX_DAYS: u32 = 366;

    /// How long a source stays familiar.
    #[must_use]
    pub const fn lifetime(&self) -> Duration {
        Duration::from_secs((self.days as u64).saturating_mul(24 * 60 * 60))
    }
}

impl LanePolicy {
    /// The most records of names without an account.
    pub const MAX_UNKNOWN_NAMES: u32 = 1 << 24;

    /// Starts with no lane but the account's.
    #[must_use]
    pub fn builder() -> LanePolicyBuilder {
        LanePolicyBuilder::default()
    }

    /// The lane of a source alone.
    #[must_use]
    pub const fn source(&self) -> Option<&LockoutPolicy> {
        self.0.source.as_ref()
    }

    /// The one lane of all attempts without an address, if sources have lanes.
    #[must_use]
    pub const fn sourceless(&self) -> &LockoutPolicy {
        &self.0.sourceless
    }

    /// The lane of one account from one source.
    #[must_use]
    pub const fn account_source(&self) -> Option<&LockoutPolicy> {
        self.0.account_source.as_ref()
    }

    /// The lane of an account's familiar sources.
    #[must_use]
    pub const fn familiar(&self) -> Option<&FamiliarPolicy> {
        self.0.familiar.as_ref()
    }

    /// The lane of a temporary password while its account is locked.
    #[must_use]
    pub const fn temporary(&self) -> &LockoutPolicy {
        &self.0.temporary
    }

    /// How many leading bits of an IPv4 address are one source.
    #[must_use]
    pub const fn ipv4_prefix(&self) -> u8 {
        self.0.ipv4_prefix
    }

    /// How many leading bits of an IPv6 address are one source.
    #[must_use]
    pub const fn ipv6_prefix(&self) -> u8 {
        self.0.ipv6_prefix
    }

    /// How many records names without an account share.
    #[must_use]
    pub const fn unknown_names(&self) -> u32 {
        self.0.unknown_names
    }

    /// How many wrong guesses at one account with a lasting password can get through between two resets (a success, a
    /// served lock), from everywhere together: the sum of its budgets. At a temporary password, which nobody chose and
    /// which has 100 bits at least, the limit of [`temporary`](LanePolicy::temporary) more.
    #[must_use]
    pub fn guesses_between_resets(&self, account: &LockoutPolicy) -> u64 {
        let familiar = self.familiar().map_or(0, |familiar| familiar.lockout.limit());
        u64::from(account.limit()).saturating_add(familiar.into())
    }

    /// The source of an attempt: its address cut to the prefix, and the prefix; nothing without an address.
    pub(crate) fn prefix(&self, origin: Origin) -> Option<[u8; 17]> {
        let Origin::Network { peer, .. } = origin else { return None };
        let (address, bits) = match peer {
            IpAddr::V4(address) => (address.to_ipv6_mapped(), self.ipv4_prefix().saturating_add(96)),
            IpAddr::V6(address) => (address, self.ipv6_prefix()),
        };
        let mask = u128::MAX.checked_shl(128_u32.saturating_sub(bits.into())).unwrap_or(0);
        let mut source = [bits; 17];
        source.iter_mut().zip((address.to_bits() & mask).to_be_bytes()).for_each(|(byte, cut)| *byte = cut);
        Some(source)
    }
}

/// The settings of a [`LanePolicy`], not yet checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct LanePolicyBuilder {
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<LockoutPolicy>,
    sourceless: LockoutPolicy,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_source: Option<LockoutPolicy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    familiar: Option<FamiliarPolicy>,
    temporary: LockoutPolicy,
    ipv4_prefix: u8,
    ipv6_prefix: u8,
    unknown_names: u32,
}

/// No lane but the account's; a source is an IPv4 address or an IPv6 network of /64, which is what one subscriber
/// has at least (RFC 6177 section 2); 65,536 records of names without an account: some ten megabytes, and as many
/// slow hashes for whoever wants one of them forgotten (our choices).
impl Default for LanePolicyBuilder {
    fn default() -> Self {
        Self {
            source: None,
            sourceless: LockoutPolicy::default(),
            account_source: None,
            familiar: None,
            temporary: LockoutPolicy::of_temporary(),
            ipv4_prefix: 32,
            ipv6_prefix: 64,
            unknown_names: 1 << 16,
        }
    }
}

impl LanePolicyBuilder {
    /// Charges every attempt to its source as well. An office behind one address is one source: choose a limit above
    /// what its people mistype. A policy without a cap.
    #[must_use]
    pub fn source(mut self, lockout: LockoutPolicy) -> Self {
        self.source = Some(lockout);
        self
    }

    /// The lane that all attempts without an address share, once sources have lanes: 3 failures for 15 minutes
    /// unless asked for otherwise. A policy without a cap.
    #[must_use]
    pub fn sourceless(mut self, lockout: LockoutPolicy) -> Self {
        self.sourceless = lockout;
        self
    }

    /// Charges every attempt to its account and source together as well. A policy without a cap.
    #[must_use]
    pub fn account_source(mut self, lockout: LockoutPolicy) -> Self {
        self.account_source = Some(lockout);
        self
    }

    /// Charges attempts from where the bearer has signed in before to a lane of their own.
    #[must_use]
    pub fn familiar(mut self, familiar: FamiliarPolicy) -> Self {
        self.familiar = Some(familiar);
        self
    }

    /// How often a temporary password may be guessed at while its account is locked: 1000 failures, then 15 minutes,
    /// unless asked for otherwise (our choice). Recovery is not blocked by what strangers do at the account, unless
    /// they fail this often as well; another issue then opens this lane too.
    #[must_use]
    pub fn temporary(mut self, lockout: LockoutPolicy) -> Self {
        self.temporary = lockout;
        self
    }

    /// How many leading bits of an IPv4 address are one source: 8 to 32.
    #[must_use]
    pub const fn ipv4_prefix(mut self, bits: u8) -> Self {
        self.ipv4_prefix = bits;
        self
    }

    /// How many leading bits of an IPv6 address are one source: 32 to 128.
    #[must_use]
    pub const fn ipv6_prefix(mut self, bits: u8) -> Self {
        self.ipv6_prefix = bits;
        self
    }

    /// How many records the names without an account share: 256 to 16,777,216. Two names that share one push each
    /// other out of it: a name that is forgotten has its budget anew, which helps nobody in, but whoever fails at this
    /// many names within a lock can tell a forgotten name from an account by its `Busy`.
    #[must_use]
    pub const fn unknown_names(mut self, records: u32) -> Self {
        self.unknown_names = records;
        self
    }

    /// Checks the settings.
    ///
    /// # Errors
    /// [`LanePolicyError`] for the first setting outside its range.
    pub fn build(self) -> Result<LanePolicy, LanePolicyError> {
        let nobody_opens = [self.source.as_ref(), self.account_source.as_ref(), Some(&self.sourceless)];
        if nobody_opens.into_iter().flatten().any(|lockout| lockout.cap().is_some()) {
            return Err(LanePolicyError::Cap);
        }
        if let Some(familiar) = &self.familiar {
            if !(1..=FamiliarPolicy::MAX_SOURCES).contains(&familiar.sources) {
                return Err(LanePolicyError::Sources { asked: familiar.sources });
            }
            if !(1..=FamiliarPolicy::MAX_DAYS).contains(&familiar.days) {
                return Err(LanePolicyError::Days { asked: familiar.days });
            }
        }
        for (asked, range) in [(self.ipv4_prefix, 8..=32), (self.ipv6_prefix, 32..=128)] {
            if !range.contains(&asked) {
                return Err(LanePolicyError::Prefix { asked });
            }
        }
        if !(256..=LanePolicy::MAX_UNKNOWN_NAMES).contains(&self.unknown_names) {
            return Err(LanePolicyError::UnknownNames { asked: self.unknown_names });
        }
        Ok(LanePolicy(self))
    }
}

impl TryFrom<LanePolicyBuilder> for LanePolicy {
    type Error = LanePolicyError;

    fn try_from(builder: LanePolicyBuilder) -> Result<Self, LanePolicyError> {
        builder.build()
    }
}

/// Why there are no such lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LanePolicyError {
    /// A lane with a source in its key has a cap: nobody could open it again.
    #[error("a lane of a source has a cap, and nobody could open it")]
    Cap,
    /// Outside 1 to [`FamiliarPolicy::MAX_SOURCES`].
    #[error("{asked} familiar sources are not between 1 and 32")]
    Sources {
        /// How many were asked for.
        asked: u32,
    },
    /// Outside 1 to [`FamiliarPolicy::MAX_DAYS`].
    #[error("{asked} days of familiarity are not between 1 and 366")]
    Days {
        /// Days asked for.
        asked: u32,
    },
    /// Outside 8 to 32 (IPv4) or 32 to 128 (IPv6).
    #[error("a prefix of {asked} bits is not between 8 and 32, or 32 and 128")]
    Prefix {
        /// Bits asked for.
        asked: u8,
    },
    /// Outside 256 to [`LanePolicy::MAX_UNKNOWN_NAMES`].
    #[error("{asked} records of unknown names are not between 256 and 16777216")]
    UnknownNames {
        /// Records asked for.
        asked: u32,
    },
}
