//! Checkpoints outside the database: what speaks against whoever makes the whole database up anew.
//!
//! A folder on the same machine stands for the place where the database's administrator has no hand: storage that is
//! written once, the tenant's mailbox, a witness.

use std::fs::{self, File};
use std::io::{Error, ErrorKind, Write};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use clausework::Scope;
use clausework::audit::checkpoint::{SignedCheckpoint, VerifierKey};

/// The most that are handed to a verification, the latest: each continues those before it.
const MOST: usize = 1_000;

/// One folder for each log, one file for each checkpoint.
#[derive(Debug)]
pub struct Kept {
    folder: PathBuf,
    /// One writes at a time.
    writing: Mutex<()>,
}

impl Kept {
    pub const fn new(folder: PathBuf) -> Self {
        Self { folder, writing: Mutex::new(()) }
    }

    /// Where those of a log are.
    fn folder(&self, scope: &Scope) -> PathBuf {
        self.folder.join(scope.to_string().replace(':', "-"))
    }

    /// Writes a checkpoint, and the public key beside it, to disk.
    pub fn keep(&self, scope: &Scope, checkpoint: &SignedCheckpoint, key: &VerifierKey) -> Result<(), Error> {
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = self.folder(scope);
        fs::create_dir_all(&folder)?;
        let write = |name: &str, text: String| {
            let half = folder.join(format!("{name}.part"));
            let mut file = File::create(&half)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            fs::rename(half, folder.join(name)) // whole, or not there
        };
        write("key.txt", format!("{key}\n"))?;
        // Names in the order of sizes.
        write(&format!("{:020}.txt", checkpoint.unverified().head().size()), checkpoint.to_string())?;
        File::open(&folder)?.sync_all()
    }

    /// The latest checkpoints of a log, the largest first. One that cannot be read is an error: it was kept for this.
    pub fn checkpoints(&self, scope: &Scope) -> Result<Vec<SignedCheckpoint>, Error> {
        let entries = match fs::read_dir(self.folder(scope)) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut files = Vec::new();
        for entry in entries {
            let path = entry?.path();
            let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
            if name.len() == 20
                && name.bytes().all(|byte| byte.is_ascii_digit())
                && path.extension().is_some_and(|of| of == "txt")
            {
                files.push(path);
            }
        }
        files.sort_unstable_by(|one, other| other.cmp(one));
        let read = |path: PathBuf| {
            let wrong = |error| Error::new(ErrorKind::InvalidData, format!("{}: {error}", path.display()));
            SignedCheckpoint::parse(&fs::read_to_string(&path)?).map_err(wrong)
        };
        files.into_iter().take(MOST).map(read).collect()
    }
}
