"""Runs the expressions of one column: `run.py torch` or `run.py jax`, which reads them from stdin.

What each of them gives, with its gradient, is written to stdout. `values.ts` has the form.
"""

import ast
import importlib
import json
import sys

import numpy as np

peer = importlib.import_module(f"{sys.argv[1]}_column")


def run(code, known):
    """The value of the last expression of a program in one line."""
    program = ast.parse(code)
    last = program.body.pop()
    exec(compile(program, "<document>", "exec"), known)
    return eval(compile(ast.Expression(last.value), "<document>", "eval"), known)


def numbers(array):
    array = np.asarray(array)
    data = [float(x) for x in array.ravel()]
    return {"dtype": str(array.dtype), "shape": list(array.shape), "data": data}


def value_of(x):
    if x is None:  # A check that has nothing to say: it would have raised.
        return value_of(True)
    if isinstance(x, bool):
        return {"dtype": "bool", "shape": [], "data": [float(x)]}
    if isinstance(x, (int, float)):
        return {"dtype": "number", "shape": [], "data": [float(x)]}
    if isinstance(x, str) or peer.is_dtype(x):
        return str(x).removeprefix("torch.")
    if isinstance(x, (list, tuple)):
        return [value_of(part) for part in x]
    if isinstance(x, dict):
        return [value_of(x[name]) for name in sorted(x)]
    return numbers(peer.array(x))


def tensors_in(x):
    """The tensors of floats in a nested value."""
    if isinstance(x, (list, tuple)):
        return [leaf for part in x for leaf in tensors_in(part)]
    if isinstance(x, dict):
        return [leaf for name in sorted(x) for leaf in tensors_in(x[name])]
    return [x] if peer.is_float(x) else []


def outcome(section, code, mode, inputs, weights, path):
    def total(known):
        total = 0.0
        for leaf in tensors_in(peer.made(run(code, known), known)):
            size = int(np.prod(leaf.shape))
            total = total + (leaf * peer.tensor(weights[:size]).reshape(leaf.shape)).sum()
        return total

    with peer.configured(defaults=mode == "said"):
        known = peer.known(section, inputs, path)
        value = value_of(peer.made(run(code, known), known))
    if mode != "gradient":
        return {"value": value, "gradient": None}
    with peer.configured():
        gradient = peer.gradient(total, section, inputs, path)
    return {"value": value, "gradient": {name: numbers(g) for name, g in gradient.items()}}


def main():
    given = json.load(sys.stdin)
    outcomes = []
    for section, code, mode in given["expressions"]:
        try:
            inputs = given["inputs"][section]
            outcomes.append(
                outcome(section, code, mode, inputs, given["weights"], given["path"])
            )
        except Exception as error:
            outcomes.append({"error": f"{type(error).__name__}: {error}"})
    json.dump(outcomes, sys.stdout, allow_nan=False)


main()
