//! Draws of values: random points that have the declared structures, and directions along them.
//!
//! Must not know what is evaluated at the points.

use gradus_tensor::{Rational, Structure};

use crate::claim::Convention;
use crate::complex::{Complex, Real};
use crate::field::{Fault, Field, Lift};
use crate::frame::{Input, Slot};
use crate::matrix;
use crate::modular::Mod;
use crate::random::Random;
use crate::sizes::Draw;
use crate::tracked::Tracked;
use crate::world::{Quantity, World};

/// The part of the scale by which two computations of one number may differ.
pub(crate) const TOLERANCE: f64 = 1e-7;

/// What a point is like. Over the finite field all styles are one, except for the choice of signs and
/// positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Normal,
    Positive,
    Definite,
    NearIdentity,
    Small,
    Large,
    /// Far from zero, where functions have other branches.
    Wide,
    /// Numbers and vectors of all magnitudes, where functions have other pieces or are saturated.
    Far,
    /// Square matrices with eigenvalues on all sides of zero, none of them real and negative.
    Turning,
}

/// In this order styles are tried until all is finite.
pub(crate) const STYLES: [Style; 6] = [
    Style::Normal,
    Style::Positive,
    Style::Definite,
    Style::NearIdentity,
    Style::Small,
    Style::Large,
];

/// Numbers that can be drawn.
pub(crate) trait Drawn: Lift<Base = Self> {
    /// Added to the diagonal of a positive definite matrix, to keep it well conditioned.
    const RIDGE: Self;
    fn any(random: &mut Random, style: Style) -> Self;
    /// Any complex number, where there are such.
    fn any_complex(random: &mut Random, style: Style) -> Self {
        Self::any(random, style)
    }
    fn positive(random: &mut Random, style: Style) -> Self;
    fn exponent(random: &mut Random, integer: bool, round: u64) -> Self;
    /// Whether two computations of one number agree.
    fn agrees(self, other: Self) -> bool;
}

impl Drawn for Mod {
    const RIDGE: Self = Self::ZERO;

    fn any(random: &mut Random, _style: Style) -> Self {
        Self::new(random.word())
    }

    fn positive(random: &mut Random, _style: Style) -> Self {
        let root = Self::new(random.word());
        root.product(root)
    }

    fn exponent(random: &mut Random, _integer: bool, round: u64) -> Self {
        // Each draw has other exponents than the one before.
        let value = 2 + 3 * (round % 4) + random.below(3);
        Self::new(value)
    }

    fn agrees(self, other: Self) -> bool {
        self == other
    }
}

impl Drawn for Tracked {
    const RIDGE: Self = Self { value: 0.5, scale: 0.5 };

    fn any(random: &mut Random, style: Style) -> Self {
        Self::new(match style {
            Style::Normal | Style::Definite | Style::NearIdentity | Style::Turning => {
                random.normal()
            }
            Style::Positive => 0.5 + random.unit(),
            Style::Small => 0.2 * random.normal(),
            Style::Large => 1.5 + random.unit(),
            Style::Wide => 2.5 * random.normal(),
            Style::Far => (random.unit() - 0.5).signum() * 10_f64.powf(3.0 * random.unit()),
        })
    }

    fn positive(random: &mut Random, style: Style) -> Self {
        Self::new(match style {
            Style::Small => 0.05 + 0.3 * random.unit(),
            Style::Far => 10_f64.powf(3.0 * random.unit()),
            Style::Large => 1.5 + random.unit(),
            _ => 0.3 + 1.7 * random.unit(),
        })
    }

    fn exponent(random: &mut Random, integer: bool, round: u64) -> Self {
        let value = if integer {
            (2 + (random.below(2) + round) % 4) as f64
        } else {
            0.6 + 2.0 * random.unit()
        };
        Self::new(value)
    }

    fn agrees(self, other: Self) -> bool {
        (self.value - other.value).abs() <= TOLERANCE * self.scale.max(other.scale)
    }
}

impl<B: Drawn + Real> Drawn for Complex<B> {
    const RIDGE: Self = Self { real: B::RIDGE, imaginary: B::ZERO };

    fn any(random: &mut Random, style: Style) -> Self {
        Self::of(B::any(random, style))
    }

    fn any_complex(random: &mut Random, style: Style) -> Self {
        let root = Self { real: B::any(random, style), imaginary: B::any(random, style) };
        // Of a square the modulus has a root over every field.
        root.multiply(root)
    }

    fn positive(random: &mut Random, style: Style) -> Self {
        Self::of(B::positive(random, style))
    }

    fn exponent(random: &mut Random, integer: bool, round: u64) -> Self {
        Self::of(B::exponent(random, integer, round))
    }

    fn agrees(self, other: Self) -> bool {
        self.real.agrees(other.real) && self.imaginary.agrees(other.imaginary)
    }
}

/// The values of all quantities.
pub(crate) struct Point<B> {
    pub(crate) values: Vec<B>,
    /// Where each quantity is.
    pub(crate) inputs: Vec<Input>,
}

/// How often and how a point is drawn.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner {
    pub(crate) style: Style,
    /// The number of the draw, by which discrete choices are spread.
    pub(crate) round: u64,
}

/// Where each quantity is kept at these sizes, and how many numbers there are.
pub(crate) fn arrange(
    world: &World<'_>,
    draw: &Draw,
    limit: usize,
) -> Result<(Vec<Input>, usize), Fault> {
    let mut inputs = Vec::with_capacity(world.quantities.len());
    let mut offset = 0_usize;
    for quantity in &world.quantities {
        if !quantity.is_array {
            inputs.push(Input::default());
            continue;
        }
        let size = |dimension| {
            let size = draw
                .size(world, quantity.tree, dimension)
                .filter(|size| *size > 0)
                .ok_or(Fault::Outside)?;
            usize::try_from(size).map_err(|_| Fault::Limit("the sizes"))
        };
        let slot = Slot {
            offset,
            rows: size(quantity.shape.rows)?,
            columns: size(quantity.shape.columns)?,
        };
        let family: Result<Vec<usize>, Fault> =
            quantity.family.iter().map(|range| size(*range)).collect();
        let family = family?;
        let sizes = [slot.rows, slot.columns].into_iter().chain(family.iter().copied());
        let count = sizes.fold(1_usize, usize::saturating_mul);
        offset = offset.saturating_add(count);
        if offset > limit {
            return Err(Fault::Limit("the number of entries"));
        }
        inputs.push(Input { slot, family });
    }
    Ok((inputs, offset))
}

/// The number of members of a family; one for a plain variable.
fn members(input: &Input) -> usize {
    input.family.iter().product()
}

/// Where all members of a quantity are.
pub(crate) fn region(input: &Input) -> std::ops::Range<usize> {
    input.slot.offset..input.slot.offset + members(input) * input.slot.len()
}

/// Draws a point.
pub(crate) fn draw_point<B: Drawn>(
    world: &World<'_>,
    inputs: Vec<Input>,
    total: usize,
    random: &mut Random,
    manner: Manner,
) -> Result<Point<B>, Fault> {
    let mut values = vec![B::ZERO; total];
    for (quantity, input) in world.quantities.iter().zip(&inputs) {
        if quantity.is_array {
            for member in values[region(input)].chunks_exact_mut(input.slot.len()) {
                draw_member(quantity, input.slot, member, random, manner)?;
            }
        }
    }
    Ok(Point { values, inputs })
}

fn draw_member<B: Drawn>(
    quantity: &Quantity,
    slot: Slot,
    out: &mut [B],
    random: &mut Random,
    manner: Manner,
) -> Result<(), Fault> {
    let (rows, columns) = slot.shape();
    // Beside matrices with a positive determinant, other numbers are positive too.
    let matrix = rows == columns && !slot.is_scalar();
    let style = match manner.style {
        Style::Definite | Style::NearIdentity | Style::Turning if !matrix => Style::Positive,
        // Matrices of all magnitudes would be singular but for rounding.
        Style::Far if rows > 1 && columns > 1 => Style::Normal,
        style => style,
    };
    let entry = |random: &mut Random| match quantity.exponent {
        Some(integer) => B::exponent(random, integer, manner.round),
        None if quantity.complex => B::any_complex(random, style),
        None if quantity.positive => B::positive(random, style),
        None => B::any(random, style),
    };
    for value in out.iter_mut() {
        *value = entry(random);
    }
    if matches!(quantity.structure, Structure::OneHot | Structure::Simplex) {
        return draw_weights(quantity.structure, out, random, manner);
    }
    if rows != columns || slot.is_scalar() && quantity.structure == Structure::General {
        return match quantity.structure {
            Structure::General | Structure::LowerTriangular | Structure::UpperTriangular => {
                mask(quantity.structure, out, columns);
                Ok(())
            }
            _ => Err(Fault::Unsupported("a structure of a matrix that is not square".to_owned())),
        };
    }
    match quantity.structure {
        Structure::General => shape_square(out, rows, manner.style)?,
        Structure::PositiveDefinite => definite(out, rows),
        Structure::Orthogonal => return orthogonal(out, rows, random, manner),
        Structure::Skew => skew(out, rows),
        Structure::Symmetric => {
            shape_square(out, rows, manner.style)?;
            copy_triangle(out, rows);
        }
        Structure::Hermitian => halve(out, rows, B::add)?,
        Structure::Unitary => return unitary(out, rows),
        Structure::Diagonal | Structure::LowerTriangular | Structure::UpperTriangular => {
            mask(quantity.structure, out, columns);
        }
        Structure::OneHot | Structure::Simplex => {}
    }
    Ok(())
}

/// A unit vector, or weights that add up to one.
fn draw_weights<B: Drawn>(
    structure: Structure,
    out: &mut [B],
    random: &mut Random,
    manner: Manner,
) -> Result<(), Fault> {
    if structure == Structure::OneHot {
        let count = out.len() as u64;
        // Positions of two such vectors agree in some draws and differ in others.
        let at = match manner.round % 3 {
            0 => manner.round / 3 % count.max(1),
            _ => random.below(count),
        };
        out.fill(B::ZERO);
        if let Some(value) = usize::try_from(at).ok().and_then(|at| out.get_mut(at)) {
            *value = B::ONE;
        }
        return Ok(());
    }
    for value in out.iter_mut() {
        *value = B::positive(random, Style::Positive);
    }
    let sum = out.iter().fold(B::ZERO, |sum, value| sum.add(*value));
    for value in out {
        *value = value.divide(sum).ok_or(Fault::Outside)?;
    }
    Ok(())
}

/// Square matrices of the special styles.
fn shape_square<B: Drawn>(out: &mut [B], size: usize, style: Style) -> Result<(), Fault> {
    match style {
        Style::Turning => return turning(out, size),
        Style::Wide => {
            // Nearly skew, for large imaginary parts without large exponentials.
            let tenth = Rational::new(1, 10).as_ref().and_then(B::from_rational).unwrap_or(B::ONE);
            let entries = out.to_vec();
            for (at, value) in out.iter_mut().enumerate() {
                let mirrored = entries[at % size * size + at / size];
                *value = entries[at].subtract(mirrored).add(entries[at].multiply(tenth));
            }
        }
        Style::Definite => definite(out, size),
        Style::NearIdentity => {
            let tenth = Rational::new(1, 10).as_ref().and_then(B::from_rational).unwrap_or(B::ONE);
            for (at, value) in out.iter_mut().enumerate() {
                let unit = if at % (size + 1) == 0 { B::ONE } else { B::ZERO };
                *value = unit.add(value.multiply(tenth));
            }
        }
        _ => {}
    }
    Ok(())
}

/// `P*D*inv(P)`, where D has blocks that turn, and for an odd size one positive number.
fn turning<B: Drawn>(out: &mut [B], size: usize) -> Result<(), Fault> {
    let basis = out.to_vec();
    let mut scaled = vec![B::ZERO; size * size];
    for row in 0..size {
        for first in (0..size).step_by(2) {
            let (x, a) = (basis[row * size + first], basis[first * (size + 1)]);
            if first + 1 == size {
                scaled[row * size + first] = x.multiply(a.multiply(a));
                continue;
            }
            let (y, b) = (basis[row * size + first + 1], basis[first * (size + 1) + 1]);
            scaled[row * size + first] = x.multiply(a).add(y.multiply(b));
            scaled[row * size + first + 1] = y.multiply(a).subtract(x.multiply(b));
        }
    }
    let (mut turned, mut right) = (basis.clone(), scaled.clone());
    matrix::transpose(&basis, &mut turned, size);
    matrix::transpose(&scaled, &mut right, size);
    B::solve(&turned, &right, &mut scaled, size, size)?;
    matrix::transpose(&scaled, out, size);
    Ok(())
}

/// `B'B` with a ridge.
fn definite<B: Drawn>(out: &mut [B], size: usize) {
    let mut turned = out.to_vec();
    matrix::transpose(out, &mut turned, size);
    let factor = out.to_vec();
    matrix::product(&turned, &factor, out, size, size);
    for at in 0..size {
        out[at * (size + 1)] = out[at * (size + 1)].add(B::RIDGE);
    }
}

/// Copies what is above the diagonal below it.
pub(crate) fn copy_triangle<B: Field>(out: &mut [B], size: usize) {
    for row in 0..size {
        for column in 0..row {
            out[row * size + column] = out[column * size + row];
        }
    }
}

/// Copies what is above the diagonal below it with the other sign.
pub(crate) fn skew<B: Field>(out: &mut [B], size: usize) {
    for row in 0..size {
        out[row * (size + 1)] = B::ZERO;
        for column in 0..row {
            out[row * size + column] = out[column * size + row].negate();
        }
    }
}

/// Half a matrix and half its conjugate transpose, put together.
fn halve<B: Drawn>(out: &mut [B], size: usize, join: fn(B, B) -> B) -> Result<(), Fault> {
    let half = Rational::new(1, 2).as_ref().and_then(B::from_rational).ok_or(Fault::Outside)?;
    let mut turned = out.to_vec();
    adjoint(out, &mut turned, size);
    for (entry, other) in out.iter_mut().zip(turned) {
        *entry = join(*entry, other).multiply(half);
    }
    Ok(())
}

/// `inv(I+A)*(I-A)` for a skew-hermitian A.
fn unitary<B: Drawn>(out: &mut [B], size: usize) -> Result<(), Fault> {
    halve(out, size, B::subtract)?;
    cayley(out, size)
}

/// `inv(I+A)*(I-A)`
pub(crate) fn cayley<B: Drawn>(out: &mut [B], size: usize) -> Result<(), Fault> {
    let (mut plus, mut minus) = (out.to_vec(), out.to_vec());
    for (at, (plus, minus)) in plus.iter_mut().zip(&mut minus).enumerate() {
        let unit = if at % (size + 1) == 0 { B::ONE } else { B::ZERO };
        *minus = unit.subtract(*plus);
        *plus = unit.add(*plus);
    }
    B::solve(&plus, &minus, out, size, size)
}

/// `inv(I+A)*(I-A)` for a skew A, with signs of rows: both components of the group are reached.
fn orthogonal<B: Drawn>(
    out: &mut [B],
    size: usize,
    random: &mut Random,
    manner: Manner,
) -> Result<(), Fault> {
    skew(out, size);
    cayley(out, size)?;
    for (row, entries) in out.chunks_exact_mut(size).enumerate() {
        let turned = match manner.round {
            0 => false,
            1 => row == 0,
            _ => random.below(2) == 1,
        };
        if turned {
            for entry in entries {
                *entry = entry.negate();
            }
        }
    }
    Ok(())
}

/// Sets to zero what a structure requires to be zero.
fn mask<B: Field>(structure: Structure, out: &mut [B], columns: usize) {
    for (at, value) in out.iter_mut().enumerate() {
        let (row, column) = (at / columns, at % columns);
        let kept = match structure {
            Structure::Diagonal => row == column,
            Structure::LowerTriangular => column <= row,
            Structure::UpperTriangular => column >= row,
            _ => true,
        };
        if !kept {
            *value = B::ZERO;
        }
    }
}

/// Random numbers without structure in the place of one quantity.
pub(crate) fn draw_free<B: Drawn>(
    world: &World<'_>,
    point: &Point<B>,
    quantity: usize,
    random: &mut Random,
) -> Vec<B> {
    let count = region(&point.inputs[quantity]).len();
    let any = if world.quantities[quantity].complex { B::any_complex } else { B::any };
    (0..count).map(|_| any(random, Style::Normal)).collect()
}

/// The part of a free direction that is tangent to the structure of a quantity. A derivative in the
/// given convention acts on the free direction as the function changes along this part.
pub(crate) fn tangent<B: Drawn>(
    world: &World<'_>,
    point: &Point<B>,
    quantity: usize,
    free: &[B],
    convention: Convention,
) -> Result<Vec<B>, Fault> {
    let input = &point.inputs[quantity];
    let structure = world.quantities[quantity].structure;
    let mut out = free.to_vec();
    let values = point.values[region(input)].chunks_exact(input.slot.len());
    for (member, value) in out.chunks_exact_mut(input.slot.len()).zip(values) {
        project(structure, value, member, input.slot)?;
        if convention == Convention::Entries {
            count_entries(structure, member, input.slot.columns);
        }
    }
    Ok(out)
}

/// Whether the tangent space of a quantity depends on the point.
pub(crate) fn is_curved(world: &World<'_>, quantity: usize) -> bool {
    matches!(world.quantities[quantity].structure, Structure::Orthogonal | Structure::Unitary)
}

/// `Q*(V'*W + W'*V)/2` for tangents V and W at an orthogonal Q: geodesics bend against it.
pub(crate) fn curvature<B: Drawn>(
    point: &Point<B>,
    quantity: usize,
    first: &[B],
    second: &[B],
) -> Vec<B> {
    let input = &point.inputs[quantity];
    let (size, length) = (input.slot.rows, input.slot.len());
    let mut out = vec![B::ZERO; first.len()];
    let members = point.values[region(input)].chunks_exact(length);
    let directions = first.chunks_exact(length).zip(second.chunks_exact(length));
    let half = Rational::new(1, 2).as_ref().and_then(B::from_rational).unwrap_or(B::ONE);
    for ((out, value), (first, second)) in out.chunks_exact_mut(length).zip(members).zip(directions)
    {
        let mut total = vec![B::ZERO; length];
        for (left, right) in [(first, second), (second, first)] {
            let (mut turned, mut product) = (left.to_vec(), left.to_vec());
            adjoint(left, &mut turned, size);
            matrix::product(&turned, right, &mut product, size, size);
            for (total, entry) in total.iter_mut().zip(product) {
                *total = total.add(entry.multiply(half));
            }
        }
        matrix::product(value, &total, out, size, size);
    }
    out
}

/// The conjugate transpose.
pub(crate) fn adjoint<B: Drawn>(matrix: &[B], out: &mut [B], columns: usize) {
    matrix::transpose(matrix, out, columns);
    for entry in out {
        *entry = entry.conjugate();
    }
}

/// Both places of an entry that a structure repeats count in full.
fn count_entries<B: Drawn>(structure: Structure, out: &mut [B], columns: usize) {
    let repeats = matches!(
        structure,
        Structure::Symmetric | Structure::PositiveDefinite | Structure::Skew | Structure::Hermitian
    );
    for (at, entry) in out.iter_mut().enumerate() {
        if repeats && at / columns != at % columns {
            *entry = entry.add(*entry);
        }
    }
}

fn project<B: Drawn>(
    structure: Structure,
    value: &[B],
    out: &mut [B],
    slot: Slot,
) -> Result<(), Fault> {
    let size = slot.rows;
    let half = Rational::new(1, 2).as_ref().and_then(B::from_rational).ok_or(Fault::Outside)?;
    let mut turned = out.to_vec();
    match structure {
        Structure::Symmetric | Structure::PositiveDefinite => {
            matrix::transpose(out, &mut turned, slot.columns);
            for (entry, other) in out.iter_mut().zip(&turned) {
                *entry = entry.add(*other).multiply(half);
            }
        }
        Structure::Skew => {
            matrix::transpose(out, &mut turned, slot.columns);
            for (entry, other) in out.iter_mut().zip(&turned) {
                *entry = entry.subtract(*other).multiply(half);
            }
        }
        Structure::Hermitian => halve(out, size, B::add)?,
        Structure::Orthogonal | Structure::Unitary => {
            // (E - Q*E'*Q)/2
            adjoint(out, &mut turned, slot.columns);
            let mut product = turned.clone();
            matrix::product(value, &turned, &mut product, size, size);
            matrix::product(&product, value, &mut turned, size, size);
            for (entry, other) in out.iter_mut().zip(&turned) {
                *entry = entry.subtract(*other).multiply(half);
            }
        }
        Structure::Simplex => {
            let sum = out.iter().fold(B::ZERO, |sum, entry| sum.add(*entry));
            let count = B::from_integer(i64::try_from(out.len()).unwrap_or(i64::MAX));
            let mean = sum.divide(count).ok_or(Fault::Outside)?;
            for entry in out {
                *entry = entry.subtract(mean);
            }
        }
        Structure::Diagonal | Structure::LowerTriangular | Structure::UpperTriangular => {
            mask(structure, out, slot.columns);
        }
        Structure::General | Structure::OneHot => {}
    }
    Ok(())
}
