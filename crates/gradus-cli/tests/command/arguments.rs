//! Words of the command line: options, expressions that look like options, mistakes.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

use crate::{gradus, run};

#[test]
fn an_expression_may_begin_with_a_minus_sign() {
    let words = ["diff", "-x'*x", "--wrt", "x", "--emit", "source"];
    gradus(&words).exits(0).answers("-2*x");
    gradus(&["diff", "--emit", "source", "--wrt", "x", "-x'*x"]).exits(0).answers("-2*x");
    gradus(&["diff", "--emit=source", "--wrt=x", "--", "-x'*x"]).exits(0).answers("-2*x");
}

#[test]
fn a_misspelt_option_is_named_with_a_suggestion() {
    gradus(&["diff", "x'*x", "--wrd", "x"]).exits(2).says("--wrd").says("--wrt");
    gradus(&["diff", "x'*x", "--emit", "latx"]).exits(2).says("latx").says("latex");
    gradus(&["diff", "x'*x", "--layout", "numerater"]).exits(2).says("numerator");
    gradus(&["dif", "x'*x"]).exits(2).says("diff");
}

#[test]
fn what_is_missing_is_said() {
    gradus(&[]).exits(2).says("Usage");
    gradus(&["diff"]).exits(2).says("EXPR");
    gradus(&["diff", "x'*x", "y"]).exits(2).says("y");
    gradus(&["diff", "x'*x", "--wrt"]).exits(2).says("--wrt");
}

#[test]
fn help_and_version_are_answers() {
    assert!(gradus(&["--help"]).exits(0).answer.contains("Examples:"));
    assert!(
        gradus(&["diff", "--help"]).exits(0).answer.contains("gradus diff \"norm2(X*w - y)^2\"")
    );
    assert!(gradus(&["diff", "-h"]).exits(0).answer.contains("--layout"));
    assert!(gradus(&["--version"]).exits(0).answer.starts_with("gradus "));
    for later in ["--steps", "--at", "--times", "--plot", "--lang"] {
        assert!(!gradus(&["diff", "--help"]).answer.contains(later), "{later}");
        gradus(&["diff", "x'*x", later]).exits(2).says(later);
    }
}

#[test]
fn bytes_that_are_not_utf8_are_bad_input() {
    let bytes = |bytes: &[u8]| OsString::from_vec(bytes.to_vec());
    let words = [bytes(b"diff"), bytes(b"x\xff'*x")];
    run(&words, b"").exits(2).says("UTF-8");
    run(&["diff", "-"], b"x'*\xfe\xffx").exits(2).says("UTF-8");
    let file = std::env::temp_dir().join(format!("gradus-{}.txt", std::process::id()));
    std::fs::write(&file, b"\xc3\x28").unwrap();
    run(&["diff", "--file", file.to_str().unwrap()], b"").exits(2).says("UTF-8");
    std::fs::remove_file(&file).unwrap();
}

#[test]
fn programs_come_from_a_file_or_from_standard_input() {
    let program = b"# least squares\nr = X*w - y\nr'*r\n";
    let answer = run(&["diff", "-", "--wrt", "w", "--emit", "source"], program).exits(0).answer;
    let file = std::env::temp_dir().join(format!("gradus-program-{}.txt", std::process::id()));
    std::fs::write(&file, program).unwrap();
    let words = ["diff", "--file", file.to_str().unwrap(), "--wrt", "w", "--emit", "source"];
    run(&words, b"").exits(0).answers(answer.trim_end());
    std::fs::remove_file(&file).unwrap();
    gradus(&words).exits(2).says("gradus-program");
    gradus(&["diff", "x'*x", "--file", "program.txt"]).exits(2);
}

#[test]
fn functions_are_listed_and_described() {
    assert!(gradus(&["functions"]).exits(0).answer.contains("logdet"));
    assert!(gradus(&["functions", "inverse"]).exits(0).answer.contains("-inv(X)*dX*inv(X)"));
    gradus(&["functions", "sofmax"]).exits(2).says("softmax");
}

#[test]
fn completions_know_the_options() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(gradus(&["completions", shell]).exits(0).answer.contains("wrt"), "{shell}");
    }
}
