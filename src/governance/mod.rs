//! The organisation's own duties, and the evidence of them: what an auditor asks for, and what is missing on a day.
//!
//! | you want | use |
//! |---|---|
//! | file evidence for a rule: a certificate, a restore test, a published guideline | [`Evidence`], [`file()`] |
//! | say what evidence you want, how often, and how early you are told | [`EvidencePolicy`], [`Demand`] |
//! | know what is missing, lapsed or due soon on a day | [`Register::on`], [`Register::findings`] |
//! | hand an auditor every measure with its evidence and its gaps | [`Register::report`], [`Report`] |
//! | keep the versions of a policy, where they are published, and the handbook | [`VersionsState`], [`adopt`], [`publish`], [`put_in_handbook`] |
//! | know who has not acknowledged the version in force | [`PersonState`], [`acknowledge`], [`unacknowledged`] |
//! | hold sessions in their turn, and know who missed one | [`Cadence`], [`ProgrammeState`], [`hold`], [`attend`] |
//! | know who is accountable for security on every day | [`RolesState`], [`assign`], [`end_role`] |
//! | appoint administrators, compare them with those who act, hand out the list | [`AdministratorsState`], [`appoint`], [`compare`], [`hand_out`] |
//! | erase what is on record of somebody who has left | [`erase_person`], [`erase_names`] |
//! | know whether a message may go to a person (`E-1.2`, `E-4.2`) | [`communication`] |
//! | follow a request to put something right (`E-1.3`) | [`rectification`] |
//! | disclose a customer's data to somebody who asks for it (`E-3.1`, `SCC-5d-i`) | [`disclosure`] |
//! | know that a transfer arrived whole (`A2-Trans-3`) | [`transfer`] |
//!
//! # Evidence is one kind of record
//!
//! What a rule asks for and no program does (a locked room, a provider's certificate, a programme that is kept up) is
//! shown by [`Evidence`]: one record for every rule, with days, a reference and a digest. A register has a type of its own
//! only where a decision reads more than that.
//!
//! No number is invented. "Regularly" and "promptly" have none in the documents (`X17`): the cadence and the lead time are
//! the host's, and an answer without a cadence says so. All dates are calendar days, as the host writes them where the
//! duty is performed; no time zone plays a part. Only the day on which an entry was filed comes from an instant, in UTC.
//!
//! Processing records (`AX1-1` to `AX1-5`, `A1-1` to `A1-6`) are kept by [`dpa::Annex`](crate::dpa::Annex). A risk
//! assessment (`D-5.2`) or an impact assessment (`D-9.1`) is evidence here like any other: file it, and demand its review.
//!
//! # Somebody who has left, and asks for erasure
//!
//! [`erase_person`] ends the record of his service, and [`erase_names`] takes his name out of the list of administrators,
//! neither before the records of what he did may go (`A2-Mon-2`). His opaque id stays where it says who answered for
//! something: who vouched for evidence, approved a version, had a role, was appointed, by whom and for what. Without that
//! there is no evidence; and it leads to a person only as long as the host knows whose id it was.
//!
//! # A yearly audit
//!
//! What would the auditor ask, and what is missing today? The certificate of the hosting provider lapsed for a week in
//! March, the last restore test failed, and somebody acts as an administrator whom nobody has appointed.
//!
//! ```
//! use std::collections::BTreeSet;
//! use chrono::NaiveDate;
//! use clausework::clause::{self, Clause};
//! use clausework::deadline::Period;
//! use clausework::governance::{
//!     AdministratorsState, Days, Demand, Detail, Evidence, EvidencePolicy, EvidenceState, Part, Register, compare, file,
//! };
//! use clausework::event::{Actor, Provenance};
//! use clausework::id::{OpaqueId, Reference};
//! use clausework::store::{Change, MemoryStore, Rows, update};
//! use clausework::{Now, Scope};
//!
//! let id = |text: &str| OpaqueId::try_new(text);
//! let day = |text: &str| text.parse::<NaiveDate>();
//! let policy = EvidencePolicy::builder()
//!     .lead_days(30)
//!     .demand(Demand::new(clause::E_6H_2, id("iso-27001")?).since(day("2026-01-01")?))
//!     .demand(Demand::new(clause::A2_AVAIL_2, id("db-main")?).every(Period::Months(3)))
//!     .build()?;
//!
//! // Through the year, evidence is filed.
//! let store = MemoryStore::new();
//! let by = Provenance::internal(Actor::Staff(id("s-2")?));
//! let now = Now::from("2026-07-01T09:00:00Z".parse::<chrono::DateTime<chrono::Utc>>()?);
//! let put = |clause: Clause, evidence: Evidence| {
//!     let key = EvidenceState::key(Scope::Operator, clause, 0);
//!     update(&store, [&key], |rows| {
//!         let mut change = Change::new(rows, now, &by);
//!         let outcome = change.apply(&key, file(rows.read(&key)?, now, clause, evidence.clone()))?;
//!         Ok(change.finish(outcome))
//!     })
//! };
//! for (number, first, last) in [("c-6", "2025-03-03", "2026-03-02"), ("c-7", "2026-03-10", "2027-03-09")] {
//!     let days = Days::try_new(day(first)?, day(last)?)?;
//!     let certificate = Evidence::new(id(number)?, id("iso-27001")?, id("s-2")?, days, Reference::try_new("IS 612345")?);
//!     put(clause::E_6H_2, certificate.with_detail(Detail::Certificate { provider: id("azure")? }))?;
//! }
//! for (number, first, worked) in [("t-1", "2026-05-04", true), ("t-2", "2026-06-15", false)] {
//!     let sites = Detail::Sites { production: id("dublin")?, copy: id("amsterdam")? };
//!     let test = Evidence::new(id(number)?, id("db-main")?, id("s-9")?, Days::since(day(first)?)?, Reference::try_new("restore log")?);
//!     put(clause::A2_AVAIL_2, test.with_detail(sites).showing(worked.then_some(Part::Restored)))?;
//! }
//!
//! // The auditor comes.
//! let keys = [clause::E_6H_2, clause::A2_AVAIL_2].map(|clause| EvidenceState::key(Scope::Operator, clause, 0));
//! let rows = Rows::load(&store, &keys)?;
//! let files = keys.iter().filter_map(|key| rows.read(key).transpose()).collect::<Result<Vec<EvidenceState>, _>>()?;
//! let register = Register::new(&policy, &files);
//! let half = Days::try_new(day("2026-01-01")?, day("2026-07-01")?)?;
//!
//! let gaps = register.report(half).findings();
//! let gaps: Vec<String> = gaps.iter().filter(|gap| gap.about().is_some()).map(ToString::to_string).collect();
//! assert_eq!(gaps, [
//!     "A2-Avail-2, db-main: no evidence from 2026-01-01 to 2026-05-03",
//!     "A2-Avail-2, db-main: no valid evidence from 2026-06-15 to 2026-07-01",
//!     "E-6H.2, iso-27001: no valid evidence from 2026-03-03 to 2026-03-09",
//! ]);
//! let restores = register.on(clause::A2_AVAIL_2, &id("db-main")?, day("2026-07-01")?);
//! assert_eq!(restores.shortfalls()[0].to_string(), "not shown: a restore that worked");
//!
//! let acting = BTreeSet::from([id("s-17")?]);
//! let found = compare([&AdministratorsState::default()], &acting, day("2026-07-01")?);
//! assert_eq!(found[0].to_string(), "A2-Mon-1, s-17: administrator without an appointment on 2026-07-01");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod administrators;
pub mod codes;
pub mod communication;
mod days;
pub mod disclosure;
mod erasure;
mod evidence;
mod finding;
mod outcome;
mod personnel;
pub mod rectification;
mod roles;
mod standing;
#[cfg(test)]
mod tests;
mod training;
pub mod transfer;
mod versions;

pub use self::administrators::{
    AdministratorsState, Appointment, HandOut, Identification, ListRequest, appoint, compare, end_appointment,
    erase_names, hand_out, owed, request_list,
};
pub use self::codes::CODES;
pub use self::days::{Days, DaysError};
pub use self::evidence::{
    Answer, Demand, Detail, Evidence, EvidencePolicy, EvidencePolicyBuilder, EvidencePolicyError, EvidenceState, Filed,
    Line, MEASURES, Part, Region, Register, Report, Shortfall, file,
};
pub use self::finding::{Finding, FindingKind};
pub use self::outcome::{RecordOutcome, Refusal};
pub use self::personnel::{
    Acknowledgement, Attendance, PersonState, acknowledge, attend, erase_person, join, leave, unacknowledged,
};
pub use self::roles::{Assignment, Role, RolesState, assign, end_role};
pub use self::standing::Standing;
pub use self::training::{Cadence, CadenceError, ProgrammeState, Session, hold};
pub use self::versions::{HandbookLink, PolicyVersion, Publication, VersionsState, adopt, publish, put_in_handbook};
