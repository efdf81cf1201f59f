"""Runs generated modules and compares them with references and finite differences."""

import importlib.util
import json
import sys
import types

import numpy as np
import scipy


def load(path):
    spec = importlib.util.spec_from_file_location("generated", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def jacobian(function, arguments, name):
    """Columns stacked on both sides, by central differences."""
    base = np.asarray(arguments[name], dtype=float)
    columns = []
    for position in range(base.size):
        step = np.zeros(base.size)
        step[position] = 1e-6
        step = step.reshape(base.shape, order="F")
        above = np.asarray(function(**{**arguments, name: base + step}))
        below = np.asarray(function(**{**arguments, name: base - step}))
        columns.append((above - below).ravel(order="F") / 2e-6)
    return np.array(columns).T


def agree(found, expected, tolerance, what):
    found, expected = np.asarray(found), np.asarray(expected)
    if found.shape != expected.shape:
        raise AssertionError(f"{what}: shape {found.shape} instead of {expected.shape}")
    scale = max(1.0, np.max(np.abs(expected), initial=0.0))
    error = np.max(np.abs(found - expected), initial=0.0) / scale
    if not error <= tolerance:
        raise AssertionError(f"{what}: error {error}\n{found}\n{expected}")


def check_case(case):
    module = load(case["path"])
    rng = np.random.default_rng(7)
    scope = {"np": np, "scipy": scipy, "rng": rng}
    arguments = eval(case["arguments"], scope)
    before = {name: np.copy(value) for name, value in arguments.items() if not callable(value)}
    value = module.value(**arguments)
    if case["value"]:
        agree(value, eval(case["value"], {**scope, **arguments}), 1e-10, "value")
    if np.ndim(value) == 0 and type(value) is not float:
        raise AssertionError(f"value is a {type(value)}")
    results = module.derivative(**arguments)
    if len(case["wrt"]) == 1:
        results = (results,)
    for names, result in zip(case["wrt"], results, strict=True):
        name = names[0]
        is_number = np.ndim(arguments[name]) == 0
        numbers = all(np.ndim(arguments[name]) == 0 for name in names)
        if numbers and np.ndim(value) == 0 and type(result) is not float:
            raise AssertionError(f"derivative by {name} is a {type(result)}")
        if case["differences"] and len(names) == 1:
            expected = jacobian(module.value, arguments, name)
            if np.ndim(value) == 0:
                expected = expected.reshape(np.shape(arguments[name]), order="F")
            elif is_number:
                expected = expected.reshape(np.shape(value), order="F")
            agree(result, expected, 1e-6, f"derivative by {name}")
        if isinstance(result, np.ndarray):
            result += 1.0
    for name, copy in before.items():
        agree(arguments[name], copy, 0.0, f"argument {name}")
    error = module.check()
    if not error < 1e-4:
        raise AssertionError(f"check() is {error}")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        cases = json.load(file)
    failures = 0
    for case in cases:
        try:
            check_case(case)
        except Exception as error:  # every failure is reported with its module
            failures += 1
            with open(case["path"], encoding="utf-8") as file:
                text = file.read()
            print(f"FAILED {case['name']}: {type(error).__name__}: {error}\n{text}\n")
    print(f"{len(cases) - failures} of {len(cases)} modules are right")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
