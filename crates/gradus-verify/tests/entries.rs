//! Every function of the rule book: its differential against its value, its definitions against its
//! value, and the edges of its domain.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use gradus_elaborate::{Fragment, rule_book};
use gradus_functions::{
    ArgumentPattern, Exact, Function, Meaning, Numeric, ShapePattern, ShapeSignature, Signature,
    book,
};
use gradus_tensor::{FunctionId, Parity};
use gradus_verify::{
    Array, Claim, Claims, Convention, Expression, Form, Settings, check_derivative, check_equal,
    evaluate,
};

const POINTS: [f64; 14] =
    [-30.0, -2.6, -1.3, -0.81, -0.47, -0.13, -0.02, 0.02, 0.13, 0.47, 0.81, 1.3, 2.6, 30.0];

fn scalar(value: f64) -> Array {
    Array { family: Vec::new(), rows: 1, columns: 1, entries: vec![value] }
}

/// The value of a text of the book at numbers.
fn at(fragment: &Fragment, arguments: &[f64], differentials: &[f64]) -> Result<f64, String> {
    let name = |id: &gradus_elaborate::typed::VariableId| fragment.tree.variable(*id).name.as_str();
    let names = fragment.parameters.iter().chain(&fragment.differentials).map(name);
    let values: Vec<Array> =
        arguments.iter().chain(differentials).map(|value| scalar(*value)).collect();
    let given: Vec<(&str, &Array)> = names.zip(&values).collect();
    let expression = Expression { tree: &fragment.tree, root: fragment.result };
    evaluate(expression, &given, &Settings::default()).map(|value| value.entries[0])
}

fn value(function: &Function, arguments: &[f64]) -> f64 {
    match (function.numeric, arguments) {
        (Numeric::Elementwise(value), [x]) => value(*x),
        (Numeric::Elementwise2(value), [x, y]) => value(*x, *y),
        _ => panic!("{} has no value", function.name),
    }
}

/// The slope by Richardson's extrapolation of central differences, with an estimate of its error.
fn slope(function: &Function, arguments: &[f64], by: usize) -> Option<(f64, f64)> {
    let difference = |step: f64| {
        let moved = |step: f64| {
            let mut arguments = arguments.to_vec();
            arguments[by] += step;
            value(function, &arguments)
        };
        (moved(step) - moved(-step)) / (2.0 * step)
    };
    let step = 2e-3 * arguments[by].abs().max(0.1);
    let (wide, narrow) = (difference(step), difference(step / 2.0));
    let extrapolated = (4.0 * narrow - wide) / 3.0;
    extrapolated.is_finite().then_some((extrapolated, (narrow - wide).abs()))
}

fn elementwise() -> impl Iterator<Item = (FunctionId, &'static Function)> {
    let has_value = |function: &Function| {
        matches!(function.numeric, Numeric::Elementwise(_) | Numeric::Elementwise2(_))
    };
    book().iter().filter(move |(_, function)| has_value(function))
}

fn arguments(function: &Function) -> Vec<Vec<f64>> {
    match function.numeric {
        Numeric::Elementwise2(_) => {
            let pairs = POINTS.iter().flat_map(|x| POINTS.iter().map(|y| vec![*x, *y]));
            pairs
                .filter(|pair| pair[0] != pair[1] && pair[0].abs() < 20.0 && pair[1].abs() < 20.0)
                .collect()
        }
        _ => POINTS.iter().map(|x| vec![*x]).collect(),
    }
}

#[test]
fn every_elementwise_differential_is_the_slope_of_the_value() {
    let mut functions = 0;
    for (id, function) in elementwise() {
        let fragment = rule_book()
            .differential(id, 0)
            .unwrap_or_else(|error| panic!("{}: {error}", function.name));
        let mut compared = 0;
        for arguments in arguments(function) {
            for by in 0..arguments.len() {
                let Some((expected, error)) = slope(function, &arguments, by) else { continue };
                let mut direction = vec![0.0; arguments.len()];
                direction[by] = 1.0;
                let found = at(fragment, &arguments, &direction)
                    .unwrap_or_else(|error| panic!("{} at {arguments:?}: {error}", function.name));
                let tolerance = 1e-6 * expected.abs().max(1e-3) + 0.1 * error;
                assert!(
                    (found - expected).abs() <= tolerance,
                    "{} at {arguments:?} by {by}: {found}, not {expected}",
                    function.name
                );
                compared += 1;
            }
        }
        assert!(compared >= 2, "{} has only {compared} points", function.name);
        functions += 1;
    }
    assert!(functions >= 30, "{functions}");
}

#[test]
fn every_elementwise_definition_has_the_value() {
    for (id, function) in elementwise() {
        let exact = matches!(function.exact, Exact::Expansion(_)).then(|| rule_book().exact(id, 0));
        let meaning =
            matches!(function.meaning, Meaning::Expansion(_)).then(|| rule_book().expansion(id, 0));
        for fragment in exact.into_iter().chain(meaning) {
            let fragment = fragment.unwrap_or_else(|error| panic!("{}: {error}", function.name));
            for arguments in arguments(function) {
                let expected = value(function, &arguments);
                let Ok(found) = at(fragment, &arguments, &[]) else { continue };
                let same = expected.is_nan() && found.is_nan() || expected == found;
                let scale = expected.abs().max(1e-9).max(arguments[0].abs() * 1e-6);
                assert!(
                    same || (found - expected).abs() <= 1e-8 * scale,
                    "{} at {arguments:?}: {found}, not {expected}",
                    function.name
                );
            }
        }
    }
}

#[test]
fn parity_and_sign_are_as_stated() {
    for (_, function) in elementwise() {
        for x in POINTS {
            let Numeric::Elementwise(value) = function.numeric else { continue };
            let (here, there) = (value(x), value(-x));
            match function.facts.parity {
                Parity::Even => assert_eq!(here, there, "{} at {x}", function.name),
                Parity::Odd => assert!(
                    here == -there || here.is_nan() && there.is_nan(),
                    "{} at {x}",
                    function.name
                ),
                Parity::None => {}
            }
            assert!(
                !function.facts.positive || here > 0.0 || here.is_nan(),
                "{} at {x}",
                function.name
            );
            assert!(
                !function.facts.nonnegative || here >= 0.0 || here.is_nan(),
                "{} at {x}",
                function.name
            );
        }
    }
}

#[test]
fn edges_of_domains() {
    for (name, outside, edge) in [
        ("log", -1.0, (0.0, f64::NEG_INFINITY)),
        ("log1p", -2.0, (-1.0, f64::NEG_INFINITY)),
        ("log2", -1.0, (0.0, f64::NEG_INFINITY)),
        ("log10", -1.0, (0.0, f64::NEG_INFINITY)),
        ("sqrt", -1.0, (0.0, 0.0)),
        ("asin", 1.5, (1.0, std::f64::consts::FRAC_PI_2)),
        ("acos", -1.5, (1.0, 0.0)),
        ("acosh", 0.5, (1.0, 0.0)),
        ("atanh", 1.5, (1.0, f64::INFINITY)),
    ] {
        let function = book().get(book().lookup(name).unwrap());
        assert!(value(function, &[outside]).is_nan(), "{name} at {outside}");
        assert_eq!(value(function, &[edge.0]), edge.1, "{name} at {}", edge.0);
        assert!(!function.condition.is_empty(), "{name} states no condition");
    }
    for (name, at, expected) in [
        ("abs", 0.0, 0.0),
        ("sign", 0.0, 0.0),
        ("relu", 0.0, 0.0),
        ("step", 0.0, 0.0),
        ("cbrt", -8.0, -2.0),
    ] {
        assert_eq!(
            value(book().get(book().lookup(name).unwrap()), &[at]),
            expected,
            "{name} at {at}"
        );
    }
}

/// The declarations and the call of a signature.
fn call(function: &Function, signature: &ShapeSignature) -> (String, String, Vec<&'static str>) {
    let size = |pattern: &gradus_functions::SizePattern| match (
        pattern.as_letter(),
        pattern.as_number(),
    ) {
        (Some(letter), _) => signature.letters[letter.0 as usize].to_string(),
        (None, Some(number)) => number.to_i64().unwrap().to_string(),
        (None, None) => {
            let letters = pattern
                .letters()
                .iter()
                .map(|letter| signature.letters[letter.0 as usize].to_string())
                .collect::<Vec<_>>();
            letters.join("*")
        }
    };
    let kind =
        |shape: &ShapePattern| format!("matrix({},{})", size(&shape.rows), size(&shape.columns));
    let (mut lets, mut arguments, mut arrays) = (Vec::new(), Vec::new(), Vec::new());
    for (name, argument) in function.parameters.iter().zip(&signature.arguments) {
        match argument {
            ArgumentPattern::Array(shape) => {
                lets.push(format!("{name}: {}", kind(shape)));
                arguments.push((*name).to_owned());
                arrays.push(*name);
            }
            ArgumentPattern::Size(letter) => {
                arguments.push(signature.letters[letter.0 as usize].to_string())
            }
        }
    }
    (lets.join("; "), format!("{}({})", function.name, arguments.join(", ")), arrays)
}

#[test]
fn every_array_function_agrees_with_its_texts() {
    let (mut definitions, mut differentials) = (0, 0);
    for (id, function) in book().iter().filter(|(_, function)| !function.is_operator()) {
        for (position, signature) in book().signatures(id).iter().enumerate() {
            let Signature::Shapes(signature) = signature else { continue };
            let (lets, text, arrays) = call(function, signature);
            let program = common::read(&lets, &[&text], false).unwrap();
            let own = Expression { tree: &program.tree, root: program.results[0] };
            let exact = matches!(function.exact, Exact::Expansion(_))
                .then(|| rule_book().exact(id, position));
            let meaning = matches!(function.meaning, Meaning::Expansion(_))
                .then(|| rule_book().expansion(id, position));
            for fragment in exact.into_iter().chain(meaning) {
                let fragment = fragment.unwrap_or_else(|error| panic!("{text}: {error}"));
                let other = Expression { tree: &fragment.tree, root: fragment.result };
                let verdict = check_equal(&[own, other], &Settings::default());
                assert!(verdict.is_verified(), "the definition of {text}: {verdict}");
                definitions += 1;
            }
            if function.differential.is_empty() {
                continue;
            }
            let fragment = rule_book()
                .differential(id, position)
                .unwrap_or_else(|error| panic!("{text}: {error}"));
            let claim = Claim {
                parts: Vec::new(),
                wrt: arrays.iter().map(|name| (*name).to_owned()).collect(),
                root: fragment.result,
            };
            let claims = Claims {
                convention: Convention::Projected,
                function: own,
                tree: &fragment.tree,
                claims: &[claim],
                form: Form::Differential,
                stacking: gradus_verify::Stacking::Columns,
                order: 1,
            };
            let verdict = check_derivative(&claims, &Settings::default());
            assert!(verdict.is_verified(), "the differential of {text}: {verdict}");
            differentials += 1;
        }
    }
    assert!(definitions >= 10 && differentials >= 12, "{definitions} {differentials}");
}

#[test]
fn every_adjoint_is_the_adjoint() {
    let mut adjoints = 0;
    for (id, function) in book().iter().filter(|(_, function)| !function.adjoint.is_empty()) {
        for signature in book().signatures(id) {
            let Signature::Shapes(signature) = signature else { continue };
            let (lets, text, arrays) = call(function, signature);
            let linear = arrays[usize::from(function.facts.linear_in.unwrap())];
            let lets = format!("{lets}; U: matrix(m,n)").replace(
                "matrix(m,n)",
                if signature.letters.contains(&'m') { "matrix(m,n)" } else { "matrix(n,n)" },
            );
            let sides = [format!("sum(U.*{text})"), format!("sum({linear}.*{})", function.adjoint)];
            let program = common::read(&lets, &[&sides[0], &sides[1]], false).unwrap();
            let side = |at: usize| Expression { tree: &program.tree, root: program.results[at] };
            let verdict = check_equal(&[side(0), side(1)], &Settings::default());
            assert!(verdict.is_verified(), "the adjoint of {text}: {verdict}");
            adjoints += 1;
        }
    }
    assert!(adjoints >= 5, "{adjoints}");
}

fn matrix(rows: usize, columns: usize, entry: impl Fn(usize, usize) -> f64) -> Array {
    let places = (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column)));
    let entries = places.map(|(row, column)| entry(row, column)).collect();
    Array { family: Vec::new(), rows, columns, entries }
}

/// A matrix with real, simple, positive eigenvalues and a positive definite symmetric part.
fn regular(seed: usize, rows: usize, columns: usize) -> Array {
    matrix(rows, columns, |row, column| {
        let noise = ((seed * 31 + row * row * 7 + column * 5 + row * column * 3) % 13) as f64;
        let diagonal = if row == column { 2.0 + 0.9 * row as f64 } else { 0.0 };
        diagonal + 0.01 * noise - 0.05
    })
}

fn direction(seed: usize, rows: usize, columns: usize) -> Array {
    matrix(rows, columns, |row, column| {
        ((seed * 17 + row * 11 + column * column * 3 + row * column) % 7) as f64 * 0.2 - 0.6
    })
}

fn moved(array: &Array, by: &Array, step: f64) -> Array {
    let entries = array.entries.iter().zip(&by.entries).map(|(x, d)| x + step * d).collect();
    Array { entries, ..array.clone() }
}

/// The functions whose value is an algorithm on whole arrays, at one size for each letter.
fn at_sizes(
    sizes: &[(char, usize)],
    mut check: impl FnMut(FunctionId, usize, &'static Function, &str, &str, &[&str], &[(usize, usize)]),
) {
    for (id, function) in book().iter().filter(|(_, function)| !function.is_operator()) {
        let Numeric::Array(_) = function.numeric else { continue };
        for (position, signature) in book().signatures(id).iter().enumerate() {
            let Signature::Shapes(signature) = signature else { continue };
            let (lets, text, arrays) = call(function, signature);
            let size = |pattern: &gradus_functions::SizePattern| match pattern.as_letter() {
                Some(letter) => {
                    let letter = signature.letters[letter.0 as usize];
                    sizes.iter().find(|(known, _)| *known == letter).unwrap().1
                }
                None => 1,
            };
            let shapes: Vec<(usize, usize)> = signature
                .arguments
                .iter()
                .map(|argument| match argument {
                    ArgumentPattern::Array(shape) => (size(&shape.rows), size(&shape.columns)),
                    ArgumentPattern::Size(_) => panic!("{text}"),
                })
                .collect();
            check(id, position, function, &lets, &text, &arrays, &shapes);
        }
    }
}

#[test]
fn every_differential_of_an_array_function_is_the_slope_of_the_value() {
    let mut checked = 0;
    for sizes in [[('m', 4), ('n', 3)], [('m', 3), ('n', 4)]] {
        at_sizes(&sizes, |id, position, function, lets, text, arrays, shapes| {
            let program = common::read(lets, &[text], false).unwrap();
            let own = Expression { tree: &program.tree, root: program.results[0] };
            let point = |at: usize| {
                let (rows, columns) = shapes[at];
                let array = regular(at, rows, columns);
                if (rows, columns) == (1, 1) { scalar(3.0) } else { array }
            };
            let points: Vec<Array> = (0..shapes.len()).map(point).collect();
            let directions: Vec<Array> = shapes
                .iter()
                .enumerate()
                .map(|(at, shape)| direction(at + 1, shape.0, shape.1))
                .collect();
            let value = |step: f64| {
                let values: Vec<Array> = points
                    .iter()
                    .zip(&directions)
                    .map(|(point, direction)| moved(point, direction, step))
                    .collect();
                let given: Vec<(&str, &Array)> = arrays.iter().copied().zip(&values).collect();
                evaluate(own, &given, &Settings::default())
                    .unwrap_or_else(|error| panic!("{text}: {error}"))
                    .entries
            };
            let fragment = rule_book().differential(id, position).unwrap();
            let names: Vec<String> = arrays.iter().map(|name| format!("d{name}")).collect();
            let names = arrays.iter().copied().chain(names.iter().map(String::as_str));
            let values = points.iter().chain(&directions);
            let given: Vec<(&str, &Array)> = names.zip(values).collect();
            let expression = Expression { tree: &fragment.tree, root: fragment.result };
            let stated = evaluate(expression, &given, &Settings::default())
                .unwrap_or_else(|error| panic!("{text}: {error}"))
                .entries;
            let h = 1e-3;
            let steps = [value(h), value(-h), value(2.0 * h), value(-2.0 * h)];
            let scale = stated.iter().fold(1.0, |scale: f64, entry| scale.max(entry.abs()));
            for (at, stated) in stated.iter().enumerate() {
                let near = steps[0][at] - steps[1][at];
                let wide = steps[2][at] - steps[3][at];
                let slope = (8.0 * near - wide) / (12.0 * h);
                let error = (slope - stated).abs();
                assert!(error <= 1e-6 * scale, "{}: {slope}, not {stated}", function.name);
            }
            checked += 1;
        });
    }
    assert!(checked >= 40, "{checked}");
}

#[test]
fn every_text_for_a_side_of_one_is_the_value() {
    let mut checked = 0;
    for (id, function) in book().iter() {
        for (signature, small) in function.small {
            let Ok(Signature::Shapes(shaped)) = gradus_functions::signature::parse(signature)
            else {
                panic!("{signature}")
            };
            let size = |pattern: &gradus_functions::SizePattern| {
                if pattern.as_letter().is_some() { 3 } else { 1 }
            };
            let arguments: Vec<Array> = shaped
                .arguments
                .iter()
                .enumerate()
                .map(|(at, argument)| match argument {
                    ArgumentPattern::Array(shape) => {
                        regular(at, size(&shape.rows), size(&shape.columns))
                    }
                    ArgumentPattern::Size(_) => panic!("{signature}"),
                })
                .collect();
            let Signature::Shapes(proper) = &book().signatures(id)[0] else {
                panic!("{signature}")
            };
            let (lets, text, arrays) = call(function, proper);
            let given: Vec<(&str, &Array)> = arrays.iter().copied().zip(&arguments).collect();
            let at = |lets: &str, text: &str| {
                let program = common::read(lets, &[text], false).unwrap();
                let own = Expression { tree: &program.tree, root: program.results[0] };
                evaluate(own, &given, &Settings::default())
                    .unwrap_or_else(|error| panic!("{text}: {error}"))
                    .entries
            };
            let (own_lets, ..) = call(function, &shaped);
            let own_lets = own_lets.replace("matrix(1,1)", "scalar");
            let (value, stated) = (at(&lets, &text), at(&own_lets, small));
            for (value, stated) in value.iter().zip(&stated) {
                assert!((value - stated).abs() <= 1e-9, "{text} as {small}: {value}, {stated}");
            }
            assert_eq!(value.len(), stated.len(), "{small}");
            checked += 1;
        }
    }
    assert!(checked >= 20, "{checked}");
}
