//! The pages, one file each.

mod audit;
mod evidence;
pub mod network;
mod obligations;
mod password;
mod progress;
mod sessions;
mod sign_in;
pub mod support;

use axum::extract::DefaultBodyLimit;
use axum::http::header;
use axum::response::{IntoResponse, Redirect};
use axum::routing::get;
use axum::{Router, middleware};

use self::progress::progress;
use crate::app::App;
use crate::error::PageError;
use crate::web::{self, SignedIn};

/// More than any form of the portal.
const MAX_FORM_BYTES: usize = 256 * 1024;

/// Every page, with what goes around each request.
pub fn router(app: App) -> Router {
    Router::new()
        .route("/", get(start))
        .route("/assets/portal.css", get(css))
        .route("/assets/portal.js", get(js))
        .merge(sign_in::router())
        .merge(password::router())
        .merge(sessions::router())
        .merge(network::router())
        .merge(support::router())
        .merge(audit::router())
        .merge(obligations::router())
        .merge(evidence::router())
        .fallback(async || PageError::NotFound)
        .method_not_allowed_fallback(async || PageError::WrongMethod)
        .layer(DefaultBodyLimit::max(MAX_FORM_BYTES))
        .layer(middleware::from_fn(web::around))
        .with_state(app)
}

async fn start(me: SignedIn) -> Redirect {
    Redirect::to(if me.is_staff() { "/support" } else { "/sessions" })
}

async fn css() -> impl IntoResponse {
    asset("text/css; charset=utf-8", include_str!("../assets/portal.css"))
}

async fn js() -> impl IntoResponse {
    asset("text/javascript; charset=utf-8", include_str!("../assets/portal.js"))
}

fn asset(kind: &'static str, text: &'static str) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "public, max-age=600")], text)
}
