//! The organisation's side of the two documents: what people want sent to them, what they want put right, what leaves
//! the house, and whether it arrived.
//!
//! | you want | use |
//! |---|---|
//! | know whether a message may go to a person (E-1.2, E-4.2) | [`communication`] |
//! | follow a request to put something right (E-1.3) | [`rectification`] |
//! | disclose a customer's data to somebody who asks for it (E-3.1, SCC-5d-i) | [`disclosure`] |
//! | know that a transfer arrived whole (A2-Trans-3) | [`transfer`] |

pub mod communication;
pub mod disclosure;
pub mod rectification;
pub mod transfer;
