//! The rules of one password (length, classes, repeats, sequences, keyboard runs, whole context words) against the
//! analyzer of the crate `passwords`, which counts classes, repeats and sequences and knows no keyboard and no words.

use std::hint::black_box;
use std::process::ExitCode;

use clausework::Secret;
use clausework::password::{CharacterClass, Context, ContextRule, PasswordPolicy, check_with};
use clausework_versus::{Counting, Versus, allocations};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const PASSWORDS: [&str; 10] = [
    "Tr0ub4dor&3x",
    "kX9#mQ2$vL7p",
    "Summer-Rain-42",
    "jR8wT3nZ6hB1cYq",
    "correct-Horse-7x",
    "Mountain_Lake=19-Blue",
    "v9Q!x2Lm#8Zt@4Rk%6Wp",
    "Yellow-Submarine-1966-Rev",
    "aB3dE6gH9jK2mN5pQ8sT1vW4yZ",
    "The-quick-Brown-fox-88-jumps!!",
];

fn main() -> ExitCode {
    let mut versus = Versus::from_args("password");
    let policy = PasswordPolicy::builder()
        .min_chars(12)
        .required([CharacterClass::Digit, CharacterClass::Uppercase, CharacterClass::Lowercase])
        .max_repeat(Some(3))
        .max_sequence(Some(3))
        .max_keyboard_run(Some(3))
        .context(ContextRule::Words)
        .build()
        .expect("a policy");
    let context = Context::try_new(["anna.smith@example.com", "Acme Corporation", "clausework"]).expect("words");
    let secrets = PASSWORDS.map(Secret::from);
    let all = || {
        secrets.iter().all(|secret| check_with(black_box(&policy), black_box(secret), black_box(&context)).is_empty())
    };

    assert!(all(), "every password keeps every rule");
    let made = allocations(|| assert!(all()));
    println!("password/rules: {made} allocations");
    versus.expect(made == 0, "password/rules allocates");
    let rival = allocations(|| drop(passwords::analyzer::analyze(PASSWORDS[0])));
    assert!(rival > 0, "allocations are counted");

    // Ten passwords a call, on both sides.
    let ours = || {
        black_box(all());
    };
    let theirs = || {
        for password in PASSWORDS {
            black_box(passwords::analyzer::analyze(black_box(password)));
        }
    };
    versus.compare("rules", "12-30", "passwords 3.1.19", 0.25, ours, theirs);

    // Ten times the length may take ten times as long, and no more.
    let build = |length: usize| Secret::from(PASSWORDS[9].chars().cycle().take(length).collect::<String>());
    let long = PasswordPolicy::builder().max_repeat(Some(3)).max_sequence(Some(3)).max_keyboard_run(Some(3));
    let long = long.context(ContextRule::Words).build().expect("a policy");
    let (short, tenfold) = (build(400), build(4000));
    let check = |secret: &Secret| drop(black_box(check_with(&long, black_box(secret), &context)));
    versus.compare("linear", "4000", "400 characters", 11.0, || check(&tenfold), || check(&short));
    versus.finish()
}
