use super::*;

fn def(role: Role) -> Administration {
    Administration::DefineRole(role)
}

fn open(id_: &str, roles: &[&str]) -> Administration {
    let (account, person) = (account(id_), id(&format!("p-{id_}")));
    Administration::OpenProfile { account, person, function: None, roles: roles_named(roles) }
}

fn set(id: &str, roles: &[&str]) -> Administration {
    Administration::SetRoles { account: account(id), roles: roles_named(roles) }
}

fn close(id: &str) -> Administration {
    Administration::CloseProfile { account: account(id) }
}

fn appoint(id: &str) -> Administration {
    Administration::Appoint { account: account(id) }
}

fn dismiss(id: &str) -> Administration {
    Administration::Dismiss { account: account(id) }
}

/// `u-1` may everything; `u-2` administers too, reads payslips without their notes, and may not read holidays.
fn two() -> TenantState {
    let mut state = state([
        role("reader", &["+read payslip", "-read payslip.note", "+change holiday"]),
        role("no-holiday", &["-read holiday"]),
        role("exporter", &["+export payslip"]),
        role("amounts", &["+read payslip.amount"]),
        role("empty", &[]),
        role("office", &[]).of_function(Function::try_new("office").unwrap()),
    ]);
    state.administrators.insert(account("u-2"), roles_named(&["reader", "no-holiday"]));
    state
}

fn answer(
    state: &TenantState,
    target: Option<&ProfileState>,
    by: &Principal,
    wish: &Administration,
) -> Vec<&'static str> {
    match decide_administration(Some(state), target, by, wish).tenant.into_parts() {
        (Next::Put(_), AdministerOutcome::Done, facts) => {
            assert_eq!((facts.len(), facts[0].code()), (1, wish_code(wish)));
            Vec::new()
        }
        (Next::Keep, AdministerOutcome::Refused(refusals), facts) => {
            assert_eq!((facts.len(), facts[0].code()), (1, REFUSED));
            let codes: Vec<&str> = refusals.iter().map(|refusal| refusal.code().as_str()).collect();
            assert!(codes.iter().all(|code| facts[0].detail(code).is_some()));
            assert!(refusals.iter().all(|refusal| facts[0].clauses().contains(&refusal.clause())));
            codes
        }
        other => panic!("{other:?}"),
    }
}

fn wish_code(wish: &Administration) -> crate::event::Code {
    match wish {
        Administration::DefineRole(_) => ROLE_DEFINED,
        Administration::OpenProfile { .. } => OPENED,
        Administration::SetRoles { .. } => ROLES_SET,
        Administration::CloseProfile { .. } => CLOSED,
        Administration::Appoint { .. } => APPOINTED,
        Administration::Dismiss { .. } => DISMISSED,
    }
}

#[test]
fn e_5_2a_e_5_5_only_the_customers_administrators_administer() {
    let reach = GrantReach {
        purpose: purpose("payroll"),
        kind: ResourceKind::try_new("payslip").unwrap(),
        resource: None,
        action: Action::Administer,
        until: Timestamp::MAX,
    };
    let staff = Principal::by_grant(tenant(), id("u-1"), reach); // even with the id of an administrator
    let plain = profile(&[]);
    for wish in [def(role("new", &[])), set("u-3", &["empty"]), close("u-3"), appoint("u-3"), dismiss("u-2")] {
        assert_eq!(answer(&two(), Some(&plain), &me("u-1"), &wish), [""; 0], "{wish:?}");
        assert_eq!(answer(&two(), Some(&plain), &staff, &wish), ["tenancy.not_the_customer"], "{wish:?}");
        assert_eq!(answer(&two(), Some(&plain), &me("u-3"), &wish), ["tenancy.not_administrator"], "{wish:?}");
    }
    assert_eq!(answer(&two(), None, &staff, &open("u-4", &[])), ["tenancy.not_the_customer"]);
    assert_eq!(answer(&two(), None, &me("u-1"), &open("u-4", &["reader"])), [""; 0]);
    let nowhere = decide_administration(None, None, &staff, &def(role("r", &[])));
    let refused = AdministerOutcome::Refused([AdministerRefusal::NotTheCustomer, AdministerRefusal::NotFounded].into());
    assert_eq!(nowhere.tenant.outcome(), &refused);
}

/// What `u-2` may not do: each row is a change, and whether it gives what he does not have.
#[test]
fn nobody_gives_what_he_does_not_have() {
    let beyond = ["tenancy.beyond_own"];
    let none: [&str; 0] = [];
    for (wish, before, expected) in [
        // Roles for others: only those that he has himself, since resources may be shared with any role; and with what
        // denies him, since they may be shared with those as well.
        (set("u-3", &["reader", "no-holiday"]), &[][..], &none[..]),
        (set("u-3", &["reader"]), &[], &beyond),
        (set("u-3", &["empty"]), &[], &beyond),
        (set("u-3", &["amounts"]), &[], &beyond),
        (set("u-3", &["exporter"]), &[], &beyond),
        (set("u-3", &["owner"]), &[], &beyond),
        (set("u-3", &["exporter"]), &["exporter"], &none), // had it
        (set("u-3", &[]), &["owner"], &none),
        (set("u-3", &["no-holiday"]), &["reader", "no-holiday"], &beyond), // ends the deny of notes in `reader`
        (set("u-3", &["reader"]), &["reader", "no-holiday"], &beyond), // ends a deny, of what may be shared with him
        (set("u-3", &["owner"]), &["owner", "no-holiday"], &beyond),
        (set("u-3", &["owner"]), &["owner", "empty"], &none),
        // Roles themselves: who has them is not known.
        (def(role("exporter", &["+export payslip", "+read payslip.amount"])), &[], &none),
        (def(role("exporter", &["+export *"])), &[], &beyond),
        (def(role("exporter", &[])), &[], &none),
        (def(role("new", &["+read payslip"])), &[], &beyond), // notes as well
        (def(role("new", &["+read payslip.amount", "-read payslip.note"])), &[], &none),
        (def(role("new", &["+read *"])), &[], &beyond),
        (def(role("new", &["+change holiday"])), &[], &none),
        (def(role("no-holiday", &[])), &[], &beyond), // his own deny
        (def(role("no-holiday", &["-read *"])), &[], &none),
        (def(role("reader", &["+read payslip", "+change holiday"])), &[], &beyond), // notes
        (def(role("reader", &["-read payslip.note", "+read payslip"])), &[], &none),
        (def(role("owner", &["+read *"])), &[], &["tenancy.last_administrator"]),
    ] {
        let target = profile(before);
        assert_eq!(answer(&two(), Some(&target), &me("u-2"), &wish), expected, "{wish:?}");
        // Who may everything may give everything, as long as somebody may.
        let lone = expected == ["tenancy.last_administrator"];
        assert_eq!(answer(&two(), Some(&target), &me("u-1"), &wish), if lone { expected } else { &none }, "{wish:?}");
    }
    assert_eq!(answer(&two(), None, &me("u-2"), &open("u-4", &["exporter"])), beyond);
    assert_eq!(answer(&two(), None, &me("u-2"), &open("u-4", &["empty"])), beyond);
    assert_eq!(answer(&two(), None, &me("u-2"), &open("u-4", &["reader"])), beyond);
    assert_eq!(answer(&two(), None, &me("u-2"), &open("u-4", &["reader", "no-holiday"])), none);
    // Nor himself.
    let own = profile(&["reader", "no-holiday"]);
    assert_eq!(answer(&two(), Some(&own), &me("u-2"), &set("u-2", &["reader"])), beyond);
    assert_eq!(answer(&two(), Some(&own), &me("u-2"), &set("u-2", &["reader", "no-holiday", "empty"])), beyond);
    assert_eq!(answer(&two(), Some(&profile(&["reader", "no-holiday"])), &me("u-2"), &set("u-2", &["owner"])), beyond);
}

#[test]
fn one_administrator_who_may_do_everything_remains() {
    let last = ["tenancy.last_administrator"];
    let owner = profile(&["owner"]);
    for wish in [dismiss("u-1"), close("u-1"), set("u-1", &["reader"]), set("u-1", &["owner", "no-holiday"])] {
        assert_eq!(answer(&two(), Some(&owner), &me("u-1"), &wish), last, "{wish:?}");
        assert!(answer(&two(), Some(&owner), &me("u-2"), &wish).contains(&last[0]), "{wish:?}");
        let mut more = two();
        more.administrators.insert(account("u-3"), roles_named(&["owner"]));
        assert_eq!(answer(&more, Some(&owner), &me("u-1"), &wish), [""; 0], "{wish:?}");
    }
    // A deny in the only role that allows everything, or less in it, is the same.
    for rules in [&["+all *", "-read holiday.day"][..], &["+read *"], &["+all payslip"], &[]] {
        assert_eq!(answer(&two(), None, &me("u-1"), &def(role("owner", rules))), last, "{rules:?}");
    }
    assert_eq!(answer(&two(), Some(&profile(&[])), &me("u-1"), &dismiss("u-2")), [""; 0]);
}

#[test]
fn a2_use_2_a2_input_4_an_account_is_one_persons_and_its_id_is_given_once() {
    let (open_, closed) = (profile(&[]), ProfileState::Closed);
    assert_eq!(answer(&two(), Some(&open_), &me("u-1"), &open("u-3", &[])), ["tenancy.id_taken"]);
    assert_eq!(answer(&two(), Some(&closed), &me("u-1"), &open("u-3", &[])), ["tenancy.id_taken"]);
    let done = decide_administration(Some(&two()), None, &me("u-1"), &open("u-3", &["empty"])).profile;
    let expected = ProfileState::Open { person: id("p-u-3"), function: None, roles: roles_named(&["empty"]) };
    assert_eq!(done.next(), &Next::Put(expected));
    let done = decide_administration(Some(&two()), Some(&open_), &me("u-1"), &close("u-3")).profile;
    assert_eq!(done.next(), &Next::Put(ProfileState::Closed)); // blank, and never collected
    // A closing gives nobody anything, whatever it ends.
    assert_eq!(answer(&two(), Some(&profile(&["no-holiday"])), &me("u-2"), &close("u-3")), [""; 0]);
    for wish in [set("u-3", &[]), close("u-3"), appoint("u-3"), dismiss("u-3")] {
        for target in [None, Some(&closed)] {
            assert_eq!(answer(&two(), target, &me("u-1"), &wish), ["tenancy.no_profile"], "{wish:?}");
        }
    }
    // A role of a function is for accounts of that function, and stays with it.
    assert_eq!(answer(&two(), Some(&open_), &me("u-1"), &set("u-3", &["office"])), ["tenancy.other_function"]);
    let office = Function::try_new("office").unwrap();
    let clerk = ProfileState::Open { person: id("p-3"), function: Some(office.clone()), roles: BTreeSet::new() };
    assert_eq!(answer(&two(), Some(&clerk), &me("u-1"), &set("u-3", &["office", "empty"])), [""; 0]);
    assert_eq!(
        answer(&two(), None, &me("u-1"), &def(role("empty", &[]).of_function(office))),
        ["tenancy.function_fixed"]
    );
    assert_eq!(answer(&two(), None, &me("u-1"), &def(role("office", &[]))), ["tenancy.function_fixed"]);
}

/// Who got which role, and from whom it was taken: one fact a role, about the profile.
#[test]
fn a2_use_4_every_role_given_or_taken_is_an_event() {
    let facts = |target: Option<&ProfileState>, wish: &Administration| -> Vec<(&'static str, String)> {
        let done = decide_administration(Some(&two()), target, &me("u-1"), wish);
        assert_eq!(done.tenant.outcome(), &AdministerOutcome::Done);
        let role = |fact: &crate::event::Fact| fact.detail("role").unwrap().as_text().unwrap().into();
        done.profile.facts().iter().map(|fact| (fact.code().as_str(), role(fact))).collect()
    };
    let (given, taken) = ("tenancy.role_given", "tenancy.role_taken");
    let had = profile(&["reader", "empty"]);
    let expected = [(given, "exporter".into()), (taken, "reader".into())];
    assert_eq!(facts(Some(&had), &set("u-3", &["empty", "exporter"])), expected);
    assert_eq!(facts(None, &open("u-3", &["empty"])), [(given, "empty".into())]);
    assert_eq!(facts(Some(&had), &close("u-3")), [(taken, "empty".into()), (taken, "reader".into())]);
    for wish in [appoint("u-3"), dismiss("u-3"), set("u-3", &["empty", "reader"])] {
        assert_eq!(facts(Some(&had), &wish), []);
    }
    let founding = Founding {
        roles: policy([role("owner", &["+all *"])]),
        key_user: account("u-1"),
        person: id("p-1"),
        holds: roles_named(&["owner"]),
    };
    assert_eq!(decide_founding(None, None, &founding).profile.facts()[0].code(), ROLE_GIVEN);
}

#[test]
fn what_does_not_fit_is_named_at_once() {
    let many: Vec<String> = (0..=ProfileState::MAX_ROLES).map(|n| format!("none-{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let mut expected = Vec::from(["tenancy.id_taken", "tenancy.too_many"]);
    expected.extend(["tenancy.unknown_role"; 17]);
    assert_eq!(answer(&two(), Some(&profile(&[])), &me("u-1"), &open("u-3", &many)), expected);
    let mut full = two();
    for n in 0..TenantState::MAX_ADMINISTRATORS - 2 {
        assert_eq!(answer(&full, Some(&profile(&[])), &me("u-1"), &appoint("u-9")), [""; 0]);
        full.administrators.insert(account(&format!("a-{n}")), BTreeSet::new());
    }
    assert_eq!(answer(&full, Some(&profile(&[])), &me("u-1"), &appoint("u-9")), ["tenancy.too_many"]);
    let bad = def(role("bad", &["+delete *.x"]));
    assert_eq!(answer(&two(), None, &me("u-1"), &bad), ["tenancy.invalid_roles"]);
}

/// The tenant's record follows the profiles of administrators, so that it alone tells who may do everything.
#[test]
fn the_roles_of_administrators_are_kept_beside_them() {
    let next = |state: &TenantState, target: &ProfileState, wish: &Administration| match decide_administration(
        Some(state),
        Some(target),
        &me("u-1"),
        wish,
    )
    .tenant
    .into_parts()
    .0
    {
        Next::Put(state) => state,
        other => panic!("{other:?}"),
    };
    let one = next(&two(), &profile(&["owner"]), &appoint("u-3"));
    assert_eq!(one.administrators[&account("u-3")], roles_named(&["owner"]));
    assert_eq!((one.changes, one.is_administrator(&account("u-3"))), (2, true));
    let two = next(&one, &profile(&["owner"]), &set("u-3", &["reader"]));
    assert_eq!(two.administrators[&account("u-3")], roles_named(&["reader"]));
    let three = next(&two, &profile(&["reader"]), &close("u-3"));
    assert!(!three.is_administrator(&account("u-3")));
    assert_eq!(next(&three, &profile(&[]), &set("u-4", &["reader"])).administrators, three.administrators);
}

#[test]
fn e_5_1a_a_tenant_is_founded_once_with_its_key_user() {
    let founding = |rules: &[&str], holds: &[&str]| Founding {
        roles: policy([role("owner", rules)]),
        key_user: account("u-1"),
        person: id("p-1"),
        holds: roles_named(holds),
    };
    let refusals = |tenant, profile, founding| match decide_founding(tenant, profile, &founding).tenant.into_parts() {
        (Next::Put(_), AdministerOutcome::Done, _) => Vec::new(),
        (Next::Keep, AdministerOutcome::Refused(refusals), _) => {
            refusals.iter().map(|one| one.code().as_str()).collect()
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(refusals(None, None, founding(&["+all *"], &["owner"])), [""; 0]);
    assert_eq!(refusals(None, None, founding(&["+read *"], &["owner"])), ["tenancy.last_administrator"]);
    assert_eq!(refusals(None, None, founding(&["+all *"], &[])), ["tenancy.last_administrator"]);
    assert_eq!(
        refusals(None, None, founding(&["+all *"], &["owner", "none"])),
        ["tenancy.unknown_role", "tenancy.last_administrator"]
    );
    let (there, taken) = (state([]), profile(&[]));
    assert_eq!(
        refusals(Some(&there), Some(&taken), founding(&["+all *"], &["owner"])),
        ["tenancy.already_founded", "tenancy.id_taken"]
    );
}

#[cfg(feature = "std")]
mod races {
    use super::*;
    use crate::store::{Commit, MemoryStore, Rows, Store};

    /// `u-1` and `u-2`, both administrators who may do everything.
    fn pair() -> MemoryStore {
        let store = MemoryStore::new();
        let (by, origin) = (Provenance::internal(Actor::Unauthenticated), Origin::Internal);
        let founding = Founding {
            roles: policy([role("owner", &["+all *"])]),
            key_user: account("u-1"),
            person: id("p-1"),
            holds: roles_named(&["owner"]),
        };
        assert_eq!(found(&store, at(0), &tenant(), &by, &founding).unwrap(), AdministerOutcome::Done);
        for wish in [open("u-2", &["owner"]), appoint("u-2")] {
            assert_eq!(administer(&store, at(1), &me("u-1"), origin, &wish).unwrap(), AdministerOutcome::Done);
        }
        store
    }

    fn administrators(store: &MemoryStore) -> usize {
        let key = TenantState::key(&tenant());
        Rows::load(store, [&key]).unwrap().read::<TenantState>(&key).unwrap().unwrap().administrators().count()
    }

    /// Both decide on the same records, and both would be done: the second commit conflicts, and decided anew is refused.
    #[test]
    fn of_two_who_dismiss_each_other_one_remains() {
        for (one, other) in [(dismiss("u-2"), dismiss("u-1")), (close("u-2"), set("u-1", &[]))] {
            let store = pair();
            let decide = |by: &str, wish: &Administration| {
                let rows = Rows::load(&store, wish.keys(&tenant())).unwrap();
                settle_administration(&rows, at(2), &me(by), Origin::Internal, wish).unwrap()
            };
            let (first, second) = (decide("u-1", &one), decide("u-2", &other));
            assert_eq!((&store).commit(&first.batch()).unwrap(), Commit::Applied);
            assert_eq!((&store).commit(&second.batch()).unwrap(), Commit::Conflict);
            let again = decide("u-2", &other).release(Commit::Applied).unwrap();
            assert_eq!(again, AdministerOutcome::Refused([AdministerRefusal::NotAnAdministrator].into()));
            assert_eq!(administrators(&store), 1);
        }
    }

    /// A store may load one record after the other: what was read of a profile before it changed makes nobody
    /// administrator after.
    #[test]
    fn an_administrator_is_made_of_the_profile_as_it_is() {
        for wish in [appoint("u-3"), dismiss("u-2")] {
            let store = pair();
            let do_ = |wish: &Administration| administer(&store, at(2), &me("u-1"), Origin::Internal, wish).unwrap();
            assert_eq!(do_(&open("u-3", &["owner"])), AdministerOutcome::Done);
            let [roles, profile] = [TenantState::key(&tenant()), ProfileState::key(&tenant(), wish.account().unwrap())];
            let before = (&store).load(core::slice::from_ref(&profile)).unwrap();
            assert_eq!(
                do_(&Administration::CloseProfile { account: wish.account().unwrap().clone() }),
                AdministerOutcome::Done
            );
            let after = (&store).load(core::slice::from_ref(&roles)).unwrap();
            let torn = Rows::new([profile, roles], before.into_iter().chain(after));
            let decision = settle_administration(&torn, at(3), &me("u-1"), Origin::Internal, &wish).unwrap();
            assert_eq!((&store).commit(&decision.batch()).unwrap(), Commit::Conflict, "{wish:?}");
        }
    }

    #[test]
    fn and_on_threads_as_well() {
        for _ in 0..50 {
            let store = pair();
            let outcomes: Vec<AdministerOutcome> = std::thread::scope(|scope| {
                let run = |by: &'static str, wish: Administration| {
                    let store = &store;
                    scope.spawn(move || administer(store, at(2), &me(by), Origin::Internal, &wish).unwrap())
                };
                let threads = [run("u-1", dismiss("u-2")), run("u-2", dismiss("u-1"))];
                threads.into_iter().map(|thread| thread.join().unwrap()).collect()
            });
            assert_eq!(outcomes.iter().filter(|outcome| **outcome == AdministerOutcome::Done).count(), 1);
            assert_eq!(administrators(&store), 1);
        }
    }
}
