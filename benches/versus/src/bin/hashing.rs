//! Argon2id through [`Hasher`] against RustCrypto's argon2 as a newcomer calls it, Debian's libargon2 and libsodium.
//!
//! `hashing child WHO M T THREADS HASHES WARM PERMITS` is a process of its own for one contender: it hashes `WARM` times,
//! then `HASHES` times, on `THREADS` threads together, and prints what the latter took.

use std::cell::RefCell;
use std::hint::black_box;
use std::process::{Command, ExitCode};
use std::sync::Barrier;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use clausework::Secret;
use clausework::entropy::OsEntropy;
use clausework::hashing::{Argon2id, HashCost, HashMemory, HashPolicy, Hasher, Kernel, PasswordHash};
use clausework_versus::{Goal, Medians, Versus, c, in_turn, median};

const PASSWORD: &str = "correct horse battery staple";
const SALT: &[u8; 16] = b"sixteen bytes of";

fn cores() -> u32 {
    std::thread::available_parallelism().map_or(1, |cores| u32::try_from(cores.get()).unwrap_or(1))
}

/// A hasher whose memory holds that many hashes.
fn hasher(m_kib: u32, t: u32, permits: u32) -> Hasher {
    let policy = HashPolicy::builder().cost(HashCost { m_kib, t, p: 1 }).memory_mib(permits * m_kib.div_ceil(1024));
    Hasher::new(policy.build().expect("a policy"))
}

fn rival(m_kib: u32, t: u32) -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(m_kib, t, 1, Some(32)).expect("parameters"))
}

fn touched(m_kib: u32) -> Vec<Block> {
    vec![Block::default(); m_kib as usize]
}

/// Everything in one process, one thread: warm.
fn steady(versus: &mut Versus, m_kib: u32, t: u32, naive_goal: f64) {
    let size = format!("{m_kib},{t},1");
    let (hasher, argon2, secret) = (hasher(m_kib, t, 1), rival(m_kib, t), Secret::from(PASSWORD));
    let stored = hasher.hash(&mut OsEntropy, &secret).expect("a hash");

    // All contenders compute the same function.
    let theirs = argon2.hash_password(PASSWORD.as_bytes()).expect("a hash");
    assert_eq!(hasher.verify(&secret, &PasswordHash::from_phc(theirs.to_string())), Ok(true));
    let ours = argon2::password_hash::phc::PasswordHash::new(stored.as_phc()).expect("a PHC string");
    assert!(argon2.verify_password(PASSWORD.as_bytes(), &ours).is_ok());
    let mut expected = [0; 32];
    let cost = HashCost { m_kib, t, p: 1 };
    Argon2id.derive(cost, PASSWORD.as_bytes(), SALT, &mut HashMemory::default(), &mut expected).expect("a tag");

    let hash = || drop(black_box(hasher.hash(&mut OsEntropy, &secret).expect("a hash")));
    let naive = || {
        black_box(argon2.hash_password(PASSWORD.as_bytes()).expect("a hash"));
    };
    versus.compare("hash", &size, "argon2 hash_password", naive_goal, hash, naive);

    let verify = || assert_eq!(hasher.verify(&secret, &stored), Ok(true));
    let mut warm = touched(m_kib);
    let bare = || {
        let mut tag = [0; 32];
        argon2.hash_password_into_with_memory(PASSWORD.as_bytes(), SALT, &mut tag, &mut warm).expect("a tag");
        assert_eq!(tag, expected);
    };
    versus.compare("verify", &size, "argon2 hash_password_into_with_memory, touched", 1.12, verify, bare);

    for (name, goal, library) in
        [("libargon2 argon2id_hash_raw", 0.80, c::libargon2()), ("libsodium crypto_pwhash", 1.0, c::libsodium())]
    {
        match library {
            Some(derive) => {
                versus.compare("verify", &size, name, goal, verify, || {
                    assert_eq!(derive(m_kib, t, PASSWORD.as_bytes(), SALT), expected);
                });
            }
            None => println!("skipped hashing/verify/{size} vs {name}: the library is not installed"),
        }
    }

    let faults: Vec<f64> = (0..21)
        .map(|_| {
            let before = c::usage().faults;
            verify();
            (c::usage().faults - before) as f64
        })
        .collect();
    let faults = median(faults);
    println!("hashing/verify/{size}: {faults} minor page faults a hash once warm (goal < 5)");
    versus.expect(faults < 5.0, &format!("hashing/verify/{size} page faults"));
}

/// What a process of its own took.
struct Taken {
    seconds: f64,
    cpu_seconds: f64,
    peak_kib: f64,
}

/// This program again, for one contender: memory, passes, threads, hashes, hashes before, permits.
fn child(who: &str, numbers: [u32; 6]) -> Taken {
    let numbers = numbers.map(|number| number.to_string());
    let this = std::env::current_exe().expect("this program");
    let output = Command::new(this).args(["child", who]).args(numbers).output().expect("a child");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("text");
    let figures: Vec<f64> = text.split_whitespace().map(|word| word.parse().expect("a figure")).collect();
    Taken { seconds: figures[0], cpu_seconds: figures[1], peak_kib: figures[2] }
}

/// What that process does.
fn be_child(arguments: &[String]) {
    let number = |index: usize| arguments[index].parse::<u32>().expect("a number");
    let (m_kib, t, threads, hashes, warm) = (number(1), number(2), number(3), number(4), number(5));
    let (hasher, argon2, secret) = (hasher(m_kib, t, number(6)), rival(m_kib, t), Secret::from(PASSWORD));
    thread_local!(static WARM: RefCell<Vec<Block>> = const { RefCell::new(Vec::new()) });
    let hash = || match arguments[0].as_str() {
        "ours" => drop(black_box(hasher.hash(&mut OsEntropy, &secret).expect("a hash"))),
        "naive" => {
            black_box(argon2.hash_password(PASSWORD.as_bytes()).expect("a hash"));
        }
        // A warm buffer for each thread and nothing else.
        _ => WARM.with_borrow_mut(|memory| {
            memory.resize(m_kib as usize, Block::default());
            let mut tag = [0; 32];
            argon2.hash_password_into_with_memory(PASSWORD.as_bytes(), SALT, &mut tag, memory).expect("a tag");
            black_box(tag);
        }),
    };
    // All begin together, when all are warm.
    let (next, begin) = (AtomicU32::new(0), Barrier::new(threads as usize + 1));
    let work = || {
        while next.fetch_add(1, Ordering::Relaxed) < hashes {
            hash();
        }
    };
    let (before, start) = std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                (0..warm.div_ceil(threads)).for_each(|_| hash());
                begin.wait();
                work();
            });
        }
        begin.wait();
        (c::usage(), Instant::now())
    });
    println!("{} {} {}", start.elapsed().as_secs_f64(), c::usage().cpu_seconds - before.cpu_seconds, peak_kib());
}

/// The most memory this process has had, in KiB.
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// Eight callers at once, each contender in processes of its own. Where other work keeps the machine busy, eight threads
/// get more of it than two do: then the ratio by processor time is nearer to the truth. The goal is asked
/// of one hash a core at once and of two, as the documentation of `memory_mib` advises.
fn callers(versus: &mut Versus, m_kib: u32, t: u32, goal: f64) {
    const CALLERS: u32 = 8;
    const HASHES: u32 = 48;
    let contenders =
        [("naive", CALLERS, 1), ("bare", cores(), 1), ("ours", CALLERS, cores()), ("ours", CALLERS, 2 * cores())];
    let mut rounds: Vec<Vec<Taken>> = vec![];
    for round in 0..5 {
        let mut order: Vec<usize> = (0..contenders.len()).collect();
        order.rotate_left(round % contenders.len());
        let mut taken: Vec<_> = order
            .iter()
            .map(|index| {
                let (who, threads, permits) = contenders[*index];
                (*index, child(who, [m_kib, t, threads, HASHES, 2 * CALLERS, permits]))
            })
            .collect();
        taken.sort_by_key(|(index, _)| *index);
        rounds.push(taken.into_iter().map(|(_, taken)| taken).collect());
    }
    let of = |figure: &dyn Fn(&[Taken]) -> f64| median(rounds.iter().map(|taken| figure(taken)).collect());
    let size = format!("{m_kib},{t},1");
    let a_hash = |index: usize| of(&|taken| taken[index].seconds) / f64::from(HASHES);
    for (index, (_, _, permits)) in contenders.iter().enumerate().skip(2) {
        let medians = Medians {
            ratio: of(&|taken| taken[0].seconds / taken[index].seconds),
            ours: a_hash(index),
            theirs: a_hash(0),
        };
        let case = format!("hashes/s of 8 callers, {permits} at once");
        versus.judge(&case, &size, "argon2 hash_password", Goal::AtLeast(goal), medians);
        let most = f64::from(permits * m_kib + 16 * 1024);
        let peak = rounds.iter().map(|taken| taken[index].peak_kib).fold(0.0, f64::max);
        println!(
            "      by processor time {:.2}, cores busy {:.0} %; peak {peak} KiB (goal <= {most}) against {}",
            of(&|taken| taken[0].cpu_seconds / taken[index].cpu_seconds),
            of(&|taken| taken[index].cpu_seconds / taken[index].seconds) / f64::from(cores()) * 100.0,
            of(&|taken| taken[0].peak_kib),
        );
        versus.expect(peak > 0.0 && peak <= most, &format!("hashing/{case}/{size}: peak memory"));
    }
    println!(
        "      the most there is to gain, {} threads with a touched buffer each, never wiped: {:.2}, by processor time {:.2}",
        cores(),
        of(&|taken| taken[0].seconds / taken[1].seconds),
        of(&|taken| taken[0].cpu_seconds / taken[1].cpu_seconds),
    );
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|first| first == "child") {
        be_child(&arguments[1..]);
        return ExitCode::SUCCESS;
    }
    let mut versus = Versus::from_args("hashing");
    steady(&mut versus, 19_456, 2, 1.0);
    steady(&mut versus, 47_104, 1, 0.55);
    let fresh = |who: &'static str| move || child(who, [19_456, 2, 1, 16, 0, 1]).seconds / 16.0;
    let medians = in_turn(11, fresh("ours"), fresh("naive"));
    versus.judge("first 16 of a process", "19456,2,1", "argon2 hash_password", Goal::AtMost(0.8), medians);
    callers(&mut versus, 19_456, 2, 1.7);
    callers(&mut versus, 47_104, 1, 2.2);
    versus.finish()
}
