//! Where every number comes from: citations of the two source documents.
//!
//! | you want | use |
//! |---|---|
//! | cite the rule behind a decision | the constants, such as [`E_6P_3`] |
//! | find a clause by its stable id | [`Clause::find`] |
//! | list every clause the crate knows | [`Clause::all`] |
//! | what the documents contradict or leave open | [`contradictions`], and the constants from [`X1`] to [`X18`] |
//!
//! Ids are stable: they are never renumbered, only added.
//!
//! ```
//! use clausework::clause::{self, Clause};
//!
//! let lockout = clause::E_6P_3;
//! assert_eq!(lockout.id(), "E-6P.3");
//! assert_eq!(lockout.to_string(), "E-6P.3 (ENGAGE Privacy & Security Policy, 1 January 2015, section 6 (Password policy) bullet 2)");
//! assert_eq!(Clause::find("E-6P.3"), Some(lockout));
//! assert_eq!(Clause::find("E-99"), None);
//! ```

mod appendix2;
mod contradiction;
mod dpa;
mod engage;
mod law;
mod scc;
#[cfg(test)]
mod tests;

use core::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

pub use self::appendix2::*;
pub use self::contradiction::*;
pub use self::dpa::*;
pub use self::engage::*;
pub use self::law::*;
pub use self::scc::*;

/// A document that a [`Clause`] belongs to, with its edition.
///
/// ```
/// use clausework::clause::{self, Document};
///
/// assert_eq!(clause::D_10_1B.document(), Document::Dpa);
/// assert_eq!(Document::Engage.edition(), Some("1 January 2015"));
/// assert_eq!(Document::Dpa.edition(), None); // the agreement carries no date
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Document {
    /// The ENGAGE Privacy & Security Policy.
    Engage,
    /// The CleverTap Data Processing Addendum, main text and Annex 1.
    Dpa,
    /// Annex 2 of the addendum: the Standard Contractual Clauses, with Appendix 1.
    Scc,
    /// Appendix 2 of the Standard Contractual Clauses: security measures.
    Appendix2,
    /// Law that the two documents refer to.
    Law,
}

impl Document {
    /// The document's title.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Engage => "ENGAGE Privacy & Security Policy",
            Self::Dpa => "CleverTap Data Processing Addendum",
            Self::Scc => "Standard Contractual Clauses (processors), Annex 2 of the CleverTap Data Processing Addendum",
            Self::Appendix2 => "Appendix 2 to the Standard Contractual Clauses",
            Self::Law => "law referred to",
        }
    }

    /// The edition. The addendum carries no date (see [`X11`]); the Standard Contractual Clauses do not name
    /// theirs, their wording is that of the decision given here.
    #[must_use]
    pub const fn edition(self) -> Option<&'static str> {
        match self {
            Self::Engage => Some("1 January 2015"),
            Self::Scc => Some("Decision 2010/87/EU"),
            Self::Dpa | Self::Appendix2 | Self::Law => None,
        }
    }
}

/// One rule of a source document: document, edition, section and a stable id.
///
/// Cheap to copy; two clauses are equal when their ids are.
///
/// ```
/// use clausework::clause;
///
/// let month = clause::D_10_1B;
/// assert_eq!((month.id(), month.section(), month.name()), ("D-10.1b", "10.1", "one month from Cessation Date"));
/// assert_ne!(month, clause::D_10_2A);
/// ```
#[derive(Clone, Copy)]
pub struct Clause(&'static Entry);

#[derive(Debug)]
struct Entry {
    id: &'static str,
    document: Document,
    section: &'static str,
    name: &'static str,
}

impl Clause {
    /// The stable id, such as `E-6P.3` or `D-10.1b`.
    #[must_use]
    pub const fn id(self) -> &'static str {
        self.0.id
    }

    /// The document the rule stands in.
    #[must_use]
    pub const fn document(self) -> Document {
        self.0.document
    }

    /// The section, as the document counts it; where it counts nothing, the heading.
    ///
    /// A bare number is a section. The addendum's numbers are not printed: they follow from its cross references.
    ///
    /// ```
    /// use clausework::clause;
    ///
    /// assert_eq!(clause::D_10_1B.section(), "10.1");
    /// assert_eq!(clause::SCC_5A.section(), "clause 5(a)");
    /// assert_eq!(clause::A2_ACCESS_4.section(), "heading \"Access Control to Data Processing Systems\", item 4");
    /// ```
    #[must_use]
    pub const fn section(self) -> &'static str {
        self.0.section
    }

    /// A short name in our own words. It is a label, not the legal text.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.0.name
    }

    /// Every clause, document by document.
    ///
    /// ```
    /// use clausework::clause::{Clause, Document};
    ///
    /// assert_eq!(Clause::all().filter(|c| c.document() == Document::Engage).count(), 49);
    /// ```
    pub fn all() -> impl Iterator<Item = Self> {
        [ENGAGE, DPA, SCC, APPENDIX_2, LAW].into_iter().flatten().copied()
    }

    /// The clause with this id, spelled exactly.
    #[must_use]
    pub fn find(id: &str) -> Option<Self> {
        Self::all().find(|clause| clause.id() == id)
    }
}

impl PartialEq for Clause {
    fn eq(&self, other: &Self) -> bool {
        self.id() == other.id()
    }
}

impl Eq for Clause {}

impl fmt::Debug for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clause({})", self.id())
    }
}

/// Id, document, edition and section on one line.
impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (", self.id())?;
        if self.document() != Document::Law {
            write!(f, "{}, ", self.document().title())?;
            if let Some(edition) = self.document().edition() {
                write!(f, "{edition}, ")?;
            }
        }
        if self.section().starts_with(|first: char| first.is_ascii_digit()) {
            f.write_str("section ")?;
        }
        write!(f, "{})", self.section())
    }
}

/// Serialises as the id.
impl Serialize for Clause {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

/// Reads an id this version of the crate knows; any other is an error.
impl<'de> Deserialize<'de> for Clause {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Clause;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a clause id")
            }

            fn visit_str<E: de::Error>(self, id: &str) -> Result<Clause, E> {
                Clause::find(id).ok_or_else(|| E::custom("unknown clause id"))
            }
        }
        deserializer.deserialize_str(Visitor)
    }
}
