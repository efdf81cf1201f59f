//! Minima on random data against `scipy.optimize`.
//!
//! Must not know how a minimum is searched.

use std::fs;

use gradus::{Array, Ended, Given, Method, Request, Search, minimization};
use serde_json::{Map, Value, json};

use crate::{folder, run};

/// A function by its name in `minimize.py`, its declarations, its variables, and the shapes of its data;
/// a number in the place of a shape is the value itself.
struct Problem {
    name: &'static str,
    program: &'static str,
    kinds: &'static [&'static str],
    variables: &'static [&'static str],
    data: &'static [(&'static str, Data)],
    sizes: &'static [(&'static str, u64)],
}

enum Data {
    Shape(&'static [usize]),
    Number(f64),
    /// The grid of the Gaussian process.
    Distances,
    /// A random one-hot row for each sample.
    Labels(usize, usize),
    /// Random signs.
    Signs(usize),
}

use Data::{Distances, Labels, Number, Shape, Signs};

const X: (&str, Data) = ("X", Shape(&[60, 4]));
const Y: (&str, Data) = ("y", Shape(&[60]));

const PLAIN: Problem = Problem {
    name: "least squares",
    program: "norm2(X*w - y)^2",
    kinds: &[],
    variables: &["w"],
    data: &[X, Y],
    sizes: &[],
};

const PROBLEMS: &[Problem] = &[
    PLAIN,
    Problem {
        name: "ridge",
        program: "norm2(X*w - y)^2 + c*norm2(w)^2",
        data: &[X, Y, ("c", Number(0.7))],
        ..PLAIN
    },
    Problem {
        name: "logistic",
        program: "sum(log(1 + exp(-y.*(X*w)))) + c*norm2(w)^2",
        data: &[X, ("y", Signs(60)), ("c", Number(0.1))],
        ..PLAIN
    },
    Problem { name: "poisson", program: "sum(exp(X*w) - y.*(X*w))", ..PLAIN },
    Problem { name: "pseudo Huber", program: "sum(sqrt(1 + (X*w - y).^2))", ..PLAIN },
    Problem { name: "log cosh", program: "sum(log(cosh(X*w - y)))", ..PLAIN },
    Problem {
        name: "multivariate regression",
        program: "normF(X*W - Y)^2",
        variables: &["W"],
        data: &[X, ("Y", Shape(&[60, 3]))],
        ..PLAIN
    },
    Problem {
        name: "softmax regression",
        program: "x: vector(n)[N]; y: vector(m)[N]; \
                  sum[i](logsumexp(W'*x[i]) - y[i]'*W'*x[i]) + c*normF(W)^2",
        variables: &["W"],
        data: &[("x", Shape(&[60, 4])), ("y", Labels(60, 3)), ("c", Number(0.5))],
        ..PLAIN
    },
    Problem {
        name: "factorisation",
        program: "normF(T - U*V')^2",
        variables: &["U", "V"],
        data: &[("T", Shape(&[8, 6]))],
        sizes: &[("k", 2)],
        ..PLAIN
    },
    Problem {
        name: "rosenbrock",
        program: "(1-a)^2 + 100*(b-a^2)^2",
        variables: &["a", "b"],
        data: &[],
        ..PLAIN
    },
    Problem {
        name: "gaussian process",
        program: "K = exp(a)*exp(-exp(b)*D) + exp(c)*eye; logdet(K) + y'*inv(K)*y",
        kinds: &["D: symmetric(n)", "y: vector(n)", "a, b, c: scalar"],
        variables: &["a", "b", "c"],
        data: &[("D", Distances), ("y", Shape(&[12]))],
        ..PLAIN
    },
    Problem {
        name: "covariance",
        program: "logdet(P) + tr(S*inv(P))",
        kinds: &["P: spd(n)", "S: spd(n)"],
        variables: &["P"],
        data: &[("S", Shape(&[3, 3]))],
        ..PLAIN
    },
    Problem {
        name: "precision",
        program: "tr(S*P) - logdet(P)",
        kinds: &["P: spd(n)", "S: spd(n)"],
        variables: &["P"],
        data: &[("S", Shape(&[3, 3]))],
        ..PLAIN
    },
    Problem {
        name: "portfolio",
        program: "w'*S*w - m'*w",
        kinds: &["S: spd(n)", "m: vector(n)"],
        data: &[("S", Shape(&[5, 5])), ("m", Shape(&[5]))],
        ..PLAIN
    },
    Problem {
        name: "weights",
        program: "sum(p.*log(p)) + c'*p",
        kinds: &["p: simplex(n)", "c: vector(n)"],
        variables: &["p"],
        data: &[("c", Shape(&[5]))],
        ..PLAIN
    },
    Problem {
        name: "centre",
        program: "x: vector(d)[N]; sum[i](sqrt(1 + norm2(x[i] - c)^2))",
        kinds: &["c: vector(d)"],
        variables: &["c"],
        data: &[("x", Shape(&[40, 3]))],
        ..PLAIN
    },
];

#[test]
fn minima_are_not_above_those_of_scipy() {
    let folder = folder("minima");
    let mut paths = Vec::new();
    for method in [Method::Lbfgs, Method::NewtonCg] {
        let entries: Vec<Value> = PROBLEMS.iter().map(|problem| entry(problem, method)).collect();
        let path = folder.join(format!("{method:?}.json"));
        fs::write(&path, Value::from(entries).to_string()).unwrap();
        paths.push(path);
    }
    run("minimize.py", &paths);
}

fn entry(problem: &Problem, method: Method) -> Value {
    let mut request = Request::new(problem.program);
    request.declarations = problem.kinds.iter().map(|kind| (*kind).to_owned()).collect();
    request.variables = problem.variables.iter().map(|name| (*name).to_owned()).collect();
    let fail = |failure: gradus::Failure| -> ! { panic!("{}: {failure}", problem.name) };
    let function = minimization(&request, false).unwrap_or_else(|failure| fail(failure));
    let data: Vec<(String, Given)> =
        problem.data.iter().map(|(name, data)| ((*name).to_owned(), given(name, data))).collect();
    let sizes = problem.sizes.iter().map(|(name, size)| ((*name).to_owned(), *size)).collect();
    let search = Search { data: data.clone(), sizes, method, ..Search::default() };
    let found = function.run(&search, &mut |_| {}).unwrap_or_else(|failure| fail(failure));
    let Ended::Found(found) = found else { panic!("{}: unbounded", problem.name) };
    let values: Map<String, Value> =
        found.values().iter().map(|(name, array)| (name.clone(), value(array))).collect();
    let mut told: Map<String, Value> = data
        .iter()
        .map(|(name, given)| {
            let Given::Array { shape, entries, .. } = given else { panic!("{name}") };
            (name.clone(), json!({ "shape": shape, "entries": entries }))
        })
        .collect();
    // There samples are the rows of matrices.
    if problem.name == "softmax regression" {
        for (family, matrix) in [("x", "X"), ("y", "Y")] {
            let own = told.remove(family).unwrap();
            told.insert(matrix.to_owned(), own);
        }
    }
    json!({ "name": problem.name, "data": told, "value": found.value(), "values": values })
}

fn value(array: &Array) -> Value {
    let sides = [array.rows, array.columns];
    let shape: Vec<usize> =
        array.family.iter().copied().chain(sides.into_iter().filter(|size| *size != 1)).collect();
    json!({ "shape": shape, "entries": array.entries })
}

/// Numbers that look random, the same in every run.
fn numbers(name: &str, count: usize) -> Vec<f64> {
    let mut state = name.bytes().fold(7_u64, |hash, byte| hash * 31 + u64::from(byte));
    let mut next = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    (0..count).map(|_| (0..6).map(|_| next()).sum::<f64>() - 3.0).collect()
}

fn given(name: &str, data: &Data) -> Given {
    let (shape, entries) = match data {
        Number(value) => (vec![], vec![*value]),
        // A product with its transpose is positive definite.
        Shape([rows, columns]) if name == "S" => {
            let root = numbers(name, rows * columns);
            let entry = |at: usize| {
                let (row, column) = (at / columns, at % columns);
                let product: f64 = (0..*rows)
                    .map(|it| root[it * columns + row] * root[it * columns + column])
                    .sum();
                product + if row == column { 0.5 } else { 0.0 }
            };
            (vec![*rows, *columns], (0..rows * columns).map(entry).collect())
        }
        Shape(shape) => (shape.to_vec(), numbers(name, shape.iter().product())),
        Distances => {
            let grid = |at: usize| at as f64 / 11.0;
            let entry = |at: usize| (grid(at / 12) - grid(at % 12)).powi(2);
            (vec![12, 12], (0..144).map(entry).collect())
        }
        Labels(samples, classes) => {
            let mut entries = vec![0.0; samples * classes];
            for (at, number) in numbers(name, *samples).iter().enumerate() {
                let class = ((number.abs() * 1e6) as usize) % classes;
                entries[at * classes + class] = 1.0;
            }
            (vec![*samples, *classes], entries)
        }
        Signs(count) => {
            (vec![*count], numbers(name, *count).iter().map(|it| it.signum()).collect())
        }
    };
    Given::Array { shape, entries, from: name.to_owned() }
}
