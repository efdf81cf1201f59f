//! Trees as fully bracketed text, so that tests can say what was understood.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use gradus_syntax::tree::{
    BinaryOperator, Expr, ExprId, Index, PostfixOperator, Statement, TextId, Tree, UnaryOperator,
};
use gradus_syntax::{Parsed, parse, parse_with};

/// The fully bracketed form of a source that must have no errors.
pub(crate) fn understood(source: &str) -> String {
    statements(source, parse(source))
}

/// The same where names are declared elsewhere.
pub(crate) fn understood_with(source: &str, declared: &[&str]) -> String {
    statements(source, parse_with(source, declared))
}

fn statements(source: &str, parsed: Parsed) -> String {
    assert!(!parsed.has_errors(), "{source}: {:#?}", parsed.diagnostics);
    let shown =
        parsed.tree.statements.iter().map(|(statement, _)| show_statement(&parsed.tree, statement));
    shown.collect::<Vec<_>>().join("; ")
}

fn names(tree: &Tree, names: &[TextId]) -> String {
    names.iter().map(|&name| tree.text(name)).collect::<Vec<_>>().join(" ")
}

fn show_statement(tree: &Tree, statement: &Statement) -> String {
    match statement {
        Statement::Expression(value) => show(tree, *value),
        Statement::Binding { name, value, .. } => {
            format!("let {} {}", tree.text(*name), show(tree, *value))
        }
        Statement::Function { name, parameters, body, .. } => {
            format!(
                "function {} [{}] {}",
                tree.text(*name),
                names(tree, parameters),
                show(tree, *body)
            )
        }
        Statement::IndexForm { name, indices, value } => {
            format!(
                "indexform {} [{}] {}",
                tree.text(*name),
                names(tree, indices),
                show(tree, *value)
            )
        }
        Statement::LinearMap { parameters, value } => {
            format!("map [{}] {}", names(tree, parameters), show(tree, *value))
        }
        Statement::Declaration(declaration) => {
            let declared: Vec<TextId> = declaration.names.iter().map(|&(name, _)| name).collect();
            let words: Vec<TextId> = declaration.kind.words.iter().map(|&(word, _)| word).collect();
            let mut out = format!("declare [{}] {}", names(tree, &declared), names(tree, &words));
            for &size in &declaration.kind.sizes {
                out.push_str(&format!(" {}", show(tree, size)));
            }
            if let Some(parameter) = declaration.kind.parameter {
                out.push_str(&format!(" of {}", tree.text(parameter)));
            }
            if let Some(family) = declaration.kind.family {
                out.push_str(&format!(" over {}", show(tree, family)));
            }
            out
        }
    }
}

/// The fully bracketed form of an expression.
pub(crate) fn show(tree: &Tree, id: ExprId) -> String {
    let list = |ids: &[ExprId]| ids.iter().map(|&id| show(tree, id)).collect::<Vec<_>>().join(", ");
    match tree.expr(id) {
        Expr::Number(text) | Expr::Name(text) => tree.text(*text).to_owned(),
        Expr::Unary(UnaryOperator::Minus, operand) => format!("(-{})", show(tree, *operand)),
        Expr::Unary(UnaryOperator::Plus, operand) => format!("(+{})", show(tree, *operand)),
        Expr::Binary(operator, left, right) => {
            let operator = match operator {
                BinaryOperator::Add => "+",
                BinaryOperator::Subtract => "-",
                BinaryOperator::Multiply => "*",
                BinaryOperator::Divide => "/",
                BinaryOperator::LeftDivide => "\\",
                BinaryOperator::ElementwiseMultiply => ".*",
                BinaryOperator::ElementwiseDivide => "./",
                BinaryOperator::Power => "^",
                BinaryOperator::ElementwisePower => ".^",
                BinaryOperator::Kronecker => "@",
            };
            format!("({} {operator} {})", show(tree, *left), show(tree, *right))
        }
        Expr::Postfix(operator, operand) => {
            let operator = match operator {
                PostfixOperator::Transpose => "'",
                PostfixOperator::ConjugateTranspose => "^H",
                PostfixOperator::Inverse => "⁻¹",
                PostfixOperator::FromAbove => "+",
                PostfixOperator::FromBelow => "-",
            };
            format!("({}){operator}", show(tree, *operand))
        }
        Expr::Call { function, derivative, arguments } => {
            format!(
                "{}{}{{{}}}",
                tree.text(*function),
                "'".repeat(usize::from(*derivative)),
                list(arguments)
            )
        }
        Expr::Mapped { function, derivative, arguments } => {
            format!(
                "{}{}.{{{}}}",
                tree.text(*function),
                "'".repeat(usize::from(*derivative)),
                list(arguments)
            )
        }
        Expr::IndexedSum { mean, indices, body } => {
            format!(
                "{}[{}]{{{}}}",
                if *mean { "mean" } else { "sum" },
                names(tree, indices),
                show(tree, *body)
            )
        }
        Expr::Indexed { base, indices } => {
            let end = |end: &Option<ExprId>| end.map_or(String::new(), |end| show(tree, end));
            let shown = indices.iter().map(|index| match index {
                Index::At(at) => show(tree, *at),
                Index::Range(lower, upper) => format!("{}:{}", end(lower), end(upper)),
            });
            format!("{}<{}>", show(tree, *base), shown.collect::<Vec<_>>().join(", "))
        }
        Expr::Matrix(rows) => {
            format!("[{}]", rows.iter().map(|row| list(row)).collect::<Vec<_>>().join("; "))
        }
        Expr::Norm(operand) => format!("|{}|", show(tree, *operand)),
    }
}
