//! The texts of the rule book as typed trees, elaborated once on first use.
//!
//! Must not know what the texts are used for.

use gradus_diagnostics::{Diagnostic, Result};
use gradus_tensor::{DimensionId, FunctionId};

use crate::typed::{Shape, TypedId, TypedTree, VariableId};

/// A text of the rule book for one signature. Its dimension names are the letters of the signature;
/// for an elementwise function every parameter is a scalar.
#[derive(Clone, Debug)]
pub struct Fragment {
    /// The nodes, with a dimension table of their own.
    pub tree: TypedTree,
    /// The parameters that are arrays, in order.
    pub parameters: Vec<VariableId>,
    /// `dX` for each parameter X.
    pub differentials: Vec<VariableId>,
    /// The value.
    pub result: TypedId,
}

/// Which signature a call has, and what its letters stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureMatch {
    /// The position of the signature in the entry.
    pub signature: usize,
    /// What each dimension name of a [`Fragment`] of this signature stands for, in the order of the
    /// fragment's dimension names.
    pub letters: Vec<DimensionId>,
}

/// The fragments of every function.
#[derive(Debug, Default)]
pub struct RuleBook {}

/// The rule book.
pub fn rule_book() -> &'static RuleBook {
    static BOOK: RuleBook = RuleBook {};
    &BOOK
}

impl RuleBook {
    /// The differential of a function, linear in [`Fragment::differentials`].
    ///
    /// # Errors
    /// The text is wrong or the entry has none.
    pub fn differential(&self, _function: FunctionId, _signature: usize) -> Result<&Fragment> {
        Err(Diagnostic::unsupported("rule book").into())
    }

    /// What an abbreviation stands for.
    ///
    /// # Errors
    /// The text is wrong or the entry is no abbreviation.
    pub fn expansion(&self, _function: FunctionId, _signature: usize) -> Result<&Fragment> {
        Err(Diagnostic::unsupported("rule book").into())
    }

    /// The definition of the exact value.
    ///
    /// # Errors
    /// The text is wrong or the entry has none.
    pub fn exact(&self, _function: FunctionId, _signature: usize) -> Result<&Fragment> {
        Err(Diagnostic::unsupported("rule book").into())
    }
}

/// Matches the shapes of a call's arguments and its sizes against the signatures of the function.
#[must_use]
pub fn match_signature(
    _function: FunctionId,
    _arguments: &[Shape],
    _sizes: &[DimensionId],
) -> Option<SignatureMatch> {
    None
}
