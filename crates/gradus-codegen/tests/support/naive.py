"""Compares generated modules with formulas spelled out with matrices and loops alone."""

import importlib.util
import json
import sys

import numpy as np
import scipy.special


def load(path):
    spec = importlib.util.spec_from_file_location("generated", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def arguments():
    """Sizes n = 4, m = 3, N = 5; square matrices are well conditioned."""
    rng = np.random.default_rng(3)
    square = 2 * np.eye(4) + 0.3 * rng.normal(size=(4, 4))
    symmetric = rng.normal(size=(4, 4))
    return {
        "A": square,
        "S": symmetric @ symmetric.T / 4 + np.eye(4),
        "B": rng.normal(size=(4, 3)) / 2,
        "C": rng.normal(size=(3, 4)) / 2,
        "x": rng.normal(size=4),
        "y": rng.normal(size=3),
        "s": 0.7,
        "t": -0.4,
        "u": rng.normal(size=(5, 4)),
        "v": rng.normal(size=(5, 3)),
        "r": rng.normal(size=5),
        "M": np.eye(4) + 0.2 * rng.normal(size=(5, 4, 4)),
    }


def as_matrices(values):
    """Every array as a matrix, columns for vectors; families as lists of such."""
    matrices = {name: np.atleast_2d(values[name]).astype(float) for name in "ABCSst"}
    for name in "xy":
        matrices[name] = values[name].reshape(-1, 1)
    for name in "uv":
        matrices[name] = [member.reshape(-1, 1) for member in values[name]]
    matrices["r"] = [np.array([[member]]) for member in values["r"]]
    matrices["M"] = list(values["M"])
    return matrices


def softmax(column):
    return scipy.special.softmax(column, axis=0)


def one(number):
    return np.array([[number]], dtype=float)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        cases = json.load(file)
    scope = {"np": np, "scipy": scipy, "softmax": softmax, "one": one}
    failures = 0
    for case in cases:
        values = arguments()
        try:
            with np.errstate(all="ignore"):
                expected = eval(case["naive"], {**scope, **as_matrices(values)})
                planned = eval(case["page"], {**scope, **as_matrices(values)})
                found = load(case["path"]).value(**values)
            found = np.asarray(found)
            rank = sum(size != 1 for size in expected.shape)
            if found.ndim != rank:
                raise AssertionError(f"{found.ndim} axes instead of {rank}")
            whole, expected = expected, expected.reshape(found.shape)
            scale = 1.0 + np.max(np.abs(expected))
            if np.isfinite(scale) and not np.max(np.abs(planned - whole)) <= 1e-9 * scale:
                raise AssertionError(f"statement list {case['page']}\n{planned}\n{whole}")
            if np.isfinite(scale) and not np.max(np.abs(found - expected)) <= 1e-9 * scale:
                raise AssertionError(f"\n{found}\n{expected}")
        except Exception as error:
            failures += 1
            with open(case["path"], encoding="utf-8") as file:
                text = file.read().split("def derivative")[0]
            print(f"FAILED {type(error).__name__}: {error}\n{case['naive']}\n{text}\n")
    print(f"{len(cases) - failures} of {len(cases)} formulas are right")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
