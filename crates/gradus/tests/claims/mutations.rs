//! Mutations of formulas: mistakes made on purpose, one at each node.
//!
//! Must not know what is right, or how mistakes are found.

use gradus_syntax::parse_with;
use gradus_syntax::tree::{BinaryOperator, Expr, ExprId, PostfixOperator, Tree};

/// Every mutation of a formula at every node, with its name.
pub(crate) fn of(formula: &str, names: &[&str]) -> Vec<(&'static str, String)> {
    let Ok((tree, _)) = parse_with(formula, names).into_result() else { return Vec::new() };
    let mut mutants = Vec::new();
    for at in 0..tree.exprs.len() {
        let id = ExprId(u32::try_from(at).unwrap());
        for (name, part) in at_node(&tree, id, formula, names) {
            let span = tree.span(id);
            let (start, end) = (span.start as usize, span.end as usize);
            mutants.push((name, format!("{}({part}){}", &formula[..start], &formula[end..])));
        }
    }
    mutants
}

fn at_node(tree: &Tree, id: ExprId, formula: &str, names: &[&str]) -> Vec<(&'static str, String)> {
    let text = |id: ExprId| {
        let span = tree.span(id);
        format!("({})", &formula[span.start as usize..span.end as usize])
    };
    let own = text(id);
    let mut found = vec![("negate", format!("-{own}")), ("double", format!("{own}+{own}"))];
    match tree.expr(id) {
        Expr::Number(number) => {
            found.clear();
            let number = tree.text(*number);
            found.push(("number", format!("{number}+1")));
            found.push(("number", format!("{number}/2")));
            found.push(("number", format!("{number}*3")));
            return found;
        }
        Expr::Name(name) => {
            let name = tree.text(*name);
            let others = names.iter().filter(|other| **other != name);
            found.extend(others.take(3).map(|other| ("symbol", (*other).to_owned())));
        }
        Expr::Postfix(PostfixOperator::Transpose, inner) => {
            found.push(("untranspose", text(*inner)));
        }
        Expr::Binary(operator, left, right) => {
            let (left, right) = (text(*left), text(*right));
            found.push(("drop", left.clone()));
            found.push(("drop", right.clone()));
            match operator {
                BinaryOperator::Multiply => {
                    found.push(("swap", format!("{right}*{left}")));
                    found.push(("elementwise", format!("{left}.*{right}")));
                    found.push(("duplicate", format!("{left}*{left}*{right}")));
                }
                BinaryOperator::ElementwiseMultiply => {
                    found.push(("matrix", format!("{left}*{right}")));
                    found.push(("duplicate", format!("{left}.*{left}.*{right}")));
                }
                BinaryOperator::Add => found.push(("sign", format!("{left}-{right}"))),
                BinaryOperator::Subtract => found.push(("sign", format!("{left}+{right}"))),
                BinaryOperator::Divide => found.push(("multiply", format!("{left}*{right}"))),
                _ => {}
            }
        }
        Expr::Call { function, arguments, derivative: 0 } => {
            let function = tree.text(*function);
            let arguments: Vec<String> = arguments.iter().map(|id| text(*id)).collect();
            if let [only] = arguments.as_slice() {
                found.push(("uncall", only.clone()));
                let others = ["inv", "exp", "tr", "sin", "cos", "log", "sqrt", "diag", "sum"];
                for other in others.into_iter().filter(|other| *other != function).take(3) {
                    found.push(("function", format!("{other}({only})")));
                }
            }
        }
        _ => {}
    }
    if !matches!(tree.expr(id), Expr::Postfix(PostfixOperator::Transpose, _)) {
        found.push(("transpose", format!("{own}'")));
    }
    found.push(("invert", format!("inv({own})")));
    found
}
