//! The tensor network kernel: dimensions, nodes, interning, canonical labels, smart constructors.
//!
//! Must not know names of functions: it sees them through the one trait [`Vocabulary`]. Must not
//! know how networks are written or displayed.

mod apply;
pub mod arena;
mod cancel;
mod canonical;
mod check;
mod constant_argument;
mod construct;
mod dimension;
mod expand;
mod facts;
mod frechet;
mod kronecker;
mod literal;
mod matching;
mod matrix_function;
mod network;
mod node;
mod permutation;
mod projector;
mod rational;
pub mod sabotage;
mod several;
mod structure;
mod substitute;
mod sum;
mod symbol;

pub use arena::{Arena, Exhaustion, NodeFacts};
pub use check::check;
pub use dimension::{DimensionId, DimensionName, Dimensions, Monomial, Polynomial};
pub use facts::{FunctionFacts, FunctionId, Parity, Role, TransposeRule, Vocabulary};
pub use network::{Network, Wire, Wires};
pub use node::{
    Apply, Argument, Constant, Contraction, FunctionRef, Label, Labels, Node, NodeId, Operand,
    Scaled, Sum,
};
pub use rational::Rational;
pub use several::SeveralArgument;
pub use symbol::{Axes, Axis, Structure, Symbol, SymbolId};
