//! Derivatives of a function of any order by power series along curves: lines, and geodesics on curved
//! structures.
//!
//! Must not know how points are drawn or how many are needed.

use gradus_tensor::Rational;

use crate::book::Context;
use crate::draw::{Drawn, adjoint, is_curved, region};
use crate::field::Fault;
use crate::jet::{GREATEST_ORDER, Jet};
use crate::matrix::product;
use crate::question::{Derivative, Direction, Scene};

/// Along more lines than this it is not looked for a derivative in several directions.
const MOST_LINES: usize = 512;

impl Derivative {
    /// The derivative in one direction for each order, from the derivatives along sums and differences
    /// of the directions: `D^n f[v1, …, vn]` is the mean of the signs times the coefficient of `t^n`
    /// along `±v1 … ±vn`.
    pub(crate) fn by_series<B: Drawn>(
        &self,
        scene: &Scene<'_, B>,
        directions: &[Vec<&Direction<B>>],
        context: &mut Context<'_>,
    ) -> Result<Vec<B>, Fault> {
        let order = directions.len();
        let lines = u32::try_from(order).ok().and_then(|it| 1_usize.checked_shl(it.max(1) - 1));
        let lines = lines.filter(|lines| *lines <= MOST_LINES && order <= GREATEST_ORDER);
        let too_high = || Fault::Unsupported("a derivative of this order".to_owned());
        let lines = lines.ok_or_else(too_high)?;
        let mut total: Vec<B> = Vec::new();
        for choice in 0..lines {
            // The first direction keeps its sign, for both together would give the same again.
            let minus = |level: usize| level > 0 && choice >> (level - 1) & 1 == 1;
            let mut line: Vec<Direction<B>> = Vec::new();
            for (level, several) in directions.iter().enumerate() {
                for direction in several {
                    add_to(&mut line, direction, minus(level));
                }
            }
            let line: Vec<&Direction<B>> = line.iter().collect();
            let odd = (0..order).filter(|level| minus(*level)).count() % 2 == 1;
            let change = self.coefficient(scene, &line, order, context)?;
            total.resize(change.len(), B::ZERO);
            for (entry, change) in total.iter_mut().zip(change) {
                *entry = if odd { entry.subtract(change) } else { entry.add(change) };
            }
        }
        let mean = i64::try_from(lines).ok().and_then(|lines| Rational::new(1, lines));
        let mean = mean.as_ref().and_then(B::from_rational).ok_or(Fault::Outside)?;
        Ok(total.into_iter().map(|entry| entry.multiply(mean)).collect())
    }

    /// The derivative of some order along one curve: a line, on a curved structure a geodesic.
    pub(crate) fn along_curve<B: Drawn>(
        &self,
        scene: &Scene<'_, B>,
        line: &[&Direction<B>],
        order: usize,
        context: &mut Context<'_>,
    ) -> Result<Vec<B>, Fault> {
        let factorial: i64 = (1..=i64::try_from(order).unwrap_or(0)).product();
        let factorial = B::from_integer(factorial);
        let coefficient = self.coefficient(scene, line, order, context)?;
        Ok(coefficient.into_iter().map(|entry| entry.multiply(factorial)).collect())
    }

    /// The coefficient of a power of the step along a curve.
    fn coefficient<B: Drawn>(
        &self,
        scene: &Scene<'_, B>,
        line: &[&Direction<B>],
        order: usize,
        context: &mut Context<'_>,
    ) -> Result<Vec<B>, Fault> {
        if order > GREATEST_ORDER {
            return Err(Fault::Unsupported("a derivative of this order".to_owned()));
        }
        let mut inputs: Vec<Jet<B>> =
            scene.moved.values.iter().map(|value| Jet::of(&[*value])).collect();
        for direction in line {
            let input = &scene.point.inputs[direction.quantity];
            let places = region(input);
            let at = &scene.moved.values[places.clone()];
            let series = if is_curved(scene.world, direction.quantity) {
                geodesic(at, &direction.along, (input.slot.rows, input.slot.len()), order)?
            } else {
                vec![at.to_vec(), direction.along.clone()]
            };
            for (entry, place) in places.enumerate() {
                let known: Vec<B> = series.iter().map(|term| term[entry]).collect();
                inputs[place] = Jet::of(&known).up_to(order);
            }
        }
        let values = scene.values(self.function.part, inputs, &[self.function.id], context)?;
        let entries = values.into_iter().flat_map(|(_, value)| value);
        Ok(entries.map(|entry| entry.coefficient(order)).collect())
    }
}

fn add_to<B: Drawn>(line: &mut Vec<Direction<B>>, direction: &Direction<B>, minus: bool) {
    let signed = |entry: &B| if minus { entry.negate() } else { *entry };
    let known = line.iter_mut().find(|known| known.quantity == direction.quantity);
    match known {
        Some(known) => {
            for (entry, more) in known.along.iter_mut().zip(&direction.along) {
                *entry = entry.add(signed(more));
            }
        }
        None => line.push(Direction {
            quantity: direction.quantity,
            free: direction.free.clone(),
            along: direction.along.iter().map(signed).collect(),
        }),
    }
}

/// The coefficients of `Q*expm(t*Q^H*V)` for each member of a family.
fn geodesic<B: Drawn>(
    at: &[B],
    along: &[B],
    (size, length): (usize, usize),
    order: usize,
) -> Result<Vec<Vec<B>>, Fault> {
    let mut series = vec![at.to_vec()];
    let mut turns = vec![B::ZERO; at.len()];
    for ((turn, point), velocity) in
        turns.chunks_exact_mut(length).zip(at.chunks_exact(length)).zip(along.chunks_exact(length))
    {
        let mut turned = point.to_vec();
        adjoint(point, &mut turned, size);
        product(&turned, velocity, turn, size, size);
    }
    for power in 1..=order {
        let divisor = i64::try_from(power).ok().and_then(|power| Rational::new(1, power));
        let divisor = divisor.as_ref().and_then(B::from_rational).ok_or(Fault::Outside)?;
        let last = &series[power - 1];
        let mut next = vec![B::ZERO; at.len()];
        for ((next, last), turn) in next
            .chunks_exact_mut(length)
            .zip(last.chunks_exact(length))
            .zip(turns.chunks_exact(length))
        {
            product(last, turn, next, size, size);
            next.iter_mut().for_each(|entry| *entry = entry.multiply(divisor));
        }
        series.push(next);
    }
    Ok(series)
}
