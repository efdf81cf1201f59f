"""Compares emitted modules with automatic differentiation of functions written by hand.

Called with the path of a list of cases in JSON. Prints what fails, and how many are right.
"""

import importlib.util
import inspect
import json
import re
import sys

import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)

POINTS = 3
TOLERANCE = 1e-8
CHECK_TOLERANCE = 1e-4


def unknown_function(t):
    """The values of an unknown elementwise function `f`: any smooth one."""
    return jnp.sin(1.3 * t) + 0.4 * t**2 + 0.2 * t


def derivatives_of_unknown_function():
    first = jax.grad(unknown_function)
    second = jax.grad(first)

    def over_arrays(function):
        return lambda t: np.asarray(jnp.vectorize(function)(jnp.asarray(t)))

    return {
        "f": over_arrays(unknown_function),
        "f_d1": over_arrays(first),
        "f_d2": over_arrays(second),
    }


def load(path):
    spec = importlib.util.spec_from_file_location("emitted", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def draw(rng, kind, sizes, domain):
    """A random value of a declared kind such as `matrix(m,n)` in a domain such as `positive`."""
    name, letters = re.fullmatch(r"(\w+)(?:\(([\w, ]*)\))?", kind).groups()
    shape = tuple(
        int(letter) if letter.isdigit() else sizes[letter]
        for letter in re.findall(r"\w+", letters or "")
    )
    if name == "scalar":
        value = rng.uniform(0.5, 1.5)
        return np.float64(value)
    if name == "onehot":
        return np.eye(*shape)[rng.integers(shape[0])]
    if name in ("vector", "matrix"):
        value = rng.normal(size=shape)
    elif name == "symmetric":
        value = rng.normal(size=shape * 2)
        value = value + value.T
    elif name == "spd":
        value = rng.normal(size=shape * 2)
        value = value @ value.T + np.eye(*shape)
    else:
        raise NotImplementedError(kind)
    if domain == "positive":
        value = rng.uniform(0.5, 1.5, size=shape)
    elif domain in ("nonsingular", "detpos"):
        value = value + 3 * np.eye(*shape)
        if np.linalg.det(value) < 0:
            value[0] = -value[0]
    elif domain == "singular":
        value[-1] = value[0]
    elif domain is not None:
        raise NotImplementedError(domain)
    return value


def agree(found, expected, what, point):
    expected = np.asarray(expected)
    if np.ndim(expected) == 0 and type(found) is not float:
        raise AssertionError(f"{what} is a {type(found).__name__}, not a float")
    found = np.asarray(found)
    if found.shape != expected.shape:
        raise AssertionError(f"{what} has shape {found.shape}, not {expected.shape}")
    scale = max(1.0, np.max(np.abs(expected), initial=0.0))
    error = np.max(np.abs(found - expected), initial=0.0) / scale
    if not error <= TOLERANCE:
        raise AssertionError(f"{what} is wrong by {error:.2g} at point {point}")


def expected_derivative(oracle, arguments, wrt):
    """In the shape that the emitted function promises."""
    names = list(arguments)
    value = np.asarray(oracle(*arguments.values()))
    of_one = jax.jacobian(oracle, argnums=names.index(wrt))
    jacobian = np.asarray(of_one(*(jnp.asarray(value) for value in arguments.values())))
    outputs, inputs = value.ndim, np.ndim(arguments[wrt])
    if outputs > 0 and inputs > 0:
        return jacobian.reshape((value.size, arguments[wrt].size), order="F")
    return jacobian


def check(case, functions):
    module = load(case["path"])
    sizes = {name: int(size) for name, size in re.findall(r"(\w+)=(\d+)", case["sizes"])}
    kinds = dict(re.split(r"\s*:\s*", declaration, maxsplit=1) for declaration in case["let"])
    domains = dict(domain.split() for domain in case["domain"])
    scope = {
        "jax": jax,
        "jnp": jnp,
        "vf": unknown_function,
        "sigmoid": jax.nn.sigmoid,
        "softmax": jax.nn.softmax,
    }
    oracle = eval(case["oracle"], scope)
    order = list(inspect.signature(oracle).parameters)
    rng = np.random.default_rng(5)
    for point in range(POINTS):
        arguments = {name: draw(rng, kinds[name], sizes, domains.get(name)) for name in order}
        before = {name: np.copy(value) for name, value in arguments.items()}
        for name in ("value", "derivative"):
            function = getattr(module, name)
            wanted = inspect.signature(function).parameters
            given = {key: value for key, value in {**arguments, **functions}.items() if key in wanted}
            if name == "value":
                agree(function(**given), oracle(*arguments.values()), name, point)
            else:
                expected = expected_derivative(oracle, arguments, case["wrt"])
                agree(function(**given), expected, name, point)
        for name, copy in before.items():
            if not np.array_equal(copy, arguments[name]):
                raise AssertionError(f"the argument {name} was changed")
    error = module.check()
    if not error < CHECK_TOLERANCE:
        raise AssertionError(f"check() is {error}")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        cases = json.load(file)
    functions = derivatives_of_unknown_function()
    failed = 0
    for case in cases:
        try:
            check(case, functions)
        except Exception as failure:  # every failure is reported with its case
            failed += 1
            print(f"[{case['id']}] {case['expr']} by {case['wrt']}")
            print(f"    {type(failure).__name__}: {failure}\n    {case['path']}")
    print(f"{len(cases) - failed} of {len(cases)} modules are right")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
