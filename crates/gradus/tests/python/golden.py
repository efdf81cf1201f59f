"""Checks golden cases without Gradus: expected formulas against automatic differentiation of
functions written by hand.

Called with the files of cases, and `--only` before ids to look at. Every formula is read by
`formula.py`. Prints what fails, and how many cases are right.
"""

import argparse
import inspect
import re
import sys
import zlib

import jax
import jax.numpy as jnp
import numpy as np

from autodiff import evaluate
from draws import Kind
from formula import Evaluator

jax.config.update("jax_enable_x64", True)

POINTS = 2
TOLERANCE = 1e-8
DIFFERENT = 1e-5


def unknown_elementwise(a, b, c):
    return lambda t: jnp.sin(a * t) + b * t**2 + c * t


ELEMENTWISE = {
    "f": unknown_elementwise(1.3, 0.4, 0.2),
    "g": unknown_elementwise(0.7, -0.3, 0.9),
    "h": unknown_elementwise(0.9, 0.6, -0.5),
}


def unknown_scalar(y):
    """The values of an unknown scalar function of an array of any shape."""
    y = jnp.ravel(y)
    weights = 1 + 0.3 * jnp.arange(y.size)
    return jnp.sum(weights * jnp.sin(y)) + 0.2 * jnp.sum(weights * y) ** 2 + jnp.prod(y)


def logarithm(x):
    """The matrix logarithm by its integral, so that it can be differentiated."""
    nodes, weights = np.polynomial.legendre.leggauss(64)
    eye = jnp.eye(len(x))
    parts = [
        w / 2 * (x - eye) @ jnp.linalg.inv((t + 1) / 2 * (x - eye) + eye)
        for t, w in zip(nodes, weights)
    ]
    return sum(parts)


def square_root(x):
    """The matrix square root by the iteration of Denman and Beavers."""
    y, z = x, jnp.eye(len(x))
    for _ in range(14):
        y, z = (y + jnp.linalg.inv(z)) / 2, (z + jnp.linalg.inv(y)) / 2
    return y


def adjugate(x):
    size = len(x)
    minor = lambda i, j: jnp.linalg.det(jnp.delete(jnp.delete(x, i, 0), j, 1))
    return jnp.array([[(-1) ** (i + j) * minor(j, i) for j in range(size)] for i in range(size)])


SCOPE = {
    "jax": jax,
    "jnp": jnp,
    "vf": ELEMENTWISE["f"],
    "vg": ELEMENTWISE["g"],
    "vh": ELEMENTWISE["h"],
    "uf": unknown_scalar,
    "sigmoid": jax.nn.sigmoid,
    "softmax": jax.nn.softmax,
    "expm": jax.scipy.linalg.expm,
    "logm": logarithm,
    "sqrtm": square_root,
    "adj": adjugate,
}


def derivatives_elementwise(function):
    found = [function]
    for _ in range(3):
        found.append(jax.grad(found[-1]))
    over_arrays = lambda f: lambda t: evaluate(jnp.vectorize(f), np.asarray(t, float))
    return [over_arrays(each) for each in found]


def derivatives_scalar(function):
    def gradient(y):
        return evaluate(jax.grad(function), np.asarray(y))

    def hessian(y):
        columns = lambda v: function(v.reshape(y.shape[::-1]).T)
        return evaluate(jax.hessian(columns), np.asarray(y).T.ravel())

    return [lambda y: evaluate(function, np.asarray(y)).reshape(1, 1), gradient, hessian]


def matrix_function(rng, shape):
    """A random matrix that depends on a scalar."""
    parts = [rng.normal(size=shape) for _ in range(4)]
    if len(shape) == 2 and shape[0] == shape[1]:
        parts[0] = parts[0] + 4 * np.eye(shape[0])
    return lambda t: parts[0] + parts[1] * t + parts[2] * t**2 + parts[3] * jnp.sin(t)


def derivatives_of_matrix_function(function):
    found = [function]
    for _ in range(3):
        found.append(jax.jacfwd(found[-1]))
    at = lambda t: np.float64(np.ravel(t)[0])
    return [lambda t, each=each: two_axes(evaluate(each, at(t))) for each in found]


UNKNOWN = {name: derivatives_elementwise(each) for name, each in ELEMENTWISE.items()}


def two_axes(value, row=False):
    value = np.asarray(value)
    if value.ndim == 2:
        return value
    return value.reshape((1, -1) if row else (-1, 1))


def columns(value):
    """The entries of an array, columns stacked."""
    return np.asarray(value).ravel(order="F")


class Case:
    """A case as it is written."""

    def __init__(self, name, title):
        self.name, self.title, self.fields = name, title, []

    def all(self, field):
        return [value for name, value in self.fields if name == field]

    def first(self, field, default=None):
        return next(iter(self.all(field)), default)


def read(path):
    cases = []
    with open(path, encoding="utf-8") as file:
        for line in file.read().splitlines():
            if match := re.match(r"\[([^\]]*)\](.*)", line):
                cases.append(Case(match[1], match[2].strip()))
            elif line.strip() and not line.startswith("#"):
                name, value = line.split(":", 1)
                cases[-1].fields.append((name.strip(), value.strip()))
    return cases


class Point:
    """Random values of everything that a case names, and the values of its formulas there."""

    def __init__(self, case, seed):
        self.case = case
        rng = np.random.default_rng([seed, zlib.crc32(case.name.encode())])
        self.sizes = {n: int(s) for n, s in re.findall(r"(\w+)=(\d+)", case.first("sizes", ""))}
        domains = self.domains = dict(domain.split() for domain in case.all("domain"))
        self.scalar_functions = set()
        self.kinds, self.given, self.unknown, shown = {}, {}, dict(UNKNOWN), {}
        for declaration in case.all("let"):
            name, text = re.split(r"\s*:\s*", declaration, maxsplit=1)
            if text == "function":
                self.unknown[name] = derivatives_scalar(unknown_scalar)
                self.scalar_functions.add(name)
                continue
            kind = self.kinds[name] = Kind(text, self.sizes)
            if kind.parameter:
                self.given[name] = matrix_function(rng, kind.shape)
                self.unknown[name] = derivatives_of_matrix_function(self.given[name])
                continue
            value = self.given[name] = kind.draw(rng, domains.get(name))
            shown[name] = self.shown(kind, value)
            self.vary(rng, name, kind, value, domains.get("tangent"), shown)
        self.evaluator = Evaluator(shown, self.sizes, self.unknown)

    def vary(self, rng, name, kind, value, tangent, shown):
        """Draws `dX`: in the directions of the structure for a differential, else any."""
        if tangent == "commute":
            direction = 0.3 * value @ value + 0.7 * value
        elif self.case.all("vary") and kind.family is None:
            basis = kind.basis(value)
            direction = np.tensordot(rng.normal(size=len(basis)), basis, 1)
        else:
            direction = rng.normal(size=value.shape)
            if kind.is_complex:
                direction = direction + 1j * rng.normal(size=value.shape)
        self.given["d" + name] = direction
        shown["d" + name] = self.shown(kind, direction)

    def shown(self, kind, value):
        if kind.family is not None:
            return [two_axes(each) for each in value]
        return two_axes(value, kind.name == "rowvector")

    def is_fixed(self, name):
        """Whether a value is no variable of a traced program: a function, an integer in an exponent."""
        return callable(self.given[name]) or self.domains.get(name) == "integer"

    def value(self):
        """The value of the function written by hand."""
        function, names = self.oracle()
        given = {name: self.given[name] for name in names}
        arrays = {name: value for name, value in given.items() if not self.is_fixed(name)}
        return evaluate(
            lambda *values: function(*{**given, **dict(zip(arrays, values))}.values()),
            *arrays.values(),
        )

    def formula(self, text):
        return self.evaluator.formula(text)

    def oracle(self):
        """The function written by hand, and its arguments in order."""
        function = eval(self.case.first("oracle"), SCOPE)
        names = list(inspect.signature(function).parameters)
        return function, names

    def along(self, names_varied):
        """The function of the variables named alone, and their values."""
        function, names = self.oracle()
        missing = [name for name in names_varied if name not in names]
        if missing:
            raise ValueError(f"the oracle does not take {missing}")

        def partial(*values):
            arguments = {name: self.given[name] for name in names}
            arguments.update(zip(names_varied, values))
            fixed = lambda name: name not in names_varied and self.is_fixed(name)
            return function(*(v if fixed(n) else jnp.asarray(v) for n, v in arguments.items()))

        return partial, [self.given[name] for name in names_varied]


def directional(function, value, is_complex):
    """The derivatives of a function: by the entries, or by their real and imaginary parts."""
    if not is_complex:
        return [evaluate(jax.jacfwd(function), value)]
    parts = lambda re, im: function(re + 1j * im)
    both = jax.jacfwd(parts, argnums=(0, 1))
    return list(evaluate(both, np.real(value), np.imag(value)))


def by_variable(point, name, function, value):
    """The derivative as the structure of the variable and the convention of the case want it: a
    matrix with a row for each entry of the function and a column for each of the variable."""
    kind = point.kinds[name]
    parts = [np.asarray(part) for part in directional(function, value, kind.is_complex)]
    shape = parts[0].shape[: parts[0].ndim - np.ndim(value)]
    flat = [flattened(part, shape, np.shape(value)) for part in parts]
    if kind.family is not None:
        return flat[0], shape
    basis = np.array([columns(each) for each in kind.basis(np.asarray(value))])
    along = flat[0] @ np.real(basis).T
    if kind.is_complex:
        along = along + flat[1] @ np.imag(basis).T
    if point.case.first("convention") != "entries":
        along = along / np.sum(np.abs(basis) ** 2, axis=1)
    return along @ basis, shape


def flattened(derivative, of, by):
    """Both sides with stacked columns."""
    size = (int(np.prod(of)), int(np.prod(by)))
    axes = [*range(len(of))[::-1], *(len(of) + axis for axis in range(len(by))[::-1])]
    return derivative.transpose(axes).reshape(size)


def laid_out(jacobian, of, by):
    """The denominator and the numerator layout of a derivative."""
    if of == () and len(by) == 2:
        gradient = jacobian.reshape(by, order="F")
        return gradient, gradient.T
    if by == () and len(of) == 2:
        whole = jacobian.reshape(of, order="F")
        return whole, whole
    return jacobian.T, jacobian


def expected_derivative(point):
    case = point.case
    variables, order = case.all("wrt"), int(case.first("order", "1"))
    if order == 1:
        function, (value,) = point.along(variables)
        jacobian, of = by_variable(point, variables[0], function, value)
        return laid_out(jacobian, of, np.shape(value))
    return higher(point, variables, order)


def higher(point, variables, order):
    """Second and higher derivatives: of the stacked derivative before, by the last variable."""
    names = variables * order if len(variables) == 1 else variables
    found, of = higher_array(point, names)
    if len(of) == 2 and all(np.ndim(point.given[name]) == 0 for name in names):
        whole = found.reshape(of, order="F")
        return whole, whole
    if order == 2 and of == ():
        return found[0].T, found[0]
    # In denominator layout the derivative before is transposed when it is stacked.
    turned = np.swapaxes(found, 0, 1) if order == 2 else found
    stacked = [each.reshape(-1, found.shape[-1], order="F") for each in (turned, found)]
    return stacked[0].T, stacked[1]


def higher_array(point, names):
    """The derivative by some variables in turn, with an axis for the entries of the function and one
    for those of each variable, columns stacked; and the shape of the function."""
    if point.kinds[names[0]].name in ("orthogonal", "unitary"):
        return geodesic(point, names[0])[np.newaxis], ()
    once = sorted(set(names), key=names.index)
    function, values = point.along(once)
    at = dict(zip(once, values))
    derivative = function
    for name in names:
        derivative = jax.jacfwd(derivative, argnums=once.index(name))
    found = evaluate(derivative, *at.values())
    inputs = [np.shape(at[name]) for name in names]
    of = found.shape[: found.ndim - sum(map(len, inputs))]
    axes, start = [], len(of)
    axes.extend(range(len(of))[::-1])
    for shape in inputs:
        axes.extend(start + axis for axis in range(len(shape))[::-1])
        start += len(shape)
    sizes = [int(np.prod(shape)) for shape in inputs]
    found = found.transpose(axes).reshape((int(np.prod(of)), *sizes))
    for axis, name in enumerate(names):
        found = project(point, name, found, axis + 1)
    return found, of


def geodesic(point, name):
    """The Hessian on a group: of the function along `Q expm(S)`, in directions `Q S`."""
    function, (value,) = point.along([name])
    basis = point.kinds[name].basis(value)
    steps = jnp.asarray(np.conj(np.swapaxes(value, 0, 1)) @ basis)

    def along(weights):
        step = jnp.tensordot(weights, steps, 1)
        return function(jnp.asarray(value) @ (jnp.eye(len(value)) + step + step @ step / 2))

    hessian = evaluate(jax.hessian(along), np.zeros(len(basis)))
    unit = np.array([columns(each) for each in basis]) / np.sum(np.abs(basis[0]) ** 2)
    return unit.T @ hessian @ np.conj(unit)


def project(point, name, array, axis):
    kind, value = point.kinds[name], np.asarray(point.given[name])
    basis = np.array([columns(each) for each in kind.basis(value)])
    weights = np.ones(len(basis))
    if point.case.first("convention") != "entries":
        weights = np.sum(np.abs(basis) ** 2, axis=1)
    projection = (basis.T / weights) @ basis
    return np.moveaxis(np.tensordot(projection, array, (1, axis)), 0, axis)


def wirtinger(point):
    """The derivatives by a complex variable and by its conjugate, of a function with complex values."""
    name = point.case.first("wrt")
    function, (value,) = point.along([name])
    real, imaginary = map(np.asarray, directional(function, value, True))
    of = real.shape[: real.ndim - np.ndim(value)]
    both = []
    for sign in (-1, 1):
        jacobian = flattened((real + sign * 1j * imaginary) / 2, of, np.shape(value))
        both.append(laid_out(jacobian, of, np.shape(value)))
    return both


def expected_differential(point):
    case = point.case
    names, order = case.all("vary"), int(case.first("order", "1"))
    function, values = point.along(names)
    step = [point.given["d" + name] for name in names]
    if any(np.iscomplexobj(value) for value in values):
        values = [np.asarray(value, complex) for value in values]

    def on_line(t):
        return function(*(value + t * change for value, change in zip(values, step)))

    for _ in range(order):
        on_line = jax.jacfwd(on_line)
    return two_axes(evaluate(on_line, np.float64(0.0)))


def check_linear_map(point, text, jacobian, name):
    """A map written `V -> body` does the same as a matrix to all directions of a variable."""
    argument, body = (part.strip() for part in text.split("->"))
    for direction in point.kinds[name].basis(np.asarray(point.given[name])):
        point.evaluator.values[argument] = two_axes(direction)
        found = columns(point.formula(body))
        if message := agree(found, jacobian @ columns(direction), TOLERANCE):
            raise AssertionError(f"`{text}` {message}")


def agree(found, expected, tolerance):
    found, expected = two_axes(found), two_axes(expected)
    if found.shape != expected.shape:
        return f"has sizes {found.shape}, not {expected.shape}"
    scale = max(1.0, float(np.max(np.abs(expected), initial=0.0)))
    error = float(np.max(np.abs(found - expected), initial=0.0)) / scale
    return None if error <= tolerance else f"is off by {error:.2g}"


def holds(point, text, expected, tolerance=TOLERANCE):
    value = point.formula(text)
    if message := agree(value, expected, tolerance):
        raise AssertionError(f"`{text}` {message}")


def differs(point, text, expected, what):
    try:
        value = point.formula(text)
    except (ValueError, NameError, SyntaxError, np.linalg.LinAlgError):
        return  # a wrong form may be wrong in its sizes
    if agree(value, expected, DIFFERENT) is None:
        raise AssertionError(f"the wrong form `{text}` is the {what}")


def check_derivative(point):
    case = point.case
    if case.all("conjugate"):
        (gradient, numerator), (conjugate, _) = wirtinger(point)
        holds(point, case.first("conjugate"), conjugate)
    else:
        gradient, numerator = expected_derivative(point)
    for text in [*case.all("gradient"), *case.all("also")]:
        if "->" in text:
            check_linear_map(point, text, numerator, case.all("wrt")[-1])
        else:
            holds(point, text, gradient)
    for text in case.all("numerator"):
        holds(point, text, numerator)
    only = case.first("wrong-in")
    for text in case.all("wrong"):
        differs(point, text, gradient, "derivative in denominator layout")
        if only is None:
            differs(point, text, numerator, "derivative in numerator layout")


def check(case, seed):
    point = Point(case, seed)
    done = 0
    if case.all("oracle"):
        value = point.value()
        found = point.formula(case.first("expr"))
        if found.shape[0] == 1 and np.ndim(value) == 1:
            found = found.T  # a row is laid out as the column of its entries
        if message := agree(found, value, TOLERANCE):
            raise AssertionError(f"the function {message}")
    if case.all("gradient"):
        check_derivative(point)
        done += 1
    if case.all("differential"):
        expected = expected_differential(point)
        row = point.formula(case.first("differential")).shape[0] == 1
        expected = expected.T if row and expected.shape[1] == 1 else expected
        holds(point, case.first("differential"), expected)
        for text in case.all("wrong"):
            differs(point, text, expected, "differential")
        done += 1
    if case.all("equal"):
        first, *rest = case.all("equal")
        first = point.formula(first)
        for text in rest:
            holds(point, text, first)
        for text in case.all("wrong"):
            differs(point, text, first, "first member")
        done += 1
    if done != 1:
        raise AssertionError("a case has one of: gradient, differential, equal")


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("files", nargs="+")
    arguments.add_argument("--only", nargs="*", default=[])
    arguments = arguments.parse_args()
    failed, count, seen = 0, 0, set()
    for path in arguments.files:
        for case in read(path):
            if arguments.only and case.name not in arguments.only:
                continue
            count += 1
            try:
                if case.name in seen:
                    raise AssertionError("the id stands twice")
                seen.add(case.name)
                for seed in range(POINTS):
                    check(case, seed)
            except Exception as failure:  # every failure is reported with its case
                failed += 1
                print(f"[{case.name}] {type(failure).__name__}: {failure}")
    print(f"{count - failed} of {count} cases are right")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
