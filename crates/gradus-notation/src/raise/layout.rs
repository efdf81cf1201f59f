//! How a matrix product is laid out: powers, runs of transposes, and runs of inverses.
//!
//! Must not know scalars or sums. Measuring and emitting both read a product through this one
//! layout, so that the two cannot differ.

use smallvec::SmallVec;

use crate::raise::formula::{Chain, Factor, Formula, FormulaId, Formulas};

/// A part of a matrix product as it stands on the page.
#[derive(Clone, Debug)]
pub(crate) enum Segment {
    /// A factor, to a power of at least one, transposed or not.
    Factor { formula: FormulaId, power: u32, transposed: bool },
    /// `inv(A*B)` for `inv(B)*inv(A)`: the arguments in the order in which they are multiplied.
    Inverses { arguments: SmallVec<[FormulaId; 4]>, transposed: bool },
    /// `(A*B*C)'` for `C'*B'*A'`: the product inside.
    Transposed(Vec<Segment>),
}

/// From this many transposed factors on, one mark behind a parenthesis is shorter.
const GROUPED_TRANSPOSES: usize = 3;

/// The parts of a product.
pub(crate) fn segments(formulas: &Formulas, chain: &[Factor]) -> SmallVec<[Segment; 4]> {
    let mut parts = SmallVec::new();
    let mut at = 0;
    while at < chain.len() {
        let run = transposed_run(formulas, &chain[at..]);
        if run > 0 {
            let inner: Chain = chain[at..at + run]
                .iter()
                .rev()
                .map(|factor| Factor { transposed: false, ..*factor })
                .collect();
            let mut inside = Vec::new();
            let mut place = 0;
            while place < inner.len() {
                place += plain(formulas, &inner[place..], &mut inside);
            }
            parts.push(Segment::Transposed(inside));
            at += run;
        } else {
            let mut one = Vec::with_capacity(1);
            at += plain(formulas, &chain[at..], &mut one);
            parts.extend(one);
        }
    }
    parts
}

/// Length of the run of factors at the start that a common transpose mark would suit: transposed
/// ones, and symmetric ones between them.
fn transposed_run(formulas: &Formulas, chain: &[Factor]) -> usize {
    let mut run = 0;
    let mut marks = 0;
    for (at, factor) in chain.iter().enumerate() {
        if factor.transposed {
            marks += 1;
            run = at + 1;
        } else if marks == 0 || !formulas.is_symmetric(factor.formula) {
            break;
        }
    }
    if marks >= GROUPED_TRANSPOSES { run } else { 0 }
}

/// Takes one part without a common transpose; returns how many factors it spans.
fn plain(formulas: &Formulas, chain: &[Factor], parts: &mut Vec<Segment>) -> usize {
    let first = chain[0];
    let shape = formulas.shape(first.formula);
    let square = shape.rows == shape.columns && !shape.is_scalar();
    let equal = chain.iter().take_while(|factor| **factor == first).count();
    if square && equal > 1 {
        parts.push(Segment::Factor {
            formula: first.formula,
            power: u32::try_from(equal).unwrap_or(u32::MAX),
            transposed: first.transposed,
        });
        return equal;
    }
    let inverses = inverse_run(formulas, chain);
    if inverses > 1 {
        let arguments = chain[..inverses]
            .iter()
            .filter_map(|factor| formulas.argument_of(factor.formula, formulas.heads.inverse));
        let arguments = if first.transposed {
            arguments.collect()
        } else {
            let mut arguments: SmallVec<[FormulaId; 4]> = arguments.collect();
            arguments.reverse();
            arguments
        };
        parts.push(Segment::Inverses { arguments, transposed: first.transposed });
        return inverses;
    }
    parts.push(Segment::Factor { formula: first.formula, power: 1, transposed: first.transposed });
    1
}

/// How many inverses of different names stand side by side at the start.
fn inverse_run(formulas: &Formulas, chain: &[Factor]) -> usize {
    let name_inverted = |factor: &Factor| {
        formulas.argument_of(factor.formula, formulas.heads.inverse).filter(|argument| {
            matches!(formulas.get(*argument), Formula::Symbol(_) | Formula::Binding(_))
        })
    };
    let mut run = 0;
    while run < chain.len()
        && chain[run].transposed == chain[0].transposed
        && name_inverted(&chain[run]).is_some()
        && !chain[..run].contains(&chain[run])
        && chain.get(run + 1) != Some(&chain[run])
    {
        run += 1;
    }
    run
}
