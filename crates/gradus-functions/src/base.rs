//! Starting points of entries, so that an entry states only what is its own, and their spellings.
//!
//! Must not know any particular function.

use gradus_tensor::FunctionFacts;

use crate::curvature::Curvature;
use crate::entry::{Exact, Form, Function, Meaning, Numeric};
use crate::proof::Proof;

impl Function {
    /// An applied elementwise function of `x` of which nothing else is known.
    pub(crate) const ELEMENTWISE: Self = Self {
        name: "",
        aliases: &[],
        summary: "",
        parameters: &["x"],
        other: "",
        signatures: &["elementwise"],
        meaning: Meaning::Applied,
        facts: FunctionFacts::ELEMENTWISE,
        differential: "",
        adjoint: "",
        small: &[],
        condition: "",
        numeric: Numeric::Derived,
        exact: Exact::Table,
        form: Form::prefix("", "", ""),
        spellings: &[],
        complex_spellings: &[],
        support: &[],
        hint: "",
        proof: Proof::NONE,
        curvature: Curvature::UNKNOWN,
    };

    /// A function of a matrix `X` whose value follows from its meaning.
    pub(crate) const DERIVED: Self =
        Self { parameters: &["X"], exact: Exact::Derived, ..Self::ELEMENTWISE };
}

/// The form of a function whose name is set upright and has no command of its own in LaTeX.
macro_rules! operator_name {
    ($name:literal) => {
        operator_name!($name, $name)
    };
    ($text:literal, $name:literal) => {
        $crate::entry::Form::prefix(
            $text,
            concat!("\\operatorname{", $name, "}"),
            concat!("op(\"", $name, "\")"),
        )
    };
}

/// The spelling of a function in NumPy.
macro_rules! numpy {
    ($text:expr) => {
        &[($crate::entry::Language::Numpy, $text)]
    };
}

pub(crate) use {numpy, operator_name};
