//! What must be so before something may be done. Every refusal is named, not only the first.

mod audit;
mod hold;
mod instruction;
mod precedence;
mod staff;
mod subprocessor;
mod transfer;

pub use self::audit::report_fails;
pub use self::hold::{HeldUse, held_use_refusal};
pub use self::instruction::{
    Instruction, InstructionOutcome, InstructionRefusal, InstructionRegister, LegalRequirement, Processing,
    ProcessingBasis,
};
pub use self::precedence::{DocumentRank, prevailing};
pub use self::staff::{AccessRefusal, DataAccess, access_refusals};
pub(super) use self::subprocessor::SubprocessorFile;
pub use self::subprocessor::{Appointee, SubprocessorRefusal};
pub use self::transfer::{
    Adequacy, Country, Derogation, Route, SccInForce, SccMissing, TransferCheck, TransferOutcome, TransferReason,
    determine_transfer, scc_in_force,
};
