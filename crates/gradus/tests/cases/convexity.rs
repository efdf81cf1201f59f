//! `cases/convexity.txt`: which functions are convex, and how that is told.

use gradus::{Curvature, Language, Output, Request};

use crate::format::{Case, Cases};

const FILE: &str = "convexity.txt";

#[test]
fn certificates_look_as_they_were_read_and_approved() {
    let expected = Cases::of(FILE);
    let mut found = expected.clone();
    for case in &mut found.cases {
        let answer = gradus::convexity(&request(case));
        let answer = answer.unwrap_or_else(|failure| panic!("[{}] {failure}", case.id));
        let curvature = answer.curvature();
        if matches!(curvature, Curvature::Affine | Curvature::Convex | Curvature::Concave) {
            let verification = answer.verification();
            assert!(verification.verdict.is_verified(), "[{}] {verification}", case.id);
        }
        let text = answer.print(Output::Text, Language::English).unwrap();
        let chinese = answer.print(Output::Text, Language::Chinese).unwrap();
        let mut fields: Vec<(String, String)> = Vec::new();
        let mut field = |name: &str, value: &str| fields.push((name.to_owned(), value.to_owned()));
        field("verdict", curvature.word(Language::English));
        text.lines().skip(1).for_each(|line| field("text", line));
        chinese.lines().take(1).for_each(|line| field("chinese", line));
        case.replace(&["verdict", "text", "chinese"], fields);
    }
    expected.compare_or_bless(FILE, &found);
}

#[test]
fn every_form_of_a_certificate_is_printed() {
    let request = Request::new("norm2(X*w - y)^2").by("w");
    let answer = gradus::convexity(&request).unwrap();
    let json: serde_json::Value =
        serde_json::from_str(&answer.print(Output::Json, Language::English).unwrap()).unwrap();
    assert_eq!(json["verdict"], "convex");
    assert_eq!(json["strictness"]["conditions"][0], "X has full column rank");
    assert!(answer.print(Output::Latex, Language::Chinese).unwrap().contains("\\begin{aligned}"));
    assert!(answer.print(Output::Source, Language::English).unwrap().contains("X*w - y"));
    assert!(answer.print(Output::Numpy, Language::English).is_err());
}

fn request(case: &Case) -> Request {
    let mut request = Request::new(case.one("expr"));
    request.declarations = case.texts("let");
    request.variables = case.texts("in");
    request
}
