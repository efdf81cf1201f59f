//! The two oracles: draws until there is enough evidence.
//!
//! Must not know what a question is about.

use gradus_elaborate::typed::Operation;
use gradus_functions::ArrayFunction;

use crate::assumption::{Assumption, assume};
use crate::book::{Book, Context};
use crate::call::Routine;
use crate::claim::Settings;
use crate::compare::{Compared, Comparison};
use crate::complex::Complex;
use crate::draw::{Drawn, Manner, Point, STYLES, Style, arrange, draw_point};
use crate::exact::Choices;
use crate::field::{Fault, Field};
use crate::frame::{Frame, Input};
use crate::modular::Mod;
use crate::precise::Precise;
use crate::question::{Answer, Pair, Question, Scene, ask};
use crate::random::{Random, absorb};
use crate::sizes::{Draw, Range};
use crate::tracked::Tracked;
use crate::verdict::{Difference, Method, Sizes, Verdict};
use crate::world::{Quantity, World};

/// Draws of the exact oracle, redraws included.
const EXACT_DRAWS: u64 = 64;
/// Draws of the exact oracle for a quick look, redraws included.
const QUICK_DRAWS: u64 = 12;
/// Draws of the numeric oracle, redraws included.
const NUMERIC_DRAWS: u64 = 60;
/// The same with more nodes than [`LARGE`].
const LARGE_EXACT_DRAWS: u64 = 24;
/// The same with more nodes than [`LARGE`]: two of each style.
const LARGE_NUMERIC_DRAWS: u64 = 12;
/// The least number of accepted points.
const POINTS: usize = 3;
/// The least number of exact draws in the middle range.
const MIDDLE: usize = 2;
/// Draws at the edge after which it is left alone.
const EDGE_TRIES: u64 = 12;
/// Numeric draws far from zero, where a function with branches occurs; for identities that numbers
/// decide, four times as many.
const FAR_TRIES: u64 = 6;
/// With more nodes than this, fewer draws are made: what the exact oracle proved has no second look
/// in numbers, or one where roots and signs were chosen.
const LARGE: usize = 4096;
/// Numerators and denominators below this are small.
const SMALL: u64 = 1 << 20;
/// More evaluations of nodes in loops than this are refused: smaller sizes do as well.
const MOST_IN_LOOPS: u64 = 1 << 21;

/// Why nothing is known where the domain was never met.
const NO_VALUE: &str = "some part has no value at any point drawn: a divisor or a determinant is zero, or \
                        an argument outside the domain of its function";

/// How many points are wanted.
fn points(choices: Choices) -> usize {
    match choices {
        Choices::Generic => POINTS,
        Choices::Roots => 5,
        Choices::Signs => 8,
    }
}

/// How many exact draws in the middle range are wanted.
fn draws(choices: Choices) -> usize {
    match choices {
        Choices::Generic => MIDDLE,
        Choices::Roots => 4,
        Choices::Signs => 12,
    }
}

/// A check: the world, the question, and the limits.
pub(crate) struct Oracle<'a> {
    pub(crate) world: &'a World<'a>,
    pub(crate) question: &'a Question,
    pub(crate) assumptions: &'a [Assumption],
    pub(crate) settings: &'a Settings,
}

/// What the exact oracle found.
enum Exact {
    Equal {
        sizes: Vec<Sizes>,
        random: bool,
        choices: Choices,
    },
    Different {
        draw: Sizes,
        difference: Difference,
        rational: bool,
        choices: Choices,
    },
    Unknown {
        reason: String,
        choices: Choices,
    },
    /// Rational operations divide by zero wherever one looks: nothing is defined there.
    Nowhere,
}

/// What the numeric oracle found.
enum Numeric {
    Agrees {
        sizes: Vec<Sizes>,
    },
    Differs {
        sizes: Sizes,
        difference: Difference,
    },
    /// No points, or none that tells anything; whether any point at all was seen.
    Unknown {
        reason: String,
        points: usize,
    },
}

/// One attempt at one point.
enum Attempt<B> {
    Pairs(Vec<Pair<B>>),
    Shape(Difference),
}

impl<B> Attempt<Complex<B>> {
    /// Real and imaginary parts as entries of their own.
    fn into_parts(self) -> Attempt<B> {
        let parts = |entries: Vec<Complex<B>>| {
            entries.into_iter().flat_map(|entry| [entry.real, entry.imaginary]).collect()
        };
        match self {
            Self::Shape(difference) => Attempt::Shape(difference),
            Self::Pairs(pairs) => Attempt::Pairs(
                pairs
                    .into_iter()
                    .map(|pair| Pair {
                        left: parts(pair.left),
                        right: parts(pair.right),
                        difference: pair.difference,
                    })
                    .collect(),
            ),
        }
    }
}

impl Oracle<'_> {
    /// The verdict. Concrete sizes that are large are replaced at first, because what holds at
    /// several sizes holds at those; what fails there is tried again as it is.
    pub(crate) fn decide(&self) -> Verdict {
        if self.world.large.is_empty() {
            return self.with_regular_point(self.decide_at(false));
        }
        let verdict = self.decide_at(true);
        if verdict.is_verified() {
            return self.with_regular_point(verdict);
        }
        self.with_regular_point(self.decide_at(false))
    }

    /// The verdict, if the function has a derivative at the point that was asked for: where it has a
    /// corner, its dual numbers tell one of many slopes.
    fn with_regular_point(&self, verdict: Verdict) -> Verdict {
        match self.question {
            Question::Derivative(derivative) if !derivative.points.is_empty() => {
                match self.irregularity(derivative) {
                    Some(reason) => Verdict::Undecided { reason: reason.to_owned() },
                    None => verdict,
                }
            }
            _ => verdict,
        }
    }

    fn decide_at(&self, replace: bool) -> Verdict {
        match self.exact(replace) {
            Exact::Different { draw, difference, rational, .. }
                if rational || self.settings.quick =>
            {
                Verdict::Refuted { method: Method::Exact, sizes: draw, difference }
            }
            Exact::Equal { sizes, random, choices: Choices::Generic }
                if !random && !self.has_large_numbers() || self.is_large() =>
            {
                Verdict::Proved { sizes }
            }
            Exact::Equal { sizes, .. } if self.settings.quick => Verdict::Proved { sizes },
            Exact::Equal { sizes, random: false, choices: Choices::Generic } => {
                match self.numeric::<Precise>(replace, Choices::Generic) {
                    Numeric::Differs { sizes, difference } => {
                        Verdict::Refuted { method: Method::Numeric, sizes, difference }
                    }
                    _ => Verdict::Proved { sizes },
                }
            }
            Exact::Equal { sizes, choices, .. } => {
                match self.numeric::<Tracked>(replace, choices) {
                    Numeric::Differs { sizes, difference } => {
                        Verdict::Refuted { method: Method::Numeric, sizes, difference }
                    }
                    Numeric::Agrees { .. } => Verdict::Proved { sizes },
                    Numeric::Unknown { points, .. }
                        if points > 0 || choices == Choices::Generic =>
                    {
                        Verdict::Proved { sizes }
                    }
                    Numeric::Unknown { reason, .. } => Verdict::Undecided { reason },
                }
            }
            Exact::Different { difference, choices, .. } => {
                self.by_numbers(replace, choices, || {
                    format!(
                        "{} over the finite field, but functions without exact values stand in it",
                        describe(&difference)
                    )
                })
            }
            Exact::Unknown { reason, choices } => self.by_numbers(replace, choices, || reason),
            // In floating point the zero would be rounding noise, and anything would come of it.
            Exact::Nowhere => Verdict::Undecided {
                reason: "a divisor or a determinant is zero at every point drawn".to_owned(),
            },
        }
    }

    /// Whether the logarithm or the root of a matrix occurs, whose identities may hold near the identity
    /// only.
    fn has_branches(&self) -> bool {
        let mut routines = self.world.parts.iter().flat_map(|part| part.plan.routines.values());
        routines.any(|routine| {
            matches!(
                routine,
                Routine::Array(ArrayFunction::MatrixLogarithm | ArrayFunction::MatrixRoot, _)
            )
        })
    }

    /// Whether a function of matrices occurs that has values by an algorithm in the usual precision only.
    fn has_algorithms(&self) -> bool {
        let mut routines = self.world.parts.iter().flat_map(|part| part.plan.routines.values());
        routines.any(|routine| {
            matches!(
                routine,
                Routine::Array(
                    ArrayFunction::PolarFactor
                        | ArrayFunction::NuclearNorm
                        | ArrayFunction::SpectralNorm
                        | ArrayFunction::SingularDyad
                        | ArrayFunction::Eigenvalues
                        | ArrayFunction::Eigenvectors
                        | ArrayFunction::GreatestEigenvalue
                        | ArrayFunction::EigenProjector,
                    _
                )
            )
        })
    }

    /// Whether a derivative is asked for wherever there is one.
    fn is_at_any_point(&self) -> bool {
        matches!(self.question, Question::Derivative(derivative) if derivative.points.is_empty())
    }

    /// Whether numbers occur of which a multiple of the characteristic of the finite field may be made,
    /// which is zero there and large elsewhere.
    fn has_large_numbers(&self) -> bool {
        let nodes =
            self.world.parts.iter().flat_map(|part| {
                part.plan.nodes.iter().map(|id| &part.plan.tree.node(*id).operation)
            });
        nodes.into_iter().any(|operation| {
            let Operation::Number(value) = operation else { return false };
            let is_small = |(above, below): (i64, i64)| {
                above.unsigned_abs() < SMALL && below.unsigned_abs() < SMALL
            };
            !value.to_pair().is_some_and(is_small)
        })
    }

    /// Whether the numeric second look at what was proved with random tables costs too much.
    fn is_large(&self) -> bool {
        self.world.parts.iter().map(|part| part.plan.nodes.len()).sum::<usize>() > LARGE
    }

    fn by_numbers(
        &self,
        replace: bool,
        choices: Choices,
        exact: impl FnOnce() -> String,
    ) -> Verdict {
        let found = match self.numeric::<Tracked>(replace, choices) {
            // What agrees in proportion to its largest terms may differ in the others.
            found @ (Numeric::Agrees { .. } | Numeric::Unknown { .. }) if !self.settings.quick => {
                match self.numeric::<Precise>(replace, choices) {
                    // Algorithms on matrices in the usual precision leave nothing sharper to be seen.
                    Numeric::Unknown { .. } if self.has_algorithms() => found,
                    precise => precise,
                }
            }
            found => found,
        };
        match found {
            Numeric::Agrees { sizes } => Verdict::Confirmed { sizes },
            Numeric::Differs { sizes, difference } => {
                Verdict::Refuted { method: Method::Numeric, sizes, difference }
            }
            Numeric::Unknown { reason, .. } => {
                let exact = exact();
                let both = if exact == reason { reason } else { format!("{exact}; {reason}") };
                Verdict::Undecided { reason: both }
            }
        }
    }

    /// The choices that the structures make: the position of a one, the sign of a determinant.
    fn structural_choices(&self) -> Choices {
        use gradus_tensor::Structure::{OneHot, Orthogonal};
        let discrete = |quantity: &Quantity| matches!(quantity.structure, OneHot | Orthogonal);
        let apart = self.assumptions.iter().any(Assumption::has_parts);
        if apart || self.world.quantities.iter().any(discrete) {
            Choices::Signs
        } else {
            Choices::Generic
        }
    }

    fn exact(&self, replace: bool) -> Exact {
        let mut random = Random::new(self.settings.seed);
        let (mut sizes, mut middle, mut edge_tries, mut edges) = (Vec::new(), 0, 0, 0);
        let (mut random_used, mut used) = (false, Choices::Generic);
        let structural = self.structural_choices();
        let (mut range, mut previous) = (Range::Middle, None::<Draw>);
        let mut reason = NO_VALUE.to_owned();
        let mut failures = 0_u32;
        let draws_allowed = match self.settings.quick {
            true => QUICK_DRAWS,
            false if self.is_large() => LARGE_EXACT_DRAWS,
            false => EXACT_DRAWS,
        };
        for round in 0..draws_allowed {
            let wanted = match self.settings.quick {
                true => 1,
                false if self.is_large() => MIDDLE,
                false => draws(used.max(structural)),
            };
            let edge = middle >= wanted;
            if edge && self.settings.quick {
                break;
            }
            if edge && (edge_tries >= EDGE_TRIES || edges > 0) {
                break;
            }
            let draw = match &previous {
                _ if edge => Draw::new(self.world, &mut random, Range::Edge, replace),
                // Once turned round, the shapes are drawn anew if nothing came of it.
                Some(draw) if middle == 1 && failures < 2 => draw.reversed(self.world, range),
                _ => Draw::new(self.world, &mut random, range, replace),
            };
            edge_tries += u64::from(edge);
            let mut context = Context::new(
                Book::standard(),
                absorb(self.settings.seed, round),
                self.settings.work,
            );
            let round = if edge { round } else { middle as u64 };
            let manner = Manner { style: Style::Normal, round };
            let attempt = if self.world.is_complex() {
                let found = self.attempt::<Complex<Mod>>(&draw, &mut random, manner, &mut context);
                found.map(Attempt::into_parts)
            } else {
                self.attempt::<Mod>(&draw, &mut random, manner, &mut context)
            };
            random_used |= context.tables.used_random;
            used = used.max(context.tables.choices());
            let different = |difference: Difference, rational: bool| Exact::Different {
                draw: draw.shown(self.world),
                difference,
                rational,
                choices: used,
            };
            match attempt {
                Ok(Attempt::Shape(difference)) => return different(difference, true),
                // Where a root stays zero, as by its rank, it is no derivative of it that vanishes.
                Ok(Attempt::Pairs(pairs))
                    if context.tables.used_root_of_zero
                        && self.is_at_any_point()
                        && pairs.iter().all(vanishes) =>
                {
                    failures += 1;
                }
                Ok(Attempt::Pairs(pairs)) => {
                    if let Some(pair) = pairs.into_iter().find(|pair| pair.left != pair.right) {
                        let rational = !context.tables.used_random
                            && context.tables.choices() == Choices::Generic;
                        return different(pair.difference, rational);
                    }
                    sizes.push(draw.shown(self.world));
                    failures = 0;
                    if edge {
                        edges += 1;
                    } else {
                        middle += 1;
                        previous = Some(draw);
                    }
                }
                Err(Fault::Outside) => failures += 1,
                Err(Fault::Limit(what)) => {
                    if range == Range::Low {
                        return Exact::Unknown {
                            reason: format!("{what} exceeds the limit"),
                            choices: used,
                        };
                    }
                    (range, previous) = (Range::Low, None);
                }
                Err(Fault::Unsupported(what)) => {
                    reason = what;
                    break;
                }
            }
        }
        let rational = !random_used && used == Choices::Generic;
        if rational && sizes.is_empty() && u64::from(failures) == draws_allowed {
            return Exact::Nowhere;
        }
        if middle >= if self.settings.quick { 1 } else { MIDDLE } {
            Exact::Equal { sizes, random: random_used, choices: used }
        } else {
            Exact::Unknown { reason, choices: used }
        }
    }

    /// Draws points until there is enough evidence, with numbers of one kind.
    fn numeric<B: Compared>(&self, replace: bool, choices: Choices) -> Numeric {
        let wanted = match self.is_large() || self.settings.quick {
            true => 1,
            false => points(choices.max(self.structural_choices())),
        };
        let mut random = Random::new(absorb(self.settings.seed, 0x6e75));
        let (mut sizes, mut seen, mut style, mut failures) = (Vec::new(), 0, 0, 0_u32);
        let mut refuted: Option<(Sizes, Difference)> = None;
        let mut range = Range::Middle;
        let mut reason = NO_VALUE.to_owned();
        let branches = self.has_branches();
        // A derivative may be another one far away where the function is made of pieces.
        let pieces = B::STRICT && choices == Choices::Signs;
        let identity = matches!(self.question, Question::Equal(_)) || pieces;
        let identity = identity && !self.is_large();
        let mut far = match (branches, identity) {
            _ if self.settings.quick => 0,
            (true, _) => FAR_TRIES,
            (false, true) => 4 * FAR_TRIES,
            (false, false) => 0,
        };
        let draws_allowed = if self.is_large() { LARGE_NUMERIC_DRAWS } else { NUMERIC_DRAWS };
        for round in 0..draws_allowed {
            if sizes.len() >= wanted && refuted.is_none() && far == 0 {
                break;
            }
            let draw = Draw::new(self.world, &mut random, range, replace);
            let mut context =
                Context::new(Book::standard(), self.settings.seed, self.settings.work);
            let wide = far > 0 && round % 2 == 1;
            far -= u64::from(wide);
            let away = match far % 2 {
                _ if !branches => Style::Far,
                1 => Style::Wide,
                _ => Style::Turning,
            };
            let near = STYLES[style % STYLES.len()];
            let manner = Manner { style: if wide { away } else { near }, round };
            let attempt = if self.world.is_complex() {
                let found = self.attempt::<Complex<B>>(&draw, &mut random, manner, &mut context);
                found.map(Attempt::into_parts)
            } else {
                self.attempt::<B>(&draw, &mut random, manner, &mut context)
            };
            let pairs = match attempt {
                Ok(Attempt::Shape(difference)) => {
                    return Numeric::Differs { sizes: draw.shown(self.world), difference };
                }
                Ok(Attempt::Pairs(pairs)) if pairs.iter().all(is_finite) => pairs,
                Ok(Attempt::Pairs(_)) | Err(Fault::Outside) if wide => continue,
                Ok(Attempt::Pairs(_)) | Err(Fault::Outside) => {
                    failures += 1;
                    // A style has a second chance at other sizes.
                    style += usize::from(failures.is_multiple_of(2));
                    continue;
                }
                Err(Fault::Limit(what)) => {
                    if range == Range::Low {
                        reason = format!("{what} exceeds the limit");
                        break;
                    }
                    range = Range::Low;
                    continue;
                }
                Err(Fault::Unsupported(what)) => {
                    reason = what;
                    break;
                }
            };
            seen += 1;
            match B::compare(&pairs) {
                Comparison::Agrees if wide => {}
                Comparison::Agrees => sizes.push(draw.shown(self.world)),
                Comparison::Vanishes | Comparison::Hidden if wide => {}
                Comparison::Vanishes => {
                    reason = "both sides vanish at the points drawn".to_owned();
                    style += 1;
                }
                Comparison::Hidden => {
                    reason = "rounding may hide a difference at the points drawn".to_owned();
                    style += 1;
                }
                Comparison::Differs(difference) => {
                    if refuted.is_some() || self.settings.quick {
                        return Numeric::Differs { sizes: draw.shown(self.world), difference };
                    }
                    refuted = Some((draw.shown(self.world), difference));
                }
            }
        }
        match refuted {
            Some((_, difference)) => Numeric::Unknown {
                reason: format!("{} at one point only", describe(&difference)),
                points: 0,
            },
            None if !sizes.is_empty() && sizes.len() >= wanted.min(POINTS) => {
                Numeric::Agrees { sizes }
            }
            None => Numeric::Unknown { reason, points: seen },
        }
    }

    /// Evaluates the question at one random point of the given sizes.
    fn attempt<B: Drawn>(
        &self,
        draw: &Draw,
        random: &mut Random,
        manner: Manner,
        context: &mut Context<'_>,
    ) -> Result<Attempt<B>, Fault> {
        let answer = self.at_one_point(draw, random, manner, context, |scene, random, context| {
            ask(self.question, scene, random, context)
        });
        Ok(match answer? {
            Answer::Pairs(pairs) => Attempt::Pairs(pairs),
            Answer::Shape(difference) => Attempt::Shape(difference),
        })
    }

    /// Does something at one random point of the given sizes.
    pub(crate) fn at_one_point<B: Drawn, T>(
        &self,
        draw: &Draw,
        random: &mut Random,
        manner: Manner,
        context: &mut Context<'_>,
        then: impl FnOnce(&Scene<'_, B>, &mut Random, &mut Context<'_>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let limit = self.settings.entries;
        let (inputs, total) = arrange(self.world, draw, limit)?;
        let mut frames = Vec::with_capacity(self.world.parts.len());
        for (part, own) in self.world.parts.iter().enumerate() {
            let of = |quantity: &Option<usize>| {
                quantity.map_or_else(Input::default, |at| inputs[at].clone())
            };
            let inputs = own.quantities.iter().map(of).collect();
            let size = |dimension| draw.size(self.world, part, dimension);
            let frame = Frame::new(&own.plan, inputs, total, &size, limit)?;
            if frame.evaluations_in_loops(&own.plan) > MOST_IN_LOOPS {
                return Err(Fault::Limit("the number of terms of nested sums"));
            }
            frames.push(frame);
        }
        let mut point: Point<B> = draw_point(self.world, inputs, total, random, manner)?;
        if !self.assumptions.is_empty() {
            let place = (self.world, frames.as_slice());
            point = assume(self.assumptions, place, point, random, context)?;
        }
        let scene = Scene { world: self.world, frames: &frames, point: &point, moved: &point };
        let moved = match self.question {
            Question::Derivative(derivative) if !derivative.points.is_empty() => {
                Some(derivative.moved(&scene, context)?)
            }
            _ => None,
        };
        let scene = Scene { moved: moved.as_ref().unwrap_or(&point), ..scene };
        then(&scene, random, context)
    }
}

fn describe(difference: &Difference) -> &'static str {
    match difference {
        Difference::Side(_) => "the sides differ",
        Difference::SideShape { .. } | Difference::ClaimShape { .. } => "the shapes differ",
        Difference::Claim(_) | Difference::Claims => "claim and derivative differ",
    }
}

fn vanishes(pair: &Pair<Mod>) -> bool {
    pair.left.iter().chain(&pair.right).all(|entry| Field::is_zero(*entry))
}

fn is_finite<B: Compared>(pair: &Pair<B>) -> bool {
    pair.left.iter().chain(&pair.right).all(|number| number.is_finite())
}
