//! The `gradus` command: arguments, streams, exit codes.
//!
//! Must not know mathematics; it asks the library and shows what comes back.

mod arguments;
mod commands;
mod data;
mod explain;
mod input;
mod minimize;
mod mistakes;
mod output;
mod plot;
mod show;
mod solve;
mod value;
mod words;

use std::panic::catch_unwind;
use std::process::ExitCode;

use output::Streams;

/// Exit code of an answer, and of a claim that is true.
const ANSWERED: u8 = 0;
/// Exit code of a claim that is false.
const FALSE: u8 = 1;
/// Exit code of wrong input.
const BAD_INPUT: u8 = 2;
/// Exit code of an internal check that failed.
const INTERNAL: u8 = 3;
/// Exit code of what is not supported, over a limit, or undecided.
const UNDECIDED: u8 = 4;

fn main() -> ExitCode {
    // A panic is a defect, and is reported as one in a sentence instead of a trace.
    std::panic::set_hook(Box::new(|_| {}));
    let code = catch_unwind(|| commands::run(std::env::args_os().collect())).unwrap_or_else(|_| {
        Streams::new().complain("error[internal]: Gradus failed on this input; this is a defect");
        INTERNAL
    });
    ExitCode::from(code)
}
