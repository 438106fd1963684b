use core::fmt;
use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::client::Scheme;

/// The value of `Strict-Transport-Security`: for how long browsers come back over HTTPS alone (RFC 6797).
///
/// ```
/// use clausework::access::client::Scheme;
/// use clausework::access::{Hsts, HstsError};
///
/// let hsts = Hsts::builder().max_age_secs(31_536_000).include_subdomains(true).build()?;
/// assert_eq!(hsts.header(Scheme::Https).unwrap().to_string(), "max-age=31536000; includeSubDomains");
///
/// // It is never sent in the clear, where anyone on the way could write it (RFC 6797 section 7.2).
/// assert!(hsts.header(Scheme::Http).is_none());
///
/// // The lists that browsers are shipped with take no domain that leaves its subdomains out.
/// assert_eq!(Hsts::builder().preload(true).build(), Err(HstsError::PreloadWithoutSubdomains));
/// # Ok::<(), HstsError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "HstsBuilder")]
pub struct Hsts(HstsBuilder);

impl Hsts {
    /// A year of 365 days: the least of OWASP ASVS 5.0 3.4.1, and of the lists that browsers are shipped with.
    pub const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
    /// The longest time: ten years; ours. What is longer is more likely a slip than a wish, and cannot be taken back
    /// from browsers that do not come again.
    pub const MAX: Duration = Duration::from_secs(10 * 365 * 24 * 60 * 60);

    /// Starts from the defaults: one year, this host alone.
    #[must_use]
    pub fn builder() -> HstsBuilder {
        HstsBuilder::default()
    }

    /// For how long; nothing makes browsers forget the host (RFC 6797 section 6.1.1).
    #[must_use]
    pub const fn max_age(&self) -> Duration {
        Duration::from_secs(self.0.max_age_secs)
    }

    /// Whether it holds for every subdomain (RFC 6797 section 6.1.2).
    #[must_use]
    pub const fn include_subdomains(&self) -> bool {
        self.0.include_subdomains
    }

    /// Whether the lists that browsers are shipped with may take the domain up.
    #[must_use]
    pub const fn preload(&self) -> bool {
        self.0.preload
    }

    /// The header's value for a response to a request over this scheme: none unless it is known to be HTTPS.
    #[must_use]
    pub const fn header(&self, scheme: Scheme) -> Option<HstsHeader> {
        match scheme {
            Scheme::Https => Some(HstsHeader(self.0)),
            Scheme::Http | Scheme::Unknown => None,
        }
    }

    /// What it falls short of, in the order of the levels: nothing, if it is good for every one. A shorter time is a
    /// way to begin, so it is no error.
    ///
    /// ```
    /// use clausework::access::{Hsts, HstsShortfall};
    ///
    /// let first_day = Hsts::builder().max_age_secs(300).build()?;
    /// let found: Vec<HstsShortfall> = first_day.shortfalls().collect();
    /// assert_eq!(found, [HstsShortfall::BelowYear, HstsShortfall::WithoutSubdomains, HstsShortfall::WithoutPreload]);
    /// # Ok::<(), clausework::access::HstsError>(())
    /// ```
    pub fn shortfalls(&self) -> impl Iterator<Item = HstsShortfall> + use<> {
        [
            (self.max_age() < Self::YEAR).then_some(HstsShortfall::BelowYear),
            (!self.include_subdomains()).then_some(HstsShortfall::WithoutSubdomains),
            (!self.preload()).then_some(HstsShortfall::WithoutPreload),
        ]
        .into_iter()
        .flatten()
    }
}

/// The settings of an [`Hsts`], not yet checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HstsBuilder {
    max_age_secs: u64,
    include_subdomains: bool,
    preload: bool,
}

impl Default for HstsBuilder {
    fn default() -> Self {
        Self { max_age_secs: Hsts::YEAR.as_secs(), include_subdomains: false, preload: false }
    }
}

impl HstsBuilder {
    /// For how long, in seconds; 0 makes browsers forget the host.
    #[must_use]
    pub const fn max_age_secs(mut self, seconds: u64) -> Self {
        self.max_age_secs = seconds;
        self
    }

    /// Whether it holds for every subdomain: each of them must then answer over HTTPS.
    #[must_use]
    pub const fn include_subdomains(mut self, include: bool) -> Self {
        self.include_subdomains = include;
        self
    }

    /// Whether the lists that browsers are shipped with may take the domain up, which takes months to undo.
    #[must_use]
    pub const fn preload(mut self, preload: bool) -> Self {
        self.preload = preload;
        self
    }

    /// Checks the settings.
    ///
    /// # Errors
    /// [`HstsError`] when the time is over [`Hsts::MAX`], or preloading is asked for without what its lists demand.
    pub const fn build(self) -> Result<Hsts, HstsError> {
        if self.max_age_secs > Hsts::MAX.as_secs() {
            return Err(HstsError::MaxAge { asked: self.max_age_secs });
        }
        if self.preload && !self.include_subdomains {
            return Err(HstsError::PreloadWithoutSubdomains);
        }
        if self.preload && self.max_age_secs < Hsts::YEAR.as_secs() {
            return Err(HstsError::PreloadBelowYear { asked: self.max_age_secs });
        }
        Ok(Hsts(self))
    }
}

impl TryFrom<HstsBuilder> for Hsts {
    type Error = HstsError;

    fn try_from(builder: HstsBuilder) -> Result<Self, HstsError> {
        builder.build()
    }
}

/// The text of the header, as its `Display`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HstsHeader(HstsBuilder);

impl HstsHeader {
    /// The header's name.
    pub const NAME: &'static str = "strict-transport-security";
}

impl fmt::Display for HstsHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "max-age={}", self.0.max_age_secs)?;
        f.write_str(if self.0.include_subdomains { "; includeSubDomains" } else { "" })?;
        f.write_str(if self.0.preload { "; preload" } else { "" })
    }
}

/// What a valid [`Hsts`] does not reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HstsShortfall {
    /// Less than a year (ASVS 5.0 3.4.1, level 1).
    BelowYear,
    /// Not for the subdomains (ASVS 5.0 3.4.1, from level 2).
    WithoutSubdomains,
    /// Not for the lists that browsers are shipped with (ASVS 5.0 3.7.4, level 3).
    WithoutPreload,
}

impl fmt::Display for HstsShortfall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BelowYear => "less than a year (asvs 3.4.1)",
            Self::WithoutSubdomains => "without the subdomains (asvs 3.4.1 from level 2)",
            Self::WithoutPreload => "without preloading (asvs 3.7.4)",
        })
    }
}

/// Why there is no such header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HstsError {
    /// Over [`Hsts::MAX`].
    #[error("a max-age of {asked} seconds is more than ten years")]
    MaxAge {
        /// What was asked for.
        asked: u64,
    },
    /// The lists demand the subdomains.
    #[error("preload needs the subdomains as well")]
    PreloadWithoutSubdomains,
    /// The lists demand a year.
    #[error("preload needs a max-age of at least a year, not {asked} seconds")]
    PreloadBelowYear {
        /// What was asked for.
        asked: u64,
    },
}

/// What a request that did not come over HTTPS asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "closed: only a page that shows nothing of anybody may be redirected")]
pub enum Asked {
    /// A page for a browser, by `GET` or `HEAD`, without a credential: no password, cookie or token.
    Page,
    /// Anything else: a form, a sign-in, an interface for programs, whatever carries a credential.
    Other,
}

impl Asked {
    /// By the method (case matters, RFC 9110 section 9.1), whether browsers are what it is for, and whether the
    /// request carries a credential (`Cookie`, `Authorization`, a token in the address).
    ///
    /// ```
    /// use clausework::access::{Asked, Credentials, Endpoint};
    ///
    /// assert_eq!(Asked::of("GET", Endpoint::Browser, Credentials::Absent), Asked::Page);
    /// assert_eq!(Asked::of("POST", Endpoint::Browser, Credentials::Absent), Asked::Other);
    /// assert_eq!(Asked::of("GET", Endpoint::Program, Credentials::Absent), Asked::Other);
    /// assert_eq!(Asked::of("GET", Endpoint::Browser, Credentials::Present), Asked::Other);
    /// ```
    #[must_use]
    pub fn of(method: &str, endpoint: Endpoint, credentials: Credentials) -> Self {
        match (method, endpoint, credentials) {
            ("GET" | "HEAD", Endpoint::Browser, Credentials::Absent) => Self::Page,
            _ => Self::Other,
        }
    }
}

/// Whom an endpoint is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "closed: what no person opens is for programs")]
pub enum Endpoint {
    /// A person with a browser opens it.
    Browser,
    /// Programs call it; they must notice that they are configured wrongly, not be led on in silence.
    Program,
}

/// Whether a request carries something that lets its holder in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "closed: it does or does not")]
pub enum Credentials {
    /// It does not.
    Absent,
    /// It does: it has travelled in the clear, and should be replaced.
    Present,
}

/// What a host that is HTTPS-only does with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
#[allow(clippy::exhaustive_enums, reason = "closed: serve, redirect or refuse")]
pub enum HttpsOutcome {
    /// It came over HTTPS: serve it, with the [`Hsts::header`].
    Serve,
    /// Redirect for good (RFC 6797 section 7.2) to the same page over HTTPS, of the host name that is configured, not of
    /// the one the request names. Without an [`Hsts::header`].
    Redirect,
    /// Refuse: a redirect would have the client send again, and people never notice, what must not be sent in the clear.
    Refuse,
}

/// What a host that is HTTPS-only does with a request (E-5.8): only pages are redirected, only from plain HTTP
/// (ASVS 5.0 4.1.2). A scheme that nobody knows is refused; a redirect might come back the same way for ever.
///
/// It says how to answer; whether anyone is let in is decided by the [`AccessPolicy`](super::AccessPolicy).
///
/// ```
/// use clausework::access::client::Scheme;
/// use clausework::access::{Asked, HttpsOutcome, https_only};
///
/// assert_eq!(https_only(Scheme::Https, Asked::Other), HttpsOutcome::Serve);
/// assert_eq!(https_only(Scheme::Http, Asked::Page), HttpsOutcome::Redirect);
/// assert_eq!(https_only(Scheme::Http, Asked::Other), HttpsOutcome::Refuse);
/// assert_eq!(https_only(Scheme::Unknown, Asked::Page), HttpsOutcome::Refuse);
/// ```
pub const fn https_only(scheme: Scheme, asked: Asked) -> HttpsOutcome {
    match (scheme, asked) {
        (Scheme::Https, _) => HttpsOutcome::Serve,
        (Scheme::Http, Asked::Page) => HttpsOutcome::Redirect,
        (Scheme::Http, Asked::Other) | (Scheme::Unknown, _) => HttpsOutcome::Refuse,
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;
    use alloc::vec::Vec;

    use super::*;

    /// RFC 6797 section 6.2 has the first three among its examples (the second with a blank more).
    #[test]
    fn the_text_of_the_header() {
        for (builder, text) in [
            (Hsts::builder().max_age_secs(31_536_000), "max-age=31536000"),
            (Hsts::builder().max_age_secs(15_768_000).include_subdomains(true), "max-age=15768000; includeSubDomains"),
            (Hsts::builder().max_age_secs(0), "max-age=0"),
            (Hsts::builder().include_subdomains(true).preload(true), "max-age=31536000; includeSubDomains; preload"),
        ] {
            let hsts = builder.build().unwrap();
            assert_eq!(hsts.header(Scheme::Https).unwrap().to_string(), text);
            assert_eq!((hsts.header(Scheme::Http), hsts.header(Scheme::Unknown)), (None, None));
            assert_eq!(serde_json::from_str::<Hsts>(&serde_json::to_string(&hsts).unwrap()).unwrap(), hsts);
        }
    }

    #[test]
    fn the_edges() {
        let all = Hsts::builder().include_subdomains(true).preload(true);
        for (builder, expected) in [
            (Hsts::builder().max_age_secs(315_360_000), Ok(())),
            (Hsts::builder().max_age_secs(315_360_001), Err(HstsError::MaxAge { asked: 315_360_001 })),
            (all.max_age_secs(31_536_000), Ok(())),
            (all.max_age_secs(31_535_999), Err(HstsError::PreloadBelowYear { asked: 31_535_999 })),
            (all.include_subdomains(false), Err(HstsError::PreloadWithoutSubdomains)),
        ] {
            assert_eq!(builder.build().map(drop), expected, "{builder:?}");
            let text = serde_json::to_string(&builder).unwrap();
            assert_eq!(serde_json::from_str::<Hsts>(&text).is_ok(), expected.is_ok(), "{text}");
        }
        assert!(serde_json::from_str::<Hsts>(r#"{"max_age":1}"#).is_err());
    }

    #[test]
    fn what_falls_short() {
        let found = |builder: HstsBuilder| builder.build().unwrap().shortfalls().collect::<Vec<_>>();
        let subdomains = Hsts::builder().include_subdomains(true);
        assert_eq!(found(subdomains.preload(true)), []);
        assert_eq!(found(subdomains), [HstsShortfall::WithoutPreload]);
        assert_eq!(found(subdomains.max_age_secs(31_535_999))[0], HstsShortfall::BelowYear);
        assert_eq!(found(Hsts::builder()), [HstsShortfall::WithoutSubdomains, HstsShortfall::WithoutPreload]);
    }

    #[test]
    fn methods_other_than_get_and_head_are_never_redirected() {
        for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "CONNECT", "TRACE", "get", "head", "", "GET "] {
            assert_eq!(Asked::of(method, Endpoint::Browser, Credentials::Absent), Asked::Other, "{method:?}");
        }
        assert_eq!(Asked::of("HEAD", Endpoint::Browser, Credentials::Absent), Asked::Page);
    }
}
