//! Finding one contraction inside a network under construction.
//!
//! Must not know why it is sought.

use smallvec::SmallVec;

use crate::network::{Network, Wire};
use crate::node::{Contraction, Label};

/// How many partial matches are tried before the search gives up.
const BUDGET: usize = 512;

/// Where a pattern was found.
pub(crate) struct Match {
    /// The factors of the network that are the pattern's operands, in increasing order.
    pub(crate) factors: SmallVec<[usize; 8]>,
    /// The wire of each label of the pattern.
    pub(crate) wires: SmallVec<[Wire; 8]>,
}

type Partial = (SmallVec<[Option<Wire>; 8]>, SmallVec<[Option<usize>; 8]>);

/// Finds factors of `network` that are the operands of `pattern`, with the given labels on the given
/// wires, such that every summed label of the pattern lies on nothing else.
pub(crate) fn find(
    network: &Network,
    pattern: &Contraction,
    seeds: &[(Label, Wire)],
) -> Option<Match> {
    if pattern.operands.is_empty() || pattern.operands.len() > network.factors.len() {
        return None;
    }
    let mut wires: SmallVec<[Option<Wire>; 8]> = pattern.axes.iter().map(|_| None).collect();
    for (label, wire) in seeds {
        wires[*label as usize] = Some(*wire);
    }
    let places: SmallVec<[Option<usize>; 8]> = pattern.operands.iter().map(|_| None).collect();
    let mut open: Vec<Partial> = vec![(wires, places)];
    let mut tried = 0;
    while let Some((wires, places)) = open.pop() {
        tried += 1;
        if tried > BUDGET {
            return None;
        }
        let Some(next) = next_operand(pattern, &wires, &places) else {
            match complete(network, pattern, &wires, &places) {
                Some(found) => return Some(found),
                None => continue,
            }
        };
        let operand = &pattern.operands[next];
        for (at, factor) in network.factors.iter().enumerate().rev() {
            if factor.node != operand.node
                || factor.exponent != operand.exponent
                || places.contains(&Some(at))
            {
                continue;
            }
            let mut extended = wires.clone();
            let fits = operand.labels.iter().zip(&factor.wires).all(|(label, wire)| match extended
                [*label as usize]
            {
                Some(known) => known == *wire,
                None => {
                    extended[*label as usize] = Some(*wire);
                    true
                }
            });
            if fits {
                let mut placed = places.clone();
                placed[next] = Some(at);
                open.push((extended, placed));
            }
        }
    }
    None
}

/// The next operand to place: one that touches a known wire if there is one.
fn next_operand(
    pattern: &Contraction,
    wires: &[Option<Wire>],
    places: &[Option<usize>],
) -> Option<usize> {
    let unplaced = || (0..places.len()).filter(|at| places[*at].is_none());
    unplaced()
        .find(|at| {
            let labels = &pattern.operands[*at].labels;
            labels.iter().any(|label| wires[*label as usize].is_some())
        })
        .or_else(|| unplaced().next())
}

fn complete(
    network: &Network,
    pattern: &Contraction,
    wires: &[Option<Wire>],
    places: &[Option<usize>],
) -> Option<Match> {
    let mut factors: SmallVec<[usize; 8]> = places.iter().copied().collect::<Option<_>>()?;
    factors.sort_unstable();
    let wires: SmallVec<[Wire; 8]> = wires.iter().copied().collect::<Option<_>>()?;
    let degrees = network.degrees();
    for (label, wire) in wires.iter().enumerate() {
        let is_output = pattern.output.iter().any(|output| *output as usize == label);
        if is_output {
            continue;
        }
        let inside: usize = pattern
            .operands
            .iter()
            .flat_map(|operand| &operand.labels)
            .filter(|other| **other as usize == label)
            .count();
        let (degree, open) = degrees[*wire as usize];
        let shared = wires.iter().filter(|other| *other == wire).count() > 1;
        if open || shared || degree as usize != inside {
            return None;
        }
    }
    Some(Match { factors, wires })
}
