//! What codes mean, for who has never seen one.

use alloc::string::{String, ToString};

/// A few words for a code of a reason or an alert; the code itself where there are none.
pub(super) fn of(code: &str) -> &str {
    match code {
        "sign_in.refused" => "sign-in refused",
        "sign_in.access_refused" => "sign-in refused for the network or the transport",
        "sign_in.change_refused" => "change of a password refused",
        "sign_in.rejected" => "new password rejected",
        "sign_in.busy" => "sign-in turned away: too many at once",
        "session.refused" => "session refused",
        "lockout.gap" => "counted only, not recorded one by one",
        "credential.issue_refused" => "temporary password not issued",
        "sign_in.mismatch" => "wrong password",
        "sign_in.unknown_account" => "no such account",
        "sign_in.no_password" => "the account has no password",
        "sign_in.expired" => "the temporary password has expired",
        "sign_in.locked" => "the account was locked",
        "sign_in.disabled" => "the password was disabled",
        "sign_in.superseded" => "overtaken by another change",
        "sign_in.overloaded" => "no memory was free for the hash",
        "sign_in.too_many_tries" => "too many tries",
        "session.dormant" => "the account was dormant",
        "session.disabled" => "the account was disabled",
        "session.full" => "as many sessions as there may be",
        "access.network_not_allowed" => "the address is on no allow list",
        "access.network_denied" => "the address is on a deny list",
        "access.no_address" => "the address is not known",
        "access.plain_transport" => "not over HTTPS",
        "alerts.brute_force" => "many wrong passwords for one account",
        "alerts.spraying" => "one source, several passwords on many accounts",
        "alerts.stuffing" => "one source, a password or two on each of many accounts",
        "alerts.distributed" => "wrong passwords for many accounts, from anywhere",
        "alerts.success_after_failures" => "the right password after several wrong ones",
        "alerts.matched_while_locked" => "the right password while locked or disabled",
        "alerts.dormant_used" => "the right password for a dormant account",
        "alerts.temporary_from_new_source" => "temporary password used from a new source",
        "alerts.long_unused" => "sign-in to a long unused account",
        "alerts.saturated" => "more was active than the detectors hold: alerts may be missing",
        "staff.expired" => "its time was over",
        "staff.unanswered" => "nobody approved it in time",
        "staff.unused" => "not used in time",
        "staff.used_up" => "it was for one use",
        "staff.closed" => "closed by its bearer",
        "staff.withdrawn" => "withdrawn by its bearer",
        "staff.dismissed" => "turned down by the customer",
        "staff.revoked" => "revoked",
        "staff.clock" => "written by a clock that was wrong",
        "staff.pending" => "not approved yet",
        "staff.no_grant" => "no such grant",
        "staff.no_purpose" => "no purpose was given",
        "staff.purpose" => "the purpose is none for this area",
        "staff.role" => "none of the roles that may",
        "staff.no_rule" => "no rule opens the area",
        "staff.passwords_closed" => "nobody may reach passwords",
        "staff.server_closed" => "nobody may reach production servers",
        "staff.no_undertaking" => "no undertaking of confidentiality",
        "staff.undertaking_not_in_force" => "the undertaking of confidentiality is not in force",
        "staff.no_customer_login" => "no login data that the customer gave",
        "staff.action_not_granted" => "the grant is not for this action",
        "staff.resource_not_granted" => "the grant is not for this thing",
        "staff.area_not_granted" => "the grant is for another area",
        "staff.purpose_not_granted" => "the grant is for another purpose",
        "staff.other_member" => "the grant is another person's",
        "staff.glass_not_enabled" => "the customer has not enabled emergencies",
        "staff.oneself" => "nobody approves his own",
        "staff.no_right" => "no right to approve",
        other => other,
    }
}

/// A stored word as it is read: `customer_data` as "customer data".
pub(super) fn spaced(word: &str) -> String {
    word.replace('_', " ")
}

/// A number with its unit; seconds in the largest unit that they fill, too.
pub(super) fn with_unit(number: u64, unit: &str) -> String {
    let whole = |length: u64| number.checked_rem(length) == Some(0) && number > 0;
    let larger = match unit {
        "seconds" if whole(86_400) => Some((number / 86_400, "day")),
        "seconds" if whole(3_600) => Some((number / 3_600, "hour")),
        "seconds" if whole(60) => Some((number / 60, "minute")),
        _ => None,
    };
    match larger {
        Some((count, name)) => {
            alloc::format!("{count} {name}{} ({number} s)", if count == 1 { "" } else { "s" })
        }
        None if unit.is_empty() => number.to_string(),
        None => alloc::format!("{number} {unit}"),
    }
}
