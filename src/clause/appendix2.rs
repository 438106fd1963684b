//! Appendix 2 of the Standard Contractual Clauses: the security measures.

use super::{Clause, Document, Entry};

/// `A2-A`, part A: security programme.
pub const A2_A: Clause =
    Clause(&Entry { id: "A2-A", document: Document::Appendix2, section: "part A", name: "security programme" });
/// `A2-Area-1`, heading "Access Control of Processing Areas": premises secured through the cloud provider.
pub const A2_AREA_1: Clause = Clause(&Entry {
    id: "A2-Area-1",
    document: Document::Appendix2,
    section: "heading \"Access Control of Processing Areas\"",
    name: "premises secured through the cloud provider",
});
/// `A2-Access-1`, heading "Access Control to Data Processing Systems", item 1: encryption in transit and at rest.
pub const A2_ACCESS_1: Clause = Clause(&Entry {
    id: "A2-Access-1",
    document: Document::Appendix2,
    section: "heading \"Access Control to Data Processing Systems\", item 1",
    name: "encryption in transit and at rest",
});
/// `A2-Access-2`, heading "Access Control to Data Processing Systems", item 2: identification of terminal or user.
pub const A2_ACCESS_2: Clause = Clause(&Entry {
    id: "A2-Access-2",
    document: Document::Appendix2,
    section: "heading \"Access Control to Data Processing Systems\", item 2",
    name: "identification of terminal or user",
});
/// `A2-Access-3`, heading "Access Control to Data Processing Systems", item 3: lock of an idle terminal, re-authentication.
pub const A2_ACCESS_3: Clause = Clause(&Entry {
    id: "A2-Access-3",
    document: Document::Appendix2,
    section: "heading \"Access Control to Data Processing Systems\", item 3",
    name: "lock of an idle terminal, re-authentication",
});
/// `A2-Access-4`, heading "Access Control to Data Processing Systems", item 4: lock-out after several wrong passwords, log, alerts.
pub const A2_ACCESS_4: Clause = Clause(&Entry {
    id: "A2-Access-4",
    document: Document::Appendix2,
    section: "heading \"Access Control to Data Processing Systems\", item 4",
    name: "lock-out after several wrong passwords, log, alerts",
});
/// `A2-Access-5`, heading "Access Control to Data Processing Systems", item 5: all access logged, monitored and tracked.
pub const A2_ACCESS_5: Clause = Clause(&Entry {
    id: "A2-Access-5",
    document: Document::Appendix2,
    section: "heading \"Access Control to Data Processing Systems\", item 5",
    name: "all access logged, monitored and tracked",
});
/// `A2-Use-1`, heading "Access Control to Use Specific Areas of Data Processing Systems", item 1: staff policies and training on access rights.
pub const A2_USE_1: Clause = Clause(&Entry {
    id: "A2-Use-1",
    document: Document::Appendix2,
    section: "heading \"Access Control to Use Specific Areas of Data Processing Systems\", item 1",
    name: "staff policies and training on access rights",
});
/// `A2-Use-2`, heading "Access Control to Use Specific Areas of Data Processing Systems", item 2: individual terminals and users, function-bound identities.
pub const A2_USE_2: Clause = Clause(&Entry {
    id: "A2-Use-2",
    document: Document::Appendix2,
    section: "heading \"Access Control to Use Specific Areas of Data Processing Systems\", item 2",
    name: "individual terminals and users, function-bound identities",
});
/// `A2-Use-3`, heading "Access Control to Use Specific Areas of Data Processing Systems", item 3: monitoring of those who delete, add or modify.
pub const A2_USE_3: Clause = Clause(&Entry {
    id: "A2-Use-3",
    document: Document::Appendix2,
    section: "heading \"Access Control to Use Specific Areas of Data Processing Systems\", item 3",
    name: "monitoring of those who delete, add or modify",
});
/// `A2-Use-4`, heading "Access Control to Use Specific Areas of Data Processing Systems", item 4: release only to authorised persons, differentiated roles.
pub const A2_USE_4: Clause = Clause(&Entry {
    id: "A2-Use-4",
    document: Document::Appendix2,
    section: "heading \"Access Control to Use Specific Areas of Data Processing Systems\", item 4",
    name: "release only to authorised persons, differentiated roles",
});
/// `A2-Use-5`, heading "Access Control to Use Specific Areas of Data Processing Systems", item 5: adequate encryption.
pub const A2_USE_5: Clause = Clause(&Entry {
    id: "A2-Use-5",
    document: Document::Appendix2,
    section: "heading \"Access Control to Use Specific Areas of Data Processing Systems\", item 5",
    name: "adequate encryption",
});
/// `A2-Use-6`, heading "Access Control to Use Specific Areas of Data Processing Systems", item 6: control of files, documented destruction.
pub const A2_USE_6: Clause = Clause(&Entry {
    id: "A2-Use-6",
    document: Document::Appendix2,
    section: "heading \"Access Control to Use Specific Areas of Data Processing Systems\", item 6",
    name: "control of files, documented destruction",
});
/// `A2-Avail-1`, heading "Availability Control", item 1: redundant infrastructure.
pub const A2_AVAIL_1: Clause = Clause(&Entry {
    id: "A2-Avail-1",
    document: Document::Appendix2,
    section: "heading \"Availability Control\", item 1",
    name: "redundant infrastructure",
});
/// `A2-Avail-2`, heading "Availability Control", item 2: restorable backup at another site.
pub const A2_AVAIL_2: Clause = Clause(&Entry {
    id: "A2-Avail-2",
    document: Document::Appendix2,
    section: "heading \"Availability Control\", item 2",
    name: "restorable backup at another site",
});
/// `A2-Trans-1`, heading "Transmission Control", item 1: firewall, VPN and encryption on the channels.
pub const A2_TRANS_1: Clause = Clause(&Entry {
    id: "A2-Trans-1",
    document: Document::Appendix2,
    section: "heading \"Transmission Control\", item 1",
    name: "firewall, VPN and encryption on the channels",
});
/// `A2-Trans-2`, heading "Transmission Control", item 2: highly confidential data encrypted within the system too.
pub const A2_TRANS_2: Clause = Clause(&Entry {
    id: "A2-Trans-2",
    document: Document::Appendix2,
    section: "heading \"Transmission Control\", item 2",
    name: "highly confidential data encrypted within the system too",
});
/// `A2-Trans-3`, heading "Transmission Control", item 3: alert on an incomplete transfer.
pub const A2_TRANS_3: Clause = Clause(&Entry {
    id: "A2-Trans-3",
    document: Document::Appendix2,
    section: "heading \"Transmission Control\", item 3",
    name: "alert on an incomplete transfer",
});
/// `A2-Input-1`, heading "Input Control", item 1: authorisation policy for input, reading, alteration, deletion.
pub const A2_INPUT_1: Clause = Clause(&Entry {
    id: "A2-Input-1",
    document: Document::Appendix2,
    section: "heading \"Input Control\", item 1",
    name: "authorisation policy for input, reading, alteration, deletion",
});
/// `A2-Input-2`, heading "Input Control", item 2: authentication of authorised staff.
pub const A2_INPUT_2: Clause = Clause(&Entry {
    id: "A2-Input-2",
    document: Document::Appendix2,
    section: "heading \"Input Control\", item 2",
    name: "authentication of authorised staff",
});
/// `A2-Input-3`, heading "Input Control", item 3: protection of input and of stored data.
pub const A2_INPUT_3: Clause = Clause(&Entry {
    id: "A2-Input-3",
    document: Document::Appendix2,
    section: "heading \"Input Control\", item 3",
    name: "protection of input and of stored data",
});
/// `A2-Input-4`, heading "Input Control", item 4: unique credentials.
pub const A2_INPUT_4: Clause = Clause(&Entry {
    id: "A2-Input-4",
    document: Document::Appendix2,
    section: "heading \"Input Control\", item 4",
    name: "unique credentials",
});
/// `A2-Input-5`, heading "Input Control", item 5: server rooms kept locked.
pub const A2_INPUT_5: Clause = Clause(&Entry {
    id: "A2-Input-5",
    document: Document::Appendix2,
    section: "heading \"Input Control\", item 5",
    name: "server rooms kept locked",
});
/// `A2-Input-6`, heading "Input Control", item 6: automatic log-off of long-unused ids.
pub const A2_INPUT_6: Clause = Clause(&Entry {
    id: "A2-Input-6",
    document: Document::Appendix2,
    section: "heading \"Input Control\", item 6",
    name: "automatic log-off of long-unused ids",
});
/// `A2-Input-7`, heading "Input Control", item 7: proof of input authorisation.
pub const A2_INPUT_7: Clause = Clause(&Entry {
    id: "A2-Input-7",
    document: Document::Appendix2,
    section: "heading \"Input Control\", item 7",
    name: "proof of input authorisation",
});
/// `A2-Input-8`, heading "Input Control", item 8: electronic record of entries.
pub const A2_INPUT_8: Clause = Clause(&Entry {
    id: "A2-Input-8",
    document: Document::Appendix2,
    section: "heading \"Input Control\", item 8",
    name: "electronic record of entries",
});
/// `A2-Sep-1`, heading "Separation of Processing for Different Purposes", item 1: separation by application security.
pub const A2_SEP_1: Clause = Clause(&Entry {
    id: "A2-Sep-1",
    document: Document::Appendix2,
    section: "heading \"Separation of Processing for Different Purposes\", item 1",
    name: "separation by application security",
});
/// `A2-Sep-2`, heading "Separation of Processing for Different Purposes", item 2: modules separate data by purpose.
pub const A2_SEP_2: Clause = Clause(&Entry {
    id: "A2-Sep-2",
    document: Document::Appendix2,
    section: "heading \"Separation of Processing for Different Purposes\", item 2",
    name: "modules separate data by purpose",
});
/// `A2-Sep-3`, heading "Separation of Processing for Different Purposes", item 3: tables separated by module, customer or function.
pub const A2_SEP_3: Clause = Clause(&Entry {
    id: "A2-Sep-3",
    document: Document::Appendix2,
    section: "heading \"Separation of Processing for Different Purposes\", item 3",
    name: "tables separated by module, customer or function",
});
/// `A2-Sep-4`, heading "Separation of Processing for Different Purposes", item 4: interfaces and reports for one purpose only.
pub const A2_SEP_4: Clause = Clause(&Entry {
    id: "A2-Sep-4",
    document: Document::Appendix2,
    section: "heading \"Separation of Processing for Different Purposes\", item 4",
    name: "interfaces and reports for one purpose only",
});
/// `A2-Doc-1`, heading "Documentation", sentence 1: documentation of measures kept as evidence.
pub const A2_DOC_1: Clause = Clause(&Entry {
    id: "A2-Doc-1",
    document: Document::Appendix2,
    section: "heading \"Documentation\", sentence 1",
    name: "documentation of measures kept as evidence",
});
/// `A2-Doc-2`, heading "Documentation", sentence 2: everyone on site aware and compliant.
pub const A2_DOC_2: Clause = Clause(&Entry {
    id: "A2-Doc-2",
    document: Document::Appendix2,
    section: "heading \"Documentation\", sentence 2",
    name: "everyone on site aware and compliant",
});
/// `A2-Mon-0`, heading "Monitoring", opening sentence: monitoring of administrators.
pub const A2_MON_0: Clause = Clause(&Entry {
    id: "A2-Mon-0",
    document: Document::Appendix2,
    section: "heading \"Monitoring\", opening sentence",
    name: "monitoring of administrators",
});
/// `A2-Mon-1`, heading "Monitoring", item 1: administrators appointed individually.
pub const A2_MON_1: Clause = Clause(&Entry {
    id: "A2-Mon-1",
    document: Document::Appendix2,
    section: "heading \"Monitoring\", item 1",
    name: "administrators appointed individually",
});
/// `A2-Mon-2`, heading "Monitoring", item 2: administrator access logs kept unmodified at least six months.
pub const A2_MON_2: Clause = Clause(&Entry {
    id: "A2-Mon-2",
    document: Document::Appendix2,
    section: "heading \"Monitoring\", item 2",
    name: "administrator access logs kept unmodified at least six months",
});
/// `A2-Mon-3`, heading "Monitoring", item 3: yearly audit of administrators' activity.
pub const A2_MON_3: Clause = Clause(&Entry {
    id: "A2-Mon-3",
    document: Document::Appendix2,
    section: "heading \"Monitoring\", item 3",
    name: "yearly audit of administrators' activity",
});
/// `A2-Mon-4`, heading "Monitoring", item 4: current list of administrators.
pub const A2_MON_4: Clause = Clause(&Entry {
    id: "A2-Mon-4",
    document: Document::Appendix2,
    section: "heading \"Monitoring\", item 4",
    name: "current list of administrators",
});

/// Every clause of this part, in the order of the document.
pub(super) const APPENDIX_2: &[Clause] = &[
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
