//! An answer: formulas on a page, and how they are printed.
//!
//! Must not know how the formulas were found.

use std::collections::HashSet;

use gradus_calculus::is_real_space;
use gradus_derivation::Detail;
use gradus_diagnostics::{Class, Diagnostic, Language};
use gradus_elaborate::Program;
use gradus_elaborate::lower::{Lowered, Value};
use gradus_elaborate::typed::VariableId;
use gradus_notation::arena::NotationTree;
use gradus_notation::print::{self, Format, Left, Look, Subject};
use gradus_notation::raise::RaiseOptions;
use gradus_notation::tree::{Page, Shape};
use gradus_tensor::Scaled;
use gradus_verify::Remainder;

use crate::failure::{Failure, Result};
use crate::found::{FormulaKind, Found, Part, View};
use crate::index::IndexForm;
use crate::note::Note;
use crate::request::{Convention, Layout, Output, Stacking, Verify};
use crate::steps::{self, StepSection};
use crate::variables::Skipped;
use crate::verification::Verification;
use crate::{code, definition, derive, index, json, points, structures, verify};

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

/// A derivative or differential, verified, ready to be printed in every form.
pub struct Answer {
    pub(crate) reading: String,
    pub(crate) notes: Vec<Note>,
    pub(crate) conditions: Vec<String>,
    pub(crate) source: String,
    pub(crate) program: Program,
    pub(crate) lowered: Lowered,
    pub(crate) kind: Kind,
    pub(crate) layout: Layout,
    pub(crate) stacking: Stacking,
    pub(crate) convention: Convention,
    pub(crate) variables: Vec<VariableId>,
    /// The values of variables at the point where the derivative is.
    pub(crate) point: Option<(NotationTree, Page)>,
    /// The function at the point, if it has a value there.
    pub(crate) function_there: Option<Scaled>,
    /// The direction that the derivative is multiplied by.
    pub(crate) direction: Option<String>,
    pub(crate) skipped: Vec<Skipped>,
    /// The function itself.
    pub(crate) function: Value,
    /// Whether it is known to be real.
    pub(crate) is_real: bool,
    /// The derivatives in mixed layout with stacked columns, from which code is made.
    pub(crate) upright: Vec<Found>,
    /// Those of them that are stacked as linear maps of the last differential, as far as needed.
    pub(crate) upright_maps: Vec<Found>,
    pub(crate) options: RaiseOptions,
    /// The answer.
    pub(crate) main: View,
    /// The answer on one page with the other forms that say the same.
    pub(crate) together: Option<View>,
    /// The index form of results whose arrays have no matrix form, with the places of the results.
    pub(crate) by_indices: Vec<(usize, IndexForm)>,
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
        let View { page, found, .. } = &self.main;
        let each = page.results.iter().zip(found);
        each.map(|(result, found)| shape(&self.main, *result, found)).collect()
    }

    /// How the function leaves the linear part that the answer gives it, for shorter and shorter steps
    /// at a random point.
    ///
    /// # Errors
    /// Derivatives of several forms are not supported; a function may be finite around no point that is
    /// tried.
    pub fn remainder(&self) -> Result<Remainder> {
        verify::remainder(self)
    }

    /// The program as it was asked.
    #[must_use]
    pub fn program(&self) -> &str {
        &self.source
    }

    /// The order of the derivative.
    #[must_use]
    pub fn order(&self) -> usize {
        match self.main.found.first() {
            Some(Found { kind: FormulaKind::Differential { order }, .. }) => usize::from(*order),
            Some(Found { kind: FormulaKind::Gradient, .. }) | None => 1,
            Some(found) => found.by.len(),
        }
    }

    /// The lines of the answer in Unicode text: bindings first, and linear maps and differentials
    /// before the arrays that they stand for.
    #[must_use]
    pub fn lines(&self) -> Vec<Line> {
        let view = self.together();
        let (bindings, results) = self.view_equations(view, Format::Unicode);
        let binding = |(position, equation): (usize, print::Equation)| {
            let word = if position == 0 { "where " } else { "" };
            Line {
                name: format!("{word}{}", equation.left),
                formula: equation.right,
                note: String::new(),
            }
        };
        let mut lines: Vec<Line> = bindings.into_iter().enumerate().map(binding).collect();
        let results = results.into_iter().zip(view.page.results.iter().zip(&view.found));
        lines.extend(results.map(|(equation, (result, found))| Line {
            name: equation.left,
            formula: equation.right,
            note: self.remark(found, &shape(view, *result, found)),
        }));
        lines.extend(self.by_indices.iter().map(|(_, form)| form.line()));
        lines
    }

    /// Takes up the index form of arrays that have no matrix form, with the verdict on it.
    ///
    /// # Errors
    /// An index form is refuted.
    pub(crate) fn tell_by_indices(&mut self, arrays: Vec<(usize, Found)>) -> Result<()> {
        let alone = self.is_by_indices();
        let mut verdict: Option<Verification> = None;
        for (at, found) in arrays {
            let (form, own) = match index::form_of(self, &found) {
                Ok(told) => told,
                Err(error) if !alone && error.diagnostic.class != Class::Internal => continue,
                Err(error) => return Err(error),
            };
            verdict = Some(match verdict {
                Some(before) => before.and(own),
                None => own,
            });
            self.by_indices.push((at, form));
        }
        if let (Some(verdict), true) = (verdict, self.verify == Verify::Yes) {
            self.verification = match alone {
                true => verdict,
                false => self.verification.clone().and(verdict),
            };
        }
        Ok(())
    }

    /// Whether nothing but an index form is given.
    pub(crate) fn is_by_indices(&self) -> bool {
        self.main.page.results.is_empty()
    }

    /// The index form where it is all there is.
    fn index_text(&self) -> Option<String> {
        let text = |(_, form): &(usize, IndexForm)| form.text.clone();
        let all = || self.by_indices.iter().map(text).collect::<Vec<_>>().join("\n");
        (self.is_by_indices() && !self.by_indices.is_empty()).then(all)
    }

    /// The steps to each result, every line verified.
    ///
    /// # Errors
    /// What has no steps, and lines that do not survive their verification.
    pub fn steps(
        &self,
        detail: Detail,
        language: Language,
    ) -> Result<(Vec<StepSection>, Verification)> {
        let all = steps::steps(self, detail)?;
        let told = steps::sections(self, &all, Format::Unicode, language);
        Ok((told, steps::verdict(self, &all)))
    }

    /// The steps in a form of output; `standalone` makes a document of what else would be a part of one.
    ///
    /// # Errors
    /// As for [`Answer::steps`], and forms of output that have no steps.
    pub fn print_steps(
        &self,
        detail: Detail,
        language: Language,
        output: Output,
        standalone: bool,
    ) -> Result<(String, Verification)> {
        steps::refuse_format(self, output)?;
        let all = steps::steps(self, detail)?;
        let how = (language, standalone);
        let text = steps::document(self, &all, &|_| Ok(Vec::new()), output, how)?;
        Ok((text, steps::verdict(self, &all)))
    }

    /// The same, with the way from the definition of the differential before it.
    ///
    /// # Errors
    /// As for [`Answer::print_steps`] and [`Answer::definition`].
    pub fn print_steps_from_definition(
        &self,
        detail: Detail,
        language: Language,
        output: Output,
        standalone: bool,
    ) -> Result<(String, Verification)> {
        steps::refuse_format(self, output)?;
        let all = steps::steps(self, detail)?;
        let (_, verdict) = self.definition(language)?;
        let before = |format| Ok(definition::definition(self, format, language)?.0);
        let text = steps::document(self, &all, &before, output, (language, standalone))?;
        Ok((text, verdict.and(steps::verdict(self, &all))))
    }

    /// How the differential follows from its definition: the part of first order of the change of a
    /// polynomial, every line verified.
    ///
    /// # Errors
    /// The function is no polynomial in its variables, or the derivative is of higher order.
    pub fn definition(&self, language: Language) -> Result<(Vec<StepSection>, Verification)> {
        definition::definition(self, Format::Unicode, language)
    }

    /// Shape, stacking and layout of a formula.
    fn remark(&self, found: &Found, shape: &str) -> String {
        let stacking = match self.stacking {
            Stacking::Columns => "columns stacked",
            Stacking::Rows => "rows stacked",
        };
        match found.kind {
            FormulaKind::Array { stacked } => {
                let stacking = if stacked { format!(", {stacking}") } else { String::new() };
                let structure = self.structure_note(found) + &self.part_note(found);
                format!("{shape}{stacking}, {} layout{structure}", self.layout)
            }
            FormulaKind::Gradient => format!("{shape}, {} layout", self.layout),
            FormulaKind::Map { stacked } => {
                let map = match &self.direction {
                    Some(direction) => {
                        format!("{shape}, with {} = {direction}", differential(self, found))
                    }
                    None => format!("{shape}, linear map of {}", self.parameter(found)),
                };
                if stacked { format!("{map}, {stacking}") } else { map }
            }
            FormulaKind::Differential { order: 1 } => shape.to_owned(),
            FormulaKind::Differential { order } => {
                let form = match order {
                    2 => "quadratic form".to_owned(),
                    order => format!("form of degree {order}"),
                };
                let curved = |id: &VariableId| {
                    gradus_calculus::is_curved(self.program.tree.variable(*id).structure)
                };
                let along = if found.by.iter().any(curved) { ", along geodesics" } else { "" };
                format!("{shape}, {form}{along}")
            }
        }
    }

    /// The answer in a form of output.
    ///
    /// # Errors
    /// What the form cannot express is refused, and code that does not survive its verification is
    /// never given.
    pub fn print(&self, output: Output) -> Result<String> {
        if let Some(text) = self.index_text() {
            match output {
                Output::Source => return Ok(text),
                Output::Latex | Output::Mathml | Output::Typst => {
                    let message = "a tensor without a matrix form in mathematical notation";
                    let error = Diagnostic::unsupported(message);
                    let error = error.hint("--emit text and --emit index have its index form");
                    return Err(self.failure(error.into()));
                }
                Output::Text | Output::Index | Output::Json | Output::Numpy => {}
            }
        }
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
            Output::Index => Ok(index::print(self)?.0),
            Output::Json => json::print(self),
            Output::Numpy => Ok(code::numpy(self)?.0),
        }
    }

    /// The answer in a form of output, with the verdict on just that: of code the verdict on its
    /// statements, of every other form the one on the answer.
    ///
    /// # Errors
    /// As for [`Answer::print`]; and with [`Verify::OnPrint`] forms other than code and index form are
    /// refused, for nothing has verified them.
    pub fn print_verified(&self, output: Output) -> Result<(String, Verification)> {
        if output == Output::Numpy {
            return code::numpy(self);
        }
        if output == Output::Index {
            return index::print(self);
        }
        if self.verify == Verify::OnPrint {
            let message = "only code and index forms are verified as they are printed";
            return Err(self.failure(Diagnostic::unsupported(message).into()));
        }
        Ok((self.print(output)?, self.verification.clone()))
    }

    /// One result as a formula; several as one statement a line.
    fn source_text(&self) -> String {
        let View { tree, page, found } = &self.main;
        if let ([_], [only]) = (page.results.as_slice(), found.as_slice())
            && only.goal.member.is_none()
        {
            return match only.kind {
                FormulaKind::Map { .. } if self.direction.is_none() => {
                    let parameter = self.parameter(only);
                    print::source_linear_map(tree, &[&parameter], page)
                }
                _ => print::source_page(tree, page),
            };
        }
        let mut lines: Vec<String> = Vec::new();
        for binding in &page.bindings {
            let index = binding.index.as_ref().map(|index| format!("[{index}]"));
            let name = format!("{}{}", binding.name, index.unwrap_or_default());
            lines.push(format!("{name} = {}", print::source(tree, binding.formula)));
        }
        let taken = self.taken_names();
        for (found, result) in found.iter().zip(&page.results) {
            let mut label = fresh_among(&taken, &self.label(found));
            if let Some((_, index)) = &found.goal.member {
                label.push_str(&format!("[{index}]"));
            }
            lines.push(format!("{label} = {}", print::source(tree, *result)));
        }
        lines.join("\n")
    }

    /// How a derivative is projected; a part of one is not.
    fn structure_note(&self, found: &Found) -> String {
        match found.parts.first() {
            Some(Part::Plain) if found.by.len() == 1 => String::new(),
            _ => structures::note(self, found),
        }
    }

    /// What a derivative by a complex variable is.
    fn part_note(&self, found: &Found) -> String {
        let variable = |id: &VariableId| self.program.tree.variable(*id);
        let complex = found.by.iter().find(|id| variable(id).complex);
        let part = if found.is_whole() { Part::Whole } else { Part::Plain };
        match (part, complex) {
            (Part::Whole, Some(id)) if is_real_space(variable(id).structure) => String::new(),
            (Part::Whole, Some(id)) => {
                let (function, variable) = (self.function_name(), self.variable_name(*id));
                format!(", 2∂{function}/∂conj({variable}) as {function} is real")
            }
            (Part::Whole, None) => String::new(),
            (Part::Plain | Part::Conjugate, Some(id)) if is_real_space(variable(id).structure) => {
                let freely = match self.convention {
                    Convention::Entries => {
                        ", as if the entries could vary freely, as without --convention entries"
                    }
                    Convention::Projected => ", as if the entries could vary freely",
                };
                if found.by.len() == 1 { freely.to_owned() } else { String::new() }
            }
            (Part::Plain | Part::Conjugate, _) => {
                ", Wirtinger derivative".to_owned() + &self.block_note(found)
            }
        }
    }

    /// Which block of the complex Hessian of a real function a second derivative is.
    fn block_note(&self, found: &Found) -> String {
        let real = self.main.found.iter().all(|found| {
            found.parts.iter().any(|part| *part != Part::Conjugate) || found.parts.is_empty()
        });
        let scalar = self.function.is_scalar();
        let ([first, second], true) = (found.by.as_slice(), real && scalar) else {
            return String::new();
        };
        let name = self.variable_name(*second);
        let change = match found.kind {
            FormulaKind::Array { stacked: true } => format!("vec(d{name})"),
            _ => format!("d{name}"),
        };
        let mark = match (first == second, found.parts.as_slice()) {
            (true, [Part::Conjugate, Part::Plain]) => "ᴴ",
            (true, [Part::Plain, Part::Plain]) => "ᵀ",
            _ => return String::new(),
        };
        format!(": H of Re({change}{mark} H {change}) in d²{}/2", self.function_name())
    }

    /// What a result of several is called in source text.
    fn label(&self, found: &Found) -> String {
        let scalar = self.program.results.first().is_some_and(|id| {
            let shape = self.program.tree.shape(*id);
            shape.is_scalar()
        });
        let kind = match (found.kind, found.by.len()) {
            (FormulaKind::Array { .. }, 1) if scalar => "gradient",
            (FormulaKind::Array { .. }, 1) => "jacobian",
            (FormulaKind::Array { .. }, 2) if scalar => "hessian",
            (FormulaKind::Array { .. }, _) => "derivative",
            (FormulaKind::Gradient, _) => "gradient",
            (FormulaKind::Map { .. }, _) => "map",
            (FormulaKind::Differential { .. }, _) => "differential",
        };
        let name = |(order, id): (usize, &VariableId)| match found.part(order) {
            Part::Conjugate => format!("conj_{}", self.variable_name(*id)),
            Part::Whole | Part::Plain => self.variable_name(*id).to_owned(),
        };
        let names: Vec<String> = found.by.iter().enumerate().map(name).collect();
        let kind = match found.kind {
            FormulaKind::Array { .. } if !found.is_whole() => "derivative",
            _ => kind,
        };
        format!("{kind}_{}", names.join("_"))
    }

    /// The page with every form of the answer, the results last.
    pub(crate) fn together(&self) -> &View {
        self.together.as_ref().unwrap_or(&self.main)
    }

    /// What a form that is no array is called.
    pub(crate) fn form_name(&self, found: &Found) -> String {
        match found.kind {
            FormulaKind::Array { .. } | FormulaKind::Gradient => String::new(),
            FormulaKind::Map { .. } if self.direction.is_some() => {
                format!("times {}", self.parameter(found))
            }
            FormulaKind::Map { .. } => format!("linear map of {}", self.parameter(found)),
            FormulaKind::Differential { order: 1 } => "differential".to_owned(),
            FormulaKind::Differential { order } => format!("differential of order {order}"),
        }
    }

    /// The source texts of the forms beside the results, each to be read after the bindings.
    pub(crate) fn form_sources(&self) -> Vec<String> {
        let View { tree, page, found } = self.together();
        let source = |(found, result): (&Found, &_)| {
            let text = print::source(tree, *result);
            match found.kind {
                FormulaKind::Map { .. } if self.direction.is_none() => {
                    format!("{} -> {text}", self.parameter(found))
                }
                _ => text,
            }
        };
        found.iter().zip(&page.results).map(source).collect()
    }

    fn variable_name(&self, id: VariableId) -> &str {
        &self.program.tree.variable(id).name
    }

    /// What the differential of the last variable of a linear map is called.
    pub(crate) fn parameter(&self, found: &Found) -> String {
        self.direction.clone().unwrap_or_else(|| differential(self, found))
    }

    /// The layout in which the formulas are written.
    pub(crate) fn written_layout(&self) -> Layout {
        let order = self.main.found.first().map_or(1, |found| found.by.len());
        let order = u32::try_from(order).unwrap_or(u32::MAX);
        match self.main.found.first().map(|found| found.kind) {
            Some(FormulaKind::Array { .. } | FormulaKind::Map { .. }) => {
                derive::written_layout(self.layout, order, self.function.is_scalar())
            }
            _ => self.layout,
        }
    }

    /// A name that nothing else has.
    pub(crate) fn fresh(&self, wanted: &str) -> String {
        fresh_among(&self.taken_names(), wanted)
    }

    /// All names that mean something.
    fn taken_names(&self) -> HashSet<&str> {
        let bound = self.main.page.bindings.iter().map(|binding| binding.name.as_str());
        self.options.reserved.iter().map(String::as_str).chain(bound).collect()
    }

    fn document(&self, format: Format) -> String {
        self.with_lines(&self.main, format, |tree, answer| print::answer(tree, answer, format))
    }

    /// The equations of the main results: those of the bindings, and their own.
    pub(crate) fn equations(&self, format: Format) -> (Vec<print::Equation>, Vec<print::Equation>) {
        self.view_equations(&self.main, format)
    }

    pub(crate) fn view_equations(
        &self,
        view: &View,
        format: Format,
    ) -> (Vec<print::Equation>, Vec<print::Equation>) {
        self.with_lines(view, format, |tree, answer| print::equations(tree, answer, format))
    }

    fn with_lines<T>(
        &self,
        view: &View,
        format: Format,
        then: impl FnOnce(&NotationTree, &print::Answer<'_>) -> T,
    ) -> T {
        let function = self.function_name();
        let look = |shape: gradus_elaborate::typed::Shape| {
            Look::of(Shape { rows: shape.rows, columns: shape.columns })
        };
        let shape = self.program.results.first().map(|id| self.program.tree.shape(*id));
        let of = Subject {
            text: &function,
            index: None,
            look: shape.map_or(Look::Scalar, look),
            conjugate: false,
        };
        let mut by: Vec<Vec<Subject<'_>>> = Vec::with_capacity(view.found.len());
        for found in &view.found {
            let index = found.goal.member.as_ref().map(|(_, index)| index.as_str());
            let subject = |(order, id): (usize, &VariableId)| {
                let variable = self.program.tree.variable(*id);
                let conjugate = found.part(order) == Part::Conjugate;
                Subject { text: &variable.name, index, look: look(variable.shape), conjugate }
            };
            by.push(found.by.iter().enumerate().map(subject).collect());
        }
        let left = |at: usize, kind: FormulaKind| match kind {
            FormulaKind::Array { stacked } => Left::Derivative { of, by: &by[at], stacked },
            FormulaKind::Gradient => Left::Gradient { of, by: &by[at] },
            FormulaKind::Map { stacked } => match by[at].split_last() {
                Some((_, before)) if !before.is_empty() => {
                    Left::DerivativeDifferential { of, by: before, stacked }
                }
                _ => Left::Differential { of, order: 1 },
            },
            FormulaKind::Differential { order } => Left::Differential { of, order },
        };
        let lines: Vec<print::Line<'_>> = view
            .page
            .results
            .iter()
            .zip(&view.found)
            .enumerate()
            .map(|(at, (right, found))| print::Line {
                left: left(at, found.kind),
                right: *right,
                note: "",
            })
            .collect();
        let at = self.point_text(format);
        let bindings = &view.page.bindings;
        let answer = print::Answer { bindings, lines: &lines, where_word: "where", at: &at };
        then(&view.tree, &answer)
    }

    /// The point where the derivative is, such as `x = 0`; empty if it is where the variables are.
    pub(crate) fn point_text(&self, format: Format) -> String {
        let Some(point) = &self.point else { return String::new() };
        let subject = |(id, _): &(VariableId, _)| {
            let variable = self.program.tree.variable(*id);
            let shape = Shape { rows: variable.shape.rows, columns: variable.shape.columns };
            Subject { text: &variable.name, index: None, look: Look::of(shape), conjugate: false }
        };
        let subjects: Vec<Subject<'_>> = self.program.points.iter().map(subject).collect();
        points::text(point, &subjects, format)
    }

    /// What the function is called on the left side: `f`, or the next letter that is free.
    #[must_use]
    pub fn function_name(&self) -> String {
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

    /// A message of a layer about this answer.
    pub(crate) fn failure(&self, error: Box<Diagnostic>) -> Failure {
        Failure::new(error, "")
    }
}

/// The differential of the last variable of a linear map, as text.
fn differential(answer: &Answer, found: &Found) -> String {
    let name = found.by.last().map_or("", |id| answer.variable_name(*id));
    format!("d{name}")
}

/// The shape of a formula as it is shown; of the derivative by a family, `d×1 for each i`.
fn shape(view: &View, result: gradus_notation::tree::NotationId, found: &Found) -> String {
    let shape = shape_alone(view, result);
    match &found.goal.member {
        Some((_, index)) => format!("{shape} for each {index}"),
        None => shape,
    }
}

fn shape_alone(view: &View, result: gradus_notation::tree::NotationId) -> String {
    let shape = view.tree.shape(result);
    if shape.is_scalar() {
        return "scalar".to_owned();
    }
    let side = |size| {
        let text = view.tree.dimensions.display(size);
        let text = print::raised_exponents(&text.replace('*', ""));
        let mut depth = 0_i32;
        let is_sum = text.chars().any(|character| {
            depth += i32::from(character == '(') - i32::from(character == ')');
            depth == 0 && matches!(character, '+' | '-')
        });
        if is_sum { format!("({text})") } else { text }
    };
    format!("{}×{}", side(shape.rows), side(shape.columns))
}

/// The name, with marks until nothing else has it.
fn fresh_among(taken: &HashSet<&str>, wanted: &str) -> String {
    let mut name = wanted.to_owned();
    while taken.contains(name.as_str()) {
        name.push('_');
    }
    name
}
