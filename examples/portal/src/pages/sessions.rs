//! A user's own sessions: where they were opened, and the buttons that end them.

use std::net::IpAddr;

use axum::Router;
use axum::extract::{Form, State};
use axum::response::Redirect;
use axum::routing::{get, post};
use clausework::event::Origin;
use clausework::secret::TokenDigest;
use clausework::session::{Ending, OpenSession};
use clausework::store::{Rows, update_async};
use maud::{Markup, html};
use serde::Deserialize;

use crate::app::App;
use crate::csrf::Csrf;
use crate::error::PageError;
use crate::html::{csrf, done, instant, layout, table};
use crate::web::{Query, SignedIn};

pub fn router() -> Router<App> {
    Router::new().route("/sessions", get(show)).route("/sessions/end", post(end))
}

#[derive(Deserialize)]
struct Done {
    done: Option<String>,
}

async fn show(State(app): State<App>, me: SignedIn, Query(query): Query<Done>) -> Result<Markup, PageError> {
    let guard = app.guard(&me.tenant).await?;
    let guard = guard.sign_in();
    let rows = Rows::load_async(app.db(), guard.session_keys(&me.account)).await?;
    let sessions = guard.list_sessions(&rows, app.now(), &me.account)?;
    let others = sessions.iter().any(|session| session.id() != me.session);
    let rows: Vec<_> = sessions.iter().map(|session| row(&me, session)).collect();
    let said = match query.done.as_deref() {
        Some("password") => Some("The password was changed. All your other sessions have ended."),
        Some("ended") => Some("Ended."),
        _ => None,
    };
    let body = html! {
        @if let Some(said) = said { (done(said)) }
        (table("Your sessions", &["Opened", "Last used", "From", "Ends by", "State"], &rows))
        @if others {
            form method="post" action="/sessions/end" {
                (csrf(&me.csrf))
                button name="which" value="others" { "End all other sessions" }
            }
            p class="hint" { "If you do not recognise one of them, end it and change your password." }
        }
    };
    Ok(layout("Sessions", Some(&me), body))
}

fn row(me: &SignedIn, session: &OpenSession) -> Vec<Markup> {
    let state = html! {
        @if session.id() == me.session {
            strong { "This one" }
        } @else {
            @if session.is_locked() { "Locked " }
            form method="post" action="/sessions/end" class="inline" {
                (csrf(&me.csrf))
                button class="quiet" name="which" value=(session.id().to_id())
                    aria-label={ "End the session opened at " (session.opened_at().to_datetime().format("%Y-%m-%d %H:%M")) } { "End" }
            }
        }
    };
    vec![
        instant(session.opened_at()),
        instant(session.active_at()),
        html! { (masked(session.origin())) },
        instant(session.expires_at()),
        state,
    ]
}

/// The network alone: enough to know one's own, and no more on a screen that others see.
fn masked(origin: Origin) -> String {
    match origin {
        Origin::Network { peer: IpAddr::V4(peer), .. } => {
            let [a, b, c, _] = peer.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        Origin::Network { peer: IpAddr::V6(peer), .. } => {
            let [a, b, c, ..] = peer.segments();
            format!("{a:x}:{b:x}:{c:x}::/48")
        }
        Origin::Internal => "the portal itself".into(),
        _ => "unknown".into(),
    }
}

#[derive(Deserialize)]
struct End {
    which: String,
}

async fn end(State(app): State<App>, me: SignedIn, Csrf(Form(form)): Csrf<Form<End>>) -> Result<Redirect, PageError> {
    let ending = match form.which.as_str() {
        "others" => Ending::Others(me.session),
        id => Ending::One(TokenDigest::parse(id).map_err(|_| PageError::NotFound)?),
    };
    let (guard, by) = (app.guard(&me.tenant).await?, me.provenance());
    let guard = guard.sign_in();
    let settle = |rows: &Rows| guard.settle_end(rows, app.now(), &by, &me.account, &ending);
    update_async(app.db(), guard.session_keys(&me.account), settle).await?;
    Ok(Redirect::to("/sessions?done=ended"))
}
