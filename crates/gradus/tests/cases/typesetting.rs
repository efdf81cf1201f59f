//! All golden answers in LaTeX, read by an independent renderer.
//!
//! Must not know how LaTeX is written.

use gradus::Output;
use pulldown_latex::{Parser, RenderConfig, Storage, push_mathml};

use crate::asked::{FILES, answer};
use crate::format::Cases;

#[test]
fn latex_is_understood() {
    let mut refused = Vec::new();
    for case in FILES.iter().flat_map(|file| Cases::of(file).cases) {
        let answer = answer(&case).unwrap_or_else(|failure| panic!("[{}] {failure}", case.id));
        let latex = answer.print(Output::Latex).unwrap();
        let storage = Storage::new();
        let events: Result<Vec<_>, _> = Parser::new(&latex, &storage).collect();
        if let Err(error) = events {
            refused.push(format!("[{}] {error}\n{latex}", case.id));
            continue;
        }
        let mut rendered = String::new();
        push_mathml(&mut rendered, Parser::new(&latex, &storage), RenderConfig::default()).unwrap();
        if rendered.contains("<merror") {
            refused.push(format!("[{}]\n{latex}\n{rendered}", case.id));
        }
    }
    assert!(refused.is_empty(), "{} refused:\n{}", refused.len(), refused.join("\n\n"));
}
