//! Argon2id through [`Hasher`] against RustCrypto's argon2 as a newcomer calls it, Debian's libargon2 and libsodium.
//!
//! `hashing child WHO M T THREADS HASHES WARM` is a process of its own for one contender: it hashes `WARM` times,
//! then `HASHES` times on `THREADS` threads together, and prints what that took.

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
use clausework_versus::{Goal, Medians, Versus, in_turn, median};

mod c;

const PASSWORD: &str = "correct horse battery staple";
const SALT: &[u8; 16] = b"sixteen bytes of";

fn cores() -> u32 {
    std::thread::available_parallelism().map_or(1, |cores| u32::try_from(cores.get()).unwrap_or(1))
}

/// A hasher whose memory holds a hash for each core.
fn hasher(m_kib: u32, t: u32) -> Hasher {
    let policy = HashPolicy::builder().cost(HashCost { m_kib, t, p: 1 }).memory_mib(cores() * m_kib.div_ceil(1024));
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
    let (hasher, argon2, secret) = (hasher(m_kib, t), rival(m_kib, t), Secret::from(PASSWORD));
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
    let naive = || drop(black_box(argon2.hash_password(PASSWORD.as_bytes()).expect("a hash")));
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
            Some(derive) => versus.compare("verify", &size, name, goal, verify, || {
                assert_eq!(derive(m_kib, t, PASSWORD.as_bytes(), SALT), expected);
            }),
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

/// This program again, for one contender.
fn child(who: &str, m_kib: u32, t: u32, threads: u32, hashes: u32, warm: u32) -> Taken {
    let numbers = [m_kib, t, threads, hashes, warm].map(|number| number.to_string());
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
    let (hasher, argon2, secret) = (hasher(m_kib, t), rival(m_kib, t), Secret::from(PASSWORD));
    thread_local!(static WARM: RefCell<Vec<Block>> = const { RefCell::new(Vec::new()) });
    let hash = || match arguments[0].as_str() {
        "ours" => drop(black_box(hasher.hash(&mut OsEntropy, &secret).expect("a hash"))),
        "naive" => drop(black_box(argon2.hash_password(PASSWORD.as_bytes()).expect("a hash"))),
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
    let work = || while next.fetch_add(1, Ordering::Relaxed) < hashes {
        hash();
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

/// Eight callers at once, each contender in processes of its own.
fn callers(versus: &mut Versus, m_kib: u32, t: u32, goal: f64) {
    const CALLERS: u32 = 8;
    const HASHES: u32 = 48;
    let size = format!("{m_kib},{t},1");
    let (mut cpu, mut ideal, mut ideal_cpu, mut peak, mut naive_peak) = (vec![], vec![], vec![], 0_f64, 0_f64);
    let (mut our_seconds, mut their_seconds, mut ratios) = (vec![], vec![], vec![]);
    for round in 0..7 {
        let run = |who: &str, threads: u32| child(who, m_kib, t, threads, HASHES, 2 * CALLERS);
        let first = (round % 2 == 0).then(|| run("ours", CALLERS));
        let naive = run("naive", CALLERS);
        let ours = first.unwrap_or_else(|| run("ours", CALLERS));
        let bare = run("bare", cores());
        ratios.push(naive.seconds / ours.seconds);
        cpu.push(naive.cpu_seconds / ours.cpu_seconds);
        ideal.push(naive.seconds / bare.seconds);
        ideal_cpu.push(naive.cpu_seconds / bare.cpu_seconds);
        our_seconds.push(ours.seconds / f64::from(HASHES));
        their_seconds.push(naive.seconds / f64::from(HASHES));
        (peak, naive_peak) = (peak.max(ours.peak_kib), naive_peak.max(naive.peak_kib));
    }
    let medians = Medians { ratio: median(ratios), ours: median(our_seconds), theirs: median(their_seconds) };
    versus.judge("8 callers, hashes/s", &size, "argon2 hash_password", Goal::AtLeast(goal), medians);
    println!(
        "      by processor time {:.2}; {} threads with a warm buffer each, no wipe and no pool: {:.2}, by processor time {:.2}",
        median(cpu),
        cores(),
        median(ideal),
        median(ideal_cpu)
    );
    let most = f64::from(cores() * m_kib + 16 * 1024);
    println!("hashing/8 callers/{size}: peak {peak} KiB (goal <= {most}); argon2 hash_password {naive_peak} KiB");
    versus.expect(peak > 0.0 && peak <= most, &format!("hashing/8 callers/{size} peak memory"));
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
    let fresh = |who: &'static str| move || child(who, 19_456, 2, 1, 16, 0).seconds / 16.0;
    let medians = in_turn(11, fresh("ours"), fresh("naive"));
    versus.judge("first 16 of a process", "19456,2,1", "argon2 hash_password", Goal::AtMost(0.8), medians);
    callers(&mut versus, 19_456, 2, 1.7);
    callers(&mut versus, 47_104, 1, 2.2);
    versus.finish()
}
