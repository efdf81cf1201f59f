//! Derivations that somebody wrote, checked line by line.
//!
//! Must not know how one line is decided.
//!
//! A derivation is a text of declarations (`X: matrix(m,n)`), definitions (`l = norm2(X*w - y)^2`, a new name
//! on the left), and equations or chains of them, which may go on in lines that begin with `=`. In them
//! stand differentials (`dl`, `dX`, `d(…)`) and derivatives (`∂l/∂w`, `dl/dw`). A variable varies if its
//! differential stands somewhere in the text; `dA = 0` says that A is constant, `layout: numerator` how derivatives are written. A line without `=` is prose, and so is what stands after `#` or `%`.

mod brackets;
mod check;
mod context;
mod format;
mod shapes;
mod symbols;
mod told;

pub use check::{CheckedLines, CheckedStep, check_lines};
