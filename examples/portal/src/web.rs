//! Between HTTP and the rest: who asks and from where, cookies, and the headers of every answer.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use axum::extract::{ConnectInfo, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, IntoResponseParts, Response, ResponseParts};
use clausework::access::client::{Connection, resolve};
use clausework::entropy::OsEntropy;
use clausework::event::{Origin, Provenance, Transport};
use clausework::secret::{Token, TokenDigest};
use clausework::session::{SessionOutcome, SessionState};
use clausework::tenancy::Principal;
use clausework::{AccountId, Secret, TenantId};

use crate::app::{App, OPERATOR};
use crate::database::Role;
use crate::error::PageError;
use crate::pages::network::seen;

/// The cookie of a session: `tenant.token`. The prefix makes browsers insist on `Secure`, `Path=/` and this very host.
pub const SESSION: &str = "__Host-session";
/// The cookie of a permission to choose a password: `tenant.token`.
pub const CHANGE: &str = "__Host-change";
/// The cookie that the tokens of forms are bound to before there is a session.
const VISIT: &str = "__Host-visit";

/// A browser, signed in or not.
#[derive(Clone, Debug)]
pub struct Browser {
    /// Where the client is, by what the socket and the trusted proxies say.
    pub origin: Origin,
    /// The token for its forms.
    pub csrf: String,
    session: Option<String>,
    change: Option<String>,
}

/// The value of the visit's cookie: the one shown, or a new one.
#[derive(Clone)]
struct Visit(String);

impl Browser {
    pub fn of(parts: &mut Parts, app: &App) -> Result<Self, PageError> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
        let peer = peer.ok_or_else(|| PageError::unavailable("no address of the peer"))?;
        let connection = Connection::new(peer, Transport::Tls); // TLS ends here: there is no other listener
        let origin = resolve(app.proxies(), &connection, &parts.headers).origin();
        let visit = parts.extensions.get::<Visit>().map(|visit| visit.0.clone()).unwrap_or_default();
        let session = cookie(&parts.headers, SESSION).map(String::from);
        let csrf = app.csrf().token(&format!("{visit} {}", session.as_deref().unwrap_or_default()));
        Ok(Self { origin, csrf, session, change: cookie(&parts.headers, CHANGE).map(String::from) })
    }

    /// Whether this is the token of its forms; compared in constant time.
    pub fn owns(&self, token: &Secret) -> bool {
        Secret::from(self.csrf.as_str()).ct_eq(token)
    }

    /// The session that it shows, alive or not: of which tenant, and its token.
    pub fn session(&self, app: &App) -> Option<(TenantId, Token<SessionState>)> {
        parse(app, self.session.as_deref()?)
    }

    /// The permission to choose a password that it shows.
    pub fn change<R>(&self, app: &App) -> Option<(TenantId, Token<R>)> {
        parse(app, self.change.as_deref()?)
    }
}

fn parse<R>(app: &App, cookie: &str) -> Option<(TenantId, Token<R>)> {
    let (tenant, token) = cookie.split_once('.')?;
    Some((app.tenant(tenant)?, Token::parse(token).ok()?))
}

impl FromRequestParts<App> for Browser {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, PageError> {
        Self::of(parts, app)
    }
}

/// The part of an address after the `?`; one that a page does not understand is no address of the portal.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(PageError))]
pub struct Query<T>(pub T);

/// The parts of a path that are left open; the same.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(PageError))]
pub struct Path<T>(pub T);

/// A user with a session that is alive, looked at for this request. As an argument of a handler it lets nobody else in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub account: AccountId,
    pub tenant: TenantId,
    pub display_name: String,
    pub role: Role,
    /// Who asks, for `tenancy`.
    pub principal: Principal,
    pub origin: Origin,
    /// Names the session in a list; opens nothing.
    pub session: TokenDigest,
    /// The token for forms.
    pub csrf: String,
    /// The path of the request, for the navigation.
    pub path: String,
}

impl SignedIn {
    /// Of a customer, and may decide for it.
    pub fn is_administrator(&self) -> bool {
        self.role == Role::Administrator && self.tenant.as_str() != OPERATOR
    }

    /// One of the operator's staff, of no customer.
    pub fn is_staff(&self) -> bool {
        self.role == Role::Staff && self.tenant.as_str() == OPERATOR
    }

    /// Who acts and from where, for events.
    pub fn provenance(&self) -> Provenance {
        self.principal.provenance(self.origin)
    }

    /// For pages of a customer's administrators: everybody else learns nothing of them.
    pub fn administrator(self) -> Result<Self, PageError> {
        if self.is_administrator() { Ok(self) } else { Err(PageError::NotFound) }
    }
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, PageError> {
        let next = parts.uri.path_and_query().filter(|_| parts.method == Method::GET);
        let next = next.map(|next| next.as_str().to_owned());
        let browser = Browser::of(parts, app)?;
        let Some((tenant, token)) = browser.session(app) else { return Err(PageError::SignIn { next }) };
        let (guard, now) = (app.guard(&tenant).await?, app.now());
        let outcome = guard.sign_in().touch_session_async(app.db(), now, &token, browser.origin).await?;
        let principal = guard.sign_in().principal(&outcome);
        // Locked or dead: the form of the sign-in tells them apart.
        let (SessionOutcome::Active { account, .. }, Some(principal)) = (outcome, principal) else {
            return Err(PageError::SignIn { next });
        };
        let user = app.db().user(&tenant, account.as_str()).await?;
        let user = user.ok_or(PageError::SignIn { next })?;
        let me = Self {
            account,
            tenant,
            display_name: user.display_name,
            role: user.role,
            principal,
            origin: browser.origin,
            session: token.digest(),
            csrf: browser.csrf,
            path: parts.uri.path().to_owned(),
        };
        if me.is_administrator() {
            seen::note(app, &me, now).await?;
        }
        Ok(me)
    }
}

/// The value of a cookie, if it is sent once; twice is once too often.
fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let pairs = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut found = pairs.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let mut values = found.by_ref().filter(|(key, _)| *key == name).map(|(_, value)| value);
    let value = values.next()?;
    values.next().is_none().then_some(value)
}

/// Cookies to set with an answer. All are `Secure`, `HttpOnly` and for this host alone, and end with the browser.
#[derive(Default)]
pub struct Cookies(Vec<String>);

impl Cookies {
    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.0.push(format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax"));
        self
    }

    pub fn set_token<R>(self, name: &str, tenant: &TenantId, token: &Token<R>) -> Self {
        self.set(name, &format!("{tenant}.{}", token.expose()))
    }

    pub fn clear(mut self, name: &str) -> Self {
        self.0.push(format!("{name}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"));
        self
    }
}

impl IntoResponseParts for Cookies {
    type Error = Infallible;

    fn into_response_parts(self, mut response: ResponseParts) -> Result<ResponseParts, Infallible> {
        for value in self.0.iter().filter_map(|cookie| HeaderValue::from_str(cookie).ok()) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
        Ok(response)
    }
}

/// Nothing but our own files and forms: no inline script or style, no frame, no other origin.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// A year of HTTPS alone, for this host. What `clausework::access::Hsts::default()` says; a test compares the two.
const HSTS: &str = "max-age=31536000";

/// The longest that a request may take: longer than any wait for the database or a turn at the hasher.
const SLOWEST: Duration = Duration::from_secs(30);

/// Around every request: the cookie of the visit, and the headers of the answer.
pub async fn around(mut request: Request, next: Next) -> Result<Response, PageError> {
    let shown = cookie(request.headers(), VISIT).filter(|value| Token::<()>::parse(value).is_ok());
    let visit = match shown {
        Some(value) => value.to_owned(),
        None => Token::<()>::mint(&mut OsEntropy).map_err(PageError::unavailable)?.expose().to_owned(),
    };
    let (is_new, is_asset) = (shown.is_none(), request.uri().path().starts_with("/assets/"));
    request.extensions_mut().insert(Visit(visit.clone()));
    // A body that trickles in ends here; what a handler has spawned goes on.
    let answer = tokio::time::timeout(SLOWEST, next.run(request)).await;
    let mut response = answer.unwrap_or_else(|_| PageError::TooSlow.into_response());
    if is_new && !is_asset {
        response = (Cookies::default().set(VISIT, &visit), response).into_response();
    }
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "same-origin");
    set(header::CACHE_CONTROL, "no-store");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(header::STRICT_TRANSPORT_SECURITY, HSTS);
    Ok(response)
}
