//! Generated modules are run in Python and compared with references and finite differences.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod arrangements;
mod families;
mod functions;
mod jacobians;
mod naive;
mod random;
mod scalar;
mod structures;
#[path = "../support/mod.rs"]
mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use gradus_functions::Language;
use support::Program;

/// A module with arguments to run it with.
struct Case {
    name: &'static str,
    program: Program,
    /// A Python dictionary; `rng` is a random generator.
    arguments: &'static str,
    /// What the value has to be, in Python; empty if only the differences are compared.
    value: &'static str,
    /// Whether the derivative is that of a free variable, entry by entry.
    differences: bool,
}

impl Case {
    fn new(name: &'static str, arguments: &'static str, value: &'static str) -> Self {
        Self { name, program: Program::new(), arguments, value, differences: true }
    }

    fn structured(mut self) -> Self {
        self.differences = false;
        self
    }
}

/// The interpreter with NumPy and SciPy.
fn interpreter() -> PathBuf {
    std::env::var_os("GRADUS_PYTHON")
        .expect("emitted programs need a Python interpreter: run `cargo xtask test`")
        .into()
}

fn json_text(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

fn run(group: &str, cases: &[Case]) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(group);
    std::fs::create_dir_all(&folder).unwrap();
    let mut entries = Vec::new();
    for case in cases {
        let path = folder.join(format!("{}.py", case.name));
        std::fs::write(&path, case.program.module()).unwrap();
        let wrt: Vec<String> = case
            .program
            .answers
            .iter()
            .map(|answer| {
                let names: Vec<String> = answer
                    .wrt
                    .iter()
                    .map(|position| json_text(&case.program.variables[*position].name))
                    .collect();
                format!("[{}]", names.join(","))
            })
            .collect();
        entries.push(format!(
            "{{\"name\":{},\"path\":{},\"arguments\":{},\"value\":{},\"wrt\":[{}],\"differences\":{}}}",
            json_text(case.name),
            json_text(&path.to_string_lossy()),
            json_text(case.arguments),
            json_text(case.value),
            wrt.join(","),
            case.differences
        ));
    }
    let list = folder.join("cases.json");
    std::fs::write(&list, format!("[{}]", entries.join(","))).unwrap();
    run_script("harness.py", &list);
}

fn run_script(name: &str, list: &Path) {
    let harness = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support").join(name);
    let output = Command::new(interpreter()).arg(harness).arg(list).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}\n{errors}");
}

fn scalar_case(
    name: &'static str,
    arguments: &'static str,
    value: &'static str,
    build: impl FnOnce(&mut Program),
) -> Case {
    let mut case = Case::new(name, arguments, value);
    build(&mut case.program);
    case
}

#[test]
fn scalar_functions() {
    let mut cases = vec![
        scalar::least_squares(),
        scalar::logistic(),
        scalar::cross_entropy(),
        scalar::numbers(),
    ];
    cases.extend(scalar::determinants());
    run("scalar", &cases);
}

#[test]
fn jacobians_and_hessians() {
    let mut cases = jacobians::jacobians();
    cases.push(jacobians::by_a_scalar());
    cases.extend(jacobians::hessians());
    run("jacobians", &cases);
}

#[test]
fn unknown_functions() {
    run("functions", &functions::functions());
}

#[test]
fn sums_over_families() {
    run("families", &families::families());
}

#[test]
fn structured_variables() {
    run("structures", &structures::structures());
}

#[test]
fn rearrangements_and_names() {
    let mut cases = arrangements::arrangements();
    cases.push(arrangements::odd_names());
    run("arrangements", &cases);
}

/// Random formulas against the same formulas spelled out with matrices and loops alone.
#[test]
fn random_formulas() {
    let programs: Vec<(Program, String)> = (0..1000).map(random::program).collect();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("random");
    std::fs::create_dir_all(&folder).unwrap();
    let mut entries = Vec::new();
    for (number, (program, naive)) in programs.iter().enumerate() {
        let path = folder.join(format!("random{number}.py"));
        let request = program.request();
        let plan = gradus_codegen::plan(&request).unwrap();
        let module = gradus_codegen::target(Language::Numpy)
            .module(&plan)
            .unwrap_or_else(|error| panic!("{error}\n{naive}"));
        std::fs::write(&path, module).unwrap();
        let page = naive::spell_page(&plan.value);
        let path = json_text(&path.to_string_lossy());
        entries.push(format!(
            "{{\"path\":{path},\"naive\":{},\"page\":{}}}",
            json_text(naive),
            json_text(&page)
        ));
    }
    let list = folder.join("cases.json");
    std::fs::write(&list, format!("[{}]", entries.join(","))).unwrap();
    run_script("naive.py", &list);
}
