//! Random programs: whatever they are, elaboration ends in a sound tree or one message.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::check_tree;
use gradus_diagnostics::Class;
use gradus_elaborate::{Options, Source, elaborate};
use gradus_syntax::{parse, parse_declarations};

/// A small generator of pseudo-random numbers, the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, count: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % count as u64).unwrap()
    }

    fn pick(&mut self, words: &[&'static str]) -> &'static str {
        words[self.below(words.len())]
    }
}

const NAMES: &[&str] = &[
    "x", "y", "a", "b", "X", "A", "n", "w", "k", "dX", "f", "eye", "ones", "pi", "2", "0.5",
    "x[i]", "X[i,j]", "x[1:k]",
];
const INFIX: &[&str] = &["+", "-", "*", "/", "\\", ".*", "./", "^", ".^", "⊗"];
const PREFIX: &[&str] = &[
    "-",
    "sin(",
    "exp(",
    "tr(",
    "det(",
    "inv(",
    "sum(",
    "norm2(",
    "vec(",
    "diag(",
    "softmax(",
    "f.(",
    "g(",
    "(",
    "kron(A,",
    "max(x,",
    "sum[i](",
    "mean[i,j](",
    "hcat(x,",
    "vector(",
    "eye(",
    "unvec(x,",
];
const POSTFIX: &[&str] = &["'", "^2", "^T", "^H", "[i]", "^-1"];

fn expression(random: &mut Random, depth: usize) -> String {
    match random.below(if depth == 0 { 1 } else { 6 }) {
        0 | 1 => random.pick(NAMES).to_owned(),
        2 | 3 => format!(
            "({} {} {})",
            expression(random, depth - 1),
            random.pick(INFIX),
            expression(random, depth - 1)
        ),
        4 => {
            let prefix = random.pick(PREFIX);
            let close = if prefix.ends_with('(') || prefix.ends_with(',') { ")" } else { "" };
            format!("{prefix}{}{close}", expression(random, depth - 1))
        }
        _ => format!("({}){}", expression(random, depth - 1), random.pick(POSTFIX)),
    }
}

const STATEMENTS: &[&str] =
    &["", "Y = A*x; ", "f(x) = x.*x; ", "g(u) = u'*u; ", "t = sum[i](x[i]); ", "X: matrix(m,n); "];
const DECLARATIONS: &[&str] = &[
    "x: vector(n)",
    "X, A: matrix(n,n)",
    "f: function",
    "x: vector(d)[N]",
    "A: matrix(m,n)(t)",
    "S: symmetric; y: onehot",
];

#[test]
fn random_programs_end_in_a_tree_or_a_message() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let (mut trees, mut messages) = (0, 0);
    for _ in 0..6000 {
        let depth = 1 + random.below(4);
        let text = format!("{}{}", random.pick(STATEMENTS), expression(&mut random, depth));
        let lets = random.pick(DECLARATIONS);
        let Ok((tree, _)) = parse(&text).into_result() else { continue };
        let declarations = parse_declarations(lets).tree;
        let kinds = [Source::new(lets, &declarations)];
        let count = random.below(2);
        let options = Options { declarations: &kinds[..count], same_shape: false };
        match elaborate(&[Source::new(&text, &tree)], &options) {
            Ok(mut program) => {
                check_tree(&program);
                trees += 1;
                let (nodes, variables) = (program.tree.nodes.len(), program.tree.variables.len());
                let answer = expression(&mut random, depth);
                let Ok((tree, _)) = parse(&answer).into_result() else { continue };
                match program.read_back(&Source::new(&answer, &tree)) {
                    Ok(_) => check_tree(&program),
                    Err(error) => {
                        assert_ne!(error.class, Class::Internal, "{text}; {answer}: {error}");
                        assert_eq!(program.tree.nodes.len(), nodes);
                        assert_eq!(program.tree.variables.len(), variables);
                    }
                }
            }
            Err(error) => {
                messages += 1;
                assert_ne!(error.class, Class::Internal, "{text}: {error}");
                assert!(error.is_error() && !error.message.is_empty(), "{text}: {error:?}");
            }
        }
    }
    assert!(trees > 500 && messages > 500, "{trees} trees, {messages} messages");
}

#[test]
fn sizes_that_grow_are_refused() {
    let mut text = String::from("f0(x) = kron(x, x); ");
    for level in 1..40 {
        text.push_str(&format!("f{level}(x) = f0(f{}(x)); ", level - 1));
    }
    for last in ["f39(x)", "f39([x; y])", "[f5([x; y]); f4(z)]"] {
        let text = format!("{text}{last}");
        let tree = parse(&text).tree;
        match elaborate(&[Source::new(&text, &tree)], &Options::default()) {
            Ok(program) => check_tree(&program),
            Err(error) => assert_eq!(error.class, Class::Limit, "{last}: {error}"),
        }
    }
}
