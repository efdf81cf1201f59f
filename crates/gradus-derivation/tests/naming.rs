//! The names that the steps of a nested function are given before it is taught as a composition.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use gradus_derivation::named_steps;
use gradus_elaborate::{Options, Program, Source, elaborate};
use gradus_syntax::parse;

fn program(text: &str) -> Program {
    let (tree, _) = parse(text).into_result().unwrap();
    elaborate(&[Source::new(text, &tree)], &Options::default()).unwrap()
}

fn named(text: &str, by: &[&str], taken: &[&str]) -> Option<String> {
    named_steps(&program(text), by, &|name| taken.contains(&name)).unwrap()
}

#[test]
fn nested_functions_have_names_for_arguments_and_values() {
    let text = named("sum(exp(W*sigmoid(V*x)))", &["V", "W"], &[]).unwrap();
    assert_eq!(text, "a1 = V*x; h1 = sigmoid(a1); a2 = W*h1; h2 = exp(a2); sum(h2)");
}

#[test]
fn names_that_mean_something_are_not_taken() {
    let text = named("sum(exp(W*sigmoid(V*x)))", &["V"], &["a1"]).unwrap();
    assert!(text.starts_with("a1_ = V*x; h1 = sigmoid(a1_); "), "{text}");
}

#[test]
fn what_is_not_nested_or_no_scalar_has_none() {
    assert_eq!(named("sum(exp(W*x))", &["W"], &[]), None);
    assert_eq!(named("exp(W*sigmoid(V*x))", &["V"], &[]), None);
}

#[test]
fn members_of_families_have_none() {
    let text = "x: vector(d)[N]; sum[i](sum(exp(W*sigmoid(V*x[i]))))";
    assert_eq!(named(text, &["V"], &[]), None);
}
