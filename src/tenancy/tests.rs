use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use super::*;
use crate::event::{Actor, Origin, Provenance};
use crate::id::{AccountId, OpaqueId, TenantId};
use crate::store::{Next, Transition};
use crate::time::{Now, Timestamp};

mod administration;
mod confidential;
mod decisions;
mod model;
mod scopes;
mod shares;

pub(super) struct Payslip {
    pub(super) id: &'static str,
    pub(super) amount: u64,
}

impl Resource for Payslip {
    const KIND: &'static str = "payslip";
    const PURPOSE: &'static str = "payroll";

    fn id(&self) -> &str {
        self.id
    }
}

pub(super) struct Holiday;

impl Resource for Holiday {
    const KIND: &'static str = "holiday";
    const PURPOSE: &'static str = "planning";

    fn id(&self) -> &str {
        "h-1"
    }
}

pub(super) fn tenant() -> TenantId {
    TenantId::try_new("acme").unwrap()
}

pub(super) fn account(id: &str) -> AccountId {
    AccountId::try_new(id).unwrap()
}

pub(super) fn id(id: &str) -> OpaqueId {
    OpaqueId::try_new(id).unwrap()
}

pub(super) fn me(id: &str) -> Principal {
    Principal::vouched_for(tenant(), account(id))
}

pub(super) fn purpose(name: &str) -> Purpose {
    Purpose::try_new(name).unwrap()
}

pub(super) fn roles_named(names: &[&str]) -> BTreeSet<RoleId> {
    names.iter().map(|name| RoleId::try_new(*name).unwrap()).collect()
}

pub(super) fn fields(names: &[&str]) -> Vec<Field> {
    names.iter().map(|name| Field::try_new(*name).unwrap()).collect()
}

/// Noon of the day on which everything here happens, and some microseconds.
pub(super) fn at(micros: i64) -> Now {
    Timestamp::from_micros(1_795_000_000_000_000 + micros).unwrap().into()
}

/// `+read,change payslip` or `-read payslip.salary`: `*` is all kinds.
pub(super) fn rule(name: &str, text: &str) -> Rule {
    let (effect, rest) = text.split_at(1);
    let (actions, of) = rest.split_once(' ').unwrap();
    let (kind, field) = of.split_once('.').map_or((of, None), |(kind, field)| (kind, Some(field)));
    let actions: Vec<Action> = match actions {
        "all" => Action::ALL.to_vec(),
        _ => actions.split(',').map(|word| *Action::ALL.iter().find(|one| one.as_str() == word).unwrap()).collect(),
    };
    let kinds = if kind == "*" { Span::All } else { Span::only([ResourceKind::try_new(kind).unwrap()]) };
    let name = RuleId::try_new(name).unwrap();
    let rule = match effect {
        "+" => Rule::allow(name, Actions::of(&actions), kinds),
        "-" => Rule::deny(name, Actions::of(&actions), kinds),
        _ => panic!("{text}"),
    };
    field.into_iter().fold(rule, |rule, field| rule.with_fields(fields(&[field])))
}

pub(super) fn role(name: &str, rules: &[&str]) -> Role {
    let role = Role::new(RoleId::try_new(name).unwrap());
    rules.iter().enumerate().fold(role, |role, (index, text)| role.rule(rule(&format!("r{index}"), text)))
}

pub(super) fn policy(roles: impl IntoIterator<Item = Role>) -> RolePolicy {
    RolePolicy::try_new(roles).unwrap()
}

/// A tenant with these roles, and `u-1` as the administrator who may do everything.
pub(super) fn state(roles: impl IntoIterator<Item = Role>) -> TenantState {
    let administrators = [(account("u-1"), roles_named(&["owner"]))].into_iter().collect();
    let roles = policy([role("owner", &["+all *"])].into_iter().chain(roles));
    TenantState { roles, administrators, changes: 1 }
}

pub(super) fn profile(roles: &[&str]) -> ProfileState {
    ProfileState::Open { person: id("p-1"), function: None, roles: roles_named(roles) }
}

/// The purposes that the kinds of the tests were collected for, and a screen for each.
pub(super) fn purposes() -> PurposePolicy {
    let screen = |name: &str| Interface::try_new(name).unwrap();
    PurposePolicy::builder()
        .purpose(purpose("payroll"))
        .purpose(purpose("planning"))
        .purpose(purpose("audit"))
        .compatible(purpose("audit"), purpose("payroll"))
        .interface(screen("payslips"), [purpose("payroll")])
        .interface(screen("audit-report"), [purpose("audit")])
        .build()
        .unwrap()
}

pub(super) fn verdict(
    tenant: &TenantState,
    profile: &ProfileState,
    shares: Option<&SharesState>,
    now: Now,
    action: Action,
    resource: Option<&str>,
) -> Verdict<Payslip> {
    let (purposes, payroll) = (purposes(), purpose("payroll"));
    let usage = purposes.usage(&Interface::try_new("payslips").unwrap(), &payroll);
    let resource = resource.map(id);
    let request = match &resource {
        Some(resource) => Request::to(action, resource, usage),
        None => Request::to_kind(action, usage),
    };
    let standing = Standing { tenant: Some(tenant), profile: Some(profile), shares };
    decide::<Payslip>(&standing, now, &me("u-2"), &request)
}

pub(super) fn codes_of(missing: &[Missing]) -> Vec<&'static str> {
    missing.iter().map(|missing| missing.code().as_str()).collect()
}
