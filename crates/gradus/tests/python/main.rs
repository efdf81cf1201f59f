//! Emitted NumPy modules and the expected formulas of golden cases against automatic differentiation
//! of independently written functions, and every golden answer in Typst.
//!
//! Must not know how code is emitted. `cargo xtask test` names the interpreter.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../cases/asked.rs"]
mod asked;
mod complex;
#[path = "../cases/format.rs"]
#[allow(dead_code, reason = "cases are only read here")]
mod format;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use gradus::{Convention, Forms, Order, Output, Request};
use serde_json::{Value, json};

use crate::format::{Case, Cases, FILES, SEEDS};

#[test]
fn expected_formulas_agree_with_automatic_differentiation() {
    let files: Vec<PathBuf> = SEEDS.iter().chain(&FILES).map(|file| format::path(file)).collect();
    run("golden.py", &files);
}

#[test]
fn emitted_modules_agree_with_automatic_differentiation() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("spine-modules");
    fs::create_dir_all(&folder).unwrap();
    let cases = Cases::of("spine.txt").cases;
    let derivatives = cases.iter().filter(|case| case.first("gradient").is_some());
    let mut refused = Vec::new();
    let mut entries = Vec::new();
    for case in derivatives {
        match module(case) {
            Ok(text) => entries.push(entry(case, &text, &folder)),
            Err(failure) => refused.push(format!("[{}] {failure}", case.id)),
        }
    }
    assert!(refused.is_empty(), "no module for {}:\n{}", refused.len(), refused.join("\n"));
    let list = folder.join("cases.json");
    fs::write(&list, Value::from(entries).to_string()).unwrap();
    run("compare.py", &[list]);
}

#[test]
fn typst_compiles_every_golden_answer() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let mut entries = Vec::new();
    for case in asked::FILES.iter().flat_map(|file| Cases::of(file).cases) {
        let answer =
            asked::answer(&case).unwrap_or_else(|failure| panic!("[{}] {failure}", case.id));
        entries.push(json!({ "id": case.id, "formula": answer.print(Output::Typst).unwrap() }));
    }
    let list = folder.join("typst.json");
    fs::write(&list, Value::from(entries).to_string()).unwrap();
    run("typeset.py", &[list]);
}

/// Matrix functions, decompositions and blocks, whose values and derivatives rest on helpers in Python.
#[test]
fn emitted_modules_of_the_vocabulary_check_themselves() {
    let cases = Cases::of("vocabulary.txt").cases;
    let derivatives: Vec<Case> =
        cases.into_iter().filter(|case| case.first("command").is_none()).collect();
    assert!(derivatives.len() > 20, "{}", derivatives.len());
    assert_eq!(check_modules("vocabulary", &derivatives, "1e-6"), 0);
}

/// Jacobians, Hessians, families and structured variables. Differences of second order are rough, but
/// a wrong derivative is wrong by much.
#[test]
fn emitted_modules_of_every_kind_check_themselves() {
    let files = SEEDS.iter().skip(1).chain(&FILES);
    let cases: Vec<Case> = files
        .flat_map(|file| Cases::of(file).cases)
        .filter(|case| case.first("gradient").is_some())
        .collect();
    let refused = check_modules("every-kind", &cases, "2e-2");
    println!("no module for {refused} of {}", cases.len());
    assert!(refused * 10 <= cases.len(), "no module for {refused} of {}", cases.len());
}

/// Writes the modules of some cases and compares their derivatives with differences of their values.
/// Gives how many cases are refused.
fn check_modules(name: &str, cases: &[Case], tolerance: &str) -> usize {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-modules"));
    fs::create_dir_all(&folder).unwrap();
    let mut refused = 0;
    let mut entries = Vec::new();
    for case in cases {
        let text = match module(case) {
            Ok(text) => text,
            Err(failure) => {
                assert_eq!(failure.exit_code(), 4, "[{}] {failure}", case.id);
                println!("[{}] {}", case.id, failure.diagnostic.message);
                refused += 1;
                continue;
            }
        };
        let path = folder.join(format!("{}.py", case.id.replace(['-', ' '], "_")));
        fs::write(&path, text).unwrap();
        let expr = case.one("expr");
        entries.push(json!({ "id": case.id, "expr": expr, "path": path.to_str().unwrap() }));
    }
    let list = folder.join("cases.json");
    fs::write(&list, Value::from(entries).to_string()).unwrap();
    run("check.py", &[list, PathBuf::from(tolerance)]);
    refused
}

fn module(case: &Case) -> gradus::Result<String> {
    let mut request = Request::new(case.one("expr"));
    request.declarations = case.texts("let");
    request.variables = case.texts("wrt");
    request.order = Order(case.first("order").map_or(1, |order| order.parse().unwrap()));
    if case.first("convention") == Some("entries") {
        request.convention = Convention::Entries;
    }
    request.forms = Forms::Main;
    gradus::diff(&request)?.print(Output::Numpy)
}

/// Writes the module and tells the script what to do with it.
fn entry(case: &Case, module: &str, folder: &Path) -> Value {
    let path = folder.join(format!("{}.py", case.id.replace('-', "_")));
    fs::write(&path, module).unwrap();
    json!({
        "id": case.id,
        "expr": case.one("expr"),
        "path": path.to_str().unwrap(),
        "let": case.texts("let"),
        "wrt": case.one("wrt"),
        "sizes": case.first("sizes").unwrap_or_default(),
        "domain": case.texts("domain"),
        "oracle": case.one("oracle"),
    })
}

fn run(script: &str, arguments: &[PathBuf]) {
    let interpreter = std::env::var_os("GRADUS_PYTHON")
        .expect("emitted programs need a Python interpreter: run `cargo xtask test`");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python");
    let output =
        Command::new(interpreter).arg(folder.join(script)).args(arguments).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    println!("{text}");
    assert!(output.status.success(), "{text}\n{errors}");
}
