//! What is asked: a program, what is claimed of it, and the claim as text.
//!
//! Must not know how claims are tested.

use gradus_elaborate::Program;
use gradus_elaborate::typed::TypedId;
use gradus_verify::{Convention, Layout, Part, Stacking};

/// A claim about a program.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The program with its variables; the function is its first result.
    pub program: &'a Program,
    /// The text of the program.
    pub text: &'a str,
    /// What the claim should be.
    pub target: &'a Target,
    /// The claim as written.
    pub claim: &'a str,
    /// A formula that is known to be right, of the same form as the claim: what a wrong claim is
    /// compared with.
    pub expected: Option<&'a str>,
}

/// What a claim should be.
#[derive(Clone, Debug)]
pub enum Target {
    /// A derivative of the function. A claim `dX -> …` is then its linear map, and one in which `dX`
    /// stands its differential.
    Derivative(Derivative),
    /// Equal to a node of the program.
    Value(Equal),
}

/// What a claim should be equal to.
#[derive(Clone, Debug)]
pub struct Equal {
    /// The node.
    pub node: TypedId,
    /// Along which variables `d(…)` is; if none are named, along those whose differential occurs.
    pub varying: Vec<String>,
    /// Equations that are assumed, as nodes of the program.
    pub assumptions: Vec<[TypedId; 2]>,
}

/// Which derivative is claimed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Derivative {
    /// The variables, one for each order.
    pub wrt: Vec<String>,
    /// In which layout.
    pub layout: Layout,
    /// How matrices are stacked.
    pub stacking: Stacking,
    /// What a derivative by a structured variable is.
    pub convention: Convention,
    /// Which of the Wirtinger derivatives by each variable; those that are missing are whole.
    pub parts: Vec<Part>,
}
