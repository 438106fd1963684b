use core::fmt;

use serde::{Deserialize, Serialize};

use super::condition::{LOGIN_DATA_REMOVED, LOGIN_DATA_STORED};
use crate::clause;
use crate::event::Fact;
use crate::id::{OpaqueId, TenantId};
use crate::lockout::Mark;
use crate::secret::{Keyring, Secret};
use crate::store::{Key, Record, Transition};
use crate::time::{Now, Timestamp};

/// What kind of login data was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LoginData {
    /// A password.
    Password,
    /// A one-time or recovery code.
    Code,
    /// A session token or an API key.
    Token,
}

impl LoginData {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Code => "code",
            Self::Token => "token",
        }
    }
}

/// Login data of a customer that was found in a file, a ticket or the CRM, where none may be kept (E-5.6b): where, and of
/// what kind. The data itself is not in it, nor anything by which it could be guessed.
///
/// ```
/// use clausework::id::OpaqueId;
/// use clausework::secret::Keyring;
/// use clausework::staff::{LoginData, LoginFinding, login_data_removed, report_login_data};
/// use clausework::store::Next;
/// use clausework::Secret;
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
///
/// let keys = Keyring::new(OpaqueId::try_new("2026-11")?, [7; 32]);
/// let found = LoginFinding::new(OpaqueId::try_new("crm-note-815")?, LoginData::Password, now)
///     .marked(&keys, &Secret::from("Winter-2026")); // a keyed mark, to know it again elsewhere
/// let (Next::Put(open), _, facts) = report_login_data(found).into_parts() else { panic!() };
/// assert_eq!(facts[0].code().as_str(), "staff.login_data_stored");
/// assert!(!format!("{open:?} {}", serde_json::to_string(&open)?).contains("Winter"));
///
/// let (Next::PutUntil { state, .. }, ..) = login_data_removed(Some(open), now).into_parts() else { panic!() };
/// assert!(!state.is_open());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoginFinding {
    place: OpaqueId,
    kind: LoginData,
    found_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mark: Option<Mark>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    removed_at: Option<Timestamp>,
}

impl Record for LoginFinding {
    const KIND: &'static str = "staff_login_data";
    const VERSION: u16 = 1;
}

impl LoginFinding {
    /// Found now, in this place: the id of a file, a ticket, an entry.
    #[must_use]
    pub const fn new(place: OpaqueId, kind: LoginData, now: Now) -> Self {
        Self { place, kind, found_at: now.timestamp(), mark: None, removed_at: None }
    }

    /// With a keyed mark of what was found, so that the same data is known again. A plain digest of a password would be
    /// as good as the password.
    #[must_use]
    pub fn marked(self, keyring: &Keyring, found: &Secret) -> Self {
        let mark = Mark::of(keyring.mark_key(), "staff-login-data", &[found.expose().as_bytes()]);
        Self { mark: Some(mark), ..self }
    }

    /// The key of its record: one for each place.
    #[must_use]
    pub fn key(tenant: &TenantId, place: &OpaqueId) -> Key {
        Key::of::<Self>(tenant.clone(), place)
    }

    /// Where.
    #[must_use]
    pub const fn place(&self) -> &OpaqueId {
        &self.place
    }

    /// Of what kind.
    #[must_use]
    pub const fn kind(&self) -> LoginData {
        self.kind
    }

    /// When it was found.
    #[must_use]
    pub const fn found_at(&self) -> Timestamp {
        self.found_at
    }

    /// Whether it is still there.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.removed_at.is_none()
    }

    fn fact(&self, fact: Fact) -> Fact {
        fact.under(clause::E_5_6B).with("place", &self.place).with("kind", self.kind.as_str())
    }
}

/// Without the mark.
impl fmt::Debug for LoginFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { place, kind, found_at, removed_at, .. } = self;
        let mut shown = f.debug_struct("LoginFinding");
        shown.field("place", place).field("kind", kind).field("found_at", found_at).field("removed_at", removed_at);
        shown.finish_non_exhaustive()
    }
}

/// Reports a violation: login data of a customer is kept (E-5.6b). It stays open until the data is removed.
pub fn report_login_data(found: LoginFinding) -> Transition<LoginFinding, ()> {
    let fact = found.fact(Fact::failure(LOGIN_DATA_STORED));
    let fact = match found.mark {
        Some(mark) => fact.with("mark", mark),
        None => fact,
    };
    Transition::put(found, ()).with(fact)
}

/// Notes that the data is gone. Its record is collected a day later.
pub fn login_data_removed(state: Option<LoginFinding>, now: Now) -> Transition<LoginFinding, ()> {
    match state {
        Some(state) if state.is_open() => {
            let fact = state.fact(Fact::success(LOGIN_DATA_REMOVED));
            let state = LoginFinding { mark: None, removed_at: Some(now.timestamp()), ..state };
            Transition::put(state, ()).collect_after(now.plus(crate::time::KEPT_AFTER_END)).with(fact)
        }
        _ => Transition::keep(()),
    }
}
