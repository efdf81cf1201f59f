"""Times SymPy and tensorgrad on the spine problems of cases/problems.jsonl.

For each problem the least of several runs in one process counts, from building the expression to the
printed derivative. Whether the printed derivative is right is not judged here.
"""

import json
import pathlib
import re
import signal
import statistics
import sys
import time

RUNS = 3
LIMIT_SECONDS = 20
TOKEN = re.compile(r"\s*(\d+\.?\d*|[A-Za-z_]\w*|\.\*|\./|\.\^|.)")


class Parser:
    """The part of Gradus' language that the problems use, to calls on a system."""

    def __init__(self, text, system, names):
        self.tokens = TOKEN.findall(text.strip()) + [""]
        self.system, self.names = system, dict(names)

    def program(self):
        while len(self.tokens) > 2 and self.tokens[1] == "=":
            name = self.take()
            self.take()
            self.names[name] = self.sum()
            assert self.take() == ";"
        return self.sum()

    def take(self):
        return self.tokens.pop(0)

    def sum(self):
        if self.tokens[0] == "-":
            self.take()
            value = self.system.negate(self.product())
        else:
            value = self.product()
        while self.tokens[0] in ("+", "-"):
            sign, other = self.take(), self.product()
            value = self.system.add(value, other if sign == "+" else self.system.negate(other))
        return value

    def product(self):
        value = self.factor()
        while self.tokens[0] in ("*", "/", ".*", "./"):
            operator, other = self.take(), self.factor()
            value = {
                "*": self.system.multiply,
                "/": self.system.divide,
                ".*": self.system.hadamard,
                "./": self.system.quotient,
            }[operator](value, other)
        return value

    def factor(self):
        if self.tokens[0] == "-":
            self.take()
            return self.system.negate(self.factor())
        value = self.atom()
        while self.tokens[0] in ("'", "^", ".^"):
            operator = self.take()
            if operator == "'":
                value = self.system.transpose(value)
            else:
                value = self.system.power(value, int(self.take()))
        return value

    def atom(self):
        token = self.take()
        if token == "(":
            value = self.sum()
            assert self.take() == ")"
            return value
        if token[0].isdigit():
            return self.system.number(token)
        if self.tokens[0] == "(":
            self.take()
            value = self.sum()
            assert self.take() == ")"
            return self.system.call(token, value)
        return self.system.identity() if token == "eye" else self.names[token]


class SymPy:
    def __init__(self):
        import sympy

        self.sp = sympy
        self.sizes = {}

    def variable(self, name, kind):
        sp = self.sp
        if kind == "scalar":
            return sp.Symbol(name)
        sizes = [sp.Symbol(size, integer=True, positive=True) for size in re.findall(r"\w+", kind)[1:]]
        return sp.MatrixSymbol(name, *(sizes + [1])[:2])

    def is_scalar(self, value):
        return not getattr(value, "is_Matrix", False) or value.shape == (1, 1)

    def number(self, text):
        return self.sp.Rational(text)

    def identity(self):
        return "eye"

    def negate(self, a):
        return -a

    def fill(self, a, b):
        """The two terms with scalars as arrays."""
        if a == "eye" or b == "eye":
            raise NotImplementedError("identity without size")
        sp = self.sp
        if getattr(a, "is_Matrix", False) and not getattr(b, "is_Matrix", False):
            b = b * (sp.Identity(1) if a.shape == (1, 1) else sp.OneMatrix(*a.shape))
        return a, b

    def add(self, a, b):
        if isinstance(b, tuple):
            return a + b[0] * self.sp.Identity(a.shape[0])
        a, b = self.fill(a, b)
        b, a = self.fill(b, a)
        return a + b

    def multiply(self, a, b):
        return (a, "eye") if b == "eye" else a * b

    def divide(self, a, b):
        if getattr(b, "is_Matrix", False):
            return a * self.sp.Inverse(b)
        return a / b

    def hadamard(self, a, b):
        return self.sp.HadamardProduct(a, b)

    def quotient(self, a, b):
        inverse = self.sp.HadamardPower(b, -1)
        return inverse if a == 1 else self.sp.HadamardProduct(a, inverse)

    def transpose(self, a):
        return a.T

    def power(self, a, exponent):
        if getattr(a, "is_Matrix", False) and a.shape != (1, 1):
            return self.sp.HadamardPower(a, exponent)
        return a**exponent

    def call(self, name, a):
        sp = self.sp
        is_array = getattr(a, "is_Matrix", False)
        if name == "tr":
            return sp.Trace(a)
        if name == "det":
            return sp.Determinant(a)
        if name == "inv":
            return sp.Inverse(a)
        if name == "sum":
            return sp.OneMatrix(1, a.shape[0]) * a * sp.OneMatrix(a.shape[1], 1)
        if name in ("norm2", "normF"):
            return sp.sqrt(sp.Trace(a.T * a))
        functions = {"exp": sp.exp, "log": sp.log, "tanh": sp.tanh, "sin": sp.sin}
        if name in functions:
            function = functions[name]
            return a.applyfunc(function) if is_array and a.shape != (1, 1) else function(a)
        raise NotImplementedError(name)

    def derivative(self, value, variable):
        text = str(value.diff(variable))
        if "Derivative(" in text:
            raise NotImplementedError("left unevaluated")
        return text


class Tensorgrad:
    def __init__(self):
        import sympy
        import tensorgrad
        import tensorgrad.functions

        self.tg, self.f, self.sp = tensorgrad, tensorgrad.functions, sympy
        self.count = 0

    def fresh(self):
        self.count += 1
        return f"e{self.count}"

    def variable(self, name, kind):
        sizes = [self.sp.Symbol(size) for size in re.findall(r"\w+", kind)[1:]]
        edges = ["i", "j"][: len(sizes)]
        tensor = self.tg.Variable(name, **dict(zip(edges, sizes)))
        return (tensor, *(edges + [None, None])[:2])

    def number(self, text):
        from fractions import Fraction

        return (self.tg.Product([]) * Fraction(text), None, None)

    def identity(self):
        raise NotImplementedError("identity without size")

    def negate(self, a):
        return (a[0] * -1, a[1], a[2])

    def renamed(self, a, row, column):
        pairs = [(old, new) for old, new in ((a[1], row), (a[2], column)) if old and old != new]
        return a[0].rename(**dict(pairs)) if pairs else a[0]

    def together(self, a, b):
        """Both with the same edges."""
        if (b[1] or b[2]) and (a[1] or a[2]):
            row, column = self.fresh() if a[1] else None, self.fresh() if a[2] else None
            return self.renamed(a, row, column), self.renamed(b, row, column), row, column
        wide = a if a[1] or a[2] else b
        return a[0], b[0], wide[1], wide[2]

    def add(self, a, b):
        a, b, row, column = self.together(a, b)
        return (a + b, row, column)

    def multiply(self, a, b):
        if not (a[1] or a[2]) or not (b[1] or b[2]):
            return self.hadamard(a, b)
        row, inner, column = self.fresh(), self.fresh(), self.fresh()
        left = self.renamed(a, row, inner)
        right = self.renamed(b, inner, column)
        return (left @ right, row if a[1] else None, column if b[2] else None)

    def divide(self, a, b):
        return self.hadamard(a, self.power(b, -1))

    def hadamard(self, a, b):
        a, b, row, column = self.together(a, b)
        return (a * b, row, column)

    quotient = divide

    def transpose(self, a):
        return (a[0], a[2], a[1])

    def power(self, a, exponent):
        return (self.f.pow(a[0], exponent), a[1], a[2])

    def call(self, name, a):
        f = self.f
        tensor, row, column = a
        if name == "tr":
            return (f.trace(tensor), None, None)
        if name == "det":
            return (f.det(tensor), None, None)
        if name == "inv":
            return (f.inverse(tensor), column, row)
        if name == "sum":
            return (f.sum(tensor), None, None)
        if name in ("norm2", "normF"):
            return (f.sqrt(f.frobenius2(tensor)), None, None)
        if name == "softmax":
            return (f.softmax(tensor, dim=row), row, None)
        functions = {"exp": f.exp, "log": f.log, "tanh": f.tanh, "sigmoid": f.sigmoid}
        if name in functions:
            return (functions[name](tensor), row, column)
        raise NotImplementedError(name)

    def derivative(self, value, variable):
        edges = [edge for edge in variable[1:] if edge]
        names = {edge: self.fresh() for edge in edges}
        return str(self.tg.Derivative(value[0], variable[0], names).full_simplify())


def solve(system, problem):
    names = {name: system.variable(name, kind) for name, kind in problem["let"].items()}
    value = Parser(problem["expr"], system, names).program()
    return system.derivative(value, names[problem["wrt"]])


def measured(kind, problem):
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        text = solve(kind(), problem)
        times.append(time.perf_counter() - start)
    return min(times), text


def stop(*_):
    raise TimeoutError(f"over {LIMIT_SECONDS} s")


def main():
    path = pathlib.Path(__file__).parent.parent / "cases" / "problems.jsonl"
    problems = [json.loads(line) for line in path.read_text().splitlines()]
    problems = [problem for problem in problems if problem["part"] == "spine"]
    signal.signal(signal.SIGALRM, stop)
    for kind in (SymPy, Tensorgrad):
        print(kind.__name__)
        try:
            kind()
        except ModuleNotFoundError as failure:
            print(f"  not measured: {failure}")
            continue
        times = []
        for problem in problems:
            signal.alarm(LIMIT_SECONDS * RUNS)
            try:
                least, text = measured(kind, problem)
            except Exception as failure:  # whatever a system does with what it cannot do
                print(f"  {problem['id']:5}        -    {type(failure).__name__}: {str(failure)[:80]}")
                continue
            finally:
                signal.alarm(0)
            times.append(least)
            print(f"  {problem['id']:5} {least * 1e3:9.2f} ms  {text[:90]}".replace("\n", " "))
        if times:
            summary = statistics.median(times) * 1e3
            print(f"  median {summary:.1f} ms, worst {max(times) * 1e3:.0f} ms, of {len(times)} answered")


if __name__ == "__main__":
    sys.exit(main())
