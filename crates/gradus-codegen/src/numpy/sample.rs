//! Sizes and random arguments for the check of a generated module.
//!
//! Must not know how the check compares.

use gradus_diagnostics::Result;
use gradus_notation::arena::NotationTree;
use gradus_notation::tree::{Head, Notation, NotationId, PowerKind};
use gradus_tensor::{DimensionName, Dimensions, Structure};

use crate::numpy::dimension;
use crate::numpy::expression::unsupported;
use crate::numpy::generic_rank::is_regular;
use crate::plan::Plan;
use crate::request::{Variable, VariableKind};
use crate::walk;

/// Functions that the check draws its arguments with; those that are used are printed.
pub(super) const HELPERS: &[(&str, &str)] = &[
    ("_symmetric", "def _symmetric(A):\n    return (A + A.T) / 2\n"),
    ("_hermitian", "def _hermitian(A):\n    return (A + A.conj().T) / 2\n"),
    ("_skew_hermitian", "def _skew_hermitian(A):\n    return (A - A.conj().T) / 2\n"),
    ("_skew", "def _skew(A):\n    return (A - A.T) / 2\n"),
    ("_centered", "def _centered(z):\n    return z - np.mean(z)\n"),
    (
        "_positive_definite",
        "def _positive_definite(A):\n    return A @ A.T + len(A) * np.eye(len(A))\n",
    ),
];

/// Sizes of all dimensions, pairwise different where possible, for which every shape and slice of
/// the program makes sense.
pub(super) fn sizes(plan: &Plan<'_>) -> Result<Vec<u64>> {
    let dimensions = &plan.value.tree.dimensions;
    let count = dimensions.name_count();
    const FIRST: [u64; 6] = [5, 4, 6, 3, 7, 2];
    let known = |place: usize| {
        let name = DimensionName(u32::try_from(place).unwrap_or(u32::MAX));
        let name = dimensions.name_text(name);
        plan.request.sizes.iter().find(|(of, _)| of == name).map(|(_, size)| *size)
    };
    let mut candidate: Vec<u64> =
        (0..count).map(|place| known(place).unwrap_or(FIRST[place % FIRST.len()])).collect();
    // A linear congruential generator: the sizes have to be the same in every run.
    let mut state: u64 = 1;
    let mut singular = None;
    for attempt in 0..4000 {
        // A program may be singular at all sizes.
        if attempt > 400 && singular.is_some() {
            break;
        }
        if fits(plan, &candidate) {
            let lists = [&plan.value, &plan.derivative];
            if lists.iter().all(|list| is_regular(list, plan.request.book, &candidate)) {
                return Ok(candidate);
            }
            singular = singular.or_else(|| Some(candidate.clone()));
        }
        for size in &mut candidate {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            *size = 1 + (state >> 33) % 8;
        }
    }
    singular.ok_or_else(|| unsupported("a program for whose dimensions no small sizes were found"))
}

fn fits(plan: &Plan<'_>, sizes: &[u64]) -> bool {
    let dimensions = &plan.value.tree.dimensions;
    let variables_fit = plan.request.variables.iter().all(|variable| {
        dimension::axes(variable)
            .iter()
            .all(|axis| dimensions.evaluate(*axis, sizes).is_some_and(|size| size > 0))
    });
    variables_fit
        && [&plan.value.tree, &plan.derivative.tree].iter().all(|tree| slices_fit(tree, sizes))
}

fn slices_fit(tree: &NotationTree, sizes: &[u64]) -> bool {
    let size = |dimension| tree.dimensions.evaluate(dimension, sizes);
    ids(tree).all(|id| {
        let Notation::Slice { base, row_offset, column_offset } = tree.node(id) else {
            return true;
        };
        let (part, whole) = (tree.shape(id), tree.shape(*base));
        let inside = |offset, length, total| match (size(offset), size(length), size(total)) {
            (Some(offset), Some(length), Some(total)) => length > 0 && offset + length <= total,
            _ => false,
        };
        inside(*row_offset, part.rows, whole.rows)
            && inside(*column_offset, part.columns, whole.columns)
    })
}

fn ids(tree: &NotationTree) -> impl Iterator<Item = NotationId> {
    (0..tree.len()).map(|position| NotationId(u32::try_from(position).unwrap_or(u32::MAX)))
}

/// The variables that stand in the exponent of a matrix power, so that they are integers.
pub(super) fn integers<'a>(plan: &'a Plan<'_>) -> Vec<&'a str> {
    let mut found = Vec::new();
    for tree in [&plan.value.tree, &plan.derivative.tree] {
        for id in ids(tree) {
            let Notation::Power { exponent, kind: PowerKind::Matrix, .. } = tree.node(id) else {
                continue;
            };
            for part in walk::reachable(tree, [*exponent]) {
                if let Notation::Name { text, .. } = tree.node(part) {
                    found.push(text.as_str());
                }
            }
        }
    }
    found
}

/// Whether a function of whole matrices occurs that is defined for some of them only.
pub(super) fn needs_real_eigenvalues(plan: &Plan<'_>) -> bool {
    let trees = [&plan.value.tree, &plan.derivative.tree];
    trees.into_iter().any(|tree| {
        ids(tree).any(|id| match tree.node(id) {
            Notation::Call { head: Head::Book(function), .. } => {
                let function = gradus_functions::book().get(*function);
                !function.small.is_empty() && !function.condition.is_empty()
            }
            _ => false,
        })
    })
}

/// The argument of a keyword: an expression over `rng` and `draw`.
pub(super) fn argument(
    plan: &Plan<'_>,
    integers: &[&str],
    sizes: &[u64],
    variable: &Variable,
    order: u8,
) -> String {
    let dimensions = &plan.value.tree.dimensions;
    match &variable.kind {
        VariableKind::Array { structure, positive, complex } => {
            if integers.contains(&variable.name.as_str()) {
                return "float(rng.integers(2, 5))".to_owned();
            }
            let member = member(dimensions, sizes, variable, *structure, [*positive, *complex]);
            family(dimensions, sizes, variable, *structure, member)
        }
        // It is drawn with what it is the differential of.
        VariableKind::Differential { .. } => String::new(),
        VariableKind::ElementwiseFunction => format!("lambda z: {}", smooth(order)),
        VariableKind::ScalarFunction => match order {
            0 => "lambda Y: np.sum(np.sin(Y))".to_owned(),
            1 => "lambda Y: np.cos(Y)".to_owned(),
            _ => "lambda Y: -np.sin(Y) if np.ndim(Y) == 0 else -np.diag(np.sin(Y).ravel(order=\"F\"))".to_owned(),
        },
        VariableKind::Path { .. } => {
            let axes: Vec<u64> =
                dimension::axes(variable).iter().filter_map(|axis| dimensions.evaluate(*axis, sizes)).collect();
            let count: u64 = axes.iter().product();
            if axes.is_empty() {
                return format!("lambda z: {}", smooth(order));
            }
            // Squares, for phases in arithmetic progression make matrices of rank two.
            let phase = format!("np.arange({count}).reshape({}) ** 2", tuple(&axes));
            format!("lambda z: {}", smooth(order).replace('z', &format!("(z + {phase})")))
        }
    }
}

/// A smooth function of `z` and its derivatives.
fn smooth(order: u8) -> String {
    let frequency = 1.3_f64;
    let factor = frequency.powi(i32::from(order));
    let (sign, function) = match order % 4 {
        0 => ("", "sin"),
        1 => ("", "cos"),
        2 => ("-", "sin"),
        _ => ("-", "cos"),
    };
    let wave = format!("{sign}{factor:.12} * np.{function}({frequency} * z)");
    match order {
        0 => format!("{wave} + 0.2 * z**2"),
        1 => format!("{wave} + 0.4 * z"),
        2 => format!("{wave} + 0.4"),
        _ => wave,
    }
}

fn member(
    dimensions: &Dimensions,
    sizes: &[u64],
    variable: &Variable,
    structure: Structure,
    [positive, complex]: [bool; 2],
) -> String {
    let shape = shape(dimensions, sizes, variable);
    let drawn =
        if positive { format!("0.1 + np.abs(draw({shape}))") } else { format!("draw({shape})") };
    let drawn = if complex { format!("{drawn} + 1j * draw({shape})") } else { drawn };
    let size = sizes_of(dimensions, sizes, variable).first().copied().unwrap_or(1);
    match structure {
        Structure::General if complex => format!("({drawn})"),
        Structure::General => drawn,
        Structure::Hermitian => format!("_hermitian({drawn})"),
        Structure::Unitary => format!("np.linalg.qr({drawn})[0]"),
        Structure::Symmetric => format!("_symmetric({drawn})"),
        Structure::Skew => format!("_skew({drawn})"),
        Structure::Diagonal => format!("np.diag(np.diag({drawn}))"),
        Structure::LowerTriangular => format!("np.tril({drawn})"),
        Structure::UpperTriangular => format!("np.triu({drawn})"),
        Structure::PositiveDefinite => format!("_positive_definite({drawn})"),
        Structure::Orthogonal => format!("np.linalg.qr(rng.standard_normal({shape}))[0]"),
        Structure::OneHot => format!("np.eye({size})[rng.integers({size})]"),
        Structure::Simplex => format!("rng.dirichlet(np.ones({size}))"),
    }
}

/// A direction in which the argument can move without losing its structure.
pub(super) fn direction(plan: &Plan<'_>, sizes: &[u64], variable: &Variable) -> String {
    let dimensions = &plan.value.tree.dimensions;
    let VariableKind::Array { structure, complex, .. } = variable.kind else {
        return "0.0".to_owned();
    };
    let drawn = format!("rng.standard_normal({})", shape(dimensions, sizes, variable));
    let drawn = if complex { format!("{drawn} + 1j * {drawn}") } else { drawn };
    let member = match structure {
        Structure::General if complex => format!("({drawn})"),
        Structure::General | Structure::OneHot => drawn,
        Structure::Symmetric | Structure::PositiveDefinite => format!("_symmetric({drawn})"),
        Structure::Hermitian => format!("_hermitian({drawn})"),
        Structure::Skew | Structure::Orthogonal => format!("_skew({drawn})"),
        Structure::Unitary => format!("_skew_hermitian({drawn})"),
        Structure::Diagonal => format!("np.diag(np.diag({drawn}))"),
        Structure::LowerTriangular => format!("np.tril({drawn})"),
        Structure::UpperTriangular => format!("np.triu({drawn})"),
        Structure::Simplex => format!("_centered({drawn})"),
    };
    family(dimensions, sizes, variable, structure, member)
}

/// One array per member where members are structured, else one array for all.
fn family(
    dimensions: &Dimensions,
    sizes: &[u64],
    variable: &Variable,
    structure: Structure,
    member: String,
) -> String {
    if variable.ranges.is_empty() {
        return member;
    }
    if structure == Structure::General {
        let axes: Vec<u64> = dimension::axes(variable)
            .iter()
            .filter_map(|axis| dimensions.evaluate(*axis, sizes))
            .collect();
        let own = shape(dimensions, sizes, variable);
        let (own, whole) = (format!("({own})"), format!("({})", tuple(&axes)));
        return member.replace(&own, &whole);
    }
    let mut text = member;
    for range in variable.ranges.iter().rev() {
        let count = dimensions.evaluate(*range, sizes).unwrap_or(1);
        text = format!("[{text} for _ in range({count})]");
    }
    format!("np.array({text})")
}

fn sizes_of(dimensions: &Dimensions, sizes: &[u64], variable: &Variable) -> Vec<u64> {
    let axes = dimension::core_axes(variable.shape);
    axes.iter().filter_map(|axis| dimensions.evaluate(*axis, sizes)).collect()
}

/// The shape of a member as an argument of a random generator.
fn shape(dimensions: &Dimensions, sizes: &[u64], variable: &Variable) -> String {
    match sizes_of(dimensions, sizes, variable).as_slice() {
        [] => "None".to_owned(),
        axes => tuple(axes),
    }
}

fn tuple(axes: &[u64]) -> String {
    match axes {
        [single] => single.to_string(),
        _ => {
            let axes: Vec<String> = axes.iter().map(u64::to_string).collect();
            format!("({})", axes.join(", "))
        }
    }
}
