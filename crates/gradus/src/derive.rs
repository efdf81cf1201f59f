//! The pipeline: parse, elaborate, lower, differentiate, raise, verify.
//!
//! Must not know how any of these steps is done.

use gradus_calculus::{Derivative, derivatives, differential as forward};
use gradus_diagnostics::{Diagnostic, closest};
use gradus_elaborate::Program;
use gradus_elaborate::lower::{Lowered, Value, lower};
use gradus_elaborate::typed::{Nature, Variable, VariableId};
use gradus_notation::raise::{Goal, RaiseOptions, raise};
use gradus_tensor::{Dimensions, Scaled, Structure, Symbol, SymbolId};

use crate::answer::{Answer, Kind, Outcome, Skipped};
use crate::conditions::conditions;
use crate::failure::{Failure, Result};
use crate::reading::{announcement, notes, program};
use crate::request::{Layout, Order, Request, Verify};
use crate::text::Texts;
use crate::verification::Verification;
use crate::verify;

/// The derivative of a function by one or several variables.
///
/// # Errors
/// Wrong input, kinds of derivative that are not supported, limits, and an answer that does not
/// survive its verification.
pub fn diff(request: &Request) -> Result<Answer> {
    let texts = Texts::of_program(request)?;
    let program = program(&texts)?;
    if request.order != Order(1) {
        let order = request.order.0;
        let message = format!("derivatives of order {order} are not supported yet");
        return Err(texts.failure(Diagnostic::unsupported(message).into()));
    }
    let (variables, skipped) = choose(&texts, &program, request, Asked::Derivative)?;
    let mut lowered = lower(&program).map_err(|error| texts.failure(error))?;
    let function = function(&lowered)?;
    let values: Vec<Value> =
        variables.iter().map(|variable| value(&mut lowered, &program, *variable)).collect();
    let found = derivatives(&mut lowered.arena, &function, &values)
        .map_err(|error| texts.failure(error))?;
    let layout = calculus_layout(request.layout);
    let goals = found.iter().map(|derivative| goal(derivative, layout)).collect();
    let upright = found
        .iter()
        .map(|derivative| goal(derivative, gradus_calculus::Layout::Mixed))
        .collect();
    let outcome = Outcome { kind: Kind::Derivative, goals, upright, function };
    finish(texts, program, lowered, request, variables, skipped, outcome)
}

/// The differential of a function along the differentials of one or several variables.
///
/// # Errors
/// As for [`diff`].
pub fn differential(request: &Request) -> Result<Answer> {
    let texts = Texts::of_program(request)?;
    let program = program(&texts)?;
    let (variables, skipped) = choose(&texts, &program, request, Asked::Differential)?;
    let mut lowered = lower(&program).map_err(|error| texts.failure(error))?;
    let function = function(&lowered)?;
    let mut tangents = Vec::with_capacity(variables.len());
    for variable in &variables {
        let leaf = value(&mut lowered, &program, *variable).scaled.node;
        let symbol = differential_symbol(&mut lowered, &program, *variable);
        let tangent = Scaled::one(lowered.arena.variable(symbol));
        tangents.push((leaf, tangent));
    }
    let total = forward(&mut lowered.arena, &function, &tangents)
        .map_err(|error| texts.failure(error))?;
    let goal =
        Goal { value: total, rows: function.row_axis(), columns: function.column_axis() };
    let outcome = Outcome {
        kind: Kind::Differential,
        goals: vec![goal.clone()],
        upright: vec![goal],
        function,
    };
    finish(texts, program, lowered, request, variables, skipped, outcome)
}

fn finish(
    texts: Texts,
    program: Program,
    lowered: Lowered,
    request: &Request,
    variables: Vec<VariableId>,
    skipped: Vec<Skipped>,
    outcome: Outcome,
) -> Result<Answer> {
    let options = raise_options(&program, &lowered);
    let (tree, page) = raise(&lowered.arena, &outcome.goals, &options)
        .map_err(|error| texts.failure(error))?;
    let mut answer = Answer {
        reading: announcement(&program),
        notes: notes(&texts, &program),
        conditions: conditions(&program, texts.program().text),
        source: request.program.clone(),
        program,
        lowered,
        layout: request.layout,
        variables,
        skipped,
        outcome,
        options,
        tree,
        page,
        verification: Verification::not_checked(),
    };
    if request.verification == Verify::Yes {
        answer.verification = verify::answer(&mut answer)?;
    }
    Ok(answer)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Derivative,
    Differential,
}

/// The variables asked for, or all that occur; those that are not supported yet are named.
fn choose(
    texts: &Texts,
    program: &Program,
    request: &Request,
    asked: Asked,
) -> Result<(Vec<VariableId>, Vec<Skipped>)> {
    if !request.variables.is_empty() {
        let mut chosen = Vec::new();
        for name in &request.variables {
            let id = named(program, name).map_err(|error| texts.failure(error))?;
            if let Some(reason) = refused(program, id, asked) {
                return Err(texts.failure(reason.into()));
            }
            if !chosen.contains(&id) {
                chosen.push(id);
            }
        }
        return Ok((chosen, Vec::new()));
    }
    let mut chosen = Vec::new();
    let mut skipped = Vec::new();
    for at in 0..program.occurring {
        let id = VariableId(u32::try_from(at).unwrap_or(u32::MAX));
        let variable = program.tree.variable(id);
        if variable.nature != Nature::Array || variable.differential_of.is_some() {
            continue;
        }
        match refused(program, id, asked) {
            Some(reason) => skipped.push(Skipped { variable: variable.name.clone(), reason }),
            None => chosen.push(id),
        }
    }
    if !chosen.is_empty() {
        return Ok((chosen, skipped));
    }
    let error = match skipped.into_iter().next() {
        Some(skipped) => skipped.reason,
        None => Diagnostic::bad_input("name", "the expression has no variable to differentiate by")
            .hint("name one with --wrt, and declare it with --let"),
    };
    Err(texts.failure(error.into()))
}

fn named(program: &Program, name: &str) -> gradus_diagnostics::Result<VariableId> {
    if let Some(id) = program.tree.variable_named(name) {
        let variable = program.tree.variable(id);
        if variable.nature == Nature::Array {
            return Ok(id);
        }
        let message = format!("`{name}` is a function, and no variable to differentiate by");
        return Err(Diagnostic::bad_input("name", message).into());
    }
    if program.bindings.iter().any(|(bound, _)| bound == name) {
        let message = format!("`{name}` is bound by the program, and is no variable");
        let free = program.tree.variables.iter().take(program.occurring);
        let names: Vec<&str> = free.map(|variable| variable.name.as_str()).collect();
        return Err(Diagnostic::bad_input("name", message)
            .hint(format!("its variables are {}", names.join(", ")))
            .into());
    }
    let mut error =
        Diagnostic::bad_input("name", format!("the expression has no variable `{name}`"));
    let names: Vec<&str> =
        program.tree.variables.iter().map(|variable| variable.name.as_str()).collect();
    error = match closest(name, names.iter().copied()) {
        Some(near) => error.hint(format!("did you mean {near}?")),
        None if names.is_empty() => error,
        None => error.hint(format!("its variables are {}", names.join(", "))),
    };
    Err(error.into())
}

/// Why the derivative by a variable is not given, if so.
fn refused(program: &Program, id: VariableId, asked: Asked) -> Option<Diagnostic> {
    let variable = program.tree.variable(id);
    let kind = unsupported_kind(variable).or_else(|| {
        if asked == Asked::Differential {
            return None;
        }
        let shape = program.tree.shape(*program.results.first()?);
        let one = |size| size == Dimensions::ONE;
        let sides = |rows, columns| usize::from(!one(rows)) + usize::from(!one(columns));
        let of = sides(shape.rows, shape.columns);
        let by = sides(variable.shape.rows, variable.shape.columns);
        let supported = of == 0 || by == 0 || (of == 1 && by == 1);
        let name = |count| if count == 1 { "a vector" } else { "a matrix" };
        (!supported).then(|| format!("{} by {}", name(of), name(by)))
    })?;
    let message = match asked {
        Asked::Derivative if kind.contains(" by ") => {
            format!("the derivative of {kind}, by `{}`, is not supported yet", variable.name)
        }
        Asked::Derivative => {
            format!("the derivative by {kind} variable `{}` is not supported yet", variable.name)
        }
        Asked::Differential => {
            format!("the differential by {kind} variable `{}` is not supported yet", variable.name)
        }
    };
    Some(Diagnostic::unsupported(message))
}

fn unsupported_kind(variable: &Variable) -> Option<String> {
    if variable.complex {
        return Some("the complex".to_owned());
    }
    if !variable.family.is_empty() {
        return Some("the family".to_owned());
    }
    let word = match variable.structure {
        Structure::General => return None,
        Structure::Symmetric => "symmetric",
        Structure::Skew => "skew",
        Structure::Diagonal => "diagonal",
        Structure::LowerTriangular => "lower triangular",
        Structure::UpperTriangular => "upper triangular",
        Structure::PositiveDefinite => "positive definite",
        Structure::Orthogonal => "orthogonal",
        Structure::Hermitian => "hermitian",
        Structure::Unitary => "unitary",
        Structure::OneHot => "one-hot",
        Structure::Simplex => "simplex",
    };
    Some(format!("the {word}"))
}

fn function(lowered: &Lowered) -> Result<Value> {
    lowered.results.first().cloned().ok_or_else(|| {
        Failure::new(Diagnostic::internal("a program without a function"), "")
    })
}

/// The variable as a value.
fn value(lowered: &mut Lowered, program: &Program, variable: VariableId) -> Value {
    let shape = program.tree.variable(variable).shape;
    let symbol = lowered.symbols[variable.0 as usize];
    let node = lowered.arena.variable(symbol);
    Value { rows: shape.rows, columns: shape.columns, ..Value::scalar(Scaled::one(node)) }
}

/// The symbol of `dX`; the user may have written it already.
fn differential_symbol(
    lowered: &mut Lowered,
    program: &Program,
    variable: VariableId,
) -> SymbolId {
    let known = program
        .tree
        .variables
        .iter()
        .position(|other| other.differential_of == Some(variable));
    if let Some(at) = known {
        return lowered.symbols[at];
    }
    let of = lowered.symbols[variable.0 as usize];
    let symbol = lowered.arena.symbol(of);
    let symbol = Symbol {
        name: format!("d{}", symbol.name),
        axes: symbol.axes.clone(),
        structure: Structure::General,
        positive: false,
        complex: symbol.complex,
        differential_of: Some(of),
    };
    lowered.arena.declare(symbol)
}

fn goal(derivative: &Derivative, layout: gradus_calculus::Layout) -> Goal {
    let (rows, columns) = derivative.sides(layout);
    Goal { value: derivative.value.clone(), rows: rows.axis, columns: columns.axis }
}

fn calculus_layout(layout: Layout) -> gradus_calculus::Layout {
    match layout {
        Layout::Mixed => gradus_calculus::Layout::Mixed,
        Layout::Numerator => gradus_calculus::Layout::Numerator,
        Layout::Denominator => gradus_calculus::Layout::Denominator,
    }
}

/// What the raiser must know of names: dimensions, indices and all bound names are taken, and which
/// variables are rows.
fn raise_options(program: &Program, lowered: &Lowered) -> RaiseOptions {
    let tree = &program.tree;
    let mut reserved: Vec<String> =
        tree.variables.iter().map(|variable| variable.name.clone()).collect();
    reserved.extend(program.bindings.iter().map(|(name, _)| name.clone()));
    reserved.extend(tree.indices.iter().map(|index| index.name.clone()));
    let names = (0..tree.dimensions.name_count()).filter_map(|at| u32::try_from(at).ok());
    reserved.extend(names.map(|at| {
        tree.dimensions.name_text(gradus_tensor::DimensionName(at)).to_owned()
    }));
    let is_row = |variable: &Variable| {
        variable.shape.rows == Dimensions::ONE && variable.shape.columns != Dimensions::ONE
    };
    let rows = tree
        .variables
        .iter()
        .zip(&lowered.symbols)
        .filter(|(variable, _)| is_row(variable))
        .map(|(_, symbol)| *symbol)
        .collect();
    RaiseOptions { reserved, rows }
}
