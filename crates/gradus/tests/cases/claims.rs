//! `cases/claims.txt`: what is said of claims.

use gradus::{Language, Request};

use crate::format::{Case, Cases};

const FILE: &str = "claims.txt";

#[test]
fn judgements_look_as_they_were_read_and_approved() {
    let expected = Cases::of(FILE);
    let mut found = expected.clone();
    for case in &mut found.cases {
        let claimed = gradus::check_claim(&request(case), case.one("claim"));
        let claimed = claimed.unwrap_or_else(|failure| panic!("[{}] {failure}", case.id));
        let json: serde_json::Value = serde_json::from_str(&claimed.json()).unwrap();
        let mut fields: Vec<(String, String)> = Vec::new();
        let mut field = |name: &str, value: &str| fields.push((name.to_owned(), value.to_owned()));
        field("verdict", json["verdict"].as_str().unwrap());
        for diagnosis in claimed.diagnoses() {
            field("mistake", diagnosis.mistake.name());
        }
        claimed.text(Language::English).lines().for_each(|line| field("text", line));
        claimed.text(Language::Chinese).lines().take(1).for_each(|line| field("chinese", line));
        case.replace(&["verdict", "mistake", "text", "chinese"], fields);
    }
    expected.compare_or_bless(FILE, &found);
}

fn request(case: &Case) -> Request {
    let mut request = Request::new(case.one("expr"));
    request.declarations = case.texts("let");
    request.variables = case.texts("wrt");
    request.order = gradus::Order(case.order());
    if let Some(layout) = case.first("layout") {
        request.layout = layout.parse().unwrap();
    }
    if let Some(convention) = case.first("convention") {
        request.convention = convention.parse().unwrap();
    }
    request
}
