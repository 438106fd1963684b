//! The checker itself: pure, so that its own tests can feed it bad tables.

use std::collections::{BTreeMap, BTreeSet};

const KINDS: [&str; 6] = ["computed", "gated", "recorded", "reported", "open", "nothing software can do"];
/// Kinds that may leave the item and the test empty.
const UNPROVEN: [&str; 2] = ["open", "nothing software can do"];
const NONE: &str = "–";

#[derive(Debug)]
pub(crate) struct Row<'a> {
    line: usize,
    id: &'a str,
    pub(crate) kind: &'a str,
    item: &'a str,
    test: &'a str,
}

/// What exists: the words of the code under `src/`, and the test functions of `src/` and `tests/`.
#[derive(Debug)]
pub(crate) struct Sources<'a> {
    words: BTreeSet<&'a str>,
    tests: BTreeSet<&'a str>,
}

impl<'a> Sources<'a> {
    pub(crate) fn new(src: &'a str, tests: &'a str) -> Self {
        let words = src
            .lines()
            .filter(|line| !is_comment(line))
            .flat_map(|line| line.split(|letter: char| !is_word(letter)))
            .collect();
        Self { words, tests: test_functions(src).chain(test_functions(tests)).collect() }
    }
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with("//")
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Names of the functions that stand under `#[test]`; a helper, or one that is commented out, is none.
fn test_functions(text: &str) -> impl Iterator<Item = &str> {
    let mut marked = false;
    text.lines().map(str::trim).filter_map(move |line| {
        if line == "#[test]" {
            marked = true;
        } else if !line.is_empty() && !line.starts_with("#[") && !is_comment(line) {
            let is_test = std::mem::take(&mut marked);
            return line.strip_prefix("fn ").filter(|_| is_test)?.split_once('(').map(|(name, _)| name);
        }
        None
    })
}

/// The rows of every table on the page. A row that is not four cells is a problem.
pub(crate) fn parse<'a>(page: &'a str, problems: &mut Vec<String>) -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    for (line, text) in (1..).zip(page.lines()) {
        let Some(inner) = text.trim().strip_prefix('|') else { continue };
        let cells: Vec<_> = inner.strip_suffix('|').unwrap_or(inner).split('|').map(str::trim).collect();
        match cells[..] {
            ["id", "kind", "item", "test"] | ["---", "---", "---", "---"] => {}
            [id, kind, item, test] => rows.push(Row { line, id, kind, item, test }),
            _ => problems.push(format!("line {line}: {} cells, not id, kind, item, test", cells.len())),
        }
    }
    rows
}

/// The paths in a cell, without their backquotes.
fn paths(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(',').map(|path| path.trim().trim_matches('`')).filter(|path| !path.is_empty() && *path != NONE)
}

fn last_segment(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

/// Everything wrong with the rows, each with its line.
pub(crate) fn problems(rows: &[Row<'_>], known: &[&str], sources: &Sources<'_>) -> Vec<String> {
    let mut problems = Vec::new();
    let mut lines = BTreeMap::new();
    let mut last_position = 0;
    for row in rows {
        let mut report = |what: String| problems.push(format!("line {}, {}: {what}", row.line, row.id));
        match known.iter().position(|id| *id == row.id) {
            None => report("no such id".to_owned()),
            Some(position) if position < last_position => report("out of the order of the document".to_owned()),
            Some(position) => last_position = position,
        }
        if let Some(before) = lines.insert(row.id, row.line) {
            report(format!("already in line {before}"));
        }
        if !KINDS.contains(&row.kind) {
            report(format!("unknown kind \"{}\"", row.kind));
        }
        if !UNPROVEN.contains(&row.kind) {
            if paths(row.item).next().is_none() {
                report("names no item".to_owned());
            }
            if paths(row.test).next().is_none() {
                report("names no test".to_owned());
            }
        }
        for item in paths(row.item).filter(|item| !sources.words.contains(last_segment(item))) {
            report(format!("no item {item} in src"));
        }
        for test in paths(row.test).filter(|test| !sources.tests.contains(last_segment(test))) {
            report(format!("no test {test}"));
        }
    }
    problems.extend(known.iter().filter(|id| !lines.contains_key(*id)).map(|id| format!("{id}: no row")));
    problems
}

// Written with `\n\` so that the real check does not take the functions in here for tests.
const SRC: &str = "\n\
    /// Not the Imagined.\n\
    pub struct Lock;\n\
    pub const X1: u8 = 1;\n\
    #[test]\n\
    #[should_panic]\n\
    // a remark\n\
    fn locks(input: u8) {}\n\
    fn helper() {}\n\
    // #[test]\n\
    // fn commented_out() {}\n";

const TESTS: &str = "    #[test]\n    fn opens() {}\n";

fn check(table: &str) -> Vec<String> {
    let mut found = Vec::new();
    let rows = parse(table, &mut found);
    found.extend(problems(&rows, &["A-1", "A-2", "X1"], &Sources::new(SRC, TESTS)));
    found
}

const GOOD: &str = "
words

| id | kind | item | test |
|---|---|---|---|
| A-1 | gated | `lock::Lock`, `Lock` | `lock::tests::locks`, `opens` |
| A-2 | open | – | – |

| id | kind | item | test |
|---|---|---|---|
| X1 | reported | `clause::X1` | `opens` |
";

#[test]
fn a_true_table_passes() {
    assert_eq!(check(GOOD), [""; 0]);
    assert_eq!(check(&GOOD.replace("open |", "nothing software can do |")), [""; 0]);
}

#[test]
fn each_flaw_is_reported() {
    for (from, to, report) in [
        ("| A-2 | open | – | – |\n", "", "A-2: no row"),
        (
            "| A-2 | open | – | – |\n",
            "| A-2 | open | – | – |\n| A-2 | open | – | – |\n",
            "line 8, A-2: already in line 7",
        ),
        ("| A-2 | open | – | – |\n", "| A-2 | open | – | – |\n| A-3 | open | – | – |\n", "line 8, A-3: no such id"),
        ("| A-2 | open | – | – |", "| A-2 | open | – |", "line 7: 3 cells, not id, kind, item, test"),
        ("A-2 | open |", "A-2 | finished |", "line 7, A-2: unknown kind \"finished\""),
        ("A-2 | open |", "A-2 | |", "line 7, A-2: unknown kind \"\""),
        ("A-2 | open | – | – |", "A-2 | computed | – | `opens` |", "line 7, A-2: names no item"),
        ("A-2 | open | – | – |", "A-2 | recorded | `Lock` | |", "line 7, A-2: names no test"),
        ("A-2 | open | – | – |", "A-2 | open | – | `someday` |", "line 7, A-2: no test someday"),
        ("`clause::X1`", "`clause::X2`", "line 11, X1: no item clause::X2 in src"),
        ("`clause::X1`", "`X`", "line 11, X1: no item X in src"),
        ("`clause::X1`", "`Imagined`", "line 11, X1: no item Imagined in src"),
        (", `opens` |", ", `shuts` |", "line 6, A-1: no test shuts"),
        ("tests::locks`", "tests::lock`", "line 6, A-1: no test lock::tests::lock"),
        ("tests::locks`", "tests::helper`", "line 6, A-1: no test lock::tests::helper"),
        ("tests::locks`", "tests::commented_out`", "line 6, A-1: no test lock::tests::commented_out"),
    ] {
        let table = GOOD.replacen(from, to, 1);
        assert_ne!(table, GOOD, "{from}");
        assert!(check(&table).iter().any(|found| found == report), "{report}: {:?}", check(&table));
    }
    let swapped = "| A-2 | open | – | – |\n| A-1 | open | – | – |\n| X1 | open | – | – |";
    assert_eq!(check(swapped), ["line 2, A-1: out of the order of the document"]);
    assert_eq!(check("").len(), 3);
}
