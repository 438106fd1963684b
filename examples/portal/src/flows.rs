//! The flows of clausework in their async steps: the database and the slow hash never hold each other up.
//!
//! Each runs to its end even if the client hangs up: an attempt that is not settled counts as a failure.

use std::time::Duration;

use clausework::credential::Issue;
use clausework::entropy::OsEntropy;
use clausework::event::Provenance;
use clausework::sign_in::{Begun, ChangeBegun, ChangeOutcome, ChangeRequest, SignInOutcome, SignInRequest};
use clausework::store::{Rows, update_async, update_from_async};
use clausework::{Secret, TenantId};
use tokio::task::block_in_place;

use crate::app::App;
use crate::error::PageError;

/// When to come back after the hashes were all taken.
const RETRY: Duration = Duration::from_secs(1);

/// A sign-in: charge, hash, settle.
pub async fn sign_in(app: &App, tenant: TenantId, request: SignInRequest) -> Result<SignInOutcome, PageError> {
    let app = app.clone();
    tokio::spawn(async move { sign_in_steps(&app, &tenant, request).await }).await?
}

async fn sign_in_steps(app: &App, tenant: &TenantId, request: SignInRequest) -> Result<SignInOutcome, PageError> {
    let Ok(turn) = app.hashing().turn().await else { return Ok(SignInOutcome::Busy { retry_after: RETRY }) };
    let guard = app.guard(tenant).await?;
    let guard = guard.sign_in();
    let shown = Rows::load_async(app.db(), guard.shown_key(&request)).await?;
    let keys = guard.find_shown(&shown, &request)?;
    let attempt = match update_async(app.db(), keys, |rows| guard.begin(rows, app.now(), &request)).await? {
        Begun::Attempt(attempt) => attempt,
        Begun::Ended(outcome) => return Ok(outcome),
    };
    let password = request.password().clone();
    let verify = move |hasher: &_| attempt.verify(hasher, &mut OsEntropy, &password);
    let verdict = app.hashing().run(turn, verify).await?;
    Ok(update_from_async(app.db(), verdict.rows(), |rows| guard.settle(rows, app.now(), &verdict)).await?)
}

/// The choice of a new password: rules, hashes, change.
pub async fn change_password(app: &App, tenant: TenantId, request: ChangeRequest) -> Result<ChangeOutcome, PageError> {
    let app = app.clone();
    tokio::spawn(async move { change_steps(&app, &tenant, request).await }).await?
}

async fn change_steps(app: &App, tenant: &TenantId, request: ChangeRequest) -> Result<ChangeOutcome, PageError> {
    let Ok(turn) = app.hashing().turn().await else { return Ok(ChangeOutcome::Busy { retry_after: RETRY }) };
    let guard = app.guard(tenant).await?;
    let guard = guard.sign_in();
    let permission = Rows::load_async(app.db(), guard.change_keys(&request)).await?;
    let keys = guard.find_change(&permission, &request)?;
    let attempt = match update_async(app.db(), keys, |rows| guard.begin_change(rows, app.now(), &request)).await? {
        ChangeBegun::Attempt(attempt) => attempt,
        ChangeBegun::Ended(outcome) => return Ok(outcome),
    };
    let verdict = app.hashing().run(turn, move |hasher| attempt.hash(hasher, &mut OsEntropy)).await?;
    Ok(update_from_async(app.db(), verdict.rows(), |rows| guard.settle_change(rows, app.now(), &verdict)).await?)
}

/// A temporary password that is in force, to be handed to its bearer. The hash is computed in place: it is for the first
/// start and for administrators, one at a time.
pub async fn issue_temporary(
    app: &App,
    tenant: &TenantId,
    by: &Provenance,
    issue: &Issue,
) -> Result<Secret, PageError> {
    let guard = app.guard(tenant).await?;
    let guard = guard.sign_in();
    let prepared = block_in_place(|| guard.prepare_temporary(app.now(), &mut OsEntropy, issue))?;
    let settle = |rows: &Rows| guard.settle_temporary(rows, app.now(), by, &prepared);
    let refusals = update_async(app.db(), prepared.keys(), settle).await?;
    match refusals.first() {
        None => Ok(prepared.password().clone()),
        Some(refusal) => Err(PageError::unavailable(format!("not issued: {refusal:?}"))),
    }
}
