//! The ENGAGE Privacy & Security Policy, edition of 1 January 2015.

use super::{Clause, Document, Entry};

/// `E-0.1`, date line under the title: dated edition of the policy.
pub const E_0_1: Clause = Clause(&Entry {
    id: "E-0.1",
    document: Document::Engage,
    section: "date line under the title",
    name: "dated edition of the policy",
});
/// `E-0.2`, opening paragraph: support for customers' privacy duties.
pub const E_0_2: Clause = Clause(&Entry {
    id: "E-0.2",
    document: Document::Engage,
    section: "opening paragraph",
    name: "support for customers' privacy duties",
});
/// `E-1.1`, 1 bullet 1: statement of collection, use and sharing.
pub const E_1_1: Clause = Clause(&Entry {
    id: "E-1.1",
    document: Document::Engage,
    section: "1 bullet 1",
    name: "statement of collection, use and sharing",
});
/// `E-1.2`, 1 bullet 2: opt-out from marketing messages.
pub const E_1_2: Clause = Clause(&Entry {
    id: "E-1.2",
    document: Document::Engage,
    section: "1 bullet 2",
    name: "opt-out from marketing messages",
});
/// `E-1.3`, 1 bullet 3: update of own information.
pub const E_1_3: Clause = Clause(&Entry {
    id: "E-1.3",
    document: Document::Engage,
    section: "1 bullet 3",
    name: "update of own information",
});
/// `E-2.1`, 2 bullet 1: roles responsible for security.
pub const E_2_1: Clause = Clause(&Entry {
    id: "E-2.1",
    document: Document::Engage,
    section: "2 bullet 1",
    name: "roles responsible for security",
});
/// `E-2.2a`, 2 bullet 2: policy as part of the personnel handbook.
pub const E_2_2A: Clause = Clause(&Entry {
    id: "E-2.2a",
    document: Document::Engage,
    section: "2 bullet 2",
    name: "policy as part of the personnel handbook",
});
/// `E-2.2b`, 2 bullet 2: personnel bound by the policies.
pub const E_2_2B: Clause = Clause(&Entry {
    id: "E-2.2b",
    document: Document::Engage,
    section: "2 bullet 2",
    name: "personnel bound by the policies",
});
/// `E-2.3`, 2 bullet 3: regular awareness sessions.
pub const E_2_3: Clause = Clause(&Entry {
    id: "E-2.3",
    document: Document::Engage,
    section: "2 bullet 3",
    name: "regular awareness sessions",
});
/// `E-3.1`, 3 bullet 1: disclosure only in narrow cases such as legal duty.
pub const E_3_1: Clause = Clause(&Entry {
    id: "E-3.1",
    document: Document::Engage,
    section: "3 bullet 1",
    name: "disclosure only in narrow cases such as legal duty",
});
/// `E-3.2`, 3 bullet 2: four purposes of access to customer accounts.
pub const E_3_2: Clause = Clause(&Entry {
    id: "E-3.2",
    document: Document::Engage,
    section: "3 bullet 2",
    name: "four purposes of access to customer accounts",
});
/// `E-4.0`, 4 opening paragraph: customers urged to secure their credentials.
pub const E_4_0: Clause = Clause(&Entry {
    id: "E-4.0",
    document: Document::Engage,
    section: "4 opening paragraph",
    name: "customers urged to secure their credentials",
});
/// `E-4.1`, 4 bullet 1: news on security issues and trends.
pub const E_4_1: Clause = Clause(&Entry {
    id: "E-4.1",
    document: Document::Engage,
    section: "4 bullet 1",
    name: "news on security issues and trends",
});
/// `E-4.2`, 4 bullet 2: security e-mails to end users.
pub const E_4_2: Clause = Clause(&Entry {
    id: "E-4.2",
    document: Document::Engage,
    section: "4 bullet 2",
    name: "security e-mails to end users",
});
/// `E-4.3`, 4 bullet 3: guidelines for customer-controlled settings.
pub const E_4_3: Clause = Clause(&Entry {
    id: "E-4.3",
    document: Document::Engage,
    section: "4 bullet 3",
    name: "guidelines for customer-controlled settings",
});
/// `E-4.4`, 4 bullet 4: security sessions at conferences and webinars.
pub const E_4_4: Clause = Clause(&Entry {
    id: "E-4.4",
    document: Document::Engage,
    section: "4 bullet 4",
    name: "security sessions at conferences and webinars",
});
/// `E-5.1a`, 5 bullet 1: first login data only to the key user.
pub const E_5_1A: Clause = Clause(&Entry {
    id: "E-5.1a",
    document: Document::Engage,
    section: "5 bullet 1",
    name: "first login data only to the key user",
});
/// `E-5.1b`, 5 bullet 1: key user named by e-mail address.
pub const E_5_1B: Clause = Clause(&Entry {
    id: "E-5.1b",
    document: Document::Engage,
    section: "5 bullet 1",
    name: "key user named by e-mail address",
});
/// `E-5.1c`, 5 bullet 1: generated password changed at first login.
pub const E_5_1C: Clause = Clause(&Entry {
    id: "E-5.1c",
    document: Document::Engage,
    section: "5 bullet 1",
    name: "generated password changed at first login",
});
/// `E-5.1d`, 5 bullet 1: generated password expires after 15 days.
pub const E_5_1D: Clause = Clause(&Entry {
    id: "E-5.1d",
    document: Document::Engage,
    section: "5 bullet 1",
    name: "generated password expires after 15 days",
});
/// `E-5.2a`, 5 bullet 2: further accounts added by the customer alone.
pub const E_5_2A: Clause = Clause(&Entry {
    id: "E-5.2a",
    document: Document::Engage,
    section: "5 bullet 2",
    name: "further accounts added by the customer alone",
});
/// `E-5.2b`, 5 bullet 2: new user: mailed temporary password, enforced change.
pub const E_5_2B: Clause = Clause(&Entry {
    id: "E-5.2b",
    document: Document::Engage,
    section: "5 bullet 2",
    name: "new user: mailed temporary password, enforced change",
});
/// `E-5.3`, 5 bullet 3: passwords closed to staff.
pub const E_5_3: Clause = Clause(&Entry {
    id: "E-5.3",
    document: Document::Engage,
    section: "5 bullet 3",
    name: "passwords closed to staff",
});
/// `E-5.4`, 5 bullet 4: creator, last update and timestamps on every record.
pub const E_5_4: Clause = Clause(&Entry {
    id: "E-5.4",
    document: Document::Engage,
    section: "5 bullet 4",
    name: "creator, last update and timestamps on every record",
});
/// `E-5.5`, 5 bullet 5: User Manager open to staff only after the customer's approval.
pub const E_5_5: Clause = Clause(&Entry {
    id: "E-5.5",
    document: Document::Engage,
    section: "5 bullet 5",
    name: "User Manager open to staff only after the customer's approval",
});
/// `E-5.6a`, 5 bullet 6: support only through login data the customer gave.
pub const E_5_6A: Clause = Clause(&Entry {
    id: "E-5.6a",
    document: Document::Engage,
    section: "5 bullet 6",
    name: "support only through login data the customer gave",
});
/// `E-5.6b`, 5 bullet 6: no customer login data kept.
pub const E_5_6B: Clause = Clause(&Entry {
    id: "E-5.6b",
    document: Document::Engage,
    section: "5 bullet 6",
    name: "no customer login data kept",
});
/// `E-5.7`, 5 bullet 7: access limited to allowed IP addresses.
pub const E_5_7: Clause = Clause(&Entry {
    id: "E-5.7",
    document: Document::Engage,
    section: "5 bullet 7",
    name: "access limited to allowed IP addresses",
});
/// `E-5.8`, 5 bullet 8: login limited to HTTPS.
pub const E_5_8: Clause =
    Clause(&Entry { id: "E-5.8", document: Document::Engage, section: "5 bullet 8", name: "login limited to HTTPS" });
/// `E-5.9`, 5 bullet 9: logical separation of customers.
pub const E_5_9: Clause = Clause(&Entry {
    id: "E-5.9",
    document: Document::Engage,
    section: "5 bullet 9",
    name: "logical separation of customers",
});
/// `E-5.10a`, 5 bullet 10: unique, unpredictable session tokens.
pub const E_5_10A: Clause = Clause(&Entry {
    id: "E-5.10a",
    document: Document::Engage,
    section: "5 bullet 10",
    name: "unique, unpredictable session tokens",
});
/// `E-5.10b`, 5 bullet 10: configurable session time-out.
pub const E_5_10B: Clause = Clause(&Entry {
    id: "E-5.10b",
    document: Document::Engage,
    section: "5 bullet 10",
    name: "configurable session time-out",
});
/// `E-5.10c`, 5 bullet 10: password policies, sharing rules and user profiles.
pub const E_5_10C: Clause = Clause(&Entry {
    id: "E-5.10c",
    document: Document::Engage,
    section: "5 bullet 10",
    name: "password policies, sharing rules and user profiles",
});
/// `E-6H.1`, 6 (Hosting) bullet 1: hosting provider.
pub const E_6H_1: Clause = Clause(&Entry {
    id: "E-6H.1",
    document: Document::Engage,
    section: "6 (Hosting) bullet 1",
    name: "hosting provider",
});
/// `E-6H.2`, 6 (Hosting) bullet 2: certifications of the hosting provider.
pub const E_6H_2: Clause = Clause(&Entry {
    id: "E-6H.2",
    document: Document::Engage,
    section: "6 (Hosting) bullet 2",
    name: "certifications of the hosting provider",
});
/// `E-6H.3`, 6 (Hosting) bullet 3: network measures of the hosting provider.
pub const E_6H_3: Clause = Clause(&Entry {
    id: "E-6H.3",
    document: Document::Engage,
    section: "6 (Hosting) bullet 3",
    name: "network measures of the hosting provider",
});
/// `E-6H.4`, 6 (Hosting) bullet 4: three-fold redundant servers.
pub const E_6H_4: Clause = Clause(&Entry {
    id: "E-6H.4",
    document: Document::Engage,
    section: "6 (Hosting) bullet 4",
    name: "three-fold redundant servers",
});
/// `E-6H.5`, 6 (Hosting) bullet 5: replication to a disaster-recovery data centre.
pub const E_6H_5: Clause = Clause(&Entry {
    id: "E-6H.5",
    document: Document::Engage,
    section: "6 (Hosting) bullet 5",
    name: "replication to a disaster-recovery data centre",
});
/// `E-6H.6`, 6 (Hosting) bullet 6: backup in a separate data centre.
pub const E_6H_6: Clause = Clause(&Entry {
    id: "E-6H.6",
    document: Document::Engage,
    section: "6 (Hosting) bullet 6",
    name: "backup in a separate data centre",
});
/// `E-6H.7a`, 6 (Hosting) bullet 7: database reached only from the offices.
pub const E_6H_7A: Clause = Clause(&Entry {
    id: "E-6H.7a",
    document: Document::Engage,
    section: "6 (Hosting) bullet 7",
    name: "database reached only from the offices",
});
/// `E-6H.7b`, 6 (Hosting) bullet 7: database reached only by development staff.
pub const E_6H_7B: Clause = Clause(&Entry {
    id: "E-6H.7b",
    document: Document::Engage,
    section: "6 (Hosting) bullet 7",
    name: "database reached only by development staff",
});
/// `E-6H.7c`, 6 (Hosting) bullet 7: database reached only for releases or an extra backup.
pub const E_6H_7C: Clause = Clause(&Entry {
    id: "E-6H.7c",
    document: Document::Engage,
    section: "6 (Hosting) bullet 7",
    name: "database reached only for releases or an extra backup",
});
/// `E-6H.8a`, 6 (Hosting) bullet 8: production servers closed to staff.
pub const E_6H_8A: Clause = Clause(&Entry {
    id: "E-6H.8a",
    document: Document::Engage,
    section: "6 (Hosting) bullet 8",
    name: "production servers closed to staff",
});
/// `E-6H.8b`, 6 (Hosting) bullet 8: region of the servers.
pub const E_6H_8B: Clause = Clause(&Entry {
    id: "E-6H.8b",
    document: Document::Engage,
    section: "6 (Hosting) bullet 8",
    name: "region of the servers",
});
/// `E-6P.1`, 6 (Password policy) bullet 1: password composition.
pub const E_6P_1: Clause = Clause(&Entry {
    id: "E-6P.1",
    document: Document::Engage,
    section: "6 (Password policy) bullet 1",
    name: "password composition",
});
/// `E-6P.2`, 6 (Password policy) bullet 1: every temporary password expires after 15 days.
pub const E_6P_2: Clause = Clause(&Entry {
    id: "E-6P.2",
    document: Document::Engage,
    section: "6 (Password policy) bullet 1",
    name: "every temporary password expires after 15 days",
});
/// `E-6P.3`, 6 (Password policy) bullet 2: lock-out of 15 minutes after 3 invalid attempts.
pub const E_6P_3: Clause = Clause(&Entry {
    id: "E-6P.3",
    document: Document::Engage,
    section: "6 (Password policy) bullet 2",
    name: "lock-out of 15 minutes after 3 invalid attempts",
});
/// `E-C.1`, heading "Change", sentence 1: policy may be changed.
pub const E_C_1: Clause = Clause(&Entry {
    id: "E-C.1",
    document: Document::Engage,
    section: "heading \"Change\", sentence 1",
    name: "policy may be changed",
});
/// `E-C.2`, heading "Change", sentence 2: new version on the website.
pub const E_C_2: Clause = Clause(&Entry {
    id: "E-C.2",
    document: Document::Engage,
    section: "heading \"Change\", sentence 2",
    name: "new version on the website",
});

/// Every clause of this part, in the order of the document.
pub(super) const ENGAGE: &[Clause] = &[
    E_0_1, E_0_2, E_1_1, E_1_2, E_1_3, E_2_1, E_2_2A, E_2_2B, E_2_3, E_3_1, E_3_2, E_4_0, E_4_1, E_4_2, E_4_3, E_4_4,
    E_5_1A, E_5_1B, E_5_1C, E_5_1D, E_5_2A, E_5_2B, E_5_3, E_5_4, E_5_5, E_5_6A, E_5_6B, E_5_7, E_5_8, E_5_9, E_5_10A,
    E_5_10B, E_5_10C, E_6H_1, E_6H_2, E_6H_3, E_6H_4, E_6H_5, E_6H_6, E_6H_7A, E_6H_7B, E_6H_7C, E_6H_8A, E_6H_8B,
    E_6P_1, E_6P_2, E_6P_3, E_C_1, E_C_2,
];
