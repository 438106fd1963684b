//! The portal without sockets, for tests of pages: requests go to the router, and come from the address that a test says.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode, header};
use clausework::credential::Issue;
use clausework::event::{Actor, Event, Origin, Provenance, Transport};
use clausework::id::OpaqueId;
use clausework::sign_in::{ChangeOutcome, ChangeRequest, SignInOutcome, SignInRequest};
use clausework::{Secret, TenantId};
use tower::ServiceExt;

use crate::app::App;
use crate::config::Config;
use crate::database::EventRange;
use crate::{first_start, flows, pages};

/// A portal of its own, with everybody of the first start; its folder goes with it.
pub struct Portal {
    pub app: App,
    router: Router,
    folder: PathBuf,
}

impl Portal {
    pub async fn start() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("portal-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        let arguments = ["--data".into(), folder.clone().into_os_string()];
        let app = App::open(Config::from_arguments(arguments).unwrap().unwrap()).await.unwrap();
        first_start::people(&app).await.unwrap();
        Self { router: pages::router(app.clone()), app, folder }
    }

    /// Somebody who has just chosen a password, at this address.
    pub async fn signed_in(&self, email: &str, peer: &str) -> Client<'_> {
        let user = self.app.db().user_named(email).await.unwrap().unwrap();
        let setup = Provenance::internal(Actor::ApiKey(OpaqueId::try_new("test").unwrap()));
        let issue = Issue::reset(user.account.clone());
        let temporary = flows::issue_temporary(&self.app, &user.tenant, &setup, &issue).await.unwrap();
        let origin = Origin::network(peer.parse().unwrap(), Transport::Tls);
        let request = SignInRequest::new(email, Some(user.account), temporary, origin);
        let outcome = flows::sign_in(&self.app, user.tenant.clone(), request).await.unwrap();
        let SignInOutcome::MustChange(permit) = outcome else { panic!("{outcome:?}") };
        let chosen = ChangeRequest::new(permit.token().clone(), Secret::from("Herbst-Laub-2026"), origin);
        let outcome = flows::change_password(&self.app, user.tenant.clone(), chosen).await.unwrap();
        let ChangeOutcome::Changed { session, .. } = outcome else { panic!("{outcome:?}") };
        let mut client = self.stranger(peer);
        client.cookies.insert("__Host-session".into(), format!("{}.{}", user.tenant, session.token().expose()));
        client
    }

    pub fn stranger(&self, peer: &str) -> Client<'_> {
        Client { portal: self, peer: SocketAddr::new(peer.parse().unwrap(), 50_000), cookies: BTreeMap::new() }
    }

    /// The codes of a tenant's events, the oldest first.
    pub async fn codes(&self, tenant: &str) -> Vec<String> {
        let tenant = TenantId::try_new(tenant).unwrap();
        let lines = self.app.events(&tenant, EventRange { before: None, limit: 1000 }).await.unwrap();
        lines.iter().rev().map(|line| Event::decode(&line.text).unwrap().code().to_owned()).collect()
    }
}

impl Drop for Portal {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A browser at an address.
pub struct Client<'a> {
    portal: &'a Portal,
    pub peer: SocketAddr,
    cookies: BTreeMap<String, String>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub location: String,
    pub body: String,
}

impl Answer {
    /// The value of the first hidden field of this name.
    pub fn field(&self, name: &str) -> String {
        let start = format!("name=\"{name}\" value=\"");
        let (_, rest) = self.body.split_once(&start).unwrap_or_else(|| panic!("no {name} in {}", self.body));
        rest.split('"').next().unwrap_or_default().replace("&quot;", "\"").replace("&amp;", "&")
    }

    pub fn has(&self, text: &str) -> bool {
        self.body.contains(text)
    }
}

impl Client<'_> {
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path), Body::empty()).await
    }

    /// A form of a page of the portal: with the token that it has there.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.get("/sessions").await.field("csrf");
        let fields: Vec<_> = fields.iter().copied().chain([("csrf", token.as_str())]).collect();
        self.post_as_it_is(path, &fields).await
    }

    pub async fn post_as_it_is(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = serde_html_form::to_string(fields).unwrap();
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, body.into()).await
    }

    async fn send(&mut self, request: axum::http::request::Builder, body: Body) -> Answer {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = request.header(header::COOKIE, cookies.join("; ")).body(body).unwrap();
        request.extensions_mut().insert(ConnectInfo(self.peer));
        let response = self.portal.router.clone().oneshot(request).await.unwrap();
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.into(), value.into());
        }
        let location = response.headers().get(header::LOCATION).map(|value| value.to_str().unwrap().to_owned());
        let (status, location) = (response.status(), location.unwrap_or_default());
        let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        Answer { status, location, body: String::from_utf8(body.into()).unwrap() }
    }
}
