//! Functions of one scalar: the value of an expression with its limits and integrals.
//!
//! Must not know derivatives.

mod binders;
mod calls;
mod compare;
mod entries;
mod matrix;
mod print;
mod reasons;
mod resolve;
mod steps;
mod words;

use gradus_derivation::written;
use gradus_diagnostics::{Class, Diagnostic, Language};
use gradus_elaborate::Program;
use gradus_elaborate::typed::TypedId;
use gradus_notation::arena::NotationTree;
use gradus_notation::tree::NotationId;
use gradus_scalar::limit::{Approached, Limit};
use gradus_verify::{Expression, Settings, check_equal_assuming};

use crate::failure::Result;
use crate::note::Note;
use crate::reading::{announcement, notes};
use crate::request::Request;
use crate::text::Texts;
use crate::verification::{Verdict, Verification};
use binders::{Entry, Found};
pub(crate) use compare::equal;
use entries::Evaluation;
pub(crate) use resolve::resolved;
pub use steps::ScalarStep;

/// The value of an expression with its limits and integrals.
pub struct Valued {
    input: String,
    reading: String,
    notes: Vec<Note>,
    tree: NotationTree,
    formula: NotationId,
    conditions: [Vec<String>; 2],
    remarks: [Vec<String>; 2],
    steps: [Vec<ScalarStep>; 2],
    verification: Verification,
    has_constant: bool,
}

impl std::fmt::Debug for Valued {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Valued")
            .field("verification", &self.verification)
            .finish_non_exhaustive()
    }
}

impl Valued {
    /// How the names were read that were not fully declared.
    #[must_use]
    pub fn reading(&self) -> &str {
        &self.reading
    }

    /// Hints.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// Under which conditions the value holds.
    #[must_use]
    pub fn conditions(&self, language: Language) -> &[String] {
        &self.conditions[usize::from(language == Language::Chinese)]
    }

    /// What is to be said beside the value.
    #[must_use]
    pub fn remarks(&self, language: Language) -> &[String] {
        &self.remarks[usize::from(language == Language::Chinese)]
    }

    /// How the value is found, line by line.
    #[must_use]
    pub fn steps(&self, language: Language) -> &[ScalarStep] {
        &self.steps[usize::from(language == Language::Chinese)]
    }

    /// Whether it was verified.
    #[must_use]
    pub fn verification(&self) -> &Verification {
        &self.verification
    }

    /// Whether a constant may be added: an integral without bounds.
    #[must_use]
    pub fn has_constant(&self) -> bool {
        self.has_constant
    }
}

/// The value of an expression: its limits and integrals found, what is written out simplified.
///
/// # Errors
/// Wrong input, a limit or integral that does not exist or was not found, limits on work.
pub fn value(request: &Request) -> Result<Valued> {
    let texts = Texts::of_program(request)?;
    let mut program = crate::reading::unresolved(&texts)?;
    let read = Read { reading: announcement(&program), notes: notes(&texts, &program) };
    let root = program.results.first().copied().unwrap_or(TypedId(0));
    let tree = program.tree.clone();
    let mut evaluation = Evaluation::new(&tree);
    evaluation.may_be_numeric = true;
    match written_out(&mut evaluation, &mut program, root) {
        Ok((target, has_infinity)) => {
            let found = std::mem::take(&mut evaluation.found);
            let verification = verified(&program, root, target, &found, has_infinity);
            let steps = [Language::English, Language::Chinese]
                .map(|language| steps::steps(&mut evaluation, &found, root, language));
            let both = [Language::English, Language::Chinese];
            let conditions = both.map(|language| {
                once(found.iter().flat_map(|one| words::conditions(&evaluation, one, language)))
            });
            let remarks = both.map(|language| {
                once(found.iter().flat_map(|one| words::remarks(&evaluation, one, language)))
            });
            let has_constant = found.iter().any(|one| one.point.is_none() && one.bounds.is_none());
            let (tree, formulas) =
                written(&program.tree, &[target]).map_err(|error| texts.failure(error))?;
            let formula = formulas.first().copied().unwrap_or(NotationId(0));
            read.valued(
                request,
                tree,
                formula,
                Told { conditions, remarks, steps, verification, has_constant },
            )
        }
        Err(error) if error.class == Class::Unsupported && tree.has_binders(&[root]) => {
            let (program, conditions) =
                resolved(program).map_err(|_| texts.failure(error.clone()))?;
            let root = program.results.first().copied().unwrap_or(TypedId(0));
            let (tree, formulas) =
                written(&program.tree, &[root]).map_err(|error| texts.failure(error))?;
            let formula = formulas.first().copied().unwrap_or(NotationId(0));
            let told = Told {
                conditions: [conditions.clone(), conditions],
                remarks: [Vec::new(), Vec::new()],
                steps: [Vec::new(), Vec::new()],
                verification: Verification::not_checked(),
                has_constant: false,
            };
            read.valued(request, tree, formula, told)
        }
        Err(error) => Err(texts.failure(error)),
    }
}

struct Read {
    reading: String,
    notes: Vec<Note>,
}

struct Told {
    conditions: [Vec<String>; 2],
    remarks: [Vec<String>; 2],
    steps: [Vec<ScalarStep>; 2],
    verification: Verification,
    has_constant: bool,
}

impl Read {
    fn valued(
        self,
        request: &Request,
        tree: NotationTree,
        formula: NotationId,
        told: Told,
    ) -> Result<Valued> {
        Ok(Valued {
            input: request.program.clone(),
            reading: self.reading,
            notes: self.notes,
            tree,
            formula,
            conditions: told.conditions,
            remarks: told.remarks,
            steps: told.steps,
            verification: told.verification,
            has_constant: told.has_constant,
        })
    }
}

/// The texts, each once.
fn once(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    texts.for_each(|text| {
        if !found.contains(&text) {
            found.push(text);
        }
    });
    found
}

/// The value with all entries written out, read back, and whether one of them is infinite.
fn written_out(
    evaluation: &mut Evaluation<'_>,
    program: &mut Program,
    root: TypedId,
) -> gradus_diagnostics::Result<(TypedId, bool)> {
    let mut entries = evaluation.entries(root)?;
    for cell in &mut entries.cells {
        if let Limit::Finite(id) = cell {
            *id = evaluation.arena.normal_if_shorter(*id);
        }
    }
    let has_infinity = entries.finite().is_err();
    let text = evaluation.text(root, &entries)?;
    let target = resolve::read_back(program, &text)?;
    if program.tree.shape(target) != program.tree.shape(root) {
        return Err(Diagnostic::internal("the value has another shape").into());
    }
    Ok((target, has_infinity))
}

/// What is known of the value: that of each limit and integral, and that the rest is equal to what
/// was asked.
fn verified(
    program: &Program,
    root: TypedId,
    target: TypedId,
    found: &[Found],
    has_infinity: bool,
) -> Verification {
    let own = own_verdict(found);
    if has_infinity || found.len() == 1 && found.iter().all(|one| one.id == root) {
        return own;
    }
    let mut both = program.clone();
    both.results = vec![root, target];
    let Ok((resolved, _)) = resolved(both) else { return own };
    let side = |root: &TypedId| Expression { tree: &resolved.tree, root: *root };
    let sides: Vec<Expression<'_>> = resolved.results.iter().map(side).collect();
    let rest = Verification::from(&check_equal_assuming(&sides, &[], &Settings::default()));
    if found.is_empty() { rest } else { own.and(rest) }
}

fn own_verdict(found: &[Found]) -> Verification {
    let mut verdict = Verdict::Proved;
    let mut reason = String::new();
    for entry in found.iter().flat_map(|one| &one.entries) {
        let own = match entry {
            Entry::Limit(_, Approached::Confirmed) => Verdict::Confirmed,
            Entry::Limit(..) => Verdict::Undecided,
            Entry::Antiderivative(found) if found.is_assumed => Verdict::Confirmed,
            Entry::Definite(found)
                if found.is_assumed
                    || matches!(found.value, gradus_scalar::integral::Value::Approximate(_)) =>
            {
                Verdict::Confirmed
            }
            _ => Verdict::Proved,
        };
        match (own, verdict) {
            (Verdict::Undecided, _) => {
                verdict = Verdict::Undecided;
                "values near the point come to it too slowly to tell".clone_into(&mut reason);
            }
            (Verdict::Confirmed, Verdict::Proved) => verdict = Verdict::Confirmed,
            _ => {}
        }
    }
    let method = match verdict {
        Verdict::Proved => Some("exact"),
        Verdict::Confirmed => Some("numeric"),
        _ => None,
    };
    Verification { verdict, method, sizes: Vec::new(), reason }
}
