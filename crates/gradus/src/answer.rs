//! An answer: formulas on a page, and how they are printed.
//!
//! Must not know how the formulas were found.

use gradus_diagnostics::Diagnostic;
use gradus_elaborate::Program;
use gradus_elaborate::lower::{Lowered, Value};
use gradus_elaborate::typed::VariableId;
use gradus_notation::arena::NotationTree;
use gradus_notation::print::{self, Format, Left, Look, Subject};
use gradus_notation::raise::{Goal, RaiseOptions};
use gradus_notation::tree::{Page, Shape};

use crate::failure::{Failure, Result};
use crate::note::Note;
use crate::request::{Layout, Output, Verify};
use crate::variables::Skipped;
use crate::verification::Verification;
use crate::{code, index, json};

/// One line of an answer as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The left side, such as `∂f/∂w`, or a name with `where` before the first one.
    pub name: String,
    /// The right side.
    pub formula: String,
    /// Shape and layout; empty for a binding.
    pub note: String,
}

/// What was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Derivative,
    Differential,
}

/// What the calculus found.
pub(crate) struct Outcome {
    pub(crate) kind: Kind,
    /// The results in the layout asked for.
    pub(crate) goals: Vec<Goal>,
    /// The results in mixed layout.
    pub(crate) upright: Vec<Goal>,
    /// The function itself.
    pub(crate) function: Value,
}

/// A derivative or differential, verified, ready to be printed in every form.
pub struct Answer {
    pub(crate) reading: String,
    pub(crate) notes: Vec<Note>,
    pub(crate) conditions: Vec<String>,
    pub(crate) source: String,
    pub(crate) program: Program,
    pub(crate) lowered: Lowered,
    pub(crate) layout: Layout,
    pub(crate) variables: Vec<VariableId>,
    pub(crate) skipped: Vec<Skipped>,
    pub(crate) outcome: Outcome,
    pub(crate) options: RaiseOptions,
    pub(crate) tree: NotationTree,
    pub(crate) page: Page,
    pub(crate) verify: Verify,
    pub(crate) verification: Verification,
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Answer")
            .field("verification", &self.verification)
            .finish_non_exhaustive()
    }
}

impl Answer {
    /// How the names were read that were not fully declared; empty if all were.
    #[must_use]
    pub fn reading(&self) -> &str {
        &self.reading
    }

    /// Hints beside the answer.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// Variables that were left out.
    #[must_use]
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    /// Under which conditions the answer holds.
    #[must_use]
    pub fn conditions(&self) -> &[String] {
        &self.conditions
    }

    /// The verdict of the oracles.
    #[must_use]
    pub fn verification(&self) -> &Verification {
        &self.verification
    }

    /// The variables of differentiation.
    #[must_use]
    pub fn variable_names(&self) -> Vec<String> {
        let name = |id: &VariableId| self.program.tree.variable(*id).name.clone();
        self.variables.iter().map(name).collect()
    }

    /// The shape of each result, such as `m×n`.
    #[must_use]
    pub fn shapes(&self) -> Vec<String> {
        self.page.results.iter().map(|result| self.shape(*result)).collect()
    }

    /// The lines of the answer in Unicode text: bindings first.
    #[must_use]
    pub fn lines(&self) -> Vec<Line> {
        let (bindings, results) = self.equations(Format::Unicode);
        let mut lines: Vec<Line> = bindings
            .into_iter()
            .enumerate()
            .map(|(position, equation)| Line {
                name: if position == 0 {
                    format!("where {}", equation.left)
                } else {
                    equation.left
                },
                formula: equation.right,
                note: String::new(),
            })
            .collect();
        for (equation, result) in results.into_iter().zip(&self.page.results) {
            let shape = self.shape(*result);
            let note = match self.outcome.kind {
                Kind::Derivative => format!("{shape}, {} layout", self.layout),
                Kind::Differential => shape,
            };
            lines.push(Line { name: equation.left, formula: equation.right, note });
        }
        lines
    }

    /// The answer in a form of output.
    ///
    /// # Errors
    /// What the form cannot express is refused, and code that does not survive its verification is
    /// never given.
    pub fn print(&self, output: Output) -> Result<String> {
        match output {
            Output::Text => {
                let lines = self.lines();
                let line = |line: &Line| format!("{} = {}", line.name, line.formula);
                Ok(lines.iter().map(line).collect::<Vec<_>>().join("\n"))
            }
            Output::Source => Ok(self.source_text()),
            Output::Latex => Ok(self.document(Format::Latex)),
            Output::Mathml => Ok(self.document(Format::MathMl)),
            Output::Typst => Ok(self.document(Format::Typst)),
            Output::Index => index::print(self),
            Output::Json => json::print(self),
            Output::Numpy => Ok(code::numpy(self)?.0),
        }
    }

    /// The answer in a form of output, with the verdict on just that: of code the verdict on its
    /// statements, of every other form the one on the answer.
    ///
    /// # Errors
    /// As for [`Answer::print`]; and with [`Verify::OnPrint`] forms other than code are refused, for
    /// nothing has verified them.
    pub fn print_verified(&self, output: Output) -> Result<(String, Verification)> {
        if output == Output::Numpy {
            return code::numpy(self);
        }
        if self.verify == Verify::OnPrint {
            let message = "only code is verified as it is printed";
            return Err(self.failure(Diagnostic::unsupported(message).into()));
        }
        Ok((self.print(output)?, self.verification.clone()))
    }

    /// One result as a formula; several as one statement a line.
    fn source_text(&self) -> String {
        if let [only] = self.page.results.as_slice() {
            let page = Page { bindings: self.page.bindings.clone(), results: vec![*only] };
            return print::source_page(&self.tree, &page);
        }
        let mut lines: Vec<String> = Vec::new();
        for binding in &self.page.bindings {
            lines.push(format!(
                "{} = {}",
                binding.name,
                print::source(&self.tree, binding.formula)
            ));
        }
        for (name, result) in self.variable_names().iter().zip(&self.page.results) {
            let label = self.fresh(&format!("gradient_{name}"));
            lines.push(format!("{label} = {}", print::source(&self.tree, *result)));
        }
        lines.join("\n")
    }

    /// A name that nothing else has.
    pub(crate) fn fresh(&self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let taken = |name: &str| {
            self.options.reserved.iter().any(|other| other == name)
                || self.page.bindings.iter().any(|binding| binding.name == name)
        };
        while taken(&name) {
            name.push('_');
        }
        name
    }

    fn document(&self, format: Format) -> String {
        self.with_lines(|tree, answer| print::answer(tree, answer, format))
    }

    pub(crate) fn equations(&self, format: Format) -> (Vec<print::Equation>, Vec<print::Equation>) {
        self.with_lines(|tree, answer| print::equations(tree, answer, format))
    }

    fn with_lines<T>(&self, then: impl FnOnce(&NotationTree, &print::Answer<'_>) -> T) -> T {
        let names = self.variable_names();
        let function = self.function_name();
        let shape = self.program.results.first().map(|id| self.program.tree.shape(*id));
        let of = Subject {
            text: &function,
            look: shape.map_or(Look::Scalar, |shape| {
                Look::of(Shape { rows: shape.rows, columns: shape.columns })
            }),
        };
        let look = |id: &VariableId| {
            let shape = self.program.tree.variable(*id).shape;
            Look::of(Shape { rows: shape.rows, columns: shape.columns })
        };
        let lines: Vec<print::Line<'_>> = match self.outcome.kind {
            Kind::Differential => {
                let line = |right: &_| print::Line {
                    left: Left::Differential(of),
                    right: *right,
                    note: "",
                };
                self.page.results.iter().map(line).collect()
            }
            Kind::Derivative => self
                .page
                .results
                .iter()
                .zip(names.iter().zip(&self.variables))
                .map(|(right, (name, id))| print::Line {
                    left: Left::Derivative {
                        of,
                        by: Subject { text: name, look: look(id) },
                        stacked: false,
                    },
                    right: *right,
                    note: "",
                })
                .collect(),
        };
        let answer =
            print::Answer { bindings: &self.page.bindings, lines: &lines, where_word: "where" };
        then(&self.tree, &answer)
    }

    /// What the function is called on the left side: `f`, or the next letter that is free.
    pub(crate) fn function_name(&self) -> String {
        let matrix = self.program.results.first().is_some_and(|id| {
            let shape = self.program.tree.shape(*id);
            Look::of(Shape { rows: shape.rows, columns: shape.columns }) == Look::Matrix
        });
        let letters: &[&str] =
            if matrix { &["F", "G", "H", "Phi"] } else { &["f", "g", "h", "phi"] };
        let taken = |name: &str| self.options.reserved.iter().any(|other| other == name);
        let free = letters.iter().find(|name| !taken(name));
        free.map_or_else(|| self.fresh(letters[0]), |name| (*name).to_owned())
    }

    fn shape(&self, result: gradus_notation::tree::NotationId) -> String {
        let shape = self.tree.shape(result);
        if shape.is_scalar() {
            return "scalar".to_owned();
        }
        let side = |size| {
            let text = self.tree.dimensions.display(size);
            if text.contains(['+', '-']) { format!("({text})") } else { text.replace('*', "") }
        };
        format!("{}×{}", side(shape.rows), side(shape.columns))
    }

    /// A message of a layer about this answer.
    pub(crate) fn failure(&self, error: Box<Diagnostic>) -> Failure {
        Failure::new(error, "")
    }
}
