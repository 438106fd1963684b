//! The JSON form of a list: the same in a policy file, in a rule file and in a store.

use alloc::vec::Vec;
use core::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::entry::ListEntry;
use super::list::{IpList, IpListBuilder, ListMode, ListOwner};

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct Form {
    #[serde(default)]
    of: ListOwner,
    #[serde(default)]
    mode: ListMode,
    #[serde(default)]
    version: u64,
    #[serde(alias = "only")]
    entries: Vec<ListEntry>,
}

#[derive(Serialize)]
struct Written<'a> {
    of: &'a ListOwner,
    mode: ListMode,
    version: u64,
    entries: &'a [ListEntry],
}

/// The word `off`, or the members.
#[cfg(feature = "schema")]
impl schemars::JsonSchema for IpList {
    fn schema_name() -> alloc::borrow::Cow<'static, str> {
        "IpList".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "anyOf": [{ "const": "off" }, Form::json_schema(generator)] })
    }
}

impl Serialize for IpList {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (of, mode, version, entries) = (self.owner(), self.mode(), self.version(), self.entries());
        Written { of, mode, version, entries }.serialize(serializer)
    }
}

/// By hand, so that the word `off` is read as well and an error says where in the file it is.
impl<'de> Deserialize<'de> for IpList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = IpList;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list with `entries`, or `off`")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<IpList, E> {
                match text {
                    "off" => Ok(IpList::off(ListOwner::Tenant)),
                    _ => Err(E::invalid_value(serde::de::Unexpected::Str(text), &self)),
                }
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<IpList, A::Error> {
                let Form { of: owner, mode, version, entries } = Form::deserialize(MapAccessDeserializer::new(map))?;
                IpListBuilder { owner, mode, version, entries }.build().map_err(A::Error::custom)
            }
        }

        deserializer.deserialize_any(Either)
    }
}
