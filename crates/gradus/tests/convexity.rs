//! Random expressions: no certificate of convexity is ever refuted, and enough of them are given.
//!
//! Must not know the rules of convexity.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use gradus::{Class, Curvature, Request};

/// Expressions drawn.
const DRAWN: u64 = 400;

/// Random choices, the same in every run.
struct Choices(u64);

impl Choices {
    fn below(&mut self, count: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % count
    }

    fn one<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[usize::try_from(self.below(list.len() as u64)).unwrap()]
    }
}

/// A scalar expression in the vectors x and u > 0, the scalars s and t > 0, the matrix P ≻ 0 and data.
fn scalar(choices: &mut Choices, depth: u32) -> String {
    if depth == 0 {
        return choices
            .one(&["s", "t", "c'*x", "sum(u)", "x'*Q*x", "norm2(A*x - b)", "tr(S*P)", "t", "s - 1"])
            .to_owned();
    }
    let inner = |choices: &mut Choices| scalar(choices, depth - 1);
    match choices.below(16) {
        0 => format!("exp({})", inner(choices)),
        1 => format!("log({})", inner(choices)),
        2 => format!("({})^2", inner(choices)),
        3 => format!("sqrt({})", inner(choices)),
        4 => format!("log(1 + exp({}))", inner(choices)),
        5 => format!("abs({})", inner(choices)),
        6 => format!("max({}, {})", inner(choices), inner(choices)),
        7 => format!("({}) + ({})", inner(choices), inner(choices)),
        8 => format!("({}) - ({})", inner(choices), inner(choices)),
        9 => format!("({})*({})", inner(choices), inner(choices)),
        10 => format!("({})/t", inner(choices)),
        11 => format!("-({})", inner(choices)),
        12 => format!(
            "sum({}(A*x - b))",
            choices.one(&["exp", "abs", "softplus", "relu", "cosh", "tanh"])
        ),
        13 => choices
            .one(&["logdet(P)", "tr(inv(P))", "x'*inv(P)*x", "tr(S*P)", "eigmax(P)"])
            .to_owned(),
        14 => format!("({})^({})", inner(choices), choices.one(&["3", "1/2", "3/2", "-1", "4"])),
        _ => choices
            .one(&["sum(u.*log(u))", "sum(x.^2./u)", "-sum(log(u))", "norm1(x)", "sum(u.^(1/2))"])
            .to_owned(),
    }
}

#[test]
fn no_certificate_of_a_random_expression_is_refuted() {
    let mut choices = Choices(2026);
    let mut certified = 0;
    for _ in 0..DRAWN {
        let depth = 1 + u32::try_from(choices.below(3)).unwrap();
        let text = scalar(&mut choices, depth);
        let mut request = Request::new(text.clone());
        let kinds = [
            "x: vector(n)",
            "u: positive vector(n)",
            "s: scalar",
            "t: positive scalar",
            "P: spd(n)",
            "A: matrix(m,n)",
            "b: vector(m)",
            "c: vector(n)",
            "Q: spd(n)",
            "S: spd(n)",
        ];
        request.declarations = kinds.map(str::to_owned).to_vec();
        for name in ["x", "u", "s", "t", "P"] {
            let is_name = |word: &str| word == name;
            if text.split(|letter: char| !letter.is_alphanumeric()).any(is_name) {
                request.variables.push(name.to_owned());
            }
        }
        if request.variables.is_empty() {
            continue;
        }
        match gradus::convexity(&request) {
            Ok(answer) => {
                let known = [Curvature::Affine, Curvature::Convex, Curvature::Concave];
                certified += u32::from(known.contains(&answer.curvature()));
            }
            Err(failure) => {
                assert_ne!(failure.diagnostic.class, Class::Internal, "{text}: {failure}");
            }
        }
    }
    assert!(certified >= 100, "only {certified} of {DRAWN}");
}
