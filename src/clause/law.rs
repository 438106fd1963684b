//! The law the two documents point at with "as required by law".

use super::{Clause, Document, Entry};

/// `G-12.3`, GDPR Article 12(3): action on a request within one month of receipt.
pub const G_12_3: Clause = Clause(&Entry {
    id: "G-12.3",
    document: Document::Law,
    section: "GDPR Article 12(3)",
    name: "action on a request within one month of receipt",
});
/// `G-12.4`, GDPR Article 12(4): notice of a refusal within one month.
pub const G_12_4: Clause = Clause(&Entry {
    id: "G-12.4",
    document: Document::Law,
    section: "GDPR Article 12(4)",
    name: "notice of a refusal within one month",
});
/// `G-28.2`, GDPR Article 28(2): notice of a change of sub-processor.
pub const G_28_2: Clause = Clause(&Entry {
    id: "G-28.2",
    document: Document::Law,
    section: "GDPR Article 28(2)",
    name: "notice of a change of sub-processor",
});
/// `G-28.3g`, GDPR Article 28(3)(g): deletion or return at the end.
pub const G_28_3G: Clause = Clause(&Entry {
    id: "G-28.3g",
    document: Document::Law,
    section: "GDPR Article 28(3)(g)",
    name: "deletion or return at the end",
});
/// `G-28.3x`, GDPR Article 28(3), last subparagraph: notice of an infringing instruction.
pub const G_28_3X: Clause = Clause(&Entry {
    id: "G-28.3x",
    document: Document::Law,
    section: "GDPR Article 28(3), last subparagraph",
    name: "notice of an infringing instruction",
});
/// `G-33.1`, GDPR Article 33(1): breach notice to the authority within 72 hours.
pub const G_33_1: Clause = Clause(&Entry {
    id: "G-33.1",
    document: Document::Law,
    section: "GDPR Article 33(1)",
    name: "breach notice to the authority within 72 hours",
});
/// `G-33.2`, GDPR Article 33(2): breach notice to the controller without undue delay.
pub const G_33_2: Clause = Clause(&Entry {
    id: "G-33.2",
    document: Document::Law,
    section: "GDPR Article 33(2)",
    name: "breach notice to the controller without undue delay",
});
/// `G-33.4`, GDPR Article 33(4): breach information in phases.
pub const G_33_4: Clause = Clause(&Entry {
    id: "G-33.4",
    document: Document::Law,
    section: "GDPR Article 33(4)",
    name: "breach information in phases",
});
/// `G-33.5`, GDPR Article 33(5): record of every breach.
pub const G_33_5: Clause = Clause(&Entry {
    id: "G-33.5",
    document: Document::Law,
    section: "GDPR Article 33(5)",
    name: "record of every breach",
});
/// `G-34`, GDPR Article 34: breach notice to the data subjects.
pub const G_34: Clause = Clause(&Entry {
    id: "G-34",
    document: Document::Law,
    section: "GDPR Article 34",
    name: "breach notice to the data subjects",
});
/// `G-36.2`, GDPR Article 36(2): prior consultation: 8 weeks and 6 more.
pub const G_36_2: Clause = Clause(&Entry {
    id: "G-36.2",
    document: Document::Law,
    section: "GDPR Article 36(2)",
    name: "prior consultation: 8 weeks and 6 more",
});
/// `G-SCC`, Commission Implementing Decision (EU) 2021/914, Article 4: end of the 2010/87 clauses.
pub const G_SCC: Clause = Clause(&Entry {
    id: "G-SCC",
    document: Document::Law,
    section: "Commission Implementing Decision (EU) 2021/914, Article 4",
    name: "end of the 2010/87 clauses",
});
/// `G-PS`, Court of Justice of the European Union, case C-311/18: Privacy Shield invalid.
pub const G_PS: Clause = Clause(&Entry {
    id: "G-PS",
    document: Document::Law,
    section: "Court of Justice of the European Union, case C-311/18",
    name: "Privacy Shield invalid",
});
/// `G-CCPA`, CCPA Regulations, section 7021: 10 business days to confirm, 45 calendar days to answer.
pub const G_CCPA: Clause = Clause(&Entry {
    id: "G-CCPA",
    document: Document::Law,
    section: "CCPA Regulations, section 7021",
    name: "10 business days to confirm, 45 calendar days to answer",
});
/// `G-LGPD`, LGPD (Brazil), Article 19, II: full answer in 15 days.
pub const G_LGPD: Clause = Clause(&Entry {
    id: "G-LGPD",
    document: Document::Law,
    section: "LGPD (Brazil), Article 19, II",
    name: "full answer in 15 days",
});
/// `G-UK`, UK GDPR Article 12A and Data Protection Act 2018 section 54: clock paused while clarification is pending.
pub const G_UK: Clause = Clause(&Entry {
    id: "G-UK",
    document: Document::Law,
    section: "UK GDPR Article 12A and Data Protection Act 2018 section 54",
    name: "clock paused while clarification is pending",
});

/// Every clause of this part, in the order of the document.
pub(super) const LAW: &[Clause] = &[
    G_12_3, G_12_4, G_28_2, G_28_3G, G_28_3X, G_33_1, G_33_2, G_33_4, G_33_5, G_34, G_36_2, G_SCC, G_PS, G_CCPA,
    G_LGPD, G_UK,
];
