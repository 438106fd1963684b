//! The customer's side: its administrators see who wants in and who is in, answer, and take back.

use std::collections::HashMap;
use std::time::Duration;

use axum::extract::{Form, State};
use axum::response::Redirect;
use axum::{Router, routing};
use clausework::Now;
use clausework::id::OpaqueId;
use clausework::staff::{
    ConsentState, GlassTerms, GrantId, GrantState, OpenGrant, Owed, Party, Standing, disable_glass, enable_glass,
    revoke_all,
};
use clausework::store::update_async;
use maud::{Markup, html};
use serde::Deserialize;

use super::desk::{HOUR, Thing};
use super::{Done, Open, answered, hours, how_it_stands, open, staff_names, uses};
use crate::app::App;
use crate::csrf::{Csrf, Nothing};
use crate::error::PageError;
use crate::html::{self, csrf, instant, layout, select};
use crate::web::SignedIn;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// Within how many days an emergency may be reviewed; the form proposes a week.
const REVIEW_DAYS: [u64; 4] = [1, 7, 14, 31];

pub fn router() -> Router<App> {
    Router::new()
        .route("/support/approve", routing::post(approve))
        .route("/support/end", routing::post(end))
        .route("/support/told", routing::post(told))
        .route("/support/reviewed", routing::post(reviewed))
        .route("/support/revoke-all", routing::post(revoke_everything))
        .route("/support/emergencies", routing::post(enable))
        .route("/support/emergencies/off", routing::post(disable))
}

#[derive(Deserialize)]
struct Named {
    grant: String,
}

/// An administrator of a customer's; that is who has the right.
fn party(me: &SignedIn) -> Party {
    Party::customer(me.tenant.clone(), me.account.clone()).with_right()
}

async fn approve(
    State(app): State<App>,
    me: SignedIn,
    Csrf(Form(named)): Csrf<Form<Named>>,
) -> Result<Redirect, PageError> {
    let (me, now, access) = (me.administrator()?, app.now(), app.desk().access());
    let (grant, by) = (GrantId::try_new(named.grant)?, party(&me));
    let keys = access.grant_keys(&me.tenant, &grant);
    let answer = update_async(app.db(), keys, |rows| access.settle_approval(rows, now, me.origin, &by, &grant)).await?;
    answered(&answer, Done::Approved)
}

/// Declines, dismisses or revokes: by how it stands.
async fn end(
    State(app): State<App>,
    me: SignedIn,
    Csrf(Form(named)): Csrf<Form<Named>>,
) -> Result<Redirect, PageError> {
    let (me, now, access) = (me.administrator()?, app.now(), app.desk().access());
    let (grant, by) = (GrantId::try_new(named.grant)?, party(&me));
    let keys = access.grant_keys(&me.tenant, &grant);
    let answer = update_async(app.db(), keys, |rows| access.settle_end(rows, now, me.origin, &by, &grant)).await?;
    answered(&answer, Done::Ended)
}

async fn told(
    State(app): State<App>,
    me: SignedIn,
    Csrf(Form(named)): Csrf<Form<Named>>,
) -> Result<Redirect, PageError> {
    let (me, now, access) = (me.administrator()?, app.now(), app.desk().access());
    let (grant, by) = (GrantId::try_new(named.grant)?, me.provenance());
    let keys = access.grant_keys(&me.tenant, &grant);
    let answer = update_async(app.db(), keys, |rows| access.settle_notice(rows, now, &by, &me.tenant, &grant)).await?;
    answered(&answer, Done::Noted)
}

async fn reviewed(
    State(app): State<App>,
    me: SignedIn,
    Csrf(Form(named)): Csrf<Form<Named>>,
) -> Result<Redirect, PageError> {
    let (me, now, access) = (me.administrator()?, app.now(), app.desk().access());
    let (grant, by) = (GrantId::try_new(named.grant)?, party(&me));
    let keys = access.grant_keys(&me.tenant, &grant);
    let answer = update_async(app.db(), keys, |rows| access.settle_review(rows, now, me.origin, &by, &grant)).await?;
    answered(&answer, Done::Noted)
}

async fn revoke_everything(
    State(app): State<App>,
    me: SignedIn,
    _: Csrf<Form<Nothing>>,
) -> Result<Redirect, PageError> {
    let (me, now) = (me.administrator()?, app.now());
    let (key, by) = (ConsentState::key(&me.tenant), me.provenance());
    update_async(app.db(), [&key], |rows| rows.settle(now, &by, &key, revoke_all)).await?;
    Ok(Done::RevokedAll.redirect())
}

/// The terms of emergencies.
#[derive(Deserialize)]
struct Terms {
    hours: u64,
    review_days: u64,
}

async fn enable(
    State(app): State<App>,
    me: SignedIn,
    Csrf(Form(terms)): Csrf<Form<Terms>>,
) -> Result<Redirect, PageError> {
    let (me, now) = (me.administrator()?, app.now());
    if terms.hours > app.desk().max_hours() || !REVIEW_DAYS.contains(&terms.review_days) {
        return Err(PageError::Malformed("terms that the form does not offer".into()));
    }
    let (longest, review) = (HOUR.as_secs() * terms.hours, DAY.as_secs() * terms.review_days);
    let terms = GlassTerms::try_new(longest, None, review).map_err(|error| PageError::Malformed(error.to_string()))?;
    let (key, by, party) = (ConsentState::key(&me.tenant), me.provenance(), party(&me));
    let enable = |state| enable_glass(state, terms, &party);
    let answer = update_async(app.db(), [&key], |rows| rows.settle(now, &by, &key, enable)).await?;
    answered(&answer, Done::Enabled)
}

async fn disable(State(app): State<App>, me: SignedIn, _: Csrf<Form<Nothing>>) -> Result<Redirect, PageError> {
    let (me, now) = (me.administrator()?, app.now());
    let (key, by) = (ConsentState::key(&me.tenant), me.provenance());
    update_async(app.db(), [&key], |rows| rows.settle(now, &by, &key, disable_glass)).await?;
    Ok(Done::Disabled.redirect())
}

/// Who wants in, who is in, and who was.
pub async fn page(app: &App, me: &SignedIn, notice: Markup) -> Result<Markup, PageError> {
    let now = app.now();
    let (Open { grants, glass }, names) = (open(app, me, &me.tenant, now).await?, staff_names(app).await?);
    let (waiting, others): (Vec<_>, Vec<_>) =
        grants.iter().partition(|open| matches!(open.standing, Standing::Pending { .. }));
    let desk = View { me, names: &names, now };
    let body = html! {
        (notice)
        h2 { "Requests that wait for you" }
        @if waiting.is_empty() { p { "None." } } @else { (desk.grants("Requests", &waiting)) }
        h2 { "Access of the operator's staff" }
        @if others.is_empty() { p { "Nobody has access to your account." } }
        @else {
            (desk.grants("Access", &others))
            form method="post" action="/support/revoke-all" { (csrf(&me.csrf)) button class="danger" { "Revoke all access" } }
        }
        h2 { "What was looked at" }
        (desk.uses(&uses::latest(app, &me.tenant).await?))
        h2 { "Emergencies" }
        (desk.emergencies(app, glass.as_ref()))
    };
    Ok(layout("Support", Some(me), body))
}

struct View<'a> {
    me: &'a SignedIn,
    names: &'a HashMap<OpaqueId, String>,
    now: Now,
}

impl View<'_> {
    fn name<'a>(&'a self, staff: &'a OpaqueId) -> &'a str {
        self.names.get(staff).map_or(staff.as_str(), String::as_str)
    }

    fn grants(&self, caption: &str, open: &[&OpenGrant]) -> Markup {
        let row = |open: &&OpenGrant| {
            let OpenGrant { grant, standing } = open;
            let who = html! {
                (self.name(grant.staff())) @if grant.glass().is_some() { " " strong class="bad" { "emergency" } }
            };
            let what = html! {
                @if let Some(thing) = Thing::of(grant) { (thing.title()) ": " }
                code { (grant.scope()) }
            };
            let length = html! { (hours(grant.duration())) };
            vec![who, html! { (grant.purpose()) }, what, length, how_it_stands(*standing), self.doing(grant, *standing)]
        };
        let rows: Vec<_> = open.iter().map(row).collect();
        html::table(caption, &["Who", "For", "What", "Length", "How it stands", "What to do"], &rows)
    }

    /// What can be done about a grant. The name of the person is in each button: a list of them says which is whose.
    fn doing(&self, grant: &GrantState, standing: Standing) -> Markup {
        let name = self.name(grant.staff());
        html! {
            @match standing {
                Standing::Pending { .. } => {
                    (self.button("/support/approve", grant, "", &format!("Approve {name}")))
                    (self.button("/support/end", grant, "quiet", &format!("Decline {name}")))
                }
                Standing::Over(_) => {}
                _ => (self.button("/support/end", grant, "danger", &format!("Revoke {name}"))),
            }
            @if let Some(glass) = grant.glass() {
                p { "Incident " (glass.reason()) }
                @for owed in glass.owed() {
                    p { "Owed: " (super::owed(owed)) @if owed.is_overdue(self.now) { " " strong class="bad" { "overdue" } } }
                    @match owed {
                        Owed::Notice { .. } => (self.button("/support/told", grant, "quiet", "We have been told")),
                        _ => (self.button("/support/reviewed", grant, "quiet", "We have reviewed it")),
                    }
                }
            }
        }
    }

    fn button(&self, action: &str, grant: &GrantState, class: &str, text: &str) -> Markup {
        html! {
            form method="post" action=(action) {
                (csrf(&self.me.csrf))
                input type="hidden" name="grant" value=(grant.id());
                button class=(class) { (text) }
            }
        }
    }

    fn uses(&self, uses: &[uses::Use]) -> Markup {
        let row = |used: &uses::Use| {
            let grant = used.grant.as_ref().map(GrantId::as_str).unwrap_or_default();
            vec![
                instant(used.at),
                html! { (self.name(&used.staff)) },
                html! { (used.what) },
                html! { code { (grant) } },
            ]
        };
        html! {
            @if uses.is_empty() { p { "Nothing." } }
            @else {
                (html::table("The latest uses", &["When", "Who", "What", "Grant"], &uses.iter().map(row).collect::<Vec<_>>()))
                p { "All of them are in the " a href="/audit" { "audit trail" } "." }
            }
        }
    }

    fn emergencies(&self, app: &App, terms: Option<&GlassTerms>) -> Markup {
        let longest = terms.map_or(HOUR, GlassTerms::max_duration);
        let review = terms.map_or(DAY * 7, |terms| terms.review_due(self.now).since(self.now.timestamp()));
        let choice = |name: &str, label: &str, counts: Vec<u64>, chosen: u64| {
            let counts: Vec<String> = counts.iter().map(u64::to_string).collect();
            let options: Vec<_> = counts.iter().map(|count| (count.as_str(), count.as_str())).collect();
            select(name, label, &options, &chosen.to_string())
        };
        let hours_offered = (1..=app.desk().max_hours()).collect();
        html! {
            @match terms {
                Some(_) => p {
                    "The operator's staff may let themselves in without asking, for " (hours(longest))
                    " at most, never to your users. You are told without delay, and it is to be reviewed."
                },
                None => p { "The operator's staff are let in by your approval alone." },
            }
            form method="post" action="/support/emergencies" {
                (csrf(&self.me.csrf))
                (choice("hours", "For how many hours at most", hours_offered, longest.as_secs() / HOUR.as_secs()))
                (choice("review_days", "Reviewed within how many days", REVIEW_DAYS.into(), review.as_secs() / DAY.as_secs()))
                button class="quiet" { (if terms.is_some() { "Change the terms" } else { "Enable emergency access" }) }
            }
            @if terms.is_some() {
                form method="post" action="/support/emergencies/off" { (csrf(&self.me.csrf)) button class="danger" { "Disable emergency access" } }
            }
        }
    }
}
