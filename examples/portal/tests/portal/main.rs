//! The portal as its users and its attackers see it: the program is started, and spoken to over HTTPS.

mod browser;
mod load;
mod server;
mod sessions;
mod sign_in;
mod start;
mod web;
