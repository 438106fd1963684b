//! The CleverTap Data Processing Addendum (undated): main text and Annex 1.

use super::{Clause, Document, Entry};

/// `D-0.1`, preamble: parties and agency.
pub const D_0_1: Clause =
    Clause(&Entry { id: "D-0.1", document: Document::Dpa, section: "preamble", name: "parties and agency" });
/// `D-0.2`, preamble: addendum to Online Agreement.
pub const D_0_2: Clause =
    Clause(&Entry { id: "D-0.2", document: Document::Dpa, section: "preamble", name: "addendum to Online Agreement" });
/// `D-0.3`, (absent): no date in the text.
pub const D_0_3: Clause =
    Clause(&Entry { id: "D-0.3", document: Document::Dpa, section: "(absent)", name: "no date in the text" });
/// `D-1.1`, 1: Applicable Laws.
pub const D_1_1: Clause =
    Clause(&Entry { id: "D-1.1", document: Document::Dpa, section: "1", name: "Applicable Laws" });
/// `D-1.2`, 1: CleverTap Affiliate.
pub const D_1_2: Clause =
    Clause(&Entry { id: "D-1.2", document: Document::Dpa, section: "1", name: "CleverTap Affiliate" });
/// `D-1.3`, 1: Contracted Processor.
pub const D_1_3: Clause =
    Clause(&Entry { id: "D-1.3", document: Document::Dpa, section: "1", name: "Contracted Processor" });
/// `D-1.4`, 1: Customer Affiliate.
pub const D_1_4: Clause =
    Clause(&Entry { id: "D-1.4", document: Document::Dpa, section: "1", name: "Customer Affiliate" });
/// `D-1.5`, 1: Customer Group Member.
pub const D_1_5: Clause =
    Clause(&Entry { id: "D-1.5", document: Document::Dpa, section: "1", name: "Customer Group Member" });
/// `D-1.6`, 1: Customer Personal Data.
pub const D_1_6: Clause =
    Clause(&Entry { id: "D-1.6", document: Document::Dpa, section: "1", name: "Customer Personal Data" });
/// `D-1.7`, 1: Data Protection Laws.
pub const D_1_7: Clause =
    Clause(&Entry { id: "D-1.7", document: Document::Dpa, section: "1", name: "Data Protection Laws" });
/// `D-1.8`, 1: EEA.
pub const D_1_8: Clause = Clause(&Entry { id: "D-1.8", document: Document::Dpa, section: "1", name: "EEA" });
/// `D-1.9`, 1: EU Data Protection Laws.
pub const D_1_9: Clause =
    Clause(&Entry { id: "D-1.9", document: Document::Dpa, section: "1", name: "EU Data Protection Laws" });
/// `D-1.10`, 1: GDPR.
pub const D_1_10: Clause = Clause(&Entry { id: "D-1.10", document: Document::Dpa, section: "1", name: "GDPR" });
/// `D-1.11`, 1: Restricted Transfer test.
pub const D_1_11: Clause =
    Clause(&Entry { id: "D-1.11", document: Document::Dpa, section: "1", name: "Restricted Transfer test" });
/// `D-1.12`, 1: UK/EEA after exit.
pub const D_1_12: Clause =
    Clause(&Entry { id: "D-1.12", document: Document::Dpa, section: "1", name: "UK/EEA after exit" });
/// `D-1.13`, 1: adequacy / derogation exclusion.
pub const D_1_13: Clause =
    Clause(&Entry { id: "D-1.13", document: Document::Dpa, section: "1", name: "adequacy / derogation exclusion" });
/// `D-1.14`, 1: Services.
pub const D_1_14: Clause = Clause(&Entry { id: "D-1.14", document: Document::Dpa, section: "1", name: "Services" });
/// `D-1.15`, 1: SCC definition.
pub const D_1_15: Clause =
    Clause(&Entry { id: "D-1.15", document: Document::Dpa, section: "1", name: "SCC definition" });
/// `D-1.16`, 1: Subprocessor.
pub const D_1_16: Clause = Clause(&Entry { id: "D-1.16", document: Document::Dpa, section: "1", name: "Subprocessor" });
/// `D-1.17`, 1: GDPR terms.
pub const D_1_17: Clause = Clause(&Entry { id: "D-1.17", document: Document::Dpa, section: "1", name: "GDPR terms" });
/// `D-1.18`, 1: 'include'.
pub const D_1_18: Clause = Clause(&Entry { id: "D-1.18", document: Document::Dpa, section: "1", name: "'include'" });
/// `D-2.1`, 2: affiliate authority.
pub const D_2_1: Clause =
    Clause(&Entry { id: "D-2.1", document: Document::Dpa, section: "2", name: "affiliate authority" });
/// `D-3.1.1`, 3.1: comply with law.
pub const D_3_1_1: Clause =
    Clause(&Entry { id: "D-3.1.1", document: Document::Dpa, section: "3.1", name: "comply with law" });
/// `D-3.1.2a`, 3.1: documented instructions only.
pub const D_3_1_2A: Clause =
    Clause(&Entry { id: "D-3.1.2a", document: Document::Dpa, section: "3.1", name: "documented instructions only" });
/// `D-3.1.2b`, 3.1: legal-requirement exception + prior information.
pub const D_3_1_2B: Clause = Clause(&Entry {
    id: "D-3.1.2b",
    document: Document::Dpa,
    section: "3.1",
    name: "legal-requirement exception + prior information",
});
/// `D-3.2.1a`, 3.2.1: standing instruction: process.
pub const D_3_2_1A: Clause =
    Clause(&Entry { id: "D-3.2.1a", document: Document::Dpa, section: "3.2.1", name: "standing instruction: process" });
/// `D-3.2.1b`, 3.2.1: standing instruction: transfer anywhere.
pub const D_3_2_1B: Clause = Clause(&Entry {
    id: "D-3.2.1b",
    document: Document::Dpa,
    section: "3.2.1",
    name: "standing instruction: transfer anywhere",
});
/// `D-3.2.2`, 3.2.2: continuing authority warranty.
pub const D_3_2_2: Clause =
    Clause(&Entry { id: "D-3.2.2", document: Document::Dpa, section: "3.2.2", name: "continuing authority warranty" });
/// `D-3.2.3`, 3.2.3: customer compliance; accuracy, quality, legality.
pub const D_3_2_3: Clause = Clause(&Entry {
    id: "D-3.2.3",
    document: Document::Dpa,
    section: "3.2.3",
    name: "customer compliance; accuracy, quality, legality",
});
/// `D-3.3`, 3.3: Annex 1 amendments.
pub const D_3_3: Clause =
    Clause(&Entry { id: "D-3.3", document: Document::Dpa, section: "3.3", name: "Annex 1 amendments" });
/// `D-4.1a`, 4: reliability of personnel.
pub const D_4_1A: Clause =
    Clause(&Entry { id: "D-4.1a", document: Document::Dpa, section: "4", name: "reliability of personnel" });
/// `D-4.1b`, 4: need-to-know.
pub const D_4_1B: Clause = Clause(&Entry { id: "D-4.1b", document: Document::Dpa, section: "4", name: "need-to-know" });
/// `D-4.1c`, 4: confidentiality undertakings.
pub const D_4_1C: Clause =
    Clause(&Entry { id: "D-4.1c", document: Document::Dpa, section: "4", name: "confidentiality undertakings" });
/// `D-5.1`, 5: Art 32 measures.
pub const D_5_1: Clause =
    Clause(&Entry { id: "D-5.1", document: Document::Dpa, section: "5", name: "Art 32 measures" });
/// `D-5.2`, 5: breach-aware risk view.
pub const D_5_2: Clause =
    Clause(&Entry { id: "D-5.2", document: Document::Dpa, section: "5", name: "breach-aware risk view" });
/// `D-6.1`, 6.1: general authorisation.
pub const D_6_1: Clause =
    Clause(&Entry { id: "D-6.1", document: Document::Dpa, section: "6.1", name: "general authorisation" });
/// `D-6.2`, 6.2: existing Subprocessors.
pub const D_6_2: Clause =
    Clause(&Entry { id: "D-6.2", document: Document::Dpa, section: "6.2", name: "existing Subprocessors" });
/// `D-6.3a`, 6.3: prior written notice.
pub const D_6_3A: Clause =
    Clause(&Entry { id: "D-6.3a", document: Document::Dpa, section: "6.3", name: "prior written notice" });
/// `D-6.3b`, 6.3: two-week objection window.
pub const D_6_3B: Clause =
    Clause(&Entry { id: "D-6.3b", document: Document::Dpa, section: "6.3", name: "two-week objection window" });
/// `D-6.3c`, 6.3: objection form.
pub const D_6_3C: Clause =
    Clause(&Entry { id: "D-6.3c", document: Document::Dpa, section: "6.3", name: "objection form" });
/// `D-6.3d`, 6.3: good-faith alternative.
pub const D_6_3D: Clause =
    Clause(&Entry { id: "D-6.3d", document: Document::Dpa, section: "6.3", name: "good-faith alternative" });
/// `D-6.3e`, 6.3: silence / no outcome stated.
pub const D_6_3E: Clause =
    Clause(&Entry { id: "D-6.3e", document: Document::Dpa, section: "6.3", name: "silence / no outcome stated" });
/// `D-6.4.1`, 6.4.1: due diligence.
pub const D_6_4_1: Clause =
    Clause(&Entry { id: "D-6.4.1", document: Document::Dpa, section: "6.4.1", name: "due diligence" });
/// `D-6.4.2`, 6.4.2: flow-down contract.
pub const D_6_4_2: Clause =
    Clause(&Entry { id: "D-6.4.2", document: Document::Dpa, section: "6.4.2", name: "flow-down contract" });
/// `D-6.4.3`, 6.4.3: copies of agreements on request.
pub const D_6_4_3: Clause = Clause(&Entry {
    id: "D-6.4.3",
    document: Document::Dpa,
    section: "6.4.3",
    name: "copies of agreements on request",
});
/// `D-7.1a`, 7.1: DSR: prompt notice (until 2018-05-24).
pub const D_7_1A: Clause = Clause(&Entry {
    id: "D-7.1a",
    document: Document::Dpa,
    section: "7.1",
    name: "DSR: prompt notice (until 2018-05-24)",
});
/// `D-7.1b`, 7.1: no reply without consent.
pub const D_7_1B: Clause =
    Clause(&Entry { id: "D-7.1b", document: Document::Dpa, section: "7.1", name: "no reply without consent" });
/// `D-7.1c`, 7.1: reasonable help, customer pays.
pub const D_7_1C: Clause =
    Clause(&Entry { id: "D-7.1c", document: Document::Dpa, section: "7.1", name: "reasonable help, customer pays" });
/// `D-7.2a`, 7.2: DSR: prompt notice (from 2018-05-25).
pub const D_7_2A: Clause = Clause(&Entry {
    id: "D-7.2a",
    document: Document::Dpa,
    section: "7.2",
    name: "DSR: prompt notice (from 2018-05-25)",
});
/// `D-7.2b`, 7.2: technical/organisational assistance.
pub const D_7_2B: Clause = Clause(&Entry {
    id: "D-7.2b",
    document: Document::Dpa,
    section: "7.2",
    name: "technical/organisational assistance",
});
/// `D-7.2c`, 7.2: extra efforts if customer cannot self-serve.
pub const D_7_2C: Clause = Clause(&Entry {
    id: "D-7.2c",
    document: Document::Dpa,
    section: "7.2",
    name: "extra efforts if customer cannot self-serve",
});
/// `D-7.2d`, 7.2: customer bears cost.
pub const D_7_2D: Clause =
    Clause(&Entry { id: "D-7.2d", document: Document::Dpa, section: "7.2", name: "customer bears cost" });
/// `D-8.1a`, 8.1: breach notice without undue delay.
pub const D_8_1A: Clause =
    Clause(&Entry { id: "D-8.1a", document: Document::Dpa, section: "8.1", name: "breach notice without undue delay" });
/// `D-8.1b`, 8.1: awareness of provider OR any Subprocessor.
pub const D_8_1B: Clause = Clause(&Entry {
    id: "D-8.1b",
    document: Document::Dpa,
    section: "8.1",
    name: "awareness of provider OR any Subprocessor",
});
/// `D-8.1c`, 8.1: sufficient content.
pub const D_8_1C: Clause =
    Clause(&Entry { id: "D-8.1c", document: Document::Dpa, section: "8.1", name: "sufficient content" });
/// `D-8.2`, 8.2: cooperation.
pub const D_8_2: Clause = Clause(&Entry { id: "D-8.2", document: Document::Dpa, section: "8.2", name: "cooperation" });
/// `D-9.1`, 9: DPIA and prior consultation help.
pub const D_9_1: Clause =
    Clause(&Entry { id: "D-9.1", document: Document::Dpa, section: "9", name: "DPIA and prior consultation help" });
/// `D-10.1a`, 10.1: delete promptly.
pub const D_10_1A: Clause =
    Clause(&Entry { id: "D-10.1a", document: Document::Dpa, section: "10.1", name: "delete promptly" });
/// `D-10.1b`, 10.1: one month from Cessation Date.
pub const D_10_1B: Clause =
    Clause(&Entry { id: "D-10.1b", document: Document::Dpa, section: "10.1", name: "one month from Cessation Date" });
/// `D-10.1c`, 10.1: all copies, incl. Subprocessors'.
pub const D_10_1C: Clause = Clause(&Entry {
    id: "D-10.1c",
    document: Document::Dpa,
    section: "10.1",
    name: "all copies, incl. Subprocessors'",
});
/// `D-10.1d`, 10.1: Cessation Date.
pub const D_10_1D: Clause =
    Clause(&Entry { id: "D-10.1d", document: Document::Dpa, section: "10.1", name: "Cessation Date" });
/// `D-10.2a`, 10.2: 90-day return request window.
pub const D_10_2A: Clause =
    Clause(&Entry { id: "D-10.2a", document: Document::Dpa, section: "10.2", name: "90-day return request window" });
/// `D-10.2b`, 10.2: complete copy, secure transfer, customer's format.
pub const D_10_2B: Clause = Clause(&Entry {
    id: "D-10.2b",
    document: Document::Dpa,
    section: "10.2",
    name: "complete copy, secure transfer, customer's format",
});
/// `D-10.2c`, 10.2: then delete other copies.
pub const D_10_2C: Clause =
    Clause(&Entry { id: "D-10.2c", document: Document::Dpa, section: "10.2", name: "then delete other copies" });
/// `D-10.2d`, 10.2: comply within one month of Cessation Date.
pub const D_10_2D: Clause = Clause(&Entry {
    id: "D-10.2d",
    document: Document::Dpa,
    section: "10.2",
    name: "comply within one month of Cessation Date",
});
/// `D-10.3a`, 10.3: retention required by law.
pub const D_10_3A: Clause =
    Clause(&Entry { id: "D-10.3a", document: Document::Dpa, section: "10.3", name: "retention required by law" });
/// `D-10.3b`, 10.3: confidentiality + purpose limit while held.
pub const D_10_3B: Clause = Clause(&Entry {
    id: "D-10.3b",
    document: Document::Dpa,
    section: "10.3",
    name: "confidentiality + purpose limit while held",
});
/// `D-10.4`, 10.4: certificate within 30 days of request.
pub const D_10_4: Clause = Clause(&Entry {
    id: "D-10.4",
    document: Document::Dpa,
    section: "10.4",
    name: "certificate within 30 days of request",
});
/// `D-11.1`, 11.1: compliance information on reasonable request.
pub const D_11_1: Clause = Clause(&Entry {
    id: "D-11.1",
    document: Document::Dpa,
    section: "11.1",
    name: "compliance information on reasonable request",
});
/// `D-11.2a`, 11.2: audit report not older than 18 months.
pub const D_11_2A: Clause = Clause(&Entry {
    id: "D-11.2a",
    document: Document::Dpa,
    section: "11.2",
    name: "audit report not older than 18 months",
});
/// `D-11.2b`, 11.2: independent external auditor, accepted standard, sufficiency shown.
pub const D_11_2B: Clause = Clause(&Entry {
    id: "D-11.2b",
    document: Document::Dpa,
    section: "11.2",
    name: "independent external auditor, accepted standard, sufficiency shown",
});
/// `D-11.2c`, 11.2: information to an EU authority.
pub const D_11_2C: Clause =
    Clause(&Entry { id: "D-11.2c", document: Document::Dpa, section: "11.2", name: "information to an EU authority" });
/// `D-12.1`, 12.1: SCC entered for each Restricted Transfer.
pub const D_12_1: Clause = Clause(&Entry {
    id: "D-12.1",
    document: Document::Dpa,
    section: "12.1",
    name: "SCC entered for each Restricted Transfer",
});
/// `D-12.2`, 12.2: SCC in force = latest of three dates.
pub const D_12_2: Clause = Clause(&Entry {
    id: "D-12.2",
    document: Document::Dpa,
    section: "12.2",
    name: "SCC in force = latest of three dates",
});
/// `D-12.3`, 12.3: SCC only if effective.
pub const D_12_3: Clause =
    Clause(&Entry { id: "D-12.3", document: Document::Dpa, section: "12.3", name: "SCC only if effective" });
/// `D-12.4`, 12.4: authority for non-affiliate Subprocessors.
pub const D_12_4: Clause = Clause(&Entry {
    id: "D-12.4",
    document: Document::Dpa,
    section: "12.4",
    name: "authority for non-affiliate Subprocessors",
});
/// `D-13.1`, 13.1: forum and law of Online Agreement.
pub const D_13_1: Clause = Clause(&Entry {
    id: "D-13.1",
    document: Document::Dpa,
    section: "13.1",
    name: "forum and law of Online Agreement",
});
/// `D-13.2a`, 13.2: no reduction of protection.
pub const D_13_2A: Clause =
    Clause(&Entry { id: "D-13.2a", document: Document::Dpa, section: "13.2", name: "no reduction of protection" });
/// `D-13.2b`, 13.2: SCC prevail over DPA.
pub const D_13_2B: Clause =
    Clause(&Entry { id: "D-13.2b", document: Document::Dpa, section: "13.2", name: "SCC prevail over DPA" });
/// `D-13.3`, 13.3: DPA prevails over other agreements.
pub const D_13_3: Clause = Clause(&Entry {
    id: "D-13.3",
    document: Document::Dpa,
    section: "13.3",
    name: "DPA prevails over other agreements",
});
/// `D-13.4.1`, 13.4.1: SCC variation on at least 60 days' written notice.
pub const D_13_4_1: Clause = Clause(&Entry {
    id: "D-13.4.1",
    document: Document::Dpa,
    section: "13.4.1",
    name: "SCC variation on at least 60 days' written notice",
});
/// `D-13.4.2`, 13.4.2: propose other variations.
pub const D_13_4_2: Clause =
    Clause(&Entry { id: "D-13.4.2", document: Document::Dpa, section: "13.4.2", name: "propose other variations" });
/// `D-13.5.1`, 13.5.1: provider cooperates promptly.
pub const D_13_5_1: Clause =
    Clause(&Entry { id: "D-13.5.1", document: Document::Dpa, section: "13.5.1", name: "provider cooperates promptly" });
/// `D-13.5.2`, 13.5.2: customer does not unreasonably withhold.
pub const D_13_5_2: Clause = Clause(&Entry {
    id: "D-13.5.2",
    document: Document::Dpa,
    section: "13.5.2",
    name: "customer does not unreasonably withhold",
});
/// `D-13.6`, 13.6: prompt discussion, good faith, implement soon.
pub const D_13_6: Clause = Clause(&Entry {
    id: "D-13.6",
    document: Document::Dpa,
    section: "13.6",
    name: "prompt discussion, good faith, implement soon",
});
/// `D-13.7`, 13.7: aggregate liability cap.
pub const D_13_7: Clause =
    Clause(&Entry { id: "D-13.7", document: Document::Dpa, section: "13.7", name: "aggregate liability cap" });
/// `D-13.8`, 13.8: severability.
pub const D_13_8: Clause =
    Clause(&Entry { id: "D-13.8", document: Document::Dpa, section: "13.8", name: "severability" });
/// `AX1-1`, Annex 1: duration.
pub const AX1_1: Clause = Clause(&Entry { id: "AX1-1", document: Document::Dpa, section: "Annex 1", name: "duration" });
/// `AX1-2`, Annex 1: nature and purpose.
pub const AX1_2: Clause =
    Clause(&Entry { id: "AX1-2", document: Document::Dpa, section: "Annex 1", name: "nature and purpose" });
/// `AX1-3`, Annex 1: 8 data types.
pub const AX1_3: Clause =
    Clause(&Entry { id: "AX1-3", document: Document::Dpa, section: "Annex 1", name: "8 data types" });
/// `AX1-4`, Annex 1: uploads may hold special categories.
pub const AX1_4: Clause = Clause(&Entry {
    id: "AX1-4",
    document: Document::Dpa,
    section: "Annex 1",
    name: "uploads may hold special categories",
});
/// `AX1-5`, Annex 1: 4 data-subject groups.
pub const AX1_5: Clause =
    Clause(&Entry { id: "AX1-5", document: Document::Dpa, section: "Annex 1", name: "4 data-subject groups" });

/// Every clause of this part, in the order of the document.
pub(super) const ALL: &[Clause] = &[
    D_0_1, D_0_2, D_0_3, D_1_1, D_1_2, D_1_3, D_1_4, D_1_5, D_1_6, D_1_7, D_1_8, D_1_9, D_1_10, D_1_11, D_1_12, D_1_13,
    D_1_14, D_1_15, D_1_16, D_1_17, D_1_18, D_2_1, D_3_1_1, D_3_1_2A, D_3_1_2B, D_3_2_1A, D_3_2_1B, D_3_2_2, D_3_2_3,
    D_3_3, D_4_1A, D_4_1B, D_4_1C, D_5_1, D_5_2, D_6_1, D_6_2, D_6_3A, D_6_3B, D_6_3C, D_6_3D, D_6_3E, D_6_4_1,
    D_6_4_2, D_6_4_3, D_7_1A, D_7_1B, D_7_1C, D_7_2A, D_7_2B, D_7_2C, D_7_2D, D_8_1A, D_8_1B, D_8_1C, D_8_2, D_9_1,
    D_10_1A, D_10_1B, D_10_1C, D_10_1D, D_10_2A, D_10_2B, D_10_2C, D_10_2D, D_10_3A, D_10_3B, D_10_4, D_11_1, D_11_2A,
    D_11_2B, D_11_2C, D_12_1, D_12_2, D_12_3, D_12_4, D_13_1, D_13_2A, D_13_2B, D_13_3, D_13_4_1, D_13_4_2, D_13_5_1,
    D_13_5_2, D_13_6, D_13_7, D_13_8, AX1_1, AX1_2, AX1_3, AX1_4, AX1_5,
];
