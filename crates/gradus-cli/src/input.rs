//! Reading of programs and requests as text.
//!
//! Must not know the language.

use std::fs::File;
use std::io::{Read, stdin};
use std::path::Path;

/// The most bytes that are read of one program; the parser's own limit is lower.
const MOST_BYTES: u64 = 64 << 20;

/// All of standard input.
pub(crate) fn from_standard_input() -> Result<String, String> {
    read(stdin().lock(), "standard input")
}

/// All of a file.
pub(crate) fn from_file(path: &Path) -> Result<String, String> {
    let name = format!("file `{}`", path.display());
    let file = File::open(path).map_err(|failure| format!("{name}: {failure}"))?;
    read(file, &name)
}

fn read(source: impl Read, name: &str) -> Result<String, String> {
    let mut bytes = Vec::new();
    let mut limited = source.take(MOST_BYTES + 1);
    limited.read_to_end(&mut bytes).map_err(|failure| format!("{name}: {failure}"))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(format!("{name} is longer than {} MiB", MOST_BYTES >> 20));
    }
    String::from_utf8(bytes).map_err(|failure| {
        let place = failure.utf8_error().valid_up_to();
        format!("{name} is not valid UTF-8 (byte {})", place + 1)
    })
}
