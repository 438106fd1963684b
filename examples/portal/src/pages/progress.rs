//! The page of work that is under way. It asks again by itself, without a script.

use std::time::Duration;

use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use maud::html;

use crate::html::layout;
use crate::web::SignedIn;

/// What is being done, and for how long. The browser loads the page again every two seconds.
pub fn progress(me: &SignedIn, title: &str, step: &str, running_for: Duration) -> Response {
    let body = html! {
        p role="status" { (step) "… (" (running_for.as_secs()) " seconds so far)" }
        progress aria-label=(title) {}
        p class="hint" { "This page shows the result as soon as it is there. You may leave it and come back." }
        p { a class="button quiet" href=(me.path) { "Look again" } }
    };
    let again = [(HeaderName::from_static("refresh"), "2")];
    (StatusCode::OK, again, layout(title, Some(me), body)).into_response()
}
