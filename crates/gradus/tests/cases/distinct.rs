//! How many golden cases there are, duplicates up to renaming not counted: two cases are the same if
//! their functions are one network once variables and dimensions are renamed in order of appearance,
//! variables of differentiation first, and if these variables and the order are the same.
//!
//! Must not know derivatives.

use std::collections::{BTreeMap, BTreeSet};

use gradus_elaborate::lower::lower;
use gradus_elaborate::{Options, Program, Source, elaborate};
use gradus_syntax::tree::Tree;
use gradus_syntax::{parse_declarations, parse_with};

use crate::format::{Case, Cases, FILES, SEEDS};

/// A case with its names replaced.
struct Renamed {
    id: String,
    /// The kinds of the variables in order, and how many of them are varied.
    kinds: Vec<String>,
    function: String,
    /// What else tells cases apart.
    asked: String,
}

#[test]
fn cases_beyond_the_seeds_are_many_and_different() {
    let files = SEEDS.iter().chain(&FILES).copied();
    let cases: Vec<(bool, Renamed)> = files
        .flat_map(|file| Cases::of(file).cases.into_iter().map(move |case| (file, case)))
        .filter(|(_, case)| case.first("expr").is_some())
        .map(|(file, case)| (SEEDS.contains(&file), renamed(&case)))
        .collect();
    let mut groups: BTreeMap<Vec<String>, Vec<(bool, &Renamed)>> = BTreeMap::new();
    for (seed, case) in &cases {
        groups.entry(case.kinds.clone()).or_default().push((*seed, case));
    }
    let (mut different, mut repeated) = (0, Vec::new());
    for (kinds, group) in &groups {
        let keys = networks(kinds, group);
        let mut seen: BTreeMap<(String, &str), &str> = BTreeMap::new();
        for ((seed, case), key) in group.iter().zip(keys) {
            let first = seen.entry((key, &case.asked)).or_insert(&case.id);
            if *first != case.id {
                repeated.push(format!("[{}] is [{first}]", case.id));
            } else if !seed {
                different += 1;
            }
        }
    }
    println!("{different} cases beyond the seeds; the same are\n{}", repeated.join("\n"));
    assert!(different >= 250, "only {different} different cases");
}

/// Replaces the names of a case.
fn renamed(case: &Case) -> Renamed {
    let lets = case.texts("let");
    let declared: Vec<(&str, &str)> = lets
        .iter()
        .map(|text| text.split_once(':').unwrap())
        .map(|(name, kind)| (name.trim(), kind.trim()))
        .collect();
    let function = unfolded(case.one("expr"));
    let mut varied = case.texts("wrt");
    varied.extend(case.texts("vary"));
    let appearing: Vec<&str> =
        words(&function).iter().filter(|word| word.is_name).map(|word| word.text).collect();
    if case.first("vary").is_some() {
        let place = |name: &String| appearing.iter().position(|word| word == name);
        varied.sort_by_key(place);
    }
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut kinds = Vec::new();
    let order = varied.iter().map(String::as_str).chain(appearing);
    for name in order {
        let Some((_, kind)) = declared.iter().find(|(declared, _)| *declared == name) else {
            continue;
        };
        if !names.contains_key(name) {
            names.insert(name.to_owned(), format!("v{}", names.len()));
            kinds.push((*kind).to_owned());
        }
    }
    let heads = ["complex", "positive", "function"];
    let mut sizes = 0;
    for kind in &kinds {
        // The head of a kind is followed by a bracket; prefixes by nothing.
        for word in words(kind).into_iter().filter(|word| word.is_name && !word.is_called) {
            if !heads.contains(&word.text) && !names.contains_key(word.text) && word.is_inside {
                names.insert(word.text.to_owned(), format!("d{sizes}"));
                sizes += 1;
            }
        }
    }
    let kinds: Vec<String> = kinds.iter().map(|kind| replaced(kind, &names)).collect();
    let asked = format!("{} at order {}", varied.len(), case.first("order").unwrap_or("1"));
    Renamed { id: case.id.clone(), kinds, function: replaced(&function, &names), asked }
}

/// A program as one expression, bindings written out.
fn unfolded(program: &str) -> String {
    // A semicolon inside brackets is one of a matrix.
    let (mut depth, mut statements) = (0, vec![String::new()]);
    for letter in program.chars() {
        match letter {
            '[' | '(' => depth += 1,
            ']' | ')' => depth -= 1,
            _ => {}
        }
        match letter {
            ';' if depth == 0 => statements.push(String::new()),
            _ => statements.last_mut().unwrap().push(letter),
        }
    }
    let mut bound: BTreeMap<String, String> = BTreeMap::new();
    let last = statements.pop().unwrap();
    for statement in statements {
        let (name, value) = statement.split_once('=').unwrap();
        let value = replaced(value.trim(), &bound);
        bound.insert(name.trim().to_owned(), format!("({value})"));
    }
    replaced(last.trim(), &bound)
}

struct Word<'a> {
    text: &'a str,
    is_name: bool,
    is_called: bool,
    /// Whether it stands in brackets.
    is_inside: bool,
}

/// Names, and what is between them.
fn words(text: &str) -> Vec<Word<'_>> {
    let is_letter = |letter: char| letter.is_alphanumeric() || letter == '_';
    let (mut found, mut rest, mut depth) = (Vec::new(), text, 0);
    while let Some(first) = rest.chars().next() {
        let in_word = is_letter(first);
        let length = rest.find(|letter| is_letter(letter) != in_word).unwrap_or(rest.len());
        let (text, after) = rest.split_at(length);
        let is_name = in_word && !first.is_ascii_digit();
        let is_called = after.starts_with('(');
        found.push(Word { text, is_name, is_called, is_inside: depth > 0 });
        depth += text.matches(['(', '[']).count();
        depth = depth.saturating_sub(text.matches([')', ']']).count());
        rest = after;
    }
    found
}

fn replaced(text: &str, names: &BTreeMap<String, String>) -> String {
    let words = words(text).into_iter();
    words.map(|word| names.get(word.text).map_or(word.text, String::as_str)).collect()
}

/// A text for each function of a group that is the same if and only if the networks are.
fn networks(kinds: &[String], group: &[(bool, &Renamed)]) -> Vec<String> {
    let mut keys: Vec<String> = group.iter().map(|(_, case)| case.function.clone()).collect();
    let lowered_alone = |at: &usize| {
        let program = program(kinds, &[&group[*at].1.function]);
        program.is_some_and(|program| lower(&program).is_ok())
    };
    let readable: Vec<usize> = (0..group.len()).filter(lowered_alone).collect();
    let functions: Vec<&str> = readable
        .iter()
        .map(|at| group[*at].1.function.as_str())
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let Some(program) = program(kinds, &functions) else {
        return keys;
    };
    let lowered = lower(&program).unwrap();
    let of: BTreeMap<&str, String> = functions
        .iter()
        .zip(&lowered.results)
        .map(|(function, value)| (*function, format!("{:?}", value.scaled)))
        .collect();
    for at in readable {
        keys[at].clone_from(&of[group[at].1.function.as_str()]);
    }
    keys
}

fn program(kinds: &[String], functions: &[&str]) -> Option<Program> {
    let declarations: Vec<String> =
        kinds.iter().enumerate().map(|(at, kind)| format!("v{at}: {kind}")).collect();
    let names: Vec<String> = (0..kinds.len()).map(|at| format!("v{at}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let tree = |parsed: gradus_syntax::Parsed| parsed.into_result().ok().map(|(tree, _)| tree);
    let declared: Vec<Tree> =
        declarations.iter().map(|text| tree(parse_declarations(text))).collect::<Option<_>>()?;
    let parsed: Vec<Tree> =
        functions.iter().map(|text| tree(parse_with(text, &names))).collect::<Option<_>>()?;
    let declared: Vec<Source<'_>> =
        declarations.iter().zip(&declared).map(|(text, tree)| Source::new(text, tree)).collect();
    let sources: Vec<Source<'_>> =
        functions.iter().zip(&parsed).map(|(text, tree)| Source::new(text, tree)).collect();
    elaborate(&sources, &Options { declarations: &declared, ..Options::default() }).ok()
}
