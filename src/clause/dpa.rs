//! The CleverTap Data Processing Addendum (undated): main text and Annex 1.

use super::{Clause, Document, Entry};

/// `D-0.1`, opening paragraph 1: parties and agency.
pub const D_0_1: Clause =
    Clause(&Entry { id: "D-0.1", document: Document::Dpa, section: "opening paragraph 1", name: "parties and agency" });
/// `D-0.2`, opening paragraphs 2 and 3: addendum to the Online Agreement.
pub const D_0_2: Clause = Clause(&Entry {
    id: "D-0.2",
    document: Document::Dpa,
    section: "opening paragraphs 2 and 3",
    name: "addendum to the Online Agreement",
});
/// `D-0.3`, whole text: no date in the text.
pub const D_0_3: Clause =
    Clause(&Entry { id: "D-0.3", document: Document::Dpa, section: "whole text", name: "no date in the text" });
/// `D-1.1`, 1 definition "Applicable Laws": meaning of Applicable Laws.
pub const D_1_1: Clause = Clause(&Entry {
    id: "D-1.1",
    document: Document::Dpa,
    section: "1 definition \"Applicable Laws\"",
    name: "meaning of Applicable Laws",
});
/// `D-1.2`, 1 definition "CleverTap Affiliate": meaning of CleverTap Affiliate.
pub const D_1_2: Clause = Clause(&Entry {
    id: "D-1.2",
    document: Document::Dpa,
    section: "1 definition \"CleverTap Affiliate\"",
    name: "meaning of CleverTap Affiliate",
});
/// `D-1.3`, 1 definition "Contracted Processor": meaning of Contracted Processor.
pub const D_1_3: Clause = Clause(&Entry {
    id: "D-1.3",
    document: Document::Dpa,
    section: "1 definition \"Contracted Processor\"",
    name: "meaning of Contracted Processor",
});
/// `D-1.4`, 1 definition "Customer Affiliate": meaning of Customer Affiliate.
pub const D_1_4: Clause = Clause(&Entry {
    id: "D-1.4",
    document: Document::Dpa,
    section: "1 definition \"Customer Affiliate\"",
    name: "meaning of Customer Affiliate",
});
/// `D-1.5`, 1 definition "Customer Group Member": meaning of Customer Group Member.
pub const D_1_5: Clause = Clause(&Entry {
    id: "D-1.5",
    document: Document::Dpa,
    section: "1 definition \"Customer Group Member\"",
    name: "meaning of Customer Group Member",
});
/// `D-1.6`, 1 definition "Customer Personal Data": meaning of Customer Personal Data.
pub const D_1_6: Clause = Clause(&Entry {
    id: "D-1.6",
    document: Document::Dpa,
    section: "1 definition \"Customer Personal Data\"",
    name: "meaning of Customer Personal Data",
});
/// `D-1.7`, 1 definition "Data Protection Laws": meaning of Data Protection Laws.
pub const D_1_7: Clause = Clause(&Entry {
    id: "D-1.7",
    document: Document::Dpa,
    section: "1 definition \"Data Protection Laws\"",
    name: "meaning of Data Protection Laws",
});
/// `D-1.8`, 1 definition "EEA": meaning of EEA.
pub const D_1_8: Clause =
    Clause(&Entry { id: "D-1.8", document: Document::Dpa, section: "1 definition \"EEA\"", name: "meaning of EEA" });
/// `D-1.9`, 1 definition "EU Data Protection Laws": meaning of EU Data Protection Laws.
pub const D_1_9: Clause = Clause(&Entry {
    id: "D-1.9",
    document: Document::Dpa,
    section: "1 definition \"EU Data Protection Laws\"",
    name: "meaning of EU Data Protection Laws",
});
/// `D-1.10`, 1 definition "GDPR": meaning of GDPR.
pub const D_1_10: Clause =
    Clause(&Entry { id: "D-1.10", document: Document::Dpa, section: "1 definition \"GDPR\"", name: "meaning of GDPR" });
/// `D-1.11`, 1 definition "Restricted Transfer": test for a Restricted Transfer.
pub const D_1_11: Clause = Clause(&Entry {
    id: "D-1.11",
    document: Document::Dpa,
    section: "1 definition \"Restricted Transfer\"",
    name: "test for a Restricted Transfer",
});
/// `D-1.12`, 1 definition "Restricted Transfer", proviso (a): transfers between the UK and the EEA after the exit.
pub const D_1_12: Clause = Clause(&Entry {
    id: "D-1.12",
    document: Document::Dpa,
    section: "1 definition \"Restricted Transfer\", proviso (a)",
    name: "transfers between the UK and the EEA after the exit",
});
/// `D-1.13`, 1 definition "Restricted Transfer", proviso (b): adequate country or scheme, or derogation: not restricted.
pub const D_1_13: Clause = Clause(&Entry {
    id: "D-1.13",
    document: Document::Dpa,
    section: "1 definition \"Restricted Transfer\", proviso (b)",
    name: "adequate country or scheme, or derogation: not restricted",
});
/// `D-1.14`, 1 definition "Services": meaning of Services.
pub const D_1_14: Clause = Clause(&Entry {
    id: "D-1.14",
    document: Document::Dpa,
    section: "1 definition \"Services\"",
    name: "meaning of Services",
});
/// `D-1.15`, 1 definition "Standard Contractual Clauses": meaning of Standard Contractual Clauses.
pub const D_1_15: Clause = Clause(&Entry {
    id: "D-1.15",
    document: Document::Dpa,
    section: "1 definition \"Standard Contractual Clauses\"",
    name: "meaning of Standard Contractual Clauses",
});
/// `D-1.16`, 1 definition "Subprocessor": meaning of Subprocessor.
pub const D_1_16: Clause = Clause(&Entry {
    id: "D-1.16",
    document: Document::Dpa,
    section: "1 definition \"Subprocessor\"",
    name: "meaning of Subprocessor",
});
/// `D-1.17`, 1 paragraph on terms of the GDPR: terms with the meaning of the GDPR.
pub const D_1_17: Clause = Clause(&Entry {
    id: "D-1.17",
    document: Document::Dpa,
    section: "1 paragraph on terms of the GDPR",
    name: "terms with the meaning of the GDPR",
});
/// `D-1.18`, 1 paragraph on "include": "include" means without limitation.
pub const D_1_18: Clause = Clause(&Entry {
    id: "D-1.18",
    document: Document::Dpa,
    section: "1 paragraph on \"include\"",
    name: "\"include\" means without limitation",
});
/// `D-2.1`, 2: authority to bind affiliates.
pub const D_2_1: Clause =
    Clause(&Entry { id: "D-2.1", document: Document::Dpa, section: "2", name: "authority to bind affiliates" });
/// `D-3.1.1`, 3.1.1: compliance with data protection law.
pub const D_3_1_1: Clause = Clause(&Entry {
    id: "D-3.1.1",
    document: Document::Dpa,
    section: "3.1.1",
    name: "compliance with data protection law",
});
/// `D-3.1.2a`, 3.1.2: documented instructions only.
pub const D_3_1_2A: Clause =
    Clause(&Entry { id: "D-3.1.2a", document: Document::Dpa, section: "3.1.2", name: "documented instructions only" });
/// `D-3.1.2b`, 3.1.2: processing required by law, with prior information.
pub const D_3_1_2B: Clause = Clause(&Entry {
    id: "D-3.1.2b",
    document: Document::Dpa,
    section: "3.1.2",
    name: "processing required by law, with prior information",
});
/// `D-3.2.1a`, 3.2.1: standing instruction to process.
pub const D_3_2_1A: Clause = Clause(&Entry {
    id: "D-3.2.1a",
    document: Document::Dpa,
    section: "3.2.1",
    name: "standing instruction to process",
});
/// `D-3.2.1b`, 3.2.1: standing instruction to transfer to any country.
pub const D_3_2_1B: Clause = Clause(&Entry {
    id: "D-3.2.1b",
    document: Document::Dpa,
    section: "3.2.1",
    name: "standing instruction to transfer to any country",
});
/// `D-3.2.2`, 3.2.2: continuing authority to instruct for affiliates.
pub const D_3_2_2: Clause = Clause(&Entry {
    id: "D-3.2.2",
    document: Document::Dpa,
    section: "3.2.2",
    name: "continuing authority to instruct for affiliates",
});
/// `D-3.2.3`, 3.2.3: customer's own compliance, and accuracy of its data.
pub const D_3_2_3: Clause = Clause(&Entry {
    id: "D-3.2.3",
    document: Document::Dpa,
    section: "3.2.3",
    name: "customer's own compliance, and accuracy of its data",
});
/// `D-3.3`, 3.3: amendment of Annex 1 by written notice.
pub const D_3_3: Clause = Clause(&Entry {
    id: "D-3.3",
    document: Document::Dpa,
    section: "3.3",
    name: "amendment of Annex 1 by written notice",
});
/// `D-4.1a`, 4: reliability of personnel.
pub const D_4_1A: Clause =
    Clause(&Entry { id: "D-4.1a", document: Document::Dpa, section: "4", name: "reliability of personnel" });
/// `D-4.1b`, 4: access strictly by need to know.
pub const D_4_1B: Clause =
    Clause(&Entry { id: "D-4.1b", document: Document::Dpa, section: "4", name: "access strictly by need to know" });
/// `D-4.1c`, 4: confidentiality undertakings.
pub const D_4_1C: Clause =
    Clause(&Entry { id: "D-4.1c", document: Document::Dpa, section: "4", name: "confidentiality undertakings" });
/// `D-5.1`, 5 paragraph 1: measures under GDPR Article 32.
pub const D_5_1: Clause = Clause(&Entry {
    id: "D-5.1",
    document: Document::Dpa,
    section: "5 paragraph 1",
    name: "measures under GDPR Article 32",
});
/// `D-5.2`, 5 paragraph 2: breach risk in the risk assessment.
pub const D_5_2: Clause = Clause(&Entry {
    id: "D-5.2",
    document: Document::Dpa,
    section: "5 paragraph 2",
    name: "breach risk in the risk assessment",
});
/// `D-6.1`, 6.1: general authorisation to subprocess.
pub const D_6_1: Clause = Clause(&Entry {
    id: "D-6.1",
    document: Document::Dpa,
    section: "6.1",
    name: "general authorisation to subprocess",
});
/// `D-6.2`, 6.2: Subprocessors engaged before the agreement.
pub const D_6_2: Clause = Clause(&Entry {
    id: "D-6.2",
    document: Document::Dpa,
    section: "6.2",
    name: "Subprocessors engaged before the agreement",
});
/// `D-6.3a`, 6.3: prior written notice of a new Subprocessor.
pub const D_6_3A: Clause = Clause(&Entry {
    id: "D-6.3a",
    document: Document::Dpa,
    section: "6.3",
    name: "prior written notice of a new Subprocessor",
});
/// `D-6.3b`, 6.3: two-week objection window.
pub const D_6_3B: Clause =
    Clause(&Entry { id: "D-6.3b", document: Document::Dpa, section: "6.3", name: "two-week objection window" });
/// `D-6.3c`, 6.3: written objection on reasonable grounds.
pub const D_6_3C: Clause = Clause(&Entry {
    id: "D-6.3c",
    document: Document::Dpa,
    section: "6.3",
    name: "written objection on reasonable grounds",
});
/// `D-6.3d`, 6.3: good-faith change avoiding the Subprocessor.
pub const D_6_3D: Clause = Clause(&Entry {
    id: "D-6.3d",
    document: Document::Dpa,
    section: "6.3",
    name: "good-faith change avoiding the Subprocessor",
});
/// `D-6.3e`, 6.3: silence and unresolved objection: nothing stated.
pub const D_6_3E: Clause = Clause(&Entry {
    id: "D-6.3e",
    document: Document::Dpa,
    section: "6.3",
    name: "silence and unresolved objection: nothing stated",
});
/// `D-6.4.1`, 6.4.1: due diligence before first processing.
pub const D_6_4_1: Clause = Clause(&Entry {
    id: "D-6.4.1",
    document: Document::Dpa,
    section: "6.4.1",
    name: "due diligence before first processing",
});
/// `D-6.4.2`, 6.4.2: written contract with the same protection.
pub const D_6_4_2: Clause = Clause(&Entry {
    id: "D-6.4.2",
    document: Document::Dpa,
    section: "6.4.2",
    name: "written contract with the same protection",
});
/// `D-6.4.3`, 6.4.3: copies of Subprocessor agreements on request.
pub const D_6_4_3: Clause = Clause(&Entry {
    id: "D-6.4.3",
    document: Document::Dpa,
    section: "6.4.3",
    name: "copies of Subprocessor agreements on request",
});
/// `D-7.1a`, 7.1: prompt notice of a Data Subject Request, to 24 May 2018.
pub const D_7_1A: Clause = Clause(&Entry {
    id: "D-7.1a",
    document: Document::Dpa,
    section: "7.1",
    name: "prompt notice of a Data Subject Request, to 24 May 2018",
});
/// `D-7.1b`, 7.1: no reply to the Data Subject without consent.
pub const D_7_1B: Clause = Clause(&Entry {
    id: "D-7.1b",
    document: Document::Dpa,
    section: "7.1",
    name: "no reply to the Data Subject without consent",
});
/// `D-7.1c`, 7.1: reasonable help at the customer's cost.
pub const D_7_1C: Clause = Clause(&Entry {
    id: "D-7.1c",
    document: Document::Dpa,
    section: "7.1",
    name: "reasonable help at the customer's cost",
});
/// `D-7.2a`, 7.2: prompt notice of a Data Subject Request, from 25 May 2018.
pub const D_7_2A: Clause = Clause(&Entry {
    id: "D-7.2a",
    document: Document::Dpa,
    section: "7.2",
    name: "prompt notice of a Data Subject Request, from 25 May 2018",
});
/// `D-7.2b`, 7.2: help by technical and organisational measures.
pub const D_7_2B: Clause = Clause(&Entry {
    id: "D-7.2b",
    document: Document::Dpa,
    section: "7.2",
    name: "help by technical and organisational measures",
});
/// `D-7.2c`, 7.2: efforts where the customer cannot act itself.
pub const D_7_2C: Clause = Clause(&Entry {
    id: "D-7.2c",
    document: Document::Dpa,
    section: "7.2",
    name: "efforts where the customer cannot act itself",
});
/// `D-7.2d`, 7.2: help at the customer's cost.
pub const D_7_2D: Clause =
    Clause(&Entry { id: "D-7.2d", document: Document::Dpa, section: "7.2", name: "help at the customer's cost" });
/// `D-8.1a`, 8.1: breach notice to the customer without undue delay.
pub const D_8_1A: Clause = Clause(&Entry {
    id: "D-8.1a",
    document: Document::Dpa,
    section: "8.1",
    name: "breach notice to the customer without undue delay",
});
/// `D-8.1b`, 8.1: awareness of the provider or any Subprocessor.
pub const D_8_1B: Clause = Clause(&Entry {
    id: "D-8.1b",
    document: Document::Dpa,
    section: "8.1",
    name: "awareness of the provider or any Subprocessor",
});
/// `D-8.1c`, 8.1: breach notice sufficient for the customer's own duties.
pub const D_8_1C: Clause = Clause(&Entry {
    id: "D-8.1c",
    document: Document::Dpa,
    section: "8.1",
    name: "breach notice sufficient for the customer's own duties",
});
/// `D-8.2`, 8.2: cooperation after a breach.
pub const D_8_2: Clause =
    Clause(&Entry { id: "D-8.2", document: Document::Dpa, section: "8.2", name: "cooperation after a breach" });
/// `D-9.1`, 9: help with impact assessment and prior consultation.
pub const D_9_1: Clause = Clause(&Entry {
    id: "D-9.1",
    document: Document::Dpa,
    section: "9",
    name: "help with impact assessment and prior consultation",
});
/// `D-10.1a`, 10.1: prompt deletion.
pub const D_10_1A: Clause =
    Clause(&Entry { id: "D-10.1a", document: Document::Dpa, section: "10.1", name: "prompt deletion" });
/// `D-10.1b`, 10.1: one month from Cessation Date.
pub const D_10_1B: Clause =
    Clause(&Entry { id: "D-10.1b", document: Document::Dpa, section: "10.1", name: "one month from Cessation Date" });
/// `D-10.1c`, 10.1: all copies, Subprocessors' included.
pub const D_10_1C: Clause = Clause(&Entry {
    id: "D-10.1c",
    document: Document::Dpa,
    section: "10.1",
    name: "all copies, Subprocessors' included",
});
/// `D-10.1d`, 10.1: meaning of Cessation Date.
pub const D_10_1D: Clause =
    Clause(&Entry { id: "D-10.1d", document: Document::Dpa, section: "10.1", name: "meaning of Cessation Date" });
/// `D-10.2a`, 10.2: 90-day return request window.
pub const D_10_2A: Clause =
    Clause(&Entry { id: "D-10.2a", document: Document::Dpa, section: "10.2", name: "90-day return request window" });
/// `D-10.2b`, 10.2(a): complete copy, by secure transfer, in the customer's format.
pub const D_10_2B: Clause = Clause(&Entry {
    id: "D-10.2b",
    document: Document::Dpa,
    section: "10.2(a)",
    name: "complete copy, by secure transfer, in the customer's format",
});
/// `D-10.2c`, 10.2(b): deletion of all other copies after return.
pub const D_10_2C: Clause = Clause(&Entry {
    id: "D-10.2c",
    document: Document::Dpa,
    section: "10.2(b)",
    name: "deletion of all other copies after return",
});
/// `D-10.2d`, 10.2: return request met within one month of Cessation Date.
pub const D_10_2D: Clause = Clause(&Entry {
    id: "D-10.2d",
    document: Document::Dpa,
    section: "10.2",
    name: "return request met within one month of Cessation Date",
});
/// `D-10.3a`, 10.3: retention required by law.
pub const D_10_3A: Clause =
    Clause(&Entry { id: "D-10.3a", document: Document::Dpa, section: "10.3", name: "retention required by law" });
/// `D-10.3b`, 10.3: confidentiality and purpose limit while retained.
pub const D_10_3B: Clause = Clause(&Entry {
    id: "D-10.3b",
    document: Document::Dpa,
    section: "10.3",
    name: "confidentiality and purpose limit while retained",
});
/// `D-10.4`, 10.4: certificate within 30 days of request.
pub const D_10_4: Clause = Clause(&Entry {
    id: "D-10.4",
    document: Document::Dpa,
    section: "10.4",
    name: "certificate within 30 days of request",
});
/// `D-11.1`, 11.1: compliance information on request.
pub const D_11_1: Clause = Clause(&Entry {
    id: "D-11.1",
    document: Document::Dpa,
    section: "11.1",
    name: "compliance information on request",
});
/// `D-11.2a`, 11.2(a): audit report not older than 18 months.
pub const D_11_2A: Clause = Clause(&Entry {
    id: "D-11.2a",
    document: Document::Dpa,
    section: "11.2(a)",
    name: "audit report not older than 18 months",
});
/// `D-11.2b`, 11.2(a): independent auditor, accepted standard, sufficient measures.
pub const D_11_2B: Clause = Clause(&Entry {
    id: "D-11.2b",
    document: Document::Dpa,
    section: "11.2(a)",
    name: "independent auditor, accepted standard, sufficient measures",
});
/// `D-11.2c`, 11.2(b): information to an EU authority on request.
pub const D_11_2C: Clause = Clause(&Entry {
    id: "D-11.2c",
    document: Document::Dpa,
    section: "11.2(b)",
    name: "information to an EU authority on request",
});
/// `D-12.1`, 12.1: clauses entered for each Restricted Transfer.
pub const D_12_1: Clause = Clause(&Entry {
    id: "D-12.1",
    document: Document::Dpa,
    section: "12.1",
    name: "clauses entered for each Restricted Transfer",
});
/// `D-12.2`, 12.2: clauses in force from the latest of three dates.
pub const D_12_2: Clause = Clause(&Entry {
    id: "D-12.2",
    document: Document::Dpa,
    section: "12.2",
    name: "clauses in force from the latest of three dates",
});
/// `D-12.3`, 12.3: clauses only where they make the transfer lawful.
pub const D_12_3: Clause = Clause(&Entry {
    id: "D-12.3",
    document: Document::Dpa,
    section: "12.3",
    name: "clauses only where they make the transfer lawful",
});
/// `D-12.4`, 12.4: authority to bind other Subprocessors.
pub const D_12_4: Clause = Clause(&Entry {
    id: "D-12.4",
    document: Document::Dpa,
    section: "12.4",
    name: "authority to bind other Subprocessors",
});
/// `D-13.1`, 13.1: forum and governing law of the Online Agreement.
pub const D_13_1: Clause = Clause(&Entry {
    id: "D-13.1",
    document: Document::Dpa,
    section: "13.1",
    name: "forum and governing law of the Online Agreement",
});
/// `D-13.2a`, 13.2: no reduction of existing protection.
pub const D_13_2A: Clause = Clause(&Entry {
    id: "D-13.2a",
    document: Document::Dpa,
    section: "13.2",
    name: "no reduction of existing protection",
});
/// `D-13.2b`, 13.2: Standard Contractual Clauses prevail over the addendum.
pub const D_13_2B: Clause = Clause(&Entry {
    id: "D-13.2b",
    document: Document::Dpa,
    section: "13.2",
    name: "Standard Contractual Clauses prevail over the addendum",
});
/// `D-13.3`, 13.3: addendum prevails over other agreements.
pub const D_13_3: Clause = Clause(&Entry {
    id: "D-13.3",
    document: Document::Dpa,
    section: "13.3",
    name: "addendum prevails over other agreements",
});
/// `D-13.4.1`, 13.4.1: variation of the clauses on 60 days' written notice.
pub const D_13_4_1: Clause = Clause(&Entry {
    id: "D-13.4.1",
    document: Document::Dpa,
    section: "13.4.1",
    name: "variation of the clauses on 60 days' written notice",
});
/// `D-13.4.2`, 13.4.2: proposal of other variations.
pub const D_13_4_2: Clause =
    Clause(&Entry { id: "D-13.4.2", document: Document::Dpa, section: "13.4.2", name: "proposal of other variations" });
/// `D-13.5.1`, 13.5.1: prompt cooperation with a variation.
pub const D_13_5_1: Clause = Clause(&Entry {
    id: "D-13.5.1",
    document: Document::Dpa,
    section: "13.5.1",
    name: "prompt cooperation with a variation",
});
/// `D-13.5.2`, 13.5.2: consequential variations not unreasonably withheld.
pub const D_13_5_2: Clause = Clause(&Entry {
    id: "D-13.5.2",
    document: Document::Dpa,
    section: "13.5.2",
    name: "consequential variations not unreasonably withheld",
});
/// `D-13.6`, 13.6: prompt discussion in good faith.
pub const D_13_6: Clause =
    Clause(&Entry { id: "D-13.6", document: Document::Dpa, section: "13.6", name: "prompt discussion in good faith" });
/// `D-13.7`, 13.7: aggregate cap on liability.
pub const D_13_7: Clause =
    Clause(&Entry { id: "D-13.7", document: Document::Dpa, section: "13.7", name: "aggregate cap on liability" });
/// `D-13.8`, 13.8: severability.
pub const D_13_8: Clause =
    Clause(&Entry { id: "D-13.8", document: Document::Dpa, section: "13.8", name: "severability" });
/// `AX1-1`, Annex 1, heading "Duration of the Processing": duration of the processing.
pub const AX1_1: Clause = Clause(&Entry {
    id: "AX1-1",
    document: Document::Dpa,
    section: "Annex 1, heading \"Duration of the Processing\"",
    name: "duration of the processing",
});
/// `AX1-2`, Annex 1, heading "Nature and Purpose of the Processing": nature and purpose of the processing.
pub const AX1_2: Clause = Clause(&Entry {
    id: "AX1-2",
    document: Document::Dpa,
    section: "Annex 1, heading \"Nature and Purpose of the Processing\"",
    name: "nature and purpose of the processing",
});
/// `AX1-3`, Annex 1, heading "Types of Customer Personal Data": eight types of data.
pub const AX1_3: Clause = Clause(&Entry {
    id: "AX1-3",
    document: Document::Dpa,
    section: "Annex 1, heading \"Types of Customer Personal Data\"",
    name: "eight types of data",
});
/// `AX1-4`, Annex 1, heading "Types of Customer Personal Data", last paragraph: uploads that may hold special categories.
pub const AX1_4: Clause = Clause(&Entry {
    id: "AX1-4",
    document: Document::Dpa,
    section: "Annex 1, heading \"Types of Customer Personal Data\", last paragraph",
    name: "uploads that may hold special categories",
});
/// `AX1-5`, Annex 1, heading "Categories of Data Subjects": four groups of data subjects.
pub const AX1_5: Clause = Clause(&Entry {
    id: "AX1-5",
    document: Document::Dpa,
    section: "Annex 1, heading \"Categories of Data Subjects\"",
    name: "four groups of data subjects",
});

/// Every clause of this part, in the order of the document.
pub(super) const DPA: &[Clause] = &[
    D_0_1, D_0_2, D_0_3, D_1_1, D_1_2, D_1_3, D_1_4, D_1_5, D_1_6, D_1_7, D_1_8, D_1_9, D_1_10, D_1_11, D_1_12, D_1_13,
    D_1_14, D_1_15, D_1_16, D_1_17, D_1_18, D_2_1, D_3_1_1, D_3_1_2A, D_3_1_2B, D_3_2_1A, D_3_2_1B, D_3_2_2, D_3_2_3,
    D_3_3, D_4_1A, D_4_1B, D_4_1C, D_5_1, D_5_2, D_6_1, D_6_2, D_6_3A, D_6_3B, D_6_3C, D_6_3D, D_6_3E, D_6_4_1,
    D_6_4_2, D_6_4_3, D_7_1A, D_7_1B, D_7_1C, D_7_2A, D_7_2B, D_7_2C, D_7_2D, D_8_1A, D_8_1B, D_8_1C, D_8_2, D_9_1,
    D_10_1A, D_10_1B, D_10_1C, D_10_1D, D_10_2A, D_10_2B, D_10_2C, D_10_2D, D_10_3A, D_10_3B, D_10_4, D_11_1, D_11_2A,
    D_11_2B, D_11_2C, D_12_1, D_12_2, D_12_3, D_12_4, D_13_1, D_13_2A, D_13_2B, D_13_3, D_13_4_1, D_13_4_2, D_13_5_1,
    D_13_5_2, D_13_6, D_13_7, D_13_8, AX1_1, AX1_2, AX1_3, AX1_4, AX1_5,
];
