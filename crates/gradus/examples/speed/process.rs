//! The whole process: start, answer, end.

use std::path::PathBuf;
use std::process::Command;

use crate::{least, shown};

/// The command on the first example.
pub(crate) fn run() {
    let folder = std::env::current_exe().unwrap();
    let program: PathBuf = folder.parent().unwrap().with_file_name("gradus");
    let time = least(20, || {
        let mut command = Command::new(&program);
        let output = command.args(["diff", "norm2(X*w - y)^2", "--wrt", "w"]).output().unwrap();
        assert!(output.status.success(), "{output:?}");
    });
    println!("process: `gradus diff \"norm2(X*w - y)^2\" --wrt w` takes {}", shown(time));
}
