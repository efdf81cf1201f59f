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
    gradus(&["diff", "--wrt", "x", "--emit", "source", "--", "--x'*x"]).exits(0).answers("2*x");
    gradus(&["diff", "-2.5*x'*x", "--emit", "source"]).exits(0).answers("-5*x");
    gradus(&["diff", "--x'*x"]).exits(2).says("--x'*x");
    gradus(&["check", "-x = 0 - x"]).exits(0).answers("true");
    gradus(&["differential", "-inv(X)", "--emit", "source"]).exits(0).answers("inv(X)*dX*inv(X)");
    run(&["diff", "--emit", "source", "-"], b"-x'*x").exits(0).answers("-2*x");
    run(&["diff", "-", "-"], b"x").exits(2);
    run(&["diff", "-"], b"").exits(2).says("empty");
}

#[test]
fn a_misspelt_option_is_named_with_a_suggestion() {
    gradus(&["diff", "x'*x", "--wrd", "x"]).exits(2).says("--wrd").says("--wrt");
    gradus(&["diff", "x'*x", "--emit", "latx"]).exits(2).says("latx").says("latex");
    gradus(&["diff", "x'*x", "--layout", "numerater"]).exits(2).says("numerator");
    gradus(&["dif", "x'*x"]).exits(2).says("diff");
    for wrong in ["--wtr", "--wtr=x", "-wrt"] {
        let found =
            gradus(&["diff", "x'*x", wrong, "x"]).exits(2).says(wrong.split('=').next().unwrap());
        assert!(
            found.messages.contains("'--wrt'") && !found.messages.contains("-- --wtr"),
            "{found:#?}"
        );
    }
    gradus(&["check", "x = x", "--lte", "x: scalar"]).exits(2).says("'--let'");
    gradus(&["x'*x"]).exits(2).says("gradus diff");
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
    for option in ["--steps", "--lang", "--plot"] {
        assert!(gradus(&["diff", "--help"]).answer.contains(option), "{option}");
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
    let folder = std::env::temp_dir();
    gradus(&["diff", "--file", folder.to_str().unwrap()]).exits(2).says("error[input]");
    gradus(&["diff", "--file", "/dev/zero"]).exits(2).says("longer than 64 MiB");
    run(&["diff", "--file", "-"], b"x'*x").exits(2).says("file `-`");
}

#[test]
fn values_out_of_range_are_refused() {
    for order in ["0", "-1", "x", "99999999999", "1.5"] {
        gradus(&["diff", "x'*x", "--order", order]).exits(2);
    }
    gradus(&["diff", "x'*x", "--order", "1000"]).exits(4).says("hint:");
    for form in ["", "pdf", "torch", "TEXT"] {
        gradus(&["diff", "x'*x", "--emit", form]).exits(2).says("latex");
    }
    gradus(&["diff", "x'*x", "--vec", "row"]).exits(2).says("rows");
    gradus(&["completions", "bsh"]).exits(2).says("bash");
    gradus(&["completions"]).exits(2);
    gradus(&["batch", "x"]).exits(2);
}

#[test]
fn every_command_explains_itself() {
    for command in ["diff", "differential", "check", "batch", "functions", "completions"] {
        let help = gradus(&[command, "--help"]).exits(0);
        assert!(help.answer.contains("Usage: ") && help.messages.is_empty(), "{help:#?}");
        assert_eq!(gradus(&["help", command]).exits(0).answer, help.answer);
        assert!(gradus(&["--help"]).answer.contains(command));
    }
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
