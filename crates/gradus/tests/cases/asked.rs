//! What the golden answers ask.
//!
//! Must not know what is made of the answers.

use gradus::{Detail, Language, Request};

use crate::format::Case;

/// The files of golden answers.
pub(crate) const FILES: [&str; 6] = [
    "answers.txt",
    "complex-orders.txt",
    "derivatives.txt",
    "points.txt",
    "structures.txt",
    "vocabulary.txt",
];

/// Asks what a case asks.
pub(crate) fn answer(case: &Case) -> gradus::Result<gradus::Answer> {
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
    request.points = case.texts("at");
    request.stack = case.first("stack") == Some("yes");
    match case.first("command") {
        Some("differential") => gradus::differential(&request),
        _ => gradus::diff(&request),
    }
}

/// The answer of a worked example, and how its steps are shown.
pub(crate) fn worked(case: &Case) -> (gradus::Answer, Detail, Language) {
    let mut request = Request::new(case.one("expr")).main_form();
    request.declarations = case.texts("let");
    request.variables = case.texts("wrt");
    request.order = gradus::Order(case.order());
    let answer = match case.first("command") {
        Some("differential") => gradus::differential(&request),
        _ => gradus::diff(&request),
    };
    let answer = answer.unwrap_or_else(|failure| panic!("[{}] {}", case.id, failure.text()));
    let language = match case.first("lang") {
        Some("zh") => Language::Chinese,
        _ => Language::English,
    };
    let detail = match case.first("detail") {
        Some("brief") => Detail::Brief,
        Some("full") => Detail::Full,
        _ => Detail::Normal,
    };
    (answer, detail, language)
}
