use core::fmt;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// What an address is set aside for.
///
/// From the IANA special-purpose address registries (RFC 6890, updated by RFC 8190) and, for what those leave out
/// (multicast, old and unallocated space), the documents named in [`special_blocks`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum AddressClass {
    /// Set aside for nothing: an address of the public internet.
    Public,
    /// `0.0.0.0` and `::`: no address at all.
    Unspecified,
    /// The rest of `0.0.0.0/8`: a host of "this network" while it has no address.
    ThisNetwork,
    /// The host itself: `127.0.0.0/8`, `::1`.
    Loopback,
    /// Networks of one's own: `10.0.0.0/8`, `172.16.0.0/12`, `192.168.0.0/16`.
    Private,
    /// Between customers and a carrier's translator (CGN): `100.64.0.0/10`.
    Shared,
    /// One link only: `169.254.0.0/16` (where clouds serve metadata), `fe80::/10`.
    LinkLocal,
    /// Unique local addresses, the private ones of IPv6: `fc00::/7`.
    UniqueLocal,
    /// The site-local addresses of old: `fec0::/10`.
    SiteLocal,
    /// Protocol assignments and services of the IETF: `192.0.0.0/24`, `2001::/23` and some anycast services.
    IetfProtocol,
    /// For examples in documents: `192.0.2.0/24`, `198.51.100.0/24`, `203.0.113.0/24`, `2001:db8::/32`, `3fff::/20`.
    Documentation,
    /// For measuring network devices: `198.18.0.0/15`, `2001:2::/48`.
    Benchmark,
    /// The relays of 6to4, given up in 2015: `192.88.99.0/24`.
    SixToFourRelay,
    /// An IPv4 address behind the well-known NAT64 prefix `64:ff9b::/96`; see [`embedded_ipv4`].
    Nat64,
    /// An IPv4 address behind a NAT64 prefix of one network, `64:ff9b:1::/48`; which of its bits, that network knows.
    LocalNat64,
    /// An IPv4 address as a network of IPv6: `2002::/16`; see [`embedded_ipv4`].
    SixToFour,
    /// An IPv4 client behind a Teredo server: `2001::/32`; see [`embedded_ipv4`].
    Teredo,
    /// Goes nowhere: `100::/64`, and `100:0:0:1::/64` where an address is needed that nobody has.
    Discard,
    /// Segment identifiers of SRv6: `5f00::/16`.
    SegmentRouting,
    /// Many receivers, never a sender: `224.0.0.0/4`, `ff00::/8`.
    Multicast,
    /// Everyone on the link: `255.255.255.255`.
    Broadcast,
    /// Reserved or not yet allocated, the IPv4-compatible addresses (`::192.0.2.1`) among them.
    Reserved,
}

impl AddressClass {
    /// Whether a stranger's request can come from there: no special purpose.
    #[must_use]
    pub const fn is_public(self) -> bool {
        matches!(self, Self::Public)
    }
}

impl fmt::Display for AddressClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Public => "public",
            Self::Unspecified => "unspecified",
            Self::ThisNetwork => "this network",
            Self::Loopback => "loopback",
            Self::Private => "private",
            Self::Shared => "carrier-grade nat",
            Self::LinkLocal => "link-local",
            Self::UniqueLocal => "unique local",
            Self::SiteLocal => "site-local",
            Self::IetfProtocol => "ietf protocol assignments",
            Self::Documentation => "documentation",
            Self::Benchmark => "benchmarking",
            Self::SixToFourRelay => "6to4 relay anycast",
            Self::Nat64 => "nat64",
            Self::LocalNat64 => "local nat64",
            Self::SixToFour => "6to4",
            Self::Teredo => "teredo",
            Self::Discard => "discard-only",
            Self::SegmentRouting => "srv6 segment identifiers",
            Self::Multicast => "multicast",
            Self::Broadcast => "broadcast",
            Self::Reserved => "reserved",
        })
    }
}

/// A block of addresses with a special purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpecialBlock {
    network: IpNet,
    class: AddressClass,
    reference: &'static str,
}

impl SpecialBlock {
    /// The addresses; a block that lies within another comes before it in [`special_blocks`].
    #[must_use]
    pub const fn network(&self) -> IpNet {
        self.network
    }

    /// What they are for.
    #[must_use]
    pub const fn class(&self) -> AddressClass {
        self.class
    }

    /// The document that says so.
    #[must_use]
    pub const fn reference(&self) -> &'static str {
        self.reference
    }
}

/// Every block with a special purpose, the narrower before the wider: the first that holds an address gives its class.
///
/// Both IANA registries, and beside them multicast, the site-local and IPv4-compatible addresses
/// of old, and all of IPv6 outside `2000::/3`, of which nothing else is allocated (RFC 4291 section 2.4). The
/// IPv4-mapped block is not among them: such an address is the IPv4 address, see [`classify`].
#[must_use]
pub const fn special_blocks() -> &'static [SpecialBlock] {
    BLOCKS
}

/// What an address is set aside for. An IPv4-mapped address is the IPv4 address.
///
/// ```
/// use clausework::access::{AddressClass, classify, embedded_ipv4};
///
/// assert_eq!(classify("198.18.0.1".parse()?), AddressClass::Benchmark);
/// assert_eq!(classify("::ffff:127.0.0.1".parse()?), AddressClass::Loopback);
/// assert_eq!(classify("8.8.8.8".parse()?), AddressClass::Public);
///
/// // A loopback address that came through a translator is not loopback, and is shown.
/// let translated = "64:ff9b::7f00:1".parse()?;
/// assert_eq!(classify(translated), AddressClass::Nat64);
/// assert_eq!(embedded_ipv4(translated), Some("127.0.0.1".parse()?));
/// # Ok::<(), core::net::AddrParseError>(())
/// ```
#[must_use]
pub fn classify(address: IpAddr) -> AddressClass {
    let address = address.to_canonical();
    BLOCKS.iter().find(|block| block.network.contains(&address)).map_or(AddressClass::Public, |block| block.class)
}

/// The IPv4 address that an IPv6 address carries: behind the well-known NAT64 prefix (RFC 6052 section 2.2), in 6to4
/// (RFC 3056 section 2), or the client's in Teredo (RFC 4380 section 4). For display and warnings: whoever decides on
/// it lets everyone choose his address, because anyone may send such packets.
#[must_use]
pub fn embedded_ipv4(address: IpAddr) -> Option<Ipv4Addr> {
    let IpAddr::V6(v6) = address else { return None };
    let [_, b, c, .., g, h] = v6.segments();
    let join = |high: u16, low: u16| Ipv4Addr::from_bits((u32::from(high) << 16) | u32::from(low));
    match classify(address) {
        AddressClass::Nat64 => Some(join(g, h)),
        AddressClass::SixToFour => Some(join(b, c)),
        AddressClass::Teredo => Some(join(!g, !h)),
        _ => None,
    }
}

const fn v4(a: u8, b: u8, c: u8, d: u8, length: u8, class: AddressClass, reference: &'static str) -> SpecialBlock {
    SpecialBlock { network: IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), length)), class, reference }
}

const fn v6(first: [u16; 4], length: u8, class: AddressClass, reference: &'static str) -> SpecialBlock {
    let [a, b, c, d] = first;
    let address = Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0);
    SpecialBlock { network: IpNet::V6(Ipv6Net::new_assert(address, length)), class, reference }
}

const BLOCKS: &[SpecialBlock] = &[
    v4(0, 0, 0, 0, 32, AddressClass::Unspecified, "RFC 1122 section 3.2.1.3"),
    v4(0, 0, 0, 0, 8, AddressClass::ThisNetwork, "RFC 791 section 3.2"),
    v4(10, 0, 0, 0, 8, AddressClass::Private, "RFC 1918"),
    v4(100, 64, 0, 0, 10, AddressClass::Shared, "RFC 6598"),
    v4(127, 0, 0, 0, 8, AddressClass::Loopback, "RFC 1122 section 3.2.1.3"),
    v4(169, 254, 0, 0, 16, AddressClass::LinkLocal, "RFC 3927"),
    v4(172, 16, 0, 0, 12, AddressClass::Private, "RFC 1918"),
    v4(192, 0, 0, 0, 24, AddressClass::IetfProtocol, "RFC 6890 section 2.1"),
    v4(192, 0, 2, 0, 24, AddressClass::Documentation, "RFC 5737"),
    v4(192, 31, 196, 0, 24, AddressClass::IetfProtocol, "RFC 7535"),
    v4(192, 52, 193, 0, 24, AddressClass::IetfProtocol, "RFC 7450"),
    v4(192, 88, 99, 0, 24, AddressClass::SixToFourRelay, "RFC 7526"),
    v4(192, 168, 0, 0, 16, AddressClass::Private, "RFC 1918"),
    v4(192, 175, 48, 0, 24, AddressClass::IetfProtocol, "RFC 7534"),
    v4(198, 18, 0, 0, 15, AddressClass::Benchmark, "RFC 2544"),
    v4(198, 51, 100, 0, 24, AddressClass::Documentation, "RFC 5737"),
    v4(203, 0, 113, 0, 24, AddressClass::Documentation, "RFC 5737"),
    v4(224, 0, 0, 0, 4, AddressClass::Multicast, "RFC 5771"),
    v4(255, 255, 255, 255, 32, AddressClass::Broadcast, "RFC 919 section 7"),
    v4(240, 0, 0, 0, 4, AddressClass::Reserved, "RFC 1112 section 4"),
    v6([0, 0, 0, 0], 128, AddressClass::Unspecified, "RFC 4291 section 2.5.2"),
    LOOPBACK_V6,
    v6([0, 0, 0, 0], 96, AddressClass::Reserved, "RFC 4291 section 2.5.5.1"),
    v6([0x64, 0xff9b, 0, 0], 96, AddressClass::Nat64, "RFC 6052"),
    v6([0x64, 0xff9b, 1, 0], 48, AddressClass::LocalNat64, "RFC 8215"),
    v6([0x100, 0, 0, 0], 64, AddressClass::Discard, "RFC 6666"),
    v6([0x100, 0, 0, 1], 64, AddressClass::Discard, "RFC 9780"),
    v6([0x2001, 0, 0, 0], 32, AddressClass::Teredo, "RFC 4380"),
    v6([0x2001, 2, 0, 0], 48, AddressClass::Benchmark, "RFC 5180"),
    v6([0x2001, 0, 0, 0], 23, AddressClass::IetfProtocol, "RFC 2928"),
    v6([0x2001, 0xdb8, 0, 0], 32, AddressClass::Documentation, "RFC 3849"),
    v6([0x2002, 0, 0, 0], 16, AddressClass::SixToFour, "RFC 3056"),
    v6([0x2620, 0x4f, 0x8000, 0], 48, AddressClass::IetfProtocol, "RFC 7534"),
    v6([0x3fff, 0, 0, 0], 20, AddressClass::Documentation, "RFC 9637"),
    v6([0x5f00, 0, 0, 0], 16, AddressClass::SegmentRouting, "RFC 9602"),
    v6([0xfc00, 0, 0, 0], 7, AddressClass::UniqueLocal, "RFC 4193"),
    v6([0xfe80, 0, 0, 0], 10, AddressClass::LinkLocal, "RFC 4291 section 2.5.6"),
    v6([0xfec0, 0, 0, 0], 10, AddressClass::SiteLocal, "RFC 3879"),
    v6([0xff00, 0, 0, 0], 8, AddressClass::Multicast, "RFC 4291 section 2.7"),
    // What is left outside 2000::/3.
    v6([0, 0, 0, 0], 3, AddressClass::Reserved, "RFC 4291 section 2.4"),
    v6([0x4000, 0, 0, 0], 2, AddressClass::Reserved, "RFC 4291 section 2.4"),
    v6([0x8000, 0, 0, 0], 1, AddressClass::Reserved, "RFC 4291 section 2.4"),
];

const LOOPBACK_V6: SpecialBlock = SpecialBlock {
    network: IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::LOCALHOST, 128)),
    class: AddressClass::Loopback,
    reference: "RFC 4291 section 2.5.3",
};

#[cfg(test)]
mod tests {
    use super::*;

    fn class(address: &str) -> AddressClass {
        classify(address.parse().unwrap())
    }

    /// From the registries: one address within every block, and the neighbours of those whose edges are often got wrong.
    #[test]
    fn every_block_has_its_class() {
        use AddressClass::*;
        let rows: &[(AddressClass, &[&str])] = &[
            (Loopback, &["127.0.0.0", "127.0.0.1", "127.255.255.254", "127.255.255.255", "::1", "::ffff:127.0.0.1"]),
            (Unspecified, &["0.0.0.0", "::", "::ffff:0.0.0.0"]),
            (ThisNetwork, &["0.1.2.3", "0.0.0.1", "0.255.255.255"]),
            (
                Private,
                &["10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.0", "192.168.255.255"],
            ),
            (Shared, &["100.64.0.0", "100.64.0.1", "100.127.255.255"]),
            (LinkLocal, &["169.254.0.0", "169.254.169.254", "169.254.255.255", "fe80::1", "febf:ffff::1"]),
            (UniqueLocal, &["fc00::1", "fd00::1", "fdff:ffff::1"]),
            (SiteLocal, &["fec0::1", "feff:ffff::1"]),
            (IetfProtocol, &["192.0.0.1", "192.0.0.170", "192.31.196.1", "192.52.193.1", "192.175.48.1"]),
            (IetfProtocol, &["2001:1::1", "2001:4:112::1", "2001:20::1", "2001:1ff:ffff::1", "2620:4f:8000::1"]),
            (Documentation, &["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1", "3fff:fff::1"]),
            (Benchmark, &["198.18.0.1", "198.19.255.255", "2001:2::1"]),
            (SixToFourRelay, &["192.88.99.1"]),
            (Nat64, &["64:ff9b::7f00:1", "64:ff9b::ffff:ffff"]),
            (LocalNat64, &["64:ff9b:1::1", "64:ff9b:1:ffff::1"]),
            (SixToFour, &["2002:7f00:1::", "2002:ffff::"]),
            (Teredo, &["2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001::1"]),
            (Discard, &["100::1", "100:0:0:1::1"]),
            (SegmentRouting, &["5f00::1"]),
            (Multicast, &["224.0.0.1", "239.255.255.255", "ff02::1"]),
            (Broadcast, &["255.255.255.255"]),
            (Reserved, &["240.0.0.1", "255.255.255.254", "::127.0.0.1", "::2", "::ffff:0:7f00:1", "::fffe:7f00:1"]),
            (
                Reserved,
                &["64:ff9b:2::1", "64:ff9b:0:0:0:1::", "100:0:0:2::1", "1fff::1", "4000::1", "7fff::1", "8000::1"],
            ),
            (Public, &["100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0", "1.0.0.0", "9.255.255.255"]),
            (Public, &["11.0.0.0", "126.255.255.255", "128.0.0.0", "192.0.1.0", "198.17.255.255", "198.20.0.0"]),
            (
                Public,
                &["223.255.255.255", "2000::1", "2001:200::1", "2001:db7::1", "2001:db9::1", "2003::1", "3fff:1000::1"],
            ),
        ];
        for (expected, addresses) in rows {
            for address in *addresses {
                assert_eq!(class(address), *expected, "{address}");
            }
        }
    }

    /// RFC 4380 section 4 gives the layout of Teredo, RFC 3056 section 2 that of 6to4, RFC 6052 section 2.4 the example
    /// of NAT64 (192.0.2.33 behind the well-known prefix).
    #[test]
    fn embedded_addresses_are_shown() {
        for (address, expected) in [
            ("64:ff9b::192.0.2.33", Some("192.0.2.33")),
            ("64:ff9b::7f00:1", Some("127.0.0.1")),
            ("2002:7f00:1::", Some("127.0.0.1")),
            ("2002:c000:204:1::9", Some("192.0.2.4")),
            ("2001:0:4136:e378:8000:63bf:3fff:fdd2", Some("192.0.2.45")),
            ("64:ff9b:1::7f00:1", None),
            ("::127.0.0.1", None),
            ("::ffff:127.0.0.1", None),
            ("2001:db8::7f00:1", None),
            ("127.0.0.1", None),
        ] {
            let expected = expected.map(|text| text.parse().unwrap());
            assert_eq!(embedded_ipv4(address.parse().unwrap()), expected, "{address}");
        }
    }

    #[test]
    fn a_block_comes_before_the_one_it_lies_in_and_has_no_host_bits() {
        for (index, block) in special_blocks().iter().enumerate() {
            assert_eq!(block.network().trunc(), block.network());
            for wider in &special_blocks()[..index] {
                assert!(!wider.network().contains(&block.network()), "{} is never met", block.network());
            }
        }
    }
}
