use alloc::vec::Vec;

use super::IssueReason;
use crate::clause::{self, Clause};
use crate::event::{Actor, Code, Fact};
use crate::id::AccountId;

/// A temporary password was not issued; the detail `reason` says why.
pub const ISSUE_REFUSED: Code = Code::internal("credential.issue_refused");
/// The user name of a key user is not their own e-mail address: allowed, and worth a look.
pub const NAME_NOT_OWN_EMAIL: Code = Code::internal("credential.name_not_own_email");
/// Reason: the first account of a customer is its designated key user's.
pub const NOT_KEY_USER: Code = Code::internal("credential.not_key_user");
/// Reason: it would be delivered to somebody else than its bearer.
pub const NOT_ITS_BEARER: Code = Code::internal("credential.not_its_bearer");
/// Reason: only the customer adds accounts.
pub const NOT_THE_CUSTOMER: Code = Code::internal("credential.not_the_customer");

/// A temporary password that somebody asks for: whose, why, and who will get it.
///
/// It is delivered to its bearer unless [`delivered_to`](Self::delivered_to) says otherwise, and is then refused: an
/// administrator neither chooses it nor sees it.
///
/// ```
/// use clausework::AccountId;
/// use clausework::credential::{Issue, IssueRefusal, may_issue};
/// use clausework::event::Actor;
/// use clausework::id::OpaqueId;
///
/// let (anna, boss) = (AccountId::try_new("u-17")?, AccountId::try_new("u-1")?);
/// let (customer, support) = (Actor::User(boss.clone()), Actor::Staff(OpaqueId::try_new("s-3")?));
///
/// assert_eq!(may_issue(&customer, &Issue::new_user(anna.clone())), []);
/// assert_eq!(may_issue(&support, &Issue::new_user(anna.clone())), [IssueRefusal::NotTheCustomer]);
/// assert_eq!(may_issue(&customer, &Issue::reset(anna).delivered_to(boss)), [IssueRefusal::NotItsBearer]);
/// # Ok::<(), clausework::id::IdError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    account: AccountId,
    recipient: AccountId,
    reason: IssueReason,
    key_user: Option<AccountId>,
    name_is_own_email: bool,
}

impl Issue {
    /// The first account of a new customer, and the account of the key user it has designated (E-5.1a).
    #[must_use]
    pub fn new_customer(account: AccountId, key_user: AccountId) -> Self {
        Self { key_user: Some(key_user), ..Self::new(account, IssueReason::NewCustomer) }
    }

    /// An account that the customer adds (E-5.2a).
    #[must_use]
    pub fn new_user(account: AccountId) -> Self {
        Self::new(account, IssueReason::NewUser)
    }

    /// In place of a password that its bearer has lost (E-6P.2).
    #[must_use]
    pub fn reset(account: AccountId) -> Self {
        Self::new(account, IssueReason::Reset)
    }

    fn new(account: AccountId, reason: IssueReason) -> Self {
        Self { recipient: account.clone(), account, reason, key_user: None, name_is_own_email: true }
    }

    /// Whose mailbox or hand it goes to, if the host knows that it is not the bearer's.
    #[must_use]
    pub fn delivered_to(mut self, recipient: AccountId) -> Self {
        self.recipient = recipient;
        self
    }

    /// The user name is not the bearer's own e-mail address, as E-5.1b prefers for a key user: a warning, no refusal.
    #[must_use]
    pub const fn name_not_own_email(mut self) -> Self {
        self.name_is_own_email = false;
        self
    }

    /// Whose password it is.
    #[must_use]
    pub const fn account(&self) -> &AccountId {
        &self.account
    }

    /// Why.
    #[must_use]
    pub const fn reason(&self) -> IssueReason {
        self.reason
    }

    /// The fact that the name of a key user is another than E-5.1b prefers, if it is.
    #[must_use]
    pub fn warning(&self) -> Option<Fact> {
        let unusual = self.reason == IssueReason::NewCustomer && !self.name_is_own_email;
        unusual.then(|| Fact::success(NAME_NOT_OWN_EMAIL).under(clause::E_5_1B))
    }
}

/// Why no temporary password is issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum IssueRefusal {
    /// The first login data of a customer go to its designated key user only, and this account is another's (E-5.1a).
    NotKeyUser,
    /// It would be delivered to somebody else than its bearer (E-5.1a, E-5.2b, E-6P.2).
    NotItsBearer,
    /// Accounts are added by the customer alone: by a user of its own, or a program with its API key (E-5.2a).
    NotTheCustomer,
}

impl IssueRefusal {
    /// The stable code, internal.
    #[must_use]
    pub const fn code(self) -> Code {
        match self {
            Self::NotKeyUser => NOT_KEY_USER,
            Self::NotItsBearer => NOT_ITS_BEARER,
            Self::NotTheCustomer => NOT_THE_CUSTOMER,
        }
    }

    /// The clause behind it.
    #[must_use]
    pub const fn clause(self, reason: IssueReason) -> Clause {
        match (self, reason) {
            (Self::NotTheCustomer, _) => clause::E_5_2A,
            (Self::NotKeyUser, _) | (Self::NotItsBearer, IssueReason::NewCustomer) => clause::E_5_1A,
            (Self::NotItsBearer, IssueReason::NewUser) => clause::E_5_2B,
            (Self::NotItsBearer, IssueReason::Reset) => clause::E_6P_2,
        }
    }

    /// The refusal as a fact.
    pub fn fact(self, reason: IssueReason) -> Fact {
        Fact::failure(ISSUE_REFUSED).under(self.clause(reason)).with("reason", self.code())
    }
}

/// Every reason against issuing this temporary password at this actor's wish; none if it may be.
///
/// Whether the actor may administer accounts at all is the host's to know; here it is whose side he is on, and who
/// gets the password.
///
/// ```
/// use clausework::AccountId;
/// use clausework::credential::{Issue, IssueRefusal, may_issue};
/// use clausework::event::Actor;
/// use clausework::id::OpaqueId;
///
/// let (anna, ben) = (AccountId::try_new("u-17")?, AccountId::try_new("u-18")?);
/// let (staff, customer) = (Actor::Staff(OpaqueId::try_new("s-3")?), Actor::User(anna.clone()));
/// assert_eq!(may_issue(&customer, &Issue::new_user(ben.clone())), []);
/// assert_eq!(may_issue(&staff, &Issue::new_user(ben.clone())), [IssueRefusal::NotTheCustomer]); // E-5.2a
/// assert_eq!(may_issue(&staff, &Issue::reset(ben).delivered_to(anna.clone())), [IssueRefusal::NotItsBearer]);
/// assert_eq!(may_issue(&staff, &Issue::new_customer(anna.clone(), anna)), []); // to the designated key user (E-5.1a)
/// # Ok::<(), clausework::id::IdError>(())
/// ```
#[must_use]
pub fn may_issue(by: &Actor, issue: &Issue) -> Vec<IssueRefusal> {
    let is_customer = matches!(by, Actor::User(_) | Actor::ApiKey(_));
    [
        (issue.key_user.as_ref().is_some_and(|key_user| *key_user != issue.account), IssueRefusal::NotKeyUser),
        (issue.reason == IssueReason::NewUser && !is_customer, IssueRefusal::NotTheCustomer),
        (issue.recipient != issue.account, IssueRefusal::NotItsBearer),
    ]
    .into_iter()
    .filter_map(|(applies, refusal)| applies.then_some(refusal))
    .collect()
}
