//! Which functions take input, by the source; and whether they are called here.

use std::fs;
use std::path::Path;

/// A public function that is handed something beside itself; or a type that is read from text.
struct Input {
    /// `Owner::name`, or the name alone.
    name: String,
    /// How a call of it begins.
    calls: Vec<String>,
}

#[test]
fn every_public_function_that_takes_input_is_called_here() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut inputs, mut calls) = (Vec::new(), String::new());
    read(&root.join("src"), &mut |_, text| inputs.extend(inputs_of(text)));
    read(&root.join("tests/no_panic"), &mut |path, text| {
        if !path.ends_with("surface.rs") {
            calls += text;
        }
    });
    assert!(inputs.len() > 900, "{}", inputs.len());

    let is_called = |input: &&Input| input.calls.iter().any(|call| calls_it(&calls, call));
    let forgotten: Vec<&str> =
        inputs.iter().filter(|input| !is_called(input)).map(|input| input.name.as_str()).collect();
    assert!(forgotten.is_empty(), "called by no test of tests/no_panic: {forgotten:#?}");
}

/// Whether a name is not the end of a longer one, and not where the function is defined.
fn calls_it(calls: &str, call: &str) -> bool {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    calls.match_indices(call).any(|(at, _)| {
        let before = &calls[..at];
        call.starts_with('.') || (!before.ends_with(is_name) && !before.ends_with("fn "))
    })
}

fn read(folder: &Path, seen: &mut impl FnMut(&Path, &str)) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        // Tools for tests are no hosts' input, and tests have files of their own.
        let is_out = ["tests", "testing", "conformance", "tests.rs"].iter().any(|end| path.ends_with(end));
        if path.is_dir() && !is_out {
            read(&path, seen);
        } else if !is_out && path.extension().is_some_and(|extension| extension == "rs") {
            seen(&path, &fs::read_to_string(&path).unwrap());
        }
    }
}

/// As rustfmt writes them: an `impl` begins a line, and so does a function within or without.
fn inputs_of(text: &str) -> Vec<Input> {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let (mut owner, mut found, mut at) = (None, Vec::new(), 0);
    for line in text.split_inclusive('\n') {
        let rest = &text[at..];
        at += line.len();
        if let Some(of) = line.strip_prefix("impl") {
            let of_trait =
                of.split_once(" for ").map(|(of_trait, _)| of_trait.trim_start_matches(" core::str::").trim());
            let name = type_of(of);
            if matches!(of_trait, Some("Record" | "FromStr")) {
                found.push(Input { calls: vec![name.clone()], name: name.clone() });
            }
            owner = Some(name);
        }
        let declared = line.trim_start().replace("const fn", "fn").replace("async fn", "fn");
        let Some(name) = declared.strip_prefix("pub fn ") else { continue };
        let name: String = name.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let is_method = line.starts_with(' ');
        let parameters = parameters(&rest[rest.find(&format!("fn {name}")).unwrap() + 3 + name.len()..]);
        let mut others = parameters.iter().filter(|parameter| !parameter.ends_with("self")).peekable();
        let owner = owner.clone().filter(|_| is_method);
        if others.peek().is_none() || owner.as_deref() == Some("$name") {
            continue;
        }
        let takes_self = parameters.iter().any(|parameter| parameter.ends_with("self"));
        let calls = match &owner {
            Some(_) if takes_self => {
                ["(", "::<"].iter().flat_map(|end| [format!(".{name}{end}"), format!("::{name}{end}")]).collect()
            }
            Some(owner) => {
                vec![format!("{owner}::{name}("), format!("{owner}::{name}::<"), format!("{owner}::<()>::{name}(")]
            }
            None => vec![format!("{name}("), format!("{name}::<")],
        };
        let name = owner.map_or(name.clone(), |owner| format!("{owner}::{name}"));
        found.push(Input { name, calls });
    }
    found
}

/// `<'a> Draft<'a> {` is of `Draft`; of a trait for a type, the type.
fn type_of(of: &str) -> String {
    let of = of.strip_prefix('<').map_or(of, |generic| &generic[closing(generic, '<', '>') + 1..]);
    let of = of.split(" for ").last().unwrap().trim_start();
    of.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '$')).collect()
}

/// Where the bracket closes that was opened before the text.
fn closing(text: &str, open: char, close: char) -> usize {
    let (mut depth, mut last) = (1, ' ');
    for (at, c) in text.char_indices() {
        depth += i32::from(c == open) - i32::from(c == close && last != '-');
        if depth == 0 {
            return at;
        }
        last = c;
    }
    panic!("{text}")
}

/// The parameters, split at the commas that are in no bracket; of each the name.
fn parameters(signature: &str) -> Vec<String> {
    let signature = signature.strip_prefix('<').map_or(signature, |generic| &generic[closing(generic, '<', '>') + 1..]);
    let inside = &signature[1..][..closing(&signature[1..], '(', ')')];
    let (mut depth, mut found) = (0, vec![String::new()]);
    for c in inside.chars() {
        match c {
            '(' | '[' | '<' => depth += 1,
            ')' | ']' | '>' => depth -= 1,
            ',' if depth == 0 => found.push(String::new()),
            _ => {}
        }
        found.last_mut().unwrap().push(c);
    }
    let names = found.iter().filter_map(|parameter| parameter.split(':').next());
    names.map(|name| name.trim_matches([' ', '\n', ',']).to_owned()).filter(|name| !name.is_empty()).collect()
}
