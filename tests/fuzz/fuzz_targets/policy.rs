//! A policy file and the terms of an agreement: any text, no panic; what is accepted is accepted again.
#![no_main]

use clausework::dpa::DpaTerms;
use clausework::hashing::HashPolicy;
use clausework::sign_in::SignInPolicy;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(policy) = serde_json::from_str::<SignInPolicy>(text) {
        let written = serde_json::to_string(&policy).unwrap();
        assert_eq!(serde_json::from_str::<SignInPolicy>(&written).unwrap(), policy);
    }
    if let Ok(terms) = serde_json::from_str::<DpaTerms>(text) {
        let written = serde_json::to_string(&terms).unwrap();
        assert_eq!(serde_json::from_str::<DpaTerms>(&written).unwrap(), terms);
    }
    let _ = serde_json::from_str::<HashPolicy>(text);
});
