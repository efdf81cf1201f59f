//! Assumptions: equations between variables that hold at every point that is drawn.
//!
//! A drawn point is moved until an assumption holds, by what its form tells: a definition, commuting
//! matrices, an inverse, a projector, a unit vector, orthogonal vectors. Whether it really holds there is
//! then evaluated, so that a point that was not moved well is never used. Must not know what is asked.

use gradus_elaborate::typed::{Operation, TypedId, TypedTree, VariableId};
use gradus_tensor::{Rational, Structure};

use crate::book::Context;
use crate::draw::{Drawn, Point, Style, cayley, copy_triangle, region, skew};
use crate::field::Fault;
use crate::frame::Frame;
use crate::matrix;
use crate::question::{Root, Scene};
use crate::random::Random;
use crate::world::World;

/// An equation that is assumed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Assumption {
    pub(crate) left: Root,
    pub(crate) right: Root,
    recipe: Recipe,
}

/// How a point is moved so that an assumption holds; the numbers are quantities.
#[derive(Clone, Copy, Debug)]
enum Recipe {
    /// `A = …`: A gets the value of a root.
    Definition { quantity: usize, value: Root },
    /// `X*Y = Y*X`: Y becomes a polynomial in X.
    Commuting { fixed: usize, moved: usize },
    /// `X*Y = eye`: Y becomes the inverse of X.
    Inverse { fixed: usize, moved: usize },
    /// `P*P = P`
    Projector { moved: usize },
    /// `A = A'`, or with a minus
    Mirrored { moved: usize, skew: bool },
    /// `A'*A = eye`; `A*A' = eye` where rows are meant
    Orthonormal { moved: usize, rows: bool },
    /// `x'*x = 1`
    Unit { moved: usize },
    /// `x'*y = 0`: y loses its part along x.
    Orthogonal { fixed: usize, moved: usize },
}

impl Assumption {
    /// Reads an equation.
    ///
    /// # Errors
    /// Its form is none of those that points can be drawn for.
    pub(crate) fn read(world: &World<'_>, left: Root, right: Root) -> Result<Self, Fault> {
        let reader = Reader { world, tree: world.parts[left.part].plan.tree, part: left.part };
        let recipe =
            reader.recipe(left, right).or_else(|| reader.recipe(right, left)).ok_or_else(|| {
                Fault::Unsupported(
                    "an assumption is none of A = …, A = A', X*Y = Y*X, X*Y = eye, A'*A = eye, \
                     P*P = P, x'*x = 1, x'*y = 0 with variables that have no structure"
                        .to_owned(),
                )
            })?;
        Ok(Self { left, right, recipe })
    }
}

impl Assumption {
    /// Whether a point is moved in a variable of which differentials are taken: along them the
    /// assumption would not hold any more.
    pub(crate) fn moves_a_varying_one(&self, world: &World<'_>) -> bool {
        let moved = match self.recipe {
            Recipe::Definition { quantity: moved, .. }
            | Recipe::Commuting { moved, .. }
            | Recipe::Inverse { moved, .. }
            | Recipe::Projector { moved }
            | Recipe::Mirrored { moved, .. }
            | Recipe::Orthonormal { moved, .. }
            | Recipe::Unit { moved }
            | Recipe::Orthogonal { moved, .. } => moved,
        };
        world.differential(moved).is_some()
    }
}

/// Refuses commuting matrices of which it is not said that each commutes with each: they would be drawn
/// as if it were, for one that commutes with two others does not make these commute.
///
/// # Errors
/// A pair is missing.
pub(crate) fn all_commute(assumptions: &[Assumption]) -> Result<(), Fault> {
    let mut pairs: Vec<[usize; 2]> = Vec::new();
    for assumption in assumptions {
        if let Recipe::Commuting { fixed, moved } = assumption.recipe {
            pairs.push([fixed.min(moved), fixed.max(moved)]);
        }
    }
    for one in &pairs {
        for other in &pairs {
            let shared = one.iter().find(|quantity| other.contains(quantity));
            let (Some(shared), true) = (shared, one != other) else { continue };
            let mut ends =
                [one, other].map(|pair| if pair[0] == *shared { pair[1] } else { pair[0] });
            ends.sort_unstable();
            if !pairs.contains(&ends) {
                return Err(Fault::Unsupported(
                    "two matrices commute with the same one, but it is not said whether with each \
                     other"
                        .to_owned(),
                ));
            }
        }
    }
    Ok(())
}

impl Assumption {
    /// Whether points that fulfil it lie in parts that are apart.
    pub(crate) fn has_parts(&self) -> bool {
        matches!(self.recipe, Recipe::Projector { .. } | Recipe::Orthonormal { .. })
    }
}

struct Reader<'w> {
    world: &'w World<'w>,
    tree: &'w TypedTree,
    part: usize,
}

impl Reader<'_> {
    /// The operation of a node; of a binding, that of what is bound.
    fn operation(&self, mut id: TypedId) -> &Operation {
        loop {
            match &self.tree.node(id).operation {
                Operation::Binding { value, .. } => id = *value,
                operation => return operation,
            }
        }
    }

    /// The quantity of a plain variable.
    fn variable(&self, id: TypedId) -> Option<usize> {
        let Operation::Variable(variable) = self.operation(id) else { return None };
        let quantity = self.quantity(*variable)?;
        self.world.quantities[quantity].family.is_empty().then_some(quantity)
    }

    fn quantity(&self, variable: VariableId) -> Option<usize> {
        self.world.parts[self.part].quantities.get(variable.0 as usize).copied().flatten()
    }

    /// A variable that may take any value.
    fn free(&self, id: TypedId) -> Option<usize> {
        self.variable(id).filter(|quantity| {
            let quantity = &self.world.quantities[*quantity];
            quantity.structure == Structure::General && !quantity.positive
        })
    }

    fn product(&self, id: TypedId) -> Option<(TypedId, TypedId)> {
        match self.operation(id) {
            Operation::Multiply(left, right) => Some((*left, *right)),
            _ => None,
        }
    }

    fn transposed(&self, id: TypedId) -> Option<TypedId> {
        match self.operation(id) {
            Operation::Transpose(inner) => Some(*inner),
            _ => None,
        }
    }

    fn is_number(&self, id: TypedId, number: i64) -> bool {
        matches!(self.operation(id), Operation::Number(value)
            if *value == Rational::integer(number))
    }

    fn recipe(&self, left: Root, right: Root) -> Option<Recipe> {
        if let Some(quantity) = self.free(left.id)
            && !self.mentions(right.id, quantity)
        {
            return Some(Recipe::Definition { quantity, value: right });
        }
        // `A' = …` says of A the same as `A = …'`.
        let plain = self.transposed(left.id).unwrap_or(left.id);
        if let Some(moved) = self.free(plain) {
            let (mirrored, skew) = match self.operation(right.id) {
                Operation::Negate(inner) => (*inner, true),
                _ => (right.id, false),
            };
            let other = self.transposed(mirrored);
            let turned = (plain != left.id) != other.is_some();
            let inner = other.unwrap_or(mirrored);
            return (turned && self.free(inner) == Some(moved))
                .then_some(Recipe::Mirrored { moved, skew });
        }
        let (one, other) = self.product(left.id)?;
        if matches!(self.operation(right.id), Operation::Identity)
            && let Some((inner, outer, rows)) = match (self.transposed(one), self.transposed(other))
            {
                (Some(inner), None) => Some((inner, other, false)),
                (None, Some(inner)) => Some((inner, one, true)),
                _ => None,
            }
            && let Some(moved) = self.free(inner)
            && self.free(outer) == Some(moved)
        {
            return Some(Recipe::Orthonormal { moved, rows });
        }
        if let Some((first, second)) = self.product(right.id)
            && let (Some(x), Some(y)) = (self.variable(one), self.variable(other))
            && (self.variable(first), self.variable(second)) == (Some(y), Some(x))
        {
            let movable = |id| self.free(id).is_some();
            // A differential moves rather than the variable.
            let first_moves = self.world.quantities[x].differential_of.is_some();
            return match (movable(one), movable(other)) {
                (true, true) if first_moves => Some(Recipe::Commuting { fixed: y, moved: x }),
                (_, true) => Some(Recipe::Commuting { fixed: x, moved: y }),
                (true, false) => Some(Recipe::Commuting { fixed: y, moved: x }),
                (false, false) => None,
            };
        }
        if matches!(self.operation(right.id), Operation::Identity) {
            let (x, y) = (self.variable(one)?, self.free(other)?);
            return (x != y).then_some(Recipe::Inverse { fixed: x, moved: y });
        }
        if let (Some(x), Some(y)) = (self.free(one), self.free(other))
            && x == y
            && self.variable(right.id) == Some(x)
        {
            return Some(Recipe::Projector { moved: x });
        }
        let Operation::Transpose(first) = self.operation(one) else { return None };
        let (fixed, moved) = (self.variable(*first)?, self.free(other)?);
        match fixed == moved {
            true => self.is_number(right.id, 1).then_some(Recipe::Unit { moved }),
            false => self.is_number(right.id, 0).then_some(Recipe::Orthogonal { fixed, moved }),
        }
    }

    /// Whether a variable stands in an expression.
    fn mentions(&self, root: TypedId, quantity: usize) -> bool {
        let mut pending = vec![root];
        let mut seen = vec![false; self.tree.nodes.len()];
        while let Some(id) = pending.pop() {
            if std::mem::replace(&mut seen[id.0 as usize], true) {
                continue;
            }
            if let Operation::Variable(variable) = &self.tree.node(id).operation
                && self.quantity(*variable) == Some(quantity)
            {
                return true;
            }
            self.tree.children(id, |child| pending.push(child));
        }
        false
    }
}

/// How often all assumptions are gone through.
const PASSES: usize = 3;

/// Moves a point so that the assumptions hold, in their order.
///
/// # Errors
/// They do not hold at the point that was reached, or it has no value there.
pub(crate) fn assume<B: Drawn>(
    assumptions: &[Assumption],
    (world, frames): (&World<'_>, &[Frame]),
    mut point: Point<B>,
    random: &mut Random,
    context: &mut Context<'_>,
) -> Result<Point<B>, Fault> {
    // One assumption may move what another one was moved by; those that hold stay.
    for _ in 0..PASSES {
        let mut all = true;
        for assumption in assumptions {
            if !holds(assumption, (world, frames), &point, context)? {
                all = false;
                let place = (world, frames);
                let (moved, values) = moved(assumption, place, &point, random, context)?;
                let place = region(&point.inputs[moved]);
                if place.len() != values.len() {
                    return Err(Fault::Outside);
                }
                point.values[place].copy_from_slice(&values);
            }
        }
        if all {
            return Ok(point);
        }
    }
    for assumption in assumptions {
        if !holds(assumption, (world, frames), &point, context)? {
            return Err(Fault::Outside);
        }
    }
    Ok(point)
}

/// Whether an assumption holds at a point; where it has no value it does not.
fn holds<B: Drawn>(
    assumption: &Assumption,
    (world, frames): (&World<'_>, &[Frame]),
    point: &Point<B>,
    context: &mut Context<'_>,
) -> Result<bool, Fault> {
    let mut sides = Vec::with_capacity(2);
    for side in [assumption.left, assumption.right] {
        match evaluated(world, frames, point, side, context) {
            Ok(value) => sides.push(value),
            Err(Fault::Outside) => return Ok(false),
            Err(fault) => return Err(fault),
        }
    }
    let [left, right] = sides.as_slice() else { return Ok(false) };
    Ok(left.len() == right.len() && left.iter().zip(right).all(|(left, right)| left.agrees(*right)))
}

/// The quantity that is moved so that an assumption holds, and its values.
fn moved<B: Drawn>(
    assumption: &Assumption,
    (world, frames): (&World<'_>, &[Frame]),
    point: &Point<B>,
    random: &mut Random,
    context: &mut Context<'_>,
) -> Result<(usize, Vec<B>), Fault> {
    Ok(match assumption.recipe {
        Recipe::Definition { quantity, value } => {
            (quantity, evaluated(world, frames, point, value, context)?)
        }
        Recipe::Commuting { fixed, moved } => (moved, polynomial(point, fixed, random)),
        Recipe::Inverse { fixed, moved } => (moved, inverse(point, fixed)?),
        Recipe::Projector { moved } => (moved, projector(point, moved, random)?),
        Recipe::Mirrored { moved, skew } => (moved, mirrored(point, moved, skew)?),
        Recipe::Orthonormal { moved, rows } => (moved, orthonormal(point, moved, rows, random)?),
        Recipe::Unit { moved } => (moved, unit(point, moved)?),
        Recipe::Orthogonal { fixed, moved } => (moved, orthogonal(point, fixed, moved)?),
    })
}

fn evaluated<B: Drawn>(
    world: &World<'_>,
    frames: &[Frame],
    point: &Point<B>,
    root: Root,
    context: &mut Context<'_>,
) -> Result<Vec<B>, Fault> {
    let scene = Scene { world, frames, point, moved: point };
    scene.value(root, context)
}

/// The entries of a variable, and how many rows and columns it has.
fn entries<B: Drawn>(point: &Point<B>, quantity: usize) -> (&[B], usize, usize) {
    let input = &point.inputs[quantity];
    (&point.values[region(input)], input.slot.rows, input.slot.columns)
}

fn product<B: Drawn>(left: &[B], right: &[B], inner: usize, columns: usize) -> Vec<B> {
    let rows = left.len().checked_div(inner).unwrap_or(0);
    let mut out = vec![B::ZERO; rows * columns];
    matrix::product(left, right, &mut out, inner, columns);
    out
}

/// A random polynomial of second degree in a matrix.
fn polynomial<B: Drawn>(point: &Point<B>, fixed: usize, random: &mut Random) -> Vec<B> {
    let (matrix, size, columns) = entries(point, fixed);
    let square = product(matrix, matrix, size, columns);
    let [constant, linear, quadratic] = [(); 3].map(|()| B::any(random, Style::Normal));
    let mut out = Vec::with_capacity(matrix.len());
    for (at, (entry, squared)) in matrix.iter().zip(&square).enumerate() {
        let unit = if at % (columns + 1) == 0 { constant } else { B::ZERO };
        out.push(unit.add(linear.multiply(*entry)).add(quadratic.multiply(*squared)));
    }
    out
}

fn identity<B: Drawn>(size: usize) -> Vec<B> {
    (0..size * size).map(|at| if at % (size + 1) == 0 { B::ONE } else { B::ZERO }).collect()
}

fn inverse<B: Drawn>(point: &Point<B>, fixed: usize) -> Result<Vec<B>, Fault> {
    let (matrix, size, columns) = entries(point, fixed);
    if size != columns {
        return Err(Fault::Outside);
    }
    let mut out = vec![B::ZERO; size * size];
    B::solve(matrix, &identity(size), &mut out, size, size)?;
    Ok(out)
}

/// `A*inv(B*A)*B` of any rank: projectors of different ranks lie apart, and what holds of all but the
/// identity is not true.
fn projector<B: Drawn>(
    point: &Point<B>,
    moved: usize,
    random: &mut Random,
) -> Result<Vec<B>, Fault> {
    let (matrix, size, _) = entries(point, moved);
    let rank = match random.below(6) {
        0 => 0,
        1 | 2 => size,
        _ => size.div_ceil(2),
    };
    if rank == 0 {
        return Ok(vec![B::ZERO; size * size]);
    }
    let tall: Vec<B> = matrix[..size * rank].to_vec();
    let wide: Vec<B> = (0..rank * size).map(|_| B::any(random, Style::Normal)).collect();
    let inner = product(&wide, &tall, size, rank);
    let mut solved = vec![B::ZERO; rank * size];
    B::solve(&inner, &wide, &mut solved, rank, size)?;
    Ok(product(&tall, &solved, rank, size))
}

/// A symmetric or skew matrix from its upper triangle.
fn mirrored<B: Drawn>(point: &Point<B>, moved: usize, is_skew: bool) -> Result<Vec<B>, Fault> {
    let (matrix, size, columns) = entries(point, moved);
    if size != columns {
        return Err(Fault::Outside);
    }
    let mut out = matrix.to_vec();
    if is_skew {
        skew(&mut out, size)
    } else {
        copy_triangle(&mut out, size)
    }
    Ok(out)
}

/// Some columns of a random orthogonal matrix, or some of its rows.
fn orthonormal<B: Drawn>(
    point: &Point<B>,
    moved: usize,
    by_rows: bool,
    random: &mut Random,
) -> Result<Vec<B>, Fault> {
    let (_, rows, columns) = entries(point, moved);
    let (size, kept) = if by_rows { (columns, rows) } else { (rows, columns) };
    if kept > size {
        return Err(Fault::Outside);
    }
    let mut whole: Vec<B> = (0..size * size).map(|_| B::any(random, Style::Normal)).collect();
    skew(&mut whole, size);
    cayley(&mut whole, size)?;
    // Both components of the group are reached.
    if random.below(2) == 1 {
        whole[..size].iter_mut().for_each(|entry| *entry = entry.negate());
    }
    Ok(match by_rows {
        true => whole[..kept * size].to_vec(),
        false => whole.chunks_exact(size).flat_map(|row| row[..kept].iter().copied()).collect(),
    })
}

fn dot<B: Drawn>(left: &[B], right: &[B]) -> B {
    left.iter().zip(right).fold(B::ZERO, |sum, (one, other)| sum.add(one.multiply(*other)))
}

/// A vector on the unit sphere, rational in the one that was drawn: `(2u, u'u - 1)/(u'u + 1)`.
fn unit<B: Drawn>(point: &Point<B>, moved: usize) -> Result<Vec<B>, Fault> {
    let (vector, ..) = entries(point, moved);
    let Some((_, parameters)) = vector.split_last() else { return Err(Fault::Outside) };
    let square = dot(parameters, parameters);
    let below = square.add(B::ONE);
    let two = B::ONE.add(B::ONE);
    let mut out = Vec::with_capacity(vector.len());
    for parameter in parameters {
        out.push(two.multiply(*parameter).divide(below).ok_or(Fault::Outside)?);
    }
    out.push(square.subtract(B::ONE).divide(below).ok_or(Fault::Outside)?);
    Ok(out)
}

fn orthogonal<B: Drawn>(point: &Point<B>, fixed: usize, moved: usize) -> Result<Vec<B>, Fault> {
    let (along, ..) = entries(point, fixed);
    let (vector, ..) = entries(point, moved);
    if along.len() != vector.len() {
        return Err(Fault::Outside);
    }
    let part = dot(along, vector).divide(dot(along, along)).ok_or(Fault::Outside)?;
    Ok(vector
        .iter()
        .zip(along)
        .map(|(entry, along)| entry.subtract(part.multiply(*along)))
        .collect())
}
