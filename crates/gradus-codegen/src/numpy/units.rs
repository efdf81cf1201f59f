//! All unit arrays of a variable at once, which a linear map is applied to.
//!
//! Must not know the map.

use gradus_diagnostics::Result;
use gradus_tensor::{DimensionId, Structure};

use crate::numpy::dimension;
use crate::numpy::expression::{Printer, internal, unsupported};
use crate::numpy::fragment::{Fragment, Rank};
use crate::request::{Variable, VariableKind};

/// The lines that define a name as the unit arrays of a variable along a leading axis, in the order
/// of stacked columns, projected onto the structure of the variable.
pub(super) fn lines(
    printer: &Printer<'_>,
    name: &str,
    variable: &Variable,
    by_entries: bool,
) -> Result<Vec<String>> {
    let VariableKind::Array { structure, .. } = variable.kind else {
        return Err(internal("a derivative by what is no array"));
    };
    let axes = dimension::axes(variable);
    let count = product(printer, &axes).text;
    let turned: Vec<String> = axes.iter().rev().map(|axis| printer.size(*axis).text).collect();
    let units = match turned.as_slice() {
        [_] => format!("np.eye({count})"),
        [columns, rows] => {
            format!("np.eye({count}).reshape(-1, {columns}, {rows}).swapaxes(1, 2)")
        }
        _ => return Err(unsupported("the unit arrays of a family of matrices")),
    };
    let mut lines = vec![format!("{name} = {units}")];
    lines.extend(projected(printer, name, variable, structure, by_entries)?);
    Ok(lines)
}

/// The line that projects the unit arrays.
fn projected(
    printer: &Printer<'_>,
    name: &str,
    variable: &Variable,
    structure: Structure,
    by_entries: bool,
) -> Result<Option<String>> {
    if !variable.ranges.is_empty() && !matches!(structure, Structure::General | Structure::OneHot) {
        return Err(unsupported("the unit arrays of a family of structured arrays"));
    }
    let size = printer.size(variable.shape.rows).text;
    let turned = format!("{name}.swapaxes(1, 2)");
    let value = match structure {
        Structure::General | Structure::OneHot => return Ok(None),
        Structure::Symmetric | Structure::PositiveDefinite if by_entries => {
            format!("{name} + {turned} - {name} * np.eye({size})")
        }
        Structure::Symmetric | Structure::PositiveDefinite => format!("({name} + {turned}) / 2"),
        Structure::Skew if by_entries => format!("{name} - {turned}"),
        Structure::Skew => format!("({name} - {turned}) / 2"),
        Structure::Diagonal => format!("{name} * np.eye({size})"),
        Structure::LowerTriangular => format!("np.tril({name})"),
        Structure::UpperTriangular => format!("np.triu({name})"),
        Structure::Simplex => format!("{name} - 1 / {size}"),
        Structure::Orthogonal => match printer.locals.get(&variable.name) {
            Some(point) => format!("({name} - {0} @ {turned} @ {0}) / 2", point.name),
            None => return Err(internal("a variable without a name")),
        },
        Structure::Hermitian | Structure::Unitary => {
            return Err(unsupported("the unit arrays of a complex structure"));
        }
    };
    Ok(Some(format!("{name} = {value}")))
}

/// A product of sizes as an expression.
pub(super) fn product(printer: &Printer<'_>, axes: &[DimensionId]) -> Fragment {
    let sizes = axes.iter().map(|axis| printer.size(*axis));
    sizes
        .reduce(|product, size| product.times(&size))
        .unwrap_or_else(|| Fragment::atom("1", Rank::Scalar))
}
