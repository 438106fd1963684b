//! What a release says of itself: its features, and the compiler that it and its dependencies ask for.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

fn text(file: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()
}

fn cargo(arguments: &[&str]) -> Vec<u8> {
    let out = Command::new(env!("CARGO")).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    out.stdout
}

/// What `cargo metadata` says of the crate with all features, by the committed lock file. For this platform alone: what
/// others need is not there where it was never built.
fn metadata() -> Value {
    let version = String::from_utf8(cargo(&["-vV"])).unwrap();
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let arguments = ["--format-version=1", "--all-features", "--locked", "--offline", "--filter-platform", host];
    serde_json::from_slice(&cargo(&[&["metadata"], &arguments[..]].concat())).unwrap()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

#[test]
fn every_feature_is_in_the_table_of_the_crate_and_is_tried_alone_by_the_gate() {
    let metadata = metadata();
    let crate_ = list(&metadata["packages"]).iter().find(|package| package["name"] == "clausework").unwrap();
    let declared: BTreeSet<&str> = crate_["features"].as_object().unwrap().keys().map(String::as_str).collect();
    let declared = &declared - &BTreeSet::from(["default"]);

    let docs = text("src/lib.rs");
    let rows = docs.lines().filter_map(|line| line.strip_prefix("//! | `"));
    let cells = rows.filter_map(|row| row.split(" | ").next()).flat_map(|cell| cell.split(", "));
    let documented: BTreeSet<&str> =
        cells.map(|name| name.trim_matches('`')).filter(|name| declared.contains(name)).collect();
    assert_eq!(documented, declared);

    let gate = text(".ci/run");
    let tried = gate.lines().find_map(|line| line.strip_prefix("for feature in std ")?.split(';').next()).unwrap();
    assert_eq!(tried.split(' ').chain(["std"]).collect::<BTreeSet<_>>(), declared);
}

/// As numbers, so that 1.100 is after 1.88, and 1.88.0 is not.
fn version(text: &str) -> [u32; 3] {
    let mut parts = text.split('.').map(|part| part.parse().unwrap());
    [0; 3].map(|missing| parts.next().unwrap_or(missing))
}

#[test]
fn no_dependency_asks_for_a_newer_compiler() {
    let metadata = metadata();
    let packages: BTreeMap<&str, &Value> =
        list(&metadata["packages"]).iter().map(|package| (package["id"].as_str().unwrap(), package)).collect();
    let nodes: BTreeMap<&str, &Value> =
        list(&metadata["resolve"]["nodes"]).iter().map(|node| (node["id"].as_str().unwrap(), node)).collect();
    let root = *packages.iter().find(|(_, package)| package["name"] == "clausework").unwrap().0;
    let ours = packages[root]["rust_version"].as_str().unwrap();

    let (mut seen, mut next, mut newer) = (BTreeSet::new(), vec![root], Vec::new());
    while let Some(id) = next.pop() {
        if !seen.insert(id) {
            continue;
        }
        let package = packages[id];
        if let Some(asked) = package["rust_version"].as_str().filter(|asked| version(asked) > version(ours)) {
            newer.push(format!("{} {} asks for Rust {asked}", package["name"], package["version"]));
        }
        // Not what tests alone need: the kind of those is "dev".
        let built = |dependency: &&Value| list(&dependency["dep_kinds"]).iter().any(|kind| kind["kind"] != "dev");
        next.extend(
            list(&nodes[id]["deps"]).iter().filter(built).map(|dependency| dependency["pkg"].as_str().unwrap()),
        );
    }
    assert!(seen.len() > 40 && newer.is_empty(), "{} crates; newer than {ours}: {newer:?}", seen.len());
}
