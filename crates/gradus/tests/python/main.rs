//! Emitted NumPy modules and the expected formulas of golden cases against automatic differentiation
//! of independently written functions, and every golden answer in Typst.
//!
//! Must not know how code is emitted. `cargo xtask test` names the interpreter.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../cases/asked.rs"]
mod asked;
mod complex;
mod families;
#[path = "../cases/format.rs"]
#[allow(dead_code, reason = "cases are only read here")]
mod format;
mod minimize;
#[path = "../outputs/programs.rs"]
mod programs;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use gradus::{Convention, Forms, Order, Output, Request};
use serde_json::{Value, json};

use crate::format::{Case, Cases, FILES, SEEDS};
use crate::programs::PROGRAMS;

/// The file of cases whose code applies a linear map.
const MAPS: &str = "maps.txt";

/// For at most so many cases there is no module.
const MOST_REFUSED: usize = 60;

#[test]
fn expected_formulas_agree_with_automatic_differentiation() {
    let files: Vec<PathBuf> = SEEDS.iter().chain(&FILES).map(|file| format::path(file)).collect();
    run("golden.py", &files);
}

/// Every kind of derivative and differential, by structured variables and families too.
#[test]
fn emitted_modules_agree_with_automatic_differentiation() {
    let folder = folder("modules");
    let mut refused = Vec::new();
    let mut entries = Vec::new();
    let files = || SEEDS.iter().chain(&FILES).chain([&MAPS]);
    for case in files().flat_map(|file| Cases::of(file).cases) {
        if !has_code(&case) || is_complex(&case) || case.first("oracle").is_none() {
            continue;
        }
        match module(&case) {
            Ok(text) => entries.push(entry(&case, &text, &folder)),
            Err(failure) => {
                assert_eq!(failure.exit_code(), 4, "[{}] {failure}", case.id);
                refused.push(format!("[{}] {}", case.id, failure.diagnostic.message));
            }
        }
    }
    println!("{}", refused.join("\n"));
    assert!(refused.len() <= MOST_REFUSED, "no module for {}", refused.len());
    let list = folder.join("cases.json");
    fs::write(&list, Value::from(entries).to_string()).unwrap();
    let files = files().map(|file| format::path(file));
    run("compare.py", &std::iter::once(list).chain(files).collect::<Vec<_>>());
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
    for case in Cases::of("steps.txt").cases {
        let (answer, detail, language) = asked::worked(&case);
        let (text, _) = answer.print_steps(detail, language, Output::Typst, true).unwrap();
        entries.push(json!({ "id": case.id, "document": text }));
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

/// Jacobians, Hessians, differentials, families and structured variables. Differences of second order
/// are rough, but a wrong derivative is wrong by much.
#[test]
fn emitted_modules_of_every_kind_check_themselves() {
    let files = SEEDS.iter().chain(&FILES);
    let cases: Vec<Case> = files.flat_map(|file| Cases::of(file).cases).filter(has_code).collect();
    let refused = check_modules("every-kind", &cases, "2e-2");
    assert!(refused <= MOST_REFUSED, "no module for {refused} of {}", cases.len());
}

/// Modules of programs of many kinds: no number is missing, and none is wrong.
#[test]
fn emitted_modules_of_many_kinds_check_themselves() {
    let folder = folder("many-kinds-modules");
    let mut entries = Vec::new();
    let mut refused = Vec::new();
    for (at, program) in PROGRAMS.iter().enumerate() {
        for order in 1..=program.order {
            for (way, convention) in [Convention::Projected, Convention::Entries].iter().enumerate()
            {
                let mut request = Request::new(program.text);
                let declarations = program.declarations.iter().map(|text| (*text).to_owned());
                request.declarations = declarations.collect();
                request.variables = vec![program.variable.to_owned()];
                (request.order, request.convention) = (Order(order), *convention);
                request.forms = Forms::Main;
                let id = format!("p{at}_{order}_{way}");
                match gradus::diff(&request).and_then(|answer| answer.print(Output::Numpy)) {
                    Ok(text) => {
                        let path = folder.join(format!("{id}.py"));
                        fs::write(&path, text).unwrap();
                        let path = path.to_str().unwrap();
                        entries.push(json!({ "id": id, "expr": program.text, "path": path }));
                    }
                    Err(failure) => {
                        let message = failure.diagnostic.message.clone();
                        assert_eq!(failure.exit_code(), 4, "{}: {message}", program.text);
                        refused.push(format!("{} {order}: {message}", program.text));
                    }
                }
            }
        }
    }
    println!("{}", refused.join("\n"));
    assert!(12 * refused.len() < entries.len(), "no module for {}", refused.len());
    let list = folder.join("cases.json");
    fs::write(&list, Value::from(entries).to_string()).unwrap();
    run("check.py", &[list, PathBuf::from("2e-2"), PathBuf::from("everywhere")]);
}

/// Writes the modules of some cases and compares their derivatives with differences of their values.
/// Gives how many cases are refused.
fn check_modules(name: &str, cases: &[Case], tolerance: &str) -> usize {
    let folder = folder(&format!("{name}-modules"));
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
        entries.push(entry(case, &text, &folder));
    }
    let list = folder.join("cases.json");
    fs::write(&list, Value::from(entries).to_string()).unwrap();
    run("check.py", &[list, PathBuf::from(tolerance)]);
    refused
}

/// Whether a case is of a derivative or a differential.
fn has_code(case: &Case) -> bool {
    case.first("wrt").or(case.first("vary")).is_some()
}

/// Those by complex variables are compared apart.
fn is_complex(case: &Case) -> bool {
    let kinds = ["complex", "hermitian", "unitary"];
    let is_complex = |word: &str| kinds.iter().any(|kind| word.starts_with(kind));
    case.all("let").flat_map(str::split_whitespace).any(is_complex)
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
    if case.first("differential").is_some() {
        request.variables = case.texts("vary");
        return gradus::differential(&request)?.print(Output::Numpy);
    }
    gradus::diff(&request)?.print(Output::Numpy)
}

/// Writes the module and tells the script where.
fn entry(case: &Case, module: &str, folder: &Path) -> Value {
    let path = folder.join(format!("{}.py", case.id.replace(['-', ' '], "_")));
    fs::write(&path, module).unwrap();
    json!({ "id": case.id, "expr": case.one("expr"), "path": path.to_str().unwrap() })
}

fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn run(script: &str, arguments: &[PathBuf]) {
    let interpreter = std::env::var_os("GRADUS_PYTHON")
        .expect("emitted programs need a Python interpreter: run `cargo xtask test`");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python");
    // For small arrays threads cost more than they give.
    let output = Command::new(interpreter)
        .env("OPENBLAS_NUM_THREADS", "1")
        .arg(folder.join(script))
        .args(arguments)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    println!("{text}");
    assert!(output.status.success(), "{text}\n{errors}");
}
