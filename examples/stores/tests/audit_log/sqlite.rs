//! The audit log in SQLite.

use std::fs;
use std::ops::Range;

use clausework::audit::bundle::Bundle;
use clausework::audit::checkpoint::{CheckpointSigner, SignedCheckpoint};
use clausework::audit::record::{Class, Draft};
use clausework::audit::sequencer::LogState;
use clausework::audit::verify::Ledger;
use clausework::entropy::OsEntropy;
use clausework::event::Event;
use clausework::store::Store;
use clausework::{Now, Scope, Timestamp};
use clausework_stores::{LogError, Prepared, Sequenced, SqliteError, SqliteLog, StoredRecord};
use rusqlite::Connection;

use super::{Log, day, erase_and_purge, id, note, origin, tenant, verifiers};
use crate::folder::Folder;

impl Log for SqliteLog {
    type Home = Folder;
    type Database = SqliteError;
    const VICTIM: &'static str = "audit_log::sqlite::victim";
    const PREFIX: &'static str = "";
    const ZEROS: &'static str = "zeroblob(32)";

    fn home() -> Folder {
        Folder::new()
    }

    fn address(home: &Folder) -> String {
        home.file("log.sqlite").to_str().unwrap().to_owned()
    }

    fn at(address: &str) -> Self {
        Self::open(address).unwrap()
    }

    fn sql(address: &str, sql: &str) {
        let sql = format!("SAVEPOINT s; {}; RELEASE s", sql.replace("{}", Self::PREFIX));
        Connection::open(address).unwrap().execute_batch(&sql).unwrap();
    }

    fn count(address: &str, sql: &str) -> i64 {
        let connection = Connection::open(address).unwrap();
        connection.query_row(&sql.replace("{}", Self::PREFIX), [], |row| row.get(0)).unwrap()
    }

    fn store(&mut self) -> impl Store<Error: std::fmt::Debug> {
        Self::store(self)
    }

    fn erase(&mut self, scope: &Scope) {
        Self::store(self).erase(scope).unwrap();
    }

    fn state(&self, scope: &Scope) -> (Option<LogState>, Option<Timestamp>) {
        Self::state(self, scope).unwrap()
    }

    fn waiting(&self) -> Vec<Scope> {
        Self::waiting(self).unwrap()
    }

    fn prepare_by(
        &mut self,
        scope: &Scope,
        class: impl Fn(&Event) -> Class + Send,
        batch: u32,
    ) -> Result<Option<Prepared>, LogError<SqliteError>> {
        Self::prepare(self, scope, day(0), &id("portal"), class, batch, &mut OsEntropy)
    }

    fn try_commit(&mut self, prepared: &Prepared) -> Result<Sequenced, LogError<SqliteError>> {
        Self::commit(self, prepared)
    }

    fn enter(
        &mut self,
        scope: &Scope,
        now: Now,
        drafts: &mut [Draft<'_>],
    ) -> Result<Range<u64>, LogError<SqliteError>> {
        Self::append(self, scope, now, drafts)
    }

    fn delete(&mut self, scope: &Scope, now: Now, intent: u64, draft: Draft<'_>) -> Result<u64, LogError<SqliteError>> {
        let [one, other] = &verifiers();
        Self::delete(self, scope, now, intent, &origin(), &[one, other], draft)
    }

    fn checkpoint_by(
        &mut self,
        signer: &(dyn CheckpointSigner + Sync),
    ) -> Result<Option<SignedCheckpoint>, LogError<SqliteError>> {
        Self::checkpoint(self, &tenant(), origin(), &[signer])
    }

    fn anchor(&mut self, scope: &Scope, size: u64) -> bool {
        Self::anchor(self, scope, size).unwrap()
    }

    fn last_checkpoint(&self) -> Option<SignedCheckpoint> {
        Self::last_checkpoint(self, &tenant()).unwrap()
    }

    fn ledger(&self) -> Ledger {
        Self::ledger(self, &tenant(), u64::MAX).unwrap()
    }

    fn body(&self, index: u64) -> Option<Vec<u8>> {
        Self::body(self, &tenant(), index).unwrap()
    }

    fn page(&self, below: u64, limit: u32) -> Vec<StoredRecord> {
        Self::page(self, &tenant(), below, limit).unwrap()
    }

    fn bundle(&self) -> Bundle {
        Self::bundle(self, &tenant(), origin()).unwrap()
    }
}

crate::audit_log::suite::suite! { SqliteLog, cfg(all()) }

#[test]
#[ignore = "run by a_process_killed_at_any_point_loses_nothing"]
fn victim() {
    super::suite::victim::<SqliteLog>();
}

#[test]
fn what_was_purged_is_nowhere_in_the_files() {
    let folder = Folder::new();
    let mut log = <SqliteLog as Log>::open(&folder);
    (4_711..4_714).for_each(|number| note(&mut log, number));
    assert_eq!(Log::sequence(&mut log, 10), Sequenced::Appended(0..3));
    Log::append(&mut log, day(0), |draft| draft.personal(&mut OsEntropy, "name", "Anna Blume").unwrap());
    Log::checkpoint(&mut log).unwrap();
    let holds = |needle: &str| {
        let file = |entry: std::io::Result<fs::DirEntry>| fs::read(entry.unwrap().path()).unwrap();
        fs::read_dir(folder.path())
            .unwrap()
            .any(|entry| file(entry).windows(needle.len()).any(|window| window == needle.as_bytes()))
    };
    // The row of the business is not the log's: a host deletes it first.
    <SqliteLog as Log>::sql(&SqliteLog::address(&folder), "PRAGMA secure_delete = ON; DELETE FROM {}records");
    assert!(holds("n-4712") && holds("Anna Blume"));
    erase_and_purge(&mut log, 5);
    assert!(!holds("n-4712") && !holds("Anna Blume"), "neither as event, nor waiting, nor as record");
}

#[test]
fn a_log_of_an_older_form_is_refused() {
    let folder = Folder::new();
    let file = folder.file("log.sqlite");
    drop(SqliteLog::open(&file).unwrap());
    let older =
        "DROP TABLE audit_kept; DROP TABLE audit_checkpoints; ALTER TABLE audit_logs ADD COLUMN checkpoint TEXT";
    Connection::open(&file).unwrap().execute_batch(older).unwrap();
    assert!(matches!(SqliteLog::open(&file).unwrap_err(), LogError::Store(SqliteError::Sqlite(_))));
}
