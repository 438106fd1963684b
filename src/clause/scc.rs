//! Annex 2 of the addendum: the Standard Contractual Clauses for processors (Decision 2010/87/EU), with Appendix 1.

use super::{Clause, Document, Entry};

/// `SCC-1`, clause 1(a)-(f): definitions.
pub const SCC_1: Clause =
    Clause(&Entry { id: "SCC-1", document: Document::Scc, section: "clause 1(a)-(f)", name: "definitions" });
/// `SCC-2`, clause 2: details of transfer.
pub const SCC_2: Clause =
    Clause(&Entry { id: "SCC-2", document: Document::Scc, section: "clause 2", name: "details of transfer" });
/// `SCC-3.1`, clause 3(1): beneficiary rights v exporter.
pub const SCC_3_1: Clause = Clause(&Entry {
    id: "SCC-3.1",
    document: Document::Scc,
    section: "clause 3(1)",
    name: "beneficiary rights v exporter",
});
/// `SCC-3.2`, clause 3(2): v importer.
pub const SCC_3_2: Clause =
    Clause(&Entry { id: "SCC-3.2", document: Document::Scc, section: "clause 3(2)", name: "v importer" });
/// `SCC-3.3`, clause 3(3): v subprocessor.
pub const SCC_3_3: Clause =
    Clause(&Entry { id: "SCC-3.3", document: Document::Scc, section: "clause 3(3)", name: "v subprocessor" });
/// `SCC-3.4`, clause 3(4): representation by association.
pub const SCC_3_4: Clause = Clause(&Entry {
    id: "SCC-3.4",
    document: Document::Scc,
    section: "clause 3(4)",
    name: "representation by association",
});
/// `SCC-4a`, clause 4(a): lawful processing/transfer, authority notified where needed.
pub const SCC_4A: Clause = Clause(&Entry {
    id: "SCC-4a",
    document: Document::Scc,
    section: "clause 4(a)",
    name: "lawful processing/transfer, authority notified where needed",
});
/// `SCC-4b`, clause 4(b): instructions throughout.
pub const SCC_4B: Clause =
    Clause(&Entry { id: "SCC-4b", document: Document::Scc, section: "clause 4(b)", name: "instructions throughout" });
/// `SCC-4c`, clause 4(c): importer's guarantees on App. 2.
pub const SCC_4C: Clause = Clause(&Entry {
    id: "SCC-4c",
    document: Document::Scc,
    section: "clause 4(c)",
    name: "importer's guarantees on App. 2",
});
/// `SCC-4d`, clause 4(d): measures assessed as appropriate.
pub const SCC_4D: Clause = Clause(&Entry {
    id: "SCC-4d",
    document: Document::Scc,
    section: "clause 4(d)",
    name: "measures assessed as appropriate",
});
/// `SCC-4e`, clause 4(e): ensure compliance with measures.
pub const SCC_4E: Clause = Clause(&Entry {
    id: "SCC-4e",
    document: Document::Scc,
    section: "clause 4(e)",
    name: "ensure compliance with measures",
});
/// `SCC-4f`, clause 4(f): inform data subjects on special categories.
pub const SCC_4F: Clause = Clause(&Entry {
    id: "SCC-4f",
    document: Document::Scc,
    section: "clause 4(f)",
    name: "inform data subjects on special categories",
});
/// `SCC-4g`, clause 4(g): forward notifications to authority.
pub const SCC_4G: Clause = Clause(&Entry {
    id: "SCC-4g",
    document: Document::Scc,
    section: "clause 4(g)",
    name: "forward notifications to authority",
});
/// `SCC-4h`, clause 4(h): copy for data subjects on request.
pub const SCC_4H: Clause = Clause(&Entry {
    id: "SCC-4h",
    document: Document::Scc,
    section: "clause 4(h)",
    name: "copy for data subjects on request",
});
/// `SCC-4i`, clause 4(i): same protection at subprocessors.
pub const SCC_4I: Clause = Clause(&Entry {
    id: "SCC-4i",
    document: Document::Scc,
    section: "clause 4(i)",
    name: "same protection at subprocessors",
});
/// `SCC-4j`, clause 4(j): ensure (a)-(i).
pub const SCC_4J: Clause =
    Clause(&Entry { id: "SCC-4j", document: Document::Scc, section: "clause 4(j)", name: "ensure (a)-(i)" });
/// `SCC-5a`, clause 5(a): act on instructions; inform promptly of inability.
pub const SCC_5A: Clause = Clause(&Entry {
    id: "SCC-5a",
    document: Document::Scc,
    section: "clause 5(a)",
    name: "act on instructions; inform promptly of inability",
});
/// `SCC-5b`, clause 5(b): change-of-law notice.
pub const SCC_5B: Clause =
    Clause(&Entry { id: "SCC-5b", document: Document::Scc, section: "clause 5(b)", name: "change-of-law notice" });
/// `SCC-5c`, clause 5(c): App. 2 measures before processing.
pub const SCC_5C: Clause = Clause(&Entry {
    id: "SCC-5c",
    document: Document::Scc,
    section: "clause 5(c)",
    name: "App. 2 measures before processing",
});
/// `SCC-5d-i`, clause 5(d)(i): law-enforcement request notice.
pub const SCC_5D_I: Clause = Clause(&Entry {
    id: "SCC-5d-i",
    document: Document::Scc,
    section: "clause 5(d)(i)",
    name: "law-enforcement request notice",
});
/// `SCC-5d-ii`, clause 5(d)(ii): accidental/unauthorised access notice.
pub const SCC_5D_II: Clause = Clause(&Entry {
    id: "SCC-5d-ii",
    document: Document::Scc,
    section: "clause 5(d)(ii)",
    name: "accidental/unauthorised access notice",
});
/// `SCC-5d-iii`, clause 5(d)(iii): direct data-subject request notice.
pub const SCC_5D_III: Clause = Clause(&Entry {
    id: "SCC-5d-iii",
    document: Document::Scc,
    section: "clause 5(d)(iii)",
    name: "direct data-subject request notice",
});
/// `SCC-5e`, clause 5(e): inquiries dealt with promptly; follow authority advice.
pub const SCC_5E: Clause = Clause(&Entry {
    id: "SCC-5e",
    document: Document::Scc,
    section: "clause 5(e)",
    name: "inquiries dealt with promptly; follow authority advice",
});
/// `SCC-5f`, clause 5(f): submit facilities for audit.
pub const SCC_5F: Clause = Clause(&Entry {
    id: "SCC-5f",
    document: Document::Scc,
    section: "clause 5(f)",
    name: "submit facilities for audit",
});
/// `SCC-5g`, clause 5(g): copy to data subject if exporter unreachable.
pub const SCC_5G: Clause = Clause(&Entry {
    id: "SCC-5g",
    document: Document::Scc,
    section: "clause 5(g)",
    name: "copy to data subject if exporter unreachable",
});
/// `SCC-5h`, clause 5(h): prior written consent for subprocessing.
pub const SCC_5H: Clause = Clause(&Entry {
    id: "SCC-5h",
    document: Document::Scc,
    section: "clause 5(h)",
    name: "prior written consent for subprocessing",
});
/// `SCC-5i`, clause 5(i): subprocessing per cl. 11.
pub const SCC_5I: Clause =
    Clause(&Entry { id: "SCC-5i", document: Document::Scc, section: "clause 5(i)", name: "subprocessing per cl. 11" });
/// `SCC-5j`, clause 5(j): send subprocessor agreement copy promptly.
pub const SCC_5J: Clause = Clause(&Entry {
    id: "SCC-5j",
    document: Document::Scc,
    section: "clause 5(j)",
    name: "send subprocessor agreement copy promptly",
});
/// `SCC-6.1`, clause 6(1): compensation from exporter.
pub const SCC_6_1: Clause = Clause(&Entry {
    id: "SCC-6.1",
    document: Document::Scc,
    section: "clause 6(1)",
    name: "compensation from exporter",
});
/// `SCC-6.2`, clause 6(2): from importer if exporter gone.
pub const SCC_6_2: Clause = Clause(&Entry {
    id: "SCC-6.2",
    document: Document::Scc,
    section: "clause 6(2)",
    name: "from importer if exporter gone",
});
/// `SCC-6.3`, clause 6(3): from subprocessor if both gone.
pub const SCC_6_3: Clause = Clause(&Entry {
    id: "SCC-6.3",
    document: Document::Scc,
    section: "clause 6(3)",
    name: "from subprocessor if both gone",
});
/// `SCC-7.1`, clause 7(1): data subject chooses mediation or courts.
pub const SCC_7_1: Clause = Clause(&Entry {
    id: "SCC-7.1",
    document: Document::Scc,
    section: "clause 7(1)",
    name: "data subject chooses mediation or courts",
});
/// `SCC-7.2`, clause 7(2): other remedies kept.
pub const SCC_7_2: Clause =
    Clause(&Entry { id: "SCC-7.2", document: Document::Scc, section: "clause 7(2)", name: "other remedies kept" });
/// `SCC-8.1`, clause 8(1): deposit with authority.
pub const SCC_8_1: Clause =
    Clause(&Entry { id: "SCC-8.1", document: Document::Scc, section: "clause 8(1)", name: "deposit with authority" });
/// `SCC-8.2`, clause 8(2): authority may audit importer and subprocessors.
pub const SCC_8_2: Clause = Clause(&Entry {
    id: "SCC-8.2",
    document: Document::Scc,
    section: "clause 8(2)",
    name: "authority may audit importer and subprocessors",
});
/// `SCC-8.3`, clause 8(3): notice of law preventing an audit.
pub const SCC_8_3: Clause = Clause(&Entry {
    id: "SCC-8.3",
    document: Document::Scc,
    section: "clause 8(3)",
    name: "notice of law preventing an audit",
});
/// `SCC-9`, clause 9: governing law = exporter's Member State.
pub const SCC_9: Clause = Clause(&Entry {
    id: "SCC-9",
    document: Document::Scc,
    section: "clause 9",
    name: "governing law = exporter's Member State",
});
/// `SCC-10`, clause 10: no variation; business clauses allowed if not contradictory.
pub const SCC_10: Clause = Clause(&Entry {
    id: "SCC-10",
    document: Document::Scc,
    section: "clause 10",
    name: "no variation; business clauses allowed if not contradictory",
});
/// `SCC-11.1`, clause 11(1): prior written consent, written flow-down, importer fully liable.
pub const SCC_11_1: Clause = Clause(&Entry {
    id: "SCC-11.1",
    document: Document::Scc,
    section: "clause 11(1)",
    name: "prior written consent, written flow-down, importer fully liable",
});
/// `SCC-11.2`, clause 11(2): beneficiary clause in subcontract.
pub const SCC_11_2: Clause = Clause(&Entry {
    id: "SCC-11.2",
    document: Document::Scc,
    section: "clause 11(2)",
    name: "beneficiary clause in subcontract",
});
/// `SCC-11.3`, clause 11(3): law of exporter's Member State for subcontract.
pub const SCC_11_3: Clause = Clause(&Entry {
    id: "SCC-11.3",
    document: Document::Scc,
    section: "clause 11(3)",
    name: "law of exporter's Member State for subcontract",
});
/// `SCC-11.4`, clause 11(4): list of subprocessing agreements, updated at least once a year, available to authority.
pub const SCC_11_4: Clause = Clause(&Entry {
    id: "SCC-11.4",
    document: Document::Scc,
    section: "clause 11(4)",
    name: "list of subprocessing agreements, updated at least once a year, available to authority",
});
/// `SCC-12.1a`, clause 12(1): return or destroy at exporter's choice, certify.
pub const SCC_12_1A: Clause = Clause(&Entry {
    id: "SCC-12.1a",
    document: Document::Scc,
    section: "clause 12(1)",
    name: "return or destroy at exporter's choice, certify",
});
/// `SCC-12.1b`, clause 12(1): law prevents: keep confidential, no active processing.
pub const SCC_12_1B: Clause = Clause(&Entry {
    id: "SCC-12.1b",
    document: Document::Scc,
    section: "clause 12(1)",
    name: "law prevents: keep confidential, no active processing",
});
/// `SCC-12.2`, clause 12(2): audit of return/destruction on request.
pub const SCC_12_2: Clause = Clause(&Entry {
    id: "SCC-12.2",
    document: Document::Scc,
    section: "clause 12(2)",
    name: "audit of return/destruction on request",
});
/// `A1-1`, App. 1: exporter identity.
pub const A1_1: Clause =
    Clause(&Entry { id: "A1-1", document: Document::Scc, section: "App. 1", name: "exporter identity" });
/// `A1-2`, App. 1: importer identity.
pub const A1_2: Clause =
    Clause(&Entry { id: "A1-2", document: Document::Scc, section: "App. 1", name: "importer identity" });
/// `A1-3`, App. 1: data subjects.
pub const A1_3: Clause =
    Clause(&Entry { id: "A1-3", document: Document::Scc, section: "App. 1", name: "data subjects" });
/// `A1-4`, App. 1: data categories.
pub const A1_4: Clause =
    Clause(&Entry { id: "A1-4", document: Document::Scc, section: "App. 1", name: "data categories" });
/// `A1-5`, App. 1: special categories.
pub const A1_5: Clause =
    Clause(&Entry { id: "A1-5", document: Document::Scc, section: "App. 1", name: "special categories" });
/// `A1-6`, App. 1: processing operations.
pub const A1_6: Clause =
    Clause(&Entry { id: "A1-6", document: Document::Scc, section: "App. 1", name: "processing operations" });

/// Every clause of this part, in the order of the document.
pub(super) const ALL: &[Clause] = &[
    SCC_1, SCC_2, SCC_3_1, SCC_3_2, SCC_3_3, SCC_3_4, SCC_4A, SCC_4B, SCC_4C, SCC_4D, SCC_4E, SCC_4F, SCC_4G, SCC_4H,
    SCC_4I, SCC_4J, SCC_5A, SCC_5B, SCC_5C, SCC_5D_I, SCC_5D_II, SCC_5D_III, SCC_5E, SCC_5F, SCC_5G, SCC_5H, SCC_5I,
    SCC_5J, SCC_6_1, SCC_6_2, SCC_6_3, SCC_7_1, SCC_7_2, SCC_8_1, SCC_8_2, SCC_8_3, SCC_9, SCC_10, SCC_11_1, SCC_11_2,
    SCC_11_3, SCC_11_4, SCC_12_1A, SCC_12_1B, SCC_12_2, A1_1, A1_2, A1_3, A1_4, A1_5, A1_6,
];
