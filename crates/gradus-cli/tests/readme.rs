//! Every example of the README is run, and prints what the README says.
//!
//! Must not know the library. In a block without a language, a line that begins with `$ ` is run by a
//! shell; the lines after it are its standard output, or both of its streams as a terminal shows them; empty lines do not count.
//! A line of the README that ends with `…` is the beginning of a line.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

#[derive(Default)]
struct Example {
    command: String,
    lines: Vec<String>,
}

#[test]
fn examples_of_the_readme_print_what_it_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let examples = examples(&fs::read_to_string(path).unwrap());
    assert!(examples.len() >= 6, "only {} examples", examples.len());
    let wrong: Vec<String> = examples.iter().filter_map(difference).collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), examples.len(), wrong.join("\n"));
}

fn examples(text: &str) -> Vec<Example> {
    let mut found: Vec<Example> = Vec::new();
    let mut is_console = false;
    for line in text.lines() {
        if let Some(language) = line.strip_prefix("```") {
            is_console = matches!(language, "" | "console") && !is_console;
            found.extend(is_console.then(Example::default));
        } else if !is_console {
            continue;
        } else if let Some(command) = line.strip_prefix("$ ") {
            found.push(Example { command: command.to_owned(), lines: Vec::new() });
        } else if let Some(example) = found.last_mut() {
            example.lines.push(line.to_owned());
        }
    }
    // A block that does not begin with a command is no example.
    found.retain(|example| !example.command.is_empty());
    found
}

/// What is printed instead, if it is not what is expected.
fn difference(example: &Example) -> Option<String> {
    let answer = answer(&example.command);
    let screen = screen(&example.command);
    if agree(&example.lines, &answer) || agree(&example.lines, &screen) {
        return None;
    }
    Some(format!("$ {}\n{}\ninstead of\n{}\n", example.command, screen, example.lines.join("\n")))
}

fn agree(expected: &[String], found: &str) -> bool {
    let expected: Vec<&String> = expected.iter().filter(|line| !line.trim().is_empty()).collect();
    let found: Vec<&str> = found.lines().filter(|line| !line.trim().is_empty()).collect();
    let is_line = |(expected, found): (&&String, &&str)| match expected.strip_suffix('…') {
        Some(beginning) => found.starts_with(beginning),
        None => expected.trim_end() == found.trim_end(),
    };
    expected.len() == found.len() && expected.iter().zip(&found).all(is_line)
}

fn answer(command: &str) -> String {
    let output = shell(command).stderr(Stdio::null()).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// Both streams in the order in which they are written.
fn screen(command: &str) -> String {
    let (mut reader, writer) = std::io::pipe().unwrap();
    let mut shell = shell(command);
    shell.stdout(writer.try_clone().unwrap()).stderr(writer);
    let mut child = shell.spawn().unwrap();
    // The ends for writing go with it; else the end of the stream would never come.
    drop(shell);
    let mut text = String::new();
    reader.read_to_string(&mut text).unwrap();
    child.wait().unwrap();
    text
}

fn shell(command: &str) -> Command {
    let folder = Path::new(env!("CARGO_BIN_EXE_gradus")).parent().unwrap();
    let mut folders = vec![folder.to_owned()];
    folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    let mut shell = Command::new("sh");
    shell
        .args(["-c", command])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
        .env("PATH", std::env::join_paths(folders).unwrap())
        .stdin(Stdio::null());
    shell
}
