use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::access::AddressRange;
use crate::access::range::Ends;

/// The name of a header field: 1 to 64 characters of a token (RFC 9110 section 5.6.2), kept in lower case.
///
/// ```
/// use clausework::access::client::HeaderName;
///
/// assert_eq!(HeaderName::try_new("X-Real-IP")?.as_str(), "x-real-ip");
/// assert!(HeaderName::try_new("X-Real-IP:").is_err());
/// # Ok::<(), clausework::access::client::ProxyPolicyError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct HeaderName(String);

impl HeaderName {
    /// The longest name; ours, every known one is under half of it.
    pub const MAX_BYTES: usize = 64;

    /// A name.
    ///
    /// # Errors
    /// [`ProxyPolicyError::HeaderName`] when it is empty, too long or no token.
    pub fn try_new(name: &str) -> Result<Self, ProxyPolicyError> {
        match name.bytes().position(|byte| !super::forwarded::is_token(byte)) {
            None if (1..=Self::MAX_BYTES).contains(&name.len()) => Ok(Self(name.to_ascii_lowercase())),
            at => Err(ProxyPolicyError::HeaderName { at: at.unwrap_or(Self::MAX_BYTES.min(name.len())) }),
        }
    }

    /// The name in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The one thing that tells who is behind a trusted proxy. Written as the header's name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[non_exhaustive]
pub enum HeaderSource {
    /// Nothing does: `none`. The peer of the socket is the client, unless it is trusted to be a proxy.
    #[default]
    None,
    /// `x-forwarded-for`, to which each proxy appends whom it had the request from.
    XForwardedFor,
    /// `forwarded` of RFC 7239; it also tells the scheme.
    Forwarded,
    /// Another header with one address, set (not passed on) by the one trusted proxy: `x-real-ip`, say.
    Named(HeaderName),
    /// The PROXY protocol, `proxy-protocol`: the host reads it before HTTP begins, see
    /// [`Connection::with_proxy_header`](super::Connection::with_proxy_header).
    ProxyProtocol,
}

impl HeaderSource {
    pub(super) const X_FORWARDED_FOR: &'static str = "x-forwarded-for";
    pub(super) const FORWARDED: &'static str = "forwarded";
    const PROXY_PROTOCOL: &'static str = "proxy-protocol";

    /// Its name as it is written in a policy.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::None => "none",
            Self::XForwardedFor => Self::X_FORWARDED_FOR,
            Self::Forwarded => Self::FORWARDED,
            Self::Named(name) => name.as_str(),
            Self::ProxyProtocol => Self::PROXY_PROTOCOL,
        }
    }

    /// The name of the header to read, if it is one.
    pub(super) fn header(&self) -> Option<&str> {
        match self {
            Self::None | Self::ProxyProtocol => None,
            Self::XForwardedFor | Self::Forwarded | Self::Named(_) => Some(self.as_str()),
        }
    }
}

impl core::str::FromStr for HeaderSource {
    type Err = ProxyPolicyError;

    fn from_str(text: &str) -> Result<Self, ProxyPolicyError> {
        let name = HeaderName::try_new(text)?;
        Ok(match name.as_str() {
            "none" => Self::None,
            Self::X_FORWARDED_FOR => Self::XForwardedFor,
            Self::FORWARDED => Self::Forwarded,
            Self::PROXY_PROTOCOL => Self::ProxyProtocol,
            _ => Self::Named(name),
        })
    }
}

impl TryFrom<String> for HeaderSource {
    type Error = ProxyPolicyError;

    fn try_from(text: String) -> Result<Self, ProxyPolicyError> {
        text.parse()
    }
}

impl From<HeaderSource> for String {
    fn from(source: HeaderSource) -> Self {
        source.as_str().into()
    }
}

impl fmt::Display for HeaderSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What tells the scheme of the leg that an element of the source speaks of.
///
/// `Forwarded` has it in its own elements and the PROXY protocol in its header; this is for the other sources.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SchemeSource {
    /// Nothing does: behind a proxy the scheme is unknown, and what is unknown is not secure.
    #[default]
    None,
    /// `x-forwarded-proto`, written by the same proxies in the same order, one for each address. With fewer of them
    /// than proxies that were passed, it is unknown which leg they speak of.
    XForwardedProto,
}

/// Which legs of the way must be encrypted for the request to be taken as encrypted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(clippy::exhaustive_enums, reason = "closed: the first leg or every leg")]
pub enum SchemeRule {
    /// The leg from the client to the first proxy, which crosses the internet.
    #[default]
    ClientLeg,
    /// Every leg, the one from the last proxy to the host included (OWASP ASVS 5.0, 12.3.1 and 12.3.3).
    AllLegs,
}

/// Which proxies are trusted, and what of theirs tells who the client is.
///
/// ```
/// use clausework::access::client::{HeaderSource, ProxyPolicy, SchemeSource};
///
/// let policy = ProxyPolicy::builder()
///     .trusted(["10.0.0.0/8".parse()?])
///     .source(HeaderSource::XForwardedFor)
///     .scheme_source(SchemeSource::XForwardedProto)
///     .build()?;
/// assert!(policy.trusts("::ffff:10.1.2.3".parse()?));
///
/// // As JSON every member may be left out; one that says two things at once makes no policy.
/// let json = r#"{ "trusted": ["10.0.0.0/8"], "source": "forwarded", "hops": 2, "scheme_rule": "all-legs" }"#;
/// let policy: ProxyPolicy = serde_json::from_str(json)?;
/// assert_eq!(policy.hops(), Some(2));
/// let unclear = serde_json::from_str::<ProxyPolicy>(r#"{ "trusted": ["10.0.0.1/8"] }"#).unwrap_err();
/// assert!(unclear.to_string().starts_with("10.0.0.1/8 has host bits, did you mean 10.0.0.0/8"));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "ProxyPolicyBuilder", into = "ProxyPolicyBuilder")]
pub struct ProxyPolicy {
    settings: ProxyPolicyBuilder,
    /// The trusted networks as first and last address, so that a hop costs two comparisons each.
    v4: Vec<(u32, u32)>,
    v6: Vec<(u128, u128)>,
}

impl ProxyPolicy {
    /// The most trusted networks. Each hop is compared with each of them; ours, the published lists of content
    /// networks are well below it.
    pub const MAX_TRUSTED: usize = 1000;
    /// The most trusted proxies that are walked past, the peer included; ours. What stands left of the client is
    /// not counted.
    pub const MAX_HOPS: u8 = 32;

    /// Starts from the defaults: no proxies, the peer is the client.
    #[must_use]
    pub fn builder() -> ProxyPolicyBuilder {
        ProxyPolicyBuilder::default()
    }

    /// The networks that proxies are in.
    #[must_use]
    pub fn trusted(&self) -> &[AddressRange] {
        &self.settings.trusted
    }

    /// Whether this is the address of a trusted proxy. An IPv4-mapped address is the IPv4 address.
    #[must_use]
    #[inline]
    pub fn trusts(&self, address: IpAddr) -> bool {
        match address.to_canonical() {
            IpAddr::V4(address) => is_in(&self.v4, address.to_bits()),
            IpAddr::V6(address) => is_in(&self.v6, address.to_bits()),
        }
    }

    /// What tells who the client is.
    #[must_use]
    pub const fn source(&self) -> &HeaderSource {
        &self.settings.source
    }

    /// How many trusted proxies there must be on the way, the peer included.
    #[must_use]
    pub const fn hops(&self) -> Option<u8> {
        self.settings.hops
    }

    /// What tells the scheme.
    #[must_use]
    pub const fn scheme_source(&self) -> SchemeSource {
        self.settings.scheme_source
    }

    /// Which legs must be encrypted.
    #[must_use]
    pub const fn scheme_rule(&self) -> SchemeRule {
        self.settings.scheme_rule
    }
}

fn is_in<A: PartialOrd + Copy>(networks: &[(A, A)], address: A) -> bool {
    networks.iter().any(|(first, last)| *first <= address && address <= *last)
}

/// The settings of a [`ProxyPolicy`], not yet checked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProxyPolicyBuilder {
    trusted: Vec<AddressRange>,
    source: HeaderSource,
    #[serde(skip_serializing_if = "Option::is_none")]
    hops: Option<u8>,
    scheme_source: SchemeSource,
    scheme_rule: SchemeRule,
}

impl ProxyPolicyBuilder {
    /// The networks that proxies are in. Trust those that your proxies alone are in: whoever else can connect from
    /// there can name any client. As text they are read as strictly as the entries of a list ([`AddressRange`]).
    #[must_use]
    pub fn trusted(mut self, networks: impl IntoIterator<Item = AddressRange>) -> Self {
        self.trusted = networks.into_iter().collect();
        self
    }

    /// What tells who the client is. Every trusted proxy must write it, or remove what it was sent of it (ASVS 5.0,
    /// 4.1.3): of a proxy that passes on what it got, the client is the author.
    #[must_use]
    pub fn source(mut self, source: HeaderSource) -> Self {
        self.source = source;
        self
    }

    /// How many trusted proxies there must be on the way, the peer included; on top of their addresses, never instead.
    /// With another number, too few or too many, the client is unresolvable, also when nobody was in between.
    #[must_use]
    pub const fn hops(mut self, hops: Option<u8>) -> Self {
        self.hops = hops;
        self
    }

    /// What tells the scheme, for a source that does not tell it itself.
    #[must_use]
    pub const fn scheme_source(mut self, source: SchemeSource) -> Self {
        self.scheme_source = source;
        self
    }

    /// Which legs must be encrypted.
    #[must_use]
    pub const fn scheme_rule(mut self, rule: SchemeRule) -> Self {
        self.scheme_rule = rule;
        self
    }

    /// Checks the settings.
    ///
    /// # Errors
    /// [`ProxyPolicyError`] when there are too many networks, the number of hops cannot occur, or the source of the
    /// scheme does not go with that of the address.
    pub fn build(self) -> Result<ProxyPolicy, ProxyPolicyError> {
        if self.trusted.len() > ProxyPolicy::MAX_TRUSTED {
            return Err(ProxyPolicyError::TooMany { found: self.trusted.len() });
        }
        let most = match &self.source {
            HeaderSource::None => 0,
            HeaderSource::Named(_) | HeaderSource::ProxyProtocol => 1,
            HeaderSource::XForwardedFor | HeaderSource::Forwarded => ProxyPolicy::MAX_HOPS,
        };
        if let Some(hops) = self.hops.filter(|hops| *hops > most) {
            return Err(ProxyPolicyError::Hops { asked: hops, most });
        }
        let listed = matches!(self.source, HeaderSource::XForwardedFor | HeaderSource::Named(_));
        if self.scheme_source != SchemeSource::None && !listed {
            return Err(ProxyPolicyError::SchemeSource);
        }
        if let HeaderSource::Named(name) = &self.source {
            let known: HeaderSource = name.as_str().parse()?;
            if known != self.source {
                return Err(ProxyPolicyError::Named);
            }
        }
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for network in &self.trusted {
            match network.ends() {
                Ends::V4(first, last) => v4.push((first.to_bits(), last.to_bits())),
                Ends::V6(first, last) => v6.push((first.to_bits(), last.to_bits())),
            }
        }
        Ok(ProxyPolicy { settings: self, v4, v6 })
    }
}

impl From<ProxyPolicy> for ProxyPolicyBuilder {
    fn from(policy: ProxyPolicy) -> Self {
        policy.settings
    }
}

impl TryFrom<ProxyPolicyBuilder> for ProxyPolicy {
    type Error = ProxyPolicyError;

    fn try_from(builder: ProxyPolicyBuilder) -> Result<Self, ProxyPolicyError> {
        builder.build()
    }
}

/// Why there is no such proxy policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProxyPolicyError {
    /// More than [`ProxyPolicy::MAX_TRUSTED`].
    #[error("{found} trusted networks are more than a policy may have")]
    TooMany {
        /// How many were given.
        found: usize,
    },
    /// A number of proxies that the source can never show.
    #[error("{asked} hops are asked for, the source shows at most {most}")]
    Hops {
        /// How many were asked for.
        asked: u8,
        /// How many there can be.
        most: u8,
    },
    /// A source of the scheme beside an address source that tells the scheme itself, or does without headers.
    #[error("x-forwarded-proto tells the scheme only beside x-forwarded-for or a single named header")]
    SchemeSource,
    /// A name that stands for another source: it would be read by other rules when the policy is read back.
    #[error("the named header is a source of its own, use that")]
    Named,
    /// Not the name of a header.
    #[error("not the name of a header: character {at} is none that a name may have there")]
    HeaderName {
        /// Where, from 0.
        at: usize,
    },
}
