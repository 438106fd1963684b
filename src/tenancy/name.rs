use alloc::string::String;
use alloc::sync::Arc;
use core::borrow::Borrow;
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::event::Value;
use crate::id::{IdError, OpaqueId};

/// One newtype a kind of name, so that a role is never taken for a purpose. Shared text: a verdict names its rules.
macro_rules! name {
    ($(#[doc = $doc:literal])+ $name:ident, $example:literal) => {
        $(#[doc = $doc])+
        ///
        /// As an [`OpaqueId`]: 1 to 64 of the ASCII letters, digits, `-`, `_` and `.`, compared byte by byte.
        ///
        /// ```
        #[doc = concat!("use clausework::tenancy::", stringify!($name), ";")]
        ///
        #[doc = concat!("assert_eq!(", stringify!($name), "::try_new(\"", $example, "\")?.as_str(), \"", $example, "\");")]
        #[doc = concat!("assert!(", stringify!($name), "::try_new(\"two words\").is_err());")]
        /// # Ok::<(), clausework::id::IdError>(())
        /// ```
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// Checks the text and takes it.
            ///
            /// # Errors
            /// [`IdError`], as [`OpaqueId::try_new`].
            pub fn try_new(text: impl Into<String>) -> Result<Self, IdError> {
                OpaqueId::try_new(text).map(|id| Self(id.as_str().into()))
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(text: String) -> Result<Self, IdError> {
                Self::try_new(text)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.as_str().into()
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                self.as_str()
            }
        }

        impl From<&$name> for Value {
            fn from(name: &$name) -> Self {
                Self::of_text(name.as_str().into())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

name! {
    /// What data is collected for, or used for: a word of the host's (A2-Sep-2).
    Purpose, "payroll"
}
name! {
    /// An interface, a report, a module: where data is used (A2-Sep-4).
    Interface, "payslip-export"
}
name! {
    /// A kind of resource, as [`Resource::KIND`](super::Resource::KIND) says it.
    ResourceKind, "payslip"
}
name! {
    /// A field of a kind of resource.
    Field, "salary"
}
name! {
    /// The name of a role.
    RoleId, "hr-clerk"
}
name! {
    /// The name of a rule within its role.
    RuleId, "reads-files"
}
name! {
    /// A function within the customer's organisation, which an account is bound to (A2-Use-2).
    Function, "payroll-office"
}
