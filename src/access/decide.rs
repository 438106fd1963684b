use alloc::vec::Vec;
use core::fmt;
use core::net::IpAddr;

use super::{AccessPolicy, IpList, ListOwner};
use crate::clause::{self, Clause};
use crate::event::{Code, Fact, Origin};
use crate::id::OpaqueId;
use crate::time::Now;

/// No entry of a list allows the address.
pub const NETWORK_NOT_ALLOWED: Code = Code::internal("access.network_not_allowed");
/// An entry of a list denies the address.
pub const NETWORK_DENIED: Code = Code::internal("access.network_denied");
/// No entry of a list allows any address of the family, IPv4 or IPv6.
pub const FAMILY_NOT_ALLOWED: Code = Code::internal("access.family_not_allowed");
/// It is not known from which address the request came, and a list is on.
pub const NO_ADDRESS: Code = Code::internal("access.no_address");
/// The request came in the clear.
pub const PLAIN_TRANSPORT: Code = Code::internal("access.plain_transport");

/// What a request asks for. The lists are asked each time, not at the sign-in alone: a session or a token that was
/// come by inside is not good outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AccessUse<'a> {
    /// To sign in.
    SignIn,
    /// To choose another password.
    PasswordChange,
    /// To go on with a session.
    SessionUse,
    /// To be given a token of this kind.
    TokenMint(&'a OpaqueId),
    /// To use a token of this kind.
    TokenUse(&'a OpaqueId),
}

impl AccessUse<'_> {
    /// As events name it: `sign_in`, `password_change`, `session_use`, `token_mint` or `token_use`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::PasswordChange => "password_change",
            Self::SessionUse => "session_use",
            Self::TokenMint(_) => "token_mint",
            Self::TokenUse(_) => "token_use",
        }
    }
}

/// A request: what it asks for, from where, and in which roles.
///
/// Unless the roles are said, the lists of all roles bind it: to forget them opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccessRequest<'a> {
    usage: AccessUse<'a>,
    origin: Origin,
    roles: Option<&'a [OpaqueId]>,
}

impl<'a> AccessRequest<'a> {
    /// This use, from there, in roles that are not known.
    #[must_use]
    pub const fn new(usage: AccessUse<'a>, origin: Origin) -> Self {
        Self { usage, origin, roles: None }
    }

    /// Whoever asks has these roles and no others.
    #[must_use]
    pub const fn with_roles(self, roles: &'a [OpaqueId]) -> Self {
        Self { roles: Some(roles), ..self }
    }

    /// As [`with_roles`](AccessRequest::with_roles), if they are known.
    #[must_use]
    pub(crate) const fn in_roles(self, roles: Option<&'a [OpaqueId]>) -> Self {
        Self { roles, ..self }
    }

    /// What it asks for.
    #[must_use]
    pub const fn usage(&self) -> AccessUse<'a> {
        self.usage
    }

    /// From where.
    #[must_use]
    pub const fn origin(&self) -> Origin {
        self.origin
    }

    fn is_bound_by(&self, owner: &ListOwner) -> bool {
        match (owner, self.usage) {
            (ListOwner::Tenant, _) => true,
            (ListOwner::Role(role), _) => self.roles.is_none_or(|roles| roles.contains(role)),
            (ListOwner::Token(kind), AccessUse::TokenMint(asked) | AccessUse::TokenUse(asked)) => kind == asked,
            (ListOwner::Token(_), _) => false,
        }
    }
}

/// The address that a list can be asked about: that of a client, and of nobody else.
pub(super) const fn address(origin: Origin) -> Option<IpAddr> {
    match origin {
        Origin::Network { peer, .. } => Some(peer),
        Origin::ProxyOrigin { .. } | Origin::Unresolvable { .. } | Origin::Internal => None,
    }
}

/// What one list says of one request. Entries are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
#[non_exhaustive]
pub enum ListDecision {
    /// The list is off: it lets everyone in.
    Off,
    /// Allowed, by this entry.
    Allowed {
        /// Which: the narrowest that covers the address.
        entry: usize,
    },
    /// Denied, by this entry.
    Denied {
        /// Which: the narrowest that covers the address.
        entry: usize,
    },
    /// No entry covers the address.
    NotListed,
    /// No entry covers the address, nor allows any other of its family.
    FamilyNotListed,
    /// There is no address to look for: it could not be resolved, is that of a proxy, or nothing came over a network.
    NoAddress,
}

impl ListDecision {
    /// Whether the list lets the request in.
    #[must_use]
    pub const fn is_allowed(self) -> bool {
        matches!(self, Self::Off | Self::Allowed { .. })
    }

    /// The entry that decided, if one did.
    #[must_use]
    pub const fn entry(self) -> Option<usize> {
        match self {
            Self::Allowed { entry } | Self::Denied { entry } => Some(entry),
            _ => None,
        }
    }

    const fn code(self) -> Code {
        match self {
            Self::Denied { .. } => NETWORK_DENIED,
            Self::FamilyNotListed => FAMILY_NOT_ALLOWED,
            Self::NoAddress => NO_ADDRESS,
            Self::Off | Self::Allowed { .. } | Self::NotListed => NETWORK_NOT_ALLOWED,
        }
    }
}

impl fmt::Display for ListDecision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off => f.write_str("the list is off"),
            Self::Allowed { entry } => write!(f, "allowed by entry {entry}"),
            Self::Denied { entry } => write!(f, "denied by entry {entry}"),
            Self::NotListed => f.write_str("no entry allows it"),
            Self::FamilyNotListed => f.write_str("no entry allows an address of this family"),
            Self::NoAddress => f.write_str("the address is not known"),
        }
    }
}

/// What one of the lists that bind a request says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "closed: a list and its answer")]
pub struct ListVerdict<'a> {
    /// The list: whose, in which version, with which entries.
    pub list: &'a IpList,
    /// What it says.
    pub decision: ListDecision,
}

/// `tenant, version 3: denied by entry 1, deny 198.51.100.64/26 (guest network)`. For the customer's administrators and
/// the host: it names rules.
impl fmt::Display for ListVerdict<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, version {}: {}", self.list.owner(), self.list.version(), self.decision)?;
        let decided = self.decision.entry().and_then(|entry| self.list.entries().get(entry));
        decided.map_or(Ok(()), |entry| write!(f, ", {entry}"))
    }
}

/// One condition that a request does not meet.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Refusal {
    /// A list does not let it in (E-5.7).
    Network {
        /// Whose list.
        list: ListOwner,
        /// In which version.
        version: u64,
        /// What it says.
        decision: ListDecision,
    },
    /// Not over HTTPS (E-5.8).
    PlainTransport,
}

impl Refusal {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::Network { decision, .. } => decision.code(),
            Self::PlainTransport => PLAIN_TRANSPORT,
        }
    }

    /// The clause behind it.
    #[must_use]
    pub const fn clause(&self) -> Clause {
        match self {
            Self::Network { .. } => clause::E_5_7,
            Self::PlainTransport => clause::E_5_8,
        }
    }

    /// The fact of this refusal: its clause, the reason, what was asked for, and the list, version and entry that decided.
    ///
    /// ```
    /// use clausework::access::{AccessUse, Refusal};
    /// use clausework::event::Code;
    ///
    /// const REFUSED: Code = Code::internal("shop.refused"); // a host's own
    /// let fact = Refusal::PlainTransport.fact(REFUSED, AccessUse::SignIn);
    /// assert_eq!(fact.detail("reason").and_then(|reason| reason.as_text()), Some("access.plain_transport"));
    /// ```
    pub fn fact(&self, code: Code, usage: AccessUse<'_>) -> Fact {
        let fact = Fact::failure(code).under(self.clause()).with("reason", self.code()).with("use", usage.as_str());
        let Self::Network { list, version, decision } = self else { return fact };
        let fact = fact.with("list", list.sort()).with("version", *version);
        let fact = list.id().map_or_else(|| fact.clone(), |id| fact.clone().with("of", id));
        match decision.entry().and_then(|entry| u64::try_from(entry).ok()) {
            Some(entry) => fact.with("entry", entry),
            None => fact,
        }
    }
}

/// In words, for the host: it names the list. An outsider gets [`AccessOutcome::PUBLIC_MESSAGE`].
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Network { list, version, decision } => write!(f, "{list}, version {version}: {decision}"),
            Self::PlainTransport => f.write_str("not over https"),
        }
    }
}

/// Whether a request may come in.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
#[allow(clippy::exhaustive_enums, reason = "closed: allowed or not")]
pub enum AccessOutcome {
    /// Every condition is met; which entries let it in is for [`explain`] to say.
    Allowed,
    /// Not allowed: every condition that failed, not only the first.
    Refused(Vec<Refusal>),
}

impl AccessOutcome {
    /// What an outsider may be told of any refusal: neither which rule there is nor whose, and nothing of the address.
    pub const PUBLIC_MESSAGE: &'static str = "access denied";
}

/// Decides on a request by where it comes from: every list that binds it lets it in, and it came over HTTPS where it
/// must. Ask on every request, whatever it uses.
///
/// ```
/// use clausework::access::{AccessOutcome, AccessPolicy, AccessRequest, AccessUse, IpList, decide};
/// use clausework::event::{Origin, Transport};
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
///
/// let policy = AccessPolicy::builder().ip_list(IpList::only(["198.51.100.0/24".parse()?])?).build()?;
///
/// let office = Origin::network("198.51.100.7".parse()?, Transport::Tls);
/// assert_eq!(decide(&policy, now, &AccessRequest::new(AccessUse::SignIn, office)), AccessOutcome::Allowed);
///
/// let cafe = Origin::network("203.0.113.9".parse()?, Transport::Plain);
/// let AccessOutcome::Refused(why) = decide(&policy, now, &AccessRequest::new(AccessUse::SessionUse, cafe)) else { panic!() };
/// let why: Vec<String> = why.iter().map(ToString::to_string).collect();
/// assert_eq!(why, ["tenant, version 0: no entry allows it", "not over https"]); // both, for the log
/// assert_eq!(AccessOutcome::PUBLIC_MESSAGE, "access denied"); // for the page
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn decide(policy: &AccessPolicy, now: Now, request: &AccessRequest<'_>) -> AccessOutcome {
    let networks = explain(policy, now, request).filter(|verdict| !verdict.decision.is_allowed()).map(|verdict| {
        let (list, version) = (verdict.list.owner().clone(), verdict.list.version());
        Refusal::Network { list, version, decision: verdict.decision }
    });
    let plain = (policy.https_only() && !request.origin.is_encrypted()).then_some(Refusal::PlainTransport);
    let refused: Vec<Refusal> = networks.chain(plain).collect();
    if refused.is_empty() { AccessOutcome::Allowed } else { AccessOutcome::Refused(refused) }
}

/// What every list that binds a request says of it: whose list, which version, which entry.
///
/// ```
/// use clausework::access::{AccessPolicy, AccessRequest, AccessUse, IpList, ListOwner, explain};
/// use clausework::event::{Origin, Transport};
/// use clausework::id::OpaqueId;
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
///
/// let api = OpaqueId::try_new("api-key")?;
/// let policy = AccessPolicy::builder()
///     .ip_list(IpList::only(["198.51.100.0/24".parse()?])?)
///     .list(IpList::off(ListOwner::Token(api.clone())))
///     .build()?;
/// let office = Origin::network("198.51.100.7".parse()?, Transport::Tls);
///
/// let words = |usage| -> Vec<String> {
///     explain(&policy, now, &AccessRequest::new(usage, office)).map(|verdict| verdict.to_string()).collect()
/// };
/// assert_eq!(words(AccessUse::SignIn), ["tenant, version 0: allowed by entry 0, allow 198.51.100.0/24"]);
/// assert_eq!(words(AccessUse::TokenUse(&api))[1], "token api-key, version 0: the list is off");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn explain<'a>(
    policy: &'a AccessPolicy,
    now: Now,
    request: &AccessRequest<'_>,
) -> impl Iterator<Item = ListVerdict<'a>> {
    let address = address(request.origin);
    let bound = policy.lists().filter(move |list| request.is_bound_by(list.owner()));
    bound.map(move |list| ListVerdict { list, decision: list.decide_on(now, address) })
}
