//! `cases/answers.txt`, `cases/derivatives.txt`, `cases/structures.txt` and `cases/vocabulary.txt`: how
//! answers look.

use gradus::{Output, Request};

use crate::format::{Case, Cases};

const FILES: [&str; 4] = ["answers.txt", "derivatives.txt", "structures.txt", "vocabulary.txt"];

#[test]
fn answers_look_as_they_were_read_and_approved() {
    for file in FILES {
        let expected = Cases::of(file);
        let mut found = expected.clone();
        for case in &mut found.cases {
            let fields = answer(case).unwrap_or_else(|failure| panic!("[{}] {failure}", case.id));
            case.replace(&["reading", "source", "text"], fields);
        }
        expected.compare_or_bless(file, &found);
    }
}

fn answer(case: &Case) -> gradus::Result<Vec<(String, String)>> {
    let mut request = Request::new(case.one("expr"));
    request.declarations = case.texts("let");
    request.variables = case.texts("wrt");
    if let Some(layout) = case.first("layout") {
        request.layout = layout.parse().unwrap();
    }
    if let Some(order) = case.first("order") {
        request.order = gradus::Order(order.parse().unwrap());
    }
    if let Some(convention) = case.first("convention") {
        request.convention = convention.parse().unwrap();
    }
    if case.first("stacking") == Some("rows") {
        request.stacking = gradus::Stacking::Rows;
    }
    request.times = case.first("times").map(str::to_owned);
    request.stack = case.first("stack") == Some("yes");
    let answer = match case.first("command") {
        Some("differential") => gradus::differential(&request)?,
        _ => gradus::diff(&request)?,
    };
    let verification = answer.verification();
    assert!(verification.verdict.is_verified(), "[{}] {verification}", case.id);
    let mut fields = Vec::new();
    if !answer.reading().is_empty() {
        fields.push(("reading".to_owned(), answer.reading().to_owned()));
    }
    for line in answer.print(Output::Source)?.lines() {
        fields.push(("source".to_owned(), line.to_owned()));
    }
    for line in answer.lines() {
        let line = format!("{} = {}  {}", line.name, line.formula, line.note);
        fields.push(("text".to_owned(), line.trim_end().to_owned()));
    }
    Ok(fields)
}
