//! From a differential that is carried out to the derivative that is read off.
//!
//! Must not know programs or sections.

use gradus_notation::tree::{Notation, NotationId};
use gradus_tensor::Dimensions;

use crate::builder::Builder;
use crate::facts::Facts;
use crate::jacobian::jacobian;
use crate::model::{Detail, Left, Line};
use crate::path::paths;
use crate::pull::{Move, Term};
use crate::rules::{Citation, Rule, Used};

/// How often the terms of a scalar are moved on.
const ROUNDS: usize = 64;

/// What is read off from the differential of one function by one leaf.
pub(crate) struct ReadOff {
    pub(crate) derivative: NotationId,
    /// Whether both sides are stacked into columns.
    pub(crate) stacked: bool,
    pub(crate) rule: Rule,
}

/// The lines between the differential of a scalar and `tr(G'dX)`; the last of them is that form. None
/// if some map has no partner inside a trace; the lines up to there are kept.
pub(crate) fn scalar(
    builder: &mut Builder,
    facts: &mut Facts,
    differential: NotationId,
    detail: Detail,
    lines: &mut Vec<Line>,
) -> Option<Vec<Term>> {
    let mut used = Used::default();
    let mut terms: Vec<Term> =
        paths(builder, facts, differential)?.into_iter().map(Term::new).collect();
    for term in &mut terms {
        term.settle(builder);
    }
    let mut wrote = false;
    for term in &mut terms {
        wrote |= term.write_trace(builder);
    }
    if wrote {
        used.cite(Rule::OwnTrace);
        show(builder, &terms, detail, &mut used, lines);
    }
    for _ in 0..ROUNDS {
        let mut moved = None;
        for term in &mut terms {
            let mut next = term.clone();
            match next.advance(builder) {
                // With every single rule on a line, the others wait for their turn.
                Move::By(rule)
                    if detail == Detail::Full && moved.is_some_and(|own| own != rule) => {}
                Move::By(rule) => {
                    moved = Some(rule);
                    used.cite(rule);
                    *term = next;
                }
                Move::Done => {}
                Move::Stuck => {
                    show(builder, &terms, detail, &mut used, lines);
                    return None;
                }
            }
        }
        if moved.is_none() {
            return Some(terms);
        }
        show(builder, &terms, detail, &mut used, lines);
    }
    None
}

/// The terms as a line.
fn show(
    builder: &mut Builder,
    terms: &[Term],
    detail: Detail,
    used: &mut Used,
    lines: &mut Vec<Line>,
) {
    let written: Vec<_> = terms.iter().map(|term| term.formula(builder)).collect();
    let formula = builder.sum(&written);
    add(lines, formula, used, detail);
}

/// Adds a line, unless it repeats the one before: then its rules are the other's too.
pub(crate) fn add(lines: &mut Vec<Line>, formula: NotationId, used: &mut Used, detail: Detail) {
    let rules = used.take();
    let merges = lines.last().is_some_and(|last| {
        last.formula == formula || detail == Detail::Brief && last.left == Left::Same
    });
    match lines.last_mut() {
        Some(last) if merges => {
            let fresh: Vec<Citation> =
                rules.into_iter().filter(|rule| !last.rules.contains(rule)).collect();
            // A move that does not show is no reason.
            if last.formula != formula {
                last.rules.extend(fresh);
            }
            last.formula = formula;
        }
        _ => lines.push(Line { left: Left::Same, formula, rules }),
    }
}

/// The differential of a scalar by a complex variable, collected by the differential and its
/// conjugate: `tr(A'dZ) + tr(B' conj(dZ))`.
pub(crate) fn collect_complex(
    builder: &mut Builder,
    terms: &[Term],
    leaves: &[NotationId],
    detail: Detail,
    lines: &mut Vec<Line>,
) {
    let mut written = Vec::new();
    for leaf in leaves {
        let own: Vec<&Term> =
            terms.iter().filter(|term| same_leaf(builder, term.leaf, *leaf)).collect();
        if own.is_empty() {
            continue;
        }
        let gradients: Vec<_> = own.iter().map(|term| term.gradient(builder)).collect();
        let derivative = builder.sum(&gradients);
        let turned = written_transpose(builder, derivative);
        let product = builder.product(&[turned, *leaf]);
        written.push((false, builder.trace(product)));
    }
    let collected = builder.sum(&written);
    let mut used = Used::default();
    used.cite(Rule::Collect);
    add(lines, collected, &mut used, detail);
}

/// The derivative of a scalar by a leaf, with the line `tr(G'dX)` in which it stands.
pub(crate) fn read_scalar(
    builder: &mut Builder,
    terms: &[Term],
    leaf: NotationId,
    detail: Detail,
    lines: &mut Vec<Line>,
) -> ReadOff {
    let own: Vec<&Term> = terms.iter().filter(|term| same_leaf(builder, term.leaf, leaf)).collect();
    let member = match builder.node(leaf) {
        Notation::Indexed { indices, .. } => indices.first().cloned(),
        _ => None,
    };
    let mut gradients = Vec::with_capacity(own.len());
    for term in own {
        let (negative, gradient) = term.gradient(builder);
        let index = term.member(builder).and_then(<[String]>::first).cloned();
        let gradient = match (index, &member) {
            (Some(index), Some(member)) => builder.swapped(gradient, &index, member),
            _ => gradient,
        };
        gradients.push((negative, gradient));
    }
    let derivative = if gradients.is_empty() {
        builder.zeros(builder.shape(leaf))
    } else {
        builder.sum(&gradients)
    };
    let shape = builder.shape(leaf);
    let mut used = Used::default();
    if gradients.len() > 1 && matches!(builder.node(derivative), Notation::Sum(_)) {
        used.cite(Rule::Collect);
    }
    let rule = if shape.is_scalar() {
        Rule::ScalarIdentification
    } else if shape.columns == Dimensions::ONE {
        Rule::VectorIdentification
    } else {
        Rule::Identification
    };
    if !builder.is_zero(derivative) && builder.is_real(leaf) {
        let turned = written_transpose(builder, derivative);
        let product = builder.product(&[turned, leaf]);
        let mut collected = builder.trace(product);
        let last = lines.last().map(|line| line.formula);
        if used.is_empty() && last != Some(collected) {
            used.cite(match builder.node(derivative) {
                Notation::Hadamard(_) => Rule::TransposeOfHadamard,
                _ => Rule::TransposeOfProduct,
            });
        }
        if let Some(member) = member {
            collected = builder.indexed_sum(&[member], collected);
        }
        add(lines, collected, &mut used, detail);
    }
    ReadOff { derivative, stacked: false, rule }
}

fn same_leaf(builder: &Builder, one: NotationId, other: NotationId) -> bool {
    let base = |id: NotationId| match builder.node(id) {
        Notation::Indexed { base, .. } => *base,
        _ => id,
    };
    base(one) == base(other)
}

/// The transpose as it is compared: with the mark on the whole.
fn written_transpose(builder: &mut Builder, id: NotationId) -> NotationId {
    let turned = builder.transpose(id);
    if turned == id {
        return id;
    }
    let shape = builder.shape(turned);
    match builder.node(id).clone() {
        // A number stands before the mark.
        Notation::Product(factors)
            if factors.len() == 2 && matches!(builder.node(factors[0]), Notation::Number(_)) =>
        {
            let inner = written_transpose(builder, factors[1]);
            builder.product(&[factors[0], inner])
        }
        Notation::Sum(_) | Notation::Product(_) | Notation::Hadamard(_) => {
            builder.tree.intern(Notation::Transpose(id), shape)
        }
        Notation::Negate(inner) => {
            let inner = written_transpose(builder, inner);
            builder.negate(inner)
        }
        _ => turned,
    }
}

/// The derivative by a scalar: what its differential multiplies.
pub(crate) fn by_scalar(
    builder: &mut Builder,
    differential: NotationId,
    leaf: NotationId,
    detail: Detail,
    lines: &mut Vec<Line>,
) -> ReadOff {
    let one = builder.integer(1);
    let mut mapped: Vec<NotationId> = Vec::with_capacity(differential.0 as usize + 1);
    for at in 0..=differential.0 {
        let id = NotationId(at);
        let to =
            if id == leaf { one } else { builder.rebuild(id, |child| mapped[child.0 as usize]) };
        mapped.push(to);
    }
    let derivative = mapped[differential.0 as usize];
    let product = if builder.shape(derivative).is_scalar() || builder.is_zero(derivative) {
        builder.product(&[derivative, leaf])
    } else {
        let shape = builder.shape(derivative);
        let (value, rest) = builder.split(derivative);
        let rest = rest.unwrap_or(derivative);
        let product = builder.tree.intern(Notation::Product(vec![rest, leaf]), shape);
        builder.scaled(value, product)
    };
    let mut used = Used::default();
    if matches!(builder.node(differential), Notation::Sum(_) | Notation::Matrix(_)) {
        used.cite(Rule::Collect);
    }
    add(lines, product, &mut used, detail);
    ReadOff { derivative, stacked: false, rule: Rule::ScalarIdentification }
}

/// The derivative of an array, with the line in which it stands before the differential of the leaf.
pub(crate) fn read_array(
    builder: &mut Builder,
    facts: &mut Facts,
    differential: NotationId,
    leaf: NotationId,
    detail: Detail,
    lines: &mut Vec<Line>,
    name: &str,
) -> Option<ReadOff> {
    let shape = builder.shape(leaf);
    if shape.is_scalar() {
        return Some(by_scalar(builder, differential, leaf, detail, lines));
    }
    let found = paths(builder, facts, differential)?;
    let mut used = Used::default();
    let whole = builder.shape(differential);
    let is_row = whole.rows == Dimensions::ONE;
    let flat = (whole.columns == Dimensions::ONE || is_row) && shape.columns == Dimensions::ONE;
    let mut terms = Vec::new();
    for mut path in found {
        if !same_leaf(builder, path.leaf, leaf) {
            continue;
        }
        if flat && is_row {
            path.wraps.insert(0, crate::path::Wrap::Transpose);
        }
        terms.push((path.negative, jacobian(builder, path, flat, &mut used)?));
    }
    let (rows, columns) = if flat {
        (if is_row { whole.columns } else { whole.rows }, shape.rows)
    } else {
        let dimensions = &mut builder.tree.dimensions;
        (
            dimensions.multiply(whole.rows, whole.columns),
            dimensions.multiply(shape.rows, shape.columns),
        )
    };
    let derivative = if terms.is_empty() {
        builder.zeros(gradus_notation::tree::Shape { rows, columns })
    } else {
        builder.sum(&terms)
    };
    if terms.len() > 1 {
        used.cite(Rule::Collect);
    }
    let argument = if flat { leaf } else { builder.stacked(leaf) };
    let product = builder.product(&[derivative, argument]);
    let rule = Rule::JacobianIdentification;
    if !builder.is_real(leaf) {
        // The other part of the differential stands in another line.
        return Some(ReadOff { derivative, stacked: !flat, rule });
    }
    if flat && !is_row || whole.columns == Dimensions::ONE {
        add(lines, product, &mut used, detail);
    } else {
        let left = Left::StackedDifferential(name.to_owned());
        lines.push(Line { left, formula: product, rules: used.take() });
    }
    Some(ReadOff { derivative, stacked: !flat, rule })
}
