use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::net::{IpAddr, Ipv6Addr};
use core::time::Duration;

use super::state::{AccountTrace, SourceTrace, Tried};
use super::{Alert, AlertKind, AlertPolicy, AlertState};
use crate::event::{Event, Origin, Value};
use crate::time::Timestamp;

/// How many of the sources an account was used from are remembered.
const MAX_USED_FROM: usize = 8;

/// What an event says to the detectors.
enum Signal {
    /// A password was refused.
    Failure,
    /// The account is locked now, so it was tried as often as that takes.
    Locked,
    /// The right one, and still refused.
    Matched(AlertKind),
    Success {
        temporary: bool,
    },
}

/// What one more event tells. Show it every event of one tenant, in the order of their instants; those that say
/// nothing of signing in are passed over.
///
/// An event that comes late counts at its own instant. What lies further ahead of an event than the longer of the two
/// windows was dated by a clock that ran ahead, and counts as of that event. One that is shown twice counts twice.
pub fn observe(state: &mut AlertState, policy: &AlertPolicy, event: &Event) -> Vec<Alert> {
    let Some(signal) = signal(event) else { return Vec::new() };
    let (account, at) = (event.subject().id(), event.at());
    let mut raised = Raised { alerts: Vec::new(), at };
    let source = source(event.origin());
    match signal {
        Signal::Failure => {
            fail(state, policy, account, &mut raised);
            spread(state, policy, account, source, 1, &mut raised);
            forget(state, policy, &mut raised);
        }
        Signal::Locked => {
            let account = account.split_once('~').map_or(account, |(account, _)| account);
            let known = source.and_then(|source| state.sources.get(&source)).and_then(|trace| trace.tried.get(account));
            let missing = policy.spraying_tries().saturating_sub(known.map_or(0, |tried| tried.tries));
            spread(state, policy, account, source, missing, &mut raised);
            forget(state, policy, &mut raised);
        }
        Signal::Matched(kind) => raised.push(kind, Some(account), source, 1),
        Signal::Success { temporary } => {
            succeed(state, policy, account, source, temporary, &mut raised);
            forget(state, policy, &mut raised);
        }
    }
    raised.alerts
}

struct Raised {
    alerts: Vec<Alert>,
    at: Timestamp,
}

impl Raised {
    fn push(&mut self, kind: AlertKind, account: Option<&str>, source: Option<IpAddr>, count: u32) {
        self.alerts.push(Alert { kind, at: self.at, account: account.map(ToOwned::to_owned), source, count });
    }
}

fn signal(event: &Event) -> Option<Signal> {
    let detail = |name| event.detail(name);
    match event.code() {
        "sign_in.signed_in" => Some(Signal::Success { temporary: false }),
        "sign_in.change_required" => {
            let reason = detail("reason").and_then(Value::as_text);
            Some(Signal::Success { temporary: reason.is_none_or(|reason| reason == "temporary") })
        }
        // Said even where a rate keeps the denials before it unsaid. A lane of a source is about no account.
        "lockout.locked" if !event.subject().id().starts_with('~') => Some(Signal::Locked),
        "sign_in.refused" => match detail("reason")?.as_text()? {
            "session.dormant" => Some(Signal::Matched(AlertKind::DormantUsed)),
            // Only who has shown the right password meets it.
            "session.disabled" => Some(Signal::Matched(AlertKind::MatchedWhileLocked)),
            "sign_in.locked" | "sign_in.disabled" if detail("matched").and_then(Value::as_flag) == Some(true) => {
                Some(Signal::Matched(AlertKind::MatchedWhileLocked))
            }
            "sign_in.mismatch"
            | "sign_in.legacy_too_long"
            | "sign_in.unknown_account"
            | "sign_in.no_password"
            | "sign_in.expired"
            | "sign_in.locked"
            | "sign_in.disabled" => Some(Signal::Failure),
            _ => None,
        },
        _ => None,
    }
}

/// The source as it is counted: an IPv4 address, or the network of an IPv6 address that one customer is given whole
/// (RFC 6177 section 2: at least a /64).
fn source(origin: Origin) -> Option<IpAddr> {
    match origin {
        Origin::Network { peer: IpAddr::V6(peer), .. } => {
            let [a, b, c, d, ..] = peer.segments();
            Some(IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0)))
        }
        Origin::Network { peer, .. } => Some(peer),
        Origin::ProxyOrigin { .. } | Origin::Unresolvable { .. } | Origin::Internal => None,
    }
}

/// Whether it is no longer within the window: at exactly its length it is over.
fn is_over(at: Timestamp, now: Timestamp, window: Duration) -> bool {
    now.since(at) >= window
}

/// The last instant that is over by now, if any is: to look at many without working out how long ago each was.
fn over_until(now: Timestamp, window: Duration) -> Option<Timestamp> {
    is_over(Timestamp::MIN, now, window).then(|| now.saturating_sub(window))
}

/// How far ahead of an event others may lie, if no clock is wrong: an event that comes late is not as late as that.
fn reach(at: Timestamp, policy: &AlertPolicy) -> Timestamp {
    at.saturating_add(policy.window().max(policy.stuffing_window()))
}

fn fail(state: &mut AlertState, policy: &AlertPolicy, account: &str, raised: &mut Raised) {
    let trace = state.accounts.entry(account.to_owned()).or_default();
    trace.prune(raised.at, policy);
    if trace.failures.len() < policy.failures().div_ceil(2) as usize {
        trace.raised = false;
    }
    let most = policy.failures().max(policy.failures_before_success());
    trace.failures.push_back(raised.at);
    while trace.failures.len() > most as usize {
        trace.failures.pop_front();
    }
    if !trace.raised && trace.failures.len() >= policy.failures() as usize {
        trace.raised = true;
        raised.push(AlertKind::BruteForce, Some(account), None, policy.failures());
    }
}

fn succeed(
    state: &mut AlertState,
    policy: &AlertPolicy,
    account: &str,
    source: Option<IpAddr>,
    temporary: bool,
    raised: &mut Raised,
) {
    let trace = state.accounts.entry(account.to_owned()).or_default();
    trace.prune(raised.at, policy);
    let used_at = trace.used_at;
    let since = trace.failures.iter().filter(|at| used_at.is_none_or(|used| **at > used)).count();
    if since >= policy.failures_before_success() as usize {
        let count = u32::try_from(since).unwrap_or(u32::MAX);
        raised.push(AlertKind::SuccessAfterFailures, Some(account), source, count);
    }
    if used_at.is_some_and(|used| is_over(used, raised.at, policy.unused())) {
        raised.push(AlertKind::LongUnused, Some(account), source, 1);
    }
    if let Some(source) = source {
        let is_new = !trace.used_from.contains(&source);
        if temporary && is_new && !trace.used_from.is_empty() {
            raised.push(AlertKind::TemporaryFromNewSource, Some(account), Some(source), 1);
        }
        trace.used_from.retain(|known| *known != source);
        trace.used_from.push_back(source);
        if trace.used_from.len() > MAX_USED_FROM {
            trace.used_from.pop_front();
        }
    }
    trace.used_at = Some(used_at.map_or(raised.at, |used| used.max(raised.at)));
}

fn spread(
    state: &mut AlertState,
    policy: &AlertPolicy,
    account: &str,
    source: Option<IpAddr>,
    times: u32,
    raised: &mut Raised,
) {
    let kept = policy.spraying_accounts().saturating_add(policy.stuffing_accounts());
    if let Some(source) = source {
        let trace = state.sources.entry(source).or_default();
        trace.bound(raised.at, policy);
        let (at, tries) = (raised.at, policy.spraying_tries());
        let too_old = over_until(at, policy.stuffing_window());
        let [often, seldom] = trace.count(account, times, at, policy.window(), kept as usize, |tried| {
            [tried.tries >= tries, tried.tries <= tries && Some(tried.last) > too_old]
        });
        let (sprays, stuffs) = (policy.spraying_accounts(), policy.stuffing_accounts());
        trace.spraying &= often >= sprays.div_ceil(2);
        trace.stuffing &= seldom >= stuffs.div_ceil(2);
        if !trace.spraying && often >= sprays {
            trace.spraying = true;
            raised.push(AlertKind::Spraying, None, Some(source), often);
        }
        if !trace.stuffing && seldom >= stuffs {
            trace.stuffing = true;
            raised.push(AlertKind::Stuffing, None, Some(source), seldom);
        }
    }
    if let Some(accounts) = policy.distributed_accounts() {
        let trace = &mut state.anywhere;
        trace.bound(raised.at, policy);
        let [] = trace.count(account, times, raised.at, policy.stuffing_window(), accounts as usize, |_| []);
        trace.stuffing &= trace.tried.len() >= accounts.div_ceil(2) as usize;
        if !trace.stuffing && trace.tried.len() >= accounts as usize {
            trace.stuffing = true;
            raised.push(AlertKind::Distributed, None, None, accounts);
        }
    }
}

impl AccountTrace {
    /// Forgets what is over. What a clock that ran ahead has dated counts as now, or it would never be over.
    fn prune(&mut self, now: Timestamp, policy: &AlertPolicy) {
        let reach = reach(now, policy);
        for at in self.failures.iter_mut().chain(&mut self.used_at).filter(|at| **at > reach) {
            *at = now;
        }
        self.failures.retain(|at| !is_over(*at, now, policy.window()));
    }

    /// What is forgotten first: names nobody ever signed in to, of these the least tried, of these the oldest.
    fn rank(&self) -> (bool, usize, Option<Timestamp>) {
        (self.used_at.is_some(), self.failures.len(), self.failures.back().copied().max(self.used_at))
    }
}

impl SourceTrace {
    /// What a clock that ran ahead has dated counts as now, or it would never be over.
    fn bound(&mut self, now: Timestamp, policy: &AlertPolicy) {
        let reach = reach(now, policy);
        if self.last > Some(reach) {
            self.last = Some(now);
            self.tried.values_mut().filter(|tried| tried.last > reach).for_each(|tried| tried.last = now);
        }
    }

    /// Notes so many tries of one more account, forgets what is over and what there is no room for, and says of how many
    /// accounts each condition holds. One pass over what is kept: this is what an event costs.
    pub(super) fn count<const N: usize>(
        &mut self,
        account: &str,
        times: u32,
        at: Timestamp,
        window: Duration,
        kept: usize,
        conditions: impl Fn(&Tried) -> [bool; N],
    ) -> [u32; N] {
        let too_old = over_until(at, window);
        match self.tried.get_mut(account).filter(|tried| Some(tried.last) > too_old) {
            Some(tried) => {
                tried.last = tried.last.max(at);
                tried.tries = tried.tries.saturating_add(times);
            }
            None => {
                self.tried.insert(account.to_owned(), Tried { last: at, tries: times });
            }
        }
        self.last = self.last.max(Some(at));
        let (mut found, mut left) = ([0_u32; N], 0_usize);
        let mut lowest: Option<(&String, &Tried)> = None;
        for (id, tried) in self.tried.iter().filter(|(_, tried)| Some(tried.last) > too_old) {
            left = left.saturating_add(1);
            for (found, holds) in found.iter_mut().zip(conditions(tried)) {
                *found = found.saturating_add(u32::from(holds));
            }
            if lowest.is_none_or(|(_, known)| (tried.tries, tried.last) < (known.tries, known.last)) {
                lowest = Some((id, tried));
            }
        }
        if left > kept
            && let Some((id, tried)) = lowest.map(|(id, tried)| (id.clone(), *tried))
        {
            self.tried.remove(&id);
            for (found, held) in found.iter_mut().zip(conditions(&tried)) {
                *found = found.saturating_sub(u32::from(held));
            }
            left = left.saturating_sub(1);
        }
        if self.tried.len() > left {
            self.tried.retain(|_, tried| Some(tried.last) > too_old);
        }
        found
    }
}

/// Brings what is kept below the policy's bounds: a tenth more at a time than must be, so that a flood of names costs
/// little for each.
fn forget(state: &mut AlertState, policy: &AlertPolicy, raised: &mut Raised) {
    let (at, window) = (raised.at, policy.window());
    let lost_account = thin(&mut state.accounts, policy.max_accounts(), AccountTrace::rank, |trace| {
        trace.failures.back().is_some_and(|last| !is_over(*last, at, window))
    });
    let lost_source = thin(
        &mut state.sources,
        policy.max_sources(),
        |trace| (trace.tried.len(), trace.last),
        |trace| trace.last.is_some_and(|last| !is_over(last, at, window)),
    );
    if lost_account || lost_source {
        let is_news = state.saturated_at.is_none_or(|since| is_over(since, at, window));
        state.saturated_at = Some(at);
        if is_news {
            raised.push(
                AlertKind::Saturated,
                None,
                None,
                if lost_account { policy.max_accounts() } else { policy.max_sources() },
            );
        }
    }
}

/// Removes the lowest in rank when there are too many; says whether one of them was still active.
fn thin<K: Ord + Clone, T, R: Ord>(
    kept: &mut BTreeMap<K, T>,
    most: u32,
    rank: impl Fn(&T) -> R,
    is_active: impl Fn(&T) -> bool,
) -> bool {
    let most = most as usize;
    if kept.len() <= most {
        return false;
    }
    let mut ranked: Vec<(R, K)> = kept.iter().map(|(key, trace)| (rank(trace), key.clone())).collect();
    ranked.sort_unstable();
    let surplus = kept.len().saturating_sub(most).saturating_add(most / 10);
    let mut lost = false;
    for (_, key) in ranked.into_iter().take(surplus) {
        lost |= kept.remove(&key).is_some_and(|trace| is_active(&trace));
    }
    lost
}
