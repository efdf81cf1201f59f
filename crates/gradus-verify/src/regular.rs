//! Derivatives at points that were asked for: the point, and whether the function is smooth there.
//!
//! Must not know how a verdict on a claim is reached. Dual numbers give a slope even in the corner of
//! an absolute value; a step to both sides tells.

use crate::book::{Book, Context};
use crate::claim::Form;
use crate::complex::Complex;
use crate::draw::{Drawn, Manner, Point, Style, region};
use crate::field::Fault;
use crate::oracle::Oracle;
use crate::question::{Derivative, Direction, Scene};
use crate::random::{Random, absorb};
use crate::sizes::{Draw, Range};
use crate::tracked::Tracked;

/// Steps of which the second is so much smaller that the remainder of a smooth function all but
/// vanishes beside the first.
const STEPS: [(i64, i64); 2] = [(1, 10_000), (1, 1_000_000)];
/// The part of the first remainder that the second one may not exceed.
const SHRINKING: f64 = 0.2;
/// The part of the scale that is rounding.
const NOISE: f64 = 1e-11;
/// Draws until two have told something.
const DRAWS: u64 = 8;

/// The remainders of first order of the function after two steps, divided by the steps.
struct Remainders<B> {
    first: Vec<B>,
    second: Vec<B>,
}

impl Derivative {
    /// The point that was asked for, at the values that were drawn.
    pub(crate) fn moved<B: Drawn>(
        &self,
        scene: &Scene<'_, B>,
        context: &mut Context<'_>,
    ) -> Result<Point<B>, Fault> {
        let inputs = scene.point.inputs.clone();
        let mut moved = Point { values: scene.point.values.clone(), inputs };
        for (quantity, value) in &self.points {
            let value = scene.value(*value, context)?;
            let places = region(&moved.inputs[*quantity]);
            if places.len() != value.len() {
                return Err(Fault::Outside);
            }
            moved.values[places].copy_from_slice(&value);
        }
        Ok(moved)
    }

    /// Steps to one side and the other, of the derivative of one order less.
    fn remainders<B: Drawn>(
        &self,
        scene: &Scene<'_, B>,
        random: &mut Random,
        context: &mut Context<'_>,
    ) -> Result<Vec<Remainders<B>>, Fault> {
        let mut found = Vec::new();
        for variables in self.levels() {
            let mut drawn: Vec<Vec<Direction<B>>> = Vec::with_capacity(variables.len());
            for level in &variables {
                let each = level
                    .iter()
                    .map(|quantity| Direction::draw(scene, *quantity, self.convention, random));
                drawn.push(each.collect::<Result<_, _>>()?);
            }
            let levels: Vec<Vec<&Direction<B>>> =
                drawn.iter().map(|level| level.iter().collect()).collect();
            for side in [1, -1] {
                let [first, second] = STEPS.map(|(above, below)| {
                    self.remainder(scene, &levels, (side * above, below), context)
                });
                found.push(Remainders { first: first?, second: second? });
            }
        }
        Ok(found)
    }

    /// The variables that vary at each order, for each claim or for all together.
    fn levels(&self) -> Vec<Vec<Vec<usize>>> {
        let together = |order: usize| {
            let mut all: Vec<usize> =
                self.claims.iter().flat_map(|claim| claim.variables.iter().copied()).collect();
            all.sort_unstable();
            all.dedup();
            vec![vec![all; order]]
        };
        match self.form {
            Form::Differential => together(self.order),
            Form::Stacked(_) => together(1),
            Form::Array(_) | Form::LinearMap(_) if self.order == 1 => together(1),
            Form::Array(_) | Form::LinearMap(_) => {
                let turn = |quantity: &usize| vec![*quantity];
                self.claims.iter().map(|claim| claim.variables.iter().map(turn).collect()).collect()
            }
        }
    }

    fn remainder<B: Drawn>(
        &self,
        scene: &Scene<'_, B>,
        levels: &[Vec<&Direction<B>>],
        (above, below): (i64, i64),
        context: &mut Context<'_>,
    ) -> Result<Vec<B>, Fault> {
        let Some((last, before)) = levels.split_last() else { return Ok(Vec::new()) };
        let step = gradus_tensor::Rational::new(above, below);
        let step = step.as_ref().and_then(B::from_rational).ok_or(Fault::Outside)?;
        let mut values = scene.moved.values.clone();
        for direction in last {
            let places = region(&scene.moved.inputs[direction.quantity]);
            for (value, along) in values[places].iter_mut().zip(&direction.along) {
                *value = value.add(step.multiply(*along));
            }
        }
        let beside = Point { values, inputs: scene.moved.inputs.clone() };
        let near = self.derivative(&Scene { moved: &beside, ..*scene }, before, context)?;
        let here = self.derivative(scene, before, context)?;
        let slope = self.derivative(scene, levels, context)?;
        let mut out = Vec::with_capacity(near.len());
        for ((near, here), slope) in near.into_iter().zip(here).zip(slope) {
            let quotient = near.subtract(here).divide(step).ok_or(Fault::Outside)?;
            out.push(quotient.subtract(slope));
        }
        Ok(out)
    }
}

impl<B> Remainders<Complex<B>> {
    fn into_parts(self) -> Remainders<B> {
        let parts = |entries: Vec<Complex<B>>| {
            entries.into_iter().flat_map(|entry| [entry.real, entry.imaginary]).collect()
        };
        Remainders { first: parts(self.first), second: parts(self.second) }
    }
}

impl Remainders<Tracked> {
    fn is_finite(&self) -> bool {
        self.first.iter().chain(&self.second).all(|entry| entry.value.is_finite())
    }

    fn shrinks(&self) -> bool {
        self.first.iter().zip(&self.second).all(|(first, second)| {
            let rest = second.value.abs();
            rest <= SHRINKING * first.value.abs() || rest <= NOISE * second.scale
        })
    }
}

impl Oracle<'_> {
    /// Why the function has no derivative at the point that was asked for, as far as numbers tell.
    pub(crate) fn irregularity(&self, derivative: &Derivative) -> Option<&'static str> {
        let mut random = Random::new(absorb(self.settings.seed, 0x7265));
        let (mut seen, mut outside) = (0, false);
        for round in 0..DRAWS {
            let draw = Draw::new(self.world, &mut random, Range::Low, false);
            let mut context =
                Context::new(Book::standard(), self.settings.seed, self.settings.work);
            let style = if round < DRAWS / 2 { Style::Normal } else { Style::Definite };
            let manner = Manner { style, round };
            let found = if self.world.is_complex() {
                let found = self.at_one_point::<Complex<Tracked>, _>(
                    &draw,
                    &mut random,
                    manner,
                    &mut context,
                    |scene, random, context| derivative.remainders(scene, random, context),
                );
                found.map(|found| found.into_iter().map(Remainders::into_parts).collect())
            } else {
                self.at_one_point::<Tracked, Vec<Remainders<Tracked>>>(
                    &draw,
                    &mut random,
                    manner,
                    &mut context,
                    |scene, random, context| derivative.remainders(scene, random, context),
                )
            };
            match found {
                Ok(found) if found.iter().all(Remainders::is_finite) => {
                    if !found.iter().all(Remainders::shrinks) {
                        return Some("the function has a corner there, and no derivative");
                    }
                    seen += 1;
                    if seen == 2 {
                        return None;
                    }
                }
                Ok(_) | Err(Fault::Outside) => outside = true,
                Err(Fault::Limit(_) | Fault::Unsupported(_)) => return None,
            }
        }
        (seen == 0 && outside).then_some("the point is not inside of the domain of the function")
    }
}
