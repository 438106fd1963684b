//! A log in memory, as a host would keep it, that can be told to lose things.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::time::Duration;

use super::{Evidence, Ledger, Values, Verdict, Verifier};
use crate::audit::record::tests::{Counting, at, draft, essentials, id};
use crate::audit::record::{Body, Class, Disclosure, Draft, Essentials, Place, Record};
use crate::audit::tree::{Frontier, Hash, InclusionProof, NodeId, Prover, TreeHead};
use crate::time::Now;

pub(in crate::audit) fn day(number: u32) -> Now {
    Now::from(at(0).saturating_add(Duration::from_secs(u64::from(number) * 86_400)))
}

#[derive(Clone, Debug)]
pub(in crate::audit) struct Row {
    pub(in crate::audit) leaf: Hash,
    pub(in crate::audit) body: Option<Vec<u8>>,
    pub(in crate::audit) values: Vec<Disclosure>,
}

impl Row {
    pub(in crate::audit) fn evidence(&self) -> Evidence<'_> {
        self.body.as_deref().map_or(Evidence::Purged, |bytes| Evidence::Body { bytes, disclosures: &self.values })
    }
}

#[derive(Clone, Debug, Default)]
pub(in crate::audit) struct Log {
    place: Option<Place>,
    tree: Frontier,
    before: Frontier,
    rows: Vec<Row>,
    /// What stays of a beginning, with the proof that was stored with it and the head that it leads to.
    kept: Vec<(InclusionProof, TreeHead, Row)>,
}

impl Log {
    /// So many records of access on day 0.
    pub(in crate::audit) fn of(records: u64) -> Self {
        let mut log = Self::default();
        for _ in 0..records {
            log.event(day(0), Class::Access, None, false);
        }
        log
    }

    pub(in crate::audit) fn append(&mut self, now: Now, draft: Draft<'_>) -> u64 {
        self.append_at(self.place.map_or_else(|| Place::first(now), |place| place.next(now)), draft)
    }

    pub(in crate::audit) fn append_at(&mut self, place: Place, mut draft: Draft<'_>) -> u64 {
        let mut bytes = Vec::new();
        let values = draft.encode_into(place, &mut bytes).unwrap().collect();
        let leaf = self.tree.push(&bytes).unwrap();
        self.rows.push(Row { leaf, body: Some(bytes), values });
        self.place = Some(place);
        place.index()
    }

    /// Bytes of any kind, as the next record.
    #[cfg(feature = "ed25519")]
    pub(in crate::audit) fn append_bytes(&mut self, bytes: Vec<u8>) {
        let leaf = self.tree.push(&bytes).unwrap();
        self.rows.push(Row { leaf, body: Some(bytes), values: Vec::new() });
    }

    pub(in crate::audit) fn event(&mut self, now: Now, class: Class, person: Option<&str>, personal: bool) -> u64 {
        let mut draft = Draft::new(Essentials { class, at: now.timestamp(), ..essentials() });
        if let Some(person) = person {
            draft = draft.about_person(id(person));
        }
        if personal {
            let mut salts = Counting(1);
            draft = draft.personal(&mut salts, "name", "Anna").unwrap().personal(&mut salts, "phone", "555").unwrap();
        }
        self.append(now, draft)
    }

    pub(in crate::audit) fn control(&mut self, now: Now, body: Body<'_>) -> u64 {
        self.append(now, draft().body(body))
    }

    pub(in crate::audit) fn head(&self) -> TreeHead {
        self.tree.head()
    }

    pub(in crate::audit) fn minimum(&self) -> u64 {
        self.before.size()
    }

    pub(in crate::audit) fn rows(&self) -> impl Iterator<Item = (u64, &Row)> {
        (self.before.size()..).zip(&self.rows)
    }

    pub(in crate::audit) fn records(&self) -> impl Iterator<Item = Record<'_>> {
        self.rows.iter().filter_map(|row| row.body.as_deref()).map(|bytes| Record::decode(bytes).unwrap())
    }

    pub(in crate::audit) fn row(&mut self, index: u64) -> Option<&mut Row> {
        let at = index.checked_sub(self.before.size())?;
        self.rows.get_mut(usize::try_from(at).unwrap())
    }

    pub(in crate::audit) fn drop_body(&mut self, index: u64) {
        if let Some(row) = self.row(index) {
            row.body = None;
            row.values.clear();
        }
    }

    pub(in crate::audit) fn drop_value(&mut self, index: u64, field: &str) {
        self.row(index).unwrap().values.retain(|value| value.field() != field);
    }

    /// Deletes everything before this index, but for the frontier.
    pub(in crate::audit) fn collapse(&mut self, minimum: u64) {
        let gone = usize::try_from(minimum.saturating_sub(self.before.size())).unwrap();
        for row in self.rows.drain(..gone) {
            self.before.push_with(row.leaf, |_, _| {}).unwrap();
        }
    }

    /// The same, but for these records: each stays with a proof to the tree as it is.
    pub(in crate::audit) fn collapse_but(&mut self, minimum: u64, kept: &[u64]) {
        let tree = self.nodes();
        let (prover, head) = (Prover::new(&tree, self.head().size()).unwrap(), self.head());
        let start = self.minimum();
        for index in kept.iter().copied().filter(|index| (start..minimum).contains(index)) {
            let row = self.row(index).unwrap().clone();
            if row.body.is_some() {
                self.kept.push((prover.inclusion(index).unwrap(), head, row));
            }
        }
        self.collapse(minimum);
    }

    /// Every node of the tree that can still be computed.
    pub(in crate::audit) fn nodes(&self) -> BTreeMap<NodeId, Hash> {
        let mut nodes: BTreeMap<NodeId, Hash> = self.before.nodes().collect();
        let mut tree = self.before.clone();
        for row in &self.rows {
            tree.push_with(row.leaf, |node, hash| {
                nodes.insert(node, hash);
            })
            .unwrap();
        }
        nodes
    }

    #[cfg(feature = "ed25519")]
    pub(in crate::audit) fn before(&self) -> &Frontier {
        &self.before
    }

    pub(in crate::audit) fn kept(&mut self) -> &mut Vec<(InclusionProof, TreeHead, Row)> {
        &mut self.kept
    }

    /// The row is gone with its leaf hash.
    pub(in crate::audit) fn remove(&self, index: u64) -> Vec<(u64, Row)> {
        self.rows().filter(|(at, _)| *at != index).map(|(at, row)| (at, row.clone())).collect()
    }

    pub(in crate::audit) fn ledger(&self, covered: u64) -> Ledger {
        let rows = self.kept.iter().map(|(.., row)| row).chain(&self.rows);
        Ledger::of(covered, rows.filter_map(|row| row.body.as_deref()))
    }

    pub(in crate::audit) fn verify(&self, heads: &[TreeHead]) -> Verdict {
        let covered = heads.iter().map(TreeHead::size).max().unwrap_or(u64::MAX);
        self.verify_by(&self.ledger(covered), heads)
    }

    pub(in crate::audit) fn verify_by(&self, ledger: &Ledger, heads: &[TreeHead]) -> Verdict {
        self.verify_rows(ledger, heads, self.rows())
    }

    pub(in crate::audit) fn verify_rows<'a>(
        &self,
        ledger: &Ledger,
        heads: &[TreeHead],
        rows: impl Iterator<Item = (u64, &'a Row)>,
    ) -> Verdict {
        let mut verifier = Verifier::begin(ledger, heads, self.before.clone(), Values::Shown);
        for (proof, head, row) in &self.kept {
            verifier.keep(proof, Some(head), row.body.as_deref().unwrap(), &row.values);
        }
        rows.for_each(|(index, row)| verifier.read(index, row.leaf, row.evidence()));
        verifier.finish().verdict
    }
}
