//! Programs from texts, for tests.
//!
//! Must not know what is tested.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use gradus_diagnostics::{Diagnostic, Error};
use gradus_elaborate::{Options, Program, ReadBack, Source, elaborate};
use gradus_syntax::tree::Tree;
use gradus_syntax::{parse_declarations, parse_with};

/// The names that declarations declare.
fn declared(lets: &str) -> Vec<&str> {
    let parts = lets.split(';').filter_map(|text| text.split(':').next());
    parts
        .flat_map(|names| names.split(','))
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .collect()
}

fn tree(text: &str, names: &[&str]) -> Tree {
    match parse_with(text, names).into_result() {
        Ok((tree, _)) => tree,
        Err(error) => panic!("`{text}`: {error}"),
    }
}

/// Texts read together under declarations separated by `;`.
pub fn several(lets: &str, texts: &[&str], same_shape: bool) -> Result<Program, Error> {
    let declarations = parse_declarations(lets);
    let kinds = [Source::new(lets, &declarations.tree)];
    let kinds = if lets.is_empty() { &kinds[..0] } else { &kinds[..] };
    let names = declared(lets);
    let trees: Vec<Tree> = texts.iter().map(|text| tree(text, &names)).collect();
    let sources: Vec<Source<'_>> =
        texts.iter().zip(&trees).map(|(text, tree)| Source::new(text, tree)).collect();
    elaborate(&sources, &Options { declarations: kinds, same_shape })
}

/// One program; a failed one fails the test.
pub fn program(lets: &str, text: &str) -> Program {
    several(lets, &[text], false).unwrap_or_else(|error| panic!("`{text}`: {error} {error:?}"))
}

/// The error of a program; one that is accepted fails the test.
pub fn error(lets: &str, text: &str) -> Diagnostic {
    match several(lets, &[text], false) {
        Ok(program) => panic!("`{text}` is read as {}", reading(&program)),
        Err(error) => *error,
    }
}

/// The reading as one line; departures carry an exclamation mark.
pub fn reading(program: &Program) -> String {
    let names = program.reading.names.iter().map(|read| {
        let mark = if read.departure { "!" } else { "" };
        format!("{} {}{mark}", program.tree.variable(read.variable).name, read.kind)
    });
    names.collect::<Vec<_>>().join(", ")
}

/// The shape of the first result.
pub fn shape(program: &Program) -> String {
    let shape = program.tree.shape(program.results[0]);
    let text = |dimension| program.tree.dimensions.display(dimension);
    format!("{}×{}", text(shape.rows), text(shape.columns))
}

/// Reads an answer back.
pub fn answer(program: &mut Program, text: &str) -> Result<ReadBack, Error> {
    let names: Vec<String> =
        program.tree.variables.iter().map(|variable| variable.name.clone()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let tree = tree(text, &names);
    program.read_back(&Source::new(text, &tree))
}

/// Every invariant of a typed tree: children first, final dimensions, equal shapes where they must be.
pub fn check_tree(program: &Program) {
    use gradus_elaborate::typed::{Operation, TypedId};
    let tree = &program.tree;
    for (position, node) in tree.nodes.iter().enumerate() {
        let id = TypedId(u32::try_from(position).unwrap());
        tree.children(id, |child| assert!(child < id, "a child after its parent"));
        // Ids beyond the table would panic here.
        assert!(!tree.dimensions.display(node.shape.rows).is_empty());
        assert!(!tree.dimensions.display(node.shape.columns).is_empty());
        let of = |child: TypedId| tree.shape(child);
        match &node.operation {
            Operation::Add(a, b)
            | Operation::Subtract(a, b)
            | Operation::Hadamard(a, b)
            | Operation::Quotient(a, b) => {
                assert_eq!((of(*a), of(*b)), (node.shape, node.shape));
            }
            Operation::Multiply(a, b) => {
                assert_eq!(of(*a).columns, of(*b).rows);
                assert_eq!((of(*a).rows, of(*b).columns), (node.shape.rows, node.shape.columns));
            }
            Operation::Scale(a, b) => {
                assert!(of(*a).is_scalar());
                assert_eq!(of(*b), node.shape);
            }
            Operation::Fill(a) => assert!(of(*a).is_scalar()),
            Operation::Transpose(a) => assert_eq!(of(*a).transposed(), node.shape),
            Operation::Identity => assert_eq!(node.shape.rows, node.shape.columns),
            _ => {}
        }
    }
}
