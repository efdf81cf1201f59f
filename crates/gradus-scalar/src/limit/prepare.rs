//! What is rewritten before a limit is found: functions by others, functions that jump or branch by
//! what they are for all large values, oscillation by free angles.
//!
//! Must not know series.

use num_traits::{One, Signed, ToPrimitive};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::expression::{Arena, ExprId, Function, Node, Rational, Sign};

use super::germ::Germ;
use super::{Limit, NoLimit};

/// How often an expression is gone through.
const MOST_PASSES: usize = 8;
/// Multiples of a common angle beyond this are not looked for.
const GREATEST_MULTIPLE: i64 = 12;

/// A class of oscillating subexpressions: all are multiples of one angle, up to what has a limit.
#[derive(Clone, Debug)]
pub(super) struct Oscillation {
    /// The free angle.
    pub(super) angle: ExprId,
    /// An argument that goes to infinity.
    pub(super) cause: ExprId,
    /// Whether it stands for the parity of an integer: the angle is 0 or π.
    pub(super) is_parity: bool,
}

impl Germ {
    /// Rewrites an expression for large values of the variable.
    pub(super) fn prepare(&mut self, id: ExprId) -> Result<ExprId, NoLimit> {
        let mut id = id;
        for _ in 0..MOST_PASSES {
            let next = self.prepare_once(id)?;
            if next == id {
                return Ok(id);
            }
            id = next;
        }
        Err(NoLimit::Exhausted)
    }

    fn prepare_once(&mut self, id: ExprId) -> Result<ExprId, NoLimit> {
        let mut images: FxHashMap<ExprId, ExprId> = FxHashMap::default();
        let mut oscillating: FxHashSet<ExprId> = FxHashSet::default();
        for at in self.arena.reachable(id) {
            let image = self.arena.rebuild_node(at, &images);
            let (image, own) = match *self.arena.node(image) {
                Node::Apply(function, argument) if self.arena.depends(argument) => {
                    let inner = self.oscillates_within(argument, &oscillating);
                    self.prepare_call(image, function, argument, inner)?
                }
                _ => (image, false),
            };
            if own || self.has_parity(image) {
                oscillating.insert(image);
            }
            images.insert(at, image);
        }
        images.get(&id).copied().ok_or(NoLimit::Undecided)
    }

    fn oscillates_within(&self, id: ExprId, oscillating: &FxHashSet<ExprId>) -> bool {
        !oscillating.is_empty()
            && self.arena.reachable(id).iter().any(|at| oscillating.contains(at))
    }

    /// The rewritten call, and whether it oscillates.
    fn prepare_call(
        &mut self,
        image: ExprId,
        function: Function,
        u: ExprId,
        oscillates: bool,
    ) -> Result<(ExprId, bool), NoLimit> {
        let image = match function {
            Function::Tan => {
                let sine = self.arena.apply(Function::Sin, u);
                let cosine = self.arena.apply(Function::Cos, u);
                self.arena.divide(sine, cosine)
            }
            Function::Sinh | Function::Cosh | Function::Tanh => {
                self.arena.by_exponentials(function, u)
            }
            Function::Asinh | Function::Acosh | Function::Atanh => {
                self.arena.by_logarithms(function, u)
            }
            Function::Acos => {
                let sine = self.arena.apply(Function::Asin, u);
                let quarter = self.arena.multiply(&[Arena::HALF, Arena::PI]);
                self.arena.subtract(quarter, sine)
            }
            _ if oscillates => image,
            Function::Sin | Function::Cos => {
                return Ok((image, !matches!(self.limit(u)?, Limit::Finite(_))));
            }
            Function::Abs => match self.sign_if_decided(u)? {
                Some(Sign::Negative) => self.arena.negate(u),
                Some(Sign::Zero) => Arena::ZERO,
                Some(_) => u,
                None => image,
            },
            Function::Sign => match self.sign_if_decided(u)? {
                Some(Sign::Negative) => Arena::MINUS_ONE,
                Some(Sign::Zero) => Arena::ZERO,
                Some(_) => Arena::ONE,
                None => image,
            },
            Function::Atan => match self.limit(u)? {
                Limit::Finite(_) => image,
                limit => {
                    let reciprocal = self.arena.power(u, Arena::MINUS_ONE);
                    let rest = self.arena.apply(Function::Atan, reciprocal);
                    let half = Rational::new(1.into(), 2.into());
                    let sign = if limit == Limit::Infinity { half } else { -half };
                    self.arena.combine(&[(sign, Arena::PI), (-Rational::one(), rest)])
                }
            },
            Function::Asin => self.prepare_arcsine(image, u)?,
            Function::Erf => self.prepare_error_function(image, u)?,
            Function::Exp | Function::Log | Function::Erfcx => image,
        };
        Ok((image, false))
    }

    /// The sign, unless free angles leave it open.
    fn sign_if_decided(&mut self, id: ExprId) -> Result<Option<Sign>, NoLimit> {
        match self.sign(id) {
            Ok(sign) => Ok(Some(sign)),
            Err(NoLimit::Undecided) if !self.arena.depends(id) => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// Near ±1 the arcsine has a branch point: `asin(u) = π/2 - 2*asin(sqrt((1 - u)/2))`.
    fn prepare_arcsine(&mut self, image: ExprId, u: ExprId) -> Result<ExprId, NoLimit> {
        let Limit::Finite(value) = self.limit(u)? else { return Err(NoLimit::Undefined) };
        for sign in [1_i64, -1] {
            let unit = self.arena.integer(sign);
            let difference = self.arena.subtract(value, unit);
            if !self.arena.is_zero(difference).is_zero() {
                continue;
            }
            let half = Rational::new(1.into(), 2.into());
            let signed = &half * Rational::from_integer((-sign).into());
            let inner = self.arena.combine(&[(half.clone(), Arena::ONE), (signed, u)]);
            let root = self.arena.square_root(inner);
            let arc = self.arena.apply(Function::Asin, root);
            let two = Rational::from_integer(2.into());
            let value = self.arena.combine(&[(half, Arena::PI), (-two, arc)]);
            return Ok(if sign == 1 { value } else { self.arena.negate(value) });
        }
        Ok(image)
    }

    /// Towards infinity `erf(u) = 1 - exp(-u^2)*erfcx(u)`.
    fn prepare_error_function(&mut self, image: ExprId, u: ExprId) -> Result<ExprId, NoLimit> {
        let limit = self.limit(u)?;
        if matches!(limit, Limit::Finite(_)) {
            return Ok(image);
        }
        let size = if limit == Limit::Infinity { u } else { self.arena.negate(u) };
        let square = self.arena.square(u);
        let negative = self.arena.negate(square);
        let bell = self.arena.exponential(negative);
        let scaled = self.arena.apply(Function::Erfcx, size);
        let product = self.arena.multiply(&[bell, scaled]);
        let value = self.arena.subtract(Arena::ONE, product);
        Ok(if limit == Limit::Infinity { value } else { self.arena.negate(value) })
    }

    /// Whether an expression is a power of −1 that depends on the variable.
    fn has_parity(&self, id: ExprId) -> bool {
        self.arena
            .factors(id)
            .iter()
            .any(|factor| factor.base == Arena::MINUS_ONE && self.arena.depends(factor.exponent))
    }

    /// Replaces all that oscillates by functions of free angles.
    pub(super) fn free_angles(
        &mut self,
        id: ExprId,
    ) -> Result<(ExprId, Vec<Oscillation>), NoLimit> {
        let mut arguments = Vec::new();
        let mut parities = Vec::new();
        for at in self.arena.reachable(id) {
            match self.arena.node(at).clone() {
                Node::Apply(Function::Sin | Function::Cos, u) if self.arena.depends(u) => {
                    let inner = self.oscillates_already(u);
                    if !inner
                        && !arguments.contains(&u)
                        && !matches!(self.limit(u)?, Limit::Finite(_))
                    {
                        arguments.push(u);
                    }
                }
                Node::Product(factors) => {
                    for factor in factors {
                        if factor.base == Arena::MINUS_ONE && self.arena.depends(factor.exponent) {
                            parities.push(factor.exponent);
                        }
                    }
                }
                _ => {}
            }
        }
        let mut images = FxHashMap::default();
        let mut found = Vec::new();
        while let Some(first) = arguments.first().copied() {
            let class = self.class_of(first, &mut arguments)?;
            let angle = self.new_angle();
            for (argument, multiple, rest) in class {
                let turned = self.arena.scale(&Rational::from_integer(multiple.into()), angle);
                self.free(&mut images, argument, turned, rest);
            }
            found.push(Oscillation { angle, cause: first, is_parity: false });
        }
        for exponent in parities {
            let difference = [Rational::one(), -Rational::one()].into_iter().find_map(|sign| {
                let rest =
                    self.arena.combine(&[(Rational::one(), exponent), (-sign, Arena::VARIABLE)]);
                self.arena.as_integer(rest)
            });
            let Some(shift) = difference else { return Err(NoLimit::Undecided) };
            let angle = match found.iter().find(|known: &&Oscillation| known.is_parity) {
                Some(known) => known.angle,
                None => {
                    let angle = self.new_angle();
                    found.push(Oscillation { angle, cause: exponent, is_parity: true });
                    angle
                }
            };
            let cosine = self.arena.apply(Function::Cos, angle);
            let value = if shift % 2 == 0 { cosine } else { self.arena.negate(cosine) };
            let power = self.arena.power(Arena::MINUS_ONE, exponent);
            images.insert(power, value);
        }
        let freed = self.replace_powers(id, &mut images);
        Ok((freed, found))
    }

    fn oscillates_already(&mut self, id: ExprId) -> bool {
        let nodes = self.arena.reachable(id);
        nodes.iter().any(|at| match *self.arena.node(*at) {
            Node::Apply(Function::Sin | Function::Cos, u) if self.arena.depends(u) => {
                !matches!(self.limit(u), Ok(Limit::Finite(_)))
            }
            _ => self.has_parity(*at),
        })
    }

    /// Like rebuilding, but powers of −1 are replaced inside products too.
    fn replace_powers(&mut self, id: ExprId, images: &mut FxHashMap<ExprId, ExprId>) -> ExprId {
        for at in self.arena.reachable(id) {
            if images.contains_key(&at) {
                continue;
            }
            let image = match self.arena.node(at).clone() {
                Node::Product(factors) if self.has_parity(at) => {
                    let mut powers = Vec::new();
                    for factor in factors {
                        let of = |child: ExprId| images.get(&child).copied().unwrap_or(child);
                        let power = self.arena.power(factor.base, factor.exponent);
                        let known = images.get(&power).copied();
                        powers.push(match known {
                            Some(image) => image,
                            None => self.arena.power(of(factor.base), of(factor.exponent)),
                        });
                    }
                    self.arena.multiply(&powers)
                }
                _ => self.arena.rebuild_node(at, images),
            };
            images.insert(at, image);
        }
        images.get(&id).copied().unwrap_or(Arena::UNDEFINED)
    }

    fn new_angle(&mut self) -> ExprId {
        let name = format!("angle {}", self.angles.len() + 1);
        let angle = self.arena.parameter(&name, Sign::Unknown);
        self.angles.push(angle);
        angle
    }

    /// Takes out all arguments that are, up to what has a limit, integer multiples of one angle.
    fn class_of(
        &mut self,
        first: ExprId,
        arguments: &mut Vec<ExprId>,
    ) -> Result<Vec<(ExprId, i64, ExprId)>, NoLimit> {
        let mut members = Vec::new();
        let mut parts = 1_i64;
        for argument in arguments.clone() {
            let ratio = self.arena.divide(argument, first);
            let Ok(Limit::Finite(ratio)) = self.limit(ratio) else { continue };
            let Some(ratio) = self.arena.as_number(ratio).cloned() else { continue };
            let scaled = self.arena.scale(&ratio, first);
            let rest = self.arena.subtract(argument, scaled);
            let Ok(Limit::Finite(_)) = self.limit(rest) else { continue };
            let Some(denominator) = ratio.denom().to_i64() else { continue };
            parts = num_integer::lcm(parts, denominator);
            members.push((argument, ratio, rest));
        }
        let mut class = Vec::new();
        for (argument, ratio, rest) in members {
            let multiple = ratio * Rational::from_integer(parts.into());
            if multiple.abs() > Rational::from_integer(GREATEST_MULTIPLE.into()) {
                return Err(NoLimit::Undecided);
            }
            arguments.retain(|other| *other != argument);
            class.push((argument, multiple.to_integer().to_i64().unwrap_or(0), rest));
        }
        Ok(class)
    }

    /// Sine and cosine of an argument by those of a multiple of the angle and of the rest.
    fn free(
        &mut self,
        images: &mut FxHashMap<ExprId, ExprId>,
        argument: ExprId,
        turned: ExprId,
        rest: ExprId,
    ) {
        let arena = &mut self.arena;
        let (s, c) = (arena.apply(Function::Sin, turned), arena.apply(Function::Cos, turned));
        let (p, q) = (arena.apply(Function::Sin, rest), arena.apply(Function::Cos, rest));
        let (first, second) = (arena.multiply(&[s, q]), arena.multiply(&[c, p]));
        let sine = arena.add(&[first, second]);
        let (first, second) = (arena.multiply(&[c, q]), arena.multiply(&[s, p]));
        let cosine = arena.subtract(first, second);
        let own = arena.apply(Function::Sin, argument);
        images.insert(own, sine);
        let own = arena.apply(Function::Cos, argument);
        images.insert(own, cosine);
    }
}
