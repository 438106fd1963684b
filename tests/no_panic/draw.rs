//! What a hostile caller hands in: the ends of every range, what lies beside them, and what is in between.

use core::cell::Cell;
use core::time::Duration;
use std::net::IpAddr;

use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate, Utc};
use clausework::access::AddressRange;
use clausework::clause::Clause;
use clausework::deadline::Period;
use clausework::entropy::{Entropy, EntropyError};
use clausework::event::{Actor, Code, Origin, Provenance, Transport, Unresolved};
use clausework::id::{OpaqueId, Reference};
use clausework::store::{Key, Record, Rows, Stored, Version};
use clausework::{AccountId, Now, Scope, Secret, TenantId, Timestamp, codes};
use serde_json::Value;

/// SplitMix64 over a seed: what is drawn next depends on nothing else, so that a seed is a case.
pub(crate) struct Gen(Cell<u64>);

impl Gen {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Cell::new(seed))
    }

    pub(crate) fn u64(&self) -> u64 {
        let any = self.bits();
        match any % 8 {
            0 => 0,
            1 => 1,
            2 => u64::MAX,
            3 => u64::MAX - 1,
            4 => 1 << (self.bits() % 64),
            5 => (1_u64 << (self.bits() % 64)).wrapping_sub(1),
            6 => self.bits() % 100,
            _ => self.bits(),
        }
    }

    fn bits(&self) -> u64 {
        self.0.set(self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15));
        let mut z = self.0.get();
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn u32(&self) -> u32 {
        u32::try_from(self.u64()).unwrap_or(u32::MAX)
    }

    pub(crate) fn u16(&self) -> u16 {
        u16::try_from(self.u64()).unwrap_or(u16::MAX)
    }

    pub(crate) fn u8(&self) -> u8 {
        u8::try_from(self.u64()).unwrap_or(u8::MAX)
    }

    pub(crate) fn i64(&self) -> i64 {
        let signed = i64::from_ne_bytes(self.u64().to_ne_bytes());
        self.pick(&[signed, i64::MIN, i64::MAX, 0, -1])
    }

    pub(crate) fn usize(&self) -> usize {
        usize::try_from(self.u64()).unwrap_or(usize::MAX)
    }

    pub(crate) fn entropy(&self) -> Drawn<'_> {
        Drawn(self)
    }

    /// Less than `end`.
    pub(crate) fn below(&self, end: usize) -> usize {
        usize::try_from(self.bits() % u64::try_from(end.max(1)).unwrap()).unwrap()
    }

    pub(crate) fn flag(&self) -> bool {
        self.below(2) == 0
    }

    pub(crate) fn pick<T: Clone>(&self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    pub(crate) fn maybe<T>(&self, draw: impl FnOnce(&Self) -> T) -> Option<T> {
        self.flag().then(|| draw(self))
    }

    pub(crate) fn some<T>(&self, most: usize, mut draw: impl FnMut(&Self) -> T) -> Vec<T> {
        let count = self.below(most + 1);
        (0..count).map(|_| draw(self)).collect()
    }

    pub(crate) fn bytes(&self, most: usize) -> Vec<u8> {
        self.some(most, |g| g.bits().to_le_bytes()[0])
    }

    pub(crate) fn array<const N: usize>(&self) -> [u8; N] {
        core::array::from_fn(|_| self.bits().to_le_bytes()[0])
    }

    pub(crate) fn timestamp(&self) -> Timestamp {
        let beside = Timestamp::from_micros(self.i64()).unwrap_or(Timestamp::MIN);
        let present = Timestamp::from_micros(1_795_340_000_000_000).unwrap(); // 2026-11-22
        let length = self.duration();
        self.pick(&[
            Timestamp::MIN,
            Timestamp::MAX,
            beside,
            present,
            present.saturating_add(length),
            present.saturating_sub(length),
            Timestamp::MAX.saturating_sub(length),
            Timestamp::MIN.saturating_add(length),
        ])
    }

    pub(crate) fn now(&self) -> Now {
        self.timestamp().into()
    }

    pub(crate) fn duration(&self) -> Duration {
        let (secs, micros, days) = (self.u64(), self.u64(), self.bits() % 4000);
        self.pick(&[
            Duration::ZERO,
            Duration::MAX,
            Duration::from_micros(1),
            Duration::from_micros(micros),
            Duration::from_secs(secs),
            Duration::from_secs(900),
            Duration::from_secs(days * 86_400),
        ])
    }

    pub(crate) fn date(&self) -> NaiveDate {
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
        let near = day(2026, 11, 22) + Days::new(self.bits() % 1000);
        let day_of_year = u32::try_from(self.bits() % 365).unwrap() + 1;
        let far = NaiveDate::from_yo_opt(i32::try_from(self.bits() % 524_000).unwrap() - 262_000, day_of_year).unwrap();
        let last = NaiveDate::MAX - Days::new(self.bits() % 800);
        let first = NaiveDate::MIN + Days::new(self.bits() % 800);
        let edges = [NaiveDate::MIN, NaiveDate::MAX, day(0, 1, 1), day(1, 1, 1), day(9999, 12, 31), day(2024, 2, 29)];
        let edge = self.pick(&edges);
        self.pick(&[near, near, near, near, far, last, first, edge, day(2024, 1, 31)])
    }

    /// A date that a person could have meant.
    pub(crate) fn year(&self) -> i32 {
        let year = self.date().year();
        self.pick(&[year, 2026, 2024, i32::MIN, i32::MAX, 1, 0, -1, 9999, 10_000])
    }

    pub(crate) fn instant(&self) -> DateTime<FixedOffset> {
        let offset = self.offset();
        let utc = self.pick(&[DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC]);
        let utc = if self.below(4) == 0 { utc } else { self.timestamp().to_datetime() };
        utc.with_timezone(&offset)
    }

    pub(crate) fn offset(&self) -> FixedOffset {
        FixedOffset::east_opt(self.pick(&[0, 3600, -3600, 86_399, -86_399, 20_700])).unwrap()
    }

    pub(crate) fn period(&self) -> Period {
        let count = self.pick_count();
        self.pick(&[
            Period::Days(count),
            Period::WorkingDays(count),
            Period::Weeks(count),
            Period::Months(count),
            Period::Years(count),
        ])
    }

    fn pick_count(&self) -> u32 {
        let any = self.u32();
        let small = u32::try_from(self.below(100)).unwrap();
        self.pick(&[any, small, small, 1])
    }

    /// Of a few, so that two drawn are often the same.
    pub(crate) fn id(&self) -> OpaqueId {
        let longest = "x".repeat(OpaqueId::MAX_BYTES);
        OpaqueId::try_new(self.pick(&["a", "b", "u-1", "s-1", "acme", "admin", "golden", &longest])).unwrap()
    }

    pub(crate) fn ids(&self) -> Vec<OpaqueId> {
        self.some(5, Self::id)
    }

    pub(crate) fn tenant(&self) -> TenantId {
        TenantId::try_new(self.pick(&["acme", "t"])).unwrap()
    }

    pub(crate) fn account(&self) -> AccountId {
        AccountId::try_new(self.pick(&["u-1", "u-17", "a"])).unwrap()
    }

    pub(crate) fn scope(&self) -> Scope {
        if self.flag() { Scope::Operator } else { self.tenant().into() }
    }

    pub(crate) fn reference(&self) -> Reference {
        let text = self.text();
        Reference::try_new(&text).unwrap_or_else(|_| Reference::try_new("letter 4").unwrap())
    }

    pub(crate) fn secret(&self) -> Secret {
        Secret::from(self.text().as_str())
    }

    /// Any text: empty, long, of other scripts, of control characters, or nearly of a form that is read.
    pub(crate) fn text(&self) -> String {
        let seen = [
            "",
            " ",
            "a",
            "\0",
            "\n",
            "é",
            "e\u{301}",
            "\u{202e}",
            "🦀🦀",
            "ß",
            "ﷺ",
            "\u{feff}",
            "'",
            "\"",
            "\\",
            "|",
            "+",
            "10.0.0.0/8",
            "::ffff:1.2.3.4",
            "2001:db8::/32",
            "1.2.3.4-1.2.3.9",
            "256.1.1.1",
            "fe80::1%eth0",
            "[::1]:443",
            "P1M",
            "PT72H",
            "P4294967295Y",
            "P-1D",
            "+01:00",
            "Europe/Berlin",
            "2024-02-29",
            "2026-11-22T09:30:00.000001Z",
            "9999-12-31T23:59:59.999999Z",
            "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$",
            "for=\"[2001:db8::1]\";proto=https",
            "DE",
            "payroll",
            "anna@example.com",
            "correct horse battery staple",
            "Passw0rd",
            "qwertzuiop",
            "aaaaaaaaaaaa",
            "tile/0/x001/234.p/5",
            "{}",
            "null",
            "[]",
            "18446744073709551615",
            "-1",
            "1e999",
        ];
        let mut text: String = self.some(4, |g| g.pick(&seen)).concat();
        match self.below(12) {
            0 => text = text.repeat(200),
            1 => text.extend(self.some(40, |g| char::from_u32(g.u32() % 0x11_0000).unwrap_or('\u{fffd}'))),
            2 => text = String::from_utf8_lossy(&self.bytes(60)).into_owned(),
            _ => {}
        }
        text
    }

    pub(crate) fn address(&self) -> IpAddr {
        let (v4, v6) = (IpAddr::from(self.array::<4>()), IpAddr::from(self.array::<16>()));
        let seen = [
            "0.0.0.0",
            "255.255.255.255",
            "::",
            "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
            "::ffff:8.8.4.9",
            "8.8.4.9",
            "10.0.0.1",
            "2600:7::1",
            "64:ff9b::808:409",
            "2002:808:409::",
        ];
        let seen = self.pick(&seen).parse().unwrap();
        self.pick(&[v4, v6, seen, seen])
    }

    pub(crate) fn range(&self) -> AddressRange {
        let (first, last) = (self.address(), self.address());
        let pair = if self.flag() { (first, last) } else { (last, first) };
        AddressRange::try_new(pair.0, pair.1).unwrap_or_else(|_| AddressRange::single(first))
    }

    pub(crate) fn transport(&self) -> Transport {
        self.pick(&[Transport::Tls, Transport::Plain])
    }

    pub(crate) fn origin(&self) -> Origin {
        let (address, transport) = (self.address(), self.transport());
        let unresolvable = Origin::unresolvable(address, Unresolved::Missing);
        self.pick(&[
            Origin::Internal,
            Origin::network(address, transport),
            Origin::network(address, transport),
            Origin::proxy_origin(address, transport),
            unresolvable,
        ])
    }

    pub(crate) fn actor(&self) -> Actor {
        let (account, id) = (self.account(), self.id());
        self.pick(&[Actor::Unauthenticated, Actor::User(account), Actor::Staff(id)])
    }

    pub(crate) fn provenance(&self) -> Provenance {
        Provenance::new(self.actor(), self.origin())
    }

    pub(crate) fn clause(&self) -> Clause {
        Clause::all().nth(self.below(Clause::all().count())).unwrap()
    }

    pub(crate) fn code(&self) -> Code {
        codes().nth(self.below(codes().count())).unwrap()
    }

    /// JSON that is read, changed in up to three places: most of it is still of the form, and some is not.
    pub(crate) fn changed(&self, json: &str) -> String {
        if self.below(16) == 0 {
            let mut bytes = json.as_bytes().to_vec();
            let (at, byte) = (self.below(bytes.len()), self.array::<1>()[0]);
            bytes[at] = byte;
            return String::from_utf8_lossy(&bytes).into_owned();
        }
        let mut value: Value = serde_json::from_str(json).unwrap();
        for _ in 0..self.below(4) {
            let mut places = 0;
            walk(&mut value, &mut |_| places += 1);
            let mut wanted = self.below(places);
            walk(&mut value, &mut |here| {
                if wanted == 0 {
                    self.change(here);
                }
                wanted = wanted.wrapping_sub(1);
            });
        }
        value.to_string()
    }

    fn change(&self, value: &mut Value) {
        if self.below(12) == 0 {
            *value = self.pick(&[
                Value::Null,
                Value::Bool(true),
                Value::from(u64::MAX),
                Value::from(""),
                Value::from(Vec::<u8>::new()),
            ]);
            return;
        }
        match value {
            Value::Number(_) => {
                *value = if self.below(6) == 0 { Value::from(self.i64()) } else { Value::from(self.u64()) }
            }
            Value::Bool(flag) => *flag = !*flag,
            Value::String(text) => *text = self.like(text),
            Value::Array(items) => match (self.below(4), items.len()) {
                (0, _) => items.clear(),
                (1, 1..) => drop(items.remove(self.below(items.len()))),
                (2, 2..) => items.reverse(),
                (_, 1..) => {
                    let again = self.pick(items);
                    items.extend(std::iter::repeat_n(again, 1 + self.below(300)));
                }
                (_, 0) => items.push(Value::Null),
            },
            Value::Object(members) => {
                let names: Vec<String> = members.keys().cloned().collect();
                if !names.is_empty() && self.flag() {
                    members.remove(&self.pick(&names));
                } else {
                    members.insert("beside".into(), Value::Null);
                }
            }
            Value::Null => *value = Value::from(self.u64()),
        }
    }

    /// Another text of the same form, if it is of one.
    fn like(&self, text: &str) -> String {
        if self.below(10) == 0 {
            return self.text();
        }
        if text.parse::<NaiveDate>().is_ok() {
            return self.date().to_string();
        }
        if text.len() == 27 && text.ends_with('Z') {
            return self.timestamp().to_string();
        }
        if text.parse::<AddressRange>().is_ok() {
            return self.range().to_string();
        }
        if text.parse::<Period>().is_ok() {
            let (count, unit) = (self.pick_count(), self.pick(&["D", "W", "M", "Y"]));
            return format!("P{count}{unit}");
        }
        match self.below(3) {
            0 => self.id().to_string(),
            1 => text.chars().rev().collect(),
            _ => text.to_owned(),
        }
    }

    /// A policy, of the text of which something is changed; the one given if that is not a policy.
    pub(crate) fn policy<P: serde::Serialize + serde::de::DeserializeOwned>(&self, given: P) -> P {
        let text = self.changed(&serde_json::to_string(&given).unwrap());
        serde_json::from_str(&text).unwrap_or(given)
    }

    /// A state that was read from a stored line of which something is changed; or none.
    pub(crate) fn state<R: Record>(&self, file: &str) -> Option<R> {
        let lines: Vec<&str> = file.lines().collect();
        let line = self.pick(&lines);
        let text = self.changed(line);
        let key = self.key::<R>();
        let rows = Rows::new([key.clone()], [Some(Stored::new(Version::new(self.i64()), text))]);
        let _ = rows.stamp::<R>(&key);
        match rows.read::<R>(&key) {
            Ok(state) => state,
            Err(error) => {
                let _ = error.to_string();
                None
            }
        }
    }

    pub(crate) fn key<R: Record>(&self) -> Key {
        let id = self.id();
        Key::of::<R>(self.scope(), &id)
    }
}

fn walk(value: &mut Value, visit: &mut impl FnMut(&mut Value)) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| walk(item, visit)),
        Value::Object(members) => members.values_mut().for_each(|member| walk(member, visit)),
        _ => {}
    }
    visit(value);
}

/// A source of entropy that fails now and then.
pub(crate) struct Drawn<'g>(&'g Gen);

impl Entropy for Drawn<'_> {
    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), EntropyError> {
        if self.0.below(50) == 0 {
            return Err(EntropyError::Unavailable);
        }
        buffer.iter_mut().for_each(|byte| *byte = self.0.array::<1>()[0]);
        Ok(())
    }
}
