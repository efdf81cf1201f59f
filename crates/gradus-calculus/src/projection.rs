//! Projection of a free derivative onto the tangent space of a structure.
//!
//! A derivative by a structured variable is formed as if the variable were free, and then projected.
//! Must not know how derivatives are formed or displayed.

use gradus_diagnostics::{Diagnostic, Result};
use gradus_tensor::sabotage::{Sabotage, factor};
use gradus_tensor::{
    Arena, Axes, Axis, Constant, Network, Node, NodeFacts, NodeId, Rational, Scaled, Structure,
    Wires,
};

/// What a derivative by a structured variable is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Convention {
    /// The projection onto the tangent space: `df = tr(G'dX)` for every tangent `dX`, and `G` is
    /// tangent itself.
    #[default]
    Projected,
    /// The derivatives by the entries that can vary independently, each at both of its places:
    /// `G + G' - G⊙I` for symmetric, `G - G'` for skew. Structures whose entries do not repeat are
    /// projected.
    Entries,
}

/// Whether a structure repeats entries, so that the two conventions differ.
#[must_use]
pub fn repeats_entries(structure: Structure) -> bool {
    matches!(
        structure,
        Structure::Symmetric | Structure::PositiveDefinite | Structure::Skew | Structure::Hermitian
    )
}

/// Whether the tangent space of a structure depends on the point.
#[must_use]
pub fn is_curved(structure: Structure) -> bool {
    matches!(structure, Structure::Orthogonal | Structure::Unitary)
}

/// Projects a derivative along the axes of one variable.
///
/// The axes of the variable begin at `first_axis` of `value`; other axes may stand before and after
/// them, and are mapped over. Of the variable's own axes those before the last two (the last one for
/// a simplex) run over a family, whose members are structured. For a derivative by several
/// variables, project along each of them.
///
/// # Errors
/// The axes are not those of the variable: a defect.
pub fn project(
    arena: &mut Arena,
    value: &Scaled,
    first_axis: usize,
    structure: Structure,
    variable: NodeId,
    convention: Convention,
) -> Result<Scaled> {
    if matches!(structure, Structure::General | Structure::OneHot) {
        return Ok(value.clone());
    }
    let frame = Frame::new(arena, value, first_axis, structure, variable)?;
    let minus_half = Rational::new(-1, 2).unwrap_or(Rational::ZERO);
    let half = minus_half.negate();
    let projected = match structure {
        Structure::Symmetric | Structure::PositiveDefinite | Structure::Skew => {
            let turned = frame.transposed(arena, value);
            let sign = if structure == Structure::Skew { minus_half } else { half.clone() };
            match convention {
                Convention::Projected => {
                    frame.sum(arena, &[value.times(&half), turned.times(&sign)])
                }
                Convention::Entries => {
                    let two = Rational::integer(2);
                    let mut terms = vec![value.clone(), turned.times(&sign.multiply(&two))];
                    if structure != Structure::Skew {
                        let diagonal = frame.diagonal(arena, value);
                        terms.push(diagonal.times(&Rational::MINUS_ONE));
                    }
                    frame.sum(arena, &terms)
                }
            }
        }
        Structure::Hermitian => {
            let turned = frame.transposed(arena, value);
            let turned = arena.conjugate(&turned);
            match convention {
                Convention::Projected => {
                    frame.sum(arena, &[value.times(&half), turned.times(&half)])
                }
                Convention::Entries => {
                    let total = frame.sum(arena, &[value.clone(), turned]);
                    let diagonal = frame.diagonal(arena, &total);
                    frame.sum(arena, &[total, diagonal.times(&minus_half)])
                }
            }
        }
        Structure::Diagonal => frame.diagonal(arena, value),
        Structure::LowerTriangular => frame.triangle(arena, value, true),
        Structure::UpperTriangular => frame.triangle(arena, value, false),
        Structure::Orthogonal | Structure::Unitary => {
            let adjoint = match structure {
                Structure::Unitary => arena.conjugate(value),
                _ => value.clone(),
            };
            let reflected = frame.reflected(arena, &adjoint);
            frame.sum(arena, &[value.times(&half), reflected.times(&minus_half)])
        }
        Structure::Simplex => frame.centred(arena, value),
        Structure::General | Structure::OneHot => value.clone(),
    };
    Ok(projected.times(&factor(Sabotage::Project)))
}

/// How the differential of an orthogonal or unitary matrix changes along a geodesic, `dQ*Q^H*dQ`, from
/// `dQ` and the conjugate of Q; of a family, for each member.
#[must_use]
pub fn geodesic_bend(arena: &mut Arena, change: &Scaled, conjugate: &Scaled) -> Scaled {
    let axes: Axes = arena.axes(change.node).into();
    let core = axes.len().saturating_sub(2);
    let mut network = Network::new();
    let wires: Wires = axes.iter().map(|axis| network.wire(*axis)).collect();
    let (Some(row), Some(column)) = (wires.get(core), wires.get(core + 1)) else {
        return change.clone();
    };
    let (inner, outer) = (network.wire(axes[core]), network.wire(axes[core]));
    let place =
        |row, column| -> Wires { wires[..core].iter().copied().chain([row, column]).collect() };
    network.factor(change, &place(*row, inner));
    network.factor(conjugate, &place(outer, inner));
    network.factor(change, &place(outer, *column));
    network.output(&wires);
    arena.contract(network)
}

/// Where the axes of a variable are in a derivative.
struct Frame {
    axes: Axes,
    /// The first axis of the variable.
    first: usize,
    /// The first axis of the structure.
    core: usize,
    variable: NodeId,
}

impl Frame {
    fn new(
        arena: &Arena,
        value: &Scaled,
        first: usize,
        structure: Structure,
        variable: NodeId,
    ) -> Result<Self> {
        let axes: Axes = arena.axes(value.node).into();
        let own = arena.axes(variable);
        let width = if structure == Structure::Simplex { 1 } else { 2 };
        let here = axes.get(first..first + own.len());
        let square = width == 1 || own.len() < 2 || own[own.len() - 1] == own[own.len() - 2];
        if own.len() < width || here != Some(own) || !square {
            let message = "a derivative without the axes of its structured variable";
            return Err(Diagnostic::internal(message).into());
        }
        let core = first + own.len() - width;
        Ok(Self { axes, first, core, variable })
    }

    fn sum(&self, arena: &mut Arena, terms: &[Scaled]) -> Scaled {
        arena.sum(terms, &self.axes)
    }

    /// The value with a network around it: its wires, of which the structure's begin at `core`.
    fn network(&self, value: &Scaled) -> (Network, Wires) {
        let mut network = Network::new();
        let wires: Wires = self.axes.iter().map(|axis| network.wire(*axis)).collect();
        network.factor(value, &wires);
        (network, wires)
    }

    fn transposed(&self, arena: &mut Arena, value: &Scaled) -> Scaled {
        let mut order: Vec<usize> = (0..self.axes.len()).collect();
        order.swap(self.core, self.core + 1);
        arena.permute(value.node, &order).times(&value.coefficient)
    }

    /// The value on the diagonal, zero elsewhere; of a sum, what is diagonal stays as it is.
    fn diagonal(&self, arena: &mut Arena, value: &Scaled) -> Scaled {
        let is_diagonal = |arena: &Arena, node| self.axes.len() == 2 && arena.facts(node).diagonal;
        if is_diagonal(arena, value.node) {
            return value.clone();
        }
        if let Node::Sum(sum) = arena.node(value.node)
            && !arena.is_boundary(value.node)
            && sum.terms.iter().any(|(_, term)| is_diagonal(arena, *term))
        {
            let terms = sum.terms.clone();
            let terms: Vec<Scaled> = terms
                .iter()
                .map(|(coefficient, term)| {
                    self.diagonal_part(arena, &Scaled::one(*term)).times(coefficient)
                })
                .collect();
            return self.sum(arena, &terms).times(&value.coefficient);
        }
        self.diagonal_part(arena, value)
    }

    fn diagonal_part(&self, arena: &mut Arena, value: &Scaled) -> Scaled {
        if self.axes.len() == 2 && arena.facts(value.node).diagonal {
            return value.clone();
        }
        let mut network = Network::new();
        let mut wires = Wires::new();
        for (at, axis) in self.axes.iter().enumerate() {
            let column = at == self.core + 1;
            let wire = if column { wires[self.core] } else { network.wire(*axis) };
            wires.push(wire);
        }
        network.factor(value, &wires);
        network.output(&wires);
        arena.contract(network)
    }

    fn triangle(&self, arena: &mut Arena, value: &Scaled, lower: bool) -> Scaled {
        let axis: Axis = self.axes[self.core];
        let constant = Constant::Triangle { rows: axis.dimension, columns: axis.dimension, lower };
        let facts = NodeFacts { nonnegative: true, ..NodeFacts::default() };
        let axes: Axes = [axis, axis].into_iter().collect();
        let mask = arena.insert(Node::Constant(constant), axes, facts);
        let (mut network, wires) = self.network(value);
        network.factor(&Scaled::one(mask), &wires[self.core..self.core + 2]);
        network.output(&wires);
        arena.contract(network)
    }

    /// `Q*G'*Q`, for a unitary matrix of the conjugate of G
    fn reflected(&self, arena: &mut Arena, value: &Scaled) -> Scaled {
        let (mut network, wires) = self.network(value);
        let axis = self.axes[self.core];
        let (row, column) = (network.wire(axis), network.wire(axis));
        let family = &wires[self.first..self.core];
        let (inner, outer) = (wires[self.core], wires[self.core + 1]);
        let place =
            |row, column| -> Wires { family.iter().copied().chain([row, column]).collect() };
        network.factor(&Scaled::one(self.variable), &place(row, outer));
        network.factor(&Scaled::one(self.variable), &place(inner, column));
        let mut output = wires.clone();
        output[self.core] = row;
        output[self.core + 1] = column;
        network.output(&output);
        arena.contract(network)
    }

    /// The value minus its mean along the structure.
    fn centred(&self, arena: &mut Arena, value: &Scaled) -> Scaled {
        let (mut network, wires) = self.network(value);
        let axis = self.axes[self.core];
        let count = arena.size(axis.dimension);
        network.power(arena, &count, &Rational::MINUS_ONE, &[]);
        let mut output = wires;
        output[self.core] = network.wire(axis);
        network.output(&output);
        let mean = arena.contract(network);
        self.sum(arena, &[value.clone(), mean.times(&Rational::MINUS_ONE)])
    }
}
