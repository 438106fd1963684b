use alloc::borrow::Cow;
use alloc::string::{String, ToString};

use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform as _};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::PolicySet;
use crate::access::AddressRange;
use crate::id::OpaqueId;
use crate::password::Strength;
use crate::time::Timestamp;

impl PolicySet {
    /// The JSON Schema (draft 2020-12) of a policy file, in JSON or TOML, for editors and for checks before a file is read.
    ///
    /// It knows every name and type, the defaults, and that no other name is allowed. It does not know the ranges, nor
    /// what settings ask of each other, nor that a session must be chosen: [`from_json`](Self::from_json) does. Of a list
    /// of addresses it knows `entries`, and not `only`, which is read as well.
    ///
    /// ```
    /// use clausework::profile::PolicySet;
    ///
    /// let schema: serde_json::Value = serde_json::from_str(&PolicySet::json_schema())?;
    /// assert_eq!(schema["required"], serde_json::json!(["sign_in"]));
    /// let lockout = &schema["$defs"]["LockoutPolicy"];
    /// assert_eq!(lockout["properties"]["limit"]["default"], 3);
    /// assert_eq!(lockout["additionalProperties"], false); // `limits` is a mistake
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn json_schema() -> String {
        let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Self>();
        // Of what is documented, what it is; the rest is about Rust.
        RecursiveTransform(|schema: &mut Schema| {
            let first = schema.get("description").and_then(|text| text.as_str()?.split("\n\n").next());
            if let Some(first) = first.map(ToString::to_string) {
                schema.insert("description".into(), first.into());
            }
        })
        .transform(&mut schema);
        schema.to_value().to_string()
    }
}

macro_rules! written {
    ($($kind:ident: $schema:tt;)+) => {$(
        impl JsonSchema for $kind {
            fn schema_name() -> Cow<'static, str> {
                stringify!($kind).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    )+};
}

written! {
    OpaqueId: { "type": "string", "pattern": "^[A-Za-z0-9_.-]{1,64}$" };
    Timestamp: { "type": "string", "format": "date-time" };
    AddressRange: { "type": "string", "description": "A network, an address, or a range of addresses." };
    Strength: { "type": "integer", "minimum": 0, "maximum": 4 };
}
