//! Standard output and standard error: answers on the one, everything else on the other.
//!
//! A reader that goes away ends the output, and is no error.

use std::io::{ErrorKind, IsTerminal, Write, stderr, stdout};

/// Where text goes, and whether it may be coloured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Streams {
    /// Whether answers may be coloured.
    pub(crate) colours_answers: bool,
    /// Whether messages may be coloured.
    pub(crate) colours_messages: bool,
}

impl Streams {
    /// The streams of this process; coloured only on a terminal, and not where `NO_COLOR` is set.
    pub(crate) fn new() -> Self {
        let is_wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Self {
            colours_answers: is_wanted && stdout().is_terminal(),
            colours_messages: is_wanted && stderr().is_terminal(),
        }
    }

    /// Prints a part of the answer, with a line break at its end.
    pub(crate) fn answer(self, text: &str) -> Result<(), String> {
        let mut stream = stdout().lock();
        let written = write_line(&mut stream, text);
        finish(written.and_then(|()| stream.flush()), "standard output")
    }

    /// Prints a message beside the answer.
    pub(crate) fn complain(self, text: &str) {
        // There is no third stream on which to say that this one is closed.
        let _ = write_line(&mut stderr().lock(), text);
    }

    /// Prints a message of less weight than the answer.
    pub(crate) fn remark(self, text: &str) {
        if self.colours_messages {
            self.complain(&format!("\x1b[2m{text}\x1b[0m"));
        } else {
            self.complain(text);
        }
    }
}

fn write_line(stream: &mut impl Write, text: &str) -> std::io::Result<()> {
    stream.write_all(text.as_bytes())?;
    if !text.ends_with('\n') {
        stream.write_all(b"\n")?;
    }
    Ok(())
}

fn finish(written: std::io::Result<()>, name: &str) -> Result<(), String> {
    match written {
        Err(failure) if failure.kind() != ErrorKind::BrokenPipe => {
            Err(format!("{name}: {failure}"))
        }
        _ => Ok(()),
    }
}
