mod changes;
mod checkpoints;
mod notes;
mod proofs;

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::*;
use crate::audit::tree::{Tree, TreeHead, leaf_hash};

/// A host's own key of no algorithm that anyone knows: the signature is a hash of a word and the text.
pub(super) struct Toy {
    name: KeyName,
    word: &'static str,
}

impl Toy {
    pub(super) fn new(name: &str, word: &'static str) -> Self {
        Self { name: KeyName::try_new(name).unwrap(), word }
    }
}

impl CheckpointSigner for Toy {
    fn name(&self) -> &KeyName {
        &self.name
    }

    fn id(&self) -> KeyId {
        let [a, b, c, d, ..] = *leaf_hash(self.word.as_bytes()).as_bytes();
        KeyId::new([a, b, c, d])
    }

    fn sign(&self, text: &[u8]) -> Result<Vec<u8>, SignError> {
        Ok(leaf_hash(&[self.word.as_bytes(), text].concat()).as_bytes().to_vec())
    }
}

impl CheckpointVerifier for Toy {
    fn name(&self) -> &KeyName {
        &self.name
    }

    fn id(&self) -> KeyId {
        CheckpointSigner::id(self)
    }

    fn is_valid(&self, text: &[u8], signature: &[u8]) -> bool {
        self.sign(text).unwrap() == signature
    }
}

fn origin() -> Origin {
    Origin::try_new("audit.example.com/acme").unwrap()
}

fn log(size: u64) -> Tree {
    (0..size).map(|index| alloc::format!("leaf {index}")).collect()
}

fn signed(size: u64, keys: &[&dyn CheckpointSigner]) -> SignedCheckpoint {
    Checkpoint::new(origin(), log(size).head()).sign(keys).unwrap()
}

/// Every text that differs from this one in one bit and is UTF-8 still.
fn flips(text: &str) -> impl Iterator<Item = String> {
    (0..text.len() * 8).filter_map(|bit| {
        let mut bytes = text.as_bytes().to_vec();
        bytes[bit / 8] ^= 1 << (bit % 8);
        String::from_utf8(bytes).ok()
    })
}
