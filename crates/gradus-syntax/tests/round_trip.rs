//! Printing and parsing are inverse, on random trees and on random texts; nothing panics.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use gradus_diagnostics::{Span, render_json, render_text};
use gradus_syntax::tree::{
    BinaryOperator, Declaration, Expr, ExprId, Index, KindSyntax, PostfixOperator, Statement,
    TextId, Tree, UnaryOperator,
};
use gradus_syntax::{
    Builder, parse, parse_declarations, parse_identity, parse_with, print, print_with,
};
use proptest::prelude::*;

const BINARY: [BinaryOperator; 10] = [
    BinaryOperator::Add,
    BinaryOperator::Subtract,
    BinaryOperator::Multiply,
    BinaryOperator::Divide,
    BinaryOperator::LeftDivide,
    BinaryOperator::ElementwiseMultiply,
    BinaryOperator::ElementwiseDivide,
    BinaryOperator::Power,
    BinaryOperator::ElementwisePower,
    BinaryOperator::Kronecker,
];

const NAMES: [&str; 8] = ["x", "X", "T", "H", "β₁", "W1", "sumx", "e"];
const NUMBERS: [&str; 6] = ["2", ".5", "3.25", "2.", "1e-3", "7E+2"];

/// Builds a tree from a list of choices: a machine with a stack of expressions.
struct Grower {
    builder: Builder,
    stack: Vec<ExprId>,
}

impl Grower {
    fn name(&mut self, choice: usize) -> TextId {
        self.builder.text(NAMES[choice % NAMES.len()])
    }

    fn add(&mut self, expr: Expr) {
        let id = self.builder.push(expr, Span::default());
        self.stack.push(id);
    }

    /// Takes an expression from the stack; there is always one.
    fn take(&mut self) -> ExprId {
        if self.stack.is_empty() {
            let name = self.name(0);
            self.add(Expr::Name(name));
        }
        self.stack.pop().unwrap()
    }

    fn take_some(&mut self, count: usize) -> Vec<ExprId> {
        (0..count).map(|_| self.take()).collect()
    }

    fn index(&mut self, choice: usize) -> Index {
        match choice % 5 {
            0 | 1 => Index::At(self.take()),
            2 => Index::Range(None, None),
            3 => Index::Range(Some(self.take()), None),
            _ => {
                let lower = self.take();
                Index::Range(Some(lower), Some(self.take()))
            }
        }
    }

    fn step(&mut self, (kind, choice): (u8, usize)) {
        let derivative = u8::try_from(choice % 3).unwrap();
        match kind % 16 {
            0 | 1 => {
                let name = self.name(choice);
                self.add(Expr::Name(name));
            }
            2 => {
                let text = self.builder.text(NUMBERS[choice % NUMBERS.len()]);
                self.add(Expr::Number(text));
            }
            3 => {
                let operand = self.take();
                self.add(Expr::Unary(
                    if choice % 4 == 0 { UnaryOperator::Plus } else { UnaryOperator::Minus },
                    operand,
                ));
            }
            4..=8 => {
                let right = self.take();
                let left = self.take();
                self.add(Expr::Binary(BINARY[choice % BINARY.len()], left, right));
            }
            9 | 10 => {
                let operators = [
                    PostfixOperator::Transpose,
                    PostfixOperator::ConjugateTranspose,
                    PostfixOperator::Inverse,
                ];
                let operand = self.take();
                self.add(Expr::Postfix(operators[choice % 3], operand));
            }
            11 => {
                let (function, arguments) = (self.name(choice), self.take_some(choice % 4));
                self.add(Expr::Call { function, derivative, arguments });
            }
            12 => {
                let (function, arguments) = (self.name(choice), self.take_some(1 + choice % 2));
                self.add(Expr::Mapped { function, derivative, arguments });
            }
            13 => {
                let indices = if choice % 2 == 0 {
                    vec![self.name(choice)]
                } else {
                    vec![self.name(0), self.name(1)]
                };
                let body = self.take();
                self.add(Expr::IndexedSum { mean: choice % 3 == 0, indices, body });
            }
            14 => {
                let indices = (0..=choice % 2).map(|offset| self.index(choice + offset)).collect();
                let base = self.take();
                self.add(Expr::Indexed { base, indices });
            }
            _ => {
                let rows =
                    (0..=choice % 2).map(|row| self.take_some(1 + (choice + row) % 2)).collect();
                if choice % 5 == 0 {
                    let operand = self.take();
                    self.add(Expr::Norm(operand));
                } else {
                    self.add(Expr::Matrix(rows));
                }
            }
        }
    }

    fn statement(&mut self, kind: u8) {
        let value = self.take();
        let (name, other) = (self.name(usize::from(kind)), self.name(usize::from(kind) + 1));
        let name_span = Span::default();
        let statement = match kind % 6 {
            0 => Statement::Binding { name, name_span, value },
            1 => {
                Statement::Function { name, name_span, parameters: vec![name, other], body: value }
            }
            2 => Statement::IndexForm { name, indices: vec![other, name], value },
            3 => Statement::LinearMap {
                parameters: if kind > 100 { vec![name] } else { vec![name, other] },
                value,
            },
            4 => Statement::Declaration(Declaration {
                names: vec![(name, name_span), (other, name_span)],
                kind: KindSyntax {
                    words: vec![
                        (self.builder.text("complex"), name_span),
                        (self.builder.text("matrix"), name_span),
                    ],
                    sizes: if kind > 60 { vec![value] } else { Vec::new() },
                    parameter: (kind > 120).then_some(other).filter(|_| kind > 60),
                    family: (kind > 180).then(|| self.take()),
                    span: name_span,
                },
            }),
            _ => Statement::Binding { name: other, name_span, value },
        };
        self.builder.statement(statement, Span::default());
    }
}

fn grow(statements: &[(Vec<(u8, usize)>, u8)], last: &[(u8, usize)]) -> Tree {
    let mut grower = Grower { builder: Builder::new(), stack: Vec::new() };
    for (steps, kind) in statements {
        steps.iter().for_each(|&step| grower.step(step));
        grower.statement(*kind);
    }
    last.iter().for_each(|&step| grower.step(step));
    let value = grower.take();
    grower.builder.statement(Statement::Expression(value), Span::default());
    grower.builder.finish()
}

fn check_round_trip(tree: &Tree) {
    let text = print(tree);
    let (again, notes) =
        parse(&text).into_result().unwrap_or_else(|error| panic!("{}", render_text(&error, &text)));
    assert!(tree.same_as(&again), "{text}\n{}", print(&again));
    assert!(notes.is_empty(), "{text}: {notes:?}");
    // The first tree may hold texts that it does not use; the second one does not.
    let settled = print(&again);
    assert_eq!(print(&parse(&settled).tree), settled);
    assert!(parse(&text).tree == again, "parsing is deterministic");
}

/// No pair of parentheses of the printed text can be left out without a change of meaning or a note.
fn check_no_needless_parentheses(tree: &Tree) {
    let text = print(tree);
    let mut open = Vec::new();
    for (at, character) in text.char_indices() {
        match character {
            '(' => open.push(at),
            ')' => {
                let from = open.pop().unwrap();
                let before = text[..from].chars().next_back().unwrap_or(' ');
                if before == ']'
                    || before == '.'
                    || before == '\''
                    || before.is_alphanumeric()
                    || before == '_'
                {
                    continue;
                }
                let without =
                    format!("{}{}{}", &text[..from], &text[from + 1..at], &text[at + 1..]);
                let inner = &text[from + 1..at];
                let is_exempt = inner.starts_with(['T', 'H']) || is_clearer(inner, &text[at + 1..]);
                let parsed = parse(&without);
                let same = !parsed.has_errors()
                    && parsed.diagnostics.is_empty()
                    && parsed.tree.same_as(tree);
                assert!(!same || is_exempt, "{text}\n{without}");
            }
            _ => {}
        }
    }
}

/// `(X^3)'`, `(X^3)^2` and `(X')[i]` are printed with parentheses on purpose.
fn is_clearer(inner: &str, after: &str) -> bool {
    let before_mark = ["'", "^", ".^", "⁻¹", "ᴴ"].iter().any(|mark| after.starts_with(mark));
    (before_mark && inner.contains('^')) || after.starts_with('[')
}

fn steps() -> impl Strategy<Value = Vec<(u8, usize)>> {
    prop::collection::vec((any::<u8>(), 0_usize..60), 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn printing_and_parsing_are_inverse(last in steps()) {
        check_round_trip(&grow(&[], &last));
    }

    #[test]
    fn programs_too(statements in prop::collection::vec((steps(), any::<u8>()), 0..4), last in steps()) {
        check_round_trip(&grow(&statements, &last));
    }

    #[test]
    fn parentheses_are_needed(last in steps()) {
        check_no_needless_parentheses(&grow(&[], &last));
    }

    #[test]
    fn names_declared_elsewhere_keep_their_meaning(last in steps()) {
        let tree = grow(&[], &last);
        let text = print_with(&tree, &["T", "H"]);
        // An undeclared `^T` cannot be printed as `^T` where T is declared: the transpose is always a quote.
        let again = parse_with(&text, &["T", "H"]);
        prop_assert!(!again.has_errors() && tree.same_as(&again.tree), "{}", text);
    }

    #[test]
    fn random_pieces_do_not_panic(pieces in prop::collection::vec(0_usize..PIECES.len(), 0..30)) {
        let source: String = pieces.into_iter().map(|piece| PIECES[piece]).collect();
        check_any_text(&source);
    }

    #[test]
    fn random_texts_do_not_panic(source in "\\PC{0,40}") {
        check_any_text(&source);
    }
}

const PIECES: [&str; 72] = [
    "x",
    "Y",
    "T",
    "H",
    "f",
    "sum",
    "mean",
    "exp",
    "2",
    ".5",
    "2.",
    "1e3",
    "1e400",
    "(",
    ")",
    "[",
    "]",
    ".(",
    "‖",
    ",",
    ";",
    ":",
    "=",
    "->",
    "+",
    "-",
    "*",
    "/",
    "\\",
    ".*",
    "./",
    "^",
    ".^",
    "'",
    ".'",
    "⊙",
    "⊗",
    "⁻¹",
    "²",
    "ᵀ",
    "ᴴ",
    "⁻ᵀ",
    " ",
    "\n",
    "\r\n",
    "#",
    "...",
    "==",
    "**",
    "|",
    "||",
    "@",
    "é",
    "β",
    "′",
    "″",
    "\u{301}",
    "\u{0}",
    "：",
    "end",
    "X: matrix(m,n)",
    "f(x) = ",
    "J[i,j] = ",
    "sum[i](",
    "(a, b) -> ",
    "x[",
    "f'.(",
    "A'(",
    "[1, 2; 3]",
    "^T",
    "^H",
    "if x",
];

/// Whatever the text is: no panic; rendered messages; and if it is accepted, the round trip.
fn check_any_text(source: &str) {
    let parsed = parse(source);
    for diagnostic in parsed.diagnostics.iter().chain(&parse_declarations(source).diagnostics) {
        assert!(!render_text(diagnostic, source).is_empty());
        assert!(!render_json(diagnostic).is_empty());
        assert!(
            diagnostic.labels.iter().all(|label| label.span.start <= label.span.end
                && label.span.end as usize <= source.len())
        );
    }
    let identity = parse_identity(source);
    assert!(identity.has_errors() || identity.sides.len() >= 2);
    if !parsed.has_errors() {
        check_text(&parsed.tree, source);
    }
}

fn check_text(tree: &Tree, source: &str) {
    let text = print(tree);
    let again = parse(&text);
    assert!(!again.has_errors(), "{source:?} {text:?} {:?}", again.diagnostics);
    assert!(tree.same_as(&again.tree), "{source:?} {text:?}");
}

#[test]
fn random_bytes_do_not_panic() {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    for _ in 0..5000 {
        let length = usize::try_from(next() % 60).unwrap();
        let bytes: Vec<u8> = (0..length).map(|_| u8::try_from(next() % 256).unwrap()).collect();
        check_any_text(&String::from_utf8_lossy(&bytes));
        let printable: Vec<u8> = bytes.iter().map(|byte| 32 + byte % 95).collect();
        check_any_text(&String::from_utf8_lossy(&printable));
    }
}
