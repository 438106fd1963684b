//! Signing in and out.

use axum::Router;
use axum::extract::{Form, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use clausework::secret::Token;
use clausework::session::{SessionOutcome, SessionState};
use clausework::sign_in::{SignInOutcome, SignInRequest};
use clausework::{Secret, TenantId};
use maud::{Markup, html};
use serde::Deserialize;

use crate::app::App;
use crate::csrf::{Csrf, Nothing};
use crate::error::PageError;
use crate::flows;
use crate::html::{Field, csrf, layout, problem};
use crate::web::{Browser, CHANGE, Cookies, Query, SESSION};

pub fn router() -> Router<App> {
    Router::new().route("/sign-in", get(show).post(submit)).route("/sign-out", post(sign_out))
}

#[derive(Deserialize)]
struct Wanted {
    next: Option<String>,
    /// A form was sent by whoever was no longer signed in.
    unsent: Option<String>,
}

#[derive(Deserialize)]
struct SignInForm {
    name: String,
    password: Secret,
    #[serde(default)]
    next: String,
}

async fn show(State(app): State<App>, browser: Browser, Query(wanted): Query<Wanted>) -> Result<Markup, PageError> {
    let locked = locked_name(&app, &browser).await?;
    let note = match (locked.is_some(), wanted.unsent.is_some()) {
        (true, false) => Some("Your session was locked because it was idle. Sign in to go on where you were."),
        (true, true) => {
            Some("Your session was locked because it was idle. What you sent was not done: send it once more.")
        }
        (false, true) => Some("You were no longer signed in. What you sent was not done: send it once more."),
        (false, false) => None,
    };
    Ok(page(&browser, locked.as_deref().unwrap_or_default(), &wanted.next.unwrap_or_default(), note))
}

/// Whose session the browser shows, if it is locked: the form has the name filled in.
async fn locked_name(app: &App, browser: &Browser) -> Result<Option<String>, PageError> {
    let Some((tenant, token)) = browser.session(app) else { return Ok(None) };
    let guard = app.guard(&tenant).await?;
    let outcome = guard.sign_in().check_session_async(app.db(), app.now(), &token, browser.origin).await?;
    let SessionOutcome::Locked { account } = outcome else { return Ok(None) };
    Ok(app.db().user(&tenant, account.as_str()).await?.map(|user| user.email))
}

fn page(browser: &Browser, name: &str, next: &str, note: Option<&str>) -> Markup {
    let name_field = Field {
        name: "name",
        label: "E-mail address",
        value: name,
        autocomplete: Some("username"),
        ..Field::default()
    };
    let password = Field {
        name: "password",
        label: "Password",
        kind: "password",
        autocomplete: Some("current-password"),
        ..Field::default()
    };
    let body = html! {
        @if let Some(note) = note { (problem(note)) }
        form method="post" action="/sign-in" {
            (csrf(&browser.csrf))
            input type="hidden" name="next" value=(next);
            (name_field.render())
            (password.render())
            button { "Sign in" }
        }
    };
    layout("Sign in", None, body)
}

async fn submit(
    State(app): State<App>,
    browser: Browser,
    Csrf(Form(form)): Csrf<Form<SignInForm>>,
) -> Result<Response, PageError> {
    let again = |status: StatusCode, note: &str| (status, page(&browser, &form.name, &form.next, Some(note)));
    let tenant = app.tenant_of_name(&form.name)?;
    let outcome = match attempt(&app, &tenant, &browser, &form).await {
        Ok(outcome) => outcome,
        Err(PageError::Unavailable(error)) => {
            tracing::error!(error, "sign-in unavailable");
            let wait = [(header::RETRY_AFTER, "5")];
            let (status, page) = again(
                StatusCode::SERVICE_UNAVAILABLE,
                "Nobody can sign in at the moment. It is not your fault. Please wait a little: an attempt that \
                 was cut off may count.",
            );
            return Ok((status, wait, page).into_response());
        }
        Err(error) => return Err(error),
    };
    Ok(match outcome {
        SignInOutcome::SignedIn(session) => {
            leave_other(&app, &tenant, &browser).await;
            let cookies = Cookies::default().set_token(SESSION, &tenant, session.token()).clear(CHANGE);
            (cookies, Redirect::to(own_path(&form.next))).into_response()
        }
        SignInOutcome::MustChange(permit) => {
            let mut cookies = Cookies::default().set_token(CHANGE, &tenant, permit.token());
            if leave_other(&app, &tenant, &browser).await {
                cookies = cookies.clear(SESSION);
            }
            (cookies, Redirect::to("/password/new")).into_response()
        }
        SignInOutcome::Denied(denied) => again(StatusCode::UNAUTHORIZED, denied.public_message()).into_response(),
        SignInOutcome::Busy { retry_after } => {
            let wait = [(header::RETRY_AFTER, HeaderValue::from(retry_after.as_secs().saturating_add(1)))];
            let (status, page) = again(
                StatusCode::TOO_MANY_REQUESTS,
                "Too many people are signing in at this moment. Nothing was counted; please try again in a moment.",
            );
            (status, wait, page).into_response()
        }
        SignInOutcome::Unavailable(fault) => return Err(fault.into()),
    })
}

async fn attempt(
    app: &App,
    tenant: &TenantId,
    browser: &Browser,
    form: &SignInForm,
) -> Result<SignInOutcome, PageError> {
    let user = app.db().user_named(&form.name).await?.filter(|user| user.tenant == *tenant);
    let mut request =
        SignInRequest::new(&form.name, user.map(|user| user.account), form.password.clone(), browser.origin);
    if let Some((_, token)) = browser.session(app).filter(|(of, _)| of == tenant) {
        request = request.with_session(token);
    }
    flows::sign_in(app, tenant.clone(), request).await
}

/// Where to go on: a path of this host, never an address of another.
fn own_path(next: &str) -> &str {
    let is_own = next.starts_with('/')
        && !next.starts_with("//")
        && next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if is_own { next } else { "/" }
}

async fn sign_out(State(app): State<App>, browser: Browser, _: Csrf<Form<Nothing>>) -> Result<Response, PageError> {
    if let Some((tenant, token)) = browser.session(&app) {
        end(&app, &tenant, &token, &browser).await?;
    }
    Ok((Cookies::default().clear(SESSION).clear(CHANGE), Redirect::to("/sign-in")).into_response())
}

/// Ends a session of another tenant that the browser shows: nobody is to find it open under the next user. Whether it
/// shows one. It fails for no trouble of the other tenant's: who signs in has nothing to do with that.
pub async fn leave_other(app: &App, tenant: &TenantId, browser: &Browser) -> bool {
    let Some((other, token)) = browser.session(app).filter(|(of, _)| of != tenant) else { return false };
    if let Err(error) = end(app, &other, &token, browser).await {
        tracing::error!(?error, "a session of another tenant could not be ended");
    }
    true
}

async fn end(app: &App, tenant: &TenantId, token: &Token<SessionState>, browser: &Browser) -> Result<(), PageError> {
    let guard = app.guard(tenant).await?;
    Ok(guard.sign_in().sign_out_async(app.db(), app.now(), token, browser.origin).await?)
}
