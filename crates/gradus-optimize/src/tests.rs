//! Known minima, functions without one, and curvature.
#![allow(clippy::unwrap_used)]

use std::convert::Infallible;

use crate::{Method, Objective, Outcome, Settings, curvature, minimize};

/// Rosenbrock's function in any number of variables.
struct Rosenbrock;

impl Objective for Rosenbrock {
    type Error = Infallible;

    fn value_and_gradient(&mut self, x: &[f64]) -> Result<(f64, Vec<f64>), Infallible> {
        let (mut value, mut gradient) = (0.0, vec![0.0; x.len()]);
        for at in 0..x.len() - 1 {
            let (rise, rest) = (x[at + 1] - x[at] * x[at], 1.0 - x[at]);
            value += 100.0 * rise * rise + rest * rest;
            gradient[at] += -400.0 * x[at] * rise - 2.0 * rest;
            gradient[at + 1] += 200.0 * rise;
        }
        Ok((value, gradient))
    }

    fn hessian_times(&mut self, x: &[f64], v: &[f64]) -> Result<Vec<f64>, Infallible> {
        let mut product = vec![0.0; x.len()];
        for at in 0..x.len() - 1 {
            let own = 1200.0 * x[at] * x[at] - 400.0 * x[at + 1] + 2.0;
            product[at] += own * v[at] - 400.0 * x[at] * v[at + 1];
            product[at + 1] += -400.0 * x[at] * v[at] + 200.0 * v[at + 1];
        }
        Ok(product)
    }
}

/// `−x'x`, and `-log x + x` with a bounded domain.
struct Scalar(fn(f64) -> [f64; 3]);

impl Objective for Scalar {
    type Error = Infallible;

    fn value_and_gradient(&mut self, x: &[f64]) -> Result<(f64, Vec<f64>), Infallible> {
        let [value, slope, _] = (self.0)(x[0]);
        Ok((value, vec![slope]))
    }

    fn hessian_times(&mut self, x: &[f64], v: &[f64]) -> Result<Vec<f64>, Infallible> {
        Ok(vec![(self.0)(x[0])[2] * v[0]])
    }
}

fn settings(method: Method) -> Settings {
    Settings { method, ..Settings::default() }
}

#[test]
fn both_methods_find_the_minimum_of_rosenbrock() {
    for method in [Method::Lbfgs, Method::NewtonCg] {
        let found = minimize(&mut Rosenbrock, &[-1.2; 10], &settings(method), &mut |_| {}).unwrap();
        assert_eq!(found.outcome, Outcome::Stationary, "{method:?}");
        // From here there is a second minimum near (−1, 1, …).
        let near = found.at.iter().skip(1).all(|entry| (entry - 1.0).abs() < 1e-5);
        assert!(near, "{method:?} {found:?}");
    }
}

#[test]
fn a_function_without_a_minimum_diverges() {
    for method in [Method::Lbfgs, Method::NewtonCg] {
        let mut cap = Scalar(|x| [-x * x, -2.0 * x, -2.0]);
        let found = minimize(&mut cap, &[1.0], &settings(method), &mut |_| {}).unwrap();
        assert_eq!(found.outcome, Outcome::Diverging, "{method:?}");
    }
}

#[test]
fn steps_stay_in_the_domain() {
    for method in [Method::Lbfgs, Method::NewtonCg] {
        let mut barrier = Scalar(|x| [x - x.ln(), 1.0 - 1.0 / x, 1.0 / (x * x)]);
        let found = minimize(&mut barrier, &[100.0], &settings(method), &mut |_| {}).unwrap();
        assert_eq!(found.outcome, Outcome::Stationary, "{method:?}");
        assert!((found.at[0] - 1.0).abs() < 1e-6, "{method:?} {found:?}");
        let found = minimize(&mut barrier, &[-1.0], &settings(method), &mut |_| {}).unwrap();
        assert_eq!(found.outcome, Outcome::NoStart);
    }
}

#[test]
fn curvature_has_the_extreme_eigenvalues() {
    struct Diagonal;
    impl Objective for Diagonal {
        type Error = Infallible;
        fn value_and_gradient(&mut self, _: &[f64]) -> Result<(f64, Vec<f64>), Infallible> {
            Ok((0.0, vec![0.0; 4]))
        }
        fn hessian_times(&mut self, _: &[f64], v: &[f64]) -> Result<Vec<f64>, Infallible> {
            Ok(v.iter().zip([-3.0, 1.0, 2.0, 7.0]).map(|(v, d)| v * d).collect())
        }
    }
    let found = curvature(&mut Diagonal, &[0.0; 4], &[1.0, 2.0, -1.0, 0.5]).unwrap();
    assert!((found.least + 3.0).abs() < 1e-9 && (found.greatest - 7.0).abs() < 1e-9, "{found:?}");
}
