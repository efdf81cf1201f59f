//! The Python environment in which emitted programs are run by the tests.
//!
//! Must not know the tests.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::steps::run;

/// The packages, with their versions.
const REQUIREMENTS: &str = "requirements-test.txt";

/// The interpreter of `.venv`, made from [`REQUIREMENTS`] if it is missing or out of date.
pub(crate) fn environment() -> Result<PathBuf, String> {
    let root = std::env::current_dir().map_err(|failure| failure.to_string())?;
    let wanted = std::fs::read_to_string(root.join(REQUIREMENTS))
        .map_err(|failure| format!("{REQUIREMENTS}: {failure}"))?;
    let folder = root.join(".venv");
    let interpreter = folder.join("bin").join("python3");
    let stamp = folder.join("installed.txt");
    let is_current = std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted);
    if !(is_current && interpreter.exists()) {
        create(&folder, &interpreter)?;
        std::fs::write(&stamp, wanted).map_err(|failure| failure.to_string())?;
    }
    Ok(interpreter)
}

fn create(folder: &Path, interpreter: &Path) -> Result<(), String> {
    let system = std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
    run(Command::new(system).args(["-m", "venv"]).arg(folder))?;
    run(Command::new(interpreter)
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
        .args(["--requirement", REQUIREMENTS]))
}
