//! The remainder of a function beside the linear part that is claimed, for smaller and smaller steps.
//!
//! Must not know how the remainder is shown.

use gradus_tensor::Rational;

use crate::book::{Book, Context};
use crate::claim::Settings;
use crate::complex::Complex;
use crate::draw::{Drawn, Manner, STYLES};
use crate::field::Fault;
use crate::oracle::Oracle;
use crate::question::{Answer, Derivative, Question, Scene, ask};
use crate::random::{Random, absorb};
use crate::sizes::{Draw, Range};
use crate::tracked::Tracked;
use crate::verdict::Sizes;
use crate::world::World;

/// The steps are the powers of one half up to this exponent.
const HALVINGS: i64 = 20;
/// A point with fewer steps inside the domain is drawn again.
const LEAST_STEPS: usize = 12;
/// Points drawn before it is given up.
const TRIES: u64 = 48;

/// How a function changes with one step along a direction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// `h`
    pub length: f64,
    /// `‖F(X + h*D) − F(X)‖`
    pub difference: f64,
    /// `‖F(X + h*D) − F(X) − h*dF[D]‖`
    pub remainder: f64,
    /// How much of the remainder may be rounding.
    pub rounding: f64,
}

/// The remainder for steps of falling length.
#[derive(Clone, Debug, PartialEq)]
pub struct Remainder {
    /// The steps, the longest one first.
    pub steps: Vec<Step>,
    /// The sizes at which it was evaluated.
    pub sizes: Sizes,
}

impl Remainder {
    /// Evaluates at the first random point around which all is finite.
    pub(crate) fn of(
        world: &World<'_>,
        derivative: &Derivative,
        settings: &Settings,
    ) -> Result<Self, Fault> {
        let question = Question::Derivative(derivative.clone());
        let oracle = Oracle { world, question: &question, assumptions: &[], settings };
        let mut random = Random::new(absorb(settings.seed, 0x7265_6d61));
        let mut range = Range::Middle;
        for round in 0..TRIES {
            let draw = Draw::new(world, &mut random, range, true);
            let at = usize::try_from(round / 2).unwrap_or_default() % STYLES.len();
            let manner = Manner { style: STYLES[at], round };
            let mut context = Context::new(Book::standard(), settings.seed, settings.work);
            let found = if world.is_complex() {
                oracle.at_one_point::<Complex<Tracked>, _>(
                    &draw,
                    &mut random,
                    manner,
                    &mut context,
                    |scene, random, _| steps(derivative, scene, random, settings, parts),
                )
            } else {
                oracle.at_one_point::<Tracked, _>(
                    &draw,
                    &mut random,
                    manner,
                    &mut context,
                    |scene, random, _| steps(derivative, scene, random, settings, |real| [real; 1]),
                )
            };
            match found {
                Ok(steps) if steps.len() >= LEAST_STEPS => {
                    return Ok(Self { steps, sizes: draw.shown(world) });
                }
                Ok(_) | Err(Fault::Outside) => {}
                Err(Fault::Limit(_)) if range == Range::Middle => range = Range::Low,
                Err(fault) => return Err(fault),
            }
        }
        Err(Fault::Unsupported("no point was found around which all is finite".to_owned()))
    }

    /// By which power of the step the remainder falls, as far as it is no rounding; nothing if too
    /// little of it is left.
    #[must_use]
    pub fn order(&self) -> Option<f64> {
        slope(
            self.steps
                .iter()
                .filter(|step| step.is_clear())
                .map(|step| (step.length.ln(), step.remainder.ln())),
        )
    }

    /// Whether nothing but rounding is left: the function is its linear part.
    #[must_use]
    pub fn vanishes(&self) -> bool {
        self.steps.iter().all(|step| step.remainder <= step.rounding)
    }
}

impl Step {
    /// Whether the remainder is far above rounding, and the step is short enough for its order.
    fn is_clear(&self) -> bool {
        self.length < 0.02 && self.remainder > 100.0 * self.rounding && self.remainder > 0.0
    }
}

/// The slope of the line nearest to some points.
fn slope(points: impl Iterator<Item = (f64, f64)>) -> Option<f64> {
    let points: Vec<(f64, f64)> = points.collect();
    let count = points.len() as f64;
    if points.len() < 3 {
        return None;
    }
    let mean = |value: fn(&(f64, f64)) -> f64| points.iter().map(value).sum::<f64>() / count;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let (mut both, mut square) = (0.0, 0.0);
    for point in &points {
        both += (point.0 - x) * (point.1 - y);
        square += (point.0 - x) * (point.0 - x);
    }
    (square > 0.0).then(|| both / square)
}

fn parts(number: Complex<Tracked>) -> [Tracked; 2] {
    [number.real, number.imaginary]
}

/// The remainder for every step at one point, in one direction.
fn steps<B: Drawn, const N: usize>(
    derivative: &Derivative,
    scene: &Scene<'_, B>,
    random: &Random,
    settings: &Settings,
    parts: fn(B) -> [Tracked; N],
) -> Result<Vec<Step>, Fault> {
    let mut steps = Vec::new();
    for halvings in 0..=HALVINGS {
        let length = Rational::new(1, 1 << halvings).ok_or(Fault::Outside)?;
        let question =
            Question::Derivative(Derivative { step: Some(length.clone()), ..derivative.clone() });
        // The same direction for each step.
        let mut random = random.clone();
        let mut context = Context::new(Book::standard(), settings.seed, settings.work);
        let pairs = match ask(&question, scene, &mut random, &mut context) {
            Ok(Answer::Pairs(pairs)) => pairs,
            Ok(Answer::Shape(_)) => {
                return Err(Fault::Unsupported("the shapes differ".to_owned()));
            }
            Err(Fault::Outside) => continue,
            Err(fault) => return Err(fault),
        };
        let length = length.to_f64();
        let (mut difference, mut remainder, mut rounding) = (0.0, 0.0, 0.0_f64);
        for pair in &pairs {
            for (quotient, change) in pair.left.iter().zip(&pair.right) {
                for (quotient, change) in parts(*quotient).into_iter().zip(parts(*change)) {
                    difference += (length * quotient.value).powi(2);
                    remainder += (length * (quotient.value - change.value)).powi(2);
                    rounding += (length * quotient.scale.max(change.scale)).powi(2);
                }
            }
        }
        let step = Step {
            length,
            difference: f64::sqrt(difference),
            remainder: f64::sqrt(remainder),
            rounding: f64::EPSILON * rounding.sqrt(),
        };
        if step.difference.is_finite() && step.remainder.is_finite() {
            steps.push(step);
        }
    }
    Ok(steps)
}
