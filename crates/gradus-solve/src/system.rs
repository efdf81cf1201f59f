//! Several equations solved for several unknowns: one after the other is isolated and put into the
//! rest.
//!
//! Must not know how one unknown is isolated.

use gradus_derivation::Builder;
use gradus_notation::tree::{Notation, NotationId};

use crate::expand::expand;
use crate::facts::{Facts, Holds};
use crate::isolate::{Isolated, Options, Stuck, isolate, substituted};
use crate::model::{
    Condition, Equation, Line, NoSolution, Outcome, Role, Solution, Solved, Unknown,
};
use crate::rules::Rule;

/// What makes formulas shorter without changing their values.
pub trait Simplify {
    /// A formula of the same value; the same formula if nothing is shorter.
    fn simplify(&mut self, builder: &mut Builder, formula: NotationId) -> NotationId;

    /// Whether a formula is zero for all values of what stands in it; none if that is not decided.
    fn is_zero(&mut self, builder: &mut Builder, formula: NotationId) -> Option<bool>;
}

/// Equations and what is asked of them.
pub struct System<'a> {
    /// The formulas.
    pub builder: &'a mut Builder,
    /// What is known of the given arrays.
    pub facts: &'a Facts,
    /// What is solved for.
    pub unknowns: &'a [Unknown],
    /// The equations.
    pub equations: &'a [Equation],
    /// Whether a given equation is asked about, so that the shortest of its solutions is an answer.
    pub alone: bool,
    /// What makes formulas shorter.
    pub simplify: &'a mut dyn Simplify,
}

/// An equation with what was put in.
#[derive(Clone, Debug)]
struct Open {
    position: usize,
    residual: NotationId,
    of: Option<usize>,
    put_in: Vec<String>,
}

impl System<'_> {
    /// Solves the system.
    ///
    /// # Errors
    /// The system contradicts itself, or an unknown cannot be isolated.
    pub fn solve(&mut self) -> Outcome {
        let mut solved = Solved::default();
        let mut open: Vec<Open> = Vec::with_capacity(self.equations.len());
        for (position, equation) in self.equations.iter().enumerate() {
            let residual = self.residual(equation);
            open.push(Open { position, residual, of: equation.of, put_in: Vec::new() });
        }
        let mut unsolved: Vec<usize> = (0..self.unknowns.len()).collect();
        self.refuse_without_unknown(&open)?;
        while !unsolved.is_empty() {
            self.settle(&mut open, &unsolved, &mut solved)?;
            if let Some(found) = self.by_cramer(&mut open, &mut unsolved) {
                for (solution, conditions) in found {
                    take(&mut solved, solution, conditions);
                }
                continue;
            }
            let Some((unknown, at, isolated)) = self.next(&open, &unsolved, &mut solved)? else {
                break;
            };
            let equation = open.remove(at);
            unsolved.retain(|other| *other != unknown);
            let solution = self.solution(unknown, &equation, isolated, &mut solved);
            // What depends on no other unknown stays by its name.
            let depends = unsolved.iter().any(|other| self.stands(*other, solution.stated));
            if depends || self.unknowns[unknown].role == Role::Multiplier {
                self.put_in(&mut open, unknown, solution.stated);
            }
            solved.solutions.push(solution);
        }
        self.settle(&mut open, &[], &mut solved)?;
        // The multiplier of an equation that follows from the others may have any value.
        for unknown in &unsolved {
            if self.unknowns[*unknown].role == Role::Multiplier {
                let zero = self.builder.zeros(self.builder.shape(self.unknowns[*unknown].atom));
                solved.solutions.push(Solution {
                    unknown: *unknown,
                    lines: Vec::new(),
                    stated: zero,
                    value: zero,
                    others: Vec::new(),
                    closing: None,
                    shortest: None,
                    solvable: None,
                });
            }
        }
        self.substitute_back(&mut solved);
        self.settle_conditions(&mut solved);
        let role = |unknown: &usize| self.unknowns[*unknown].role;
        unsolved.retain(|unknown| role(unknown) == Role::Wanted);
        solved.free = unsolved;
        Ok(solved)
    }

    /// A derivative that holds no unknown that was asked for, and no multiplier that it tells, is zero for
    /// no general data.
    fn refuse_without_unknown(&mut self, open: &[Open]) -> Result<(), NoSolution> {
        for equation in open {
            let wanted = |unknown: usize| self.unknowns[unknown].role == Role::Wanted;
            if self.alone || !equation.of.is_some_and(wanted) {
                continue;
            }
            let all = 0..self.unknowns.len();
            let standing: Vec<usize> =
                all.filter(|unknown| self.stands(*unknown, equation.residual)).collect();
            if standing.is_empty() || standing.iter().any(|unknown| wanted(*unknown)) {
                continue;
            }
            let tells = standing.iter().any(|unknown| {
                let (unknown, options) = (&self.unknowns[*unknown], Options::default());
                isolate(self.builder, self.facts, unknown, equation.residual, &options).is_ok()
            });
            if !tells {
                let right = self.builder.zeros(self.builder.shape(equation.residual));
                return Err(NoSolution::Contradiction {
                    equation: equation.position,
                    left: equation.residual,
                    right,
                });
            }
        }
        Ok(())
    }

    fn residual(&mut self, equation: &Equation) -> NotationId {
        self.builder.sum(&[(false, equation.left), (true, equation.right)])
    }

    /// Takes equations away that say nothing any more.
    fn settle(
        &mut self,
        open: &mut Vec<Open>,
        unsolved: &[usize],
        solved: &mut Solved,
    ) -> Result<(), NoSolution> {
        let mut at = 0;
        while at < open.len() {
            let residual = open[at].residual;
            if unsolved.iter().any(|unknown| self.stands(*unknown, residual)) {
                at += 1;
                continue;
            }
            let residual = self.with_values(residual, solved);
            let residual = self.simplify.simplify(self.builder, residual);
            let equation = open.remove(at);
            if self.builder.is_zero(residual)
                || self.simplify.is_zero(self.builder, residual) == Some(true)
            {
                solved.redundant.push(equation.position);
                continue;
            }
            let zero = self.builder.zeros(self.builder.shape(residual));
            return Err(NoSolution::Contradiction {
                equation: equation.position,
                left: residual,
                right: zero,
            });
        }
        Ok(())
    }

    /// A formula with all values that were found.
    fn with_values(&mut self, formula: NotationId, solved: &Solved) -> NotationId {
        let mut formula = formula;
        for _ in 0..=solved.solutions.len() {
            let before = formula;
            for solution in solved.solutions.iter().rev() {
                formula = self.replaced(formula, solution.unknown, solution.stated);
            }
            if formula == before {
                break;
            }
        }
        formula
    }

    fn stands(&self, unknown: usize, formula: NotationId) -> bool {
        let mut holds = Holds::new(vec![self.unknowns[unknown].name.clone()]);
        holds.of(self.builder, formula)
    }

    /// The next unknown that can be isolated, with the position of its equation among the open ones.
    fn next(
        &mut self,
        open: &[Open],
        unsolved: &[usize],
        solved: &mut Solved,
    ) -> Result<Option<(usize, usize, Isolated)>, NoSolution> {
        let mut order: Vec<(usize, usize)> = Vec::new();
        let wanted = |unknown: &usize| self.unknowns[*unknown].role == Role::Wanted;
        let (first, second): (Vec<usize>, Vec<usize>) = unsolved.iter().partition(|id| wanted(id));
        for own in [true, false] {
            for unknown in first.iter().chain(&second) {
                for (at, equation) in open.iter().enumerate() {
                    if (equation.of == Some(*unknown)) == own {
                        order.push((*unknown, at));
                    }
                }
            }
        }
        let mut hardest: Option<(usize, Vec<Line>)> = None;
        let mut never: Option<NoSolution> = None;
        for (unknown, at) in order {
            let others = unsolved.iter().filter(|other| **other != unknown);
            let options = Options {
                others: others.map(|other| self.unknowns[*other].name.clone()).collect(),
                alone: self.alone && self.equations.len() == 1 && self.unknowns.len() == 1,
            };
            match isolate(
                self.builder,
                self.facts,
                &self.unknowns[unknown],
                open[at].residual,
                &options,
            ) {
                Ok(isolated) => return Ok(Some((unknown, at, isolated))),
                Err(Stuck::Absent) => {}
                Err(Stuck::Never { left, right }) => {
                    never = never.or(Some(NoSolution::Contradiction {
                        equation: open[at].position,
                        left,
                        right,
                    }));
                }
                Err(Stuck::Hard(lines)) => {
                    if hardest.is_none() {
                        hardest = Some((unknown, lines));
                    }
                }
            }
        }
        if let Some(never) = never {
            return Err(never);
        }
        match hardest {
            Some((unknown, mut lines)) => {
                // What was found before belongs to the way.
                let before = solved.solutions.drain(..).flat_map(|solution| solution.lines);
                lines.splice(0..0, before);
                Err(NoSolution::NotIsolated { unknown, lines })
            }
            None => Ok(None),
        }
    }

    fn solution(
        &mut self,
        unknown: usize,
        equation: &Open,
        isolated: Isolated,
        solved: &mut Solved,
    ) -> Solution {
        let Isolated { values, mut lines, conditions, shortest, solvable } = isolated;
        if let Some(first) = lines.first_mut() {
            let put_in = equation.put_in.iter().map(|name| Rule::PutIn(name.clone()));
            first.rules.splice(0..0, put_in);
        }
        for condition in conditions {
            if !solved.conditions.contains(&condition) {
                solved.conditions.push(condition);
            }
        }
        let mut values =
            values.into_iter().map(|value| self.simplify.simplify(self.builder, value));
        let zero = NotationId(0);
        let stated = values.next().unwrap_or(zero);
        let others: Vec<NotationId> = values.collect();
        let atom = self.unknowns[unknown].atom;
        if let Some(last) = lines.last_mut()
            && last.left == atom
            && last.right != stated
        {
            last.right = stated;
        }
        Solution {
            unknown,
            lines,
            stated,
            value: stated,
            others,
            closing: None,
            shortest,
            solvable,
        }
    }

    /// Puts a value into the equations that are left.
    fn put_in(&mut self, open: &mut [Open], unknown: usize, value: NotationId) {
        for equation in open {
            if !self.stands(unknown, equation.residual) {
                continue;
            }
            let residual = self.replaced(equation.residual, unknown, value);
            equation.residual = residual;
            equation.put_in.push(self.unknowns[unknown].name.clone());
        }
    }

    fn replaced(&mut self, root: NotationId, unknown: usize, value: NotationId) -> NotationId {
        substituted(self.builder, root, self.unknowns[unknown].atom, value)
    }

    /// The values in terms of what is given, and as they are stated: multipliers are put in, other
    /// unknowns stand by their names where they do not depend on this one.
    fn substitute_back(&mut self, solved: &mut Solved) {
        for at in (0..solved.solutions.len()).rev() {
            let before = solved.solutions[at].stated;
            let mut stated = before;
            let mut names = Vec::new();
            for later in at + 1..solved.solutions.len() {
                let (unknown, known) = {
                    let later = &solved.solutions[later];
                    (later.unknown, later.stated)
                };
                if self.stands(unknown, stated) {
                    stated = self.replaced(stated, unknown, known);
                    names.push(Rule::PutIn(self.unknowns[unknown].name.clone()));
                }
            }
            if stated != before {
                stated = self.simplify.simplify(self.builder, stated);
                let left = self.unknowns[solved.solutions[at].unknown].atom;
                solved.solutions[at].closing = Some(Line { left, right: stated, rules: names });
            }
            solved.solutions[at].stated = stated;
        }
        for at in 0..solved.solutions.len() {
            // It is told for what is given only.
            if let Some(shortest) = solved.solutions[at].shortest
                && (0..self.unknowns.len()).any(|unknown| self.stands(unknown, shortest))
            {
                solved.solutions[at].shortest = None;
            }
            let (stated, others) =
                (solved.solutions[at].stated, solved.solutions[at].others.clone());
            let value = self.with_values(stated, solved);
            let value =
                if value == stated { value } else { self.simplify.simplify(self.builder, value) };
            let mut put_in = Vec::with_capacity(others.len());
            for other in others {
                let other = self.with_values(other, solved);
                put_in.push(self.simplify.simplify(self.builder, other));
            }
            solved.solutions[at].value = value;
            solved.solutions[at].others = put_in;
        }
    }

    /// Conditions in terms of what is given, without numbers; those that are known to hold are left out.
    fn settle_conditions(&mut self, solved: &mut Solved) {
        let mut kept: Vec<Condition> = Vec::new();
        for condition in std::mem::take(&mut solved.conditions) {
            let condition = match condition {
                Condition::NonZero(id) => {
                    let id = self.settled(id, solved);
                    let product = crate::expand::Product::of(self.builder, id);
                    let mut bare = product.clone();
                    bare.coefficient = gradus_tensor::Rational::ONE;
                    if let [only] = bare.chain.as_slice()
                        && matches!(self.builder.node(*only), Notation::Ones | Notation::Identity)
                    {
                        bare.chain.clear();
                    }
                    let id = bare.write(self.builder, &self.facts.known);
                    if self.facts.is_not_zero(self.builder, id) {
                        continue;
                    }
                    Condition::NonZero(id)
                }
                Condition::Positive(id) => {
                    let id = self.settled(id, solved);
                    if self.facts.has_positive_entries(self.builder, id) {
                        continue;
                    }
                    Condition::Positive(id)
                }
                Condition::Invertible(id) => Condition::Invertible(self.settled(id, solved)),
                other => other,
            };
            if !kept.contains(&condition) {
                kept.push(condition);
            }
        }
        solved.conditions = kept;
    }

    fn settled(&mut self, id: NotationId, solved: &Solved) -> NotationId {
        let mut settled = id;
        // Unknowns that were asked for stay by their names.
        for solution in &solved.solutions {
            if self.unknowns[solution.unknown].role == Role::Multiplier {
                settled = self.replaced(settled, solution.unknown, solution.stated);
            }
        }
        if settled == id { id } else { self.simplify.simplify(self.builder, settled) }
    }

    /// Two scalars in two linear scalar equations.
    fn by_cramer(
        &mut self,
        open: &mut Vec<Open>,
        unsolved: &mut Vec<usize>,
    ) -> Option<Vec<(Solution, Vec<Condition>)>> {
        let [one, other] = unsolved.as_slice() else { return None };
        let (one, other) = (*one, *other);
        if open.len() != 2 {
            return None;
        }
        let mut rows = Vec::new();
        for equation in open.iter() {
            rows.push(self.linear_row(equation.residual, one, other)?);
        }
        let [[a, b, e], [c, d, f]] = [rows[0], rows[1]];
        let (ad, bc) = (self.builder.product(&[a, d]), self.builder.product(&[b, c]));
        let determinant = self.builder.sum(&[(false, ad), (true, bc)]);
        if [a, b, c, d].iter().any(|id| self.builder.is_zero(*id))
            || self.simplify.is_zero(self.builder, determinant) != Some(false)
        {
            return None;
        }
        let mut found = Vec::new();
        for (unknown, first, second) in [(one, (b, f), (d, e)), (other, (c, e), (a, f))] {
            let first = self.builder.product(&[first.0, first.1]);
            let second = self.builder.product(&[second.0, second.1]);
            let above = self.builder.sum(&[(false, first), (true, second)]);
            let value = self.builder.fraction(above, determinant);
            let atom = self.unknowns[unknown].atom;
            let mut lines = Vec::new();
            if unknown == one {
                for (equation, [a, b, e]) in open.iter().zip([rows[0], rows[1]]) {
                    let (x, y) = (self.unknowns[one].atom, self.unknowns[other].atom);
                    let terms = [self.builder.product(&[a, x]), self.builder.product(&[b, y])];
                    let left = self.builder.sum(&terms.map(|term| (false, term)));
                    let right = self.builder.negate(e);
                    let rules = equation.put_in.iter().map(|name| Rule::PutIn(name.clone()));
                    lines.push(Line { left, right, rules: rules.collect() });
                }
            }
            let value = self.simplify.simplify(self.builder, value);
            lines.push(Line { left: atom, right: value, rules: vec![Rule::Cramer] });
            let solution = Solution {
                unknown,
                lines,
                stated: value,
                value,
                others: Vec::new(),
                closing: None,
                shortest: None,
                solvable: None,
            };
            found.push((solution, vec![Condition::NonZero(determinant)]));
        }
        open.clear();
        unsolved.clear();
        Some(found)
    }

    /// The coefficients of two scalar unknowns in a linear equation, and its constant.
    fn linear_row(
        &mut self,
        residual: NotationId,
        one: usize,
        other: usize,
    ) -> Option<[NotationId; 3]> {
        let atoms = [self.unknowns[one].atom, self.unknowns[other].atom];
        if !self.builder.shape(residual).is_scalar()
            || atoms.iter().any(|atom| !self.builder.shape(*atom).is_scalar())
        {
            return None;
        }
        let names = [one, other].map(|unknown| self.unknowns[unknown].name.clone());
        let mut holds = Holds::new(names.to_vec());
        let products = expand(self.builder, &mut holds, &self.facts.known, residual).ok()?;
        let mut rows: [Vec<(bool, NotationId)>; 3] = Default::default();
        for mut product in products {
            if product.is_scalar_chain(self.builder) {
                product.fold(self.builder, &self.facts.known);
            }
            let place = product.scalars.iter().position(|(id, _)| holds.of(self.builder, *id));
            let row = match place {
                None => 2,
                Some(place) => {
                    let (id, exponent) = product.scalars.remove(place);
                    let row = atoms.iter().position(|atom| *atom == id)?;
                    if !exponent.is_one() || product.holds(self.builder, &mut holds) {
                        return None;
                    }
                    row
                }
            };
            rows[row].push((false, product.write(self.builder, &self.facts.known)));
        }
        Some(rows.map(|terms| self.builder.sum(&terms)))
    }
}

fn take(solved: &mut Solved, solution: Solution, conditions: Vec<Condition>) {
    for condition in conditions {
        if !solved.conditions.contains(&condition) {
            solved.conditions.push(condition);
        }
    }
    solved.solutions.push(solution);
}
