use serde::{Deserialize, Serialize};

use crate::id::AccountId;
use crate::store::Record;
use crate::time::Timestamp;

/// What is stored of a session: whose, from which credential, and when it ends. Filed under the token's digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
#[non_exhaustive]
pub enum SessionState {
    /// Open until it expires.
    #[non_exhaustive]
    Open {
        /// Whose.
        account: AccountId,
        /// The generation of the credential it was opened with.
        generation: u64,
        /// When it was opened.
        opened_at: Timestamp,
        /// When it ends, whatever is done with it.
        expires_at: Timestamp,
    },
    /// Ended, and blank: nothing brings it back.
    Ended,
}

impl Record for SessionState {
    const KIND: &'static str = "session";
    const VERSION: u16 = 1;
}
