use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use super::head::decimal;
use super::{CheckpointError, CheckpointVerifier, Note, Origin, VerifierKey};

const HEADER: &str = "clausework/key-change/1";

/// A change of the keys that sign a log's checkpoints: to be a record in the log itself, so that old checkpoints stay
/// verifiable and nobody can slip in a key.
///
/// It is a signed note, signed by both keys: by the one that goes, so that only its holder can name a successor, and by
/// the one that comes, so that nobody can claim another's key. A host whose key is lost or stolen has nobody to sign:
/// it begins a new [history](KeyHistory), and says so where its trust is anchored.
///
/// ```
/// # #[cfg(feature = "ed25519")] {
/// use clausework::audit::checkpoint::{Ed25519Signer, Ed25519Verifier, KeyChange, KeyHistory, Note, Origin};
///
/// let origin = Origin::try_new("audit.example.com/acme")?;
/// let (old, new) = (Ed25519Signer::from_seed(origin.key_name()?, &[1; 32]), Ed25519Signer::from_seed(origin.key_name()?, &[2; 32]));
/// let change = KeyChange::new(origin.clone(), 1000, Some(old.verifier_key()), Some(new.verifier_key()))?;
/// let note = change.to_note()?.sign(&old)?.sign(&new)?; // its text is what the record carries
///
/// let mut history = KeyHistory::new(origin, old.verifier_key());
/// history.apply(&Note::parse(&note.to_string())?, |key| Ed25519Verifier::boxed(key))?;
/// assert_eq!(history.valid_at(999).count(), 1);
/// assert_eq!(history.valid_at(1001).next(), Some(&new.verifier_key()));
/// let alone = change.to_note()?.sign(&new)?;
/// assert!(history.apply(&alone, |key| Ed25519Verifier::boxed(key)).is_err());
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyChange {
    origin: Origin,
    at: u64,
    retires: Option<VerifierKey>,
    introduces: Option<VerifierKey>,
}

impl KeyChange {
    /// A change from this size on: checkpoints up to it are signed by the key that goes, those from it on by the one
    /// that comes (and the one at exactly this size by either or both).
    ///
    /// # Errors
    /// [`CheckpointError::Change`] when there is neither key, or both are the same.
    pub fn new(
        origin: Origin,
        at: u64,
        retires: Option<VerifierKey>,
        introduces: Option<VerifierKey>,
    ) -> Result<Self, CheckpointError> {
        if retires == introduces {
            return Err(CheckpointError::Change { what: "nothing changes" });
        }
        Ok(Self { origin, at, retires, introduces })
    }

    /// Which log.
    #[must_use]
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// From which size on.
    #[must_use]
    pub const fn at(&self) -> u64 {
        self.at
    }

    /// The key that goes.
    #[must_use]
    pub const fn retires(&self) -> Option<&VerifierKey> {
        self.retires.as_ref()
    }

    /// The key that comes.
    #[must_use]
    pub const fn introduces(&self) -> Option<&VerifierKey> {
        self.introduces.as_ref()
    }

    /// The note that both keys sign.
    ///
    /// # Errors
    /// None that occurs: the text is short.
    pub fn to_note(&self) -> Result<Note, CheckpointError> {
        Note::unsigned(alloc::format!("{self}"))
    }
}

/// The text that is signed.
impl fmt::Display for KeyChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{HEADER}\n{}\n{}\n", self.origin.as_str(), self.at)?;
        for (word, key) in [("retires", &self.retires), ("introduces", &self.introduces)] {
            match key {
                Some(key) => writeln!(f, "{word} {key}")?,
                None => writeln!(f, "{word} none")?,
            }
        }
        Ok(())
    }
}

/// Reads exactly what `Display` writes. Nothing is verified by it.
impl FromStr for KeyChange {
    type Err = CheckpointError;

    fn from_str(text: &str) -> Result<Self, CheckpointError> {
        let wrong = |line, what| CheckpointError::Line { line, what };
        let lines: Vec<&str> = text.splitn(6, '\n').collect();
        let [HEADER, origin, at, retires, introduces, ""] = lines[..] else {
            return Err(wrong(1, "clausework/key-change/1 and four lines"));
        };
        let key = |line: &str, word, number| match line.strip_prefix(word) {
            Some("none") => Ok(None),
            Some(key) => key.parse().map(Some),
            None => Err(wrong(number, word)),
        };
        let at = decimal(at).ok_or(wrong(3, "the size, without leading zero"))?;
        Self::new(Origin::try_new(origin)?, at, key(retires, "retires ", 4)?, key(introduces, "introduces ", 5)?)
    }
}

/// A key, and the sizes of the checkpoints that it signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPeriod {
    key: VerifierKey,
    from: u64,
    until: Option<u64>,
}

impl KeyPeriod {
    /// The key.
    #[must_use]
    pub const fn key(&self) -> &VerifierKey {
        &self.key
    }

    /// The smallest size.
    #[must_use]
    pub const fn from(&self) -> u64 {
        self.from
    }

    /// The largest size; `None` while the key is in use.
    #[must_use]
    pub const fn until(&self) -> Option<u64> {
        self.until
    }
}

/// The keys of a log over its life, from one that is trusted from outside and the [changes](KeyChange) in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyHistory {
    origin: Origin,
    periods: Vec<KeyPeriod>,
}

impl KeyHistory {
    /// The most keys of a log: a change a week for 20 years.
    pub const MAX_KEYS: usize = 1024;

    /// Begins with the key that is trusted from outside.
    #[must_use]
    pub fn new(origin: Origin, first: VerifierKey) -> Self {
        Self { origin, periods: Vec::from([KeyPeriod { key: first, from: 0, until: None }]) }
    }

    /// Takes over a change that was found in the log, if it follows from what is known: of this log, not before an
    /// earlier change, retiring a key in use, introducing a new one, and signed by each of them.
    ///
    /// # Errors
    /// [`CheckpointError`]; the history stays as it was.
    pub fn apply(
        &mut self,
        change: &Note,
        verifier: impl Fn(&VerifierKey) -> Option<Box<dyn CheckpointVerifier>>,
    ) -> Result<(), CheckpointError> {
        let not = |what| Err(CheckpointError::Change { what });
        let KeyChange { origin, at, retires, introduces } = change.text().parse()?;
        if origin != self.origin {
            return Err(CheckpointError::Origin);
        }
        if self.periods.iter().any(|period| period.from > at || period.until.is_some_and(|until| until > at)) {
            return not("it comes before an earlier change");
        }
        let mut periods = self.periods.clone();
        if let Some(key) = &retires {
            let Some(period) = periods.iter_mut().find(|period| period.key == *key && period.until.is_none()) else {
                return not("the key that goes is not in use");
            };
            period.until = Some(at);
        }
        if let Some(key) = introduces.clone() {
            let same = |known: &VerifierKey| known.name() == key.name() && known.id() == key.id();
            if periods.iter().any(|period| same(&period.key)) || periods.len() >= Self::MAX_KEYS {
                return not("the key that comes is known already");
            }
            periods.push(KeyPeriod { key, from: at, until: None });
        }
        for key in retires.iter().chain(&introduces) {
            let verifier = verifier(key).ok_or(CheckpointError::NoKnownKey)?;
            let _ = change.verify(&[&*verifier])?;
        }
        // A key that is added beside those in use is vouched for by one of them.
        if retires.is_none() {
            let vouches = |key: &VerifierKey| verifier(key).is_some_and(|key| change.verify(&[&*key]).is_ok());
            if !self.valid_at(at).any(vouches) {
                return not("no key in use has signed it");
            }
        }
        self.periods = periods;
        Ok(())
    }

    /// Every key with its sizes, in the order they came.
    #[must_use]
    pub fn periods(&self) -> &[KeyPeriod] {
        &self.periods
    }

    /// The keys that may sign a checkpoint of this size.
    pub fn valid_at(&self, size: u64) -> impl Iterator<Item = &VerifierKey> {
        let valid = move |period: &&KeyPeriod| period.from <= size && period.until.is_none_or(|until| size <= until);
        self.periods.iter().filter(valid).map(|period| &period.key)
    }
}
