//! The ENGAGE Privacy & Security Policy, edition of 1 January 2015.

use super::{Clause, Document, Entry};

/// `E-0.1`, head: policy version date.
pub const E_0_1: Clause =
    Clause(&Entry { id: "E-0.1", document: Document::Engage, section: "head", name: "policy version date" });
/// `E-0.2`, head: compliance support purpose.
pub const E_0_2: Clause =
    Clause(&Entry { id: "E-0.2", document: Document::Engage, section: "head", name: "compliance support purpose" });
/// `E-1.1`, 1 bullet 1: notice of collection, use, sharing.
pub const E_1_1: Clause = Clause(&Entry {
    id: "E-1.1",
    document: Document::Engage,
    section: "1 bullet 1",
    name: "notice of collection, use, sharing",
});
/// `E-1.2`, 1 bullet 2: marketing opt-out.
pub const E_1_2: Clause =
    Clause(&Entry { id: "E-1.2", document: Document::Engage, section: "1 bullet 2", name: "marketing opt-out" });
/// `E-1.3`, 1 bullet 3: update own information.
pub const E_1_3: Clause =
    Clause(&Entry { id: "E-1.3", document: Document::Engage, section: "1 bullet 3", name: "update own information" });
/// `E-2.1`, 2 bullet 1: security responsibility roles.
pub const E_2_1: Clause = Clause(&Entry {
    id: "E-2.1",
    document: Document::Engage,
    section: "2 bullet 1",
    name: "security responsibility roles",
});
/// `E-2.2a`, 2 bullet 2: policy part of handbook.
pub const E_2_2A: Clause =
    Clause(&Entry { id: "E-2.2a", document: Document::Engage, section: "2 bullet 2", name: "policy part of handbook" });
/// `E-2.2b`, 2 bullet 2: policy acknowledgement.
pub const E_2_2B: Clause =
    Clause(&Entry { id: "E-2.2b", document: Document::Engage, section: "2 bullet 2", name: "policy acknowledgement" });
/// `E-2.3`, 2 bullet 3: awareness sessions.
pub const E_2_3: Clause =
    Clause(&Entry { id: "E-2.3", document: Document::Engage, section: "2 bullet 3", name: "awareness sessions" });
/// `E-3.1`, 3 bullet 1: disclosure only as required by law.
pub const E_3_1: Clause = Clause(&Entry {
    id: "E-3.1",
    document: Document::Engage,
    section: "3 bullet 1",
    name: "disclosure only as required by law",
});
/// `E-3.2`, 3 bullet 2: four access purposes.
pub const E_3_2: Clause =
    Clause(&Entry { id: "E-3.2", document: Document::Engage, section: "3 bullet 2", name: "four access purposes" });
/// `E-4.0`, 4 head: encourage credential hygiene.
pub const E_4_0: Clause =
    Clause(&Entry { id: "E-4.0", document: Document::Engage, section: "4 head", name: "encourage credential hygiene" });
/// `E-4.1`, 4 bullet 1: newsletters / website notices.
pub const E_4_1: Clause = Clause(&Entry {
    id: "E-4.1",
    document: Document::Engage,
    section: "4 bullet 1",
    name: "newsletters / website notices",
});
/// `E-4.2`, 4 bullet 2: security e-mails to end users.
pub const E_4_2: Clause = Clause(&Entry {
    id: "E-4.2",
    document: Document::Engage,
    section: "4 bullet 2",
    name: "security e-mails to end users",
});
/// `E-4.3`, 4 bullet 3: guidelines for customer settings.
pub const E_4_3: Clause = Clause(&Entry {
    id: "E-4.3",
    document: Document::Engage,
    section: "4 bullet 3",
    name: "guidelines for customer settings",
});
/// `E-4.4`, 4 bullet 4: conference / webinar sessions.
pub const E_4_4: Clause = Clause(&Entry {
    id: "E-4.4",
    document: Document::Engage,
    section: "4 bullet 4",
    name: "conference / webinar sessions",
});
/// `E-5.1a`, 5 bullet 1: first login data to key user.
pub const E_5_1A: Clause = Clause(&Entry {
    id: "E-5.1a",
    document: Document::Engage,
    section: "5 bullet 1",
    name: "first login data to key user",
});
/// `E-5.1b`, 5 bullet 1: key-user username.
pub const E_5_1B: Clause =
    Clause(&Entry { id: "E-5.1b", document: Document::Engage, section: "5 bullet 1", name: "key-user username" });
/// `E-5.1c`, 5 bullet 1: change generated password at first login.
pub const E_5_1C: Clause = Clause(&Entry {
    id: "E-5.1c",
    document: Document::Engage,
    section: "5 bullet 1",
    name: "change generated password at first login",
});
/// `E-5.1d`, 5 bullet 1: temp password expiry 15 days.
pub const E_5_1D: Clause = Clause(&Entry {
    id: "E-5.1d",
    document: Document::Engage,
    section: "5 bullet 1",
    name: "temp password expiry 15 days",
});
/// `E-5.2a`, 5 bullet 2: only customer adds accounts.
pub const E_5_2A: Clause = Clause(&Entry {
    id: "E-5.2a",
    document: Document::Engage,
    section: "5 bullet 2",
    name: "only customer adds accounts",
});
/// `E-5.2b`, 5 bullet 2: new-user temp password by e-mail, enforced change.
pub const E_5_2B: Clause = Clause(&Entry {
    id: "E-5.2b",
    document: Document::Engage,
    section: "5 bullet 2",
    name: "new-user temp password by e-mail, enforced change",
});
/// `E-5.3`, 5 bullet 3: passwords not accessible to staff.
pub const E_5_3: Clause = Clause(&Entry {
    id: "E-5.3",
    document: Document::Engage,
    section: "5 bullet 3",
    name: "passwords not accessible to staff",
});
/// `E-5.4`, 5 bullet 4: creator/last-update/timestamps on every record and transaction.
pub const E_5_4: Clause = Clause(&Entry {
    id: "E-5.4",
    document: Document::Engage,
    section: "5 bullet 4",
    name: "creator/last-update/timestamps on every record and transaction",
});
/// `E-5.5`, 5 bullet 5: User Manager access.
pub const E_5_5: Clause =
    Clause(&Entry { id: "E-5.5", document: Document::Engage, section: "5 bullet 5", name: "User Manager access" });
/// `E-5.6a`, 5 bullet 6: support uses customer-provided login.
pub const E_5_6A: Clause = Clause(&Entry {
    id: "E-5.6a",
    document: Document::Engage,
    section: "5 bullet 6",
    name: "support uses customer-provided login",
});
/// `E-5.6b`, 5 bullet 6: no login data stored.
pub const E_5_6B: Clause =
    Clause(&Entry { id: "E-5.6b", document: Document::Engage, section: "5 bullet 6", name: "no login data stored" });
/// `E-5.7`, 5 bullet 7: IP allow list.
pub const E_5_7: Clause =
    Clause(&Entry { id: "E-5.7", document: Document::Engage, section: "5 bullet 7", name: "IP allow list" });
/// `E-5.8`, 5 bullet 8: HTTPS-only.
pub const E_5_8: Clause =
    Clause(&Entry { id: "E-5.8", document: Document::Engage, section: "5 bullet 8", name: "HTTPS-only" });
/// `E-5.9`, 5 bullet 9: logical separation.
pub const E_5_9: Clause =
    Clause(&Entry { id: "E-5.9", document: Document::Engage, section: "5 bullet 9", name: "logical separation" });
/// `E-5.10a`, 5 bullet 10: session tokens.
pub const E_5_10A: Clause =
    Clause(&Entry { id: "E-5.10a", document: Document::Engage, section: "5 bullet 10", name: "session tokens" });
/// `E-5.10b`, 5 bullet 10: session timeout.
pub const E_5_10B: Clause =
    Clause(&Entry { id: "E-5.10b", document: Document::Engage, section: "5 bullet 10", name: "session timeout" });
/// `E-5.10c`, 5 bullet 10: password policies, sharing rules, user profiles.
pub const E_5_10C: Clause = Clause(&Entry {
    id: "E-5.10c",
    document: Document::Engage,
    section: "5 bullet 10",
    name: "password policies, sharing rules, user profiles",
});
/// `E-6H.1`, 6 (Hosting) bullet 1: hosting provider.
pub const E_6H_1: Clause = Clause(&Entry {
    id: "E-6H.1",
    document: Document::Engage,
    section: "6 (Hosting) bullet 1",
    name: "hosting provider",
});
/// `E-6H.2`, 6 (Hosting) bullet 2: provider certifications.
pub const E_6H_2: Clause = Clause(&Entry {
    id: "E-6H.2",
    document: Document::Engage,
    section: "6 (Hosting) bullet 2",
    name: "provider certifications",
});
/// `E-6H.3`, 6 (Hosting) bullet 3: provider network measures apply.
pub const E_6H_3: Clause = Clause(&Entry {
    id: "E-6H.3",
    document: Document::Engage,
    section: "6 (Hosting) bullet 3",
    name: "provider network measures apply",
});
/// `E-6H.4`, 6 (Hosting) bullet 4: three-fold redundancy.
pub const E_6H_4: Clause = Clause(&Entry {
    id: "E-6H.4",
    document: Document::Engage,
    section: "6 (Hosting) bullet 4",
    name: "three-fold redundancy",
});
/// `E-6H.5`, 6 (Hosting) bullet 5: replication to DR data centre.
pub const E_6H_5: Clause = Clause(&Entry {
    id: "E-6H.5",
    document: Document::Engage,
    section: "6 (Hosting) bullet 5",
    name: "replication to DR data centre",
});
/// `E-6H.6`, 6 (Hosting) bullet 6: backup in separate data centre.
pub const E_6H_6: Clause = Clause(&Entry {
    id: "E-6H.6",
    document: Document::Engage,
    section: "6 (Hosting) bullet 6",
    name: "backup in separate data centre",
});
/// `E-6H.7a`, 6 (Hosting) bullet 7: database only from offices.
pub const E_6H_7A: Clause = Clause(&Entry {
    id: "E-6H.7a",
    document: Document::Engage,
    section: "6 (Hosting) bullet 7",
    name: "database only from offices",
});
/// `E-6H.7b`, 6 (Hosting) bullet 7: database only by development staff.
pub const E_6H_7B: Clause = Clause(&Entry {
    id: "E-6H.7b",
    document: Document::Engage,
    section: "6 (Hosting) bullet 7",
    name: "database only by development staff",
});
/// `E-6H.7c`, 6 (Hosting) bullet 7: database only for releases or manual backup.
pub const E_6H_7C: Clause = Clause(&Entry {
    id: "E-6H.7c",
    document: Document::Engage,
    section: "6 (Hosting) bullet 7",
    name: "database only for releases or manual backup",
});
/// `E-6H.8a`, 6 (Hosting) bullet 8: no staff access to production servers.
pub const E_6H_8A: Clause = Clause(&Entry {
    id: "E-6H.8a",
    document: Document::Engage,
    section: "6 (Hosting) bullet 8",
    name: "no staff access to production servers",
});
/// `E-6H.8b`, 6 (Hosting) bullet 8: server region.
pub const E_6H_8B: Clause = Clause(&Entry {
    id: "E-6H.8b",
    document: Document::Engage,
    section: "6 (Hosting) bullet 8",
    name: "server region",
});
/// `E-6P.1`, 6 (Password policy) bullet 1: password composition.
pub const E_6P_1: Clause = Clause(&Entry {
    id: "E-6P.1",
    document: Document::Engage,
    section: "6 (Password policy) bullet 1",
    name: "password composition",
});
/// `E-6P.2`, 6 (Password policy) bullet 1: all temp passwords expire 15 days.
pub const E_6P_2: Clause = Clause(&Entry {
    id: "E-6P.2",
    document: Document::Engage,
    section: "6 (Password policy) bullet 1",
    name: "all temp passwords expire 15 days",
});
/// `E-6P.3`, 6 (Password policy) bullet 2: lock-out.
pub const E_6P_3: Clause = Clause(&Entry {
    id: "E-6P.3",
    document: Document::Engage,
    section: "6 (Password policy) bullet 2",
    name: "lock-out",
});
/// `E-C.1`, Change: policy may change.
pub const E_C_1: Clause =
    Clause(&Entry { id: "E-C.1", document: Document::Engage, section: "Change", name: "policy may change" });
/// `E-C.2`, Change: new version on website.
pub const E_C_2: Clause =
    Clause(&Entry { id: "E-C.2", document: Document::Engage, section: "Change", name: "new version on website" });

/// Every clause of this part, in the order of the document.
pub(super) const ALL: &[Clause] = &[
    E_0_1, E_0_2, E_1_1, E_1_2, E_1_3, E_2_1, E_2_2A, E_2_2B, E_2_3, E_3_1, E_3_2, E_4_0, E_4_1, E_4_2, E_4_3, E_4_4,
    E_5_1A, E_5_1B, E_5_1C, E_5_1D, E_5_2A, E_5_2B, E_5_3, E_5_4, E_5_5, E_5_6A, E_5_6B, E_5_7, E_5_8, E_5_9, E_5_10A,
    E_5_10B, E_5_10C, E_6H_1, E_6H_2, E_6H_3, E_6H_4, E_6H_5, E_6H_6, E_6H_7A, E_6H_7B, E_6H_7C, E_6H_8A, E_6H_8B,
    E_6P_1, E_6P_2, E_6P_3, E_C_1, E_C_2,
];
