"""Compares emitted modules with complex arguments with automatic differentiation by real and
imaginary parts of functions written by hand.

Called with the path of a list of cases in JSON. Prints what fails, and how many are right.
"""

import inspect
import json
import re
import sys

import jax
import jax.numpy as jnp
import numpy as np

from compare import POINTS, TOLERANCE, load

jax.config.update("jax_enable_x64", True)

CHECK_TOLERANCE = 1e-4


def draw(rng, kind, sizes):
    words = kind.split()
    name, letters = re.fullmatch(r"(\w+)(?:\(([\w, ]*)\))?", " ".join(words).split()[-1]).groups()
    shape = tuple(sizes[letter] for letter in re.findall(r"\w+", letters or ""))
    if name == "hermitian":
        value = rng.normal(size=shape * 2) + 1j * rng.normal(size=shape * 2)
        return (value + value.conj().T) / 2
    if "complex" in words:
        return rng.normal(size=shape) + 1j * rng.normal(size=shape)
    if "positive" in words:
        return rng.uniform(0.5, 1.5, size=shape)
    return rng.normal(size=shape)


def parts(oracle, arguments, wrt):
    """The function by the real and the imaginary part of one argument."""

    def function(x, y):
        return oracle(**{**arguments, wrt: x + 1j * y})

    return function


def expected(oracle, arguments, wrt, order):
    """What the module promises: gradient, pair of Wirtinger derivatives, or blocks of the Hessian."""
    function = parts(oracle, arguments, wrt)
    value = np.asarray(oracle(**arguments))
    x, y = jnp.real(arguments[wrt]), jnp.imag(arguments[wrt])
    size = x.size
    if order == 2:
        flat = lambda a, b: function(a.reshape(x.shape, order="F"), b.reshape(x.shape, order="F"))
        a, b = x.reshape(-1, order="F"), y.reshape(-1, order="F")
        (xx, xy), (yx, yy) = jax.hessian(flat, argnums=(0, 1))(a, b)
        shape = (size, size) if x.ndim else ()
        mixed = ((xx + yy) + 1j * (yx - xy)) / 4
        plain = ((xx - yy) - 1j * (xy + yx)) / 4
        return [np.asarray(each).reshape(shape) for each in (mixed, plain)]
    by_x, by_y = jax.jacfwd(function, argnums=(0, 1))(x, y)
    if not np.iscomplexobj(value):
        return [np.asarray(by_x + 1j * by_y)]
    shape = (value.size, size) if value.ndim and x.ndim else by_x.shape
    pair = ((by_x - 1j * by_y) / 2, (by_x + 1j * by_y) / 2)
    return [np.asarray(each).reshape(shape, order="F") for each in pair]


def agree(found, wanted, what, point):
    found, wanted = np.asarray(found), np.asarray(wanted)
    if found.shape != wanted.shape:
        raise AssertionError(f"{what} has shape {found.shape}, not {wanted.shape}")
    error = np.max(np.abs(found - wanted), initial=0.0)
    if not error <= TOLERANCE * max(1.0, np.max(np.abs(wanted), initial=0.0)):
        raise AssertionError(f"{what} is wrong by {error:.2g} at point {point}")


def check(case):
    module = load(case["path"])
    kinds = dict(re.split(r"\s*:\s*", declaration, maxsplit=1) for declaration in case["let"])
    oracle = eval(case["oracle"], {"jnp": jnp})
    rng = np.random.default_rng(5)
    for point in range(POINTS):
        names = list(inspect.signature(oracle).parameters)
        arguments = {name: draw(rng, kinds[name], case["sizes"]) for name in names}
        value = module.value(**arguments)
        if np.ndim(value) == 0 and not isinstance(value, (float, complex)):
            raise AssertionError(f"value is a {type(value).__name__}")
        agree(value, oracle(**arguments), "value", point)
        wanted = inspect.signature(module.derivative).parameters
        found = module.derivative(**{name: arguments[name] for name in names if name in wanted})
        found = found if isinstance(found, tuple) else (found,)
        derivatives = expected(oracle, arguments, case["wrt"], case["order"])
        if len(found) != len(derivatives):
            raise AssertionError(f"{len(found)} derivatives, not {len(derivatives)}")
        for one, other in zip(found, derivatives):
            agree(one, other, "derivative", point)
    error = module.check()
    if not error < (CHECK_TOLERANCE if case["order"] == 1 else 1e-2):
        raise AssertionError(f"check() is {error}")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        cases = json.load(file)
    failed = 0
    for case in cases:
        try:
            check(case)
        except Exception as failure:
            failed += 1
            print(f"{case['id']}: {type(failure).__name__}: {failure}")
    print(f"{len(cases) - failed} of {len(cases)} modules are right")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
