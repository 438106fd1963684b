mod differential;
mod known;
mod negative;
mod stored;

use alloc::vec::Vec;

use super::*;

/// The definitions of RFC 6962 section 2.1, word for word, over leaf hashes `start..end` that `leaf` knows.
struct Reference<'a>(&'a dyn Fn(u64, u64) -> Option<Hash>);

impl Reference<'_> {
    /// MTH. `leaf` answers for single leaves, and may for subtrees that it knows whole.
    fn root(&self, start: u64, end: u64) -> Hash {
        if start == end {
            return empty_root();
        }
        (self.0)(start, end).unwrap_or_else(|| {
            let middle = start + split(end - start);
            node_hash(&self.root(start, middle), &self.root(middle, end))
        })
    }

    /// PATH(m, D[start:end]).
    fn path(&self, m: u64, start: u64, end: u64) -> Vec<Hash> {
        if end - start == 1 {
            return Vec::new();
        }
        let k = split(end - start);
        let (mut path, other) = match m < k {
            true => (self.path(m, start, start + k), self.root(start + k, end)),
            false => (self.path(m - k, start + k, end), self.root(start, start + k)),
        };
        path.push(other);
        path
    }

    /// SUBPROOF(m, D[start:end], whole).
    fn subproof(&self, m: u64, start: u64, end: u64, whole: bool) -> Vec<Hash> {
        if m == end - start {
            return if whole { Vec::new() } else { Vec::from([self.root(start, end)]) };
        }
        let k = split(end - start);
        let (mut proof, other) = match m <= k {
            true => (self.subproof(m, start, start + k, whole), self.root(start + k, end)),
            false => (self.subproof(m - k, start + k, end, false), self.root(start, start + k)),
        };
        proof.push(other);
        proof
    }
}

/// The largest power of two smaller than n.
fn split(n: u64) -> u64 {
    1 << (n - 1).ilog2()
}

fn text_leaf(index: u64) -> Hash {
    leaf_hash(alloc::format!("leaf {index}").as_bytes())
}

/// The tree over "leaf 0", "leaf 1", ...
fn text_tree(size: u64) -> Tree {
    let mut tree = Tree::new();
    (0..size).for_each(|index| {
        tree.push_leaf(text_leaf(index)).unwrap();
    });
    tree
}
