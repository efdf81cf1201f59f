"""The values of formulas in Gradus' language over NumPy arrays.

Written from the description of the language alone: it must not know Gradus, nor how derivatives are
formed. Every value is an array of two axes; a family is a list of them.
"""

import re

import numpy as np
import scipy.linalg
import scipy.special

TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+|\.(?![*/\\^'(]))?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[^\W\d]\w*)|(?P<operator>->|\.\*|\./|\.\^|\.'|\.\(|[-+*/\\^'(){}\[\],;:=]))"
)
TIMES = ("*", "/", "\\", ".*", "./")


def tokens(text):
    """The tokens of a text as pairs of a kind and a text, with a last one that is empty."""
    found, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            raise SyntaxError(f"cannot read {text[at:]!r}")
        found.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return [*found, ("end", "")]


class Parser:
    """Reads a text into tuples that begin with the kind of a node."""

    def __init__(self, text, functions_of=()):
        self.tokens = tokens(text)
        self.at = 0
        self.functions_of = set(functions_of)

    def peek(self, ahead=0):
        return self.tokens[min(self.at + ahead, len(self.tokens) - 1)][1]

    def accept(self, *texts):
        if self.tokens[self.at][0] != "number" and self.peek() in texts and self.peek():
            self.at += 1
            return self.tokens[self.at - 1][1]
        return None

    def expect(self, text):
        if self.accept(text) is None:
            raise SyntaxError(f"{text!r} is expected, not {self.peek()!r}")

    def program(self):
        """Statements: bindings, and the last one without a name."""
        statements = []
        while self.peek():
            if self.tokens[self.at][0] == "name" and self.peek(1) == "=":
                name = self.peek()
                self.at += 2
                statements.append((name, self.expression()))
            else:
                statements.append((None, self.expression()))
            if self.peek():
                self.expect(";")
        return statements

    def expression(self):
        left = self.product()
        while operator := self.accept("+", "-"):
            left = ("binary", operator, left, self.product())
        return left

    def product(self):
        left = self.signed()
        while operator := self.accept(*TIMES):
            left = ("binary", operator, left, self.signed())
        return left

    def signed(self):
        if self.accept("-"):
            return ("minus", self.signed())
        if self.accept("+"):
            return self.signed()
        return self.postfix()

    def postfix(self):
        value = self.primary()
        while True:
            if self.accept("'", ".'"):
                value = ("transpose", value)
            elif operator := self.accept("^", ".^"):
                if operator == "^" and self.peek() in ("T", "H") and not self.is_known(self.peek()):
                    value = ("transpose" if self.peek() == "T" else "adjoint", value)
                    self.at += 1
                else:
                    value = ("power", operator, value, self.exponent())
            else:
                return value

    def is_known(self, name):
        return name in self.functions_of

    def exponent(self):
        if self.accept("-"):
            return ("minus", self.exponent())
        return self.primary()

    def primary(self):
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == "number":
            return ("number", float(text))
        if text == "(":
            value = self.expression()
            self.expect(")")
            return value
        if text == "[":
            return self.matrix()
        if kind == "name":
            return self.named(text)
        raise SyntaxError(f"an operand is expected, not {text!r}")

    def matrix(self):
        rows = [[self.expression()]]
        while not self.accept("]"):
            if self.accept(";"):
                rows.append([self.expression()])
            else:
                self.expect(",")
                rows[-1].append(self.expression())
        return ("matrix", rows)

    def named(self, name):
        marks = 0
        while self.peek(marks) == "'":
            marks += 1
        after = self.peek(marks)
        if after == ".(" or (after == "(" and name in self.functions_of):
            self.at += marks + 1
            return ("application", name, marks, self.arguments())
        if self.accept("("):
            return ("call", name, self.arguments())
        if self.peek() == "[" and name in ("sum", "mean"):
            self.at += 1
            indices = [self.peek()]
            self.at += 1
            while self.accept(","):
                indices.append(self.peek())
                self.at += 1
            self.expect("]")
            self.expect("(")
            body = self.expression()
            self.expect(")")
            return ("over", name, indices, body)
        value = ("name", name)
        while self.peek() == "[":
            self.at += 1
            value = ("index", value, self.places())
        return value

    def places(self):
        places = []
        while True:
            first = None if self.peek() in (":", ",", "]") else self.expression()
            if self.accept(":"):
                last = None if self.peek() in (",", "]") else self.expression()
                places.append(("slice", first, last))
            else:
                places.append(("at", first))
            if self.accept("]"):
                return places
            self.expect(",")

    def arguments(self):
        values = []
        while not self.accept(")"):
            values.append(self.expression())
            if self.peek() != ")":
                self.expect(",")
        return values


def scalar(value):
    return np.array([[value]])


def is_scalar(value):
    return value.shape == (1, 1)


def integer(value):
    number = float(np.real(value[0, 0]))
    if value.shape != (1, 1) or number != int(number):
        raise ValueError(f"{value} is no integer")
    return int(number)


def conforming(left, right):
    if left.shape != right.shape and not (is_scalar(left) or is_scalar(right)):
        raise ValueError(f"sizes {left.shape} and {right.shape} differ")


def binary(operator, left, right):
    if operator in ("+", "-", ".*", "./"):
        conforming(left, right)
        by = {"+": np.add, "-": np.subtract, ".*": np.multiply, "./": np.divide}
        return by[operator](left, right)
    if operator == "*":
        return left * right if is_scalar(left) or is_scalar(right) else left @ right
    if operator == "/":
        return left / right if is_scalar(right) else left @ np.linalg.inv(right)
    return right / left if is_scalar(left) else np.linalg.solve(left, right)


def power(operator, base, exponent):
    if operator == ".^" or is_scalar(base) or base.shape[1] == 1:
        conforming(base, exponent)
        return base**exponent
    return np.linalg.matrix_power(base, integer(exponent))


def adjugate(matrix):
    size = len(matrix)
    if size == 1:
        return np.ones((1, 1))
    minor = lambda i, j: np.linalg.det(np.delete(np.delete(matrix, i, 0), j, 1))
    return np.array([[(-1) ** (i + j) * minor(j, i) for j in range(size)] for i in range(size)])


def stacked(matrix):
    return matrix.reshape((-1, 1), order="F")


def diagonal(value):
    if is_scalar(value):
        return value
    if 1 in value.shape:
        return np.diag(value.ravel())
    if value.shape[0] != value.shape[1]:
        raise ValueError("the diagonal of a matrix that is not square")
    return np.diag(value).reshape(-1, 1)


def commutation(rows, columns):
    """K with K vec(X) = vec(X') for X of these sizes."""
    places = np.arange(rows * columns).reshape((rows, columns), order="F")
    return np.eye(rows * columns)[stacked(places.T).ravel()]


def half(size):
    """The places of the lower triangle among stacked columns."""
    return [i + j * size for j in range(size) for i in range(j, size)]


def elimination(size):
    return np.eye(size * size)[half(size)]


def duplication(size):
    places = half(size)
    columns = []
    for place in places:
        unit = np.zeros((size, size))
        unit[place % size, place // size] = 1
        columns.append(np.maximum(unit, unit.T).ravel(order="F"))
    return np.array(columns).T


def blocks(matrix, p, q):
    return matrix.reshape(p, q, p, q)


def khatri_rao(left, right):
    return np.stack([np.kron(left[:, j], right[:, j]) for j in range(left.shape[1])], axis=1)


def frechet(function):
    """The derivative of a matrix function at X in a direction, by a matrix of two blocks."""

    def value(x, direction):
        size = len(x)
        both = np.block([[x, direction], [np.zeros_like(x), x]])
        return function(both)[:size, size:]

    return value


def softmax(value):
    powers = np.exp(value - np.max(value))
    return powers / np.sum(powers)


def determinant_logarithm(matrix):
    if matrix.shape[0] != matrix.shape[1]:
        raise ValueError("the determinant of a matrix that is not square")
    return np.linalg.slogdet(matrix)[1]


def trace(matrix):
    if matrix.shape[0] != matrix.shape[1]:
        raise ValueError("the trace of a matrix that is not square")
    return np.trace(matrix)


def inner(left, right):
    if left.shape != right.shape:
        raise ValueError(f"sizes {left.shape} and {right.shape} differ")
    return np.vdot(left, right)


def norm(value):
    return np.sqrt(np.sum(np.abs(value) ** 2))


NUMBERS = {
    "tr": trace,
    "trace": trace,
    "det": np.linalg.det,
    "logdet": determinant_logarithm,
    "sum": np.sum,
    "mean": np.mean,
    "dot": inner,
    "norm": norm,
    "norm1": lambda x: np.sum(np.abs(x)),
    "norm2": norm,
    "normF": norm,
    "logsumexp": lambda x: np.log(np.sum(np.exp(x))),
    "max": np.max,
    "min": np.min,
}
ELEMENTWISE = {
    **{name: getattr(np, name) for name in ("exp", "log", "log1p", "expm1", "log2", "log10", "sqrt")},
    **{name: getattr(np, name) for name in ("cbrt", "abs", "sign", "sin", "cos", "tan", "sinh", "cosh")},
    **{name: getattr(np, name) for name in ("tanh", "conj", "real", "imag")},
    "asin": np.arcsin,
    "acos": np.arccos,
    "atan": np.arctan,
    "asinh": np.arcsinh,
    "acosh": np.arccosh,
    "atanh": np.arctanh,
    "erf": scipy.special.erf,
    "sigmoid": scipy.special.expit,
    "softplus": lambda x: np.logaddexp(0, x),
    "relu": lambda x: np.maximum(x, 0),
    "gelu": lambda x: x * scipy.special.ndtr(x),
    "step": lambda x: np.heaviside(x, 0.5),
}
ARRAYS = {
    **ELEMENTWISE,
    "inv": np.linalg.inv,
    "adj": adjugate,
    "vec": stacked,
    "vecr": lambda x: stacked(x.T),
    "vech": lambda x: stacked(x)[half(len(x))],
    "diag": diagonal,
    "kron": np.kron,
    "khatrirao": khatri_rao,
    "rowsum": lambda x: np.sum(x, axis=1, keepdims=True),
    "colsum": lambda x: np.sum(x, axis=0, keepdims=True),
    "outer": lambda a, b: a @ b.T,
    "cross": lambda a, b: np.cross(a.ravel(), b.ravel()).reshape(-1, 1),
    "transpose": np.transpose,
    "softmax": softmax,
    "expm": scipy.linalg.expm,
    "logm": scipy.linalg.logm,
    "sqrtm": scipy.linalg.sqrtm,
    "pinv": np.linalg.pinv,
    "cholesky": np.linalg.cholesky,
    "expmfrechet": frechet(scipy.linalg.expm),
    "logmfrechet": frechet(scipy.linalg.logm),
    "sqrtmfrechet": frechet(scipy.linalg.sqrtm),
    "hcat": lambda *parts: np.hstack(parts),
    "vcat": lambda *parts: np.vstack(parts),
    "tril": np.tril,
    "triu": np.triu,
}
SIZED = {
    "eye": lambda n: np.eye(n),
    "ones": lambda m, n=1: np.ones((m, n)),
    "zeros": lambda m, n=1: np.zeros((m, n)),
    "commutation": commutation,
    "duplication": duplication,
    "elimination": elimination,
}
MIXED = {
    "unvec": lambda v, m, n: v.reshape((m, n), order="F"),
    "blocktrace": lambda x, p, q: np.einsum("iaja->ij", blocks(x, p, q)),
    "blocksum": lambda x, p, q: np.einsum("iaib->ab", blocks(x, p, q)),
}


class Evaluator:
    """Values of formulas where `values` says what the names are: arrays, families, functions."""

    def __init__(self, values, sizes, unknown):
        self.values = values
        self.sizes = sizes
        self.unknown = unknown

    def formula(self, text):
        """The value of the last statement of a program."""
        kept = dict(self.values)
        value = None
        for name, expression in Parser(text, (*self.unknown, *self.values)).program():
            value = self.value(expression)
            if name is not None:
                self.values[name] = value
        self.values = kept
        return value

    def value(self, node):
        return getattr(self, node[0])(*node[1:])

    def number(self, number):
        return scalar(number)

    def name(self, name):
        if name in self.values:
            return self.values[name]
        if name in self.sizes:
            return scalar(float(self.sizes[name]))
        if name in ("pi", "inf"):
            return scalar(getattr(np, name))
        raise NameError(name)

    def minus(self, operand):
        return -self.value(operand)

    def binary(self, operator, left, right):
        return binary(operator, self.value(left), self.value(right))

    def power(self, operator, base, exponent):
        return power(operator, self.value(base), self.value(exponent))

    def transpose(self, operand):
        return self.value(operand).T

    def adjoint(self, operand):
        return np.conj(self.value(operand)).T

    def matrix(self, rows):
        return np.block([[self.value(entry) for entry in row] for row in rows])

    def application(self, name, marks, arguments):
        return self.unknown[name][marks](*map(self.value, arguments))

    def call(self, name, arguments):
        if name.startswith(("grad_", "hess_")) and name[5:] in self.unknown:
            marks = 1 if name.startswith("grad_") else 2
            return self.unknown[name[5:]][marks](*map(self.value, arguments))
        values = [self.value(argument) for argument in arguments]
        if name in SIZED:
            return SIZED[name](*map(integer, values))
        if name in MIXED:
            return MIXED[name](values[0], *map(integer, values[1:]))
        if name in NUMBERS:
            return scalar(NUMBERS[name](*values))
        return ARRAYS[name](*values)

    def over(self, name, indices, body):
        """A sum or mean over indices, each running as long as what it stands on."""
        kept, total, count = dict(self.values), 0, 0
        lengths = [self.length(index, body) for index in indices]
        for places in np.ndindex(*lengths):
            for index, place in zip(indices, places):
                self.values[index] = scalar(float(place + 1))
            total, count = total + self.value(body), count + 1
        self.values = kept
        return total / count if name == "mean" else total

    def length(self, index, node):
        """How long an index runs: the length of what it is a place of."""
        stack = [node]
        while stack:
            node = stack.pop()
            if isinstance(node, tuple) and node[:1] == ("index",) and node[1][0] == "name":
                array = self.values[node[1][1]]
                for axis, place in enumerate(node[2]):
                    if place == ("at", ("name", index)):
                        return len(array) if isinstance(array, list) else array.shape[axis]
            if isinstance(node, (tuple, list)):
                stack.extend(node)
        raise NameError(f"nothing says how long {index} runs")

    def index(self, array, places):
        array = self.value(array)
        if isinstance(array, list):
            return array[self.places(places[0], len(array)).start]
        if len(places) == 1 and array.shape[0] == 1:
            places = [("at", ("number", 1.0)), *places]
        slices = [self.places(place, size) for place, size in zip(places, array.shape)]
        return array[tuple(slices)]

    def places(self, place, size):
        if place[0] == "at":
            at = integer(self.value(place[1]))
            return slice(at - 1, at)
        first = 1 if place[1] is None else integer(self.value(place[1]))
        last = size if place[2] is None else integer(self.value(place[2]))
        return slice(first - 1, last)
