//! What the two documents contradict or leave open, as data: the crate reports it and never papers over it.

use core::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::*;

/// A place where the documents contradict each other, or give no answer at all.
///
/// Cheap to copy; two are equal when their ids are. Ids are stable, like those of a [`Clause`].
///
/// ```
/// use clausework::clause::{self, Contradiction};
///
/// let exit = clause::X1;
/// assert_eq!(exit.clauses()[..2], [clause::D_10_1B, clause::D_10_2A]);
/// assert!(exit.to_string().starts_with("X1 (D-10.1b against D-10.2a, "));
/// assert!(exit.handling().contains("Both dates"));
///
/// assert_eq!(Contradiction::find("X1"), Some(exit));
/// assert_eq!(Contradiction::find("X19"), None); // there are eighteen
/// ```
#[derive(Clone, Copy)]
pub struct Contradiction(&'static Entry);

#[derive(Debug)]
struct Entry {
    id: &'static str,
    clauses: &'static [Clause],
    /// How many of the clauses stand on the one side, against the rest; 0 for a gap, which has no sides.
    one_side: usize,
    problem: &'static str,
    handling: &'static str,
}

impl Contradiction {
    /// The stable id, such as `X1`.
    #[must_use]
    pub const fn id(self) -> &'static str {
        self.0.id
    }

    /// The clauses concerned: the one side, then the other; for a gap, those it is found in. Never empty.
    #[must_use]
    pub const fn clauses(self) -> &'static [Clause] {
        self.0.clauses
    }

    /// What is wrong, in our own words.
    #[must_use]
    pub const fn problem(self) -> &'static str {
        self.0.problem
    }

    /// What an honest implementation does about it, in our own words.
    #[must_use]
    pub const fn handling(self) -> &'static str {
        self.0.handling
    }

    /// The contradiction with this id, spelled exactly.
    ///
    /// ```
    /// use clausework::clause::{self, Contradiction};
    ///
    /// assert_eq!(Contradiction::find("X7"), Some(clause::X7));
    /// assert_eq!(Contradiction::find("x7"), None);
    /// ```
    #[must_use]
    pub fn find(id: &str) -> Option<Self> {
        contradictions().iter().copied().find(|entry| entry.id() == id)
    }
}

/// Every contradiction and gap known, from `X1` on.
///
/// ```
/// use clausework::clause::{self, contradictions};
///
/// // Which of them touch the certificate of deletion?
/// let about: Vec<_> = contradictions().iter().filter(|x| x.clauses().contains(&clause::D_10_4)).collect();
/// assert_eq!(about, [&clause::X2, &clause::X6]);
/// // The lock-out of the policy is clear: three attempts, fifteen minutes.
/// assert!(!contradictions().iter().any(|x| x.clauses().contains(&clause::E_6P_3)));
/// ```
#[must_use]
pub const fn contradictions() -> &'static [Contradiction] {
    CONTRADICTIONS
}

impl PartialEq for Contradiction {
    fn eq(&self, other: &Self) -> bool {
        self.id() == other.id()
    }
}

impl Eq for Contradiction {}

impl fmt::Debug for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Contradiction({})", self.id())
    }
}

/// Id, clauses and problem on one line.
impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (", self.id())?;
        for (position, clause) in self.clauses().iter().enumerate() {
            let separator = match position {
                0 => "",
                _ if position == self.0.one_side => " against ",
                _ => ", ",
            };
            write!(f, "{separator}{}", clause.id())?;
        }
        write!(f, "): {}", self.problem())
    }
}

/// Serialises as the id.
impl Serialize for Contradiction {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

/// Reads an id this version of the crate knows; any other is an error.
impl<'de> Deserialize<'de> for Contradiction {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Contradiction;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a contradiction id")
            }

            fn visit_str<E: de::Error>(self, id: &str) -> Result<Contradiction, E> {
                Contradiction::find(id).ok_or_else(|| E::custom("unknown contradiction id"))
            }
        }
        deserializer.deserialize_str(Visitor)
    }
}

/// `X1`: return may be asked for long after the data had to be deleted.
pub const X1: Contradiction = Contradiction(&Entry {
    id: "X1",
    clauses: &[D_10_1B, D_10_2A, D_10_2D, SCC_12_1A, G_28_3G],
    one_side: 1,
    problem: "The customer may ask for its data back until day 90 after the Cessation Date, yet both the deletion and \
              the answer to such a request are due one month after that same date. A request made after that month \
              is late on arrival, and whoever deletes on time destroys what may still be asked for.",
    handling: "Both dates and the days between them are reported, never merged into one. Which limit a late request \
               gets is a policy that the host must choose, and the date of the literal text is kept beside it.",
});

/// `X2`: a certificate of full deletion may fall due before the deletion.
pub const X2: Contradiction = Contradiction(&Entry {
    id: "X2",
    clauses: &[D_10_4, D_10_1B],
    one_side: 1,
    problem: "The certificate is due thirty days after it is requested, the deletion one month after the Cessation \
              Date. Requested on or before that date, the certificate of full compliance can be due while data may \
              still lawfully be there.",
    handling: "The overlap is reported with both dates. An interim certificate may go out on time if it lists what \
               is not yet deleted and why.",
});

/// `X3`: general authorisation or written consent for a new Subprocessor.
pub const X3: Contradiction = Contradiction(&Entry {
    id: "X3",
    clauses: &[D_6_1, D_6_3B, SCC_5H, SCC_11_1, D_13_2B],
    one_side: 2,
    problem: "The addendum authorises Subprocessors in general and leaves the customer two weeks to object; the \
              Standard Contractual Clauses demand its written consent beforehand, and they prevail.",
    handling: "The consent model is chosen for each transfer. A Restricted Transfer takes written consent unless the \
               host expressly decides otherwise.",
});

/// `X4`: audit by report or on the premises.
pub const X4: Contradiction = Contradiction(&Entry {
    id: "X4",
    clauses: &[D_11_2A, D_11_2B, SCC_5F, SCC_12_2, D_13_2B],
    one_side: 2,
    problem: "Under the addendum the customer audits by reading an external auditor's report; under the Standard \
              Contractual Clauses, which prevail, the processing facilities themselves are open to an audit.",
    handling: "Both ways of auditing are modelled. A report does not close a request for an audit of the facilities \
               that the prevailing clauses allow.",
});

/// `X5`: variation of clauses that must not be varied.
pub const X5: Contradiction = Contradiction(&Entry {
    id: "X5",
    clauses: &[D_13_4_1, SCC_10],
    one_side: 1,
    problem: "The addendum lets the customer vary the Standard Contractual Clauses by notice; those clauses forbid \
              any variation of themselves.",
    handling: "Only a replacement that a change of law or an authority's decision requires, or an addition that does \
               not contradict the clauses, is let through, and it is flagged.",
});

/// `X6`: certificate on request or always.
pub const X6: Contradiction = Contradiction(&Entry {
    id: "X6",
    clauses: &[D_10_4, SCC_12_1A],
    one_side: 1,
    problem: "The addendum owes a certificate of deletion only when the customer asks; the Standard Contractual \
              Clauses require one after every destruction.",
    handling: "For data under a Restricted Transfer the certificate is owed without being asked for; elsewhere on \
               request.",
});

/// `X7`: no outcome for silence or for an objection that stands.
pub const X7: Contradiction = Contradiction(&Entry {
    id: "X7",
    clauses: &[D_6_3B, D_6_3C, D_6_3D, D_6_3E],
    one_side: 0,
    problem: "The text does not say what follows when the customer stays silent for two weeks, nor when no change \
              resolves its objection, nor whether the provider must wait in the meantime.",
    handling: "Silence is recorded as no objection, never as consent. By default the Subprocessor waits until the \
               window has ended; any other answer is an explicit policy of the host.",
});

/// `X8`: the rule against replying to a Data Subject disappears in 2018.
pub const X8: Contradiction = Contradiction(&Entry {
    id: "X8",
    clauses: &[D_7_1A, D_7_1B, D_7_2A, SCC_5D_III],
    one_side: 2,
    problem: "From 25 May 2018 a new wording replaces the first one on Data Subject Requests and drops its ban on \
              replying without consent. The ban survives only in the Standard Contractual Clauses.",
    handling: "The version of the rule follows from the date. Where the Standard Contractual Clauses apply, the ban \
               on replying stays in force.",
});

/// `X9`: a Subprocessor's knowledge starts the provider's clock.
pub const X9: Contradiction = Contradiction(&Entry {
    id: "X9",
    clauses: &[D_8_1A, D_8_1B],
    one_side: 0,
    problem: "The duty to notify a breach begins when a Subprocessor becomes aware of it, which can be before the \
              provider, who owes the notice, has heard anything.",
    handling: "Both instants are recorded, and the time taken is counted from the earlier.",
});

/// `X10`: transfer instruments that are no longer valid.
pub const X10: Contradiction = Contradiction(&Entry {
    id: "X10",
    clauses: &[D_1_13, D_1_15, SCC_1, G_PS, G_SCC],
    one_side: 3,
    problem: "The text relies on the Privacy Shield, invalid since 16 July 2020, and on Standard Contractual Clauses \
              made under Directive 95/46/EC, which support no transfer after 27 December 2022.",
    handling: "Each instrument carries the dates between which it is valid. A transfer that rests on an expired one \
               is reported.",
});

/// `X11`: a rule that depends on a date the text does not have.
pub const X11: Contradiction = Contradiction(&Entry {
    id: "X11",
    clauses: &[D_0_3, D_6_2],
    one_side: 0,
    problem: "Which Subprocessors count as already engaged depends on the date of the addendum, and the text bears \
              no date.",
    handling: "The date of acceptance is a required input, never assumed.",
});

/// `X12`: access that one rule grants and another rules out.
pub const X12: Contradiction = Contradiction(&Entry {
    id: "X12",
    clauses: &[E_3_2, E_6H_7A, E_6H_7B, E_6H_7C, E_5_6A, E_6H_8A],
    one_side: 4,
    problem: "Staff may reach customer accounts for maintenance, and developers the database for releases; yet \
              support may see customer data only through login data the customer gave, and no staff may reach the \
              production servers, even indirectly.",
    handling: "Each rule is evaluated by itself and a refusal names every rule that failed. The tension is reported, \
               not resolved by letting one rule win quietly.",
});

/// `X13`: two sections with the same number.
pub const X13: Contradiction = Contradiction(&Entry {
    id: "X13",
    // The first rule of each of the two sections.
    clauses: &[E_6H_1, E_6P_1],
    one_side: 0,
    problem: "The policy has two sections numbered 6, one on hosting and one on passwords, so that a citation of \
              section 6 is ambiguous.",
    handling: "Their ids begin with E-6H and E-6P, and every citation names the section's heading.",
});

/// `X14`: one party keeps a list of what the other concludes.
pub const X14: Contradiction = Contradiction(&Entry {
    id: "X14",
    clauses: &[SCC_5J, SCC_11_4],
    one_side: 0,
    problem: "The exporter must keep the list of subprocessing agreements, but only the importer knows of them, and \
              the list is right only as far as the copies arrive.",
    handling: "The register has two sides: what the importer has sent and what the exporter has listed. A difference \
               is shown.",
});

/// `X15`: several Services, several Cessation Dates.
pub const X15: Contradiction = Contradiction(&Entry {
    id: "X15",
    clauses: &[D_1_14, D_10_1D],
    one_side: 0,
    problem: "The Cessation Date is the end of any Service that involves processing, so that Services ending one by \
              one give several dates, and the text does not say which governs data they share.",
    handling: "Every Service has a Cessation Date of its own. One date for the whole is a policy of the host.",
});

/// `X16`: a request for return before the window opens.
pub const X16: Contradiction = Contradiction(&Entry {
    id: "X16",
    clauses: &[D_10_2A],
    one_side: 0,
    problem: "A window of ninety days around the Cessation Date has an end but no stated beginning, so that a request \
              made before that date may or may not count.",
    handling: "An early request is accepted.",
});

/// `X17`: duties in time without a number.
pub const X17: Contradiction = Contradiction(&Entry {
    id: "X17",
    clauses: &[
        E_2_3,
        D_6_2,
        D_7_1A,
        D_7_2A,
        D_8_1A,
        D_10_1A,
        D_13_5_1,
        D_13_6,
        SCC_4F,
        SCC_5A,
        SCC_5B,
        SCC_5D_I,
        SCC_5D_II,
        SCC_5D_III,
        SCC_5E,
        SCC_5J,
        SCC_8_3,
        A2_ACCESS_3,
        A2_ACCESS_4,
        A2_INPUT_6,
        A2_MON_4,
    ],
    one_side: 0,
    problem: "These rules say promptly, regularly, without undue delay, several times or after a substantial period, \
              and give no number.",
    handling: "No number is ever supplied by default. The host may set a service target, which is marked as its own \
               and not as part of the contract.",
});

/// `X18`: an encryption standard that does not exist.
pub const X18: Contradiction = Contradiction(&Entry {
    id: "X18",
    clauses: &[A2_ACCESS_1],
    one_side: 0,
    problem: "Data in motion is to be protected by an encryption called TES, which is not a known standard.",
    handling: "It is read as a slip for TLS, and the reading is flagged.",
});

const CONTRADICTIONS: &[Contradiction] =
    &[X1, X2, X3, X4, X5, X6, X7, X8, X9, X10, X11, X12, X13, X14, X15, X16, X17, X18];
