//! The portal as its users and its attackers see it: the program is started, and spoken to over HTTPS.

mod agreement;
mod audit;
mod browser;
mod browser_evidence;
mod browser_rules;
mod chaos;
mod evidence;
mod load;
mod log;
mod network;
mod obligations;
mod server;
mod sessions;
mod sign_in;
mod start;
mod support;
mod web;
