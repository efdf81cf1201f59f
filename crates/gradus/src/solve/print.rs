//! A solution in a form of output.
//!
//! Must not know how it was found.

use gradus_diagnostics::{Diagnostic, Language};
use gradus_notation::print::{self, Format};

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
            Output::Index | Output::Json | Output::Numpy => {
                let message = "solutions in this form are not supported yet";
                Err(failure(Diagnostic::unsupported(message)))
            }
        }
    }

    /// The unknowns that were asked for, an equation a line.
    fn formulas(&self, format: Format) -> String {
        let Outcome::Solved(solved) = &self.outcome else { return String::new() };
        let mut lines = Vec::new();
        for solution in self.in_order(solved) {
            let atom = self.unknowns[solution.unknown].atom;
            let left = print::formula(&self.tree, atom, format);
            let right = print::formula(&self.tree, solution.stated, format);
            lines.push(match format {
                Format::MathMl => format!("{left}<mo>=</mo>{right}"),
                _ => format!("{left} = {right}"),
            });
        }
        lines.join("\n")
    }
}
