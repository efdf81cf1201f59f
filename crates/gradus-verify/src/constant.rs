//! Subtrees that are numbers: exponents such as `-1/2`.
//!
//! Must not know fields or sizes.

use gradus_elaborate::typed::{Operation, TypedId, TypedTree};
use gradus_tensor::Rational;

/// Larger numbers are not folded.
const BITS: u64 = 256;

/// The value of one operation on numbers; nothing if a child is none or the operation is another.
pub(crate) fn fold_operation(
    operation: &Operation,
    value: impl Fn(TypedId) -> Option<Rational>,
) -> Option<Rational> {
    let result = match operation {
        Operation::Number(number) => number.clone(),
        Operation::Binding { value: a, .. } | Operation::Fill(a) | Operation::Transpose(a) => {
            value(*a)?
        }
        Operation::Negate(a) => value(*a)?.negate(),
        Operation::Add(a, b) => value(*a)?.add(&value(*b)?),
        Operation::Subtract(a, b) => value(*a)?.subtract(&value(*b)?),
        // On arrays these act entry by entry, and only one entry repeated is a number here.
        Operation::Scale(a, b) | Operation::Hadamard(a, b) => value(*a)?.multiply(&value(*b)?),
        Operation::Quotient(a, b) => value(*a)?.divide(&value(*b)?)?,
        Operation::Power(a, b) => {
            let exponent = value(*b)?.to_i64().filter(|exponent| exponent.abs() <= 64)?;
            value(*a)?.power(exponent)?
        }
        _ => return None,
    };
    (!result.exceeds_bits(BITS)).then_some(result)
}

/// Whether an operation with these children can be a number at all, dimensions included.
pub(crate) fn foldable(tree: &TypedTree, id: TypedId) -> bool {
    match &tree.node(id).operation {
        Operation::Number(_)
        | Operation::Dimension(_)
        | Operation::Binding { .. }
        | Operation::Fill(_)
        | Operation::Transpose(_)
        | Operation::Negate(_)
        | Operation::Add(..)
        | Operation::Subtract(..)
        | Operation::Scale(..)
        | Operation::Hadamard(..)
        | Operation::Quotient(..)
        | Operation::Power(..) => true,
        // A product of arrays is not the product of their entries.
        Operation::Multiply(a, b) | Operation::LeftDivide(a, b) | Operation::RightDivide(a, b) => {
            tree.shape(*a).is_scalar() && tree.shape(*b).is_scalar()
        }
        _ => false,
    }
}

/// The value of one node on numbers, products of scalars included.
pub(crate) fn fold_node(
    tree: &TypedTree,
    id: TypedId,
    value: impl Fn(TypedId) -> Option<Rational>,
) -> Option<Rational> {
    let scalars = |a: TypedId, b: TypedId| tree.shape(a).is_scalar() && tree.shape(b).is_scalar();
    let result = match &tree.node(id).operation {
        Operation::Multiply(a, b) if scalars(*a, *b) => value(*a)?.multiply(&value(*b)?),
        Operation::RightDivide(a, b) if scalars(*a, *b) => value(*a)?.divide(&value(*b)?)?,
        Operation::LeftDivide(a, b) if scalars(*a, *b) => value(*b)?.divide(&value(*a)?)?,
        operation => return fold_operation(operation, value),
    };
    (!result.exceeds_bits(BITS)).then_some(result)
}

/// The value of a subtree that is a number.
pub(crate) fn fold(tree: &TypedTree, root: TypedId) -> Option<Rational> {
    let mut needed = vec![false; root.0 as usize + 1];
    needed[root.0 as usize] = true;
    for position in (0..needed.len()).rev() {
        let id = TypedId(u32::try_from(position).ok()?);
        if !needed[position] {
            continue;
        }
        if !foldable(tree, id) {
            return None;
        }
        tree.children(id, |child| needed[child.0 as usize] = true);
    }
    let mut values: Vec<Option<Rational>> = vec![None; needed.len()];
    for position in 0..needed.len() {
        if needed[position] {
            let id = TypedId(u32::try_from(position).ok()?);
            values[position] = fold_node(tree, id, |child| values[child.0 as usize].clone());
        }
    }
    values.pop().flatten()
}
