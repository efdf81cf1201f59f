//! The value of a network, label by label.

use gradus_functions::{ArrayFunction, Numeric, book};
use gradus_tensor::{
    Arena, Axis, Constant, DimensionId, Dimensions, FunctionRef, Label, Node, NodeId, Role, Scaled,
    Vocabulary,
};

use crate::array::{Array, inverse};

/// Sizes of dimension names in order.
pub const SIZES: [u64; 6] = [2, 3, 4, 5, 2, 3];

pub fn size(dimensions: &Dimensions, id: DimensionId) -> usize {
    usize::try_from(dimensions.evaluate(id, &SIZES).unwrap()).unwrap()
}

/// The entries of a variable: positive, so that powers and roots exist.
pub fn variable(name: &str, symmetric: bool, i: usize, j: usize) -> f64 {
    let (i, j) = if symmetric { (i.min(j), i.max(j)) } else { (i, j) };
    let mut state = 0x9E37_79B9_u64;
    for byte in name.bytes().chain([i as u8, j as u8]) {
        state = (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
        state ^= state >> 23;
    }
    0.4 + (state % 1000) as f64 / 1000.0 + if i == j { 0.7 } else { 0.0 }
}

/// The value of a network; not finite if some value on the way is not, or is so large that rounding
/// would show.
pub fn value(arena: &Arena, value: &Scaled) -> Array {
    let last = value.node.0 as usize;
    let mut values: Vec<Array> = Vec::with_capacity(last + 1);
    for at in 0..=last {
        let id = NodeId(u32::try_from(at).unwrap());
        let array = node(arena, id, &values);
        values.push(array);
    }
    let factor = value.coefficient.to_f64();
    if values.iter().any(|array| !array.is_finite() || array.largest() > 1e6) {
        return values[last].map(|_| f64::NAN);
    }
    values[last].map(|entry| factor * entry)
}

fn sizes(arena: &Arena, axes: &[Axis]) -> Vec<usize> {
    axes.iter().map(|axis| size(&arena.dimensions, axis.dimension)).collect()
}

fn node(arena: &Arena, id: NodeId, values: &[Array]) -> Array {
    let own = sizes(arena, arena.axes(id));
    match arena.node(id) {
        Node::Symbol(symbol) => {
            let symbol = arena.symbol(*symbol);
            let symmetric = arena.facts(id).symmetric;
            Array::of(&own, |place| {
                let at = |axis: usize| place.get(axis).copied().unwrap_or(0);
                variable(&symbol.name, symmetric, at(0), at(1))
            })
        }
        Node::Constant(constant) => Array::of(&own, |place| entry(arena, *constant, place)),
        Node::Sum(sum) => Array::of(&own, |place| {
            sum.terms
                .iter()
                .map(|(factor, term)| factor.to_f64() * values[term.0 as usize].at(place))
                .sum()
        }),
        Node::Contraction(contraction) => {
            let dimensions = sizes(arena, &contraction.axes);
            let mut total = Array::of(&own, |_| 0.0);
            Array::of(&dimensions, |place| {
                let mut product = 1.0;
                for operand in &contraction.operands {
                    let inner: Vec<usize> =
                        operand.labels.iter().map(|label| place[usize::from(*label)]).collect();
                    let base = values[operand.node.0 as usize].at(&inner);
                    product *= base.powf(operand.exponent.to_f64());
                }
                let outer: Vec<usize> =
                    contraction.output.iter().map(|label| place[usize::from(*label)]).collect();
                let index = outer.iter().zip(&own).fold(0, |index, (at, size)| index * size + at);
                total.entries[index] += product;
                0.0
            });
            total
        }
        Node::Apply(apply) => {
            let arguments: Vec<&Array> =
                apply.arguments.iter().map(|argument| &values[argument.node.0 as usize]).collect();
            let FunctionRef::Book(function) = apply.function else { panic!("a free function") };
            let facts = book().facts(function);
            if facts.output_core > 0 || facts.cores.iter().any(|core| *core > 0) {
                return whole(function, arguments[0], &own);
            }
            let place_of = |labels: &[Label], place: &[usize]| -> Vec<usize> {
                labels
                    .iter()
                    .map(|label| {
                        let axis = apply.output.iter().position(|other| other == label).unwrap();
                        place[axis]
                    })
                    .collect()
            };
            let off_diagonal = |place: &[usize]| {
                apply.output.iter().enumerate().any(|(at, label)| {
                    let first = apply.output.iter().position(|other| other == label).unwrap();
                    place[first] != place[at]
                })
            };
            Array::of(&own, |place| {
                if off_diagonal(place) {
                    return 0.0;
                }
                let inner: Vec<f64> = apply
                    .arguments
                    .iter()
                    .zip(&arguments)
                    .map(|(argument, value)| value.at(&place_of(&argument.labels, place)))
                    .collect();
                elementwise(function, &inner)
            })
        }
    }
}

fn entry(arena: &Arena, constant: Constant, place: &[usize]) -> f64 {
    let hit = match constant {
        Constant::Fusion { rows, .. } => {
            place[0] == place[1] + size(&arena.dimensions, rows) * place[2]
        }
        Constant::Selection { offset, .. } => {
            place[0] == size(&arena.dimensions, offset) + place.get(1).copied().unwrap_or(0)
        }
        Constant::Packing { size: n, symmetric } => {
            let (i, j) = (place[1].max(place[2]), place[1].min(place[2]));
            let n = size(&arena.dimensions, n);
            let kept = symmetric || place[1] >= place[2];
            kept && place[0] == i + n * j - j * (j + 1) / 2
        }
        Constant::Triangle { lower: true, .. } => place[0] >= place[1],
        Constant::Triangle { lower: false, .. } => place[0] <= place[1],
        Constant::Permutation => {
            return match place {
                [0, 1, 2] | [1, 2, 0] | [2, 0, 1] => 1.0,
                [2, 1, 0] | [1, 0, 2] | [0, 2, 1] => -1.0,
                _ => 0.0,
            };
        }
        Constant::Pi => return std::f64::consts::PI,
        Constant::Infinity => return f64::INFINITY,
        Constant::ImaginaryUnit => panic!("no real value"),
    };
    f64::from(u8::from(hit))
}

pub fn elementwise(function: gradus_tensor::FunctionId, arguments: &[f64]) -> f64 {
    if book().facts(function).role == Some(Role::Power) {
        return arguments[0].powf(arguments[1]);
    }
    match book().get(function).numeric {
        Numeric::Elementwise(value) => value(arguments[0]),
        Numeric::Elementwise2(value) => value(arguments[0], arguments[1]),
        _ => panic!("no value of {}", book().get(function).name),
    }
}

pub fn whole(function: gradus_tensor::FunctionId, argument: &Array, sizes: &[usize]) -> Array {
    let Numeric::Array(kind) = book().get(function).numeric else { panic!("no array function") };
    match kind {
        ArrayFunction::Inverse => inverse(argument),
        ArrayFunction::Softmax => {
            let total: f64 = argument.entries.iter().map(|entry| entry.exp()).sum();
            argument.map(|entry| entry.exp() / total)
        }
        ArrayFunction::LogSumExp => {
            let total: f64 = argument.entries.iter().map(|entry| entry.exp()).sum();
            Array { sizes: sizes.to_vec(), entries: vec![total.ln()] }
        }
        _ => panic!("no value of {}", book().get(function).name),
    }
}
