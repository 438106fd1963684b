//! The law the two documents point at with "as required by law".

use super::{Clause, Document, Entry};

/// `G-12.3`, GDPR 12(3): act on a request within one month of receipt.
pub const G_12_3: Clause = Clause(&Entry {
    id: "G-12.3",
    document: Document::Law,
    section: "GDPR 12(3)",
    name: "act on a request within one month of receipt",
});
/// `G-12.4`, GDPR 12(4): inform of a refusal within one month.
pub const G_12_4: Clause = Clause(&Entry {
    id: "G-12.4",
    document: Document::Law,
    section: "GDPR 12(4)",
    name: "inform of a refusal within one month",
});
/// `G-28.2`, GDPR 28(2): inform of sub-processor changes.
pub const G_28_2: Clause = Clause(&Entry {
    id: "G-28.2",
    document: Document::Law,
    section: "GDPR 28(2)",
    name: "inform of sub-processor changes",
});
/// `G-28.3g`, GDPR 28(3)(g): delete or return at the end.
pub const G_28_3G: Clause = Clause(&Entry {
    id: "G-28.3g",
    document: Document::Law,
    section: "GDPR 28(3)(g)",
    name: "delete or return at the end",
});
/// `G-28.3x`, GDPR 28(3) last: tell of an infringing instruction.
pub const G_28_3X: Clause = Clause(&Entry {
    id: "G-28.3x",
    document: Document::Law,
    section: "GDPR 28(3) last",
    name: "tell of an infringing instruction",
});
/// `G-33.1`, GDPR 33(1): breach to the authority within 72 hours.
pub const G_33_1: Clause = Clause(&Entry {
    id: "G-33.1",
    document: Document::Law,
    section: "GDPR 33(1)",
    name: "breach to the authority within 72 hours",
});
/// `G-33.2`, GDPR 33(2): breach to the controller without undue delay.
pub const G_33_2: Clause = Clause(&Entry {
    id: "G-33.2",
    document: Document::Law,
    section: "GDPR 33(2)",
    name: "breach to the controller without undue delay",
});
/// `G-33.4`, GDPR 33(4): breach information in phases.
pub const G_33_4: Clause = Clause(&Entry {
    id: "G-33.4",
    document: Document::Law,
    section: "GDPR 33(4)",
    name: "breach information in phases",
});
/// `G-33.5`, GDPR 33(5): document every breach.
pub const G_33_5: Clause =
    Clause(&Entry { id: "G-33.5", document: Document::Law, section: "GDPR 33(5)", name: "document every breach" });
/// `G-34`, GDPR 34: breach to the data subjects.
pub const G_34: Clause =
    Clause(&Entry { id: "G-34", document: Document::Law, section: "GDPR 34", name: "breach to the data subjects" });
/// `G-36.2`, GDPR 36(2): prior consultation, 8 weeks and 6 more.
pub const G_36_2: Clause = Clause(&Entry {
    id: "G-36.2",
    document: Document::Law,
    section: "GDPR 36(2)",
    name: "prior consultation, 8 weeks and 6 more",
});
/// `G-SCC`, Decision 2021/914 Art 4: end of the 2010/87 clauses.
pub const G_SCC: Clause = Clause(&Entry {
    id: "G-SCC",
    document: Document::Law,
    section: "Decision 2021/914 Art 4",
    name: "end of the 2010/87 clauses",
});
/// `G-PS`, C-311/18: Privacy Shield invalid.
pub const G_PS: Clause =
    Clause(&Entry { id: "G-PS", document: Document::Law, section: "C-311/18", name: "Privacy Shield invalid" });
/// `G-CCPA`, CCPA regs §7021: 10 business days, 45 calendar days.
pub const G_CCPA: Clause = Clause(&Entry {
    id: "G-CCPA",
    document: Document::Law,
    section: "CCPA regs §7021",
    name: "10 business days, 45 calendar days",
});
/// `G-LGPD`, LGPD 19 II: full answer in 15 days.
pub const G_LGPD: Clause =
    Clause(&Entry { id: "G-LGPD", document: Document::Law, section: "LGPD 19 II", name: "full answer in 15 days" });
/// `G-UK`, UK GDPR 12A / DPA 2018 s.54: pause while clarification is pending.
pub const G_UK: Clause = Clause(&Entry {
    id: "G-UK",
    document: Document::Law,
    section: "UK GDPR 12A / DPA 2018 s.54",
    name: "pause while clarification is pending",
});

/// Every clause of this part, in the order of the document.
pub(super) const ALL: &[Clause] = &[
    G_12_3, G_12_4, G_28_2, G_28_3G, G_28_3X, G_33_1, G_33_2, G_33_4, G_33_5, G_34, G_36_2, G_SCC, G_PS, G_CCPA,
    G_LGPD, G_UK,
];
