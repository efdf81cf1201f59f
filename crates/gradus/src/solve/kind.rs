//! What kind of point a stationary point is.
//!
//! Must not know how it was found.

use gradus_derivation::Builder;
use gradus_notation::print;
use gradus_notation::tree::{Notation, NotationId};
use gradus_solve::{Form, is_affine};

use super::Problem;
use super::pose::{Posed, declarations};
use super::read::Read;
use crate::convexity::{Curvature, convexity};
use crate::derive::diff;
use crate::request::{Forms, Request};
use crate::verify::{indices, read_back};

/// The kind of a stationary point, with the Hessian that tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A plain equation has none.
    NoPoint,
    /// The function is convex; with its Hessian.
    GlobalMinimum(Option<NotationId>),
    /// The function is concave.
    GlobalMaximum(Option<NotationId>),
    /// The function is affine: every point is one, or none.
    Affine,
    /// The function is neither convex nor concave.
    Neither,
    /// It belongs to the extreme eigenvalues, or to the singular values, of a matrix.
    Extreme {
        /// Whether to the greatest.
        greatest: bool,
        /// The matrix.
        of: NotationId,
        /// Which form the problem has.
        form: Form,
    },
    /// It is not known.
    Unknown,
}

/// The kind of a point that was found.
pub(super) fn of(problem: &Problem, read: &Read, posed: &mut Posed) -> Kind {
    if posed.given {
        return Kind::NoPoint;
    }
    // Convexity tells of the point only where the constraints are affine.
    let names: Vec<String> = posed.unknowns.iter().map(|unknown| unknown.name.clone()).collect();
    let constraints: Vec<_> = posed.equations.iter().skip(posed.stationary).copied().collect();
    for equation in constraints {
        for side in [equation.left, equation.right] {
            if !is_affine(&mut posed.builder, &posed.facts, &names, side) {
                return Kind::Unknown;
            }
        }
    }
    certificate(problem, read, posed).unwrap_or(Kind::Unknown)
}

/// Whether the function is convex or concave in all unknowns together, by its certificate; with the
/// Hessian, where that is one formula without the unknown.
fn certificate(problem: &Problem, read: &Read, posed: &mut Posed) -> Option<Kind> {
    let text = print::source(&posed.builder.tree, posed.function?);
    let request = Request {
        declarations: declarations(problem, &read.program),
        variables: problem.request.variables.clone(),
        ..Request::new(text)
    };
    let curvature = convexity(&request).ok()?.curvature();
    let hessian = hessian(request, posed);
    Some(match curvature {
        Curvature::Convex => Kind::GlobalMinimum(hessian),
        Curvature::Concave => Kind::GlobalMaximum(hessian),
        Curvature::Affine => Kind::Affine,
        Curvature::Neither => Kind::Neither,
        Curvature::NotKnown => Kind::Unknown,
    })
}

fn hessian(request: Request, posed: &mut Posed) -> Option<NotationId> {
    let [name] = request.variables.as_slice() else { return None };
    let name = name.split('[').next().unwrap_or(name).to_owned();
    let request = Request { forms: Forms::Main, ..request.order(2).unverified() };
    let answer = diff(&request).ok()?;
    posed.program.tree.dimensions = posed.builder.tree.dimensions.clone();
    let main = &answer.main;
    let roots =
        read_back(&mut posed.program, &main.tree, &main.page, &indices(&main.found)).ok()?;
    posed.builder.tree.dimensions = posed.program.tree.dimensions.clone();
    let hessian = posed.builder.written(&posed.program.tree, *roots.first()?).ok()?;
    (!stands(&posed.builder, &name, hessian)).then_some(hessian)
}

fn stands(builder: &Builder, name: &str, root: NotationId) -> bool {
    let mut open = vec![root];
    let mut seen = vec![false; root.0 as usize + 1];
    while let Some(id) = open.pop() {
        if std::mem::replace(&mut seen[id.0 as usize], true) {
            continue;
        }
        if matches!(builder.node(id), Notation::Name { text, .. } if text == name) {
            return true;
        }
        builder.node(id).for_each_child(|child| open.push(child));
    }
    false
}
