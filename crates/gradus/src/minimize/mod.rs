//! Numeric minimisation: the function and its gradient as verified statements, evaluated on the caller's
//! data, and searched for a minimum.
//!
//! Must not know how a search goes, nor where data come from.

mod data;
mod parameters;
mod problem;
mod told;

use gradus_diagnostics::Diagnostic;
use gradus_elaborate::Program;
use gradus_elaborate::typed::{Nature, VariableId};
use gradus_optimize::{Curvature as Bowl, Method, Outcome, Progress, Settings};
use gradus_verify::Array;

use crate::code::{Statements, statements};
use crate::convexity::{Curvature, convexity};
use crate::derive::diff;
use crate::failure::{Failure, Result};
use crate::note::Note;
use crate::reading::{announcement, notes, program};
use crate::request::{Request, Verify};
use crate::text::Texts;
use crate::variables::choose;
use crate::verification::Verification;

pub use data::Given;
use data::{Sizes, place};
use parameters::{Parameter, parameters};
use problem::Problem;

/// How often a search goes on from a point at which the function still bends downwards.
const RESTARTS: usize = 3;
/// A curvature below this part of the greatest one is downwards.
const DOWNWARDS: f64 = -1e-6;

/// The part of a point by which a Newton step may still move it.
const UNSETTLED: f64 = 1e-3;

/// A function that waits for its data.
#[derive(Debug)]
pub struct Minimization {
    maximize: bool,
    reading: String,
    notes: Vec<Note>,
    /// As it was written.
    program: Program,
    wanted: Vec<VariableId>,
    parameters: Vec<Parameter>,
    statements: Statements,
    curvature: Curvature,
}

/// What a search is told beside the data.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Values of all variables that are not minimised over.
    pub data: Vec<(String, Given)>,
    /// Values at which the search starts; zeros, ones or small random numbers for the others.
    pub start: Vec<(String, Given)>,
    /// Sizes that the data do not tell.
    pub sizes: Vec<(String, u64)>,
    /// Where random numbers begin.
    pub seed: u64,
    /// The method.
    pub method: Method,
    /// The relative gradient at which a point counts as stationary; 1e-9 if nothing is said.
    pub tolerance: Option<f64>,
    /// The most steps; 2000 if nothing is said.
    pub steps: Option<usize>,
}

/// How a search ended.
#[derive(Clone, Debug)]
pub enum Ended {
    /// With an answer.
    Found(Minimum),
    /// Without one, for there is provably none: why.
    Unbounded(String),
}

/// A minimum that was found, or a greatest value.
#[derive(Clone, Debug)]
pub struct Minimum {
    pub(crate) maximize: bool,
    pub(crate) values: Vec<(String, Array)>,
    pub(crate) value: f64,
    pub(crate) gradient: f64,
    pub(crate) relative: f64,
    pub(crate) steps: usize,
    pub(crate) evaluations: usize,
    pub(crate) bowl: Bowl,
    pub(crate) entries: usize,
    /// How the function bends in the variables, if it is known.
    pub(crate) curvature: Curvature,
}

/// Reads a function, whose variables are those of the request, and derives its gradient.
///
/// # Errors
/// Wrong input, what is not supported, a function that has provably no minimum, and a gradient that does
/// not survive its verification.
pub fn minimization(request: &Request, maximize: bool) -> Result<Minimization> {
    let texts = Texts::of_program(request)?;
    let program = program(&texts)?;
    let choice = choose(request, &texts, &program)?;
    let functions = program.tree.variables[..program.occurring]
        .iter()
        .find(|variable| variable.nature != Nature::Array);
    if let Some(function) = functions {
        let message = format!("{} is an unknown function and has no values", function.name);
        return Err(texts.failure(Diagnostic::unsupported(message).into()));
    }
    let bent = convexity(request);
    let curvature = match bent {
        Ok(bent) => bent.curvature(),
        Err(failure) => return Err(failure),
    };
    let parameters = parameters(&program, &choice.wanted, request)
        .map_err(|error| texts.failure(error.into()))?;
    let derived = parameters::request(&program, &parameters, request);
    let answer = diff(&Request { verification: Verify::OnPrint, ..derived })?;
    let statements = statements(&answer)?;
    Ok(Minimization {
        maximize,
        reading: announcement(&program),
        notes: notes(&texts, &program),
        program,
        wanted: choice.wanted,
        parameters,
        statements,
        curvature,
    })
}

impl Minimization {
    /// How the names were read that were not fully declared.
    #[must_use]
    pub fn reading(&self) -> &str {
        &self.reading
    }

    /// Hints about the program.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// What the oracles say of the statements that are evaluated.
    #[must_use]
    pub fn verification(&self) -> &Verification {
        &self.statements.verification
    }

    /// The variables that need data, each with its kind as a declaration would say it.
    #[must_use]
    pub fn needed(&self) -> Vec<String> {
        let tree = &self.program.tree;
        let others = tree.variables[..self.program.occurring].iter().enumerate();
        others
            .filter(|(at, _)| !self.wanted.iter().any(|id| id.0 as usize == *at))
            .map(|(_, variable)| crate::solve::declaration(&tree.dimensions, variable))
            .collect()
    }

    /// Searches the least value on some data, or the greatest.
    ///
    /// # Errors
    /// Data that are missing or do not fit, a start outside the domain, a search that ends nowhere.
    pub fn run(&self, search: &Search, progress: &mut dyn FnMut(Progress)) -> Result<Ended> {
        let mut sizes = Sizes::of(&self.program, &search.sizes).map_err(|it| self.fail(it))?;
        let data = place(&self.program, &self.wanted, search, &mut sizes)
            .map_err(|error| self.fail(error))?;
        let curvature = self.curvature_on(&data);
        let known_bowl = match self.maximize {
            false => matches!(curvature, Curvature::Convex | Curvature::Affine),
            true => matches!(curvature, Curvature::Concave | Curvature::Affine),
        };
        let start = self
            .parameters
            .iter()
            .map(|parameter| parameter.start(&self.program, search, &sizes, known_bowl))
            .collect::<std::result::Result<Vec<_>, Diagnostic>>()
            .map_err(|error| self.fail(error))?;
        let mut problem = Problem::new(self, data, start);
        let mut settings = Settings { method: search.method, ..Settings::default() };
        settings.tolerance = search.tolerance.unwrap_or(settings.tolerance);
        settings.steps = search.steps.unwrap_or(settings.steps);
        let wrong = |text: String| self.fail(Diagnostic::bad_input("data", text));
        let mut at = problem.start();
        let mut restarts = 0;
        loop {
            let found =
                gradus_optimize::minimize(&mut problem, &at, &settings, progress).map_err(wrong)?;
            if let Some(reason) = self.unbounded(&found) {
                return Ok(Ended::Unbounded(reason));
            }
            if let Some(error) = self.no_minimum(&found, &problem) {
                return Err(self.fail(error));
            }
            let first = problem.noise(search.seed ^ 0x6b72);
            let bowl =
                gradus_optimize::curvature(&mut problem, &found.at, &first).map_err(wrong)?;
            let saddle = bowl.least < DOWNWARDS * bowl.greatest.abs().max(1e-6) && !known_bowl;
            if saddle && restarts < RESTARTS {
                restarts += 1;
                let size = found.at.iter().fold(1.0_f64, |size, entry| size.max(entry.abs()));
                at = found.at;
                let noise = problem.noise(search.seed ^ restarts as u64);
                at.iter_mut().zip(noise).for_each(|(at, noise)| *at += 1e-2 * size * noise);
                continue;
            }
            if saddle {
                let what = if self.maximize { "maximum" } else { "minimum" };
                let message = format!(
                    "the search ended at a saddle point, which is no {what}: the least curvature \
                     is {:.3e}",
                    bowl.least
                );
                let error = Diagnostic::unsupported(message)
                    .hint("another start may lead further: --start, --seed, --method newton-cg");
                return Err(self.fail(error));
            }
            let size = |entries: &[f64]| entries.iter().map(|it| it * it).sum::<f64>().sqrt();
            let (slope, far) = (size(&found.gradient), size(&found.at).max(1.0));
            // By this much a Newton step would move the point at least.
            let flattest = bowl.greatest.abs().max(bowl.least.abs());
            if slope > 0.0 && slope > UNSETTLED * flattest * far {
                let what = if self.maximize { "greatest" } else { "least" };
                let message = format!(
                    "no point has the {what} value, as far as the search sees: the function flattens \
                     out while the point goes to infinity, where its norm is {far:.1e}"
                );
                let error = Diagnostic::unsupported(message)
                    .hint("a term such as c*norm2(w)^2 keeps the point");
                return Err(self.fail(error));
            }
            let values = problem.originals(&found.at).map_err(wrong)?;
            let sign = if self.maximize { -1.0 } else { 1.0 };
            let square: f64 = found.gradient.iter().map(|entry| entry * entry).sum();
            return Ok(Ended::Found(Minimum {
                maximize: self.maximize,
                values,
                value: sign * found.value,
                gradient: square.sqrt(),
                relative: found.relative,
                steps: found.steps,
                evaluations: found.evaluations,
                bowl,
                entries: found.at.len(),
                curvature,
            }));
        }
    }

    /// How the function bends with what the data are: positive numbers and definite matrices.
    fn curvature_on(&self, data: &[(String, Array)]) -> Curvature {
        let wanted = match self.maximize {
            false => Curvature::Convex,
            true => Curvature::Concave,
        };
        if self.curvature == wanted || self.curvature == Curvature::Affine {
            return self.curvature;
        }
        let mut program = self.program.clone();
        for (name, value) in data {
            let Some(id) = program.tree.variable_named(name) else { continue };
            let Some(variable) = program.tree.variables.get_mut(id.0 as usize) else { continue };
            let plain = variable.structure == gradus_tensor::Structure::General;
            let square = value.rows == value.columns && value.rows > 1 && value.family.is_empty();
            let mirrored = (0..value.rows).all(|row| {
                (0..value.columns).all(|column| {
                    let at =
                        |row: usize, column: usize| value.entries[row * value.columns + column];
                    !square || at(row, column) == at(column, row)
                })
            });
            let symmetric = plain || variable.structure == gradus_tensor::Structure::Symmetric;
            if square
                && symmetric
                && mirrored
                && parameters::cholesky(&value.entries, value.rows).is_some()
            {
                variable.structure = gradus_tensor::Structure::PositiveDefinite;
            } else if plain && value.entries.iter().all(|entry| *entry > 0.0) {
                variable.positive = true;
            }
        }
        match crate::convexity::curvature(&program, &self.wanted) {
            Some(found) if found == wanted || found == Curvature::Affine => found,
            _ => self.curvature,
        }
    }

    /// Why there is provably nothing to be found: a function that is not constant on the whole space has
    /// no least value if it is affine or concave.
    fn unbounded(&self, found: &gradus_optimize::Found) -> Option<String> {
        let (what, below, bent) = match self.maximize {
            false => ("minimum", "below", Curvature::Concave),
            true => ("maximum", "above", Curvature::Convex),
        };
        let bends = self.curvature == Curvature::Affine || self.curvature == bent;
        let varies = found.outcome != Outcome::NoStart && found.outcome != Outcome::Stationary;
        let word = self.curvature.word(gradus_diagnostics::Language::English);
        (bends && varies && self.parameters.iter().all(Parameter::is_plain)).then(|| {
            format!("there is no {what}: the function is {word} and not constant, so it is unbounded {below}")
        })
    }

    /// Why a search that ended is no answer.
    fn no_minimum(
        &self,
        found: &gradus_optimize::Found,
        problem: &Problem<'_>,
    ) -> Option<Diagnostic> {
        let below = if self.maximize { "above" } else { "below" };
        match found.outcome {
            Outcome::Stationary => None,
            Outcome::NoStart => {
                let message = "the function has no finite value at the start";
                Some(
                    Diagnostic::bad_input("data", message).hint(format!(
                        "start inside its domain: --start {}=…",
                        problem.first_name()
                    )),
                )
            }
            // An affine function that is not constant has no least value on the whole space.
            Outcome::Diverging => {
                let message = format!(
                    "the search diverges: the function seems to be unbounded {below}; after {} \
                     steps its value is {:.6e}",
                    found.steps,
                    if self.maximize { -found.value } else { found.value }
                );
                Some(Diagnostic::unsupported(message).hint("a term such as c*norm2(w)^2 bounds it"))
            }
            Outcome::Stalled => {
                let message = format!(
                    "the search stalls where no step goes {}, though the gradient is {:.3e} of \
                     that at the start",
                    if self.maximize { "up" } else { "down" },
                    found.relative
                );
                Some(Diagnostic::unsupported(message).hint(
                    "the function may have a corner there, as a modulus has; or try another --start",
                ))
            }
            Outcome::TooManySteps => {
                let message = format!(
                    "after {} steps the gradient is still {:.3e} of that at the start",
                    found.steps, found.relative
                );
                Some(
                    Diagnostic::limit(message)
                        .hint("more steps: --steps 20000; or --method newton-cg"),
                )
            }
        }
    }

    fn fail(&self, error: impl Into<Box<Diagnostic>>) -> Failure {
        Failure::new(error, "")
    }
}

impl Minimum {
    /// The values of the variables, by rows.
    #[must_use]
    pub fn values(&self) -> &[(String, Array)] {
        &self.values
    }

    /// The least value, or the greatest.
    #[must_use]
    pub fn value(&self) -> f64 {
        self.value
    }
}
