//! The rule book as the oracles use it: the texts of elementwise functions as straight-line programs
//! on numbers, and the state that an evaluation of functions needs.
//!
//! Must not know matrices, nor over which numbers a program runs.

use std::sync::LazyLock;

use gradus_elaborate::typed::{Operation, TypedId, TypedTree};
use gradus_elaborate::{Fragment, rule_book};
use gradus_functions::{Exact, Function, Meaning, Numeric, Signature};
use gradus_tensor::{FunctionId, Rational};
use smallvec::SmallVec;

use crate::constant::fold;
use crate::exact::Tables;
use crate::field::{Fault, Field, call};

/// Definitions may use further definitions up to this depth.
pub(crate) const DEEPEST: u32 = 32;

/// What is done in one step of a [`ScalarProgram`]; numbers are earlier steps.
#[derive(Clone, Debug, PartialEq)]
enum Step {
    Constant(Rational),
    Pi,
    Argument(usize),
    Differential(usize),
    Add(usize, usize),
    Subtract(usize, usize),
    Negate(usize),
    Multiply(usize, usize),
    Divide(usize, usize),
    Power(usize, Rational),
    PowerBy(usize, usize),
    Call(FunctionId, SmallVec<[usize; 2]>),
}

/// A text of the rule book in which every entry is computed by itself.
#[derive(Clone, Debug)]
pub(crate) struct ScalarProgram {
    steps: Vec<Step>,
    result: usize,
}

impl ScalarProgram {
    /// The program of a fragment; the reason if it is not elementwise.
    pub(crate) fn compile(fragment: &Fragment) -> Result<Self, String> {
        let tree = &fragment.tree;
        let mut steps: Vec<Step> = Vec::new();
        let mut place: Vec<Option<usize>> = vec![None; tree.nodes.len()];
        for position in reachable(tree, fragment.result) {
            let id = TypedId(u32::try_from(position).unwrap_or(u32::MAX));
            let at = |child: TypedId| {
                place[child.0 as usize].ok_or_else(|| "a child after its parent".to_owned())
            };
            let step = match &tree.node(id).operation {
                Operation::Binding { value: child, .. }
                | Operation::Fill(child)
                | Operation::Transpose(child) => {
                    place[position] = Some(at(*child)?);
                    continue;
                }
                Operation::Number(value) => Step::Constant(value.clone()),
                Operation::Identity => Step::Constant(Rational::ONE),
                Operation::Pi => Step::Pi,
                Operation::Variable(variable) => {
                    match fragment.parameters.iter().position(|parameter| parameter == variable) {
                        Some(argument) => Step::Argument(argument),
                        None => Step::Differential(
                            fragment
                                .differentials
                                .iter()
                                .position(|differential| differential == variable)
                                .ok_or_else(|| "a variable that is no parameter".to_owned())?,
                        ),
                    }
                }
                Operation::Add(a, b) => Step::Add(at(*a)?, at(*b)?),
                Operation::Subtract(a, b) => Step::Subtract(at(*a)?, at(*b)?),
                Operation::Negate(a) => Step::Negate(at(*a)?),
                Operation::Multiply(a, b) | Operation::Scale(a, b) | Operation::Hadamard(a, b) => {
                    Step::Multiply(at(*a)?, at(*b)?)
                }
                Operation::Quotient(a, b) | Operation::RightDivide(a, b) => {
                    Step::Divide(at(*a)?, at(*b)?)
                }
                Operation::LeftDivide(a, b) => Step::Divide(at(*b)?, at(*a)?),
                Operation::Power(a, b) | Operation::MatrixPower(a, b) => match fold(tree, *b) {
                    Some(exponent) => Step::Power(at(*a)?, exponent),
                    None => Step::PowerBy(at(*a)?, at(*b)?),
                },
                Operation::Call { function, arguments, .. } => {
                    let arguments: Result<_, String> =
                        arguments.iter().map(|argument| at(*argument)).collect();
                    Step::Call(*function, arguments?)
                }
                _ => return Err("an operation that is not elementwise".to_owned()),
            };
            // A text that repeats itself is computed once.
            place[position] = steps.iter().position(|known| *known == step).or(Some(steps.len()));
            if place[position] == Some(steps.len()) {
                steps.push(step);
            }
        }
        let result = place[fragment.result.0 as usize].ok_or_else(|| "no result".to_owned())?;
        Ok(Self { steps, result })
    }

    /// The value for arguments and their differentials.
    pub(crate) fn run<F: Field>(
        &self,
        arguments: &[F],
        differentials: &[F],
        context: &mut Context<'_>,
    ) -> Result<F, Fault> {
        let mut values: SmallVec<[F; 16]> = SmallVec::new();
        let missing = || Fault::Unsupported("a function with a missing argument".to_owned());
        for step in &self.steps {
            let value = match step {
                Step::Constant(value) => F::from_rational(value).ok_or(Fault::Outside)?,
                Step::Pi => F::pi(context),
                Step::Argument(position) => *arguments.get(*position).ok_or_else(missing)?,
                Step::Differential(position) => {
                    *differentials.get(*position).ok_or_else(missing)?
                }
                Step::Add(a, b) => values[*a].add(values[*b]),
                Step::Subtract(a, b) => values[*a].subtract(values[*b]),
                Step::Negate(a) => values[*a].negate(),
                Step::Multiply(a, b) => values[*a].multiply(values[*b]),
                Step::Divide(a, b) => values[*a].divide(values[*b]).ok_or(Fault::Outside)?,
                Step::Power(a, exponent) => values[*a].power(exponent, context)?,
                Step::PowerBy(a, b) => values[*a].power_by(values[*b], context)?,
                Step::Call(function, positions) => {
                    let inner: SmallVec<[F; 2]> =
                        positions.iter().map(|position| values[*position]).collect();
                    call(*function, &inner, context)?
                }
            };
            values.push(value);
        }
        Ok(values[self.result])
    }
}

/// The nodes below a root and the root, children first.
fn reachable(tree: &TypedTree, root: TypedId) -> Vec<usize> {
    let mut needed = vec![false; root.0 as usize + 1];
    needed[root.0 as usize] = true;
    for position in (0..needed.len()).rev() {
        if needed[position] {
            let id = TypedId(u32::try_from(position).unwrap_or(u32::MAX));
            // The exponent of a power that is a number is not a step, but it does no harm as one.
            tree.children(id, |child| needed[child.0 as usize] = true);
        }
    }
    (0..needed.len()).filter(|position| needed[*position]).collect()
}

/// A text that could not be made a program keeps the reason.
type Text = Option<Result<ScalarProgram, String>>;

/// One function.
pub(crate) struct Entry {
    pub(crate) id: FunctionId,
    pub(crate) function: &'static Function,
    pub(crate) elementwise: bool,
    exact: Text,
    expansion: Text,
    differential: Text,
}

impl Entry {
    fn new(id: FunctionId, function: &'static Function, signatures: &[Signature]) -> Self {
        let elementwise = signatures.contains(&Signature::Elementwise);
        let compile = |fragment: gradus_diagnostics::Result<&Fragment>| match fragment {
            Ok(fragment) => ScalarProgram::compile(fragment),
            Err(diagnostic) => Err(diagnostic.message.clone()),
        };
        let mut entry =
            Self { id, function, elementwise, exact: None, expansion: None, differential: None };
        if elementwise {
            let book = rule_book();
            if matches!(function.exact, Exact::Expansion(_)) {
                entry.exact = Some(compile(book.exact(id, 0)));
            }
            if matches!(function.meaning, Meaning::Expansion(_)) {
                entry.expansion = Some(compile(book.expansion(id, 0)));
            }
            if !function.differential.is_empty() {
                entry.differential = Some(compile(book.differential(id, 0)));
            }
        }
        entry
    }

    /// The differential.
    pub(crate) fn differential(&self) -> Result<&ScalarProgram, Fault> {
        match &self.differential {
            Some(Ok(program)) => Ok(program),
            Some(Err(reason)) => Err(Fault::Unsupported(format!(
                "the differential of {} cannot be read: {reason}",
                self.function.name
            ))),
            None => Err(Fault::Unsupported(format!("{} has no differential", self.function.name))),
        }
    }

    /// The definition over a finite field.
    pub(crate) fn exact_definition(&self) -> Option<&ScalarProgram> {
        match (&self.exact, &self.expansion) {
            (Some(Ok(program)), _) => Some(program),
            (None, Some(Ok(program))) if matches!(self.function.exact, Exact::Derived) => {
                Some(program)
            }
            _ => None,
        }
    }

    /// The definition over the reals, where there is no better value.
    pub(crate) fn numeric_definition(&self) -> Option<&ScalarProgram> {
        match (self.function.numeric, &self.expansion) {
            (Numeric::Derived, Some(Ok(program))) => Some(program),
            _ => None,
        }
    }

    /// Why there is no value.
    pub(crate) fn unsupported(&self) -> Fault {
        let reason = [&self.exact, &self.expansion].into_iter().find_map(|text| match text {
            Some(Err(reason)) => Some(format!(": {reason}")),
            _ => None,
        });
        let name = self.function.name;
        Fault::Unsupported(format!(
            "{name} has no value in the oracle{}",
            reason.unwrap_or_default()
        ))
    }
}

/// All functions.
pub(crate) struct Book {
    entries: Vec<Entry>,
}

impl Book {
    /// The rule book, compiled once.
    pub(crate) fn standard() -> &'static Self {
        static BOOK: LazyLock<Book> = LazyLock::new(|| {
            let book = gradus_functions::book();
            let entry = |(id, function)| Entry::new(id, function, book.signatures(id));
            Book { entries: book.iter().map(entry).collect() }
        });
        &BOOK
    }

    pub(crate) fn entry(&self, function: FunctionId) -> Option<&Entry> {
        self.entries.get(usize::from(function.0))
    }
}

/// The state of one evaluation: random tables, and how much work is left.
pub(crate) struct Context<'a> {
    pub(crate) book: &'a Book,
    pub(crate) tables: Tables,
    pub(crate) work: u64,
    depth: u32,
}

impl<'a> Context<'a> {
    pub(crate) fn new(book: &'a Book, seed: u64, work: u64) -> Self {
        Self { book, tables: Tables::new(seed), work, depth: 0 }
    }

    /// Takes work from what is left.
    pub(crate) fn spend(&mut self, work: u64) -> Result<(), Fault> {
        match self.work.checked_sub(work) {
            Some(left) => {
                self.work = left;
                Ok(())
            }
            None => Err(Fault::Limit("the work")),
        }
    }

    /// Goes into the definition of a function.
    pub(crate) fn enter(&mut self, entry: &Entry) -> Result<(), Fault> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Fault::Unsupported(format!(
                "{} is defined by itself",
                entry.function.name
            )));
        }
        Ok(())
    }

    pub(crate) fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }
}
