//! The value of a page, formula by formula.

use gradus_functions::{Numeric, book};
use gradus_notation::arena::NotationTree;
use gradus_notation::print;
use gradus_notation::tree::{Head, Notation, NotationId, Page, PowerKind, Shape};
use gradus_tensor::{Arena, Role, Vocabulary};

use crate::array::{Array, inverse};
use crate::network::{elementwise, size, variable, whole};

/// The value of the only result.
pub fn value(arena: &Arena, tree: &NotationTree, page: &Page) -> Array {
    let mut names: Vec<(String, Array)> = Vec::new();
    for symbol in arena.symbols() {
        let symmetric = symbol.structure == gradus_tensor::Structure::Symmetric;
        let sizes: Vec<usize> =
            symbol.axes.iter().map(|axis| size(&arena.dimensions, axis.dimension)).collect();
        let is_row = symbol.name.starts_with('r') && sizes.len() == 1;
        let shape = match sizes.as_slice() {
            [] => [1, 1],
            [columns] if is_row => [1, *columns],
            [rows] => [*rows, 1],
            [rows, columns] => [*rows, *columns],
            _ => panic!("a variable of higher order"),
        };
        let value = Array::of(&shape, |place| {
            let (i, j) = if is_row { (place[1], 0) } else { (place[0], place[1]) };
            variable(&symbol.name, symmetric, i, j)
        });
        names.push((symbol.name.clone(), value));
    }
    for binding in &page.bindings {
        assert!(names.iter().all(|(name, _)| *name != binding.name), "{} twice", binding.name);
        let value = formula(tree, binding.formula, &names);
        names.push((binding.name.clone(), value));
    }
    formula(tree, page.results[0], &names)
}

fn formula(tree: &NotationTree, root: NotationId, names: &[(String, Array)]) -> Array {
    let mut values: Vec<Option<Array>> = vec![None; root.0 as usize + 1];
    for id in print::parts(tree, &[root]) {
        let value = one(tree, id, names, |part| values[part.0 as usize].clone().unwrap());
        let shape = tree.shape(id);
        let sizes = [shape.rows, shape.columns].map(|id| size(&tree.dimensions, id));
        assert_eq!(value.sizes, sizes, "{}", print::source(tree, id));
        values[id.0 as usize] = Some(value);
    }
    values[root.0 as usize].clone().unwrap()
}

/// The entries of the lower triangle of a square matrix, columns stacked.
fn stacked(size: usize) -> Vec<(usize, usize)> {
    (0..size).flat_map(|column| (column..size).map(move |row| (row, column))).collect()
}

fn is_scalar(array: &Array) -> bool {
    array.sizes == [1, 1]
}

fn zip(left: &Array, right: &Array, function: impl Fn(f64, f64) -> f64) -> Array {
    if is_scalar(left) {
        return right.map(|entry| function(left.entries[0], entry));
    }
    if is_scalar(right) {
        return left.map(|entry| function(entry, right.entries[0]));
    }
    assert_eq!(left.sizes, right.sizes);
    Array::of(&left.sizes, |place| function(left.at(place), right.at(place)))
}

fn times(left: &Array, right: &Array) -> Array {
    if is_scalar(left) || is_scalar(right) {
        return zip(left, right, |left, right| left * right);
    }
    assert_eq!(left.sizes[1], right.sizes[0], "a product does not conform");
    Array::of(&[left.sizes[0], right.sizes[1]], |place| {
        (0..left.sizes[1]).map(|l| left.at(&[place[0], l]) * right.at(&[l, place[1]])).sum()
    })
}

fn transpose(array: &Array) -> Array {
    Array::of(&[array.sizes[1], array.sizes[0]], |place| array.at(&[place[1], place[0]]))
}

fn one(
    tree: &NotationTree,
    id: NotationId,
    names: &[(String, Array)],
    get: impl Fn(NotationId) -> Array,
) -> Array {
    let constant = |shape: Shape, entry: &dyn Fn(usize, usize) -> f64| {
        let sizes = [shape.rows, shape.columns].map(|id| size(&tree.dimensions, id));
        Array::of(&sizes, |place| entry(place[0], place[1]))
    };
    let shape = tree.shape(id);
    match tree.node(id) {
        Notation::Number(number) => constant(shape, &|_, _| number.to_f64()),
        Notation::Pi => constant(shape, &|_, _| std::f64::consts::PI),
        Notation::Dimension(id) => constant(shape, &|_, _| size(&tree.dimensions, *id) as f64),
        Notation::Name { text, .. } => {
            names.iter().find(|(name, _)| name == text).expect("a name without value").1.clone()
        }
        Notation::Ones => constant(shape, &|_, _| 1.0),
        Notation::Zeros => constant(shape, &|_, _| 0.0),
        Notation::Identity => constant(shape, &|i, j| f64::from(u8::from(i == j))),
        Notation::Sum(terms) => {
            let mut total = Array::of(&[1, 1], |_| 0.0);
            for (minus, term) in terms {
                let sign = if *minus { -1.0 } else { 1.0 };
                total = zip(&total, &get(*term), |total, term| total + sign * term);
            }
            total
        }
        Notation::Negate(inner) => get(*inner).map(|entry| -entry),
        Notation::Product(factors) => {
            factors.iter().map(|id| get(*id)).reduce(|left, right| times(&left, &right)).unwrap()
        }
        Notation::Fraction(above, below) => {
            let below = get(*below);
            assert!(is_scalar(&below));
            zip(&get(*above), &below, |above, below| above / below)
        }
        Notation::Hadamard(factors) => {
            factors.iter().map(|id| get(*id)).reduce(|a, b| zip(&a, &b, |a, b| a * b)).unwrap()
        }
        Notation::HadamardQuotient(above, below) => zip(&get(*above), &get(*below), |a, b| a / b),
        Notation::Power { base, exponent, kind } => {
            let (base, exponent) = (get(*base), get(*exponent));
            match kind {
                PowerKind::Matrix => {
                    let power = exponent.entries[0];
                    assert!(power >= 1.0 && power.fract() == 0.0);
                    (1..power as usize).fold(base.clone(), |product, _| times(&product, &base))
                }
                _ => zip(&base, &exponent, f64::powf),
            }
        }
        Notation::Transpose(inner) => transpose(&get(*inner)),
        Notation::Call { head, arguments, sizes } => {
            let arguments: Vec<Array> = arguments.iter().map(|id| get(*id)).collect();
            let sizes: Vec<usize> = sizes.iter().map(|id| size(&tree.dimensions, *id)).collect();
            call(head, &arguments, &sizes)
        }
        Notation::Matrix(rows) => blocks(
            &rows
                .iter()
                .map(|row| row.iter().map(|id| get(*id)).collect())
                .collect::<Vec<Vec<Array>>>(),
        ),
        Notation::Slice { base, row_offset, column_offset } => {
            let base = get(*base);
            let offsets = [row_offset, column_offset].map(|id| size(&tree.dimensions, *id));
            constant(shape, &|i, j| base.at(&[offsets[0] + i, offsets[1] + j]))
        }
        other => panic!("no value of {other:?}"),
    }
}

fn blocks(rows: &[Vec<Array>]) -> Array {
    let mut entries: Vec<Vec<f64>> = Vec::new();
    for row in rows {
        for i in 0..row[0].sizes[0] {
            let line = row.iter().flat_map(|block| {
                assert_eq!(block.sizes[0], row[0].sizes[0]);
                (0..block.sizes[1]).map(move |j| block.at(&[i, j]))
            });
            entries.push(line.collect());
        }
    }
    Array::of(&[entries.len(), entries[0].len()], |place| entries[place[0]][place[1]])
}

fn call(head: &Head, arguments: &[Array], sizes: &[usize]) -> Array {
    let scalar = |value: f64| Array { sizes: vec![1, 1], entries: vec![value] };
    match head {
        Head::DiagonalMatrix => {
            let vector = &arguments[0];
            assert_eq!(vector.sizes[1], 1);
            let n = vector.sizes[0];
            Array::of(
                &[n, n],
                |place| {
                    if place[0] == place[1] { vector.at(&[place[0], 0]) } else { 0.0 }
                },
            )
        }
        Head::DiagonalVector => {
            let matrix = &arguments[0];
            assert_eq!(matrix.sizes[0], matrix.sizes[1]);
            Array::of(&[matrix.sizes[0], 1], |place| matrix.at(&[place[0], place[0]]))
        }
        Head::Book(id) => {
            let square =
                |array: &Array| array.entries.iter().map(|entry| entry * entry).sum::<f64>();
            match book().get(*id).name {
                "tr" => scalar((0..arguments[0].sizes[0]).map(|i| arguments[0].at(&[i, i])).sum()),
                "sum" => scalar(arguments[0].entries.iter().sum()),
                "mean" => {
                    let entries = &arguments[0].entries;
                    scalar(entries.iter().sum::<f64>() / entries.len() as f64)
                }
                "norm2" | "normF" => scalar(square(&arguments[0]).sqrt()),
                "sqrt" => arguments[0].map(f64::sqrt),
                "vec" => {
                    let matrix = transpose(&arguments[0]);
                    Array { sizes: vec![matrix.entries.len(), 1], ..matrix }
                }
                "unvec" => {
                    let flipped = Array { sizes: vec![sizes[1], sizes[0]], ..arguments[0].clone() };
                    transpose(&flipped)
                }
                "kron" => {
                    let (a, b) = (&arguments[0], &arguments[1]);
                    let shape = [a.sizes[0] * b.sizes[0], a.sizes[1] * b.sizes[1]];
                    Array::of(&shape, |place| {
                        let (i, j) = (place[0], place[1]);
                        a.at(&[i / b.sizes[0], j / b.sizes[1]])
                            * b.at(&[i % b.sizes[0], j % b.sizes[1]])
                    })
                }
                "commutation" => {
                    let (m, n) = (sizes[0], sizes[1]);
                    Array::of(&[m * n, m * n], |place| {
                        let (j, i) = (place[0] % n, place[0] / n);
                        f64::from(u8::from(place[1] == i + m * j))
                    })
                }
                "khatrirao" => {
                    let (a, b) = (&arguments[0], &arguments[1]);
                    assert_eq!(a.sizes[1], b.sizes[1]);
                    Array::of(&[a.sizes[0] * b.sizes[0], a.sizes[1]], |place| {
                        let (row, column) = (place[0], place[1]);
                        a.at(&[row / b.sizes[0], column]) * b.at(&[row % b.sizes[0], column])
                    })
                }
                "blocktrace" => {
                    let (p, q) = (sizes[0], sizes[1]);
                    assert_eq!(arguments[0].sizes, [p * q, p * q]);
                    let entry = |i: usize, j: usize| arguments[0].at(&[i, j]);
                    Array::of(&[p, p], |at| {
                        (0..q).map(|k| entry(at[0] * q + k, at[1] * q + k)).sum()
                    })
                }
                "blocksum" => {
                    let (p, q) = (sizes[0], sizes[1]);
                    assert_eq!(arguments[0].sizes, [p * q, p * q]);
                    let entry = |i: usize, j: usize| arguments[0].at(&[i, j]);
                    Array::of(&[q, q], |at| {
                        (0..p).map(|k| entry(at[0] + k * q, at[1] + k * q)).sum()
                    })
                }
                "vech" => {
                    let places = stacked(arguments[0].sizes[0]);
                    Array::of(&[places.len(), 1], |at| {
                        arguments[0].at(&[places[at[0]].0, places[at[0]].1])
                    })
                }
                "elimination" | "duplication" => {
                    let (n, places) = (sizes[0], stacked(sizes[0]));
                    let duplication = book().get(*id).name == "duplication";
                    let hit = |place: usize, pair: usize| {
                        let (i, j) = (pair % n, pair / n);
                        let mirrored = duplication && places[place] == (j, i);
                        f64::from(u8::from(places[place] == (i, j) || mirrored))
                    };
                    if duplication {
                        Array::of(&[n * n, places.len()], |at| hit(at[1], at[0]))
                    } else {
                        Array::of(&[places.len(), n * n], |at| hit(at[0], at[1]))
                    }
                }
                "tril" => triangle(&arguments[0], |i, j| i >= j),
                "triu" => triangle(&arguments[0], |i, j| i <= j),
                _ => match book().get(*id).numeric {
                    Numeric::Array(_) => {
                        let shape = if book().facts(*id).role == Some(Role::LogSumExp) {
                            vec![1, 1]
                        } else {
                            arguments[0].sizes.clone()
                        };
                        whole(*id, &arguments[0], &shape)
                    }
                    _ if arguments.len() == 2 => {
                        zip(&arguments[0], &arguments[1], |a, b| elementwise(*id, &[a, b]))
                    }
                    _ => arguments[0].map(|entry| elementwise(*id, &[entry])),
                },
            }
        }
        other => panic!("no value of {other:?}"),
    }
}

fn triangle(matrix: &Array, keep: impl Fn(usize, usize) -> bool) -> Array {
    Array::of(&matrix.sizes, |place| if keep(place[0], place[1]) { matrix.at(place) } else { 0.0 })
}

#[test]
fn an_inverse_is_one() {
    let matrix = Array::of(&[3, 3], |place| variable("A", false, place[0], place[1]));
    let product = times(&matrix, &inverse(&matrix));
    assert!((product.at(&[0, 0]) - 1.0).abs() < 1e-9 && product.at(&[0, 1]).abs() < 1e-9);
}
