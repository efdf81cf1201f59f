//! Random programs from end to end: each well shaped one is answered, none with what is refuted, every
//! answer can be read back as the user's own input, and random tokens never panic.
//!
//! Must not know how answers are found.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use gradus::{Output, Request, Verdict};

const CASES: u64 = 1500;

const DECLARATIONS: [&str; 10] = [
    "X: matrix(m,n)",
    "A: matrix(n,n)",
    "B: matrix(n,n)",
    "S: spd(n)",
    "x: vector(n)",
    "w: vector(n)",
    "y: vector(m)",
    "t: scalar",
    "s: scalar",
    "p: onehot(m)",
];

/// Variables by which derivatives are taken: free ones.
const VARIABLES: [&str; 8] = ["X", "A", "B", "x", "w", "y", "t", "s"];

/// The shape of what is generated.
#[derive(Clone, Copy)]
enum Kind {
    Scalar,
    /// n entries.
    Vector,
    /// m entries.
    Long,
    /// n×n.
    Square,
    /// m×n.
    Matrix,
}

/// A generator of well shaped expressions, from a seed.
struct Generator {
    state: u64,
}

impl Generator {
    fn new(seed: u64) -> Self {
        Self { state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1 }
    }

    fn below(&mut self, bound: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state >> 33) as usize % bound
    }

    fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    fn leaf(&mut self, kind: Kind) -> String {
        match kind {
            Kind::Scalar => self.pick(&["t", "s", "2", "0.5", "3"]),
            Kind::Vector => self.pick(&["x", "w", "ones(n)"]),
            Kind::Long => self.pick(&["y", "p"]),
            Kind::Square => self.pick(&["A", "B", "S", "eye(n)"]),
            Kind::Matrix => "X",
        }
        .to_owned()
    }

    fn expression(&mut self, kind: Kind, depth: usize) -> String {
        if depth == 0 {
            return self.leaf(kind);
        }
        match self.below(6) {
            0 => self.leaf(kind),
            1 => format!("({} + {})", self.expression(kind, depth - 1), self.leaf(kind)),
            2 => format!("({} - {})", self.leaf(kind), self.expression(kind, depth - 1)),
            3 => {
                let function = self.pick(&["sin", "exp", "tanh", "sigmoid", "cos", "-"]);
                format!("{function}({})", self.expression(kind, depth - 1))
            }
            4 => self.scaled(kind, depth),
            _ => self.composed(kind, depth),
        }
    }

    /// Products that keep the shape, entry by entry or with a number.
    fn scaled(&mut self, kind: Kind, depth: usize) -> String {
        let inner = self.expression(kind, depth - 1);
        match (kind, self.below(3)) {
            (Kind::Scalar, 0) => format!("({inner})^2"),
            (Kind::Scalar, 1) => format!("({inner})/(2 + {})", self.leaf(kind)),
            (_, 0) => format!("(({inner}).*({}))", self.leaf(kind)),
            (_, 1) => format!("(({inner}).^2)"),
            _ => format!("({})*({inner})", self.expression(Kind::Scalar, depth - 1)),
        }
    }

    /// Products and functions that come from other shapes.
    fn composed(&mut self, kind: Kind, depth: usize) -> String {
        let choice = self.below(12);
        let other = self.leaf(kind);
        let mut part = |kind| self.expression(kind, depth - 1);
        match (kind, choice) {
            (Kind::Scalar, 0) => format!("({})'*x", part(Kind::Vector)),
            (Kind::Scalar, 1) => format!("norm2({})^2", part(Kind::Vector)),
            (Kind::Scalar, 2) => format!("tr({})", part(Kind::Square)),
            (Kind::Scalar, 3) => format!("sum({})", part(Kind::Square)),
            (Kind::Scalar, 4) => format!("tr(({})'*A)", part(Kind::Square)),
            (Kind::Scalar, 5) => format!("logsumexp({})", part(Kind::Vector)),
            (Kind::Scalar, 6) => format!("sum[i](w[i]*({})[i])", part(Kind::Vector)),
            (Kind::Scalar, 7) => format!("({})[1, 2]", part(Kind::Square)),
            (Kind::Scalar, 8) => format!("({})[1]", part(Kind::Long)),
            (Kind::Scalar, 9) => format!("tr(kron({}, {other}))", part(Kind::Square)),
            (Kind::Scalar, _) => format!("w'*({})*({})", part(Kind::Square), part(Kind::Vector)),
            (Kind::Vector, 0 | 1) => format!("({})*({})", part(Kind::Square), part(Kind::Vector)),
            (Kind::Vector, 2 | 3) => format!("X'*({})", part(Kind::Long)),
            (Kind::Vector, 4 | 5) => format!("softmax({})", part(Kind::Vector)),
            (Kind::Vector, 6) => format!("({})[:, 1]", part(Kind::Square)),
            (Kind::Vector, 7) => format!("f.({})", part(Kind::Vector)),
            (Kind::Vector, 8) => format!("diag({})", part(Kind::Square)),
            (Kind::Vector, 9) => format!("[{}; y][1:n]", part(Kind::Vector)),
            (Kind::Vector, _) => format!("inv(S)*({})", part(Kind::Vector)),
            (Kind::Long, _) => format!("({})*({})", part(Kind::Matrix), part(Kind::Vector)),
            (Kind::Square, 0 | 1) => format!("({})*({})", part(Kind::Square), part(Kind::Square)),
            (Kind::Square, 2 | 3) => format!("({})'*({other})", part(Kind::Square)),
            (Kind::Square, 4) => format!("({})'*X", part(Kind::Matrix)),
            (Kind::Square, 5) => format!("diag({})", part(Kind::Vector)),
            (Kind::Square, 6) => format!("unvec(vec({}), n, n)", part(Kind::Square)),
            (Kind::Square, 7) => format!("tril({})", part(Kind::Square)),
            (Kind::Square, 8) => format!("({})*({})'", part(Kind::Vector), part(Kind::Vector)),
            (Kind::Square, 9) => format!("[{}, {other}][:, 1:n]", part(Kind::Square)),
            (Kind::Square, _) => format!("({})'", part(Kind::Square)),
            (Kind::Matrix, 0..=3) => format!("({})*({})", part(Kind::Matrix), part(Kind::Square)),
            (Kind::Matrix, _) => format!("({})*({})'", part(Kind::Long), part(Kind::Vector)),
        }
    }
}

fn request(program: &str, variable: &str) -> Request {
    let mut request = Request::new(program).by(variable);
    request.declarations = DECLARATIONS.iter().map(|&text| text.to_owned()).collect();
    request
}

/// The variables of a program by which derivatives are taken.
fn occurring(program: &str) -> Vec<&'static str> {
    let words: Vec<&str> = program.split(|letter: char| !letter.is_alphanumeric()).collect();
    VARIABLES.into_iter().filter(|name| words.contains(name)).collect()
}

#[test]
fn random_programs_are_answered_right() {
    let mut answered = 0;
    let mut wrong = Vec::new();
    for seed in 1..=CASES {
        let mut generator = Generator::new(seed);
        let kind = generator.pick(&[
            Kind::Scalar,
            Kind::Scalar,
            Kind::Scalar,
            Kind::Vector,
            Kind::Vector,
            Kind::Long,
            Kind::Square,
            Kind::Matrix,
        ]);
        let program = generator.expression(kind, 3);
        let names = occurring(&program);
        if names.is_empty() {
            continue;
        }
        let variable = generator.pick(&names);
        match outcome(&program, variable) {
            Ok(()) => answered += 1,
            Err(failure) => wrong.push(format!("{program} by {variable}\n    {failure}")),
        }
    }
    assert!(wrong.is_empty(), "{} of {CASES}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(answered > CASES / 2, "only {answered} of {CASES} have a variable");
}

/// A text in two: the last statement, and what stands before it.
fn last_statement(text: &str) -> (&str, &str) {
    let mut depth = 0;
    let mut end = 0;
    for (at, letter) in text.char_indices() {
        match letter {
            '[' | '(' => depth += 1,
            ']' | ')' => depth -= 1,
            ';' if depth == 0 => end = at + 1,
            _ => {}
        }
    }
    text.split_at(end)
}

/// A well shaped program has an answer; a failure says what must not be.
fn outcome(program: &str, variable: &str) -> Result<(), String> {
    let answer =
        gradus::diff(&request(program, variable)).map_err(|failure| failure.to_string())?;
    if answer.verification().verdict == Verdict::Refuted {
        return Err(answer.verification().to_string());
    }
    let printed = answer.print(Output::Source).map_err(|failure| failure.to_string())?;
    let (before, formula) = last_statement(&printed);
    // Of a linear map the value is compared.
    let formula = formula.split_once("->").map_or(formula, |(_, value)| value);
    let mut again = request(&format!("{before} {formula} = {formula}"), variable);
    again.variables.clear();
    let checked = gradus::check(&again).map_err(|failure| format!("{printed}\n{failure}"))?;
    if checked.verification.verdict == Verdict::Refuted {
        return Err(format!("`{printed}` is not equal to itself"));
    }
    Ok(())
}

#[test]
fn random_tokens_never_panic() {
    const TOKENS: [&str; 30] = [
        "x", "X", "A", "sin", "tr", "inv", "(", ")", "(", ")", "*", ".*", "+", "-", "/", "./", "^",
        ".^", "'", ",", ";", "=", "[", "]", "2", "0.5", "sum[i]", "f.", "1e400", "é",
    ];
    for seed in 1..=CASES {
        let mut generator = Generator::new(seed);
        let length = 1 + generator.below(14);
        let words: Vec<&str> = (0..length).map(|_| generator.pick(&TOKENS)).collect();
        for text in [words.concat(), words.join(" ")] {
            for outcome in [
                gradus::diff(&Request::new(&text)).err(),
                gradus::differential(&Request::new(&text)).err(),
                gradus::check(&Request::new(&text)).err(),
            ] {
                let code = outcome.map_or(0, |failure| failure.exit_code());
                assert_ne!(code, 3, "{text}");
            }
        }
    }
}
