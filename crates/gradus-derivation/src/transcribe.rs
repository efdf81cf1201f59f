//! Typed trees as notation, as they were written.
//!
//! Must not know differentials. A text of the rule book is written with the caller's formulas in the
//! place of its parameters.

use gradus_diagnostics::{Diagnostic, Result};
use gradus_elaborate::Fragment;
use gradus_elaborate::typed::{Operation, TypedId, TypedTree, VariableId};
use gradus_functions::{Meaning, Structural, book};
use gradus_notation::tree::{Head, NameKind, Notation, NotationId, PowerKind, Shape};
use gradus_tensor::{DimensionId, Dimensions, Polynomial};

use crate::builder::Builder;

/// What stands for the names of a tree.
pub(crate) struct Names<'a> {
    /// Formulas in the place of variables.
    pub(crate) variables: Vec<(VariableId, NotationId)>,
    /// The bound names that are written as names; of the others the definitions are.
    pub(crate) kept: &'a [String],
    /// What the dimension names of the tree stand for, if they are not the builder's own.
    pub(crate) letters: Option<&'a [DimensionId]>,
    /// Whether the operators act entry by entry, as in the texts of elementwise functions.
    pub(crate) entrywise: bool,
}

impl<'a> Names<'a> {
    /// The names of a program.
    pub(crate) fn of_program(kept: &'a [String]) -> Self {
        Self { variables: Vec::new(), kept, letters: None, entrywise: false }
    }
}

/// Writes a node of a typed tree.
///
/// # Errors
/// Arrays that are told entry by entry have no notation.
pub(crate) fn transcribe(
    builder: &mut Builder,
    tree: &TypedTree,
    root: TypedId,
    names: &Names<'_>,
) -> Result<NotationId> {
    let needed = needed(tree, root, names.kept);
    let mut scribe = Scribe { builder, tree, names, written: vec![None; tree.nodes.len()] };
    for (at, needed) in needed.iter().enumerate() {
        if *needed {
            let id = TypedId(u32::try_from(at).unwrap_or(u32::MAX));
            let formula = scribe.node(id)?;
            scribe.written[at] = Some(formula);
        }
    }
    Ok(scribe.part(root))
}

/// A text of the rule book with formulas in the place of its parameters and their differentials.
pub(crate) fn fragment(
    builder: &mut Builder,
    fragment: &Fragment,
    letters: &[DimensionId],
    arguments: &[NotationId],
    differentials: &[NotationId],
    entrywise: bool,
) -> Result<NotationId> {
    let pairs = fragment.parameters.iter().copied().zip(arguments.iter().copied());
    let differentials = fragment.differentials.iter().copied().zip(differentials.iter().copied());
    let variables = pairs.chain(differentials).collect();
    let names = Names { variables, kept: &[], letters: Some(letters), entrywise };
    transcribe(builder, &fragment.tree, fragment.result, &names)
}

/// The nodes below a root.
fn needed(tree: &TypedTree, root: TypedId, kept: &[String]) -> Vec<bool> {
    let mut needed = vec![false; tree.nodes.len()];
    let mut open = vec![root];
    let mut top = true;
    while let Some(id) = open.pop() {
        if std::mem::replace(&mut needed[id.0 as usize], true) {
            continue;
        }
        let named = matches!(
            &tree.node(id).operation,
            Operation::Binding { name, .. } if kept.contains(name)
        );
        if !named || top {
            tree.children(id, |child| open.push(child));
        }
        top = false;
    }
    needed
}

struct Scribe<'s, 'b> {
    builder: &'s mut Builder,
    tree: &'b TypedTree,
    names: &'b Names<'b>,
    written: Vec<Option<NotationId>>,
}

impl Scribe<'_, '_> {
    fn part(&mut self, id: TypedId) -> NotationId {
        match self.written[id.0 as usize] {
            Some(formula) => formula,
            // Children come first, so each was written.
            None => self.builder.integer(0),
        }
    }

    fn dimension(&mut self, id: DimensionId) -> DimensionId {
        let Some(letters) = self.names.letters else { return id };
        let mut total = Polynomial::zero();
        let dimensions = &mut self.builder.tree.dimensions;
        for (monomial, coefficient) in &self.tree.dimensions.polynomial(id).0 {
            let mut term = Polynomial::constant(coefficient.clone());
            for (name, exponent) in monomial {
                let Some(value) = letters.get(name.0 as usize) else { continue };
                let value = dimensions.polynomial(*value).clone();
                for _ in 0..*exponent {
                    term = term.multiply(&value);
                }
            }
            total = total.add(&term);
        }
        dimensions.intern(total)
    }

    fn shape(&mut self, id: TypedId) -> Shape {
        let shape = self.tree.shape(id);
        Shape { rows: self.dimension(shape.rows), columns: self.dimension(shape.columns) }
    }

    /// A scalar that is repeated stands for the array where the notation says so.
    fn loose(&mut self, id: TypedId) -> NotationId {
        match self.tree.node(id).operation {
            Operation::Fill(scalar) => self.part(scalar),
            _ => self.part(id),
        }
    }

    fn node(&mut self, id: TypedId) -> Result<NotationId> {
        let shape = self.shape(id);
        let node = self.tree.node(id);
        Ok(match &node.operation {
            Operation::Number(value) => self.builder.number(value.clone()),
            Operation::Pi => self.builder.tree.intern(Notation::Pi, Shape::SCALAR),
            Operation::Infinity => self.builder.tree.intern(Notation::Infinity, Shape::SCALAR),
            Operation::Dimension(dimension) => {
                let dimension = self.dimension(*dimension);
                match self.builder.tree.dimensions.as_number(dimension) {
                    Some(value) => self.builder.number(value),
                    None => self.builder.tree.intern(Notation::Dimension(dimension), Shape::SCALAR),
                }
            }
            Operation::Variable(variable) => self.variable(*variable, shape),
            Operation::Binding { name, value } => {
                if self.names.kept.contains(name) && self.written[value.0 as usize].is_none() {
                    self.builder.name(name, NameKind::Binding, shape)
                } else {
                    self.part(*value)
                }
            }
            Operation::Fill(scalar) => {
                let (scalar, ones) = (self.part(*scalar), self.builder.ones(shape));
                self.builder.product(&[scalar, ones])
            }
            Operation::Identity => self.builder.identity(shape),
            Operation::Add(a, b) => self.sum(*a, *b, false),
            Operation::Subtract(a, b) => self.sum(*a, *b, true),
            Operation::Negate(a) => {
                let inner = self.part(*a);
                self.builder.negate(inner)
            }
            Operation::Multiply(a, b) | Operation::Scale(a, b) => {
                let (a, b) = (self.part(*a), self.part(*b));
                let entrywise = self.names.entrywise
                    && ![a, b].iter().any(|id| self.builder.shape(*id).is_scalar());
                if entrywise {
                    self.builder.hadamard(&[a, b])
                } else {
                    self.builder.product(&[a, b])
                }
            }
            Operation::Hadamard(a, b) => {
                let (a, b) = (self.loose(*a), self.loose(*b));
                self.builder.hadamard(&[a, b])
            }
            Operation::Quotient(a, b) => {
                let (a, b) = (self.loose(*a), self.loose(*b));
                self.builder.quotient(a, b)
            }
            Operation::LeftDivide(a, b) => {
                let (a, b) = (self.part(*a), self.part(*b));
                let inverse = self.builder.inverse(a);
                self.builder.product(&[inverse, b])
            }
            Operation::RightDivide(a, b) => {
                let (a, b) = (self.part(*a), self.part(*b));
                let inverse = self.builder.inverse(b);
                self.builder.product(&[a, inverse])
            }
            Operation::Power(base, exponent) => {
                let (base, exponent) = (self.loose(*base), self.loose(*exponent));
                self.builder.power(base, exponent, PowerKind::Elementwise)
            }
            Operation::MatrixPower(base, exponent) => {
                let (base, exponent) = (self.part(*base), self.part(*exponent));
                self.builder.power(base, exponent, PowerKind::Matrix)
            }
            Operation::Transpose(a) => {
                let inner = self.part(*a);
                self.builder.transpose(inner)
            }
            Operation::ConjugateTranspose(a) => {
                let inner = self.part(*a);
                self.builder.tree.intern(Notation::ConjugateTranspose(inner), shape)
            }
            Operation::Call { function, arguments, sizes } => {
                let (function, sizes) = (*function, sizes.clone());
                let arguments: Vec<_> = arguments.iter().map(|id| self.loose(*id)).collect();
                self.call(function, arguments, &sizes, shape)
            }
            Operation::Mapped { function, order, argument } => {
                let head = Head::Mapped { name: self.name(*function), order: *order };
                let argument = self.part(*argument);
                self.builder.call(head, &[argument], shape)
            }
            Operation::Scalar { function, order, argument } => {
                let head = Head::Scalar { name: self.name(*function), order: *order };
                let argument = self.part(*argument);
                self.builder.call(head, &[argument], shape)
            }
            Operation::Path { function, order, argument } => {
                let head = Head::Path { name: self.name(*function), order: *order };
                let argument = self.part(*argument);
                self.builder.call(head, &[argument], shape)
            }
            Operation::Block(rows) => {
                let rows =
                    rows.iter().map(|row| row.iter().map(|id| self.part(*id)).collect()).collect();
                self.builder.tree.intern(Notation::Matrix(rows), shape)
            }
            Operation::Member { base, indices } => {
                let base_id = *base;
                let base = self.part(base_id);
                let indices: Vec<String> = indices.iter().map(|id| self.index(*id)).collect();
                // A member of a family that was bound to a name is its definition for that index.
                if let Some(own) = self.tree.family_index(base_id)
                    && !matches!(self.builder.node(base), Notation::Name { .. })
                    && let [index] = indices.as_slice()
                {
                    let own = self.index(own);
                    return Ok(self.builder.swapped(base, &own, index));
                }
                self.builder.tree.intern(Notation::Indexed { base, indices }, shape)
            }
            Operation::Rows(variable) => {
                let base = self.variable(*variable, shape);
                self.builder.call(Head::Rows, &[base], shape)
            }
            Operation::Slice { base, row_offset, column_offset } => {
                let base = self.part(*base);
                let row_offset = self.dimension(*row_offset);
                let column_offset = self.dimension(*column_offset);
                let slice = Notation::Slice { base, row_offset, column_offset };
                self.builder.tree.intern(slice, shape)
            }
            Operation::IndexedSum { index, body } => {
                let body = self.part(*body);
                let indices = vec![self.index(*index)];
                self.builder.tree.intern(Notation::IndexedSum { indices, body }, shape)
            }
            Operation::Family { body, .. } => self.part(*body),
            _ => {
                let message =
                    "steps for an array that is told entry by entry are not supported yet";
                return Err(Diagnostic::unsupported(message).into());
            }
        })
    }

    fn variable(&mut self, variable: VariableId, shape: Shape) -> NotationId {
        let known = self.names.variables.iter().find(|(id, _)| *id == variable);
        if let Some((_, formula)) = known {
            return *formula;
        }
        let declared = self.tree.variable(variable);
        let kind = match declared.differential_of {
            Some(_) => NameKind::Differential,
            None => NameKind::Variable,
        };
        self.builder.name(&declared.name, kind, shape)
    }

    fn name(&self, variable: VariableId) -> String {
        self.tree.variable(variable).name.clone()
    }

    fn index(&self, index: gradus_elaborate::typed::IndexId) -> String {
        self.tree.indices[index.0 as usize].name.clone()
    }

    fn sum(&mut self, a: TypedId, b: TypedId, minus: bool) -> NotationId {
        let (a, b) = (self.loose(a), self.loose(b));
        self.builder.sum(&[(false, a), (minus, b)])
    }

    fn call(
        &mut self,
        function: gradus_tensor::FunctionId,
        arguments: Vec<NotationId>,
        sizes: &[DimensionId],
        shape: Shape,
    ) -> NotationId {
        let meaning = book().get(function).meaning;
        let shape = match arguments.first() {
            // The text of an elementwise function is written for scalars.
            Some(first) if self.names.entrywise => {
                let several = arguments.iter().map(|id| self.builder.shape(*id));
                let array = several.into_iter().find(|shape| !shape.is_scalar());
                array.unwrap_or(self.builder.shape(*first))
            }
            _ => shape,
        };
        match meaning {
            Meaning::Structural(Structural::Transpose) => self.builder.transpose(arguments[0]),
            Meaning::Structural(Structural::Trace) => self.builder.trace(arguments[0]),
            Meaning::Structural(Structural::Diagonal) => {
                let square = self.builder.shape(arguments[0]);
                if square.rows != Dimensions::ONE && square.columns != Dimensions::ONE {
                    self.builder.diagonal_vector(arguments[0])
                } else {
                    self.builder.diagonal_matrix(arguments[0])
                }
            }
            // A differential that is none drops out of a product of blocks.
            Meaning::Structural(_)
                if self.names.letters.is_some()
                    && arguments.iter().any(|id| self.builder.is_zero(*id)) =>
            {
                self.builder.zeros(shape)
            }
            _ => {
                let sizes = sizes.iter().map(|size| self.dimension(*size)).collect();
                let call = Notation::Call { head: Head::Book(function), arguments, sizes };
                self.builder.tree.intern(call, shape)
            }
        }
    }
}
