//! The pipeline: parse, elaborate, lower, differentiate, raise, verify.
//!
//! Must not know how any of these steps is done.

use gradus_calculus::{Derivative, derivatives, differential as forward};
use gradus_diagnostics::Diagnostic;
use gradus_elaborate::Program;
use gradus_elaborate::lower::{Lowered, Value, lower};
use gradus_elaborate::typed::{Variable, VariableId};
use gradus_notation::raise::{Goal, RaiseOptions, raise};
use gradus_tensor::{Dimensions, Scaled, Structure, Symbol, SymbolId};

use crate::answer::{Answer, Kind, Outcome};
use crate::conditions::conditions;
use crate::failure::{Failure, Result};
use crate::reading::{announcement, notes, program};
use crate::request::{Layout, Order, Request, Verify};
use crate::text::Texts;
use crate::variables::{Choice, Skipped, choose, no_derivative, no_differential};
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
        return Err(texts.failure(other_order(request.order).into()));
    }
    let mut choice = choose(request, &texts, &program, no_derivative)?;
    let mut lowered = lower(&program).map_err(|error| texts.failure(error))?;
    let function = function(&lowered)?;
    let mut values: Vec<Value> =
        choice.wanted.iter().map(|variable| value(&mut lowered, &program, *variable)).collect();
    let mut found = derivatives(&mut lowered.arena, &function, &values);
    if found.is_err() && request.variables.is_empty() && values.len() > 1 {
        leave_out(&mut choice, &mut values, &program, &mut lowered, &function);
        if !values.is_empty() {
            found = derivatives(&mut lowered.arena, &function, &values);
        }
    }
    let found = found.map_err(|error| texts.failure(error))?;
    let layout = calculus_layout(request.layout);
    let goals = found.iter().map(|derivative| goal(derivative, layout)).collect();
    let upright =
        found.iter().map(|derivative| goal(derivative, gradus_calculus::Layout::Mixed)).collect();
    let outcome = Outcome { kind: Kind::Derivative, goals, upright, function };
    finish(&texts, program, lowered, request, choice, outcome)
}

/// Leaves out the variables by which alone there is no derivative.
fn leave_out(
    choice: &mut Choice,
    values: &mut Vec<Value>,
    program: &Program,
    lowered: &mut Lowered,
    function: &Value,
) {
    let mut kept = Vec::new();
    let mut wanted = Vec::new();
    for (variable, value) in choice.wanted.iter().zip(values.iter()) {
        match derivatives(&mut lowered.arena, function, std::slice::from_ref(value)) {
            Ok(_) => {
                kept.push(value.clone());
                wanted.push(*variable);
            }
            Err(reason) => choice.skipped.push(Skipped {
                variable: program.tree.variable(*variable).name.clone(),
                reason: *reason,
            }),
        }
    }
    choice.wanted = wanted;
    *values = kept;
}

/// The differential of a function along the differentials of one or several variables.
///
/// # Errors
/// As for [`diff`].
pub fn differential(request: &Request) -> Result<Answer> {
    let texts = Texts::of_program(request)?;
    let program = program(&texts)?;
    let choice = choose(request, &texts, &program, no_differential)?;
    let mut lowered = lower(&program).map_err(|error| texts.failure(error))?;
    let function = function(&lowered)?;
    let mut tangents = Vec::with_capacity(choice.wanted.len());
    for variable in &choice.wanted {
        let leaf = value(&mut lowered, &program, *variable).scaled.node;
        let symbol = differential_symbol(&mut lowered, &program, *variable);
        let tangent = Scaled::one(lowered.arena.variable(symbol));
        tangents.push((leaf, tangent));
    }
    let total =
        forward(&mut lowered.arena, &function, &tangents).map_err(|error| texts.failure(error))?;
    let goal = Goal { value: total, rows: function.row_axis(), columns: function.column_axis() };
    let outcome = Outcome {
        kind: Kind::Differential,
        goals: vec![goal.clone()],
        upright: vec![goal],
        function,
    };
    finish(&texts, program, lowered, request, choice, outcome)
}

fn finish(
    texts: &Texts,
    program: Program,
    lowered: Lowered,
    request: &Request,
    choice: Choice,
    outcome: Outcome,
) -> Result<Answer> {
    let options = raise_options(&program, &lowered);
    let (tree, page) =
        raise(&lowered.arena, &outcome.goals, &options).map_err(|error| texts.failure(error))?;
    let mut answer = Answer {
        reading: announcement(&program),
        notes: notes(texts, &program),
        conditions: conditions(&program, texts.program().text),
        source: request.program.clone(),
        program,
        lowered,
        layout: request.layout,
        variables: choice.wanted,
        skipped: choice.skipped,
        outcome,
        options,
        tree,
        page,
        verify: request.verification,
        verification: Verification::not_checked(),
    };
    if request.verification == Verify::Yes {
        answer.verification = verify::answer(&mut answer)?;
    }
    Ok(answer)
}

fn other_order(Order(order): Order) -> Diagnostic {
    if order == 0 {
        return Diagnostic::bad_input("input", "the order of a derivative is at least 1");
    }
    Diagnostic::unsupported(format!("derivatives of order {order} are not supported yet"))
        .hint("without --order, the first derivative is given")
}

fn function(lowered: &Lowered) -> Result<Value> {
    lowered
        .results
        .first()
        .cloned()
        .ok_or_else(|| Failure::new(Diagnostic::internal("a program without a function"), ""))
}

/// The variable as a value.
fn value(lowered: &mut Lowered, program: &Program, variable: VariableId) -> Value {
    let shape = program.tree.variable(variable).shape;
    let symbol = lowered.symbols[variable.0 as usize];
    let node = lowered.arena.variable(symbol);
    Value { rows: shape.rows, columns: shape.columns, ..Value::scalar(Scaled::one(node)) }
}

/// The symbol of `dX`; the user may have written it already.
fn differential_symbol(lowered: &mut Lowered, program: &Program, variable: VariableId) -> SymbolId {
    let known =
        program.tree.variables.iter().position(|other| other.differential_of == Some(variable));
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
    reserved.extend(
        names.map(|at| tree.dimensions.name_text(gradus_tensor::DimensionName(at)).to_owned()),
    );
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
