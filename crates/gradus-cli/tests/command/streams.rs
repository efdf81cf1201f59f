//! The answer on standard output, everything else on standard error, and exit codes.

use std::io::{Read, Write};
use std::process::{Command, Stdio};

use crate::{gradus, run};

#[test]
fn the_first_example() {
    let found = gradus(&["diff", "norm2(X*w - y)^2", "--wrt", "w"]).exits(0);
    let found = found.says("reading: X matrix(").says("verified: proved at sizes");
    assert_eq!(found.answer.lines().count(), 1);
    assert!(found.answer.starts_with("∂f/∂w = 2Xᵀ(Xw − y)  "), "{}", found.answer);
    assert!(found.answer.trim_end().ends_with("×1, mixed layout"), "{}", found.answer);
}

#[test]
fn source_is_the_formula_alone() {
    let words = ["diff", "norm2(X*w - y)^2", "--wrt", "w", "--emit", "source"];
    gradus(&words).exits(0).answers("2*X'*(X*w - y)").says("verified");
}

#[test]
fn nothing_is_coloured_in_a_pipe() {
    let found = gradus(&["diff", "norm2(X*w - y)^2"]);
    assert!(!found.answer.contains('\u{1b}') && !found.messages.contains('\u{1b}'));
    let found = gradus(&["diff", "norm2(X*w - y"]);
    assert!(!found.messages.contains('\u{1b}'));
}

#[test]
fn an_error_leaves_standard_output_empty() {
    for words in [
        vec!["diff", "norm2(X*w - y"],
        vec!["diff", "tr(X*Y)", "--let", "X, Y: matrix(m,n)"],
        vec!["diff", "A*X", "--wrt", "X", "--order", "99"],
        vec!["check", "x'*x"],
    ] {
        let found = gradus(&words);
        assert!(found.code >= 2, "{found:#?}");
        assert!(found.answer.is_empty() && found.messages.starts_with("error["), "{found:#?}");
    }
}

#[test]
fn an_error_names_the_place_and_a_hint() {
    let words = ["diff", "tr(X*Y)", "--let", "X: matrix(m,n)", "--let", "Y: matrix(m,n)"];
    gradus(&words).exits(2).says("error[shape]").says("tr(X*Y)").says("^").says("hint:");
    gradus(&["diff", "sofmax(x)"]).exits(2).says("softmax");
    gradus(&["diff", "tr(X)", "--let", "X: matirx(m,n)"]).exits(2).says("matirx").says("matrix");
}

#[test]
fn claims_are_true_or_false() {
    gradus(&["check", "tr(A*B) = tr(B*A)"]).exits(0).answers("true").says("proved");
    gradus(&["check", "tr(A*B) = tr(A)*tr(B)"]).exits(1).answers("false").says("refuted");
    gradus(&["check", "adj(A) = tr(A)*eye - A"]).exits(1).answers("false");
    gradus(&["check", "x = A\\b; A*x = b", "--let", "A: matrix(n,n)"]).exits(0).answers("true");
    gradus(&["check", "tr(A*B)"]).exits(2);
}

#[test]
fn what_is_not_supported_is_named() {
    let words = ["diff", "hess_f(x)", "--let", "f: function", "--wrt", "x"];
    gradus(&words).exits(4).says("not supported");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_gradus"))
        .args(["functions"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut messages = String::new();
    child.stderr.take().unwrap().read_to_string(&mut messages).unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(messages, "");
}

#[test]
fn a_reader_that_leaves_early_ends_a_batch() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_gradus"))
        .args(["batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut input, mut output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let line = b"{\"id\": 1, \"expr\": \"x'*x\", \"emit\": \"source\"}\n";
    input.write_all(line).unwrap();
    // An answer comes before the next request is written.
    output.read_exact(&mut [0]).unwrap();
    drop(output);
    // The command may be gone by now.
    let _ = input.write_all(&line.repeat(100));
    drop(input);
    let mut messages = String::new();
    child.stderr.take().unwrap().read_to_string(&mut messages).unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(messages, "");
}

#[test]
fn an_output_that_is_full_is_an_error() {
    let Ok(full) = std::fs::OpenOptions::new().write(true).open("/dev/full") else { return };
    let output = Command::new(env!("CARGO_BIN_EXE_gradus"))
        .args(["diff", "x'*x"])
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("standard output"));
}

#[test]
fn json_has_every_form() {
    let found = run(&["diff", "norm2(X*w - y)^2", "--wrt", "w", "--emit", "json"], b"").exits(0);
    let value: serde_json::Value = serde_json::from_str(&found.answer).unwrap();
    assert_eq!(value["schema"], 1);
    assert_eq!(value["wrt"], "w");
    assert_eq!(value["layout"], "mixed");
    assert_eq!(value["result"]["source"], "2*X'*(X*w - y)");
    for form in ["text", "latex", "mathml", "typst", "index"] {
        assert!(value["result"][form].as_str().is_some_and(|text| !text.is_empty()), "{form}");
    }
    assert_eq!(value["steps"], serde_json::json!([]));
    assert_eq!(value["verification"]["verdict"], "proved");
    assert!(value["verification"]["sizes"].as_array().is_some_and(|sizes| sizes.len() >= 2));
}
