//! Choosing a password: because the present one is temporary or too old, or because its bearer wants another.

mod rules;

use std::time::Instant;

use axum::extract::{Form, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use clausework::credential::ChangeState;
use clausework::event::Origin;
use clausework::password::{Context, Violation};
use clausework::secret::Token;
use clausework::sign_in::{ChangeOutcome, ChangeRequest, Denied, SignInOutcome, SignInRequest};
use clausework::store::{Key, Rows};
use clausework::{Secret, TenantId};
use maud::{Markup, html};
use serde::Deserialize;

use self::rules::Standing;
use crate::app::{App, Guard};
use crate::csrf::Csrf;
use crate::database::User;
use crate::error::PageError;
use crate::flows;
use crate::html::{Field, csrf, layout, problem};
use crate::pages::sign_in::leave_other;
use crate::web::{Browser, CHANGE, Cookies, SESSION, SignedIn};

pub fn router() -> Router<App> {
    Router::new()
        .route("/password", get(show).post(ask))
        .route("/password/new", get(form).post(choose))
        .route("/password/check", post(check))
}

// --- The present password first: whoever finds an unlocked screen does not know it.

#[derive(Deserialize)]
struct Present {
    password: Secret,
}

async fn show(me: SignedIn) -> Markup {
    present(&me, None)
}

fn present(me: &SignedIn, note: Option<&str>) -> Markup {
    let password = Field {
        name: "password",
        label: "Present password",
        kind: "password",
        autocomplete: Some("current-password"),
        ..Field::default()
    };
    let body = html! {
        @if let Some(note) = note { (problem(note)) }
        p { "To choose a new password, enter the present one. A change ends all your other sessions." }
        form method="post" action="/password" {
            (csrf(&me.csrf))
            (password.render())
            button { "Go on" }
        }
    };
    layout("Change the password", Some(me), body)
}

async fn ask(
    State(app): State<App>,
    me: SignedIn,
    Csrf(Form(form)): Csrf<Form<Present>>,
) -> Result<Response, PageError> {
    let user = app.db().user(&me.tenant, me.account.as_str()).await?.ok_or(PageError::NotFound)?;
    let request = SignInRequest::new(user.email, Some(me.account.clone()), form.password, me.origin).for_change();
    Ok(match flows::sign_in(&app, me.tenant.clone(), request).await? {
        SignInOutcome::MustChange(permit) => {
            (Cookies::default().set_token(CHANGE, &me.tenant, permit.token()), Redirect::to("/password/new"))
                .into_response()
        }
        SignInOutcome::Denied(denied) => {
            (StatusCode::UNAUTHORIZED, present(&me, Some(denied.public_message()))).into_response()
        }
        SignInOutcome::Busy { retry_after } => return Err(PageError::Busy { retry_after }),
        SignInOutcome::Unavailable(fault) => return Err(fault.into()),
        SignInOutcome::SignedIn(_) => return Err(PageError::unavailable("a sign-in for a change opened a session")),
    })
}

// --- The new password.

/// A permission to choose a password, as the browser shows it, and whose it is.
struct Choice<'a> {
    guard: Guard<'a>,
    token: Token<ChangeState>,
    user: User,
}

impl<'a> Choice<'a> {
    /// `None`: there is none, or no more. What decides is the flow; this is for the form.
    async fn find(app: &'a App, browser: &Browser) -> Result<Option<Choice<'a>>, PageError> {
        let Some((tenant, token)) = browser.change::<ChangeState>(app) else { return Ok(None) };
        let key = Key::of::<ChangeState>(tenant.clone(), token.digest());
        let rows = Rows::load_async(app.db(), [&key]).await?;
        let Some(ChangeState::Open { account, expires_at, .. }) = rows.read(&key)? else { return Ok(None) };
        if expires_at <= app.now().timestamp() {
            return Ok(None);
        }
        let user = app.db().user(&tenant, account.as_str()).await?;
        let guard = app.guard(&tenant).await?;
        Ok(user.map(|user| Self { guard, token, user }))
    }

    fn tenant(&self) -> &TenantId {
        self.guard.tenant()
    }

    /// Words that the password may not contain, if the policy says so.
    fn context(&self) -> Result<Context, PageError> {
        Context::try_new([&self.user.email, &self.user.display_name, self.tenant().as_str(), "portal"])
            .map_err(PageError::unavailable)
    }

    fn page(&self, browser: &Browser, standing: &Standing, mismatch: bool) -> Markup {
        let field = |name, label, error| Field {
            name,
            label,
            kind: "password",
            error,
            autocomplete: Some("new-password"),
            ..Field::default()
        };
        let broken = standing.is_tried().then_some("This password cannot be used; the list says why.");
        let differ = mismatch.then_some("The two are not the same.");
        let body = html! {
            form method="post" action="/password/new" data-check="/password/check" {
                (csrf(&browser.csrf))
                // For password managers: they learn whose password it is.
                input type="text" name="username" value=(self.user.email) autocomplete="username" hidden;
                (field("password", "New password", broken.filter(|_| !mismatch)).render())
                (standing.render())
                (field("again", "The same once more", differ).render())
                button { "Set the password" }
            }
        };
        layout("Choose a new password", None, body)
    }
}

fn over() -> Response {
    let body = html! {
        (problem("The permission to choose a password is over, or has been used."))
        p { a href="/sign-in" { "Sign in" } " to get another." }
    };
    let page = layout("Choose a new password", None, body);
    (StatusCode::UNAUTHORIZED, Cookies::default().clear(CHANGE), page).into_response()
}

async fn form(State(app): State<App>, browser: Browser) -> Result<Response, PageError> {
    let Some(choice) = Choice::find(&app, &browser).await? else { return Ok(over()) };
    let standing = Standing::untried(choice.guard.policy());
    Ok(choice.page(&browser, &standing, false).into_response())
}

#[derive(Deserialize)]
struct NewPassword {
    password: Secret,
    again: Secret,
}

async fn choose(
    State(app): State<App>,
    browser: Browser,
    Csrf(Form(form)): Csrf<Form<NewPassword>>,
) -> Result<Response, PageError> {
    let Some(choice) = Choice::find(&app, &browser).await? else { return Ok(over()) };
    if !form.password.ct_eq(&form.again) {
        let standing = Standing::untried(choice.guard.policy());
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, choice.page(&browser, &standing, true)).into_response());
    }
    let request =
        ChangeRequest::new(choice.token.clone(), form.password.clone(), browser.origin).with_context(choice.context()?);
    let tenant = choice.tenant().clone();
    Ok(match flows::change_password(&app, tenant.clone(), request).await? {
        ChangeOutcome::Changed { session, .. } => {
            leave_other(&app, &tenant, &browser).await;
            let cookies = Cookies::default().set_token(SESSION, &tenant, session.token()).clear(CHANGE);
            (cookies, Redirect::to("/sessions?done=password")).into_response()
        }
        ChangeOutcome::Rejected(violations) => {
            let standing = Standing::tried(choice.guard.policy(), &violations);
            (StatusCode::UNPROCESSABLE_ENTITY, choice.page(&browser, &standing, false)).into_response()
        }
        ChangeOutcome::Denied(Denied) => over(),
        ChangeOutcome::Busy { retry_after } => return Err(PageError::Busy { retry_after }),
        ChangeOutcome::Unavailable(fault) => return Err(fault.into()),
    })
}

// --- While it is typed: the same rules, but those that need a slow hash.

#[derive(Deserialize)]
struct Typed {
    password: Secret,
}

async fn check(
    State(app): State<App>,
    browser: Browser,
    Csrf(Form(form)): Csrf<Form<Typed>>,
) -> Result<Response, PageError> {
    let client = match browser.origin {
        Origin::Network { peer, .. } => Some(peer),
        _ => None,
    };
    if !app.checks().allows(client, Instant::now()) {
        let wait = [(header::RETRY_AFTER, HeaderValue::from(60))];
        return Ok((StatusCode::TOO_MANY_REQUESTS, wait).into_response());
    }
    let Some(choice) = Choice::find(&app, &browser).await? else { return Err(PageError::NotFound) };
    let found: Vec<Violation> = rules::check(choice.guard.policy(), &form.password, &choice.context()?);
    Ok(Json(Standing::tried(choice.guard.policy(), &found).to_json()).into_response())
}
