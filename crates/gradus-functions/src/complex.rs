//! Conjugate, real and imaginary part.
//!
//! Must not know networks.

use gradus_tensor::{FunctionFacts, Role};

use crate::base::{numpy, operator_name};
use crate::entry::{Function, Meaning, Structural};
use crate::proof::{Proof, line};

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
        proof: Proof {
            declarations: "z, w: complex vector(n)",
            lines: &[
                line(
                    "conj(z + w) = conj(z) + conj(w)",
                    "the conjugate of a sum is the sum of conjugates",
                    "和的共轭等于共轭的和",
                ),
                line(
                    "d(conj(z)) = conj(dz)",
                    "real-linear: its own linear part",
                    "实线性：其线性部分就是它自己",
                ),
            ],
            ..Proof::NONE
        },
        ..PART
    },
    Function {
        name: "real",
        summary: "real part",
        meaning: Meaning::Structural(Structural::RealPart),
        differential: "real(dz)",
        form: operator_name!("Re"),
        spellings: numpy!("np.real({0})"),
        proof: Proof {
            declarations: "z, w: complex vector(n)",
            lines: &[
                line(
                    "real(z + w) = real(z) + real(w)",
                    "the real part of a sum is the sum of real parts",
                    "和的实部等于实部的和",
                ),
                line(
                    "d(real(z)) = real(dz)",
                    "real-linear: its own linear part",
                    "实线性：其线性部分就是它自己",
                ),
            ],
            ..Proof::NONE
        },
        ..PART
    },
    Function {
        name: "imag",
        summary: "imaginary part",
        meaning: Meaning::Structural(Structural::ImaginaryPart),
        differential: "imag(dz)",
        form: operator_name!("Im"),
        spellings: numpy!("np.imag({0})"),
        proof: Proof {
            declarations: "z, w: complex vector(n)",
            lines: &[
                line(
                    "imag(z + w) = imag(z) + imag(w)",
                    "the imaginary part of a sum is the sum of imaginary parts",
                    "和的虚部等于虚部的和",
                ),
                line(
                    "d(imag(z)) = imag(dz)",
                    "real-linear: its own linear part",
                    "实线性：其线性部分就是它自己",
                ),
            ],
            ..Proof::NONE
        },
        ..PART
    },
];
