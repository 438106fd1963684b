//! The strict reader. What it takes for an address is what `core` takes for one; this one can say where it is wrong.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

use super::{AddressRange, RangeError};

/// Groups of an IPv6 address.
const GROUPS: usize = 8;

pub(super) fn parse(text: &str) -> Result<AddressRange, RangeError> {
    let mut reader = Reader { text, at: 0 };
    let first = reader.address()?;
    if reader.skip(b'/') {
        let position = reader.at;
        let most = if first.is_ipv4() { 32 } else { 128 };
        let length = reader.number(most)?;
        reader.end()?;
        let network = IpNet::new(first, length).map_err(|_| RangeError::TooGreat { position, most })?;
        return AddressRange::of_network(network, Some(position));
    }
    if reader.skip(b'-') {
        let position = reader.at;
        let last = reader.address()?;
        reader.end()?;
        return AddressRange::try_new(first, last).map_err(|error| error.at(position));
    }
    reader.end()?;
    Ok(AddressRange::single(first))
}

/// Goes through the text once. INVARIANT: `at` is behind ASCII only, so it is the start of a character.
struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at.saturating_add(ahead)).copied()
    }

    /// Whether the byte is next; then it is taken.
    fn skip(&mut self, byte: u8) -> bool {
        let next = self.peek(0) == Some(byte);
        self.at = self.at.saturating_add(usize::from(next));
        next
    }

    /// Whatever is next is wrong.
    fn wrong(&self) -> RangeError {
        let position = self.at;
        match self.text.get(position..).and_then(|rest| rest.chars().next()) {
            None => RangeError::Ended { position },
            Some('%') => RangeError::Zone { position },
            Some(found) => RangeError::Unexpected { position, found },
        }
    }

    fn expect(&mut self, byte: u8) -> Result<(), RangeError> {
        if self.skip(byte) { Ok(()) } else { Err(self.wrong()) }
    }

    fn end(&self) -> Result<(), RangeError> {
        if self.at == self.text.len() { Ok(()) } else { Err(self.wrong()) }
    }

    /// A decimal number without leading zeros.
    fn number(&mut self, most: u8) -> Result<u8, RangeError> {
        let position = self.at;
        let mut value = 0_u32;
        while let Some(digit @ b'0'..=b'9') = self.peek(0) {
            if self.at > position && value == 0 {
                return Err(RangeError::LeadingZero { position });
            }
            value = value.saturating_mul(10).saturating_add(u32::from(digit.wrapping_sub(b'0')));
            if value > u32::from(most) {
                return Err(RangeError::TooGreat { position, most });
            }
            self.at = self.at.saturating_add(1);
        }
        if self.at == position {
            return Err(self.wrong());
        }
        u8::try_from(value).map_err(|_| RangeError::TooGreat { position, most })
    }

    fn address(&mut self) -> Result<IpAddr, RangeError> {
        // The first byte that is no hexadecimal digit tells the family; a group has four at most.
        let digits = (0..GROUPS).take_while(|ahead| self.peek(*ahead).is_some_and(|byte| byte.is_ascii_hexdigit()));
        if self.peek(digits.count()) == Some(b':') { self.ipv6().map(IpAddr::V6) } else { self.ipv4().map(IpAddr::V4) }
    }

    fn ipv4(&mut self) -> Result<Ipv4Addr, RangeError> {
        let mut octets = [0; 4];
        for (place, octet) in octets.iter_mut().enumerate() {
            if place > 0 {
                self.expect(b'.')?;
            }
            *octet = self.number(u8::MAX)?;
        }
        Ok(octets.into())
    }

    /// RFC 4291, 2.2: eight groups; `::` once, for one or more of them; the last two may be written as IPv4.
    fn ipv6(&mut self) -> Result<Ipv6Addr, RangeError> {
        // The groups before `::` are in `head`, those after it in `tail`.
        let (mut head, mut tail, mut gap) = (Groups::default(), Groups::default(), false);
        if self.peek(0) == Some(b':') {
            self.expect(b':')?;
            self.expect(b':')?;
            gap = true;
        }
        loop {
            let room = GROUPS.saturating_sub(usize::from(gap)).saturating_sub(head.count).saturating_sub(tail.count);
            let groups = if gap { &mut tail } else { &mut head };
            // After `::` there may be nothing more.
            let nothing = !self.peek(0).is_some_and(|byte| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.'));
            if gap && groups.count == 0 && nothing {
                break;
            }
            if self.is_ipv4_next() && room >= 2 {
                let [a, b, c, d] = self.ipv4()?.octets();
                groups.push(u16::from_be_bytes([a, b]));
                groups.push(u16::from_be_bytes([c, d]));
                break;
            }
            if room == 0 {
                return Err(self.wrong());
            }
            groups.push(self.group()?);
            if self.peek(0) != Some(b':') {
                break;
            }
            if room == 1 {
                return Err(self.wrong());
            }
            self.expect(b':')?;
            if !gap && self.skip(b':') {
                gap = true;
            }
        }
        if !gap && head.count < GROUPS {
            return Err(self.wrong());
        }
        Ok((head.bits_from_left() | tail.bits).into())
    }

    fn is_ipv4_next(&self) -> bool {
        let digits = (0..4).take_while(|ahead| self.peek(*ahead).is_some_and(|byte| byte.is_ascii_digit()));
        self.peek(digits.count()) == Some(b'.')
    }

    /// One to four hexadecimal digits.
    fn group(&mut self) -> Result<u16, RangeError> {
        let start = self.at;
        let mut value = 0_u16;
        while let Some(digit) = self.peek(0).and_then(|byte| char::from(byte).to_digit(16)) {
            if self.at.saturating_sub(start) == 4 {
                return Err(self.wrong());
            }
            value = (value << 4) | u16::try_from(digit).unwrap_or_default(); // INVARIANT: under 16
            self.at = self.at.saturating_add(1);
        }
        if self.at == start { Err(self.wrong()) } else { Ok(value) }
    }
}

/// Groups of an address, the last one lowest.
#[derive(Default)]
struct Groups {
    bits: u128,
    count: usize,
}

impl Groups {
    fn push(&mut self, group: u16) {
        self.bits = (self.bits << 16) | u128::from(group);
        self.count = self.count.saturating_add(1);
    }

    /// As they stand at the start of an address.
    fn bits_from_left(&self) -> u128 {
        (self.count..GROUPS).fold(self.bits, |bits, _| bits << 16)
    }
}
