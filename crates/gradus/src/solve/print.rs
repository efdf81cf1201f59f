//! A solution in a form of output.
//!
//! Must not know how it was found.

use gradus_diagnostics::{Diagnostic, Language};
use gradus_notation::print::{self, Format};
use gradus_notation::tree::NotationId;
use serde_json::{Value, json};

use super::{Outcome, Solving, failure};
use crate::failure::Result;
use crate::request::Output;

impl Solving {
    /// The solution in a form of output.
    ///
    /// # Errors
    /// What the form cannot express.
    pub fn print(&self, output: Output, language: Language) -> Result<String> {
        match output {
            Output::Text => Ok(self
                .rows(language)
                .iter()
                .map(|row| format!("{}  {}", row.label, row.text))
                .collect::<Vec<_>>()
                .join("\n")),
            Output::Source => Ok(self.formulas(Format::Source)),
            Output::Latex => Ok(self.formulas(Format::Latex)),
            Output::Mathml => Ok(self.formulas(Format::MathMl)),
            Output::Typst => Ok(self.formulas(Format::Typst)),
            Output::Numpy => self.module(),
            Output::Json => Ok(self.json(language)),
            Output::Index => {
                let message = "solutions hold inverses, which have no index form";
                Err(failure(Diagnostic::unsupported(message).hint("--emit source")))
            }
        }
    }

    /// The equations of the answer: values of the unknowns, or next points.
    fn equations(&self) -> Vec<(NotationId, NotationId)> {
        let atom = |unknown: usize| self.unknowns[unknown].atom;
        match &self.outcome {
            Outcome::Solved(solved) => {
                let found = self.in_order(solved);
                found.iter().map(|it| (atom(it.unknown), it.stated)).collect()
            }
            _ => self.iterations.iter().map(|it| (atom(it.unknown), it.next)).collect(),
        }
    }

    /// The unknowns that were asked for, an equation a line.
    fn formulas(&self, format: Format) -> String {
        let line = |(left, right): (NotationId, NotationId)| {
            let (left, right) = (
                print::formula(&self.tree, left, format),
                print::formula(&self.tree, right, format),
            );
            match format {
                Format::MathMl => format!("{left}<mo>=</mo>{right}"),
                _ => format!("{left} = {right}"),
            }
        };
        self.equations().into_iter().map(line).collect::<Vec<_>>().join("\n")
    }

    fn json(&self, language: Language) -> String {
        let forms = |id: NotationId| {
            json!({
                "text": print::formula(&self.tree, id, Format::Unicode),
                "source": print::formula(&self.tree, id, Format::Source),
                "latex": print::formula(&self.tree, id, Format::Latex),
                "mathml": print::formula(&self.tree, id, Format::MathMl),
                "typst": print::formula(&self.tree, id, Format::Typst),
            })
        };
        let results: Vec<Value> = self
            .equations()
            .into_iter()
            .map(|(left, right)| {
                json!({"unknown": print::source(&self.tree, left), "value": forms(right)})
            })
            .collect();
        let rows: Vec<Value> = self
            .rows(language)
            .into_iter()
            .map(|row| json!({"label": row.label, "text": row.text, "note": row.note}))
            .collect();
        let steps: Vec<Value> = self
            .steps(language)
            .into_iter()
            .map(|step| {
                json!({
                    "left": step.left, "right": step.right,
                    "rule": step.rules, "note": step.reason,
                })
            })
            .collect();
        let conditions = match &self.outcome {
            Outcome::Solved(solved) => self.condition_list(solved, language),
            _ => Vec::new(),
        };
        let outcome = match &self.outcome {
            Outcome::Solved(_) => "solved",
            Outcome::Step => "step",
            Outcome::None(_) | Outcome::NoExtremum(_) => "none",
            Outcome::Open { .. } => "open",
        };
        let verification = self.verification();
        json!({
            "schema": 1,
            "input": self.source,
            "reading": self.reading,
            "outcome": outcome,
            "result": results,
            "rows": rows,
            "conditions": conditions,
            "steps": steps,
            "verification": {
                "verified": verification.verdict.is_verified(),
                "verdict": verification.verdict.name(),
                "method": verification.method,
            },
        })
        .to_string()
    }
}
