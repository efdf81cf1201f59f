//! Golden problems for the solver: `cases/solving.txt`, each with the rows of its answer.
//!
//! Must not know how problems are solved. A paragraph is a problem: lines `solve`, `for`, `let`, `to`
//! (a constraint), `maximize`, and then the answer, each line after a bar. `GRADUS_BLESS=1` fills the
//! answers in.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use gradus::{Goal, Language, Problem, solve};

/// A problem and the answer that is expected.
struct Case {
    comments: Vec<String>,
    lines: Vec<String>,
    answer: Vec<String>,
}

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../cases/solving.txt")
}

fn cases(text: &str) -> Vec<Case> {
    let mut found = Vec::new();
    for paragraph in text.split("\n\n") {
        let mut case = Case { comments: Vec::new(), lines: Vec::new(), answer: Vec::new() };
        for line in paragraph.lines().filter(|line| !line.is_empty()) {
            if line.starts_with('#') {
                case.comments.push(line.to_owned());
            } else if let Some(answer) = line.strip_prefix('|') {
                case.answer.push(answer.strip_prefix(' ').unwrap_or(answer).to_owned());
            } else {
                case.lines.push(line.to_owned());
            }
        }
        found.push(case);
    }
    found
}

fn problem(case: &Case) -> Problem {
    let mut problem = Problem::default();
    for line in &case.lines {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "solve" => rest.clone_into(&mut problem.request.program),
            "for" => problem.request.variables.push(rest.to_owned()),
            "let" => problem.request.declarations.push(rest.to_owned()),
            "to" => problem.constraints.push(rest.to_owned()),
            "maximize" => problem.goal = Goal::Maximize,
            _ => panic!("no such line: {line}"),
        }
    }
    problem
}

/// The rows of an answer, its verdict and its exit code.
fn told(case: &Case) -> Vec<String> {
    let solving = match solve(&problem(case)) {
        Ok(solving) => solving,
        Err(failure) => {
            let mut lines: Vec<String> = failure.text().lines().map(str::to_owned).collect();
            lines.push(format!("exit {}", failure.exit_code()));
            return lines;
        }
    };
    let mut lines: Vec<String> = Vec::new();
    for row in solving.rows(Language::English) {
        let mut line = format!("{}: {}", row.label, row.text);
        if !row.note.is_empty() {
            write!(line, "  ({})", row.note).unwrap();
        }
        lines.push(line);
    }
    let verdict = solving.verification().verdict.name();
    lines.push(match solving.exit_code() {
        0 => verdict.to_owned(),
        code => format!("exit {code}"),
    });
    lines
}

#[test]
fn problems_have_their_answers() {
    let text = fs::read_to_string(path()).unwrap();
    let mut written = Vec::new();
    let mut wrong = Vec::new();
    for case in cases(&text) {
        let mut paragraph: Vec<String> = case.comments.clone();
        paragraph.extend(case.lines.iter().cloned());
        if !case.lines.is_empty() {
            let found = told(&case);
            if found != case.answer {
                let title = case.lines.join("; ");
                wrong.push(format!("{title}\n  expected {:#?}\n  found {found:#?}", case.answer));
            }
            paragraph.extend(found.iter().map(|line| format!("| {line}")));
        }
        written.push(paragraph.join("\n"));
    }
    if std::env::var_os("GRADUS_BLESS").is_some() {
        fs::write(path(), written.join("\n\n") + "\n").unwrap();
        return;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn every_solution_is_verified() {
    let text = fs::read_to_string(path()).unwrap();
    for case in cases(&text) {
        if let Some(last) = case.answer.last() {
            let known = ["proved", "confirmed", "exit 1", "exit 2", "exit 4"];
            assert!(known.contains(&last.as_str()), "{}: {last}", case.lines.join("; "));
        }
    }
}
