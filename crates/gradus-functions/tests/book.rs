//! The book as a whole: names, texts, facts, signatures.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;

use gradus_functions::{
    ArgumentPattern, Exact, Form, Function, Language, Meaning, Numeric, RESERVED, Signature,
    Structural, book, reserved, signature,
};
use gradus_tensor::{FunctionFacts, Parity, Role, Vocabulary};

fn entry(name: &str) -> &'static Function {
    let book = book();
    book.get(book.lookup(name).unwrap_or_else(|| panic!("no {name}")))
}

#[test]
fn names_and_aliases_are_unique_and_not_reserved() {
    let mut seen = BTreeSet::new();
    for (id, function) in book().iter() {
        for name in std::iter::once(&function.name).chain(function.aliases) {
            assert!(seen.insert(*name), "{name} twice");
            assert_eq!(reserved(name), None, "{name} is reserved");
            assert_eq!(book().lookup(name), Some(id));
        }
    }
    assert_eq!(book().lookup("sinn"), None);
    let callable: Vec<_> =
        seen.into_iter().filter(|name| name.is_ascii() && !name.contains('^')).collect();
    assert_eq!(book().names(), callable);
}

#[test]
fn the_promised_vocabulary_is_there() {
    let names = "exp log log1p expm1 log2 log10 sqrt cbrt abs sign sin cos tan asin acos atan sinh \
        cosh tanh asinh acosh atanh erf sigmoid softplus relu gelu step max min tr det logdet inv \
        adj vec vecr unvec diag kron commutation sum mean rowsum colsum dot outer hcat vcat tril \
        triu transpose norm norm1 norm2 normF softmax logsumexp conj real imag .^ ^ trace inverse \
        determinant vech duplication elimination blocktrace \
        blocksum khatrirao expm logm sqrtm expmfrechet logmfrechet sqrtmfrechet powmfrechet sylvester \
        pinv cholesky polar nuclear spectral singulardyad eigvals eigvecs eigmax eigprojector arcsin arccos arctan arcsinh arccosh arctanh";
    for name in names.split_whitespace() {
        entry(name);
    }
    for name in "limit int".split_whitespace() {
        assert!(reserved(name).is_some(), "{name}");
    }
    assert!(RESERVED.iter().all(|(name, _)| book().lookup(name).is_none()));
}

#[test]
fn every_entry_is_complete() {
    for (_, function) in book().iter() {
        let name = function.name;
        assert!(!function.summary.is_empty(), "{name} has no summary");
        assert!(!function.parameters.is_empty(), "{name} has no parameters");
        assert!(function.spelling(Language::Numpy).is_some(), "{name} has no NumPy spelling");
        if let Form::Prefix { text, latex, typst } = function.form {
            assert!(!text.is_empty() && !latex.is_empty() && !typst.is_empty(), "{name}");
        }
        if let Meaning::Applied = function.meaning {
            assert_eq!(function.facts.cores.len(), function.parameters.len(), "{name}");
            assert!(!matches!(function.exact, Exact::Derived), "{name} has no exact value");
            assert!(!matches!(function.numeric, Numeric::Derived), "{name} has no value");
            assert!(!function.differential.is_empty(), "{name} has no differential");
            assert_eq!(function.facts.linear_in.is_some(), !function.adjoint.is_empty(), "{name}");
            let whole = function.facts.cores.contains(&2) && !function.is_operator();
            let old = ["det", "logdet", "inv", "adj"].contains(&name);
            assert_eq!(function.small.is_empty(), !whole || old, "{name} at size one");
        }
        if let Some(text) = function.support(Language::Numpy) {
            let helper = function.spelling(Language::Numpy).unwrap().split('(').next().unwrap();
            assert!(text.starts_with(&format!("def {helper}(")) && text.ends_with('\n'), "{name}");
        }
    }
}

#[test]
fn every_differential_mentions_every_differential_symbol() {
    for (_, function) in book().iter().filter(|(_, function)| !function.differential.is_empty()) {
        for parameter in function.parameters {
            let symbol = format!("d{parameter}");
            assert!(function.differential.contains(&symbol), "{}: {symbol}", function.name);
        }
    }
}

#[test]
fn spellings_and_conditions_use_their_arguments() {
    for (_, function) in book().iter() {
        let spelling = function.spelling(Language::Numpy).unwrap();
        for spelling in [spelling, function.complex_spelling(Language::Numpy).unwrap()] {
            for position in 0..function.parameters.len() {
                let hole = format!("{{{position}}}");
                let used = spelling.matches(&hole).count();
                let expected = usize::from(function.arity().is_some());
                assert_eq!(used, expected, "{}: {hole} in {spelling}", function.name);
            }
            assert_eq!(spelling.contains("{*}"), function.arity().is_none(), "{}", function.name);
        }
        assert!(!function.condition_on_parameters().contains('{'), "{}", function.name);
    }
}

#[test]
fn every_signature_is_read_and_fits_the_parameters() {
    for (id, function) in book().iter() {
        let parsed = book().signatures(id);
        assert_eq!(parsed.len(), function.signatures.len(), "{}", function.name);
        assert!(!parsed.is_empty(), "{}", function.name);
        for (text, signature) in function.signatures.iter().zip(parsed) {
            assert_eq!(&signature::parse(text).unwrap(), signature);
            let Signature::Shapes(shapes) = signature else {
                continue;
            };
            assert_eq!(shapes.arguments.len(), function.parameters.len(), "{}", function.name);
            for (argument, parameter) in shapes.arguments.iter().zip(function.parameters) {
                if let ArgumentPattern::Size(letter) = argument {
                    let letter = shapes.letters[letter.0 as usize].to_string();
                    assert_eq!(letter, *parameter, "{}", function.name);
                }
            }
        }
    }
}

/// A letter of a text must have a value whichever signature fits, and must not hide a parameter.
#[test]
fn letters_in_texts_stand_in_every_signature() {
    for (id, function) in book().iter() {
        let texts = [function.definition().unwrap_or_default(), function.differential];
        for word in texts.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric())) {
            let mut characters = word.chars();
            let (Some(letter), None) = (characters.next(), characters.next()) else {
                continue;
            };
            if !letter.is_ascii_lowercase() || function.parameters.contains(&word) {
                continue;
            }
            for signature in book().signatures(id) {
                let Signature::Shapes(shapes) = signature else { panic!("{}", function.name) };
                assert!(shapes.letters.contains(&letter), "{}: {letter}", function.name);
            }
        }
    }
}

#[test]
fn facts_reach_the_kernel() {
    let book = book();
    for (role, name) in [
        (Role::Exponential, "exp"),
        (Role::Logarithm, "log"),
        (Role::Inverse, "inv"),
        (Role::Power, ".^"),
        (Role::MatrixPower, "^"),
        (Role::Softmax, "softmax"),
    ] {
        assert_eq!(book.with_role(role), book.lookup(name));
    }
    assert_eq!(book.with_role(Role::Conjugate), book.lookup("conj"));
    assert_eq!(book.structural(Structural::Trace), book.lookup("trace"));
    let roles: Vec<_> = book.iter().filter_map(|(_, function)| function.facts.role).collect();
    let distinct: BTreeSet<_> = roles.iter().map(|role| format!("{role:?}")).collect();
    assert_eq!(roles.len(), distinct.len());
}

fn value(function: &Function) -> Option<fn(f64) -> f64> {
    match function.numeric {
        Numeric::Elementwise(value) => Some(value),
        _ => None,
    }
}

#[test]
fn parity_and_sign_facts_hold() {
    let points = [0.0, 0.1, 0.25, 0.5, 0.9, 1.0, 1.5, 2.0, 3.7, 10.0];
    for (_, function) in book().iter() {
        let Some(f) = value(function) else { continue };
        let FunctionFacts { parity, positive, nonnegative, .. } = function.facts;
        let holds = |relation: fn(f64, f64) -> bool| {
            points.iter().all(|x| f(*x).is_nan() || f(-*x).is_nan() || relation(f(*x), f(-*x)))
        };
        let (even, odd) = (holds(|a, b| a == b), holds(|a, b| a == -b));
        let both_sides = !f(-0.5).is_nan();
        assert_eq!(parity == Parity::Even, both_sides && even, "{} even", function.name);
        assert_eq!(parity == Parity::Odd, both_sides && odd, "{} odd", function.name);
        let values: Vec<f64> =
            points.iter().flat_map(|x| [f(*x), f(-*x)]).filter(|y| !y.is_nan()).collect();
        assert_eq!(nonnegative, values.iter().all(|y| *y >= 0.0), "{} >= 0", function.name);
        assert_eq!(positive, values.iter().all(|y| *y > 0.0), "{} > 0", function.name);
    }
}

#[test]
fn values_agree_with_known_constants() {
    for (name, x, expected) in [
        ("exp", 1.0, std::f64::consts::E),
        ("log", 2.0, std::f64::consts::LN_2),
        ("log1p", 1e-10, 9.999_999_999_5e-11),
        ("expm1", 1e-10, 1.000_000_000_05e-10),
        ("log2", 8.0, 3.0),
        ("log10", 1000.0, 3.0),
        ("sqrt", 2.0, std::f64::consts::SQRT_2),
        ("cbrt", -8.0, -2.0),
        ("abs", -3.5, 3.5),
        ("sign", -3.5, -1.0),
        ("asin", 0.5, std::f64::consts::FRAC_PI_6),
        ("acos", 0.5, std::f64::consts::FRAC_PI_3),
        ("atan", 1.0, std::f64::consts::FRAC_PI_4),
        ("sinh", 1.0, 1.175_201_193_643_801_4),
        ("cosh", 1.0, 1.543_080_634_815_243_7),
        ("tanh", 1.0, 0.761_594_155_955_764_9),
        ("asinh", 1.0, 0.881_373_587_019_543),
        ("asinh", 1e-9, 1e-9),
        ("acosh", 2.0, 1.316_957_896_924_816_7),
        ("atanh", 0.5, 0.549_306_144_334_054_8),
        ("erf", 0.5, 0.520_499_877_813_046_5),
        ("erf", 1.0, 0.842_700_792_949_714_9),
        ("erf", 3.0, 0.999_977_909_503_001_4),
        ("sigmoid", 1.0, 0.731_058_578_630_004_9),
        ("softplus", 0.0, std::f64::consts::LN_2),
        ("relu", -1.0, 0.0),
        ("relu", 2.5, 2.5),
        ("gelu", 1.0, 0.841_344_746_068_542_9),
        ("step", 0.0, 0.0),
        ("step", 1e-300, 1.0),
    ] {
        let found = value(entry(name)).unwrap()(x);
        let error = (found - expected).abs();
        assert!(error <= 2e-15 * expected.abs(), "{name}({x}) = {found}, not {expected}");
    }
}
