//! Derivatives of any order, by real and complex variables and by families, at one point: the claim
//! acts on one direction after the other.
//!
//! Must not know how points are drawn or how many are needed.

use gradus_tensor::{Rational, Structure};

use crate::book::Context;
use crate::claim::{Form, Layout, Part, Stacking};
use crate::draw::{Drawn, curvature, is_curved, tangent};
use crate::field::Fault;
use crate::layout::derivative_extent;
use crate::question::{Answer, Derivative, Direction, Pair, Scene, is_laid_out, wrong_shape};
use crate::random::Random;
use crate::verdict::Difference;

impl Derivative {
    /// One derivative, claimed by each of its variables in turn.
    pub(crate) fn ask_higher<B: Drawn>(
        &self,
        position: usize,
        layout: Layout,
        scene: &Scene<'_, B>,
        random: &mut Random,
        context: &mut Context<'_>,
    ) -> Result<Answer<B>, Fault> {
        let claim = &self.claims[position];
        let mut directions = Vec::new();
        let mut extents = vec![self.function_extent(scene)];
        let mut variables = Vec::new();
        for (order, quantity) in claim.variables.iter().enumerate() {
            directions.push(Direction::draw(scene, *quantity, self.convention, random)?);
            let is_family = scene.members(*quantity).is_some();
            if is_family && order > 0 && !self.is_map_at(claim.variables.len(), order) {
                return Err(Fault::Unsupported("a higher derivative by a family".to_owned()));
            }
            let variable = scene.variable_extent(*quantity);
            let function = extents[extents.len() - 1];
            extents.push(derivative_extent(layout, function, variable));
            variables.push(variable);
        }
        let orders = directions.len();
        let applied = usize::from(matches!(self.form, Form::LinearMap(_)));
        let last: Vec<&Direction<B>> = directions.last().into_iter().collect();
        let inputs = self.claim_inputs(scene, &last);
        let varying: Vec<usize> = last.iter().map(|direction| direction.quantity).collect();
        let mut values = scene.values_along(self.part, inputs, &[claim.id], &varying, context)?;
        let Some((slot, mut right)) = values.pop() else { return Ok(Answer::Pairs(Vec::new())) };
        let expected = extents[orders - applied];
        // Only the first of several variables may be a family of which the claim is a member.
        let first = claim.variables.first().filter(|_| orders > applied);
        let members = first.and_then(|quantity| scene.members(*quantity));
        if !is_laid_out(slot, right.len(), expected, members) {
            return Ok(wrong_shape(position, slot, expected));
        }
        let parts: Vec<Part> = (0..orders).map(|order| claim.part(order)).collect();
        for level in (0..orders - applied).rev() {
            let direction = &directions[level];
            let moved = moved_by(scene, direction, parts[level]);
            // Of a complex variable df is the real part of tr(G^H*dX).
            let gradient =
                parts[level] == Part::Whole && scene.world.quantities[direction.quantity].complex;
            if gradient {
                right.iter_mut().for_each(|entry| *entry = entry.conjugate());
            }
            right = self.act_on_members(layout, &right, [extents[level], variables[level]], &moved);
            if gradient {
                right.iter_mut().for_each(|entry| *entry = entry.real_part());
            }
        }
        let mut left = self.polarised(scene, &directions, &parts, context)?;
        if let Some(bend) = bend(scene, &directions)? {
            let bent = self.derivative(scene, &[vec![&bend]], context)?;
            for (entry, bent) in left.iter_mut().zip(bent) {
                *entry = entry.subtract(bent);
            }
        }
        Ok(Answer::Pairs(vec![Pair { left, right, difference: Difference::Claim(position) }]))
    }

    /// Whether a claim is a map of the differential of its variable of this order.
    fn is_map_at(&self, orders: usize, order: usize) -> bool {
        matches!(self.form, Form::LinearMap(_)) && order + 1 == orders
    }

    /// The derivative in one direction for each order. A Wirtinger derivative is told from the other
    /// one by a second direction at a right angle.
    pub(crate) fn polarised<B: Drawn>(
        &self,
        scene: &Scene<'_, B>,
        directions: &[Direction<B>],
        parts: &[Part],
        context: &mut Context<'_>,
    ) -> Result<Vec<B>, Fault> {
        let is_turned = |at: &usize| {
            parts[*at] != Part::Whole && !is_real_space(scene, directions[*at].quantity)
        };
        let turned: Vec<usize> = (0..directions.len()).filter(is_turned).collect();
        if turned.is_empty() {
            let levels: Vec<Vec<&Direction<B>>> =
                directions.iter().map(|direction| vec![direction]).collect();
            return self.derivative(scene, &levels, context);
        }
        let missing = || Fault::Unsupported("a Wirtinger derivative by a real variable".to_owned());
        let unit = B::imaginary_unit().ok_or_else(missing)?;
        let half = Rational::new(1, 2).as_ref().and_then(B::from_rational).ok_or(Fault::Outside)?;
        let mut others = Vec::with_capacity(turned.len());
        for at in &turned {
            let quantity = directions[*at].quantity;
            let free: Vec<B> =
                directions[*at].free.iter().map(|entry| entry.multiply(unit)).collect();
            let along = tangent(scene.world, scene.moved, quantity, &free, self.convention)?;
            others.push(Direction { quantity, free, along });
        }
        let mut total: Vec<B> = Vec::new();
        for choice in 0..1_usize << turned.len() {
            let mut factor = B::ONE;
            let mut levels: Vec<Vec<&Direction<B>>> =
                directions.iter().map(|direction| vec![direction]).collect();
            for (place, at) in turned.iter().enumerate() {
                factor = factor.multiply(half);
                if choice >> place & 1 == 1 {
                    let plain = parts[*at] == Part::Plain;
                    factor = factor.multiply(if plain { unit.negate() } else { unit });
                    levels[*at] = vec![&others[place]];
                }
            }
            let change = self.derivative(scene, &levels, context)?;
            total.resize(change.len(), B::ZERO);
            for (entry, change) in total.iter_mut().zip(change) {
                *entry = entry.add(factor.multiply(change));
            }
        }
        Ok(total)
    }
}

/// The direction that a claimed derivative acts on.
pub(crate) fn moved_by<B: Drawn>(
    scene: &Scene<'_, B>,
    direction: &Direction<B>,
    part: Part,
) -> Vec<B> {
    match part {
        Part::Whole => direction.free.clone(),
        // It is formed as if the entries varied freely, and acts on tangents alone.
        Part::Plain if is_real_space(scene, direction.quantity) => direction.along.clone(),
        Part::Plain => direction.free.clone(),
        Part::Conjugate => direction.free.iter().map(|entry| entry.conjugate()).collect(),
    }
}

/// Whether the tangent space of a quantity is no complex space.
fn is_real_space<B: Drawn>(scene: &Scene<'_, B>, quantity: usize) -> bool {
    matches!(scene.world.quantities[quantity].structure, Structure::Hermitian | Structure::Unitary)
}

/// The entries of a direction in the order in which they are stacked; of a family, one member after
/// the other.
pub(crate) fn stacked_entries<B: Drawn>(
    scene: &Scene<'_, B>,
    quantity: usize,
    stacking: Stacking,
    entries: &[B],
) -> Vec<B> {
    let extent = scene.variable_extent(quantity);
    if stacking == Stacking::Rows {
        return entries.to_vec();
    }
    let mut stacked = Vec::with_capacity(entries.len());
    for member in entries.chunks_exact(extent.len()) {
        for column in 0..extent.columns {
            stacked.extend((0..extent.rows).map(|row| member[row * extent.columns + column]));
        }
    }
    stacked
}

/// How geodesics in the directions leave the lines in the directions, where a structure is curved: the
/// second derivative along geodesics is the one along lines less the first one along this.
fn bend<B: Drawn>(
    scene: &Scene<'_, B>,
    directions: &[Direction<B>],
) -> Result<Option<Direction<B>>, Fault> {
    let is_curved = |direction: &Direction<B>| is_curved(scene.world, direction.quantity);
    match directions {
        [_] => Ok(None),
        directions if !directions.iter().any(is_curved) => Ok(None),
        [first, second] if first.quantity == second.quantity => {
            let quantity = first.quantity;
            let along = curvature(scene.moved, quantity, &first.along, &second.along);
            Ok(Some(Direction { quantity, free: along.clone(), along }))
        }
        [_, _] => Ok(None),
        _ => Err(Fault::Unsupported("a derivative of this order on a curved structure".to_owned())),
    }
}
