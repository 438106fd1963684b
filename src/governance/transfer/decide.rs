use super::Summary;
use super::state::TransferState;
use crate::clause;
use crate::event::{Code, Fact};
use crate::store::Transition;
use crate::time::{Now, Timestamp};

/// Something was sent, for the first time or again.
pub const SENT: Code = Code::internal("governance.transfer_sent");
/// The receiver has all of it.
pub const ACKNOWLEDGED: Code = Code::internal("governance.transfer_acknowledged");
/// Alert: the receiver has something else than was sent.
pub const INCOMPLETE: Code = Code::internal("governance.transfer_incomplete");
/// Alert: the receiver has not said in time that it has all.
pub const UNACKNOWLEDGED: Code = Code::internal("governance.transfer_unacknowledged");

/// Takes down what was sent, and until when the receiver is to acknowledge it: an instant of the host's, the documents
/// give none.
pub fn send(now: Now, sent: Summary, due: Timestamp) -> Transition<TransferState, ()> {
    let state = TransferState { sent, sent_at: now.timestamp(), due, received: None, alerted: false };
    Transition::put(state, ()).with(counted(Fact::success(SENT), sent).with("due", due))
}

/// Takes down that the same was sent once more. What the receiver said before no longer counts; an alert may be raised again.
pub fn resend(state: TransferState, now: Now, due: Timestamp) -> Transition<TransferState, ()> {
    send(now, state.sent, due)
}

fn counted(fact: Fact, summary: Summary) -> Fact {
    fact.under(clause::A2_TRANS_3).with("items", summary.items()).with("bytes", summary.bytes())
}

/// What a receiver's summary says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub enum AcknowledgeOutcome {
    /// It has what was sent.
    Complete,
    /// It has not: [`compare`](super::compare) the two manifests, and send again what they tell.
    Incomplete,
}

/// Takes down what the receiver has. Once it has all, nothing it says later takes that back.
pub fn acknowledge(
    mut state: TransferState,
    now: Now,
    received: Summary,
) -> Transition<TransferState, AcknowledgeOutcome> {
    if state.is_complete() {
        return Transition::keep(AcknowledgeOutcome::Complete);
    }
    let news = state.received != Some(received);
    state.received = Some(received);
    if state.is_complete() {
        let late = now.timestamp() >= state.due;
        let fact = counted(Fact::success(ACKNOWLEDGED), received).with("late", late);
        return Transition::put(state, AcknowledgeOutcome::Complete).with(fact);
    }
    if !news && state.alerted {
        return Transition::keep(AcknowledgeOutcome::Incomplete);
    }
    let fact = counted(Fact::failure(INCOMPLETE), received)
        .with("sent_items", state.sent.items())
        .with("sent_bytes", state.sent.bytes());
    state.alerted = true;
    Transition::put(state, AcknowledgeOutcome::Incomplete).with(fact)
}

/// How a transfer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub enum TransferStanding {
    /// Nothing was ever sent under this id.
    Unknown,
    /// The receiver has until [`due`](TransferState::due).
    Waiting,
    /// It has all of it.
    Complete,
    /// It has something else.
    Incomplete,
    /// It has said nothing, and its time is over.
    Unacknowledged,
}

/// How a transfer stands now; for a job that looks at what is open. It alerts once: when the time is over without an
/// acknowledgement.
pub fn review(state: Option<TransferState>, now: Now) -> Transition<TransferState, TransferStanding> {
    let Some(mut state) = state else { return Transition::keep(TransferStanding::Unknown) };
    if state.is_complete() {
        return Transition::keep(TransferStanding::Complete);
    }
    let late = now.timestamp() >= state.due;
    match state.received {
        Some(_) => Transition::keep(TransferStanding::Incomplete),
        // Said once, so true from then on, whatever the clock does.
        None if state.alerted => Transition::keep(TransferStanding::Unacknowledged),
        None if !late => Transition::keep(TransferStanding::Waiting),
        None => {
            state.alerted = true;
            let fact = counted(Fact::failure(UNACKNOWLEDGED), state.sent).with("due", state.due);
            Transition::put(state, TransferStanding::Unacknowledged).with(fact)
        }
    }
}
