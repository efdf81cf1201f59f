//! Minima that are known in closed form, and what has none.
//!
//! Must not know how a minimum is searched.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use gradus::{Ended, Given, Method, Minimum, Request, Search, minimization};

fn array(shape: &[usize], entries: &[f64]) -> Given {
    Given::Array { shape: shape.to_vec(), entries: entries.to_vec(), from: "test".to_owned() }
}

fn request(program: &str, kinds: &[&str], variables: &[&str]) -> Request {
    let mut request = Request::new(program);
    request.declarations = kinds.iter().map(|kind| (*kind).to_owned()).collect();
    request.variables = variables.iter().map(|name| (*name).to_owned()).collect();
    request
}

fn data(values: &[(&str, Given)]) -> Search {
    let data = values.iter().map(|(name, given)| ((*name).to_owned(), given.clone())).collect();
    Search { data, ..Search::default() }
}

fn found(request: &Request, maximize: bool, search: &Search) -> Minimum {
    let function = minimization(request, maximize).unwrap_or_else(|failure| panic!("{failure}"));
    match function.run(search, &mut |_| {}).unwrap_or_else(|failure| panic!("{failure}")) {
        Ended::Found(minimum) => minimum,
        Ended::Unbounded(reason) => panic!("{reason}"),
    }
}

fn near(found: &[f64], wanted: &[f64]) {
    let close = |(a, b): (&f64, &f64)| (a - b).abs() < 1e-6;
    assert!(found.len() == wanted.len() && found.iter().zip(wanted).all(close), "{found:?}");
}

#[test]
fn least_squares_have_the_solution_of_the_normal_equation() {
    let request = request("norm2(X*w - y)^2", &[], &["w"]);
    for method in [Method::Lbfgs, Method::NewtonCg] {
        let x = array(&[3, 2], &[1.0, 0.0, 1.0, 1.0, 1.0, 2.0]);
        let search = data(&[("X", x), ("y", array(&[3], &[1.0, 3.0, 5.0]))]);
        let minimum = found(&request, false, &Search { method, ..search });
        near(&minimum.values()[0].1.entries, &[1.0, 2.0]);
        assert!(minimum.is_global() && minimum.value() < 1e-12);
    }
}

#[test]
fn bounded_variables_stay_in_their_sets() {
    let s = [2.0, 0.5, 0.5, 1.0];
    let both = ["P: spd(n)", "S: spd(n)"];
    let covariance = request("logdet(P) + tr(S*inv(P))", &both, &["P"]);
    let minimum = found(&covariance, false, &data(&[("S", array(&[2, 2], &s))]));
    near(&minimum.values()[0].1.entries, &s);
    let kinds = ["p: simplex(n)", "c: vector(n)"];
    let weights = request("sum(p.*log(p)) - c'*p", &kinds, &["p"]);
    let c = [0.0, 2.0_f64.ln(), 3.0_f64.ln()];
    let minimum = found(&weights, false, &data(&[("c", array(&[3], &c))]));
    near(&minimum.values()[0].1.entries, &[1.0 / 6.0, 2.0 / 6.0, 3.0 / 6.0]);
    let rates = request("sum(l - y.*log(l))", &["l, y: positive vector(n)"], &["l"]);
    let minimum = found(&rates, false, &data(&[("y", array(&[2], &[0.5, 4.0]))]));
    near(&minimum.values()[0].1.entries, &[0.5, 4.0]);
    assert!(minimum.is_global());
}

#[test]
fn greatest_values_and_data_with_a_sign() {
    let concave = request("a*x - b*x^2", &["x: scalar"], &["x"]);
    let search = data(&[("a", array(&[], &[2.0])), ("b", array(&[], &[0.5]))]);
    let maximum = found(&concave, true, &search);
    near(&maximum.values()[0].1.entries, &[2.0]);
    assert!(maximum.is_global());
}

#[test]
fn functions_without_a_minimum_are_told() {
    let affine = minimization(&request("a'*x", &["a: vector(n)"], &["x"]), false).unwrap();
    let search = data(&[("a", array(&[2], &[1.0, 0.0]))]);
    assert!(matches!(affine.run(&search, &mut |_| {}), Ok(Ended::Unbounded(_))));
    let cases = [
        ("x^2 - y^4", 4, "unbounded"),
        ("exp(x) + 0*y", 4, "flattens"),
        ("-log(x) + 0*y", 2, "start"),
    ];
    for (program, code, word) in cases {
        let asked = request(program, &["x, y: scalar"], &["x", "y"]);
        let function = minimization(&asked, false).unwrap_or_else(|failure| panic!("{failure}"));
        let failure = function.run(&Search::default(), &mut |_| {}).unwrap_err();
        assert_eq!(failure.exit_code(), code, "{program}: {failure}");
        assert!(failure.text().contains(word), "{program}: {failure}");
    }
}

#[test]
fn data_that_do_not_fit_are_told() {
    let request = request("norm2(X*w - y)^2", &[], &["w"]);
    let function = minimization(&request, false).unwrap();
    let x = || ("X", array(&[2, 2], &[1.0; 4]));
    let wrong = [
        data(&[x()]),
        data(&[x(), ("y", array(&[3], &[1.0; 3]))]),
        data(&[x(), ("y", array(&[2], &[1.0, f64::NAN]))]),
        data(&[x(), ("y", array(&[2], &[1.0; 2])), ("z", array(&[], &[1.0]))]),
    ];
    for search in wrong {
        let failure = function.run(&search, &mut |_| {}).unwrap_err();
        assert_eq!(failure.exit_code(), 2, "{failure}");
    }
}
