//! The `gradus` command as a user meets it: words in, two streams and an exit code out.
//!
//! Must not know the library.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod arguments;
mod batch;
mod claims;
mod coverage;
mod explain;
mod forms;
mod hostile;
mod names;
mod plot;
mod solving;
mod streams;

use std::ffi::OsStr;
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What one run of the command gave.
#[derive(Clone, Debug)]
struct Run {
    code: i32,
    answer: String,
    messages: String,
    took: Duration,
}

impl Run {
    /// Asserts the exit code.
    #[track_caller]
    fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:#?}");
        self
    }

    /// Asserts that standard error says something.
    #[track_caller]
    fn says(self, text: &str) -> Self {
        assert!(self.messages.contains(text), "`{text}` is missing in {self:#?}");
        self
    }

    /// Asserts what stands on standard output, line breaks at the end apart.
    #[track_caller]
    fn answers(self, text: &str) -> Self {
        assert_eq!(self.answer.trim_end(), text, "{self:#?}");
        self
    }
}

/// Runs the command.
fn gradus(words: &[&str]) -> Run {
    run(words, b"")
}

/// Runs the command with standard input.
fn run<W: AsRef<OsStr>>(words: &[W], input: &[u8]) -> Run {
    let start = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_gradus"))
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    // A command that does not read its input closes the pipe; that is its right.
    let writer = std::thread::spawn(move || {
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let run = Run {
        code: output.status.code().expect("the command ended by a signal"),
        answer: String::from_utf8(output.stdout).unwrap(),
        messages: String::from_utf8(output.stderr).unwrap(),
        took: start.elapsed(),
    };
    assert!(!run.messages.contains("panicked"), "{run:#?}");
    assert!(!run.messages.contains("stack backtrace"), "{run:#?}");
    run
}
