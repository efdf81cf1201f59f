//! The single steps, each one run of a tool.
//!
//! Must not know in which order they are wanted.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// The tests that run emitted programs; without these features they are not built.
const PYTHON: &str = "gradus/python,gradus-codegen/python";

/// The feature that lets tests break smart constructors on purpose.
const SABOTAGE: &str = "gradus/sabotage";

/// Formatting, then every lint as an error.
pub(crate) fn lint() -> Result<(), String> {
    run(cargo().args(["fmt", "--all", "--check"]))?;
    run(cargo()
        .args(["clippy", "--workspace", "--all-targets", "--locked", "--features", PYTHON])
        .args(["--", "-D", "warnings"]))
}

/// The documentation, with every warning an error.
pub(crate) fn documentation() -> Result<(), String> {
    let mut command = cargo();
    command
        .args(["doc", "--workspace", "--no-deps", "--locked"])
        .env("RUSTDOCFLAGS", "-D warnings");
    run(&mut command)
}

/// All tests. With an interpreter, emitted programs are run; without, these tests are left out.
pub(crate) fn tests(interpreter: Option<&Path>) -> Result<(), String> {
    let mut command = cargo();
    command.args(["test", "--workspace", "--locked", "--no-fail-fast", "--features", SABOTAGE]);
    match interpreter {
        Some(path) => command.args(["--features", PYTHON]).env("GRADUS_PYTHON", path),
        None => command.env_remove("GRADUS_PYTHON"),
    };
    run(&mut command)
}

/// The benches, in the release profile.
pub(crate) fn bench(names: &[&str]) -> Result<(), String> {
    run(cargo().args(["build", "--release", "--locked", "--package", "gradus-cli"]))?;
    run(cargo()
        .args(["run", "--quiet", "--release", "--locked", "--package", "gradus"])
        .args(["--example", "speed", "--"])
        .args(names))
}

/// Runs a command with the streams of this process and says how long it took.
pub(crate) fn run(command: &mut Command) -> Result<(), String> {
    let line = line(command);
    eprintln!("xtask: {line}");
    let start = Instant::now();
    let status = command
        .stdin(Stdio::null())
        .status()
        .map_err(|failure| format!("`{line}` did not start: {failure}"))?;
    if !status.success() {
        return Err(format!("`{line}` failed ({status})"));
    }
    eprintln!("xtask: done in {:.1} s", start.elapsed().as_secs_f64());
    Ok(())
}

fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

fn line(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
