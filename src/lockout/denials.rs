use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::Mark;
use crate::clause;
use crate::event::{Code, Fact};
use crate::store::{Record, Transition};
use crate::time::{Now, Timestamp};

/// So many denials of one source were not recorded one by one; the detail `count` says how many, `since` from when, and
/// `source` of which source, if it was one alone: as [`SignIn::source_mark`](crate::sign_in::SignIn::source_mark)
/// marks it. The event's own origin is that of whatever recorded the gap.
pub const GAP: Code = Code::internal("lockout.gap");

/// How many denied attempts of one source are recorded one by one in a window of time; those over it are counted,
/// and the count is recorded as one event, [`GAP`]. Locks are always recorded, and so is the right password where it
/// is refused: nobody hides it behind a flood of wrong ones.
///
/// Recorded denials and the counts of all gaps add up to the denials, once the last window is closed: by the next
/// denial from there, or by [`SignIn::close_gaps`](crate::sign_in::SignIn::close_gaps), which a job calls now and then.
/// A gap says which source it is about, unless several that share a record were over the rate in one window. With a
/// new current key of the [`Keyring`](crate::secret::Keyring) sources change their records: each begins a window anew.
///
/// ```
/// use clausework::lockout::DenialPolicy;
///
/// let policy: DenialPolicy = serde_json::from_str(r#"{ "recorded": 5 }"#)?;
/// assert_eq!((policy.recorded(), policy.window().as_secs()), (5, 60));
/// assert!(serde_json::from_str::<DenialPolicy>(r#"{ "recorded": 0 }"#).is_err()); // no evidence at all
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "Settings", into = "Settings")]
pub struct DenialPolicy {
    recorded: u32,
    window_secs: u64,
}

#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
struct Settings {
    recorded: u32,
    window_secs: u64,
}

/// 20 in a minute (our choice).
impl Default for Settings {
    fn default() -> Self {
        Self { recorded: 20, window_secs: 60 }
    }
}

/// 20 in a minute (our choice).
impl Default for DenialPolicy {
    fn default() -> Self {
        let Settings { recorded, window_secs } = Settings::default();
        Self { recorded, window_secs }
    }
}

impl DenialPolicy {
    /// How many records the sources of a tenant share: two in one share its window, and nothing is lost.
    pub const RECORDS: u32 = 1024;

    /// So many denials in so many seconds: 1 to 10,000 in 1 second to a day.
    ///
    /// # Errors
    /// [`DenialPolicyError`] outside these ranges.
    pub const fn try_new(recorded: u32, window_secs: u64) -> Result<Self, DenialPolicyError> {
        if recorded == 0 || recorded > 10_000 || window_secs == 0 || window_secs > 24 * 60 * 60 {
            return Err(DenialPolicyError { recorded, window_secs });
        }
        Ok(Self { recorded, window_secs })
    }

    /// How many are recorded one by one in a window.
    #[must_use]
    pub const fn recorded(&self) -> u32 {
        self.recorded
    }

    /// How long a window is, from its first denial.
    #[must_use]
    pub const fn window(&self) -> Duration {
        Duration::from_secs(self.window_secs)
    }
}

impl TryFrom<Settings> for DenialPolicy {
    type Error = DenialPolicyError;

    fn try_from(Settings { recorded, window_secs }: Settings) -> Result<Self, DenialPolicyError> {
        Self::try_new(recorded, window_secs)
    }
}

impl From<DenialPolicy> for Settings {
    fn from(DenialPolicy { recorded, window_secs }: DenialPolicy) -> Self {
        Self { recorded, window_secs }
    }
}

/// Why there is no such rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{recorded} denials in {window_secs} seconds are not 1 to 10000 in a second to a day")]
#[non_exhaustive]
pub struct DenialPolicyError {
    /// Denials asked for.
    pub recorded: u32,
    /// Seconds asked for.
    pub window_secs: u64,
}

/// What is stored of the denials of the sources that share a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DenialState {
    since: Timestamp,
    recorded: u32,
    withheld: u64,
    /// Whose denials were withheld, if they are of one source alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source: Option<Mark>,
}

impl Record for DenialState {
    const KIND: &'static str = "denials";
    const VERSION: u16 = 1;
    /// A counter; its events say who and when.
    const STAMPED: bool = false;
}

impl DenialState {
    /// Whether the window is still open. One that begins further ahead than it is long was set by a wrong clock.
    fn is_open(&self, now: Now, policy: &DenialPolicy) -> bool {
        now.timestamp() < self.since.saturating_add(policy.window()) && self.since <= now.plus(policy.window())
    }
}

/// Whether the next denial is only counted.
pub(crate) fn is_full(state: Option<&DenialState>, now: Now, policy: &DenialPolicy) -> bool {
    state.is_some_and(|state| state.is_open(now, policy) && state.recorded >= policy.recorded())
}

/// Counts a denial, and says whether it is to be recorded.
pub(crate) fn deny(
    state: Option<DenialState>,
    now: Now,
    policy: &DenialPolicy,
    source: Mark,
) -> Transition<DenialState, bool> {
    match state {
        Some(state) if is_full(Some(&state), now, policy) => {
            let source = Some(source).filter(|source| state.withheld == 0 || state.source == Some(*source));
            Transition::put(DenialState { withheld: state.withheld.saturating_add(1), source, ..state }, false)
        }
        Some(state) if state.is_open(now, policy) => {
            Transition::put(DenialState { recorded: state.recorded.saturating_add(1), ..state }, true)
        }
        closed => {
            let fresh = DenialState { since: now.timestamp(), recorded: 1, withheld: 0, source: None };
            Transition::put(fresh, true).with_all(closed.as_ref().and_then(gap))
        }
    }
}

/// Writes the record as it is: a step that has nothing else to write is then a commit like any other.
pub(crate) fn rewrite(state: Option<DenialState>) -> Transition<DenialState, ()> {
    state.map_or_else(|| Transition::keep(()), |state| Transition::put(state, ()))
}

/// Records what was only counted.
pub(crate) fn close(state: Option<DenialState>) -> Transition<DenialState, ()> {
    match state.as_ref().and_then(gap).zip(state) {
        Some((fact, state)) => Transition::put(DenialState { withheld: 0, source: None, ..state }, ()).with(fact),
        None => Transition::keep(()),
    }
}

fn gap(state: &DenialState) -> Option<Fact> {
    let fact = Fact::failure(GAP).under(clause::A2_ACCESS_5).with("count", state.withheld).with("since", state.since);
    let fact = match state.source {
        Some(source) => fact.with("source", source),
        None => fact,
    };
    (state.withheld > 0).then_some(fact)
}
