//! Staff access on real databases: two approvers at once, an approval racing the end of its grant, many uses of a grant
//! for one.

use std::sync::Barrier;
use std::thread;

use clausework::access::AccessPolicy;
use clausework::event::{Actor, Event, Origin, Provenance, Transport};
use clausework::id::OpaqueId;
use clausework::staff::{
    Answer, Area, AreaRule, Condition, Denied, Duty, End, GrantId, GrantRequest, GrantScope, MemberState, Party,
    Permit, Progress, Purpose, PurposeKind, Resource, StaffAccess, StaffPolicy, StaffRequest, Undertaking, sign,
};
use clausework::tenancy::{Action, Actions, ResourceKind};
use clausework::testing::Clock;
use clausework::{AccountId, Now, Scope, TenantId};
use clausework_stores::SqliteStore;

use crate::folder::Folder;

const ROUNDS: usize = 20;
const USES: usize = 8;

fn id(text: &str) -> OpaqueId {
    OpaqueId::try_new(text).unwrap()
}

/// What every node is configured with.
struct Desk {
    policy: StaffPolicy,
    tenant: TenantId,
    scope: Scope,
    staff: OpaqueId,
    roles: [OpaqueId; 1],
    login: OpaqueId,
    resource: Resource,
    purpose: Purpose,
    origin: Origin,
    now: Now,
}

impl Desk {
    fn new(approvals: u8) -> Self {
        let rule = AreaRule::new(AccessPolicy::default()).role(id("support")).purpose(PurposeKind::SupportRequest);
        let policy = StaffPolicy::builder().max_duration_secs(28_800).pending_secs(43_200).approvals(approvals, 3);
        let tenant = TenantId::try_new("acme").unwrap();
        Self {
            policy: policy.max_open(1000).area(Area::CustomerData, rule).build().unwrap(),
            scope: tenant.clone().into(),
            tenant,
            staff: id("s-7"),
            roles: [id("support")],
            login: id("login-1"),
            resource: Resource { kind: ResourceKind::try_new("invoice").unwrap(), id: None },
            purpose: Purpose::SupportRequest { request: id("r-4711") },
            origin: Origin::network("198.51.100.7".parse().unwrap(), Transport::Tls),
            now: Clock::at("2026-11-22T09:30:00Z").now(),
        }
    }

    fn access(&self) -> StaffAccess<'_> {
        StaffAccess::new(&self.policy)
    }

    fn party(&self, account: &str) -> Party {
        Party::customer(self.tenant.clone(), AccountId::try_new(account).unwrap()).with_right()
    }

    fn grant(round: usize) -> GrantId {
        GrantId::try_new(format!("g-{round}")).unwrap()
    }

    fn asked(&self, grant: &GrantId) -> GrantRequest {
        let scope =
            GrantScope::try_new(Area::CustomerData, Actions::of(&[Action::Read]), [self.resource.clone()]).unwrap();
        let (tenant, staff) = (self.tenant.clone(), self.staff.clone());
        GrantRequest::new(grant.clone(), tenant, staff, self.purpose.clone(), scope, 3600)
    }

    fn question<'a>(&'a self, grant: &'a GrantId) -> StaffRequest<'a> {
        StaffRequest {
            staff: &self.staff,
            roles: &self.roles,
            scope: &self.scope,
            area: Area::CustomerData,
            action: Action::Read,
            resource: &self.resource,
            purpose: Some(&self.purpose),
            origin: self.origin,
            grant: Some(grant),
            customer_login: Some(&self.login),
        }
    }

    fn nda(&self) -> Undertaking {
        Undertaking { duty: Duty::Contract, reference: id("nda-7"), from: self.now.timestamp(), until: None }
    }
}

fn personnel() -> Provenance {
    Provenance::internal(Actor::Staff(id("s-1")))
}

/// Both count, and one of them was the last.
fn both_count(answers: [Answer<Progress>; 2]) {
    let mut given = answers.map(|answer| answer.granted().expect("both have the right").given);
    given.sort_unstable();
    assert_eq!(given, [1, 2]);
}

/// Whoever came first: it is over, and an approval that came later was refused for that.
fn it_is_over(approved: &Answer<Progress>, ended: &Answer<End>, used: &Answer<Permit>) {
    assert_eq!(*ended, Answer::Granted(End::Dismissed));
    let over = [Condition::Over(End::Dismissed)];
    assert!(approved.denied().is_none_or(|denied| denied.conditions() == over), "{approved:?}");
    assert_eq!(used.denied().map(Denied::conditions), Some(&over[..]));
}

fn one_got_in(answers: &[Answer<Permit>]) {
    assert_eq!(answers.iter().filter(|answer| answer.denied().is_none()).count(), 1);
    let used_up = [Condition::Over(End::UsedUp)];
    assert!(answers.iter().filter_map(Answer::denied).all(|denied| denied.conditions() == used_up));
}

fn count(events: &[String], code: &str) -> usize {
    events.iter().filter(|event| Event::decode(event).unwrap().code() == code).count()
}

/// Runs each in a thread of its own, with a handle of its own, all at once.
fn at_once<T: Send>(folder: &Folder, count: usize, work: impl Fn(usize, &mut SqliteStore) -> T + Sync) -> Vec<T> {
    let (barrier, work) = (Barrier::new(count), &work);
    thread::scope(|scope| {
        let one = |index| {
            let barrier = &barrier;
            scope.spawn(move || {
                let mut store = SqliteStore::open(folder.file("staff.sqlite")).unwrap();
                barrier.wait();
                work(index, &mut store)
            })
        };
        let threads: Vec<_> = (0..count).map(one).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

fn prepared(approvals: u8) -> (Desk, Folder, SqliteStore) {
    let (desk, folder) = (Desk::new(approvals), Folder::new());
    let mut store = SqliteStore::open(folder.file("staff.sqlite")).unwrap();
    let key = MemberState::key(&desk.staff);
    desk.access().apply(&mut store, desk.now, &personnel(), &key, |member| sign(member, desk.nda())).unwrap();
    (desk, folder, store)
}

#[test]
fn two_approvers_at_once_both_count() {
    let (desk, folder, mut store) = prepared(2);
    for round in 0..ROUNDS {
        let grant = Desk::grant(round);
        assert!(
            desk.access().request(&mut store, desk.now, desk.origin, &desk.asked(&grant)).unwrap().granted().is_some()
        );
        let approvers = ["u-17", "u-18"].map(|account| desk.party(account));
        let answers = at_once(&folder, 2, |index, store| {
            desk.access().approve(store, desk.now, desk.origin, &approvers[index], &grant).unwrap()
        });
        both_count(answers.try_into().unwrap());
        assert!(desk.access().check(&mut store, desk.now, &desk.question(&grant)).unwrap().granted().is_some());
    }
    let events = store.events(None).unwrap();
    assert_eq!((count(&events, "staff.approval_given"), count(&events, "staff.approved")), (ROUNDS, ROUNDS));
}

#[test]
fn an_approval_racing_the_end_of_its_grant_opens_nothing() {
    let (desk, folder, mut store) = prepared(1);
    for round in 0..ROUNDS {
        let grant = Desk::grant(round);
        let _ = desk.access().request(&mut store, desk.now, desk.origin, &desk.asked(&grant)).unwrap();
        let mut answers = at_once(&folder, 2, |index, store| match index {
            0 => {
                (Some(desk.access().approve(store, desk.now, desk.origin, &desk.party("u-17"), &grant).unwrap()), None)
            }
            _ => (None, Some(desk.access().end(store, desk.now, desk.origin, &desk.party("u-18"), &grant).unwrap())),
        });
        let (approved, ended) = (answers[0].0.take().unwrap(), answers[1].1.take().unwrap());
        let used = desk.access().check(&mut store, desk.now, &desk.question(&grant)).unwrap();
        it_is_over(&approved, &ended, &used);
    }
    assert_eq!(count(&store.events(None).unwrap(), "staff.used"), 0);
    assert!(desk.access().list(&mut store, desk.now, &personnel(), &desk.tenant).unwrap().is_empty());
}

#[test]
fn of_many_uses_of_a_grant_for_one_one_gets_in() {
    let (desk, folder, mut store) = prepared(1);
    for round in 0..ROUNDS {
        let grant = Desk::grant(round);
        let asked = desk.asked(&grant).for_one_use();
        let _ = desk.access().request(&mut store, desk.now, desk.origin, &asked).unwrap();
        let _ = desk.access().approve(&mut store, desk.now, desk.origin, &desk.party("u-17"), &grant).unwrap();
        one_got_in(&at_once(&folder, USES, |_, store| {
            desk.access().check(store, desk.now, &desk.question(&grant)).unwrap()
        }));
    }
}

/// The same three over an async store.
#[cfg(any(feature = "postgres", feature = "redis"))]
pub(crate) fn on_a_server<S>(store: &S)
where
    S: clausework::store::AsyncStore + Clone + Send + Sync + 'static,
{
    use std::sync::Arc;

    use clausework::store::{Change, update_async};

    use crate::servers::runtime;

    let (one, two) = (Arc::new(Desk::new(1)), Arc::new(Desk::new(2)));
    runtime().block_on(async {
        let (key, member) = (MemberState::key(&one.staff), one.nda());
        let signed = update_async(store.clone(), [&key], |rows| {
            let mut change = Change::new(rows, one.now, &personnel());
            change.apply(&key, sign(rows.read(&key)?, member.clone()))?;
            Ok(change.finish(()))
        });
        signed.await.unwrap();
        let request = async |desk: &Desk, asked: GrantRequest| {
            let keys = desk.access().request_keys(&asked);
            let answer = update_async(store.clone(), keys, |rows| {
                desk.access().settle_request(rows, desk.now, desk.origin, &asked)
            });
            assert!(answer.await.unwrap().granted().is_some());
        };
        let approve = |desk: &Arc<Desk>, account: &'static str, grant: &GrantId| {
            let (desk, grant, store) = (Arc::clone(desk), grant.clone(), store.clone());
            runtime().spawn(async move {
                let (access, by) = (desk.access(), desk.party(account));
                let keys = access.grant_keys(&desk.tenant, &grant);
                let settle = |rows: &_| access.settle_approval(rows, desk.now, desk.origin, &by, &grant);
                update_async(store, keys, settle).await.unwrap()
            })
        };
        let end = |desk: &Arc<Desk>, grant: &GrantId| {
            let (desk, grant, store) = (Arc::clone(desk), grant.clone(), store.clone());
            runtime().spawn(async move {
                let (access, by) = (desk.access(), desk.party("u-18"));
                let keys = access.grant_keys(&desk.tenant, &grant);
                update_async(store, keys, |rows| access.settle_end(rows, desk.now, desk.origin, &by, &grant))
                    .await
                    .unwrap()
            })
        };
        let check = |desk: &Arc<Desk>, grant: &GrantId| {
            let (desk, grant, store) = (Arc::clone(desk), grant.clone(), store.clone());
            runtime().spawn(async move {
                let (access, asked) = (desk.access(), desk.question(&grant));
                let keys = access.use_keys(&asked);
                update_async(store, keys, |rows| access.settle_check(rows, desk.now, &asked)).await.unwrap()
            })
        };
        for round in 0..ROUNDS {
            let grant = Desk::grant(3 * round);
            request(&two, two.asked(&grant)).await;
            let (first, second) = (approve(&two, "u-17", &grant), approve(&two, "u-18", &grant));
            both_count([first.await.unwrap(), second.await.unwrap()]);

            let grant = Desk::grant(3 * round + 1);
            request(&one, one.asked(&grant)).await;
            let (approved, ended) = (approve(&one, "u-17", &grant), end(&one, &grant));
            let (approved, ended) = (approved.await.unwrap(), ended.await.unwrap());
            it_is_over(&approved, &ended, &check(&one, &grant).await.unwrap());

            let grant = Desk::grant(3 * round + 2);
            request(&one, one.asked(&grant).for_one_use()).await;
            let _ = approve(&one, "u-17", &grant).await.unwrap();
            let uses: Vec<_> = (0..USES).map(|_| check(&one, &grant)).collect();
            let mut answers = Vec::new();
            for one in uses {
                answers.push(one.await.unwrap());
            }
            one_got_in(&answers);
        }
    });
}
