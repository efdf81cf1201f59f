//! Reading cost of formulas: tokens of their text, parentheses and transpose marks.
//!
//! Must not know how the cost is used. Every function takes the cost of the parts from outside, so
//! that naming can ask what a formula costs when some of its parts are names.

use gradus_tensor::{FunctionRef, Rational};

use crate::raise::formula::{Callee, Factor, Formula, FormulaId, Formulas, Powers, Term};
use crate::raise::layout::{Segment, segments};
use crate::tree::Shape;

/// How a formula binds, from the tightest to the loosest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    Atom,
    Postfix,
    Product,
    Sum,
}

/// What reading a formula costs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measure {
    pub(crate) cost: u32,
    pub(crate) level: Level,
}

impl Measure {
    pub(crate) fn atom(cost: u32) -> Self {
        Self { cost, level: Level::Atom }
    }

    /// The cost as an operand of an operator that binds like `level`.
    pub(crate) fn within(self, level: Level) -> u32 {
        self.cost.saturating_add(if self.level >= level { 2 } else { 0 })
    }
}

/// The cost of parts.
pub(crate) type Parts<'p> = &'p dyn Fn(FormulaId) -> Measure;

/// A transpose mark costs its token and one more.
const TRANSPOSE: u32 = 2;

/// A name with an index: `h[i]`.
pub(crate) const MEMBER: u32 = 4;

impl Formulas {
    pub(crate) fn measure_formula(&self, formula: &Formula, shape: Shape, parts: Parts) -> Measure {
        match formula {
            Formula::Symbol(_)
            | Formula::Binding(_)
            | Formula::Pi
            | Formula::Infinity
            | Formula::ImaginaryUnit => Measure::atom(1),
            Formula::Dimension(dimension) => match self.dimensions.as_name(*dimension) {
                Some(_) => Measure::atom(1),
                None => Measure { cost: 3, level: Level::Sum },
            },
            Formula::Rows(_) => Measure::atom(1),
            Formula::Member { base, indices } => {
                Measure::atom(parts(*base).cost.saturating_add(1 + 2 * count(indices.len())))
            }
            Formula::NamedMember { .. } => Measure::atom(MEMBER),
            Formula::IndexedSum { indices, body } => {
                Measure::atom(parts(*body).cost.saturating_add(4 + 2 * count(indices.len())))
            }
            Formula::Identity => Measure::atom(4),
            Formula::Ones | Formula::Zeros => Measure::atom(if shape.is_vector() { 4 } else { 6 }),
            Formula::Term(term) => self.measure_term(term, parts),
            Formula::Sum(terms) => self.measure_sum(terms, parts),
            Formula::Hadamard(powers) => self.measure_hadamard(powers, 1, parts),
            Formula::Dot(chain) => self.measure_chain(chain, parts),
            Formula::SquaredNorm(base) => self.measure_norm(*base, &Rational::ONE, parts),
            Formula::Power { base, exponent } | Formula::MatrixPower { base, exponent } => {
                Measure {
                    cost: parts(*base).within(Level::Postfix)
                        + 1
                        + parts(*exponent).within(Level::Postfix),
                    level: Level::Postfix,
                }
            }
            Formula::Call { callee, arguments, sizes } => {
                let path = matches!(callee, Callee::Function(FunctionRef::Path { .. }));
                let separators = (arguments.len() + sizes.len()).saturating_sub(1);
                let own = 3 + u32::from(path) + count(separators) + count(sizes.len());
                Measure::atom(total(own, arguments.iter().map(|id| parts(*id).cost)))
            }
            Formula::Blocks(rows) => {
                let entries = rows.iter().flatten();
                let separators = count(entries.clone().count()) + 1;
                Measure::atom(total(separators, entries.map(|id| parts(*id).cost)))
            }
            Formula::Slice { base, .. } => Measure::atom(parts(*base).cost.saturating_add(7)),
        }
    }

    fn measure_sum(&self, terms: &[Term], parts: Parts) -> Measure {
        let negative = terms.first().is_some_and(|term| term.coefficient.is_negative());
        let operators = count(terms.len()).saturating_sub(1) + u32::from(negative);
        let broadcast = self.may_broadcast(terms);
        let costs = terms.iter().map(|term| self.measure_magnitude(term, broadcast, parts).cost);
        Measure { cost: total(operators, costs), level: Level::Sum }
    }

    /// The cost of a term with its sign.
    pub(crate) fn measure_term(&self, term: &Term, parts: Parts) -> Measure {
        let magnitude = self.measure_magnitude(term, false, parts);
        if term.coefficient.is_negative() {
            Measure { cost: magnitude.cost.saturating_add(1), level: Level::Sum }
        } else {
            magnitude
        }
    }

    /// The cost of a term without its sign. Where they may, ones stand as the bare scalar.
    fn measure_magnitude(&self, term: &Term, broadcast: bool, parts: Parts) -> Measure {
        let bare = broadcast && self.is_bare_ones(&term.chain);
        let chain: &[Factor] = if bare { &[] } else { &term.chain };
        let (numerator, denominator) = split_fraction(&term.coefficient);
        let mut above = Side::default();
        let mut below = Side::default();
        if !numerator {
            above.add(Measure::atom(1));
        }
        if !denominator {
            below.add(Measure::atom(1));
        }
        for (base, exponent) in &term.scalars {
            let measure = self.measure_scalar_power(*base, &exponent.abs(), parts);
            if exponent.is_negative() { below.add(measure) } else { above.add(measure) }
        }
        match chain {
            [factor] if !factor.transposed && self.quotient_only(factor.formula) => {
                let Formula::Hadamard(powers) = self.get(factor.formula) else {
                    return above.finish();
                };
                let quotient = self.measure_hadamard(powers, above.cost.max(1), parts);
                above = Side { cost: quotient.cost, count: 1, single: Level::Product };
            }
            [] => {}
            chain => {
                let measure = self.measure_chain(chain, parts);
                above.add_open(measure);
            }
        }
        if above.count == 0 {
            above.add(Measure::atom(1));
        }
        if below.count == 0 {
            return above.finish();
        }
        let below = below.finish();
        Measure {
            cost: above.finish().within(Level::Sum) + 1 + below.within(Level::Product),
            level: Level::Product,
        }
    }

    /// Whether a multiple of an array of ones may stand as the bare number in a sum. Beside an identity
    /// or a diagonal it would be read as a multiple of the identity.
    pub(crate) fn may_broadcast(&self, terms: &[Term]) -> bool {
        let diagonal = |term: &Term| {
            matches!(term.chain.as_slice(), [factor]
                if matches!(self.get(factor.formula), Formula::Identity
                    | Formula::Call { callee: Callee::DiagonalMatrix, .. }))
        };
        !terms.iter().any(diagonal)
    }

    /// Whether a product is nothing but ones.
    pub(crate) fn is_bare_ones(&self, chain: &[Factor]) -> bool {
        matches!(chain, [factor] if matches!(self.get(factor.formula), Formula::Ones))
    }

    /// Whether an entrywise product has a denominator only.
    pub(crate) fn quotient_only(&self, id: FormulaId) -> bool {
        matches!(self.get(id), Formula::Hadamard(powers)
            if powers.iter().all(|(_, exponent)| exponent.is_negative()))
    }

    /// The cost of a positive power of a scalar.
    pub(crate) fn measure_scalar_power(
        &self,
        base: FormulaId,
        exponent: &Rational,
        parts: Parts,
    ) -> Measure {
        if let Formula::SquaredNorm(vector) = self.get(base)
            && parts(base).cost > 1
        {
            return self.measure_norm(*vector, exponent, parts);
        }
        measure_power(parts(base), exponent)
    }

    /// The cost of a power of a sum of squares.
    fn measure_norm(&self, base: FormulaId, exponent: &Rational, parts: Parts) -> Measure {
        let inner = parts(base);
        if exponent.is_one() && self.norm_as_product(base, parts) {
            let cost = 2 * inner.within(Level::Product) + 1 + TRANSPOSE;
            return Measure { cost, level: Level::Product };
        }
        measure_power(
            Measure::atom(inner.cost.saturating_add(3)),
            &exponent.multiply(&Rational::integer(2)),
        )
    }

    /// Whether the sum of squares of a vector reads better as `v'*v` than as `norm2(v)^2`.
    pub(crate) fn norm_as_product(&self, base: FormulaId, parts: Parts) -> bool {
        let inner = parts(base);
        self.shape(base).is_vector() && inner.level == Level::Atom && inner.cost <= 2
    }

    /// The cost of entrywise powers; a numerator that is empty costs `numerator`.
    pub(crate) fn measure_hadamard(
        &self,
        powers: &Powers,
        numerator: u32,
        parts: Parts,
    ) -> Measure {
        let mut above = Side::default();
        let mut below = Side::default();
        for (base, exponent) in powers {
            let measure = measure_power(parts(*base), &exponent.abs());
            if exponent.is_negative() { below.add(measure) } else { above.add(measure) }
        }
        if below.count == 0 {
            return above.finish();
        }
        let above = if above.count == 0 { numerator } else { above.finish().within(Level::Sum) };
        Measure { cost: above + 1 + below.finish().within(Level::Product), level: Level::Product }
    }

    /// The cost of a product.
    pub(crate) fn measure_chain(&self, chain: &[Factor], parts: Parts) -> Measure {
        if let [factor] = chain
            && !factor.transposed
        {
            return parts(factor.formula);
        }
        let mut side = Side::default();
        for segment in segments(self, chain) {
            side.add(self.measure_segment(&segment, parts));
        }
        side.finish()
    }

    fn measure_segment(&self, segment: &Segment, parts: Parts) -> Measure {
        let marked = |inner: u32, transposed: bool| Measure {
            cost: inner + if transposed { TRANSPOSE } else { 0 },
            level: Level::Postfix,
        };
        match segment {
            Segment::Factor { formula, power: 1, transposed: false } => parts(*formula),
            Segment::Factor { formula, power: 1, .. } => {
                marked(parts(*formula).within(Level::Postfix), true)
            }
            Segment::Factor { formula, transposed, .. } => {
                let power = parts(*formula).within(Level::Postfix) + 2;
                marked(power + if *transposed { 2 } else { 0 }, *transposed)
            }
            Segment::Inverses { arguments, transposed } => {
                marked(2 + 2 * count(arguments.len()), *transposed)
            }
            Segment::Transposed(inside) => {
                // One level only: what is inside is never a transposed group again.
                let mut side = Side::default();
                for segment in inside {
                    let measure = match segment {
                        Segment::Factor { formula, power: 1, .. } => parts(*formula),
                        Segment::Factor { formula, .. } => {
                            marked(parts(*formula).within(Level::Postfix) + 2, false)
                        }
                        Segment::Inverses { arguments, .. } => {
                            Measure::atom(2 + 2 * count(arguments.len()))
                        }
                        Segment::Transposed(_) => Measure::atom(0),
                    };
                    side.add(measure);
                }
                marked(side.finish().cost + 2, true)
            }
        }
    }
}

/// The cost of a positive power.
fn measure_power(base: Measure, exponent: &Rational) -> Measure {
    match exponent.to_pair() {
        Some((1, 1)) => base,
        Some((1, 2)) => Measure::atom(base.cost.saturating_add(3)),
        Some((_, 1)) => Measure { cost: base.within(Level::Postfix) + 2, level: Level::Postfix },
        _ => Measure { cost: base.within(Level::Postfix) + 6, level: Level::Postfix },
    }
}

/// Whether the absolute numerator, and the denominator, are one.
fn split_fraction(coefficient: &Rational) -> (bool, bool) {
    match coefficient.to_pair() {
        Some((numerator, denominator)) => (numerator == 1 || numerator == -1, denominator == 1),
        None => (false, coefficient.is_integer()),
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn total(own: u32, costs: impl Iterator<Item = u32>) -> u32 {
    costs.fold(own, u32::saturating_add)
}

/// Factors on one side of a fraction bar.
struct Side {
    cost: u32,
    count: u32,
    single: Level,
}

impl Default for Side {
    fn default() -> Self {
        Self { cost: 0, count: 0, single: Level::Atom }
    }
}

impl Side {
    /// A factor that gets parentheses when it is not alone.
    fn add(&mut self, measure: Measure) {
        if self.count == 0 {
            self.cost = measure.cost;
            self.single = measure.level;
        } else {
            self.join();
            self.cost = self.cost.saturating_add(measure.within(Level::Product));
        }
        self.count += 1;
    }

    /// The factors of a product, which need no parentheses.
    fn add_open(&mut self, measure: Measure) {
        if self.count == 0 || measure.level == Level::Sum {
            self.add(measure);
        } else {
            self.join();
            self.cost = self.cost.saturating_add(measure.cost);
            self.count += 1;
        }
    }

    fn join(&mut self) {
        if self.count == 1 && self.single >= Level::Product {
            self.cost = self.cost.saturating_add(2);
        }
        self.cost = self.cost.saturating_add(1);
    }

    fn finish(self) -> Measure {
        Measure {
            cost: self.cost,
            level: if self.count > 1 { Level::Product } else { self.single },
        }
    }
}
