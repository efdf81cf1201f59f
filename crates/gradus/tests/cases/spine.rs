//! The cases of `cases/spine.txt`: expected derivatives and differentials against the oracle, and
//! Gradus' own answers against the expected ones, in two layouts; and how long the answers are.

use gradus::{Layout, Output, Request};
use gradus_verify::{Form, Layout as Written};

use crate::context::Context;
use crate::format::{Case, Cases};
use crate::tokens;

/// The least share of answers that are as short as a textbook's.
const SHORT: f64 = 0.95;

fn cases(field: &str) -> Vec<Case> {
    let cases = Cases::of("spine.txt").cases;
    cases.into_iter().filter(|case| case.first(field).is_some()).collect()
}

/// Runs a test on every case and reports all that fail.
fn every(cases: &[Case], test: impl Fn(&Case) -> Result<(), String>) {
    let failed: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let failure = test(case).err()?;
            Some(format!("[{}] {}\n    {failure}", case.id, case.one("expr")))
        })
        .collect();
    assert!(failed.is_empty(), "{} of {}:\n{}", failed.len(), cases.len(), failed.join("\n"));
}

fn holds(context: &mut Context, formula: &str, form: Form) -> Result<(), String> {
    let verdict = context.derivative(formula, form)?;
    if verdict.is_verified() { Ok(()) } else { Err(format!("`{formula}` is {verdict}")) }
}

fn fails(context: &mut Context, formula: &str, form: Form) -> Result<(), String> {
    // A wrong form may also be wrong in its shapes, and is then not read at all.
    match context.derivative(formula, form) {
        Ok(verdict) if !verdict.is_refuted() => Err(format!("wrong `{formula}` is {verdict}")),
        _ => Ok(()),
    }
}

#[test]
fn there_are_all_cases() {
    assert_eq!(cases("gradient").len(), 145);
    assert_eq!(cases("differential").len(), 67);
}

#[test]
fn expected_derivatives_are_right_and_wrong_ones_are_refuted() {
    every(&cases("gradient"), |case| {
        let mut context = Context::of(case)?;
        let (denominator, numerator) =
            (Form::Array(Written::Denominator), Form::Array(Written::Numerator));
        holds(&mut context, case.one("gradient"), denominator)?;
        holds(&mut context, case.one("numerator"), numerator)?;
        case.all("also").try_for_each(|formula| holds(&mut context, formula, denominator))?;
        case.all("wrong").try_for_each(|formula| {
            fails(&mut context, formula, denominator)?;
            fails(&mut context, formula, numerator)
        })
    });
}

#[test]
fn expected_differentials_are_right_and_wrong_ones_are_refuted() {
    every(&cases("differential"), |case| {
        let mut context = Context::of(case)?;
        holds(&mut context, case.one("differential"), Form::Differential)?;
        let mut wrong = case.all("wrong");
        wrong.try_for_each(|formula| fails(&mut context, formula, Form::Differential))
    });
}

#[test]
fn derivatives_are_right_in_denominator_layout() {
    answered(Layout::Denominator, Form::Array(Written::Denominator), "gradient");
}

#[test]
fn derivatives_are_right_in_numerator_layout() {
    answered(Layout::Numerator, Form::Array(Written::Numerator), "numerator");
}

fn answered(layout: Layout, form: Form, expected: &str) {
    every(&cases("gradient"), |case| {
        let answer = gradus::diff(&request(case).layout(layout));
        compared(case, answer, form, expected)
    });
}

#[test]
fn differentials_are_right() {
    every(&cases("differential"), |case| {
        let answer = gradus::differential(&request(case));
        compared(case, answer, Form::Differential, "differential")
    });
}

fn compared(
    case: &Case,
    answer: gradus::Result<gradus::Answer>,
    form: Form,
    expected: &str,
) -> Result<(), String> {
    let answer = answer.map_err(|failure| failure.to_string())?;
    if !answer.verification().verdict.is_verified() {
        return Err(answer.verification().to_string());
    }
    let printed = answer.print(Output::Source).map_err(|failure| failure.to_string())?;
    let mut context = Context::of(case)?;
    holds(&mut context, &printed, form)?;
    let verdict = context.equal(case.one(expected), &printed)?;
    if verdict.is_verified() { Ok(()) } else { Err(format!("`{printed}` is {verdict}")) }
}

#[test]
fn answers_are_as_short_as_a_textbook_s() {
    let (mut total, mut long) = (0, Vec::new());
    let mut measure = |case: &Case, answer: gradus::Result<gradus::Answer>, field: &str| {
        total += 1;
        let printed = answer.and_then(|answer| answer.print(Output::Source));
        let (found, expected) =
            (printed.as_ref().map_or(usize::MAX, |text| tokens::count(text)), case.one(field));
        let most = tokens::most(tokens::count(expected));
        if found > most {
            let printed = printed.unwrap_or_else(|failure| failure.to_string());
            long.push(format!(
                "[{}] {field} of {}\n    {most} tokens at most: {expected}\n    {found}: {printed}",
                case.id,
                case.one("expr")
            ));
        }
    };
    for case in &cases("gradient") {
        let denominator = gradus::diff(&request(case).layout(Layout::Denominator));
        measure(case, denominator, "gradient");
        let numerator = gradus::diff(&request(case).layout(Layout::Numerator));
        measure(case, numerator, "numerator");
    }
    for case in &cases("differential") {
        measure(case, gradus::differential(&request(case)), "differential");
    }
    let share = 1.0 - long.len() as f64 / f64::from(total);
    let report = format!("{} of {total} answers are long:\n{}", long.len(), long.join("\n"));
    println!("{report}");
    assert!(share >= SHORT, "{report}");
}

fn request(case: &Case) -> Request {
    let mut request = Request::new(case.one("expr"));
    request.declarations = case.texts("let");
    let wanted = if case.first("wrt").is_some() { "wrt" } else { "vary" };
    request.variables = case.texts(wanted);
    request
}
