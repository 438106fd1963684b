//! The parts that pages are made of: layout, fields with their labels and errors, notices, tables.

use clausework::Timestamp;
use maud::{DOCTYPE, Markup, html};

use crate::web::SignedIn;

/// A whole page. With a user it has the navigation and the button that signs out.
pub fn layout(title: &str, me: Option<&SignedIn>, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · Portal" }
                link rel="stylesheet" href="/assets/portal.css";
                script src="/assets/portal.js" defer {}
            }
            body {
                a class="skip" href="#main" { "Skip to the content" }
                header { div class="row" {
                    a class="brand" href="/" { "Portal" }
                    @if let Some(me) = me {
                        div class="who" {
                            span { (me.display_name) " · " (me.tenant) }
                            form method="post" action="/sign-out" { (csrf(&me.csrf)) button class="quiet" { "Sign out" } }
                        }
                    }
                } }
                @if let Some(me) = me {
                    nav aria-label="Pages" {
                        ul {
                            @for (path, name) in pages(me) {
                                li { a href=(path) aria-current=[is_within(&me.path, path).then_some("page")] { (name) } }
                            }
                        }
                    }
                }
                main id="main" tabindex="-1" { h1 { (title) } (body) }
            }
        }
    }
}

/// The pages a user may go to.
fn pages(me: &SignedIn) -> Vec<(&'static str, &'static str)> {
    let own = [("/sessions", "Sessions"), ("/password", "Password")];
    if me.is_staff() {
        return own.into_iter().chain([("/support", "Support")]).collect();
    }
    let mut pages = Vec::from(own);
    pages.extend([("/network", "Network rules"), ("/audit", "Audit trail")]);
    if me.is_administrator() {
        pages.extend([("/support", "Support"), ("/obligations", "Obligations"), ("/evidence", "Evidence")]);
    }
    pages
}

fn is_within(path: &str, page: &str) -> bool {
    path.strip_prefix(page).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The hidden field that every form needs.
pub fn csrf(token: &str) -> Markup {
    html! { input type="hidden" name=(crate::csrf::FIELD) value=(token); }
}

/// A labelled input; its hint and its error are read out with it.
#[derive(Clone, Debug, Default)]
pub struct Field<'a> {
    pub name: &'a str,
    pub label: &'a str,
    /// The type of the input: `text` if empty.
    pub kind: &'a str,
    /// What was typed. Never give a password back.
    pub value: &'a str,
    pub hint: Option<&'a str>,
    pub error: Option<&'a str>,
    pub autocomplete: Option<&'a str>,
    /// Whether it may be left empty.
    pub optional: bool,
}

impl Field<'_> {
    pub fn render(&self) -> Markup {
        let Self { name, label, kind, value, hint, error, autocomplete, optional } = self;
        let (hint_id, error_id) = (format!("{name}-hint"), format!("{name}-error"));
        let ids = [hint.map(|_| hint_id.as_str()), error.map(|_| error_id.as_str())];
        let described = ids.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let described = (!described.is_empty()).then_some(described);
        let invalid = error.map(|_| "true");
        html! {
            div class="field" {
                label for=(name) { (label) @if *optional { " (optional)" } }
                @if let Some(hint) = hint { p class="hint" id=(hint_id) { (hint) } }
                input id=(name) name=(name) type=(if kind.is_empty() { "text" } else { kind }) value=[(*kind != "password").then_some(value)]
                    aria-describedby=[&described] aria-invalid=[invalid] autocomplete=[autocomplete] required[!optional];
                @if let Some(error) = error { p class="error" id=(error_id) { (error) } }
            }
        }
    }
}

/// A choice of one; `options` are value and text.
pub fn select(name: &str, label: &str, options: &[(&str, &str)], chosen: &str) -> Markup {
    html! {
        div class="field" {
            label for=(name) { (label) }
            select id=(name) name=(name) {
                @for (value, text) in options { option value=(value) selected[*value == chosen] { (text) } }
            }
        }
    }
}

/// Something went well: read out when it appears.
pub fn done(text: &str) -> Markup {
    html! { p class="notice done" role="status" { (text) } }
}

/// Something did not: read out at once.
pub fn problem(text: &str) -> Markup {
    html! { p class="notice problem" role="alert" { (text) } }
}

/// A table; on a narrow screen each row is a card. The roles are spelled out, since browsers forget them with the shape.
pub fn table(caption: &str, headings: &[&str], rows: &[Vec<Markup>]) -> Markup {
    html! {
        div class="table" tabindex="0" role="region" aria-label=(caption) {
            table role="table" {
                caption { (caption) }
                thead role="rowgroup" {
                    tr role="row" { @for heading in headings { th role="columnheader" scope="col" { (heading) } } }
                }
                tbody role="rowgroup" {
                    @for row in rows {
                        tr role="row" {
                            @for (heading, cell) in headings.iter().zip(row) { td role="cell" data-label=(heading) { div { (cell) } } }
                        }
                    }
                }
            }
        }
    }
}

/// An instant, to the minute, in UTC.
pub fn instant(at: Timestamp) -> Markup {
    let at = at.to_datetime();
    html! { time datetime=(at.format("%Y-%m-%dT%H:%M:%SZ")) { (at.format("%Y-%m-%d %H:%M")) " UTC" } }
}
