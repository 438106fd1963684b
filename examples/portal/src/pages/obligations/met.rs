//! An obligation is marked as met, or a right as used: by the event that discharges it.

use axum::Router;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use clausework::deadline::Zone;
use clausework::dpa::{DpaEvent, Entry, Ledger};
use clausework::id::OpaqueId;
use maud::{Markup, html};
use serde::Deserialize;

use super::agreement::{Outcome, events, ledger, note};
use super::cards::{sentence, subject};
use super::kinds::Kind;
use super::when::{TypedWhen, read_zone};
use super::{AHEAD, Errors, FULL, LOOK_AGAIN, Typed, back, fresh_id, is_ahead, when_fields, zones};
use crate::app::App;
use crate::csrf::Csrf;
use crate::error::PageError;
use crate::html::{csrf, layout, problem};
use crate::web::{Query, SignedIn};

pub fn router() -> Router<App> {
    Router::new().route("/obligations/met", get(show).post(submit))
}

#[derive(Deserialize)]
struct Which {
    obligation: String,
    #[serde(default)]
    zone: String,
}

async fn show(State(app): State<App>, me: SignedIn, Query(which): Query<Which>) -> Result<Markup, PageError> {
    let me = me.administrator()?;
    let zone = read_zone(&which.zone).unwrap_or(Zone::UTC);
    let when = TypedWhen::today(app.now(), zone);
    let typed = Typed { when, obligation: which.obligation, event: fresh_id()?, ..Typed::default() };
    let events = events(&app, &me.tenant).await?;
    page(&me, &ledger(events), &typed, &Errors::default())
}

fn page(me: &SignedIn, ledger: &Ledger, typed: &Typed, errors: &Errors) -> Result<Markup, PageError> {
    let entry = find(ledger, &typed.obligation)?;
    let body = html! {
        @if !errors.is_empty() { (problem(errors.other.unwrap_or(LOOK_AGAIN))) }
        p { strong { (sentence(&entry.obligation().duty().to_string())) } ", in the " (subject(entry.subject())) " “" (entry.matter()) "”" }
        p { (entry.obligation().to_string()) }
        @if let Some(fact) = entry.obligation().discharge() {
            p { "What is noted: " (Kind::words(&fact, entry.obligation().since().day())) "." }
        }
        form method="post" action="/obligations/met" {
            (csrf(&me.csrf))
            input type="hidden" name="event" value=(typed.event);
            input type="hidden" name="obligation" value=(typed.obligation);
            (when_fields(&typed.when, &errors.when))
            (zones())
            button { "It was met then" }
        }
        p { a href="/obligations" { "Back to the obligations" } }
    };
    Ok(layout("Mark as met", Some(me), body))
}

/// An obligation that is open still, by its id.
fn find<'a>(ledger: &'a Ledger, id: &str) -> Result<Entry<'a>, PageError> {
    let mut open = ledger.obligations().filter(|entry| entry.obligation().done().is_none());
    open.find(|entry| entry.to_string() == id).ok_or(PageError::NotFound)
}

async fn submit(
    State(app): State<App>,
    me: SignedIn,
    Csrf(Form(typed)): Csrf<Form<Typed>>,
) -> Result<Response, PageError> {
    let me = me.administrator()?;
    let known = events(&app, &me.tenant).await?;
    let event = OpaqueId::try_new(typed.event.as_str())?;
    if known.iter().any(|other| other.id() == &event) {
        return Ok(back(Outcome::Known, &typed.when.zone, "noted").into_response());
    }
    let ledger = ledger(known);
    let entry = find(&ledger, &typed.obligation)?;
    let fact = entry.obligation().discharge().ok_or(PageError::NotFound)?;
    let mut errors = Errors::default();
    match typed.when.read() {
        Err(wrong) => errors.when = wrong,
        Ok(when) if is_ahead(&app, &when) => {
            errors.when.date = Some(AHEAD.into());
        }
        Ok(when) if when.day() < entry.obligation().since().day() => {
            let since = entry.obligation().since();
            errors.when.date = Some(format!("It could not be met before it was owed, which was {since}."));
        }
        Ok(when) => {
            let event = DpaEvent::new(event, entry.agreement().clone(), entry.matter().clone(), when, fact);
            match note(&app, &me, &event, "met").await? {
                Outcome::Full => errors.other = Some(FULL),
                outcome => return Ok(back(outcome, &typed.when.zone, "noted").into_response()),
            }
        }
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&me, &ledger, &typed, &errors)?).into_response())
}
