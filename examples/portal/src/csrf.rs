//! Forms of the portal's own pages only: a token bound to the session, or to the visit before there is one.

use axum::body::Bytes;
use axum::extract::{Form, FromRequest, Request};
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{HeaderName, header};
use clausework::Secret;
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::Sha256;

use crate::app::App;
use crate::error::PageError;
use crate::web::Browser;

/// The name of the hidden field.
pub const FIELD: &str = "csrf";

/// The key of all tokens.
pub struct CsrfKey([u8; 32]);

impl CsrfKey {
    pub const fn new(key: [u8; 32]) -> Self {
        Self(key)
    }

    /// The token for whoever shows this cookie: HMAC-SHA-256, in hexadecimal digits. Nobody else can compute it, and
    /// it does not give the cookie away.
    pub fn token(&self, cookie: &str) -> String {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { unreachable!("any length is a key") };
        mac.update(cookie.as_bytes());
        mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// A form that was sent from a page of the portal: with its token, and not from another site.
pub struct Csrf<F>(pub F);

/// The form of a button that has nothing to say but that it was pressed.
#[derive(Deserialize)]
pub struct Nothing {}

#[derive(Deserialize)]
struct Token {
    #[serde(default)]
    csrf: String,
}

impl<T: DeserializeOwned> FromRequest<App> for Csrf<Form<T>> {
    type Rejection = PageError;

    async fn from_request(request: Request, app: &App) -> Result<Self, PageError> {
        let (mut parts, body) = request.into_parts();
        let browser = Browser::of(&mut parts, app)?;
        let is_cross_site = is_cross_site(&parts);
        // Read in any case: a connection with half a request left in it cannot be used again.
        let body = Bytes::from_request(Request::from_parts(parts, body), app).await.map_err(|_| PageError::TooLarge)?;
        if is_cross_site {
            return Err(PageError::Forged);
        }
        let token: Token = serde_html_form::from_bytes(&body).map_err(|_| PageError::Forged)?;
        if !browser.owns(&Secret::from(token.csrf.as_str())) {
            return Err(PageError::Forged);
        }
        let form = serde_html_form::from_bytes(&body).map_err(|error| PageError::Malformed(error.to_string()))?;
        Ok(Self(Form(form)))
    }
}

/// What browsers say about where a request comes from: all of today's by `Sec-Fetch-Site`, others by `Origin`. A client that
/// says nothing is judged by the token alone.
fn is_cross_site(request: &Parts) -> bool {
    let text = |name| request.headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if let Some(site) = text(HeaderName::from_static("sec-fetch-site")) {
        return site != "same-origin" && site != "none";
    }
    // HTTP/2 has the host in the request line.
    let host = text(header::HOST).or_else(|| request.uri.authority().map(Authority::as_str));
    text(header::ORIGIN).is_some_and(|origin| host.is_none() || origin.strip_prefix("https://") != host)
}
