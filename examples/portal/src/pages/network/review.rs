//! The page between typing a change and making it: what it comes to, and for whom.

use clausework::Now;
use clausework::access::{AddressRange, Family, ListDecision, ListDiff, ListMode, LockedOut, Review};
use clausework::event::Origin;
use maud::{Markup, html};

use super::lines::Draft;
use super::seen::{Person, Place};
use super::{Change, Rules};
use crate::html::{self, csrf, instant, layout, problem};
use crate::web::SignedIn;

/// Ranges of a side that are shown; of more, how many there are.
const SHOWN: usize = 12;

pub struct View<'a> {
    pub me: &'a SignedIn,
    pub rules: &'a Rules,
    pub people: &'a [Person],
    pub review: &'a Review,
    pub draft: &'a Draft,
    pub now: Now,
}

impl View<'_> {
    pub fn page(&self, change: &Change, is_moved: bool, is_approved: bool) -> Markup {
        let Self { me, rules, review, draft, .. } = self;
        let body = html! {
            @if is_moved {
                (problem("The rules were changed while you were at it, and your change was not made. This is what it comes to now."))
            }
            @if !review.locked_out().is_empty() {
                (problem("This change would lock somebody out who administers the rules. It cannot be made."))
            } @else if !is_approved {
                (problem("Something in this change must be put right first. It cannot be made."))
            }
            p { (rules.version()) @if is_approved { " This change makes it version " (rules.list.version() + 1) "." } }
            h2 { "Who administers the rules" }
            (self.people())
            h2 { "What is odd" }
            (self.findings())
            h2 { "Who gains and who loses" }
            (difference(review.diff()))
            h2 { "The rules as they would be" }
            p { "The list is " strong { (if review.next().mode() == ListMode::On { "on" } else { "off" }) } "." }
            (rules.table(review.next(), Some(draft)))
            form method="post" action="/network" {
                (csrf(&me.csrf))
                input type="hidden" name="mode" value=(if change.mode == ListMode::On { "on" } else { "off" });
                input type="hidden" name="text" value=(change.text);
                input type="hidden" name="version" value=(rules.list.version());
                div class="actions" {
                    @if is_approved { button { "Make this change" } }
                    button class="quiet" formaction="/network/edit" { "Go on writing" }
                    a href="/network" { "Leave it as it is" }
                }
            }
        };
        layout("Review the change", Some(me), body)
    }

    /// Each administrator at each address that is known of, and whether she is let in there.
    fn people(&self) -> Markup {
        let mut rows = vec![self.proposer()];
        for person in self.people {
            let name = &person.user.display_name;
            if person.places.is_empty() {
                let unknown = html! { "not seen within 30 days: nothing can be said" };
                rows.push(vec![html! { (name) }, html! { "–" }, html! { "–" }, unknown]);
            }
            for Place { address, at } in person.places.iter().filter(|place| !self.is_here(person, place)) {
                let shut =
                    self.review.locked_out().iter().find(|shut| {
                        shut.account.as_ref() == Some(&person.user.account) && shut.address == Some(*address)
                    });
                let verdict = self.verdict(shut, self.review.next().decide(self.now, *address));
                rows.push(vec![html! { (name) }, html! { code { (address) } }, instant(*at), verdict]);
            }
        }
        html::table(
            "Administrators, where they were seen of late",
            &["Who", "Address", "Seen", "By the new rules"],
            &rows,
        )
    }

    /// The proposer's own line says it already.
    fn is_here(&self, person: &Person, place: &Place) -> bool {
        let here = matches!(self.me.origin, Origin::Network { peer, .. } if peer == place.address);
        here && person.user.account == self.me.account
    }

    fn proposer(&self) -> Vec<Markup> {
        let shut = self.review.locked_out().iter().find(|shut| shut.account.is_none());
        let (address, decision) = match self.me.origin {
            Origin::Network { peer, .. } => (html! { code { (peer) } }, self.review.next().decide(self.now, peer)),
            _ => (html! { "not known" }, ListDecision::NoAddress),
        };
        vec![html! { "You, at this moment" }, address, instant(self.now.timestamp()), self.verdict(shut, decision)]
    }

    fn verdict(&self, shut: Option<&LockedOut>, decision: ListDecision) -> Markup {
        let why = |decision| match decision {
            ListDecision::Off => "the list is off".to_owned(),
            ListDecision::Allowed { entry } => format!("allowed by {}", self.draft.name(entry)),
            ListDecision::Denied { entry } => format!("denied by {}", self.draft.name(entry)),
            other => other.to_string(),
        };
        html! {
            @match shut {
                Some(shut) => {
                    strong class="bad" { "locked out" }
                    @if let Some(since) = shut.since { " from " (instant(since)) " on" }
                    ": " (why(shut.decision))
                }
                None if decision.is_allowed() => { "let in: " (why(decision)) }
                None => { "not let in there today either: " (why(decision)) }
            }
        }
    }

    fn findings(&self) -> Markup {
        html! {
            @if self.review.findings().is_empty() { p { "Nothing." } }
            @else {
                ul class="findings" {
                    @for finding in self.review.findings() {
                        li {
                            @if finding.is_blocking() { strong class="bad" { "To be put right: " } }
                            (finding.naming(|entry| self.draft.name(entry)).to_string()) "."
                        }
                    }
                }
            }
        }
    }
}

fn difference(diff: &ListDiff) -> Markup {
    if diff.is_empty() {
        return html! { p { "Nobody: the same addresses are let in as before." } };
    }
    let of = |family: Family, ranges: &[AddressRange]| -> Vec<AddressRange> {
        ranges.iter().filter(|range| Family::of(range.first()) == family).copied().collect()
    };
    let row = |family: Family| {
        vec![
            html! { (if family == Family::Ipv4 { "IPv4" } else { "IPv6" }) },
            side(diff.gained(family), &of(family, diff.gains())),
            side(diff.lost(family), &of(family, diff.losses())),
        ]
    };
    let rows: Vec<_> = Family::ALL.into_iter().map(row).collect();
    html::table("Addresses let in, before and after", &["Family", "Gain", "Lose"], &rows)
}

fn side(addresses: u128, ranges: &[AddressRange]) -> Markup {
    html! {
        (count(addresses))
        @if !ranges.is_empty() {
            ul class="ranges" {
                @for range in ranges.iter().take(SHOWN) { li { code { (range) } } }
                @if ranges.len() > SHOWN { li { "and " (ranges.len() - SHOWN) " more" } }
            }
        }
    }
}

/// A number that can be read: in groups of three, or as a power of two where nobody counts digits.
fn count(addresses: u128) -> String {
    match addresses {
        0 => "none".into(),
        1 => "1 address".into(),
        u128::MAX => "all addresses".into(),
        _ if addresses.is_power_of_two() && addresses >= 1 << 33 => format!("2^{} addresses", addresses.ilog2()),
        _ if addresses >= 1 << 64 => format!("about 2^{} addresses", addresses.ilog2()),
        _ => {
            let digits = addresses.to_string();
            let first = digits.len() % 3;
            let groups = digits.as_bytes()[first..].chunks(3).map(String::from_utf8_lossy);
            let head = (first > 0).then(|| digits[..first].into());
            format!("{} addresses", head.into_iter().chain(groups).collect::<Vec<_>>().join("\u{202f}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_can_be_read() {
        let said = [0, 1, 256, 4_294_967_040, 1 << 33, 1 << 80, (1 << 80) + 1, u128::MAX].map(count);
        assert_eq!(
            said,
            [
                "none",
                "1 address",
                "256 addresses",
                "4\u{202f}294\u{202f}967\u{202f}040 addresses",
                "2^33 addresses",
                "2^80 addresses",
                "about 2^80 addresses",
                "all addresses",
            ]
        );
    }
}
