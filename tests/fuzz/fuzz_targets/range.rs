//! A range answer: any bytes, no panic; a sound row with the password is found behind any other rows.
#![no_main]

use clausework::Secret;
use clausework::screening::{RangeQuery, Screening};
use libfuzzer_sys::fuzz_target;

const ROW: &[u8] = b"1e4c9b93f3f0682250b6cf8331b7ee68fd8:1,234";

fuzz_target!(|answer: &[u8]| {
    let query = RangeQuery::for_password(&Secret::from("password"));
    if let Screening::Known { count } = query.screen(answer) {
        assert!(count.is_some_and(|count| count > 0));
        assert!(answer.len() >= 35);
    }
    let longer = [answer, b"\n", ROW].concat();
    let Screening::Known { count: Some(1_234..) } = query.screen(&longer) else { panic!("the row was not found") };
});
