use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

/// What is done to a resource.
///
/// Input, reading, change and deletion are those of A2-Input-1. Listing and searching are reading.
///
/// ```
/// use clausework::tenancy::Action;
///
/// assert_eq!(Action::Export.as_str(), "export");
/// assert!(Action::Read.is_by_field() && !Action::Delete.is_by_field());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(clippy::exhaustive_enums, reason = "closed: part of the stored form of version 1")]
pub enum Action {
    /// Looks at it, alone or in a list.
    Read,
    /// Makes one.
    Create,
    /// Changes it.
    Change,
    /// Deletes it.
    Delete,
    /// Takes it out of the system: a file, an interface, paper.
    Export,
    /// Changes its settings. Roles, profiles and shares are not the host's resources: they are changed by the
    /// tenant's administrators ([`administer`](super::administer)), and no role makes anybody one.
    Administer,
    /// Shares it with others of the tenant.
    Share,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 7] =
        [Self::Read, Self::Create, Self::Change, Self::Delete, Self::Export, Self::Administer, Self::Share];

    /// The word for it, such as `read`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Create => "create",
            Self::Change => "change",
            Self::Delete => "delete",
            Self::Export => "export",
            Self::Administer => "administer",
            Self::Share => "share",
        }
    }

    /// Whether it can be done to some fields and not to others.
    #[must_use]
    pub const fn is_by_field(self) -> bool {
        matches!(self, Self::Read | Self::Create | Self::Change | Self::Export)
    }

    const fn bit(self) -> u8 {
        match self {
            Self::Read => 1,
            Self::Create => 1 << 1,
            Self::Change => 1 << 2,
            Self::Delete => 1 << 3,
            Self::Export => 1 << 4,
            Self::Administer => 1 << 5,
            Self::Share => 1 << 6,
        }
    }
}

/// A set of [`Action`]s; in a file a list of their words.
///
/// ```
/// use clausework::tenancy::{Action, Actions};
///
/// let actions = Actions::of(&[Action::Read, Action::Export]);
/// assert!(actions.has(Action::Read) && !actions.has(Action::Delete));
/// assert_eq!(serde_json::to_string(&actions)?, r#"["read","export"]"#);
/// assert!(serde_json::from_str::<Actions>(r#"["read","read"]"#).is_err()); // twice: somebody meant something else
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<Action>", into = "Vec<Action>")]
pub struct Actions(u8);

impl Actions {
    /// Every action.
    pub const ALL: Self = Self::of(&Action::ALL);

    /// These; naming one twice is the same as once.
    #[must_use]
    pub const fn of(mut actions: &[Action]) -> Self {
        let mut bits = 0;
        while let [first, rest @ ..] = actions {
            bits |= first.bit();
            actions = rest;
        }
        Self(bits)
    }

    /// Whether this is one of them.
    #[must_use]
    pub const fn has(self, action: Action) -> bool {
        self.0 & action.bit() != 0
    }

    /// Whether all of these are among them.
    #[must_use]
    pub const fn has_all(self, others: Self) -> bool {
        others.0 & !self.0 == 0
    }

    pub(super) const fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Each, in the order of [`Action::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Action> {
        Action::ALL.into_iter().filter(move |action| self.has(*action))
    }
}

impl From<Actions> for Vec<Action> {
    fn from(actions: Actions) -> Self {
        actions.iter().collect()
    }
}

impl TryFrom<Vec<Action>> for Actions {
    type Error = ActionTwice;

    fn try_from(list: Vec<Action>) -> Result<Self, ActionTwice> {
        let actions = Self::of(&list);
        if actions.iter().count() == list.len() { Ok(actions) } else { Err(ActionTwice) }
    }
}

/// An action stands twice in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an action stands twice in the list")]
#[non_exhaustive]
pub struct ActionTwice;
