//! What roles come to, over every kind, action and field at once.

use alloc::collections::BTreeSet;

use super::{Action, Actions, Role, RoleId, RolePolicy, Rule, Span};
use crate::access::Effect;

/// A kind, an action, a field. `None` is any that no rule names: rules cannot tell those apart.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point<'a> {
    kind: Option<&'a str>,
    action: Action,
    field: Option<&'a str>,
}

#[cfg(test)]
impl Point<'_> {
    pub(super) fn is(&self, kind: Option<&str>, action: Action, field: Option<&str>) -> bool {
        (self.kind, self.action, self.field) == (kind, action, field)
    }
}

/// Every point that rules of these policies can tell apart.
pub(super) fn points<'a>(policies: &[&'a RolePolicy]) -> impl Iterator<Item = Point<'a>> {
    let kinds: BTreeSet<&str> = policies.iter().flat_map(|policy| policy.kinds()).collect();
    let fields: BTreeSet<&str> = policies.iter().flat_map(|policy| policy.fields()).collect();
    let kinds = kinds.into_iter().map(Some).chain([None]);
    kinds.flat_map(move |kind| {
        let fields = fields.clone().into_iter().map(Some).chain([None]);
        fields.flat_map(move |field| Action::ALL.into_iter().map(move |action| Point { kind, action, field }))
    })
}

fn covers(rule: &Rule, point: Point<'_>) -> bool {
    let kind = || point.kind.map_or(matches!(rule.kinds(), Span::All), |kind| rule.kinds().holds(kind));
    let field = || point.field.map_or(matches!(rule.fields(), Span::All), |field| rule.fields().holds(field));
    rule.actions().has(point.action) && kind() && field()
}

/// Whether a rule of this effect covers the point.
pub(super) fn says(role: Option<&Role>, effect: Effect, point: Point<'_>) -> bool {
    role.is_some_and(|role| role.rules().iter().any(|rule| rule.effect() == effect && covers(rule, point)))
}

/// Some roles together, as an account holds them.
pub(super) struct Holding<'a> {
    policy: &'a RolePolicy,
    roles: &'a BTreeSet<RoleId>,
}

impl<'a> Holding<'a> {
    pub(super) const fn of(policy: &'a RolePolicy, roles: &'a BTreeSet<RoleId>) -> Self {
        Self { policy, roles }
    }

    /// The roles, `None` for one that does not exist.
    fn resolved(&self) -> impl Iterator<Item = Option<&'a Role>> {
        self.roles.iter().map(|id| self.policy.role(id.as_str()))
    }

    /// Whether this is one of them.
    pub(super) fn has(&self, role: &RoleId) -> bool {
        self.roles.contains(role)
    }

    /// Whether they deny the point. A role that does not exist may have denied.
    pub(super) fn denies(&self, point: Point<'_>) -> bool {
        self.resolved().any(|role| role.is_none() || says(role, Effect::Deny, point))
    }

    /// Whether they allow the point, and do not deny it.
    pub(super) fn may(&self, point: Point<'_>) -> bool {
        !self.denies(point) && self.resolved().any(|role| says(role, Effect::Allow, point))
    }

    /// Whether they allow every point there is: nothing is denied, and every action is allowed on all of all kinds.
    pub(super) fn may_everything(&self) -> bool {
        let rules = || self.resolved().flatten().flat_map(Role::rules);
        let is_all = |rule: &&Rule| matches!((rule.kinds(), rule.fields()), (Span::All, Span::All));
        let allowed = rules().filter(is_all).fold(Actions::default(), |all, rule| all.and(rule.actions()));
        self.resolved().all(|role| role.is_some())
            && rules().all(|rule| rule.effect() == Effect::Allow)
            && allowed == Actions::ALL
    }
}
