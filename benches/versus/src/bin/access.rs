//! Finding the entry that decides on an address, among random networks and those of a real list, against the crates a
//! newcomer would reach for, and against a loop over `IpNet`s.
//!
//! Three quarters of the random networks are of IPv4: half /24, 15 % /32, a few /8 to /15, the rest /16 to /31. Those of
//! IPv6 lie in 2000::/3, mostly /28 to /32, /48, and /56 to /64. Of the addresses 70 % are of IPv4, half lie in one of the
//! networks and half are random; all are read beforehand and asked for in random order. Every contender answers with
//! the entry's number, but for iprange, which has none, and `linear`, which stops at the first. There are no denies and no
//! network is given twice, for then the longest match is the same question; all agree on all answers.
//!
//! The real list is Debian's tor-geoipdb, if it is installed. Its networks of all countries merge into a thirtieth of their
//! number, which is all that iprange keeps: in a structure that small nothing is far, and it cannot say which network an
//! address lies in.
//!
//! All queries are asked in turn, some thousands a measurement, so that both contenders find what the rest of the
//! queries have left in the caches.

use std::collections::HashSet;
use std::hint::black_box;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::process::ExitCode;
use std::time::Instant;

use clausework::access::{AddressRange, AddressSet, Effect, SetEntry};
use clausework::{Now, Timestamp};
use clausework_versus::{Counting, Goal, Medians, Versus, allocations, bytes_kept, in_turn};
use ip_network::IpNetwork;
use ip_network_table::IpNetworkTable;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use iprange::IpRange;
use poptrie::Poptrie;
use prefix_trie::PrefixMap;
use rand::rngs::ChaCha20Rng;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const QUERIES: usize = 1 << 17;
/// Queries a measurement.
const CHUNK: usize = 1 << 14;
/// Measurements of a case.
const ROUNDS: usize = 41;
/// Whether all rivals agree is asked of so many queries.
const AGREED: usize = 1 << 14;
/// Poptrie takes many minutes to build from a million networks, in whatever order, and is left out there.
const POPTRIE_MOST: usize = 100_000;

fn main() -> ExitCode {
    let mut versus = Versus::from_args("access");
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    let mut alone = Vec::new();
    for (count, size) in [(10, "10"), (50, "50"), (1_000, "1k"), (100_000, "100k"), (1_000_000, "1M")] {
        let networks = networks(&mut rng, count);
        alone.push(measure(&mut versus, &mut rng, &networks, size));
    }
    match real() {
        Some(networks) => drop(measure(&mut versus, &mut rng, &networks, "real")),
        None => println!("access: no {} here, the real list is not measured", REAL[0]),
    }

    // How the cost grows, each with its own queries.
    let [.., small, _, large] = alone.as_slice() else { unreachable!("five sizes") };
    let (mut ours, mut theirs) = (Turns::new(&large.queries), Turns::new(&small.queries));
    let growth = in_turn(
        ROUNDS,
        || ours.time(|address| large.set.find(address)),
        || theirs.time(|address| small.set.find(address)),
    );
    versus.judge("growth", "1M", "itself at 1k", Goal::AtMost(10.0), growth);
    versus.finish()
}

/// Queries, a part of them at a time.
struct Turns<'a> {
    parts: std::iter::Cycle<std::slice::Chunks<'a, IpAddr>>,
}

impl<'a> Turns<'a> {
    fn new(queries: &'a [IpAddr]) -> Self {
        Self { parts: queries.chunks(CHUNK).cycle() }
    }

    /// Seconds a query.
    fn time<T>(&mut self, answer: impl Fn(IpAddr) -> T) -> f64 {
        let part = self.parts.next().expect("queries");
        time(|| ask(part, answer)) / part.len() as f64
    }
}

/// Ours and a rival's answers to the same queries, in turn.
fn compare<O, T>(
    versus: &mut Versus,
    (case, size, rival, goal): (&str, &str, &str, f64),
    queries: &[IpAddr],
    ours: impl Fn(IpAddr) -> O,
    theirs: impl Fn(IpAddr) -> T,
) {
    let (mut our_turns, mut their_turns) = (Turns::new(queries), Turns::new(queries));
    let medians = in_turn(ROUNDS, || our_turns.time(&ours), || their_turns.time(&theirs));
    versus.judge(case, size, rival, Goal::AtMost(goal), medians);
}

fn time(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64()
}

struct Alone {
    set: AddressSet,
    queries: Vec<IpAddr>,
}

fn measure(versus: &mut Versus, rng: &mut ChaCha20Rng, networks: &[IpNet], size: &str) -> Alone {
    let queries = queries(rng, networks);
    let (rivals, set) = (Rivals::new(networks), build(networks));
    rivals.agree(&set, networks, &queries);
    versus.expect(allocations(|| ask(&queries, |address| set.find(address))) == 0, "access/find allocates");

    let ours = |address| set.find(address);
    // Below a thousand the loop is the rival to beat.
    let goal = if networks.len() >= 1_000 { 0.5 } else { 1.0 };
    compare(versus, ("mixed", size, "prefix-trie", goal), &queries, ours, |address| rivals.prefix_trie(address));
    if networks.len() <= POPTRIE_MOST {
        compare(versus, ("mixed", size, "poptrie", goal), &queries, ours, |address| rivals.poptrie(address));
    }
    let table = |address| rivals.table.longest_match(address);
    compare(versus, ("mixed", size, "ip_network_table", goal), &queries, ours, table);
    compare(versus, ("mixed", size, "iprange", goal), &queries, ours, |address| rivals.is_in_range(address));
    if networks.len() <= 1_000 {
        let linear = |address| networks.iter().any(|network| network.contains(&address));
        compare(versus, ("mixed", size, "linear", 0.5), &queries[..CHUNK], ours, linear);
    } else {
        for (case, is_ipv4) in [("ipv4", true), ("ipv6", false)] {
            let asked: Vec<IpAddr> = queries.iter().copied().filter(|address| address.is_ipv4() == is_ipv4).collect();
            compare(versus, (case, size, "prefix-trie", 0.5), &asked, ours, |address| rivals.prefix_trie(address));
        }
        drop(rivals);
        footprint(versus, networks, size);
    }
    Alone { set, queries }
}

fn ask<T>(addresses: &[IpAddr], answer: impl Fn(IpAddr) -> T) {
    for address in addresses {
        black_box(answer(*address));
    }
}

/// Bytes an entry, and the time of building from the same networks.
fn footprint(versus: &mut Versus, networks: &[IpNet], size: &str) {
    for (family, is_ipv4) in [("ipv4", true), ("ipv6", false)] {
        let networks: Vec<IpNet> =
            networks.iter().copied().filter(|network| network.network().is_ipv4() == is_ipv4).collect();
        let ours = bytes_kept(|| build(&networks)).1 / networks.len();
        let theirs = bytes_kept(|| prefix_tries(&networks)).1 / networks.len();
        println!("access/memory/{size}: {ours} bytes an {family} entry (goal <= 32), prefix-trie {theirs}");
        versus.expect(ours <= 32, "access/memory takes more than 32 bytes an entry");
        // Of one family it is told where the time goes; the goal is of both.
        versus.judge(&format!("build-{family}"), size, "prefix-trie", Goal::Unset, building(&networks, 3));
    }
    let rounds = if networks.len() > 100_000 { 7 } else { 21 };
    versus.judge("build", size, "prefix-trie", Goal::AtMost(0.35), building(networks, rounds));
}

fn building(networks: &[IpNet], rounds: usize) -> Medians {
    let (ours, theirs) = (|| black_box(build(networks)), || black_box(prefix_tries(networks)));
    in_turn(rounds, || time(|| drop(ours())), || time(|| drop(theirs())))
}

/// From the networks, as the rivals are built.
fn build(networks: &[IpNet]) -> AddressSet {
    let range = |network: &IpNet| AddressRange::try_from(*network).expect("no host bits");
    let entries = networks.iter().map(|network| SetEntry::new(range(network), Effect::Allow));
    AddressSet::build(entries, Now::from(Timestamp::MIN)).expect("a set")
}

type Tries = (PrefixMap<Ipv4Net, u32>, PrefixMap<Ipv6Net, u32>);

fn prefix_tries(networks: &[IpNet]) -> Tries {
    let mut tries = Tries::default();
    for (index, network) in (0..).zip(networks) {
        match network {
            IpNet::V4(network) => tries.0.insert(*network, index),
            IpNet::V6(network) => tries.1.insert(*network, index),
        };
    }
    tries
}

struct Rivals {
    tries: Tries,
    poptries: (Poptrie<Ipv4Net, u32>, Poptrie<Ipv6Net, u32>),
    table: IpNetworkTable<u32>,
    ranges: (IpRange<Ipv4Net>, IpRange<Ipv6Net>),
}

impl Rivals {
    fn new(networks: &[IpNet]) -> Self {
        let mut rivals = Self {
            tries: prefix_tries(networks),
            poptries: (Poptrie::new(), Poptrie::new()),
            table: IpNetworkTable::new(),
            ranges: (IpRange::new(), IpRange::new()),
        };
        for (index, network) in (0..).zip(networks) {
            rivals.table.insert(IpNetwork::new(network.network(), network.prefix_len()).expect("a network"), index);
            match network {
                IpNet::V4(network) => {
                    rivals.ranges.0.add(*network);
                }
                IpNet::V6(network) => {
                    rivals.ranges.1.add(*network);
                }
            }
            match network {
                _ if networks.len() > POPTRIE_MOST => None,
                IpNet::V4(network) => rivals.poptries.0.insert(*network, index),
                IpNet::V6(network) => rivals.poptries.1.insert(*network, index),
            };
        }
        rivals.ranges.0.simplify();
        rivals.ranges.1.simplify();
        rivals
    }

    fn prefix_trie(&self, address: IpAddr) -> Option<u32> {
        match address {
            IpAddr::V4(address) => self.tries.0.get_lpm(&Ipv4Net::from(address)).map(|(_, index)| *index),
            IpAddr::V6(address) => self.tries.1.get_lpm(&Ipv6Net::from(address)).map(|(_, index)| *index),
        }
    }

    fn poptrie(&self, address: IpAddr) -> Option<u32> {
        match address {
            IpAddr::V4(address) => self.poptries.0.lookup(address).copied(),
            IpAddr::V6(address) => self.poptries.1.lookup(address).copied(),
        }
    }

    fn is_in_range(&self, address: IpAddr) -> bool {
        match address {
            IpAddr::V4(address) => self.ranges.0.contains(&address),
            IpAddr::V6(address) => self.ranges.1.contains(&address),
        }
    }

    fn agree(&self, set: &AddressSet, networks: &[IpNet], queries: &[IpAddr]) {
        let mut hits = 0;
        for (at, address) in queries.iter().take(AGREED).enumerate() {
            let found = set.find(*address).map(|index| index as u32);
            hits += usize::from(found.is_some());
            assert_eq!(self.prefix_trie(*address), found, "{address}");
            assert!(networks.len() > POPTRIE_MOST || self.poptrie(*address) == found, "{address}");
            assert_eq!(self.table.longest_match(*address).map(|(_, index)| *index), found, "{address}");
            assert_eq!(self.is_in_range(*address), found.is_some(), "{address}");
            if at < 100 {
                assert_eq!(networks.iter().any(|network| network.contains(address)), found.is_some(), "{address}");
            }
        }
        assert!(hits * 5 > AGREED.min(queries.len()) * 2, "{hits} hits");
    }
}

fn networks(rng: &mut ChaCha20Rng, count: usize) -> Vec<IpNet> {
    let mut seen = HashSet::new();
    let mut networks = Vec::new();
    while networks.len() < count {
        let (kind, part) = (rng.next_u32() % 1000, rng.next_u32());
        let network = if networks.len() % 4 < 3 {
            let length = match kind {
                0..500 => 24,
                500..650 => 32,
                650..653 => 8 + part % 8,
                _ => 16 + part % 16,
            };
            IpNet::new(Ipv4Addr::from(rng.next_u32()).into(), length as u8)
        } else {
            let length = match kind {
                0..20 => 16 + part % 12,
                20..500 => 28 + part % 5,
                500..750 => 48,
                750..800 => 33 + part % 15,
                _ => 56 + part % 9,
            };
            IpNet::new(ipv6(rng).into(), length as u8)
        };
        let network = network.expect("a length").trunc();
        if seen.insert(network) {
            networks.push(network);
        }
    }
    networks
}

/// In 2000::/3.
fn ipv6(rng: &mut ChaCha20Rng) -> Ipv6Addr {
    let bits = u128::from(rng.next_u64()) << 64 | u128::from(rng.next_u64());
    Ipv6Addr::from(bits >> 3 | 1 << 125)
}

/// Half of them in one of the networks of their family, if there is one.
fn queries(rng: &mut ChaCha20Rng, networks: &[IpNet]) -> Vec<IpAddr> {
    let (v4, v6): (Vec<IpNet>, Vec<IpNet>) = networks.iter().partition(|network| network.network().is_ipv4());
    let mut queries: Vec<IpAddr> = (0..QUERIES)
        .map(|at| {
            let (random4, random6) = (Ipv4Addr::from(rng.next_u32()), ipv6(rng));
            let is_ipv4 = rng.next_u32() % 10 < 7;
            let among = if is_ipv4 { &v4 } else { &v6 };
            let network = among[rng.next_u32() as usize % among.len()];
            match (network, at % 2 == 0) {
                (IpNet::V4(network), true) => {
                    IpAddr::V4((network.network().to_bits() | random4.to_bits() & network.hostmask().to_bits()).into())
                }
                (IpNet::V6(network), true) => {
                    IpAddr::V6((network.network().to_bits() | random6.to_bits() & network.hostmask().to_bits()).into())
                }
                (IpNet::V4(_), false) => IpAddr::V4(random4),
                (IpNet::V6(_), false) => IpAddr::V6(random6),
            }
        })
        .collect();
    queries.shuffle(rng);
    queries
}

const REAL: [&str; 2] = ["/usr/share/tor/geoip", "/usr/share/tor/geoip6"];

/// The networks of all countries.
fn real() -> Option<Vec<IpNet>> {
    let mut networks = Vec::new();
    for path in REAL {
        let text = std::fs::read_to_string(path).ok()?;
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let mut fields = line.split(',');
            let mut address = || {
                let field = fields.next().expect("an address");
                field.parse::<u32>().map_or_else(|_| field.parse().expect("an address"), |bits| IpAddr::V4(bits.into()))
            };
            networks.extend(AddressRange::try_new(address(), address()).expect("a range").networks());
        }
    }
    Some(networks)
}
