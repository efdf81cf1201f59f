//! What lines of a derivation say of shapes: `∂y/∂X: matrix(m,n)`.
//!
//! Must not know derivatives.

use gradus_elaborate::typed::{Shape, TypedTree};
use gradus_tensor::Dimensions;

/// A formula of the shape that a kind such as `matrix(m,n)` names.
pub(super) fn formula(kind: &str) -> String {
    let (word, sizes) = kind.split_once('(').unwrap_or((kind, ""));
    let sizes = sizes.trim_end().strip_suffix(')').unwrap_or(sizes);
    match word.trim() {
        "scalar" => "0".to_owned(),
        "rowvector" => format!("zeros(1,{sizes})"),
        _ => format!("zeros({sizes})"),
    }
}

/// A shape as it is shown: `m×n`.
pub(super) fn text(tree: &TypedTree, shape: Shape) -> String {
    if shape.is_scalar() {
        return "scalar".to_owned();
    }
    let side = |size| {
        let text = tree.dimensions.display(size).replace('*', "");
        if text.contains(['+', '-']) { format!("({text})") } else { text }
    };
    format!("{}×{}", side(shape.rows), side(shape.columns))
}

/// A shape as a declaration says it: `matrix(m,n)`.
pub(super) fn kind(tree: &TypedTree, shape: Shape) -> String {
    let side = |size| tree.dimensions.display(size);
    match (shape.rows == Dimensions::ONE, shape.columns == Dimensions::ONE) {
        (true, true) => "scalar".to_owned(),
        (false, true) => format!("vector({})", side(shape.rows)),
        (true, false) => format!("rowvector({})", side(shape.columns)),
        (false, false) => format!("matrix({},{})", side(shape.rows), side(shape.columns)),
    }
}
