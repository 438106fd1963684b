//! Processing only on documented instructions: a gate, not a note (`D-3.1.2a`, `D-3.1.2b`, `SCC-5a`).

use alloc::vec::Vec;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::super::{Evidence, When};
use crate::clause::{self, Clause};
use crate::id::OpaqueId;

/// A documented instruction of a customer group member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(clippy::exhaustive_structs, reason = "closed: what an instruction says, when and where it is documented")]
pub struct Instruction {
    /// Its id, which processing cites.
    pub id: OpaqueId,
    /// The group member that gave it.
    pub by: OpaqueId,
    /// What may be done: an opaque operation of the host, such as `send-campaign`.
    pub operation: OpaqueId,
    /// The first day on which it holds.
    pub from: NaiveDate,
    /// The last day; none until it is taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    /// Where it is documented.
    pub evidence: Evidence,
    /// When the provider told the customer that it infringes the law (`G-28.3x`); it then waits for
    /// the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub infringes_since: Option<NaiveDate>,
}

/// A law that requires processing without an instruction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(clippy::exhaustive_structs, reason = "closed: the conditions of section 3.1.2")]
pub struct LegalRequirement {
    /// The law.
    pub law: Evidence,
    /// When the group member was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub informed: Option<When>,
    /// The law that forbids telling it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub silence: Option<Evidence>,
}

/// What processing rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ProcessingBasis {
    /// A documented instruction, by its id.
    Instruction(OpaqueId),
    /// A law that requires it.
    Law(LegalRequirement),
    /// Nothing.
    None,
}

/// Processing that is about to happen.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "closed: who, what, when and why")]
pub struct Processing {
    /// The group member whose data it is.
    pub member: OpaqueId,
    /// What is to be done.
    pub operation: OpaqueId,
    /// When.
    pub when: When,
    /// On what basis.
    pub basis: ProcessingBasis,
}

/// Why processing is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum InstructionRefusal {
    /// It cites nothing.
    NoBasis,
    /// No such instruction is documented.
    UnknownInstruction,
    /// The instruction is of another group member.
    OfAnotherMember,
    /// The instruction is for something else.
    OtherOperation,
    /// The instruction does not hold on that day.
    NotInForce,
    /// The customer was told that it infringes the law.
    Infringing,
    /// The group member was not told of the law before, and no law forbids to tell it.
    NotInformedBefore,
}

impl InstructionRefusal {
    /// The clause.
    #[must_use]
    pub const fn clause(self) -> Clause {
        match self {
            Self::NotInformedBefore => clause::D_3_1_2B,
            Self::Infringing => clause::G_28_3X,
            _ => clause::D_3_1_2A,
        }
    }
}

/// Whether processing is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub enum InstructionOutcome {
    /// It is, on this basis; the clause is the one that allows it.
    Allowed {
        /// `D-3.1.2a` or `D-3.1.2b`.
        clause: Clause,
    },
    /// It is not, for every one of these reasons. Where the clauses apply and the instruction cannot
    /// be followed, the exporter must be told: [`Duty::NotifyInability`](crate::dpa::Duty::NotifyInability).
    Refused {
        /// Why.
        refusals: Vec<InstructionRefusal>,
    },
}

/// The documented instructions. Reading it back checks nothing more than its form, because an
/// instruction is judged on the day of the processing.
///
/// ```
/// use clausework::dpa::{Evidence, Instruction, InstructionOutcome, InstructionRefusal, InstructionRegister, Processing, ProcessingBasis};
/// use clausework::id::OpaqueId;
///
/// let id = |text: &str| OpaqueId::try_new(text);
/// let mut register = InstructionRegister::default();
/// register.add(Instruction {
///     id: id("i-1")?, by: id("acme")?, operation: id("send-campaign")?, from: "2026-01-01".parse()?, until: None,
///     evidence: Evidence::try_new("order form 12, section 3")?, infringes_since: None,
/// });
///
/// let mut processing = Processing {
///     member: id("acme")?, operation: id("send-campaign")?, when: "2026-06-15".parse()?,
///     basis: ProcessingBasis::Instruction(id("i-1")?),
/// };
/// assert!(matches!(register.decide(&processing), InstructionOutcome::Allowed { .. }));
/// processing.operation = id("profile")?;
/// assert_eq!(register.decide(&processing), InstructionOutcome::Refused { refusals: vec![InstructionRefusal::OtherOperation] });
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct InstructionRegister(Vec<Instruction>);

impl InstructionRegister {
    /// Documents an instruction. A later one of the same id takes the place of the earlier.
    pub fn add(&mut self, instruction: Instruction) {
        self.0.push(instruction);
    }

    /// The instructions, in the order in which they were documented.
    #[must_use]
    pub fn instructions(&self) -> &[Instruction] {
        &self.0
    }

    /// Whether the processing is allowed, and every reason if it is not.
    pub fn decide(&self, processing: &Processing) -> InstructionOutcome {
        let (clause, refusals) = match &processing.basis {
            ProcessingBasis::None => (clause::D_3_1_2A, alloc::vec![InstructionRefusal::NoBasis]),
            ProcessingBasis::Instruction(id) => {
                let found = self.0.iter().rev().find(|instruction| instruction.id == *id);
                let refusals = found.map_or_else(
                    || alloc::vec![InstructionRefusal::UnknownInstruction],
                    |instruction| refusals(instruction, processing),
                );
                (clause::D_3_1_2A, refusals)
            }
            ProcessingBasis::Law(requirement) => {
                let told = requirement.informed.is_some_and(|told| is_before(told, processing.when));
                let excused = requirement.silence.is_some();
                let refusals =
                    if told || excused { Vec::new() } else { alloc::vec![InstructionRefusal::NotInformedBefore] };
                (clause::D_3_1_2B, refusals)
            }
        };
        if refusals.is_empty() {
            InstructionOutcome::Allowed { clause }
        } else {
            InstructionOutcome::Refused { refusals }
        }
    }
}

/// Strictly before, as far as the two can be compared: on one day, only instants can tell.
fn is_before(told: When, when: When) -> bool {
    match (told, when) {
        (When::At(told), When::At(when)) => told < when,
        _ => told.day() < when.day(),
    }
}

fn refusals(instruction: &Instruction, processing: &Processing) -> Vec<InstructionRefusal> {
    let day = processing.when.day();
    let in_force = instruction.from <= day && instruction.until.is_none_or(|last| day <= last);
    let infringing = instruction.infringes_since.is_some_and(|since| since <= day);
    [
        (instruction.by == processing.member, InstructionRefusal::OfAnotherMember),
        (instruction.operation == processing.operation, InstructionRefusal::OtherOperation),
        (in_force, InstructionRefusal::NotInForce),
        (!infringing, InstructionRefusal::Infringing),
    ]
    .into_iter()
    .filter(|(met, _)| !met)
    .map(|(_, refusal)| refusal)
    .collect()
}
