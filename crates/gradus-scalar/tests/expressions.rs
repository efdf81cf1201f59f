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

/// Zero for reasons of several kinds.
#[test]
fn the_normal_form_finds_zeros() {
    let cases: &[(&str, Build)] = &[
        ("(x+1)^2 - x^2 - 2*x - 1", |a| {
            let s = a.add(&[X, Arena::ONE]);
            let s = a.square(s);
            let q = a.square(X);
            a.combine(&[(r(1), s), (r(-1), q), (r(-2), X), (r(-1), Arena::ONE)])
        }),
        ("sin^2 + cos^2 - 1", |a| {
            let (s, c) = (a.apply(Function::Sin, X), a.apply(Function::Cos, X));
            let (s, c) = (a.square(s), a.square(c));
            a.add(&[s, c, Arena::MINUS_ONE])
        }),
        ("sin(2x) - 2 sin x cos x", |a| {
            let t = a.scale(&r(2), X);
            let d = a.apply(Function::Sin, t);
            let (s, c) = (a.apply(Function::Sin, X), a.apply(Function::Cos, X));
            let p = a.multiply(&[s, c]);
            a.combine(&[(r(1), d), (r(-2), p)])
        }),
        ("tan x - sin x / cos x", |a| {
            let (s, c) = (a.apply(Function::Sin, X), a.apply(Function::Cos, X));
            let q = a.divide(s, c);
            let t = a.apply(Function::Tan, X);
            a.subtract(t, q)
        }),
        ("cosh^2 - sinh^2 - 1", |a| {
            let (s, c) = (a.apply(Function::Sinh, X), a.apply(Function::Cosh, X));
            let (s, c) = (a.square(s), a.square(c));
            a.combine(&[(r(1), c), (r(-1), s), (r(-1), Arena::ONE)])
        }),
        ("sin(x + pi/3) - sin(x)/2 - sqrt(3)/2 cos(x)", |a| {
            let third = a.fraction(1, 3);
            let third = a.multiply(&[third, Arena::PI]);
            let sum = a.add(&[X, third]);
            let left = a.apply(Function::Sin, sum);
            let (s, c) = (a.apply(Function::Sin, X), a.apply(Function::Cos, X));
            let three = a.integer(3);
            let root = a.square_root(three);
            let right = a.multiply(&[root, c]);
            let half = gradus_scalar::expression::Rational::new(1.into(), 2.into());
            a.combine(&[(r(1), left), (-half.clone(), s), (-half, right)])
        }),
        ("1/(sqrt(x+1)-1) - (sqrt(x+1)+1)/x", |a| {
            let s = a.add(&[X, Arena::ONE]);
            let root = a.square_root(s);
            let below = a.add(&[root, Arena::MINUS_ONE]);
            let above = a.add(&[root, Arena::ONE]);
            let first = a.divide(Arena::ONE, below);
            let second = a.divide(above, X);
            a.subtract(first, second)
        }),
        ("log(6) - log(2) - log(3)", |a| {
            let l: Vec<ExprId> = [6, 2, 3]
                .iter()
                .map(|n| {
                    let n = a.integer(*n);
                    a.apply(Function::Log, n)
                })
                .collect();
            a.combine(&[(r(1), l[0]), (r(-1), l[1]), (r(-1), l[2])])
        }),
        ("abs(x)^2 - x^2", |a| {
            let s = a.apply(Function::Abs, X);
            let p = a.add(&[s, X]);
            let m = a.subtract(s, X);
            {
                let (p, m) = (a.multiply(&[p, m]), a.square(X));
                let s2 = a.multiply(&[s, s]);
                let z = a.subtract(s2, m);
                a.add(&[z, p])
            }
        }),
        ("x*sign(x) - abs(x)", |a| {
            let s = a.apply(Function::Sign, X);
            let p = a.multiply(&[s, X]);
            let m = a.apply(Function::Abs, X);
            a.subtract(p, m)
        }),
        ("exp(x/2)^2 - exp(x) nested", |a| {
            let h = a.multiply(&[Arena::HALF, X]);
            let e = a.exponential(h);
            let p = a.add(&[e, Arena::ONE]);
            let p = a.square(p);
            let full = a.exponential(X);
            a.combine(&[(r(1), p), (r(-1), full), (r(-2), e), (r(-1), Arena::ONE)])
        }),
    ];
    for (name, build) in cases {
        let mut arena = Arena::new(1_000_000);
        let id = build(&mut arena);
        let normal = arena.normal(id);
        assert_eq!(arena.text(normal, "x").as_deref(), Some("0"), "{name}");
        assert_eq!(arena.is_zero(id), gradus_scalar::expression::Zero::Yes, "{name}");
    }
}

fn r(number: i64) -> gradus_scalar::expression::Rational {
    gradus_scalar::expression::Rational::from_integer(number.into())
}
