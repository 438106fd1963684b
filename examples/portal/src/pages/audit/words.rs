//! Records in plain words.

use std::collections::BTreeMap;

use clausework::audit::record::{ActorKind, Body, Outcome, Phase, Record, Who};
use clausework::clause::Clause;

use crate::database::User;

/// The names of a tenant's users, by account.
pub struct Names(BTreeMap<String, String>);

impl Names {
    pub fn of(users: Vec<User>) -> Self {
        Self(users.into_iter().map(|user| (user.account.to_string(), user.display_name)).collect())
    }

    /// Who that is, with the account: two users may have one name.
    pub fn actor(&self, who: Who<'_>) -> String {
        let id = who.id().unwrap_or_default();
        match who.kind() {
            ActorKind::User => self.account(id),
            ActorKind::Staff => format!("support ({id})"),
            ActorKind::Unauthenticated => "somebody not signed in".into(),
            ActorKind::Job | ActorKind::Service => format!("the portal ({id})"),
            ActorKind::ApiKey => format!("a program ({id})"),
            kind => format!("{} ({id})", kind.as_str()),
        }
    }

    /// Every account with its name, for a choice.
    pub fn all(&self) -> impl Iterator<Item = (String, String)> + '_ {
        self.0.keys().map(|id| (id.clone(), self.account(id)))
    }

    /// Whose account it is about, if that is somebody else's than the actor's.
    pub fn concerned(&self, record: &Record<'_>) -> Option<String> {
        let id = record.about().id();
        (self.0.contains_key(id) && record.actor().id() != Some(id)).then(|| self.account(id))
    }

    fn account(&self, id: &str) -> String {
        self.0.get(id).map_or_else(|| format!("account {id}"), |name| format!("{name} ({id})"))
    }
}

/// What happened. A code that has no words here is shown as it is: a later version may write more.
pub fn what(record: &Record<'_>) -> String {
    if let Some(words) = own(record) {
        return words;
    }
    match words(record.code()) {
        Some(words) => words.into(),
        None => record.code().replace(['.', '_'], " "),
    }
}

/// What the log says of itself.
fn own(record: &Record<'_>) -> Option<String> {
    Some(match record.body() {
        Body::LogStarted { .. } => "The audit log was begun".into(),
        Body::LogStopped { .. } => "The audit log was stopped".into(),
        Body::Heartbeat { .. } => "Nothing happened; the log was looked after all the same".into(),
        Body::Gap { count: Some(count), .. } => {
            format!("{count} events could not be recorded; the reason is in the details")
        }
        Body::Gap { .. } => "Events could not be recorded".into(),
        Body::LogRead { count, .. } => format!("The audit log was read: {count} records"),
        Body::KeyChange { .. } => "The key that signs the log was changed".into(),
        Body::ErasureIntent { .. } => "Values are to be erased".into(),
        Body::ErasureDone { count, .. } => format!("Values were erased: {count}"),
        Body::PurgeIntent { .. } => "Records whose time is over are to be deleted".into(),
        Body::PurgeDone { count, .. } => format!("Records whose time is over were deleted: {count}"),
        Body::HoldSet { .. } => "A legal hold was set".into(),
        Body::HoldLifted { .. } => "A legal hold was lifted".into(),
        Body::IntentWithdrawn { .. } => "An intent to delete was given up".into(),
        Body::Review { findings, .. } => format!("What administrators did was reviewed: {findings} findings"),
        Body::ConfigChanged { .. } => "What is logged was changed".into(),
        Body::Event | Body::Access { .. } | Body::Change { .. } | Body::Bulk { .. } => return None,
    })
}

fn words(code: &str) -> Option<&'static str> {
    Some(match code {
        "sign_in.attempted" => "A sign-in was attempted",
        "sign_in.signed_in" => "Signed in",
        "sign_in.rejected" => "A sign-in was rejected",
        "sign_in.locked" => "A sign-in was refused: the account is locked",
        "sign_in.expired" => "A sign-in was refused: the temporary password has expired",
        "sign_in.change_required" => "Signed in with a temporary password: it must be changed first",
        "sign_in.change_refused" => "A new password was refused",
        "sign_in.access_refused" => "A sign-in was refused: not from this network",
        "sign_in.busy" => "A sign-in was put off: too many attempts at once",
        "sign_in.overloaded" => "A sign-in was put off: the portal was busy",
        "session.opened" => "A session was opened",
        "session.ended" => "A session was ended by its user",
        "session.revoked" | "session.revoked_all" => "Sessions were ended",
        "session.locked" => "A session was locked because it was idle",
        "session.expired" => "A session came to its end",
        "session.refused" => "A session was refused",
        "session.reactivated" => "A locked session was opened again",
        "session.rotated" | "session.replaced" | "session.superseded" => "A session was renewed",
        "session.evicted" | "session.full" => "The oldest session was ended: too many were open",
        "session.disabled" => "An account was disabled: it was not used for too long",
        "session.enabled" => "An account was enabled again",
        "lockout.locked" => "An account was locked after too many failures",
        "lockout.opened" => "A lock came to its end",
        "lockout.unlocked" => "An account was unlocked",
        "lockout.disabled" => "An account was locked until an administrator opens it",
        "lockout.lapsed" => "An attempt was given up and counts as a failure",
        "credential.created" => "A temporary password was handed out",
        "credential.reissued" => "Another temporary password was handed out",
        "credential.changed" => "A password was changed",
        "credential.issue_refused" => "A temporary password was refused",
        "credential.rehashed" => "A stored password was strengthened",
        "access.list_changed" => "The network rules were changed",
        "access.list_forced" => "The network rules were changed against a warning",
        "staff.requested" => "Support asked for access",
        "staff.request_refused" => "Support asked for access and was refused",
        "staff.approval_given" => "Access for support was approved by one; another approval is needed",
        "staff.approved" => "Access for support was approved",
        "staff.approval_refused" => "An approval of access for support did not count",
        "staff.dismissed" | "staff.withdrawn" => "A request of support was turned down or taken back",
        "staff.used" => "Support used its access",
        "staff.use_refused" => "Support tried to use access that it does not have",
        "staff.revoked" | "staff.revoked_all" => "Access of support was ended",
        "staff.grant_ended" => "Access of support came to its end",
        "staff.glass_broken" => "Support used emergency access",
        "staff.glass_reviewed" => "Emergency access of support was reviewed",
        "staff.notice_given" => "The customer was told of emergency access",
        "portal.agreement_event_noted" => "An event of the agreement was noted",
        "portal.policies_changed" => "The policies in force were changed",
        _ => return None,
    })
}

/// How it ended.
pub fn outcome(phase: Phase) -> &'static str {
    match phase.outcome() {
        Some(Outcome::Success) => "done",
        Some(Outcome::Denied) => "refused",
        Some(Outcome::Failed) => "failed",
        Some(Outcome::TimedOut) => "timed out",
        Some(Outcome::Unknown) => "unknown",
        None => "begun",
    }
}

/// The clauses, each with its name where this version knows it.
pub fn clauses<'a>(record: &Record<'a>) -> impl Iterator<Item = String> + use<'a> {
    record.clauses().map(|id| match Clause::find(id) {
        Some(clause) => format!("{id}, {}", clause.name()),
        None => id.to_owned(),
    })
}
