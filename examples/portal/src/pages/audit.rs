//! The audit trail: what happened, in plain words, and the button that verifies that all of it is there.

mod search;
mod verify;
mod words;

use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use clausework::Scope;
use clausework::audit::record::{Escaped, Record, Source};
use clausework::audit::view;
use clausework_stores::StoredRecord;
use maud::{Markup, html};

use self::search::{Filter, Found, KINDS, Wanted};
use self::words::Names;
use crate::app::App;
use crate::error::PageError;
use crate::html::{Field, instant, layout, problem, select};
use crate::web::{Query, SignedIn};

/// An event is in the log within a second or two. After this long something is wrong, and whoever reads the log is told.
const LATE: Duration = Duration::from_secs(10);

pub fn router() -> Router<App> {
    Router::new().route("/audit", get(show)).merge(verify::router())
}

async fn show(State(app): State<App>, me: SignedIn, Query(wanted): Query<Wanted>) -> Result<Markup, PageError> {
    if me.is_staff() {
        return Err(PageError::NotFound);
    }
    let scope = Scope::Tenant(me.tenant.clone());
    let names = Names::of(app.db().users_of(&me.tenant).await?);
    let only = (!me.is_administrator()).then(|| me.account.clone());
    let (found, error) = match Filter::of(&wanted, only) {
        Ok(filter) => (search::find(app.log(), &scope, &filter, wanted.below()).await?, None),
        Err(error) => (Found::default(), Some(error)),
    };
    let (_, waiting) = app.log().state(&scope).await?;
    let late = waiting.filter(|since| app.now().timestamp().since(*since) > LATE);
    let body = html! {
        @if let Some(since) = late {
            p class="notice problem" role="alert" {
                "What happened from " (instant(since)) " on is not in this log yet. It is kept, and follows as soon as the \
                 log can be written again."
            }
        }
        @if me.is_administrator() {
            (verify::panel(&me))
        } @else {
            p { "You see what you did yourself, and what was done about your account." }
        }
        (form(&me, &wanted, &names, error))
        @if let Some(error) = error { (problem(error)) }
        @else { (list(&me, &names, &found)) (more(&wanted, &found)) }
    };
    Ok(layout("Audit trail", Some(&me), body))
}

fn form(me: &SignedIn, wanted: &Wanted, names: &Names, error: Option<&str>) -> Markup {
    let kinds = KINDS.map(|(value, words, _)| (value, words));
    let everybody = [(String::new(), "Everybody".to_owned())];
    let people: Vec<_> = everybody.into_iter().chain(names.all()).collect();
    let people: Vec<_> = people.iter().map(|(account, name)| (account.as_str(), name.as_str())).collect();
    let day = Field {
        name: "day",
        label: "Day, in UTC",
        kind: "date",
        value: &wanted.day,
        error,
        optional: true,
        ..Field::default()
    };
    html! {
        form method="get" action="/audit" class="filter" role="search" aria-label="Choose records" {
            (select("kind", "What", &kinds, &wanted.kind))
            @if me.is_administrator() { (select("who", "Who", &people, &wanted.who)) }
            (day.render())
            button { "Show" }
        }
    }
}

fn list(me: &SignedIn, names: &Names, found: &Found) -> Markup {
    html! {
        @if found.records.is_empty() {
            p { "Nothing of this kind" @if found.next.is_some() { " so far: there are older records to look through" } "." }
        } @else {
            ol class="trail" aria-label="Records, newest first" {
                @for stored in &found.records { li { (entry(me, names, stored)) } }
            }
        }
    }
}

fn entry(me: &SignedIn, names: &Names, stored: &StoredRecord) -> Markup {
    let number = html! { span class="hint" { "Record " (stored.index) } };
    let record = match stored.body.as_deref().map(Record::decode) {
        Some(Ok(record)) => record,
        Some(Err(_)) => return html! { (problem("This record cannot be read. Verify the log.")) (number) },
        None => return html! { p { "Deleted, because its time was over. The log says when." } (number) },
    };
    html! {
        p class="what" {
            strong { (words::what(&record)) } " – " (words::outcome(record.phase()))
        }
        p {
            (instant(record.at())) ", by " (names.actor(record.actor())) ", from " (source(me, &record))
            @if let Some(concerned) = names.concerned(&record) { ", about " (concerned) }
        }
        @let clauses: Vec<_> = words::clauses(&record).collect();
        @if !clauses.is_empty() { p class="hint" { (clauses.join("; ")) } }
        details {
            summary { "Details of record " (stored.index) }
            (details(me, stored, &record))
        }
    }
}

/// Administrators see all of it, as the crate's own view says it; others what they may know of their own account.
fn details(me: &SignedIn, stored: &StoredRecord, record: &Record<'_>) -> Markup {
    html! {
        dl {
            dt { "Code" } dd { code { (record.code()) } }
            dt { "About" } dd { (record.about().kind()) " " (record.about().id()) }
            @for attribute in record.attributes().iter() {
                dt { (attribute.name().replace('_', " ")) } dd { (attribute.value()) }
            }
            @if me.is_administrator() {
                @for value in &stored.values {
                    dt { (value.field()) " (personal, can be erased)" } dd { (Escaped(value.value())) }
                }
                dt { "As JSON" } dd { pre { (view::json(record)) } }
            }
        }
    }
}

/// Where others were is not for everybody to know.
fn source(me: &SignedIn, record: &Record<'_>) -> String {
    match record.source() {
        Source::Internal => "the portal itself".into(),
        source if me.is_administrator() || record.actor().id() == Some(me.account.as_str()) => source.to_string(),
        _ => "an address that is not shown to you".into(),
    }
}

fn more(wanted: &Wanted, found: &Found) -> Markup {
    let to = |before: Option<u64>| {
        let before = before.map(|index| index.to_string()).unwrap_or_default();
        let mut query = vec![("kind", &*wanted.kind), ("who", &*wanted.who), ("day", &*wanted.day)];
        query.push(("before", &before));
        query.retain(|(_, value)| !value.is_empty());
        serde_html_form::to_string(query).map_or_else(|_| "/audit".into(), |query| format!("/audit?{query}"))
    };
    if wanted.below().is_none() && found.next.is_none() {
        return html! {};
    }
    html! {
        nav class="paging" aria-label="More records" {
            @if wanted.below().is_some() { a href=(to(None)) { "The newest" } }
            @if let Some(next) = found.next { a href=(to(Some(next))) { "Older records" } }
        }
    }
}
