//! The evidence report: a period is chosen, and everything that the documents ask to be shown is gathered for it.

use std::error::Error;

use axum::Router;
use axum::extract::{Form, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use chrono::{Datelike, NaiveDate};
use clausework::alerts::AlertPolicy;
use clausework::audit::record::Record;
use clausework::deadline::Zone;
use clausework::evidence::{Report, ReportPeriod};
use clausework::profile::Profile;
use clausework::{Scope, TenantId};
use maud::{Markup, html};
use serde::Deserialize;

use crate::app::App;
use crate::csrf::Csrf;
use crate::error::PageError;
use crate::html::{Field, csrf, layout, problem};
use crate::jobs::{Job, Progress, State as JobState};
use crate::log::judge;
use crate::pages::obligations::{agreement, events, ledger, read_date, read_zone};
use crate::pages::{progress, support};
use crate::web::{Path, SignedIn};

/// What the report may load: nothing. It brings its style along, and no script runs in it.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

pub fn router() -> Router<App> {
    Router::new()
        .route("/evidence", get(show).post(start))
        .route("/evidence/{id}", get(look))
        .route("/evidence/{id}/report.html", get(page))
        .route("/evidence/{id}/report.json", get(json))
}

/// The form as it was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Typed {
    from: String,
    to: String,
    zone: String,
    masked: String,
}

#[derive(Default)]
struct Errors {
    from: Option<String>,
    to: Option<String>,
    zone: Option<String>,
}

impl Typed {
    /// The days are local; the last one is the reader's, so that it belongs to the period.
    fn read(&self) -> Result<ReportPeriod, Errors> {
        let (from, to, zone) = (read_date(&self.from), read_date(&self.to), read_zone(&self.zone));
        let (Ok(first), Ok(last), Ok(zone)) = (&from, &to, &zone) else {
            return Err(Errors { from: from.err(), to: to.err(), zone: zone.err() });
        };
        let wrong =
            |error: &dyn Error| Errors { to: Some(format!("This does not fit: {error}.")), ..Errors::default() };
        let until = last.succ_opt().unwrap_or(NaiveDate::MAX);
        ReportPeriod::days(*first, until, *zone).map_err(|error| wrong(&error))
    }
}

async fn show(State(app): State<App>, me: SignedIn) -> Result<Markup, PageError> {
    let me = me.administrator()?;
    let today = app.now().timestamp().to_datetime().date_naive();
    let first = today.with_day(1).unwrap_or(today);
    let typed =
        Typed { from: first.to_string(), to: today.to_string(), zone: Zone::UTC.to_string(), ..Typed::default() };
    Ok(form(&me, &typed, &Errors::default()))
}

fn form(me: &SignedIn, typed: &Typed, errors: &Errors) -> Markup {
    let field = |name, label, kind, value, hint, error| {
        Field { name, label, kind, value, hint, error, ..Field::default() }.render()
    };
    let is_wrong = errors.from.is_some() || errors.to.is_some() || errors.zone.is_some();
    let body = html! {
        p {
            "One page for your auditor: the rules in force with their clauses, locks and alerts, access of support with its \
             approvals, obligations, and whether the audit log is whole. It holds everything it needs, and can be printed."
        }
        @if is_wrong { (problem("There is no report of this period yet: something needs another look.")) }
        form method="post" action="/evidence" {
            (csrf(&me.csrf))
            (field("from", "First day", "date", typed.from.as_str(), None, errors.from.as_deref()))
            (field("to", "Last day", "date", typed.to.as_str(), None, errors.to.as_deref()))
            (field("zone", "Zone", "", typed.zone.as_str(), Some("Where the days begin and end, such as Europe/Berlin."), errors.zone.as_deref()))
            div class="choice" {
                input type="checkbox" id="masked" name="masked" value="yes" checked[typed.masked == "yes"];
                label for="masked" { "Put numbers in the place of accounts and addresses" }
            }
            button { "Make the report" }
        }
    };
    layout("Evidence", Some(me), body)
}

async fn start(
    State(app): State<App>,
    me: SignedIn,
    Csrf(Form(typed)): Csrf<Form<Typed>>,
) -> Result<Response, PageError> {
    let me = me.administrator()?;
    let period = match typed.read() {
        Ok(period) => period,
        Err(errors) => return Ok((StatusCode::UNPROCESSABLE_ENTITY, form(&me, &typed, &errors)).into_response()),
    };
    let (shared, tenant, is_masked) = (app.clone(), me.tenant.clone(), typed.masked == "yes");
    let id = app.reports().start(&me, move |progress| gather(shared, tenant, period, is_masked, progress))?;
    Ok(Redirect::to(&format!("/evidence/{id}")).into_response())
}

/// Everything that the portal has for the period.
async fn gather(
    app: App,
    tenant: TenantId,
    period: ReportPeriod,
    is_masked: bool,
    progress: Progress<Report>,
) -> Result<Report, String> {
    let (now, scope) = (app.now(), Scope::Tenant(tenant.clone()));
    let judged = judge(app.log(), &scope, now, |step| progress.now(step)).await;
    let (found, bundle) = judged.map_err(|error| error.to_string())?;
    let (Some(bundle), Some(verdict)) = (bundle, found.report) else {
        return Err("the audit log is damaged so far that it cannot be read".into());
    };
    progress.now("Reading what the agreement owes");
    let failed = |error: PageError| format!("{error:?}");
    let owed = ledger(events(&app, &tenant).await.map_err(failed)?);
    let agreement = agreement(&tenant).map_err(failed)?;
    progress.now("Writing the report");
    // What was sequenced is no longer among the events: the log is where they are.
    let read = move || {
        let events =
            bundle.records().filter_map(|(_, bytes)| Record::decode(bytes).ok()?.to_event()).collect::<Vec<_>>();
        (bundle, events)
    };
    let (bundle, events) = tokio::task::spawn_blocking(read).await.map_err(|error| error.to_string())?;
    let grants = support::grants(&app, &tenant, &events).await.map_err(failed)?;
    // The detectors look at every event: on a thread that nobody waits for.
    let write = move || {
        let mut report = Report::builder(now, tenant, period);
        if is_masked {
            report.masked();
        }
        for (since, policies) in app.policies_since() {
            report.policies_since(*since, policies);
        }
        report.profile(Profile::Engage2015).detect(AlertPolicy::default()).agreement(&owed, &agreement);
        report.staff_policy(app.desk().access().policy()).grants(&grants);
        report.events(events).audit_bundle(&bundle, &verdict);
        report.build()
    };
    tokio::task::spawn_blocking(write).await.map_err(|error| error.to_string())
}

async fn look(State(app): State<App>, me: SignedIn, Path(id): Path<String>) -> Result<Response, PageError> {
    let me = me.administrator()?;
    let Job { state, running_for } = app.reports().look(&me, &id)?;
    let body = match state {
        JobState::Working(step) => return Ok(progress(&me, "Making the report", step, running_for)),
        JobState::Failed => html! {
            p class="notice problem" role="alert" {
                "The report could not be made. " a href="/audit" { "Verify the audit log" } ", and try again."
            }
        },
        JobState::Done(report) => ready(&id, &report),
    };
    let body = html! { (body) p { a href="/evidence" { "Another period" } } };
    Ok(layout("Evidence report", Some(&me), body).into_response())
}

fn ready(id: &str, report: &Report) -> Markup {
    html! {
        p class="notice done" role="status" {
            "The report of " (report.period.first_day()) " to " (report.period.last_day()) " is ready."
            @if !report.is_over { " The period is not over: it says what is known so far." }
        }
        @if report.attention.is_empty() {
            p { "Nothing in it needs attention." }
        } @else {
            p { "This needs attention:" }
            ul { @for point in &report.attention { li { (point.part.title()) ": " (point.what) @if point.count > 1 { " (" (point.count) ")" } } } }
        }
        p class="actions" {
            a class="button" href={ "/evidence/" (id) "/report.html" } { "Open the report" }
            a class="button quiet" href={ "/evidence/" (id) "/report.html" } download="evidence.html" { "Save it as a page" }
            a class="button quiet" href={ "/evidence/" (id) "/report.json" } download="evidence.json" { "Save it as JSON" }
        }
        p class="hint" { "It is kept for a while: save what you need." }
    }
}

/// A report that is done.
fn finished(app: &App, me: SignedIn, id: &str) -> Result<std::sync::Arc<Report>, PageError> {
    match app.reports().look(&me.administrator()?, id)?.state {
        JobState::Done(report) => Ok(report),
        JobState::Working(_) | JobState::Failed => Err(PageError::NotFound),
    }
}

async fn page(State(app): State<App>, me: SignedIn, Path(id): Path<String>) -> Result<Response, PageError> {
    let report = finished(&app, me, &id)?;
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_SECURITY_POLICY, POLICY)];
    Ok((headers, report.to_html()).into_response())
}

async fn json(State(app): State<App>, me: SignedIn, Path(id): Path<String>) -> Result<Response, PageError> {
    let report = finished(&app, me, &id)?;
    Ok(([(header::CONTENT_TYPE, "application/json")], report.to_json()).into_response())
}
