use alloc::vec::Vec;

use super::consent::{ConsentState, IndexState};
use super::flow::StaffAccess;
use super::scope::GrantId;
use super::standing::Standing;
use super::state::GrantState;
use crate::event::Provenance;
use crate::id::TenantId;
use crate::store::{Change, Decision, DecodeError, Key, Rows, Store, Transition, UpdateError, update};
use crate::time::Now;

/// A grant on a customer's screen, and how it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "closed: a grant and how it stands")]
pub struct OpenGrant {
    /// Who asked, for what, who approved, what is owed.
    pub grant: GrantState,
    /// How it stands, and until when.
    pub standing: Standing,
}

impl StaffAccess<'_> {
    /// What of a customer's is open: pending, approved, in use, and what is still owed; for the customer's own screen.
    /// What is seen to be over is written so, and leaves the list.
    ///
    /// # Errors
    /// [`UpdateError`].
    pub fn list<S: Store>(
        &self,
        mut store: S,
        now: Now,
        by: &Provenance,
        tenant: &TenantId,
    ) -> Result<Vec<OpenGrant>, UpdateError<S::Error>> {
        let index = Rows::load(&mut store, [IndexState::key(tenant)]).map_err(UpdateError::Store)?;
        update(store, self.list_keys(&index, tenant)?, |rows| self.settle_list(rows, now, by, tenant))
    }

    /// The keys of [`list`](Self::list), from rows that hold the [index](IndexState::key).
    ///
    /// # Errors
    /// [`DecodeError`] when the index cannot be read.
    pub fn list_keys(&self, index: &Rows, tenant: &TenantId) -> Result<Vec<Key>, DecodeError> {
        let index = index.read::<IndexState>(&IndexState::key(tenant))?.unwrap_or_default();
        let own = [ConsentState::key(tenant), IndexState::key(tenant)];
        Ok(own.into_iter().chain(index.ids().map(|id| GrantState::key(tenant, id))).collect())
    }

    /// The step of [`list`](Self::list). A grant that was asked for meanwhile is in the next list.
    ///
    /// # Errors
    /// [`DecodeError`] when a record cannot be read.
    pub fn settle_list(
        &self,
        rows: &Rows,
        now: Now,
        by: &Provenance,
        tenant: &TenantId,
    ) -> Result<Decision<Vec<OpenGrant>>, DecodeError> {
        let consent = rows.read::<ConsentState>(&ConsentState::key(tenant))?;
        let index_key = IndexState::key(tenant);
        let mut index = rows.read::<IndexState>(&index_key)?.unwrap_or_default();
        let loaded = |id: &&GrantId| rows.keys().any(|key| *key == GrantState::key(tenant, id));
        let loaded: Vec<GrantId> = index.ids().filter(loaded).cloned().collect();
        let (mut open, mut change, mut is_shorter) = (Vec::new(), Change::new(rows, now, by), false);
        for id in loaded {
            let key = GrantState::key(tenant, &id);
            let Some(mut grant) = rows.read::<GrantState>(&key)? else {
                is_shorter |= index.remove(&id); // collected, or erased
                continue;
            };
            let standing = grant.standing(now, self.policy(), consent.as_ref());
            if let Standing::Over(how) = standing {
                if !grant.is_ended() {
                    let (ended, fact) = grant.ended(now, how);
                    grant = ended.clone();
                    change.apply(&key, Transition::new(ended.next(now, self.policy()), ()).with(fact))?;
                }
                if !grant.owes() {
                    is_shorter |= index.remove(&id);
                    continue;
                }
            }
            open.push(OpenGrant { grant, standing });
        }
        if is_shorter {
            change.apply(&index_key, Transition::put(index, ()))?;
        }
        Ok(change.finish(open))
    }
}
