//! A plan at fixed sizes: where each node's numbers are kept, and that all shapes agree.
//!
//! Must not know over which numbers is computed.

use gradus_elaborate::typed::{Operation, TypedId};
use gradus_tensor::{DimensionId, Rational};
use rustc_hash::FxHashMap;

use crate::constant::fold_node;
use crate::field::Fault;
use crate::plan::{Place, Plan, bound_indices};

/// A matrix in the storage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) offset: usize,
    pub(crate) rows: usize,
    pub(crate) columns: usize,
}

impl Slot {
    pub(crate) fn len(self) -> usize {
        self.rows * self.columns
    }

    pub(crate) fn shape(self) -> (usize, usize) {
        (self.rows, self.columns)
    }

    pub(crate) fn is_scalar(self) -> bool {
        self.shape() == (1, 1)
    }
}

/// The values of a variable in the storage: its members one after another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Input {
    /// The first member.
    pub(crate) slot: Slot,
    /// The ranges of a family.
    pub(crate) family: Vec<usize>,
}

/// A plan at fixed sizes.
pub(crate) struct Frame {
    /// One for each place of the plan.
    pub(crate) slots: Vec<Slot>,
    /// One for each variable of the tree.
    pub(crate) inputs: Vec<Input>,
    /// The numbers in exponents.
    pub(crate) exponents: FxHashMap<Place, Rational>,
    sizes: FxHashMap<DimensionId, usize>,
    /// The ranges of the families among the nodes, whose members are kept one after another.
    families: FxHashMap<Place, [usize; 1]>,
    /// How many numbers are stored up to each place, inputs included.
    pub(crate) ends: Vec<usize>,
    /// How many numbers are stored, inputs included.
    total: usize,
}

impl Frame {
    /// Puts a plan behind the inputs. The numbers of all inputs together are `inputs_length`.
    pub(crate) fn new(
        plan: &Plan<'_>,
        inputs: Vec<Input>,
        inputs_length: usize,
        size: &dyn Fn(DimensionId) -> Option<u64>,
        limit: usize,
    ) -> Result<Self, Fault> {
        let count = plan.nodes.len();
        let mut frame = Self {
            slots: Vec::with_capacity(count),
            inputs,
            exponents: FxHashMap::default(),
            sizes: FxHashMap::default(),
            families: FxHashMap::default(),
            ends: Vec::with_capacity(count),
            total: inputs_length,
        };
        for position in 0..count {
            let id = plan.nodes[position];
            let shape = plan.tree.shape(id);
            let (rows, columns) = (frame.size(shape.rows, size)?, frame.size(shape.columns, size)?);
            if rows == 0 || columns == 0 {
                return Err(Fault::Outside);
            }
            frame.find_sizes(plan, Place::try_from(position).unwrap_or(Place::MAX), size)?;
            let offset = frame.place_node(plan, position, (rows, columns));
            frame.slots.push(Slot { offset, rows, columns });
            frame.ends.push(frame.total);
            if frame.total > limit {
                return Err(Fault::Limit("the number of entries"));
            }
            if !frame.agrees(plan, id) {
                // A slice has its place at some sizes and not at others.
                if matches!(plan.tree.node(id).operation, Operation::Slice { .. }) {
                    return Err(Fault::Outside);
                }
                return Err(Fault::Unsupported("shapes that do not agree".to_owned()));
            }
        }
        frame.fold_exponents(plan);
        Ok(frame)
    }

    /// How many nodes are evaluated in loops in all rounds.
    pub(crate) fn evaluations_in_loops(&self, plan: &Plan<'_>) -> u64 {
        if plan.loops.is_empty() {
            return 0;
        }
        plan.evaluations_in_loops(|index| {
            let index = plan.tree.indices.get(index.0 as usize);
            index.map_or(0, |index| self.known(index.range) as u64)
        })
    }

    /// Where the numbers of a node are: those of its child if it only names or turns a vector.
    fn place_node(&mut self, plan: &Plan<'_>, position: usize, shape: (usize, usize)) -> usize {
        let of = |child: TypedId| self.slots[plan.place(child) as usize];
        let at = Place::try_from(position).unwrap_or(Place::MAX);
        let mut members = 1;
        match plan.operation(at) {
            Operation::Binding { value, .. } => {
                if let Some(range) = self.families.get(&plan.place(*value)).copied() {
                    self.families.insert(at, range);
                }
                return of(*value).offset;
            }
            Operation::Family { index, .. } => {
                let index = plan.tree.indices.get(index.0 as usize);
                members = index.map_or(1, |index| self.known(index.range));
                self.families.insert(at, [members]);
            }
            Operation::Transpose(child) if shape.0 == 1 || shape.1 == 1 => {
                return of(*child).offset;
            }
            Operation::Variable(variable) | Operation::Rows(variable) => {
                if let Some(input) = self.inputs.get(variable.0 as usize) {
                    return input.slot.offset;
                }
            }
            _ => {}
        }
        let offset = self.total;
        let entries = shape.0.saturating_mul(shape.1).saturating_mul(members);
        self.total = self.total.saturating_add(entries);
        offset
    }

    /// The size of a dimension, which is remembered.
    fn size(
        &mut self,
        dimension: DimensionId,
        size: &dyn Fn(DimensionId) -> Option<u64>,
    ) -> Result<usize, Fault> {
        if let Some(known) = self.sizes.get(&dimension) {
            return Ok(*known);
        }
        let value = size(dimension).ok_or(Fault::Outside)?;
        // A length of more than this could not be stored, and products of two lengths must not wrap.
        if value > 1 << 30 {
            return Err(Fault::Limit("the sizes"));
        }
        let value = usize::try_from(value).map_err(|_| Fault::Limit("the sizes"))?;
        self.sizes.insert(dimension, value);
        Ok(value)
    }

    /// Looks up the sizes that an operation refers to.
    fn find_sizes(
        &mut self,
        plan: &Plan<'_>,
        at: Place,
        size: &dyn Fn(DimensionId) -> Option<u64>,
    ) -> Result<(), Fault> {
        match plan.operation(at) {
            Operation::Dimension(dimension) => {
                self.size(*dimension, size)?;
            }
            Operation::Slice { row_offset, column_offset, .. } => {
                self.size(*row_offset, size)?;
                self.size(*column_offset, size)?;
            }
            Operation::Call { sizes, .. } => {
                for dimension in sizes {
                    self.size(*dimension, size)?;
                }
                if let Some(letters) = plan.routines.get(&at).and_then(|routine| routine.letters())
                {
                    for letter in letters {
                        self.size(*letter, size)?;
                    }
                }
            }
            operation => {
                for index in bound_indices(operation) {
                    if let Some(index) = plan.tree.indices.get(index.0 as usize) {
                        self.size(index.range, size)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// The size of a dimension that an operation refers to.
    pub(crate) fn known(&self, dimension: DimensionId) -> usize {
        self.sizes.get(&dimension).copied().unwrap_or(0)
    }

    fn fold_exponents(&mut self, plan: &Plan<'_>) {
        for at in &plan.exponents {
            let id = plan.nodes[*at as usize];
            let value = match plan.operation(*at) {
                Operation::Dimension(dimension) => {
                    i64::try_from(self.known(*dimension)).ok().map(Rational::integer)
                }
                _ => fold_node(plan.tree, id, |child| {
                    self.exponents.get(&plan.place(child)).cloned()
                }),
            };
            if let Some(value) = value {
                self.exponents.insert(*at, value);
            }
        }
    }

    /// Whether the shape of a node follows from those of its children.
    fn agrees(&self, plan: &Plan<'_>, id: TypedId) -> bool {
        let at = plan.place(id);
        let slot = |child: TypedId| self.slots[plan.place(child) as usize];
        let shape = |child: TypedId| slot(child).shape();
        let own = self.slots[at as usize].shape();
        let turned = |(rows, columns): (usize, usize)| (columns, rows);
        match &plan.tree.node(id).operation {
            Operation::Number(_)
            | Operation::Pi
            | Operation::Infinity
            | Operation::Dimension(_) => own == (1, 1),
            Operation::Variable(variable) => {
                self.inputs.get(variable.0 as usize).is_some_and(|input| input.slot.shape() == own)
            }
            Operation::Rows(variable) => {
                self.inputs.get(variable.0 as usize).is_some_and(|input| {
                    let member = input.slot.shape();
                    input.family.len() == 1
                        && (member.0 == 1 || member.1 == 1)
                        && own == (input.family[0], input.slot.len())
                })
            }
            Operation::Identity => own.0 == own.1,
            Operation::Binding { value: a, .. }
            | Operation::Negate(a)
            | Operation::Mapped { argument: a, .. } => own == shape(*a),
            Operation::Fill(a) => shape(*a) == (1, 1),
            Operation::Add(a, b)
            | Operation::Subtract(a, b)
            | Operation::Hadamard(a, b)
            | Operation::Quotient(a, b)
            | Operation::Power(a, b) => own == shape(*a) && own == shape(*b),
            Operation::Multiply(a, b) => {
                let (left, right) = (shape(*a), shape(*b));
                left.1 == right.0 && own == (left.0, right.1)
            }
            Operation::Scale(a, b) => shape(*a) == (1, 1) && own == shape(*b),
            Operation::LeftDivide(a, b) => {
                let (left, right) = (shape(*a), shape(*b));
                left.0 == left.1 && left.1 == right.0 && own == right
            }
            Operation::RightDivide(a, b) => {
                let (left, right) = (shape(*a), shape(*b));
                right.0 == right.1 && left.1 == right.0 && own == left
            }
            Operation::MatrixPower(a, b) => {
                own.0 == own.1 && own == shape(*a) && shape(*b) == (1, 1)
            }
            Operation::Transpose(a) | Operation::ConjugateTranspose(a) => own == turned(shape(*a)),
            Operation::Differential(a) => own == shape(*a),
            Operation::Call { arguments, sizes, .. } => {
                let shapes: Vec<_> = arguments.iter().map(|argument| shape(*argument)).collect();
                let sizes: Vec<_> = sizes.iter().map(|size| self.known(*size)).collect();
                plan.routines.get(&at).is_some_and(|routine| routine.agrees(&shapes, &sizes, own))
            }
            Operation::Scalar { order, argument, .. } => match order {
                0 => own == (1, 1),
                1 => own == shape(*argument),
                2 => own == (slot(*argument).len(), slot(*argument).len()),
                _ => false,
            },
            Operation::Path { argument, .. } => shape(*argument) == (1, 1),
            Operation::Limit { body, .. } | Operation::Integral { body, .. } => own == shape(*body),
            Operation::Block(rows) => block_shape(rows, shape) == Some(own),
            Operation::Member { base, indices } => {
                self.member_agrees(plan, *base, shape(*base), indices.len(), own)
            }
            Operation::Slice { base, row_offset, column_offset } => {
                let whole = shape(*base);
                self.known(*row_offset) + own.0 <= whole.0
                    && self.known(*column_offset) + own.1 <= whole.1
            }
            Operation::IndexedSum { body, .. } | Operation::Family { body, .. } => {
                own == shape(*body)
            }
            Operation::Tabulate { indices, body } => {
                let range = |position: usize| {
                    let index = indices
                        .get(position)
                        .and_then(|index| plan.tree.indices.get(index.0 as usize));
                    index.map_or(1, |index| self.known(index.range))
                };
                indices.len() <= 2 && own == (range(0), range(1)) && shape(*body) == (1, 1)
            }
        }
    }

    fn member_agrees(
        &self,
        plan: &Plan<'_>,
        base: TypedId,
        whole: (usize, usize),
        indices: usize,
        own: (usize, usize),
    ) -> bool {
        let ranges = self.family(plan, base).len();
        match indices.checked_sub(ranges) {
            Some(0) => own == whole,
            Some(1) => own == (1, whole.1) || own == (1, 1) && whole.0 == 1,
            Some(2) => own == (1, 1),
            _ => false,
        }
    }

    /// The ranges of a family; none if the node is no family.
    pub(crate) fn family(&self, plan: &Plan<'_>, base: TypedId) -> &[usize] {
        match &plan.tree.node(base).operation {
            Operation::Variable(variable) => {
                self.inputs.get(variable.0 as usize).map_or(&[], |input| input.family.as_slice())
            }
            _ => self.families.get(&plan.place(base)).map_or(&[], |range| range.as_slice()),
        }
    }

    /// How many matrices a node is: the members of a family, or one.
    pub(crate) fn members(&self, place: Place) -> usize {
        self.families.get(&place).map_or(1, |range| range[0])
    }
}

/// The shape of blocks in rows; nothing if they do not fit.
fn block_shape(
    rows: &[Vec<TypedId>],
    shape: impl Fn(TypedId) -> (usize, usize),
) -> Option<(usize, usize)> {
    let mut total = (0, None);
    for row in rows {
        let height = shape(*row.first()?).0;
        if row.iter().any(|block| shape(*block).0 != height) {
            return None;
        }
        let width: usize = row.iter().map(|block| shape(*block).1).sum();
        if *total.1.get_or_insert(width) != width {
            return None;
        }
        total.0 += height;
    }
    Some((total.0, total.1?))
}
