//! Golden limits: values by the command's own way and by values near the point, what does not exist,
//! and what is refused.
//!
//! Must not know how limits are found.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use gradus::{Request, Verdict};

struct Case {
    id: String,
    fields: Vec<(String, String)>,
}

impl Case {
    fn first(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    fn request(&self, program: String) -> Request {
        let mut request = Request::new(program);
        for (field, value) in &self.fields {
            if field == "let" {
                request = request.declare(value);
            }
        }
        request
    }
}

fn cases(file: &str) -> Vec<Case> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../cases").join(file);
    let text = fs::read_to_string(path).unwrap();
    let mut found: Vec<Case> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(rest) = line.strip_prefix('[') {
            let id = rest.split(']').next().unwrap().to_owned();
            found.push(Case { id, fields: Vec::new() });
        } else {
            let (name, value) = line.split_once(": ").unwrap();
            let fields = &mut found.last_mut().unwrap().fields;
            fields.push((name.to_owned(), value.to_owned()));
        }
    }
    found
}

/// What is wrong with a case, and whether values near the point confirmed it.
fn tried(case: &Case) -> (Option<String>, bool) {
    let expr = case.first("expr").unwrap().to_owned();
    let start = Instant::now();
    let outcome = gradus::value(&case.request(expr.clone()));
    let took = start.elapsed().as_secs_f64();
    if took > 4.0 {
        return (Some(format!("{}: {took} s", case.id)), false);
    }
    let fail = |text: String| (Some(format!("{} {expr}: {text}", case.id)), false);
    let expected_code = case.first("none").map(|_| 1).or(case.first("refused").map(|_| 4));
    match (outcome, expected_code) {
        (Err(failure), Some(code)) if failure.exit_code() == code => (None, false),
        (Err(failure), _) => fail(failure.text()),
        (Ok(valued), Some(_)) => {
            fail(valued.print(gradus::Output::Source, gradus::Language::English).unwrap())
        }
        (Ok(valued), None) => {
            let claim = format!("{expr} = {}", case.first("value").unwrap());
            match gradus::check(&case.request(claim)) {
                Ok(checked) if checked.verification.verdict.is_verified() => {
                    let verdict = valued.verification().verdict;
                    (None, verdict == Verdict::Confirmed || verdict == Verdict::Proved)
                }
                Ok(_) => {
                    let text = valued.print(gradus::Output::Source, gradus::Language::English);
                    fail(format!("found {}", text.unwrap()))
                }
                Err(failure) => fail(failure.text()),
            }
        }
    }
}

#[test]
fn limits_are_as_known_and_values_near_the_point_agree() {
    let cases = cases("limits.txt");
    let values = cases.iter().filter(|case| case.first("value").is_some()).count();
    assert!(values >= 80 && cases.len() - values >= 20, "{values} of {}", cases.len());
    let tried: Vec<(Option<String>, bool)> = cases.iter().map(tried).collect();
    let wrong: Vec<&String> = tried.iter().filter_map(|(wrong, _)| wrong.as_ref()).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let confirmed = tried.iter().filter(|(_, confirmed)| *confirmed).count();
    println!("{confirmed} of {values} limits confirmed by values near the point");
    assert!(confirmed * 10 >= values * 8, "{confirmed} of {values} confirmed near the point");
}

#[test]
fn limits_and_integrals_of_the_notes() {
    let wrong: Vec<String> =
        cases("limits-and-integrals.txt").iter().filter_map(|case| tried(case).0).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn wrong_limits_are_refuted() {
    for claim in [
        "limit(sin(x)/x, x, 0) = 2",
        "limit(1/x^2, x, 0) = 0",
        "limit([1/k, (1+1/k)^k], k, inf) = [0, 1]",
        "int(x, x) = x^2",
        "int(x, x, 0, 1) = 1",
    ] {
        let checked = gradus::check(&Request::new(claim)).unwrap();
        assert_eq!(checked.verification.verdict, Verdict::Refuted, "{claim}");
    }
}

#[test]
fn derivatives_go_through_limits_and_integrals() {
    for (program, by, expected) in [
        ("int(x^2*a, x, 0, b)", "b", "a*b^2"),
        ("a*limit(sin(a*x)/x, x, 0)", "a", "2*a"),
        ("int(exp(a*x), x)", "x", "exp(a*x)"),
    ] {
        let answer = gradus::diff(&Request::new(program).by(by)).unwrap();
        assert_eq!(answer.print(gradus::Output::Source).unwrap(), expected, "{program}");
    }
}

#[test]
fn hostile_limits_end() {
    for program in [
        "limit(x^(x^x), x, inf)",
        "limit(exp(exp(exp(exp(exp(exp(x)))))), x, inf)",
        "limit(exp(exp(x))/exp(exp(x+exp(-x)))*sin(exp(x)), x, inf)",
        "limit((sin(tan(x))-tan(sin(x)))/(asin(atan(x))-atan(asin(x))), x, 0)",
        "limit(sin(1/x)/exp(1/x), x, 0)",
        "limit(tan(1/x)*x, x, 0)",
        "limit(log(log(log(log(log(log(x)))))), x, inf)",
        "limit((1+1/x)^(x^3)*exp(-x^2+x/2), x, inf)",
        "limit(((x+1)^100-(x-1)^100)/x^99, x, inf)",
        "limit(x^1000000/exp(x), x, inf)",
        "limit(sin(sin(sin(sin(sin(sin(x)))))) - x, x, 0)",
        "limit(exp(1/x)*log(1+exp(-1/x))*sin(1/x), x, 0)",
        "limit(sqrt(x+sqrt(x+sqrt(x+sqrt(x))))-sqrt(x), x, inf)",
        "limit(abs(sin(x)+cos(exp(x)))^x, x, inf)",
    ] {
        let start = Instant::now();
        let outcome = gradus::value(&Request::new(program));
        let took = start.elapsed().as_secs_f64();
        let told = match &outcome {
            Ok(valued) => valued.print(gradus::Output::Source, gradus::Language::English).unwrap(),
            Err(failure) => failure.diagnostic.message.clone(),
        };
        println!("{program}: {told} ({took:.2} s)");
        assert!(took < 8.0, "{program} took {took} s");
        if let Err(failure) = outcome {
            assert!(matches!(failure.exit_code(), 1 | 4), "{program}: {}", failure.text());
        }
    }
}
