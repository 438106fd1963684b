//! The audit log: records, the tree and its proofs, checkpoints, evidence, retention.

use std::collections::BTreeSet;

use clausework::audit::bundle::{Bundle, Slice, SliceOf};
use clausework::audit::checkpoint::{
    Algorithm, Checkpoint, CheckpointVerifier, KeyChange, KeyHistory, KeyId, KeyName, LogProof, Note, Origin,
    SignedCheckpoint, VerifierKey,
};
use clausework::audit::log::{Removal, StoredRow, Tail, Waiting, fill, prunable_nodes};
use clausework::audit::record::{
    About, Action, Attribute, Basis, Body, Capped, Claimed, Class, Classification, Commitment, Delegation, Disclosure,
    Draft, Essentials, FieldChange, Ground, IndexRange, Inventory, List, OperationId, Outcome, Phase, Place, Purge,
    Record, Salt, Target, Value, Who, open_attempts,
};
use clausework::audit::retention::{
    Candidate, Certificate, Clearance, PurgeKind, RetentionPolicy, Term, plan_erasure, plan_purge,
};
use clausework::audit::review::Review;
use clausework::audit::sequencer::{
    Accepted, LogState, SequencerPolicy, append, integrate, note_anchor, note_checkpoint,
};
use clausework::audit::tree::{
    ConsistencyProof, Frontier, Hash, InclusionProof, MAX_SIZE, MinimumIndex, NodeId, Prover, RangeProof, TileId,
    Tiles, Tree, TreeHead, frontier_nodes, leaf_hash, node_hash, nodes_for_consistency, nodes_for_inclusion,
    nodes_for_range, root_of, tiles,
};
use clausework::audit::verify::{Evidence, Ledger, Values, Verifier, link};
use clausework::audit::view::{Ocsf, bytes_of_json, json};
use clausework::audit::{StampError, Stamped};
use clausework::event::{Actor, Event, Stamp};
use clausework::id::OpaqueId;

use super::draw::Gen;
use super::{say, see};

const CLASSES: [Class; 6] =
    [Class::Administration, Class::Authentication, Class::Access, Class::Change, Class::General, Class::Log];

fn place(g: &Gen) -> Place {
    let mut place = Place::first(g.now());
    for _ in 0..g.below(3) {
        place = place.next(g.now());
    }
    place
}

/// The parts that a draft borrows.
struct Parts {
    scope: clausework::Scope,
    component: OpaqueId,
    actor: Actor,
    id: OpaqueId,
    texts: [String; 6],
}

fn parts(g: &Gen) -> Parts {
    Parts {
        scope: g.scope(),
        component: g.id(),
        actor: g.actor(),
        id: g.id(),
        texts: core::array::from_fn(|_| g.text()),
    }
}

fn value<'a>(g: &Gen, parts: &'a Parts) -> Value<'a> {
    let values = [
        Value::count(g.u64()),
        Value::signed(g.i64()),
        Value::flag(g.flag()),
        Value::instant(g.timestamp()),
        Value::id(&parts.id),
        Value::code(g.code()),
        Value::word("word"),
        Value::digest(g.array()),
        Value::public_text(&parts.texts[0]),
        Value::internal_text(&parts.texts[1]),
    ];
    g.pick(&values)
}

fn body<'a>(g: &Gen, parts: &'a Parts, ranges: &'a [IndexRange], targets: &'a [Target<'a>]) -> Body<'a> {
    let mut ground = Ground::new(g.pick(&Basis::ALL));
    if g.flag() {
        ground = ground.documented(&parts.id);
    }
    let (class, youngest, purpose) = (g.pick(&CLASSES), g.timestamp(), parts.texts[2].as_str());
    let requested_by = Who::from(&parts.actor);
    let ranges = List::from(ranges);
    let bodies = [
        Body::Event,
        Body::Access { action: Action::Export, purpose, ground, count: g.maybe(Gen::u64), query: g.maybe(Gen::array) },
        Body::ErasureIntent { targets: List::from(targets), ground, requested_by, request: purpose },
        Body::PurgeIntent { what: Purge::Disclosures { class, ranges }, youngest, ground },
        Body::PurgeIntent { what: Purge::Bodies { class, ranges }, youngest, ground },
        Body::PurgeIntent { what: Purge::Prefix { minimum_index: g.u64() }, youngest, ground },
        Body::Gap { count: g.maybe(Gen::u64), from: g.timestamp(), until: g.timestamp() },
    ];
    g.pick(&bodies)
}

fn draft<'a>(g: &Gen, parts: &'a Parts, body: Body<'a>) -> Draft<'a> {
    let phases = [
        Phase::Whole(Outcome::Success),
        Phase::Attempt(OperationId::from_bytes(g.array())),
        Phase::Completion(OperationId::from_bytes(g.array()), Outcome::Unknown),
    ];
    let mut draft = Draft::new(Essentials {
        code: g.code(),
        at: g.timestamp(),
        scope: &parts.scope,
        component: &parts.component,
        source: g.origin(),
        phase: g.pick(&phases),
        actor: &parts.actor,
        about: About::new(if g.flag() { "account" } else { &parts.texts[5] }, &parts.id),
        class: g.pick(&CLASSES),
    });
    for _ in 0..g.below(6) {
        let name = if g.flag() { "field" } else { parts.texts[3].as_str() };
        let other = parts.texts[4].as_str();
        let tried = match g.below(12) {
            0 => Ok(draft.outcome(Outcome::Failed)),
            1 => Ok(draft.on_behalf_of(Delegation::new(&parts.actor, &parts.id))),
            2 => Ok(draft.about_person(&parts.id)),
            3 => Ok(draft.under(g.clause())),
            4 => Ok(draft.with(name, value(g, parts))),
            5 => draft.clone().personal(&mut g.entropy(), name, other),
            6 => Ok(draft.user_agent(other).forwarded(other)),
            7 => draft.clone().claimed_name(&mut g.entropy(), other),
            8 => draft.clone().commit_source(&mut g.entropy()),
            9 => Ok(draft.changing(Action::Update)),
            10 => {
                let change = FieldChange::new(name, Classification::Public, g.maybe(|g| value(g, parts)), None);
                Ok(draft.change(change))
            }
            _ => draft.clone().change_personal(&mut g.entropy(), name, Some(other), Some(name)),
        };
        draft = match tried {
            Ok(draft) => draft,
            Err(error) => {
                say(&error);
                return Draft::new(Essentials {
                    code: g.code(),
                    at: g.timestamp(),
                    scope: &parts.scope,
                    component: &parts.component,
                    source: g.origin(),
                    phase: Phase::Whole(Outcome::Denied),
                    actor: &parts.actor,
                    about: About::new("account", &parts.id),
                    class: Class::General,
                });
            }
        };
    }
    if g.flag() { draft.body(body) } else { draft }
}

/// The bytes of a record: drawn, or kept for good and damaged.
fn bytes(g: &Gen) -> Vec<u8> {
    if g.below(4) == 0 {
        let lines: Vec<&str> = include_str!("../golden/audit.v1.hex").lines().collect();
        let hex = g.pick(&lines);
        let mut bytes: Vec<u8> =
            (0..hex.len() / 2).map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap_or(0)).collect();
        for _ in 0..g.below(3) {
            let (at, byte) = (g.below(bytes.len()), g.u8());
            bytes[at] = byte;
        }
        bytes.truncate(if g.flag() { bytes.len() } else { g.below(bytes.len()) });
        return bytes;
    }
    let parts = parts(g);
    let ranges =
        g.some(3, |g| IndexRange::try_new(g.u64(), g.u64()).unwrap_or(IndexRange::try_new(0, u64::MAX).unwrap()));
    let targets =
        g.some(3, |g| if g.flag() { Target::record(g.u64()) } else { Target::field(g.u64(), "attribute:field") });
    let body = body(g, &parts, &ranges, &targets);
    let mut draft = draft(g, &parts, body);
    let mut out = Vec::new();
    match draft.encode_into(place(g), &mut out) {
        Ok(disclosures) => {
            let disclosures: Vec<Disclosure> = disclosures.collect();
            let record = Record::decode(&out).unwrap();
            for disclosure in &disclosures {
                see(&record.opens(disclosure));
                let path = disclosure.field();
                record.commitments().for_each(|(field, _)| see(&field.is(path)));
            }
        }
        Err(error) => {
            say(&error);
            out.clear();
        }
    }
    out
}

pub(super) fn records(g: &Gen) {
    let all = g.some(4, bytes);
    let kept: Vec<Record<'_>> = all.iter().filter_map(|bytes| Record::decode(bytes).ok()).collect();
    see(&open_attempts(&kept, g.timestamp()));
    let mut inventory = Inventory::of([g.code()]);
    let codes = [g.code()];
    for record in &kept {
        inventory.observe(record);
        let _ = (inventory.row(record.code()), record.is_in(&g.scope()), record.attribute("field"));
        say(record);
        let Claimed { .. } = record.claimed();
        let view = json(record);
        assert_eq!(bytes_of_json(&view).unwrap(), record.as_bytes());
        let _ = Ocsf::new("product", "vendor").logon(&codes).logoff(&codes).event(record);
        let (at, actor) = (g.timestamp(), g.actor());
        let mut out = Vec::new();
        match Draft::completing(record, Outcome::TimedOut, at, &actor) {
            Some(mut draft) => see(&draft.encode_into(place(g), &mut out).map(Iterator::count)),
            None => see(&Draft::of_record(record).encode_into(place(g), &mut out).map(Iterator::count)),
        }
        see(&Removal::of(record));
    }
    say(&inventory);
    let text = g.text();
    see(&bytes_of_json(&text).is_err());
    see(&(Capped::user_agent(&text), IndexRange::try_new(g.u64(), g.u64()).map(|range| range.contains(g.u64()))));
    see(&(Target::record(g.u64()).covers(g.u64(), &text), Attribute::new(&text, Value::count(1))));
    let salt = g.maybe(|g| Salt::draw(&mut g.entropy()).ok()).flatten().unwrap_or(Salt::from_bytes(g.array()));
    let commitment = Commitment::new(&text, &salt, &g.text());
    see(&(commitment.opens(&text, &salt, &g.text()), OperationId::draw(&mut g.entropy()).ok()));

    let event = g.pick(&include_str!("../golden/event.v1.json").lines().collect::<Vec<_>>());
    if let Ok(event) = Event::decode(&g.changed(event)) {
        let (component, mut out) = (g.id(), Vec::new());
        let encoded =
            Draft::of_event(&event, &component, g.pick(&CLASSES)).encode_into(place(g), &mut out).map(Iterator::count);
        see(&encoded);
    }
}

fn hash(g: &Gen) -> Hash {
    Hash::new(g.array())
}

fn hashes(g: &Gen) -> Vec<Hash> {
    g.some(70, hash)
}

fn size(g: &Gen) -> u64 {
    let any = g.u64();
    g.pick(&[any, any % 20, any % 700, MAX_SIZE, MAX_SIZE - 1, MAX_SIZE + 1])
}

fn head(g: &Gen) -> TreeHead {
    TreeHead::new(size(g), hash(g)).unwrap_or_else(|_| TreeHead::new(7, hash(g)).unwrap())
}

pub(super) fn frontier(g: &Gen) -> Frontier {
    let size = size(g);
    let hashes = (0..size.count_ones()).map(|_| hash(g)).collect();
    Frontier::from_parts(size, hashes).unwrap_or_default()
}

pub(super) fn tree(g: &Gen) {
    let count = g.below(40);
    let mut tree = Tree::new();
    for _ in 0..count {
        let _ = if g.flag() { tree.push(&g.bytes(20)) } else { tree.push_leaf(hash(g)) };
    }
    let (record, other) = (g.bytes(40), size(g));
    let leaf = if g.flag() { leaf_hash(&record) } else { Hash::from_base64(&g.text()).unwrap_or(hash(g)) };
    let prover = match Prover::new(&tree, other) {
        Ok(prover) => prover,
        Err(_) => tree.prover().unwrap(),
    };
    let range = size(g)..size(g);
    for proof in [
        prover.inclusion(size(g)),
        InclusionProof::from_parts(size(g), size(g), hashes(g)),
        InclusionProof::from_bytes(&g.bytes(90)),
    ] {
        match proof {
            Ok(proof) => see(&(proof.verify(&leaf, &head(g)), InclusionProof::from_bytes(&proof.to_bytes()))),
            Err(error) => say(&error),
        }
    }
    for proof in [
        prover.consistency(size(g)),
        ConsistencyProof::from_parts(size(g), size(g), hashes(g)),
        ConsistencyProof::from_bytes(&g.bytes(90)),
    ] {
        match proof {
            Ok(proof) => see(&(proof.verify(&head(g), &head(g)), ConsistencyProof::from_bytes(&proof.to_bytes()))),
            Err(error) => say(&error),
        }
    }
    for proof in [
        prover.range(range.clone()),
        RangeProof::from_parts(range.clone(), size(g), hashes(g), hashes(g)),
        RangeProof::from_bytes(&g.bytes(90)),
    ] {
        match proof {
            Ok(proof) => see(&(proof.verify(hashes(g), &head(g)), RangeProof::from_bytes(&proof.to_bytes()))),
            Err(error) => say(&error),
        }
    }
    see(&prover.frontier(size(g)));
    see(&nodes_for_inclusion(size(g), size(g)));
    see(&nodes_for_consistency(size(g), size(g)));
    see(&nodes_for_range(range, size(g)));
    see(&frontier_nodes(size(g)).map(Iterator::count));
    see(&prunable_nodes(g.u64()).count());
    see(&tiles(size(g)).map(|tiles| tiles.take(300).count()));
    see(&node_hash(&leaf, &hash(g)));
    see(&root_of(g.some(5, |g| g.bytes(5))));

    let node = NodeId::new(g.u8(), size(g)).or(NodeId::leaf(size(g))).unwrap_or(NodeId::leaf(0).unwrap());
    see(&node.leaves());
    let mut stored = Tiles::new();
    if let Ok(tile) = TileId::new(g.u8(), g.u64(), g.u16()) {
        see(&(tile.leaves(), tile.to_string().parse::<TileId>()));
        let bytes = g.bytes(100);
        see(&stored.insert(tile, &bytes));
        see(&stored.insert(tile, &vec![7; usize::from(tile.width()) * 32]));
        if let Ok(minimum) = MinimumIndex::new(size(g), size(g)) {
            see(&(
                minimum.is_tile_prunable(tile),
                minimum.is_prunable(node),
                minimum.proves_record(g.u64()),
                minimum.proves_size(g.u64()),
            ));
            see(&minimum.kept().count());
        }
    }
    see(&Prover::new(stored, size(g)).map(|prover| prover.inclusion(size(g)).is_ok()));
    see(&g.text().parse::<TileId>());

    let mut frontier = frontier(g);
    see(&Frontier::from_parts(size(g), hashes(g)));
    see(&Frontier::from_bytes(&frontier.to_bytes()));
    see(&Frontier::from_bytes(&g.bytes(100)).is_ok());
    see(&frontier.push(&record));
    see(&frontier.push_with(leaf, |_, _| {}));
    see(&frontier.push_node(node, leaf));
    see(&frontier.extend_from(g.some(5, |g| g.bytes(5))));
    see(&link(
        &g.some(4, head),
        &g.some(3, |g| ConsistencyProof::from_parts(1, 1, hashes(g)).unwrap_or(prover.consistency(0).unwrap())),
        size(g),
    ));
}

fn origin(g: &Gen) -> Origin {
    let drawn = if g.flag() { Origin::try_new(g.text()) } else { Origin::of_scope(&g.text(), &g.scope()) };
    drawn.unwrap_or_else(|_| Origin::try_new("example.com/log").unwrap())
}

fn name(g: &Gen) -> KeyName {
    KeyName::try_new(g.text()).unwrap_or_else(|_| KeyName::try_new("example.com/log").unwrap())
}

fn key(g: &Gen) -> VerifierKey {
    VerifierKey::new(name(g), Algorithm::Ed25519, &g.bytes(40)).unwrap_or(VerifierKey::ed25519(name(g), g.array()))
}

/// A verifier that takes every signature for good: what an attacker can do who has the key.
struct Credulous(KeyName, KeyId);

impl CheckpointVerifier for Credulous {
    fn name(&self) -> &KeyName {
        &self.0
    }

    fn id(&self) -> KeyId {
        self.1
    }

    fn is_valid(&self, _: &[u8], _: &[u8]) -> bool {
        true
    }
}

fn note(g: &Gen, text: String, by: &Credulous) -> Note {
    let note = Note::unsigned(text).unwrap_or_else(|_| Note::unsigned("text\n").unwrap());
    let id = if g.below(4) == 0 { KeyId::new(g.array()) } else { by.1 };
    note.clone().sign_with(by.0.clone(), id, g.bytes(70)).unwrap_or(note)
}

fn checkpoint(g: &Gen, head: TreeHead, by: &Credulous) -> SignedCheckpoint {
    let checkpoint = Checkpoint::new(origin(g), head);
    let checkpoint = checkpoint.clone().with_extension(g.text()).unwrap_or(checkpoint);
    let note = note(g, checkpoint.to_string(), by);
    SignedCheckpoint::new(note).unwrap_or_else(|_| {
        let text = format!("example.com/log\n7\n{}\n", Hash::new([7; 32]).to_base64());
        let note = Note::unsigned(text).unwrap().sign_with(by.0.clone(), by.1, vec![7; 64]).unwrap();
        SignedCheckpoint::new(note).unwrap()
    })
}

fn disclosures(g: &Gen) -> Vec<Disclosure> {
    g.some(2, |g| Disclosure::new(g.u64(), g.text(), Salt::from_bytes(g.array()), g.text()))
}

pub(super) fn evidence(g: &Gen) {
    let by = {
        let name = name(g);
        let id = KeyId::of(&name, Algorithm::Ed25519, &g.bytes(32));
        Credulous(name, id)
    };
    let known: [&dyn CheckpointVerifier; 1] = [&by];
    let all = g.some(5, bytes);
    let tree: Tree = all.iter().collect();
    let own = if g.flag() { tree.head() } else { head(g) };
    let anchors = [checkpoint(g, own, &by), checkpoint(g, tree.head(), &by)];

    texts(g, &by);
    bundles(g, &all, &tree, &anchors, &known);
    let records: Vec<Record<'_>> = all.iter().filter_map(|bytes| Record::decode(bytes).ok()).collect();
    let mut ledger =
        if g.flag() { Ledger::of(g.u64(), all.iter().map(Vec::as_slice)) } else { Ledger::covered_by(g.u64()) };
    let at = g.u64();
    for record in &records {
        ledger.read(record);
        see(&(ledger.keeps(record), ledger.explains_body(at), ledger.holds_on(at, Some("a")).count()));
        record
            .commitments()
            .for_each(|(field, _)| see(&ledger.explains_field(at, Class::General, field, record.person())));
    }
    removals(g, &records, &ledger, &tree, &anchors);
    log(g, &all);
    reading(g, &ledger, &all);
    stamps(g);
}

fn texts(g: &Gen, by: &Credulous) {
    let known: [&dyn CheckpointVerifier; 1] = [by];
    let text = g.text();
    see(&(Note::parse(&text).is_ok(), SignedCheckpoint::parse(&text).is_ok(), LogProof::parse(&text).is_ok()));
    see(&(Bundle::parse(&text).is_ok(), Slice::parse(&text).is_ok(), Slice::is_slice(&text)));
    see(&(text.parse::<Checkpoint>().is_ok(), text.parse::<VerifierKey>().is_ok(), text.parse::<KeyChange>().is_ok()));
    let note = note(g, text, by);
    see(&note.verify(&known));
    see(&Note::parse(&note.to_string()).is_ok());

    let (retires, introduces) = (g.maybe(key), g.maybe(key));
    match KeyChange::new(origin(g), g.u64(), retires, introduces) {
        Ok(change) => {
            let mut history = KeyHistory::new(change.origin().clone(), key(g));
            let note = change.to_note().and_then(|note| {
                note.sign_with(by.0.clone(), by.1, vec![7; 64])
                    .map_err(|_| clausework::audit::checkpoint::CheckpointError::NoKnownKey)
            });
            if let Ok(note) = note {
                see(&history.apply(&note, |_| Some(Box::new(Credulous(by.0.clone(), by.1)))));
            }
            see(&history.valid_at(g.u64()).count());
        }
        Err(error) => say(&error),
    }
    #[cfg(feature = "ed25519")]
    {
        use clausework::audit::checkpoint::{Ed25519Signer, Ed25519Verifier};
        let signer = Ed25519Signer::from_seed(name(g), &g.array());
        let checkpoint = Checkpoint::new(origin(g), head(g)).sign(&[&signer]);
        let key = key(g);
        see(&(checkpoint.is_ok(), Ed25519Verifier::new(&key).is_ok(), Ed25519Verifier::boxed(&key).is_some()));
        see(&Note::unsigned("text\n").unwrap().sign(&signer));
    }
}

fn bundles(g: &Gen, all: &[Vec<u8>], tree: &Tree, anchors: &[SignedCheckpoint], known: &[&dyn CheckpointVerifier]) {
    let prover = tree.prover().unwrap();
    let mut bundle = Bundle::new(origin(g), g.pick(&[Values::Shown, Values::NotShown]));
    bundle.add_key(key(g));
    bundle.add_checkpoint(anchors[0].clone());
    if g.below(4) == 0 {
        see(&bundle.begin_after(frontier(g)));
    }
    bundle.add_consistency(
        ConsistencyProof::from_parts(size(g), size(g), hashes(g)).unwrap_or(prover.consistency(0).unwrap()),
    );
    for (index, bytes) in all.iter().enumerate() {
        let index = if g.below(5) == 0 { g.u64() } else { u64::try_from(index).unwrap() };
        let inclusion = prover.inclusion(index).unwrap_or_else(|_| prover.inclusion(0).unwrap());
        let proof = LogProof::new(&inclusion, anchors[1].clone()).map(|proof| proof.with_extra(g.bytes(9)));
        match (g.below(4), proof) {
            (0, Ok(proof)) => see(&bundle.add_kept(bytes.clone(), disclosures(g), &proof)),
            (1, _) => bundle.add_stored(index, hash(g), bytes.clone(), disclosures(g)),
            (2, _) => bundle.add_purged(index, leaf_hash(bytes)),
            (_, Ok(proof)) => {
                see(&proof.verify(bytes, &origin(g), known).is_ok());
                bundle.add_record(index, bytes.clone(), disclosures(g));
            }
            (_, Err(error)) => say(&error),
        }
    }
    let rows = g.some(3, |g| Ok::<StoredRow, ()>((g.u64(), hash(g), g.maybe(|g| g.bytes(30)))));
    see(&fill(&mut bundle, disclosures(g), rows));
    let report = bundle.verify(anchors, known);
    say(&report.verdict);
    super::evidence::log(g, &bundle, &report, anchors);
    say(&bundle.verify_for(anchors, known, Values::Shown).verdict);
    let text = bundle.to_string();
    see(&Bundle::parse(&text).is_ok());
    see(&anchors[0].verify(&origin(g), known).is_ok());

    let (person, actor) = (g.id(), g.actor());
    let of = g.pick(&[
        SliceOf::Person(person),
        SliceOf::Actor(actor),
        SliceOf::Period { from: g.timestamp(), until: g.timestamp() },
    ]);
    let mut slice = Slice::new(of.clone(), anchors[1].clone());
    slice.add_key(key(g));
    for (index, bytes) in all.iter().enumerate() {
        see(&slice.add_record(bytes.clone(), disclosures(g), prover.inclusion(u64::try_from(index).unwrap()).unwrap()));
        see(&Record::decode(bytes).map(|record| of.concerns(&record)).ok());
    }
    say(&slice.verify(anchors, known).verdict);
    see(&Slice::parse(&slice.to_string()).is_ok());
}

pub(super) fn retention(g: &Gen) -> RetentionPolicy {
    let mut builder = RetentionPolicy::builder();
    for _ in 0..g.below(3) {
        let term = Term::at_least(g.period());
        let term = if g.flag() { term.at_most(g.period()) } else { term };
        builder = builder.class(g.pick(&CLASSES), term);
    }
    let policy = builder.build().unwrap_or_default();
    let policy = g.policy(policy);
    let (class, at) = (g.pick(&CLASSES), g.timestamp());
    see(&(policy.term(class), policy.kept_until(class, at), policy.purged_by(class, at)));
    policy
}

fn removals(g: &Gen, records: &[Record<'_>], ledger: &Ledger, tree: &Tree, anchors: &[SignedCheckpoint]) {
    let (class, now, policy) = (g.pick(&CLASSES), g.now(), retention(g));
    let kind = g.pick(&[PurgeKind::Disclosures(class), PurgeKind::Bodies(class), PurgeKind::Prefix(g.u64())]);
    let mut candidates: Vec<Candidate<'_>> = records.iter().map(Candidate::from).collect();
    candidates.extend(g.some(4, |g| Candidate {
        index: g.u64(),
        class,
        recorded_at: g.timestamp(),
        person: Some("a"),
    }));
    let proven: BTreeSet<u64> = candidates.iter().map(|candidate| candidate.index).collect();
    let decision = plan_purge(&policy, now, ledger, kind, candidates, &proven);
    decision.refused.iter().for_each(say);
    let ground = Ground::new(Basis::Consent);
    if let Some(plan) = &decision.plan {
        see(&plan.body(ground));
    }
    let text = g.text();
    let targets = g.some(4, |g| (if g.flag() { Target::record(g.u64()) } else { Target::field(g.u64(), &text) }, None));
    let erasure = plan_erasure(ledger, targets);
    let actor = g.actor();
    see(&erasure.body(ground, Who::from(&actor), &text));

    let by = Credulous(anchors[1].note().signatures()[0].name().clone(), anchors[1].note().signatures()[0].id());
    let Ok(seen) = anchors[1].verify(anchors[1].unverified().origin(), &[&by]) else { return };
    let prover = tree.prover().unwrap();
    for intent in records {
        let Ok(proof) = prover.inclusion(intent.place().index()).or_else(|_| prover.inclusion(0)) else { continue };
        for clearance in [Clearance::of(intent, ledger, &seen), Clearance::proven(intent, &proof, ledger, &seen)] {
            match clearance {
                Ok(clearance) => see(&(clearance.still_holds(ledger), clearance.done(g.u64()))),
                Err(error) => say(&error),
            }
        }
        see(&Certificate::of((intent, &proof), (intent, &proof), &seen, &origin(g)).is_some());
    }
    let report = Bundle::new(origin(g), Values::Shown).verify(anchors, &[&by]);
    let range = IndexRange::try_new(g.u64(), g.u64()).unwrap_or(IndexRange::try_new(0, 1).unwrap());
    match Review::of(
        Who::from(&actor),
        [Who::from(&Actor::Unauthenticated)],
        range,
        g.timestamp(),
        g.timestamp(),
        &report,
        &seen,
    ) {
        Ok(review) => see(&review.body(g.u32(), g.array())),
        Err(refusals) => see(&refusals),
    }
    see(&Review::next(g.date()));
}

fn log(g: &Gen, all: &[Vec<u8>]) {
    let golden = include_str!("../golden/audit_log.v1.json");
    let (scope, now) = (g.scope(), g.now());
    let _ = LogState::key(scope.clone());
    let state: Option<LogState> = g.state(golden);
    let text = state.as_ref().map(|state| serde_json::to_string(state).unwrap()).unwrap_or_default();
    let tail = match Tail::decode(scope.clone(), &text, all.first().map_or(&[][..], Vec::as_slice)) {
        Ok(tail) => tail,
        Err(error) => {
            say(&error);
            Tail::new(scope)
        }
    };
    let parts = parts(g);
    let mut drafts = [draft(g, &parts, Body::Event), draft(g, &parts, Body::Event)];
    match tail.enter(now, &mut drafts) {
        Ok(entries) => see(&entries.rows().count()),
        Err(error) => say(&error),
    }
    let lines: Vec<&str> = include_str!("../golden/event.v1.json").lines().collect();
    let texts = g.some(4, |g| {
        if g.flag() {
            g.text()
        } else {
            let line = g.pick(&lines);
            g.changed(line)
        }
    });
    let at = g.maybe(Gen::timestamp);
    let waiting = texts.iter().map(|text| Waiting::new(text, at));
    let component = g.id();
    match tail.take_in(now, &component, waiting, |_| Class::Authentication, &mut g.entropy()) {
        Ok(entries) => see(&entries),
        Err(error) => say(&error),
    }

    let builder = SequencerPolicy::builder().checkpoint_secs(g.u64()).heartbeat_secs(g.u64()).batch(g.u32());
    let policy = builder.build().unwrap_or_else(|error| {
        say(&error);
        SequencerPolicy::default()
    });
    let policy = g.policy(policy);
    see(&policy.due(state.as_ref(), now, g.maybe(Gen::timestamp)));
    let before = state.as_ref().map_or_else(|| frontier(g), |state| state.frontier().clone());
    match integrate(&before, all) {
        Ok(integration) => see(&integration.checkpoint(origin(g))),
        Err(error) => say(&error),
    }
    let accepted: Vec<Accepted<'_>> = all.iter().map(|record| Accepted::new(record, g.timestamp())).collect();
    let at = g.pick(&[g.u64(), before.size()]);
    see(&append(state.clone(), now, at, &accepted));
    let Some(state) = state else { return };
    see(&state.oldest_unanchored(g.maybe(Gen::timestamp)));
    let plan = state.checkpoint_plan(origin(g));
    match plan.confirm(all) {
        Ok(confirmed) => see(&note_checkpoint(state.clone(), &confirmed)),
        Err(error) => say(&error),
    }
    see(&note_anchor(state, g.u64()));
}

fn reading(g: &Gen, ledger: &Ledger, all: &[Vec<u8>]) {
    let heads = g.some(3, head);
    let mut verifier = Verifier::begin(ledger, &heads, frontier(g), Values::Shown);
    for bytes in all {
        let (index, shown) = (size(g), disclosures(g));
        let proof = InclusionProof::from_parts(index, size(g), hashes(g));
        if let Ok(proof) = proof {
            verifier.keep(&proof, heads.first(), bytes, &shown);
        }
        let evidence = if g.flag() { Evidence::Purged } else { Evidence::Body { bytes, disclosures: &shown } };
        verifier.read(g.pick(&[index, verifier.state().next_index()]), leaf_hash(bytes), evidence);
        let text = serde_json::to_string(verifier.state()).unwrap();
        if let Ok(state) = serde_json::from_str(&g.changed(&text)) {
            verifier = Verifier::resume(ledger, &heads, state);
        }
    }
    say(&verifier.finish().verdict);
}

fn stamps(g: &Gen) {
    let (now, actor) = (g.now(), g.actor());
    let stamped = Stamped::create(now, actor.clone(), 7_u8).update(g.now(), g.actor(), |row| row);
    see(&stamped.clone().try_update(g.now(), g.actor(), Err::<u8, u8>));
    let stamp = Stamp::created(g.now(), actor).updated(g.now(), g.actor());
    let result: Result<_, StampError> = Stamped::from_parts(stamp, 7_u8);
    see(&result);
    let text = g.changed(&serde_json::to_string(&stamped).unwrap());
    see(&serde_json::from_str::<Stamped<u8>>(&text).is_ok());
}
