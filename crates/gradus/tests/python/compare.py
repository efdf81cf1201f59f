"""Compares emitted modules with automatic differentiation of functions written by hand.

Called with a list of modules in JSON and the files of the cases that they are for. Prints what
fails, and how many are right.
"""

import importlib.util
import inspect
import itertools
import json
import sys

import golden
import numpy as np

POINTS = 2
TOLERANCE = 1e-8


def load(path):
    spec = importlib.util.spec_from_file_location("emitted", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def functions(point):
    """The keywords that stand for functions and their derivatives."""
    found = {}
    for name, orders in point.unknown.items():
        if name in point.kinds:
            # Of a matrix that depends on a number: arrays with as many axes as are declared.
            orders = [shaped(each, point.kinds[name].shape) for each in orders]
        suffixes = ["", "_d1", "_d2", "_d3"]
        if name in point.scalar_functions:
            value = orders[0]
            orders = [lambda y: float(value(y).item()), *orders[1:]]
            suffixes = ["", "_grad", "_hess"]
        found.update({name + suffix: each for suffix, each in zip(suffixes, orders)})
    return found


def shaped(function, shape):
    return lambda t: function(t).reshape(shape)


def agree(found, expected, what):
    expected = np.asarray(expected)
    if np.ndim(expected) == 0 and type(found) is not float:
        raise AssertionError(f"{what} is a {type(found).__name__}, not a float")
    found = np.asarray(found)
    if found.shape != expected.shape:
        raise AssertionError(f"{what} has shape {found.shape}, not {expected.shape}")
    scale = max(1.0, np.max(np.abs(expected), initial=0.0))
    error = np.max(np.abs(found - expected), initial=0.0) / scale
    if not error <= TOLERANCE:
        raise AssertionError(f"{what} is wrong by {error:.2g}")


def expected_derivative(point, names):
    """In the shape that the emitted function promises."""
    shapes = [np.shape(point.given[name]) for name in names]
    if len(names) == 1:
        function, (value,) = point.along(names)
        jacobian, of = golden.by_variable(point, names[0], function, value)
        array = jacobian.reshape((int(np.prod(of)), int(np.prod(shapes[0]))))
    else:
        array, of = golden.higher_array(point, list(names))
    inputs = [shape for shape in shapes if shape != ()]
    if not inputs:
        return array.reshape(of, order="F")
    if of == () and len(inputs) == 1:
        return array.reshape(inputs[0], order="F")
    sizes = [int(np.prod(shape)) for shape in inputs]
    return array.reshape(([] if of == () else [int(np.prod(of))]) + sizes, order="F")


def call(function, known):
    """A function of a module, whose arguments must stay as they are."""
    given = {key: known[key] for key in inspect.signature(function).parameters if key in known}
    arrays = {key: np.copy(value) for key, value in given.items() if not callable(value)}
    result = function(**given)
    for key, copy in arrays.items():
        if not np.array_equal(copy, given[key]):
            raise AssertionError(f"the argument {key} was changed")
    return result


def compare(module, case, seed):
    point = golden.Point(case, seed)
    arrays = {name: value for name, value in point.given.items() if not callable(value)}
    known = {**functions(point), **arrays}
    value = point.value()
    agree(call(module.value, known), value, "value")
    order = int(case.first("order", "1"))
    if case.all("differential"):
        expected = golden.expected_differential(point)
        agree(call(module.differential, known), expected.reshape(np.shape(value)), "differential")
        return
    variables = case.all("wrt")
    choices = list(itertools.combinations_with_replacement(variables, order))
    results = call(module.derivative, known)
    for names, result in zip(choices, results if len(choices) > 1 else [results], strict=True):
        agree(result, expected_derivative(point, names), f"the derivative by {', '.join(names)}")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        paths = {entry["id"]: entry["path"] for entry in json.load(file)}
    failed = 0
    for case in itertools.chain.from_iterable(map(golden.read, sys.argv[2:])):
        if case.name not in paths:
            continue
        try:
            module = load(paths[case.name])
            for seed in range(POINTS):
                compare(module, case, seed)
        except Exception as failure:  # every failure is reported with its case
            failed += 1
            print(f"[{case.name}] {case.first('expr')} by {case.all('wrt')}")
            print(f"    {type(failure).__name__}: {failure}\n    {paths[case.name]}")
    print(f"{len(paths) - failed} of {len(paths)} modules are right")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
