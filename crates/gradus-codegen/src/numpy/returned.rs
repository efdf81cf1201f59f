//! What the generated functions return: floats, arrays of which shape, Jacobians.
//!
//! Must not know expressions.

use gradus_diagnostics::Result;
use gradus_notation::tree::{NotationId, Shape};
use gradus_tensor::{DimensionId, Dimensions};

use crate::numpy::body::Returned;
use crate::numpy::dimension;
use crate::numpy::expression::{internal, unsupported};
use crate::request::{Answer, AnswerForm, ModuleRequest, Variable, VariableKind};
use crate::statement::StatementList;

/// What `value` returns.
pub(super) fn value(request: &ModuleRequest<'_>) -> Returned {
    numbers(request, of_shape(value_shape(request)), request.is_real)
}

/// What the values at a point are returned as.
pub(super) fn of_values(request: &ModuleRequest<'_>, values: &StatementList) -> Vec<Returned> {
    let of = |id: &NotationId| {
        let returned = of_shape(values.tree.shape(*id));
        numbers(request, returned, false)
    };
    values.results.iter().map(of).collect()
}

/// Whether the numbers are real or complex.
fn numbers(request: &ModuleRequest<'_>, returned: Returned, is_real: bool) -> Returned {
    match (request.is_complex(), is_real, returned) {
        (true, true, returned) => Returned::RealPart(Box::new(returned)),
        (true, false, Returned::Float) => Returned::Complex,
        (_, _, returned) => returned,
    }
}

/// Whether an answer has no imaginary part: a real function along real variables, or the change of one.
fn is_real(request: &ModuleRequest<'_>, answer: &Answer) -> bool {
    let is_change = match answer.form {
        AnswerForm::Along(_) => answer.wrt.len() == 1,
        AnswerForm::Differential { .. } => true,
        _ => false,
    };
    let is_complex = |position: &usize| {
        let kind = &request.variables[*position].kind;
        matches!(kind, VariableKind::Array { complex: true, .. })
    };
    request.is_real && (is_change || !answer.wrt.iter().any(is_complex))
}

/// The shape of the function.
pub(super) fn value_shape(request: &ModuleRequest<'_>) -> Shape {
    request.value.results.first().map_or(Shape::SCALAR, |id| request.tree.shape(*id))
}

/// What each result of `derivative` is returned as.
pub(super) fn answers(request: &ModuleRequest<'_>) -> Result<Vec<Returned>> {
    let each = request.answers.iter().enumerate();
    each.map(|(position, of)| {
        Ok(numbers(request, answer(request, position)?, is_real(request, of)))
    })
    .collect()
}

fn of_shape(shape: Shape) -> Returned {
    if shape.is_scalar() { Returned::Float } else { Returned::Array { indices: Vec::new(), shape } }
}

/// Whether a variable is a single number.
pub(super) fn is_number(variable: &Variable) -> bool {
    variable.shape.is_scalar() && variable.ranges.is_empty()
}

fn answer(request: &ModuleRequest<'_>, position: usize) -> Result<Returned> {
    let answer = &request.answers[position];
    let formula = request.tree.shape(request.derivative.results[position]);
    let function = value_shape(request);
    let arrays: Vec<&Variable> = answer
        .wrt
        .iter()
        .map(|position| &request.variables[*position])
        .filter(|variable| !is_number(variable))
        .collect();
    match &answer.form {
        AnswerForm::Array => {}
        AnswerForm::Column => {
            return Ok(Returned::Array { indices: Vec::new(), shape: formula });
        }
        AnswerForm::Differential { .. } => return Ok(of_shape(function)),
        AnswerForm::Along(_) | AnswerForm::Looped(_) => {
            let last = answer.wrt.last().is_some_and(|last| is_number(&request.variables[*last]));
            let rest = arrays.len() - usize::from(!last);
            let rest = arrays.get(..rest).unwrap_or_default();
            return match rest {
                [] => Ok(of_shape(function)),
                [variable] if function.is_scalar() && !answer.indices.is_empty() => {
                    let indices = indices(answer, variable)?;
                    Ok(Returned::Array { indices, shape: variable.shape })
                }
                [variable] if function.is_scalar() && variable.ranges.is_empty() => {
                    Ok(of_shape(variable.shape))
                }
                rest => Ok(Returned::Stacked { units: None, axes: axes(function, rest)? }),
            };
        }
        AnswerForm::LinearMap { differential } => {
            let axes = axes(function, &arrays)?;
            return Ok(Returned::Stacked { units: Some(differential.clone()), axes });
        }
    }
    match arrays.as_slice() {
        [] => Ok(of_shape(function)),
        [variable] if function.is_scalar() && is_by_entries(answer, variable) => {
            let indices = answer.indices.iter().cloned().zip(dimension::axes(variable)).collect();
            Ok(Returned::Array { indices, shape: Shape::SCALAR })
        }
        [variable] if function.is_scalar() => {
            let shape = gradient(answer, variable, formula)?;
            Ok(Returned::Array { indices: indices(answer, variable)?, shape })
        }
        [variable] if variable.ranges.is_empty() || answer.indices.is_empty() => {
            Ok(Returned::Array { indices: Vec::new(), shape: formula }).and_then(two_dimensional)
        }
        [variable] => match indices(answer, variable)?.as_slice() {
            [index] => Ok(Returned::FamilyJacobian {
                index: index.clone(),
                shape: formula,
                by_numbers: variable.shape.is_scalar(),
            }),
            _ => Err(unsupported("a Jacobian by a family with several ranges")),
        },
        [_, _] if function.is_scalar() && answer.indices.is_empty() => {
            Ok(Returned::Array { indices: Vec::new(), shape: formula }).and_then(two_dimensional)
        }
        arrays if answer.indices.is_empty() => {
            Ok(Returned::Stacked { units: None, axes: axes(function, arrays)? })
        }
        _ => Err(unsupported("a derivative of higher order by a family")),
    }
}

/// What the lengths of the axes of a derivative by some arrays are products of.
fn axes(function: Shape, arrays: &[&Variable]) -> Result<Vec<Vec<DimensionId>>> {
    if arrays.iter().any(|variable| !variable.ranges.is_empty()) {
        return Err(unsupported("a derivative of higher order by a family"));
    }
    if let ([variable], true) = (arrays, function.is_scalar()) {
        return Ok(dimension::axes(variable).into_iter().map(|axis| vec![axis]).collect());
    }
    let of = (!function.is_scalar()).then(|| dimension::core_axes(function));
    let by = arrays.iter().map(|variable| dimension::axes(variable));
    Ok(of.into_iter().chain(by).collect())
}

/// Whether the formula is that of the entries of a variable that is no family.
fn is_by_entries(answer: &Answer, variable: &Variable) -> bool {
    let axes = dimension::axes(variable).len();
    variable.ranges.is_empty() && axes > 0 && answer.indices.len() == axes
}

/// The gradient has the shape of the variable. The formula of a family without free indices is
/// one array with the members as rows.
fn gradient(answer: &Answer, variable: &Variable, formula: Shape) -> Result<Shape> {
    let whole = answer.indices.is_empty() && !variable.ranges.is_empty();
    let wanted =
        if whole { dimension::axes(variable) } else { dimension::core_axes(variable.shape) };
    if dimension::core_axes(formula) == wanted {
        Ok(if whole { formula } else { variable.shape })
    } else {
        Err(internal("the formula of a gradient has another shape than the variable"))
    }
}

fn indices(answer: &Answer, variable: &Variable) -> Result<Vec<(String, DimensionId)>> {
    if answer.indices.is_empty() {
        return Ok(Vec::new());
    }
    if answer.indices.len() != variable.ranges.len() {
        return Err(internal("an answer has other indices than its variable"));
    }
    Ok(answer.indices.iter().cloned().zip(variable.ranges.iter().copied()).collect())
}

/// A Jacobian has two axes.
fn two_dimensional(returned: Returned) -> Result<Returned> {
    match &returned {
        Returned::Array { shape, .. }
            if shape.rows == Dimensions::ONE || shape.columns == Dimensions::ONE =>
        {
            Err(internal("the formula of a Jacobian is not a matrix"))
        }
        _ => Ok(returned),
    }
}

/// What a reader has to know about the arrays that are returned.
pub(super) fn remarks(request: &ModuleRequest<'_>) -> Vec<&'static str> {
    let mut remarks = Vec::new();
    let is_map = |answer: &Answer| matches!(answer.form, AnswerForm::LinearMap { .. });
    if request.answers.iter().any(is_map) {
        remarks.push(
            "`derivative` applies this linear map to all unit arrays at once, so that the last axis \
             of the\nresult belongs to the last variable.",
        );
    }
    let function = value_shape(request);
    let has_many_axes = |answer: &Answer| {
        let numbers = answer.wrt.iter().filter(|at| is_number(&request.variables[**at])).count();
        let along = usize::from(matches!(answer.form, AnswerForm::Along(_)));
        let axes = usize::from(!function.is_scalar()) + answer.wrt.len() - numbers - along;
        let is_array = !matches!(answer.form, AnswerForm::Column | AnswerForm::Differential { .. });
        is_array && axes > 2
    };
    if request.answers.iter().any(has_many_axes) {
        remarks.push(if function.is_scalar() {
            "The result has an axis for each variable of differentiation that is no scalar, with \
             its columns\nstacked."
        } else {
            "The result has an axis for the function and one for each variable of differentiation \
             that is no\nscalar, with columns stacked."
        });
    }
    remarks
}
