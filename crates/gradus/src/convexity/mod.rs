//! Whether a function is convex: the certificate, its check by the oracles, and a counterexample where
//! there is one.
//!
//! Must not know the rules of convexity, nor how certificates are shown.

mod formulas;
mod hints;
mod json;
mod told;

use gradus_claims::{Bends, bends};
use gradus_convexity::{Bend, Certificate, Rule, Statement, certify};
use gradus_diagnostics::Diagnostic;
use gradus_elaborate::Program;
use gradus_elaborate::lower::Lowered;
use gradus_elaborate::typed::VariableId;
use gradus_tensor::{NodeId, Scaled};
use gradus_verify::{Chords, Expression, Settings, check_chords};

use crate::complex;
use crate::derive::{function, raise_options, value};
use crate::failure::{Failure, Result};
use crate::note::Note;
use crate::reading::{announcement, notes, program};
use crate::request::Request;
use crate::structures::lower_for;
use crate::text::Texts;
use crate::variables::choose;
use crate::verification::Verification;

use formulas::{Formulas, formulas};
pub(crate) use hints::curvature;

/// How a function was found to bend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Curvature {
    /// Convex and concave.
    Affine,
    /// Convex.
    Convex,
    /// Concave.
    Concave,
    /// Proved to be neither, by an example.
    Neither,
    /// No rule tells, and no example was found.
    NotKnown,
}

/// One statement of a certificate with the formula that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) formula: Formulas,
    pub(crate) statement: Statement,
    pub(crate) rule: Rule,
}

/// How strictly a function bends, and under which conditions on which arrays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Strictly {
    pub(crate) strongly: bool,
    pub(crate) conditions: Vec<(gradus_convexity::Condition, Formulas)>,
}

/// How a function bends in some variables, and why.
#[derive(Clone, Debug)]
pub struct Convexity {
    pub(crate) source: String,
    pub(crate) reading: String,
    pub(crate) notes: Vec<Note>,
    pub(crate) variables: Vec<String>,
    pub(crate) curvature: Curvature,
    pub(crate) lines: Vec<Line>,
    pub(crate) strictly: Option<Strictly>,
    /// The second differential, with how it is signed.
    pub(crate) second: Option<Formulas>,
    /// For each variable alone, where together they are not known to bend one way.
    pub(crate) separately: Vec<(String, Curvature)>,
    pub(crate) bends: Bends,
    /// Declarations under which more is known, and what.
    pub(crate) hints: Vec<(String, Curvature)>,
    pub(crate) verification: Verification,
}

/// How a scalar function bends in the variables of the request together.
///
/// # Errors
/// Wrong input, what is not supported, and a certificate that the oracles refute.
pub fn convexity(request: &Request) -> Result<Convexity> {
    let texts = Texts::of_program(request)?;
    let program = program(&texts)?;
    let choice = choose(request, &texts, &program)?;
    let mut lowered = lower_for(&program, &choice.wanted).map_err(|error| texts.failure(error))?;
    let value = function(&lowered)?;
    if let Some(error) = refusal(&program, &mut lowered, &value, &choice.wanted) {
        return Err(texts.failure(error.into()));
    }
    let variables: Vec<NodeId> =
        choice.wanted.iter().map(|id| node(&mut lowered, &program, *id)).collect();
    let found = certify(&mut lowered.arena, &value.scaled, &variables);
    let names: Vec<String> =
        choice.wanted.iter().map(|id| program.tree.variable(*id).name.clone()).collect();
    let (curvature, verification) =
        checked(&program, found.bend, &names).map_err(|error| texts.failure(error.into()))?;
    let mut answer = Convexity {
        source: request.program.clone(),
        reading: announcement(&program),
        notes: notes(&texts, &program),
        variables: names,
        curvature,
        lines: lines(&program, &lowered, &found),
        strictly: strictly(&program, &lowered, &found),
        second: second(&program, &lowered, &found),
        separately: Vec::new(),
        bends: Bends::default(),
        hints: Vec::new(),
        verification,
    };
    if curvature == Curvature::NotKnown {
        answer.look_further(&program, &mut lowered, &value.scaled, &choice.wanted);
    }
    Ok(answer)
}

impl Convexity {
    /// Looks for a counterexample, for what holds of each variable alone, and for what would help.
    fn look_further(
        &mut self,
        program: &Program,
        lowered: &mut Lowered,
        function: &Scaled,
        wanted: &[VariableId],
    ) {
        let Some(root) = program.results.first() else { return };
        let names: Vec<&str> = self.variables.iter().map(String::as_str).collect();
        self.bends = bends(&program.tree, *root, &names);
        let both = self.bends.up.is_some() && self.bends.down.is_some();
        if both && !self.bends.depends {
            self.curvature = Curvature::Neither;
        }
        if wanted.len() > 1 {
            for id in wanted {
                let variable = node(lowered, program, *id);
                let alone = certify(&mut lowered.arena, function, &[variable]);
                let name = program.tree.variable(*id).name.clone();
                let checked = checked(program, alone.bend, std::slice::from_ref(&name));
                let curvature = checked.map_or(Curvature::NotKnown, |(curvature, _)| curvature);
                self.separately.push((name, curvature));
            }
        }
        self.hints = hints::hints(program, wanted);
    }

    /// How the function bends.
    #[must_use]
    pub fn curvature(&self) -> Curvature {
        self.curvature
    }

    /// Whether it bends strictly, whatever the conditions for it.
    #[must_use]
    pub fn is_strict(&self) -> bool {
        self.strictly.is_some()
    }

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

    /// What the oracles say of the certificate.
    #[must_use]
    pub fn verification(&self) -> &Verification {
        &self.verification
    }

    /// 0 for a certificate, 1 if the function is neither convex nor concave, 4 if it is not known.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self.curvature {
            Curvature::Affine | Curvature::Convex | Curvature::Concave => 0,
            Curvature::Neither => 1,
            Curvature::NotKnown => 4,
        }
    }
}

/// What cannot be asked.
fn refusal(
    program: &Program,
    lowered: &mut Lowered,
    function: &gradus_elaborate::lower::Value,
    wanted: &[VariableId],
) -> Option<Diagnostic> {
    if !function.is_scalar() {
        let error = Diagnostic::bad_input("shape", "only a scalar function is convex or concave");
        return Some(error.hint("of one entry, or of a sum: sum(…)"));
    }
    if program.tree.variables.iter().any(|variable| variable.complex)
        || !complex::is_real(program, lowered, function)
    {
        let message = "convexity by complex variables is not supported yet";
        return Some(Diagnostic::unsupported(message));
    }
    for id in wanted {
        let variable = node(lowered, program, *id);
        if !gradus_convexity::varies_in_convex_set(&lowered.arena, variable) {
            let declared = program.tree.variable(*id);
            let name = crate::structures::name(declared.structure).unwrap_or_default();
            let message =
                format!("{} varies among {name} arrays, which are no convex set", declared.name);
            return Some(Diagnostic::unsupported(message));
        }
    }
    None
}

fn node(lowered: &mut Lowered, program: &Program, id: VariableId) -> NodeId {
    value(lowered, program, id).scaled.node
}

/// The curvature that a certificate tells, checked by the oracles.
fn checked(
    program: &Program,
    bend: Bend,
    names: &[String],
) -> std::result::Result<(Curvature, Verification), Diagnostic> {
    let (curvature, chords) = match bend {
        Bend::Constant | Bend::Affine => (Curvature::Affine, Chords::On),
        Bend::Convex => (Curvature::Convex, Chords::Above),
        Bend::Concave => (Curvature::Concave, Chords::Below),
        Bend::Unknown => return Ok((Curvature::NotKnown, Verification::not_checked())),
    };
    let missing = || Diagnostic::internal("a program without a function");
    let root = *program.results.first().ok_or_else(missing)?;
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let function = Expression { tree: &program.tree, root };
    let verdict = check_chords(function, &names, chords, &Settings::default());
    if verdict.is_refuted() {
        let message = "a certificate was refuted along a chord, and is not shown";
        return Err(Diagnostic::internal(message));
    }
    Ok((curvature, Verification::from(&verdict)))
}

fn lines(program: &Program, lowered: &Lowered, found: &Certificate) -> Vec<Line> {
    let options = raise_options(program, lowered);
    let mut lines: Vec<Line> = Vec::new();
    for step in &found.steps {
        let formula = formulas(&lowered.arena, &Scaled::one(step.node), &options);
        let Some(formula) = formula else { continue };
        let line = Line { formula, statement: step.statement, rule: step.rule.clone() };
        // What is written alike is one statement.
        let same =
            |other: &Line| other.formula == line.formula && other.statement == line.statement;
        if !lines.iter().any(same) {
            lines.push(line);
        }
    }
    lines
}

fn strictly(program: &Program, lowered: &Lowered, found: &Certificate) -> Option<Strictly> {
    let strictness = found.strictness.as_ref()?;
    let options = raise_options(program, lowered);
    let mut conditions = Vec::new();
    for condition in &strictness.conditions {
        let gradus_convexity::Condition::FullRank { node, .. } = condition;
        let formula = formulas(&lowered.arena, &Scaled::one(*node), &options)?;
        conditions.push((condition.clone(), formula));
    }
    Some(Strictly { strongly: strictness.strongly, conditions })
}

fn second(program: &Program, lowered: &Lowered, found: &Certificate) -> Option<Formulas> {
    let second = found.second_differential.as_ref()?;
    if !matches!(found.bend, Bend::Convex | Bend::Concave) {
        return None;
    }
    let options = raise_options(program, lowered);
    let shown = formulas(&lowered.arena, second, &options)?;
    (shown.text.chars().count() <= formulas::LONGEST).then_some(shown)
}

impl Failure {
    /// The failure of an answer in a language that it cannot be printed in.
    pub(crate) fn of_output(name: &str, source: &str) -> Self {
        let message = format!("a certificate of convexity is not printed as {name}");
        let error =
            Diagnostic::bad_input("input", message).hint("--emit text, source, latex or json");
        Self::new(error, source)
    }
}
