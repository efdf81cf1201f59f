//! What kind of point a stationary point is.
//!
//! Must not know how it was found.

use gradus_derivation::Builder;
use gradus_functions::{Meaning, Structural, book};
use gradus_notation::print;
use gradus_notation::tree::{Head, Notation, NotationId};
use gradus_solve::{Facts, is_affine};

use super::Problem;
use super::pose::{Posed, declarations};
use super::read::Read;
use crate::derive::diff;
use crate::request::{Forms, Request};
use crate::verify::{indices, read_back};

/// The kind of a stationary point, with the Hessian that tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A plain equation has none.
    NoPoint,
    /// The function is convex: its Hessian is positive semidefinite everywhere.
    GlobalMinimum(NotationId),
    /// The function is concave.
    GlobalMaximum(NotationId),
    /// It belongs to the extreme eigenvalues, or to the singular values, of a matrix.
    Extreme {
        /// Whether to the greatest.
        greatest: bool,
        /// The matrix.
        of: NotationId,
        /// Whether to singular values.
        singular: bool,
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

/// Whether the function is convex or concave, by the structure of its Hessian.
fn certificate(problem: &Problem, read: &Read, posed: &mut Posed) -> Option<Kind> {
    let [name] = problem.request.variables.as_slice() else { return None };
    let text = print::source(&posed.builder.tree, posed.function?);
    let request = Request {
        declarations: declarations(problem, &read.program),
        forms: Forms::Main,
        ..Request::new(text).by(name.clone()).order(2).unverified()
    };
    let answer = diff(&request).ok()?;
    posed.program.tree.dimensions = posed.builder.tree.dimensions.clone();
    let main = &answer.main;
    let roots =
        read_back(&mut posed.program, &main.tree, &main.page, &indices(&main.found)).ok()?;
    posed.builder.tree.dimensions = posed.program.tree.dimensions.clone();
    let hessian = posed.builder.written(&posed.program.tree, *roots.first()?).ok()?;
    if is_semidefinite(&posed.builder, &posed.facts, hessian) {
        return Some(Kind::GlobalMinimum(hessian));
    }
    let negative = posed.builder.negate(hessian);
    is_semidefinite(&posed.builder, &posed.facts, negative).then_some(Kind::GlobalMaximum(hessian))
}

/// Kronecker products of semidefinite matrices are semidefinite.
fn is_semidefinite(builder: &Builder, facts: &Facts, id: NotationId) -> bool {
    if facts.is_semidefinite(builder, id) {
        return true;
    }
    match builder.node(id) {
        Notation::Sum(terms) => {
            terms.iter().all(|(minus, id)| !minus && is_semidefinite(builder, facts, *id))
        }
        Notation::Product(factors) => {
            let (scalars, arrays): (Vec<NotationId>, Vec<NotationId>) =
                factors.iter().partition(|id| builder.shape(**id).is_scalar());
            scalars.iter().all(|id| facts.has_positive_entries(builder, *id))
                && matches!(arrays.as_slice(), [only] if is_semidefinite(builder, facts, *only))
        }
        Notation::Call { head: Head::Book(function), arguments, .. } => {
            matches!(book().get(*function).meaning, Meaning::Structural(Structural::Kronecker))
                && arguments.iter().all(|id| is_semidefinite(builder, facts, *id))
        }
        _ => false,
    }
}
