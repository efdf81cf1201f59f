//! Steps of iterations towards a stationary point or a root: gradient descent and Newton's method.
//!
//! Must not know whether there is a closed form.

use gradus_derivation::Builder;
use gradus_diagnostics::Diagnostic;
use gradus_elaborate::typed::Shape as TypedShape;
use gradus_functions::{Structural, book};
use gradus_notation::print;
use gradus_notation::tree::{Head, NameKind, Notation, NotationId, Shape};
use gradus_solve::Simplify;
use gradus_tensor::Dimensions;

use super::pose::{Posed, declarations};
use super::read::Read;
use super::simplify::Simplifier;
use super::{Goal, Outcome, Problem, Solving, Told, failure};
use crate::derive::diff;
use crate::failure::Result;
use crate::request::{Forms, Request};
use crate::verify::{indices, read_back};

/// What is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Way {
    /// A closed form.
    #[default]
    Solve,
    /// One step of gradient descent.
    GradientStep,
    /// One step of Newton's method.
    NewtonStep,
}

/// The next point of an iteration in terms of the point before.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Iteration {
    pub(crate) method: Way,
    /// The unknown by its position.
    pub(crate) unknown: usize,
    /// The formula of the next point.
    pub(crate) next: NotationId,
}

/// One step of the method that was asked for.
pub(super) fn only(problem: &Problem, read: Read, mut posed: Posed) -> Result<Solving> {
    let iterations = match problem.method {
        Way::NewtonStep => newton(problem, &read, &mut posed)?,
        _ => gradient(problem, &mut posed)?,
    };
    let told = Told { iterations, verification: posed.derivatives.clone(), ..Told::default() };
    posed.finish(problem, read, Outcome::Step, told)
}

/// Whatever step there is, where there is no closed form.
pub(super) fn both(problem: &Problem, read: &Read, posed: &mut Posed) -> Vec<Iteration> {
    if let Ok(newton) = newton(problem, read, posed) {
        return newton;
    }
    gradient(problem, posed).unwrap_or_default()
}

fn refuse_constraints(posed: &Posed) -> Result<()> {
    if posed.lagrangian.is_none() {
        return Ok(());
    }
    let message = "steps of iterations under constraints are not supported yet";
    Err(failure(Diagnostic::unsupported(message)))
}

/// `x − t ∇f(x)`, uphill for a maximum.
fn gradient(problem: &Problem, posed: &mut Posed) -> Result<Vec<Iteration>> {
    refuse_constraints(posed)?;
    if posed.given {
        let message = "a gradient step needs a function; this is an equation";
        let error = Diagnostic::unsupported(message).hint("--method newton-step");
        return Err(failure(error));
    }
    let name = fresh(posed, &["t", "eta", "step"]);
    let scalar = TypedShape::SCALAR;
    posed.program = posed.program.with_variables(&[(name.clone(), scalar)]);
    let length = posed.builder.name(&name, NameKind::Variable, Shape::SCALAR);
    let mut steps = Vec::new();
    for unknown in 0..posed.unknowns.len() {
        let Some(equation) = posed.equations.get(unknown).copied() else { continue };
        let atom = posed.unknowns[unknown].atom;
        let step = posed.builder.product(&[length, equation.left]);
        let down = problem.goal == Goal::Minimize;
        let next = posed.builder.sum(&[(false, atom), (down, step)]);
        steps.push(Iteration { method: Way::GradientStep, unknown, next });
    }
    Ok(steps)
}

fn fresh(posed: &Posed, names: &[&str]) -> String {
    let taken = |name: &str| {
        posed.builder.tree.has_name(name)
            || posed.program.tree.variable_named(name).is_some()
            || dimension_names(&posed.builder).iter().any(|other| other == name)
    };
    let plain = names.iter().map(|name| (*name).to_owned());
    let numbered = (1..).map(|number| format!("{}{number}", names[0]));
    plain.chain(numbered).find(|name| !taken(name)).unwrap_or_default()
}

fn dimension_names(builder: &Builder) -> Vec<String> {
    let dimensions = &builder.tree.dimensions;
    let all = (0..dimensions.name_count()).filter_map(|at| u32::try_from(at).ok());
    all.map(|at| dimensions.name_text(gradus_tensor::DimensionName(at)).to_owned()).collect()
}

/// `x − J⁻¹ F(x)` with the Jacobian J of F, which is the Hessian if F is a gradient.
fn newton(problem: &Problem, read: &Read, posed: &mut Posed) -> Result<Vec<Iteration>> {
    refuse_constraints(posed)?;
    let ([name], [unknown, ..]) = (problem.request.variables.as_slice(), posed.unknowns.as_slice())
    else {
        let message = "a Newton step for several unknowns is not supported yet";
        return Err(failure(Diagnostic::unsupported(message)));
    };
    let atom = unknown.atom;
    let shape = posed.builder.shape(atom);
    let equation = posed.equations[0];
    let residual = posed.builder.sum(&[(false, equation.left), (true, equation.right)]);
    let (text, order) = match (posed.given, posed.function) {
        (false, Some(function)) => (print::source(&posed.builder.tree, function), 2),
        _ => (print::source(&posed.builder.tree, residual), 1),
    };
    let request = Request {
        declarations: declarations(problem, &read.program),
        forms: Forms::Main,
        ..Request::new(text).by(name.clone()).order(order)
    };
    let answer = diff(&request)?;
    posed.program.tree.dimensions = posed.builder.tree.dimensions.clone();
    let main = &answer.main;
    let roots = read_back(&mut posed.program, &main.tree, &main.page, &indices(&main.found))?;
    posed.builder.tree.dimensions = posed.program.tree.dimensions.clone();
    let unsupported = || failure(Diagnostic::unsupported("a Newton step for this unknown"));
    // A derivative that is told as a linear map is no matrix.
    let is_array =
        |found: &crate::found::Found| matches!(found.kind, crate::found::FormulaKind::Array { .. });
    if !main.found.iter().all(is_array) {
        return Err(unsupported());
    }
    let root = roots.first().copied().ok_or_else(unsupported)?;
    let written = posed.builder.written(&posed.program.tree, root);
    let jacobian = written.map_err(|_| unsupported())?;
    let builder = &mut posed.builder;
    let size = builder.shape(jacobian);
    if size.rows != size.columns {
        return Err(unsupported());
    }
    let is_matrix = shape.rows != Dimensions::ONE && shape.columns != Dimensions::ONE;
    let inverse = builder.inverse(jacobian);
    let next = if is_matrix {
        let (Some(vec), Some(unvec)) =
            (book().structural(Structural::Vec), book().structural(Structural::Unvec))
        else {
            return Err(unsupported());
        };
        let column = Shape { rows: size.rows, columns: Dimensions::ONE };
        let stacked = builder.call(Head::Book(vec), &[residual], column);
        let solved = builder.product(&[inverse, stacked]);
        let call = Notation::Call {
            head: Head::Book(unvec),
            arguments: vec![solved],
            sizes: vec![shape.rows, shape.columns],
        };
        let step = builder.tree.intern(call, shape);
        builder.sum(&[(false, atom), (true, step)])
    } else {
        let step = builder.product(&[inverse, residual]);
        builder.sum(&[(false, atom), (true, step)])
    };
    let next = Simplifier::new(&mut posed.program).simplify(&mut posed.builder, next);
    Ok(vec![Iteration { method: Way::NewtonStep, unknown: 0, next }])
}
