//! Checks of texts, for tests.
//!
//! Must not know what is tested.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use gradus_elaborate::{Options, Program, Source, elaborate};
use gradus_syntax::tree::Tree;
use gradus_syntax::{parse_declarations, parse_with};
use gradus_verify::{
    Claim, Claims, Expression, Form, Layout, Remainder, Settings, Verdict, check_derivative,
    check_equal, remainder,
};

fn names_in(lets: &str) -> Vec<String> {
    let parts = lets.split(';').filter_map(|text| text.split(':').next());
    let names = parts.flat_map(|names| names.split(',')).map(|name| name.trim().to_owned());
    names.filter(|name| !name.is_empty()).collect()
}

fn tree(text: &str, names: &[String]) -> Result<Tree, String> {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    parse_with(text, &names)
        .into_result()
        .map(|(tree, _)| tree)
        .map_err(|error| format!("`{text}`: {error}"))
}

/// Texts read together under declarations separated by `;`.
pub fn read(lets: &str, texts: &[&str], same_shape: bool) -> Result<Program, String> {
    let declarations = parse_declarations(lets);
    let kinds = [Source::new(lets, &declarations.tree)];
    let kinds = if lets.is_empty() { &kinds[..0] } else { &kinds[..] };
    let names = names_in(lets);
    let trees: Result<Vec<Tree>, String> = texts.iter().map(|text| tree(text, &names)).collect();
    let trees = trees?;
    let sources: Vec<Source<'_>> =
        texts.iter().zip(&trees).map(|(text, tree)| Source::new(text, tree)).collect();
    elaborate(&sources, &Options { declarations: kinds, same_shape })
        .map_err(|error| format!("{texts:?}: {error}"))
}

/// Reads an answer in the context of a program.
pub fn read_back(program: &mut Program, text: &str) -> Result<gradus_elaborate::ReadBack, String> {
    let names: Vec<String> =
        program.tree.variables.iter().map(|variable| variable.name.clone()).collect();
    let tree = tree(text, &names)?;
    program.read_back(&Source::new(text, &tree)).map_err(|error| format!("`{text}`: {error}"))
}

/// Whether all sides of an identity are equal.
pub fn identity(lets: &str, sides: &[&str]) -> Verdict {
    let program = read(lets, sides, true).unwrap();
    let sides: Vec<Expression<'_>> = program
        .results
        .iter()
        .map(|root| Expression { tree: &program.tree, root: *root })
        .collect();
    check_equal(&sides, &Settings::default())
}

/// Whether the claims hold; each is the variables between commas and a text.
pub fn try_claims(
    lets: &str,
    text: &str,
    form: Form,
    order: u8,
    claims: &[(&str, &str)],
) -> Result<Verdict, String> {
    with_claims(lets, text, (form, order), claims, |claims| {
        check_derivative(claims, &Settings::default())
    })
}

/// How the function leaves its claimed linear part.
pub fn try_remainder(
    lets: &str,
    text: &str,
    form: Form,
    order: u8,
    claims: &[(&str, &str)],
) -> Result<Remainder, String> {
    with_claims(lets, text, (form, order), claims, |claims| {
        remainder(claims, &[], &Settings::default())
    })?
}

fn with_claims<T>(
    lets: &str,
    text: &str,
    (form, order): (Form, u8),
    claims: &[(&str, &str)],
    then: impl FnOnce(&Claims<'_>) -> T,
) -> Result<T, String> {
    let mut program = read(lets, &[text], false)?;
    let function = program.results[0];
    let mut read = Vec::new();
    for (wrt, claim) in claims {
        let root = read_back(&mut program, claim)?.result;
        read.push(Claim {
            wrt: wrt.split(',').map(str::to_owned).collect(),
            root,
            parts: Vec::new(),
        });
    }
    let function = Expression { tree: &program.tree, root: function };
    let claims = Claims {
        function,
        tree: &program.tree,
        claims: &read,
        form,
        stacking: gradus_verify::Stacking::Columns,
        convention: gradus_verify::Convention::Projected,
        order,
    };
    Ok(then(&claims))
}

/// Whether the claims hold.
pub fn claims(lets: &str, text: &str, form: Form, order: u8, claims: &[(&str, &str)]) -> Verdict {
    try_claims(lets, text, form, order, claims).unwrap()
}

/// Whether this is the gradient.
pub fn gradient(lets: &str, text: &str, wrt: &str, claim: &str) -> Verdict {
    claims(lets, text, Form::Array(Layout::Mixed), 1, &[(wrt, claim)])
}

/// Whether this is the differential.
pub fn differential(lets: &str, text: &str, wrt: &str, claim: &str) -> Verdict {
    claims(lets, text, Form::Differential, 1, &[(wrt, claim)])
}
