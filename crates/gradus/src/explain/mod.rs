//! Why the rules hold that derivations cite: their proofs, line by line, each line verified.
//!
//! Must not know which rules there are.

mod reading;

use gradus_derivation::{Rule, written};
use gradus_diagnostics::{Diagnostic, Error, Language, closest};
use gradus_elaborate::typed::{Operation, TypedId};
use gradus_functions::{Proof, ProofLine, book, proved_rules};
use gradus_notation::print::{self, Format};
use gradus_verify::{Expression, Settings, check_equal};

use crate::failure::{Failure, Result};
use crate::request::Output;
use crate::steps::marked;
use crate::verification::Verification;
use reading::{Read, parameters, read};

/// A line of an explanation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReasonLine {
    /// The sides of the equation; none where only words say what is done.
    pub sides: Vec<String>,
    /// Why it holds, or what is done.
    pub reason: String,
}

/// Why a rule holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The name by which it was asked for.
    pub name: String,
    /// What a derivation says that cites the rule; empty of the differential of a function, which the
    /// last line is.
    pub statement: String,
    /// Names for what repeats, with their definitions.
    pub names: Vec<(String, String)>,
    /// The lines; the last equation is the rule.
    pub lines: Vec<ReasonLine>,
    /// Where it holds; empty if everywhere.
    pub condition: String,
    /// The verdict on all lines together.
    pub verification: Verification,
}

/// What is explained.
struct Subject {
    name: String,
    statement: String,
    condition: String,
    proof: &'static Proof,
    declarations: Vec<(String, String)>,
}

/// Why the differential of a function is what it is, or why a rule of derivations holds. A name may be
/// that of both.
///
/// # Errors
/// There is no such rule, or it has no proof because its meaning says it all; or a line does not
/// survive its verification, and then none is given.
pub fn explain(name: &str, output: Output, language: Language) -> Result<Vec<Explanation>> {
    let format = match output {
        Output::Text => Format::Unicode,
        Output::Source => Format::Source,
        Output::Latex => Format::Latex,
        Output::Mathml => Format::MathMl,
        Output::Typst => Format::Typst,
        _ => {
            let message = "an explanation in this form";
            let error = Diagnostic::unsupported(message);
            return Err(Failure::new(error.hint("text, source, latex, mathml or typst"), ""));
        }
    };
    let subjects = subjects(name, format, language)?;
    subjects.into_iter().map(|subject| told(subject, format, language)).collect()
}

/// The names of all that can be explained, with what each says.
#[must_use]
pub fn rules(language: Language) -> Vec<(String, String)> {
    let mut rules = Vec::new();
    for rule in proved_rules() {
        let text = Rule::named(rule.name).map_or("", |rule| rule.text(language));
        rules.push((rule.name.to_owned(), marked(text, Format::Unicode)));
    }
    for (_, function) in book().iter() {
        if !function.proof.is_empty() {
            let text = format!("d({}) = {}", function.usage(), function.differential);
            rules.push((function.name.to_owned(), text));
        }
    }
    rules
}

fn subjects(name: &str, format: Format, language: Language) -> Result<Vec<Subject>> {
    let mut subjects = Vec::new();
    let operator = || book().iter().find(|(_, entry)| entry.name == name).map(|(id, _)| id);
    let function = book().lookup(name).or_else(operator).map(|id| book().get(id));
    if let Some(function) = function.filter(|function| !function.proof.is_empty()) {
        subjects.push(Subject {
            name: function.name.to_owned(),
            statement: String::new(),
            condition: function.condition_on_parameters(),
            proof: &function.proof,
            declarations: parameters(function),
        });
    }
    if let Some(rule) = proved_rules().find(|rule| rule.name == name) {
        let text = Rule::named(name).map_or("", |rule| rule.text(language));
        subjects.push(Subject {
            name: name.to_owned(),
            statement: marked(text, format),
            condition: String::new(),
            proof: &rule.proof,
            declarations: Vec::new(),
        });
    }
    if !subjects.is_empty() {
        return Ok(subjects);
    }
    if let Some(function) = function {
        let message = format!("`{}` has no rule of its own: its meaning gives it", function.name);
        let error = Diagnostic::unsupported(message);
        return Err(Failure::new(error.hint(format!("gradus functions {}", function.name)), ""));
    }
    let error = Diagnostic::bad_input("name", format!("there is no rule `{name}`"));
    let rules = proved_rules().map(|rule| rule.name);
    let error = match closest(name, rules.chain(book().names().iter().copied())) {
        Some(near) => error.hint(format!("did you mean {near}?")),
        None => error.hint("all of them: gradus explain"),
    };
    Err(Failure::new(error, ""))
}

fn told(subject: Subject, format: Format, language: Language) -> Result<Explanation> {
    let failure = |error: Error| Failure::new(*error, "");
    let read = read(subject.proof, &subject.declarations).map_err(failure)?;
    let mut lines = Vec::with_capacity(read.sides.len());
    let mut verdicts = Vec::new();
    for (line, sides) in subject.proof.lines.iter().zip(&read.sides) {
        if let Some(verdict) = verify(&read, sides) {
            let verdict = verdict.map_err(|()| refuted(line))?;
            verdicts.push(verdict);
        }
        lines.push(ReasonLine {
            sides: texts(&read, sides, format).map_err(failure)?,
            reason: match language {
                Language::English => line.english,
                Language::Chinese => line.chinese,
            }
            .to_owned(),
        });
    }
    let mut names = Vec::with_capacity(read.program.bindings.len());
    for (name, id) in &read.program.bindings {
        if let Operation::Binding { value, .. } = read.program.tree.node(*id).operation {
            names.extend(
                texts(&read, &[*id, value], format)
                    .map_err(failure)?
                    .chunks_exact(2)
                    .map(|pair| (pair[0].clone(), pair[1].clone())),
            );
        } else {
            names.push((name.clone(), String::new()));
        }
    }
    Ok(Explanation {
        name: subject.name,
        statement: subject.statement,
        names,
        lines,
        condition: subject.condition,
        verification: Verification::of_all(verdicts),
    })
}

/// The verdict on a line; nothing if there is nothing to verify.
fn verify(read: &Read, sides: &[TypedId]) -> Option<std::result::Result<Verification, ()>> {
    let side = |root: &TypedId| Expression { tree: &read.program.tree, root: *root };
    let sides: Vec<Expression<'_>> = sides.iter().map(side).collect();
    if sides.is_empty() {
        return None;
    }
    let verdict = check_equal(&sides, &Settings::default());
    Some(if verdict.is_refuted() { Err(()) } else { Ok(Verification::from(&verdict)) })
}

fn refuted(line: &ProofLine) -> Failure {
    let message = format!("a line of the proof is refuted: {}", line.formula);
    Failure::new(Diagnostic::internal(message).hint("this is a defect of Gradus"), "")
}

fn texts(
    read: &Read,
    roots: &[TypedId],
    format: Format,
) -> gradus_diagnostics::Result<Vec<String>> {
    let (tree, formulas) = written(&read.program.tree, roots)?;
    Ok(formulas.iter().map(|formula| print::formula(&tree, *formula, format)).collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use gradus_elaborate::Source;
    use gradus_syntax::parse_with;

    use super::*;

    #[test]
    fn what_is_proved_is_the_differential_of_the_entry() {
        for (_, function) in book().iter().filter(|(_, function)| !function.proof.is_empty()) {
            let mut read = read(&function.proof, &parameters(function)).unwrap();
            let proved = read.sides.iter().rfind(|sides| !sides.is_empty()).unwrap()[1];
            let names: Vec<String> =
                read.program.tree.variables.iter().map(|variable| variable.name.clone()).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let text = function.differential;
            let (tree, _) = parse_with(text, &names).into_result().unwrap();
            let stated = read.program.read_back(&Source::new(text, &tree)).unwrap().result;
            let verdict = verify(&read, &[stated, proved]).unwrap();
            assert!(verdict.unwrap().verdict.is_verified(), "{}", function.name);
        }
    }
}
