mod text;

#[cfg(test)]
mod tests;

use alloc::string::{String, ToString};
use core::fmt;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use core::str::FromStr;

use ipnet::{IpNet, IpSubnets, Ipv4Subnets, Ipv6Subnets};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The first and last address of `::ffff:0:0/96`, in which IPv4 addresses are written as IPv6 (RFC 4291, 2.5.5.2).
const MAPPED: (u128, u128) = (0xffff_0000_0000, 0xffff_ffff_ffff);

/// A run of addresses of one family, both ends included: what one entry of a list of networks names.
///
/// It is canonical: IPv4 written as IPv6 (`::ffff:10.0.0.0/104`) is IPv4, here and wherever an address is looked for,
/// so `10.0.0.0/8` and `10.0.0.0-10.255.255.255` are equal. A range of IPv6 that encloses all of `::ffff:0:0/96`, such
/// as `::/0`, is of IPv6 alone and holds no IPv4 address.
///
/// As text it is a CIDR network (RFC 4632), an address, or `first-last`, and is read strictly: only ASCII, no
/// spaces, signs, leading zeros (RFC 6943, 3.1.1: some read `010` as 8), netmasks, brackets, zones or missing octets,
/// and no host bits. It is written as an address if it is one, else as a network if it is one, in lower case
/// (RFC 5952), and is serialised as that text.
///
/// ```
/// use clausework::access::{AddressRange, RangeError};
///
/// let office: AddressRange = "10.0.0.0-10.255.255.255".parse()?;
/// assert_eq!(office, "10.0.0.0/8".parse()?);
/// assert_eq!(office.to_string(), "10.0.0.0/8");
/// assert!(office.contains("10.1.2.3".parse().unwrap()));
/// assert!(office.contains("::ffff:10.1.2.3".parse().unwrap()));
/// assert!(!office.contains("11.0.0.0".parse().unwrap()));
///
/// let slip = "10.0.0.1/8".parse::<AddressRange>().unwrap_err();
/// assert_eq!(slip.to_string(), "10.0.0.1/8 has host bits, did you mean 10.0.0.0/8");
/// assert_eq!("010.0.0.0/8".parse::<AddressRange>(), Err(RangeError::LeadingZero { position: 0 }));
/// # Ok::<(), RangeError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AddressRange(Ends);

/// INVARIANT: in order, and no end of `V6` lies in the mapped block unless the range encloses all of it and more.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Ends {
    V4(Ipv4Addr, Ipv4Addr),
    V6(Ipv6Addr, Ipv6Addr),
}

impl AddressRange {
    /// One address.
    #[must_use]
    pub const fn single(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self(Ends::V4(address, address)),
            IpAddr::V6(address) => Self(Ends::V6(address, address)),
        }
    }

    /// From the first address to the last, both included.
    ///
    /// # Errors
    /// [`RangeError`] when they are of two families, in the wrong order, or enclose a part of the IPv4-mapped block only.
    pub fn try_new(first: IpAddr, last: IpAddr) -> Result<Self, RangeError> {
        let (first, last) = match (first, last) {
            (IpAddr::V6(first), IpAddr::V6(last)) => return Self::of_ipv6(first, last),
            (first, last) => (first.to_canonical(), last.to_canonical()),
        };
        let (IpAddr::V4(first), IpAddr::V4(last)) = (first, last) else {
            return Err(RangeError::Families { position: None });
        };
        if first > last { Err(RangeError::Reversed { position: None }) } else { Ok(Self(Ends::V4(first, last))) }
    }

    fn of_ipv6(first: Ipv6Addr, last: Ipv6Addr) -> Result<Self, RangeError> {
        if first > last {
            return Err(RangeError::Reversed { position: None });
        }
        if let (Some(first), Some(last)) = (first.to_ipv4_mapped(), last.to_ipv4_mapped()) {
            return Ok(Self(Ends::V4(first, last)));
        }
        let (from, to) = (first.to_bits(), last.to_bits());
        let apart = to < MAPPED.0 || from > MAPPED.1;
        let encloses = from <= MAPPED.0 && to >= MAPPED.1;
        if apart || encloses {
            Ok(Self(Ends::V6(first, last)))
        } else {
            Err(RangeError::PartlyMapped { position: None })
        }
    }

    /// The addresses of a network, which must have no host bits: `10.0.0.1/8` says two things at once.
    #[inline]
    fn of_network(network: IpNet, position: Option<usize>) -> Result<Self, RangeError> {
        let network = match network {
            IpNet::V6(written) => match written.addr().to_ipv4_mapped() {
                None => network,
                Some(ipv4) => written
                    .prefix_len()
                    .checked_sub(96)
                    .and_then(|length| IpNet::new(ipv4.into(), length).ok())
                    .ok_or(RangeError::MappedPrefix { position })?,
            },
            IpNet::V4(_) => network,
        };
        let range = Self(match network {
            IpNet::V4(network) => Ends::V4(network.network(), network.broadcast()),
            IpNet::V6(network) => Ends::V6(network.network(), network.broadcast()),
        });
        if range.first() != network.addr() {
            return Err(RangeError::HostBits { network, repaired: network.trunc(), position });
        }
        Ok(range)
    }

    /// Reads a network, an address or `first-last`; the same as [`FromStr`].
    ///
    /// # Errors
    /// [`RangeError`], which says what is wrong and where.
    pub fn parse_text(text: &str) -> Result<Self, RangeError> {
        text::parse(text)
    }

    /// The same, and how the text differs from what will be written: for whoever has to tell the author.
    ///
    /// ```
    /// use clausework::access::{AddressRange, Spelling};
    ///
    /// let (range, spelling) = AddressRange::parse_noted("::ffff:10.0.0.0/104")?;
    /// assert_eq!((range.to_string().as_str(), spelling), ("10.0.0.0/8", Spelling::Mapped));
    /// assert_eq!(AddressRange::parse_noted("2001:DB8::/32")?.1, Spelling::Other);
    /// assert_eq!(AddressRange::parse_noted("10.0.0.0/8")?.1, Spelling::Canonical);
    /// # Ok::<(), clausework::access::RangeError>(())
    /// ```
    ///
    /// # Errors
    /// [`RangeError`], as [`parse_text`](Self::parse_text).
    pub fn parse_noted(text: &str) -> Result<(Self, Spelling), RangeError> {
        let range = Self::parse_text(text)?;
        let spelling = match range.0 {
            Ends::V4(..) if text.contains(':') => Spelling::Mapped,
            _ if range.to_string() == text => Spelling::Canonical,
            _ => Spelling::Other,
        };
        Ok((range, spelling))
    }

    /// The lowest address.
    #[must_use]
    pub const fn first(&self) -> IpAddr {
        match self.0 {
            Ends::V4(first, _) => IpAddr::V4(first),
            Ends::V6(first, _) => IpAddr::V6(first),
        }
    }

    /// The highest address.
    #[must_use]
    pub const fn last(&self) -> IpAddr {
        match self.0 {
            Ends::V4(_, last) => IpAddr::V4(last),
            Ends::V6(_, last) => IpAddr::V6(last),
        }
    }

    pub(super) const fn ends(self) -> Ends {
        self.0
    }

    /// Whether it is of IPv4.
    #[must_use]
    pub const fn is_ipv4(&self) -> bool {
        matches!(self.0, Ends::V4(..))
    }

    /// Whether the address, unmapped, lies in it.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        self.covers(&Self::single(address))
    }

    /// Whether every address of the other lies in it.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        match (self.0, other.0) {
            (Ends::V4(first, last), Ends::V4(from, to)) => first <= from && to <= last,
            (Ends::V6(first, last), Ends::V6(from, to)) => first <= from && to <= last,
            (Ends::V4(..), Ends::V6(..)) | (Ends::V6(..), Ends::V4(..)) => false,
        }
    }

    /// Whether they have an address in common.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        match (self.0, other.0) {
            (Ends::V4(first, last), Ends::V4(from, to)) => first <= to && from <= last,
            (Ends::V6(first, last), Ends::V6(from, to)) => first <= to && from <= last,
            (Ends::V4(..), Ends::V6(..)) | (Ends::V6(..), Ends::V4(..)) => false,
        }
    }

    /// How many addresses it has. `::/0` has one more than can be told and is given as [`u128::MAX`].
    ///
    /// ```
    /// use clausework::access::AddressRange;
    ///
    /// assert_eq!("10.0.0.0/8".parse::<AddressRange>()?.addresses(), 1 << 24);
    /// assert_eq!("::/0".parse::<AddressRange>()?.addresses(), u128::MAX);
    /// # Ok::<(), clausework::access::RangeError>(())
    /// ```
    #[must_use]
    pub const fn addresses(&self) -> u128 {
        let (first, last) = self.bits();
        last.saturating_sub(first).saturating_add(1)
    }

    const fn bits(&self) -> (u128, u128) {
        match self.0 {
            Ends::V4(first, last) => (first.to_bits() as u128, last.to_bits() as u128),
            Ends::V6(first, last) => (first.to_bits(), last.to_bits()),
        }
    }

    /// The network, if it is one: a power of two of addresses, and aligned.
    #[must_use]
    pub fn network(&self) -> Option<IpNet> {
        let (first, last) = self.bits();
        let host = first ^ last;
        // The ends of a network differ in the low bits only, and in all of them.
        if host & host.wrapping_add(1) != 0 || first & host != 0 {
            return None;
        }
        let bits = if self.is_ipv4() { 32_u32 } else { 128 };
        let length = u8::try_from(bits.checked_sub(host.count_ones())?).ok()?;
        IpNet::new(self.first(), length).ok()
    }

    /// The fewest networks that are together the same addresses, in order: at most 62 of IPv4 and 254 of IPv6.
    ///
    /// ```
    /// use clausework::access::AddressRange;
    ///
    /// let six: AddressRange = "10.0.0.1-10.0.0.6".parse()?;
    /// let networks: Vec<String> = six.networks().map(|network| network.to_string()).collect();
    /// assert_eq!(networks, ["10.0.0.1/32", "10.0.0.2/31", "10.0.0.4/31", "10.0.0.6/32"]);
    /// # Ok::<(), clausework::access::RangeError>(())
    /// ```
    pub fn networks(&self) -> impl Iterator<Item = IpNet> + use<> {
        match self.0 {
            Ends::V4(first, last) => IpSubnets::from(Ipv4Subnets::new(first, last, 0)),
            Ends::V6(first, last) => IpSubnets::from(Ipv6Subnets::new(first, last, 0)),
        }
    }
}

/// Refuses host bits, as the text does.
impl TryFrom<IpNet> for AddressRange {
    type Error = RangeError;

    #[inline]
    fn try_from(network: IpNet) -> Result<Self, RangeError> {
        Self::of_network(network, None)
    }
}

impl FromStr for AddressRange {
    type Err = RangeError;

    fn from_str(text: &str) -> Result<Self, RangeError> {
        Self::parse_text(text)
    }
}

impl fmt::Display for AddressRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, last) = (self.first(), self.last());
        if first == last {
            return write!(f, "{first}");
        }
        match self.network() {
            Some(network) => write!(f, "{network}"),
            None => write!(f, "{first}-{last}"),
        }
    }
}

impl fmt::Debug for AddressRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AddressRange({self})")
    }
}

impl Serialize for AddressRange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for AddressRange {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse_text(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

/// How a text that was read stands to the one that is written for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Spelling {
    /// They are the same.
    Canonical,
    /// Another way to write the same range: upper case, a single address with a length, the ends of a network.
    Other,
    /// IPv4 written as IPv6; what is kept is the IPv4 range.
    Mapped,
}

/// Why there is no such range.
///
/// Positions are bytes from the start of the text, counted from 0; all before them is ASCII. The last five are met
/// without a text as well, and then have none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RangeError {
    /// The text ends where there should be more.
    #[error("the text ends too early, at position {position}")]
    Ended {
        /// Its length.
        position: usize,
    },
    /// A character that cannot be there.
    #[error("unexpected {found:?} at position {position}")]
    Unexpected {
        /// Where it is.
        position: usize,
        /// What it is.
        found: char,
    },
    /// An octet or a prefix length with a leading zero, which some read as octal.
    #[error("a leading zero at position {position}")]
    LeadingZero {
        /// Where the number begins.
        position: usize,
    },
    /// An octet above 255, or a prefix length above 32 (IPv4) or 128 (IPv6).
    #[error("the number at position {position} is above {most}")]
    TooGreat {
        /// Where the number begins.
        position: usize,
        /// The greatest that may be there.
        most: u8,
    },
    /// A zone (`%eth0`), which means something on one machine only (RFC 4007, section 11).
    #[error("a zone at position {position} has no meaning in a list")]
    Zone {
        /// Where the `%` is.
        position: usize,
    },
    /// An IPv4-mapped network with a prefix of fewer than 96 bits: neither IPv4 nor what its author meant.
    #[error("an ipv4-mapped network has a prefix of at least 96 bits, better write the ipv4 network")]
    MappedPrefix {
        /// Where the prefix length begins.
        position: Option<usize>,
    },
    /// A network with bits set that its prefix does not cover.
    #[error("{network} has host bits, did you mean {repaired}")]
    HostBits {
        /// As it was given.
        network: IpNet,
        /// The network it lies in.
        repaired: IpNet,
        /// Where the prefix length begins.
        position: Option<usize>,
    },
    /// The ends are of two families.
    #[error("a range begins and ends in one family, ipv4 or ipv6")]
    Families {
        /// Where the second address begins.
        position: Option<usize>,
    },
    /// The first address comes after the last.
    #[error("the first address of a range is not after its last")]
    Reversed {
        /// Where the second address begins.
        position: Option<usize>,
    },
    /// A range of IPv6 that encloses a part of `::ffff:0:0/96`, which is IPv4 and would match nobody.
    #[error("the range encloses a part of the ipv4-mapped addresses, write the ipv4 range by itself")]
    PartlyMapped {
        /// Where the second address begins.
        position: Option<usize>,
    },
}

impl RangeError {
    /// Where in the text it is, in bytes from its start; `None` if there was no text.
    #[must_use]
    pub const fn position(&self) -> Option<usize> {
        match *self {
            Self::Ended { position }
            | Self::Unexpected { position, .. }
            | Self::LeadingZero { position }
            | Self::TooGreat { position, .. }
            | Self::Zone { position } => Some(position),
            Self::MappedPrefix { position }
            | Self::HostBits { position, .. }
            | Self::Families { position }
            | Self::Reversed { position }
            | Self::PartlyMapped { position } => position,
        }
    }

    /// The same, of a text.
    const fn at(self, at: usize) -> Self {
        let position = Some(at);
        match self {
            Self::Families { .. } => Self::Families { position },
            Self::Reversed { .. } => Self::Reversed { position },
            Self::PartlyMapped { .. } => Self::PartlyMapped { position },
            other => other,
        }
    }
}
