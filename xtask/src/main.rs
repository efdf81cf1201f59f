//! Project tasks: `cargo xtask test`, `cargo xtask lint`, `cargo xtask bench`.
//!
//! Must not know mathematics; it only runs the tools in order and stops at the first failure.

mod python;
mod steps;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask COMMAND

  test           format, lints, tests, documentation, and the tests that run emitted Python
  test --quick   the same without Python
  lint           format and lints only
  bench [NAME]   speed: problems, layers, factors, process; all of them without NAME";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["test"] => test(true),
        ["test", "--quick"] => test(false),
        ["lint"] => steps::lint(),
        ["bench", names @ ..] => steps::bench(names),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn test(with_python: bool) -> Result<(), String> {
    steps::lint()?;
    steps::documentation()?;
    let interpreter = if with_python { Some(python::environment()?) } else { None };
    steps::tests(interpreter.as_deref())
}
