//! Starts that cannot be, and files that are for nobody else.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use crate::server::Server;

fn portal(data: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_portal"));
    command.args(["--listen", "127.0.0.1:0", "--data"]).arg(data).args(arguments).output().expect("it ends")
}

#[test]
fn a_start_that_cannot_be_says_why() {
    let server = Server::start(&[]);
    let data = server.data.clone();
    let policy = data.join("policy.json");
    std::fs::write(&policy, r#"{ "sign_in": { "session": { "lifetime_secs": 3600 } } }"#).unwrap();
    let policy = policy.to_str().unwrap();
    for (arguments, code, text) in [
        (&["--listen", "nowhere"][..], 2, "nowhere"),
        (&["--no-such-option"], 2, "--no-such-option"),
        (&["--trusted-proxy", "10.0.0.1/8"], 2, "10.0.0.0/8"), // what was meant
        (&["--policy", "/no/such/file"], 2, "/no/such/file"),
        (&["--policy", policy], 2, "idle"),
        (&["--database", "/no/such/folder/portal.sqlite"], 1, "the file of the database"),
        (&["--database", "postgres://postgres@127.0.0.1:1/test"], 1, "postgres"),
    ] {
        let output = portal(&data, arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(said.contains(text), "{arguments:?}: {said}");
    }
}

#[test]
fn keys_are_kept_from_others() {
    let server = Server::start(&[]);
    let data = server.data.clone();
    let mode = |file: &str| std::fs::metadata(data.join(file)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(""), 0o700);
    for file in
        ["keyring.key", "csrf.key", "certificate-key.pem", "checkpoint.key", "portal.sqlite", "portal.sqlite-wal"]
    {
        assert_eq!(mode(file), 0o600, "{file}");
    }
    // One that others could read is no secret any more.
    std::fs::set_permissions(data.join("csrf.key"), PermissionsExt::from_mode(0o640)).unwrap();
    let output = portal(&data, &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("csrf.key may be read by others"));
}
