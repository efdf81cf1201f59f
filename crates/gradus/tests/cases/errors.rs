//! `cases/errors.txt`: every message with its code, exit code and lines.

use gradus::{Failure, Request};

use crate::format::{Case, Cases};

const FILE: &str = "errors.txt";

#[test]
fn messages_are_as_they_were_read_and_approved() {
    let expected = Cases::of(FILE);
    let mut found = expected.clone();
    for case in &mut found.cases {
        let failure = failure(case).unwrap_or_else(|| panic!("[{}] is answered", case.id));
        let mut fields = vec![
            ("exit".to_owned(), failure.exit_code().to_string()),
            ("code".to_owned(), failure.diagnostic.code.to_owned()),
        ];
        fields.extend(failure.text().lines().map(|line| ("line".to_owned(), line.to_owned())));
        case.replace(&["exit", "code", "line"], fields);
    }
    expected.compare_or_bless(FILE, &found);
}

#[test]
fn messages_have_a_place_and_a_hint() {
    for case in &Cases::of(FILE).cases {
        let failure = failure(case).unwrap_or_else(|| panic!("[{}] is answered", case.id));
        let diagnostic = &failure.diagnostic;
        assert!(!diagnostic.message.ends_with('.'), "[{}]", case.id);
        assert_ne!(failure.exit_code(), 3, "[{}]", case.id);
        // What is asked beside the program has no place in it.
        let is_empty = diagnostic.message.ends_with("is empty");
        let beside = case.first("wrt").is_some() || is_empty;
        assert!(beside || !diagnostic.labels.is_empty(), "[{}] has no place", case.id);
        let is_open = diagnostic.class == gradus::Class::Unsupported;
        assert!(is_open || !diagnostic.hints.is_empty(), "[{}] has no hint", case.id);
    }
}

fn failure(case: &Case) -> Option<Failure> {
    let mut request = Request::new(case.one("expr"));
    request.declarations = case.texts("let");
    request.variables = case.texts("wrt");
    request.points = case.texts("at");
    match case.first("command") {
        Some("check") => gradus::check(&request).err(),
        Some("differential") => gradus::differential(&request).err(),
        _ => gradus::diff(&request).err(),
    }
}
