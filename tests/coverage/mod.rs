//! The coverage table of the guide against what the crate knows and the tests that exist.

mod check;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use clausework::clause::{Clause, contradictions};

use self::check::{Sources, parse, problems};

fn known_ids() -> Vec<&'static str> {
    Clause::all().map(Clause::id).chain(contradictions().iter().map(|entry| entry.id())).collect()
}

/// The text of every Rust file below a folder, one after the other.
fn rust_text(folder: &Path) -> String {
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut text = String::new();
    for path in paths {
        if path.is_dir() {
            text += &rust_text(&path);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            text += &fs::read_to_string(&path).unwrap();
        }
    }
    text
}

#[test]
fn every_rule_has_one_truthful_row() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = fs::read_to_string(root.join("src/guide/coverage.md")).unwrap();
    let src = rust_text(&root.join("src"));
    let tests = rust_text(&root.join("tests"));
    let sources = Sources::new(&src, &tests);

    let mut found = Vec::new();
    let rows = parse(&table, &mut found);
    found.extend(problems(&rows, &known_ids(), &sources));
    assert!(found.is_empty(), "src/guide/coverage.md:\n{}", found.join("\n"));

    let mut kinds = BTreeMap::<&str, u32>::new();
    for row in &rows {
        *kinds.entry(row.kind).or_default() += 1;
    }
    println!("coverage, {} rows:", rows.len());
    for (kind, count) in kinds {
        println!("{count:>5}  {kind}");
    }
}
