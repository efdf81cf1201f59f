//! The texts of the entries at numbers: a differential is the slope of the value, a definition is
//! the value. An array of one entry is a number, so the texts of matrices are checked at size one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use gradus_functions::{ArrayFunction, Exact, Function, Meaning, Numeric, Structural, book};

type Names<'a> = &'a [(String, f64)];

/// Evaluates a text while reading it, by the precedence of the language.
struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    names: Names<'a>,
}

fn evaluate(text: &str, names: Names<'_>) -> f64 {
    let mut reader = Reader { text: text.as_bytes(), at: 0, names };
    let value = reader.sum();
    assert_eq!(reader.at, text.len(), "{text}: unread rest");
    value
}

impl Reader<'_> {
    fn accept(&mut self, token: &str) -> bool {
        while self.text.get(self.at) == Some(&b' ') {
            self.at += 1;
        }
        let found = self.text[self.at..].starts_with(token.as_bytes());
        self.at += if found { token.len() } else { 0 };
        found
    }

    fn sum(&mut self) -> f64 {
        let mut total = self.product();
        loop {
            if self.accept("+") {
                total += self.product();
            } else if self.accept("-") {
                total -= self.product();
            } else {
                return total;
            }
        }
    }

    fn product(&mut self) -> f64 {
        let mut total = self.signed();
        loop {
            if self.accept(".*") || self.accept("*") {
                total *= self.signed();
            } else if self.accept("./") || self.accept("/") {
                total /= self.signed();
            } else {
                return total;
            }
        }
    }

    fn signed(&mut self) -> f64 {
        if self.accept("-") { -self.signed() } else { self.postfix() }
    }

    fn postfix(&mut self) -> f64 {
        let mut base = self.primary();
        loop {
            if self.accept("'") {
            } else if self.accept(".^") || self.accept("^") {
                base = base.powf(self.primary());
            } else {
                return base;
            }
        }
    }

    fn primary(&mut self) -> f64 {
        if self.accept("(") {
            let value = self.sum();
            assert!(self.accept(")"));
            return value;
        }
        let start = self.at;
        while self.text.get(self.at).is_some_and(u8::is_ascii_alphanumeric) {
            self.at += 1;
        }
        let word = std::str::from_utf8(&self.text[start..self.at]).unwrap();
        assert!(!word.is_empty(), "{}", String::from_utf8_lossy(self.text));
        if let Ok(number) = word.parse() {
            return number;
        }
        if !self.accept("(") {
            let known = self.names.iter().find(|(name, _)| name == word);
            return known.unwrap_or_else(|| panic!("unknown name {word}")).1;
        }
        let mut arguments = vec![self.sum()];
        while self.accept(",") {
            arguments.push(self.sum());
        }
        assert!(self.accept(")"));
        if word == "ones" { 1.0 } else { apply(entry(word), &arguments) }
    }
}

fn entry(name: &str) -> &'static Function {
    book().get(book().lookup(name).unwrap_or_else(|| panic!("no {name}")))
}

fn names(function: &Function, prefix: &str, values: &[f64]) -> Vec<(String, f64)> {
    let parameters = function.parameters.iter().map(|parameter| format!("{prefix}{parameter}"));
    parameters.zip(values.iter().copied()).collect()
}

fn constants() -> Vec<(String, f64)> {
    [("m", 1.0), ("n", 1.0), ("pi", std::f64::consts::PI)].map(|(n, v)| (n.to_owned(), v)).into()
}

fn by_text(function: &Function, text: &str, arguments: &[f64]) -> f64 {
    evaluate(text, &[names(function, "", arguments), constants()].concat())
}

fn apply(function: &Function, arguments: &[f64]) -> f64 {
    match (function.numeric, function.meaning) {
        (Numeric::Elementwise(f), _) => f(arguments[0]),
        (Numeric::Elementwise2(f), _) => f(arguments[0], arguments[1]),
        (Numeric::Array(array), _) => match array {
            ArrayFunction::Determinant
            | ArrayFunction::LogSumExp
            | ArrayFunction::Product
            | ArrayFunction::Greatest => arguments[0],
            ArrayFunction::LogDeterminant => arguments[0].abs().ln(),
            ArrayFunction::Inverse => 1.0 / arguments[0],
            ArrayFunction::Adjugate | ArrayFunction::Softmax | ArrayFunction::Hardmax => 1.0,
            ArrayFunction::MatrixPower => arguments[0].powf(arguments[1]),
            _ => by_text(function, function.small[0].1, arguments),
        },
        (Numeric::Derived, Meaning::Expansion(text)) => by_text(function, text, arguments),
        (Numeric::Derived, Meaning::Structural(structure)) => match structure {
            // Bilinear: of numbers a product has the same differential.
            Structural::Kronecker | Structural::KhatriRao | Structural::Cross => {
                arguments[0] * arguments[1]
            }
            Structural::ImaginaryPart => 0.0,
            Structural::Commutation | Structural::Duplication | Structural::Elimination => 1.0,
            _ => arguments[0],
        },
        (Numeric::Derived, Meaning::Applied) => panic!("{} has no value", function.name),
    }
}

/// Points with all arguments on both sides of 0 and of 1, and no ties.
fn points(function: &Function) -> Vec<Vec<f64>> {
    let grid = [-2.3, -0.8, -0.15, 0.2, 0.55, 0.9, 1.3, 2.6];
    match function.parameters.len() {
        1 => grid.iter().map(|x| vec![*x]).collect(),
        _ => grid.iter().flat_map(|x| [0.3, -1.1, 1.7].map(|y| vec![*x, y])).collect(),
    }
}

fn close(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance * (1.0 + a.abs().max(b.abs()))
}

#[test]
fn a_differential_is_the_slope_of_the_value() {
    let direction = [0.7, -0.4];
    let mut checked = 0;
    // A program of several statements is about matrices; the oracles' tests check those.
    let is_expression = |text: &str| !text.is_empty() && !text.contains(';');
    for (_, function) in book().iter().filter(|(_, entry)| is_expression(entry.differential)) {
        let mut defined = 0;
        for point in points(function) {
            let at = |step: f64| -> f64 {
                let moved: Vec<f64> =
                    point.iter().zip(direction).map(|(x, d)| x + step * d).collect();
                apply(function, &moved)
            };
            let h = 1e-5;
            let slope = (8.0 * (at(h) - at(-h)) - (at(2.0 * h) - at(-2.0 * h))) / (12.0 * h);
            let environment =
                [names(function, "", &point), names(function, "d", &direction), constants()]
                    .concat();
            let stated = evaluate(function.differential, &environment);
            if slope.is_nan() {
                continue;
            }
            defined += 1;
            assert!(
                close(slope, stated, 1e-8),
                "{} at {point:?}: {slope}, {stated}",
                function.name
            );
        }
        assert!(defined >= 2, "{} has no values", function.name);
        checked += 1;
    }
    assert!(checked > 45, "{checked}");
}

#[test]
fn a_definition_is_the_value() {
    let mut checked = 0;
    for (_, function) in book().iter() {
        let mut texts = Vec::new();
        if let Meaning::Expansion(text) = function.meaning {
            texts.push(text);
        }
        if let Exact::Expansion(text) = function.exact {
            texts.push(text);
        }
        for text in texts {
            for point in points(function).into_iter().chain([vec![0.0, 0.0]]) {
                let (value, stated) = (apply(function, &point), by_text(function, text, &point));
                // A definition may have a smaller domain, as log(det(X)) for log|det X|.
                if stated.is_nan() {
                    continue;
                }
                assert!(
                    close(value, stated, 1e-14) || value == stated,
                    "{} at {point:?}: {value}, {stated}",
                    function.name
                );
            }
            checked += 1;
        }
    }
    assert!(checked > 20, "{checked}");
}

#[test]
fn ties_have_the_stated_derivatives() {
    let at = |name: &str, point: &[f64], direction: &[f64]| {
        let function = entry(name);
        let all = [names(function, "", point), names(function, "d", direction)].concat();
        evaluate(function.differential, &all)
    };
    assert_eq!(at("abs", &[0.0], &[1.0]), 0.0);
    assert_eq!(at("sign", &[0.0], &[1.0]), 0.0);
    assert_eq!(at("relu", &[0.0], &[1.0]), 0.0);
    for name in ["max", "min"] {
        assert_eq!(at(name, &[2.0, 2.0], &[1.0, 0.0]), 0.5);
        assert_eq!(at(name, &[2.0, 2.0], &[0.0, 1.0]), 0.5);
    }
}
