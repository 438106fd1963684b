use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use core::net::IpAddr;

use crate::event::Actor;

/// Puts numbers in the place of the customer's accounts and of addresses, if it is told to: the same number for the
/// same one throughout a report, and nothing that could be tried out, as a digest could.
#[derive(Debug, Default)]
pub(super) struct Masker {
    is_on: bool,
    accounts: BTreeMap<String, usize>,
    addresses: BTreeMap<IpAddr, usize>,
}

impl Masker {
    pub(super) fn new(is_on: bool) -> Self {
        Self { is_on, ..Self::default() }
    }

    pub(super) fn account(&mut self, account: &str) -> String {
        if !self.is_on {
            return account.to_string();
        }
        let next = self.accounts.len().saturating_add(1);
        let number = self.accounts.entry(account.to_string()).or_insert(next);
        alloc::format!("account {number}")
    }

    pub(super) fn address(&mut self, address: IpAddr) -> String {
        if !self.is_on {
            return address.to_string();
        }
        let next = self.addresses.len().saturating_add(1);
        let number = self.addresses.entry(address).or_insert(next);
        alloc::format!("address {number}")
    }

    /// Staff, services and jobs keep their ids: who has had access is what the report is about.
    pub(super) fn actor(&mut self, actor: &Actor) -> String {
        match actor {
            Actor::User(account) if self.is_on => self.account(account.as_str()),
            other => other.to_string(),
        }
    }

    /// The id of a resource of the customer's, which may be about a person.
    pub(super) const fn is_on(&self) -> bool {
        self.is_on
    }
}
