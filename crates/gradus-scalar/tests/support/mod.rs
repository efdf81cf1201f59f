//! Reads expressions of one variable for tests.
//!
//! Must not know limits or integrals.

#![allow(dead_code, clippy::unwrap_used, clippy::panic)]

use gradus_scalar::expression::{Arena, ExprId, Function, Rational, Sign};
use gradus_syntax::tree::{BinaryOperator, Expr, Statement, Tree, UnaryOperator};

/// The expression that a text is, in `x`, `k` or `t`; other names are symbols, those in `positive`
/// positive ones.
pub(crate) fn read(arena: &mut Arena, text: &str, positive: &[&str]) -> ExprId {
    let parsed = gradus_syntax::parse(text);
    let tree = &parsed.tree;
    let Some((Statement::Expression(id), _)) = tree.statements.last() else {
        panic!("{text}: no expression")
    };
    build(arena, tree, *id, positive)
}

fn build(
    arena: &mut Arena,
    tree: &Tree,
    id: gradus_syntax::tree::ExprId,
    positive: &[&str],
) -> ExprId {
    match tree.expr(id) {
        Expr::Number(text) => {
            let text = tree.text(*text);
            let (whole, part) = text.split_once('.').unwrap_or((text, ""));
            let digits: num_bigint::BigInt = format!("{whole}{part}").parse().unwrap();
            let scale = num_bigint::BigInt::from(10).pow(part.len() as u32);
            arena.number(Rational::new(digits, scale))
        }
        Expr::Name(text) => match tree.text(*text) {
            "x" | "k" | "t" => Arena::VARIABLE,
            "pi" => Arena::PI,
            name => {
                let sign = if positive.contains(&name) { Sign::Positive } else { Sign::Unknown };
                arena.parameter(name, sign)
            }
        },
        Expr::Unary(operator, a) => {
            let a = build(arena, tree, *a, positive);
            if *operator == UnaryOperator::Minus { arena.negate(a) } else { a }
        }
        Expr::Binary(operator, a, b) => {
            let a = build(arena, tree, *a, positive);
            let b = build(arena, tree, *b, positive);
            match operator {
                BinaryOperator::Add => arena.add(&[a, b]),
                BinaryOperator::Subtract => arena.subtract(a, b),
                BinaryOperator::Multiply => arena.multiply(&[a, b]),
                BinaryOperator::Divide => arena.divide(a, b),
                BinaryOperator::Power => arena.power(a, b),
                other => panic!("{other:?}"),
            }
        }
        Expr::Call { function, arguments, .. } => {
            let argument = build(arena, tree, arguments[0], positive);
            match tree.text(*function) {
                "sqrt" => arena.square_root(argument),
                name => {
                    let function = Function::named(name).unwrap_or_else(|| panic!("{name}"));
                    arena.apply(function, argument)
                }
            }
        }
        other => panic!("{other:?}"),
    }
}
