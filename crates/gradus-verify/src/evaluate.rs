//! The evaluator of typed trees over any field: a loop over the nodes, children first.
//!
//! Must not know how points are drawn, nor what the values are compared with.

use gradus_elaborate::typed::{IndexId, Operation, TypedId};
use gradus_functions::ArrayFunction;
use gradus_tensor::{Rational, Role, Vocabulary};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::book::Context;
use crate::call::{Argument, evaluate_array, evaluate_call, place_block};
use crate::field::{Fault, Field};
use crate::frame::{Frame, Slot};
use crate::matrix;
use crate::plan::{Place, Plan, body, bound_indices};

/// One evaluation of a plan at fixed sizes and inputs.
pub(crate) struct Evaluation<'a, F> {
    pub(crate) plan: &'a Plan<'a>,
    pub(crate) frame: &'a Frame,
    /// For each variable of the tree, a word that stands for it in random tables.
    pub(crate) symbols: &'a [u64],
    /// The inputs, then the values of the nodes.
    pub(crate) storage: Vec<F>,
}

/// A list of nodes that is being worked on.
struct Loop<'a> {
    list: &'a [Place],
    next: usize,
    /// The sum or table whose body this is; nothing for what is evaluated once.
    of: Option<Place>,
    /// How often the body was evaluated, and how often it is to be.
    round: usize,
    rounds: usize,
}

impl<'a, F: Field> Evaluation<'a, F> {
    /// Evaluates the nodes up to the last of some roots.
    pub(crate) fn run(
        &mut self,
        roots: &[TypedId],
        context: &mut Context<'_>,
    ) -> Result<(), Fault> {
        let (plan, frame) = (self.plan, self.frame);
        let count = roots.iter().map(|root| plan.place(*root) as usize + 1).max().unwrap_or(0);
        let length = count.checked_sub(1).map_or(0, |last| frame.ends[last]);
        self.storage.resize(length, F::ZERO);
        let once = plan.once.partition_point(|at| (*at as usize) < count);
        let mut indices: FxHashMap<IndexId, usize> = FxHashMap::default();
        let mut loops =
            vec![Loop { list: &plan.once[..once], next: 0, of: None, round: 0, rounds: 1 }];
        while let Some(current) = loops.last_mut() {
            if let Some(at) = current.list.get(current.next) {
                current.next += 1;
                let bound = bound_indices(plan.operation(*at));
                if bound.is_empty() {
                    self.node(*at, &indices, context)?;
                    continue;
                }
                self.out(*at).fill(F::ZERO);
                let range = |index: &IndexId| {
                    plan.tree.indices.get(index.0 as usize).map(|index| index.range)
                };
                let rounds = bound
                    .iter()
                    .map(|index| range(index).map_or(0, |range| frame.known(range)))
                    .product();
                let list = plan.loops.get(at).map_or(&[] as &[Place], Vec::as_slice);
                indices.extend(bound.iter().map(|index| (*index, 0)));
                loops.push(Loop { list, next: 0, of: Some(*at), round: 0, rounds });
                continue;
            }
            let (of, round) = (current.of, current.round);
            current.round += 1;
            if current.round < current.rounds {
                current.next = 0;
                let mut rest = current.round;
                for index in of
                    .map_or(&[] as &[IndexId], |at| bound_indices(plan.operation(at)))
                    .iter()
                    .rev()
                {
                    let range = plan
                        .tree
                        .indices
                        .get(index.0 as usize)
                        .map_or(1, |index| frame.known(index.range));
                    indices.insert(*index, rest % range.max(1));
                    rest /= range.max(1);
                }
            } else {
                loops.pop();
            }
            if let Some(at) = of {
                self.take_round(at, round, context)?;
            }
        }
        Ok(())
    }

    /// The value of a node.
    pub(crate) fn value(&self, id: TypedId) -> &[F] {
        let slot = self.slot(id);
        &self.storage[slot.offset..slot.offset + slot.len()]
    }

    /// The value of a node; of a family all members, one after another.
    pub(crate) fn members(&self, id: TypedId) -> &[F] {
        let slot = self.slot(id);
        let entries = slot.len() * self.frame.members(self.plan.place(id));
        &self.storage[slot.offset..slot.offset + entries]
    }

    /// Where a node is kept.
    pub(crate) fn slot(&self, id: TypedId) -> Slot {
        self.frame.slots[self.plan.place(id) as usize]
    }

    fn out(&mut self, at: Place) -> &mut [F] {
        let slot = self.frame.slots[at as usize];
        &mut self.storage[slot.offset..slot.offset + slot.len()]
    }

    /// Adds the value of a body to its sum, or puts it in its place in a table.
    fn take_round(
        &mut self,
        at: Place,
        round: usize,
        context: &mut Context<'_>,
    ) -> Result<(), Fault> {
        let operation = self.plan.operation(at);
        let Some(body) = body(operation) else { return Ok(()) };
        let slot = self.frame.slots[at as usize];
        let from = self.slot(body);
        context.spend(from.len() as u64)?;
        let (before, out) = self.storage.split_at_mut(slot.offset);
        let value = &before[from.offset..from.offset + from.len()];
        if matches!(operation, Operation::Tabulate { .. }) {
            if round < slot.len() {
                out[round] = value[0];
            }
            return Ok(());
        }
        if matches!(operation, Operation::Family { .. }) {
            let start = round * slot.len();
            out[start..start + slot.len()].copy_from_slice(value);
            return Ok(());
        }
        for (sum, term) in out.iter_mut().zip(value) {
            *sum = sum.add(*term);
        }
        Ok(())
    }

    /// Evaluates one node from its children.
    fn node(
        &mut self,
        at: Place,
        indices: &FxHashMap<IndexId, usize>,
        context: &mut Context<'_>,
    ) -> Result<(), Fault> {
        let (plan, frame) = (self.plan, self.frame);
        let operation = plan.operation(at);
        let slot = frame.slots[at as usize];
        if is_alias(operation, slot) {
            return Ok(());
        }
        // A node is stored behind its children.
        let (before, after) = self.storage.split_at_mut(slot.offset);
        let out = &mut after[..slot.len()];
        let argument = |child: TypedId| {
            let slot = frame.slots[plan.place(child) as usize];
            Argument { entries: &before[slot.offset..slot.offset + slot.len()], slot }
        };
        context.spend(out.len() as u64)?;
        match operation {
            Operation::Number(value) => out[0] = F::from_rational(value).ok_or(Fault::Outside)?,
            Operation::Pi => out[0] = F::pi(context),
            Operation::Limit { .. } | Operation::Integral { .. } => {
                return Err(Fault::Unsupported("a limit or integral without a value".to_owned()));
            }
            Operation::Infinity => {
                return Err(Fault::Unsupported("infinity as a number".to_owned()));
            }
            Operation::Dimension(dimension) => {
                out[0] =
                    F::from_integer(i64::try_from(frame.known(*dimension)).unwrap_or(i64::MAX));
            }
            Operation::Fill(a) => out.fill(argument(*a).entries[0]),
            Operation::Identity => matrix::identity(out, slot.rows),
            Operation::Add(a, b) => pairs(out, &argument(*a), &argument(*b), |a, b| Ok(a.add(b)))?,
            Operation::Subtract(a, b) => {
                pairs(out, &argument(*a), &argument(*b), |a, b| Ok(a.subtract(b)))?
            }
            Operation::Hadamard(a, b) => {
                pairs(out, &argument(*a), &argument(*b), |a, b| Ok(a.multiply(b)))?
            }
            Operation::Quotient(a, b) => {
                pairs(out, &argument(*a), &argument(*b), |a, b| a.divide(b).ok_or(Fault::Outside))?;
            }
            Operation::Negate(a) => {
                for (value, entry) in out.iter_mut().zip(argument(*a).entries) {
                    *value = entry.negate();
                }
            }
            Operation::Multiply(a, b) => {
                let (left, right) = (argument(*a), argument(*b));
                context.spend((out.len() as u64).saturating_mul(left.slot.columns as u64))?;
                matrix::product(
                    left.entries,
                    right.entries,
                    out,
                    left.slot.columns,
                    right.slot.columns,
                );
            }
            Operation::Scale(a, b) => {
                let factor = argument(*a).entries[0];
                for (value, entry) in out.iter_mut().zip(argument(*b).entries) {
                    *value = factor.multiply(*entry);
                }
            }
            Operation::LeftDivide(a, b) => {
                let (left, right) = (argument(*a), argument(*b));
                let size = left.slot.rows;
                context.spend(
                    ((size * size) as u64).saturating_mul((size + right.slot.columns) as u64),
                )?;
                F::solve(left.entries, right.entries, out, size, right.slot.columns)?;
            }
            Operation::RightDivide(a, b) => {
                let (left, right) = (argument(*a), argument(*b));
                let size = right.slot.rows;
                context
                    .spend(((size * size) as u64).saturating_mul((size + left.slot.rows) as u64))?;
                divide_right(&left, &right, out)?;
            }
            Operation::Power(a, b) => {
                context.spend(4 * out.len() as u64)?;
                match frame.exponents.get(&plan.place(*b)) {
                    Some(exponent) => {
                        for (value, entry) in out.iter_mut().zip(argument(*a).entries) {
                            *value = entry.power(exponent, context)?;
                        }
                    }
                    None => {
                        pairs(out, &argument(*a), &argument(*b), |a, b| a.power_by(b, context))?
                    }
                }
            }
            Operation::MatrixPower(a, b) => {
                let folded = frame.exponents.get(&plan.place(*b)).and_then(Rational::to_i64);
                let folded = folded.map(|exponent| [F::from_integer(exponent)]);
                let mut exponent = argument(*b);
                if let Some(folded) = &folded {
                    exponent.entries = folded;
                }
                let function = gradus_functions::book().with_role(Role::MatrixPower);
                let function = function.ok_or_else(|| {
                    Fault::Unsupported("the rule book has no matrix power".to_owned())
                })?;
                let arguments = [argument(*a), exponent];
                evaluate_array(ArrayFunction::MatrixPower, function, &arguments, out, context)?;
            }
            Operation::Transpose(a) => {
                let source = argument(*a);
                matrix::transpose(source.entries, out, source.slot.columns);
            }
            Operation::ConjugateTranspose(a) => {
                let source = argument(*a);
                matrix::transpose(source.entries, out, source.slot.columns);
                for value in out {
                    *value = value.conjugate();
                }
            }
            Operation::Differential(a) => {
                for (value, entry) in out.iter_mut().zip(argument(*a).entries) {
                    *value = entry.differential();
                }
            }
            Operation::Call { arguments, sizes, .. } => {
                let arguments: SmallVec<[Argument<'_, F>; 2]> =
                    arguments.iter().map(|child| argument(*child)).collect();
                let sizes: SmallVec<[usize; 2]> =
                    sizes.iter().map(|size| frame.known(*size)).collect();
                match plan.routines.get(&at) {
                    Some(routine) => {
                        evaluate_call(routine, frame, &arguments, &sizes, out, context)?
                    }
                    None => return Err(Fault::Unsupported("a call without a routine".to_owned())),
                }
            }
            Operation::Mapped { function, order, argument: a } => {
                let symbol = symbol(self.symbols, function.0);
                for (value, entry) in out.iter_mut().zip(argument(*a).entries) {
                    *value = entry.mapped(symbol, u32::from(*order), context)?;
                }
            }
            Operation::Scalar { function, order, argument: a } => {
                let source = argument(*a);
                let symbol = symbol(self.symbols, function.0);
                context.spend(
                    (out.len() as u64)
                        .saturating_mul(source.entries.len() as u64)
                        .saturating_mul(4),
                )?;
                unknown_scalar(&source, symbol, *order, out, context)?;
            }
            Operation::Path { function, order, argument: a } => {
                let symbol = symbol(self.symbols, function.0);
                let parameter = argument(*a).entries[0];
                for (entry, value) in (0_u32..).zip(out.iter_mut()) {
                    *value = parameter.path(symbol, u32::from(*order), entry, context)?;
                }
            }
            Operation::Block(rows) => {
                let mut top = 0;
                for row in rows {
                    let mut left = 0;
                    for block in row {
                        let block = argument(*block);
                        place_block(&block, out, slot.columns, (top, left));
                        left += block.slot.columns;
                    }
                    top += row.first().map_or(0, |block| argument(*block).slot.rows);
                }
            }
            Operation::Member { base, indices: names } => {
                let whole = argument(*base).slot;
                let family = frame.family(plan, *base);
                let offset = member_offset(whole, family, slot.len(), names, indices)
                    .ok_or(Fault::Outside)?;
                out.copy_from_slice(&before[offset..offset + slot.len()]);
            }
            Operation::Slice { base, row_offset, column_offset } => {
                let whole = argument(*base);
                let (top, left) = (frame.known(*row_offset), frame.known(*column_offset));
                for (row, target) in out.chunks_exact_mut(slot.columns).enumerate() {
                    let start = (top + row) * whole.slot.columns + left;
                    target.copy_from_slice(&whole.entries[start..start + target.len()]);
                }
            }
            Operation::Variable(_)
            | Operation::Rows(_)
            | Operation::Binding { .. }
            | Operation::IndexedSum { .. }
            | Operation::Tabulate { .. }
            | Operation::Family { .. } => {}
        }
        Ok(())
    }
}

/// The word of a variable; fragments of the rule book have none.
fn symbol(symbols: &[u64], variable: u32) -> u64 {
    symbols.get(variable as usize).copied().unwrap_or_default()
}

/// Whether a node has the numbers of its child or of an input.
fn is_alias(operation: &Operation, slot: Slot) -> bool {
    match operation {
        Operation::Variable(_) | Operation::Rows(_) | Operation::Binding { .. } => true,
        Operation::Transpose(_) => slot.rows == 1 || slot.columns == 1,
        _ => false,
    }
}

fn pairs<F: Field>(
    out: &mut [F],
    left: &Argument<'_, F>,
    right: &Argument<'_, F>,
    mut operation: impl FnMut(F, F) -> Result<F, Fault>,
) -> Result<(), Fault> {
    for (value, (left, right)) in out.iter_mut().zip(left.entries.iter().zip(right.entries)) {
        *value = operation(*left, *right)?;
    }
    Ok(())
}

/// `left*inv(right)`, from the system with the transposed matrix.
fn divide_right<F: Field>(
    left: &Argument<'_, F>,
    right: &Argument<'_, F>,
    out: &mut [F],
) -> Result<(), Fault> {
    let (rows, size) = left.slot.shape();
    let mut turned = vec![F::ZERO; size * size];
    matrix::transpose(right.entries, &mut turned, size);
    let mut known = vec![F::ZERO; rows * size];
    matrix::transpose(left.entries, &mut known, size);
    let mut solution = vec![F::ZERO; rows * size];
    F::solve(&turned, &known, &mut solution, size, rows)?;
    matrix::transpose(&solution, out, rows);
    Ok(())
}

/// The value, gradient or Hessian of an unknown scalar function; the Hessian for stacked columns.
fn unknown_scalar<F: Field>(
    argument: &Argument<'_, F>,
    symbol: u64,
    order: u8,
    out: &mut [F],
    context: &mut Context<'_>,
) -> Result<(), Fault> {
    let (rows, columns) = argument.slot.shape();
    let count = argument.entries.len();
    // Entries are counted by columns, so that f depends on vec(X) whatever the shape is.
    let mut stacked = vec![F::ZERO; count];
    matrix::transpose(argument.entries, &mut stacked, columns);
    let position = |at: usize| u32::try_from(at).map_err(|_| Fault::Limit("the sizes"));
    match order {
        0 => out[0] = F::partial(&stacked, symbol, &[], context)?,
        1 => {
            for (at, value) in out.iter_mut().enumerate() {
                let (row, column) = (at / columns, at % columns);
                *value = F::partial(&stacked, symbol, &[position(row + rows * column)?], context)?;
            }
        }
        2 => {
            for (at, value) in out.iter_mut().enumerate() {
                let by = [position(at / count)?, position(at % count)?];
                *value = F::partial(&stacked, symbol, &by, context)?;
            }
        }
        _ => {
            return Err(Fault::Unsupported(
                "the third derivative of an unknown function".to_owned(),
            ));
        }
    }
    Ok(())
}

/// Where a member of a family, or an entry or a row of an array read as one, begins; `length` is its
/// number of entries.
fn member_offset(
    whole: Slot,
    family: &[usize],
    length: usize,
    names: &[IndexId],
    indices: &FxHashMap<IndexId, usize>,
) -> Option<usize> {
    let mut values: SmallVec<[usize; 4]> = SmallVec::new();
    for name in names {
        values.push(*indices.get(name)?);
    }
    let (members, entries) = values.split_at_checked(family.len())?;
    let mut member = 0;
    for (value, range) in members.iter().zip(family) {
        if value >= range {
            return None;
        }
        member = member * range + value;
    }
    let entry = match entries {
        [] => 0,
        [at] => at * length,
        [row, column] if *column < whole.columns => row * whole.columns + column,
        _ => return None,
    };
    if entries.is_empty() || entry < whole.len() {
        Some(whole.offset + member * whole.len() + entry)
    } else {
        None
    }
}
