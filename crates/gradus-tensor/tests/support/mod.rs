//! A reference evaluator of networks in f64, which knows nothing of simplification.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    dead_code,
    unreachable_pub
)]

use std::collections::HashMap;

use gradus_functions::{ArrayFunction, Numeric, book};
use gradus_tensor::{
    Arena, Axis, Constant, Contraction, Dimensions, FunctionRef, Node, NodeId, Scaled, Structure,
    Symbol, SymbolId,
};

/// An arena over the real vocabulary and named dimensions.
pub fn arena(names: &[&str]) -> (Arena, Vec<Axis>) {
    let mut dimensions = Dimensions::new();
    let axes = names.iter().map(|name| Axis::new(dimensions.named(name))).collect();
    (Arena::new(dimensions, book(), 1 << 20), axes)
}

pub fn variable(arena: &mut Arena, name: &str, axes: &[Axis], structure: Structure) -> Scaled {
    let symbol = arena.declare(Symbol {
        name: name.to_owned(),
        axes: axes.into(),
        structure,
        positive: false,
        complex: false,
        differential_of: None,
    });
    Scaled::one(arena.variable(symbol))
}

pub fn function(name: &str) -> FunctionRef {
    FunctionRef::Book(book().lookup(name).unwrap())
}

/// Sizes of the dimension names and the values of variables, drawn from a seed.
pub struct World {
    pub sizes: Vec<u64>,
    pub seed: u64,
}

#[derive(Clone, Debug)]
pub struct Tensor {
    pub shape: Vec<usize>,
    pub data: Vec<f64>,
}

impl Tensor {
    fn at(&self, index: &[usize]) -> f64 {
        let mut offset = 0;
        for (size, at) in self.shape.iter().zip(index) {
            offset = offset * size + at;
        }
        self.data[offset]
    }
}

fn noise(seed: u64, counter: u64) -> f64 {
    let mut x = seed ^ counter.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^= x >> 31;
    (x >> 11) as f64 / (1u64 << 53) as f64 * 1.6 - 0.6
}

/// Calls `visit` with every index of a shape.
fn indices(shape: &[usize], mut visit: impl FnMut(&[usize])) {
    let total: usize = shape.iter().product();
    let mut index = vec![0; shape.len()];
    for _ in 0..total {
        visit(&index);
        for position in (0..shape.len()).rev() {
            index[position] += 1;
            if index[position] < shape[position] {
                break;
            }
            index[position] = 0;
        }
    }
}

impl World {
    fn shape(&self, arena: &Arena, axes: &[Axis]) -> Vec<usize> {
        axes.iter()
            .map(|axis| arena.dimensions.evaluate(axis.dimension, &self.sizes).unwrap() as usize)
            .collect()
    }

    fn symbol(&self, arena: &Arena, id: SymbolId) -> Tensor {
        let symbol = arena.symbol(id);
        let shape = self.shape(arena, &symbol.axes);
        let total: usize = shape.iter().product();
        let raw: Vec<f64> =
            (0..total as u64).map(|at| noise(self.seed, u64::from(id.0) * 100_000 + at)).collect();
        let mut data = raw.clone();
        match symbol.structure {
            Structure::Symmetric => {
                let n = shape[0];
                for i in 0..n {
                    for j in 0..n {
                        data[i * n + j] = raw[i * n + j] + raw[j * n + i];
                    }
                }
            }
            Structure::OneHot => {
                data = vec![0.0; total];
                data[(self.seed % total as u64) as usize] = 1.0;
            }
            _ => {}
        }
        if symbol.positive {
            data.iter_mut().for_each(|x| *x = x.abs() + 0.1);
        }
        Tensor { shape, data }
    }

    pub fn value(&self, arena: &Arena, value: &Scaled) -> Tensor {
        let mut memo = HashMap::new();
        let tensor = self.node(arena, value.node, &mut memo);
        let factor = value.coefficient.to_f64();
        Tensor { shape: tensor.shape, data: tensor.data.iter().map(|x| x * factor).collect() }
    }

    fn node(&self, arena: &Arena, id: NodeId, memo: &mut HashMap<NodeId, Tensor>) -> Tensor {
        if let Some(known) = memo.get(&id) {
            return known.clone();
        }
        let shape = self.shape(arena, arena.axes(id));
        let total: usize = shape.iter().product();
        let result = match arena.node(id) {
            Node::Symbol(symbol) => self.symbol(arena, *symbol),
            Node::Constant(constant) => self.constant(arena, *constant, shape),
            Node::Sum(sum) => {
                let mut data = vec![0.0; total];
                for (coefficient, term) in &sum.terms {
                    let term = self.node(arena, *term, memo);
                    assert_eq!(term.shape, shape, "terms of a sum have one shape");
                    for (out, x) in data.iter_mut().zip(&term.data) {
                        *out += coefficient.to_f64() * x;
                    }
                }
                Tensor { shape, data }
            }
            Node::Contraction(contraction) => self.contraction(arena, contraction, memo),
            Node::Apply(apply) => {
                let argument = self.node(arena, apply.arguments[0].node, memo);
                let FunctionRef::Book(id) = apply.function else { panic!("unknown function") };
                let entry = book().get(id);
                let core = usize::from(entry.facts.cores[0]);
                match entry.numeric {
                    Numeric::Elementwise(f) => {
                        Tensor { shape, data: argument.data.iter().map(|x| f(*x)).collect() }
                    }
                    Numeric::Array(array) => {
                        let block: usize =
                            argument.shape[argument.shape.len() - core..].iter().product();
                        let data = argument
                            .data
                            .chunks(block.max(1))
                            .flat_map(|part| array_function(array, part))
                            .collect();
                        Tensor { shape, data }
                    }
                    _ => panic!("no value for {}", entry.name),
                }
            }
        };
        memo.insert(id, result.clone());
        result
    }

    /// The value of a contraction, entry by entry.
    pub fn contraction(
        &self,
        arena: &Arena,
        contraction: &Contraction,
        memo: &mut HashMap<NodeId, Tensor>,
    ) -> Tensor {
        let operands: Vec<Tensor> = contraction
            .operands
            .iter()
            .map(|operand| self.node(arena, operand.node, memo))
            .collect();
        let sizes = self.shape(arena, &contraction.axes);
        let shape: Vec<usize> =
            contraction.output.iter().map(|label| sizes[*label as usize]).collect();
        let mut out = Tensor { data: vec![0.0; shape.iter().product()], shape: shape.clone() };
        indices(&sizes, |label| {
            let mut product = 1.0;
            for (operand, tensor) in contraction.operands.iter().zip(&operands) {
                let index: Vec<usize> = operand.labels.iter().map(|l| label[*l as usize]).collect();
                let x = tensor.at(&index);
                product *= match operand.exponent.to_i64() {
                    Some(power) => x.powi(power as i32),
                    None => x.powf(operand.exponent.to_f64()),
                };
            }
            let mut offset = 0;
            for (position, l) in contraction.output.iter().enumerate() {
                offset = offset * shape[position] + label[*l as usize];
            }
            out.data[offset] += product;
        });
        out
    }

    fn constant(&self, arena: &Arena, constant: Constant, shape: Vec<usize>) -> Tensor {
        let mut out = Tensor { data: vec![0.0; shape.iter().product()], shape: shape.clone() };
        let size = |d| arena.dimensions.evaluate(d, &self.sizes).unwrap() as usize;
        let mut at = 0;
        indices(&shape, |index| {
            let one = match constant {
                Constant::Fusion { rows, .. } => index[0] == index[1] + size(rows) * index[2],
                Constant::Selection { offset, .. } => {
                    index[0] == size(offset) + index.get(1).copied().unwrap_or(0)
                }
                Constant::Packing { size: n, symmetric } => {
                    let (i, j) = (index[1].max(index[2]), index[1].min(index[2]));
                    let kept = symmetric || index[1] >= index[2];
                    kept && index[0] == i + size(n) * j - j * (j + 1) / 2
                }
                Constant::Triangle { lower, .. } => {
                    if lower {
                        index[0] >= index[1]
                    } else {
                        index[0] <= index[1]
                    }
                }
                Constant::Permutation => {
                    out.data[at] = permutation(index);
                    at += 1;
                    return;
                }
                Constant::Pi => {
                    out.data[0] = std::f64::consts::PI;
                    return;
                }
                Constant::Infinity | Constant::ImaginaryUnit => panic!("no real value"),
            };
            out.data[at] = f64::from(u8::from(one));
            at += 1;
        });
        out
    }
}

fn array_function(function: ArrayFunction, part: &[f64]) -> Vec<f64> {
    let n = (part.len() as f64).sqrt() as usize;
    match function {
        ArrayFunction::Softmax => {
            let total: f64 = part.iter().map(|x| x.exp()).sum();
            part.iter().map(|x| x.exp() / total).collect()
        }
        ArrayFunction::LogSumExp => vec![part.iter().map(|x| x.exp()).sum::<f64>().ln()],
        ArrayFunction::Determinant => vec![eliminate(part, n).1],
        ArrayFunction::LogDeterminant => vec![eliminate(part, n).1.abs().ln()],
        ArrayFunction::Inverse => eliminate(part, n).0,
        ArrayFunction::Adjugate => {
            let (inverse, determinant) = eliminate(part, n);
            inverse.iter().map(|x| x * determinant).collect()
        }
        _ => panic!("no value"),
    }
}

/// Inverse and determinant by elimination with pivots.
fn eliminate(part: &[f64], n: usize) -> (Vec<f64>, f64) {
    let mut a: Vec<Vec<f64>> = (0..n)
        .map(|i| {
            let unit = (0..n).map(|j| f64::from(u8::from(i == j)));
            part[i * n..(i + 1) * n].iter().copied().chain(unit).collect()
        })
        .collect();
    let mut determinant = 1.0;
    for column in 0..n {
        let pivot =
            (column..n).max_by(|x, y| a[*x][column].abs().total_cmp(&a[*y][column].abs())).unwrap();
        if pivot != column {
            a.swap(pivot, column);
            determinant = -determinant;
        }
        let p = a[column][column];
        determinant *= p;
        for x in &mut a[column] {
            *x /= p;
        }
        for row in 0..n {
            if row != column {
                let f = a[row][column];
                let base = a[column].clone();
                for (x, b) in a[row].iter_mut().zip(base) {
                    *x -= f * b;
                }
            }
        }
    }
    (a.iter().flat_map(|row| row[n..].to_vec()).collect(), determinant)
}

pub fn assert_close(a: &Tensor, b: &Tensor, what: &str) {
    assert_eq!(a.shape, b.shape, "{what}");
    let scale = a.data.iter().chain(&b.data).fold(1.0f64, |m, x| m.max(x.abs()));
    for (x, y) in a.data.iter().zip(&b.data) {
        assert!((x - y).abs() <= 1e-8 * scale, "{what}: {x} against {y}");
    }
}

/// The sign of a permutation of three places, zero where two are equal.
fn permutation(index: &[usize]) -> f64 {
    match index {
        [0, 1, 2] | [1, 2, 0] | [2, 0, 1] => 1.0,
        [2, 1, 0] | [1, 0, 2] | [0, 2, 1] => -1.0,
        _ => 0.0,
    }
}
