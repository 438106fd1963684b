use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::phase::{OperationId, Phase};
use super::read::Record;
use crate::time::Timestamp;

/// An attempt that nothing has completed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OpenAttempt {
    /// The operation.
    pub operation: OperationId,
    /// The index of its record.
    pub index: u64,
    /// When it was recorded.
    pub recorded_at: Timestamp,
}

/// The attempts among these records that were recorded before `older_than` and have no completion among them, in the
/// order of their indexes: whoever made them is gone, or still at it.
///
/// Give it the records in the order of the log, from one that is surely older than any attempt under way. A host
/// completes what it finds as [`Outcome::Unknown`](super::Outcome::Unknown) ([`Draft::completing`](super::Draft::completing)).
///
/// ```
/// # use clausework::audit::record::{About, Class, Draft, Essentials, OperationId, Outcome, Phase, Place, Record, open_attempts};
/// # use clausework::event::{Actor, Code, Origin};
/// # use clausework::{Now, Scope, Timestamp, id::OpaqueId};
/// # use core::time::Duration;
/// # let now = Now::from(Timestamp::from_micros(0).unwrap());
/// # let id = OpaqueId::try_new("nightly")?;
/// # let job = Actor::Job(id.clone());
/// # let write = |phase, place| {
/// #     let mut bytes = Vec::new();
/// #     let _ = Draft::new(Essentials {
/// #         code: Code::internal("shop.paid_out"), at: now.timestamp(), scope: &Scope::Operator, component: &id,
/// #         source: Origin::Internal, phase, actor: &job, about: About::new("batch", &id), class: Class::General,
/// #     }).encode_into(place, &mut bytes);
/// #     bytes
/// # };
/// let (done, crashed) = (OperationId::from_bytes([1; 16]), OperationId::from_bytes([2; 16]));
/// # let first = Place::first(now);
/// # let second = first.next(now);
/// let log = [
///     write(Phase::Attempt(done), first),
///     write(Phase::Attempt(crashed), second),
///     write(Phase::Completion(done, Outcome::Success), second.next(now)),
/// ];
/// let records: Vec<Record<'_>> = log.iter().map(|bytes| Record::decode(bytes)).collect::<Result<_, _>>()?;
///
/// let open = open_attempts(&records, now.plus(Duration::from_secs(60)));
/// assert_eq!(open.len(), 1);
/// assert_eq!((open[0].operation, open[0].index), (crashed, 1));
/// assert!(open_attempts(&records, now.timestamp()).is_empty()); // none is that old yet
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn open_attempts<'r, 'a: 'r>(
    records: impl IntoIterator<Item = &'r Record<'a>>,
    older_than: Timestamp,
) -> Vec<OpenAttempt> {
    let mut open: BTreeMap<OperationId, Vec<OpenAttempt>> = BTreeMap::new();
    for record in records {
        match record.phase() {
            Phase::Whole(_) => {}
            Phase::Attempt(operation) => {
                let (index, recorded_at) = (record.place().index(), record.place().recorded_at());
                open.entry(operation).or_default().push(OpenAttempt { operation, index, recorded_at });
            }
            // One completion closes one attempt: an id that a host used twice hides nothing.
            Phase::Completion(operation, _) => {
                let closed = open.get_mut(&operation).map(|attempts| {
                    attempts.pop();
                    attempts.is_empty()
                });
                if closed == Some(true) {
                    open.remove(&operation);
                }
            }
        }
    }
    let mut left: Vec<_> = open.into_values().flatten().filter(|attempt| attempt.recorded_at < older_than).collect();
    left.sort_unstable_by_key(|attempt| attempt.index);
    left
}
