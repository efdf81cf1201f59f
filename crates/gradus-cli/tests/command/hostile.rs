//! Input that is meant to break things: an exit code and one message, soon.

use std::time::Duration;

/// How long an answer may take; a build without optimisation is given more.
const LIMIT: Duration = Duration::from_secs(if cfg!(debug_assertions) { 10 } else { 2 });

use crate::{Run, gradus, run};

/// Asserts that there is an answer, or one message with an exit code of 2 or 4, soon.
#[track_caller]
pub(crate) fn holds(found: Run, codes: &[i32]) -> Run {
    assert!(codes.contains(&found.code), "{}: {:.2000}", found.code, found.messages);
    assert!(found.took < LIMIT, "took {:?}", found.took);
    if found.code != 0 {
        assert_eq!(found.messages.matches("error[").count(), 1, "{:.2000}", found.messages);
        assert!(found.messages.len() < 4_000, "{:.2000}", found.messages);
    }
    found
}

fn diff(program: &str) -> Run {
    run(&["diff", "-"], program.as_bytes())
}

#[test]
fn unbalanced_brackets() {
    for program in ["(x", "x)", "[x", "x]", "((x)", "tr(X", "tr X)", "[a, b; c", "(]", "x'*(y*[z)"]
    {
        holds(diff(program), &[2]);
    }
}

#[test]
fn a_megabyte_of_parentheses() {
    holds(diff(&"(".repeat(1 << 20)), &[2, 4]);
    holds(diff(&")".repeat(1 << 20)), &[2, 4]);
    holds(diff(&format!("{}x{}", "(".repeat(1 << 19), ")".repeat(1 << 19))), &[4]);
    holds(diff(&"[".repeat(1 << 20)), &[2, 4]);
}

#[test]
fn deep_calls_and_signs() {
    let many = 100_000;
    holds(diff(&format!("{}x{}", "sin(".repeat(many), ")".repeat(many))), &[4]);
    holds(diff(&format!("{}x", "-".repeat(many))), &[0, 4]);
    holds(diff(&format!("x{}", "'".repeat(many))), &[0, 4]);
    holds(diff(&format!("x{}", "^2".repeat(many))), &[0, 2, 4]);
    holds(diff(&format!("{}x", "2*".repeat(many))), &[0, 4]);
}

#[test]
fn every_construct_nested_too_deep() {
    let many = 100_000;
    for (open, inner, close) in [
        ("inv(", "X", ")"),
        ("f(", "x", ")"),
        ("f.(", "x", ")"),
        ("sum[i](", "x[i]", ")"),
        ("[", "x", "]"),
        ("‖", "x", "‖"),
        ("+", "x", ""),
        ("a^(", "x", ")"),
        ("x = ", "x", ""),
        ("-> ", "x", ""),
        ("", "x", "[i]"),
        ("", "x", "^-"),
        ("", "x", "+"),
    ] {
        let program = format!("{}{inner}{}", open.repeat(many), close.repeat(many));
        holds(diff(&program), &[2, 4]);
    }
    for (open, close) in [("", "ᵀ"), ("", "^T"), ("", "-x"), ("", "*-x"), ("#", ""), ("\n", "")] {
        let program = format!("{}x{}", open.repeat(many), close.repeat(many));
        holds(diff(&program), &[0, 2]);
    }
}

#[test]
fn towers_of_powers() {
    for (base, many) in [("2^-", 1_000), ("2^-", 100_000), ("3^", 1_000), ("3^", 100_000)] {
        holds(diff(&format!("{}x", base.repeat(many))), &[0, 2, 4]);
    }
}

#[test]
fn nesting_below_the_limit_is_answered_or_refused() {
    let many = 2_000;
    let program = format!("sum({}x{})", "sin(".repeat(many), ")".repeat(many));
    holds(run(&["diff", "-", "--wrt", "x", "--emit", "source"], program.as_bytes()), &[0, 4]);
    let program = format!("x'*{}x{}", "(".repeat(5_000), ")".repeat(5_000));
    holds(run(&["diff", "-", "--emit", "source"], program.as_bytes()), &[0, 4]);
}

/// Something around something else, many times.
fn nested(open: &str, many: usize, inner: &str, close: &str) -> String {
    format!("{}{inner}{}", open.repeat(many), close.repeat(many))
}

/// An answer in source text, verified, or undecided because no point serves.
#[track_caller]
fn source(program: &str) -> Run {
    holds(run(&["diff", "-", "--wrt", "x", "--emit", "source"], program.as_bytes()), &[0])
}

#[test]
fn deep_functions_and_powers_are_answered() {
    holds(diff(&format!("x{}", "^a".repeat(3_000))), &[0]).says("verified: ");
    source(&nested("sin(", 9_000, "x", ")")).says("verified: ");
    // Entrywise products of thousands of factors, one for each level.
    source(&format!("sum({})", nested("tanh(", 9_000, "x", ")"))).says("verified: ");
    source(&format!("sum({})", nested("exp(", 9_000, "x", ")"))).says("verified: ");
    source(&nested("norm2(y + ", 2_000, "x", ")"));
    let mut program = "b0 = x".to_owned();
    for step in 1..9_000 {
        program.push_str(&format!("; b{step} = sin(b{})", step - 1));
    }
    source(&format!("{program}; sum(b8999)")).says("verified: ");
}

#[test]
fn powers_too_small_for_a_float_refute_nothing() {
    // In the derivative `log(a)^5000` meets products that make up for it.
    for many in [800, 2_500, 5_000] {
        source(&nested("a^(", many, "x", ")"));
    }
}

#[test]
fn long_matrix_products_are_answered() {
    let words = ["diff", "-", "--wrt", "X", "--emit", "source"];
    for factors in ["X*".repeat(5_000), "X*A*".repeat(2_500)] {
        let program = format!("tr({})", factors.trim_end_matches('*'));
        holds(run(&words, program.as_bytes()), &[0]).says("verified: ");
    }
    for (open, close) in [("(A + ", "*B)"), ("(X + ", "*B)"), ("(X.*(", "*X))"), ("inv(A + ", ")")]
    {
        let program = format!("tr({})", nested(open, 1_000, "X", close));
        holds(run(&words, program.as_bytes()), &[0]).says("verified: ");
    }
}

#[test]
fn nested_index_sums_are_checked_at_small_sizes() {
    let indices: Vec<char> = "ijklmnopq".chars().collect();
    let over = |join: &str, one: &dyn Fn(usize) -> String| {
        let open: String = indices.iter().map(|index| format!("sum[{index}](")).collect();
        let body: Vec<String> = (0..indices.len()).map(one).collect();
        format!("{open}{}{}", body.join(join), ")".repeat(indices.len()))
    };
    let entry = |at: usize| format!("x[{}]", indices[at]);
    source(&over("*", &entry)).answers("9*sum(x)^8*ones(r)").says("verified: ");
    let words = ["diff", "-", "--wrt", "X", "--emit", "source"];
    let entry = |at: usize| format!("X[{},{}]", indices[at], indices[(at + 1) % indices.len()]);
    holds(run(&words, over("*", &entry).as_bytes()), &[0]).says("verified: ");
}

#[test]
fn numbers_that_grow_are_refused_before_they_are_long() {
    let odd = |at: u32| 2 * at + 3;
    let nested: String = (0..2_000).map(|at| format!("/{}+1)", odd(at))).collect();
    let product: Vec<String> = (0..2_000).map(|at| format!("{}/7", odd(at))).collect();
    let sum: Vec<String> = (0..4_000).map(|at| format!("x/{}", odd(at))).collect();
    for program in [
        format!("{}x{nested}", "(".repeat(2_000)),
        format!("{}*x", product.join("*")),
        format!("sum({}*x)", product.join("*")),
        sum.join("+"),
    ] {
        holds(diff(&program), &[4]).says("digits");
    }
}

#[test]
fn deep_networks_are_verified() {
    let mut program = "H1 = tanh(W1*x)".to_owned();
    for layer in 2..=2_000 {
        program.push_str(&format!("; H{layer} = tanh(W{layer}*H{})", layer - 1));
    }
    for loss in ["sum((H2000 - y).^2)", "norm2(H2000 - y)^2"] {
        let program = format!("{program}; {loss}");
        let found = run(&["diff", "-", "--emit", "numpy"], program.as_bytes());
        assert!(holds(found, &[0]).answer.contains("def derivative("));
    }
}

#[test]
fn long_sums_and_products() {
    let sum: Vec<String> = (0..20_000).map(|term| format!("x{term}'*x{term}")).collect();
    holds(run(&["diff", "-", "--wrt", "x7"], sum.join(" + ").as_bytes()), &[0, 4]);
    let sum = vec!["x'*x"; 20_000].join(" + ");
    let words = ["diff", "-", "--wrt", "x", "--emit", "source"];
    holds(run(&words, sum.as_bytes()), &[0]).answers("40000*x");
    let product = vec!["A"; 5_000].join("*");
    holds(run(&["diff", "-", "--wrt", "x"], format!("x'*{product}*x").as_bytes()), &[0, 4]);
}

#[test]
fn numbers_out_of_range() {
    holds(diff("1e400*x'*x"), &[2]).says("1e400");
    holds(diff("tr(X^999999999999)"), &[2, 4]);
    holds(gradus(&["diff", "tr(X^0.5)", "--let", "X: matrix(n,n)"]), &[2]).says("sqrtm");
    holds(gradus(&["diff", "tr(X^1000000)", "--wrt", "X"]), &[0, 4]);
    holds(diff(&format!("{}*x'*x", "9".repeat(100_000))), &[2, 4]);
    holds(diff(&format!("x^{}", "9".repeat(300))), &[2, 4]);
}

#[test]
fn sizes_out_of_range() {
    let words = ["diff", "tr(X)", "--let", "X: matrix(1000000000000,1000000000000)"];
    holds(gradus(&words), &[0, 2, 4]);
    holds(gradus(&["diff", "sum(X)", "--let", "X: matrix(0,n)"]), &[0, 2]);
    holds(gradus(&["diff", "sum(ones(999999999,999999999))*x"]), &[0, 2, 4]);
}

#[test]
fn shape_errors_of_every_operator() {
    let declared = ["--let", "X: matrix(m,n)", "--let", "Y: matrix(m,n)", "--let", "x: vector(n)"];
    for program in [
        "tr(X*Y)",
        "sum(X + Y')",
        "sum(X - Y')",
        "sum(X.*Y')",
        "sum(X./Y')",
        "sum(X.^(Y'))",
        "sum(X\\Y)",
        "sum(X/Y)",
        "tr(X^2)",
        "tr(2/X)",
        "tr(X)",
        "det(X)",
        "inv(X)",
        "sum([X, x])",
        "sum([X; Y'])",
        "dot(X, Y')",
        "x*x",
        "x'*X",
        "X*x'",
        "softmax(X)*x",
    ] {
        let mut words = vec!["diff", program];
        words.extend(declared);
        let found = holds(gradus(&words), &[2]);
        assert!(found.messages.contains('^'), "{program}: no place in {}", found.messages);
    }
}

#[test]
fn odd_texts() {
    for program in [
        "",
        " ",
        ";",
        ";;;",
        "#",
        "'",
        "''",
        "*",
        "x y",
        "x = ",
        "= x",
        "x == y",
        "a, b",
        ":",
        "x:",
        ": scalar",
        "\u{0}",
        "x\u{0}y",
        "\u{202e}x",
        "x\u{301}",
        "🙂",
        "𝐱'*𝐱",
        "‖x",
        "x⁻¹⁻¹",
        "f.()",
        "f.(",
        ".(x)",
        "x.",
        "sum[](x)",
        "sum[i,i](X[i,i])",
        "sum[i]",
        "x[",
        "x[]",
        "x[0]",
        "x[1:0]",
        "x[-1]",
        "-> x",
        "dx ->",
        "f(x) = f(x); f(x)",
        "f(x) = g(x); g(x) = f(x); f(y)",
        "x = x; x",
        "X^T^T^T",
        "1/0",
        "0^0*x",
        "0^(-1)*x",
    ] {
        let found = holds(diff(program), &[0, 2, 4]);
        assert!(!found.messages.contains("error[internal]"), "{program}: {}", found.messages);
    }
}

#[test]
fn a_user_function_that_doubles_is_bounded() {
    let mut program = "f0(x) = x.*x".to_owned();
    for step in 1..60 {
        program.push_str(&format!("; f{step}(x) = f{0}(f{0}(x))", step - 1));
    }
    program.push_str("; f59(y)");
    holds(diff(&program), &[2, 4]);
    let mut program = "b0 = x".to_owned();
    for step in 1..60 {
        program.push_str(&format!("; b{step} = b{0}.*b{0}", step - 1));
    }
    program.push_str("; sum(b59)");
    holds(diff(&program), &[0, 4]);
}
