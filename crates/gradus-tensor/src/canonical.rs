//! Canonical labels: equal networks get equal contractions, whatever order they were built in.
//!
//! Colour refinement on wires; where wires stay alike, one after the other is singled out and the
//! least encoding wins. Past a budget the order of construction decides: then two equal networks may
//! get different ids, never the other way round.

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;
use smallvec::SmallVec;

use crate::arena::Arena;
use crate::network::{Factor, Network, Wire};
use crate::node::{Contraction, Label, Labels, Operand};

/// How many complete labellings are compared before the order of construction decides.
const LEAVES: usize = 64;

type Colours = SmallVec<[u64; 16]>;

fn mix(value: impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    value.hash(&mut hasher);
    // FxHash leaves low entropy in some bits; one round of avalanche keeps colours apart.
    let mut bits = hasher.finish();
    bits ^= bits >> 32;
    bits = bits.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits ^ (bits >> 29)
}

fn is_symmetric(arena: &Arena, factor: &Factor) -> bool {
    factor.wires.len() == 2 && arena.facts(factor.node).symmetric
}

/// The contraction of a simplified network in canonical labels. `None` if it has too many wires.
pub(crate) fn canonical(arena: &Arena, network: &Network) -> Option<Contraction> {
    let mut ids: SmallVec<[_; 8]> = network.factors.iter().map(|factor| factor.node).collect();
    ids.sort_unstable();
    let distinct = ids.windows(2).all(|pair| pair[0] != pair[1]);
    if distinct && !network.factors.iter().any(|factor| is_symmetric(arena, factor)) {
        let mut order: SmallVec<[usize; 8]> = (0..network.factors.len()).collect();
        order.sort_unstable_by_key(|at| network.factors[*at].node);
        let mut wires: SmallVec<[Wire; 16]> = network.output.iter().copied().collect();
        for at in order {
            wires.extend(network.factors[at].wires.iter().copied());
        }
        return encode(arena, network, &wires);
    }
    refine_and_encode(arena, network)
}

fn refine_and_encode(arena: &Arena, network: &Network) -> Option<Contraction> {
    let mut open: Vec<Colours> = vec![initial_colours(network)];
    let mut best: Option<Contraction> = None;
    let mut leaves = 0;
    while let Some(mut colours) = open.pop() {
        refine(arena, network, &mut colours);
        let tied = if leaves + open.len() < LEAVES { tied_class(network, &colours) } else { None };
        if let Some(class) = tied {
            for wire in class {
                let mut next = colours.clone();
                next[wire as usize] = mix((next[wire as usize], 0x51u8));
                open.push(next);
            }
            continue;
        }
        leaves += 1;
        let mut wires: SmallVec<[Wire; 16]> = network.output.iter().copied().collect();
        let mut closed: SmallVec<[Wire; 16]> = live_wires(network).collect();
        closed.sort_by_key(|wire| colours[*wire as usize]);
        wires.extend(closed);
        let candidate = encode(arena, network, &wires)?;
        let better = best.as_ref().is_none_or(|best| key(&candidate) < key(best));
        if better {
            best = Some(candidate);
        }
    }
    best
}

fn key(contraction: &Contraction) -> SmallVec<[(u32, &Labels, &crate::Rational); 8]> {
    contraction
        .operands
        .iter()
        .map(|operand| (operand.node.0, &operand.labels, &operand.exponent))
        .collect()
}

fn live_wires(network: &Network) -> impl Iterator<Item = Wire> + '_ {
    network
        .axes
        .iter()
        .enumerate()
        .filter(|(_, axis)| axis.is_some())
        .filter_map(|(wire, _)| Wire::try_from(wire).ok())
}

fn initial_colours(network: &Network) -> Colours {
    let mut colours: Colours =
        network.axes.iter().map(|axis| axis.map_or(0, |axis| mix((2u8, axis)))).collect();
    for (position, wire) in network.output.iter().enumerate() {
        let at = *wire as usize;
        colours[at] = mix((1u8, position, colours[at]));
    }
    colours
}

fn refine(arena: &Arena, network: &Network, colours: &mut Colours) {
    let mut count = distinct(network, colours);
    loop {
        let mut gathered: SmallVec<[SmallVec<[u64; 4]>; 16]> =
            colours.iter().map(|_| SmallVec::new()).collect();
        for factor in &network.factors {
            let symmetric = is_symmetric(arena, factor);
            let mut around: SmallVec<[u64; 4]> =
                factor.wires.iter().map(|wire| colours[*wire as usize]).collect();
            if symmetric {
                around.sort_unstable();
            }
            let colour = mix((factor.node, &factor.exponent, around.as_slice()));
            for (position, wire) in factor.wires.iter().enumerate() {
                let position = if symmetric { 0 } else { position };
                gathered[*wire as usize].push(mix((colour, position)));
            }
        }
        for (colour, around) in colours.iter_mut().zip(&mut gathered) {
            around.sort_unstable();
            *colour = mix((*colour, around.as_slice()));
        }
        let next = distinct(network, colours);
        if next <= count {
            return;
        }
        count = next;
    }
}

fn distinct(network: &Network, colours: &Colours) -> usize {
    let mut sorted: SmallVec<[u64; 16]> =
        live_wires(network).map(|wire| colours[wire as usize]).collect();
    sorted.sort_unstable();
    sorted.dedup();
    sorted.len()
}

/// The first class of wires that look alike.
fn tied_class(network: &Network, colours: &Colours) -> Option<SmallVec<[Wire; 8]>> {
    let mut wires: SmallVec<[Wire; 16]> = live_wires(network).collect();
    wires.sort_by_key(|wire| (colours[*wire as usize], *wire));
    let first = wires
        .windows(2)
        .find(|pair| colours[pair[0] as usize] == colours[pair[1] as usize])
        .map(|pair| colours[pair[0] as usize])?;
    Some(wires.into_iter().filter(|wire| colours[*wire as usize] == first).collect())
}

/// The contraction whose labels are numbered in the order of `wires`.
fn encode(arena: &Arena, network: &Network, wires: &[Wire]) -> Option<Contraction> {
    let mut labels: SmallVec<[Option<Label>; 16]> = network.axes.iter().map(|_| None).collect();
    let mut axes = SmallVec::new();
    // Wires on nothing come last; they can only be summed free.
    for wire in wires.iter().copied().chain(live_wires(network)) {
        let label = &mut labels[wire as usize];
        if label.is_none() {
            *label = Some(Label::try_from(axes.len()).ok()?);
            axes.push(network.axes[wire as usize]?);
        }
    }
    let number = |wires: &[Wire]| -> Option<Labels> {
        wires.iter().map(|wire| labels[*wire as usize]).collect()
    };
    let mut operands: SmallVec<[Operand; 2]> = SmallVec::with_capacity(network.factors.len());
    for factor in &network.factors {
        let mut labels = number(&factor.wires)?;
        if is_symmetric(arena, factor) {
            labels.sort_unstable();
        }
        operands.push(Operand { node: factor.node, exponent: factor.exponent.clone(), labels });
    }
    operands
        .sort_by(|a, b| (a.node, &a.labels, &a.exponent).cmp(&(b.node, &b.labels, &b.exponent)));
    Some(Contraction { operands, output: number(&network.output)?, axes })
}
