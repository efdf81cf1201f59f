//! The results of a question as networks: derivatives of some order in a layout, and beside them the
//! linear maps and the differentials that say the same.
//!
//! Must not know how derivatives are formed or displayed.

use gradus_calculus::{
    Convention as Projection, Derivative, conjugate_leaf, differential, one_axis, project,
};
use gradus_diagnostics::{Diagnostic, Result};
use gradus_elaborate::Program;
use gradus_elaborate::lower::{Lowered, Value};
use gradus_elaborate::typed::VariableId;
use gradus_notation::raise::Goal;
use gradus_tensor::{
    Arena, Axes, Axis, Constant, DimensionId, Network, Node, NodeFacts, NodeId, Rational, Scaled,
    Symbol, SymbolId, Wires,
};

use crate::found::{FormulaKind, Found, Part};
use crate::leaves::{self, Leaf, by_leaves, is_told_by_its_conjugate};
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

impl Written {
    pub(crate) fn calculus_layout(self) -> gradus_calculus::Layout {
        calculus_layout(self.layout)
    }

    pub(crate) fn calculus_stacking(self) -> gradus_calculus::Stacking {
        match self.stacking {
            Stacking::Columns => gradus_calculus::Stacking::Columns,
            Stacking::Rows => gradus_calculus::Stacking::Rows,
        }
    }

    pub(crate) fn calculus_convention(self) -> gradus_calculus::Convention {
        match self.convention {
            Convention::Projected => gradus_calculus::Convention::Projected,
            Convention::Entries => gradus_calculus::Convention::Entries,
        }
    }
}

/// A derivative with what it is the derivative of.
struct Step {
    /// Places in the list of leaves, none smaller than the one before.
    leaves: Vec<usize>,
    /// Places in the list of variables.
    by: Vec<usize>,
    parts: Vec<Part>,
    /// What was differentiated last.
    before: Value,
    /// Whether it was stacked.
    before_stacked: bool,
    /// Whether it is of second order by a variable whose structure is curved.
    curved: bool,
    derivative: Derivative,
}

/// The derivatives of some order, one for each choice of variables without regard to their order.
pub(crate) struct Derivatives {
    steps: Vec<Step>,
    order: u32,
    real: bool,
}

/// A derivative that is differentiated again.
pub(crate) struct OnTheWay {
    pub(crate) value: Value,
    /// Whether matrices were stacked into columns.
    pub(crate) stacked: bool,
}

/// What is differentiated at an order.
struct Begun {
    leaves: Vec<usize>,
    by: Vec<usize>,
    parts: Vec<Part>,
    value: Value,
    stacked: bool,
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
        let leaves = leaves::leaves(&mut lowered.arena, wanted, order)?;
        let mut steps =
            Self::some_levels(lowered, function, (&leaves, wanted), (order, order), written)?;
        if written.real && order > 1 {
            steps.retain(|step| !is_told_by_its_conjugate(&leaves, &step.leaves));
        }
        Ok(Self { steps, order, real: written.real })
    }

    /// The first derivatives on the way to those of some order, as many levels as are asked for.
    fn some_levels(
        lowered: &mut Lowered,
        function: &Value,
        from: (&[Leaf], &[Wanted]),
        (levels, order): (u32, u32),
        written: Written,
    ) -> Result<Vec<Step>> {
        let mut steps = Vec::new();
        let (value, stacked) = (function.clone(), false);
        let (by, parts) = (Vec::new(), Vec::new());
        let mut level = vec![Begun { leaves: Vec::new(), by, parts, value, stacked }];
        for _ in 0..levels {
            steps.clear();
            for begun in level {
                let is_later = !begun.by.is_empty();
                steps.extend(Self::next(lowered, function, from, &begun, order, written)?);
                // Of the first order there are as many as variables.
                if is_later && steps.len() > MOST_DERIVATIVES {
                    return Err(Diagnostic::limit("there are too many derivatives of this order")
                        .hint("name fewer variables with --wrt")
                        .into());
                }
            }
            level = steps
                .iter()
                .map(|step: &Step| Begun {
                    leaves: step.leaves.clone(),
                    by: step.by.clone(),
                    parts: step.parts.clone(),
                    value: step.derivative.written(&mut lowered.arena, written.calculus_layout()),
                    stacked: step.before_stacked || step.derivative.stacked,
                })
                .collect();
        }
        Ok(steps)
    }

    /// The derivative by the first variables of one of some order, in the form in which it is
    /// differentiated again; none if there is no such one.
    pub(crate) fn on_the_way(
        lowered: &mut Lowered,
        function: &Value,
        wanted: &[Wanted],
        (by, parts): (&[VariableId], &[Part]),
        order: u32,
        written: Written,
    ) -> Result<Option<OnTheWay>> {
        let leaves = leaves::leaves(&mut lowered.arena, wanted, order)?;
        let levels = u32::try_from(by.len()).unwrap_or(u32::MAX);
        let from = (leaves.as_slice(), wanted);
        let steps = Self::some_levels(lowered, function, from, (levels, order), written)?;
        let is_it = |step: &&Step| {
            step.parts == parts && step.by.iter().map(|at| wanted[*at].id).eq(by.iter().copied())
        };
        let Some(step) = steps.iter().find(is_it) else { return Ok(None) };
        let value = step.derivative.written(&mut lowered.arena, written.calculus_layout());
        let stacked = step.before_stacked || step.derivative.stacked;
        Ok(Some(OnTheWay { value, stacked }))
    }

    /// The derivatives of one derivative by its last leaf and those after it.
    fn next(
        lowered: &mut Lowered,
        function: &Value,
        (leaves, wanted): (&[Leaf], &[Wanted]),
        begun: &Begun,
        order: u32,
        written: Written,
    ) -> Result<Vec<Step>> {
        let first = begun.leaves.last().copied().unwrap_or(0);
        let arena = &mut lowered.arena;
        let place = (order, begun.by.is_empty());
        let found = by_leaves(arena, &begun.value, &leaves[first..], written, place)?;
        let mut steps = Vec::with_capacity(found.len());
        for (at, part, mut derivative) in found {
            let leaf = first + at;
            let own = leaves[leaf].at;
            let variable = &wanted[own].value;
            let curved = begun.by.contains(&own) && structures::is_curved(arena, variable);
            if curved {
                if !function.is_scalar() || begun.by.len() > 1 {
                    return Err(structures::no_higher_order());
                }
                let gradient = (&begun.value, variable, written.calculus_layout());
                let stacking = written.calculus_stacking();
                derivative.project_gradient(arena, gradient, variable, stacking)?;
            }
            steps.push(Step {
                leaves: begun.leaves.iter().copied().chain([leaf]).collect(),
                by: begun.by.iter().copied().chain([own]).collect(),
                parts: begun.parts.iter().copied().chain([part]).collect(),
                before: begun.value.clone(),
                before_stacked: begun.stacked,
                curved,
                derivative,
            });
        }
        Ok(steps)
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
                parts: step.parts.clone(),
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
            if !step.derivative.stacked || step.curved || self.is_told_by_another_map(step) {
                maps.push(None);
                continue;
            }
            let last = step.by.last().copied().unwrap_or(0);
            let before = Before {
                value: &step.before,
                by: &step.by[..step.by.len().saturating_sub(1)],
                parts: &step.parts[..step.parts.len().saturating_sub(1)],
                stacked: step.before_stacked,
            };
            maps.push(Some(map(lowered, program, &before, wanted, last)?));
        }
        Ok(maps)
    }

    /// A map tells the derivatives by a variable and by its conjugate at once; of a real function that
    /// of a derivative by the conjugate tells the other one.
    fn is_told_by_another_map(&self, step: &Step) -> bool {
        let Some((last, before)) = step.parts.split_last() else { return false };
        *last == Part::Conjugate
            || self.real
                && before.contains(&Part::Plain)
                && !before.contains(&Part::Conjugate)
                && step.leaves.len() > 1
    }

    /// The derivatives of some order multiplied by directions, for which the differentials of the last
    /// variables stand: the differentials of the derivatives of the order before.
    pub(crate) fn along(
        lowered: &mut Lowered,
        program: &Program,
        function: &Value,
        wanted: &[Wanted],
        order: u32,
        written: Written,
    ) -> Result<Vec<Found>> {
        if order == 1 {
            let before = Before { value: function, by: &[], parts: &[], stacked: false };
            let map = |at| map(lowered, program, &before, wanted, at);
            return (0..wanted.len()).map(map).collect();
        }
        let derivatives = Self::of(lowered, function, wanted, order - 1, written)?;
        let layout = written.calculus_layout();
        let mut found = Vec::with_capacity(derivatives.steps.len());
        for step in &derivatives.steps {
            let value = step.derivative.written(&mut lowered.arena, layout);
            let before = Before {
                value: &value,
                by: &step.by,
                parts: &step.parts,
                stacked: step.before_stacked || step.derivative.stacked,
            };
            let first = step.by.last().copied().unwrap_or(0);
            for at in first..wanted.len() {
                let mut along = map(lowered, program, &before, wanted, at)?;
                let variable = &wanted[at].value;
                if step.by.contains(&at) && structures::is_curved(&lowered.arena, variable) {
                    let turned = layout == gradus_calculus::Layout::Numerator;
                    if order > 2 || !function.is_scalar() || turned {
                        return Err(structures::no_higher_order());
                    }
                    // The derivative of a tangent gradient need not be tangent.
                    let node = variable.scaled.node;
                    let structure = structures::of_node(&lowered.arena, node);
                    let (arena, value) = (&mut lowered.arena, &along.goal.value);
                    along.goal.value =
                        project(arena, value, 0, structure, node, Projection::Projected)?;
                }
                found.push(along);
            }
        }
        Ok(found)
    }

    /// Whether some derivative of second or higher order had to be stacked, so that the differential
    /// of that order says it more plainly.
    pub(crate) fn wants_form(&self) -> bool {
        self.order > 1 && self.steps.iter().any(|step| step.derivative.stacked && !step.curved)
    }
}

/// What is differentiated once more.
struct Before<'a> {
    value: &'a Value,
    by: &'a [usize],
    parts: &'a [Part],
    stacked: bool,
}

/// The differential of a derivative along that of the last variable.
fn map(
    lowered: &mut Lowered,
    program: &Program,
    before: &Before<'_>,
    wanted: &[Wanted],
    last: usize,
) -> Result<Found> {
    let tangents = tangents(lowered, program, &wanted[last..=last]);
    let value = differential(&mut lowered.arena, before.value, &tangents)?;
    // Only a derivative of first order by a family is told member by member.
    let index = before.by.first().and_then(|at| wanted[*at].index.clone());
    let member = index.filter(|_| !before.value.ambient.is_empty()).map(|index| (0, index));
    Ok(Found {
        kind: FormulaKind::Map { stacked: before.stacked },
        parts: before.parts.iter().copied().chain([Part::Whole]).collect(),
        by: before.by.iter().copied().chain([last]).map(|at| wanted[at].id).collect(),
        goal: Goal {
            value,
            rows: before.value.row_axis(),
            columns: before.value.column_axis(),
            member,
        },
        tensor: None,
    })
}

/// The first derivatives by all variables side by side: gradients in one column, in numerator layout a
/// row, Jacobians in one matrix. Of Wirtinger derivatives those by conjugates stand apart.
pub(crate) fn in_one_column(
    lowered: &mut Lowered,
    function: &Value,
    wanted: &[Wanted],
    derivatives: &[Found],
    written: Written,
) -> Vec<Found> {
    let is_conjugate = |found: &&Found| found.parts.contains(&Part::Conjugate);
    let (conjugate, plain): (Vec<&Found>, Vec<&Found>) = derivatives.iter().partition(is_conjugate);
    let groups = [plain, conjugate].into_iter().filter(|group| !group.is_empty());
    groups.map(|group| column(lowered, function, wanted, &group, written)).collect()
}

fn column(
    lowered: &mut Lowered,
    function: &Value,
    wanted: &[Wanted],
    derivatives: &[&Found],
    written: Written,
) -> Found {
    let arena = &mut lowered.arena;
    let mut offset = arena.dimensions.number(Rational::ZERO);
    let mut places = Vec::with_capacity(derivatives.len());
    for found in derivatives {
        let one = wanted.iter().find(|wanted| found.by.contains(&wanted.id));
        let Some(one) = one else { continue };
        let ranges = one.value.ambient.iter().map(|(_, axis)| axis.dimension);
        let sides = [one.value.rows, one.value.columns].into_iter().chain(ranges);
        let sides: Vec<DimensionId> = sides.collect();
        let one_entry = arena.dimensions.number(Rational::ONE);
        let length = sides
            .into_iter()
            .fold(one_entry, |product, side| arena.dimensions.multiply(product, side));
        places.push((one, offset, length));
        offset = arena.dimensions.add(offset, length);
    }
    let total = offset;
    let mut parts = Vec::with_capacity(derivatives.len());
    for (found, (one, offset, length)) in derivatives.iter().zip(places) {
        let first = usize::from(!function.is_scalar());
        let value = rows_of_function(arena, function, &found.goal.value, first, written);
        let stacking = written.calculus_stacking();
        let value = one_axis(arena, &value, first, &one.value, stacking);
        let constant = Constant::Selection { total, offset, length };
        parts.push(placed(arena, &value, first, constant, total, length));
    }
    let first = parts.first().map(|part| arena.axes(part.node));
    let axes: Axes = first.map_or_else(|| [Axis::new(total)].into_iter().collect(), Into::into);
    let value = arena.sum(&parts, &axes);
    let (rows, columns) = match (function.is_scalar(), written.layout) {
        (true, Layout::Numerator) => (None, Some(0)),
        (true, Layout::Mixed | Layout::Denominator) => (Some(0), None),
        (false, Layout::Denominator) => (Some(1), Some(0)),
        (false, Layout::Mixed | Layout::Numerator) => (Some(0), Some(1)),
    };
    Found {
        kind: FormulaKind::Gradient,
        parts: derivatives.iter().flat_map(|found| found.parts.clone()).collect(),
        by: derivatives.iter().flat_map(|found| found.by.clone()).collect(),
        goal: Goal { value, rows, columns, member: None },
        tensor: None,
    }
}

/// A derivative by a scalar has the rows and the columns of the function, which become one axis.
fn rows_of_function(
    arena: &mut Arena,
    function: &Value,
    derivative: &Scaled,
    first: usize,
    written: Written,
) -> Scaled {
    let own = arena.axes(function.scaled.node).to_vec();
    let is_matrix = first == 1 && own.len() == 2;
    if !is_matrix || !arena.axes(derivative.node).starts_with(&own) {
        return derivative.clone();
    }
    // Those of a family of scalars stand last.
    let count = arena.axes(derivative.node).len();
    let turned: Vec<usize> = (2..count).chain([0, 1]).collect();
    let value = arena.permute(derivative.node, &turned).times(&derivative.coefficient);
    let value = one_axis(arena, &value, count - 2, function, written.calculus_stacking());
    let back: Vec<usize> = std::iter::once(count - 2).chain(0..count - 2).collect();
    arena.permute(value.node, &back).times(&value.coefficient)
}

pub(crate) fn unstackable(why: &str) -> gradus_diagnostics::Error {
    Diagnostic::unsupported(format!("derivatives in one column: {why}"))
        .hint("without --stack each variable has a derivative of its own")
        .into()
}

/// An array with its last axis in a place of a longer one. The axes before `first` are kept.
fn placed(
    arena: &mut Arena,
    value: &Scaled,
    first: usize,
    constant: Constant,
    total: DimensionId,
    length: DimensionId,
) -> Scaled {
    let mut network = Network::new();
    let whole = network.wire(Axis::new(total));
    let own = network.wires(arena, value.node);
    network.factor(value, &own);
    let (kept, own) = own.split_at(first);
    let axes: Axes = std::iter::once(Axis::new(total))
        .chain((!own.is_empty()).then(|| Axis::new(length)))
        .collect();
    let facts = NodeFacts { nonnegative: true, ..NodeFacts::default() };
    let selection = arena.insert(Node::Constant(constant), axes, facts);
    let wires: Wires = std::iter::once(whole).chain(own.iter().copied()).collect();
    network.factor(&Scaled::one(selection), &wires);
    let output: Wires = kept.iter().copied().chain([whole]).collect();
    network.output(&output);
    arena.contract(network)
}

/// The differential of some order in which all variables vary; on curved structures along geodesics,
/// where `d(dQ) = dQ*Q^H*dQ`.
pub(crate) fn total(
    lowered: &mut Lowered,
    program: &Program,
    function: &Value,
    wanted: &[Wanted],
    order: u32,
) -> Result<Found> {
    let mut tangents = tangents(lowered, program, wanted);
    let bends = geodesics(lowered, program, wanted);
    let mut value = function.clone();
    for at in 0..order {
        if at == 1 {
            tangents.extend(bends.iter().cloned());
        }
        let scaled = differential(&mut lowered.arena, &value, &tangents)?;
        value = Value { scaled, ..value };
    }
    let (rows, columns) = (value.row_axis(), value.column_axis());
    let goal = Goal { rows, columns, value: value.scaled, member: None };
    Ok(Found {
        kind: FormulaKind::Differential { order: u8::try_from(order).unwrap_or(u8::MAX) },
        by: wanted.iter().map(|wanted| wanted.id).collect(),
        parts: Vec::new(),
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

/// How the differentials of variables on curved structures change along geodesics.
fn geodesics(lowered: &mut Lowered, program: &Program, wanted: &[Wanted]) -> Vec<(NodeId, Scaled)> {
    let mut bends = Vec::new();
    for wanted in wanted {
        if !structures::is_curved(&lowered.arena, &wanted.value) {
            continue;
        }
        let symbol = differential_symbol(lowered, program, wanted.id);
        let arena = &mut lowered.arena;
        let change = Scaled::one(arena.variable(symbol));
        let complex = arena.facts(wanted.value.scaled.node).complex;
        let point = wanted.value.scaled.clone();
        let adjoint = if complex { arena.conjugate(&point) } else { point };
        let bend = gradus_calculus::geodesic_bend(arena, &change, &adjoint);
        if complex {
            let conjugate = arena.conjugate(&change);
            let bent = arena.conjugate(&bend);
            bends.push((conjugate.node, bent));
        }
        bends.push((change.node, bend));
    }
    bends
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
