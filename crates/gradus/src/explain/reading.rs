//! Proofs of the rule book as typed trees.
//!
//! Must not know how they are shown.

use gradus_diagnostics::{Diagnostic, Error, Result};
use gradus_elaborate::typed::TypedId;
use gradus_elaborate::{Options, Program, Source, elaborate};
use gradus_functions::{Function, Proof};
use gradus_syntax::{parse_declarations, parse_identity_with, parse_with};

use crate::text::Texts;

/// A proof that was read: a program that knows its names, and the sides of each line.
pub(crate) struct Read {
    /// The names.
    pub(crate) program: Program,
    /// The sides of each line; none where it has words only.
    pub(crate) sides: Vec<Vec<TypedId>>,
}

/// Reads a proof; `declarations` are the kinds of names of which it says nothing itself.
///
/// # Errors
/// A line is no equation of the language.
pub(crate) fn read(proof: &Proof, declarations: &[(String, String)]) -> Result<Read> {
    let names = names_in(proof.declarations);
    let mut kinds: Vec<String> = declarations
        .iter()
        .filter(|(name, _)| !names.contains(name))
        .map(|(name, kind)| format!("{name}: {kind}"))
        .collect();
    if !proof.declarations.is_empty() {
        kinds.push(proof.declarations.to_owned());
    }
    let kinds = kinds.join("; ");
    let declared = parse_declarations(&kinds);
    if let Some(error) = declared.diagnostics.first().filter(|_| !kinds.is_empty()) {
        return Err(placed(error, &kinds));
    }
    let names = names_in(&kinds);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    // The bindings, and any function: the lines are read in their context.
    let text = match proof.bindings {
        "" => "0".to_owned(),
        bindings => format!("{bindings}; 0"),
    };
    let (tree, _) =
        parse_with(&text, &names).into_result().map_err(|error| placed(&error, &text))?;
    let kinds_source = [Source::new(&kinds, &declared.tree)];
    let options = Options {
        declarations: if kinds.is_empty() { &[] } else { &kinds_source },
        ..Options::default()
    };
    let mut program =
        elaborate(&[Source::new(&text, &tree)], &options).map_err(|error| placed(&error, &text))?;
    let mut sides = Vec::with_capacity(proof.lines.len());
    for line in proof.lines {
        let roots = if line.formula.is_empty() {
            Vec::new()
        } else {
            equation(&mut program, line.formula).map_err(|error| placed(&error, line.formula))?
        };
        sides.push(roots);
    }
    Ok(Read { program, sides })
}

/// The sides of an equation.
fn equation(program: &mut Program, text: &str) -> Result<Vec<TypedId>> {
    let names: Vec<String> = program
        .tree
        .variables
        .iter()
        .map(|variable| variable.name.clone())
        .chain(program.bindings.iter().map(|(name, _)| name.clone()))
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (tree, sides, _) = parse_identity_with(text, &names).into_result()?;
    let mut roots = Vec::with_capacity(sides.len());
    for side in sides {
        let tree = Texts::side(&tree, side);
        roots.push(program.read_back(&Source::new(text, &tree))?.result);
    }
    Ok(roots)
}

/// An error in a text of the book is a defect of the book.
fn placed(error: &Diagnostic, text: &str) -> Error {
    let message = format!("a proof cannot be read: {} in `{text}`", error.message);
    Box::new(Diagnostic::internal(message))
}

/// The names that declarations declare.
fn names_in(declarations: &str) -> Vec<String> {
    declarations
        .split(';')
        .filter_map(|part| part.split(':').next())
        .flat_map(|names| names.split(','))
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .collect()
}

/// The kinds of the parameters of a function, by its first signature.
pub(crate) fn parameters(function: &Function) -> Vec<(String, String)> {
    let signature = function.signatures.first().copied().unwrap_or_default();
    if signature == "elementwise" {
        let kind = |name: &&str| ((*name).to_owned(), "vector(n)".to_owned());
        return function.parameters.iter().map(kind).collect();
    }
    let (arguments, _) = signature.split_once("->").unwrap_or_default();
    let mut kinds = Vec::new();
    let mut names = function.parameters.iter();
    let mut rest = arguments.trim();
    while !rest.is_empty() {
        let Some(name) = names.next() else { break };
        if let Some(inside) = rest.strip_prefix('(') {
            let (sizes, after) = inside.split_once(')').unwrap_or((inside, ""));
            kinds.push(((*name).to_owned(), kind(sizes)));
            rest = after;
        } else {
            // A size is no array.
            rest = rest.split_once(',').map_or("", |(_, after)| after);
        }
        rest = rest.trim_start().trim_start_matches(',').trim_start();
    }
    kinds
}

fn kind(sizes: &str) -> String {
    match sizes.split_once(',') {
        Some(("1", "1")) => "scalar".to_owned(),
        Some((rows, "1")) => format!("vector({rows})"),
        _ => format!("matrix({sizes})"),
    }
}
