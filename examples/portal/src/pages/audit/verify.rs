//! The log as evidence: verified here, or handed out to be verified elsewhere.

use std::time::Duration;

use axum::Router;
use axum::extract::{Form, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use clausework::Scope;
use clausework::audit::record::{Basis, Body, Ground, IndexRange};
use maud::{Markup, html};

use crate::app::App;
use crate::csrf::{Csrf, Nothing};
use crate::error::PageError;
use crate::html::{csrf, instant, layout};
use crate::jobs::{Job, State as JobState};
use crate::log::{Verification, verify};
use crate::pages::progress;
use crate::web::{Path, SignedIn};

/// When to ask again for a bundle while somebody else has a whole log in memory.
const RETRY: Duration = Duration::from_secs(5);

pub fn router() -> Router<App> {
    Router::new()
        .route("/audit/verify", post(start))
        .route("/audit/verify/{id}", get(look))
        .route("/audit/bundle.txt", post(bundle))
        .route("/audit/checkpoint.txt", get(checkpoint))
        .route("/audit/key.txt", get(key))
}

/// The button, and what to do without it.
pub fn panel(me: &SignedIn) -> Markup {
    html! {
        section aria-labelledby="verify" {
            h2 id="verify" { "Is the log whole?" }
            p {
                "Every record is chained to those before it, the chain is signed every minute, and each signature is kept \
                 outside the database. Verifying reads every record and holds it against what was kept."
            }
            form method="post" action="/audit/verify" class="inline" { (csrf(&me.csrf)) button { "Verify the log" } }
            details {
                summary { "Verify it yourself" }
                p { "Trust no portal about itself: take these three files, and verify them on a computer of your own." }
                ul {
                    li {
                        form method="post" action="/audit/bundle.txt" class="inline" { (csrf(&me.csrf)) button class="quiet" { "bundle.txt" } }
                        ", every record with its proofs. It holds personal data."
                    }
                    li { a href="/audit/checkpoint.txt" { "checkpoint.txt" } ", the last signature. Better: one that you kept from earlier." }
                    li { a href="/audit/key.txt" { "key.txt" } ", the public key. Better: the one that you kept from the beginning." }
                }
                pre { "cargo run -q --example audit_log -- verify bundle.txt --anchor checkpoint.txt --key key.txt" }
            }
        }
    }
}

async fn start(State(app): State<App>, me: SignedIn, _: Csrf<Form<Nothing>>) -> Result<Redirect, PageError> {
    let me = me.administrator()?;
    let (log, scope, now) = (app.log().clone(), Scope::Tenant(me.tenant.clone()), app.now());
    let id = app.verifications().start(&me, move |progress| verify(log, scope, now, progress))?;
    Ok(Redirect::to(&format!("/audit/verify/{id}")))
}

async fn look(State(app): State<App>, me: SignedIn, Path(id): Path<String>) -> Result<Response, PageError> {
    let me = me.administrator()?;
    let Job { state, running_for } = app.verifications().look(&me, &id)?;
    let result = match state {
        JobState::Working(step) => return Ok(progress(&me, "Verifying the log", step, running_for)),
        JobState::Failed => html! {
            p class="notice problem" role="alert" { "The log could not be read, so nothing can be said of it. Please try again." }
        },
        JobState::Done(found) => verdict(&found),
    };
    let body = html! {
        (result)
        p { a href="/audit" { "Back to the audit trail" } }
    };
    Ok(layout("Is the log whole?", Some(&me), body).into_response())
}

fn verdict(found: &Verification) -> Markup {
    let (title, words) = found.words();
    let (class, role) = if found.is_alarm() { ("notice problem", "alert") } else { ("notice done", "status") };
    html! {
        div class=(class) role=(role) {
            p { strong { @if found.is_alarm() { "Alarm: " } (title) } }
            p { (words) }
        }
        @if found.is_alarm() {
            p { "Do not go on as if nothing had happened: tell whoever answers for security, and keep the database as it is." }
        } @else if !found.is_sound() {
            p { "This is no proof that somebody changed the log, and none that nobody did." }
        }
        dl {
            dt { "Verified at" } dd { (instant(found.at)) }
            dt { "Held against" }
            dd {
                @match found.largest {
                    None => "no checkpoint from outside the database: there was none yet",
                    Some(size) => {
                        (found.anchors) " checkpoint" @if found.anchors != 1 { "s" }
                        " from outside the database, the largest over " (size) " records"
                    }
                }
            }
            @if let Some(report) = found.report {
                dt { "Records looked at" } dd { (report.size.saturating_sub(report.minimum_index)) }
                dt { "Deleted lawfully" } dd { (report.purged.saturating_add(report.minimum_index)) }
                dt { "Values erased lawfully" } dd { (report.redacted) }
            }
        }
    }
}

/// Whoever takes the whole log away is in it (A2-Access-5): a form, for it changes the log.
async fn bundle(State(app): State<App>, me: SignedIn, _: Csrf<Form<Nothing>>) -> Result<Response, PageError> {
    let me = me.administrator()?;
    let turn = app.whole_logs().clone().try_acquire_owned().map_err(|_| PageError::Busy { retry_after: RETRY })?;
    let (scope, now) = (Scope::Tenant(me.tenant.clone()), app.now());
    // Before the range is read, so that the record covers all that is handed out.
    let bundle = app.log().bundle(&scope).await?;
    let (state, _) = app.log().state(&scope).await?;
    let size = state.map_or(0, |state| state.checkpointed());
    if let Some(range) = IndexRange::try_new(0, size) {
        let ground = Ground::new(Basis::LegitimateInterests);
        let read = Body::LogRead { range, count: size, purpose: "verification", ground };
        app.log().append(&scope, now, &me.provenance(), read).await?;
    }
    let write = move || {
        let _turn = turn;
        bundle.to_string()
    };
    Ok(file("bundle.txt", tokio::task::spawn_blocking(write).await?))
}

async fn checkpoint(State(app): State<App>, me: SignedIn) -> Result<Response, PageError> {
    let me = me.administrator()?;
    let kept = app.log().kept().checkpoints(&Scope::Tenant(me.tenant)).map_err(PageError::unavailable)?;
    let last = kept.first().ok_or(PageError::NotFound)?;
    Ok(file("checkpoint.txt", last.to_string()))
}

async fn key(State(app): State<App>, me: SignedIn) -> Result<Response, PageError> {
    let me = me.administrator()?;
    let signer = app.log().signer(&Scope::Tenant(me.tenant))?;
    Ok(file("key.txt", format!("{}\n", signer.verifier_key())))
}

fn file(name: &str, text: String) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8".into()), (header::CONTENT_DISPOSITION, disposition)], text)
        .into_response()
}
