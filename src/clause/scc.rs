//! Annex 2 of the addendum: the Standard Contractual Clauses for processors (Decision 2010/87/EU), with Appendix 1.

use super::{Clause, Document, Entry};

/// `SCC-1`, clause 1(a) to (f): definitions.
pub const SCC_1: Clause =
    Clause(&Entry { id: "SCC-1", document: Document::Scc, section: "clause 1(a) to (f)", name: "definitions" });
/// `SCC-2`, clause 2: details of the transfer.
pub const SCC_2: Clause =
    Clause(&Entry { id: "SCC-2", document: Document::Scc, section: "clause 2", name: "details of the transfer" });
/// `SCC-3.1`, clause 3(1): beneficiary rights against the exporter.
pub const SCC_3_1: Clause = Clause(&Entry {
    id: "SCC-3.1",
    document: Document::Scc,
    section: "clause 3(1)",
    name: "beneficiary rights against the exporter",
});
/// `SCC-3.2`, clause 3(2): beneficiary rights against the importer.
pub const SCC_3_2: Clause = Clause(&Entry {
    id: "SCC-3.2",
    document: Document::Scc,
    section: "clause 3(2)",
    name: "beneficiary rights against the importer",
});
/// `SCC-3.3`, clause 3(3): beneficiary rights against the subprocessor.
pub const SCC_3_3: Clause = Clause(&Entry {
    id: "SCC-3.3",
    document: Document::Scc,
    section: "clause 3(3)",
    name: "beneficiary rights against the subprocessor",
});
/// `SCC-3.4`, clause 3(4): representation by an association.
pub const SCC_3_4: Clause = Clause(&Entry {
    id: "SCC-3.4",
    document: Document::Scc,
    section: "clause 3(4)",
    name: "representation by an association",
});
/// `SCC-4a`, clause 4(a): lawful processing, authority notified where needed.
pub const SCC_4A: Clause = Clause(&Entry {
    id: "SCC-4a",
    document: Document::Scc,
    section: "clause 4(a)",
    name: "lawful processing, authority notified where needed",
});
/// `SCC-4b`, clause 4(b): instructions throughout the processing.
pub const SCC_4B: Clause = Clause(&Entry {
    id: "SCC-4b",
    document: Document::Scc,
    section: "clause 4(b)",
    name: "instructions throughout the processing",
});
/// `SCC-4c`, clause 4(c): importer's guarantees on Appendix 2.
pub const SCC_4C: Clause = Clause(&Entry {
    id: "SCC-4c",
    document: Document::Scc,
    section: "clause 4(c)",
    name: "importer's guarantees on Appendix 2",
});
/// `SCC-4d`, clause 4(d): measures assessed as appropriate.
pub const SCC_4D: Clause = Clause(&Entry {
    id: "SCC-4d",
    document: Document::Scc,
    section: "clause 4(d)",
    name: "measures assessed as appropriate",
});
/// `SCC-4e`, clause 4(e): compliance with the measures.
pub const SCC_4E: Clause = Clause(&Entry {
    id: "SCC-4e",
    document: Document::Scc,
    section: "clause 4(e)",
    name: "compliance with the measures",
});
/// `SCC-4f`, clause 4(f): data subjects told about special categories.
pub const SCC_4F: Clause = Clause(&Entry {
    id: "SCC-4f",
    document: Document::Scc,
    section: "clause 4(f)",
    name: "data subjects told about special categories",
});
/// `SCC-4g`, clause 4(g): notifications forwarded to the authority.
pub const SCC_4G: Clause = Clause(&Entry {
    id: "SCC-4g",
    document: Document::Scc,
    section: "clause 4(g)",
    name: "notifications forwarded to the authority",
});
/// `SCC-4h`, clause 4(h): copy of the clauses for data subjects.
pub const SCC_4H: Clause = Clause(&Entry {
    id: "SCC-4h",
    document: Document::Scc,
    section: "clause 4(h)",
    name: "copy of the clauses for data subjects",
});
/// `SCC-4i`, clause 4(i): same protection at subprocessors.
pub const SCC_4I: Clause = Clause(&Entry {
    id: "SCC-4i",
    document: Document::Scc,
    section: "clause 4(i)",
    name: "same protection at subprocessors",
});
/// `SCC-4j`, clause 4(j): compliance with (a) to (i).
pub const SCC_4J: Clause = Clause(&Entry {
    id: "SCC-4j",
    document: Document::Scc,
    section: "clause 4(j)",
    name: "compliance with (a) to (i)",
});
/// `SCC-5a`, clause 5(a): acting on instructions, prompt notice of inability.
pub const SCC_5A: Clause = Clause(&Entry {
    id: "SCC-5a",
    document: Document::Scc,
    section: "clause 5(a)",
    name: "acting on instructions, prompt notice of inability",
});
/// `SCC-5b`, clause 5(b): notice of a change of law.
pub const SCC_5B: Clause =
    Clause(&Entry { id: "SCC-5b", document: Document::Scc, section: "clause 5(b)", name: "notice of a change of law" });
/// `SCC-5c`, clause 5(c): Appendix 2 measures in place before processing.
pub const SCC_5C: Clause = Clause(&Entry {
    id: "SCC-5c",
    document: Document::Scc,
    section: "clause 5(c)",
    name: "Appendix 2 measures in place before processing",
});
/// `SCC-5d-i`, clause 5(d)(i): notice of a law-enforcement request.
pub const SCC_5D_I: Clause = Clause(&Entry {
    id: "SCC-5d-i",
    document: Document::Scc,
    section: "clause 5(d)(i)",
    name: "notice of a law-enforcement request",
});
/// `SCC-5d-ii`, clause 5(d)(ii): notice of accidental or unauthorised access.
pub const SCC_5D_II: Clause = Clause(&Entry {
    id: "SCC-5d-ii",
    document: Document::Scc,
    section: "clause 5(d)(ii)",
    name: "notice of accidental or unauthorised access",
});
/// `SCC-5d-iii`, clause 5(d)(iii): notice of a request received from a data subject.
pub const SCC_5D_III: Clause = Clause(&Entry {
    id: "SCC-5d-iii",
    document: Document::Scc,
    section: "clause 5(d)(iii)",
    name: "notice of a request received from a data subject",
});
/// `SCC-5e`, clause 5(e): inquiries answered promptly, authority's advice followed.
pub const SCC_5E: Clause = Clause(&Entry {
    id: "SCC-5e",
    document: Document::Scc,
    section: "clause 5(e)",
    name: "inquiries answered promptly, authority's advice followed",
});
/// `SCC-5f`, clause 5(f): facilities submitted to audit.
pub const SCC_5F: Clause = Clause(&Entry {
    id: "SCC-5f",
    document: Document::Scc,
    section: "clause 5(f)",
    name: "facilities submitted to audit",
});
/// `SCC-5g`, clause 5(g): copy of the clauses for a data subject who cannot reach the exporter.
pub const SCC_5G: Clause = Clause(&Entry {
    id: "SCC-5g",
    document: Document::Scc,
    section: "clause 5(g)",
    name: "copy of the clauses for a data subject who cannot reach the exporter",
});
/// `SCC-5h`, clause 5(h): prior written consent to subprocessing.
pub const SCC_5H: Clause = Clause(&Entry {
    id: "SCC-5h",
    document: Document::Scc,
    section: "clause 5(h)",
    name: "prior written consent to subprocessing",
});
/// `SCC-5i`, clause 5(i): subprocessing under clause 11.
pub const SCC_5I: Clause = Clause(&Entry {
    id: "SCC-5i",
    document: Document::Scc,
    section: "clause 5(i)",
    name: "subprocessing under clause 11",
});
/// `SCC-5j`, clause 5(j): copy of each subprocessor agreement, promptly.
pub const SCC_5J: Clause = Clause(&Entry {
    id: "SCC-5j",
    document: Document::Scc,
    section: "clause 5(j)",
    name: "copy of each subprocessor agreement, promptly",
});
/// `SCC-6.1`, clause 6(1): compensation from the exporter.
pub const SCC_6_1: Clause = Clause(&Entry {
    id: "SCC-6.1",
    document: Document::Scc,
    section: "clause 6(1)",
    name: "compensation from the exporter",
});
/// `SCC-6.2`, clause 6(2): compensation from the importer if the exporter is gone.
pub const SCC_6_2: Clause = Clause(&Entry {
    id: "SCC-6.2",
    document: Document::Scc,
    section: "clause 6(2)",
    name: "compensation from the importer if the exporter is gone",
});
/// `SCC-6.3`, clause 6(3): compensation from the subprocessor if both are gone.
pub const SCC_6_3: Clause = Clause(&Entry {
    id: "SCC-6.3",
    document: Document::Scc,
    section: "clause 6(3)",
    name: "compensation from the subprocessor if both are gone",
});
/// `SCC-7.1`, clause 7(1): mediation or courts, as the data subject chooses.
pub const SCC_7_1: Clause = Clause(&Entry {
    id: "SCC-7.1",
    document: Document::Scc,
    section: "clause 7(1)",
    name: "mediation or courts, as the data subject chooses",
});
/// `SCC-7.2`, clause 7(2): other remedies kept.
pub const SCC_7_2: Clause =
    Clause(&Entry { id: "SCC-7.2", document: Document::Scc, section: "clause 7(2)", name: "other remedies kept" });
/// `SCC-8.1`, clause 8(1): copy deposited with the authority.
pub const SCC_8_1: Clause = Clause(&Entry {
    id: "SCC-8.1",
    document: Document::Scc,
    section: "clause 8(1)",
    name: "copy deposited with the authority",
});
/// `SCC-8.2`, clause 8(2): audit of importer and subprocessors by the authority.
pub const SCC_8_2: Clause = Clause(&Entry {
    id: "SCC-8.2",
    document: Document::Scc,
    section: "clause 8(2)",
    name: "audit of importer and subprocessors by the authority",
});
/// `SCC-8.3`, clause 8(3): notice of law that prevents an audit.
pub const SCC_8_3: Clause = Clause(&Entry {
    id: "SCC-8.3",
    document: Document::Scc,
    section: "clause 8(3)",
    name: "notice of law that prevents an audit",
});
/// `SCC-9`, clause 9: law of the exporter's Member State.
pub const SCC_9: Clause = Clause(&Entry {
    id: "SCC-9",
    document: Document::Scc,
    section: "clause 9",
    name: "law of the exporter's Member State",
});
/// `SCC-10`, clause 10: no variation, only business clauses that do not contradict.
pub const SCC_10: Clause = Clause(&Entry {
    id: "SCC-10",
    document: Document::Scc,
    section: "clause 10",
    name: "no variation, only business clauses that do not contradict",
});
/// `SCC-11.1`, clause 11(1): prior written consent, written contract, full liability.
pub const SCC_11_1: Clause = Clause(&Entry {
    id: "SCC-11.1",
    document: Document::Scc,
    section: "clause 11(1)",
    name: "prior written consent, written contract, full liability",
});
/// `SCC-11.2`, clause 11(2): beneficiary clause in the subprocessor contract.
pub const SCC_11_2: Clause = Clause(&Entry {
    id: "SCC-11.2",
    document: Document::Scc,
    section: "clause 11(2)",
    name: "beneficiary clause in the subprocessor contract",
});
/// `SCC-11.3`, clause 11(3): law of the exporter's Member State for the subprocessor contract.
pub const SCC_11_3: Clause = Clause(&Entry {
    id: "SCC-11.3",
    document: Document::Scc,
    section: "clause 11(3)",
    name: "law of the exporter's Member State for the subprocessor contract",
});
/// `SCC-11.4`, clause 11(4): list of subprocessing agreements, updated yearly.
pub const SCC_11_4: Clause = Clause(&Entry {
    id: "SCC-11.4",
    document: Document::Scc,
    section: "clause 11(4)",
    name: "list of subprocessing agreements, updated yearly",
});
/// `SCC-12.1a`, clause 12(1): return or destruction at the exporter's choice, certified.
pub const SCC_12_1A: Clause = Clause(&Entry {
    id: "SCC-12.1a",
    document: Document::Scc,
    section: "clause 12(1)",
    name: "return or destruction at the exporter's choice, certified",
});
/// `SCC-12.1b`, clause 12(1): kept confidential and inactive where law prevents both.
pub const SCC_12_1B: Clause = Clause(&Entry {
    id: "SCC-12.1b",
    document: Document::Scc,
    section: "clause 12(1)",
    name: "kept confidential and inactive where law prevents both",
});
/// `SCC-12.2`, clause 12(2): audit of return or destruction on request.
pub const SCC_12_2: Clause = Clause(&Entry {
    id: "SCC-12.2",
    document: Document::Scc,
    section: "clause 12(2)",
    name: "audit of return or destruction on request",
});
/// `A1-1`, Appendix 1, heading "Data exporter": identity of the exporter.
pub const A1_1: Clause = Clause(&Entry {
    id: "A1-1",
    document: Document::Scc,
    section: "Appendix 1, heading \"Data exporter\"",
    name: "identity of the exporter",
});
/// `A1-2`, Appendix 1, heading "Data importer": identity of the importer.
pub const A1_2: Clause = Clause(&Entry {
    id: "A1-2",
    document: Document::Scc,
    section: "Appendix 1, heading \"Data importer\"",
    name: "identity of the importer",
});
/// `A1-3`, Appendix 1, heading "Data subjects": groups of data subjects.
pub const A1_3: Clause = Clause(&Entry {
    id: "A1-3",
    document: Document::Scc,
    section: "Appendix 1, heading \"Data subjects\"",
    name: "groups of data subjects",
});
/// `A1-4`, Appendix 1, heading "Categories of data": types of data.
pub const A1_4: Clause = Clause(&Entry {
    id: "A1-4",
    document: Document::Scc,
    section: "Appendix 1, heading \"Categories of data\"",
    name: "types of data",
});
/// `A1-5`, Appendix 1, heading "Special categories of data": special categories of data.
pub const A1_5: Clause = Clause(&Entry {
    id: "A1-5",
    document: Document::Scc,
    section: "Appendix 1, heading \"Special categories of data\"",
    name: "special categories of data",
});
/// `A1-6`, Appendix 1, heading "Processing operations": processing operations.
pub const A1_6: Clause = Clause(&Entry {
    id: "A1-6",
    document: Document::Scc,
    section: "Appendix 1, heading \"Processing operations\"",
    name: "processing operations",
});

/// Every clause of this part, in the order of the document.
pub(super) const SCC: &[Clause] = &[
    SCC_1, SCC_2, SCC_3_1, SCC_3_2, SCC_3_3, SCC_3_4, SCC_4A, SCC_4B, SCC_4C, SCC_4D, SCC_4E, SCC_4F, SCC_4G, SCC_4H,
    SCC_4I, SCC_4J, SCC_5A, SCC_5B, SCC_5C, SCC_5D_I, SCC_5D_II, SCC_5D_III, SCC_5E, SCC_5F, SCC_5G, SCC_5H, SCC_5I,
    SCC_5J, SCC_6_1, SCC_6_2, SCC_6_3, SCC_7_1, SCC_7_2, SCC_8_1, SCC_8_2, SCC_8_3, SCC_9, SCC_10, SCC_11_1, SCC_11_2,
    SCC_11_3, SCC_11_4, SCC_12_1A, SCC_12_1B, SCC_12_2, A1_1, A1_2, A1_3, A1_4, A1_5, A1_6,
];
