//! Steps: every golden case has them, verified line by line, from the definition to the printed
//! answer; and how those of worked examples look.
//!
//! Must not know how lines are found.

use gradus::{Answer, Detail, Language, Order, Output, Request, StepLine, StepSection};

use crate::asked::worked;
use crate::format::{Case, Cases, FILES, SEEDS};

/// Asks what a golden case asks.
fn asked(case: &Case) -> gradus::Result<Answer> {
    let mut request = Request::new(case.one("expr")).main_form();
    request.declarations = case.texts("let");
    if case.first("differential").is_some() {
        request.variables = case.texts("vary");
        return gradus::differential(&request);
    }
    request.variables = case.texts("wrt");
    request.order = Order(case.order());
    gradus::diff(&request)
}

/// The lines of all sections.
fn lines(sections: &[StepSection]) -> Vec<&StepLine> {
    sections.iter().flat_map(|section| &section.steps).collect()
}

/// What is wrong with the steps of an answer.
fn fault(answer: &Answer) -> Result<(), String> {
    let told = answer.steps(Detail::Normal, Language::English);
    let (sections, verification) = told.map_err(|failure| failure.text())?;
    if !verification.verdict.is_verified() && answer.verification().verdict.is_verified() {
        return Err(format!("some line is not verified: {verification}"));
    }
    let lines = lines(&sections);
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else {
        return Err("there is no line".to_owned());
    };
    if first.left.contains(['∂', ' ']) {
        return Err(format!("the first line is `{} = {}`", first.left, first.formula));
    }
    let printed = answer.lines();
    let printed = printed.last().map(|line| line.formula.clone()).unwrap_or_default();
    if last.formula != printed {
        return Err(format!("the last line is `{}`, the answer `{printed}`", last.formula));
    }
    for section in &sections {
        for pair in section.steps.windows(2) {
            let goes_on = pair[1].left.is_empty();
            if goes_on && pair[0].formula == pair[1].formula {
                return Err(format!("the line `{}` is repeated", pair[1].formula));
            }
        }
    }
    Ok(())
}

#[test]
fn every_golden_case_has_steps_from_the_definition_to_the_answer() {
    let mut failed = Vec::new();
    for file in SEEDS.iter().chain(&FILES) {
        let cases = Cases::of(file).cases;
        let cases: Vec<&Case> = cases.iter().filter(|case| case.first("expr").is_some()).collect();
        for case in &cases {
            let answer = match asked(case) {
                Ok(answer) => answer,
                Err(failure) => panic!("[{}] {}", case.id, failure.text()),
            };
            if let Err(fault) = fault(&answer) {
                failed.push(format!("[{}] {}: {fault}", case.id, case.one("expr")));
            }
        }
    }
    assert!(failed.is_empty(), "{} faults:\n{}", failed.len(), failed.join("\n"));
}

/// The lines of a worked example as fields of its case.
fn looks(case: &Case) -> Vec<(String, String)> {
    let (answer, detail, language) = worked(case);
    let (sections, verification) =
        answer.steps(detail, language).unwrap_or_else(|failure| panic!("{}", failure.text()));
    assert!(verification.verdict.is_verified(), "[{}] {verification}", case.id);
    let mut fields = Vec::new();
    for section in sections {
        if !section.heading.is_empty() {
            fields.push(("section".to_owned(), section.heading));
        }
        for StepLine { left, formula, reason, .. } in section.steps {
            let equation = if left.is_empty() {
                format!("= {formula}")
            } else {
                format!("{left} = {formula}")
            };
            let text =
                if reason.is_empty() { equation } else { format!("{equation}  |  {reason}") };
            fields.push(("step".to_owned(), text));
        }
    }
    fields
}

#[test]
fn worked_examples_look_as_they_did() {
    let expected = Cases::of("steps.txt");
    let mut found = expected.clone();
    for case in &mut found.cases {
        let fields = looks(case);
        case.replace(&["section", "step"], fields);
    }
    expected.compare_or_bless("steps.txt", &found);
}

/// The answer at the end of one derivation does not shift the rules of the next.
#[test]
fn rules_belong_to_their_lines_in_json() {
    let request = Request::new("x'*A*x + y'*B*y").by("x").by("y").main_form();
    let answer = gradus::diff(&request).unwrap();
    let told = answer.print_steps(Detail::Normal, Language::English, Output::Json, false);
    let value: serde_json::Value = serde_json::from_str(&told.unwrap().0).unwrap();
    let steps = value["steps"].as_array().unwrap();
    let definitions: Vec<_> = steps.iter().filter(|step| step["left"] == "f").collect();
    assert_eq!(definitions.len(), 2);
    for definition in definitions {
        assert_eq!(definition["rule"].as_array().map(Vec::len), Some(0), "{definition}");
    }
    for step in steps {
        let told = step["note"].as_str().unwrap().contains("product rule");
        let named = step["rule"].as_array().unwrap().iter().any(|rule| rule == "product");
        assert_eq!(told, named, "{step}");
    }
}

/// Words of two letters or more in a Chinese text that are neither functions nor names.
fn english_words(text: &str, names: &[String]) -> Vec<String> {
    let words = text.split(|character: char| !character.is_ascii_alphabetic());
    let known = |word: &str| {
        let bare = word.strip_prefix('d').unwrap_or(word);
        gradus_functions::book().lookup(word).is_some()
            || names.iter().any(|name| name == word || name == bare)
            // Operators of mathematics, names of people, and options of the command.
            || ["tr", "vec", "diag", "Re", "Im", "det", "Khatri", "Rao", "convention", "entries", "dA",
                "dB", "dU", "dV", "dX", "dY", "dx", "df", "dF", "dt", "du", "dv", "da", "db", "dZ", "uv",
                "UV", "VU", "ln", "gdx", "AXB", "II", "mn", "exp", "log", "adj", "rank", "sign", "DX"]
                .contains(&word)
    };
    words.filter(|word| word.len() > 3 && !known(word)).map(str::to_owned).collect()
}

/// Whoever asks for Chinese reads no English sentence.
#[test]
fn what_is_said_beside_steps_is_chinese() {
    let mut failed = Vec::new();
    for file in SEEDS.iter().chain(&FILES) {
        for case in Cases::of(file).cases.iter().filter(|case| case.first("expr").is_some()) {
            let Ok(answer) = asked(case) else { panic!("[{}]", case.id) };
            let Ok((sections, verification)) = answer.steps(Detail::Normal, Language::Chinese)
            else {
                continue;
            };
            let mut names: Vec<String> = answer.variable_names();
            names.extend(
                case.one("expr").split(|it: char| !it.is_alphanumeric()).map(str::to_owned),
            );
            let mut said: Vec<String> = Vec::new();
            for section in sections {
                said.push(section.heading);
                said.extend(section.steps.into_iter().map(|step| step.reason));
            }
            said.push(gradus::remarks::reading(answer.reading(), Language::Chinese));
            said.push(gradus::remarks::conditions(answer.conditions(), Language::Chinese));
            said.push(gradus::remarks::verification(&verification, Language::Chinese));
            for note in answer.notes() {
                let text = gradus::remarks::note(note, Language::Chinese, false);
                said.extend(text.lines().next().map(str::to_owned));
            }
            for text in said {
                let words = english_words(&text, &names);
                if !words.is_empty() {
                    failed.push(format!("[{}] {text}: {words:?}", case.id));
                }
            }
        }
    }
    assert!(failed.is_empty(), "{} texts:\n{}", failed.len(), failed.join("\n"));
}
