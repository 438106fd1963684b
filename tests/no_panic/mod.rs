//! No call of the public interface panics, whatever it is handed: extreme numbers and times, hostile texts, damaged
//! records, policies near the ends of their ranges. Debug assertions and overflow checks are on in tests.
//!
//! [`surface`] compares with the source which functions are called here, so that a new one is not forgotten.

mod access;
mod audit;
mod deadline;
mod dpa;
mod draw;
mod evidence;
mod governance;
mod password;
mod sign_in;
mod small;
mod staff;
mod surface;
mod tenancy;

use core::fmt::{Debug, Display};

use proptest::prelude::*;

use self::draw::Gen;

/// Writing a value out must not panic either.
fn see(value: &impl Debug) {
    let _ = format!("{value:?}");
}

fn say(value: &impl Display) {
    let _ = value.to_string();
}

proptest! {
    // A seed says all: there is nothing smaller to look for. More of them: PROPTEST_CASES.
    #![proptest_config(ProptestConfig { max_shrink_iters: 0, ..ProptestConfig::default() })]

    #[test]
    fn access(seed: u64) {
        access::all(&Gen::new(seed));
    }

    #[test]
    fn audit_records(seed: u64) {
        audit::records(&Gen::new(seed));
    }

    #[test]
    fn audit_tree(seed: u64) {
        audit::tree(&Gen::new(seed));
    }

    #[test]
    fn audit_evidence(seed: u64) {
        audit::evidence(&Gen::new(seed));
    }

    #[test]
    fn deadlines(seed: u64) {
        deadline::all(&Gen::new(seed));
    }

    #[test]
    fn agreements(seed: u64) {
        dpa::all(&Gen::new(seed));
    }

    #[test]
    fn reports(seed: u64) {
        evidence::all(&Gen::new(seed));
    }

    #[test]
    fn governance(seed: u64) {
        governance::all(&Gen::new(seed));
    }

    #[test]
    fn passwords(seed: u64) {
        password::all(&Gen::new(seed));
    }

    #[test]
    fn sign_in(seed: u64) {
        sign_in::decisions(&Gen::new(seed));
    }

    #[test]
    fn sign_in_flow(seed: u64) {
        sign_in::flow(&Gen::new(seed));
    }

    #[test]
    fn small_values(seed: u64) {
        small::all(&Gen::new(seed));
    }

    #[test]
    fn staff(seed: u64) {
        staff::all(&Gen::new(seed));
    }

    #[test]
    fn tenancy(seed: u64) {
        tenancy::all(&Gen::new(seed));
    }
}
