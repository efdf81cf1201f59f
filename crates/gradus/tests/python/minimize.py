"""Minima found by Gradus against scipy.optimize, which knows the functions as written here and not as
Gradus reads them.

Each argument is a JSON file: a list of {"name", "data": {name: {"shape", "entries"}}, "start": …, "value",
"values"}. The value must be that of the function written here, and no search by SciPy from there or from
the same start may end lower.
"""

import json
import sys

import numpy as np
import scipy.optimize
from scipy.special import logsumexp

GP = np.linspace(0.0, 1.0, 12)


def covariance(a, b, c):
    apart = (GP[:, None] - GP[None, :]) ** 2
    return np.exp(a) * np.exp(-np.exp(b) * apart) + np.exp(c) * np.eye(GP.size)


def gaussian(d, a, b, c):
    k = covariance(a, b, c)
    return np.linalg.slogdet(k)[1] + d["y"] @ np.linalg.solve(k, d["y"])


def regression(d, w):
    z = d["X"] @ w
    return logsumexp(z, axis=1).sum() - (d["Y"] * z).sum()


FUNCTIONS = {
    "least squares": lambda d, w: np.sum((d["X"] @ w - d["y"]) ** 2),
    "ridge": lambda d, w: np.sum((d["X"] @ w - d["y"]) ** 2) + d["c"] * np.sum(w**2),
    "logistic": lambda d, w: np.logaddexp(0, -d["y"] * (d["X"] @ w)).sum() + d["c"] * np.sum(w**2),
    "poisson": lambda d, w: np.sum(np.exp(d["X"] @ w) - d["y"] * (d["X"] @ w)),
    "pseudo Huber": lambda d, w: np.sum(np.sqrt(1 + (d["X"] @ w - d["y"]) ** 2)),
    "log cosh": lambda d, w: np.sum(np.log(np.cosh(d["X"] @ w - d["y"]))),
    "multivariate regression": lambda d, W: np.sum((d["X"] @ W - d["Y"]) ** 2),
    "softmax regression": lambda d, W: regression(d, W) + d["c"] * np.sum(W**2),
    "factorisation": lambda d, U, V: np.sum((d["T"] - U @ V.T) ** 2),
    "rosenbrock": lambda d, a, b: (1 - a) ** 2 + 100 * (b - a**2) ** 2,
    "gaussian process": gaussian,
    "covariance": lambda d, P: np.linalg.slogdet(P)[1] + np.trace(np.linalg.solve(P, d["S"])),
    "precision": lambda d, P: np.trace(d["S"] @ P) - np.linalg.slogdet(P)[1],
    "portfolio": lambda d, w: w @ d["S"] @ w - d["m"] @ w,
    "weights": lambda d, p: np.sum(p * np.log(p)) + d["c"] @ p,
    "centre": lambda d, c: np.sum(np.sqrt(1 + np.sum((d["x"] - c) ** 2, axis=1))),
}

# Variables that are bounded, as functions of free ones.
BOUNDED = {
    "covariance": lambda free, n: np.tril(free.reshape(n, n)) @ np.tril(free.reshape(n, n)).T,
    "precision": lambda free, n: np.tril(free.reshape(n, n)) @ np.tril(free.reshape(n, n)).T,
    "weights": lambda free, n: np.exp(free - logsumexp(free)),
}


def arrays(given):
    return {name: np.reshape(it["entries"], it["shape"]) for name, it in given.items()}


def check(case):
    name, data, found = case["name"], arrays(case["data"]), arrays(case["values"])
    function, values = FUNCTIONS[name], list(found.values())
    own = float(function(data, *[np.squeeze(v) if v.size == 1 else v for v in values]))
    scale = max(1.0, abs(own))
    assert abs(own - case["value"]) <= 1e-7 * scale, (name, own, case["value"])
    shapes = [v.shape for v in values]
    sizes = np.cumsum([v.size for v in values])[:-1]

    def of(vector):
        if name in BOUNDED:
            return function(data, BOUNDED[name](vector, shapes[0][0]))
        parts = [p.reshape(s) for p, s in zip(np.split(vector, sizes), shapes)]
        return function(data, *[p.item() if p.size == 1 else p for p in parts])

    random = np.random.default_rng(1)
    count = sum(v.size for v in values)
    starts = [0.3 * random.normal(size=count) for _ in range(3)]
    if name in ("covariance", "precision"):
        starts = [np.eye(shapes[0][0]).ravel() + 0.1 * s for s in starts]
    elif name not in BOUNDED:
        starts.append(np.concatenate([v.ravel() for v in values]))
    best = np.inf
    with np.errstate(all="ignore"):
        for start in starts:
            best = min(best, scipy.optimize.minimize(of, start, method="BFGS").fun)
    assert own <= best + 1e-6 * scale, (name, own, best)
    print(f"{name}: {own:.8g}, SciPy {best:.8g}")


for path in sys.argv[1:]:
    with open(path) as file:
        cases = json.load(file)
    assert len(cases) == len(FUNCTIONS), "not every function was minimised"
    for case in cases:
        check(case)
