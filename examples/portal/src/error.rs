//! What can go wrong on the way to a page, and the page that says so.

use std::error::Error;
use std::time::Duration;

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use clausework::sign_in::Fault;
use clausework::store::{DecodeError, UpdateError};
use maud::html;

use crate::database::DatabaseError;
use crate::html::layout;

/// Why a request gets no page. Handlers use `?`; whatever fails lets nobody in and says nothing of the inside.
#[derive(Debug)]
pub enum PageError {
    /// There is no such thing, or it is not for this user: one answer.
    NotFound,
    /// A link to what only a button does, or the other way round.
    WrongMethod,
    /// Not signed in, or no more. Where to go on afterwards, if it was a page; a form is to be sent once more.
    SignIn { next: Option<String> },
    /// The form was not sent from a page of the portal, or from one that is out of date.
    Forged,
    /// The form lacks what the page would have sent.
    Malformed(String),
    /// More than a form may hold.
    TooLarge,
    /// The request took longer than any may.
    TooSlow,
    /// Too many at once; nothing was counted.
    Busy { retry_after: Duration },
    /// The host's own trouble. It goes to the log; the page says no more than that.
    Unavailable(Box<dyn Error + Send + Sync>),
}

impl PageError {
    pub fn unavailable(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Unavailable(error.into())
    }
}

impl From<DatabaseError> for PageError {
    fn from(error: DatabaseError) -> Self {
        Self::unavailable(error)
    }
}

impl From<DecodeError> for PageError {
    fn from(error: DecodeError) -> Self {
        Self::unavailable(error)
    }
}

impl From<Fault> for PageError {
    fn from(fault: Fault) -> Self {
        Self::unavailable(fault)
    }
}

impl<E: Error + Send + Sync + 'static> From<UpdateError<E>> for PageError {
    fn from(error: UpdateError<E>) -> Self {
        Fault::from(error).into()
    }
}

/// An id that is none comes from a request or a row that nobody of ours wrote: it names nothing.
impl From<clausework::id::IdError> for PageError {
    fn from(_: clausework::id::IdError) -> Self {
        Self::NotFound
    }
}

impl From<QueryRejection> for PageError {
    fn from(_: QueryRejection) -> Self {
        Self::NotFound
    }
}

impl From<PathRejection> for PageError {
    fn from(_: PathRejection) -> Self {
        Self::NotFound
    }
}

/// A thread of the hasher that died, for one.
impl From<std::io::Error> for PageError {
    fn from(error: std::io::Error) -> Self {
        Self::unavailable(error)
    }
}

impl From<tokio::task::JoinError> for PageError {
    fn from(error: tokio::task::JoinError) -> Self {
        Self::unavailable(error)
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let mut wait = None;
        let (status, title, text) = match self {
            Self::SignIn { next } => {
                let query = next.and_then(|next| serde_html_form::to_string([("next", next)]).ok());
                return Redirect::to(&format!("/sign-in?{}", query.as_deref().unwrap_or("unsent=form")))
                    .into_response();
            }
            Self::NotFound => (StatusCode::NOT_FOUND, "Not found", "There is no such page, or it is not for you."),
            Self::WrongMethod => (
                StatusCode::METHOD_NOT_ALLOWED,
                "Not by a link",
                "This is done by a button of the portal, and shown once. Nothing was changed.",
            ),
            Self::Forged => (
                StatusCode::FORBIDDEN,
                "This form is out of date",
                "It was not sent from this portal, or you have signed in or out since it was opened. Nothing was changed. \
                 Go back, load the page again, and send it once more.",
            ),
            Self::Malformed(why) => {
                tracing::debug!(why, "malformed form");
                (
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "This form cannot be read",
                    "Something in it is missing, or is not what the page offers. Nothing was changed.",
                )
            }
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "This form is too large", "Nothing was changed."),
            Self::TooSlow => (
                StatusCode::REQUEST_TIMEOUT,
                "This took too long",
                "Please look whether it was done before you try again.",
            ),
            Self::Busy { retry_after } => {
                // Rounded up: who comes back too early waits again.
                wait = Some(retry_after.as_secs().saturating_add(1));
                (
                    StatusCode::TOO_MANY_REQUESTS,
                    "Too many at once",
                    "The portal has its hands full at this moment. Nothing was counted or changed. Please try again in a moment.",
                )
            }
            Self::Unavailable(error) => {
                tracing::error!(error, "unavailable");
                wait = Some(5);
                (
                    StatusCode::SERVICE_UNAVAILABLE,
                    "Out of order",
                    "The portal cannot do this at the moment. It is not your fault. Please look whether it \
                     was done before you try again.",
                )
            }
        };
        let body = html! { p { (text) } p { a href="/" { "Go to the start page" } } };
        let mut response = (status, layout(title, None, body)).into_response();
        if let Some(seconds) = wait {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
