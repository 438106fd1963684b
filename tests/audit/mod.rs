//! The audit log as an auditor meets it: evidence in a file, and what becomes of it when somebody touches it.

#[path = "../../examples/audit_log/demo.rs"]
mod demo;
mod evidence;
#[path = "../../examples/audit_log/keys.rs"]
mod keys;
mod tampering;
#[path = "../../examples/audit_log/verify.rs"]
mod verify;
