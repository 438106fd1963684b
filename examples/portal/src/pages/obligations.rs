//! What the agreement owes: events noted by administrators, and what follows from them.

mod agreement;
mod cards;
mod kinds;
mod met;
mod timeline;
mod when;

use axum::Router;
use axum::extract::{Form, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use chrono::NaiveDate;
use clausework::deadline::Zone;
use clausework::dpa::{DpaEvent, Fact, When};
use clausework::entropy::OsEntropy;
use clausework::id::OpaqueId;
use clausework::secret::Token;
use maud::{Markup, html};
use serde::Deserialize;

use self::agreement::{Outcome, note};
pub use self::agreement::{agreement, events, ledger};
use self::cards::owed;
use self::kinds::{KINDS, Kind, LAWS, REQUESTS};
use self::when::{TypedWhen, WhenErrors};
pub use self::when::{read_date, read_zone};
use crate::app::App;
use crate::csrf::Csrf;
use crate::error::PageError;
use crate::html::{Field, csrf, done, layout, problem, select};
use crate::web::{Query, SignedIn};

const LOOK_AGAIN: &str = "Nothing was noted yet: something in the form needs another look.";
const AHEAD: &str = "That is in the future. Note it once it has happened.";
const FULL: &str = "Nothing was noted: this agreement has as many events as the portal keeps.";

/// Suggested in every field for a zone.
const ZONES: [&str; 8] = [
    "UTC",
    "Europe/Berlin",
    "Europe/London",
    "Europe/Paris",
    "America/New_York",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "Asia/Kolkata",
];

pub fn router() -> Router<App> {
    Router::new()
        .route("/obligations", get(show).post(submit))
        .route("/obligations/withdrawn", post(withdraw))
        .route("/obligations.ics", get(calendar))
        .merge(met::router())
}

#[derive(Deserialize)]
struct Shown {
    zone: Option<String>,
    done: Option<String>,
}

/// The form for an event, as it was typed. What is hidden makes a second click on its button harmless.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Typed {
    event: String,
    kind: String,
    matter: String,
    request: String,
    law: String,
    /// An obligation that is met by it.
    obligation: String,
    #[serde(flatten)]
    when: TypedWhen,
}

/// What is wrong with it.
#[derive(Default)]
struct Errors {
    kind: Option<&'static str>,
    matter: Option<&'static str>,
    when: WhenErrors,
    other: Option<&'static str>,
}

impl Errors {
    fn is_empty(&self) -> bool {
        self.kind.is_none() && self.matter.is_none() && self.when == WhenErrors::default() && self.other.is_none()
    }
}

async fn show(State(app): State<App>, me: SignedIn, Query(query): Query<Shown>) -> Result<Markup, PageError> {
    let me = me.administrator()?;
    let zone = query.zone.as_deref().and_then(|zone| read_zone(zone).ok()).unwrap_or(Zone::UTC);
    let typed = Typed { when: TypedWhen::today(app.now(), zone), event: fresh_id()?, ..Typed::default() };
    let said = match query.done.as_deref() {
        Some("noted") => Some("The event was noted."),
        Some("known") => Some("That event was noted before: the form was sent twice. Nothing was added."),
        Some("withdrawn") => Some("The event no longer counts. It stays on record."),
        _ => None,
    };
    let page = Page { app: &app, me: &me, zone, said };
    page.render(&typed, &Errors::default()).await
}

/// A name for an event that nobody else makes.
fn fresh_id() -> Result<String, PageError> {
    Ok(Token::<()>::mint(&mut OsEntropy).map_err(PageError::unavailable)?.digest().to_id().to_string())
}

/// The page, whatever was typed into it.
struct Page<'a> {
    app: &'a App,
    me: &'a SignedIn,
    zone: Zone,
    said: Option<&'a str>,
}

impl Page<'_> {
    async fn render(&self, typed: &Typed, errors: &Errors) -> Result<Markup, PageError> {
        let events = events(self.app, &self.me.tenant).await?;
        let ledger = ledger(events.clone());
        let now = self.app.now().timestamp().to_datetime().with_timezone(&self.zone).fixed_offset();
        let form = html! {
            section aria-labelledby="note" {
                h2 id="note" { "Note an event" }
                (event_form(self.me, typed, errors))
            }
        };
        let owed = owed(&ledger, self.zone, now);
        let body = html! {
            @if let Some(said) = self.said { (done(said)) }
            @if errors.is_empty() { (owed) (form) } @else {
                // What needs another look comes first.
                (problem(errors.other.unwrap_or(LOOK_AGAIN))) (form) (owed)
            }
            (history(self.me, &events, self.zone))
        };
        Ok(layout("Obligations", Some(self.me), body))
    }
}

/// For the fields of a page: once in each.
fn zones() -> Markup {
    html! { datalist id="zones" { @for zone in ZONES { option value=(zone) {} } } }
}

/// `id` tells it from another one on the page.
fn zone_field(id: &str, label: &str, value: &str, hint: &str, error: Option<&str>) -> Markup {
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    let described = if error.is_some() { format!("{hint_id} {error_id}") } else { hint_id.clone() };
    html! {
        div class="field" {
            label for=(id) { (label) }
            p class="hint" id=(hint_id) { (hint) }
            input id=(id) name="zone" list="zones" value=(value) required aria-describedby=(described)
                aria-invalid=[error.map(|_| "true")];
            @if let Some(error) = error { p class="error" id=(error_id) { (error) } }
        }
    }
}

fn event_form(me: &SignedIn, typed: &Typed, errors: &Errors) -> Markup {
    let matter = Field {
        name: "matter",
        label: "Which one",
        value: &typed.matter,
        hint: Some(
            "A short name for this service, request, breach or sub-processor, such as crm or request-17. No names of people.",
        ),
        error: errors.matter,
        ..Field::default()
    };
    html! {
        form method="post" action="/obligations" {
            (csrf(&me.csrf))
            input type="hidden" name="event" value=(typed.event);
            div class="field" {
                label for="kind" { "What happened" }
                select id="kind" name="kind" aria-describedby=[errors.kind.map(|_| "kind-error")]
                    aria-invalid=[errors.kind.map(|_| "true")] {
                    @for group in KINDS.chunk_by(|one, other| one.group == other.group) {
                        optgroup label=[group.first().map(|kind| kind.group)] {
                            @for kind in group { option value=(kind.name) selected[kind.name == typed.kind] { (kind.words) } }
                        }
                    }
                }
                @if let Some(error) = errors.kind { p class="error" id="kind-error" { (error) } }
            }
            (matter.render())
            (when_fields(&typed.when, &errors.when))
            fieldset {
                legend { "Only for a request of a data subject" }
                (select("request", "What is asked for", &REQUESTS.map(|(name, words, _)| (name, words)), &typed.request))
                (select("law", "Under which law", &LAWS.map(|(name, words, _)| (name, words)), &typed.law))
            }
            button { "Note the event" }
        }
    }
}

fn when_fields(typed: &TypedWhen, errors: &WhenErrors) -> Markup {
    let date = Field {
        name: "date",
        label: "Day",
        kind: "date",
        value: &typed.date,
        error: errors.date.as_deref(),
        ..Field::default()
    };
    let time = Field {
        name: "time",
        label: "Time",
        kind: "time",
        value: &typed.time,
        hint: Some("Limits in hours, such as the 72 hours after a breach, need it."),
        error: errors.time.as_deref(),
        optional: true,
        ..Field::default()
    };
    let zone = errors.zone.as_deref();
    html! { (date.render()) (time.render()) (zone_field("zone", "Zone", &typed.zone, "Where that was the time, such as Europe/Berlin.", zone)) }
}

fn history(me: &SignedIn, events: &[DpaEvent], zone: Zone) -> Markup {
    let is_withdrawn = |event: &DpaEvent| events.iter().any(|other| other.replaces() == Some(event.id()));
    html! {
        @if !events.is_empty() {
            details class="history" {
                summary { "Events that were noted (" (events.len()) ")" }
                ol reversed {
                    @for event in events.iter().rev() {
                        @let words = Kind::words(event.fact(), event.when().day());
                        li {
                            (event.when()) ": " (words)
                            @if event.fact() != &Fact::Withdrawn { ", " (event.matter()) }
                            @if is_withdrawn(event) { " – no longer counts" }
                            @else if event.fact() != &Fact::Withdrawn {
                                " "
                                form method="post" action="/obligations/withdrawn" class="inline" {
                                    (csrf(&me.csrf))
                                    input type="hidden" name="zone" value=(zone);
                                    button class="quiet" name="event" value=(event.id())
                                        aria-label={ "It was a mistake: " (words) ", " (event.matter()) } { "It was a mistake" }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

async fn submit(
    State(app): State<App>,
    me: SignedIn,
    Csrf(Form(typed)): Csrf<Form<Typed>>,
) -> Result<Response, PageError> {
    let me = me.administrator()?;
    let mut errors = Errors::default();
    let when = typed.when.read().map_err(|wrong| errors.when = wrong);
    let day = when.as_ref().map_or(NaiveDate::MAX, When::day);
    let kind = Kind::find(&typed.kind);
    let fact = kind.and_then(|kind| kind.fact(day, &typed.request, &typed.law));
    if fact.is_none() {
        errors.kind = Some("Choose what happened.");
    }
    let matter = OpaqueId::try_new(typed.matter.trim());
    if matter.is_err() {
        errors.matter = Some("Write 1 to 64 letters, digits, - or _, and no space.");
    }
    if let (Ok(when), Some(fact)) = (&when, &fact)
        && is_ahead(&app, when)
        && !matches!(fact, Fact::Ceased { .. })
    {
        errors.when.date = Some(AHEAD.into());
    }
    let event = OpaqueId::try_new(typed.event.as_str())?;
    if let (true, Ok(matter), Ok(when), Some(fact), Some(kind)) = (errors.is_empty(), matter, when, fact, kind) {
        let event = DpaEvent::new(event, agreement(&me.tenant)?, matter, when, fact);
        match note(&app, &me, &event, kind.name).await? {
            Outcome::Full => errors.other = Some(FULL),
            outcome => return Ok(back(outcome, &typed.when.zone, "noted").into_response()),
        }
    }
    let zone = read_zone(&typed.when.zone).unwrap_or(Zone::UTC);
    let page = Page { app: &app, me: &me, zone, said: None };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page.render(&typed, &errors).await?).into_response())
}

/// Whether it has not happened yet, anywhere.
fn is_ahead(app: &App, when: &When) -> bool {
    let now = app.now().timestamp();
    match when.instant() {
        Some(at) => at > now,
        None => when.day() > now.to_datetime().date_naive().succ_opt().unwrap_or(NaiveDate::MAX),
    }
}

fn back(outcome: Outcome, zone: &str, noted: &str) -> Redirect {
    let done = if outcome == Outcome::Known { "known" } else { noted };
    let query = serde_html_form::to_string([("done", done), ("zone", zone)]);
    Redirect::to(&query.map_or_else(|_| "/obligations".into(), |query| format!("/obligations?{query}")))
}

#[derive(Deserialize)]
struct Mistake {
    event: String,
    #[serde(default)]
    zone: String,
}

/// What was noted stays; an event that replaces it says that it was a mistake.
async fn withdraw(
    State(app): State<App>,
    me: SignedIn,
    Csrf(Form(form)): Csrf<Form<Mistake>>,
) -> Result<Response, PageError> {
    let me = me.administrator()?;
    let events = events(&app, &me.tenant).await?;
    let mistake = events.iter().find(|event| event.id().as_str() == form.event).ok_or(PageError::NotFound)?;
    if events.iter().any(|other| other.replaces() == Some(mistake.id())) {
        return Ok(back(Outcome::Known, &form.zone, "withdrawn").into_response());
    }
    let (id, today) = (OpaqueId::try_new(fresh_id()?)?, app.now().timestamp().to_datetime().date_naive());
    let event =
        DpaEvent::new(id, mistake.agreement().clone(), mistake.matter().clone(), When::On(today), Fact::Withdrawn);
    match note(&app, &me, &event.replacing(mistake.id().clone()), "withdrawn").await? {
        Outcome::Full => {
            let body = html! { (problem(FULL)) p { a href="/obligations" { "Back to the obligations" } } };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, layout("It still counts", Some(&me), body)).into_response())
        }
        outcome => Ok(back(outcome, &form.zone, "withdrawn").into_response()),
    }
}

/// Every day as RFC 5545 has it, with ids that stay: a calendar that reads it again moves what has changed.
async fn calendar(State(app): State<App>, me: SignedIn) -> Result<Response, PageError> {
    let me = me.administrator()?;
    let ledger = ledger(events(&app, &me.tenant).await?);
    let text = ledger.calendar(app.now()).map_err(PageError::unavailable)?;
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"obligations.ics\""),
    ];
    Ok((headers, text).into_response())
}
