//! Functions of whole arrays that are computed by an algorithm over one kind of numbers: over floating
//! point numbers by those of [`crate::dense`] and [`crate::decomposition`], over dual numbers by the
//! differential in the rule book.
//!
//! Must not know the order in which nodes are evaluated.

use gradus_elaborate::rule_book;
use gradus_functions::{
    ArgumentPattern, ArrayFunction, ShapePattern, ShapeSignature, Signature, SizePattern, book,
};
use gradus_tensor::FunctionId;

use crate::book::Context;
use crate::call::Argument;
use crate::decomposition;
use crate::dense::{self, Dense};
use crate::evaluate::Evaluation;
use crate::field::{Fault, Field};
use crate::frame::{Frame, Input, Slot};
use crate::matrix;
use crate::plan::Plan;
use crate::tracked::Tracked;

/// Functions with an algorithm over every field; false for the others.
pub(crate) fn everywhere<F: Field>(
    function: ArrayFunction,
    arguments: &[Argument<'_, F>],
    out: &mut [F],
    context: &mut Context<'_>,
) -> Result<bool, Fault> {
    match (function, arguments) {
        (ArrayFunction::MatrixPower, [base, exponent]) => {
            let Some(exponent) = exponent.entries[0].as_integer() else { return Ok(false) };
            context.spend(cube(base.slot.rows).saturating_mul(64))?;
            matrix::power(base.entries, exponent, out, base.slot.rows)?;
        }
        (ArrayFunction::PowerFrechet, [base, exponent, direction]) => {
            let Some(exponent) = exponent.entries[0].as_integer() else { return Ok(false) };
            let size = base.slot.rows;
            context.spend(cube(2 * size).saturating_mul(64))?;
            let block = double(base.entries, direction.entries, size);
            let mut power = block.clone();
            matrix::power(&block, exponent, &mut power, 2 * size)?;
            corner(&power, out, size);
        }
        (ArrayFunction::Sylvester, [left, right, known]) => {
            let (m, n) = known.slot.shape();
            context.spend(cube(m * n))?;
            sylvester(left.entries, right.entries, known.entries, out, (m, n))?;
        }
        (ArrayFunction::Cholesky, [argument]) => {
            context.spend(cube(argument.slot.rows).saturating_mul(8))?;
            cholesky(argument.entries, out, argument.slot.rows, context)?;
        }
        (ArrayFunction::PseudoInverse, [argument]) => {
            context.spend(cube(argument.slot.rows.max(argument.slot.columns)))?;
            return full_rank_inverse(argument, out);
        }
        _ => return Ok(false),
    }
    Ok(true)
}

fn cube(size: usize) -> u64 {
    (size as u64).saturating_pow(3)
}

/// `[a, b; 0, a]`
fn double<F: Field>(a: &[F], b: &[F], size: usize) -> Vec<F> {
    let mut whole = vec![F::ZERO; 4 * size * size];
    for row in 0..size {
        for column in 0..size {
            let (at, own) = (row * size + column, row * 2 * size + column);
            whole[own] = a[at];
            whole[own + size] = b[at];
            whole[own + 2 * size * size + size] = a[at];
        }
    }
    whole
}

/// The upper right quarter.
fn corner<F: Field>(whole: &[F], out: &mut [F], size: usize) {
    for (row, target) in out.chunks_exact_mut(size).enumerate() {
        let start = row * 2 * size + size;
        target.copy_from_slice(&whole[start..start + size]);
    }
}

/// As one system of linear equations for all entries.
fn sylvester<F: Field>(
    left: &[F],
    right: &[F],
    known: &[F],
    out: &mut [F],
    (m, n): (usize, usize),
) -> Result<(), Fault> {
    let size = m * n;
    let mut system = vec![F::ZERO; size * size];
    for row in 0..m {
        for column in 0..n {
            let equation = &mut system[(row * n + column) * size..][..size];
            for inner in 0..m {
                let place = &mut equation[inner * n + column];
                *place = place.add(left[row * m + inner]);
            }
            for inner in 0..n {
                let place = &mut equation[row * n + inner];
                *place = place.add(right[inner * n + column]);
            }
        }
    }
    F::solve(&system, known, out, size, 1)
}

/// The Cholesky factor of the symmetric part.
fn cholesky<F: Field>(
    matrix: &[F],
    out: &mut [F],
    size: usize,
    context: &mut Context<'_>,
) -> Result<(), Fault> {
    let half = gradus_tensor::Rational::new(1, 2).ok_or(Fault::Outside)?;
    let halved = F::from_rational(&half).ok_or(Fault::Outside)?;
    out.fill(F::ZERO);
    for column in 0..size {
        for row in column..size {
            let pair = matrix[row * size + column].add(matrix[column * size + row]);
            let mut rest = pair.multiply(halved);
            for inner in 0..column {
                let product = out[row * size + inner].multiply(out[column * size + inner]);
                rest = rest.subtract(product);
            }
            out[row * size + column] = if row == column {
                rest.power(&half, context)?
            } else {
                rest.divide(out[column * (size + 1)]).ok_or(Fault::Outside)?
            };
        }
    }
    Ok(())
}

/// `inv(X'*X)*X'` or `X'*inv(X*X')`, whichever has the smaller inverse; false without full rank.
fn full_rank_inverse<F: Field>(argument: &Argument<'_, F>, out: &mut [F]) -> Result<bool, Fault> {
    let (rows, columns) = argument.slot.shape();
    let mut turned = argument.entries.to_vec();
    matrix::transpose(argument.entries, &mut turned, columns);
    let tall = rows >= columns;
    let size = rows.min(columns);
    let mut gram = vec![F::ZERO; size * size];
    let solved = if tall {
        matrix::product(&turned, argument.entries, &mut gram, rows, columns);
        F::solve(&gram, &turned, out, size, rows)
    } else {
        matrix::product(argument.entries, &turned, &mut gram, columns, rows);
        let mut solution = turned.clone();
        let solved = F::solve(&gram, argument.entries, &mut solution, size, columns);
        matrix::transpose(&solution, out, columns);
        solved
    };
    match solved {
        Ok(()) => Ok(true),
        Err(Fault::Outside) => Ok(false),
        Err(fault) => Err(fault),
    }
}

/// The signs with which entries are moved, bit after bit: in turn, and as by chance.
const SIGNS: [u32; 3] = [0xaaaa_aaaa, 0x1b87_3593, 0x6c62_272e];
/// What the worst direction may add to those that were tried.
const ROOM: f64 = 8.0;

/// The value in floating point numbers, with a scale by which two computations of it may differ; if
/// `strictly`, from changes in several directions, all of which must have a value.
pub(crate) fn tracked(
    function: ArrayFunction,
    arguments: &[Argument<'_, Tracked>],
    out: &mut [Tracked],
    strictly: bool,
    context: &mut Context<'_>,
) -> Result<(), Fault> {
    let widest = arguments.iter().map(|argument| argument.slot.rows.max(argument.slot.columns));
    context.spend(cube(2 * widest.max().unwrap_or(1)).saturating_mul(200))?;
    // By how much each entry is moved, in units of its scale.
    let moved = |step: f64, direction: usize| -> Vec<Dense> {
        let entry = |(at, entry): (usize, &Tracked)| {
            let sign = if SIGNS[direction] >> (at % 31) & 1 == 0 { 1.0 } else { -1.0 };
            entry.value + sign * step * entry.scale
        };
        let dense = |argument: &Argument<'_, Tracked>| {
            let (rows, columns) = argument.slot.shape();
            Dense::new(rows, columns, argument.entries.iter().enumerate().map(entry).collect())
        };
        arguments.iter().map(dense).collect()
    };
    let exact = moved(0.0, 0);
    let value = dense_value(function, &exact).ok_or(Fault::Outside)?;
    let mut scale = value.largest();
    if function == ArrayFunction::PseudoInverse {
        // Nearby matrices may have another rank, and so nothing is learnt from them.
        let scales = arguments[0].entries.iter().map(|entry| entry.scale);
        scale += scale * scale * scales.fold(0.0, f64::max);
    } else {
        let step = 1e-6;
        let directions = if strictly { SIGNS.len() } else { 1 };
        let mut largest = 0.0_f64;
        for direction in 0..directions {
            let near = dense_value(function, &moved(step, direction));
            if near.is_none() && strictly {
                return Err(Fault::Outside);
            }
            let change = near.map_or(0.0, |near| near.plus(-1.0, &value).largest() / step);
            if change.is_finite() {
                largest = largest.max(change);
            }
        }
        scale += if strictly { ROOM * largest } else { largest };
    }
    for (out, value) in out.iter_mut().zip(&value.entries) {
        *out = Tracked { value: *value, scale: scale.max(value.abs()) };
    }
    Ok(())
}

/// The value at matrices of floating point numbers; nothing outside of the domain.
fn dense_value(function: ArrayFunction, arguments: &[Dense]) -> Option<Dense> {
    let scalar = |value: f64| Dense::new(1, 1, vec![value]);
    let values = |values: Vec<f64>| Dense::new(values.len(), 1, values);
    let power = |matrix: &Dense, exponent: &Dense| {
        dense::exponential(&dense::logarithm(matrix)?.scale(exponent.entries[0]))
    };
    match (function, arguments) {
        (ArrayFunction::MatrixExponential, [x]) => dense::exponential(x),
        (ArrayFunction::MatrixLogarithm, [x]) => dense::logarithm(x),
        (ArrayFunction::MatrixRoot, [x]) => dense::root(x),
        (ArrayFunction::MatrixPower, [x, k]) => power(x, k),
        (ArrayFunction::ExponentialFrechet, [x, e]) => {
            dense::exponential(&Dense::block(x, e)).map(|whole| whole.corner())
        }
        (ArrayFunction::LogarithmFrechet, [x, e]) => {
            dense::logarithm(&Dense::block(x, e)).map(|whole| whole.corner())
        }
        (ArrayFunction::RootFrechet, [x, e]) => {
            dense::root(&Dense::block(x, e)).map(|whole| whole.corner())
        }
        (ArrayFunction::PowerFrechet, [x, k, e]) => {
            power(&Dense::block(x, e), k).map(|whole| whole.corner())
        }
        (ArrayFunction::PseudoInverse, [x]) => Some(decomposition::pseudoinverse(x)),
        (ArrayFunction::PolarFactor, [x]) => decomposition::polar(x),
        (ArrayFunction::NuclearNorm, [x]) => {
            Some(scalar(decomposition::singular(x).values.iter().sum()))
        }
        (ArrayFunction::SpectralNorm, [x]) => {
            decomposition::singular(x).values.first().map(|value| scalar(*value))
        }
        (ArrayFunction::SingularDyad, [x]) => decomposition::singular_dyad(x),
        (ArrayFunction::Eigenvalues, [x]) => {
            decomposition::eigen(x).map(|(found, _)| values(found))
        }
        (ArrayFunction::Eigenvectors, [x]) => decomposition::eigen(x).map(|(_, vectors)| vectors),
        (ArrayFunction::GreatestEigenvalue, [x]) => {
            let (found, _) = decomposition::symmetric_eigen(x);
            found.last().map(|value| scalar(*value))
        }
        (ArrayFunction::EigenProjector, [x]) => {
            decomposition::greatest_eigen(x).map(|(_, projector)| projector)
        }
        (ArrayFunction::Greatest, [x]) => {
            decomposition::greatest(x).map(|(_, value)| scalar(value))
        }
        (ArrayFunction::Hardmax, [x]) => decomposition::greatest(x).map(|(place, _)| {
            let mut found = Dense::zeros(x.rows, x.columns);
            found.set(place, 0, 1.0);
            found
        }),
        _ => None,
    }
}

/// The differential in the rule book at arrays, along tangents of them.
pub(crate) fn differential<F: Field>(
    function: FunctionId,
    arguments: &[Argument<'_, F>],
    tangents: &[Vec<F>],
    out: &mut [F],
    context: &mut Context<'_>,
) -> Result<(), Fault> {
    let name = book().get(function).name;
    let shapes: Vec<(usize, usize)> =
        arguments.iter().map(|argument| argument.slot.shape()).collect();
    let found = book().signatures(function).iter().enumerate().find_map(|(at, signature)| {
        let Signature::Shapes(shaped) = signature else { return None };
        letters(shaped, &shapes).map(|letters| (at, letters))
    });
    let (signature, letters) = found
        .ok_or_else(|| Fault::Unsupported(format!("{name} has no differential at these shapes")))?;
    let fragment = rule_book()
        .differential(function, signature)
        .map_err(|diagnostic| Fault::Unsupported(diagnostic.message.clone()))?;
    let tree = &fragment.tree;
    let plan = Plan::nested(tree, &[fragment.result], 1)?;
    let mut inputs = vec![Input::default(); tree.variables.len()];
    let mut storage: Vec<F> = Vec::new();
    let slots = arguments.iter().map(|argument| argument.slot);
    let own = fragment.parameters.iter().zip(arguments.iter().map(|argument| argument.entries));
    let changes = fragment.differentials.iter().zip(tangents.iter().map(Vec::as_slice));
    for ((variable, entries), slot) in own.chain(changes).zip(slots.clone().chain(slots)) {
        if let Some(input) = inputs.get_mut(variable.0 as usize) {
            input.slot = Slot { offset: storage.len(), ..slot };
        }
        storage.extend_from_slice(entries);
    }
    let limit = storage.len().saturating_add(usize::try_from(context.work).unwrap_or(usize::MAX));
    let size = |id| tree.dimensions.evaluate(id, &letters);
    let frame = Frame::new(&plan, inputs, storage.len(), &size, limit)?;
    if let Some(entry) = context.book.entry(function) {
        context.enter(entry)?;
    }
    let mut evaluation = Evaluation { plan: &plan, frame: &frame, symbols: &[], storage };
    evaluation.run(&[fragment.result], context)?;
    context.leave();
    let result = evaluation.value(fragment.result);
    if result.len() != out.len() {
        return Err(Fault::Unsupported(format!("the differential of {name} has another shape")));
    }
    out.copy_from_slice(result);
    Ok(())
}

/// The sizes of the letters of a signature, if these shapes fit it.
fn letters(signature: &ShapeSignature, shapes: &[(usize, usize)]) -> Option<Vec<u64>> {
    let mut letters: Vec<Option<u64>> = vec![None; signature.letters.len()];
    let mut shapes = shapes.iter();
    for argument in &signature.arguments {
        let ArgumentPattern::Array(ShapePattern { rows, columns }) = argument else { return None };
        let shape = shapes.next()?;
        for (pattern, side) in [(rows, shape.0 as u64), (columns, shape.1 as u64)] {
            let fits = match (SizePattern::as_letter(pattern), pattern.as_number()) {
                (Some(letter), _) => *letters[letter.0 as usize].get_or_insert(side) == side,
                (None, Some(number)) => number.to_i64().is_some_and(|number| number as u64 == side),
                (None, None) => false,
            };
            if !fits {
                return None;
            }
        }
    }
    letters.into_iter().collect()
}

/// Whether the shape of a result follows from those of the arguments.
pub(crate) fn agrees(
    function: ArrayFunction,
    shapes: &[(usize, usize)],
    own: (usize, usize),
) -> bool {
    let square = |shape: &(usize, usize)| shape.0 == shape.1;
    let scalar = (1, 1);
    match (function, shapes) {
        (
            ArrayFunction::Determinant
            | ArrayFunction::LogDeterminant
            | ArrayFunction::GreatestEigenvalue,
            [x],
        ) => square(x) && own == scalar,
        (
            ArrayFunction::Inverse
            | ArrayFunction::Adjugate
            | ArrayFunction::MatrixExponential
            | ArrayFunction::MatrixLogarithm
            | ArrayFunction::MatrixRoot
            | ArrayFunction::Cholesky
            | ArrayFunction::Eigenvectors
            | ArrayFunction::EigenProjector,
            [x],
        ) => square(x) && own == *x,
        (
            ArrayFunction::Softmax
            | ArrayFunction::PolarFactor
            | ArrayFunction::SingularDyad
            | ArrayFunction::Hardmax,
            [x],
        ) => own == *x,
        (
            ArrayFunction::LogSumExp
            | ArrayFunction::NuclearNorm
            | ArrayFunction::SpectralNorm
            | ArrayFunction::Product
            | ArrayFunction::Greatest,
            [_],
        ) => own == scalar,
        (ArrayFunction::MatrixPower, [x, k]) => square(x) && own == *x && *k == scalar,
        (ArrayFunction::PowerFrechet, [x, k, e]) => {
            square(x) && own == *x && *k == scalar && e == x
        }
        (
            ArrayFunction::ExponentialFrechet
            | ArrayFunction::LogarithmFrechet
            | ArrayFunction::RootFrechet,
            [x, e],
        ) => square(x) && own == *x && e == x,
        (ArrayFunction::Sylvester, [a, b, c]) => {
            square(a) && square(b) && own == *c && *c == (a.0, b.0)
        }
        (ArrayFunction::PseudoInverse, [x]) => own == (x.1, x.0),
        (ArrayFunction::Eigenvalues, [x]) => square(x) && own == (x.0, 1),
        _ => false,
    }
}
