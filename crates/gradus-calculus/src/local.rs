//! The derivative of one node with respect to one of its operands.
//!
//! Must not know sweeps.

use crate::stacking;
use gradus_diagnostics::{Diagnostic, Result};
use gradus_elaborate::lower::{Ambient, Value, apply_rule, argument_value};
use gradus_tensor::sabotage::{Sabotage, factor};
use gradus_tensor::{
    Apply, Arena, Axes, Contraction, FunctionId, FunctionRef, Network, NodeId, Rational, Scaled,
    SeveralArgument, Wire, Wires,
};

/// How a function application is differentiated.
pub(crate) enum Kind {
    /// Entry by entry: the derivative is a factor on the same labels.
    Elementwise,
    /// By the rule book's differential, as a linear map.
    Rule(FunctionId),
    /// An unknown scalar function of one array.
    Scalar,
    /// A function matrix of a scalar.
    Path,
}

/// How an application is differentiated.
pub(crate) fn kind(arena: &Arena, apply: &Apply) -> Kind {
    match apply.function {
        FunctionRef::Book(function) => {
            if arena.vocabulary().facts(function).cores.iter().all(|core| *core == 0) {
                Kind::Elementwise
            } else {
                Kind::Rule(function)
            }
        }
        FunctionRef::Elementwise { .. } => Kind::Elementwise,
        FunctionRef::Scalar { .. } => Kind::Scalar,
        FunctionRef::Path { .. } => Kind::Path,
    }
}

/// The partial derivative of an elementwise application by one argument, entry by entry. The result's
/// ambient labels are positions of the application's axes.
pub(crate) fn elementwise(arena: &mut Arena, apply: &Apply, position: usize) -> Result<Value> {
    match apply.function {
        FunctionRef::Book(function) => {
            let arguments: Vec<Value> =
                apply.arguments.iter().map(|argument| entrywise(arena, argument.node)).collect();
            let differentials: Vec<Value> = (0..arguments.len())
                .map(|at| {
                    let unit = if at == position { Rational::ONE } else { Rational::ZERO };
                    Value::scalar(arena.number(unit))
                })
                .collect();
            apply_rule(arena, function, &arguments, &differentials)
        }
        FunctionRef::Elementwise { symbol, order } => {
            let order = order.checked_add(1).ok_or_else(too_high)?;
            let function = FunctionRef::Elementwise { symbol, order };
            let argument = Scaled::one(apply.arguments[0].node);
            let scaled = arena.apply_unary(function, &argument);
            let ambient = entrywise(arena, scaled.node).ambient;
            Ok(Value { ambient, ..Value::scalar(scaled) })
        }
        _ => Err(Diagnostic::internal("an elementwise function was expected").into()),
    }
}

/// A node as a scalar mapped over its axes, which are labelled by their positions.
fn entrywise(arena: &Arena, node: NodeId) -> Value {
    let labels: Vec<Ambient> = (0..arena.axes(node).len()).map(ambient).collect();
    argument_value(arena, &Scaled::one(node), 0, &labels)
}

fn ambient(at: usize) -> Ambient {
    Ambient(u32::try_from(at).unwrap_or(u32::MAX))
}

/// The argument of a function of whole arrays at a position, or something with its axes: the labels
/// that it is mapped over are those of the application after `before` further ones.
pub(crate) fn argument(
    arena: &Arena,
    apply: &Apply,
    position: usize,
    value: &Scaled,
    before: usize,
) -> Value {
    let core = match apply.function {
        FunctionRef::Book(function) => arena.vocabulary().facts(function).cores.get(position),
        _ => None,
    };
    let core = usize::from(core.copied().unwrap_or(0));
    let labels: Vec<Ambient> = apply.arguments[position]
        .labels
        .iter()
        .map(|label| ambient(before + usize::from(*label)))
        .collect();
    argument_value(arena, value, core, &labels)
}

/// The differential of a function of whole arrays, given those of some arguments: by its rule, or by
/// the function itself where it is linear in the one argument that changes.
pub(crate) fn rule(
    arena: &mut Arena,
    function: FunctionId,
    apply: &Apply,
    tangents: &[Option<Scaled>],
) -> Result<Value> {
    let linear = arena.vocabulary().facts(function).linear_in.map(usize::from);
    let changing = || tangents.iter().enumerate().filter(|(_, tangent)| tangent.is_some());
    if let Some(position) = linear
        && changing().all(|(at, _)| at == position)
        && let Some(Some(tangent)) = tangents.get(position)
    {
        let arguments: Vec<SeveralArgument> = apply
            .arguments
            .iter()
            .enumerate()
            .map(|(at, argument)| {
                let value =
                    if at == position { tangent.clone() } else { Scaled::one(argument.node) };
                let core = arena.vocabulary().facts(function).cores.get(at).copied().unwrap_or(0);
                let mapped = argument.labels.len().saturating_sub(usize::from(core));
                (value, argument.labels[..mapped].into())
            })
            .collect();
        let own = usize::from(arena.vocabulary().facts(function).output_core);
        let mapped = &apply.axes[..apply.output.len().saturating_sub(own)];
        return Ok(Value::scalar(arena.apply_several(apply.function, &arguments, mapped)));
    }
    let mut arguments = Vec::with_capacity(tangents.len());
    let mut differentials = Vec::with_capacity(tangents.len());
    for (position, tangent) in tangents.iter().enumerate() {
        let node = apply.arguments[position].node;
        let tangent = match tangent {
            Some(tangent) => tangent.clone(),
            None => {
                let axes = axes_of(arena, node);
                Scaled::one(arena.zero(&axes))
            }
        };
        arguments.push(argument(arena, apply, position, &Scaled::one(node), 0));
        differentials.push(argument(arena, apply, position, &tangent, 0));
    }
    apply_rule(arena, function, &arguments, &differentials)
}

/// The derivative of an unknown function: one mark more.
pub(crate) fn marked(function: FunctionRef) -> Result<FunctionRef> {
    match function {
        FunctionRef::Scalar { symbol, order } if order < 2 => {
            Ok(FunctionRef::Scalar { symbol, order: order + 1 })
        }
        FunctionRef::Path { symbol, order } => {
            Ok(FunctionRef::Path { symbol, order: order.checked_add(1).ok_or_else(too_high)? })
        }
        _ => Err(Diagnostic::unsupported(
            "the third derivative of an unknown scalar function is not supported",
        )
        .hint("an unknown function of each entry has derivatives of every order: sum(f.(x))")
        .into()),
    }
}

/// The derivative of an unknown scalar function, or of its gradient, by its argument: the axes of the
/// function's value, then those of the argument.
pub(crate) fn scalar_derivative(arena: &mut Arena, apply: &Apply) -> Result<Scaled> {
    let argument = apply.arguments[0].node;
    let derivative = arena.apply_unary(marked(apply.function)?, &Scaled::one(argument));
    let own = axes_of(arena, argument);
    let FunctionRef::Scalar { order: 1, .. } = apply.function else { return Ok(derivative) };
    if own.len() < 2 {
        return Ok(derivative);
    }
    // The Hessian stands over stacked entries.
    let mut network = Network::new();
    let places = network.wires(arena, derivative.node);
    network.factor(&derivative, &places);
    let mut output = Wires::new();
    for place in places {
        let parts: Wires = own.iter().map(|axis| network.wire(*axis)).collect();
        let fusion = stacking::fusion(arena, own[0].dimension, own[1].dimension);
        let wires: Wires = std::iter::once(place).chain(parts.iter().copied()).collect();
        network.factor(&fusion, &wires);
        output.extend(parts);
    }
    network.output(&output);
    Ok(arena.contract(network))
}

fn too_high() -> gradus_diagnostics::Error {
    Diagnostic::limit("an unknown function is differentiated more than 255 times").into()
}

/// The wires of a contraction in a new network, one per label.
pub(crate) fn label_wires(network: &mut Network, contraction: &Contraction) -> Wires {
    contraction.axes.iter().map(|axis| network.wire(*axis)).collect()
}

/// Multiplies a network by every operand of a contraction but one, and by what the derivative of that
/// one's power leaves: `e * x^(e-1)`.
pub(crate) fn without_operand(
    arena: &mut Arena,
    network: &mut Network,
    contraction: &Contraction,
    wires: &[Wire],
    removed: usize,
) {
    for (at, operand) in contraction.operands.iter().enumerate() {
        let place: Wires = operand.labels.iter().map(|label| wires[*label as usize]).collect();
        let exponent = if at == removed {
            network.scale(&operand.exponent);
            network.scale(&factor(Sabotage::RemoveOperand));
            operand.exponent.subtract(&Rational::ONE)
        } else {
            operand.exponent.clone()
        };
        network.power(arena, &Scaled::one(operand.node), &exponent, &place);
    }
}

/// The axes of a node as an owned list.
pub(crate) fn axes_of(arena: &Arena, node: NodeId) -> Axes {
    arena.axes(node).into()
}
