//! What an answer is made of: formulas of several kinds, each by some variables.
//!
//! Must not know how formulas are found or printed.

use gradus_elaborate::typed::VariableId;
use gradus_notation::arena::NotationTree;
use gradus_notation::raise::Goal;
use gradus_notation::tree::Page;
use gradus_tensor::Scaled;

/// What a formula is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FormulaKind {
    /// The derivative as one array, by each of its variables in turn. Where matrices were stacked
    /// into columns it is `J` in `d vec F = J d vec X`.
    Array {
        /// Whether they were.
        stacked: bool,
    },
    /// The same derivative as a linear map of the differential of its last variable.
    Map {
        /// Whether the derivative by the variables before is stacked.
        stacked: bool,
    },
    /// The derivatives of a scalar function by all of its variables in one column.
    Gradient,
    /// The differential of some order, in which all of its variables vary.
    Differential {
        /// The order.
        order: u8,
    },
}

/// Which derivative by a complex variable a formula is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Part {
    /// By a real variable the derivative; by a complex one the gradient `2*∂f/∂conj(Z)` of a real
    /// function.
    #[default]
    Whole,
    /// `∂f/∂Z`
    Plain,
    /// `∂f/∂conj(Z)`
    Conjugate,
}

/// A formula that was found, as a network.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) kind: FormulaKind,
    /// The variables; of a derivative one for each order.
    pub(crate) by: Vec<VariableId>,
    /// Which derivative it is by each variable in turn; those that are missing are whole.
    pub(crate) parts: Vec<Part>,
    /// The value, and which of its axes are rows and columns.
    pub(crate) goal: Goal,
    /// Of a stacked derivative the same without stacking: the axes of what is differentiated, and
    /// then those of the last variable.
    pub(crate) tensor: Option<Scaled>,
}

impl Found {
    /// Which derivative it is by the variable of an order.
    pub(crate) fn part(&self, order: usize) -> Part {
        self.parts.get(order).copied().unwrap_or_default()
    }

    /// Whether it is no Wirtinger derivative.
    pub(crate) fn is_whole(&self) -> bool {
        self.parts.iter().all(|part| *part == Part::Whole)
    }
}

/// Formulas on one page.
#[derive(Clone, Debug)]
pub(crate) struct View {
    pub(crate) tree: NotationTree,
    /// The results stand in the order of `found`.
    pub(crate) page: Page,
    pub(crate) found: Vec<Found>,
}
