//! Constructors and normal form of expressions of one variable.
//!
//! Must not know limits or integrals.

use gradus_scalar::expression::{Arena, ExprId, Function, Sign};

type Build = fn(&mut Arena) -> ExprId;

fn text(build: Build) -> String {
    let mut arena = Arena::new(1_000_000);
    let id = build(&mut arena);
    assert!(!arena.is_exhausted());
    arena.text(id, "x").unwrap_or_else(|| "undefined".to_owned())
}

const X: ExprId = Arena::VARIABLE;

#[test]
fn constructors_collect_and_write_like_a_textbook() {
    let cases: &[(&str, Build)] = &[
        ("2*x", |a| a.add(&[X, X])),
        ("x^2", |a| a.multiply(&[X, X])),
        ("abs(x)", |a| {
            let s = a.square(X);
            a.square_root(s)
        }),
        ("1/x", |a| a.divide(Arena::ONE, X)),
        ("undefined", |a| a.divide(Arena::ONE, Arena::ZERO)),
        ("sqrt(6)", |a| {
            let p = a.integer(6);
            a.square_root(p)
        }),
        ("2*sqrt(3)", |a| {
            let p = a.integer(12);
            a.square_root(p)
        }),
        ("sqrt(2)/2", |a| {
            let p = a.integer(2);
            a.root(p, -1, 2)
        }),
        ("pi/6", |a| {
            let h = Arena::HALF;
            a.apply(Function::Asin, h)
        }),
        ("-1/2", |a| {
            let t = a.fraction(2, 3);
            let t = a.multiply(&[t, Arena::PI]);
            a.apply(Function::Cos, t)
        }),
        ("-sin(x)", |a| {
            let t = a.add(&[X, Arena::PI]);
            a.apply(Function::Sin, t)
        }),
        ("x^x", |a| {
            let l = a.apply(Function::Log, X);
            let t = a.multiply(&[X, l]);
            a.exponential(t)
        }),
        ("exp(1)", |a| {
            let l = a.apply(Function::Log, X);
            let i = a.divide(Arena::ONE, l);
            a.power(X, i)
        }),
        ("exp(2*x)", |a| {
            let e = a.exponential(X);
            a.square(e)
        }),
        ("3*log(2)", |a| {
            let p = a.integer(8);
            a.apply(Function::Log, p)
        }),
        ("1 - exp(-x)", |a| {
            let n = a.negate(X);
            let e = a.exponential(n);
            a.subtract(Arena::ONE, e)
        }),
        ("(a^2 - b^2)/2", |a| {
            let (p, q) = (a.parameter("a", Sign::Unknown), a.parameter("b", Sign::Unknown));
            let (p, q) = (a.square(p), a.square(q));
            let d = a.subtract(p, q);
            a.multiply(&[Arena::HALF, d])
        }),
        ("1/(2*sqrt(x))", |a| {
            let r = a.square_root(X);
            a.derivative(r)
        }),
        ("x^(3/2)", |a| a.root(X, 3, 2)),
        ("(x + 1)^2/x", |a| {
            let s = a.add(&[X, Arena::ONE]);
            let s = a.square(s);
            a.divide(s, X)
        }),
    ];
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(expected, build)| {
            let got = text(*build);
            (got != *expected).then(|| format!("{expected}: {got}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
