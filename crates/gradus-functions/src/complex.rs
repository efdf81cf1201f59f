//! Conjugate, real and imaginary part.
//!
//! Must not know networks.

use gradus_tensor::{FunctionFacts, Role};

use crate::base::{numpy, operator_name};
use crate::entry::{Function, Meaning, Structural};

const PART: Function =
    Function { parameters: &["z"], signatures: &["elementwise"], ..Function::DERIVED };

pub(crate) const ENTRIES: &[Function] = &[
    Function {
        name: "conj",
        summary: "complex conjugate, not transposed",
        facts: FunctionFacts { role: Some(Role::Conjugate), ..FunctionFacts::ELEMENTWISE },
        meaning: Meaning::Structural(Structural::Conjugate),
        differential: "conj(dz)",
        form: operator_name!("conj"),
        spellings: numpy!("np.conj({0})"),
        ..PART
    },
    Function {
        name: "real",
        summary: "real part",
        meaning: Meaning::Structural(Structural::RealPart),
        differential: "real(dz)",
        form: operator_name!("Re"),
        spellings: numpy!("np.real({0})"),
        ..PART
    },
    Function {
        name: "imag",
        summary: "imaginary part",
        meaning: Meaning::Structural(Structural::ImaginaryPart),
        differential: "imag(dz)",
        form: operator_name!("Im"),
        spellings: numpy!("np.imag({0})"),
        ..PART
    },
];
