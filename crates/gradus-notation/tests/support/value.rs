//! Values of formulas over a prime field, where two formulas with equal values are equal.

use gradus_functions::book;
use gradus_notation::arena::NotationTree;
use gradus_notation::print;
use gradus_notation::tree::{Head, Notation, NotationId, PowerKind, Shape};
use gradus_tensor::{DimensionId, Rational};

pub const P: u64 = (1 << 61) - 1;

/// Sizes of m, n, k, N.
const SIZES: [u64; 4] = [3, 2, 4, 5];

pub fn mul(a: u64, b: u64) -> u64 {
    ((u128::from(a) * u128::from(b)) % u128::from(P)) as u64
}

fn add(a: u64, b: u64) -> u64 {
    (a + b) % P
}

fn neg(a: u64) -> u64 {
    (P - a) % P
}

fn pow(base: u64, mut exponent: u64) -> u64 {
    let (mut base, mut result) = (base, 1);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = mul(result, base);
        }
        base = mul(base, base);
        exponent >>= 1;
    }
    result
}

fn inverse(a: u64) -> u64 {
    pow(a, P - 2)
}

/// A function without any property.
fn hash(seed: &str, value: u64) -> u64 {
    let mut state = value ^ 0x9E37_79B9_7F4A_7C15;
    for byte in seed.bytes() {
        state = (state ^ u64::from(byte)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        state ^= state >> 29;
    }
    state % P
}

fn number(number: &Rational) -> u64 {
    let (numerator, denominator) = number.to_pair().unwrap();
    let reduced = (i128::from(numerator).rem_euclid(i128::from(P))) as u64;
    mul(reduced, inverse(denominator as u64))
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Array {
    pub rows: usize,
    pub columns: usize,
    pub entries: Vec<u64>,
}

impl Array {
    fn of(rows: usize, columns: usize, entry: impl Fn(usize, usize) -> u64) -> Self {
        let entries =
            (0..rows).flat_map(|i| (0..columns).map(move |j| (i, j))).map(|(i, j)| entry(i, j));
        Self { rows, columns, entries: entries.collect() }
    }

    fn at(&self, i: usize, j: usize) -> u64 {
        self.entries[i * self.columns + j]
    }

    fn is_scalar(&self) -> bool {
        self.rows == 1 && self.columns == 1
    }

    fn map(&self, function: impl Fn(u64) -> u64) -> Self {
        Self { entries: self.entries.iter().map(|entry| function(*entry)).collect(), ..*self }
    }

    fn zip(&self, other: &Self, function: impl Fn(u64, u64) -> u64) -> Self {
        if self.is_scalar() {
            return other.map(|entry| function(self.entries[0], entry));
        }
        if other.is_scalar() {
            return self.map(|entry| function(entry, other.entries[0]));
        }
        assert_eq!((self.rows, self.columns), (other.rows, other.columns));
        Self::of(self.rows, self.columns, |i, j| function(self.at(i, j), other.at(i, j)))
    }

    fn times(&self, other: &Self) -> Self {
        if self.is_scalar() || other.is_scalar() {
            return self.zip(other, mul);
        }
        assert_eq!(self.columns, other.rows, "a product does not conform");
        Self::of(self.rows, other.columns, |i, j| {
            (0..self.columns).fold(0, |sum, l| add(sum, mul(self.at(i, l), other.at(l, j))))
        })
    }
}

fn size(tree: &NotationTree, id: DimensionId) -> usize {
    tree.dimensions.evaluate(id, &SIZES).unwrap() as usize
}

fn constant(tree: &NotationTree, shape: Shape, entry: impl Fn(usize, usize) -> u64) -> Array {
    Array::of(size(tree, shape.rows), size(tree, shape.columns), entry)
}

pub fn value(tree: &NotationTree, root: NotationId) -> Array {
    let mut values: Vec<Option<Array>> = vec![None; root.0 as usize + 1];
    for id in print::parts(tree, &[root]) {
        let array = one(tree, id, |id| values[id.0 as usize].clone().unwrap());
        values[id.0 as usize] = Some(array);
    }
    values[root.0 as usize].clone().unwrap()
}

fn one(tree: &NotationTree, id: NotationId, get: impl Fn(NotationId) -> Array) -> Array {
    let shape = tree.shape(id);
    match tree.node(id) {
        Notation::Number(value) => constant(tree, shape, |_, _| number(value)),
        Notation::Pi | Notation::Infinity | Notation::ImaginaryUnit => {
            constant(tree, shape, |_, _| hash("pi", 1))
        }
        Notation::Dimension(id) => constant(tree, shape, |_, _| size(tree, *id) as u64),
        Notation::Name { text, .. } => {
            constant(tree, shape, |i, j| hash(text, (i * 100 + j) as u64))
        }
        Notation::Ones => constant(tree, shape, |_, _| 1),
        Notation::Zeros => constant(tree, shape, |_, _| 0),
        Notation::Identity => constant(tree, shape, |i, j| u64::from(i == j)),
        Notation::Sum(terms) => {
            let mut total = constant(tree, Shape::SCALAR, |_, _| 0);
            for (minus, term) in terms {
                let term = if *minus { get(*term).map(neg) } else { get(*term) };
                total = total.zip(&term, add);
            }
            if total.is_scalar() {
                return constant(tree, shape, |_, _| total.entries[0]);
            }
            total
        }
        Notation::Negate(inner) => get(*inner).map(neg),
        Notation::Product(factors) => factors
            .iter()
            .map(|id| get(*id))
            .reduce(|product, factor| product.times(&factor))
            .unwrap_or_else(|| constant(tree, shape, |_, _| 1)),
        Notation::Fraction(a, b) => {
            let denominator = inverse(get(*b).entries[0]);
            get(*a).map(|entry| mul(entry, denominator))
        }
        Notation::Hadamard(factors) => factors
            .iter()
            .map(|id| get(*id))
            .reduce(|product, factor| product.zip(&factor, mul))
            .unwrap_or_else(|| constant(tree, shape, |_, _| 1)),
        Notation::HadamardQuotient(a, b) => get(*a).zip(&get(*b), |a, b| mul(a, inverse(b))),
        Notation::Power { base, exponent, kind } => power(&get(*base), &get(*exponent), *kind),
        Notation::Transpose(inner) | Notation::ConjugateTranspose(inner) => {
            let inner = get(*inner);
            Array::of(inner.columns, inner.rows, |i, j| inner.at(j, i))
        }
        Notation::Partial { of, by } => {
            let name = format!("partial {of} {by}");
            constant(tree, shape, |i, j| hash(&name, (i * 100 + j) as u64))
        }
        Notation::Differential(inner) => get(*inner).map(|entry| mul(entry, hash("d", 1))),
        Notation::Call { head, arguments, .. } => {
            let arguments: Vec<_> = arguments.iter().map(|id| get(*id)).collect();
            call(tree, head, &arguments)
        }
        Notation::Slice { base, row_offset, column_offset } => {
            let base = get(*base);
            let (rows, columns) = (size(tree, *row_offset), size(tree, *column_offset));
            constant(tree, shape, |i, j| base.at(rows + i, columns + j))
        }
        other => panic!("no value of {other:?}"),
    }
}

fn power(base: &Array, value: &Array, kind: PowerKind) -> Array {
    let integer = match value.entries[0] {
        small if small < 1000 => Some(small as i64),
        large if P - large < 1000 => Some(-((P - large) as i64)),
        _ => None,
    };
    match (integer, kind) {
        (Some(exponent), PowerKind::Matrix) => {
            (1..exponent).fold(base.clone(), |product, _| product.times(base))
        }
        (Some(exponent), _) => base.map(|entry| {
            let power = pow(entry, exponent.unsigned_abs());
            if exponent < 0 { inverse(power) } else { power }
        }),
        _ => base.map(|entry| hash("power", add(entry, mul(7, value.entries[0])))),
    }
}

fn call(tree: &NotationTree, head: &Head, arguments: &[Array]) -> Array {
    let scalar = |value| constant(tree, Shape::SCALAR, |_, _| value);
    let first = &arguments[0];
    match head {
        Head::Mapped { name, order } => first.map(|entry| hash(name, entry + u64::from(*order))),
        Head::DiagonalMatrix => {
            let entry = |i, j| if i == j { first.entries[i] } else { 0 };
            Array::of(first.entries.len(), first.entries.len(), entry)
        }
        Head::DiagonalVector => Array::of(first.rows, 1, |i, _| first.at(i, i)),
        Head::Book(id) => match book().get(*id).name {
            "tr" => scalar((0..first.rows).fold(0, |sum, i| add(sum, first.at(i, i)))),
            "sum" => scalar(first.entries.iter().fold(0, |sum, entry| add(sum, *entry))),
            name @ ("norm2" | "det") => {
                scalar(first.entries.iter().fold(5, |state, entry| hash(name, state ^ entry)))
            }
            "inv" => inverse_matrix(first),
            name => first.map(|entry| hash(name, entry)),
        },
        other => panic!("no value of {other:?}"),
    }
}

/// Zero for a singular matrix.
fn inverse_matrix(matrix: &Array) -> Array {
    let n = matrix.rows;
    let mut left: Vec<Vec<u64>> =
        (0..n).map(|i| (0..n).map(|j| matrix.at(i, j)).collect()).collect();
    let mut right: Vec<Vec<u64>> =
        (0..n).map(|i| (0..n).map(|j| u64::from(i == j)).collect()).collect();
    for column in 0..n {
        let Some(pivot) = (column..n).find(|row| left[*row][column] != 0) else {
            return Array::of(n, n, |_, _| 0);
        };
        left.swap(column, pivot);
        right.swap(column, pivot);
        let scale = inverse(left[column][column]);
        for j in 0..n {
            left[column][j] = mul(left[column][j], scale);
            right[column][j] = mul(right[column][j], scale);
        }
        for row in (0..n).filter(|row| *row != column) {
            let factor = neg(left[row][column]);
            for j in 0..n {
                left[row][j] = add(left[row][j], mul(factor, left[column][j]));
                right[row][j] = add(right[row][j], mul(factor, right[column][j]));
            }
        }
    }
    Array::of(n, n, |i, j| right[i][j])
}
