use alloc::vec::Vec;

use crate::audit::checkpoint::{
    CheckpointError, CheckpointVerifier, KeyId, KeyName, Origin, SignedCheckpoint, VerifierKey,
};
use crate::audit::record::{Body, Record};

/// From and until which size the log says that keys sign. A key that it does not name signs any size.
#[derive(Debug, Default)]
pub(super) struct KeyPeriods(Vec<Period>);

/// The sizes of the checkpoints that a key may sign, both ends included; none if they are the wrong way round.
#[derive(Debug)]
struct Period {
    name: KeyName,
    id: KeyId,
    from: u64,
    until: u64,
}

impl Period {
    fn new(key: &VerifierKey, from: u64, until: u64) -> Self {
        Self { name: key.name().clone(), id: key.id(), from, until }
    }

    fn is_of(&self, key: &dyn CheckpointVerifier) -> bool {
        key.id() == self.id && *key.name() == self.name
    }
}

impl KeyPeriods {
    /// As these records of a log change its keys, in their order.
    ///
    /// A key that comes may sign only if the one that goes agreed (or, where none goes, one that signs already): it
    /// signed a checkpoint over the record of the change, of a size that it may sign still.
    pub(super) fn of<'a, 'c>(
        records: impl Iterator<Item = Record<'a>>,
        origin: &Origin,
        given: impl Iterator<Item = &'c SignedCheckpoint> + Clone,
        known: &[&dyn CheckpointVerifier],
    ) -> Result<Self, CheckpointError> {
        let key = |text: Option<&str>| text.map(str::parse::<VerifierKey>).transpose();
        let mut changes = Vec::new();
        for record in records {
            if let Body::KeyChange { retired, added, from_size } = record.body() {
                changes.push((record.place().index(), key(retired)?, key(added)?, from_size));
            }
        }
        // Until a change says so with the right word behind it, a key that it brings signs nothing.
        let added = changes.iter().filter_map(|(_, _, added, _)| added.as_ref());
        let mut periods = Self(added.map(|key| Period::new(key, u64::MAX, 0)).collect());
        for (index, retired, added, size) in &changes {
            let agrees = |checkpoint: &SignedCheckpoint| {
                let covered = checkpoint.unverified().head().size();
                let mut keys = periods.valid_at(known, covered);
                if let Some(retired) = retired {
                    keys.retain(|key| key.id() == retired.id() && key.name() == retired.name());
                }
                *index < covered && covered <= *size && checkpoint.verify(origin, &keys).is_ok()
            };
            let agreed = given.clone().any(agrees);
            periods.0.extend(retired.as_ref().map(|key| Period::new(key, 0, *size)));
            let mut waiting = periods.0.iter_mut().filter(|period| period.from > period.until);
            let same = |period: &&mut Period| {
                added.as_ref().is_some_and(|key| period.id == key.id() && period.name == *key.name())
            };
            if let Some(period) = waiting.find(same).filter(|_| agreed) {
                (period.from, period.until) = (*size, u64::MAX);
            }
        }
        Ok(periods)
    }

    /// Those of the known keys that may sign a checkpoint of this size.
    pub(super) fn valid_at<'k>(
        &self,
        known: &[&'k dyn CheckpointVerifier],
        size: u64,
    ) -> Vec<&'k dyn CheckpointVerifier> {
        let allows = |period: &Period| period.from <= size && size <= period.until;
        let valid = |key: &&&dyn CheckpointVerifier| self.0.iter().all(|of| !of.is_of(**key) || allows(of));
        known.iter().filter(valid).copied().collect()
    }
}
