//! Formulas as Python with every array a matrix and every sum over an index a loop: slow, plain,
//! and written apart from the code generator.

use gradus_codegen::StatementList;
use gradus_functions::book;
use gradus_notation::arena::NotationTree;
use gradus_notation::tree::{Head, Notation, PowerKind};

use crate::support::Id;

/// A statement list, by way of its page, as one Python expression.
pub(crate) fn spell_page(list: &StatementList) -> String {
    let (tree, page) = list.to_page();
    let mut parts = Vec::new();
    for binding in &page.bindings {
        parts.push(format!("({} := {})", binding.name, spell(&tree, binding.formula)));
    }
    parts.push(spell(&tree, page.results[0]));
    format!("({},)[-1]", parts.join(", "))
}

/// The formula as a Python expression over matrices.
pub(crate) fn spell(tree: &NotationTree, id: Id) -> String {
    let part = |id: &Id| spell(tree, *id);
    let size = |dimension| {
        tree.dimensions.display(dimension).replace('n', "4").replace('m', "3").replace('N', "5")
    };
    let shape = tree.shape(id);
    let full = || format!("({}, {})", size(shape.rows), size(shape.columns));
    let joined = |ids: &[Id], operator: &str| {
        let mut text = String::new();
        let mut is_scalar = true;
        for id in ids {
            let next_is_scalar = tree.shape(*id).is_scalar();
            let next = spell(tree, *id);
            // A 1×1 matrix scales, whatever the sizes.
            let between = if operator == "@" && !is_scalar && !next_is_scalar { "@" } else { "*" };
            text = if text.is_empty() { next } else { format!("({text} {between} {next})") };
            is_scalar &= next_is_scalar;
        }
        text
    };
    match tree.node(id) {
        Notation::Number(number) => format!("one({})", number.to_f64()),
        Notation::Dimension(dimension) => format!("one({})", size(*dimension)),
        Notation::Name { text, .. } => text.clone(),
        Notation::Ones => format!("np.ones({})", full()),
        Notation::Zeros => format!("np.zeros({})", full()),
        Notation::Identity => format!("np.eye({})", size(shape.rows)),
        Notation::Sum(terms) => {
            let mut text = format!("np.zeros({})", full());
            for (minus, term) in terms {
                text = format!("({text} {} {})", if *minus { '-' } else { '+' }, part(term));
            }
            text
        }
        Notation::Negate(inner) => format!("(-{})", part(inner)),
        Notation::Product(factors) => joined(factors, "@"),
        Notation::Hadamard(factors) => joined(factors, "*"),
        Notation::Fraction(a, b) | Notation::HadamardQuotient(a, b) => {
            format!("({} / {})", part(a), part(b))
        }
        Notation::Power { base, exponent, kind: PowerKind::Matrix } => {
            format!("np.linalg.matrix_power({}, int({}[0, 0]))", part(base), part(exponent))
        }
        Notation::Power { base, exponent, .. } => format!("({}**{})", part(base), part(exponent)),
        Notation::Transpose(inner) => format!("{}.T", part(inner)),
        Notation::Indexed { base, indices } => format!("{}[{}]", part(base), indices.join("]")),
        Notation::IndexedSum { indices, body } => {
            format!("sum({} for {} in range(5))", part(body), indices[0])
        }
        Notation::Call { head: Head::DiagonalMatrix, arguments, .. } => {
            format!("np.diag({}.ravel())", part(&arguments[0]))
        }
        Notation::Call { head: Head::DiagonalVector, arguments, .. } => {
            format!("np.diag({}).reshape(-1, 1)", part(&arguments[0]))
        }
        Notation::Call { head: Head::Book(function), arguments, .. } => {
            let arguments: Vec<String> = arguments.iter().map(part).collect();
            call(book().get(*function).name, &arguments)
        }
        other => panic!("{other:?}"),
    }
}

fn call(name: &str, arguments: &[String]) -> String {
    let first = &arguments[0];
    match name {
        "tr" => format!("one(np.trace({first}))"),
        "sum" => format!("one(np.sum({first}))"),
        "norm2" => format!("one(np.sqrt(np.sum({first}**2)))"),
        "logdet" => format!("one(np.log(abs(np.linalg.det({first}))))"),
        "logsumexp" => format!("one(np.log(np.sum(np.exp({first}))))"),
        "inv" => format!("np.linalg.inv({first})"),
        "softmax" => format!("softmax({first})"),
        "tanh" | "sin" | "cos" => format!("np.{name}({first})"),
        "sigmoid" => format!("(1 / (1 + np.exp(-{first})))"),
        "tril" => format!("np.tril({first})"),
        "vec" => format!("{first}.reshape(-1, 1, order=\"F\")"),
        "kron" => format!("np.kron({first}, {})", arguments[1]),
        other => panic!("{other}"),
    }
}
