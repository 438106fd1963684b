//! Whether a log is whole, by the checkpoints that were kept outside the database.

use clausework::audit::bundle::Bundle;
use clausework::audit::verify::{Report, Verdict};
use clausework::{Now, Scope, Timestamp};

use super::{AuditError, AuditLog, sequencer};
use crate::jobs::Progress;

/// What was found.
pub struct Verification {
    pub at: Timestamp,
    /// What could be judged; `None` if the tables are too damaged for that.
    pub report: Option<Report>,
    /// What is wrong beside the records, as a sentence: the log could not go on, or what was kept outside is gone.
    pub alarm: Option<String>,
    /// How many checkpoints from outside the database it was held against, and the size of the largest.
    pub anchors: usize,
    pub largest: Option<u64>,
}

/// Takes in what waits, has it signed, reads the log back and holds it against what was kept.
pub async fn verify(
    log: AuditLog,
    scope: Scope,
    now: Now,
    progress: Progress<Verification>,
) -> Result<Verification, AuditError> {
    let (found, _) = judge(&log, &scope, now, |step| progress.now(step)).await?;
    Ok(found)
}

/// The same, with what was judged; without it, if the tables are too damaged to be read.
pub async fn judge(
    log: &AuditLog,
    scope: &Scope,
    now: Now,
    step: impl Fn(&'static str),
) -> Result<(Verification, Option<Bundle>), AuditError> {
    step("Recording what waits");
    // Before anything is signed: a checkpoint made now says nothing against what was changed before.
    let kept = log.kept().checkpoints(scope)?;
    let (state, _) = log.state(scope).await?;
    let was_kept = state.is_some_and(|state| state.anchored() > 0);
    let gone =
        (was_kept && kept.is_empty()).then(|| "The checkpoints that were kept outside the database are gone.".into());
    let alarm = alarm(sequencer::catch_up(log, scope, now).await)?.or(gone);
    step("Reading every record");
    let largest = kept.iter().map(|checkpoint| checkpoint.unverified().head().size()).max();
    let mut found = Verification { at: now.timestamp(), report: None, alarm, anchors: kept.len(), largest };
    let bundle = match log.bundle(scope).await {
        Ok(bundle) => bundle,
        Err(error) => {
            found.alarm = alarm_of(error)?.or(found.alarm);
            return Ok((found, None));
        }
    };
    step("Computing every hash, and holding it against the checkpoints");
    let key = log.verifier(scope)?;
    let judged = tokio::task::spawn_blocking(move || (bundle.verify(&kept, &[&key]), bundle)).await;
    let (report, bundle) = judged.map_err(std::io::Error::other)?;
    found.report = Some(report);
    Ok((found, Some(bundle)))
}

fn alarm(done: Result<(), AuditError>) -> Result<Option<String>, AuditError> {
    done.map_or_else(alarm_of, |()| Ok(None))
}

/// What is wrong with the log is a result; what is wrong with the database is none.
fn alarm_of(error: AuditError) -> Result<Option<String>, AuditError> {
    if error.is_alarm() { Ok(Some(format!("What is stored is not what was appended: {error}."))) } else { Err(error) }
}

impl Verification {
    /// Whether somebody must be woken.
    pub fn is_alarm(&self) -> bool {
        self.alarm.is_some() || self.report.is_some_and(|report| report.verdict.is_alarm())
    }

    /// Whether all is there, up to a checkpoint from outside.
    pub fn is_sound(&self) -> bool {
        !self.is_alarm() && self.report.is_some_and(|report| report.verdict.is_sound())
    }

    /// The verdict in one line, and what it means.
    pub fn words(&self) -> (&'static str, String) {
        let Some(report) = &self.report else {
            return ("Damaged", "The tables of the log are damaged so far that no record can be judged.".into());
        };
        if let (Some(alarm), false) = (&self.alarm, report.verdict.is_alarm()) {
            return ("Something was changed", alarm.clone());
        }
        let records = |count: u64| if count == 1 { "1 record".into() } else { format!("{count} records") };
        match report.verdict {
            Verdict::Verified(head) => (
                "Verified",
                format!("The log has {}. Not one was changed, removed or put in between.", records(head.size())),
            ),
            Verdict::Redacted(head) => (
                "Verified, with values erased lawfully",
                format!(
                    "The log has {}, all unchanged. {} of their values were erased; the log itself says which, why and by whom.",
                    records(head.size()),
                    report.redacted
                ),
            ),
            Verdict::Purged(head) => (
                "Verified, with records deleted lawfully",
                format!(
                    "The log had {}. {} were deleted, as the log itself says, with the reason; the others are unchanged.",
                    records(head.size()),
                    report.purged.saturating_add(report.minimum_index)
                ),
            ),
            Verdict::SelfConsistent(head) => (
                "Not contradicted, and not proven",
                format!(
                    "Nothing is wrong with the {}, but no checkpoint says that these are all.",
                    records(head.size())
                ),
            ),
            Verdict::Altered(index) => (
                "Changed",
                format!("Record {index} is not what was recorded there. Somebody changed it after it was signed."),
            ),
            Verdict::MissingUnexplained(index) => (
                "Removed",
                format!("Record {index} is gone, and the log does not say why. Nothing lawful explains this."),
            ),
            Verdict::WithheldUnexplained(index) => {
                ("Removed", format!("A value of record {index} is gone, and the log does not say that it was erased."))
            }
            Verdict::Truncated { have, anchored } => (
                "Cut short",
                format!(
                    "There are {}, and a checkpoint kept outside the database says that there were {anchored}. The newest \
                     were removed, or the database was set back to an older backup.",
                    records(have)
                ),
            ),
            Verdict::Forked(..) => (
                "Made up anew",
                "A checkpoint kept outside the database is of another log than this one: its records were replaced."
                    .into(),
            ),
            Verdict::UnknownKey => {
                ("Cannot be judged", "A checkpoint is signed by a key that is not the portal's.".into())
            }
            Verdict::UnknownVersion => {
                ("Cannot be judged", "A newer version of the portal wrote this log, and has to judge it.".into())
            }
            Verdict::Malformed => ("Cannot be judged", "Something in the log is not of its form.".into()),
        }
    }
}
