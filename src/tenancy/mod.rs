//! Tenants, roles and sharing: each customer sees its own data, and of that each account what it may.
//!
//! | you want | use |
//! |---|---|
//! | say who asks | [`Principal`], from [`SignIn::principal`](crate::sign_in::SignIn::principal) or vouched for |
//! | label what you keep, so that nobody reads another tenant's | [`Resource`], [`Scoped`] |
//! | write queries that cannot forget the tenant | [`TenantFilter`] |
//! | ask whether somebody may do something, and why | [`ask`], or [`decide`] on what you have loaded |
//! | say what data may be used for | [`PurposePolicy`] |
//! | say what roles may do | [`RolePolicy`], [`Rule`] |
//! | begin a tenant, and let its administrators change roles and profiles | [`found()`], [`administer`] |
//! | share one resource with a colleague or a role | [`share`] |
//! | keep highly confidential values encrypted | [`Sealed`], [`ClassPolicy`] |
//!
//! ```
//! use std::collections::BTreeSet;
//! use clausework::event::{Actor, Origin, Provenance};
//! use clausework::id::OpaqueId;
//! use clausework::store::MemoryStore;
//! use clausework::tenancy::*;
//! use clausework::{AccountId, Now, TenantId, Timestamp};
//!
//! // Once: what is kept, what it was collected for, and which screen uses it for what.
//! struct Payslip { id: String, tenant: TenantId, amount: u64 }
//! impl Resource for Payslip {
//!     const KIND: &'static str = "payslip";
//!     const PURPOSE: &'static str = "payroll";
//!     fn id(&self) -> &str { &self.id }
//! }
//! /// A repository: it takes a filter and hands out labelled rows.
//! fn find(table: &[Payslip], id: &str, filter: &TenantFilter<Payslip>) -> Option<Scoped<Payslip>> {
//!     let row = table.iter().find(|row| row.id == id && row.tenant == *filter.tenant())?;
//!     Some(Scoped::stored(Some(row.tenant.clone()), Payslip { id: row.id.clone(), tenant: row.tenant.clone(), ..*row }))
//! }
//! let (payroll, screen) = (Purpose::try_new("payroll")?, Interface::try_new("payslips")?);
//! let purposes = PurposePolicy::builder().purpose(payroll.clone()).interface(screen.clone(), [payroll.clone()]).build()?;
//! let viewing = purposes.usage(&screen, &payroll);
//!
//! // A tenant begins with its key user, who may do everything.
//! let (store, now) = (MemoryStore::new(), Now::from(Timestamp::MIN)); // in a host: Now::from(Utc::now())
//! let (acme, key_user) = (TenantId::try_new("acme")?, AccountId::try_new("u-1")?);
//! let roles: RolePolicy = serde_json::from_str(r#"[{ "id": "owner", "rules": [{ "id": "everything", "effect": "allow",
//!     "actions": ["read", "create", "change", "delete", "export", "administer", "share"], "kinds": "all" }] }]"#)?;
//! let owner = BTreeSet::from([RoleId::try_new("owner")?]);
//! let founding = Founding { roles, key_user: key_user.clone(), person: OpaqueId::try_new("p-1")?, holds: owner };
//! let operator = Provenance::internal(Actor::Job(OpaqueId::try_new("onboarding")?));
//! assert_eq!(found(&store, now, &acme, &operator, &founding)?, AdministerOutcome::Done);
//!
//! // The key user adds a colleague, and shares one payslip with her until the end of the audit.
//! let (boss, origin) = (Principal::vouched_for(acme.clone(), key_user), Origin::Internal);
//! let ben = AccountId::try_new("u-2")?;
//! let adding = Administration::OpenProfile {
//!     account: ben.clone(), person: OpaqueId::try_new("p-2")?, function: None, roles: BTreeSet::new(),
//! };
//! assert_eq!(administer(&store, now, &boss, origin, &adding)?, AdministerOutcome::Done);
//! let (seven, eight) = (OpaqueId::try_new("s-7")?, OpaqueId::try_new("s-8")?);
//! let audit_ends = now.plus(core::time::Duration::from_secs(7 * 24 * 60 * 60));
//! let sharing = Sharing::Share {
//!     with: ShareWith::Account(ben.clone()), actions: Actions::of(&[Action::Read]), until: Some(audit_ends),
//! };
//! assert_eq!(share::<Payslip, _>(&store, now, &boss, origin, &seven, &sharing)?, ShareOutcome::Shared { number: 0 });
//!
//! // A request: who asks, for what. No filter without a verdict, no row without a filter.
//! let me = Principal::vouched_for(acme.clone(), ben); // or: guard.principal(&guard.touch_session(…)?)
//! let page = |now: Now, id: &OpaqueId, table: &[Payslip]| -> Result<u64, NotFound> {
//!     let request = Request::to(Action::Read, id, viewing);
//!     let verdict = ask::<Payslip, _>(&store, now, &me, origin, &request).map_err(|_| NotFound)?; // in a host: 503
//!     let filter = verdict.filter()?;
//!     filter.open(find(table, id.as_str(), &filter)).map(|payslip| payslip.amount)
//! };
//! let table = [Payslip { id: "s-7".into(), tenant: acme, amount: 3_100 },
//!              Payslip { id: "s-8".into(), tenant: TenantId::try_new("umbrella")?, amount: 9_900 }];
//! assert_eq!(page(now, &seven, &table), Ok(3_100));
//! assert_eq!(page(now, &eight, &table), Err(NotFound)); // another tenant's …
//! assert_eq!(page(now, &eight, &[]), Err(NotFound)); // … and one that is not there: the same answer
//! assert_eq!(page(audit_ends.into(), &seven, &table), Err(NotFound)); // the share is over
//!
//! // Another tenant is its key user's, not ours; and nobody gives what he does not have.
//! let adding = Administration::Appoint { account: AccountId::try_new("u-2")? };
//! assert_eq!(
//!     administer(&store, now, &me, origin, &adding)?,
//!     AdministerOutcome::Refused(vec![AdministerRefusal::NotAnAdministrator])
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # How it decides
//!
//! Default deny; a deny wins over every allow, of roles and shares alike; neither order nor duplicates count. What is
//! not understood (a role that is gone, a role of another function) denies. A [`Verdict`] names everything that
//! allowed, denied or was missing; whoever is refused hears [`NotFound`], the same for what is not for him, another
//! tenant's or absent. A host queries by [`TenantFilter::tenant`] and so does the same work for the last two.
//!
//! Three records decide: [`TenantState`] (roles and administrators), [`ProfileState`] of the account,
//! [`SharesState`] of the resource. Shares are found by the resource: which of a kind are shared with somebody is for
//! the host to list, and to ask about one by one.
//!
//! # Who administers
//!
//! The customer's own accounts, and no one else: the operator founds a tenant once, and its staff are refused whatever
//! they were granted (E-5.2a, E-5.5). An administrator gives nobody what he may not do himself, and one of them always
//! may do everything. The permission to give is the permission to have: a customer whose administrators must not read
//! personnel files watches that in the audit log, not here.
//!
//! What an account is disabled by elsewhere (a lock-out, dormancy) is not looked at: ask with a [`Principal`] that was
//! proven on this request. Nor does closing a profile end a session or disable a sign-in:
//! [`SignIn::disable`](crate::sign_in::SignIn::disable) does. Keep two administrators.

mod action;
mod administer;
mod administration;
mod class;
mod codes;
mod decide;
mod name;
mod policy;
mod principal;
mod purpose;
mod reach;
mod scoped;
mod share;
mod state;
#[cfg(test)]
mod tests;
mod verdict;

pub use self::action::{Action, ActionTwice, Actions};
pub use self::administer::{
    administer, decide_administration, decide_founding, found, settle_administration, settle_founding,
};
pub use self::administration::{AdministerOutcome, AdministerRefusal, Administered, Administration, Founding};
pub use self::class::{ClassFinding, ClassPolicy, Held, SealError, Sealed, SealedPlace, Sealer};
pub use self::codes::*;
pub use self::decide::{Request, Standing, ask, decide, keys, settle};
pub use self::name::{Field, Function, Interface, Purpose, ResourceKind, RoleId, RuleId};
pub use self::policy::{Role, RolePolicy, RolePolicyError, Rule, RuleFlaw, Span};
pub(crate) use self::principal::GrantReach;
pub use self::principal::Principal;
pub use self::purpose::{PurposeFinding, PurposePolicy, PurposePolicyBuilder, PurposePolicyError, Usage};
pub use self::scoped::{CacheKey, NotFound, Resource, Scoped, TenantFilter};
pub use self::share::{ShareOutcome, ShareRefusal, Sharer, Sharing, decide_sharing, lapse, settle_sharing, share};
pub use self::state::{ProfileState, Share, ShareWith, SharesState, TenantState};
pub use self::verdict::{FieldMask, Missing, Reason, Verdict};
