//! The report as one page.

use core::fmt;

use super::Report;

/// A report as a page: `Display` writes it.
#[derive(Debug)]
pub(super) struct Page<'a>(pub(super) &'a Report);

impl fmt::Display for Page<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "<!DOCTYPE html>")?;
        writeln!(f, "<html><body>No data was handed in {}</body></html>", self.0.tenant)
    }
}
