//! Formulas made shorter by the kernel: printed, read back, lowered to networks and raised again.
//!
//! Must not know equations.

use gradus_derivation::Builder;
use gradus_elaborate::Program;
use gradus_elaborate::lower::lower;
use gradus_elaborate::typed::TypedId;
use gradus_functions::{Meaning, Structural, book};
use gradus_notation::print;
use gradus_notation::raise::{Goal, raise};
use gradus_notation::tree::{Head, Notation, NotationId, Shape};
use gradus_solve::Simplify;
use gradus_tensor::{Dimensions, Role};
use gradus_verify::{Expression, Settings, check_equal};

use super::pose::member;
use crate::derive::raise_options;
use crate::verification::{Verdict, Verification};
use crate::verify::{read_back, read_text};

/// The kernel as what makes formulas shorter.
pub(super) struct Simplifier<'p> {
    program: &'p mut Program,
}

impl<'p> Simplifier<'p> {
    pub(super) fn new(program: &'p mut Program) -> Self {
        Self { program }
    }

    fn shorter(&mut self, builder: &mut Builder, asked: NotationId) -> Option<NotationId> {
        self.program.tree.dimensions = builder.tree.dimensions.clone();
        let formula = exponentials_of_logarithms(builder, asked);
        let index = free_index(builder, formula);
        let text = print::source(&builder.tree, formula);
        let root = read(self.program, &text, index.as_deref())?;
        let mut program = self.program.clone();
        program.results = vec![root];
        let lowered = lower(&program).ok()?;
        let value = lowered.results.first()?;
        let place = index.as_ref().map(|index| (0, index.clone()));
        if value.ambient.len() > usize::from(place.is_some()) {
            return None;
        }
        let goal = Goal {
            value: value.scaled.clone(),
            rows: value.row_axis(),
            columns: value.column_axis(),
            member: place.filter(|_| !value.ambient.is_empty()),
        };
        let indices = [goal.member.as_ref().map(|(_, index)| index.clone())];
        let options = raise_options(&program, &lowered);
        let (tree, page) = raise(&lowered.arena, &[goal], &options).ok()?;
        let indices: Vec<Option<&str>> = indices.iter().map(Option::as_deref).collect();
        let roots = read_back(self.program, &tree, &page, &indices).ok()?;
        builder.tree.dimensions = self.program.tree.dimensions.clone();
        let before = builder.tree.cost(asked);
        let shorter =
            builder.written(&self.program.tree, member(self.program, *roots.first()?)).ok()?;
        (builder.tree.cost(shorter) < before).then(|| sums_of_inverses(builder, shorter))
    }
}

/// `k exp(V)` in the place of `exp(V + log(k))` with a scalar k.
fn exponentials_of_logarithms(builder: &mut Builder, root: NotationId) -> NotationId {
    let mut mapped: Vec<NotationId> = Vec::with_capacity(root.0 as usize + 1);
    for at in 0..=root.0 {
        let id = NotationId(at);
        let new = builder.rebuild(id, |child| mapped[child.0 as usize]);
        mapped.push(exponential_of_logarithm(builder, new).unwrap_or(new));
    }
    mapped[root.0 as usize]
}

fn exponential_of_logarithm(builder: &mut Builder, id: NotationId) -> Option<NotationId> {
    let role = |builder: &Builder, id: NotationId| match builder.node(id) {
        Notation::Call { head: Head::Book(function), .. } => book().get(*function).facts.role,
        _ => None,
    };
    if role(builder, id) != Some(Role::Exponential) {
        return None;
    }
    let Notation::Call { head, arguments, .. } = builder.node(id).clone() else { return None };
    let argument = *arguments.first()?;
    let (minus_all, sum) = match builder.node(argument).clone() {
        Notation::Negate(inner) => (true, inner),
        _ => (false, argument),
    };
    let terms = match builder.node(sum).clone() {
        Notation::Sum(terms) => terms,
        _ => vec![(false, sum)],
    };
    let (mut factors, mut below, mut rest) = (Vec::new(), Vec::new(), Vec::new());
    for (minus, term) in terms {
        let minus = minus != minus_all;
        let is_scalar = builder.shape(term).is_scalar();
        match builder.node(term).clone() {
            Notation::Call { arguments, .. }
                if is_scalar && role(builder, term) == Some(Role::Logarithm) =>
            {
                if minus {
                    below.push(arguments[0])
                } else {
                    factors.push(arguments[0])
                }
            }
            Notation::Call { arguments, .. }
                if is_scalar && role(builder, term) == Some(Role::LogSumExp) =>
            {
                let inner = builder.shape(arguments[0]);
                let exponential = builder.call(head.clone(), &[arguments[0]], inner);
                let sum = book().structural(Structural::Sum)?;
                let total = builder.call(Head::Book(sum), &[exponential], Shape::SCALAR);
                if minus { below.push(total) } else { factors.push(total) }
            }
            _ => rest.push((minus, term)),
        }
    }
    if factors.is_empty() && below.is_empty() {
        return None;
    }
    let shape = builder.shape(id);
    let rest = if rest.is_empty() {
        builder.ones(shape)
    } else {
        let mut rest = builder.sum(&rest);
        if builder.shape(rest) != shape {
            let ones = builder.ones(shape);
            rest = builder.product(&[rest, ones]);
        }
        builder.call(head, &[rest], shape)
    };
    factors.push(rest);
    let above = builder.product(&factors);
    let below = builder.product(&below);
    Some(builder.fraction(above, below))
}

/// `1'S⁻¹1` in the place of `sum(S⁻¹)`, as it is written where such sums come from, and solved.
fn sums_of_inverses(builder: &mut Builder, root: NotationId) -> NotationId {
    let mut mapped: Vec<NotationId> = Vec::with_capacity(root.0 as usize + 1);
    for at in 0..=root.0 {
        let id = NotationId(at);
        let new = builder.rebuild(id, |child| mapped[child.0 as usize]);
        mapped.push(sum_of_inverse(builder, new).unwrap_or(new));
    }
    mapped[root.0 as usize]
}

fn sum_of_inverse(builder: &mut Builder, id: NotationId) -> Option<NotationId> {
    let Notation::Call { head: Head::Book(function), arguments, .. } = builder.node(id).clone()
    else {
        return None;
    };
    let is_sum = matches!(book().get(function).meaning, Meaning::Structural(Structural::Sum));
    let (true, [matrix]) = (is_sum, arguments.as_slice()) else { return None };
    let shape = builder.shape(*matrix);
    if shape.rows == Dimensions::ONE || shape.columns == Dimensions::ONE {
        return None;
    }
    let is_inverse = match builder.node(*matrix) {
        Notation::Call { head: Head::Book(inner), .. } => {
            book().get(*inner).facts.role == Some(Role::Inverse)
        }
        _ => false,
    };
    if !is_inverse {
        return None;
    }
    let row = builder.ones(Shape { rows: Dimensions::ONE, columns: shape.rows });
    let column = builder.ones(Shape { rows: shape.columns, columns: Dimensions::ONE });
    Some(builder.product(&[row, *matrix, column]))
}

impl Simplify for Simplifier<'_> {
    fn simplify(&mut self, builder: &mut Builder, formula: NotationId) -> NotationId {
        let shape = builder.shape(formula);
        match self.shorter(builder, formula) {
            Some(shorter) if builder.shape(shorter) == shape => shorter,
            _ => formula,
        }
    }

    fn is_zero(&mut self, builder: &mut Builder, formula: NotationId) -> Option<bool> {
        self.program.tree.dimensions = builder.tree.dimensions.clone();
        let index = free_index(builder, formula);
        let text = print::source(&builder.tree, formula);
        let root = read(self.program, &text, index.as_deref())?;
        let zero = read(self.program, &format!("0*({text})"), index.as_deref())?;
        let tree = &self.program.tree;
        let sides = [root, zero].map(|root| Expression { tree, root });
        let verdict = check_equal(&sides, &Settings::default());
        match Verification::from(&verdict).verdict {
            Verdict::Proved | Verdict::Confirmed => Some(true),
            Verdict::Refuted => Some(false),
            Verdict::Undecided | Verdict::NotChecked => None,
        }
    }
}

/// Reads a formula back, that of a member as a family.
pub(super) fn read(program: &mut Program, text: &str, index: Option<&str>) -> Option<TypedId> {
    let Some(index) = index else {
        return read_text(program, text).ok().map(|read| read.result);
    };
    let mut name = "member".to_owned();
    while program.tree.variable_named(&name).is_some() {
        name.push('_');
    }
    let text = format!("{name}[{index}] = {text}");
    let read = read_text(program, &text).ok()?;
    read.bindings.last().map(|(_, id)| *id)
}

/// An index that stands freely in a formula.
pub(super) fn free_index(builder: &Builder, root: NotationId) -> Option<String> {
    let mut open: Vec<(NotationId, Vec<String>)> = vec![(root, Vec::new())];
    let mut steps = 0;
    while let Some((id, bound)) = open.pop() {
        steps += 1;
        if steps > 100_000 {
            return None;
        }
        match builder.node(id) {
            Notation::Indexed { indices, base } => {
                if let Some(free) = indices.iter().find(|index| !bound.contains(index)) {
                    return Some(free.clone());
                }
                open.push((*base, bound));
            }
            Notation::IndexedSum { indices, body } => {
                let mut bound = bound;
                bound.extend(indices.iter().cloned());
                open.push((*body, bound));
            }
            node => node.for_each_child(|child| open.push((child, bound.clone()))),
        }
    }
    None
}
