//! An audit record: any bytes, no panic; what is read is written again the same, prints on one line, and comes back out
//! of its JSON view.
#![no_main]

use clausework::audit::record::{Draft, Record};
use clausework::audit::view;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(record) = Record::decode(bytes) else { return };
    let mut again = Vec::new();
    let _ = Draft::of_record(&record).encode_into(record.place(), &mut again).expect("what was read is written");
    assert_eq!(again, bytes);
    assert!(!record.to_string().contains(['\n', '\r', '\x1b', '\u{2028}', '\u{2029}', '\u{85}', '\u{202e}']));
    assert_eq!(view::bytes_of_json(&view::json(&record)).expect("a view"), bytes);
    assert!(record.actor().to_actor().is_ok());
    assert!(record.commitments().count() <= 2 + 64 + 2 * 256);
});
