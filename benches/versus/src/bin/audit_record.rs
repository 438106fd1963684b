//! Building, encoding and hashing one record, against what a newcomer would write: a struct with `Serialize`, its
//! canonical JSON (RFC 8785, serde_jcs) with the hash of the one before, and SHA-256 over it.
//!
//! Both record the same. With commitments, ours also draws four salts and hashes four values that the rival leaves in
//! the clear; the salts come from a generator in memory, as a host's would.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::process::ExitCode;

use clausework::audit::record::{About, Class, Delegation, Draft, Essentials, Outcome, Phase, Place, Record, Value};
use clausework::clause;
use clausework::event::{Actor, Code, Origin, Transport};
use clausework::id::OpaqueId;
use clausework::{AccountId, Now, Scope, TenantId, Timestamp};
use clausework_versus::{Counting, Versus, allocations};
use rand::SeedableRng;
use rand::rngs::ChaCha20Rng;
use serde::Serialize;
use sha2::{Digest, Sha256};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const CODE: Code = Code::internal("shop.customer_changed");
const AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
const PERSONAL: [(&str, &str); 4] = [
    ("email", "anna.muster@example.com"),
    ("name", "Anna Muster"),
    ("phone", "+41 44 668 18 00"),
    ("street", "Musterstrasse 17, 8001 Zuerich"),
];
const PLAIN: [(&str, &str); 4] =
    [("channel", "web"), ("plan", "business-annual"), ("region", "eu-central-1"), ("release", "2026-11-22.build-4711")];

#[derive(Serialize)]
struct Who<'a> {
    kind: &'a str,
    id: &'a str,
}

#[derive(Serialize)]
struct Step<'a> {
    principal: Who<'a>,
    authority: &'a str,
}

#[derive(Serialize)]
struct Rival<'a> {
    v: u8,
    kind: &'a str,
    index: u64,
    recorded_at: String,
    at: String,
    class: &'a str,
    outcome: &'a str,
    tenant: &'a str,
    code: &'a str,
    component: &'a str,
    actor: Who<'a>,
    on_behalf_of: Vec<Step<'a>>,
    peer: String,
    transport: &'a str,
    subject_kind: &'a str,
    subject: &'a str,
    person: &'a str,
    user_agent: &'a str,
    clauses: Vec<&'a str>,
    rows: u64,
    attributes: BTreeMap<&'a str, &'a str>,
    prev: String,
}

struct Host {
    now: Now,
    scope: Scope,
    component: OpaqueId,
    customer: OpaqueId,
    person: OpaqueId,
    ticket: OpaqueId,
    staff: Actor,
    anna: Actor,
    origin: Origin,
}

impl Host {
    fn draft(&self) -> Draft<'_> {
        Draft::new(Essentials {
            code: CODE,
            at: self.now.timestamp(),
            scope: &self.scope,
            component: &self.component,
            source: self.origin,
            phase: Phase::Whole(Outcome::Success),
            actor: &self.staff,
            about: About::new("customer", &self.customer),
            class: Class::Administration,
        })
        .on_behalf_of(Delegation::new(&self.anna, &self.ticket))
        .about_person(&self.person)
        .user_agent(AGENT)
        .under(clause::E_5_4)
        .under(clause::A2_INPUT_8)
        .with("rows", Value::count(3))
    }

    fn committed(&self, rng: &mut ChaCha20Rng, place: Place, out: &mut Vec<u8>) -> [u8; 32] {
        let mut draft = self.draft();
        for (name, value) in PERSONAL {
            draft = draft.personal(rng, name, value).expect("entropy");
        }
        leaf(&mut draft, place, out)
    }

    fn plain(&self, place: Place, out: &mut Vec<u8>) -> [u8; 32] {
        let mut draft = self.draft();
        for (name, value) in PLAIN {
            draft = draft.with(name, Value::internal_text(value));
        }
        leaf(&mut draft, place, out)
    }

    fn rival(&self, index: u64, values: &[(&'static str, &'static str); 4], prev: &[u8; 32]) -> (Vec<u8>, [u8; 32]) {
        let Origin::Network { peer, .. } = self.origin else { panic!("a peer") };
        let record = Rival {
            v: 1,
            kind: "event",
            index,
            recorded_at: self.now.timestamp().to_string(),
            at: self.now.timestamp().to_string(),
            class: "administration",
            outcome: "success",
            tenant: "acme",
            code: CODE.as_str(),
            component: self.component.as_str(),
            actor: Who { kind: "staff", id: "s-4" },
            on_behalf_of: vec![Step { principal: Who { kind: "user", id: "u-17" }, authority: self.ticket.as_str() }],
            peer: peer.to_string(),
            transport: "tls",
            subject_kind: "customer",
            subject: self.customer.as_str(),
            person: self.person.as_str(),
            user_agent: AGENT,
            clauses: vec!["E-5.4", "A2-Input-8"],
            rows: 3,
            attributes: values.iter().copied().collect(),
            prev: prev.iter().map(|byte| format!("{byte:02x}")).collect(),
        };
        let bytes = serde_jcs::to_vec(&record).expect("canonical");
        let digest = Sha256::digest(&bytes).into();
        (bytes, digest)
    }
}

fn leaf(draft: &mut Draft<'_>, place: Place, out: &mut Vec<u8>) -> [u8; 32] {
    out.clear();
    let _ = black_box(draft.encode_into(place, out).expect("a record"));
    Sha256::new().chain_update([0]).chain_update(&out).finalize().into()
}

fn main() -> ExitCode {
    let mut versus = Versus::from_args("audit_record");
    let id = |text: &str| OpaqueId::try_new(text).expect("an id");
    let now = Now::from(Timestamp::from_micros(1_795_339_800_123_456).expect("an instant"));
    let host = Host {
        now,
        scope: TenantId::try_new("acme").expect("an id").into(),
        component: id("portal"),
        customer: id("0192f3c1-7d2a-7b1e-9d53-2f1f0a9b5c11"),
        person: id("0192f3c1-7d2a-7b1e-9d53-3a5e77c0d2f4"),
        ticket: id("ticket-4711"),
        staff: Actor::Staff(id("s-4")),
        anna: Actor::User(AccountId::try_new("u-17").expect("an id")),
        origin: Origin::network("198.51.100.7".parse().expect("an address"), Transport::Tls),
    };
    let place = Place::first(now);
    let (mut rng, mut out) = (ChaCha20Rng::seed_from_u64(1), Vec::new());

    host.committed(&mut rng, place, &mut out);
    let committed = out.len();
    assert_eq!(Record::decode(&out).expect("a record").commitments().count(), 4);
    host.plain(place, &mut out);
    let plain = out.clone();
    let (jcs, first) = host.rival(0, &PERSONAL, &[0; 32]);
    println!("audit_record: {committed} bytes with commitments, {} without; canonical JSON {}", plain.len(), jcs.len());
    versus.expect((380..=450).contains(&committed), "the record with commitments has about 400 bytes");
    versus.expect((350..=450).contains(&plain.len()), "the record without has about 400 bytes");

    let made = allocations(|| {
        black_box(host.plain(place, &mut out));
    });
    println!("audit_record/plain: {made} allocations");
    let read = allocations(|| {
        black_box(Record::decode(black_box(&plain)).expect("a record"));
    });
    versus.expect(read == 0, "decoding allocates");

    let mut prev = first;
    versus.compare(
        "committed",
        "4",
        "serde_jcs + sha2",
        0.35,
        || {
            black_box(host.committed(&mut rng, place, &mut out));
        },
        || prev = black_box(host.rival(7, &PERSONAL, &prev).1),
    );
    let mut out = Vec::new();
    versus.compare(
        "plain",
        "0",
        "serde_jcs + sha2",
        0.15,
        || {
            black_box(host.plain(place, &mut out));
        },
        || prev = black_box(host.rival(7, &PLAIN, &prev).1),
    );
    versus.compare(
        "decode",
        &plain.len().to_string(),
        "sha2, its leaf and a node",
        1.0,
        || {
            black_box(Record::decode(black_box(&plain)).expect("a record"));
        },
        || {
            // What a verification hashes for each record.
            let leaf = Sha256::new().chain_update([0]).chain_update(black_box(&plain)).finalize();
            black_box(Sha256::new().chain_update([1]).chain_update(leaf).chain_update(leaf).finalize());
        },
    );
    versus.finish()
}
