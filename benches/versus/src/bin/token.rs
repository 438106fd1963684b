//! A session token against the least that any library must do for one: 32 bytes of entropy, SHA-256 and base64url to
//! mint it; decoding, SHA-256 and a comparison in constant time to check it.

use std::hint::black_box;
use std::process::ExitCode;

use base64ct::{Base64UrlUnpadded, Encoding};
use clausework::secret::Token;
use clausework::session::SessionState;
use clausework_versus::{Counting, Versus, allocations};
use rand::rngs::ChaCha20Rng;
use rand::{Rng, SeedableRng};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The text for the cookie, and what is stored.
fn mint_bare(rng: &mut ChaCha20Rng) -> (String, [u8; 32]) {
    let mut bytes = [0; 32];
    rng.fill_bytes(&mut bytes);
    (Base64UrlUnpadded::encode_string(&bytes), Sha256::digest(bytes).into())
}

fn check_bare(shown: &str, stored: &[u8; 32]) -> bool {
    let mut bytes = [0; 32];
    if Base64UrlUnpadded::decode(shown, &mut bytes).is_err() {
        return false;
    }
    let digest: [u8; 32] = Sha256::digest(bytes).into();
    digest.ct_eq(stored).into()
}

fn main() -> ExitCode {
    let mut versus = Versus::from_args("token");
    let (mut rng, mut other) = (ChaCha20Rng::seed_from_u64(1), ChaCha20Rng::seed_from_u64(1));

    let token = Token::<SessionState>::mint(&mut rng).expect("entropy");
    let (bare, digest) = mint_bare(&mut other);
    assert_eq!(token.expose(), bare, "the same bytes, the same text");
    assert!(check_bare(token.expose(), &digest));

    let made = allocations(|| {
        black_box(Token::<SessionState>::mint(&mut rng).map(|token| token.digest())).expect("entropy");
    });
    println!("token/mint: {made} allocations");
    versus.expect(made == 0, "token/mint allocates");
    assert!(allocations(|| drop(black_box(mint_bare(&mut other)))) > 0, "allocations are counted");

    let ours = || {
        let token = Token::<SessionState>::mint(&mut rng).expect("entropy");
        black_box((token.expose(), token.digest()));
    };
    let theirs = || {
        black_box(mint_bare(&mut other));
    };
    versus.compare("mint", "32", "ChaCha20 + base64ct + sha2", 1.15, ours, theirs);

    let (shown, stored) = (bare.as_str(), token.digest());
    let ours = || {
        let token = Token::<SessionState>::parse(black_box(shown)).expect("a token");
        black_box(token.digest() == black_box(stored));
    };
    let theirs = || {
        black_box(check_bare(black_box(shown), black_box(&digest)));
    };
    versus.compare("check", "43", "base64ct + sha2 + subtle", 2.0, ours, theirs);
    versus.finish()
}
