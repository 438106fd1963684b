//! The customer's rules of network and transport: everybody reads them, administrators change them.
//!
//! A change is typed as lines, reviewed, and made by one commit with its event. What was typed is all that is kept
//! between the steps, in the page itself: each step reads, proposes and reviews anew, so nothing that is sent can
//! pass the review by, and whoever confirms confirms what is in force then.

mod lines;
mod review;
pub mod seen;

use std::collections::HashMap;

use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Router, routing};
use clausework::access::{
    Approved, Effect, IpList, ListEntry, ListMode, ListOwner, ListPolicy, Proposal, ProposalOutcome, ReviewOutcome,
};
use clausework::event::{Actor, Origin, Stamp};
use clausework::store::{Key, Rows, update_async};
use clausework::{Now, TenantId};
use maud::{Markup, html};
use serde::Deserialize;

use self::lines::{Draft, Mistake};
use self::seen::Person;
use crate::app::App;
use crate::csrf::Csrf;
use crate::error::PageError;
use crate::html::{self, csrf, done, instant, layout, problem};
use crate::web::{Query, SignedIn};

pub fn router() -> Router<App> {
    Router::new()
        .route("/network", routing::get(show).post(apply))
        .route("/network/edit", routing::get(edit).post(edit_again))
        .route("/network/review", routing::post(review))
}

/// The list of a tenant as it is stored, and who changed it last.
pub struct Rules {
    pub list: IpList,
    pub stamp: Option<Stamp>,
    /// Of the tenant's accounts.
    names: HashMap<Actor, String>,
}

impl Rules {
    pub async fn load(app: &App, tenant: &TenantId) -> Result<Self, PageError> {
        let key = key(tenant);
        let rows = Rows::load_async(app.db(), [&key]).await?;
        let list = rows.read(&key)?.unwrap_or_else(|| IpList::off(ListOwner::Tenant));
        let users = app.db().users_of(tenant).await?;
        let names = users.into_iter().map(|user| (Actor::User(user.account), user.display_name)).collect();
        Ok(Self { list, stamp: rows.stamp::<IpList>(&key)?, names })
    }

    /// By name, if it is one of the tenant's.
    fn name(&self, who: &Actor) -> String {
        self.names.get(who).cloned().unwrap_or_else(|| who.to_string())
    }

    /// A list as a table, for whoever may read it: the one in force, or one that was typed as these lines.
    pub fn table(&self, list: &IpList, draft: Option<&Draft>) -> Markup {
        let row = |(number, entry): (usize, &ListEntry)| {
            let valid = match (entry.valid_from(), entry.valid_until()) {
                (None, None) => html! { "always" },
                (from, until) => html! {
                    @if let Some(from) = from { "from " (instant(from)) " " }
                    @if let Some(until) = until { "until " (instant(until)) }
                },
            };
            let author = entry.author().map(|author| self.name(author));
            let effect = if entry.effect() == Effect::Allow { "allowed" } else { "denied" };
            vec![
                html! { (draft.map_or_else(|| (number + 1).to_string(), |draft| draft.name(number))) },
                html! { code { (entry.range()) } },
                html! { (effect) },
                valid,
                html! { (entry.note().unwrap_or_default()) },
                html! { (author.unwrap_or_default()) },
            ]
        };
        let rows: Vec<_> = list.entries().iter().enumerate().map(row).collect();
        html! {
            @if rows.is_empty() { p { "The list is empty." } }
            @else { (html::table("Addresses", &["Entry", "Range", "Effect", "Valid", "Note", "Entered by"], &rows)) }
        }
    }

    /// The version, and who made it.
    fn version(&self) -> Markup {
        html! {
            @match &self.stamp {
                Some(stamp) => {
                    "Version " (self.list.version()) ", changed by " (self.name(stamp.updated_by())) " on "
                    (instant(stamp.updated_at())) "."
                }
                None => "The rules have never been changed.",
            }
        }
    }
}

fn key(tenant: &TenantId) -> Key {
    IpList::key(tenant.clone(), &ListOwner::Tenant)
}

/// What the form sends, at each of the steps.
#[derive(Debug, Deserialize)]
struct Change {
    mode: ListMode,
    #[serde(default)]
    text: String,
    /// Of the list that this is a change of.
    version: u64,
    /// The number of a line, and what is to stand there.
    repair: Option<String>,
}

impl Change {
    fn of(list: &IpList) -> Self {
        Self { mode: list.mode(), text: lines::write(list), version: list.version(), repair: None }
    }

    /// The proposal, or what is wrong with its lines.
    fn propose(&self, me: &SignedIn, current: &IpList) -> Result<(Draft, Proposal), Vec<Mistake>> {
        let draft = lines::read(&self.text)?;
        let list = IpList::builder().mode(self.mode).entries(draft.entries.clone());
        let proposal = Proposal::new(me.tenant.clone(), current, list, &me.provenance())
            .map_err(|error| vec![draft.mistake(&error)])?;
        Ok((draft, proposal))
    }
}

/// Everybody of the tenant may know from where one may come. Of the operator's staff there is no list here: what they see
/// of a customer's, they see by a grant.
async fn show(State(app): State<App>, me: SignedIn, Query(after): Query<After>) -> Result<Markup, PageError> {
    if me.is_staff() {
        return Err(PageError::NotFound);
    }
    let rules = Rules::load(&app, &me.tenant).await?;
    let guard = app.guard(&me.tenant).await?;
    let https_only = guard.rules().https_only();
    let body = html! {
        @if after.applied == Some(rules.list.version()) {
            (done(&format!("The rules were changed. Version {} is in force.", rules.list.version())))
        }
        (in_words(&rules.list, https_only))
        p { "You are at " (whereabouts(me.origin)) ". " (rules.version()) }
        (rules.table(&rules.list, None))
        @if me.is_administrator() { p { a class="button" href="/network/edit" { "Change the rules" } } }
    };
    Ok(layout("Network rules", Some(&me), body))
}

/// What the page says after a change: of a version that is not the present one, nothing.
#[derive(Deserialize)]
struct After {
    applied: Option<u64>,
}

/// What a list and the transport rule come to.
pub fn in_words(list: &IpList, https_only: bool) -> Markup {
    html! {
        ul {
            @if list.mode() == ListMode::On {
                li {
                    "The list is " strong { "on" } ": only from an address that it allows can one sign in or go on. "
                    "A denial wins."
                }
            } @else {
                li { "The list is " strong { "off" } ": one can sign in from everywhere." }
            }
            @if https_only { li { "Only over HTTPS." } } @else { li { "Over HTTPS, and in the clear too." } }
        }
    }
}

fn whereabouts(origin: Origin) -> Markup {
    match origin {
        Origin::Network { peer, .. } => html! { code { (peer) } },
        _ => html! { "an address that is not known" },
    }
}

async fn edit(State(app): State<App>, me: SignedIn) -> Result<Markup, PageError> {
    let me = me.administrator()?;
    let rules = Rules::load(&app, &me.tenant).await?;
    Ok(form(&me, &rules, &Change::of(&rules.list), &[], None))
}

/// Back from the review, with what was typed.
async fn edit_again(
    State(app): State<App>,
    me: SignedIn,
    Csrf(Form(change)): Csrf<Form<Change>>,
) -> Result<Markup, PageError> {
    let me = me.administrator()?;
    let rules = Rules::load(&app, &me.tenant).await?;
    Ok(form(&me, &rules, &change, &[], None))
}

async fn review(
    State(app): State<App>,
    me: SignedIn,
    Csrf(Form(mut change)): Csrf<Form<Change>>,
) -> Result<Response, PageError> {
    let me = me.administrator()?;
    if let Some((line, text)) = change.repair.take().as_deref().and_then(|repair| repair.split_once(' ')) {
        let line: usize = line.parse().map_err(|_| PageError::Malformed("no number of a line".into()))?;
        change.text = lines::repair(&change.text, line, text);
        let mistakes = lines::read(&change.text).err().unwrap_or_default();
        let rules = Rules::load(&app, &me.tenant).await?;
        return Ok(form(&me, &rules, &change, &mistakes, Some(line)).into_response());
    }
    let (page, _) = look(&app, &me, app.now(), &change).await?;
    Ok(page)
}

/// Makes the change, if it is still one of the list that was reviewed and locks nobody out by now.
async fn apply(
    State(app): State<App>,
    me: SignedIn,
    Csrf(Form(change)): Csrf<Form<Change>>,
) -> Result<Response, PageError> {
    let (me, now) = (me.administrator()?, app.now());
    let (page, approved) = look(&app, &me, now, &change).await?;
    let Some(approved) = approved else { return Ok(page) };
    let (key, by) = (approved.key(), me.provenance());
    let applied = update_async(app.db(), [key], |rows| rows.settle(now, &by, key, |list| approved.apply(key, list)));
    match applied.await? {
        ProposalOutcome::Applied { version } => {
            Ok(Redirect::to(&format!("/network?applied={version}")).into_response())
        }
        // Somebody was quicker, by less than this request took: the same against what is in force now.
        ProposalOutcome::Superseded | ProposalOutcome::OtherList => Ok(look(&app, &me, now, &change).await?.0),
    }
}

/// What a change comes to against the list as it is, and the change itself if it may be made: if it locks nobody out and
/// nothing blocks it, and its list is the one that its author saw.
async fn look(app: &App, me: &SignedIn, now: Now, change: &Change) -> Result<(Response, Option<Approved>), PageError> {
    let rules = Rules::load(app, &me.tenant).await?;
    let (draft, proposal) = match change.propose(me, &rules.list) {
        Ok(proposed) => proposed,
        Err(mistakes) => {
            let page = form(me, &rules, change, &mistakes, None);
            return Ok(((StatusCode::UNPROCESSABLE_ENTITY, page).into_response(), None));
        }
    };
    let people = seen::administrators(app, &me.tenant, now).await?;
    let administrators: Vec<_> = people.iter().map(Person::as_administrator).collect();
    let (review, approved) = match proposal.review(&ListPolicy::default(), now, &administrators).approve() {
        ReviewOutcome::Approved(approved) => (approved.review().clone(), Some(approved)),
        ReviewOutcome::Refused(review) => (review, None),
    };
    let is_moved = change.version != rules.list.version();
    let status = match &approved {
        None => StatusCode::UNPROCESSABLE_ENTITY,
        Some(_) if is_moved => StatusCode::CONFLICT,
        Some(_) => StatusCode::OK,
    };
    let view = review::View { me, rules: &rules, people: &people, review: &review, draft: &draft, now };
    let page = view.page(change, is_moved, approved.is_some());
    Ok(((status, page).into_response(), approved.filter(|_| !is_moved)))
}

/// The form, with what was typed, what is wrong with it, and the line that was just put right.
fn form(me: &SignedIn, rules: &Rules, change: &Change, mistakes: &[Mistake], repaired: Option<usize>) -> Markup {
    let mode = |mode, text: &str| {
        let (value, id) = if mode == ListMode::On { ("on", "mode-on") } else { ("off", "mode-off") };
        html! {
            div class="choice" {
                input type="radio" id=(id) name="mode" value=(value) checked[change.mode == mode];
                label for=(id) { (text) }
            }
        }
    };
    let described = if mistakes.is_empty() { "text-hint" } else { "text-hint text-error" };
    let body = html! {
        @if let Some(line) = repaired { (done(&format!("Line {line} was written anew."))) }
        @if !mistakes.is_empty() { (problem("Not every line can be read. Nothing was changed.")) }
        p { (rules.version()) }
        form method="post" action="/network/review" {
            (csrf(&me.csrf))
            input type="hidden" name="version" value=(change.version);
            fieldset {
                legend { "Who may sign in and go on" }
                (mode(ListMode::On, "only whom the list allows"))
                (mode(ListMode::Off, "everybody; the list is kept and not used"))
            }
            div class="field wide" {
                label for="text" { "Addresses, one entry a line" }
                div class="hint" id="text-hint" {
                    p { "A network, an address or a range. Before it may stand " code { "deny" } "; after it " code { "from" }
                        " or " code { "until" } " and a day, and a note after " code { "#" } ":" }
                    pre { "deny 198.51.100.64-198.51.100.80 until 2026-12-01  # guests" }
                }
                textarea id="text" name="text" rows="10" spellcheck="false" autocapitalize="off" autocomplete="off"
                    aria-describedby=(described) aria-invalid=[(!mistakes.is_empty()).then_some("true")] { "\n" (change.text) }
                @if !mistakes.is_empty() {
                    ul class="error" id="text-error" { @for mistake in mistakes { li { (said(mistake)) } } }
                }
            }
            div class="actions" { button { "Review the change" } a href="/network" { "Leave it as it is" } }
        }
    };
    layout("Change the network rules", Some(me), body)
}

/// Where it is, what it is, and what is offered.
fn said(mistake: &Mistake) -> Markup {
    html! {
        @if let Some(line) = mistake.line { "Line " (line) }
        @if let Some(column) = mistake.column { ", character " (column) }
        @if mistake.line.is_some() { ": " }
        (mistake.says) ". "
        @if let (Some(line), Some(repair)) = (mistake.line, &mistake.repair) {
            button class="quiet" name="repair" value={ (line) " " (repair) } { "Write “" (repair.trim()) "”" }
        }
    }
}
