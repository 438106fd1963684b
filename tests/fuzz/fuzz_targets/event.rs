//! A stored event: any text, no panic; what is read is written again the same, and prints on one line.
#![no_main]

use clausework::event::Event;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(event) = Event::decode(text) {
        let again = Event::decode(&event.encode()).expect("what was written is read");
        assert_eq!(again, event);
        assert!(!event.to_string().contains(['\n', '\r', '\x1b', '\u{2028}', '\u{2029}', '\u{85}']));
    }
});
