//! Answers as JSON, schema 1.
//!
//! Must not know how answers are found. One variable of differentiation gives one object under
//! `result`, whose source text stands alone; several give lists of the same length under `wrt`, `shape`
//! and `result`, whose source texts use the names under `where`.

use gradus_elaborate::typed::VariableId;
use gradus_notation::print::{Equation, Format};
use serde::Serialize;

use crate::answer::{Answer, Kind};
use crate::failure::Result;
use crate::found::{Found, Part};
use crate::index;
use crate::request::Output;
use crate::steps::StepObject;

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    input: &'a str,
    reading: &'a str,
    wrt: OneOrMany<String>,
    /// The point at which the derivative is.
    #[serde(skip_serializing_if = "String::is_empty")]
    at: String,
    layout: String,
    shape: OneOrMany<String>,
    #[serde(rename = "where")]
    bindings: Vec<Formula>,
    result: OneOrMany<Formula>,
    /// The same in other forms: linear maps, and the differential of the order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    forms: Vec<Formula>,
    conditions: &'a [String],
    steps: Vec<StepObject>,
    verification: Verified,
}

#[derive(Serialize)]
#[serde(untagged)]
enum OneOrMany<T> {
    One(T),
    Many(Vec<T>),
}

#[derive(Serialize)]
struct Formula {
    #[serde(skip_serializing_if = "String::is_empty")]
    name: String,
    text: String,
    source: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    latex: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    mathml: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    typst: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<String>,
}

#[derive(Serialize)]
struct Verified {
    verified: bool,
    verdict: &'static str,
    method: Option<&'static str>,
    sizes: Vec<Vec<u64>>,
    #[serde(skip_serializing_if = "String::is_empty")]
    reason: String,
}

/// The answer as one JSON object.
pub(crate) fn print(answer: &Answer) -> Result<String> {
    print_with_steps(answer, Vec::new())
}

/// The answer with its steps as one JSON object.
pub(crate) fn print_with_steps(answer: &Answer, steps: Vec<StepObject>) -> Result<String> {
    let written = Forms::of(answer);
    let verification = answer.verification();
    // The other forms stand before the results.
    let mut forms = written.results();
    let mut results = forms.split_off(forms.len().saturating_sub(answer.main.found.len()));
    let sources = answer.form_sources();
    for (form, source) in forms.iter_mut().zip(sources) {
        form.source = source;
    }
    // Not every answer has an index form; then the key is left out.
    if let Ok(index) = index::results(answer) {
        for (result, index) in results.iter_mut().zip(index) {
            result.index = Some(index);
        }
    }
    if answer.is_by_indices() {
        results = answer.by_indices.iter().map(|(_, form)| by_indices(&form.text)).collect();
    }
    if let [only] = results.as_mut_slice() {
        only.source = answer.print(Output::Source)?;
    }
    let document = Document {
        schema: 1,
        input: &answer.source,
        reading: answer.reading(),
        wrt: one_or_many(wrt(answer)),
        at: answer.point_text(Format::Source),
        layout: answer.layout.to_string(),
        shape: match answer.kind {
            Kind::Derivative => one_or_many(answer.shapes()),
            Kind::Differential => OneOrMany::One(answer.shapes().remove(0)),
        },
        bindings: written.bindings(),
        result: one_or_many(results),
        forms,
        conditions: answer.conditions(),
        steps,
        verification: Verified {
            verified: verification.verdict.is_verified(),
            verdict: verification.verdict.name(),
            method: verification.method,
            sizes: verification
                .sizes
                .iter()
                .map(|draw| draw.iter().map(|(_, size)| *size).collect())
                .collect(),
            reason: verification.reason.clone(),
        },
    };
    serde_json::to_string(&document).map_err(|error| {
        answer.failure(gradus_diagnostics::Diagnostic::internal(error.to_string()).into())
    })
}

/// The variables; where both Wirtinger derivatives are given, the variable and its conjugate of each.
fn wrt(answer: &Answer) -> Vec<String> {
    let found = &answer.main.found;
    if found.iter().all(Found::is_whole) {
        return answer.variable_names();
    }
    let name = |id: &VariableId| answer.program.tree.variable(*id).name.clone();
    let names = found.iter().map(|found| {
        let part = |(order, id): (usize, &VariableId)| match found.part(order) {
            Part::Conjugate => format!("conj({})", name(id)),
            Part::Whole | Part::Plain => name(id),
        };
        found.by.iter().enumerate().map(part).collect::<Vec<_>>().join(", ")
    });
    names.collect()
}

/// What has an index form only.
fn by_indices(text: &str) -> Formula {
    Formula {
        name: String::new(),
        text: text.to_owned(),
        source: text.to_owned(),
        latex: String::new(),
        mathml: String::new(),
        typst: String::new(),
        index: Some(text.to_owned()),
    }
}

fn one_or_many<T>(mut values: Vec<T>) -> OneOrMany<T> {
    if values.len() == 1 { OneOrMany::One(values.remove(0)) } else { OneOrMany::Many(values) }
}

/// The equations of an answer in every format, in one order.
struct Forms {
    equations: Vec<(Vec<Equation>, Vec<Equation>)>,
    /// What each result that is no array is.
    names: Vec<String>,
}

impl Forms {
    fn of(answer: &Answer) -> Self {
        let formats =
            [Format::Unicode, Format::Source, Format::Latex, Format::MathMl, Format::Typst];
        let view = answer.together();
        let equations = formats.iter().map(|format| answer.view_equations(view, *format));
        let names = view.found.iter().map(|found| answer.form_name(found)).collect();
        Self { equations: equations.collect(), names }
    }

    fn bindings(&self) -> Vec<Formula> {
        let named = |at: usize| self.equations[0].0[at].left.clone();
        (0..self.equations[0].0.len())
            .map(|at| Formula { name: named(at), ..self.formula(|(bindings, _)| &bindings[at]) })
            .collect()
    }

    fn results(&self) -> Vec<Formula> {
        let named = |at: usize| self.names[at].clone();
        (0..self.equations[0].1.len())
            .map(|at| Formula { name: named(at), ..self.formula(|(_, results)| &results[at]) })
            .collect()
    }

    fn formula(&self, pick: impl Fn(&(Vec<Equation>, Vec<Equation>)) -> &Equation) -> Formula {
        let right = |format: usize| pick(&self.equations[format]).right.clone();
        Formula {
            name: String::new(),
            text: right(0),
            source: right(1),
            latex: right(2),
            mathml: right(3),
            typst: right(4),
            index: None,
        }
    }
}
