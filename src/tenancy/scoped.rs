use alloc::string::String;
use core::fmt;
use core::marker::PhantomData;

use super::{Action, FieldMask, NOT_FOUND};
use crate::event::Code;
use crate::id::{OpaqueId, TenantId};
use crate::store::is_kind;

/// What a host keeps for its customers: one type a table, so one purpose a table (A2-Sep-2, A2-Sep-3).
///
/// Data of two purposes is two types. What the type says cannot be said otherwise at run time, row by row.
///
/// ```
/// use clausework::tenancy::Resource;
///
/// struct Payslip { id: String, amount: u64 }
///
/// impl Resource for Payslip {
///     const KIND: &'static str = "payslip";
///     const PURPOSE: &'static str = "payroll"; // what it was collected for
///     fn id(&self) -> &str { &self.id }
/// }
/// ```
pub trait Resource {
    /// The kind: 1 to 14 lower-case ASCII letters or `_`, unique in the host. Shares are filed under it.
    const KIND: &'static str;
    /// The [`Purpose`](super::Purpose) that the data was collected for.
    const PURPOSE: &'static str;

    /// Its id, unique among those of its tenant and kind: an [`OpaqueId`]. It is never given again: whoever a deleted
    /// resource was shared with would have the next one of that id, unless those shares were taken back.
    fn id(&self) -> &str;
}

/// Refuses, when compiled, a kind that no key could hold.
pub(super) const fn check_kind<T: Resource + ?Sized>() {
    const { assert!(is_kind(T::KIND, 14), "a kind of resource has 1 to 14 lower-case ASCII letters or `_`") }
}

/// A value that belongs to one tenant, and is of no use without a [`TenantFilter`] of that tenant (E-5.9).
///
/// A repository hands out nothing else. The tenant is the one in the row's own column; a row without one belongs to
/// nobody, and nothing opens it. (Not [`TenantFilter::tenant`]: that label would fit every row.) It has no `Default` and is not deserialised: a label comes from a row.
///
/// ```
/// # use clausework::tenancy::{Resource, Scoped, TenantFilter};
/// # use clausework::TenantId;
/// # struct Payslip { id: String, amount: u64 }
/// # impl Resource for Payslip {
/// #     const KIND: &'static str = "payslip";
/// #     const PURPOSE: &'static str = "payroll";
/// #     fn id(&self) -> &str { &self.id }
/// # }
/// fn read(row: Payslip, column: Option<TenantId>, filter: &TenantFilter<Payslip>) -> Option<u64> {
///     Scoped::stored(column, row).open(filter).ok().map(|payslip| payslip.amount)
/// }
/// ```
///
/// Without a filter there is no way to the value:
///
/// ```compile_fail
/// # use clausework::tenancy::{Resource, Scoped, TenantFilter};
/// # use clausework::TenantId;
/// # struct Payslip { id: String, amount: u64 }
/// # impl Resource for Payslip {
/// #     const KIND: &'static str = "payslip";
/// #     const PURPOSE: &'static str = "payroll";
/// #     fn id(&self) -> &str { &self.id }
/// # }
/// fn read(row: Payslip, column: Option<TenantId>) -> Option<u64> {
///     Scoped::stored(column, row).open().ok().map(|payslip| payslip.amount)
/// }
/// ```
///
/// nor with one for another kind:
///
/// ```compile_fail
/// # use clausework::tenancy::{Resource, Scoped, TenantFilter};
/// # use clausework::TenantId;
/// # struct Payslip { id: String, amount: u64 }
/// # impl Resource for Payslip {
/// #     const KIND: &'static str = "payslip";
/// #     const PURPOSE: &'static str = "payroll";
/// #     fn id(&self) -> &str { &self.id }
/// # }
/// # struct Holiday;
/// # impl Resource for Holiday {
/// #     const KIND: &'static str = "holiday";
/// #     const PURPOSE: &'static str = "planning";
/// #     fn id(&self) -> &str { "h-1" }
/// # }
/// fn read(row: Payslip, column: Option<TenantId>, filter: &TenantFilter<Holiday>) -> Option<u64> {
///     Scoped::stored(column, row).open(filter).ok().map(|payslip| payslip.amount)
/// }
/// ```
#[derive(Clone)]
#[must_use]
pub struct Scoped<T: Resource> {
    tenant: Option<TenantId>,
    value: T,
}

impl<T: Resource> Scoped<T> {
    /// A row with the tenant in its own column, or without.
    pub const fn stored(tenant: Option<TenantId>, value: T) -> Self {
        const { check_kind::<T>() };
        Self { tenant, value }
    }

    /// What it was collected for.
    #[must_use]
    pub const fn purpose() -> &'static str {
        T::PURPOSE
    }

    /// The value, to whoever may have it.
    ///
    /// # Errors
    /// [`NotFound`] when it is another tenant's, nobody's, or another than the filter was decided for; and when that was
    /// decided for [`Action::Create`], since who may make one may not therefore see those that are there.
    pub fn open(self, filter: &TenantFilter<T>) -> Result<T, NotFound> {
        if self.is_for(filter) { Ok(self.value) } else { Err(NotFound) }
    }

    /// As [`open`](Scoped::open), to look at.
    ///
    /// # Errors
    /// As [`open`](Scoped::open).
    pub fn open_ref(&self, filter: &TenantFilter<T>) -> Result<&T, NotFound> {
        if self.is_for(filter) { Ok(&self.value) } else { Err(NotFound) }
    }

    fn is_for(&self, filter: &TenantFilter<T>) -> bool {
        let same_tenant = self.tenant.as_ref() == Some(&filter.tenant);
        let same_id = filter.resource.as_ref().is_none_or(|id| id.as_str() == self.value.id());
        same_tenant & same_id & (filter.action != Action::Create)
    }
}

/// Without the value.
impl<T: Resource> fmt::Debug for Scoped<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scoped").field("kind", &T::KIND).field("tenant", &self.tenant).finish_non_exhaustive()
    }
}

/// What a host's query takes: the tenant, and the one resource if it was decided for one.
///
/// It comes out of a [`Verdict`](super::Verdict) that allows, and from nowhere else; it is good for the request that it
/// was decided for, and for its [`action`](TenantFilter::action): a function that deletes looks at that. It is made
/// anew for every request, never kept. So a query that forgets the tenant is one that does not compile:
///
/// ```
/// # use clausework::tenancy::{Resource, Scoped, TenantFilter};
/// # use clausework::TenantId;
/// # struct Payslip { id: String }
/// # impl Resource for Payslip {
/// #     const KIND: &'static str = "payslip";
/// #     const PURPOSE: &'static str = "payroll";
/// #     fn id(&self) -> &str { &self.id }
/// # }
/// struct Payslips { rows: Vec<(TenantId, String)> }
///
/// impl Payslips {
///     /// select tenant, id from payslips where tenant = ? and (? is null or id = ?)
///     fn list(&self, filter: &TenantFilter<Payslip>) -> Vec<Scoped<Payslip>> {
///         let rows = self.rows.iter().filter(|(tenant, id)| {
///             tenant == filter.tenant() && filter.resource().is_none_or(|only| only.as_str() == id)
///         });
///         rows.map(|(tenant, id)| Scoped::stored(Some(tenant.clone()), Payslip { id: id.clone() })).collect()
///     }
/// }
///
/// fn page(payslips: &Payslips, filter: &TenantFilter<Payslip>) -> usize {
///     payslips.list(filter).len()
/// }
/// ```
///
/// ```compile_fail
/// # use clausework::tenancy::{Resource, Scoped, TenantFilter};
/// # struct Payslip { id: String }
/// # impl Resource for Payslip {
/// #     const KIND: &'static str = "payslip";
/// #     const PURPOSE: &'static str = "payroll";
/// #     fn id(&self) -> &str { &self.id }
/// # }
/// # struct Payslips;
/// # impl Payslips { fn list(&self, filter: &TenantFilter<Payslip>) -> Vec<Scoped<Payslip>> { Vec::new() } }
/// fn page(payslips: &Payslips) -> usize {
///     payslips.list().len() // unscoped
/// }
/// ```
///
/// Neither a default, nor a literal, nor text makes one:
///
/// ```compile_fail
/// # struct Payslip;
/// # impl clausework::tenancy::Resource for Payslip {
/// #     const KIND: &'static str = "payslip";
/// #     const PURPOSE: &'static str = "payroll";
/// #     fn id(&self) -> &str { "p-1" }
/// # }
/// let filter: clausework::tenancy::TenantFilter<Payslip> = Default::default();
/// ```
///
/// ```compile_fail
/// # struct Payslip;
/// # impl clausework::tenancy::Resource for Payslip {
/// #     const KIND: &'static str = "payslip";
/// #     const PURPOSE: &'static str = "payroll";
/// #     fn id(&self) -> &str { "p-1" }
/// # }
/// let filter: clausework::tenancy::TenantFilter<Payslip> = serde_json::from_str(r#"{"tenant":"acme"}"#).unwrap();
/// ```
///
/// ```compile_fail
/// # #[derive(Default, serde::Deserialize)]
/// # struct Payslip;
/// # impl clausework::tenancy::Resource for Payslip {
/// #     const KIND: &'static str = "payslip";
/// #     const PURPOSE: &'static str = "payroll";
/// #     fn id(&self) -> &str { "p-1" }
/// # }
/// let scoped: clausework::tenancy::Scoped<Payslip> = Default::default();
/// ```
///
/// ```compile_fail
/// # #[derive(Default, serde::Deserialize)]
/// # struct Payslip;
/// # impl clausework::tenancy::Resource for Payslip {
/// #     const KIND: &'static str = "payslip";
/// #     const PURPOSE: &'static str = "payroll";
/// #     fn id(&self) -> &str { "p-1" }
/// # }
/// let scoped: clausework::tenancy::Scoped<Payslip> = serde_json::from_str("{}").unwrap();
/// ```
#[must_use]
pub struct TenantFilter<T: ?Sized> {
    tenant: TenantId,
    action: Action,
    resource: Option<OpaqueId>,
    mask: FieldMask,
    of: PhantomData<fn() -> T>,
}

impl<T: ?Sized> TenantFilter<T> {
    pub(super) const fn new(tenant: TenantId, action: Action, resource: Option<OpaqueId>, mask: FieldMask) -> Self {
        Self { tenant, action, resource, mask, of: PhantomData }
    }

    /// The tenant: part of every query.
    #[must_use]
    pub const fn tenant(&self) -> &TenantId {
        &self.tenant
    }

    /// The one resource that was decided for; `None` for all of the kind.
    #[must_use]
    pub const fn resource(&self) -> Option<&OpaqueId> {
        self.resource.as_ref()
    }

    /// What may be done.
    #[must_use]
    pub const fn action(&self) -> Action {
        self.action
    }

    /// Which fields it may be done to.
    #[must_use]
    pub const fn mask(&self) -> &FieldMask {
        &self.mask
    }
}

impl<T: Resource> TenantFilter<T> {
    /// The value of a row that was looked for, present or not: [`NotFound`] is the same for one that is absent, another
    /// tenant's, nobody's, or another than was decided for.
    ///
    /// # Errors
    /// [`NotFound`].
    pub fn open(&self, row: Option<Scoped<T>>) -> Result<T, NotFound> {
        row.ok_or(NotFound)?.open(self)
    }

    /// A key for a cache. The tenant, the kind and the resource are always part of it: what one tenant put there no
    /// other finds. Put the [`Scoped`] value there, before the [`mask`](TenantFilter::mask), not the page made of it.
    #[must_use]
    pub fn cache_key(&self, name: &str) -> CacheKey {
        let resource = self.resource.as_ref().map_or("", OpaqueId::as_str);
        CacheKey(alloc::format!("{}/{}/{resource}/{name}", self.tenant, T::KIND))
    }
}

impl<T: ?Sized> Clone for TenantFilter<T> {
    fn clone(&self) -> Self {
        Self::new(self.tenant.clone(), self.action, self.resource.clone(), self.mask.clone())
    }
}

impl<T: ?Sized> fmt::Debug for TenantFilter<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tenant, action, resource, mask, of: _ } = self;
        f.debug_struct("TenantFilter")
            .field("tenant", tenant)
            .field("action", action)
            .field("resource", resource)
            .field("mask", mask)
            .finish_non_exhaustive()
    }
}

/// A key for a cache, of one tenant; see [`TenantFilter::cache_key`]. Its text is `tenant/kind/resource/name`; only the
/// name may hold a `/`, so two tenants never meet.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CacheKey(String);

impl CacheKey {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The one answer to whoever asks for what he cannot have: it does not exist, is another tenant's, or is not for him.
///
/// ```
/// use clausework::tenancy::NotFound;
///
/// assert_eq!(NotFound.to_string(), "Not found.");
/// assert_eq!(NotFound.code().as_str(), "tenancy.not_found"); // HTTP 404
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", Self::MESSAGE)]
#[allow(clippy::exhaustive_structs, reason = "closed: it must never say more")]
pub struct NotFound;

impl NotFound {
    /// The text of it, for anyone.
    pub const MESSAGE: &'static str = "Not found.";

    /// The stable code, for anyone.
    #[must_use]
    pub const fn code(self) -> Code {
        NOT_FOUND
    }
}
