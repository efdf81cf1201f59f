//! A question is read: function or equation, unknowns, constraints, as one program.
//!
//! Must not know how it is solved.

use gradus_diagnostics::Diagnostic;
use gradus_elaborate::typed::VariableId;
use gradus_elaborate::{Options, Program, Source, elaborate_assuming};
use gradus_syntax::parse_with;
use gradus_syntax::tree::{Statement, Tree};

use super::Problem;
use crate::failure::{Failure, Result};
use crate::text::Texts;
use crate::variables::{Choice, choose};

/// A question as a program: its results are the function, or the sides of the equation.
pub(super) struct Read {
    pub(super) texts: Texts,
    pub(super) program: Program,
    pub(super) wanted: Vec<VariableId>,
    pub(super) choice: Choice,
    /// Whether it is an equation.
    pub(super) is_equation: bool,
}

/// Whether the last statement of a program is an expression: then it is a function.
fn is_function(problem: &Problem) -> bool {
    let (tree, _) = match parse_with(&problem.request.program, &[]).into_result() {
        Ok(parsed) => parsed,
        Err(_) => return false,
    };
    matches!(tree.statements.last(), Some((Statement::Expression(_), _)))
}

pub(super) fn read(problem: &Problem) -> Result<Read> {
    let request = &problem.request;
    let is_equation = !is_function(problem);
    let equation_error = |failure: Failure| -> Failure {
        // What is neither is told as what is wrong with it as a function.
        match Texts::of_program(request) {
            Err(function) if !request.program.contains('=') => function,
            _ => failure,
        }
    };
    let (mut texts, trees) = if is_equation {
        let (texts, trees) = Texts::of_identity(request).map_err(equation_error)?;
        if trees.len() != 2 {
            let error = Diagnostic::bad_input("input", "an equation has two sides");
            let error = error.hint("give further equations with --subject-to");
            return Err(Failure::new(error, &request.program));
        }
        (texts, trees)
    } else {
        (Texts::of_program(request)?, Vec::new())
    };
    let constraints =
        texts.add_equations(&problem.constraints, ("a constraint", "--subject-to"))?;
    let program = elaborated(&texts, &trees, &constraints)?;
    let choice = choose(request, &texts, &program)?;
    let wanted = choice.wanted.clone();
    for id in &wanted {
        if program.tree.variable(*id).complex {
            let message = format!(
                "complex unknowns such as `{}` are not supported yet",
                program.tree.variable(*id).name
            );
            return Err(super::failure(Diagnostic::unsupported(message)));
        }
    }
    if !is_equation && !program.tree.shape(program.results[0]).is_scalar() {
        let error = Diagnostic::bad_input(
            "shape",
            "a function with stationary points is a scalar; this one is an array",
        );
        let error = error.hint("for an equation write it with its other side: … = 0");
        return Err(texts.failure(error.into()));
    }
    Ok(Read { texts, program, wanted, choice, is_equation })
}

fn elaborated(texts: &Texts, trees: &[Tree], constraints: &[[Tree; 2]]) -> Result<Program> {
    let mut sides: Vec<Source<'_>> = trees.iter().map(|tree| texts.program_as(tree)).collect();
    let mut declarations = Vec::new();
    if sides.is_empty() {
        sides.push(texts.program());
    } else {
        declarations.push(texts.program());
    }
    declarations.extend(texts.declarations());
    let options = Options { declarations: &declarations, same_shape: !trees.is_empty() };
    let equations: Vec<[Source<'_>; 2]> = constraints
        .iter()
        .enumerate()
        .map(|(at, trees)| [0, 1].map(|side| texts.equation_as(at, &trees[side])))
        .collect();
    elaborate_assuming(&sides, &equations, &options).map_err(|error| texts.failure(error))
}
