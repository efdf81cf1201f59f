//! Inputs made to break a parser: each ends soon, with a tree or with one clear message.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::time::{Duration, Instant};

use gradus_diagnostics::{Class, render_text};
use gradus_syntax::limits::{MAX_DEPTH, MAX_NODES, MAX_SOURCE_BYTES};
use gradus_syntax::{Parsed, parse, parse_declarations, parse_identity, print};

/// A guard against quadratic time, far above what a loaded machine needs.
const SOON: Duration = Duration::from_secs(30);

fn timed(name: &str, source: &str) -> Parsed {
    let start = Instant::now();
    let parsed = parse(source);
    for diagnostic in &parsed.diagnostics {
        assert!(render_text(diagnostic, source).len() < 2000, "{name}: a message is too long");
    }
    let (identity, declarations) = (parse_identity(source), parse_declarations(source));
    drop((identity, declarations));
    assert!(start.elapsed() < SOON, "{name} took {:?}", start.elapsed());
    parsed
}

fn class(name: &str, source: &str) -> Option<Class> {
    timed(name, source).into_result().err().map(|error| error.class)
}

#[test]
fn unbalanced_brackets_are_bad_input_however_many() {
    for bracket in ["(", ")", "[", "]", "f(", "f.(", "x[", "(a+", "[a,"] {
        let source = bracket.repeat(1_000_000 / bracket.len());
        assert_eq!(class(bracket, &source), Some(Class::BadInput), "{bracket}");
    }
    let crossed = format!("{}x{}", "(".repeat(100_000), "]".repeat(100_000));
    assert_eq!(class("crossed", &crossed), Some(Class::BadInput));
}

#[test]
fn deep_nesting_is_a_limit() {
    let count = 100_000;
    let nested = |opening: &str, closing: &str| {
        format!("{}x{}", opening.repeat(count), closing.repeat(count))
    };
    for (opening, closing) in [
        ("(", ")"),
        ("f(", ")"),
        ("f'.(", ")"),
        ("[", "]"),
        ("y[", "]"),
        ("sum[i](", ")"),
        ("-", ""),
        ("a*-", ""),
        ("2^-", ""),
        ("1+(", ")"),
    ] {
        let expected = (opening != "a*-" && opening != "2^-").then_some(Class::Limit);
        assert_eq!(class(opening, &nested(opening, closing)), expected, "{opening}");
    }
}

#[test]
fn nesting_within_the_limit_is_parsed_and_printed() {
    for (opening, closing) in
        [("(1+", ")"), ("f(", ")"), ("-", ""), ("[", "]"), ("y[", "]"), ("2^(", ")"), ("‖1+", "‖")]
    {
        let source = format!("{}x{}", opening.repeat(MAX_DEPTH), closing.repeat(MAX_DEPTH));
        let parsed = timed(opening, &source);
        let (tree, _) = parsed.into_result().unwrap_or_else(|error| panic!("{opening}: {error}"));
        let again = parse(&print(&tree));
        assert!(tree.same_as(&again.tree), "{opening}");
        // Neither cloning nor dropping nor showing may depend on the depth.
        assert!(format!("{:?}", tree.clone()).len() > MAX_DEPTH);
    }
}

#[test]
fn long_chains_are_parsed() {
    let count = 100_000;
    for piece in ["x+", "x*", "x'*", "x^2*", "x.^", "-x-", "x[i]*", "f(x)+", "x=x+"] {
        let source = format!("{}x", piece.repeat(count));
        let expected = (piece == "x=x+").then_some(Class::BadInput);
        assert_eq!(class(piece, &source), expected, "{piece}");
    }
    assert_eq!(class("transposes", &format!("x{}", "'".repeat(1_000_000))), None);
    assert_eq!(
        class("transposes and call", &format!("x{}(y)", "'".repeat(1_000_000))),
        Some(Class::Limit)
    );
    assert_eq!(class("arguments", &format!("f({}x)", "x,".repeat(count))), None);
    assert_eq!(class("rows", &format!("[{}x]", "x,y;".repeat(count))), None);
    assert_eq!(class("statements", &format!("{}x", "y = x;".repeat(count))), None);
    assert_eq!(
        class(
            "names",
            &(0..count).map(|name| format!("x{name}+")).chain(["y".to_owned()]).collect::<String>()
        ),
        None
    );
    assert_eq!(class("powers", &format!("a{}", "^(b)".repeat(count))), None);
    assert_eq!(
        class("powers nested", &format!("{}x{}", "a^b^(".repeat(9_000), ")".repeat(9_000))),
        None
    );
    assert_eq!(class("sum of transposes", &format!("{}x", "X^T+".repeat(count))), None);
    assert_eq!(class("derivative marks", &format!("{}x", "f'''(x)+".repeat(count))), None);
}

#[test]
fn heads_of_statements_are_read_once() {
    for source in [
        "a,".repeat(500_000),
        format!("({}", "a,".repeat(500_000)),
        format!("f({}a)", "a,".repeat(500_000)),
        format!("f({}a);", "a,".repeat(50)).repeat(10_000),
        "X^T;".repeat(200_000),
        "T(".repeat(400_000),
        "@".repeat(1_000_000),
        "|".repeat(1_000_000),
        "|x;".repeat(300_000),
        "==".repeat(500_000),
        "\n".repeat(1_000_000),
        "#\n".repeat(500_000),
        "...\n".repeat(250_000),
        "x...".repeat(250_000),
        " ".repeat(1_000_000),
        "é".repeat(500_000),
        "1".repeat(1_000_000),
        "1e".repeat(500_000),
        "..".repeat(500_000),
        "\u{0}".repeat(1_000_000),
    ] {
        let name: String = source.chars().take(10).collect();
        let _ = timed(&name, &source);
    }
}

#[test]
fn sizes_over_a_limit_say_so() {
    assert_eq!(class("source", &"x".repeat(MAX_SOURCE_BYTES + 1)), Some(Class::Limit));
    assert_eq!(class("name", &"x".repeat(2000)), Some(Class::Limit));
    assert_eq!(class("number", &format!("0.{}", "1".repeat(2000))), Some(Class::Limit));
    assert_eq!(class("nodes", &format!("{}x", "x+".repeat(MAX_NODES / 2 + 1))), Some(Class::Limit));
    let error = parse(&"-".repeat(100_000)).into_result().unwrap_err();
    assert_eq!((error.exit_code(), error.labels.len()), (4, 1));
}
