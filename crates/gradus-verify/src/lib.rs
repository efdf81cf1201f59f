//! The oracles: every formula is checked before it is printed, by evaluating the typed tree of the
//! text that is printed against the typed tree of the text that the user wrote.
//!
//! Must not know the simplifier, the smart constructors of the kernel, or how networks are raised
//! to notation: of the kernel it uses rational numbers, dimensions and the facts of functions only.
//!
//! - [`check_equal`]: the sides of an identity `a = b = c`.
//! - [`check_derivative`]: claimed derivatives, differentials and linear maps of a function.
//! - [`check_derivative_at`]: the same where some variables have given values.
//! - [`remainder`]: how a function leaves its claimed linear part.
//! - [`evaluate`]: a value at the caller's own data, by the reference evaluator; [`evaluate_all`] of
//!   several and their changes along a direction, [`second_along`] a second derivative.
//! - [`check_chords`]: how a function bends, along chords.

mod array;
mod assumption;
mod book;
mod call;
mod check;
mod chords;
mod claim;
mod compare;
mod complex;
mod constant;
mod decomposition;
mod dense;
mod double;
mod draw;
mod evaluate;
mod exact;
mod field;
mod frame;
mod higher;
mod jet;
mod layout;
mod matrix;
mod modular;
mod oracle;
mod plan;
mod precise;
mod question;
mod random;
mod regular;
mod remainder;
mod series;
mod sizes;
mod smooth;
mod tracked;
mod value;
mod verdict;
mod world;

pub use check::{
    check_derivative, check_derivative_assuming, check_derivative_at, check_equal,
    check_equal_along, check_equal_assuming, remainder,
};
pub use chords::{Chords, check_chords};
pub use claim::{Claim, Claims, Convention, Expression, Form, Layout, Part, Settings, Stacking};
pub use remainder::{Remainder, Step};
pub use value::{
    Array, NoValue, Second, evaluate, evaluate_all, evaluate_at_sizes, open_sizes, second_along,
};
pub use verdict::{Difference, Method, Sizes, Verdict};
