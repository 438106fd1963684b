//! A stored PHC string and a token a client shows: any text, no panic, and only canonical text is read.
#![no_main]

use clausework::hashing::{HashPolicy, Hasher, PasswordHash};
use clausework::secret::Token;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let hasher = Hasher::new(HashPolicy::default());
    if hasher.needs_rehash(&PasswordHash::from_phc(text)).is_ok() {
        assert!(text.starts_with("$argon2id$v=19$m="));
    }
    if let Ok(token) = Token::<()>::parse(text) {
        assert_eq!(token.expose(), text);
    }
});
