//! `demo`: a small log of a year and a half, with everything that may lawfully go missing from one.

extern crate alloc;

use alloc::collections::BTreeMap;
use std::fs;
use std::path::Path;

use clausework::audit::bundle::{Bundle, Slice, SliceOf};
use clausework::audit::checkpoint::{Checkpoint, CheckpointVerifier, Origin, SignedCheckpoint, VerifiedCheckpoint};
use clausework::audit::record::{
    About, Action, Basis, Body, Class, Disclosure, Draft, Essentials, Ground, Outcome, Phase, Place, Record, Target,
    Who,
};
use clausework::audit::retention::{
    Candidate, Certificate, Clearance, PurgeKind, RetentionPolicy, plan_erasure, plan_purge,
};
use clausework::audit::tree::{Frontier, Hash, InclusionProof, NodeId, Prover};
use clausework::audit::verify::{Ledger, Values};
use clausework::entropy::{Entropy, OsEntropy};
use clausework::event::{Actor, Code, Origin as Source, Transport};
use clausework::id::OpaqueId;
use clausework::{AccountId, Now, Scope, TenantId, Timestamp};

use super::keys::{Signer, Verifier};

pub(crate) type Failure = Box<dyn core::error::Error>;

/// What the demonstration leaves: the evidence, and what was kept elsewhere.
pub(crate) struct Demo {
    pub(crate) bundle: Bundle,
    /// What concerns the customer.
    pub(crate) slice: Slice,
    pub(crate) first: SignedCheckpoint,
    pub(crate) last: SignedCheckpoint,
    pub(crate) certificates: Vec<Certificate>,
}

/// Tables of a host, in memory.
struct Log {
    origin: Origin,
    signer: Signer,
    place: Option<Place>,
    tree: Frontier,
    bodies: Vec<Option<Vec<u8>>>,
    leaves: Vec<Hash>,
    disclosures: Vec<Disclosure>,
}

impl Log {
    fn append(&mut self, now: Now, mut draft: Draft<'_>) -> Result<u64, Failure> {
        let place = self.place.map_or_else(|| Place::first(now), |place| place.next(now));
        let mut bytes = Vec::new();
        self.disclosures.extend(draft.encode_into(place, &mut bytes)?);
        self.leaves.push(self.tree.push(&bytes)?);
        self.bodies.push(Some(bytes));
        self.place = Some(place);
        Ok(place.index())
    }

    fn checkpoint(&self) -> Result<SignedCheckpoint, Failure> {
        Ok(Checkpoint::new(self.origin.clone(), self.tree.head()).sign(&[&self.signer])?)
    }

    fn ledger(&self) -> Ledger {
        Ledger::of(self.tree.size(), self.bodies.iter().flatten().map(Vec::as_slice))
    }

    fn record(&self, index: u64) -> Result<Record<'_>, Failure> {
        let body = self.bodies.get(usize::try_from(index)?).and_then(Option::as_deref);
        Ok(Record::decode(body.ok_or("purged")?)?)
    }

    /// That the record is in the log as it is.
    fn proof(&self, index: u64) -> Result<InclusionProof, Failure> {
        let (mut tree, mut nodes) = (Frontier::new(), BTreeMap::<NodeId, Hash>::new());
        for leaf in &self.leaves {
            tree.push_with(*leaf, |node, hash| {
                nodes.insert(node, hash);
            })?;
        }
        Ok(Prover::new(&nodes, tree.size())?.inclusion(index)?)
    }

    /// An intent that a checkpoint covers.
    fn cleared(&self, intent: u64, over: &VerifiedCheckpoint<'_>) -> Result<Clearance, Failure> {
        Ok(Clearance::proven(&self.record(intent)?, &self.proof(intent)?, &self.ledger(), over)?)
    }

    fn slice(&self, of: SliceOf, checkpoint: &SignedCheckpoint) -> Result<Slice, Failure> {
        let mut slice = Slice::new(of, checkpoint.clone());
        slice.add_key(self.signer.verifier_key());
        for bytes in self.bodies.iter().flatten() {
            let record = Record::decode(bytes)?;
            let index = record.place().index();
            if slice.of().concerns(&record) {
                let of = self.disclosures.iter().filter(|disclosure| disclosure.index() == index);
                slice.add_record(bytes.clone(), of.cloned().collect(), self.proof(index)?)?;
            }
        }
        Ok(slice)
    }

    fn bundle(&self, checkpoint: &SignedCheckpoint) -> Bundle {
        let mut bundle = Bundle::new(self.origin.clone(), Values::Shown);
        bundle.add_key(self.signer.verifier_key());
        bundle.add_checkpoint(checkpoint.clone());
        for ((body, leaf), index) in self.bodies.iter().zip(&self.leaves).zip(0..) {
            match body {
                Some(bytes) => {
                    let of = self.disclosures.iter().filter(|disclosure| disclosure.index() == index);
                    bundle.add_record(index, bytes.clone(), of.cloned().collect());
                }
                None => bundle.add_purged(index, *leaf),
            }
        }
        bundle
    }
}

/// Noon of a day.
fn day(text: &str) -> Result<Now, Failure> {
    Ok(Now::from(serde_json::from_str::<Timestamp>(&format!("\"{text}T12:00:00.000000Z\""))?))
}

pub(crate) fn make() -> Result<Demo, Failure> {
    let mut entropy = OsEntropy;
    let mut seed = [0; 32];
    entropy.fill(&mut seed)?;
    let origin = Origin::try_new("audit.example.com/acme")?;
    let signer = Signer::new(origin.key_name()?, &seed);
    let verifier = Verifier::new(&signer.verifier_key()).ok_or("a weak key")?;
    let known: [&dyn CheckpointVerifier; 1] = [&verifier];
    let mut log = Log {
        origin: origin.clone(),
        signer,
        place: None,
        tree: Frontier::new(),
        bodies: Vec::new(),
        leaves: Vec::new(),
        disclosures: Vec::new(),
    };

    let id = |text: &str| OpaqueId::try_new(text);
    let tenant = Scope::Tenant(TenantId::try_new("acme")?);
    let (portal, sequencer, customer) = (id("portal")?, id("sequencer")?, id("c-4711")?);
    let (anna, admin, job) =
        (Actor::User(AccountId::try_new("u-17")?), Actor::Staff(id("s-2")?), Actor::Job(sequencer.clone()));
    let draft = |code, now: Now, actor, class| {
        Draft::new(Essentials {
            code,
            at: now.timestamp(),
            scope: &tenant,
            component: &portal,
            source: Source::network(core::net::Ipv4Addr::new(198, 51, 100, 7).into(), Transport::Tls),
            phase: Phase::Whole(Outcome::Success),
            actor,
            about: About::new("customer", &customer),
            class,
        })
    };
    let own = |now, body| draft(Code::internal("audit.log"), now, &job, Class::Log).body(body);
    let signed_in = Code::internal("portal.signed_in");

    // January: business as usual.
    let january = day("2026-01-15")?;
    log.append(january, own(january, Body::LogStarted { config: [1; 32] }))?;
    log.append(january, draft(signed_in, january, &anna, Class::Authentication).claimed_name(&mut entropy, "anna")?)?;
    let changed = draft(Code::internal("portal.customer_changed"), january, &anna, Class::Change)
        .about_person(&customer)
        .changing(Action::Update)
        .change_personal(&mut entropy, "email", Some("a@example.com"), Some("anna@example.com"))?;
    let changed = log.append(january, changed)?;
    let exported = Body::Access {
        action: Action::Export,
        purpose: "support",
        ground: Ground::new(Basis::Instruction),
        count: Some(1),
        query: None,
    };
    log.append(
        january,
        draft(Code::internal("portal.exported"), january, &admin, Class::Administration)
            .personal(&mut entropy, "recipient", "otto@example.com")?
            .body(exported),
    )?;
    log.append(january, draft(signed_in, january, &anna, Class::Authentication).commit_source(&mut entropy)?)?;
    let first = log.checkpoint()?; // the tenant keeps this one

    // February: the customer asks to be forgotten. Intent, checkpoint, deletion, done.
    let february = day("2026-02-20")?;
    let customer_id = customer.as_str();
    let plan = plan_erasure(&log.ledger(), [(Target::record(changed), Some(customer_id))]);
    let intent = plan.body(Ground::new(Basis::PersonsRequest), Who::from(&anna), "req-1").ok_or("held")?;
    let erasure = log.append(february, own(february, intent))?;
    let over = log.checkpoint()?;
    let clearance = log.cleared(erasure, &over.verify(&origin, &known)?)?;
    let before = log.disclosures.len();
    log.disclosures
        .retain(|disclosure| !plan.targets().iter().any(|of| of.covers(disclosure.index(), disclosure.field())));
    let deleted = u64::try_from(before.saturating_sub(log.disclosures.len()))?;
    let erased = log.append(february, own(february, clearance.done(deleted)))?;

    // A year and a half later: sign-ins have been kept long enough.
    let june = day("2027-06-30")?;
    let policy = RetentionPolicy::default();
    let bodies: Vec<_> = log.bodies.iter().flatten().cloned().collect();
    let records: Vec<_> = bodies.iter().map(|bytes| Record::decode(bytes)).collect::<Result<_, _>>()?;
    let candidates = records.iter().map(Candidate::from).filter(|one| one.class == Class::Authentication);
    let kind = PurgeKind::Bodies(Class::Authentication);
    let decision = plan_purge(&policy, june, &log.ledger(), kind, candidates, &[].into());
    let plan = decision.plan.ok_or("nothing may be purged")?;
    let purge = log.append(june, own(june, plan.body(Ground::new(Basis::RetentionEnded))))?;
    let over = log.checkpoint()?;
    let clearance = log.cleared(purge, &over.verify(&origin, &known)?)?;
    for index in plan.ranges().iter().flat_map(|range| range.start()..range.end()) {
        if let Some(body) = log.bodies.get_mut(usize::try_from(index)?) {
            *body = None;
        }
        log.disclosures.retain(|disclosure| disclosure.index() != index);
    }
    let purged = log.append(june, own(june, clearance.done(plan.records())))?;

    let last = log.checkpoint()?;
    let certificate = |intent, done, over: &VerifiedCheckpoint<'_>| -> Result<Certificate, Failure> {
        let (intent, done) = ((log.record(intent)?, log.proof(intent)?), (log.record(done)?, log.proof(done)?));
        let made = Certificate::of((&intent.0, &intent.1), (&done.0, &done.1), over, &origin);
        Ok(made.ok_or("no certificate")?)
    };
    let over = last.verify(&origin, &known)?;
    let certificates = vec![certificate(erasure, erased, &over)?, certificate(purge, purged, &over)?];
    let slice = log.slice(SliceOf::Person(customer.clone()), &last)?;
    Ok(Demo { bundle: log.bundle(&last), slice, first, last: last.clone(), certificates })
}

/// Writes it, and says what to try.
pub(crate) fn write(dir: &str) -> Result<String, String> {
    let demo = make().map_err(|error| error.to_string())?;
    let dir = Path::new(dir);
    fs::create_dir_all(dir).map_err(|error| format!("{}: {error}", dir.display()))?;
    let mut text = String::new();
    let mut put = |name: &str, content: String| {
        let path = dir.join(name);
        text.push_str(&format!("{}\n", path.display()));
        fs::write(&path, content).map_err(|error| format!("{}: {error}", path.display()))
    };
    put("bundle.txt", demo.bundle.to_string())?;
    put("slice.txt", demo.slice.to_string())?;
    put("checkpoint-first.txt", demo.first.to_string())?;
    put("checkpoint-last.txt", demo.last.to_string())?;
    put("key.txt", demo.bundle.keys().iter().map(|key| format!("{key}\n")).collect())?;
    let certificates = serde_json::to_string_pretty(&demo.certificates).map_err(|error| error.to_string())?;
    put("certificates.json", certificates + "\n")?;
    Ok(text)
}
