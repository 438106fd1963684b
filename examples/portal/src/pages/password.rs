use axum::Router;
use axum::routing::get;
use maud::{Markup, html};

use crate::app::App;
use crate::error::PageError;
use crate::html::layout;
use crate::web::SignedIn;

pub fn router() -> Router<App> {
    Router::new().route("/password", get(show))
}

async fn show(me: SignedIn) -> Result<Markup, PageError> {
    Ok(layout("Password", Some(&me), html! {}))
}
