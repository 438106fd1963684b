//! The events of a customer's agreement, kept through the store: one record each, and one that counts them.

use clausework::dpa::{DpaEvent, DpaPolicy, DpaTerms, LateReturnRequest, Ledger};
use clausework::event::{Code, Fact};
use clausework::id::OpaqueId;
use clausework::store::{Change, Key, Record, Rows, Transition, update_async};
use clausework::{TenantId, clause};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::error::PageError;
use crate::web::SignedIn;

/// More than an agreement sees in its life. Withdrawals find as much room again: a mistake can be taken back at any time.
const MOST: u32 = 2_000;
const NOTED: Code = Code::internal("portal.agreement_event_noted");

/// One event, as it was noted.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct Noted(DpaEvent);

impl Record for Noted {
    const KIND: &'static str = "portal_agreement_event";
    const VERSION: u16 = 1;
}

/// How many events there are.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Count {
    events: u32,
}

impl Record for Count {
    const KIND: &'static str = "portal_agreement";
    const VERSION: u16 = 1;
}

/// What became of an event that was to be noted.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    Noted,
    /// It was noted before: the form was sent twice.
    Known,
    Full,
}

/// The customer's agreement: one, with the name of its tenant.
pub fn agreement(tenant: &TenantId) -> Result<OpaqueId, PageError> {
    Ok(OpaqueId::try_new(tenant.as_str())?)
}

fn count_key(tenant: &TenantId) -> Result<Key, PageError> {
    Ok(Key::of::<Count>(tenant.clone(), &agreement(tenant)?))
}

fn event_key(tenant: &TenantId, number: u32) -> Result<Key, PageError> {
    Ok(Key::of::<Noted>(tenant.clone(), &OpaqueId::try_new(number.to_string())?))
}

/// Every event, in the order in which they were noted.
pub async fn events(app: &App, tenant: &TenantId) -> Result<Vec<DpaEvent>, PageError> {
    let key = count_key(tenant)?;
    let count = Rows::load_async(app.db(), [&key]).await?.read::<Count>(&key)?.map_or(0, |count| count.events);
    let keys: Vec<Key> = (0..count).map(|number| event_key(tenant, number)).collect::<Result<_, _>>()?;
    let rows = Rows::load_async(app.db(), &keys).await?;
    let missing = || PageError::unavailable("an event of the agreement is gone");
    keys.iter().map(|key| Ok(rows.read::<Noted>(key)?.ok_or_else(missing)?.0)).collect()
}

/// What they owe. The addendum's own numbers; what its text leaves open is decided here, once.
pub fn ledger(events: Vec<DpaEvent>) -> Ledger {
    // A request for the return that comes too late for the addendum's own date is answered within a month (X1).
    let policy = DpaPolicy::new(LateReturnRequest::MonthFromRequest);
    Ledger::replay(DpaTerms::default(), policy, events)
}

/// Notes an event, and in the same commit for the audit log that it was noted. `what` is the word for it there.
pub async fn note(app: &App, me: &SignedIn, event: &DpaEvent, what: &'static str) -> Result<Outcome, PageError> {
    let tenant = &me.tenant;
    let most = if event.replaces().is_some() { 2 * MOST } else { MOST };
    let count_key = count_key(tenant)?;
    loop {
        let known = events(app, tenant).await?;
        if known.iter().any(|other| other.id() == event.id()) {
            return Ok(Outcome::Known);
        }
        let Some(number) = u32::try_from(known.len()).ok().filter(|number| *number < most) else {
            return Ok(Outcome::Full);
        };
        let event_key = event_key(tenant, number)?;
        let noted = update_async(app.db(), [&count_key, &event_key], |rows| {
            let mut change = Change::new(rows, app.now(), &me.provenance());
            let count = rows.read::<Count>(&count_key)?.map_or(0, |count| count.events);
            if count != number {
                return Ok(change.finish(false)); // another was noted meanwhile: count again
            }
            let fact = Fact::success(NOTED)
                .under(clause::D_11_1)
                .with("event", event.id())
                .with("matter", event.matter())
                .with("what", what);
            change.apply(&count_key, Transition::put(Count { events: number + 1 }, ()))?;
            change.apply(&event_key, Transition::put(Noted(event.clone()), ()).with(fact))?;
            Ok(change.finish(true))
        });
        if noted.await? {
            return Ok(Outcome::Noted);
        }
    }
}
