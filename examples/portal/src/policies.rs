//! Which policies were in force since when: a report of last month shows those of last month.

use clausework::event::{Actor, Code, Fact, Provenance};
use clausework::id::OpaqueId;
use clausework::profile::PolicySet;
use clausework::store::{Change, Key, Record, Rows, Transition, UpdateError, update_async};
use clausework::{Now, Scope, Timestamp};
use serde::{Deserialize, Serialize};

use crate::database::{Database, DatabaseError};

/// Versions that are remembered, the latest: a record has 64 KiB at most.
const MOST: usize = 12;
const CHANGED: Code = Code::internal("portal.policies_changed");

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
struct History(Vec<(Timestamp, PolicySet)>);

impl Record for History {
    const KIND: &'static str = "portal_policies";
    const VERSION: u16 = 1;
}

/// Notes the policies that are in force from now on, if they are others than before, and tells those since.
///
/// # Errors
/// The database's.
pub async fn in_force(
    database: Database,
    now: Now,
    policies: &PolicySet,
) -> Result<Vec<(Timestamp, PolicySet)>, UpdateError<DatabaseError>> {
    let Ok(id) = OpaqueId::try_new("all") else { return Ok(Vec::new()) };
    let key = Key::of::<History>(Scope::Operator, &id);
    let by = Provenance::internal(Actor::Service(id));
    let history = update_async(database, [&key], |rows: &Rows| {
        let mut history = rows.read::<History>(&key)?.unwrap_or_default();
        let mut change = Change::new(rows, now, &by);
        if history.0.last().is_none_or(|(_, last)| last != policies) {
            history.0.push((now.timestamp(), policies.clone()));
            let surplus = history.0.len().saturating_sub(MOST);
            history.0.drain(..surplus);
            change.apply(&key, Transition::put(history.clone(), ()).with(Fact::success(CHANGED)))?;
        }
        Ok(change.finish(history))
    });
    Ok(history.await?.0)
}
