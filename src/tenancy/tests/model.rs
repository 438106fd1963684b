//! Against a reference of ten lines, over every small world; and what must hold whatever the rules.

use proptest::prelude::*;

use super::*;

const RULES: [&str; 8] = [
    "+read payslip",
    "-read payslip",
    "+read *",
    "-read *",
    "+read payslip.a",
    "-read payslip.a",
    "+change payslip",
    "-read holiday",
];

/// Whether a rule speaks of reading this field of a payslip; the third field is one that no rule names.
fn speaks(text: &str, field: &str) -> bool {
    let (_, of) = text.split_once(' ').unwrap();
    text[1..].starts_with("read")
        && (of == "*" || of == "payslip" || of.strip_prefix("payslip.").is_some_and(|named| named == field))
}

/// The reference: a field may be read if a rule allows it and none denies it; the payslip, if a field may and no rule
/// denies the whole.
fn reference(rules: &[&str], field: Option<&str>) -> bool {
    let any = |sign: &str, field: &str| rules.iter().any(|rule| rule.starts_with(sign) && speaks(rule, field));
    let may = |field: &str| any("+", field) && !any("-", field);
    let denied = rules.iter().any(|rule| rule.starts_with('-') && !rule.contains('.') && speaks(rule, "z"));
    !denied && field.map_or(may("a") || may("z"), may)
}

fn ours(roles: [&[&str]; 2], field: Option<&str>) -> bool {
    let tenant = state([role("first", roles[0]), role("second", roles[1])]);
    ours_in(&tenant, &profile(&["first", "second"]), field)
}

fn ours_in(tenant: &TenantState, profile: &ProfileState, field: Option<&str>) -> bool {
    let (purposes, payroll, wanted) = (purposes(), purpose("payroll"), fields(field.as_slice()));
    let usage = purposes.usage(&Interface::try_new("payslips").unwrap(), &payroll);
    let standing = Standing { tenant: Some(tenant), profile: Some(profile), shares: None };
    let request = Request::to_kind(Action::Read, usage).with_fields(&wanted);
    decide::<Payslip>(&standing, at(0), &me("u-2"), &request).is_allowed()
}

/// Every subset of eight rules, split over two roles in every way: 6 561 worlds, three questions each.
#[test]
fn every_small_world_agrees_with_the_reference() {
    let mut allowed = 0;
    for mut world in 0..3_u32.pow(8) {
        let mut roles = [Vec::new(), Vec::new()];
        for rule in RULES {
            if let Some(role) = roles.get_mut((world % 3) as usize) {
                role.push(rule);
            }
            world /= 3;
        }
        let all = roles.concat();
        for field in [None, Some("a"), Some("z")] {
            let expected = reference(&all, field);
            assert_eq!(ours([&roles[0], &roles[1]], field), expected, "{roles:?} {field:?}");
            allowed += u32::from(expected);
        }
    }
    assert!(allowed > 1_000, "{allowed}");
}

fn some_rules() -> impl Strategy<Value = Vec<&'static str>> {
    prop::collection::vec(prop::sample::select(&RULES[..]), 0..6)
}

proptest! {
    /// Neither the order of rules nor saying one twice changes an answer.
    #[test]
    fn order_and_duplicates_say_nothing(rules in some_rules(), turned in 0_usize..6, split in 0_usize..6) {
        let mut other = rules.clone();
        let places = other.len().max(1);
        other.rotate_left(turned % places);
        other.extend(rules.first());
        let (one, two) = other.split_at(split.min(other.len()));
        for field in [None, Some("a"), Some("z")] {
            prop_assert_eq!(ours([&rules, &[]], field), ours([one, two], field));
        }
    }

    /// A deny more, or an allow less, never lets more in; and one deny of everything lets nothing in.
    #[test]
    fn tightening_only_tightens(rules in some_rules(), deny in prop::sample::select(&RULES[..]), gone in 0_usize..6) {
        let mut fewer = rules.clone();
        let allows: Vec<usize> = (0..fewer.len()).filter(|index| fewer[*index].starts_with('+')).collect();
        if let Some(index) = allows.get(gone) {
            fewer.remove(*index);
        }
        for field in [None, Some("a"), Some("z")] {
            let before = ours([&rules, &[]], field);
            prop_assert!(before || !ours([&fewer, &[]], field));
            prop_assert!(!ours([&rules, &["-read *"]], field));
            if deny.starts_with('-') {
                prop_assert!(before || !ours([&rules, &[deny]], field));
            }
        }
    }

    /// The points that a change is measured by are those that requests can tell apart.
    #[test]
    fn what_a_holding_may_is_what_is_decided(rules in some_rules()) {
        let (tenant, held) = (state([role("r", &rules)]), roles_named(&["r"]));
        let holding = reach::Holding::of(&tenant.roles, &held);
        let points: Vec<_> = reach::points(&[&tenant.roles]).collect();
        let a_named = points.iter().filter(|point| point.is(Some("payslip"), Action::Read, Some("a")));
        for point in a_named {
            prop_assert_eq!(holding.may(*point), reference(&rules, Some("a")));
        }
        let others = points.iter().filter(|point| point.is(Some("payslip"), Action::Read, None));
        for point in others {
            prop_assert_eq!(holding.may(*point), reference(&rules, Some("z")));
        }
        prop_assert_eq!(holding.may_everything(), points.iter().all(|point| holding.may(*point)));
    }
}
