//! The vocabulary of Gradus as pure data: a function is one entry, and everything else is derived.
//!
//! Must not know loops over graphs, shapes of actual arguments, or output. An entry stands in the
//! file of its family and nowhere else; a new family is added to the list below.

mod base;
mod book;
mod complex;
mod curvature;
mod decompositions;
mod elementwise;
pub mod entry;
mod extrema;
mod help;
mod matrix;
mod matrix_functions;
mod norms;
pub mod proof;
mod reductions;
mod reserved;
mod rules;
pub mod signature;
mod softmax;
mod structural;

pub use book::{Book, Family, book};
pub use curvature::{Bent, Curvature, Piece, Place, Trend};
pub use entry::{ArrayFunction, Exact, Form, Function, Language, Meaning, Numeric, Structural};
pub use proof::{Proof, ProofLine};
pub use reserved::{RESERVED, reserved};
pub use rules::{ProvedRule, proved_rules};
pub use signature::{
    ArgumentPattern, Letter, ShapePattern, ShapeSignature, Signature, SignatureError, SizePattern,
};

/// All families; ids follow this order.
const FAMILIES: &[Family] = &[
    Family { title: "Exponentials and logarithms", entries: elementwise::exponential::ENTRIES },
    Family { title: "Powers and roots", entries: elementwise::power::ENTRIES },
    Family { title: "Sign and order", entries: elementwise::order::ENTRIES },
    Family { title: "Trigonometric functions", entries: elementwise::trigonometric::ENTRIES },
    Family { title: "Hyperbolic functions", entries: elementwise::hyperbolic::ENTRIES },
    Family { title: "Activations", entries: elementwise::activation::ENTRIES },
    Family { title: "Functions of a vector", entries: softmax::ENTRIES },
    Family { title: "Functions of a square matrix", entries: matrix::ENTRIES },
    Family { title: "Matrix functions", entries: matrix_functions::ENTRIES },
    Family { title: "Decompositions", entries: decompositions::ENTRIES },
    Family { title: "Rearrangements", entries: structural::ENTRIES },
    Family { title: "Sums and products", entries: reductions::ENTRIES },
    Family { title: "Norms", entries: norms::ENTRIES },
    Family { title: "Extrema and products", entries: extrema::ENTRIES },
    Family { title: "Complex numbers", entries: complex::ENTRIES },
];
