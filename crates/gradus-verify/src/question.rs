//! Questions about a world of trees, answered at one point: pairs of arrays that should be equal.
//!
//! Must not know how points are drawn or how many are needed.

use gradus_elaborate::typed::{Shape, TypedId};
use gradus_tensor::{Dimensions, Rational};
use rustc_hash::FxHashMap;

use crate::book::Context;
use crate::claim::{Claim, Convention, Form, Layout, Part, Stacking};
use crate::draw::{Drawn, Point, draw_free, is_curved, region, tangent};
use crate::evaluate::Evaluation;
use crate::field::{Dual, Fault, Lift};
use crate::frame::{Frame, Slot};
use crate::higher::{moved_by, stacked_entries};
use crate::layout::{Extent, act, derivative_extent};
use crate::random::Random;
use crate::verdict::Difference;
use crate::world::World;

/// Two arrays that are claimed to be equal.
pub(crate) struct Pair<B> {
    pub(crate) left: Vec<B>,
    pub(crate) right: Vec<B>,
    /// What is wrong if they are not.
    pub(crate) difference: Difference,
}

/// The answer at one point.
pub(crate) enum Answer<B> {
    Pairs(Vec<Pair<B>>),
    /// Shapes differ; no values are needed.
    Shape(Difference),
}

/// A root in a part of the world.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Root {
    pub(crate) part: usize,
    pub(crate) id: TypedId,
}

/// What is asked.
pub(crate) enum Question {
    /// All are equal.
    Equal(Vec<Root>),
    /// The claims are derivatives of the function.
    Derivative(Derivative),
}

/// The question about derivatives.
#[derive(Clone)]
pub(crate) struct Derivative {
    pub(crate) function: Root,
    /// The tree of the claims.
    pub(crate) part: usize,
    pub(crate) claims: Vec<Claimed>,
    pub(crate) form: Form,
    pub(crate) stacking: Stacking,
    pub(crate) convention: Convention,
    pub(crate) order: usize,
    /// Quantities with their values at the point of the derivatives.
    pub(crate) points: Vec<(usize, Root)>,
    /// The quotient of differences with this step is taken instead of the last derivative.
    pub(crate) step: Option<Rational>,
}

/// A claim with its variables resolved.
#[derive(Clone, Debug)]
pub(crate) struct Claimed {
    pub(crate) id: TypedId,
    pub(crate) variables: Vec<usize>,
    pub(crate) parts: Vec<Part>,
}

impl Claimed {
    /// Which derivative is claimed by the variable of an order.
    pub(crate) fn part(&self, order: usize) -> Part {
        self.parts.get(order).copied().unwrap_or_default()
    }

    /// Finds the variables of a claim.
    pub(crate) fn resolve(world: &World<'_>, claim: &Claim) -> Result<Self, Fault> {
        let find = |name: &String| {
            let quantity =
                world.named(name).filter(|quantity| world.quantities[*quantity].is_array);
            quantity.ok_or_else(|| Fault::Unsupported(format!("there is no variable {name}")))
        };
        let variables: Result<Vec<usize>, Fault> = claim.wrt.iter().map(find).collect();
        Ok(Self { id: claim.root, variables: variables?, parts: claim.parts.clone() })
    }
}

/// A world at fixed sizes and at a point.
pub(crate) struct Scene<'a, B> {
    pub(crate) world: &'a World<'a>,
    /// One for each part.
    pub(crate) frames: &'a [Frame],
    pub(crate) point: &'a Point<B>,
    /// Where the function is differentiated: the point itself, or the one that was asked for, which may
    /// depend on it.
    pub(crate) moved: &'a Point<B>,
}

impl<B: Drawn> Scene<'_, B> {
    /// The values of some roots at a point at which `dX` of each variable X that varies is its change.
    pub(crate) fn values_along(
        &self,
        part: usize,
        inputs: Vec<B>,
        roots: &[TypedId],
        varying: &[usize],
        context: &mut Context<'_>,
    ) -> Result<Vec<(Slot, Vec<B>)>, Fault> {
        let plan = &self.world.parts[part].plan;
        let depth = roots.iter().map(|root| plan.differentials(*root)).max().unwrap_or(0);
        let along = (part, inputs, roots, varying);
        match depth {
            0 => self.values(part, along.1, roots, context),
            1 => self.moved_values::<Dual<B>>(1, along, context),
            2 => self.moved_values::<Dual<Dual<B>>>(2, along, context),
            3 => self.moved_values::<Dual<Dual<Dual<B>>>>(3, along, context),
            _ => Err(Fault::Unsupported("d(…) inside more than two others".to_owned())),
        }
    }

    /// The same with numbers that know so many differentials.
    fn moved_values<F: Lift<Base = B>>(
        &self,
        depth: usize,
        (part, inputs, roots, varying): (usize, Vec<B>, &[TypedId], &[usize]),
        context: &mut Context<'_>,
    ) -> Result<Vec<(Slot, Vec<B>)>, Fault> {
        let mut moved: Vec<F> = inputs.iter().map(|value| F::lift(*value, &[])).collect();
        for quantity in varying {
            let Some(differential) = self.world.differential(*quantity) else { continue };
            let places = region(&self.point.inputs[*quantity]);
            let changes = region(&self.point.inputs[differential]);
            for (place, change) in places.zip(changes) {
                moved[place] = F::lift(inputs[place], &vec![inputs[change]; depth]);
            }
        }
        let values = self.values(part, moved, roots, context)?;
        let bottoms =
            |(slot, value): (Slot, Vec<F>)| (slot, value.into_iter().map(Lift::bottom).collect());
        Ok(values.into_iter().map(bottoms).collect())
    }

    /// Evaluates a part and gives the values of some roots, in which `d(…)` is what the numbers know.
    pub(crate) fn values<F: Lift<Base = B>>(
        &self,
        part: usize,
        inputs: Vec<F>,
        roots: &[TypedId],
        context: &mut Context<'_>,
    ) -> Result<Vec<(Slot, Vec<F>)>, Fault> {
        let own = &self.world.parts[part];
        let mut evaluation = Evaluation {
            plan: &own.plan,
            frame: &self.frames[part],
            symbols: &own.symbols,
            storage: inputs,
        };
        evaluation.run(roots, context)?;
        Ok(roots
            .iter()
            .map(|root| (evaluation.slot(*root), evaluation.members(*root).to_vec()))
            .collect())
    }

    /// The value of a root at the point.
    pub(crate) fn value(&self, root: Root, context: &mut Context<'_>) -> Result<Vec<B>, Fault> {
        let inputs = self.point.values.clone();
        let found = self.values_along(root.part, inputs, &[root.id], &[], context)?;
        Ok(found.into_iter().next().map(|(_, value)| value).unwrap_or_default())
    }

    fn extent(&self, shape: Shape, slot: Slot) -> Extent {
        Extent {
            rows: slot.rows,
            columns: slot.columns,
            one_row: shape.rows == Dimensions::ONE,
            one_column: shape.columns == Dimensions::ONE,
        }
    }

    /// The shape of a variable; of a family, the one of a member.
    pub(crate) fn variable_extent(&self, quantity: usize) -> Extent {
        let input = &self.point.inputs[quantity];
        self.extent(self.world.quantities[quantity].shape, input.slot)
    }

    /// How many members a variable has, if it is a family.
    pub(crate) fn members(&self, quantity: usize) -> Option<usize> {
        let family = &self.point.inputs[quantity].family;
        (!family.is_empty()).then(|| family.iter().product())
    }
}

/// Asks a question at a point.
pub(crate) fn ask<B: Drawn>(
    question: &Question,
    scene: &Scene<'_, B>,
    random: &mut Random,
    context: &mut Context<'_>,
) -> Result<Answer<B>, Fault> {
    match question {
        Question::Equal(roots) => ask_equal(roots, scene, context),
        Question::Derivative(derivative) => derivative.ask(scene, random, context),
    }
}

fn ask_equal<B: Drawn>(
    roots: &[Root],
    scene: &Scene<'_, B>,
    context: &mut Context<'_>,
) -> Result<Answer<B>, Fault> {
    let mut sides: Vec<Option<(Slot, Vec<B>)>> = vec![None; roots.len()];
    let varying = scene.world.varying();
    let inputs = tangent_inputs(scene, &varying, roots)?;
    for part in 0..scene.world.parts.len() {
        let here: Vec<usize> = (0..roots.len()).filter(|side| roots[*side].part == part).collect();
        let ids: Vec<TypedId> = here.iter().map(|side| roots[*side].id).collect();
        let values = scene.values_along(part, inputs.clone(), &ids, &varying, context)?;
        for (side, value) in here.into_iter().zip(values) {
            sides[side] = Some(value);
        }
    }
    fill_scalars(&mut sides);
    let mut sides = sides.into_iter().flatten();
    let Some((slot, first)) = sides.next() else { return Ok(Answer::Pairs(Vec::new())) };
    let mut pairs = Vec::new();
    for (position, (other, value)) in sides.enumerate() {
        let side = position + 1;
        if other.shape() != slot.shape() {
            let shape = |slot: Slot| (slot.rows as u64, slot.columns as u64);
            return Ok(Answer::Shape(Difference::SideShape {
                side,
                found: shape(other),
                expected: shape(slot),
            }));
        }
        pairs.push(Pair { left: first.clone(), right: value, difference: Difference::Side(side) });
    }
    Ok(Answer::Pairs(pairs))
}

/// The point; if `d(…)` occurs, differentials are along the structures of their variables.
fn tangent_inputs<B: Drawn>(
    scene: &Scene<'_, B>,
    varying: &[usize],
    roots: &[Root],
) -> Result<Vec<B>, Fault> {
    let mut inputs = scene.point.values.clone();
    let plan = |root: &Root| &scene.world.parts[root.part].plan;
    if roots.iter().all(|root| plan(root).differentials(root.id) == 0) {
        return Ok(inputs);
    }
    for quantity in varying {
        let Some(differential) = scene.world.differential(*quantity) else { continue };
        let places = region(&scene.point.inputs[differential]);
        let free = &scene.point.values[places.clone()];
        let along = tangent(scene.world, scene.point, *quantity, free, Convention::Projected)?;
        if along.len() == places.len() {
            inputs[places].copy_from_slice(&along);
        }
    }
    Ok(inputs)
}

/// A number beside arrays stands for an array of it, as in `X - X = 0`.
fn fill_scalars<B: Drawn>(sides: &mut [Option<(Slot, Vec<B>)>]) {
    let array = sides.iter().flatten().map(|(slot, _)| *slot).find(|slot| !slot.is_scalar());
    let Some(array) = array else { return };
    for (slot, value) in sides.iter_mut().flatten() {
        if slot.is_scalar()
            && let [number] = value.as_slice()
        {
            *value = vec![*number; array.len()];
            *slot = array;
        }
    }
}

/// A direction for one variable: without structure, and along its structure.
pub(crate) struct Direction<B> {
    pub(crate) quantity: usize,
    pub(crate) free: Vec<B>,
    pub(crate) along: Vec<B>,
}

impl<B: Drawn> Direction<B> {
    pub(crate) fn draw(
        scene: &Scene<'_, B>,
        quantity: usize,
        convention: Convention,
        random: &mut Random,
    ) -> Result<Self, Fault> {
        let free = draw_free(scene.world, scene.point, quantity, random);
        let along = tangent(scene.world, scene.moved, quantity, &free, convention)?;
        Ok(Self { quantity, free, along })
    }
}

impl Derivative {
    fn ask<B: Drawn>(
        &self,
        scene: &Scene<'_, B>,
        random: &mut Random,
        context: &mut Context<'_>,
    ) -> Result<Answer<B>, Fault> {
        match self.form {
            Form::Differential => self.ask_differential(scene, random, context),
            Form::Stacked(layout) => self.ask_stacked(layout, scene, random, context),
            _ if self.order == 1 => self.ask_together(scene, random, context),
            Form::Array(layout) | Form::LinearMap(layout) => {
                let mut pairs = Vec::new();
                for position in 0..self.claims.len() {
                    match self.ask_higher(position, layout, scene, random, context)? {
                        Answer::Pairs(more) => pairs.extend(more),
                        shape @ Answer::Shape(_) => return Ok(shape),
                    }
                }
                Ok(Answer::Pairs(pairs))
            }
        }
    }

    pub(crate) fn function_extent<B: Drawn>(&self, scene: &Scene<'_, B>) -> Extent {
        let plan = &scene.world.parts[self.function.part].plan;
        let slot = scene.frames[self.function.part].slots[plan.place(self.function.id) as usize];
        scene.extent(plan.tree.shape(self.function.id), slot)
    }

    /// The derivative of the function in one direction for each order.
    pub(crate) fn derivative<B: Drawn>(
        &self,
        scene: &Scene<'_, B>,
        directions: &[Vec<&Direction<B>>],
        context: &mut Context<'_>,
    ) -> Result<Vec<B>, Fault> {
        match (&self.step, directions.split_last()) {
            (Some(step), Some((last, others))) => self.quotient(scene, others, last, step, context),
            _ => self.derivative_of_order(scene, directions, context),
        }
    }

    fn derivative_of_order<B: Drawn>(
        &self,
        scene: &Scene<'_, B>,
        directions: &[Vec<&Direction<B>>],
        context: &mut Context<'_>,
    ) -> Result<Vec<B>, Fault> {
        match directions.len() {
            0 => self.lifted::<B, B>(scene, directions, context),
            1 => self.lifted::<B, Dual<B>>(scene, directions, context),
            2 => self.lifted::<B, Dual<Dual<B>>>(scene, directions, context),
            3 => self.lifted::<B, Dual<Dual<Dual<B>>>>(scene, directions, context),
            _ => self.by_series(scene, directions, context),
        }
    }

    /// How the derivative of lower order changes along the last direction, over the step.
    fn quotient<B: Drawn>(
        &self,
        scene: &Scene<'_, B>,
        others: &[Vec<&Direction<B>>],
        last: &[&Direction<B>],
        step: &Rational,
        context: &mut Context<'_>,
    ) -> Result<Vec<B>, Fault> {
        let step = B::from_rational(step).ok_or(Fault::Outside)?;
        let mut values = scene.moved.values.clone();
        for direction in last {
            let places = region(&scene.moved.inputs[direction.quantity]);
            for (value, along) in values[places].iter_mut().zip(&direction.along) {
                *value = value.add(step.multiply(*along));
            }
        }
        let beside = Point { values, inputs: scene.moved.inputs.clone() };
        let beside = Scene { moved: &beside, ..*scene };
        let before = self.derivative_of_order(scene, others, context)?;
        let mut quotient = self.derivative_of_order(&beside, others, context)?;
        for (entry, before) in quotient.iter_mut().zip(before) {
            *entry = entry.subtract(before).divide(step).ok_or(Fault::Outside)?;
        }
        Ok(quotient)
    }

    fn lifted<B: Drawn, F: Lift<Base = B>>(
        &self,
        scene: &Scene<'_, B>,
        directions: &[Vec<&Direction<B>>],
        context: &mut Context<'_>,
    ) -> Result<Vec<B>, Fault> {
        let mut inputs: Vec<F> =
            scene.moved.values.iter().map(|value| F::lift(*value, &[])).collect();
        let order = directions.len();
        let mut moved: Vec<usize> =
            directions.iter().flatten().map(|direction| direction.quantity).collect();
        moved.sort_unstable();
        moved.dedup();
        let mut slopes = vec![B::ZERO; order];
        let levels: Vec<FxHashMap<usize, &Direction<B>>> = directions
            .iter()
            .map(|level| level.iter().rev().map(|along| (along.quantity, *along)).collect())
            .collect();
        for quantity in moved {
            let places = region(&scene.point.inputs[quantity]);
            let moving: Vec<Option<&&Direction<B>>> =
                levels.iter().map(|level| level.get(&quantity)).collect();
            for (entry, place) in places.enumerate() {
                for (slope, direction) in slopes.iter_mut().zip(&moving) {
                    *slope = direction.map_or(B::ZERO, |direction| direction.along[entry]);
                }
                inputs[place] = F::lift(scene.moved.values[place], &slopes);
            }
        }
        let values = scene.values(self.function.part, inputs, &[self.function.id], context)?;
        Ok(values.into_iter().flat_map(|(_, value)| value).map(Lift::top).collect())
    }

    /// The inputs of the claims: the point, with the directions in the place of the differentials.
    pub(crate) fn claim_inputs<B: Drawn>(
        &self,
        scene: &Scene<'_, B>,
        directions: &[&Direction<B>],
    ) -> Vec<B> {
        let mut inputs = scene.point.values.clone();
        let by_quantity: FxHashMap<usize, &Direction<B>> =
            directions.iter().rev().map(|direction| (direction.quantity, *direction)).collect();
        for (position, quantity) in scene.world.quantities.iter().enumerate() {
            let Some(base) = quantity.differential_of else { continue };
            let Some(direction) = by_quantity.get(&base) else { continue };
            let places = region(&scene.point.inputs[position]);
            if places.len() == direction.along.len() {
                inputs[places].copy_from_slice(&direction.along);
            }
        }
        inputs
    }

    fn ask_differential<B: Drawn>(
        &self,
        scene: &Scene<'_, B>,
        random: &mut Random,
        context: &mut Context<'_>,
    ) -> Result<Answer<B>, Fault> {
        let function = self.function_extent(scene);
        let mut pairs = Vec::new();
        for (position, claim) in self.claims.iter().enumerate() {
            let mut directions = Vec::new();
            for quantity in &claim.variables {
                directions.push(Direction::draw(scene, *quantity, self.convention, random)?);
            }
            let directions: Vec<&Direction<B>> = directions.iter().collect();
            let curved = |along: &&Direction<B>| is_curved(scene.world, along.quantity);
            let left = if self.order > 3 || self.order > 1 && directions.iter().any(curved) {
                self.along_curve(scene, &directions, self.order, context)?
            } else {
                let levels = vec![directions.clone(); self.order];
                self.derivative(scene, &levels, context)?
            };
            let inputs = self.claim_inputs(scene, &directions);
            let roots = [claim.id];
            let mut values =
                scene.values_along(self.part, inputs, &roots, &claim.variables, context)?;
            let Some((slot, right)) = values.pop() else { continue };
            if !function.has_shape(slot) {
                return Ok(wrong_shape(position, slot, function));
            }
            pairs.push(Pair { left, right, difference: Difference::Claim(position) });
        }
        Ok(Answer::Pairs(pairs))
    }

    /// The gradient by several variables in one column, against one direction for all of them.
    fn ask_stacked<B: Drawn>(
        &self,
        layout: Layout,
        scene: &Scene<'_, B>,
        random: &mut Random,
        context: &mut Context<'_>,
    ) -> Result<Answer<B>, Fault> {
        let mut pairs = Vec::new();
        for (position, claim) in self.claims.iter().enumerate() {
            let mut directions = Vec::new();
            for quantity in &claim.variables {
                directions.push(Direction::draw(scene, *quantity, self.convention, random)?);
            }
            let inputs = scene.point.values.clone();
            let Some((slot, value)) = scene.values(self.part, inputs, &[claim.id], context)?.pop()
            else {
                continue;
            };
            let function = self.function_extent(scene);
            let length = directions.iter().map(|direction| direction.free.len()).sum();
            let stack = Extent { rows: length, columns: 1, one_row: length == 1, one_column: true };
            let expected = derivative_extent(layout, function, stack);
            if !expected.has_shape(slot) {
                return Ok(wrong_shape(position, slot, expected));
            }
            let mut left = vec![B::ZERO; function.len()];
            let mut moved = Vec::with_capacity(length);
            for (order, direction) in directions.iter().enumerate() {
                let part = claim.part(order);
                let change =
                    self.polarised(scene, std::slice::from_ref(direction), &[part], context)?;
                for (left, change) in left.iter_mut().zip(change) {
                    *left = left.add(change);
                }
                let entries = moved_by(scene, direction, part);
                moved.extend(stacked_entries(scene, direction.quantity, self.stacking, &entries));
            }
            let gradient = claim.parts.iter().all(|part| *part == Part::Whole)
                && directions.iter().any(|along| scene.world.quantities[along.quantity].complex);
            let value: Vec<B> = match gradient {
                true => value.into_iter().map(B::conjugate).collect(),
                false => value,
            };
            let mut right = act(layout, self.stacking, &value, [function, stack], &moved);
            if gradient {
                right.iter_mut().for_each(|entry| *entry = entry.real_part());
            }
            pairs.push(Pair { left, right, difference: Difference::Claim(position) });
        }
        Ok(Answer::Pairs(pairs))
    }

    /// First derivatives: all at once, in one direction for all variables.
    fn ask_together<B: Drawn>(
        &self,
        scene: &Scene<'_, B>,
        random: &mut Random,
        context: &mut Context<'_>,
    ) -> Result<Answer<B>, Fault> {
        let (Form::Array(layout) | Form::LinearMap(layout)) = self.form else {
            return self.ask_differential(scene, random, context);
        };
        let function = self.function_extent(scene);
        let mut directions: Vec<Direction<B>> = Vec::new();
        for claim in &self.claims {
            let Some(quantity) = claim.variables.first() else {
                return Err(Fault::Unsupported("a claim without a variable".to_owned()));
            };
            directions.push(Direction::draw(scene, *quantity, self.convention, random)?);
        }
        if let [claim] = self.claims.as_slice()
            && claim.part(0) != Part::Whole
        {
            return self.ask_higher(0, layout, scene, random, context);
        }
        let claimed = self.claim_changes(scene, layout, function, &directions, context)?;
        let claimed = match claimed {
            Ok(claimed) => claimed,
            Err(shape) => return Ok(shape),
        };
        let sum = |mut total: Vec<B>, change: &Vec<B>| {
            for (total, change) in total.iter_mut().zip(change) {
                *total = total.add(*change);
            }
            total
        };
        let right = claimed.iter().fold(vec![B::ZERO; function.len()], sum);
        let left = self.derivative(scene, &[directions.iter().collect()], context)?;
        let difference =
            if self.claims.len() == 1 { Difference::Claim(0) } else { Difference::Claims };
        Ok(Answer::Pairs(vec![Pair { left, right, difference }]))
    }

    /// The change of the function in a direction; each member of a family has its own derivative.
    pub(crate) fn act_on_members<B: Drawn>(
        &self,
        layout: Layout,
        value: &[B],
        extents: [Extent; 2],
        along: &[B],
    ) -> Vec<B> {
        let [function, variable] = extents;
        let expected = derivative_extent(layout, function, variable);
        let derivatives = value.chunks_exact(expected.len());
        let mut total = vec![B::ZERO; function.len()];
        for (derivative, along) in derivatives.zip(along.chunks_exact(variable.len())) {
            let change = act(layout, self.stacking, derivative, extents, along);
            for (total, change) in total.iter_mut().zip(change) {
                *total = total.add(change);
            }
        }
        total
    }

    /// The change of the function that each claim assigns to its direction, or the claim whose shape
    /// is wrong.
    fn claim_changes<B: Drawn>(
        &self,
        scene: &Scene<'_, B>,
        layout: Layout,
        function: Extent,
        directions: &[Direction<B>],
        context: &mut Context<'_>,
    ) -> Result<Result<Vec<Vec<B>>, Answer<B>>, Fault> {
        let all: Vec<&Direction<B>> = directions.iter().collect();
        let ids: Vec<TypedId> = self.claims.iter().map(|claim| claim.id).collect();
        let is_map = matches!(self.form, Form::LinearMap(_));
        // Only a map has differentials to put directions in, and there are many claims otherwise.
        let inputs =
            if is_map { self.claim_inputs(scene, &all) } else { scene.point.values.clone() };
        let plan = &scene.world.parts[self.part].plan;
        let values = if ids.iter().any(|id| plan.differentials(*id) > 0) {
            let mut values = Vec::with_capacity(ids.len());
            for (id, direction) in ids.iter().zip(directions) {
                let varying = [direction.quantity];
                let inputs = inputs.clone();
                values.extend(scene.values_along(self.part, inputs, &[*id], &varying, context)?);
            }
            values
        } else {
            scene.values(self.part, inputs, &ids, context)?
        };
        let mut changes = Vec::with_capacity(values.len());
        for (position, ((slot, value), direction)) in values.into_iter().zip(directions).enumerate()
        {
            let variable = scene.variable_extent(direction.quantity);
            let members = scene.members(direction.quantity);
            let expected =
                if is_map { function } else { derivative_extent(layout, function, variable) };
            let members = if is_map { None } else { members };
            if !is_laid_out(slot, value.len(), expected, members) {
                return Ok(Err(wrong_shape(position, slot, expected)));
            }
            if is_map {
                changes.push(value);
                continue;
            }
            // Of a complex variable df is the real part of tr(G^H*dX).
            let complex = scene.world.quantities[direction.quantity].complex;
            let value: Vec<B> = match complex {
                true => value.into_iter().map(B::conjugate).collect(),
                false => value,
            };
            let extents = [function, variable];
            let mut total = self.act_on_members(layout, &value, extents, &direction.free);
            if complex {
                total.iter_mut().for_each(|entry| *entry = entry.real_part());
            }
            changes.push(total);
        }
        Ok(Ok(changes))
    }
}

/// Whether a value is laid out as a derivative, one for each member of a family. What is a scalar or a
/// vector for each member may be told as rows of one array.
pub(crate) fn is_laid_out(
    slot: Slot,
    length: usize,
    expected: Extent,
    members: Option<usize>,
) -> bool {
    let count = members.unwrap_or(1);
    let listed = members.is_some()
        && (expected.rows == 1 || expected.columns == 1)
        && slot.shape() == (count, expected.len());
    length == count * expected.len() && (listed || expected.has_shape(slot))
}

pub(crate) fn wrong_shape<B>(claim: usize, slot: Slot, expected: Extent) -> Answer<B> {
    let found = (slot.rows as u64, slot.columns as u64);
    Answer::Shape(Difference::ClaimShape { claim, found, expected: expected.shape() })
}
