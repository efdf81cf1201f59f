//! What a derivation is: sections of lines, each with the rules that lead to it.
//!
//! Must not know how lines are found or shown.

use gradus_notation::arena::NotationTree;
use gradus_notation::tree::NotationId;

use crate::rules::Citation;

/// How fine the lines are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// The differential, the form it is read off from, and the answer.
    Brief,
    /// A line for each rule of the book and each move inside the trace.
    #[default]
    Normal,
    /// A line for each single rule.
    Full,
}

/// Which derivative by a variable is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// By a real variable the derivative; by a complex one the gradient `2∂f/∂conj(Z)` of a real
    /// function.
    #[default]
    Whole,
    /// `∂f/∂Z`
    Plain,
    /// `∂f/∂conj(Z)`
    Conjugate,
}

/// The left side of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Left {
    /// The function, or the name of the step: `f`, `a1`.
    Name(String),
    /// A member of a family that is bound to a name, with its index: `h[i]`.
    Member(String, String),
    /// The differential of the function or of a step: `df`.
    Differential(String),
    /// The differential of an order above one, in which the differentials of the variables are constant:
    /// `d²f`.
    HigherDifferential(String, u8),
    /// The stacked differential: `d vec F`.
    StackedDifferential(String),
    /// The derivative of the function by a variable or a step.
    Derivative {
        /// The variable or step.
        by: String,
        /// The index of the member, of a family.
        index: Option<String>,
        /// Whether both are stacked into columns.
        stacked: bool,
        /// Which derivative by a complex variable it is.
        part: Part,
    },
    /// The derivative by a structured variable as if its entries could vary freely, with the name that it
    /// has until it is projected: `df = tr(G'dX)` or `d vec F = J vec(dX)` for every tangent `dX`.
    Free {
        /// Its name.
        name: String,
        /// The variable.
        by: String,
        /// Which derivative by a complex variable it is.
        part: Part,
    },
    /// A part of the derivative by a step that is used in several others.
    Contribution {
        /// The step.
        by: String,
    },
    /// The derivative by a step or variable that is used in several steps: the sum of its parts.
    Total {
        /// The step or variable.
        by: String,
    },
    /// The line goes on from the one before.
    Same,
}

/// One line.
#[derive(Clone, Debug)]
pub struct Line {
    /// The left side.
    pub left: Left,
    /// The right side.
    pub formula: NotationId,
    /// Why it equals the line before, in the order in which the rules act.
    pub rules: Vec<Citation>,
}

/// What a section of a derivation is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heading {
    /// The whole derivation.
    None,
    /// The names that are given to the steps of a composition.
    Composition,
    /// How the function varies with the last step.
    LastStep,
    /// Back through the step of this name.
    Through(String),
    /// The answer.
    Answer,
}

/// What the lines of a section are about, for whoever checks them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The function of the program.
    Function,
    /// The function in terms of the named steps, which vary freely.
    LastStep,
    /// A step in terms of those before it; the derivative of the function by the step is any array, of
    /// the name [`partial_name`].
    Step(String),
    /// Names for what the function is composed of: nothing is claimed but the definitions.
    Names,
}

/// A part of a derivation.
#[derive(Clone, Debug)]
pub struct Section {
    /// What it is about.
    pub heading: Heading,
    /// The lines in order.
    pub lines: Vec<Line>,
    /// What its lines say something about.
    pub subject: Subject,
    /// What is differentiated, as it stands: the function or the step.
    pub definition: NotationId,
    /// The variables and steps that vary in its lines.
    pub varying: Vec<String>,
}

/// The name in source text of the derivative of a function by a step.
#[must_use]
pub fn partial_name(function: &str, step: &str) -> String {
    format!("partial_{function}_{step}")
}

/// Lines up to an answer.
#[derive(Clone, Debug)]
pub struct Derivation {
    /// The formulas of all lines.
    pub tree: NotationTree,
    /// The sections in order.
    pub sections: Vec<Section>,
}
