"""The other systems' side of `run.ts`: reads expressions from stdin, writes what they give.

A number that JSON has no word for goes as a text, "NaN" or "Infinity".
"""

import json
import math
import sys

import jax
import jax.numpy as jnp
import mpmath
import numpy as np
import optax
import scipy
import scipy.fft
import scipy.interpolate
import scipy.linalg
import scipy.special
import scipy.stats
import torch
import torch.nn.functional as F

jax.config.update("jax_enable_x64", True)

MODULES = {
    "numpy": {"np": np, "scipy": scipy, "mpmath": mpmath},
    "jax": {"np": np, "jax": jax, "jnp": jnp, "lax": jax.lax, "optax": optax},
    "torch": {"np": np, "torch": torch, "F": F, "nn": torch.nn},
}
MAKE = {"numpy": lambda x: x, "jax": jnp.asarray, "torch": torch.tensor}


def given(peer, inputs):
    def make(x):
        # Indices are int64 in PyTorch.
        wide = {"int32": "int64"} if peer == "torch" else {}
        data = np.array([float(e) for e in x["data"]]).astype(wide.get(x["dtype"], x["dtype"]))
        return MAKE[peer](data.reshape(x["shape"]))

    return {name: make(x) for name, x in inputs.items()}


def leaves(x):
    return [leaf for part in x for leaf in leaves(part)] if isinstance(x, (list, tuple)) else [x]


def is_float(x):
    if isinstance(x, torch.Tensor):
        return x.is_floating_point()
    return np.issubdtype(getattr(x, "dtype", type(x)), np.floating)


def numbers(x):
    array = x.detach().numpy() if isinstance(x, torch.Tensor) else np.asarray(x)
    data = [float(e) for e in array.ravel()]
    said = [e if math.isfinite(e) else {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[str(e)] for e in data]
    return {"dtype": str(array.dtype), "shape": list(array.shape), "data": said}


def outcome(peer, setup, code, inputs, weights):
    known = dict(MODULES[peer])
    exec(setup, known)
    variables = given(peer, inputs)
    value = [numbers(leaf) for leaf in leaves(eval(code, known | variables))]
    if weights is None:
        return {"value": value}

    def total(floats):
        parts = [x for x in leaves(eval(code, known | variables | floats)) if is_float(x)]
        sizes = [math.prod(x.shape) for x in parts]
        return sum((x * MAKE[peer](np.array(weights[:n]).reshape(x.shape))).sum() for x, n in zip(parts, sizes))

    floats = {name: x for name, x in variables.items() if is_float(x)}
    if peer == "jax":
        gradient = jax.grad(total)(floats)
    else:
        for x in floats.values():
            x.requires_grad_()
        found = torch.autograd.grad(total({}), list(floats.values()), allow_unused=True, materialize_grads=True)
        gradient = dict(zip(floats, found))
    return {"value": value, "gradient": {name: numbers(g) for name, g in gradient.items()}}


def main():
    asked = json.load(sys.stdin)
    outcomes = []
    for peer, setup, code, inputs, differentiated in asked["expressions"]:
        try:
            weights = asked["weights"] if differentiated else None
            outcomes.append(outcome(peer, setup, code, inputs, weights))
        except Exception as error:
            outcomes.append({"error": f"{type(error).__name__}: {error}"})
    json.dump(outcomes, sys.stdout, allow_nan=False)


main()
