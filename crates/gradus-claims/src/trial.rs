//! Trials: whether a text is what a claim should be.
//!
//! Must not know why a text is tried.

use std::cell::Cell;

use gradus_diagnostics::Error;
use gradus_elaborate::typed::{Nature, Operation, Shape, TypedId, TypedTree, VariableId};
use gradus_elaborate::{Program, Source};
use gradus_syntax::parse_with;
use gradus_tensor::DimensionName;
use gradus_verify::{
    Claim, Claims, Expression, Form, Settings, Verdict, check_derivative_assuming,
    check_equal_along,
};

use crate::question::{Derivative, Question, Target};

/// A text that was read in the context of the program.
#[derive(Clone, Debug)]
pub(crate) struct Read {
    pub(crate) program: Program,
    pub(crate) root: TypedId,
    pub(crate) form: Kind,
}

/// What a text can be as a claim about a derivative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An array in the layout.
    Array,
    /// `dX -> …`
    Map,
    /// An expression in `dX`.
    Differential,
}

/// Tries texts, as many as it may.
pub(crate) struct Trials<'a> {
    pub(crate) question: Question<'a>,
    /// The names with a meaning.
    pub(crate) names: Vec<String>,
    left: Cell<u32>,
}

impl<'a> Trials<'a> {
    /// Trials of a question, at most this many.
    pub(crate) fn new(question: Question<'a>, most: u32) -> Self {
        let tree = &question.program.tree;
        let variables = tree.variables.iter().map(|variable| variable.name.clone());
        let bindings = question.program.bindings.iter().map(|(name, _)| name.clone());
        let names = variables.chain(bindings).collect();
        Self { question, names, left: Cell::new(most) }
    }

    /// The names with a meaning, for the parser.
    pub(crate) fn known(&self) -> Vec<&str> {
        self.names.iter().map(String::as_str).collect()
    }

    /// Whether no trial is left.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.left.get() == 0
    }

    /// Counts a trial.
    pub(crate) fn spend(&self) -> bool {
        let left = self.left.get();
        self.left.set(left.saturating_sub(1));
        left > 0
    }

    /// The variable of the derivative; nothing if something else is claimed.
    pub(crate) fn derivative(&self) -> Option<&'a Derivative> {
        match self.question.target {
            Target::Derivative(derivative) => Some(derivative),
            Target::Value(_) => None,
        }
    }

    /// Reads a text in the context of the program.
    ///
    /// # Errors
    /// What is wrong with its names and shapes.
    pub(crate) fn read(&self, text: &str) -> Result<Read, Error> {
        self.read_in(self.question.program.clone(), text)
    }

    /// Reads a text in the context of a program that has more variables.
    pub(crate) fn read_in(&self, mut program: Program, text: &str) -> Result<Read, Error> {
        let (tree, _) = parse_with(text, &self.known()).into_result()?;
        let read = program.read_back(&Source::new(text, &tree))?;
        let wrt = self.derivative().map_or(&[] as &[String], |derivative| &derivative.wrt);
        let form = match read.map_parameters.is_empty() {
            false => Kind::Map,
            true if has_differential(&program.tree, read.result, wrt) => Kind::Differential,
            true => Kind::Array,
        };
        Ok(Read { program, root: read.result, form })
    }

    /// The shape of a text.
    pub(crate) fn shape(&self, text: &str) -> Option<Shape> {
        let read = self.read(text).ok()?;
        Some(read.program.tree.shape(read.root))
    }

    /// The names of the sizes.
    pub(crate) fn sizes(&self) -> Vec<String> {
        let dimensions = &self.question.program.tree.dimensions;
        let names = (0..dimensions.name_count()).filter_map(|at| u32::try_from(at).ok());
        names.map(|at| dimensions.name_text(DimensionName(at)).to_owned()).collect()
    }

    /// Whether a variable is one of those that vary.
    pub(crate) fn varies(&self, name: &str) -> bool {
        let varying = match self.question.target {
            Target::Derivative(derivative) => &derivative.wrt,
            Target::Value(equal) => &equal.varying,
        };
        varying.iter().any(|varied| varied == name)
    }

    /// Whether a text that was read is what the claim should be.
    pub(crate) fn verdict(&self, read: &Read, settings: &Settings) -> Verdict {
        let target = self.question.target;
        verdict(&read.program, target, (read.root, read.form), &[], settings)
    }

    /// Whether a text is right at one point, if any trial is left.
    pub(crate) fn seems_right(&self, text: &str) -> bool {
        self.spend()
            && self
                .read(text)
                .is_ok_and(|read| self.verdict(&read, &Settings::quick()).is_verified())
    }

    /// Whether a text is right: at one point first, then at as many as it takes.
    pub(crate) fn is_right(&self, text: &str) -> bool {
        self.seems_right(text)
            && self
                .read(text)
                .is_ok_and(|read| self.verdict(&read, &Settings::default()).is_verified())
    }

    /// The same for another target.
    pub(crate) fn meets(&self, read: &Read, target: &Target) -> bool {
        let holds = |settings: &Settings| {
            verdict(&read.program, target, (read.root, read.form), &[], settings).is_verified()
        };
        self.spend() && holds(&Settings::quick()) && holds(&Settings::default())
    }

    /// The same under an assumption, in a program of one's own.
    pub(crate) fn meets_assuming(
        &self,
        read: &Read,
        target: &Target,
        equations: &[[TypedId; 2]],
    ) -> bool {
        let holds = |settings: &Settings| {
            let claim = (read.root, read.form);
            verdict(&read.program, target, claim, equations, settings).is_verified()
        };
        self.spend() && holds(&Settings::quick()) && holds(&Settings::default())
    }

    /// The plain arrays of the program, without differentials.
    pub(crate) fn arrays(&self) -> impl Iterator<Item = (VariableId, &'a str, Shape)> {
        let variables = self.question.program.tree.variables.iter().enumerate();
        variables.filter_map(|(at, variable)| {
            let is_plain = variable.nature == Nature::Array
                && variable.differential_of.is_none()
                && variable.family.is_empty();
            let id = VariableId(u32::try_from(at).ok()?);
            is_plain.then_some((id, variable.name.as_str(), variable.shape))
        })
    }
}

/// The verdict on a node of a program as what a claim should be.
fn verdict(
    program: &Program,
    target: &Target,
    (root, kind): (TypedId, Kind),
    equations: &[[TypedId; 2]],
    settings: &Settings,
) -> Verdict {
    let tree = &program.tree;
    let side = |root: TypedId| Expression { tree, root };
    let assumptions: Vec<[Expression<'_>; 2]> =
        equations.iter().map(|equation| equation.map(side)).collect();
    match target {
        Target::Value(equal) => {
            let own = equal.assumptions.iter().map(|equation| equation.map(side));
            let assumptions: Vec<[Expression<'_>; 2]> = own.chain(assumptions).collect();
            let varying: Vec<&str> = equal.varying.iter().map(String::as_str).collect();
            let sides = [side(equal.node), side(root)];
            check_equal_along(&sides, &assumptions, &varying, settings)
        }
        Target::Derivative(derivative) => {
            let Some(function) = program.results.first() else {
                return Verdict::Undecided { reason: "there is no function".to_owned() };
            };
            let form = match kind {
                Kind::Array => Form::Array(derivative.layout),
                Kind::Map => Form::LinearMap(derivative.layout),
                Kind::Differential => Form::Differential,
            };
            let mut wrt = derivative.wrt.clone();
            if kind == Kind::Differential {
                wrt.dedup();
            }
            let claims = [Claim { wrt, root, parts: derivative.parts.clone() }];
            let claims = Claims {
                function: side(*function),
                tree,
                claims: &claims,
                form,
                stacking: derivative.stacking,
                convention: derivative.convention,
                order: u8::try_from(derivative.wrt.len()).unwrap_or(u8::MAX),
            };
            check_derivative_assuming(&claims, &assumptions, settings)
        }
    }
}

/// Whether the differential of one of these variables stands in an expression.
fn has_differential(tree: &TypedTree, root: TypedId, of: &[String]) -> bool {
    let is_one = |variable: VariableId| {
        let base = tree.variable(variable).differential_of;
        base.is_some_and(|base| of.contains(&tree.variable(base).name))
    };
    if !tree.variables.iter().any(|variable| variable.differential_of.is_some()) {
        return false;
    }
    let mut pending = vec![root];
    let mut seen = vec![false; tree.nodes.len()];
    while let Some(id) = pending.pop() {
        if std::mem::replace(&mut seen[id.0 as usize], true) {
            continue;
        }
        if let Operation::Variable(variable) = tree.node(id).operation
            && is_one(variable)
        {
            return true;
        }
        tree.children(id, |child| pending.push(child));
    }
    false
}
