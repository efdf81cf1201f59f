//! How files look: a head that says what they are for, no great length, no words that do not belong.
//!
//! Must not know what the files do.

use std::fs;
use std::path::{Path, PathBuf};

use crate::root;

/// The most lines of a file that is written by hand.
const MOST_LINES: usize = 800;

/// Folders that hold no text of the project.
const SKIPPED_FOLDERS: [&str; 6] =
    [".git", "target", ".venv", "node_modules", "__pycache__", "shared"];

/// Parts of words that stand nowhere. Put together here so that this file does not hold them.
const FORBIDDEN: [&str; 17] = [
    concat!("to", "do!("),
    concat!("un", "implemented!("),
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X"),
    concat!("#[ig", "nore"),
    concat!("db", "g!("),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/wo", "rk/"),
    concat!("/tm", "p/"),
    concat!("C:", "\\"),
    concat!("sha", "red/"),
    concat!("py", "pi.org"),
    concat!("--index", "-url"),
    concat!("index", ".crates.io"),
    concat!("static", ".crates.io"),
];

/// Whole words, in any case, that are about how the project came to be and not about itself.
const FORBIDDEN_WORDS: [&str; 7] = [
    concat!("ses", "sion"),
    concat!("ses", "sions"),
    concat!("iss", "ue"),
    concat!("iss", "ues"),
    concat!("proto", "type"),
    concat!("DESIGN", ".md"),
    concat!("RAISING", ".md"),
];

#[test]
fn every_rust_file_says_what_it_is_for() {
    let headless: Vec<PathBuf> = texts()
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .filter(|path| !fs::read_to_string(path).unwrap().starts_with("//! "))
        .collect();
    assert!(headless.is_empty(), "files without a head `//!`: {headless:#?}");
}

#[test]
fn no_file_is_long() {
    let long: Vec<(PathBuf, usize)> = texts()
        .into_iter()
        .filter(|path| !path.starts_with(root().join("cases")))
        .filter(|path| path.file_name().is_some_and(|name| name != "Cargo.lock"))
        .map(|path| (path.clone(), fs::read_to_string(path).unwrap().lines().count()))
        .filter(|(_, lines)| *lines >= MOST_LINES)
        .collect();
    assert!(long.is_empty(), "files of {MOST_LINES} lines or more: {long:#?}");
}

#[test]
fn no_file_holds_what_does_not_belong() {
    let mut wrong = Vec::new();
    for path in texts() {
        for (number, line) in fs::read_to_string(&path).unwrap().lines().enumerate() {
            for word in forbidden_in(line) {
                wrong.push(format!("{}:{}: {word}", path.display(), number + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn forbidden_in(line: &str) -> Vec<&'static str> {
    let lower = line.to_lowercase();
    let words: Vec<&str> = lower
        .split(|letter: char| !(letter.is_alphanumeric() || letter == '_' || letter == '.'))
        .map(|word| word.trim_matches('.'))
        .collect();
    let parts = FORBIDDEN.into_iter().filter(|part| line.contains(part));
    let whole = FORBIDDEN_WORDS.into_iter().filter(|word| words.contains(&&*word.to_lowercase()));
    parts.chain(whole).collect()
}

/// Every text file of the project.
fn texts() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if !SKIPPED_FOLDERS.contains(&name.as_str()) {
                    folders.push(path);
                }
            } else if is_text(&path) {
                found.push(path);
            }
        }
    }
    found.sort();
    assert!(found.len() > 40, "only {} files found", found.len());
    found
}

fn is_text(path: &Path) -> bool {
    let extensions =
        ["rs", "toml", "md", "py", "txt", "jsonl", "json", "lock", "sh", "yml", "html"];
    let is_known = path.extension().is_some_and(|extension| {
        extensions.iter().any(|known| extension.eq_ignore_ascii_case(known))
    });
    is_known || path.starts_with(root().join(".ci"))
}
