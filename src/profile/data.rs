//! The numbers. Each stands in the section it names; what is not confirmed is not here.

use super::requirement::Demand::{AtLeast, AtMost, Chosen, Off, On, Unlimited};
use super::requirement::Level::{Must, Should};
use super::requirement::{Demand, Level, Profile, Requirement};
use super::setting::Setting;

const DAY: u64 = 24 * 60 * 60;
const HOUR: u64 = 60 * 60;

const fn row(profile: Profile, section: &'static str, level: Level, setting: Setting, demand: Demand) -> Requirement {
    Requirement { profile, section, level, setting, demand }
}

pub(super) const REQUIREMENTS: &[Requirement] = &[
    // ENGAGE Privacy & Security Policy, 1 January 2015.
    row(Profile::Engage2015, "E-5.10b", Must, Setting::SessionIdle, Chosen),
    row(Profile::Engage2015, "E-6P.1", Must, Setting::PasswordMinChars, AtLeast(8)),
    row(Profile::Engage2015, "E-6P.1", Must, Setting::PasswordDigit, On),
    row(Profile::Engage2015, "E-6P.1", Must, Setting::PasswordUpper, On),
    row(Profile::Engage2015, "E-6P.1", Must, Setting::PasswordLower, On),
    row(Profile::Engage2015, "E-6P.2", Must, Setting::TemporaryLifetime, AtMost(15 * DAY)),
    row(Profile::Engage2015, "E-6P.3", Must, Setting::LockoutLimit, AtMost(3)),
    row(Profile::Engage2015, "E-6P.3", Must, Setting::LockoutSeconds, AtLeast(15 * 60)),
    // CleverTap Data Processing Addendum, Appendix 2. It gives one number, and leaves the others to whoever signs (X17).
    row(Profile::ClevertapDpa, "A2-Access-3", Must, Setting::SessionIdle, Chosen),
    row(Profile::ClevertapDpa, "A2-Access-4", Must, Setting::LockoutLimit, Chosen),
    row(Profile::ClevertapDpa, "A2-Input-6", Must, Setting::Dormancy, Chosen),
    row(Profile::ClevertapDpa, "A2-Mon-2", Must, Setting::AdministrationMonths, AtLeast(6)),
    // NIST SP 800-63B-4, final, July 2025.
    row(Profile::Nist80063b4SingleFactor, "2.1.3", Should, Setting::SessionLifetime, AtMost(30 * DAY)),
    row(Profile::Nist80063b4SingleFactor, "3.1.1.2", Must, Setting::PasswordMinChars, AtLeast(15)),
    row(Profile::Nist80063b4SingleFactor, "3.1.1.2", Should, Setting::PasswordMaxChars, AtLeast(64)),
    row(Profile::Nist80063b4SingleFactor, "3.1.1.2", Must, Setting::PasswordComposition, Off),
    row(Profile::Nist80063b4SingleFactor, "3.1.1.2", Must, Setting::PasswordMaxAge, Unlimited),
    row(Profile::Nist80063b4SingleFactor, "3.1.1.2", Must, Setting::Blocklist, On),
    row(Profile::Nist80063b4SingleFactor, "3.2.2", Must, Setting::LockoutCap, AtMost(100)),
    row(Profile::Nist80063b4MultiFactor, "2.2.3", Should, Setting::SessionLifetime, AtMost(24 * HOUR)),
    row(Profile::Nist80063b4MultiFactor, "2.2.3", Should, Setting::SessionIdle, AtMost(HOUR)),
    row(Profile::Nist80063b4MultiFactor, "3.1.1.2", Must, Setting::PasswordMinChars, AtLeast(8)),
    row(Profile::Nist80063b4MultiFactor, "3.1.1.2", Should, Setting::PasswordMaxChars, AtLeast(64)),
    row(Profile::Nist80063b4MultiFactor, "3.1.1.2", Must, Setting::PasswordComposition, Off),
    row(Profile::Nist80063b4MultiFactor, "3.1.1.2", Must, Setting::PasswordMaxAge, Unlimited),
    row(Profile::Nist80063b4MultiFactor, "3.1.1.2", Must, Setting::Blocklist, On),
    row(Profile::Nist80063b4MultiFactor, "3.2.2", Must, Setting::LockoutCap, AtMost(100)),
    // OWASP ASVS 5.0. The built-in list has fewer than the 3,000 entries of 6.2.4, so a source of the host's is asked for.
    row(Profile::OwaspAsvs5L1, "6.2.1", Must, Setting::PasswordMinChars, AtLeast(8)),
    row(Profile::OwaspAsvs5L1, "6.2.1", Should, Setting::PasswordMinChars, AtLeast(15)),
    row(Profile::OwaspAsvs5L1, "6.2.4", Must, Setting::Screening, On),
    row(Profile::OwaspAsvs5L1, "6.2.5", Must, Setting::PasswordComposition, Off),
    row(Profile::OwaspAsvs5L2, "6.2.9", Must, Setting::PasswordMaxChars, AtLeast(64)),
    row(Profile::OwaspAsvs5L2, "6.2.10", Must, Setting::PasswordMaxAge, Unlimited),
    row(Profile::OwaspAsvs5L2, "6.2.12", Must, Setting::Screening, On),
    row(Profile::OwaspAsvs5L2, "7.3.1", Must, Setting::SessionIdle, Chosen),
    row(Profile::OwaspAsvs5L2, "11.4.2", Must, Setting::HashFloor, On),
    // PCI DSS 4.0.1. 8.3.9 binds passwords that are the only factor, where risk is not analysed dynamically.
    row(Profile::PciDss401, "8.2.6", Must, Setting::Dormancy, AtMost(90)),
    row(Profile::PciDss401, "8.2.8", Must, Setting::SessionIdle, AtMost(15 * 60)),
    row(Profile::PciDss401, "8.3.4", Must, Setting::LockoutLimit, AtMost(10)),
    row(Profile::PciDss401, "8.3.4", Must, Setting::LockoutSeconds, AtLeast(30 * 60)),
    row(Profile::PciDss401, "8.3.6", Must, Setting::PasswordMinChars, AtLeast(12)),
    row(Profile::PciDss401, "8.3.6", Must, Setting::PasswordDigit, On),
    row(Profile::PciDss401, "8.3.6", Must, Setting::PasswordLetter, On),
    row(Profile::PciDss401, "8.3.7", Must, Setting::PasswordHistory, AtLeast(4)),
    row(Profile::PciDss401, "8.3.9", Must, Setting::PasswordMaxAge, AtMost(90)),
    row(Profile::PciDss401, "10.5.1", Must, Setting::LogMonths, AtLeast(12)),
    // CIS Controls v8.
    row(Profile::CisV8SingleFactor, "5.2", Must, Setting::PasswordMinChars, AtLeast(14)),
    row(Profile::CisV8SingleFactor, "5.3", Must, Setting::Dormancy, AtMost(45)),
    row(Profile::CisV8MultiFactor, "5.2", Must, Setting::PasswordMinChars, AtLeast(8)),
    row(Profile::CisV8MultiFactor, "5.3", Must, Setting::Dormancy, AtMost(45)),
];
