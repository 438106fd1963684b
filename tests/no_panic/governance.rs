//! The organisation's registers.

use std::collections::BTreeSet;

use clausework::audit::tree::Hash;
use clausework::governance::communication::{
    Choice, Chooser, CommunicationPolicy, Message, MessageClass, PreferenceState, Topic, Unasked, UnsubscribeState,
    address_keys, choose, link, may_send,
};
use clausework::governance::disclosure::{
    Ask, DisclosureGround, DisclosurePolicy, DisclosureState, ReleaseOutcome, allow_notice, approve, forbid_notice,
    give_notice, refuse, release,
};
use clausework::governance::rectification::{
    FieldVerdict, RectificationPolicy, RectificationState, RefusalGround, Requester, Told, decide_field, is_late,
    status, tell,
};
use clausework::governance::transfer::{Item, Manifest, TransferState, resend, send};
use clausework::governance::{
    AdministratorsState, Appointment, Assignment, Cadence, Days, Demand, Detail, Evidence, EvidencePolicy,
    EvidenceState, HandbookLink, Identification, ListRequest, Part, PersonState, PolicyVersion, ProgrammeState,
    Publication, Region, Register, Role, RolesState, Session, VersionsState, acknowledge, adopt, appoint, assign,
    attend, compare, disclosure, end_appointment, end_role, erase_names, erase_person, file, hand_out, hold, join,
    leave, owed, publish, put_in_handbook, rectification, request_list, transfer, unacknowledged,
};
use clausework::secret::Keyring;

use super::draw::Gen;
use super::{say, see};

pub(super) fn all(g: &Gen) {
    registers(g);
    people(g);
    administrators(g);
    communication(g);
    disclosures(g);
    rectifications(g);
    transfers(g);
}

fn days(g: &Gen) -> Days {
    let day = g.date();
    let drawn = if g.flag() { Days::try_new(day, g.date()) } else { Days::since(day) };
    let days = drawn.unwrap_or_else(|error| {
        say(&error);
        let first = "2026-01-01".parse().unwrap();
        Days::try_new(first, first + chrono::Days::new(u64::try_from(g.below(800)).unwrap())).unwrap()
    });
    see(&(days.has(g.date()), days.common(days)));
    say(&days);
    days
}

fn hash(g: &Gen) -> Hash {
    Hash::new(g.array())
}

fn evidence(g: &Gen) -> Evidence {
    let details = [
        Detail::Retired,
        Detail::Copies { servers: g.u32() },
        Detail::Certificate { provider: g.id() },
        Detail::Sites { production: g.id(), copy: g.id() },
        Detail::Region { region: g.pick(&[Region::NorthWesternEurope, Region::Other(g.id())]) },
    ];
    let mut evidence = Evidence::new(g.id(), g.id(), g.id(), days(g), g.reference());
    if g.flag() {
        evidence = evidence.with_digest(hash(g)).with_detail(g.pick(&details));
    }
    if g.flag() {
        evidence = evidence.showing([Part::Restored, Part::Vpn]).replacing(g.id());
    }
    evidence
}

fn registers(g: &Gen) {
    let (day, now, clause, about) = (g.date(), g.now(), g.clause(), g.id());
    let mut builder = EvidencePolicy::builder().lead_days(g.u32());
    if g.flag() {
        builder = builder.min_copies(g.u32());
    }
    for _ in 0..g.below(3) {
        let demand = Demand::new(g.clause(), g.id());
        let demand = if g.flag() { demand.every(g.period()) } else { demand };
        builder = builder.demand(if g.flag() { demand.since(g.date()) } else { demand });
    }
    let policy = builder.build().unwrap_or_else(|error| {
        say(&error);
        EvidencePolicy::default()
    });
    let policy: EvidencePolicy = g.policy(policy);
    let _ = EvidenceState::key(g.scope(), clause, g.u16());
    see(&Part::wanted(clause));
    let entry = evidence(g);
    see(&entry.shortfalls(clause, &policy));
    let state: Option<EvidenceState> = g.state(include_str!("../golden/evidence.v1.json"));
    see(&file(state.clone(), now, state.as_ref().map_or(clause, EvidenceState::clause), entry));
    let register = Register::new(&policy, &state);
    let of = state.as_ref().map_or(clause, EvidenceState::clause);
    see(&register.on(of, &about, day));
    see(&register.gaps(of, &about, days(g)));
    register.findings(day).iter().for_each(say);
    let report = register.report(days(g));
    say(&report);
    super::evidence::measures(g, &report, &register.findings(day));

    let cadence = Cadence::try_new(g.date(), g.period());
    if let Ok(cadence) = cadence {
        see(&cadence.turn_of(day));
    }
    let _ = ProgrammeState::key(g.scope(), &about);
    let programme: Option<ProgrammeState> = g.state(include_str!("../golden/programme.v1.json"));
    let session = Session::new(g.id(), g.date(), g.reference()).with_digest(hash(g));
    see(&hold(programme.clone(), programme.as_ref().map_or(clause, ProgrammeState::clause), session.clone()));
    if let Some(programme) = programme {
        let person = PersonState::default();
        say(&programme.standing(cadence.ok(), g.u32(), day));
        see(&(programme.session(&about), programme.absent(&about, &session, [(&about, &person)], day)));
        see(&programme.never_attended(&about, [(&about, &person)], day));
        if let Ok(cadence) = cadence {
            // Of a year: a finding for every day of ten thousand years takes its time.
            let year =
                Days::try_new(day, day.checked_add_days(chrono::Days::new(365)).unwrap_or(day)).unwrap_or(days(g));
            see(&programme.findings(&about, cadence, year).len());
        }
    }

    let _ = RolesState::key(g.scope());
    let roles: Option<RolesState> = g.state(include_str!("../golden/roles.v1.json"));
    let role = g.pick(&[Role::Accountable, Role::Responsible(g.id())]);
    see(&assign(roles.clone(), Assignment::new(g.id(), role, g.id(), days(g), g.reference())));
    if let Some(roles) = roles {
        see(&(roles.on(day).count(), roles.accountable(day), roles.findings(days(g))));
        see(&end_role(roles, &about, day));
    }

    let _ = VersionsState::key(g.scope(), &about);
    let versions: Option<VersionsState> = g.state(include_str!("../golden/policy_versions.v1.json"));
    let version = PolicyVersion::new(g.u32(), g.date(), hash(g), g.id(), g.reference());
    see(&adopt(versions.clone(), version));
    if let Some(versions) = versions {
        let number = g.pick(&[1, 2, g.u32()]);
        see(&(versions.version(number), versions.in_force(day), versions.findings(&about, days(g))));
        see(&publish(versions.clone(), number, Publication::new(g.date(), g.reference(), hash(g))));
        see(&put_in_handbook(versions, number, HandbookLink::new(g.id(), g.date())));
    }
}

fn people(g: &Gen) {
    let (day, id, now) = (g.date(), g.id(), g.now());
    let _ = PersonState::key(g.scope(), &id);
    let state: Option<PersonState> = g.state(include_str!("../golden/personnel.v1.json"));
    see(&join(state.clone(), day));
    let Some(state) = state else { return };
    see(&(state.tenure(day), state.is_employed(day)));
    see(&leave(state.clone(), day));
    see(&erase_person(state.clone(), now, &super::audit::retention(g)));
    if let Some(versions) = g.state::<VersionsState>(include_str!("../golden/policy_versions.v1.json")) {
        see(&acknowledge(state.clone(), &id, &versions, g.u32(), hash(g), day));
        unacknowledged(&id, &versions, [(&id, &state)], day).iter().for_each(say);
    }
    if let Some(programme) = g.state::<ProgrammeState>(include_str!("../golden/programme.v1.json")) {
        see(&attend(state, &id, &programme, &g.id(), day));
    }
}

fn administrators(g: &Gen) {
    let (day, id) = (g.date(), g.id());
    let _ = AdministratorsState::key(g.scope(), g.u16());
    let state: Option<AdministratorsState> = g.state(include_str!("../golden/administrators.v1.json"));
    let named = Identification::new(g.reference(), g.reference());
    let made = Appointment::new(g.id(), g.id(), named, g.id(), days(g), g.reference()).with_tasks([g.reference()]);
    see(&appoint(state.clone(), made));
    see(&request_list(state.clone(), ListRequest::new(g.id(), g.id(), day)));
    let Some(state) = state else { return };
    let first = state.requests().first().map_or(id.clone(), |asked| asked.id().clone());
    see(&(state.on(day).count(), compare([&state], &BTreeSet::from([id.clone()]), day)));
    see(&owed([&state], g.maybe(Gen::period), day));
    see(&erase_names(state.clone(), g.now(), &id, &super::audit::retention(g)));
    see(&end_appointment(state.clone(), &id, day));
    see(&hand_out(state.clone(), [&state], &first, day));
}

fn communication(g: &Gen) {
    let class = g.pick(&[MessageClass::Transactional, MessageClass::Security, MessageClass::Marketing]);
    let builder =
        CommunicationPolicy::builder().topic(g.id(), class).unasked(g.pick(&[Unasked::Refuse, Unasked::Send]));
    let policy: CommunicationPolicy = g.policy(builder.build().unwrap());
    see(&policy.class_of(&g.id()));
    let state: Option<PreferenceState> = g.state(include_str!("../golden/preference.v1.json"));
    let by = g.pick(&[Chooser::Person, Chooser::Link, Chooser::Staff, Chooser::Import { evidence: g.maybe(Gen::id) }]);
    let topic = g.pick(&[Topic::All, Topic::One(g.id())]);
    see(&choose(state.clone(), g.now(), &policy, &by, topic.clone(), g.pick(&[Choice::In, Choice::Out])));
    see(&state.as_ref().map(|state| state.choice(&g.id())));
    for message in [Message::about(g.id()), Message::about(g.id()).called(class), Message::security()] {
        see(&may_send(&policy, &state, &message));
    }
    see(&link(g.now(), &mut g.entropy(), g.account(), topic, g.duration()).is_ok());
    see(&address_keys(&Keyring::new(g.id(), g.array()), &g.tenant(), &g.text()));
    see(&g.state::<UnsubscribeState>(include_str!("../golden/unsubscribe.v1.json")));
}

fn disclosures(g: &Gen) {
    let (now, by) = (g.now(), g.id());
    let builder = DisclosurePolicy::builder().approvals(g.u8()).pending_hours(g.u32()).release_within_hours(g.u32());
    let usual = DisclosurePolicy::builder().approvals(1).pending_hours(72).release_within_hours(72).build().unwrap();
    let policy: DisclosurePolicy = g.policy(builder.build().unwrap_or_else(|error| {
        say(&error);
        usual
    }));
    let ground = g.pick(&[DisclosureGround::RequiredByLaw, DisclosureGround::CustomerInstruction]);
    see(&disclosure::request(now, by.clone(), Ask::new(ground, g.id(), g.id(), g.ids())));
    let Some(state) = g.state::<DisclosureState>(include_str!("../golden/disclosure.v1.json")) else { return };
    see(&approve(state.clone(), now, &policy, &by));
    see(&refuse(state.clone(), now));
    let (_, outcome, _) = release(state.clone(), now, &policy).into_parts();
    if let ReleaseOutcome::Released(permit) = outcome {
        see(&permit.covers(&by));
    }
    see(&give_notice(state.clone(), now));
    see(&forbid_notice(state.clone(), now, by, g.timestamp()));
    see(&allow_notice(state.clone()));
    see(&disclosure::owed(&state, now));
}

fn rectifications(g: &Gen) {
    let builder = RectificationPolicy::builder().target_days(g.u32()).recipient(g.id());
    let policy: RectificationPolicy = g.policy(builder.build().unwrap_or_else(|error| {
        say(&error);
        RectificationPolicy::builder().build().unwrap()
    }));
    let (now, account) = (g.now(), g.account());
    let by = g.pick(&[Requester::Person(g.account()), Requester::Administrator(g.account())]);
    see(&rectification::request(now, &policy, &by, &account, g.ids()));
    let Some(state) = g.state::<RectificationState>(include_str!("../golden/rectification.v1.json")) else { return };
    let verdict = g.pick(&[FieldVerdict::Applied, FieldVerdict::Refused(RefusalGround::Accurate)]);
    see(&decide_field(state.clone(), now, &g.id(), verdict));
    see(&tell(state.clone(), now, &g.pick(&[Told::Person, Told::Recipient(g.id())])));
    see(&(status(&state, &policy), is_late(&state, now, &policy)));
}

fn transfers(g: &Gen) {
    let item = |g: &Gen| Item::try_new(&g.text(), g.u64(), hash(g)).or(Item::of(&g.text(), &g.bytes(9)));
    let sent: Vec<Item> = g.some(5, item).into_iter().filter_map(Result::ok).collect();
    let received: Vec<Item> = g.some(5, item).into_iter().filter_map(Result::ok).collect();
    match transfer::compare(&sent, &received) {
        Ok(comparison) => say(&comparison),
        Err(error) => say(&error),
    }
    let mut manifest = Manifest::of(&sent).unwrap_or_default();
    received.iter().for_each(|item| see(&manifest.push(item)));
    let summary = manifest.summary();
    see(&send(g.now(), summary, g.timestamp()));
    let state: Option<TransferState> = g.state(include_str!("../golden/transfer.v1.json"));
    see(&transfer::review(state.clone(), g.now()));
    if let Some(state) = state {
        see(&transfer::acknowledge(state.clone(), g.now(), summary));
        see(&resend(state, g.now(), g.timestamp()));
    }
}
