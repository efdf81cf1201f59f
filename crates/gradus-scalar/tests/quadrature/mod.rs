//! A reader of formulas, their values, and quadrature, for tests alone.
//!
//! Must not know the integrator: it is what answers are checked against.

use std::collections::BTreeMap;

use gradus_scalar::expression::{Arena, ExprId, Function, Sign};

/// A formula as it is written.
#[derive(Clone, Debug)]
pub(crate) enum Formula {
    Number(f64),
    Name(String),
    Call(String, Box<Formula>),
    Binary(char, Box<Formula>, Box<Formula>),
    Minus(Box<Formula>),
}

/// Values of names.
#[derive(Clone, Debug)]
pub(crate) struct Environment {
    pub(crate) values: BTreeMap<String, f64>,
}

struct Reader {
    letters: Vec<char>,
    at: usize,
}

/// Reads a formula; panics on anything else.
pub(crate) fn parse(text: &str) -> Formula {
    let letters = text.chars().filter(|letter| *letter != ' ').collect();
    let mut reader = Reader { letters, at: 0 };
    let formula = reader.sum();
    assert_eq!(reader.at, reader.letters.len(), "{text}");
    formula
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.letters.get(self.at).copied()
    }

    fn takes(&mut self, letters: &str) -> Option<char> {
        let found = self.peek().filter(|letter| letters.contains(*letter))?;
        self.at += 1;
        Some(found)
    }

    fn sum(&mut self) -> Formula {
        let mut left = self.product();
        while let Some(sign) = self.takes("+-") {
            left = Formula::Binary(sign, Box::new(left), Box::new(self.product()));
        }
        left
    }

    fn product(&mut self) -> Formula {
        let mut left = self.signed();
        while let Some(sign) = self.takes("*/") {
            left = Formula::Binary(sign, Box::new(left), Box::new(self.signed()));
        }
        left
    }

    fn signed(&mut self) -> Formula {
        if self.takes("-").is_some() {
            return Formula::Minus(Box::new(self.signed()));
        }
        let base = self.atom();
        if self.takes("^").is_some() {
            return Formula::Binary('^', Box::new(base), Box::new(self.exponent()));
        }
        base
    }

    fn exponent(&mut self) -> Formula {
        if self.takes("-").is_some() {
            return Formula::Minus(Box::new(self.atom()));
        }
        self.atom()
    }

    fn word(&mut self, holds: impl Fn(char) -> bool) -> String {
        let start = self.at;
        while self.peek().is_some_and(&holds) {
            self.at += 1;
        }
        self.letters[start..self.at].iter().collect()
    }

    fn atom(&mut self) -> Formula {
        if self.takes("(").is_some() {
            let inner = self.sum();
            assert_eq!(self.takes(")"), Some(')'));
            return inner;
        }
        let first = self.peek().unwrap_or_else(|| panic!("a formula breaks off"));
        if first.is_ascii_digit() {
            let mut text = self.word(|letter| letter.is_ascii_digit() || letter == '.');
            if self.takes("e").is_some() {
                text.push('e');
                if let Some(sign) = self.takes("+-") {
                    text.push(sign);
                }
                text += &self.word(|letter| letter.is_ascii_digit());
            }
            return Formula::Number(text.parse().unwrap_or_else(|_| panic!("{text}")));
        }
        let name = self.word(|letter| letter.is_alphanumeric());
        if self.takes("(").is_some() {
            let inner = self.sum();
            assert_eq!(self.takes(")"), Some(')'));
            return Formula::Call(name, Box::new(inner));
        }
        Formula::Name(name)
    }
}

impl Formula {
    /// The value, by the functions of the library.
    pub(crate) fn value(&self, environment: &Environment) -> f64 {
        match self {
            Self::Number(number) => *number,
            Self::Name(name) if name == "pi" => std::f64::consts::PI,
            Self::Name(name) => {
                *environment.values.get(name).unwrap_or_else(|| panic!("no value for {name}"))
            }
            Self::Minus(inner) => -inner.value(environment),
            Self::Binary(sign, left, right) => {
                let (left, right) = (left.value(environment), right.value(environment));
                match sign {
                    '+' => left + right,
                    '-' => left - right,
                    '*' => left * right,
                    '/' => left / right,
                    _ => left.powf(right),
                }
            }
            Self::Call(name, inner) => {
                let u = inner.value(environment);
                match name.as_str() {
                    "sqrt" => u.sqrt(),
                    "exp" => u.exp(),
                    "log" => u.ln(),
                    "sin" => u.sin(),
                    "cos" => u.cos(),
                    "tan" => u.tan(),
                    "asin" => u.asin(),
                    "acos" => u.acos(),
                    "atan" => u.atan(),
                    "sinh" => u.sinh(),
                    "cosh" => u.cosh(),
                    "tanh" => u.tanh(),
                    "asinh" => u.asinh(),
                    "acosh" => u.acosh(),
                    "atanh" => u.atanh(),
                    "abs" => u.abs(),
                    "sign" => {
                        if u == 0.0 {
                            0.0
                        } else {
                            u.signum()
                        }
                    }
                    "erf" => libm::erf(u),
                    _ => panic!("no function {name}"),
                }
            }
        }
    }

    /// The expression, through the constructors.
    pub(crate) fn build(&self, arena: &mut Arena, variable: &str) -> ExprId {
        match self {
            Self::Number(number) => {
                assert!(number.fract() == 0.0, "write fractions");
                arena.integer(*number as i64)
            }
            Self::Name(name) if name == "pi" => Arena::PI,
            Self::Name(name) if name == variable => Arena::VARIABLE,
            Self::Name(name) => arena.parameter(name, Sign::Unknown),
            Self::Minus(inner) => {
                let inner = inner.build(arena, variable);
                arena.negate(inner)
            }
            Self::Binary(sign, left, right) => {
                let left = left.build(arena, variable);
                let right = right.build(arena, variable);
                match sign {
                    '+' => arena.add(&[left, right]),
                    '-' => arena.subtract(left, right),
                    '*' => arena.multiply(&[left, right]),
                    '/' => arena.divide(left, right),
                    _ => arena.power(left, right),
                }
            }
            Self::Call(name, inner) => {
                let inner = inner.build(arena, variable);
                if name == "sqrt" {
                    return arena.square_root(inner);
                }
                let function =
                    Function::named(name).unwrap_or_else(|| panic!("no function {name}"));
                arena.apply(function, inner)
            }
        }
    }
}

/// The integral by adaptive Simpson's rule after a change of variable that takes infinite and singular
/// ends to where the integrand vanishes.
pub(crate) fn integral_over(f: &dyn Fn(f64) -> f64, low: f64, high: f64) -> f64 {
    // x = m + h*(3u − u³)/2 … flattened thrice; infinite ends by u/(1 − u²)
    let place = |u: f64| -> (f64, f64) {
        match (low.is_finite(), high.is_finite()) {
            (true, true) => {
                let width = high - low;
                // u in (0, 1), x = low + width*u^6(…): smoothstep of order five, exact near both ends
                let smooth = |u: f64| {
                    let near = |u: f64| {
                        u.powi(6)
                            * (462.0
                                + u * (-1980.0
                                    + u * (3465.0 + u * (-3080.0 + u * (1386.0 - 252.0 * u)))))
                    };
                    if u < 0.5 { (near(u), true) } else { (near(1.0 - u), false) }
                };
                let (part, is_low) = smooth(u);
                let x = if is_low { low + width * part } else { high - width * part };
                (x, width * 2772.0 * (u * (1.0 - u)).powi(5))
            }
            (true, false) => {
                let v = u / (1.0 - u);
                (low + v.powi(6), 6.0 * v.powi(5) / (1.0 - u).powi(2))
            }
            (false, true) => {
                let v = u / (1.0 - u);
                (high - v.powi(6), 6.0 * v.powi(5) / (1.0 - u).powi(2))
            }
            (false, false) => {
                let w = 2.0 * u - 1.0;
                let v = w / (1.0 - w * w);
                (v, 2.0 * (1.0 + w * w) / (1.0 - w * w).powi(2))
            }
        }
    };
    let g = |u: f64| {
        if u <= 0.0 || u >= 1.0 {
            return 0.0;
        }
        let (x, weight) = place(u);
        if x <= low || x >= high || weight == 0.0 || !weight.is_finite() {
            return 0.0;
        }
        let value = f(x) * weight;
        if value.is_finite() { value } else { 0.0 }
    };
    let mut sum = 0.0;
    let mut open: Vec<(f64, f64, u32)> =
        (0..64).map(|k| (f64::from(k) / 64.0, f64::from(k + 1) / 64.0, 0)).collect();
    while let Some((a, b, depth)) = open.pop() {
        let middle = (a + b) / 2.0;
        let simpson = |a: f64, b: f64| (b - a) / 6.0 * (g(a) + 4.0 * g((a + b) / 2.0) + g(b));
        let (whole, halves) = (simpson(a, b), simpson(a, middle) + simpson(middle, b));
        if depth > 24 || (whole - halves).abs() <= 1e-10 * (b - a) * (1.0 + halves.abs()) + 1e-16 {
            sum += halves + (halves - whole) / 15.0;
        } else {
            open.push((a, middle, depth + 1));
            open.push((middle, b, depth + 1));
        }
    }
    sum
}
