//! Whether the audit log is whole, and what shows it.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Serialize;

use super::Listed;
use crate::audit::bundle::Bundle;
use crate::audit::checkpoint::SignedCheckpoint;
use crate::audit::record::{Body, Ground, Purge, Record};
use crate::audit::verify::{Report, Verdict};
use crate::id::{Scope, TenantId};
use crate::time::Timestamp;

/// The verdict on the audit log, with the checkpoints that it was verified up to (A2-Mon-2, E-5.4, A2-Input-8).
///
/// ```
/// use clausework::deadline::Zone;
/// use clausework::evidence::{Report, ReportPeriod};
/// # let now = clausework::Now::from("2026-12-02T08:00:00Z".parse::<chrono::DateTime<chrono::Utc>>()?);
/// # let tenant = clausework::TenantId::try_new("acme")?;
/// let november = ReportPeriod::days("2026-11-01".parse()?, "2026-12-01".parse()?, Zone::UTC)?;
/// use clausework::audit::bundle::Bundle;
/// use clausework::audit::checkpoint::Origin;
/// use clausework::audit::verify::Values;
///
/// let bundle = Bundle::new(Origin::try_new("audit.example.com/acme")?, Values::Shown); // of a log that was never begun
/// let verified = bundle.verify(&[], &[]);
/// let report = Report::builder(now, tenant, november).audit_bundle(&bundle, &verified).build();
/// let audit = report.audit.ok_or("none handed in")?;
/// assert_eq!((audit.size, audit.checkpoints.total, audit.is_alarm), (0, 0, false));
/// assert!(!audit.is_sound); // nothing vouches for it
/// assert_eq!(audit.lawful_gaps.map(|gaps| gaps.total), Some(0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AuditSection {
    /// The stable code of the verdict.
    pub verdict: &'static str,
    /// The verdict in plain words.
    pub words: String,
    /// Whether something is gone or changed that must not be.
    pub is_alarm: bool,
    /// Whether all is there up to a trusted checkpoint, but for what the log itself says is gone.
    pub is_sound: bool,
    /// How many records the log has had.
    pub size: u64,
    /// The size of the head that the verdict rests on: that of the trusted checkpoint, or of the log's own where there is
    /// none; none where the verdict gives none.
    pub root_size: Option<u64>,
    /// The root over that many records, in base64.
    pub root: Option<String>,
    /// The lowest index that is there.
    pub minimum_index: u64,
    /// Records whose bodies were purged as logged.
    pub purged: u64,
    /// Values that were erased or purged as logged.
    pub redacted: u64,
    /// Records after the last trusted checkpoint: nothing vouches for them.
    pub beyond: u64,
    /// The checkpoints, the smallest first.
    pub checkpoints: Listed<CheckpointRow>,
    /// What the log says is gone, and by which right; none unless a bundle was handed in.
    pub lawful_gaps: Option<Listed<LogGapRow>>,
    /// Reviews of what administrators did (A2-Mon-3); none unless a bundle was handed in.
    pub reviews: Option<Listed<ReviewRow>>,
    /// Records of the bundle that are of another tenant or of the operator: their content is nowhere in the report.
    pub of_others: u64,
}

/// A checkpoint of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CheckpointRow {
    /// Which log.
    pub origin: String,
    /// How many records.
    pub size: u64,
    /// The root over them, in base64.
    pub root: String,
    /// The names of the keys of its signatures. Whether they are known is in the verdict.
    pub signed_by: Vec<String>,
}

/// Something that the log says is gone, or is to go, or was lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LogGapRow {
    /// The index of the record that says so.
    pub index: u64,
    /// When.
    pub at: Timestamp,
    /// The kind of that record.
    pub kind: &'static str,
    /// What it says, in words.
    pub what: String,
    /// The legal basis that it gives.
    pub basis: Option<&'static str>,
    /// The reference that it gives.
    pub reference: Option<String>,
}

/// A review of what administrators did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ReviewRow {
    /// The index of its record.
    pub index: u64,
    /// When it was recorded.
    pub at: Timestamp,
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// How many persons were reviewed.
    pub reviewed: u64,
    /// How many findings it had.
    pub findings: u32,
}

impl AuditSection {
    pub(super) fn of<'a>(report: &Report, checkpoints: impl IntoIterator<Item = &'a SignedCheckpoint>) -> Self {
        let mut rows: Vec<CheckpointRow> = checkpoints.into_iter().map(checkpoint).collect();
        rows.sort_by_key(|row| row.size);
        let verdict = report.verdict;
        let head = match verdict {
            Verdict::SelfConsistent(head) => Some(head),
            other => other.anchor(),
        };
        Self {
            verdict: verdict.code().as_str(),
            words: plain(verdict).to_string(),
            is_alarm: verdict.is_alarm(),
            is_sound: verdict.is_sound(),
            size: report.size,
            root_size: head.map(|head| head.size()),
            root: head.map(|head| head.root().to_base64()),
            minimum_index: report.minimum_index,
            purged: report.purged,
            redacted: report.redacted,
            beyond: report.beyond,
            checkpoints: rows.into_iter().collect(),
            lawful_gaps: None,
            reviews: None,
            of_others: 0,
        }
    }

    pub(super) fn of_bundle(tenant: &TenantId, bundle: &Bundle, report: &Report) -> Self {
        let mut section = Self::of(report, bundle.checkpoints());
        let (mut gaps, mut reviews) = (Listed::default(), Listed::default());
        let scope = Scope::Tenant(tenant.clone());
        for (index, bytes) in bundle.records() {
            // What cannot be read is in the verdict.
            let Ok(record) = Record::decode(bytes) else { continue };
            if !record.is_in(&scope) {
                section.of_others = section.of_others.saturating_add(1);
                continue;
            }
            let at = record.at();
            if let Body::Review { from, until, reviewed, findings, .. } = record.body() {
                let reviewed = u64::try_from(reviewed.iter().count()).unwrap_or(u64::MAX);
                reviews.push(ReviewRow { index, at, from, until, reviewed, findings });
            } else if let Some((what, ground)) = said(&record.body()) {
                gaps.push(LogGapRow {
                    index,
                    at,
                    kind: record.body().kind().as_str(),
                    what,
                    basis: ground.map(|ground| ground.basis().as_str()),
                    reference: ground.and_then(|ground| ground.reference().map(ToString::to_string)),
                });
            }
        }
        (section.lawful_gaps, section.reviews) = (Some(gaps), Some(reviews));
        section
    }
}

fn checkpoint(signed: &SignedCheckpoint) -> CheckpointRow {
    let checkpoint = signed.unverified();
    CheckpointRow {
        origin: checkpoint.origin().as_str().to_string(),
        size: checkpoint.head().size(),
        root: checkpoint.head().root().to_base64(),
        signed_by: signed.note().signatures().iter().map(|signature| signature.name().as_str().to_string()).collect(),
    }
}

/// What a record says is gone, and by which right.
fn said<'a>(body: &Body<'a>) -> Option<(String, Option<Ground<'a>>)> {
    let words = match *body {
        Body::ErasureIntent { targets, ground, .. } => {
            return Some((
                alloc::format!("{} values or records are to be erased", targets.iter().count()),
                Some(ground),
            ));
        }
        Body::ErasureDone { count, intent, .. } => alloc::format!("{count} values erased, as record {intent} said"),
        Body::PurgeDone { count, intent, .. } => alloc::format!("{count} records purged, as record {intent} said"),
        Body::PurgeIntent { what, ground, .. } => {
            let what = match what {
                Purge::Disclosures { class, .. } => {
                    alloc::format!("values of the class {} are to be purged", class.as_str())
                }
                Purge::Bodies { class, .. } => {
                    alloc::format!("records of the class {} are to be purged", class.as_str())
                }
                Purge::Prefix { minimum_index } => alloc::format!("all records below {minimum_index} are to be purged"),
            };
            return Some((what, Some(ground)));
        }
        Body::IntentWithdrawn { intent } => alloc::format!("record {intent} was withdrawn: nothing was deleted"),
        Body::HoldSet { hold, ground, .. } => return Some((alloc::format!("hold {hold} set"), Some(ground))),
        Body::HoldLifted { hold, .. } => alloc::format!("hold {hold} lifted"),
        Body::Gap { count: Some(count), from, until } => {
            alloc::format!("{count} events lost from {from} until {until}")
        }
        Body::Gap { count: None, from, until } => {
            alloc::format!("events lost from {from} until {until}, nobody knows how many")
        }
        _ => return None,
    };
    Some((words, None))
}

/// What a verdict means to whoever has never heard of a hash.
const fn plain(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Verified(_) => "Every record is there and unchanged, up to a checkpoint that is trusted.",
        Verdict::Redacted(_) => {
            "Every record is there and unchanged, up to a checkpoint that is trusted. Some values were erased, and the log says so."
        }
        Verdict::Purged(_) => {
            "Every record is there and unchanged, up to a checkpoint that is trusted, but for those that were purged, as the log says."
        }
        Verdict::SelfConsistent(_) => {
            "Nothing is wrong with the records that are there, but no trusted checkpoint says that these are all: records may have been cut off at the end, or the whole log made anew."
        }
        Verdict::WithheldUnexplained(_) => "Alarm: a value is not shown, and no record of the log explains why.",
        Verdict::MissingUnexplained(_) => "Alarm: a record is gone, and no record of the log explains why.",
        Verdict::Altered(_) => "Alarm: a record is not what was recorded.",
        Verdict::Truncated { .. } => "Alarm: the log was cut short; a checkpoint says that there were more records.",
        Verdict::Forked(..) => "Alarm: there are two histories of this log.",
        Verdict::UnknownKey => "The log cannot be judged: a checkpoint is signed by no key that is known.",
        Verdict::UnknownVersion => "The log cannot be judged: something in it is of a newer version.",
        Verdict::Malformed => {
            "The log cannot be judged: something in it is not of its form, and so evidence of nothing."
        }
    }
}
