//! How calls of functions of whole arrays are evaluated: directly, and not by their text, so that the
//! text of an abbreviation is checked as well. Only what has no routine here goes by its text.
//!
//! Must not know the order in which nodes are evaluated.

use gradus_elaborate::typed::Shape;
use gradus_elaborate::{Fragment, match_signature, rule_book};
use gradus_functions::{ArrayFunction, Meaning, Numeric, Structural};
use gradus_tensor::{DimensionId, FunctionId, Rational};

use crate::book::{Book, Context, DEEPEST};
use crate::evaluate::Evaluation;
use crate::field::{Fault, Field, call};
use crate::frame::{Frame, Input, Slot};
use crate::matrix;
use crate::plan::Plan;

/// An abbreviation that is evaluated directly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direct {
    Mean,
    RowSum,
    ColumnSum,
    Dot,
    Outer,
    Norm2,
    Norm1,
}

const DIRECT: &[(&str, Direct)] = &[
    ("mean", Direct::Mean),
    ("rowsum", Direct::RowSum),
    ("colsum", Direct::ColumnSum),
    ("dot", Direct::Dot),
    ("outer", Direct::Outer),
    ("norm", Direct::Norm2),
    ("norm2", Direct::Norm2),
    ("normF", Direct::Norm2),
    ("norm1", Direct::Norm1),
];

/// An abbreviation that is evaluated by its text.
pub(crate) struct Text {
    plan: Plan<'static>,
    fragment: &'static Fragment,
    letters: Vec<DimensionId>,
    entry: FunctionId,
}

/// How a call is evaluated.
pub(crate) enum Routine {
    Elementwise(FunctionId),
    Structural(Structural),
    Array(ArrayFunction, FunctionId),
    Direct(Direct),
    Text(Box<Text>),
}

impl Routine {
    /// The routine for a call.
    pub(crate) fn of(
        function: FunctionId,
        shapes: &[Shape],
        sizes: &[DimensionId],
        depth: u32,
    ) -> Result<Self, Fault> {
        let Some(entry) = Book::standard().entry(function) else {
            return Err(Fault::Unsupported(
                "a function that the rule book does not have".to_owned(),
            ));
        };
        if let Meaning::Structural(structural) = entry.function.meaning {
            return Ok(Self::Structural(structural));
        }
        if entry.elementwise {
            return Ok(Self::Elementwise(function));
        }
        if let Numeric::Array(array) = entry.function.numeric {
            return Ok(Self::Array(array, function));
        }
        if let Some((_, direct)) = DIRECT.iter().find(|(name, _)| *name == entry.function.name) {
            return Ok(Self::Direct(*direct));
        }
        if depth > DEEPEST {
            return Err(Fault::Unsupported(format!(
                "{} is defined by itself",
                entry.function.name
            )));
        }
        let matched =
            match_signature(function, shapes, sizes).ok_or_else(|| entry.unsupported())?;
        let fragment = rule_book()
            .expansion(function, matched.signature)
            .map_err(|diagnostic| Fault::Unsupported(diagnostic.message.clone()))?;
        let plan = Plan::nested(&fragment.tree, &[fragment.result], depth + 1)?;
        Ok(Self::Text(Box::new(Text { plan, fragment, letters: matched.letters, entry: function })))
    }

    /// The dimensions of the caller that a text refers to.
    pub(crate) fn letters(&self) -> Option<&[DimensionId]> {
        match self {
            Self::Text(text) => Some(&text.letters),
            _ => None,
        }
    }

    /// Whether the shape of the result follows from those of the arguments.
    pub(crate) fn agrees(
        &self,
        shapes: &[(usize, usize)],
        sizes: &[usize],
        own: (usize, usize),
    ) -> bool {
        match (self, shapes) {
            (Self::Elementwise(_), shapes) => {
                !shapes.is_empty() && shapes.iter().all(|shape| *shape == own)
            }
            (Self::Structural(structural), shapes) => {
                structural_agrees(*structural, shapes, sizes, own)
            }
            (Self::Array(array, _), shapes) => crate::array::agrees(*array, shapes, own),
            (Self::Direct(direct), [first]) => match direct {
                Direct::RowSum => own == (first.0, 1),
                Direct::ColumnSum => own == (1, first.1),
                Direct::Mean | Direct::Norm1 | Direct::Norm2 => own == (1, 1),
                Direct::Dot | Direct::Outer => false,
            },
            (Self::Direct(direct), [first, second]) => match direct {
                Direct::Dot => first == second && own == (1, 1),
                Direct::Outer => first.1 == 1 && second.1 == 1 && own == (first.0, second.0),
                _ => false,
            },
            (Self::Text(_), _) => true,
            _ => false,
        }
    }
}

fn structural_agrees(
    structural: Structural,
    shapes: &[(usize, usize)],
    sizes: &[usize],
    own: (usize, usize),
) -> bool {
    let count = |shape: (usize, usize)| shape.0 * shape.1;
    match (structural, shapes) {
        (Structural::Trace, [a]) => a.0 == a.1 && own == (1, 1),
        (Structural::Diagonal, [a]) if a.0 == 1 || a.1 == 1 => own == (count(*a), count(*a)),
        (Structural::Diagonal, [a]) => a.0 == a.1 && own == (a.0, 1),
        (Structural::Sum, [_]) => own == (1, 1),
        (Structural::Vec | Structural::VecRows, [a]) => own == (count(*a), 1),
        (Structural::Unvec, [a]) => sizes == [own.0, own.1] && count(*a) == count(own),
        (Structural::Kronecker, [a, b]) => own == (a.0 * b.0, a.1 * b.1),
        (Structural::Cross, [a, b]) => match own {
            (1, 3) => *a == own && *b == own,
            (3, width) => {
                let fits = |shape: &(usize, usize)| shape.0 == 3 && [1, width].contains(&shape.1);
                fits(a) && fits(b) && a.1.max(b.1) == width
            }
            _ => false,
        },
        (Structural::Commutation, []) => match sizes {
            [m, n] => own == (m * n, m * n),
            _ => false,
        },
        (Structural::Duplication, []) => match sizes {
            [n] => own == (n * n, n * (n + 1) / 2),
            _ => false,
        },
        (Structural::Elimination, []) => match sizes {
            [n] => own == (n * (n + 1) / 2, n * n),
            _ => false,
        },
        (Structural::HalfVec, [a]) => a.0 == a.1 && own == (a.0 * (a.0 + 1) / 2, 1),
        (Structural::BlockTrace | Structural::BlockSum, [a]) => match sizes {
            [p, q] => {
                let kept = if structural == Structural::BlockTrace { *p } else { *q };
                *a == (p * q, p * q) && own == (kept, kept)
            }
            _ => false,
        },
        (Structural::KhatriRao, [a, b]) => a.1 == b.1 && own == (a.0 * b.0, a.1),
        (Structural::HorizontalConcatenation, shapes) => {
            shapes.iter().all(|shape| shape.0 == own.0)
                && shapes.iter().map(|shape| shape.1).sum::<usize>() == own.1
        }
        (Structural::VerticalConcatenation, shapes) => {
            shapes.iter().all(|shape| shape.1 == own.1)
                && shapes.iter().map(|shape| shape.0).sum::<usize>() == own.0
        }
        (Structural::Transpose, [a]) => own == (a.1, a.0),
        (
            Structural::LowerTriangle
            | Structural::UpperTriangle
            | Structural::Conjugate
            | Structural::RealPart
            | Structural::ImaginaryPart,
            [a],
        ) => own == *a,
        _ => false,
    }
}

/// An argument of a call.
#[derive(Clone, Copy)]
pub(crate) struct Argument<'a, F> {
    pub(crate) entries: &'a [F],
    pub(crate) slot: Slot,
}

/// Evaluates a call into `out`. The shapes agree.
pub(crate) fn evaluate_call<F: Field>(
    routine: &Routine,
    frame: &Frame,
    arguments: &[Argument<'_, F>],
    sizes: &[usize],
    out: &mut [F],
    context: &mut Context<'_>,
) -> Result<(), Fault> {
    match (routine, arguments) {
        (Routine::Elementwise(function), arguments) => {
            context.spend(8 * out.len() as u64)?;
            elementwise(*function, arguments, out, context)
        }
        (Routine::Structural(structural), arguments) => {
            context.spend(out.len() as u64)?;
            structure(*structural, arguments, sizes, out);
            Ok(())
        }
        (Routine::Array(array, function), arguments) => {
            evaluate_array(*array, *function, arguments, out, context)
        }
        (Routine::Direct(function), arguments) => {
            context.spend(arguments.iter().map(|argument| argument.entries.len() as u64).sum())?;
            direct(*function, arguments, out, context)
        }
        (Routine::Text(text), arguments) => by_text(text, frame, arguments, out, context),
    }
}

fn elementwise<F: Field>(
    function: FunctionId,
    arguments: &[Argument<'_, F>],
    out: &mut [F],
    context: &mut Context<'_>,
) -> Result<(), Fault> {
    match arguments {
        [argument] => {
            for (value, entry) in out.iter_mut().zip(argument.entries) {
                *value = call(function, &[*entry], context)?;
            }
        }
        [left, right] => {
            for (value, (left, right)) in out.iter_mut().zip(left.entries.iter().zip(right.entries))
            {
                *value = call(function, &[*left, *right], context)?;
            }
        }
        _ => {
            return Err(Fault::Unsupported(
                "an elementwise function of more than two arguments".to_owned(),
            ));
        }
    }
    Ok(())
}

fn structure<F: Field>(
    structural: Structural,
    arguments: &[Argument<'_, F>],
    sizes: &[usize],
    out: &mut [F],
) {
    let [first, ..] = arguments else {
        match (structural, sizes) {
            (Structural::Commutation, [m, n]) => commutation(*m, *n, out),
            (Structural::Duplication | Structural::Elimination, [n]) => {
                triangle_places(*n, structural == Structural::Duplication, out);
            }
            _ => {}
        }
        return;
    };
    let (rows, columns) = first.slot.shape();
    match structural {
        Structural::Trace => {
            out[0] = (0..rows).fold(F::ZERO, |sum, at| sum.add(first.entries[at * (columns + 1)]));
        }
        Structural::Diagonal if rows == 1 || columns == 1 => {
            out.fill(F::ZERO);
            let size = first.entries.len();
            for (at, entry) in first.entries.iter().enumerate() {
                out[at * (size + 1)] = *entry;
            }
        }
        Structural::Diagonal => {
            for (at, value) in out.iter_mut().enumerate() {
                *value = first.entries[at * (columns + 1)];
            }
        }
        Structural::Sum => out[0] = total(first.entries),
        Structural::Vec | Structural::Transpose => matrix::transpose(first.entries, out, columns),
        Structural::Unvec => {
            if let [_, columns] = sizes {
                let rows = out.len().checked_div(*columns).unwrap_or(0);
                matrix::transpose(first.entries, out, rows);
            }
        }
        Structural::VecRows => out.copy_from_slice(first.entries),
        Structural::Conjugate => {
            for (value, entry) in out.iter_mut().zip(first.entries) {
                *value = entry.conjugate();
            }
        }
        Structural::RealPart | Structural::ImaginaryPart => {
            let real = structural == Structural::RealPart;
            for (value, entry) in out.iter_mut().zip(first.entries) {
                *value = if real { entry.real_part() } else { entry.imaginary_part() };
            }
        }
        Structural::Kronecker => {
            if let [_, second] = arguments {
                kronecker(first, second, out);
            }
        }
        Structural::Cross => {
            if let [_, second] = arguments {
                cross(first, second, out);
            }
        }
        Structural::HorizontalConcatenation => {
            let width: usize = arguments.iter().map(|argument| argument.slot.columns).sum();
            let mut start = 0;
            for argument in arguments {
                place_block(argument, out, width, (0, start));
                start += argument.slot.columns;
            }
        }
        Structural::VerticalConcatenation => {
            let mut start = 0;
            for argument in arguments {
                out[start..start + argument.entries.len()].copy_from_slice(argument.entries);
                start += argument.entries.len();
            }
        }
        Structural::LowerTriangle | Structural::UpperTriangle => {
            let lower = structural == Structural::LowerTriangle;
            for (at, (value, entry)) in out.iter_mut().zip(first.entries).enumerate() {
                let (row, column) = (at / columns, at % columns);
                let kept = if lower { column <= row } else { column >= row };
                *value = if kept { *entry } else { F::ZERO };
            }
        }
        Structural::HalfVec => {
            let entries =
                (0..columns).flat_map(|column| (column..rows).map(move |row| (row, column)));
            for (value, (row, column)) in out.iter_mut().zip(entries) {
                *value = first.entries[row * columns + column];
            }
        }
        Structural::BlockTrace | Structural::BlockSum => {
            let [p, q] = *sizes else { return };
            out.fill(F::ZERO);
            let traces = structural == Structural::BlockTrace;
            let (kept, summed) = if traces { (p, q) } else { (q, p) };
            for (at, value) in out.iter_mut().enumerate() {
                for inner in 0..summed {
                    let place = |kept: usize| {
                        if traces { kept * q + inner } else { inner * q + kept }
                    };
                    let entry = first.entries[place(at / kept) * columns + place(at % kept)];
                    *value = value.add(entry);
                }
            }
        }
        Structural::KhatriRao => {
            if let [_, second] = arguments {
                let inner = second.slot.rows;
                for (at, value) in out.iter_mut().enumerate() {
                    let (row, column) = (at / columns, at % columns);
                    let outer = first.entries[row / inner * columns + column];
                    *value = outer.multiply(second.entries[row % inner * columns + column]);
                }
            }
        }
        Structural::Commutation | Structural::Duplication | Structural::Elimination => {}
    }
}

/// Cross products of columns, or of two rows; a single column is paired with every column.
fn cross<F: Field>(a: &Argument<'_, F>, b: &Argument<'_, F>, out: &mut [F]) {
    let width = out.len() / 3;
    let entry = |argument: &Argument<'_, F>, at: usize, column: usize| {
        let columns = argument.entries.len() / 3;
        argument.entries[at * columns + if columns == 1 { 0 } else { column }]
    };
    for (at, value) in out.iter_mut().enumerate() {
        let (row, column) = (at / width, at % width);
        let (next, last) = ((row + 1) % 3, (row + 2) % 3);
        let plus = entry(a, next, column).multiply(entry(b, last, column));
        let minus = entry(a, last, column).multiply(entry(b, next, column));
        *value = plus.subtract(minus);
    }
}

/// `K` with `K vec(X) = vec(X')` for X m×n.
fn commutation<F: Field>(m: usize, n: usize, out: &mut [F]) {
    out.fill(F::ZERO);
    for row in 0..m {
        for column in 0..n {
            out[(column + n * row) * (m * n) + (row + m * column)] = F::ONE;
        }
    }
}

/// `D` with `D vech(S) = vec(S)` for symmetric S, or `L` with `L vec(X) = vech(X)`.
fn triangle_places<F: Field>(size: usize, duplication: bool, out: &mut [F]) {
    out.fill(F::ZERO);
    let half = size * (size + 1) / 2;
    let places = (0..size).flat_map(|column| (column..size).map(move |row| (row, column)));
    for (place, (row, column)) in places.enumerate() {
        let (one, other) = (row + size * column, column + size * row);
        if duplication {
            out[one * half + place] = F::ONE;
            out[other * half + place] = F::ONE;
        } else {
            out[place * size * size + one] = F::ONE;
        }
    }
}

fn kronecker<F: Field>(left: &Argument<'_, F>, right: &Argument<'_, F>, out: &mut [F]) {
    let (p, q) = right.slot.shape();
    let width = left.slot.columns * q;
    for (at, value) in out.iter_mut().enumerate() {
        let (row, column) = (at / width, at % width);
        let outer = left.entries[row / p * left.slot.columns + column / q];
        *value = outer.multiply(right.entries[row % p * q + column % q]);
    }
}

/// Copies a block to a place in a matrix of some width.
pub(crate) fn place_block<F: Field>(
    block: &Argument<'_, F>,
    out: &mut [F],
    width: usize,
    start: (usize, usize),
) {
    for (row, source) in block.entries.chunks_exact(block.slot.columns).enumerate() {
        let at = (start.0 + row) * width + start.1;
        out[at..at + source.len()].copy_from_slice(source);
    }
}

fn total<F: Field>(entries: &[F]) -> F {
    entries.iter().fold(F::ZERO, |sum, entry| sum.add(*entry))
}

/// Evaluates a function of whole arrays: by an algorithm over any field, or as these numbers do.
pub(crate) fn evaluate_array<F: Field>(
    array: ArrayFunction,
    function: FunctionId,
    arguments: &[Argument<'_, F>],
    out: &mut [F],
    context: &mut Context<'_>,
) -> Result<(), Fault> {
    let [first, ..] = arguments else {
        return Err(Fault::Unsupported("a call without arguments".to_owned()));
    };
    let size = first.slot.rows;
    let cube = (size as u64).saturating_pow(3);
    match array {
        ArrayFunction::Determinant => {
            context.spend(cube)?;
            out[0] = F::determinant(first.entries, size)?;
        }
        ArrayFunction::LogDeterminant => {
            context.spend(cube)?;
            out[0] = F::determinant(first.entries, size)?.logarithm_of_modulus(context)?;
        }
        ArrayFunction::Inverse => {
            context.spend(2 * cube)?;
            matrix::inverse(first.entries, out, size)?;
        }
        ArrayFunction::Adjugate => {
            context.spend(cube.saturating_mul(size as u64))?;
            matrix::adjugate(first.entries, out, size)?;
        }
        ArrayFunction::Softmax => {
            context.spend(16 * out.len() as u64)?;
            for (value, entry) in out.iter_mut().zip(first.entries) {
                *value = entry.exponential(context)?;
            }
            let sum = total(out);
            for value in out {
                *value = value.divide(sum).ok_or(Fault::Outside)?;
            }
        }
        ArrayFunction::Product => {
            context.spend(first.entries.len() as u64)?;
            out[0] = first.entries.iter().fold(F::ONE, |product, it| product.multiply(*it));
        }
        ArrayFunction::LogSumExp => {
            context.spend(16 * first.entries.len() as u64)?;
            let mut sum = F::ZERO;
            for entry in first.entries {
                sum = sum.add(entry.exponential(context)?);
            }
            out[0] = sum.logarithm(context)?;
        }
        _ => {
            if !crate::array::everywhere(array, arguments, out, context)? {
                F::array(array, function, arguments, out, context)?;
            }
        }
    }
    Ok(())
}

fn direct<F: Field>(
    function: Direct,
    arguments: &[Argument<'_, F>],
    out: &mut [F],
    context: &mut Context<'_>,
) -> Result<(), Fault> {
    let [first, rest @ ..] = arguments else {
        return Err(Fault::Unsupported("a call without arguments".to_owned()));
    };
    let columns = first.slot.columns;
    let half = || Rational::new(1, 2).ok_or(Fault::Outside);
    match (function, rest) {
        (Direct::Mean, _) => {
            let count = F::from_integer(i64::try_from(first.entries.len()).unwrap_or(i64::MAX));
            out[0] = total(first.entries).divide(count).ok_or(Fault::Outside)?;
        }
        (Direct::RowSum, _) => {
            for (value, row) in out.iter_mut().zip(first.entries.chunks_exact(columns)) {
                *value = total(row);
            }
        }
        (Direct::ColumnSum, _) => {
            out.fill(F::ZERO);
            for row in first.entries.chunks_exact(columns) {
                for (value, entry) in out.iter_mut().zip(row) {
                    *value = value.add(*entry);
                }
            }
        }
        (Direct::Norm2, _) => {
            let square =
                first.entries.iter().fold(F::ZERO, |sum, entry| sum.add(square_of_modulus(*entry)));
            out[0] = square.power(&half()?, context)?;
        }
        (Direct::Norm1, _) => {
            let half = half()?;
            out[0] = F::ZERO;
            for entry in first.entries {
                out[0] = out[0].add(square_of_modulus(*entry).power(&half, context)?);
            }
        }
        (Direct::Dot, [second]) => {
            let products = first.entries.iter().zip(second.entries);
            out[0] = products.fold(F::ZERO, |sum, (a, b)| sum.add(a.conjugate().multiply(*b)));
        }
        (Direct::Outer, [second]) => {
            let width = second.entries.len();
            for (at, value) in out.iter_mut().enumerate() {
                *value = first.entries[at / width].multiply(second.entries[at % width]);
            }
        }
        (Direct::Dot | Direct::Outer, _) => {
            return Err(Fault::Unsupported("a call with a missing argument".to_owned()));
        }
    }
    Ok(())
}

fn square_of_modulus<F: Field>(number: F) -> F {
    number.conjugate().multiply(number)
}

/// Evaluates an abbreviation by its text, with the arguments as inputs.
fn by_text<F: Field>(
    text: &Text,
    frame: &Frame,
    arguments: &[Argument<'_, F>],
    out: &mut [F],
    context: &mut Context<'_>,
) -> Result<(), Fault> {
    let tree = &text.fragment.tree;
    let letters: Vec<u64> = text.letters.iter().map(|letter| frame.known(*letter) as u64).collect();
    let mut inputs = vec![Input::default(); tree.variables.len()];
    let mut storage: Vec<F> = Vec::new();
    for (parameter, argument) in text.fragment.parameters.iter().zip(arguments) {
        if let Some(input) = inputs.get_mut(parameter.0 as usize) {
            input.slot = Slot { offset: storage.len(), ..argument.slot };
        }
        storage.extend_from_slice(argument.entries);
    }
    let limit = storage.len().saturating_add(usize::try_from(context.work).unwrap_or(usize::MAX));
    let inner = Frame::new(
        &text.plan,
        inputs,
        storage.len(),
        &|id| tree.dimensions.evaluate(id, &letters),
        limit,
    )?;
    if let Some(entry) = context.book.entry(text.entry) {
        context.enter(entry)?;
    }
    let mut evaluation = Evaluation { plan: &text.plan, frame: &inner, symbols: &[], storage };
    evaluation.run(&[text.fragment.result], context)?;
    context.leave();
    let result = evaluation.value(text.fragment.result);
    if result.len() != out.len() {
        return Err(Fault::Unsupported(
            "a text of the rule book whose shape does not agree".to_owned(),
        ));
    }
    out.copy_from_slice(result);
    Ok(())
}
