use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize, Serializer};

use super::Value;

/// The values of a fact, sorted by name, each name once. They are few: a list is smaller than a tree.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "BTreeMap<Cow<'static, str>, Value>")]
pub(super) struct Details(pub(super) Vec<(Cow<'static, str>, Value)>);

impl Details {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// Adds a value, in place of another of this name.
    pub(super) fn set(&mut self, name: &'static str, value: Value) {
        self.0.retain(|(known, _)| known != name);
        let at = self.0.partition_point(|(known, _)| &**known < name);
        self.0.insert(at, (name.into(), value));
    }
}

impl From<BTreeMap<Cow<'static, str>, Value>> for Details {
    fn from(details: BTreeMap<Cow<'static, str>, Value>) -> Self {
        Self(details.into_iter().collect())
    }
}

impl Serialize for Details {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}
