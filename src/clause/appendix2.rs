//! Appendix 2 of the Standard Contractual Clauses: the security measures.

use super::{Clause, Document, Entry};

/// `A2-A`, A: security programme.
pub const A2_A: Clause =
    Clause(&Entry { id: "A2-A", document: Document::Appendix2, section: "A", name: "security programme" });
/// `A2-Area-1`, Areas: premises via cloud provider.
pub const A2_AREA_1: Clause = Clause(&Entry {
    id: "A2-Area-1",
    document: Document::Appendix2,
    section: "Areas",
    name: "premises via cloud provider",
});
/// `A2-Access-1`, Systems 1: encryption in transit and at rest.
pub const A2_ACCESS_1: Clause = Clause(&Entry {
    id: "A2-Access-1",
    document: Document::Appendix2,
    section: "Systems 1",
    name: "encryption in transit and at rest",
});
/// `A2-Access-2`, Systems 2: terminal / user identification.
pub const A2_ACCESS_2: Clause = Clause(&Entry {
    id: "A2-Access-2",
    document: Document::Appendix2,
    section: "Systems 2",
    name: "terminal / user identification",
});
/// `A2-Access-3`, Systems 3: idle lock, re-authentication.
pub const A2_ACCESS_3: Clause = Clause(&Entry {
    id: "A2-Access-3",
    document: Document::Appendix2,
    section: "Systems 3",
    name: "idle lock, re-authentication",
});
/// `A2-Access-4`, Systems 4: lock-out after several wrong passwords, event log, break-in alerts.
pub const A2_ACCESS_4: Clause = Clause(&Entry {
    id: "A2-Access-4",
    document: Document::Appendix2,
    section: "Systems 4",
    name: "lock-out after several wrong passwords, event log, break-in alerts",
});
/// `A2-Access-5`, Systems 5: all access logged, monitored, tracked.
pub const A2_ACCESS_5: Clause = Clause(&Entry {
    id: "A2-Access-5",
    document: Document::Appendix2,
    section: "Systems 5",
    name: "all access logged, monitored, tracked",
});
/// `A2-Use-1`, Use 1: staff policies and training on access rights.
pub const A2_USE_1: Clause = Clause(&Entry {
    id: "A2-Use-1",
    document: Document::Appendix2,
    section: "Use 1",
    name: "staff policies and training on access rights",
});
/// `A2-Use-2`, Use 2: individual terminals/users, function-bound ids.
pub const A2_USE_2: Clause = Clause(&Entry {
    id: "A2-Use-2",
    document: Document::Appendix2,
    section: "Use 2",
    name: "individual terminals/users, function-bound ids",
});
/// `A2-Use-3`, Use 3: monitor those who delete, add, modify.
pub const A2_USE_3: Clause = Clause(&Entry {
    id: "A2-Use-3",
    document: Document::Appendix2,
    section: "Use 3",
    name: "monitor those who delete, add, modify",
});
/// `A2-Use-4`, Use 4: release only to authorised; differentiated roles.
pub const A2_USE_4: Clause = Clause(&Entry {
    id: "A2-Use-4",
    document: Document::Appendix2,
    section: "Use 4",
    name: "release only to authorised; differentiated roles",
});
/// `A2-Use-5`, Use 5: adequate encryption.
pub const A2_USE_5: Clause =
    Clause(&Entry { id: "A2-Use-5", document: Document::Appendix2, section: "Use 5", name: "adequate encryption" });
/// `A2-Use-6`, Use 6: file control; controlled, documented destruction.
pub const A2_USE_6: Clause = Clause(&Entry {
    id: "A2-Use-6",
    document: Document::Appendix2,
    section: "Use 6",
    name: "file control; controlled, documented destruction",
});
/// `A2-Avail-1`, Avail.: infrastructure redundancy.
pub const A2_AVAIL_1: Clause = Clause(&Entry {
    id: "A2-Avail-1",
    document: Document::Appendix2,
    section: "Avail.",
    name: "infrastructure redundancy",
});
/// `A2-Avail-2`, Avail.: backup at alternative site, restorable.
pub const A2_AVAIL_2: Clause = Clause(&Entry {
    id: "A2-Avail-2",
    document: Document::Appendix2,
    section: "Avail.",
    name: "backup at alternative site, restorable",
});
/// `A2-Trans-1`, Transm. 1: firewall, VPN, encryption on channels.
pub const A2_TRANS_1: Clause = Clause(&Entry {
    id: "A2-Trans-1",
    document: Document::Appendix2,
    section: "Transm. 1",
    name: "firewall, VPN, encryption on channels",
});
/// `A2-Trans-2`, Transm. 2: highly confidential employee data also encrypted within the system (national ids, card numbers).
pub const A2_TRANS_2: Clause = Clause(&Entry {
    id: "A2-Trans-2",
    document: Document::Appendix2,
    section: "Transm. 2",
    name: "highly confidential employee data also encrypted within the system (national ids, card numbers)",
});
/// `A2-Trans-3`, Transm. 3: alert on incomplete transfer.
pub const A2_TRANS_3: Clause = Clause(&Entry {
    id: "A2-Trans-3",
    document: Document::Appendix2,
    section: "Transm. 3",
    name: "alert on incomplete transfer",
});
/// `A2-Input-1`, Input 1: authorisation policy for input, read, change, delete.
pub const A2_INPUT_1: Clause = Clause(&Entry {
    id: "A2-Input-1",
    document: Document::Appendix2,
    section: "Input 1",
    name: "authorisation policy for input, read, change, delete",
});
/// `A2-Input-2`, Input 2: authenticate authorised staff.
pub const A2_INPUT_2: Clause = Clause(&Entry {
    id: "A2-Input-2",
    document: Document::Appendix2,
    section: "Input 2",
    name: "authenticate authorised staff",
});
/// `A2-Input-3`, Input 3: protect input into memory and stored data.
pub const A2_INPUT_3: Clause = Clause(&Entry {
    id: "A2-Input-3",
    document: Document::Appendix2,
    section: "Input 3",
    name: "protect input into memory and stored data",
});
/// `A2-Input-4`, Input 4: unique credentials.
pub const A2_INPUT_4: Clause =
    Clause(&Entry { id: "A2-Input-4", document: Document::Appendix2, section: "Input 4", name: "unique credentials" });
/// `A2-Input-5`, Input 5: server rooms kept locked.
pub const A2_INPUT_5: Clause = Clause(&Entry {
    id: "A2-Input-5",
    document: Document::Appendix2,
    section: "Input 5",
    name: "server rooms kept locked",
});
/// `A2-Input-6`, Input 6: automatic log-off of long-unused ids.
pub const A2_INPUT_6: Clause = Clause(&Entry {
    id: "A2-Input-6",
    document: Document::Appendix2,
    section: "Input 6",
    name: "automatic log-off of long-unused ids",
});
/// `A2-Input-7`, Input 7: proof of input authorisation.
pub const A2_INPUT_7: Clause = Clause(&Entry {
    id: "A2-Input-7",
    document: Document::Appendix2,
    section: "Input 7",
    name: "proof of input authorisation",
});
/// `A2-Input-8`, Input 8: electronic record of entries.
pub const A2_INPUT_8: Clause = Clause(&Entry {
    id: "A2-Input-8",
    document: Document::Appendix2,
    section: "Input 8",
    name: "electronic record of entries",
});
/// `A2-Sep-1`, Sep. 1: separation by application security.
pub const A2_SEP_1: Clause = Clause(&Entry {
    id: "A2-Sep-1",
    document: Document::Appendix2,
    section: "Sep. 1",
    name: "separation by application security",
});
/// `A2-Sep-2`, Sep. 2: modules separate data by purpose.
pub const A2_SEP_2: Clause = Clause(&Entry {
    id: "A2-Sep-2",
    document: Document::Appendix2,
    section: "Sep. 2",
    name: "modules separate data by purpose",
});
/// `A2-Sep-3`, Sep. 3: tables separated per module / customer / function.
pub const A2_SEP_3: Clause = Clause(&Entry {
    id: "A2-Sep-3",
    document: Document::Appendix2,
    section: "Sep. 3",
    name: "tables separated per module / customer / function",
});
/// `A2-Sep-4`, Sep. 4: interfaces and reports for specific purposes only.
pub const A2_SEP_4: Clause = Clause(&Entry {
    id: "A2-Sep-4",
    document: Document::Appendix2,
    section: "Sep. 4",
    name: "interfaces and reports for specific purposes only",
});
/// `A2-Doc-1`, Doc.: keep documentation of measures for audits and evidence.
pub const A2_DOC_1: Clause = Clause(&Entry {
    id: "A2-Doc-1",
    document: Document::Appendix2,
    section: "Doc.",
    name: "keep documentation of measures for audits and evidence",
});
/// `A2-Doc-2`, Doc.: personnel and others on site aware and compliant.
pub const A2_DOC_2: Clause = Clause(&Entry {
    id: "A2-Doc-2",
    document: Document::Appendix2,
    section: "Doc.",
    name: "personnel and others on site aware and compliant",
});
/// `A2-Mon-0`, Mon.: monitor administrators' access and adherence to instructions.
pub const A2_MON_0: Clause = Clause(&Entry {
    id: "A2-Mon-0",
    document: Document::Appendix2,
    section: "Mon.",
    name: "monitor administrators' access and adherence to instructions",
});
/// `A2-Mon-1`, Mon. 1: administrators appointed individually.
pub const A2_MON_1: Clause = Clause(&Entry {
    id: "A2-Mon-1",
    document: Document::Appendix2,
    section: "Mon. 1",
    name: "administrators appointed individually",
});
/// `A2-Mon-2`, Mon. 2: admin access logs secure, accurate, unmodified, at least six months.
pub const A2_MON_2: Clause = Clause(&Entry {
    id: "A2-Mon-2",
    document: Document::Appendix2,
    section: "Mon. 2",
    name: "admin access logs secure, accurate, unmodified, at least six months",
});
/// `A2-Mon-3`, Mon. 3: yearly audit of administrators' activity.
pub const A2_MON_3: Clause = Clause(&Entry {
    id: "A2-Mon-3",
    document: Document::Appendix2,
    section: "Mon. 3",
    name: "yearly audit of administrators' activity",
});
/// `A2-Mon-4`, Mon. 4: up-to-date list of administrators.
pub const A2_MON_4: Clause = Clause(&Entry {
    id: "A2-Mon-4",
    document: Document::Appendix2,
    section: "Mon. 4",
    name: "up-to-date list of administrators",
});

/// Every clause of this part, in the order of the document.
pub(super) const ALL: &[Clause] = &[
    A2_A,
    A2_AREA_1,
    A2_ACCESS_1,
    A2_ACCESS_2,
    A2_ACCESS_3,
    A2_ACCESS_4,
    A2_ACCESS_5,
    A2_USE_1,
    A2_USE_2,
    A2_USE_3,
    A2_USE_4,
    A2_USE_5,
    A2_USE_6,
    A2_AVAIL_1,
    A2_AVAIL_2,
    A2_TRANS_1,
    A2_TRANS_2,
    A2_TRANS_3,
    A2_INPUT_1,
    A2_INPUT_2,
    A2_INPUT_3,
    A2_INPUT_4,
    A2_INPUT_5,
    A2_INPUT_6,
    A2_INPUT_7,
    A2_INPUT_8,
    A2_SEP_1,
    A2_SEP_2,
    A2_SEP_3,
    A2_SEP_4,
    A2_DOC_1,
    A2_DOC_2,
    A2_MON_0,
    A2_MON_1,
    A2_MON_2,
    A2_MON_3,
    A2_MON_4,
];
