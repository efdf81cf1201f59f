"""Random values of declared kinds, and bases of the spaces that structured values vary in.

Must not know the cases' formulas.
"""

import re

import numpy as np

KIND = re.compile(
    r"(?P<prefixes>(?:complex |positive )*)(?P<name>\w+)(?:\((?P<sizes>[\w,* ]*)\))?"
    r"(?:\((?P<parameter>\w+)\))?(?:\[(?P<family>\w+)\])?"
)
COMPLEX = ("hermitian", "unitary")
SQUARE = ("symmetric", "skew", "diagonal", "lower", "upper", "spd", "orthogonal", *COMPLEX)


class Kind:
    """A declared kind with its sizes as numbers."""

    def __init__(self, text, sizes):
        match = KIND.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"cannot read the kind {text!r}")
        self.name = match["name"]
        self.parameter = match["parameter"]
        self.is_complex = "complex" in match["prefixes"] or self.name in COMPLEX
        self.is_positive = "positive" in match["prefixes"]
        size = lambda text: int(eval(text, {}, sizes))
        given = [size(text) for text in (match["sizes"] or "").split(",") if text.strip()]
        self.shape = tuple(given * 2 if self.name in SQUARE else given)
        self.family = size(match["family"]) if match["family"] else None

    def draw(self, rng, domain):
        """A value as functions written by hand take it."""
        if self.family is not None:
            return np.stack([self.one(rng, domain) for _ in range(self.family)])
        return self.one(rng, domain)

    def one(self, rng, domain):
        normal = rng.normal(size=self.shape)
        if self.is_complex:
            normal = normal + 1j * rng.normal(size=self.shape)
        value = self.structured(rng, normal)
        if domain == "integer":
            return np.float64(rng.integers(2, 5))
        if domain == "large":
            return rng.uniform(15, 20, size=self.shape)
        if self.is_positive or domain == "positive":
            return rng.uniform(0.5, 1.5, size=self.shape)
        return inside(value, domain)

    def structured(self, rng, normal):
        size = self.shape[0] if self.shape else 1
        match self.name:
            case "scalar" if not self.is_complex:
                return np.float64(rng.uniform(0.5, 1.5))
            case "onehot":
                return np.eye(size)[rng.integers(size)]
            case "simplex":
                positive = rng.uniform(0.5, 1.5, size=self.shape)
                return positive / np.sum(positive)
            case "symmetric":
                return normal + normal.T
            case "skew":
                return normal - normal.T
            case "diagonal":
                return np.diag(np.diag(normal))
            case "lower":
                return np.tril(normal) + 2 * np.eye(size)
            case "upper":
                return np.triu(normal) + 2 * np.eye(size)
            case "spd":
                return normal @ normal.T + np.eye(size)
            case "hermitian":
                return normal + np.conj(normal.T)
            case "orthogonal" | "unitary":
                return np.linalg.qr(normal)[0]
            case _:
                return normal

    def basis(self, value):
        """Directions in which a value of this kind may vary, orthogonal to each other."""
        if self.name in SQUARE:
            return square_basis(self.name, value)
        units = unit_arrays(value.shape)
        if self.name == "simplex":
            size = len(value)
            steps = [np.r_[np.ones(k), -k, np.zeros(size - k - 1)] for k in range(1, size)]
            return np.array(steps)
        return np.concatenate([units, 1j * units]) if self.is_complex else units


def inside(value, domain):
    match domain:
        case None | "commute":
            return value
        case "nonsingular" | "detpos":
            value = value + 3 * np.eye(len(value))
            if domain == "detpos" and np.linalg.det(value) < 0:
                value[0] = -value[0]
            return value
        case "singular":
            value[-1] = value[0]
            return value
        case "nearspd":
            return 2 * np.eye(len(value)) + 0.3 * value
        case _:
            raise ValueError(f"unknown domain {domain!r}")


def unit_arrays(shape):
    size = int(np.prod(shape))
    return np.eye(size).reshape((size, *shape))


def square_basis(name, value):
    size = len(value)
    unit = lambda i, j: np.eye(size)[:, [i]] @ np.eye(size)[[j], :]
    places = [(i, j) for i in range(size) for j in range(i)]
    diagonal = [unit(i, i) for i in range(size)]
    symmetric = [unit(i, j) + unit(j, i) for i, j in places]
    skew = [unit(i, j) - unit(j, i) for i, j in places]
    imaginary = lambda units: [1j * each for each in units]
    match name:
        case "symmetric" | "spd":
            found = diagonal + symmetric
        case "skew":
            found = skew
        case "diagonal":
            found = diagonal
        case "lower":
            found = diagonal + [unit(i, j) for i, j in places]
        case "upper":
            found = diagonal + [unit(j, i) for i, j in places]
        case "orthogonal":
            found = [value @ each for each in skew]
        case "hermitian":
            found = diagonal + symmetric + imaginary(skew)
        case "unitary":
            found = [value @ each for each in skew + imaginary(diagonal + symmetric)]
    return np.array(found)
