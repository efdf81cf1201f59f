//! The checklist of the source notes: every row's command runs, and answers what the list says.
//!
//! Must not know the library.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use crate::gradus;

fn path(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../cases").join(file)
}

/// The words of a command line, quotes undone.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quote: Option<char> = None;
    let mut has_word = false;
    for letter in line.chars() {
        match (quote, letter) {
            (Some(open), _) if open == letter => quote = None,
            (Some(_), _) => word.push(letter),
            (None, '\'' | '"') => {
                quote = Some(letter);
                has_word = true;
            }
            (None, ' ') => {
                if has_word {
                    words.push(std::mem::take(&mut word));
                }
                has_word = false;
            }
            (None, _) => {
                word.push(letter);
                has_word = true;
            }
        }
    }
    if has_word {
        words.push(word);
    }
    words
}

#[test]
fn every_row_of_the_notes_has_a_command_that_shows_it() {
    let data = fs::read_to_string(path("seeds-coverage.txt")).unwrap();
    let mut page = String::from(
        "# The checklist of the source notes\n\nMade of `seeds-coverage.txt` and of what the commands \
         answer. Long answers are cut.\n",
    );
    let mut rows = 0;
    let mut wrong = Vec::new();
    for line in data.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let parts: Vec<&str> = line.splitn(3, " | ").collect();
        let [row, title, command] = parts.as_slice() else { panic!("{line}") };
        let words = words(command);
        let run = gradus(&words[1..].iter().map(String::as_str).collect::<Vec<_>>());
        // That a limit does not exist is an answer, and the message is what shows it.
        let is_no_answer = run.code == 1 && run.messages.contains("does not exist");
        if run.code != 0 && !is_no_answer {
            wrong.push(format!("{row}: {command}: {}{}", run.answer, run.messages));
            continue;
        }
        let shown = if is_no_answer { &run.messages } else { &run.answer };
        let lines: Vec<&str> = shown.trim_end().lines().map(str::trim_end).collect();
        let cut = if lines.len() > 12 { "\n…" } else { "" };
        let text = lines[..lines.len().min(12)].join("\n");
        let _ = write!(page, "\n## {row}\n\n{title}\n\n```\n$ {command}\n{text}{cut}\n```\n");
        rows += 1;
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(rows, 214, "rows of the checklist");
    let target = path("seeds-coverage.md");
    if std::env::var_os("GRADUS_BLESS").is_some() {
        fs::write(&target, &page).unwrap();
    }
    let known = fs::read_to_string(&target).unwrap_or_default();
    assert!(known == page, "cases/seeds-coverage.md is not what the commands answer: bless it");
}
