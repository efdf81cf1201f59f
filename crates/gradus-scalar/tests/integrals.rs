//! The golden integrals: `cases/integrals.txt`. Each answer is compared with the text there, and checked
//! by quadrature with a reader, an evaluator and a rule of this test alone: nothing is shared with the
//! integrator but the texts.
//!
//! `GRADUS_BLESS=1` writes what was found into the file, after it was checked.
#![allow(clippy::panic)]

mod quadrature;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Instant;

use gradus_scalar::expression::{Arena, Sign};
use gradus_scalar::integral::{Bound, NoIntegral, Step, Unsolved, Value, antiderivative, definite};
use quadrature::{Environment, Formula, integral_over, parse};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../cases/integrals.txt");

/// One case: its title, and its fields by name.
#[derive(Clone, Debug)]
struct Case {
    title: String,
    fields: Vec<(String, String)>,
}

impl Case {
    fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The arguments of `int(…)`.
    fn arguments(&self) -> Vec<String> {
        let text = self.field("expr").unwrap_or_default();
        let inner = text.strip_prefix("int(").and_then(|it| it.strip_suffix(')'));
        let mut arguments = vec![String::new()];
        let mut depth = 0;
        for letter in inner.unwrap_or_else(|| panic!("{}: no integral", self.title)).chars() {
            depth += i32::from(letter == '(') - i32::from(letter == ')');
            match arguments.last_mut() {
                Some(last) if letter != ',' || depth > 0 => last.push(letter),
                _ => arguments.push(String::new()),
            }
        }
        arguments.into_iter().map(|it| it.trim().to_owned()).collect()
    }

    fn arena(&self) -> Arena {
        let mut arena = Arena::new(1_000_000);
        for (key, value) in &self.fields {
            if key == "let"
                && let Some((name, "positive scalar")) = value.split_once(": ")
            {
                arena.parameter(name, Sign::Positive);
            }
        }
        arena
    }

    /// The range over which an antiderivative is compared.
    fn range(&self) -> (f64, f64) {
        let Some(text) = self.field("over") else { return (0.4, 0.9) };
        let mut ends = text.split(' ').filter_map(|it| it.parse().ok());
        (ends.next().unwrap_or(0.4), ends.next().unwrap_or(0.9))
    }
}

fn cases(text: &str) -> (String, Vec<Case>) {
    let mut head = String::new();
    let mut cases: Vec<Case> = Vec::new();
    for line in text.lines() {
        if line.starts_with('[') {
            cases.push(Case { title: line.to_owned(), fields: Vec::new() });
        } else if let (Some(case), Some((key, value))) = (cases.last_mut(), line.split_once(": ")) {
            case.fields.push((key.to_owned(), value.to_owned()));
        } else if cases.is_empty() {
            let _ = writeln!(head, "{line}");
        }
    }
    (head, cases)
}

/// What was found, as fields.
type Fields = Vec<(&'static str, String)>;

fn answer(case: &Case) -> Result<Fields, String> {
    let arguments = case.arguments();
    let mut arena = case.arena();
    let integrand = parse(&arguments[0]).build(&mut arena, "x");
    assert_eq!(arguments[1], "x", "{}", case.title);
    Ok(match arguments.as_slice() {
        [text, _] => match antiderivative(&mut arena, integrand) {
            Ok(found) => {
                if found.is_assumed {
                    return Err(format!("{}: rests on values alone", case.title));
                }
                check_steps(case, &found.steps)?;
                let value = arena.text(found.value, "x").unwrap_or_default();
                check_antiderivative(case, text, &value)?;
                vec![("value", value)]
            }
            Err(failure) => vec![("refused", refusal(&arena, &NoIntegral::Unsolved(failure)))],
        },
        [text, _, from, to] => {
            let (low, high) = (bound(&mut arena, from), bound(&mut arena, to));
            match definite(&mut arena, integrand, low, high) {
                Ok(found) => match found.value {
                    Value::Exact(value) => {
                        let value = arena.text(value, "x").unwrap_or_default();
                        check_definite(case, text, from, to, &value)?;
                        let mut fields = vec![("value", value)];
                        for condition in found.nonzero_between {
                            let text = arena.text(condition, "x").unwrap_or_default();
                            fields.push(("nonzero", text));
                        }
                        fields
                    }
                    Value::Approximate(value) => {
                        check_definite(case, text, from, to, &format!("{:.17e}", value.value))?;
                        assert!(value.error < 1e-6 * (1.0 + value.value.abs()), "{}", case.title);
                        let kind = if value.is_proven { "proven" } else { "estimated" };
                        vec![("numeric", format!("{:.9} {kind}", value.value))]
                    }
                },
                Err(failure) => vec![("refused", refusal(&arena, &failure))],
            }
        }
        _ => return Err(format!("{}: two or four arguments", case.title)),
    })
}

/// Steps come after their parts, and the last one is the whole.
fn check_steps(case: &Case, steps: &[Step]) -> Result<(), String> {
    let is_ordered = steps
        .iter()
        .enumerate()
        .all(|(at, step)| step.parts.iter().all(|part| part.position() < at));
    match steps.last() {
        Some(last) if is_ordered && last.level == 0 => Ok(()),
        _ => Err(format!("{}: the steps do not lead to the answer", case.title)),
    }
}

fn bound(arena: &mut Arena, text: &str) -> Bound {
    match text {
        "inf" => Bound::Infinity,
        "-inf" => Bound::MinusInfinity,
        _ => Bound::At(parse(text).build(arena, "x")),
    }
}

fn refusal(arena: &Arena, failure: &NoIntegral) -> String {
    let place = |at: &Bound| match at {
        Bound::At(at) => arena.text(*at, "x").unwrap_or_default(),
        Bound::Infinity => "inf".to_owned(),
        Bound::MinusInfinity => "-inf".to_owned(),
    };
    match failure {
        NoIntegral::Divergent { at } => format!("divergent at {}", place(at)),
        NoIntegral::Oscillates { at } => format!("oscillates at {}", place(at)),
        NoIntegral::NotReal { .. } => "not real".to_owned(),
        NoIntegral::Unsolved(Unsolved::NeedsSign(id)) => {
            format!("needs the sign of {}", arena.text(*id, "x").unwrap_or_default())
        }
        NoIntegral::Unsolved(Unsolved::NotFound | Unsolved::Exhausted) => "not found".to_owned(),
        NoIntegral::Unsolved(other) => format!("{other:?}"),
    }
}

/// Values for the symbols of a case, none of them special.
fn environment(x: f64) -> Environment {
    let mut values: BTreeMap<String, f64> = BTreeMap::new();
    for (at, name) in ["a", "b", "c", "m", "n", "p", "q", "s"].iter().enumerate() {
        values.insert((*name).to_owned(), 1.31 + 0.17 * at as f64);
    }
    values.insert("x".to_owned(), x);
    Environment { values }
}

fn check_antiderivative(case: &Case, integrand: &str, value: &str) -> Result<(), String> {
    let (low, high) = case.range();
    let (integrand, value) = (parse(integrand), parse(value));
    for (low, high) in [(low, low + (high - low) * 0.61), (low, high)] {
        let expected = integral_over(&|x| integrand.value(&environment(x)), low, high);
        let found = value.value(&environment(high)) - value.value(&environment(low));
        compare(case, expected, found, 1e-8)?;
    }
    Ok(())
}

fn compare(case: &Case, expected: f64, found: f64, tolerance: f64) -> Result<(), String> {
    if (expected - found).abs() <= tolerance * (1.0 + expected.abs()) {
        return Ok(());
    }
    Err(format!("{}: quadrature gives {expected}, the answer {found}", case.title))
}

fn check_definite(
    case: &Case,
    integrand: &str,
    from: &str,
    to: &str,
    value: &str,
) -> Result<(), String> {
    let integrand = parse(integrand);
    let end = |text: &str| match text {
        "inf" => f64::INFINITY,
        "-inf" => f64::NEG_INFINITY,
        _ => parse(text).value(&environment(0.0)),
    };
    let (from, to) = (end(from), end(to));
    let (low, high, sign) = if from <= to { (from, to, 1.0) } else { (to, from, -1.0) };
    let mut places = vec![low];
    places.extend(
        case.field("breaks").unwrap_or_default().split(' ').filter_map(|it| it.parse::<f64>().ok()),
    );
    places.push(high);
    let value = parse(value).value(&environment(0.0));
    let expected: f64 = places
        .windows(2)
        .map(|pair| integral_over(&|x| integrand.value(&environment(x)), pair[0], pair[1]))
        .sum();
    compare(case, sign * expected, value, 1e-6)
}

#[test]
fn integrals_are_as_written_and_agree_with_quadrature() {
    let text = std::fs::read_to_string(FILE).unwrap_or_else(|error| panic!("{FILE}: {error}"));
    let (head, cases) = cases(&text);
    let mut written = head;
    let mut wrong = Vec::new();
    let (mut values, mut refusals) = (0, 0);
    for case in &cases {
        let start = Instant::now();
        let found = match answer(case) {
            Ok(found) => found,
            Err(message) => {
                wrong.push(message);
                continue;
            }
        };
        assert!(start.elapsed().as_secs_f64() < 10.0, "{}: too slow", case.title);
        let is_answer = |key: &str| matches!(key, "value" | "numeric" | "refused" | "nonzero");
        let before: Vec<(&str, &str)> = case
            .fields
            .iter()
            .filter(|(key, _)| is_answer(key))
            .map(|(key, value)| (key.as_str(), value.as_str()))
            .collect();
        let after: Vec<(&str, &str)> =
            found.iter().map(|(key, value)| (*key, value.as_str())).collect();
        if before != after {
            wrong.push(format!("{}\n  is      {after:?}\n  written {before:?}", case.title));
        }
        if found.iter().any(|(key, _)| *key == "value") {
            values += 1
        } else {
            refusals += 1
        }
        let _ = writeln!(written, "{}", case.title);
        for (key, value) in case.fields.iter().filter(|(key, _)| !is_answer(key)) {
            let _ = writeln!(written, "{key}: {value}");
        }
        for (key, value) in &found {
            let _ = writeln!(written, "{key}: {value}");
        }
        written.push('\n');
    }
    if std::env::var_os("GRADUS_BLESS").is_some() {
        let bad: Vec<&String> = wrong.iter().filter(|it| !it.contains("written")).collect();
        assert!(bad.is_empty(), "{bad:#?}");
        std::fs::write(FILE, written.trim_end().to_owned() + "\n")
            .unwrap_or_else(|error| panic!("{FILE}: {error}"));
        return;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(values >= 100 && refusals >= 20, "{values} integrals, {refusals} refusals or numbers");
}

#[test]
fn formulas_of_this_test_are_read_as_in_the_language() {
    let at = |text: &str| parse(text).value(&environment(2.0));
    assert!((at("-x^2 + 2*x/4 - 1") + 4.0).abs() < 1e-15);
    assert!((at("2^-1*(x + 1)^2/3") - 1.5).abs() < 1e-15);
    assert!(matches!(parse("x"), Formula::Name(_)));
}
