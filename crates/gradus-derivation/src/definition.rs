//! A polynomial at a moved point, multiplied out: the change of the function by order.
//!
//! Must not know differentials or rules: nothing is used but that sums and products multiply out and
//! that linear functions go through sums.

use gradus_diagnostics::{Diagnostic, Result};
use gradus_elaborate::rule_book;
use gradus_elaborate::typed::{Operation, TypedId, TypedTree, VariableId};
use gradus_functions::{Meaning, Structural, book};
use gradus_notation::arena::NotationTree;
use gradus_notation::tree::{NameKind, Notation, NotationId, Shape};
use gradus_tensor::{DimensionId, Dimensions, FunctionId};

use crate::written::{Writer, shape_of};

/// More terms than this are not multiplied out.
const MOST_TERMS: usize = 64;
/// Powers up to this one are.
const GREATEST_POWER: i64 = 6;

/// The change of a function, in notation.
#[derive(Clone, Debug)]
pub struct Expansion {
    /// The formulas.
    pub tree: NotationTree,
    /// The function.
    pub function: NotationId,
    /// The function at the moved point.
    pub moved: NotationId,
    /// All terms that depend on the move.
    pub change: NotationId,
    /// The terms of first order.
    pub linear: NotationId,
    /// Whether there are terms of higher order.
    pub has_more: bool,
}

/// A term with the number of its factors `dX`.
#[derive(Clone, Debug)]
struct Term {
    minus: bool,
    formula: NotationId,
    order: u32,
}

/// Multiplies out the function at `X + dX` for each variable X that moves.
///
/// # Errors
/// The function is no polynomial in the variables, or one with too many terms.
pub fn expand(tree: &TypedTree, root: TypedId, moving: &[VariableId]) -> Result<Expansion> {
    let mut expander = Expander::new(tree, root, moving)?;
    for at in 0..tree.nodes.len() {
        let id = TypedId(u32::try_from(at).unwrap_or(u32::MAX));
        if expander.writer.is_needed(id) {
            let terms = expander.node(id)?;
            if terms.len() > MOST_TERMS {
                return Err(Diagnostic::limit("more terms than are multiplied out").into());
            }
            expander.terms[at] = terms;
        }
    }
    expander.finish(root)
}

struct Expander<'t> {
    tree: &'t TypedTree,
    writer: Writer<'t>,
    moving: Vec<VariableId>,
    /// Whether a node depends on what moves.
    depends: Vec<bool>,
    /// The terms of each node, and its formula at the moved point.
    terms: Vec<Vec<Term>>,
    moved: Vec<NotationId>,
    /// Norms, of which only the squares are polynomials.
    norms: Vec<bool>,
}

impl<'t> Expander<'t> {
    fn new(tree: &'t TypedTree, root: TypedId, moving: &[VariableId]) -> Result<Self> {
        let writer = Writer::of(tree, &[root], true)?;
        let mut depends = vec![false; tree.nodes.len()];
        for at in 0..tree.nodes.len() {
            let id = TypedId(u32::try_from(at).unwrap_or(u32::MAX));
            let mut any = match tree.node(id).operation {
                Operation::Variable(variable) | Operation::Rows(variable) => {
                    moving.contains(&variable)
                }
                _ => false,
            };
            tree.children(id, |child| any |= depends[child.0 as usize]);
            depends[at] = any;
        }
        Ok(Self {
            tree,
            moving: moving.to_vec(),
            depends,
            terms: vec![Vec::new(); tree.nodes.len()],
            moved: vec![NotationId(0); tree.nodes.len()],
            norms: vec![false; tree.nodes.len()],
            writer,
        })
    }

    /// The terms of a child; a norm that is not squared has none.
    fn terms(&self, id: TypedId) -> Result<Vec<Term>> {
        if self.norms[id.0 as usize] {
            return Err(self.no_polynomial());
        }
        Ok(self.terms[id.0 as usize].clone())
    }

    /// The terms of a node whose children have theirs; its formula at the moved point is noted.
    fn node(&mut self, id: TypedId) -> Result<Vec<Term>> {
        let node = self.tree.node(id);
        let shape = shape_of(node.shape);
        let at = id.0 as usize;
        if !self.depends[at] {
            let formula = self.writer.formula(id);
            self.moved[at] = formula;
            return Ok(vec![Term { minus: false, formula, order: 0 }]);
        }
        std::mem::swap(&mut self.writer.formulas, &mut self.moved);
        let moved = self.writer.node(id);
        std::mem::swap(&mut self.writer.formulas, &mut self.moved);
        self.moved[at] = moved?;
        Ok(match &node.operation {
            Operation::Variable(variable) => self.variable(*variable, shape, at),
            Operation::Binding { value, .. } => {
                self.moved[at] = self.moved[value.0 as usize];
                self.terms(*value)?
            }
            Operation::Fill(scalar) => {
                let ones = self.writer.out.intern(Notation::Ones, shape);
                self.each(*scalar, |writer, formula| writer.multiplied(formula, ones, shape))?
            }
            Operation::Add(a, b) => self.sum(*a, *b, false)?,
            Operation::Subtract(a, b) => self.sum(*a, *b, true)?,
            Operation::Negate(a) => {
                let mut terms = self.terms(*a)?;
                terms.iter_mut().for_each(|term| term.minus = !term.minus);
                terms
            }
            Operation::Multiply(a, b) | Operation::Scale(a, b) => {
                let (a, b) = (self.terms(*a)?, self.terms(*b)?);
                self.products(&a, &b, shape, false)
            }
            Operation::Hadamard(a, b) => {
                let (a, b) = (self.terms(*a)?, self.terms(*b)?);
                self.products(&a, &b, shape, true)
            }
            Operation::Quotient(a, b) if !self.depends[b.0 as usize] => {
                let divisor = *b;
                let number = self.writer.filled(divisor);
                let below = number.unwrap_or_else(|| self.writer.formula(divisor));
                let whole = number.is_some() || shape.is_scalar();
                self.each(*a, |writer, formula| {
                    let quotient = if whole {
                        Notation::Fraction(formula, below)
                    } else {
                        Notation::HadamardQuotient(formula, below)
                    };
                    writer.out.intern(quotient, shape)
                })?
            }
            Operation::Transpose(a) => {
                self.each(*a, |writer, formula| writer.transposed(formula, shape))?
            }
            Operation::Power(base, exponent) => {
                return self.power(*base, *exponent, shape, !shape.is_scalar());
            }
            Operation::MatrixPower(base, exponent) => {
                return self.power(*base, *exponent, shape, false);
            }
            Operation::Call { function, arguments, sizes } => {
                return self.call(id, (*function, arguments, sizes), shape);
            }
            Operation::IndexedSum { index, body } => {
                let index = self.writer.index_names(&[*index]);
                self.each(*body, |writer, formula| {
                    let sum = Notation::IndexedSum { indices: index.clone(), body: formula };
                    writer.out.intern(sum, shape)
                })?
            }
            Operation::Member { base, indices } => {
                let names = self.writer.index_names(indices);
                self.each(*base, |writer, formula| {
                    let member = Notation::Indexed { base: formula, indices: names.clone() };
                    writer.out.intern(member, shape)
                })?
            }
            Operation::Slice { base, row_offset, column_offset } => {
                let offsets = (*row_offset, *column_offset);
                self.each(*base, |writer, formula| {
                    let slice = Notation::Slice {
                        base: formula,
                        row_offset: offsets.0,
                        column_offset: offsets.1,
                    };
                    writer.out.intern(slice, shape)
                })?
            }
            _ => return Err(self.no_polynomial()),
        })
    }

    fn variable(&mut self, variable: VariableId, shape: Shape, at: usize) -> Vec<Term> {
        let text = self.tree.variable(variable).name.clone();
        let differential =
            Notation::Name { text: format!("d{text}"), kind: NameKind::Differential };
        let name = Notation::Name { text, kind: NameKind::Variable };
        let name = self.writer.out.intern(name, shape);
        let differential = self.writer.out.intern(differential, shape);
        let sum = Notation::Sum(vec![(false, name), (false, differential)]);
        self.moved[at] = self.writer.out.intern(sum, shape);
        vec![
            Term { minus: false, formula: name, order: 0 },
            Term { minus: false, formula: differential, order: 1 },
        ]
    }

    /// Each term of a child, changed alike.
    fn each(
        &mut self,
        child: TypedId,
        mut change: impl FnMut(&mut Writer<'t>, NotationId) -> NotationId,
    ) -> Result<Vec<Term>> {
        let mut terms = self.terms(child)?;
        for term in &mut terms {
            term.formula = change(&mut self.writer, term.formula);
        }
        Ok(terms)
    }

    fn sum(&self, a: TypedId, b: TypedId, minus: bool) -> Result<Vec<Term>> {
        let mut terms = self.terms(a)?;
        let others = self.terms(b)?.into_iter();
        terms.extend(others.map(|term| Term { minus: term.minus != minus, ..term }));
        Ok(terms)
    }

    fn products(&mut self, a: &[Term], b: &[Term], shape: Shape, entrywise: bool) -> Vec<Term> {
        let mut terms = Vec::with_capacity(a.len() * b.len());
        for left in a {
            for right in b {
                let formula = if entrywise {
                    self.writer.hadamard_of(left.formula, right.formula, shape)
                } else {
                    self.writer.multiplied(left.formula, right.formula, shape)
                };
                let (minus, order) = (left.minus != right.minus, left.order + right.order);
                terms.push(Term { minus, formula, order });
            }
        }
        terms
    }

    fn power(
        &mut self,
        base: TypedId,
        exponent: TypedId,
        shape: Shape,
        entrywise: bool,
    ) -> Result<Vec<Term>> {
        let exponent =
            self.writer.filled(exponent).unwrap_or_else(|| self.writer.formula(exponent));
        let value = match self.writer.out.node(exponent) {
            Notation::Number(value) => value.to_i64(),
            _ => None,
        };
        let Some(value) = value.filter(|value| *value >= 2) else {
            return Err(self.no_polynomial());
        };
        if value > GREATEST_POWER {
            let message =
                format!("powers above {GREATEST_POWER} have more terms than are multiplied out");
            let error = Diagnostic::limit(message);
            return Err(error.hint("without --method definition the rules are used").into());
        }
        if value == 2
            && let Some(inner) = self.root_of_squares(base)
        {
            return self.square(inner);
        }
        let terms = self.terms(base)?;
        let mut power = terms.clone();
        for _ in 1..value {
            power = self.products(&power, &terms, shape, entrywise);
            if power.len() > MOST_TERMS {
                break;
            }
        }
        Ok(power)
    }

    /// The argument of a norm that is the root of the sum of the squares of its entries.
    fn root_of_squares(&self, id: TypedId) -> Option<TypedId> {
        let Operation::Call { function, arguments, .. } = &self.tree.node(id).operation else {
            return None;
        };
        let Meaning::Expansion(_) = book().get(*function).meaning else { return None };
        let text = rule_book().expansion(*function, 0).ok()?;
        let Operation::Power(inner, _) = text.tree.node(text.result).operation else { return None };
        let Operation::Call { function: sum, .. } = text.tree.node(inner).operation else {
            return None;
        };
        let sums = matches!(book().get(sum).meaning, Meaning::Structural(Structural::Sum));
        sums.then(|| arguments.first().copied()).flatten()
    }

    /// `u'u`, of a matrix `tr(U'U)`.
    fn square(&mut self, id: TypedId) -> Result<Vec<Term>> {
        let terms = self.terms(id)?;
        let shape = shape_of(self.tree.shape(id));
        let turned = Shape { rows: shape.columns, columns: shape.rows };
        let mut transposed = terms.clone();
        for term in &mut transposed {
            term.formula = self.writer.transposed(term.formula, turned);
        }
        let is_column = shape.columns == Dimensions::ONE;
        if is_column {
            return Ok(self.products(&transposed, &terms, Shape::SCALAR, false));
        }
        let square = Shape { rows: shape.columns, columns: shape.columns };
        let mut squares = self.products(&transposed, &terms, square, false);
        for term in &mut squares {
            term.formula = self.writer.trace(term.formula);
        }
        Ok(squares)
    }

    fn call(
        &mut self,
        id: TypedId,
        (function, arguments, sizes): (FunctionId, &[TypedId], &[DimensionId]),
        shape: Shape,
    ) -> Result<Vec<Term>> {
        let entry = book().get(function);
        let (linear, bilinear) = match entry.meaning {
            Meaning::Structural(structural) => match structural {
                Structural::Trace
                | Structural::Diagonal
                | Structural::Sum
                | Structural::Vec
                | Structural::VecRows
                | Structural::Unvec
                | Structural::HalfVec
                | Structural::BlockTrace
                | Structural::BlockSum
                | Structural::LowerTriangle
                | Structural::UpperTriangle
                | Structural::Transpose => (true, false),
                Structural::Kronecker | Structural::KhatriRao | Structural::Cross => (false, true),
                _ => (false, false),
            },
            _ => (false, false),
        };
        match arguments {
            [argument] if linear => self.each(*argument, |writer, formula| {
                writer.called(function, vec![formula], sizes, shape)
            }),
            [first, second] if bilinear => {
                let (first, second) = (self.terms(*first)?, self.terms(*second)?);
                let mut terms = Vec::with_capacity(first.len() * second.len());
                for left in &first {
                    for right in &second {
                        let pair = vec![left.formula, right.formula];
                        let formula = self.writer.called(function, pair, sizes, shape);
                        let (minus, order) = (left.minus != right.minus, left.order + right.order);
                        terms.push(Term { minus, formula, order });
                    }
                }
                Ok(terms)
            }
            // The square of a norm is a polynomial, the norm is none: whoever squares it asks.
            [_] if self.root_of_squares(id).is_some() => {
                self.norms[id.0 as usize] = true;
                Ok(Vec::new())
            }
            _ => Err(self.no_polynomial()),
        }
    }

    fn no_polynomial(&self) -> gradus_diagnostics::Error {
        let names: Vec<&str> =
            self.moving.iter().map(|id| self.tree.variable(*id).name.as_str()).collect();
        let message = format!("the function is no polynomial in {}", names.join(", "));
        let hint = "without --method definition the rules of differentials are used";
        Box::new(Diagnostic::unsupported(message).hint(hint))
    }

    fn finish(mut self, root: TypedId) -> Result<Expansion> {
        let terms = self.terms(root)?;
        let shape = shape_of(self.tree.shape(root));
        let total = |writer: &mut Writer<'_>, kept: &dyn Fn(u32) -> bool| {
            let kept: Vec<(bool, NotationId)> = terms
                .iter()
                .filter(|term| kept(term.order))
                .map(|term| (term.minus, term.formula))
                .collect();
            match kept.as_slice() {
                [] => writer.zeros(shape),
                [(false, only)] => *only,
                [(true, only)] => writer.out.intern(Notation::Negate(*only), shape),
                _ => writer.out.intern(Notation::Sum(kept), shape),
            }
        };
        let change = total(&mut self.writer, &|order| order > 0);
        let linear = total(&mut self.writer, &|order| order == 1);
        Ok(Expansion {
            function: self.writer.formula(root),
            moved: self.moved[root.0 as usize],
            change,
            linear,
            has_more: terms.iter().any(|term| term.order > 1),
            tree: self.writer.out,
        })
    }
}
