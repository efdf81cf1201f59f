//! Explanations of rules.

use crate::gradus;

#[test]
fn a_rule_is_explained_line_by_line() {
    let found = gradus(&["explain", "inv"]).exits(0).says("holds where X is invertible");
    let found = found.says("verified");
    assert!(found.answer.contains("d(X⁻¹) = −X⁻¹(dX)X⁻¹"), "{found:#?}");
    let found = gradus(&["explain", "cyclic", "--lang", "zh"]).exits(0);
    assert!(found.answer.starts_with("迹内循环移位"), "{found:#?}");
    let latex = gradus(&["explain", "pinv", "--emit", "latex"]).exits(0).answer;
    assert!(latex.starts_with("\\begin{align*}") && latex.is_ascii(), "{latex}");
}

#[test]
fn all_rules_are_listed() {
    let all = gradus(&["explain"]).exits(0).answer;
    for name in ["cyclic", "hadamard-exchange", "softmax", "eigvecs"] {
        assert!(all.lines().any(|line| line.starts_with(name)), "{name}");
    }
    gradus(&["explain", "cyclik"]).exits(2).says("did you mean cyclic?");
    gradus(&["explain", "vec"]).exits(4);
    gradus(&["explain", "inv", "--emit", "numpy"]).exits(4);
}

#[test]
fn a_differential_comes_from_its_definition() {
    let words = ["diff", "x'*A*x", "--wrt", "x", "--steps", "--method", "definition"];
    let found = gradus(&words).exits(0).says("verified");
    for part in ["(x + dx)ᵀA(x + dx)", "xᵀA dx + (dx)ᵀAx + (dx)ᵀA dx", "first order"] {
        assert!(found.answer.contains(part), "{part}: {found:#?}");
    }
    let words = ["diff", "sum(exp(x))", "--steps", "--method", "definition"];
    gradus(&words).exits(4).says("no polynomial");
    gradus(&["diff", "x'*x", "--method", "definition"]).exits(2).says("--steps");
}
