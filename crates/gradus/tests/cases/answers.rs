//! `cases/answers.txt`, `cases/derivatives.txt`, `cases/structures.txt` and `cases/vocabulary.txt`: how
//! answers look.

use gradus::Output;

use crate::asked::{FILES, answer};
use crate::format::{Case, Cases};

#[test]
fn answers_look_as_they_were_read_and_approved() {
    for file in FILES {
        let expected = Cases::of(file);
        let mut found = expected.clone();
        for case in &mut found.cases {
            let fields = fields(case).unwrap_or_else(|failure| panic!("[{}] {failure}", case.id));
            case.replace(&["reading", "source", "text"], fields);
        }
        expected.compare_or_bless(file, &found);
    }
}

fn fields(case: &Case) -> gradus::Result<Vec<(String, String)>> {
    let answer = answer(case)?;
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
