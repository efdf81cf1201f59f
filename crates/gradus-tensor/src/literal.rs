//! Determinants, adjugates and inverses of small matrix literals, entry by entry.
//!
//! Must not know notation. A literal is a sum of scalars, each put in its place by two selections;
//! `det([a, b; c, d])` is `a*d - b*c`.

use smallvec::SmallVec;

use crate::arena::Arena;
use crate::dimension::DimensionId;
use crate::facts::Role;
use crate::network::Network;
use crate::node::{Constant, Contraction, Node, NodeId, Scaled};
use crate::rational::Rational;
use crate::symbol::Axis;

/// Determinants of matrices up to this size are written out.
const DETERMINANT: usize = 3;

/// Adjugates and inverses of matrices up to this size are written out.
const INVERSE: usize = 2;

/// Determinants and inverses of matrices of numbers up to this size are computed.
const NUMBERS: usize = 12;

/// Numbers longer than this are left alone.
const LONGEST: u64 = 512;

/// The scalars of a square matrix literal.
struct Literal {
    /// The constants that select each row, the same as those for the columns.
    selections: Vec<NodeId>,
    axis: Axis,
    /// The entries row by row; `None` is zero.
    entries: Vec<Vec<Option<Scaled>>>,
}

/// An entry under its row and column.
struct Placed {
    row: (usize, NodeId),
    column: (usize, NodeId),
    value: Scaled,
}

impl Arena {
    /// The determinant, adjugate or inverse of a small literal. A named one keeps its name.
    pub(crate) fn of_literal(&mut self, role: Role, argument: &Scaled) -> Option<Scaled> {
        let limit = match role {
            Role::Determinant => DETERMINANT,
            Role::Adjugate | Role::Inverse => INVERSE,
            _ => return None,
        };
        let literal = self.literal(argument, NUMBERS)?;
        if literal.entries.len() > limit {
            return self.of_numbers(role, &literal);
        }
        if role == Role::Determinant {
            return Some(self.determinant(&literal.entries));
        }
        let adjugate = self.adjugate(&literal)?;
        if role == Role::Adjugate {
            return Some(adjugate);
        }
        let determinant = self.determinant(&literal.entries);
        let mut network = Network::new();
        let wires = network.wires(self, adjugate.node);
        network.factor(&adjugate, &wires);
        network.power(self, &determinant, &Rational::MINUS_ONE, &[]);
        network.output(&wires);
        (!self.is_zero(determinant.node)).then(|| self.contract(network))
    }

    fn literal(&mut self, value: &Scaled, limit: usize) -> Option<Literal> {
        let node = value.node;
        let [rows, columns] = self.axes(node) else { return None };
        if rows != columns || rows.range || self.name(node).is_some() {
            return None;
        }
        let axis = *rows;
        let size = self.small(axis.dimension, limit)?;
        if size < 2 {
            return None;
        }
        let terms = match self.node(node) {
            Node::Sum(sum) if sum.terms.len() <= size * size => sum.terms.clone(),
            _ => return None,
        };
        let mut literal =
            Literal { selections: Vec::new(), axis, entries: vec![vec![None; size]; size] };
        let mut places: Vec<Option<NodeId>> = vec![None; size];
        for (coefficient, term) in &terms {
            let Placed { row, column, value: entry } = self.entry(*term, size)?;
            places[row.0] = Some(row.1);
            places[column.0] = Some(column.1);
            let place = literal.entries.get_mut(row.0)?.get_mut(column.0)?;
            if place.is_some() {
                return None;
            }
            *place = Some(entry.times(coefficient).times(&value.coefficient));
        }
        literal.selections = places.into_iter().collect::<Option<_>>()?;
        Some(literal)
    }

    /// One entry of a literal: two selections of one place each, and scalars.
    fn entry(&mut self, term: NodeId, size: usize) -> Option<Placed> {
        let Node::Contraction(contraction) = self.node(term) else { return None };
        let contraction: Contraction = contraction.clone();
        if self.is_boundary(term) || contraction.output.as_slice() != [0, 1] {
            return None;
        }
        let mut network = Network::new();
        let mut sides: [Option<(usize, NodeId)>; 2] = [None; 2];
        for operand in &contraction.operands {
            match operand.labels.as_slice() {
                [] => network.power(self, &Scaled::one(operand.node), &operand.exponent, &[]),
                [label] => {
                    let place = self.selected_place(operand.node, size)?;
                    let side = sides.get_mut(usize::from(*label))?;
                    if side.replace((place, operand.node)).is_some() {
                        return None;
                    }
                }
                _ => return None,
            }
        }
        let [Some(row), Some(column)] = sides else { return None };
        Some(Placed { row, column, value: self.contract(network) })
    }

    /// The place that a constant selects, if it selects one.
    fn selected_place(&self, node: NodeId, size: usize) -> Option<usize> {
        let Node::Constant(Constant::Selection { offset, .. }) = self.node(node) else {
            return None;
        };
        self.small(*offset, size - 1)
    }

    fn small(&self, dimension: DimensionId, limit: usize) -> Option<usize> {
        let number = self.dimensions.as_number(dimension)?.to_i64()?;
        usize::try_from(number).ok().filter(|number| *number <= limit)
    }

    /// The determinant or inverse of a matrix of numbers.
    fn of_numbers(&mut self, role: Role, literal: &Literal) -> Option<Scaled> {
        let mut rows: Vec<Vec<Rational>> = Vec::with_capacity(literal.entries.len());
        for row in &literal.entries {
            let number = |entry: &Option<Scaled>| match entry {
                None => Some(Rational::ZERO),
                Some(entry) => self.is_one(entry.node).then(|| entry.coefficient.clone()),
            };
            rows.push(row.iter().map(number).collect::<Option<_>>()?);
        }
        let (determinant, inverse) = eliminated(rows)?;
        match role {
            Role::Determinant => Some(self.number(determinant)),
            Role::Inverse => {
                let mut terms: Vec<Scaled> = Vec::new();
                for (row, entries) in inverse?.into_iter().enumerate() {
                    for (column, entry) in entries.into_iter().enumerate() {
                        if entry.is_zero() {
                            continue;
                        }
                        let mut network = Network::new();
                        let wires = [network.wire(literal.axis), network.wire(literal.axis)];
                        for (at, wire) in [(row, wires[0]), (column, wires[1])] {
                            network.factor(&Scaled::one(*literal.selections.get(at)?), &[wire]);
                        }
                        network.scale(&entry);
                        network.output(&wires);
                        terms.push(self.contract(network));
                    }
                }
                Some(self.sum(&terms, &[literal.axis, literal.axis]))
            }
            _ => None,
        }
    }

    /// The determinant by its first row.
    fn determinant(&mut self, entries: &[Vec<Option<Scaled>>]) -> Scaled {
        let mut terms: Vec<Scaled> = Vec::new();
        for (columns, sign) in permutations(entries.len()) {
            let factors: Option<Vec<&Scaled>> = columns
                .iter()
                .enumerate()
                .map(|(row, column)| entries[row][*column].as_ref())
                .collect();
            let Some(factors) = factors else { continue };
            let mut network = Network::new();
            network.scale(&sign);
            for factor in factors {
                network.factor(factor, &[]);
            }
            terms.push(self.contract(network));
        }
        self.sum(&terms, &[])
    }

    /// The adjugate of a literal of size two.
    fn adjugate(&mut self, literal: &Literal) -> Option<Scaled> {
        let [[a, b], [c, d]] = [0, 1].map(|row| [0, 1].map(|at| literal.entries[row][at].clone()));
        let minus = |value: Option<Scaled>| value.map(|value| value.times(&Rational::MINUS_ONE));
        let places = [(0, 0, d), (0, 1, minus(b)), (1, 0, minus(c)), (1, 1, a)];
        let mut terms: Vec<Scaled> = Vec::new();
        for (row, column, value) in places {
            let Some(value) = value else { continue };
            let mut network = Network::new();
            let wires = [network.wire(literal.axis), network.wire(literal.axis)];
            for (at, wire) in [(row, wires[0]), (column, wires[1])] {
                network.factor(&Scaled::one(*literal.selections.get(at)?), &[wire]);
            }
            network.factor(&value, &[]);
            network.output(&wires);
            terms.push(self.contract(network));
        }
        Some(self.sum(&terms, &[literal.axis, literal.axis]))
    }
}

type Numbers = Vec<Vec<Rational>>;

/// The determinant, and the inverse unless that is zero, by elimination. `None` if numbers grow long.
fn eliminated(mut rows: Numbers) -> Option<(Rational, Option<Numbers>)> {
    let size = rows.len();
    for (at, row) in rows.iter_mut().enumerate() {
        row.extend((0..size).map(|other| Rational::integer(i64::from(other == at))));
    }
    let mut determinant = Rational::ONE;
    for column in 0..size {
        let Some(pivot) = (column..size).find(|row| !rows[*row][column].is_zero()) else {
            return Some((Rational::ZERO, None));
        };
        if pivot != column {
            rows.swap(pivot, column);
            determinant = determinant.negate();
        }
        determinant = determinant.multiply(&rows[column][column]);
        let scale = rows[column][column].reciprocal()?;
        for entry in &mut rows[column] {
            *entry = entry.multiply(&scale);
        }
        let fixed = rows[column].clone();
        for (at, row) in rows.iter_mut().enumerate() {
            if at == column || row[column].is_zero() {
                continue;
            }
            let factor = row[column].clone();
            for (entry, other) in row.iter_mut().zip(&fixed) {
                *entry = entry.subtract(&factor.multiply(other));
                if entry.exceeds_bits(LONGEST) {
                    return None;
                }
            }
        }
    }
    Some((determinant, Some(rows.into_iter().map(|mut row| row.split_off(size)).collect())))
}

/// All permutations of up to three places with their signs.
fn permutations(size: usize) -> Vec<(SmallVec<[usize; 3]>, Rational)> {
    let all: &[(&[usize], i64)] = match size {
        2 => &[(&[0, 1], 1), (&[1, 0], -1)],
        3 => &[
            (&[0, 1, 2], 1),
            (&[1, 2, 0], 1),
            (&[2, 0, 1], 1),
            (&[2, 1, 0], -1),
            (&[1, 0, 2], -1),
            (&[0, 2, 1], -1),
        ],
        _ => &[],
    };
    all.iter().map(|(places, sign)| ((*places).into(), Rational::integer(*sign))).collect()
}
