//! How a new password stands against each rule: for the page, and for the script that asks while it is typed.

use clausework::Secret;
use clausework::password::{self, Context, Violation};
use clausework::screening::{UnknownPolicy, decide, screen_common};
use clausework::sign_in::SignInPolicy;
use maud::{Markup, html};
use serde_json::{Value, json};

/// The rules that need no slow hash, as the flow checks them first.
pub fn check(policy: &SignInPolicy, password: &Secret, context: &Context) -> Vec<Violation> {
    let mut found = password::check_with(policy.password(), password, context);
    if policy.screen_common() {
        found.extend(Violation::of_screening(decide(screen_common(password), UnknownPolicy::Accept)));
    }
    found
}

/// Every rule that is shown from the start, and what else was found.
pub struct Standing {
    lines: Vec<Line>,
    tried: bool,
}

struct Line {
    code: &'static str,
    text: String,
    met: Option<bool>,
}

impl Standing {
    /// Before a password was tried.
    pub fn untried(policy: &SignInPolicy) -> Self {
        let lines = shown(policy).iter().map(|violation| Line::of(violation, None)).collect();
        Self { lines, tried: false }
    }

    /// After one broke these rules. Of one with too many bytes nothing else was looked at.
    pub fn tried(policy: &SignInPolicy, broken: &[Violation]) -> Self {
        let shown = shown(policy);
        let is_searched = !broken.iter().any(|violation| matches!(violation, Violation::TooLong { .. }));
        let is_broken = |rule: &Violation| broken.iter().any(|violation| violation.code() == rule.code());
        let others = broken.iter().filter(|violation| shown.iter().all(|rule| rule.code() != violation.code()));
        let lines = shown.iter().map(|rule| Line::of(rule, is_searched.then(|| !is_broken(rule))));
        let lines = lines.chain(others.map(|violation| Line::of(violation, Some(false)))).collect();
        Self { lines, tried: true }
    }

    pub const fn is_tried(&self) -> bool {
        self.tried
    }

    /// The list; a script keeps it up to date and a screen reader says what changed.
    pub fn render(&self) -> Markup {
        html! {
            div class="rules" {
                p id="rules-title" { "What a password needs" }
                ul id="rules" aria-labelledby="rules-title" {
                    @for line in &self.lines {
                        li data-code=(line.code) class=[line.class()] { (line.text) span class="state" { (line.state()) } }
                    }
                }
                p id="rules-status" role="status" class="hint" {}
            }
        }
    }

    /// For the script: a line each, nothing of the password.
    pub fn to_json(&self) -> Value {
        let line = |line: &Line| json!({ "code": line.code, "text": line.text, "met": line.met });
        json!({ "rules": self.lines.iter().map(line).collect::<Vec<_>>() })
    }
}

impl Line {
    fn of(violation: &Violation, met: Option<bool>) -> Self {
        // Of a password that was tried the crate says what to do; these two are rules before one was.
        let text = match violation {
            Violation::Known { .. } if met != Some(false) => "Choose one that is on no list of common passwords".into(),
            Violation::ContextWord if met != Some(false) => {
                "Leave out your name and the names of company and product".into()
            }
            _ => sentence(&violation.to_string()),
        };
        Self { code: violation.code().as_str(), text, met }
    }

    const fn class(&self) -> Option<&'static str> {
        match self.met {
            None => None,
            Some(true) => Some("met"),
            Some(false) => Some("broken"),
        }
    }

    const fn state(&self) -> &'static str {
        match self.met {
            None => "",
            Some(true) => " – done",
            Some(false) => " – missing",
        }
    }
}

/// The rules of the policy. The upper limits are far away: they are told to whoever reaches them.
fn shown(policy: &SignInPolicy) -> Vec<Violation> {
    let mut rules = policy.password().rules();
    rules.retain(|rule| !matches!(rule, Violation::TooManyChars { .. } | Violation::TooLong { .. }));
    if policy.screen_common() {
        rules.push(Violation::Known { count: None });
    }
    rules
}

/// With a capital letter.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
