//! The results of a question as networks: derivatives of some order in a layout, and beside them the
//! linear maps and the differentials that say the same.
//!
//! Must not know how derivatives are formed or displayed.

use gradus_calculus::{Derivative, conjugate_leaf, derivatives, differential};
use gradus_diagnostics::{Diagnostic, Result};
use gradus_elaborate::Program;
use gradus_elaborate::lower::{Lowered, Value};
use gradus_elaborate::typed::VariableId;
use gradus_notation::raise::Goal;
use gradus_tensor::{
    Arena, Axes, Axis, Constant, DimensionId, Network, Node, NodeFacts, NodeId, Rational, Scaled,
    Symbol, SymbolId, Wires,
};

use crate::complex;
use crate::found::{FormulaKind, Found, Part};
use crate::request::{Convention, Layout, Stacking};
use crate::structures;

/// More derivatives than this are not given at once.
const MOST_DERIVATIVES: usize = 4096;

/// A variable of differentiation with its value.
pub(crate) struct Wanted {
    pub(crate) id: VariableId,
    pub(crate) value: Value,
    /// The index by which each member of a family is told.
    pub(crate) index: Option<String>,
}

/// How derivatives are written.
#[derive(Clone, Copy)]
pub(crate) struct Written {
    pub(crate) layout: Layout,
    pub(crate) stacking: Stacking,
    pub(crate) convention: Convention,
    /// Whether the function is known to be real, which matters for complex variables.
    pub(crate) real: bool,
}

/// A derivative with what it is the derivative of.
struct Step {
    /// Places in the list of variables, none smaller than the one before.
    by: Vec<usize>,
    /// What was differentiated last.
    before: Value,
    /// Whether it was stacked.
    before_stacked: bool,
    part: Part,
    /// Whether it is of second order by a variable whose structure is curved.
    curved: bool,
    derivative: Derivative,
}

/// The derivatives of some order, one for each choice of variables without regard to their order.
pub(crate) struct Derivatives {
    steps: Vec<Step>,
    order: u32,
}

impl Derivatives {
    /// Differentiates.
    pub(crate) fn of(
        lowered: &mut Lowered,
        function: &Value,
        wanted: &[Wanted],
        order: u32,
        written: Written,
    ) -> Result<Self> {
        if order > 1 && wanted.iter().any(|wanted| wanted.index.is_some()) {
            let message = "a derivative of higher order by a family is not supported yet";
            let error = Diagnostic::unsupported(message);
            return Err(error.hint("without --order, the first derivative is given").into());
        }
        let values: Vec<Value> = wanted.iter().map(|wanted| wanted.value.clone()).collect();
        let mut steps = Vec::new();
        let start = (Vec::new(), function.clone(), false);
        let mut level: Vec<(Vec<usize>, Value, bool)> = vec![start];
        let layout = calculus_layout(written.layout);
        for _ in 0..order {
            steps.clear();
            for (by, before, stacked) in level {
                let first = by.last().copied().unwrap_or(0);
                let stacking = calculus_stacking(written.stacking);
                let convention = calculus_convention(written.convention);
                let arena = &mut lowered.arena;
                let rest = &values[first..];
                let found = if rest.iter().any(|value| arena.facts(value.scaled.node).complex) {
                    if order > 1 {
                        return Err(complex::no_higher_order());
                    }
                    complex::derivatives(arena, &before, rest, written.real, stacking, convention)?
                } else {
                    let found = derivatives(arena, &before, rest, stacking, convention)?;
                    let whole = |(at, found)| (at, Part::Whole, found);
                    found.into_iter().enumerate().map(whole).collect()
                };
                for (at, part, mut derivative) in found {
                    let variable = &values[first + at];
                    let again = by.contains(&(first + at));
                    let curved = again && structures::is_curved(arena, variable);
                    if curved {
                        if !function.is_scalar() || by.len() > 1 {
                            return Err(structures::no_higher_order());
                        }
                        let gradient = (&before, variable, layout);
                        derivative.project_gradient(arena, gradient, variable, stacking)?;
                    }
                    let by = by.iter().copied().chain([first + at]).collect();
                    let before = before.clone();
                    let before_stacked = stacked;
                    steps.push(Step { by, before, before_stacked, part, curved, derivative });
                }
                // Of the first order there are as many as variables.
                if !by.is_empty() && steps.len() > MOST_DERIVATIVES {
                    return Err(Diagnostic::limit("there are too many derivatives of this order")
                        .hint("name fewer variables with --wrt")
                        .into());
                }
            }
            level = steps
                .iter()
                .map(|step| {
                    let value = step.derivative.written(&mut lowered.arena, layout);
                    (step.by.clone(), value, step.before_stacked || step.derivative.stacked)
                })
                .collect();
        }
        Ok(Self { steps, order })
    }

    /// The derivatives as arrays in a layout; those of higher order were formed in one, and have
    /// no other.
    pub(crate) fn arrays(&self, wanted: &[Wanted], layout: Layout) -> Vec<Found> {
        let layout = calculus_layout(layout);
        let array = |step: &Step| {
            let (rows, columns) = step.derivative.sides(layout);
            let value = step.derivative.value.clone();
            let stacked = step.before_stacked || step.derivative.stacked;
            let index = step.by.last().and_then(|at| wanted[*at].index.clone());
            let member = step.derivative.member.zip(index);
            Found {
                kind: FormulaKind::Array { stacked },
                by: step.by.iter().map(|at| wanted[*at].id).collect(),
                part: step.part,
                goal: Goal { value, rows: rows.axis, columns: columns.axis, member },
                tensor: (step.derivative.stacked && !step.before_stacked)
                    .then(|| step.derivative.tensor.clone()),
            }
        };
        self.steps.iter().map(array).collect()
    }

    /// Each derivative that had to be stacked as a linear map; nothing for the others.
    pub(crate) fn maps(
        &self,
        lowered: &mut Lowered,
        program: &Program,
        wanted: &[Wanted],
    ) -> Result<Vec<Option<Found>>> {
        let mut maps = Vec::with_capacity(self.steps.len());
        for step in &self.steps {
            // The array of second order on a curved structure is more than the differential of the
            // gradient.
            if !step.derivative.stacked || step.curved || step.part == Part::Conjugate {
                maps.push(None);
                continue;
            }
            maps.push(Some(self.map(step, lowered, program, wanted)?));
        }
        Ok(maps)
    }

    fn map(
        &self,
        step: &Step,
        lowered: &mut Lowered,
        program: &Program,
        wanted: &[Wanted],
    ) -> Result<Found> {
        let last = step.by.last().map(|at| &wanted[*at]);
        let tangents = tangents(lowered, program, last);
        let value = differential(&mut lowered.arena, &step.before, &tangents)?;
        Ok(Found {
            kind: FormulaKind::Map { stacked: step.before_stacked },
            part: Part::Whole,
            by: step.by.iter().map(|at| wanted[*at].id).collect(),
            goal: Goal {
                value,
                rows: step.before.row_axis(),
                columns: step.before.column_axis(),
                member: None,
            },
            tensor: None,
        })
    }

    /// The derivative multiplied by the direction that the differential of the last variable stands
    /// for.
    pub(crate) fn along(
        &self,
        lowered: &mut Lowered,
        program: &Program,
        wanted: &[Wanted],
    ) -> Result<Vec<Found>> {
        let mut found = Vec::with_capacity(self.steps.len());
        for step in &self.steps {
            if step.curved {
                return Err(structures::no_higher_order());
            }
            found.push(self.map(step, lowered, program, wanted)?);
        }
        Ok(found)
    }

    /// Whether some derivative of second or higher order had to be stacked, so that the differential
    /// of that order says it more plainly.
    pub(crate) fn wants_form(&self) -> bool {
        self.order > 1 && self.steps.iter().any(|step| step.derivative.stacked && !step.curved)
    }
}

/// The gradients by scalars and vectors in one column, in numerator layout a row.
///
/// # Errors
/// The function is no scalar, or a variable is a matrix or a family.
pub(crate) fn stacked_gradient(
    lowered: &mut Lowered,
    function: &Value,
    wanted: &[Wanted],
    gradients: &[Found],
    layout: Layout,
) -> Result<Found> {
    if !function.is_scalar() {
        return Err(unstackable("the function is no scalar"));
    }
    let arena = &mut lowered.arena;
    let mut offset = arena.dimensions.number(Rational::ZERO);
    let mut places = Vec::with_capacity(wanted.len());
    for one in wanted {
        if arena.axes(one.value.scaled.node).len() > 1 {
            return Err(unstackable("a variable is a matrix or a family"));
        }
        let length = arena.dimensions.multiply(one.value.rows, one.value.columns);
        places.push((offset, length));
        offset = arena.dimensions.add(offset, length);
    }
    let total = offset;
    let parts: Vec<Scaled> = gradients
        .iter()
        .zip(places)
        .map(|(gradient, (offset, length))| {
            let constant = Constant::Selection { total, offset, length };
            placed(arena, &gradient.goal.value, constant, total, length)
        })
        .collect();
    let value = arena.sum(&parts, &[Axis::new(total)]);
    let (rows, columns) = match layout {
        Layout::Numerator => (None, Some(0)),
        Layout::Mixed | Layout::Denominator => (Some(0), None),
    };
    Ok(Found {
        kind: FormulaKind::Gradient,
        part: Part::Whole,
        by: wanted.iter().map(|wanted| wanted.id).collect(),
        goal: Goal { value, rows, columns, member: None },
        tensor: None,
    })
}

pub(crate) fn unstackable(why: &str) -> gradus_diagnostics::Error {
    Diagnostic::unsupported(format!("derivatives in one column: {why}"))
        .hint("without --stack each variable has a derivative of its own")
        .into()
}

/// A scalar or a vector in its place of a longer vector.
fn placed(
    arena: &mut Arena,
    value: &Scaled,
    constant: Constant,
    total: DimensionId,
    length: DimensionId,
) -> Scaled {
    let mut network = Network::new();
    let whole = network.wire(Axis::new(total));
    let own = network.wires(arena, value.node);
    network.factor(value, &own);
    let axes: Axes = std::iter::once(Axis::new(total))
        .chain((!own.is_empty()).then(|| Axis::new(length)))
        .collect();
    let facts = NodeFacts { nonnegative: true, ..NodeFacts::default() };
    let selection = arena.insert(Node::Constant(constant), axes, facts);
    let wires: Wires = std::iter::once(whole).chain(own).collect();
    network.factor(&Scaled::one(selection), &wires);
    network.output(&[whole]);
    arena.contract(network)
}

/// The differential of some order in which all variables vary.
pub(crate) fn total(
    lowered: &mut Lowered,
    program: &Program,
    function: &Value,
    wanted: &[Wanted],
    order: u32,
) -> Result<Found> {
    let tangents = tangents(lowered, program, wanted);
    let mut value = function.clone();
    for _ in 0..order {
        let scaled = differential(&mut lowered.arena, &value, &tangents)?;
        value = Value { scaled, ..value };
    }
    let (rows, columns) = (value.row_axis(), value.column_axis());
    let goal = Goal { rows, columns, value: value.scaled, member: None };
    Ok(Found {
        kind: FormulaKind::Differential { order: u8::try_from(order).unwrap_or(u8::MAX) },
        by: wanted.iter().map(|wanted| wanted.id).collect(),
        part: Part::Whole,
        goal,
        tensor: None,
    })
}

fn tangents<'a>(
    lowered: &mut Lowered,
    program: &Program,
    wanted: impl IntoIterator<Item = &'a Wanted>,
) -> Vec<(NodeId, Scaled)> {
    let mut tangents = Vec::new();
    for wanted in wanted {
        let symbol = differential_symbol(lowered, program, wanted.id);
        let tangent = Scaled::one(lowered.arena.variable(symbol));
        // A complex variable and its conjugate vary together.
        if lowered.arena.facts(wanted.value.scaled.node).complex
            && let Some(leaf) = conjugate_leaf(&mut lowered.arena, &wanted.value)
        {
            tangents.push((leaf.scaled.node, lowered.arena.conjugate(&tangent)));
        }
        tangents.push((wanted.value.scaled.node, tangent));
    }
    tangents
}

/// The symbol of `dX`; the user may have written it already.
fn differential_symbol(lowered: &mut Lowered, program: &Program, variable: VariableId) -> SymbolId {
    let known =
        program.tree.variables.iter().position(|other| other.differential_of == Some(variable));
    if let Some(at) = known {
        return lowered.symbols[at];
    }
    let of = lowered.symbols[variable.0 as usize];
    let declared =
        lowered.arena.symbols().iter().position(|symbol| symbol.differential_of == Some(of));
    if let Some(at) = declared {
        return SymbolId(u32::try_from(at).unwrap_or(u32::MAX));
    }
    let symbol = lowered.arena.symbol(of);
    let symbol = Symbol {
        name: format!("d{}", symbol.name),
        axes: symbol.axes.clone(),
        structure: structures::of_differential(symbol.structure),
        positive: false,
        complex: symbol.complex,
        differential_of: Some(of),
    };
    lowered.arena.declare(symbol)
}

fn calculus_layout(layout: Layout) -> gradus_calculus::Layout {
    match layout {
        Layout::Mixed => gradus_calculus::Layout::Mixed,
        Layout::Numerator => gradus_calculus::Layout::Numerator,
        Layout::Denominator => gradus_calculus::Layout::Denominator,
    }
}

fn calculus_convention(convention: Convention) -> gradus_calculus::Convention {
    match convention {
        Convention::Projected => gradus_calculus::Convention::Projected,
        Convention::Entries => gradus_calculus::Convention::Entries,
    }
}

fn calculus_stacking(stacking: Stacking) -> gradus_calculus::Stacking {
    match stacking {
        Stacking::Columns => gradus_calculus::Stacking::Columns,
        Stacking::Rows => gradus_calculus::Stacking::Rows,
    }
}
