//! `examples/misprints/`: the wrong formulas of the source notes, each found, and put right as is said;
//! `examples/derivations/`: right ones.
//!
//! A line that is wrong ends with `# wrong:` and the mistake. Must not know how diagnoses are found.

use std::fs;
use std::path::PathBuf;

use gradus::{CheckedStep, Language, Request, Verdict, check_lines};
use gradus_claims::Place;

/// The least number of files.
const LEAST: usize = 33;

/// The rows of the errata.
const ROWS: [&str; 35] = [
    "S0-13", "S0-14", "S0-30", "S0-39", "S0-41", "S0-45", "S0-66", "S0-68", "S0-70", "S0-72",
    "S0-73", "S0-77", "S0-78", "S0-79", "S0-80", "S0-81", "S1-8", "S1-10", "S1-17", "S1-18",
    "S1-20", "S1-22", "S1-23", "S1-28", "S1-29", "S1-30", "S1-31", "S1-35", "S1-37", "S1-41",
    "S1-45", "S1-49", "S1-53", "S2-19", "S2-20",
];

fn files(folder: &str) -> Vec<(String, String)> {
    let examples = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let mut files: Vec<(String, String)> = fs::read_dir(examples.join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(&path).unwrap())
        })
        .collect();
    files.sort();
    files
}

/// The lines that are marked as wrong, with their mistakes.
fn marked(text: &str) -> Vec<(usize, &str)> {
    let marks = text.lines().enumerate().filter_map(|(at, line)| {
        let (_, mistake) = line.split_once("# wrong: ")?;
        Some((at + 1, mistake.trim()))
    });
    marks.collect()
}

#[test]
fn misprints_are_found_and_nothing_else() {
    let files = files("misprints");
    assert!(files.len() >= LEAST, "{}", files.len());
    for (name, text) in &files {
        let checked = check_lines(&Request::new(text));
        let checked = checked.unwrap_or_else(|failure| panic!("{name}: {failure}"));
        assert_eq!(checked.verdict(), Verdict::Refuted, "{name}");
        let found: Vec<(usize, &str)> = checked
            .wrong()
            .map(|step| {
                let first = step.diagnoses().first();
                (step.line, first.map_or("unknown", |found| found.mistake.name()))
            })
            .collect();
        assert_eq!(found, marked(text), "{name}\n{}", checked.text(Language::English));
    }
}

#[test]
fn misprints_that_are_put_right_as_is_said_are_right() {
    let mut repaired = 0;
    for (name, text) in files("misprints") {
        let Ok(checked) = check_lines(&Request::new(&text)) else { continue };
        for step in checked.wrong() {
            let Some(other) = put_right(&text, step) else { continue };
            let again = check_lines(&Request::new(&other));
            let again = again.unwrap_or_else(|failure| panic!("{name}: {failure}\n{other}"));
            let still = again.wrong().any(|other| other.line == step.line);
            assert!(
                !still,
                "{name}, line {}:\n{other}\n{}",
                step.line,
                again.text(Language::English)
            );
            repaired += 1;
        }
    }
    assert!(repaired >= 20, "{repaired}");
}

/// The text with a step as its diagnosis says; nothing where it names no other text.
fn put_right(text: &str, step: &CheckedStep) -> Option<String> {
    let first = step.diagnoses().first()?;
    match (first.mistake.name(), first.place) {
        ("assumption" | "other-layout" | "other-variable" | "bracket", _) => None,
        (_, Some(Place::Claim(span))) => {
            let mut spans = vec![span];
            spans.extend(first.also.iter().filter_map(|place| match place {
                Place::Claim(span) => Some(*span),
                Place::Program(_) => None,
            }));
            spans.sort_by_key(|span| std::cmp::Reverse(span.start));
            let mut other = text.to_owned();
            for span in spans {
                let range = span.start as usize..span.end as usize;
                other.replace_range(range, &format!("({})", first.instead));
            }
            Some(other)
        }
        _ => {
            let place = step.place;
            let (before, after) = (&text[..place.start as usize], &text[place.end as usize..]);
            Some(format!("{before}{}{after}", first.repaired))
        }
    }
}

/// Each row of the errata has a file, or a reason why it is no formula.
#[test]
fn every_row_of_the_errata_is_accounted_for() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../examples/misprints/README.md");
    let list = fs::read_to_string(path).unwrap();
    let listed: Vec<(&str, &str)> = list
        .lines()
        .filter_map(|line| line.strip_prefix("| S").map(|_| line))
        .filter_map(|line| line.trim_matches('|').split_once('|'))
        .map(|(row, what)| (row.trim(), what.trim()))
        .collect();
    let rows: Vec<&str> = listed.iter().map(|(row, _)| *row).collect();
    assert_eq!(rows, ROWS);
    let files: Vec<String> = files("misprints").into_iter().map(|(name, _)| name).collect();
    for (row, what) in listed {
        let linked = what.starts_with(&format!("[{row}.txt]({row}.txt): "));
        assert_eq!(linked, files.iter().any(|name| name == row), "{row}");
        assert!(linked || what.starts_with("no formula is wrong: "), "{row}");
    }
}

#[test]
fn right_derivations_hold() {
    let files = files("derivations");
    assert!(files.len() >= 6, "{}", files.len());
    for (name, text) in files {
        let checked = check_lines(&Request::new(&text));
        let checked = checked.unwrap_or_else(|failure| panic!("{name}: {failure}"));
        let told = checked.text(Language::English);
        assert!(checked.verdict().is_verified(), "{name}: {told}");
        assert!(checked.steps.len() >= 4, "{name}: {told}");
    }
}
