//! One unknown isolated from one equation.
//!
//! Must not know systems. The equation is a sum of products that is zero; each step makes it simpler
//! until the unknown stands alone.

use gradus_derivation::Builder;
use gradus_notation::tree::{Notation, NotationId};
use gradus_tensor::Rational;

use crate::expand::{Product, collected, expand, power};
use crate::facts::{Facts, Holds};
use crate::model::{Condition, Line, Unknown};
use crate::rules::Rule;

/// How many steps are taken at most.
const ROUNDS: usize = 24;

/// What came of an attempt to isolate an unknown.
#[derive(Debug)]
pub(crate) struct Isolated {
    /// The values, the first one the one that is meant if the equation has several.
    pub(crate) values: Vec<NotationId>,
    pub(crate) lines: Vec<Line>,
    pub(crate) conditions: Vec<Condition>,
    /// Where a matrix lacks rank, the shortest of the solutions.
    pub(crate) shortest: Option<NotationId>,
    /// The right side, and the left side that it has to equal for some value of the unknown.
    pub(crate) solvable: Option<(NotationId, NotationId)>,
}

/// Why an unknown is not isolated.
#[derive(Debug)]
pub(crate) enum Stuck {
    /// It does not stand in the equation.
    Absent,
    /// What is left of the equation holds for no value of it.
    Never {
        /// The left side.
        left: NotationId,
        /// The right side.
        right: NotationId,
    },
    /// No mechanism applies; the lines lead to the simplest form.
    Hard(Vec<Line>),
}

/// What one step came to.
pub(crate) enum Progress {
    /// The equation has a new form.
    On,
    /// The unknown has these values.
    Found(Vec<NotationId>),
    /// The step does not apply.
    No,
}

/// An equation on its way.
pub(crate) struct Isolation<'a> {
    pub(crate) builder: &'a mut Builder,
    pub(crate) facts: &'a Facts,
    pub(crate) unknown: Unknown,
    pub(crate) holds: Holds,
    /// The sum of these is zero.
    pub(crate) products: Vec<Product>,
    /// The rules of the line that is being made.
    pub(crate) rules: Vec<Rule>,
    pub(crate) lines: Vec<Line>,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) shortest: Option<NotationId>,
    pub(crate) solvable: Option<(NotationId, NotationId)>,
    pub(crate) others: Holds,
    /// Whether the shortest of several solutions is an answer.
    pub(crate) alone: bool,
    /// Whether a side was stripped.
    pub(crate) has_stripped: bool,
    options: Options,
    depth: usize,
}

/// Isolates an unknown from `residual = 0`.
pub(crate) fn isolate(
    builder: &mut Builder,
    facts: &Facts,
    unknown: &Unknown,
    residual: NotationId,
    options: &Options,
) -> Result<Isolated, Stuck> {
    isolate_at(builder, facts, unknown, residual, options, 0)
}

/// What is known of the rest of the system.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    /// The names of the unknowns that are still to be isolated.
    pub(crate) others: Vec<String>,
    /// Whether the equation stands alone, so that the shortest of its solutions is an answer.
    pub(crate) alone: bool,
}

fn isolate_at(
    builder: &mut Builder,
    facts: &Facts,
    unknown: &Unknown,
    residual: NotationId,
    options: &Options,
    depth: usize,
) -> Result<Isolated, Stuck> {
    let mut holds = Holds::new(vec![unknown.name.clone()]);
    let Ok(products) = expand(builder, &mut holds, &facts.known, residual) else {
        return Err(Stuck::Hard(Vec::new()));
    };
    let isolation = Isolation {
        builder,
        facts,
        unknown: unknown.clone(),
        holds,
        products,
        rules: vec![Rule::Sort],
        lines: Vec::new(),
        conditions: Vec::new(),
        shortest: None,
        solvable: None,
        others: Holds::new(options.others.clone()),
        alone: options.alone && depth == 0,
        has_stripped: false,
        options: options.clone(),
        depth,
    };
    isolation.run()
}

impl Isolation<'_> {
    fn run(mut self) -> Result<Isolated, Stuck> {
        for round in 0..ROUNDS {
            if !self.products.iter().any(|product| product.holds(self.builder, &mut self.holds)) {
                if round == 0 || self.products.is_empty() {
                    return Err(Stuck::Absent);
                }
                let (left, right) = self.sides();
                return Err(Stuck::Never { left, right });
            }
            self.by_number();
            match self.step() {
                Progress::On => {}
                Progress::Found(values) => {
                    let Self { lines, conditions, shortest, solvable, .. } = self;
                    return Ok(Isolated { values, lines, conditions, shortest, solvable });
                }
                Progress::No => break,
            }
        }
        self.show();
        Err(Stuck::Hard(self.lines))
    }

    /// The first step that applies.
    fn step(&mut self) -> Progress {
        let steps: [fn(&mut Self) -> Progress; 10] = [
            Self::by_common_scalars,
            Self::by_transposing,
            Self::by_stripping,
            Self::by_affine,
            Self::by_polynomial,
            Self::by_denominators,
            Self::by_common_part,
            Self::by_inverses,
            Self::by_square,
            Self::by_entries,
        ];
        for step in steps {
            match step(self) {
                Progress::No => {}
                progress => return progress,
            }
        }
        Progress::No
    }

    /// Whether a formula holds an unknown that is still to be isolated.
    pub(crate) fn has_others(&mut self, id: NotationId) -> bool {
        self.others.of(self.builder, id)
    }

    /// Whether a formula holds the unknown.
    pub(crate) fn has(&mut self, id: NotationId) -> bool {
        self.holds.of(self.builder, id)
    }

    /// Takes the greatest number out that divides all coefficients.
    fn by_number(&mut self) {
        let mut content: Option<Rational> = None;
        let mut sign = false;
        for product in &self.products {
            content = Some(match content {
                None => product.coefficient.abs(),
                Some(known) => known.content(&product.coefficient.abs()),
            });
        }
        for product in &self.products {
            if product.holds(self.builder, &mut self.holds) {
                sign = product.coefficient.is_negative();
                break;
            }
        }
        let Some(mut content) = content else { return };
        if content.is_zero() {
            return;
        }
        if !content.is_one() {
            self.rules.push(Rule::DivideByNumber);
        }
        if sign {
            content = content.negate();
        }
        for product in &mut self.products {
            if let Some(quotient) = product.coefficient.divide(&content) {
                product.coefficient = quotient;
            }
        }
    }

    /// The products as formulas: those with the unknown on the left, the others on the right.
    pub(crate) fn sides(&mut self) -> (NotationId, NotationId) {
        let (mut left, mut right) = (Vec::new(), Vec::new());
        for product in &self.products {
            let formula = product.write(self.builder, &self.facts.known);
            if product.holds(self.builder, &mut self.holds) {
                left.push((false, formula));
            } else {
                right.push((true, formula));
            }
        }
        let left = if left.is_empty() {
            self.builder.zeros(
                right.first().map_or(gradus_notation::tree::Shape::SCALAR, |(_, id)| {
                    self.builder.shape(*id)
                }),
            )
        } else {
            self.builder.sum(&left)
        };
        let right = if right.is_empty() {
            self.builder.zeros(self.builder.shape(left))
        } else {
            self.builder.sum(&right)
        };
        (left, right)
    }

    /// Adds the equation as it stands as a line.
    pub(crate) fn show(&mut self) {
        let (left, right) = self.sides();
        self.line(left, right);
    }

    /// Adds a line with the rules that wait, unless it repeats the one before.
    pub(crate) fn line(&mut self, left: NotationId, right: NotationId) {
        let mut rules: Vec<Rule> = Vec::new();
        for rule in std::mem::take(&mut self.rules) {
            if !rules.contains(&rule) {
                rules.push(rule);
            }
        }
        if self.lines.last().is_some_and(|line| (line.left, line.right) == (left, right)) {
            return;
        }
        self.lines.push(Line { left, right, rules });
    }

    /// Adds a condition once.
    pub(crate) fn condition(&mut self, condition: Condition) {
        if !self.conditions.contains(&condition) {
            self.conditions.push(condition);
        }
    }

    /// A matrix is to be inverted: the condition unless it is known to hold.
    pub(crate) fn must_invert(&mut self, matrix: NotationId) {
        if self.facts.is_invertible(self.builder, matrix) {
            return;
        }
        let gram = gram_factor(self.builder, self.facts, matrix);
        match gram {
            Some(factor) => match *self.builder.node(factor) {
                Notation::Transpose(inner) => self.condition(Condition::FullRowRank(inner)),
                _ => self.condition(Condition::FullColumnRank(factor)),
            },
            None => self.condition(Condition::Invertible(matrix)),
        }
    }

    /// A scalar or the entries of an array must not be zero.
    pub(crate) fn must_not_vanish(&mut self, id: NotationId) {
        if !self.facts.is_not_zero(self.builder, id) {
            self.condition(Condition::NonZero(id));
        }
    }

    /// Divides by scalars that stand in every product.
    fn by_common_scalars(&mut self) -> Progress {
        let Some(first) = self.products.first().cloned() else { return Progress::No };
        for (base, exponent) in &first.scalars {
            let mut common = exponent.clone();
            let everywhere = self.products.iter().all(|product| {
                let own = product.scalars.iter().find(|(id, _)| id == base);
                let Some((_, own)) = own else { return false };
                if own.is_negative() != common.is_negative() {
                    return false;
                }
                if own.abs().subtract(&common.abs()).is_negative() {
                    common = own.clone();
                }
                true
            });
            let is_unknown = *base == self.unknown.atom;
            let summed = self.products.iter().any(|product| {
                product.over.iter().any(|index| crate::expand::mentions(self.builder, *base, index))
            });
            if !everywhere || is_unknown || summed {
                continue;
            }
            if !common.is_negative() {
                self.must_not_vanish(*base);
            }
            for product in &mut self.products {
                for (id, exponent) in &mut product.scalars {
                    if id == base {
                        *exponent = exponent.subtract(&common);
                    }
                }
                product.scalars.retain(|(_, exponent)| !exponent.is_zero());
            }
            let by = power(self.builder, *base, &common.abs());
            self.rules.push(match common.is_negative() {
                true => Rule::MultiplyByScalar(by),
                false => Rule::DivideByScalar(by),
            });
            return Progress::On;
        }
        Progress::No
    }

    /// Transposes the equation where the unknown stands in transposed factors only.
    fn by_transposing(&mut self) -> Progress {
        let mut any = false;
        for product in self.products.clone() {
            for factor in &product.chain {
                if !self.has(*factor) {
                    continue;
                }
                if !matches!(self.builder.node(*factor), Notation::Transpose(_)) {
                    return Progress::No;
                }
                any = true;
            }
            if product.is_scalar_chain(self.builder) {
                return Progress::No;
            }
        }
        if !any {
            return Progress::No;
        }
        let products = std::mem::take(&mut self.products);
        for mut product in products {
            product.chain =
                product.chain.iter().rev().map(|id| self.builder.transpose(*id)).collect();
            self.products.push(product);
        }
        self.rules.push(Rule::TransposeBoth);
        Progress::On
    }

    /// Strips a square factor that stands at the same end of every product.
    fn by_stripping(&mut self) -> Progress {
        for left in [true, false] {
            let end = |product: &Product| {
                if left { product.chain.first().copied() } else { product.chain.last().copied() }
            };
            let Some(factor) = self.products.first().and_then(end) else { continue };
            let shape = self.builder.shape(factor);
            if shape.rows != shape.columns || self.has(factor) {
                continue;
            }
            if self.products.len() < 2
                || self.products.iter().any(|product| end(product) != Some(factor))
                || self.products.iter().any(|product| {
                    product
                        .over
                        .iter()
                        .any(|index| crate::expand::mentions(self.builder, factor, index))
                })
                || matches!(self.builder.node(factor), Notation::Identity | Notation::Ones)
            {
                continue;
            }
            for product in &mut self.products {
                if left {
                    product.chain.remove(0);
                } else {
                    product.chain.pop();
                }
                if product.chain.is_empty() {
                    let identity = self.builder.identity(shape);
                    product.chain.push(identity);
                }
            }
            self.must_invert(factor);
            self.rules.push(match left {
                true => Rule::StripLeft(factor),
                false => Rule::StripRight(factor),
            });
            return Progress::On;
        }
        Progress::No
    }

    /// Takes a part for the unknown outside of which the unknown does not stand.
    fn by_common_part(&mut self) -> Progress {
        let mut part: Option<NotationId> = None;
        for product in self.products.clone() {
            let scalars = product.scalars.iter().map(|(id, _)| *id);
            for factor in product.chain.iter().copied().chain(scalars) {
                if !self.has(factor) {
                    continue;
                }
                let factor = match self.builder.node(factor) {
                    Notation::Transpose(inner) => *inner,
                    _ => factor,
                };
                if factor == self.unknown.atom || part.is_some_and(|part| part != factor) {
                    return Progress::No;
                }
                part = Some(factor);
            }
        }
        let Some(part) = part else { return Progress::No };
        if self.depth > 6 {
            return Progress::No;
        }
        // The part gets a name of its own while it is the unknown.
        let name = format!("{}\u{2032}part{}", self.unknown.name, self.depth);
        let shape = self.builder.shape(part);
        let kind = gradus_notation::tree::NameKind::Binding;
        let atom = self.builder.name(&name, kind, shape);
        let (left, right) = self.sides();
        let residual = self.builder.sum(&[(false, left), (true, right)]);
        let residual = substitute(self.builder, residual, part, atom);
        let symmetric = self.builder.is_symmetric(part, 12);
        let unknown = Unknown {
            name,
            atom,
            symmetry: if symmetric {
                crate::model::Symmetry::Symmetric
            } else {
                Default::default()
            },
            role: self.unknown.role,
        };
        let found = {
            let options = self.options.clone();
            isolate_at(self.builder, self.facts, &unknown, residual, &options, self.depth + 1)
        };
        let Ok(found) = found else { return Progress::No };
        let Some(value) = found.values.first().copied() else { return Progress::No };
        let Some((next, value, rule)) = self.peel(part, value) else { return Progress::No };
        for line in found.lines {
            let left = substitute(self.builder, line.left, atom, part);
            let right = substitute(self.builder, line.right, atom, part);
            self.rules.splice(0..0, line.rules);
            self.line(left, right);
        }
        for condition in found.conditions {
            self.condition(condition);
        }
        self.rules.push(rule);
        self.line(next, value);
        let residual = self.builder.sum(&[(false, next), (true, value)]);
        let Ok(products) = expand(self.builder, &mut self.holds, &self.facts.known, residual)
        else {
            return Progress::No;
        };
        if next == self.unknown.atom {
            return Progress::Found(vec![value]);
        }
        self.products = products;
        self.rules.push(Rule::Sort);
        Progress::On
    }

    /// Multiplies every product by another sum of products.
    pub(crate) fn multiply(&mut self, by: NotationId, left: bool) -> bool {
        let mut terms = Vec::with_capacity(self.products.len());
        for product in self.products.clone() {
            let formula = product.write(self.builder, &self.facts.known);
            let factors = if left { [by, formula] } else { [formula, by] };
            terms.push((false, self.builder.product(&factors)));
        }
        let residual = self.builder.sum(&terms);
        match expand(self.builder, &mut self.holds, &self.facts.known, residual) {
            Ok(products) => {
                self.products = collected(products);
                true
            }
            Err(_) => false,
        }
    }
}

/// The matrix A of `A'A` or `A'WA` with W positive definite.
pub(crate) fn gram_factor(
    builder: &Builder,
    facts: &Facts,
    matrix: NotationId,
) -> Option<NotationId> {
    let Notation::Product(factors) = builder.node(matrix) else { return None };
    let chain: Vec<NotationId> =
        factors.iter().copied().filter(|id| !builder.shape(*id).is_scalar()).collect();
    let [first, middle @ .., last] = chain.as_slice() else { return None };
    if !crate::facts::transposes(builder, *first, *last) || *first == *last {
        return None;
    }
    match middle {
        [] => Some(*last),
        [weight] if facts.is_definite(builder, *weight) => Some(*last),
        _ => None,
    }
}

/// A formula with another one in the place of a part.
pub(crate) fn substitute(
    builder: &mut Builder,
    root: NotationId,
    part: NotationId,
    by: NotationId,
) -> NotationId {
    let mut needed = vec![false; root.0 as usize + 1];
    let mut open = vec![root];
    while let Some(id) = open.pop() {
        if !std::mem::replace(&mut needed[id.0 as usize], true) && id != part {
            builder.node(id).for_each_child(|child| open.push(child));
        }
    }
    let mut mapped: Vec<NotationId> = Vec::with_capacity(needed.len());
    for (at, needed) in needed.into_iter().enumerate() {
        let id = NotationId(u32::try_from(at).unwrap_or(u32::MAX));
        let to = if !needed {
            id
        } else if id == part {
            by
        } else {
            builder.rebuild(id, |child| mapped[child.0 as usize])
        };
        mapped.push(to);
    }
    mapped[root.0 as usize]
}

/// A formula with a value in the place of an unknown, of a member of a family for each member.
pub fn substituted(
    builder: &mut Builder,
    root: NotationId,
    atom: NotationId,
    value: NotationId,
) -> NotationId {
    let mut result = substitute(builder, root, atom, value);
    let Notation::Indexed { base, indices } = builder.node(atom).clone() else { return result };
    let [own] = indices.as_slice() else { return result };
    // Members under other names of the index.
    for at in 0..=result.0 {
        let id = NotationId(at);
        let Notation::Indexed { base: other, indices } = builder.node(id).clone() else { continue };
        if other == base
            && let [index] = indices.as_slice()
            && index != own
        {
            let value = builder.swapped(value, own, index);
            result = substitute(builder, result, id, value);
        }
    }
    result
}
