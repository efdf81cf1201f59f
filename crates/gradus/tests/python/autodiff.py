"""Automatic differentiation by JAX, computed with NumPy.

JAX traces a function and its derivatives; the traced program is then run with NumPy, operation by
operation, for compiling programs that run once takes most of the time. An operation that is not
among those below is left to JAX. Must not know the functions.
"""

import jax
import jax.numpy as jnp
import numpy as np
import scipy.linalg
import scipy.special
from jax.extend.core import Literal

jax.config.update("jax_enable_x64", True)


def evaluate(function, *arguments):
    """The value of a function of arrays."""
    traced, shape = jax.make_jaxpr(function, return_shape=True)(*arguments)
    leaves = jax.tree.leaves(arguments)
    results = run(traced.jaxpr, traced.consts, leaves)
    results = [np.asarray(result) for result in results]
    return jax.tree.unflatten(jax.tree.structure(shape), results)


def run(program, constants, arguments):
    """The results of a traced program."""
    values = {}

    def read(variable):
        return np.asarray(variable.val) if isinstance(variable, Literal) else values[variable]

    values.update(zip(program.constvars, map(np.asarray, constants)))
    values.update(zip(program.invars, map(np.asarray, arguments)))
    for equation in program.eqns:
        operands = [read(variable) for variable in equation.invars]
        name, parameters = equation.primitive.name, equation.params
        inner = next((parameters[key] for key in INNER if key in parameters), None)
        if name in CALLS and inner is not None:
            results = run(getattr(inner, "jaxpr", inner), getattr(inner, "consts", []), operands)
        elif name in OPERATIONS:
            results = OPERATIONS[name](*operands, **parameters)
        else:
            results = equation.primitive.bind(*map(jnp.asarray, operands), **parameters)
        if not equation.primitive.multiple_results:
            results = [results]
        for variable, result in zip(equation.outvars, results):
            values[variable] = np.asarray(result, variable.aval.dtype)
    return [read(variable) for variable in program.outvars]


# Programs inside of programs, and where they stand.
CALLS = ("pjit", "jit", "closed_call", "custom_jvp_call", "custom_vjp_call", "remat", "checkpoint")
INNER = ("jaxpr", "call_jaxpr", "fun_jaxpr")


def broadcast_in_dim(operand, *, shape, broadcast_dimensions, **_):
    whole = np.ones(len(shape), int)
    whole[list(broadcast_dimensions)] = operand.shape
    return np.broadcast_to(operand.reshape(whole), shape)


def dot_general(left, right, *, dimension_numbers, **_):
    (left_inner, right_inner), (left_batch, right_batch) = dimension_numbers
    batch = len(left_batch)
    left_axes, right_axes = [None] * left.ndim, [None] * right.ndim
    count = 0
    for axes in zip(left_batch, right_batch), zip(left_inner, right_inner):
        for one, other in axes:
            left_axes[one] = right_axes[other] = count
            count += 1
    output = list(range(batch))
    for axes in (left_axes, right_axes):
        for place, axis in enumerate(axes):
            if axis is None:
                axes[place] = count
                output.append(count)
                count += 1
    return np.einsum(left, left_axes, right, right_axes, output)


def select_n(which, *cases):
    return np.where(which, *cases[::-1]) if len(cases) == 2 else np.choose(which, cases)


def custom_linear_solve(*operands, const_lengths, jaxprs, **_):
    before = const_lengths.matvec + const_lengths.vecmat
    constants = operands[before : before + const_lengths.solve]
    sides = operands[before + const_lengths.solve + const_lengths.transpose_solve :]
    return run(jaxprs.solve.jaxpr, jaxprs.solve.consts, [*constants, *sides])


def cond(which, *operands, branches, **_):
    branch = branches[int(np.clip(which, 0, len(branches) - 1))]
    return run(branch.jaxpr, branch.consts, operands)


def while_loop(*operands, cond_jaxpr, cond_nconsts, body_jaxpr, body_nconsts):
    of_condition = operands[:cond_nconsts]
    of_body = operands[cond_nconsts : cond_nconsts + body_nconsts]
    state = list(operands[cond_nconsts + body_nconsts :])
    condition = lambda: run(cond_jaxpr.jaxpr, cond_jaxpr.consts, [*of_condition, *state])[0]
    if np.ndim(condition()) > 0:
        raise NotImplementedError("a loop that ends at several times")
    while condition():
        state = run(body_jaxpr.jaxpr, body_jaxpr.consts, [*of_body, *state])
    return state


def scan(*operands, jaxpr, length, reverse, num_consts, num_carry, **_):
    constants, state = operands[:num_consts], list(operands[num_consts : num_consts + num_carry])
    rows = operands[num_consts + num_carry :]
    order = range(length)[::-1] if reverse else range(length)
    found = []
    for place in order:
        members = [row[place] for row in rows]
        results = run(jaxpr.jaxpr, jaxpr.consts, [*constants, *state, *members])
        state = results[:num_carry]
        found.append(results[num_carry:])
    if reverse:
        found.reverse()
    return [*state, *(np.stack(each) for each in zip(*found))]


def reduce(function):
    return lambda operand, *, axes, **_: function(operand, axis=tuple(axes))


def elementwise(function):
    return lambda *operands, **_: function(*operands)


def cumulated(function, operand, axis, reverse):
    if reverse:
        return np.flip(function(np.flip(operand, axis), axis), axis)
    return function(operand, axis)


def integer_pow(operand, *, y):
    return operand**y if y >= 0 else 1 / operand ** (-y)


def transposed(operand, *, permutation):
    return np.transpose(operand, permutation)


def iota(*_, dtype, shape, dimension, **__):
    ends = [1] * len(shape)
    ends[dimension] = shape[dimension]
    return np.broadcast_to(np.arange(shape[dimension], dtype=dtype).reshape(ends), shape)


def sliced(operand, *, start_indices, limit_indices, strides):
    strides = strides or (1,) * operand.ndim
    return operand[tuple(map(slice, start_indices, limit_indices, strides))]


def padded(operand, value, *, padding_config):
    if any(low < 0 or high < 0 for low, high, _ in padding_config):
        arrays = jnp.asarray(operand), jnp.asarray(value)
        return jax.lax.pad_p.bind(*arrays, padding_config=padding_config)
    shape, places = [], []
    for size, (low, high, gap) in zip(operand.shape, padding_config):
        inner = size + max(size - 1, 0) * gap
        shape.append(low + inner + high)
        places.append(slice(low, low + inner, gap + 1))
    result = np.full(shape, value, operand.dtype)
    result[tuple(places)] = operand
    return result


def over_members(function):
    """A function of whole matrices along leading axes."""

    def mapped(*operands, **parameters):
        batch = operands[0].shape[:-2]
        flat = [operand.reshape((-1, *operand.shape[len(batch):])) for operand in operands]
        results = [function(*members, **parameters) for members in zip(*flat)]
        if isinstance(results[0], tuple):
            return [np.stack(each).reshape((*batch, *each[0].shape)) for each in zip(*results)]
        return np.stack(results).reshape((*batch, *results[0].shape))

    return mapped


@over_members
def lu(operand):
    factors, pivots = scipy.linalg.lu_factor(operand)
    order = np.arange(len(operand))
    for place, other in enumerate(pivots):
        order[[place, other]] = order[[other, place]]
    return factors, pivots.astype(np.int32), order.astype(np.int32)


@over_members
def triangular_solve(a, b, *, left_side, lower, transpose_a, conjugate_a, unit_diagonal):
    a = np.conj(a) if conjugate_a else a
    if not left_side:
        a, b, lower = a.T, b.T, not lower
    found = scipy.linalg.solve_triangular(
        a, b, lower=lower, trans=int(transpose_a), unit_diagonal=unit_diagonal
    )
    return found if left_side else found.T


OPERATIONS = {
    "abs": elementwise(np.abs),
    "add": elementwise(np.add),
    "add_any": elementwise(np.add),
    "and": elementwise(np.logical_and),
    "broadcast_in_dim": broadcast_in_dim,
    "concatenate": lambda *operands, dimension: np.concatenate(operands, dimension),
    "cond": cond,
    "conj": elementwise(np.conj),
    "convert_element_type": lambda operand, *, new_dtype, **_: operand.astype(new_dtype),
    "copy": elementwise(np.asarray),
    "complex": elementwise(lambda real, imaginary: real + 1j * imaginary),
    "cos": elementwise(np.cos),
    "cosh": elementwise(np.cosh),
    "cumprod": lambda operand, *, axis, reverse: cumulated(np.cumprod, operand, axis, reverse),
    "cumsum": lambda operand, *, axis, reverse: cumulated(np.cumsum, operand, axis, reverse),
    "custom_linear_solve": custom_linear_solve,
    "div": elementwise(np.divide),
    "dot_general": dot_general,
    "eq": elementwise(np.equal),
    "erf": elementwise(scipy.special.erf),
    "exp": elementwise(np.exp),
    "expm1": elementwise(np.expm1),
    "floor": elementwise(np.floor),
    "ge": elementwise(np.greater_equal),
    "gt": elementwise(np.greater),
    "imag": elementwise(np.imag),
    "integer_pow": integer_pow,
    "iota": iota,
    "is_finite": elementwise(np.isfinite),
    "le": elementwise(np.less_equal),
    "log": elementwise(np.log),
    "log1p": elementwise(np.log1p),
    "logistic": elementwise(scipy.special.expit),
    "lt": elementwise(np.less),
    "lu": lu,
    "max": elementwise(np.maximum),
    "min": elementwise(np.minimum),
    "mul": elementwise(np.multiply),
    "ne": elementwise(np.not_equal),
    "neg": elementwise(np.negative),
    "not": elementwise(np.logical_not),
    "pad": padded,
    "pow": elementwise(np.power),
    "real": elementwise(np.real),
    "reduce_and": reduce(np.all),
    "reduce_or": reduce(np.any),
    "reduce_max": reduce(np.max),
    "reduce_min": reduce(np.min),
    "reduce_prod": reduce(np.prod),
    "reduce_sum": reduce(np.sum),
    "reshape": lambda operand, *, new_sizes, **_: operand.reshape(new_sizes),
    "rev": lambda operand, *, dimensions: np.flip(operand, dimensions),
    "rsqrt": elementwise(lambda operand: 1 / np.sqrt(operand)),
    "scan": scan,
    "select_n": select_n,
    "sign": elementwise(np.sign),
    "sin": elementwise(np.sin),
    "sinh": elementwise(np.sinh),
    "slice": sliced,
    "split": lambda operand, *, sizes, axis: np.split(operand, np.cumsum(sizes)[:-1], axis),
    "sqrt": elementwise(np.sqrt),
    "square": elementwise(np.square),
    "squeeze": lambda operand, *, dimensions: np.squeeze(operand, tuple(dimensions)),
    "stop_gradient": elementwise(np.asarray),
    "sub": elementwise(np.subtract),
    "tan": elementwise(np.tan),
    "tanh": elementwise(np.tanh),
    "transpose": transposed,
    "triangular_solve": triangular_solve,
    "while": while_loop,
}
