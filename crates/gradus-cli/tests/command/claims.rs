//! Claims and derivations: verdicts, exit codes, languages, and odd texts.

use std::path::{Path, PathBuf};

use crate::{Run, gradus};

#[test]
fn a_right_claim_is_true_and_says_how_it_was_verified() {
    let words = ["check", "norm2(X*w - y)^2", "--wrt", "w", "--claim", "2*X'*(X*w - y)"];
    gradus(&words).exits(0).answers("true in mixed layout").says("proved at sizes");
    // Of the only variable nothing need be said.
    gradus(&["check", "x'*x", "--claim", "2*x"]).exits(0);
    gradus(&["check", "inv(X)", "--claim", "dX -> -inv(X)*dX*inv(X)"]).exits(0);
    gradus(&["check", "-x'*x", "--claim", "-2*x"]).exits(0);
}

#[test]
fn a_wrong_claim_is_false_with_a_diagnosis() {
    let claim = ["check", "x'*A*x", "--wrt", "x", "--claim", "2*A*x"];
    let found = gradus(&claim).exits(1);
    assert!(found.answer.starts_with("false in general: it holds if A is symmetric"), "{found:#?}");
    let assumed = [&claim[..], &["--let", "A: symmetric"]].concat();
    gradus(&assumed).exits(0);
    let chinese = gradus(&[&claim[..], &["--lang", "zh"]].concat()).exits(1);
    assert!(chinese.answer.starts_with("一般不成立：当 A 为对称矩阵时成立"), "{chinese:#?}");
    let json = gradus(&[&claim[..], &["--emit", "json"]].concat()).exits(1);
    assert!(json.answer.contains("\"mistake\":\"assumption\""), "{json:#?}");
}

#[test]
fn a_claim_that_does_not_fit_is_false_and_not_bad_input() {
    let found = gradus(&["check", "norm2(X*w)^2", "--wrt", "w", "--claim", "2*X*(X*w)"]).exits(1);
    assert!(found.answer.contains("a transpose is missing"), "{found:#?}");
    assert!(found.answer.contains("inner dimensions differ"), "{found:#?}");
    gradus(&["check", "a'*X*b", "--wrt", "X", "--claim", "b*a'"]).exits(1);
    let layout = ["check", "a'*X*b", "--wrt", "X", "--claim", "b*a'", "--layout", "numerator"];
    gradus(&layout).exits(0);
}

#[test]
fn a_claim_of_no_sense_is_bad_input() {
    for claim in ["", "(", "2*", "x = y", "f(", "dX ->", "x: vector(n)", "∂f/∂x"] {
        let found = gradus(&["check", "x'*x", "--wrt", "x", "--claim", claim]).exits(2);
        assert!(found.messages.contains("error["), "{claim}: {found:#?}");
    }
    gradus(&["check", "x'*A*x", "--claim", "x"]).exits(2).says("--wrt");
    gradus(&["check", "x = x", "--layout", "mixed"]).exits(2).says("--claim");
}

#[test]
fn an_undecided_claim_exits_with_4() {
    // The domain is empty.
    let found = gradus(&["check", "sum(sqrt(-x.^2))", "--wrt", "x", "--claim", "-x./sqrt(-x.^2)"]);
    assert_eq!(found.code, 4, "{found:#?}");
}

#[test]
fn of_a_wrong_identity_it_is_said_what_is_wrong() {
    gradus(&["check", "tr(A*B*C) = tr(B*A*C)"]).exits(1).answers("false").says("refuted");
    let found = gradus(&["check", "vec(A*X*B) = kron(A,B')*vec(X)"]).exits(1).answers("false");
    found.says("the order is wrong: `kron(A, B')` should be `kron(B', A)`");
    let words = ["check", "(A*B)' = A'*B'", "--let", "A, B: matrix(n,n)"];
    gradus(&words).exits(1).says("should be `B'*A'`");
}

fn file(name: &str, text: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).unwrap();
    path
}

fn checked(name: &str, text: &str) -> Run {
    let path = file(name, text);
    gradus(&["check", "--file", path.to_str().unwrap()])
}

#[test]
fn a_derivation_is_checked_line_by_line() {
    let right = "l = norm2(X*w - y)^2\nThe differential is\ndl = 2*(X*w - y)'*X*dw\n   = (∂l/∂w)'*dw\n\
                 ∂l/∂w = 2*X'*(X*w - y)\n";
    checked("right.txt", right).exits(0).answers("true: all 3 steps hold").says("prose: 1 line");
    let wrong = right.replace("(∂l/∂w)'", "(∂l/∂w)");
    let found = checked("wrong.txt", &wrong).exits(1);
    assert!(found.answer.starts_with("line 4: false: a transpose is missing"), "{found:#?}");
    assert!(found.answer.ends_with("1 of 3 steps are wrong\n"), "{found:#?}");
}

#[test]
fn what_follows_from_a_mistake_is_no_further_mistake() {
    let text = "f = x'*A*x\ndf = 2*x'*A*dx\n   = x'*A*dx + x'*A*dx\n   = x'*(A + A')*dx\n";
    let found = checked("follows.txt", text).exits(1);
    assert!(found.answer.ends_with("1 of 3 steps are wrong\n"), "{found:#?}");
}

#[test]
fn a_term_that_was_dropped_is_wrong_also_if_nothing_of_it_is_left() {
    let text = "Y = A*X\ndY = A*dX\nd(A) = dA\n";
    checked("dropped.txt", text).exits(1);
    checked("constant.txt", "Y = A*X\ndA = 0\ndY = A*dX\n").exits(0);
}

#[test]
fn derivations_of_no_sense_are_bad_input() {
    for (at, text) in [
        "",
        "prose only",
        "f = x'*x",
        "f = (",
        "df = 2*x*dx = ",
        "f = x\n∂g/∂x = 1",
        "f = x'*x\n∂f/∂z = 1",
        "= = =",
        "x: matirx(m,n)\nf = x",
        "f = x; g = nonsense(f)\nf = g",
    ]
    .into_iter()
    .enumerate()
    {
        let found = checked(&format!("odd{at}.txt"), text).exits(2);
        assert!(found.messages.contains("error["), "{text}: {found:#?}");
    }
}
