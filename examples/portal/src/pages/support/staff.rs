//! The side of the operator's staff: to ask for access, to let oneself in where the customer has agreed to that, and to
//! look at what was granted.

use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Router, routing};
use clausework::entropy::OsEntropy;
use clausework::id::OpaqueId;
use clausework::staff::{
    Answer, Banner, Condition, GlassTerms, GrantId, GrantRequest, GrantState, OpenGrant, Party, Permit, Purpose,
    PurposeError, StaffRequest, Standing,
};
use clausework::store::{Rows, update_async};
use clausework::tenancy::{self, Action, Request, Resource, Scoped, TenantFilter};
use clausework::{Now, Scope, TenantId};
use maud::{Markup, html};
use serde::Deserialize;

use super::desk::{HOUR, OFFERED, Thing};
use super::{Done, answered, how_it_stands, open, uses};
use crate::app::{App, CUSTOMERS};
use crate::csrf::Csrf;
use crate::database::User;
use crate::error::PageError;
use crate::html::{self, Field, csrf, instant, layout, problem, select};
use crate::pages::network::{Rules, in_words};
use crate::web::SignedIn;

pub fn router() -> Router<App> {
    Router::new()
        .route("/support/request", routing::post(ask))
        .route("/support/emergency", routing::post(break_glass))
        .route("/support/close", routing::post(close))
        .route("/support/look", routing::post(look))
}

/// The form of a request, as it was typed.
#[derive(Clone, Debug, Deserialize)]
pub struct Asked {
    customer: String,
    thing: Thing,
    purpose: String,
    #[serde(default)]
    reference: String,
    hours: String,
    #[serde(default)]
    incident: String,
}

impl Default for Asked {
    fn default() -> Self {
        let purpose = OFFERED[0].0.as_str().to_owned();
        let (customer, thing) = (CUSTOMERS[0].to_owned(), Thing::Users);
        Self { customer, thing, purpose, reference: String::new(), hours: "1".into(), incident: String::new() }
    }
}

/// What is wrong with it: a field, the whole, or what gets another page than the form again.
#[derive(Debug)]
pub enum Flaw {
    Reference(&'static str),
    Hours(String),
    Incident(&'static str),
    Whole(&'static str),
    Other(PageError),
}

impl From<PageError> for Flaw {
    fn from(error: PageError) -> Self {
        Self::Other(error)
    }
}

impl Asked {
    /// The request, with an id of its own.
    fn request(&self, app: &App, staff: &OpaqueId) -> Result<GrantRequest, Flaw> {
        const REFERENCE: &str = "A reference has letters, digits, “-”, “_” and “.”, and no spaces";
        let tenant = customer(app, &self.customer)?;
        let reference = Some(self.reference.trim()).filter(|text| !text.is_empty()).map(OpaqueId::try_new).transpose();
        let reference = reference.map_err(|_| Flaw::Reference(REFERENCE))?;
        let purpose = Purpose::from_word(&self.purpose, reference).map_err(|error| match error {
            PurposeError::NoReference => Flaw::Reference("This purpose needs the number of the ticket or order"),
            PurposeError::ReferenceNotWanted => Flaw::Reference("This purpose takes no reference"),
            other => Flaw::Other(PageError::Malformed(other.to_string())),
        })?;
        let most = app.desk().max_hours();
        let hours = self.hours.trim().parse().ok().filter(|hours| (1..=most).contains(hours));
        let hours = hours.ok_or_else(|| Flaw::Hours(format!("Access lasts 1 to {most} hours, in whole hours")))?;
        let id = GrantId::mint(&mut OsEntropy).map_err(PageError::unavailable)?;
        let seconds = HOUR.as_secs() * hours;
        Ok(GrantRequest::new(id, tenant, staff.clone(), purpose, self.thing.scope()?, seconds))
    }
}

/// A customer of this portal's, of what a form or a path says.
fn customer(app: &App, name: &str) -> Result<TenantId, PageError> {
    app.tenant(name).filter(|_| CUSTOMERS.contains(&name)).ok_or(PageError::NotFound)
}

/// The id of whoever asks, if one of the staff.
fn member(me: &SignedIn) -> Result<OpaqueId, PageError> {
    if me.is_staff() { Ok(me.account.clone().into()) } else { Err(PageError::NotFound) }
}

async fn ask(
    State(app): State<App>,
    me: SignedIn,
    Csrf(Form(asked)): Csrf<Form<Asked>>,
) -> Result<Response, PageError> {
    let (staff, now, access) = (member(&me)?, app.now(), app.desk().access());
    let request = match asked.request(&app, &staff) {
        Ok(request) => request,
        Err(flaw) => return flawed(&app, &me, &asked, flaw).await,
    };
    let keys = access.request_keys(&request);
    let answer = update_async(app.db(), keys, |rows| access.settle_request(rows, now, me.origin, &request)).await?;
    match answer {
        Answer::Granted(_) => Ok(Done::Requested.redirect().into_response()),
        Answer::Denied(_) => flawed(&app, &me, &asked, Flaw::Whole(REFUSED)).await,
    }
}

/// Every reason is in the customer's audit trail; staff are told no more than that it was refused.
const REFUSED: &str = "This was refused. The reasons are in the customer's audit trail.";

async fn break_glass(
    State(app): State<App>,
    me: SignedIn,
    Csrf(Form(asked)): Csrf<Form<Asked>>,
) -> Result<Response, PageError> {
    let (staff, now, access) = (member(&me)?, app.now(), app.desk().access());
    let request = match asked.request(&app, &staff) {
        Ok(request) => request,
        Err(flaw) => return flawed(&app, &me, &asked, flaw).await,
    };
    let Ok(incident) = OpaqueId::try_new(asked.incident.trim()) else {
        return flawed(&app, &me, &asked, Flaw::Incident("An emergency needs the number of the incident")).await;
    };
    let keys = access.request_keys(&request);
    let enter = update_async(app.db(), keys, |rows| access.settle_glass(rows, now, me.origin, &request, &incident));
    match enter.await? {
        Answer::Granted(_) => Ok(Done::Entered.redirect().into_response()),
        Answer::Denied(denied) => {
            let is_closed = denied.conditions().contains(&Condition::NotInEmergency);
            let why = if is_closed { "No emergency opens the users of a customer." } else { REFUSED };
            flawed(&app, &me, &asked, Flaw::Whole(why)).await
        }
    }
}

/// The form again, with what was typed.
async fn flawed(app: &App, me: &SignedIn, asked: &Asked, flaw: Flaw) -> Result<Response, PageError> {
    if let Flaw::Other(error) = flaw {
        return Err(error);
    }
    let page = page(app, me, Markup::default(), asked, Some(&flaw)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

#[derive(Deserialize)]
struct Named {
    customer: String,
    grant: String,
}

/// Withdraws a request, or closes what is open. Of another's grant it is not found.
async fn close(
    State(app): State<App>,
    me: SignedIn,
    Csrf(Form(named)): Csrf<Form<Named>>,
) -> Result<Redirect, PageError> {
    let (staff, now, access) = (member(&me)?, app.now(), app.desk().access());
    let (tenant, grant) = (customer(&app, &named.customer)?, GrantId::try_new(named.grant)?);
    let bearer = Party::staff(tenant.clone(), staff);
    let keys = access.grant_keys(&tenant, &grant);
    let answer = update_async(app.db(), keys, |rows| access.settle_end(rows, now, me.origin, &bearer, &grant)).await?;
    answered(&answer, Done::Ended)
}

/// One use: the page that a grant opens. Whether it does is asked anew each time, so a grant that was revoked since the
/// last click opens nothing. A form: the first use begins the time of the grant, and each is told to the customer, which no
/// link of another's may do.
async fn look(State(app): State<App>, me: SignedIn, Csrf(Form(named)): Csrf<Form<Named>>) -> Result<Markup, PageError> {
    let (staff, now, access) = (member(&me)?, app.now(), app.desk().access());
    let (tenant, grant) = (customer(&app, &named.customer)?, GrantId::try_new(named.grant)?);
    let key = GrantState::key(&tenant, &grant);
    let known = Rows::load_async(app.db(), [&key]).await?.read::<GrantState>(&key)?.ok_or(PageError::NotFound)?;
    let thing = Thing::of(&known).ok_or(PageError::NotFound)?;
    let (scope, resource) = (Scope::from(tenant.clone()), thing.resource()?);
    let asked = StaffRequest {
        staff: &staff,
        roles: app.desk().roles(),
        scope: &scope,
        area: thing.area(),
        action: Action::Read,
        resource: &resource,
        purpose: Some(known.purpose()),
        origin: me.origin,
        grant: Some(&grant),
        customer_login: None,
    };
    let keys = access.use_keys(&asked);
    let answer = update_async(app.db(), keys, |rows| access.settle_check(rows, now, &asked)).await?;
    let permit = answer.granted().ok_or(PageError::NotFound)?;
    uses::note(&app, &me, now, &tenant, &permit, thing.title()).await?;
    let shown = match thing {
        Thing::Users => users(&app, &filter(&app, &me, now, &permit).await?).await?,
        Thing::NetworkRules => rules(&app, &filter(&app, &me, now, &permit).await?).await?,
    };
    let body = html! {
        (banner(&me, permit.banner()))
        (shown)
        (button(&me, &tenant, &grant, ("/support/close", "quiet"), "Close this access"))
        p { a href="/support" { "Back to the desk" } }
    };
    Ok(layout(&format!("{} of {tenant}", thing.title()), Some(&me), body))
}

/// Who is in, whose it is, for what and until when: on top of whatever is shown.
fn banner(me: &SignedIn, banner: &Banner) -> Markup {
    let Banner { staff, tenant, purpose, until, is_emergency, .. } = banner;
    html! {
        p class=(if *is_emergency { "banner emergency" } else { "banner" }) role="note" {
            @if *is_emergency { "EMERGENCY: " }
            (me.display_name) " (" (staff) ")"
            @if let Some(tenant) = tenant { " in the account of " (tenant) }
            " for " (purpose)
            @if let Some(until) = until { ", until " (instant(*until)) }
        }
    }
}

/// What a query of a customer's rows takes; the same as for the customer's own accounts.
async fn filter<T: Resource>(
    app: &App,
    me: &SignedIn,
    now: Now,
    permit: &Permit,
) -> Result<TenantFilter<T>, PageError> {
    let principal = permit.principal().ok_or(PageError::NotFound)?;
    let purpose = tenancy::Purpose::try_new(permit.banner().purpose.kind().as_str())?;
    let request = Request::to_kind(Action::Read, app.desk().usage(&purpose));
    let keys = tenancy::keys::<T>(&principal, &request);
    let verdict =
        update_async(app.db(), keys, |rows| tenancy::settle::<T>(rows, now, &principal, me.origin, &request)).await?;
    verdict.filter().map_err(|_| PageError::NotFound)
}

async fn users(app: &App, filter: &TenantFilter<User>) -> Result<Markup, PageError> {
    let rows = app.db().users_of(filter.tenant()).await?;
    let rows = rows.into_iter().map(|user| Scoped::stored(Some(user.tenant.clone()), user));
    let users: Vec<User> = rows.filter_map(|row| row.open(filter).ok()).collect();
    let row = |user: &User| vec![html! { (user.display_name) }, html! { (user.email) }, html! { (user.role.as_str()) }];
    Ok(html::table("Users", &["Name", "Sign-in name", "Role"], &users.iter().map(row).collect::<Vec<_>>()))
}

async fn rules(app: &App, filter: &TenantFilter<Rules>) -> Result<Markup, PageError> {
    // The tenant of a record is that of its key.
    let row = Scoped::stored(Some(filter.tenant().clone()), Rules::load(app, filter.tenant()).await?);
    let rules = filter.open(Some(row)).map_err(|_| PageError::NotFound)?;
    let https_only = app.guard(filter.tenant()).await?.rules().https_only();
    Ok(html! { (in_words(&rules.list, https_only)) (rules.table(&rules.list, None)) })
}

/// What can be done with a grant: where it goes to, and how it looks.
fn button(me: &SignedIn, tenant: &TenantId, grant: &GrantId, (action, class): (&str, &str), text: &str) -> Markup {
    html! {
        form method="post" action=(action) {
            (csrf(&me.csrf))
            input type="hidden" name="customer" value=(tenant);
            input type="hidden" name="grant" value=(grant);
            button class=(class) { (text) }
        }
    }
}

/// The desk: what one has asked for, and the form to ask.
pub async fn page(
    app: &App,
    me: &SignedIn,
    notice: Markup,
    asked: &Asked,
    flaw: Option<&Flaw>,
) -> Result<Markup, PageError> {
    let (staff, now) = (member(me)?, app.now());
    let (mut rows, mut emergencies) = (Vec::new(), Vec::new());
    for name in CUSTOMERS {
        let tenant = customer(app, name)?;
        let open = open(app, me, &tenant, now).await?;
        if let Some(terms) = open.glass {
            emergencies.push((name, terms));
        }
        for OpenGrant { grant, standing } in open.grants.iter().filter(|open| *open.grant.staff() == staff) {
            let title = Thing::of(grant).map_or("", Thing::title);
            let close = |text| button(me, &tenant, grant.id(), ("/support/close", "quiet"), text);
            let doing = html! {
                @if standing.is_usable() {
                    (button(me, &tenant, grant.id(), ("/support/look", ""), &format!("Look at {title} of {name}")))
                }
                @if let Some(glass) = grant.glass() { @for owed in glass.owed() { p { "Owed: " (super::owed(owed)) } } }
                @match standing {
                    Standing::Pending { .. } => (close("Withdraw")),
                    Standing::Over(_) => {}
                    _ => (close("Close")),
                }
            };
            rows.push(vec![
                html! { (name) },
                html! { (title) },
                html! { (grant.purpose()) },
                how_it_stands(*standing),
                doing,
            ]);
        }
    }
    let body = html! {
        (notice)
        h2 { "What you have asked for" }
        @if rows.is_empty() { p { "Nothing that is open." } }
        @else { (html::table("Your access", &["Customer", "What", "For", "How it stands", "What to do"], &rows)) }
        h2 { "Ask for access" }
        (request_form(app, me, asked, flaw, &emergencies))
    };
    Ok(layout("Support", Some(me), body))
}

fn request_form(
    app: &App,
    me: &SignedIn,
    asked: &Asked,
    flaw: Option<&Flaw>,
    emergencies: &[(&str, GlassTerms)],
) -> Markup {
    let customers = CUSTOMERS.map(|name| (name, name));
    let things = Thing::ALL.map(|thing| (thing.word(), thing.title()));
    let purposes = OFFERED.map(|(kind, text)| (kind.as_str(), text));
    let most = app.desk().max_hours().to_string();
    let (mut reference, mut hours, mut incident) = (None, None, None);
    match flaw {
        Some(Flaw::Reference(why)) => reference = Some(*why),
        Some(Flaw::Hours(why)) => hours = Some(why.as_str()),
        Some(Flaw::Incident(why)) => incident = Some(*why),
        Some(Flaw::Whole(_) | Flaw::Other(_)) | None => {}
    }
    let hint = format!("1 to {most}, from the first use on");
    html! {
        @match flaw {
            Some(Flaw::Whole(why)) => (problem(why)),
            Some(_) => (problem("Something in the form must be put right. Nothing was asked for.")),
            None => {}
        }
        form method="post" action="/support/request" {
            (csrf(&me.csrf))
            (select("customer", "Customer", &customers, &asked.customer))
            (select("thing", "What you want to see", &things, asked.thing.word()))
            (select("purpose", "What for", &purposes, &asked.purpose))
            (Field { name: "reference", label: "Ticket or legal reference", value: &asked.reference, error: reference,
                hint: Some("For a support request and a legal duty"), optional: true, ..Field::default() }.render())
            (Field { name: "hours", label: "Hours", kind: "number", value: &asked.hours, error: hours,
                hint: Some(&hint), ..Field::default() }.render())
            button { "Ask the customer" }
            @if !emergencies.is_empty() {
                fieldset {
                    legend { "In an emergency" }
                    p { "These customers let you in without asking. They are told, and it is reviewed." }
                    ul {
                        @for (name, terms) in emergencies {
                            li {
                                (name) ": for " (super::hours(terms.max_duration())) " at most; what begins now is to be "
                                "reviewed by " (instant(terms.review_due(app.now())))
                            }
                        }
                    }
                    (Field { name: "incident", label: "Number of the incident", value: &asked.incident, error: incident,
                        hint: Some("Needed to let yourself in, and for nothing else"), optional: true, ..Field::default() }.render())
                    button class="danger" formaction="/support/emergency" { "Let me in now" }
                }
            }
        }
    }
}
