//! The examples of solving: each file is a transcript whose commands are run.
//!
//! Must not know how problems are solved. `GRADUS_BLESS=1` writes the outputs anew.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/solving")
}

/// The words of a command line with quotation marks.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let (mut word, mut quote, mut open) = (String::new(), None, false);
    for sign in line.chars() {
        match (quote, sign) {
            (Some(mark), _) if sign == mark => quote = None,
            (Some(_), _) => word.push(sign),
            (None, '\'' | '"') => {
                quote = Some(sign);
                open = true;
            }
            (None, ' ') => {
                if open || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                open = false;
            }
            (None, _) => word.push(sign),
        }
    }
    if open || !word.is_empty() {
        words.push(word);
    }
    words
}

/// A transcript with the outputs of its commands as they are now.
fn run(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut command: Option<String> = None;
    for line in text.lines() {
        if line.starts_with('#') || line.is_empty() && lines.len() < 2 {
            lines.push(line.to_owned());
        } else if let Some(start) = line.strip_prefix("$ ") {
            command = Some(start.to_owned());
        } else if let (Some(open), true) = (&mut command, line.starts_with("  --")) {
            let start = open.trim_end_matches('\\').trim_end().to_owned();
            *open = format!("{start} {}", line.trim());
        } else {
            continue;
        }
        let Some(ready) = command.take_if(|open| !open.ends_with('\\')) else { continue };
        let words = words(&ready);
        let output = Command::new(env!("CARGO_BIN_EXE_gradus")).args(&words[1..]).output().unwrap();
        assert!(output.status.success(), "{ready}: {}", String::from_utf8_lossy(&output.stderr));
        if lines.last().is_some_and(|line| !line.is_empty()) {
            lines.push(String::new());
        }
        lines.push(format!("$ {}", ready.replace(" --", " \\\n  --")));
        lines.push(String::from_utf8(output.stdout).unwrap().trim_end().to_owned());
    }
    lines.join("\n") + "\n"
}

#[test]
fn examples_of_solving_are_as_they_say() {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 10, "{files:?}");
    let mut wrong = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let found = run(&text);
        if std::env::var_os("GRADUS_BLESS").is_some() {
            fs::write(&file, found).unwrap();
        } else if found != text {
            wrong.push(format!("{}:\n{found}", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
