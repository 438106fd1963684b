//! Under load, on this machine: `cargo test --release -p portal load -- --ignored --nocapture`, with `wrk` (apt) as the
//! storm. What it measures is worth nothing beside other work.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use clausework::Secret;
use clausework::hashing::{HashPolicy, Hasher};

use crate::server::{Client, Server};

/// How long each part is measured.
const SPAN: Duration = Duration::from_secs(10);
/// Other requests, so many a second.
const OTHERS: u32 = 50;

/// Hashes a second of the default cost, by as many threads as there are cores and nothing else.
fn bare_rate() -> f64 {
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    let hasher = Hasher::new(HashPolicy::default());
    let start = Instant::now();
    let run = || {
        let mut hashes = 0_u32;
        while start.elapsed() < SPAN / 4 {
            hasher.decoy(&Secret::from("guess")).expect("a hash");
            hashes += 1;
        }
        hashes
    };
    let hashes: u32 = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(run)).collect();
        threads.into_iter().map(|thread| thread.join().expect("hashes")).sum()
    });
    f64::from(hashes) / start.elapsed().as_secs_f64()
}

/// Guesses over so many connections, each at a name of its own: how many were refused after a hash, and how many were
/// told to come back.
fn storm(client: &Client, server: &Server, connections: u32, span: Duration) -> impl FnOnce() -> (f64, u32) + use<> {
    let script = server.data.join("storm.lua");
    let cookie: Vec<_> = client.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let text = format!(
        r#"local number, threads = 0, 0
        function setup(thread) thread:set("id", threads) threads = threads + 1 end
        function init() wrk.method = "POST" wrk.headers["cookie"] = "{}"
            wrk.headers["content-type"] = "application/x-www-form-urlencoded" refused, busy, other = 0, 0, 0 end
        function request() number = number + 1
            return wrk.format(nil, "/sign-in", nil, "csrf={}&next=&password=guess&name=n" .. id .. "-" .. number .. "@acme.example") end
        function response(status) if status == 401 then refused = refused + 1 elseif status == 429 then busy = busy + 1 else other = other + 1 end end
        local all = {{}}
        local set = setup
        function setup(thread) set(thread) table.insert(all, thread) end
        function done(summary) local r, b, o = 0, 0, 0
            for _, thread in ipairs(all) do r = r + thread:get("refused") b = b + thread:get("busy") o = o + thread:get("other") end
            io.write(string.format("storm %d %d %d %d\n", r, b, o, summary.duration)) end"#,
        cookie.join("; "),
        client.csrf
    );
    std::fs::write(&script, text).expect("a script");
    let wrk = Command::new("wrk")
        .args(["-t1", &format!("-c{connections}"), &format!("-d{}s", span.as_secs()), "--timeout", "10s", "-s"])
        .arg(&script)
        .arg(format!("https://{}", server.address))
        .stdout(Stdio::piped())
        .spawn()
        .expect("wrk: apt-get install wrk");
    move || {
        let out = String::from_utf8(wrk.wait_with_output().expect("wrk ends").stdout).expect("text");
        let line = out.lines().find_map(|line| line.strip_prefix("storm ")).unwrap_or_else(|| panic!("{out}"));
        let numbers: Vec<f64> = line.split(' ').map(|number| number.parse().expect("a number")).collect();
        assert_eq!(numbers[2], 0.0, "other answers than 401 and 429: {out}");
        (numbers[0] / (numbers[3] / 1e6), numbers[1] as u32)
    }
}

/// Latencies of [`OTHERS`] requests a second of somebody signed in, sorted. Each counts from when it was due.
fn others(client: &Client, span: Duration) -> Vec<Duration> {
    const THREADS: u32 = 10;
    let start = Instant::now() + Duration::from_millis(100);
    let run = |thread: u32| {
        let mut client = client.clone();
        let mut latencies = Vec::new();
        for number in 0.. {
            let due = Duration::from_secs(1) * (number * THREADS + thread) / OTHERS;
            if due >= span {
                return latencies;
            }
            std::thread::sleep((start + due).saturating_duration_since(Instant::now()));
            assert_eq!(client.get("/sessions").status, 200);
            latencies.push((start + due).elapsed());
        }
        latencies
    };
    let mut all: Vec<Duration> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|thread| scope.spawn(move || run(thread))).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("requests")).collect()
    });
    all.sort();
    all
}

fn quantile(sorted: &[Duration], percent: usize) -> Duration {
    sorted[(sorted.len() * percent / 100).min(sorted.len() - 1)]
}

#[test]
#[ignore = "measures time, for minutes"]
fn load_timing() {
    let server = Server::start(&[]);
    let anna = server.signed_in("anna@acme.example");
    let mut guesser = server.client();
    guesser.get("/sign-in");

    let unloaded = others(&anna, SPAN);
    let median = quantile(&unloaded, 50);
    println!("others unloaded: median {median:?}, p99 {:?}", quantile(&unloaded, 99));
    let before = server.memory_kib("VmRSS");

    let before_it = bare_rate();
    let [hashing, all] = server.processor_time();
    let (rate, busy) = storm(&guesser, &server, 32, SPAN)();
    // This says the same on a machine that is not quiet.
    let [hashing, all] = [server.processor_time()[0] - hashing, server.processor_time()[1] - all];
    let each = hashing as f64 * 10.0 / (rate * SPAN.as_secs_f64());
    let bare = f64::midpoint(before_it, bare_rate());
    println!("processor time: {} % of it in hashes, {each:.1} ms for each", hashing * 100 / all.max(1));
    println!("sign-ins: {rate:.0}/s of {bare:.0}/s bare, {:.0} % ({busy} told to come back)", 100.0 * rate / bare);

    let mut held_up = Vec::new();
    for connections in [32, 256] {
        let guesses = storm(&guesser, &server, connections, SPAN + Duration::from_secs(2));
        std::thread::sleep(Duration::from_secs(1));
        let loaded = others(&anna, SPAN);
        let (rate, busy) = guesses();
        let (p50, p99) = (quantile(&loaded, 50), quantile(&loaded, 99));
        println!(
            "others during a storm of {connections}: median {p50:?}, p99 {p99:?}, {:.1} medians unloaded; {rate:.0} guesses/s, {busy} told to come back",
            p99.as_secs_f64() / median.as_secs_f64()
        );
        held_up.extend((p99 >= median * 10).then_some(connections));
    }
    // What the hashes may take, and as much again as everything else took before.
    let (peak, budget) = (server.memory_kib("VmHWM"), u64::from(HashPolicy::default().memory_kib()));
    println!("memory: {before} KiB before, {peak} KiB at most, {budget} KiB for hashes");
    assert!(held_up.is_empty(), "storms of so many connections hold others up: {held_up:?}");
    assert!(peak < before * 2 + budget);
    assert!(rate >= 0.9 * bare, "sign-ins do not saturate hashing");
}
