//! The examples of the README are what the command prints.

use crate::gradus;

#[test]
fn the_examples_of_the_readme_are_true() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md");
    let text = std::fs::read_to_string(path).unwrap();
    let (mut shown, mut count) = (Vec::new(), 0);
    let mut command: Option<Vec<String>> = None;
    for line in text.lines() {
        let next = line.strip_prefix("$ gradus ");
        if next.is_some() || line.starts_with("```") {
            if let Some(words) = command.take() {
                assert_shown(&words, &shown);
                count += 1;
            }
            shown.clear();
        } else {
            shown.push(line.to_owned());
        }
        if let Some(rest) = next {
            command = Some(words(rest));
        }
    }
    assert!(count >= 5, "only {count} examples found");
}

/// Asserts that every line of an example stands on one of the two streams.
#[track_caller]
fn assert_shown(words: &[String], lines: &[String]) {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let found = gradus(&words);
    let streams = format!("{}\n{}", found.answer, found.messages);
    for line in lines {
        let is_there = streams.lines().any(|printed| printed == line);
        assert!(is_there || line.is_empty(), "`{line}` is not printed by {words:?}:\n{streams}");
    }
}

/// The words of a command line with quotes.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
    for letter in line.chars() {
        match (letter, quote) {
            ('"' | '\'', None) => quote = Some(letter),
            (letter, Some(open)) if letter == open => quote = None,
            (' ', None) => words.push(std::mem::take(&mut word)),
            (letter, _) => word.push(letter),
        }
    }
    words.push(word);
    words
}
