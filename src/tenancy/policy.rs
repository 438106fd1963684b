use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{Action, Actions, Field, Function, ResourceKind, RoleId, RuleId};
use crate::access::Effect;

/// All of something, or only these. In a file `"all"` or `{ "only": [...] }`: nothing is all by being left out.
///
/// ```
/// use clausework::tenancy::{ResourceKind, Span};
///
/// let some: Span<ResourceKind> = serde_json::from_str(r#"{ "only": ["payslip"] }"#)?;
/// assert!(some.holds("payslip") && !some.holds("holiday"));
/// assert!(Span::<ResourceKind>::All.holds("holiday"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(clippy::exhaustive_enums, reason = "closed: all or some")]
pub enum Span<N: Ord> {
    /// All there are, now and later.
    All,
    /// Only these.
    Only(BTreeSet<N>),
}

impl<N: Ord> Span<N> {
    /// Only these.
    pub fn only(names: impl IntoIterator<Item = N>) -> Self {
        Self::Only(names.into_iter().collect())
    }

    fn names(&self) -> impl Iterator<Item = &N> {
        match self {
            Self::All => None,
            Self::Only(names) => Some(names),
        }
        .into_iter()
        .flatten()
    }

    fn is_empty(&self) -> bool {
        matches!(self, Self::Only(names) if names.is_empty())
    }
}

impl<N: Ord + core::borrow::Borrow<str>> Span<N> {
    /// Whether this is one of them.
    #[must_use]
    pub fn holds(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(names) => names.contains(name),
        }
    }
}

/// What a role may do, or may not: actions on kinds of resources, or on some fields of theirs.
///
/// A deny wins over every allow, of whatever role. A rule with fields is about those fields only, and about actions
/// that are done by field.
///
/// ```
/// use clausework::tenancy::{Action, Actions, Field, ResourceKind, Rule, RuleId, Span};
///
/// let files = Span::only([ResourceKind::try_new("personnel_file")?]);
/// let reads = Rule::allow(RuleId::try_new("reads-files")?, Actions::of(&[Action::Read]), files.clone());
/// let salary = Rule::deny(RuleId::try_new("no-salary")?, Actions::of(&[Action::Read]), files)
///     .with_fields([Field::try_new("salary")?]);
/// assert_eq!((reads.id().as_str(), salary.id().as_str()), ("reads-files", "no-salary"));
/// # Ok::<(), clausework::id::IdError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    id: RuleId,
    effect: Effect,
    actions: Actions,
    kinds: Span<ResourceKind>,
    #[serde(default = "all", skip_serializing_if = "is_all")]
    fields: Span<Field>,
    #[serde(skip)]
    sieve: Sieve,
}

/// Bits of the kinds that a rule is about, so that most rules are passed over without comparing text. All bits until
/// [`RolePolicy`] has set them; it says nothing that the kinds do not.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sieve(u64);

impl Sieve {
    /// The bit of a kind (by FNV-1a; that two kinds have the same one costs time and nothing else).
    pub(super) fn of(kind: &str) -> Self {
        let mix = |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        let hash = kind.bytes().fold(0xcbf2_9ce4_8422_2325, mix);
        Self(1 << (hash >> 58))
    }

    const fn may_hold(self, kind: Self) -> bool {
        self.0 & kind.0 != 0
    }
}

impl Default for Sieve {
    fn default() -> Self {
        Self(u64::MAX)
    }
}

impl PartialEq for Sieve {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Sieve {}

const fn all() -> Span<Field> {
    Span::All
}

const fn is_all(fields: &Span<Field>) -> bool {
    matches!(fields, Span::All)
}

impl Rule {
    /// These actions may be done to these kinds.
    #[must_use]
    pub const fn allow(id: RuleId, actions: Actions, kinds: Span<ResourceKind>) -> Self {
        Self { id, effect: Effect::Allow, actions, kinds, fields: Span::All, sieve: Sieve(u64::MAX) }
    }

    /// They may not, whatever else allows them.
    #[must_use]
    pub const fn deny(id: RuleId, actions: Actions, kinds: Span<ResourceKind>) -> Self {
        Self { id, effect: Effect::Deny, actions, kinds, fields: Span::All, sieve: Sieve(u64::MAX) }
    }

    /// Of these fields only.
    #[must_use]
    pub fn with_fields(mut self, fields: impl IntoIterator<Item = Field>) -> Self {
        self.fields = Span::only(fields);
        self
    }

    /// Its name within the role.
    #[must_use]
    pub const fn id(&self) -> &RuleId {
        &self.id
    }

    /// Whether it allows or denies.
    #[must_use]
    pub const fn effect(&self) -> Effect {
        self.effect
    }

    /// Which actions it is about.
    #[must_use]
    pub const fn actions(&self) -> Actions {
        self.actions
    }

    /// Which kinds of resources it is about.
    #[must_use]
    pub const fn kinds(&self) -> &Span<ResourceKind> {
        &self.kinds
    }

    /// Which fields of theirs it is about.
    #[must_use]
    pub const fn fields(&self) -> &Span<Field> {
        &self.fields
    }

    pub(super) fn is_about(&self, action: Action, kind: &str, sieve: Sieve) -> bool {
        self.actions.has(action) && self.sieve.may_hold(sieve) && self.kinds.holds(kind)
    }
}

/// A role: a name, its rules, and the function it belongs to if there is one.
///
/// A role of a function may be held by accounts of that function alone (A2-Use-2). Roles do not inherit from each
/// other: an account has as many as it needs, and what each says stands in one place.
///
/// ```
/// use clausework::tenancy::{Action, Actions, Role, RoleId, Rule, RuleId, Span};
///
/// let everything = Rule::allow(RuleId::try_new("everything")?, Actions::ALL, Span::All);
/// let owner = Role::new(RoleId::try_new("owner")?).rule(everything);
/// assert_eq!(owner.rules().len(), 1);
/// # Ok::<(), clausework::id::IdError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    id: RoleId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    function: Option<Function>,
    rules: Vec<Rule>,
}

impl Role {
    /// A role that says nothing yet.
    #[must_use]
    pub const fn new(id: RoleId) -> Self {
        Self { id, function: None, rules: Vec::new() }
    }

    /// Adds a rule. Their order says nothing.
    #[must_use]
    pub fn rule(mut self, rule: Rule) -> Self {
        self.rules.push(rule);
        self
    }

    /// For accounts of this function alone.
    #[must_use]
    pub fn of_function(mut self, function: Function) -> Self {
        self.function = Some(function);
        self
    }

    /// Its name.
    #[must_use]
    pub const fn id(&self) -> &RoleId {
        &self.id
    }

    /// The function it belongs to.
    #[must_use]
    pub const fn function(&self) -> Option<&Function> {
        self.function.as_ref()
    }

    /// Its rules.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }
}

/// A tenant's authorisation policy: its roles (A2-Use-4, A2-Input-1).
///
/// What no rule allows is denied, and a deny wins. The order of roles and rules, and naming one role twice, change no
/// decision. Small on purpose: a host that needs conditions on attributes uses a policy language.
///
/// ```
/// use clausework::tenancy::{RolePolicy, RolePolicyError};
///
/// let file = r#"[{ "id": "hr-clerk", "rules": [
///     { "id": "files", "effect": "allow", "actions": ["read", "change"], "kinds": { "only": ["personnel_file"] } },
///     { "id": "no-salary", "effect": "deny", "actions": ["read"], "kinds": "all", "fields": { "only": ["salary"] } }
/// ] }]"#;
/// let policy: RolePolicy = serde_json::from_str(file)?;
/// assert_eq!(policy.role("hr-clerk").ok_or("none")?.rules().len(), 2);
///
/// let by_field = file.replace(r#"["read"], "kinds": "all""#, r#"["delete"], "kinds": "all""#);
/// assert!(serde_json::from_str::<RolePolicy>(&by_field).is_err()); // a field cannot be deleted by itself
/// assert!(serde_json::from_str::<RolePolicy>(&file.replace("\"kinds\": \"all\", ", "")).is_err()); // nor left out
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Role>", into = "Vec<Role>")]
pub struct RolePolicy(Vec<Role>); // sorted by id, no id twice

impl RolePolicy {
    /// The most roles. With the rules and names below it bounds what a change costs: by an administrator who may not do
    /// everything it is measured at 65 kinds × 65 fields × 7 actions, each against every rule that may matter.
    pub const MAX_ROLES: usize = 64;
    /// The most rules, of all roles together.
    pub const MAX_RULES: usize = 256;
    /// The most kinds of resources, and the most fields, that rules may name.
    pub const MAX_NAMES: usize = 64;
    /// The longest policy as text, in bytes: with the administrators beside it, it fits into one record of 64 KiB.
    pub const MAX_BYTES: usize = 40 * 1024;

    /// Checks the roles.
    ///
    /// # Errors
    /// [`RolePolicyError`] for the first that is wrong.
    pub fn try_new(roles: impl IntoIterator<Item = Role>) -> Result<Self, RolePolicyError> {
        use RolePolicyError as Error;
        let mut roles: Vec<Role> = roles.into_iter().collect();
        roles.sort_by(|a, b| a.id.cmp(&b.id));
        let rules = || roles.iter().flat_map(|role| role.rules.iter().map(move |rule| (role, rule)));
        if roles.len() > Self::MAX_ROLES || rules().count() > Self::MAX_RULES {
            return Err(Error::TooMany { roles: roles.len(), rules: rules().count() });
        }
        for (role, next) in roles.iter().zip(roles.iter().skip(1)) {
            if role.id == next.id {
                return Err(Error::RoleTwice { role: role.id.clone() });
            }
        }
        let mut ids = BTreeSet::new();
        for (role, rule) in rules() {
            let wrong = |why| Err(Error::Rule { role: role.id.clone(), rule: rule.id.clone(), why });
            if !ids.insert((&role.id, &rule.id)) {
                return wrong(RuleFlaw::Twice);
            }
            if rule.actions.is_empty() || rule.kinds.is_empty() || rule.fields.is_empty() {
                return wrong(RuleFlaw::Nothing);
            }
            if matches!(rule.fields, Span::Only(_)) && rule.actions.iter().any(|action| !action.is_by_field()) {
                return wrong(RuleFlaw::NotByField);
            }
        }
        let kinds: BTreeSet<_> = rules().flat_map(|(_, rule)| rule.kinds.names()).collect();
        let fields: BTreeSet<_> = rules().flat_map(|(_, rule)| rule.fields.names()).collect();
        if kinds.len().max(fields.len()) > Self::MAX_NAMES {
            return Err(Error::TooManyNames { kinds: kinds.len(), fields: fields.len() });
        }
        let found = serde_json::to_string(&roles).map_or(usize::MAX, |text: String| text.len());
        if found > Self::MAX_BYTES {
            return Err(Error::TooLong { found });
        }
        for rule in roles.iter_mut().flat_map(|role| &mut role.rules) {
            if let Span::Only(kinds) = &rule.kinds {
                rule.sieve = Sieve(kinds.iter().fold(0, |bits, kind| bits | Sieve::of(kind.as_str()).0));
            }
        }
        Ok(Self(roles))
    }

    /// The roles, sorted by name.
    #[must_use]
    pub fn roles(&self) -> &[Role] {
        &self.0
    }

    /// The role of this name.
    #[must_use]
    pub fn role(&self, id: &str) -> Option<&Role> {
        let index = self.0.binary_search_by(|role| role.id.as_str().cmp(id)).ok()?;
        self.0.get(index)
    }

    /// With this role, in place of the one of its name if there is one.
    pub(super) fn with(&self, role: Role) -> Result<Self, RolePolicyError> {
        let others = self.0.iter().filter(|other| other.id != role.id).cloned();
        Self::try_new(others.chain([role.clone()]))
    }

    pub(super) fn kinds(&self) -> BTreeSet<&str> {
        self.rules().flat_map(|rule| rule.kinds.names()).map(ResourceKind::as_str).collect()
    }

    pub(super) fn fields(&self) -> BTreeSet<&str> {
        self.rules().flat_map(|rule| rule.fields.names()).map(Field::as_str).collect()
    }

    fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.0.iter().flat_map(|role| &role.rules)
    }
}

impl TryFrom<Vec<Role>> for RolePolicy {
    type Error = RolePolicyError;

    fn try_from(roles: Vec<Role>) -> Result<Self, RolePolicyError> {
        Self::try_new(roles)
    }
}

impl From<RolePolicy> for Vec<Role> {
    fn from(policy: RolePolicy) -> Self {
        policy.0
    }
}

/// Why there is no such policy of roles.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RolePolicyError {
    /// More than [`RolePolicy::MAX_ROLES`] or [`RolePolicy::MAX_RULES`].
    #[error("{roles} roles with {rules} rules are more than 64 with 256")]
    TooMany {
        /// Roles found.
        roles: usize,
        /// Rules found.
        rules: usize,
    },
    /// More names than [`RolePolicy::MAX_NAMES`].
    #[error("rules that name {kinds} kinds and {fields} fields name more than 64")]
    TooManyNames {
        /// Kinds found.
        kinds: usize,
        /// Fields found.
        fields: usize,
    },
    /// Over [`RolePolicy::MAX_BYTES`].
    #[error("the roles have {found} bytes as text, more than 40 KiB")]
    TooLong {
        /// Bytes found.
        found: usize,
    },
    /// Two roles of one name.
    #[error("the role {role} stands twice")]
    RoleTwice {
        /// Which.
        role: RoleId,
    },
    /// A rule that cannot be meant.
    #[error("rule {rule} of role {role}: {why}")]
    Rule {
        /// Of which role.
        role: RoleId,
        /// Which.
        rule: RuleId,
        /// What is wrong with it.
        why: RuleFlaw,
    },
}

/// What is wrong with a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum RuleFlaw {
    /// Another rule of the role has this name.
    #[error("its name stands twice")]
    Twice,
    /// It names no action, no kind or no field.
    #[error("it is about nothing")]
    Nothing,
    /// It names fields, and an action that is done to the whole.
    #[error("it names fields, and an action that is not done by field")]
    NotByField,
}
