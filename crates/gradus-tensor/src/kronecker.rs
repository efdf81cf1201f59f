//! Inverses and determinants of Kronecker products of square matrices.
//!
//! Must not know names of functions.

use smallvec::SmallVec;

use crate::arena::Arena;
use crate::facts::Role;
use crate::network::{Network, Wire, Wires};
use crate::node::{Constant, Contraction, FunctionRef, Label, Node, NodeId, Operand, Scaled};
use crate::symbol::Axis;

/// `kron(A,B)` of square matrices.
struct Kronecker {
    /// The constant that fuses a row of B with one of A.
    fusion: NodeId,
    pair: Axis,
    left: Scaled,
    right: Scaled,
}

impl Arena {
    /// `inv(kron(A,B)) = kron(inv(A),inv(B))`, `logdet(kron(A,B)) = n*logdet(A) + m*logdet(B)` and
    /// `det(kron(A,B)) = det(A)^n*det(B)^m` for A of size m and B of size n.
    pub(crate) fn of_kronecker(&mut self, role: Role, argument: &Scaled) -> Option<Scaled> {
        if !matches!(role, Role::Inverse | Role::Determinant | Role::LogDeterminant) {
            return None;
        }
        let function = FunctionRef::Book(self.vocabulary.with_role(role)?);
        let product = self.as_kronecker(argument.node)?;
        let left = product.left.times(&argument.coefficient);
        let sizes = [left.node, product.right.node].map(|node| self.dimension(node, 0));
        if role == Role::Determinant && left == product.right {
            let determinant = self.apply_unary(function, &left);
            let twice = self.dimensions.add(sizes[0], sizes[1]);
            let exponent = self.size(twice);
            return self.power_of_scalar(&determinant, &exponent);
        }
        let values = [&left, &product.right].map(|side| self.apply_unary(function, side));
        match role {
            Role::Inverse => Some(self.kronecker(&product, &values)),
            Role::LogDeterminant => {
                let [left, right] = [(1, 0), (0, 1)].map(|(size, at)| {
                    let size = self.size(sizes[size]);
                    self.product_of_scalars(&size, &values[at])
                });
                Some(self.sum(&[left, right], &[]))
            }
            _ => {
                let exponents = [sizes[1], sizes[0]].map(|size| self.size(size));
                let left = self.power_of_scalar(&values[0], &exponents[0])?;
                let right = self.power_of_scalar(&values[1], &exponents[1])?;
                Some(self.product_of_scalars(&left, &right))
            }
        }
    }

    fn product_of_scalars(&mut self, left: &Scaled, right: &Scaled) -> Scaled {
        let mut network = Network::new();
        network.factor(left, &[]);
        network.factor(right, &[]);
        self.contract(network)
    }

    fn power_of_scalar(&mut self, base: &Scaled, exponent: &Scaled) -> Option<Scaled> {
        if self.is_number(exponent.node) {
            return Some(self.power(base, &exponent.coefficient));
        }
        let function = FunctionRef::Book(self.vocabulary.with_role(Role::Power)?);
        Some(self.apply_elementwise_many(function, &[base.clone(), exponent.clone()]))
    }

    fn kronecker(&mut self, product: &Kronecker, sides: &[Scaled; 2]) -> Scaled {
        let mut network = Network::new();
        let [rows, columns] = [0; 2].map(|_| network.wire(product.pair));
        let [left, right] = sides.each_ref().map(|side| network.wires(self, side.node));
        let fusion = Scaled::one(product.fusion);
        network.factor(&fusion, &[rows, right[0], left[0]]);
        network.factor(&fusion, &[columns, right[1], left[1]]);
        network.factor(&sides[0], &left);
        network.factor(&sides[1], &right);
        network.output(&[rows, columns]);
        self.contract(network)
    }

    /// The sides of an unnamed Kronecker product of square matrices; scalars go to the left.
    fn as_kronecker(&mut self, node: NodeId) -> Option<Kronecker> {
        if self.is_boundary(node) {
            return None;
        }
        let Node::Contraction(contraction) = self.node(node).clone() else { return None };
        let [row, column] = contraction.output.as_slice() else { return None };
        let is_fusion =
            |node: NodeId| matches!(self.node(node), Node::Constant(Constant::Fusion { .. }));
        let (fusions, others): (SmallVec<[&Operand; 4]>, SmallVec<[&Operand; 4]>) =
            contraction.operands.iter().partition(|operand| is_fusion(operand.node));
        let [first, second] = fusions.as_slice() else { return None };
        let (above, beside) =
            if first.labels[0] == *row { (*first, *second) } else { (*second, *first) };
        let alike = above.node == beside.node && row != column;
        let outside = others
            .iter()
            .all(|operand| !operand.labels.contains(row) && !operand.labels.contains(column));
        if !alike || !outside || (above.labels[0], beside.labels[0]) != (*row, *column) {
            return None;
        }
        let inner = [above.labels[2], beside.labels[2]];
        let outer = [above.labels[1], beside.labels[1]];
        let mut on_left = reached(&inner, &others);
        let on_right = reached(&outer, &others);
        let count = others.len();
        let apart = !inner.iter().any(|label| outer.contains(label))
            && (0..count).all(|at| !(on_left[at] && on_right[at]));
        // Free labels are factors of their own by construction.
        let complete =
            (0..count).all(|at| on_left[at] || on_right[at] || others[at].labels.is_empty())
                && (0..contraction.axes.len()).all(|label| {
                    contraction.operands.iter().any(|operand| {
                        operand.labels.iter().any(|other| usize::from(*other) == label)
                    })
                });
        if !apart || !complete {
            return None;
        }
        (0..count).for_each(|at| on_left[at] |= others[at].labels.is_empty());
        let chosen = |chosen: &[bool]| -> SmallVec<[Operand; 4]> {
            let operands = others.iter().zip(chosen).filter(|(_, chosen)| **chosen);
            operands.map(|(operand, _)| (*operand).clone()).collect()
        };
        let (left, right) = (chosen(&on_left), chosen(&on_right));
        let (fusion, pair) = (above.node, contraction.axes[usize::from(*row)]);
        let left = self.side(&contraction, &left, inner);
        let right = self.side(&contraction, &right, outer);
        Some(Kronecker { fusion, pair, left, right })
    }

    /// Some operands of a contraction as a matrix.
    fn side(
        &mut self,
        contraction: &Contraction,
        operands: &[Operand],
        output: [Label; 2],
    ) -> Scaled {
        let mut network = Network::new();
        let mut wires: SmallVec<[Option<Wire>; 8]> =
            contraction.axes.iter().map(|_| None).collect();
        let mut wire = |network: &mut Network, label: Label| {
            let label = usize::from(label);
            *wires[label].get_or_insert_with(|| network.wire(contraction.axes[label]))
        };
        for operand in operands {
            let place: Wires =
                operand.labels.iter().map(|label| wire(&mut network, *label)).collect();
            network.power(self, &Scaled::one(operand.node), &operand.exponent, &place);
        }
        let output = output.map(|label| wire(&mut network, label));
        network.output(&output);
        self.contract(network)
    }
}

/// Which operands hang together with some labels.
fn reached(from: &[Label], operands: &[&Operand]) -> SmallVec<[bool; 8]> {
    let mut labels: SmallVec<[Label; 8]> = SmallVec::from_slice(from);
    let mut reached: SmallVec<[bool; 8]> = operands.iter().map(|_| false).collect();
    while let Some(label) = labels.pop() {
        for (operand, reached) in operands.iter().zip(&mut reached) {
            if !*reached && operand.labels.contains(&label) {
                *reached = true;
                labels.extend_from_slice(&operand.labels);
            }
        }
    }
    reached
}
