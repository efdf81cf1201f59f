//! Random formulas, the same in every run.

use gradus_codegen::VariableKind;
use gradus_notation::tree::{PowerKind, Shape};
use gradus_tensor::Structure;

use crate::naive;
use crate::support::{Id, Program};

/// A shape by its letters: `1`, `n`, `m`.
type Letters = (char, char);

struct Generator {
    program: Program,
    state: u64,
    /// Whether the index `i` may be used.
    inside: bool,
    /// Whether it was.
    used: bool,
}

/// A program whose value is a random formula, and the formula spelled out plainly.
pub(crate) fn program(seed: u64) -> (Program, String) {
    let mut generator =
        Generator { program: Program::new(), state: seed * 7919 + 17, inside: false, used: false };
    generator.declare();
    let shapes = [('1', '1'), ('n', '1'), ('n', 'm'), ('n', 'n'), ('1', 'n'), ('m', '1')];
    let shape = shapes[generator.below(shapes.len())];
    let depth = 2 + generator.below(6);
    let formula = generator.formula(shape, depth);
    let text = naive::spell(&generator.program.tree, formula);
    let mut program = generator.program;
    program.value("random", formula);
    program.answer("t", formula);
    (program, text)
}

impl Generator {
    fn declare(&mut self) {
        let p = &mut self.program;
        p.matrix("A", "n", "n");
        p.structured("S", Structure::PositiveDefinite, ["n", "n"]);
        p.matrix("B", "n", "m");
        p.matrix("C", "m", "n");
        p.vector("x", "n");
        p.vector("y", "m");
        p.scalar("s");
        p.scalar("t");
        p.declare("u", VariableKind::GENERAL, ["n", "1"], &["N"]);
        p.declare("v", VariableKind::GENERAL, ["m", "1"], &["N"]);
        p.declare("r", VariableKind::GENERAL, ["1", "1"], &["N"]);
        p.declare("M", VariableKind::GENERAL, ["n", "n"], &["N"]);
    }

    fn below(&mut self, bound: usize) -> usize {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(self.state >> 33).unwrap() % bound
    }

    fn shape(&mut self, letters: Letters) -> Shape {
        let (rows, columns) = (letters.0.to_string(), letters.1.to_string());
        self.program.shape(&rows, &columns)
    }

    fn name(&mut self, text: &str, letters: Letters) -> Id {
        let shape = self.shape(letters);
        let kind = gradus_notation::tree::NameKind::Variable;
        let name = gradus_notation::tree::Notation::Name { text: text.to_owned(), kind };
        self.program.tree.intern(name, shape)
    }

    fn member(&mut self, text: &str, letters: Letters) -> Id {
        self.used = true;
        let name = self.name(text, letters);
        self.program.member(name, "i")
    }

    fn leaf(&mut self, letters: Letters) -> Id {
        let constant = self.below(8) == 0;
        let member = self.inside && self.below(2) == 0;
        let (rows, columns) = (letters.0.to_string(), letters.1.to_string());
        match letters {
            ('1', '1') if constant => {
                let numerator = [-2, -1, 1, 2, 3][self.below(5)];
                let denominator = [1, 2, 3][self.below(3)];
                self.program.number(numerator, denominator)
            }
            ('n', 'n') if constant => self.program.eye("n"),
            _ if constant => self.program.ones(&rows, &columns),
            ('1', '1') if member => self.member("r", letters),
            ('1', '1') => {
                let name = ["s", "t"][self.below(2)];
                self.name(name, letters)
            }
            ('n', '1') if member => self.member("u", letters),
            ('m', '1') if member => self.member("v", letters),
            ('n', 'n') if member => self.member("M", letters),
            ('n', '1') => self.name("x", letters),
            ('m', '1') => self.name("y", letters),
            ('n', 'n') => {
                let name = ["A", "S"][self.below(2)];
                self.name(name, letters)
            }
            ('n', 'm') => self.name("B", letters),
            ('m', 'n') => self.name("C", letters),
            (rows, columns) => {
                // Rows, and what has no name of its own: an outer product or a transpose.
                if rows == '1' {
                    let column = self.leaf((columns, '1'));
                    self.program.transpose(column)
                } else {
                    let (left, right) = (self.leaf((rows, '1')), self.leaf((columns, '1')));
                    let row = self.program.transpose(right);
                    self.program.product(&[left, row])
                }
            }
        }
    }

    fn letter(&mut self) -> char {
        ['1', 'n', 'm', 'n'][self.below(4)]
    }

    fn formula(&mut self, letters: Letters, depth: usize) -> Id {
        if depth == 0 {
            return self.leaf(letters);
        }
        let next = depth - 1;
        match self.below(12) {
            0 | 1 => {
                let (a, b) = (self.formula(letters, next), self.formula(letters, next));
                match self.below(3) {
                    0 => {
                        let scalar = self.leaf(('1', '1'));
                        self.program.sum(&[a, scalar], &[b])
                    }
                    1 => self.program.sum(&[a], &[b]),
                    _ => self.program.sum(&[a, b], &[]),
                }
            }
            2..=4 => self.chain(letters, next),
            5 if letters != ('1', '1') => {
                let (a, b) = (self.formula(letters, next), self.formula(letters, next));
                self.program.hadamard(&[a, b])
            }
            6 if letters.0 != '1' && letters.1 != '1' => {
                let inner = self.formula((letters.1, letters.0), next);
                self.program.transpose(inner)
            }
            7 if !self.inside => {
                self.inside = true;
                self.used = false;
                let mut body = self.formula(letters, next);
                if !self.used {
                    let weight = self.member("r", ('1', '1'));
                    body = self.program.product(&[weight, body]);
                }
                self.inside = false;
                self.program.indexed_sum(&["i"], body)
            }
            8 => self.special(letters, next),
            9 => {
                let (scalar, array) = (self.formula(('1', '1'), next), self.formula(letters, next));
                if letters == ('1', '1') || self.below(2) == 0 {
                    return self.program.product(&[scalar, array]);
                }
                let (two, square) = (self.program.number(2, 1), self.program.square(scalar));
                let below = self.program.sum(&[two, square], &[]);
                self.program.fraction(array, below)
            }
            _ => {
                let inner = self.formula(letters, next);
                let function = ["tanh", "sin", "sigmoid", "cos"][self.below(4)];
                self.program.call(function, inner)
            }
        }
    }

    /// A product of up to four factors.
    fn chain(&mut self, letters: Letters, depth: usize) -> Id {
        let count = 2 + self.below(3);
        let mut dimensions = vec![letters.0];
        for _ in 1..count {
            let letter = self.letter();
            dimensions.push(letter);
        }
        dimensions.push(letters.1);
        let mut factors = Vec::new();
        let mut scalars = Vec::new();
        for pair in dimensions.windows(2) {
            let shape = (pair[0], pair[1]);
            let factor = match self.below(5) {
                0 if shape == ('n', 'n') => self.inverse(depth),
                1 if shape == ('n', 'n') || shape == ('m', 'm') => {
                    let vector = self.formula((shape.0, '1'), depth / 2);
                    self.program.diagonal_matrix(vector)
                }
                2 if shape.1 == '1' && shape.0 != '1' => {
                    let rows = shape.0.to_string();
                    self.program.ones(&rows, "1")
                }
                _ => self.formula(shape, depth / 2),
            };
            if shape == ('1', '1') { scalars.push(factor) } else { factors.push(factor) }
        }
        scalars.extend(factors);
        match scalars.as_slice() {
            [single] => *single,
            _ => self.program.product(&scalars),
        }
    }

    /// The inverse of something that has one.
    fn inverse(&mut self, depth: usize) -> Id {
        let matrix = match self.below(3) {
            0 => {
                let inner = self.formula(('n', 'n'), depth / 2);
                let (bounded, eye, tenth) = (
                    self.program.call("tanh", inner),
                    self.program.eye("n"),
                    self.program.number(1, 10),
                );
                let small = self.program.product(&[tenth, bounded]);
                self.program.sum(&[eye, small], &[])
            }
            1 if self.inside => self.member("M", ('n', 'n')),
            _ => {
                let name = ["A", "S"][self.below(2)];
                self.name(name, ('n', 'n'))
            }
        };
        let inverse = self.program.call("inv", matrix);
        if self.below(3) == 0 { self.program.transpose(inverse) } else { inverse }
    }

    /// Functions that need a shape of their own.
    fn special(&mut self, letters: Letters, depth: usize) -> Id {
        match letters {
            ('1', '1') => match self.below(5) {
                0 => {
                    let product = self.chain(('n', 'n'), depth);
                    self.program.reduce("tr", product)
                }
                1 => {
                    let inner = self.formula(('n', 'm'), depth);
                    self.program.reduce("sum", inner)
                }
                2 => {
                    let inner = self.formula(('n', '1'), depth);
                    let norm = self.program.reduce("norm2", inner);
                    self.program.square(norm)
                }
                3 => {
                    let inner = self.formula(('m', '1'), depth);
                    self.program.reduce("logsumexp", inner)
                }
                _ => {
                    let inverse = self.inverse(depth);
                    self.program.reduce("logdet", inverse)
                }
            },
            (_, '1') if letters.0 == 'n' && self.below(2) == 0 => {
                let product = self.chain(('n', 'n'), depth);
                self.program.diagonal_vector(product)
            }
            (_, '1') => {
                let inner = self.formula(letters, depth);
                self.program.call("softmax", inner)
            }
            ('n', 'n') => match self.below(3) {
                0 => self.inverse(depth),
                1 => {
                    let inner = self.formula(letters, depth);
                    self.program.call("tril", inner)
                }
                _ => {
                    let (base, two) = (self.leaf(letters), self.program.number(2, 1));
                    self.program.power(base, two, PowerKind::Matrix)
                }
            },
            ('n', 'm') => {
                // A column with a row, as a Kronecker product.
                let (column, other) =
                    (self.formula(('n', '1'), depth), self.formula(('1', 'm'), depth));
                let shape = self.shape(letters);
                self.program.call_of("kron", &[column, other], &[], shape)
            }
            _ => self.chain(letters, depth),
        }
    }
}
