use alloc::vec::Vec;

use serde::Serialize;

/// A list with an end: so many there were, and the first of them.
///
/// ```
/// use clausework::deadline::Zone;
/// use clausework::evidence::{Report, ReportPeriod};
/// # let now = clausework::Now::from("2026-12-01T08:00:00Z".parse::<chrono::DateTime<chrono::Utc>>()?);
/// # let tenant = clausework::TenantId::try_new("acme")?;
/// let november = ReportPeriod::days("2026-11-01".parse()?, "2026-12-01".parse()?, Zone::UTC)?;
/// let report = Report::builder(now, tenant, november).stored_events(["not an event"]).build();
/// let unreadable = &report.basis.events.as_ref().ok_or("none")?.unreadable;
/// assert_eq!((unreadable.total, unreadable.rows[0].position), (1, 1));
/// assert_eq!(unreadable.omitted(), 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Listed<T> {
    /// How many there were.
    pub total: u64,
    /// The first of them, at most [`Listed::MAX_ROWS`].
    pub rows: Vec<T>,
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self { total: 0, rows: Vec::new() }
    }
}

impl<T> Listed<T> {
    /// The most rows that are kept: what is past them is counted only.
    pub const MAX_ROWS: usize = 10_000;

    /// How many are counted and not listed.
    #[must_use]
    pub fn omitted(&self) -> u64 {
        self.total.saturating_sub(u64::try_from(self.rows.len()).unwrap_or(u64::MAX))
    }

    pub(super) fn push(&mut self, row: T) {
        self.push_with(|| row);
    }

    /// The row is made only if there is room for it.
    pub(super) fn push_with(&mut self, row: impl FnOnce() -> T) {
        self.total = self.total.saturating_add(1);
        if self.rows.len() < Self::MAX_ROWS {
            self.rows.push(row());
        }
    }
}

impl<T> FromIterator<T> for Listed<T> {
    fn from_iter<I: IntoIterator<Item = T>>(rows: I) -> Self {
        let mut listed = Self::default();
        rows.into_iter().for_each(|row| listed.push(row));
        listed
    }
}
