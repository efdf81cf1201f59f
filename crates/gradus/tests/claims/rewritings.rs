//! Right answers in odd forms: rewritings that change no value, one or several at once.
//!
//! Must not know how claims are checked.

use gradus_syntax::parse_with;
use gradus_syntax::tree::{BinaryOperator, Expr, ExprId, PostfixOperator, Tree};

use crate::golden::{Golden, all};

/// Of all rewritings one in so many is tried.
const STRIDE: usize = 11;

#[test]
fn right_answers_in_odd_forms_are_accepted() {
    let (mut made, mut total, mut refused) = (0_usize, 0, Vec::new());
    let mut undecided = Vec::new();
    for golden in all() {
        if !is_decided(&golden) {
            undecided.push(golden.id.clone());
            continue;
        }
        for (kind, formula) in twice(&golden) {
            made += 1;
            if !made.is_multiple_of(STRIDE) {
                continue;
            }
            total += 1;
            let judgement = golden.judged(&formula);
            if !judgement.verdict.is_verified() || judgement.is_false() {
                refused.push(format!("[{}] {kind}: {formula}", golden.id));
            }
        }
    }
    println!("{total} rewritings, one in {STRIDE} of {made}; without {undecided:?}");
    assert!(undecided.len() <= 2, "{undecided:?}");
    assert!(refused.is_empty(), "{} of {total}:\n{}", refused.len(), refused.join("\n"));
}

fn is_decided(golden: &Golden) -> bool {
    golden.verdict(&golden.right).is_ok_and(|verdict| verdict.is_verified())
}

/// Every rewriting, and of each the ones of a few of its parts.
fn twice(golden: &Golden) -> Vec<(String, String)> {
    let names: Vec<&str> =
        golden.program.tree.variables.iter().map(|variable| variable.name.as_str()).collect();
    let mut found = Vec::new();
    for (kind, once) in of(&golden.right, &names) {
        // A fixed choice of a second rewriting, spread over the places.
        let more = of(&once, &names);
        if !more.is_empty() {
            let (second, text) = &more[(once.len() * 7 + found.len()) % more.len()];
            found.push((format!("{kind}, {second}"), text.clone()));
        }
        found.push((kind.to_owned(), once));
    }
    found
}

/// Every rewriting of a formula at every node.
fn of(formula: &str, names: &[&str]) -> Vec<(&'static str, String)> {
    let Ok((tree, _)) = parse_with(formula, names).into_result() else { return Vec::new() };
    let mut found = Vec::new();
    let indexed = inside_indices(&tree);
    for at in (0..tree.exprs.len()).filter(|at| !indexed[*at]) {
        let id = ExprId(u32::try_from(at).unwrap());
        for (name, part) in at_node(&tree, id, formula) {
            let span = tree.span(id);
            let (start, end) = (span.start as usize, span.end as usize);
            found.push((name, format!("{}({part}){}", &formula[..start], &formula[end..])));
        }
    }
    found
}

/// Names of families, of indices and of sizes are no values that could be rewritten.
fn inside_indices(tree: &Tree) -> Vec<bool> {
    let mut inside = vec![false; tree.exprs.len()];
    for at in (0..tree.exprs.len()).rev() {
        let id = ExprId(u32::try_from(at).unwrap());
        let whole = match tree.expr(id) {
            Expr::Indexed { .. } => true,
            Expr::Call { function, .. } => {
                let sizes = [
                    "eye",
                    "ones",
                    "zeros",
                    "commutation",
                    "duplication",
                    "elimination",
                    "unvec",
                    "blocktrace",
                    "blocksum",
                    "vector",
                    "matrix",
                    "unvech",
                ];
                sizes.contains(&tree.text(*function))
            }
            Expr::Binary(BinaryOperator::Power, ..) => true,
            _ => inside[at],
        };
        if whole || inside[at] {
            tree.for_each_child(id, |child| inside[child.0 as usize] = true);
        }
    }
    inside
}

fn at_node(tree: &Tree, id: ExprId, formula: &str) -> Vec<(&'static str, String)> {
    let text = |id: ExprId| {
        let span = tree.span(id);
        format!("({})", &formula[span.start as usize..span.end as usize])
    };
    let own = text(id);
    let mut found = vec![
        ("transposed twice", format!("{own}''")),
        ("added and subtracted", format!("{own}+{own}-{own}")),
        ("halves", format!("{own}/2+1/2*{own}")),
        ("negated twice", format!("-(-{own})")),
    ];
    match *tree.expr(id) {
        Expr::Number(_) => return Vec::new(),
        Expr::Binary(operator, left, right) => {
            let (l, r) = (text(left), text(right));
            match operator {
                BinaryOperator::Add => found.push(("exchanged", format!("{r}+{l}"))),
                BinaryOperator::Subtract => found.push(("exchanged", format!("-{r}+{l}"))),
                BinaryOperator::ElementwiseMultiply => {
                    found.push(("exchanged", format!("{r}.*{l}")));
                }
                BinaryOperator::Multiply => {
                    found.push(("transposed product", format!("({r}'*{l}')'")));
                    found.extend(distributed(tree, left, right, &text));
                }
                _ => {}
            }
        }
        Expr::Postfix(PostfixOperator::Transpose, inner) => match *tree.expr(inner) {
            Expr::Binary(BinaryOperator::Multiply, left, right) => {
                found.push(("transpose of a product", format!("{}'*{}'", text(right), text(left))));
            }
            Expr::Binary(BinaryOperator::Add, left, right) => {
                found.push(("transpose of a sum", format!("{}'+{}'", text(left), text(right))));
            }
            _ => {}
        },
        Expr::Call { function, ref arguments, derivative: 0 } => {
            if let (Some("tr"), [only]) = (Some(tree.text(function)), arguments.as_slice()) {
                found.push(("transposed trace", format!("tr({}')", text(*only))));
                if let Expr::Binary(BinaryOperator::Multiply, left, right) = *tree.expr(*only) {
                    let cycled = format!("tr({}*{})", text(right), text(left));
                    found.push(("cycled trace", cycled));
                }
            }
        }
        _ => {}
    }
    found
}

/// A product over a sum. A number beside an array is no sum of arrays.
fn distributed(
    tree: &Tree,
    left: ExprId,
    right: ExprId,
    text: &dyn Fn(ExprId) -> String,
) -> Vec<(&'static str, String)> {
    let is_number = |id: ExprId| matches!(tree.expr(id), Expr::Number(_));
    let mut found = Vec::new();
    if let Expr::Binary(BinaryOperator::Add, a, b) = *tree.expr(left)
        && !is_number(a)
        && !is_number(b)
    {
        let (a, b, r) = (text(a), text(b), text(right));
        found.push(("distributed", format!("{a}*{r}+{b}*{r}")));
    }
    if let Expr::Binary(BinaryOperator::Subtract, a, b) = *tree.expr(right)
        && !is_number(a)
        && !is_number(b)
    {
        let (a, b, l) = (text(a), text(b), text(left));
        found.push(("distributed", format!("{l}*{a}-{l}*{b}")));
    }
    found
}
