//! The audit log.

use alloc::vec::Vec;
use core::fmt;

use super::super::table::{Cell, Local, Table};
use super::super::verdict;
use super::{F, counts};
use crate::evidence::AuditSection;
use crate::markup::Escaped;

pub(super) fn write(f: F<'_, '_>, local: Local, of: &AuditSection) -> fmt::Result {
    let (sign, class) = verdict(of).0.sign();
    writeln!(
        f,
        r#"<p><span class="{class}">{sign}{}</span> <code>{}</code></p>"#,
        Escaped(&of.words),
        Escaped(of.verdict)
    )?;
    if let (Some(size), Some(root)) = (of.root_size, &of.root) {
        writeln!(f, "<p>Size {size}, root <code>{}</code></p>", Escaped(root))?;
    }
    let rows = [
        ("records that the log has had", of.size),
        ("the lowest index that is there", of.minimum_index),
        ("records purged, as the log says", of.purged),
        ("values erased or purged, as the log says", of.redacted),
        ("records after the last trusted checkpoint, for which nothing vouches", of.beyond),
        ("records of other scopes, passed over", of.of_others),
    ];
    counts(f, local, "audit", "The log", ["What", "Number"], &rows)?;
    if of.checkpoints.total == 0 {
        writeln!(f, r#"<p class="none">No checkpoint was handed in.</p>"#)?;
    } else {
        let heads = ["Size", "Root", "Signed by", "Log"];
        Table { id: "checkpoints", caption: "Checkpoints", heads: &heads, total: of.checkpoints.total }.write(
            f,
            local,
            &of.checkpoints.rows,
            |row| {
                Vec::from([
                    Cell::Number(row.size),
                    Cell::Code(&row.root),
                    Cell::Lines(row.signed_by.clone()),
                    Cell::Text(&row.origin),
                ])
            },
        )?;
    }
    match &of.lawful_gaps {
        None => writeln!(f, r#"<p class="none">What the log itself says is gone was not handed in.</p>"#)?,
        Some(gaps) if gaps.total == 0 => writeln!(f, "<p>The log says of nothing that it is gone or was lost.</p>")?,
        Some(gaps) => {
            let heads = ["Record", "When", "What it says", "Legal basis", "Reference"];
            Table { id: "gaps", caption: "What the log says is gone", heads: &heads, total: gaps.total }.write(
                f,
                local,
                &gaps.rows,
                |row| {
                    Vec::from([
                        Cell::Number(row.index),
                        Cell::At(Some(row.at)),
                        Cell::Text(&row.what),
                        Cell::Maybe(row.basis),
                        Cell::Maybe(row.reference.as_deref()),
                    ])
                },
            )?;
        }
    }
    match &of.reviews {
        None => Ok(()),
        Some(reviews) if reviews.total == 0 => writeln!(f, "<p>No review of administrators is in the log.</p>"),
        Some(reviews) => {
            let heads = ["Record", "When", "From", "Until", "Persons reviewed", "Findings"];
            Table { id: "reviews", caption: "Reviews of administrators", heads: &heads, total: reviews.total }.write(
                f,
                local,
                &reviews.rows,
                |row| {
                    Vec::from([
                        Cell::Number(row.index),
                        Cell::At(Some(row.at)),
                        Cell::At(Some(row.from)),
                        Cell::At(Some(row.until)),
                        Cell::Number(row.reviewed),
                        Cell::Number(row.findings.into()),
                    ])
                },
            )
        }
    }
}
