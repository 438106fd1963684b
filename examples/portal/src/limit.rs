//! At most so many requests of one client in a while: for what is cheap, but answers questions.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Clients that are remembered at once. A table that is full of present ones counts the rest as one.
const CLIENTS: usize = 10_000;

/// Counts in windows that begin with a client's first request.
pub struct Limit {
    most: u32,
    window: Duration,
    seen: Mutex<HashMap<Option<IpAddr>, (Instant, u32)>>,
}

impl Limit {
    pub fn new(most: u32, window: Duration) -> Self {
        Self { most, window, seen: Mutex::default() }
    }

    /// Whether one more request of this client is within the limit; clients without an address share one count.
    pub fn allows(&self, client: Option<IpAddr>, now: Instant) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= CLIENTS {
            seen.retain(|_, (since, _)| now.duration_since(*since) < self.window);
        }
        let client = client.filter(|client| seen.len() < CLIENTS || seen.contains_key(&Some(*client)));
        let (since, count) = seen.entry(client).or_insert((now, 0));
        if now.duration_since(*since) >= self.window {
            (*since, *count) = (now, 0);
        }
        *count = count.saturating_add(1);
        *count <= self.most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_has_so_many_requests_of_a_client() {
        let limit = Limit::new(2, Duration::from_secs(60));
        let (start, client) = (Instant::now(), Some(IpAddr::from([198, 51, 100, 7])));
        let at = |secs| limit.allows(client, start + Duration::from_secs(secs));
        assert_eq!([at(0), at(59), at(59), at(60), at(60), at(60)], [true, true, false, true, true, false]);
        assert!(limit.allows(None, start)); // another
    }
}
