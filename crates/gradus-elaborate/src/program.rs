//! What elaboration takes and gives.
//!
//! Must not know how shapes are solved.

use gradus_diagnostics::{Diagnostic, Result};
use gradus_syntax::tree::Tree;
use gradus_tensor::DimensionId;

use crate::typed::{TypedId, TypedTree, VariableId};

/// One parsed text.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The text that was parsed, quoted in messages.
    pub text: &'a str,
    /// Its tree, free of syntax errors.
    pub tree: &'a Tree,
    /// Added to every place in messages and nodes, where several texts are shown as one.
    pub offset: u32,
}

impl<'a> Source<'a> {
    /// A text that stands alone.
    #[must_use]
    pub fn new(text: &'a str, tree: &'a Tree) -> Self {
        Self { text, tree, offset: 0 }
    }
}

/// What elaboration is told beside the sources.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'a> {
    /// Texts that hold declarations only.
    pub declarations: &'a [Source<'a>],
    /// Whether the results are sides of one identity, so that their shapes agree.
    pub same_shape: bool,
}

/// How one name was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadAs {
    /// The variable.
    pub variable: VariableId,
    /// Its kind as a declaration would say it: `matrix(m,n)`.
    pub kind: String,
    /// Whether this departs from the preference of the first letter.
    pub departure: bool,
}

/// How the names that were not fully declared were read, in order of first appearance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// One entry a name.
    pub names: Vec<ReadAs>,
}

/// An elaborated program.
#[derive(Clone, Debug)]
pub struct Program {
    /// Every node of every source.
    pub tree: TypedTree,
    /// The functions: the last statement of each source.
    pub results: Vec<TypedId>,
    /// The user's bindings in order; each id is an [`crate::typed::Operation::Binding`] node.
    pub bindings: Vec<(String, TypedId)>,
    /// For a linear map `dX -> …` as the last statement, its parameters.
    pub map_parameters: Vec<VariableId>,
    /// How many of the first variables occur in the sources; the others are declared only.
    pub occurring: usize,
    /// How undeclared names were read.
    pub reading: Reading,
    /// Hints beside the answer.
    pub notes: Vec<Diagnostic>,
    /// Dimensions that are not natural numbers at all sizes, but must be: `n-k` for a slice `x[1:k]`.
    pub conditions: Vec<DimensionId>,
}

/// A text read in the context of a program.
#[derive(Clone, Debug)]
pub struct ReadBack {
    /// The function.
    pub result: TypedId,
    /// Its own bindings in order.
    pub bindings: Vec<(String, TypedId)>,
    /// For a linear map, its parameters.
    pub map_parameters: Vec<VariableId>,
    /// Dimensions that must be natural numbers, as in [`Program::conditions`].
    pub conditions: Vec<DimensionId>,
}

/// Elaborates sources that share their variables: one expression or program, the two sides of an
/// identity, or an expression and a claim about it.
///
/// # Errors
/// Whatever is wrong with names, kinds or shapes, with place and hint.
pub fn elaborate(_sources: &[Source<'_>], _options: &Options<'_>) -> Result<Program> {
    Err(Diagnostic::unsupported("elaboration").into())
}

impl Program {
    /// Reads a further text with the variables, bindings and dimensions of this program: a printed
    /// answer. No kind is guessed; an unknown name is an error, except `dX` for the differential of a
    /// variable X. The nodes are added to [`Program::tree`].
    ///
    /// # Errors
    /// Whatever is wrong with names or shapes; the program is then unchanged.
    pub fn read_back(&mut self, _source: &Source<'_>) -> Result<ReadBack> {
        Err(Diagnostic::unsupported("elaboration").into())
    }
}
