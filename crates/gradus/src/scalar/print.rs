//! A value in a form of output.
//!
//! Must not know how it was found.

use gradus_diagnostics::{Diagnostic, Language};
use gradus_notation::print::{self, Format};
use serde_json::json;

use super::Valued;
use crate::failure::{Failure, Result};
use crate::request::Output;

impl Valued {
    /// The value in a form of output.
    ///
    /// # Errors
    /// What the form cannot express.
    pub fn print(&self, output: Output, language: Language) -> Result<String> {
        let formula = |format| print::formula(&self.tree, self.formula, format);
        match output {
            Output::Text => Ok(formula(Format::Unicode)),
            Output::Source => Ok(formula(Format::Source)),
            Output::Latex => Ok(formula(Format::Latex)),
            Output::Mathml => Ok(formula(Format::MathMl)),
            Output::Typst => Ok(formula(Format::Typst)),
            Output::Json => Ok(self.json(language)),
            Output::Index | Output::Numpy => {
                let message = "a value in this form is not supported yet";
                Err(Failure::new(Diagnostic::unsupported(message), ""))
            }
        }
    }

    fn json(&self, language: Language) -> String {
        let formula = |format| print::formula(&self.tree, self.formula, format);
        let steps: Vec<_> = self
            .steps(language)
            .iter()
            .map(|step| json!({"before": step.left, "after": step.right, "rule": step.reason}))
            .collect();
        let value = json!({
            "schema": 1,
            "input": self.input,
            "reading": self.reading,
            "result": {
                "text": formula(Format::Unicode),
                "source": formula(Format::Source),
                "latex": formula(Format::Latex),
                "mathml": formula(Format::MathMl),
                "typst": formula(Format::Typst),
            },
            "conditions": self.conditions(language),
            "remarks": self.remarks(language),
            "constant_of_integration": self.has_constant,
            "steps": steps,
            "verification": {
                "verdict": self.verification.verdict.name(),
                "method": self.verification.method,
            },
        });
        format!("{value:#}")
    }
}
