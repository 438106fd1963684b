mod bridge;
mod bytes;
mod drafts;
mod properties;

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::*;
use crate::entropy::{Entropy, EntropyError};
use crate::event::{Actor, Code, Origin, Transport};
use crate::id::{AccountId, OpaqueId, Scope, TenantId};

pub(in crate::audit) const CODE: Code = Code::internal("shop.changed");

/// Salts that count up: the test says what they are.
pub(in crate::audit) struct Counting(pub(in crate::audit) u8);

impl Entropy for Counting {
    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), EntropyError> {
        buffer.fill(self.0);
        self.0 = self.0.wrapping_add(1);
        Ok(())
    }
}

pub(in crate::audit) fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

pub(in crate::audit) fn id(text: &str) -> &'static OpaqueId {
    leak(OpaqueId::try_new(text).unwrap())
}

pub(in crate::audit) fn user(text: &str) -> &'static Actor {
    leak(Actor::User(AccountId::try_new(text).unwrap()))
}

pub(in crate::audit) fn at(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros).unwrap()
}

pub(in crate::audit) fn place() -> Place {
    Place { index: 7, recorded_at: at(2_000_000), clamped: false }
}

pub(in crate::audit) fn essentials() -> Essentials<'static> {
    Essentials {
        code: CODE,
        at: at(1_000_000),
        scope: leak(Scope::Tenant(TenantId::try_new("acme").unwrap())),
        component: id("portal"),
        source: Origin::network("198.51.100.7".parse().unwrap(), Transport::Tls),
        phase: Phase::Whole(Outcome::Success),
        actor: user("u-17"),
        about: About::new("invoice", id("i-7")),
        class: Class::General,
    }
}

pub(in crate::audit) fn draft() -> Draft<'static> {
    Draft::new(essentials())
}

pub(in crate::audit) fn encode(mut draft: Draft<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = draft.encode_into(place(), &mut bytes).unwrap();
    bytes
}

pub(in crate::audit) fn refused(mut draft: Draft<'_>) -> &'static str {
    let mut bytes = alloc::vec![9];
    let DraftError::Refused { what } = draft.encode_into(place(), &mut bytes).unwrap_err() else { panic!() };
    assert_eq!(bytes, [9], "nothing is left behind");
    what
}

pub(in crate::audit) fn range(start: u64, end: u64) -> IndexRange {
    IndexRange::try_new(start, end).unwrap()
}

/// Verifier keys: that of the example in C2SP signed-note, and 32 bytes 0x02 under the same name, whose id is
/// SHA-256(name, 0x0A, 0x01, key) by another implementation.
pub(in crate::audit) const KEYS: [&str; 2] = [
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    "example.com/foo+1d3d15c8+AQICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIC",
];

/// One of every kind, with everything in it that can be; and further ones with what cannot be together.
pub(in crate::audit) fn bodies() -> Vec<Body<'static>> {
    let ground = Ground::new(Basis::Instruction).documented(id("order-1"));
    let seen = Seen { size: 5, root: [3; 32] };
    let ranges = List::from(leak([range(1, 3), range(4, 5)]));
    let reviewed = leak([Who::from(leak(Actor::Staff(id("s-1").clone()))), Who::from(leak(Actor::Unauthenticated))]);
    let changes = leak([
        FieldChange::new("limit", Classification::Internal, Some(Value::count(3)), Some(Value::count(u64::MAX))),
        FieldChange::new("note", Classification::Public, Some(Value::withheld()), None),
        FieldChange::new("phone", Classification::Sensitive, None, Some(Value::withheld())),
    ]);
    let targets = leak([Target::record(1), Target::field(2, "before:email"), Target::field(2, "source:peer")]);
    alloc::vec![
        Body::Event,
        Body::Access { action: Action::Export, purpose: "support", ground, count: Some(4), query: Some([1; 32]) },
        Body::Change { action: Action::Update, changes: List::from(changes) },
        Body::Bulk {
            action: Action::Delete,
            purpose: "clean-up",
            ground,
            count: 1_000,
            selector: [2; 32],
            ids: Some([4; 32]),
        },
        Body::LogStarted { config: [5; 32] },
        Body::LogStopped { reason: "upgrade" },
        Body::ConfigChanged { before: [5; 32], after: [6; 32] },
        Body::LogRead { range: range(0, 9), count: 9, purpose: "review", ground },
        Body::Gap { count: Some(2), from: at(0), until: at(1) },
        Body::Heartbeat { seen },
        Body::KeyChange { retired: Some(KEYS[0]), added: Some(KEYS[1]), from_size: 9 },
        Body::ErasureIntent {
            targets: List::from(targets),
            ground,
            requested_by: Who::from(user("u-3")),
            request: "req-1",
        },
        Body::ErasureDone { intent: 3, seen, count: 2 },
        Body::PurgeIntent { what: Purge::Bodies { class: Class::Access, ranges }, youngest: at(9), ground },
        Body::PurgeDone { intent: 4, seen, count: 3 },
        Body::HoldSet { hold: "hold-1", reach: Reach::Ranges(ranges), ground },
        Body::HoldLifted { hold: "hold-1", set: 6 },
        Body::Review {
            from: at(0),
            until: at(1),
            range: range(0, 5),
            reviewed: List::from(reviewed),
            seen,
            findings: 1,
            report: [8; 32],
        },
        Body::PurgeIntent { what: Purge::Disclosures { class: Class::Log, ranges }, youngest: at(9), ground },
        Body::PurgeIntent { what: Purge::Prefix { minimum_index: 3 }, youngest: at(9), ground },
        Body::HoldSet { hold: "hold-1", reach: Reach::All, ground: Ground::new(Basis::Compelled) },
        Body::HoldSet { hold: "hold-1", reach: Reach::Person("p-1"), ground },
        Body::Access { action: Action::Read, purpose: "support", ground, count: None, query: None },
        Body::Gap { count: None, from: at(1), until: at(1) },
        Body::IntentWithdrawn { intent: 7 },
    ]
}

/// A record with everything in it.
pub(in crate::audit) fn full(body: Body<'static>) -> Draft<'static> {
    let (anna, otto) = (user("u-4"), leak(Actor::Job(id("nightly").clone())));
    let mut entropy = Counting(1);
    let draft = draft()
        .on_behalf_of(Delegation::new(anna, id("ticket-1")))
        .on_behalf_of(Delegation::new(otto, id("mandate-1")))
        .about_person(id("p-1"))
        .user_agent("curl/8\n\u{202e}")
        .forwarded("203.0.113.9, 10.0.0.1")
        .claimed_name(&mut entropy, "otto")
        .unwrap()
        .under(crate::clause::E_5_4)
        .under(crate::clause::A2_INPUT_8)
        .with("a.flag", Value::flag(true))
        .with("b.count", Value::count(u64::MAX))
        .with("c.signed", Value::signed(i64::MIN))
        .with("d.instant", Value::instant(at(-1)))
        .with("e.id", Value::id(id("x-1")))
        .with("f.word", Value::word("reset"))
        .with("g.digest", Value::digest([0xab; 32]))
        .with("h.public", Value::public_text("Zoë \u{85}"))
        .with("i.internal", Value::internal_text("a \"b\" \\"))
        .personal(&mut entropy, "j.personal", "anna@example.com")
        .unwrap()
        .with("k.withheld", Value::withheld())
        .commit_source(&mut entropy)
        .unwrap();
    draft.body(body)
}
