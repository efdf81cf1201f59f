//! Differentials, the adjoint sweep, identification of derivatives, layouts.
//!
//! Must not know parsing or printing. The derivative of a network is the network with one leaf taken
//! out: a sweep removes each operand in turn, and only differentials of functions are written by hand,
//! in the rule book.

mod derivative;
mod local;
mod projection;
mod reverse;
mod stacking;
mod tangent;
mod wirtinger;

pub use derivative::{Derivative, Layout, Side, derivatives};
pub use projection::{Convention, geodesic_bend, is_curved, project, repeats_entries};
pub use stacking::{Stacking, one_axis};
pub use tangent::differential;
pub use wirtinger::{conjugate_leaf, gradient_of_real, is_real_space};
