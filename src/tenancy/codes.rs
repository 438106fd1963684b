//! The stable codes of the module.

use crate::event::Code;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $kind:ident $text:literal;)+) => {
        $($(#[doc = $doc])+ pub const $name: Code = Code::$kind($text);)+

        /// Every code of this module.
        pub const CODES: &[Code] = &[$($name),+];
    };
}

codes! {
    /// The one answer to whoever asks for what he cannot have.
    NOT_FOUND = public "tenancy.not_found";
    /// Something was allowed. Stored by hosts that log permissions too.
    ALLOWED = internal "tenancy.allowed";
    /// Something was denied; the details say why.
    DENIED = internal "tenancy.denied";
    /// A tenant was founded.
    FOUNDED = internal "tenancy.founded";
    /// A role was defined, or defined anew.
    ROLE_DEFINED = internal "tenancy.role_defined";
    /// A profile was opened.
    OPENED = internal "tenancy.profile_opened";
    /// An account got other roles.
    ROLES_SET = internal "tenancy.roles_set";
    /// An account got a role.
    ROLE_GIVEN = internal "tenancy.role_given";
    /// A role was taken from an account.
    ROLE_TAKEN = internal "tenancy.role_taken";
    /// A profile was closed.
    CLOSED = internal "tenancy.profile_closed";
    /// An account was made administrator.
    APPOINTED = internal "tenancy.appointed";
    /// An account is administrator no more.
    DISMISSED = internal "tenancy.dismissed";
    /// A change by an administrator, or by somebody who is none, was refused.
    REFUSED = internal "tenancy.administration_refused";
    /// A resource was shared.
    SHARED = internal "tenancy.shared";
    /// A share was taken back.
    WITHDRAWN = internal "tenancy.withdrawn";
    /// Shares are over.
    LAPSED = internal "tenancy.lapsed";
    /// A share, or its end, was refused.
    SHARE_REFUSED = internal "tenancy.share_refused";
    /// Missing: the tenant has no roles.
    NOT_FOUNDED = internal "tenancy.not_founded";
    /// Missing: there is no open profile.
    NO_PROFILE = internal "tenancy.no_profile";
    /// Missing: the role does not exist.
    UNKNOWN_ROLE = internal "tenancy.unknown_role";
    /// Missing: the role is of another function.
    OTHER_FUNCTION = internal "tenancy.other_function";
    /// Missing: nothing allows it.
    NOT_PERMITTED = internal "tenancy.not_permitted";
    /// Missing: a field is not among those allowed.
    FIELD = internal "tenancy.field";
    /// Missing: the grant is in force no more.
    GRANT_OVER = internal "tenancy.grant_over";
    /// Missing: the grant is for something else.
    OUTSIDE_GRANT = internal "tenancy.outside_grant";
    /// Missing: the interface is not declared.
    UNKNOWN_INTERFACE = internal "tenancy.unknown_interface";
    /// Missing: there is no such purpose.
    UNKNOWN_PURPOSE = internal "tenancy.unknown_purpose";
    /// Missing: the interface is not for this purpose.
    NOT_FOR_INTERFACE = internal "tenancy.not_for_interface";
    /// Missing: the data was collected for a purpose that there is not.
    UNKNOWN_COLLECTED = internal "tenancy.unknown_collected";
    /// Missing: the data was collected for another purpose.
    INCOMPATIBLE = internal "tenancy.incompatible";
    /// Refused: the customer alone administers and shares.
    NOT_THE_CUSTOMER = internal "tenancy.not_the_customer";
    /// Refused: no administrator.
    NOT_ADMINISTRATOR = internal "tenancy.not_administrator";
    /// Refused: founded already.
    ALREADY_FOUNDED = internal "tenancy.already_founded";
    /// Refused: the id was given before.
    ID_TAKEN = internal "tenancy.id_taken";
    /// Refused: a role stays with its function.
    FUNCTION_FIXED = internal "tenancy.function_fixed";
    /// Refused: more than the administrator may do himself.
    BEYOND_OWN = internal "tenancy.beyond_own";
    /// Refused: nobody would be left who may do everything.
    LAST_ADMINISTRATOR = internal "tenancy.last_administrator";
    /// Refused: more than there may be.
    TOO_MANY = internal "tenancy.too_many";
    /// Refused: the roles would be no policy.
    INVALID_ROLES = internal "tenancy.invalid_roles";
    /// Refused: who shares may not do that himself.
    NOT_HELD = internal "tenancy.not_held";
    /// Refused: nobody of the tenant.
    NO_RECIPIENT = internal "tenancy.no_recipient";
    /// Refused: nothing to share.
    NOTHING_SHARED = internal "tenancy.nothing_shared";
    /// Refused: over already.
    OVER = internal "tenancy.over";
    /// Refused: there is no such share.
    NO_SHARE = internal "tenancy.no_share";
    /// A highly confidential value is in the clear.
    NOT_SEALED = internal "tenancy.not_sealed";
    /// A field has no class.
    UNCLASSIFIED = internal "tenancy.unclassified";
}
