//! Support: the operator's staff ask a customer for access, its administrators answer and take it back, and every use is
//! asked about again.

mod customer;
mod desk;
mod staff;
mod uses;

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Router, routing};
use clausework::event::{Actor, Event, Provenance, Subject};
use clausework::id::OpaqueId;
use clausework::staff::{
    Answer, Condition, ConsentState, Duty, End, GlassTerms, GrantId, GrantState, IndexState, MemberState, OpenGrant,
    Owed, Standing, Undertaking, sign,
};
use clausework::store::{Key, Record, Rows, update_async};
use clausework::{AccountId, Now, TenantId};
use maud::{Markup, html};
use serde::{Deserialize, Serialize};

pub use self::desk::Desk;
use self::desk::HOUR;
use crate::app::{App, OPERATOR};
use crate::error::PageError;
use crate::html::{done, instant, problem};
use crate::web::{Query, SignedIn};

pub fn router() -> Router<App> {
    Router::new().route("/support", routing::get(show)).merge(staff::router()).merge(customer::router())
}

/// Two sides of one desk; for a customer's members there is none.
async fn show(State(app): State<App>, me: SignedIn, Query(after): Query<After>) -> Result<Response, PageError> {
    let notice = after.done.map(Done::notice).unwrap_or_default();
    Ok(match me.is_staff() {
        true => staff::page(&app, &me, notice, &staff::Asked::default(), None).await?.into_response(),
        false => customer::page(&app, &me.administrator()?, notice).await?.into_response(),
    })
}

#[derive(Deserialize)]
struct After {
    done: Option<Done>,
}

/// What was done by the form that led here.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Done {
    Requested,
    Entered,
    Approved,
    Ended,
    RevokedAll,
    Enabled,
    Disabled,
    Noted,
    Nothing,
}

impl Done {
    fn notice(self) -> Markup {
        match self {
            Self::Requested => done("Access was asked for. It opens nothing before the customer has approved it."),
            Self::Entered => done("The emergency is on record, and the customer is to be told without delay."),
            Self::Approved => done("Access was approved."),
            Self::Ended => done("It is over, in open sessions too."),
            Self::RevokedAll => done("All access was revoked, in open sessions too."),
            Self::Enabled => done("Emergency access is enabled."),
            Self::Disabled => done("Emergency access is disabled."),
            Self::Noted => done("This was noted."),
            Self::Nothing => problem("It had changed meanwhile, and nothing was done. Below is how it stands."),
        }
    }

    fn redirect(self) -> Redirect {
        let query = serde_html_form::to_string([("done", self)]);
        Redirect::to(&query.map_or_else(|_| "/support".into(), |query| format!("/support?{query}")))
    }
}

/// Where an answer leads. What is absent, another's or not for this person is not found; what was true when the page was
/// made and no more is, is said so.
fn answered<T>(answer: &Answer<T>, done: Done) -> Result<Redirect, PageError> {
    use Condition::{Ahead, NotPending, Over};
    let Answer::Denied(denied) = answer else { return Ok(done.redirect()) };
    let is_late = |condition: &Condition| matches!(condition, NotPending | Over(_) | Ahead);
    if denied.conditions().iter().all(is_late) { Ok(Done::Nothing.redirect()) } else { Err(PageError::NotFound) }
}

/// Who acts, in a customer's records: one of the staff is no account of the customer's.
fn provenance(me: &SignedIn) -> Provenance {
    match me.is_staff() {
        true => Provenance::new(Actor::Staff(me.account.clone().into()), me.origin),
        false => me.provenance(),
    }
}

/// What of a customer's is open, and its terms of emergencies if it has enabled them.
struct Open {
    grants: Vec<OpenGrant>,
    glass: Option<GlassTerms>,
}

async fn open(app: &App, me: &SignedIn, tenant: &TenantId, now: Now) -> Result<Open, PageError> {
    let (access, by) = (app.desk().access(), provenance(me));
    let index = Rows::load_async(app.db(), [IndexState::key(tenant)]).await?;
    let keys = access.list_keys(&index, tenant)?;
    let grants = update_async(app.db(), keys, |rows| access.settle_list(rows, now, &by, tenant)).await?;
    let consent = ConsentState::key(tenant);
    let rows = Rows::load_async(app.db(), [&consent]).await?;
    let glass = rows.read::<ConsentState>(&consent)?.and_then(|consent| consent.glass().copied());
    Ok(Open { grants, glass })
}

/// The grants that these events are about, for the report: over or not, what they cover stands in their records.
pub async fn grants(app: &App, tenant: &TenantId, events: &[Event]) -> Result<Vec<GrantState>, PageError> {
    let of_grants = events.iter().map(Event::subject).filter(|subject| subject.kind() == GrantState::KIND);
    let ids: BTreeSet<&str> = of_grants.map(Subject::id).collect();
    let keys = ids.into_iter().filter_map(|id| Some(GrantState::key(tenant, &GrantId::try_new(id).ok()?)));
    let keys: Vec<Key> = keys.collect();
    let rows = Rows::load_async(app.db(), &keys).await?;
    let grants = keys.iter().map(|key| rows.read(key)).collect::<Result<Vec<_>, _>>()?;
    Ok(grants.into_iter().flatten().collect())
}

/// The operator's staff by name.
async fn staff_names(app: &App) -> Result<HashMap<OpaqueId, String>, PageError> {
    let users = app.db().users_of(&TenantId::try_new(OPERATOR)?).await?;
    Ok(users.into_iter().map(|user| (user.account.into(), user.display_name)).collect())
}

fn hours(length: Duration) -> String {
    let hours = length.as_secs() / HOUR.as_secs();
    format!("{hours} {}", if hours == 1 { "hour" } else { "hours" })
}

fn owed(owed: Owed) -> Markup {
    html! {
        @match owed {
            Owed::Notice { due: None, .. } => "the customer is to be told without delay",
            Owed::Notice { due: Some(due), .. } => { "the customer is to be told by " (instant(due)) }
            Owed::Review { due, .. } => { "it is to be reviewed by " (instant(due)) }
            other => (other),
        }
    }
}

fn how_it_stands(standing: Standing) -> Markup {
    html! {
        @match standing {
            Standing::Pending { until, .. } => { "waits for an answer until " (instant(until)) }
            Standing::Scheduled { from, .. } => { "approved; begins " (instant(from)) }
            Standing::Ready { use_by, .. } => { "approved; to be used for the first time before " (instant(use_by)) }
            Standing::Active { until, .. } => strong { "open until " (instant(until)) }
            Standing::Over(End::Revoked) => "revoked",
            Standing::Over(End::Expired) => "its time is over",
            Standing::Over(_) => "over",
            _ => "not usable: a clock is wrong",
        }
    }
}

/// At the first start: the member of staff has signed an undertaking of confidentiality (D-4.1c). Who has none, or whose
/// ends, is let in nowhere.
pub async fn undertake(app: &App, now: Now, by: &Provenance, staff: &AccountId) -> Result<(), PageError> {
    let staff = OpaqueId::from(staff.clone());
    let reference = OpaqueId::try_new(format!("nda-{staff}"))?;
    let nda = Undertaking { duty: Duty::Contract, reference, from: now.timestamp(), until: None };
    let key = MemberState::key(&staff);
    Ok(update_async(app.db(), [&key], |rows| rows.settle(now, by, &key, |member| sign(member, nda.clone()))).await?)
}
