//! The cases of every file: expected derivatives and differentials against the oracle, Gradus' own
//! answers against the expected ones, in two layouts, and how long the answers are.
//!
//! Must not know how answers are found.

use gradus::{Layout, Order, Output, Request};
use gradus_verify::{Form, Layout as Written, Part};

use crate::context::Context;
use crate::format::{Case, Cases};
use crate::tokens;

const DENOMINATOR: Form = Form::Array(Written::Denominator);
const NUMERATOR: Form = Form::Array(Written::Numerator);

/// The tests of a file, with how many derivatives and differentials it has, and the least share of
/// answers that are as short as a textbook's.
macro_rules! file {
    ($name:ident, $file:literal, $derivatives:literal, $differentials:literal, $short:literal) => {
        mod $name {
            #[test]
            fn all_cases_are_there() {
                assert_eq!(super::cases($file, "gradient").len(), $derivatives);
                assert_eq!(super::cases($file, "differential").len(), $differentials);
            }

            #[test]
            fn expected_forms_are_right_and_wrong_ones_are_refuted() {
                super::expected_forms($file);
            }

            #[test]
            fn answers_are_right_and_short() {
                super::answers($file, $short);
            }
        }
    };
}

file!(spine, "spine.txt", 145, 67, 0.95);
file!(every_kind, "every-kind.txt", 30, 6, 0.97);
file!(cookbook, "cookbook.txt", 122, 18, 0.97);
file!(wikipedia, "wikipedia.txt", 115, 18, 0.97);
file!(minka, "minka.txt", 68, 16, 0.97);
file!(hessians, "hessians.txt", 89, 9, 0.97);
file!(structured, "structured.txt", 110, 1, 0.92);

fn cases(file: &str, field: &str) -> Vec<Case> {
    let cases = Cases::of(file).cases;
    cases.into_iter().filter(|case| case.first(field).is_some()).collect()
}

/// Derivatives and differentials.
fn answered(file: &str) -> Vec<Case> {
    cases(file, "expr")
}

/// Runs a test on every case and reports all that fail.
fn every(cases: &[Case], mut test: impl FnMut(&Case) -> Result<(), String>) {
    let failed: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let failure = test(case).err()?;
            Some(format!("[{}] {}\n    {failure}", case.id, case.one("expr")))
        })
        .collect();
    assert!(failed.is_empty(), "{} of {}:\n{}", failed.len(), cases.len(), failed.join("\n"));
}

fn expected_forms(file: &str) {
    let cases = answered(file);
    // The oracle does not know assumptions.
    let decided = cases.into_iter().filter(|case| case.first("assume").is_none());
    every(&decided.collect::<Vec<_>>(), |case| {
        let mut context = Context::of(case)?;
        if let Some(differential) = case.first("differential") {
            let form = (Form::Differential, Part::Whole);
            holds(&mut context, differential, form)?;
            return case.all("wrong").try_for_each(|formula| fails(&mut context, formula, form));
        }
        let gradient = (DENOMINATOR, part(case, "gradient"));
        let numerator = (NUMERATOR, Part::Whole);
        holds(&mut context, case.one("gradient"), gradient)?;
        let conjugate = (DENOMINATOR, Part::Conjugate);
        case.all("conjugate").try_for_each(|formula| holds(&mut context, formula, conjugate))?;
        case.all("numerator").try_for_each(|formula| holds(&mut context, formula, numerator))?;
        case.all("also").try_for_each(|formula| holds(&mut context, formula, gradient))?;
        case.all("wrong").try_for_each(|formula| {
            fails(&mut context, formula, gradient)?;
            let in_both = case.first("wrong-in").is_none() && case.first("numerator").is_some();
            if in_both { fails(&mut context, formula, numerator) } else { Ok(()) }
        })
    });
}

/// A case with a derivative by the conjugate states both Wirtinger derivatives.
fn part(case: &Case, field: &str) -> Part {
    match (case.first("conjugate"), field) {
        (None, _) => Part::Whole,
        (Some(_), "conjugate") => Part::Conjugate,
        (Some(_), _) => Part::Plain,
    }
}

fn holds(context: &mut Context, formula: &str, form: (Form, Part)) -> Result<(), String> {
    let verdict = context.claim(formula, form.0, form.1)?;
    if verdict.is_verified() { Ok(()) } else { Err(format!("`{formula}` is {verdict}")) }
}

fn fails(context: &mut Context, formula: &str, form: (Form, Part)) -> Result<(), String> {
    // A wrong form may also be wrong in its shapes, and is then not read at all.
    match context.claim(formula, form.0, form.1) {
        Ok(verdict) if !verdict.is_refuted() => Err(format!("wrong `{formula}` is {verdict}")),
        _ => Ok(()),
    }
}

/// Answers in all layouts that a case states are the expected ones.
fn answers(file: &str, least_share: f64) {
    let (mut total, mut long) = (0, Vec::new());
    every(&answered(file), |case| {
        let questions = questions(case);
        for (field, form, asked) in questions {
            let answer = if case.first("differential").is_some() {
                gradus::differential(&asked)
            } else {
                gradus::diff(&asked)
            };
            let answer = answer.map_err(|failure| failure.to_string())?;
            let printed = formula(case, &answer, field)?;
            compare(case, &answer, &printed, (form, part(case, field)), field)?;
            total += 1;
            let most = tokens::most(tokens::count(case.one(field)));
            let found = tokens::count(&printed);
            if found > most {
                let expected = case.one(field);
                long.push(format!(
                    "[{}] {field} of {}\n    {most} tokens at most: {expected}\n    {found}: {printed}",
                    case.id,
                    case.one("expr")
                ));
            }
        }
        Ok(())
    });
    let share = 1.0 - long.len() as f64 / f64::from(total.max(1));
    let report = format!("{} of {total} answers are long:\n{}", long.len(), long.join("\n"));
    println!("{report}");
    assert!(share >= least_share, "{report}");
}

/// What is asked: a field with the expected formula, its form, and the request.
fn questions(case: &Case) -> Vec<(&'static str, Form, Request)> {
    if case.first("differential").is_some() {
        return vec![("differential", Form::Differential, request(case))];
    }
    let layouts = [
        ("gradient", DENOMINATOR, Layout::Denominator),
        ("conjugate", DENOMINATOR, Layout::Denominator),
        ("numerator", NUMERATOR, Layout::Numerator),
    ];
    let stated = layouts.into_iter().filter(|(field, ..)| case.first(field).is_some());
    stated.map(|(field, form, layout)| (field, form, request(case).layout(layout))).collect()
}

fn request(case: &Case) -> Request {
    let mut request = Request::new(case.one("expr"));
    request.declarations = case.texts("let");
    let wanted = if case.first("wrt").is_some() { "wrt" } else { "vary" };
    request.variables = case.texts(wanted);
    request.order = Order(case.order());
    if let Some(convention) = case.first("convention") {
        request.convention = convention.parse().unwrap();
    }
    request
}

/// The one formula that a field is about, as a program: of the derivatives by two variables in turn
/// the one by both, of two Wirtinger derivatives the one of the field.
fn formula(case: &Case, answer: &gradus::Answer, field: &str) -> Result<String, String> {
    let printed = answer.print(Output::Source).map_err(|failure| failure.to_string())?;
    let variables = case.texts("wrt");
    let names = match (variables.as_slice(), part(case, field)) {
        ([first, second], _) => format!("{first}_{second}"),
        ([only], Part::Plain) => only.clone(),
        ([only], Part::Conjugate) => format!("conj_{only}"),
        _ => return Ok(printed),
    };
    let mut statements = Vec::new();
    for line in printed.lines() {
        let label = line.split_once(" = ").map_or("", |(left, _)| left);
        match label.split_once('_') {
            Some(("hessian" | "derivative" | "gradient", by)) if by == names => {
                statements.push(&line[label.len() + " = ".len()..]);
                return Ok(statements.join("; "));
            }
            Some(("hessian" | "derivative" | "gradient", _)) => {}
            _ => statements.push(line),
        }
    }
    Err(format!("no derivative by {names} in\n{printed}"))
}

fn compare(
    case: &Case,
    answer: &gradus::Answer,
    printed: &str,
    form: (Form, Part),
    field: &str,
) -> Result<(), String> {
    if !answer.verification().verdict.is_verified() {
        return Err(answer.verification().to_string());
    }
    let mut context = Context::of(case)?;
    holds(&mut context, printed, form)?;
    let expected = case.one(field);
    let is_map = printed.contains("->") || expected.contains("->");
    // What holds under an assumption alone is another formula.
    if is_map || case.first("assume").is_some() {
        return Ok(());
    }
    let verdict = context.equal(expected, printed)?;
    if verdict.is_verified() { Ok(()) } else { Err(format!("`{printed}` is {verdict}")) }
}
