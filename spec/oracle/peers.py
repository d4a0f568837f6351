"""The other systems' side of `run.ts`: reads expressions from stdin, writes what they give."""

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

from sent import answer, array, numbers

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
        return MAKE[peer](array(x, wide.get(x["dtype"])))

    return {name: make(x) for name, x in inputs.items()}


def leaves(x):
    return [leaf for part in x for leaf in leaves(part)] if isinstance(x, (list, tuple)) else [x]


def is_float(x):
    if isinstance(x, torch.Tensor):
        return x.is_floating_point()
    return np.issubdtype(getattr(x, "dtype", type(x)), np.floating)


def sent(x):
    return numbers(x.detach().numpy() if isinstance(x, torch.Tensor) else np.asarray(x))


def outcome(peer, setup, code, inputs, weights):
    known = dict(MODULES[peer])
    exec(setup, known)
    variables = given(peer, inputs)
    value = [sent(leaf) for leaf in leaves(eval(code, known | variables))]
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
    return {"value": value, "gradient": {name: sent(g) for name, g in gradient.items()}}


asked = json.load(sys.stdin)


def answered(peer, setup, code, inputs, differentiated):
    return outcome(peer, setup, code, inputs, asked["weights"] if differentiated else None)


answer(asked["expressions"], answered)
