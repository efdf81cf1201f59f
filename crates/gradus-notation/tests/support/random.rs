//! Random formulas of given shapes.

use gradus_notation::tree::{Head, Notation, NotationId, PowerKind, Shape};
use gradus_tensor::Rational;

use super::reader::Reader;

pub struct Random {
    state: u64,
}

const SIDES: [&str; 3] = ["m", "n", "1"];

impl Random {
    pub fn new(seed: u64) -> Self {
        Self { state: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1 }
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state >> 11) % bound
    }

    /// A formula of a shape, at most so deep.
    pub fn formula(
        &mut self,
        reader: &mut Reader,
        rows: &'static str,
        columns: &'static str,
        depth: u32,
    ) -> NotationId {
        let shape = reader.shape(rows, columns);
        if depth == 0 || self.below(8) == 0 {
            return self.leaf(reader, rows, columns);
        }
        let depth = depth - 1;
        let any =
            |random: &mut Self, reader: &mut Reader| random.formula(reader, rows, columns, depth);
        let notation = match self.below(12) {
            0 | 1 => {
                let mut terms = vec![(self.below(2) == 0, any(self, reader))];
                for _ in 0..1 + self.below(2) {
                    let minus = self.below(2) == 0;
                    // A scalar stands for an array of it.
                    let term = if self.below(6) == 0 {
                        self.formula(reader, "1", "1", depth)
                    } else {
                        any(self, reader)
                    };
                    terms.push((minus, term));
                }
                Notation::Sum(terms)
            }
            2 => Notation::Negate(any(self, reader)),
            3..=5 => {
                let mut factors = Vec::new();
                for _ in 0..self.below(3) {
                    factors.push(self.formula(reader, "1", "1", depth));
                }
                if self.below(2) == 0 {
                    let middle = SIDES[self.below(3) as usize];
                    factors.push(self.formula(reader, rows, middle, depth));
                    factors.push(self.formula(reader, middle, columns, depth));
                } else {
                    factors.push(any(self, reader));
                }
                Notation::Product(factors)
            }
            6 => Notation::Fraction(any(self, reader), self.formula(reader, "1", "1", depth)),
            7 => Notation::Hadamard((0..2 + self.below(2)).map(|_| any(self, reader)).collect()),
            8 => {
                let numerator = if self.below(2) == 0 {
                    any(self, reader)
                } else {
                    self.formula(reader, "1", "1", depth)
                };
                Notation::HadamardQuotient(numerator, any(self, reader))
            }
            9 => {
                let exponent = match self.below(4) {
                    0 => reader.read("-1"),
                    1 => self.number(reader, 1, 2),
                    2 => reader.read("s"),
                    _ => reader.read("2"),
                };
                let kind =
                    if shape.is_scalar() { PowerKind::Scalar } else { PowerKind::Elementwise };
                Notation::Power { base: any(self, reader), exponent, kind }
            }
            10 => Notation::Transpose(self.formula(reader, columns, rows, depth)),
            _ => return self.call(reader, (rows, columns), shape, depth),
        };
        reader.tree.intern(notation, shape)
    }

    fn call(
        &mut self,
        reader: &mut Reader,
        (rows, columns): (&'static str, &'static str),
        shape: Shape,
        depth: u32,
    ) -> NotationId {
        if shape.is_scalar() {
            let side = SIDES[self.below(2) as usize];
            let argument = self.formula(reader, side, side, depth);
            let name = ["tr", "sum", "norm2", "det"][self.below(4) as usize];
            return reader.book(name, vec![argument], Vec::new(), shape);
        }
        if rows == columns && self.below(2) == 0 {
            let argument = self.formula(reader, rows, "1", depth);
            let (head, sizes) = (Head::DiagonalMatrix, Vec::new());
            let call = Notation::Call { head, arguments: vec![argument], sizes };
            return reader.tree.intern(call, shape);
        }
        let argument = self.formula(reader, rows, columns, depth);
        match self.below(3) {
            0 => reader.book("exp", vec![argument], Vec::new(), shape),
            1 if rows == columns => reader.book("inv", vec![argument], Vec::new(), shape),
            order => {
                let head = Head::Mapped { name: "f".to_owned(), order: order as u8 };
                let call = Notation::Call { head, arguments: vec![argument], sizes: Vec::new() };
                reader.tree.intern(call, shape)
            }
        }
    }

    fn number(&mut self, reader: &mut Reader, numerator: i64, denominator: i64) -> NotationId {
        let number = Rational::new(numerator, denominator).unwrap();
        reader.tree.intern(Notation::Number(number), Shape::SCALAR)
    }

    fn leaf(&mut self, reader: &mut Reader, rows: &str, columns: &str) -> NotationId {
        let shape = reader.shape(rows, columns);
        match (rows, columns) {
            ("1", "1") => match self.below(6) {
                0 => self.number(reader, 2, 1),
                1 => self.number(reader, 3, 2),
                2 => self.number(reader, -1, 1),
                3 => reader.name("n"),
                4 => reader.name("s"),
                _ => reader.name("t"),
            },
            ("m", "n") => reader.name(["X", "Y"][self.below(2) as usize]),
            ("n", "n") if self.below(4) == 0 => reader.tree.intern(Notation::Identity, shape),
            ("n", "n") => reader.name(["A", "B"][self.below(2) as usize]),
            ("m", "m") => reader.name("M"),
            ("n", "1") => reader.name(["x", "w"][self.below(2) as usize]),
            ("m", "1") => reader.name(["y", "u"][self.below(2) as usize]),
            ("1", "n") => reader.name("r"),
            _ => reader.tree.intern(Notation::Ones, shape),
        }
    }
}
