//! A file of known passwords: any bytes, no panic; a list that verifies has a sound index, and one that
//! is built from the bytes knows every one of them.
#![no_main]

use clausework::screening::{List, ListBuilder, PasswordSha1, Screening};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let digests = || bytes.as_chunks::<20>().0.iter().map(|digest| PasswordSha1::from_bytes(*digest));
    let edges = [[0; 20], [0xff; 20], [0x5b; 20]].map(PasswordSha1::from_bytes);
    if let Ok(list) = List::open(bytes) {
        let sound = list.verify().is_ok();
        for digest in digests().chain(edges) {
            let screening = list.screen_sha1(&digest);
            assert!(!sound || !matches!(screening, Screening::Unknown { .. }));
        }
    }

    let mut builder = ListBuilder::new(bytes.len());
    for digest in digests() {
        builder.add_sha1(&digest).expect("there is room");
    }
    for row in bytes.split(|byte| *byte == b'\n') {
        let _ = builder.add_row("", row, 2);
        let _ = builder.add_row("5BAA6", row, 2);
    }
    let Ok(file) = builder.finish() else { return }; // digests that are no digests
    let list = List::open(&file).expect("what was built is opened");
    list.verify().expect("what was built is sound");
    for digest in digests() {
        assert_eq!(list.screen_sha1(&digest), Screening::Known { count: None });
    }
});
