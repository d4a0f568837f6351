"""JAX's side of `run.py`, with Flax and Optax."""

import contextlib

import flax.linen as nn
import jax
import jax.numpy as jnp
import jax.test_util
import numpy as np
import optax
import safetensors.flax
from jax import lax
from jax.experimental.ode import odeint


def f(w):
    return (w**3).sum()


def cubes(x):
    return x**3


def h(p):
    return (p["a"] * p["b"]).sum()


def h2(a, b):
    return (a * b).sum()


def step(c, x):
    return jnp.tanh(c * x), c


def tangent(g, y):
    return jnp.linalg.solve(jax.jacobian(g)(y), y)


def newton(f, x):
    for _ in range(50):
        x = x - jnp.linalg.solve(jax.jacobian(f)(x), f(x))
    return x


rule = jax.custom_vjp(f)
rule.defvjp(lambda x: (f(x), x), lambda x, g: (x * g,))

MODULES = {"jax": jax, "jnp": jnp, "lax": lax, "nn": nn, "np": np, "optax": optax}
FUNCTIONS = {"f": f, "cubes": cubes, "h": h, "h2": h2, "rule": rule, "step": step, "tangent": tangent, "newton": newton, "odeint": odeint, "safetensors": safetensors, "n": 2, "axis": 0}


def tensor(data, dtype="float64"):
    return jnp.array(np.array(data, dtype=dtype))


def variable(given):
    return tensor(given["data"], given["dtype"]).reshape(given["shape"])


def is_dtype(x):
    return isinstance(x, np.dtype)


def is_float(x):
    return isinstance(x, jax.Array) and jnp.issubdtype(x.dtype, jnp.floating)


def array(x):
    return x


def known(section, inputs, path, variables=None):
    """What the expressions of a section know."""
    variables = variables or {name: variable(given) for name, given in inputs.items()}
    names = {**MODULES, **FUNCTIONS, "path": path, **variables}
    if section == "Models and training":
        names["model"] = nn.Dense(3)
        names["params"] = {"params": {"kernel": names["w"], "bias": names["b"]}}
    return names


def made(x, known):
    """A layer stands for its output in training, with the running mean if it has one, an optimizer
    for what three updates give."""
    if isinstance(x, nn.Module):
        first = x.init(jax.random.key(0), known["x"])
        params = jax.tree.map(lambda p: known["w"] if p.ndim == 2 else known["b"], first["params"])
        y, state = x.apply({**first, "params": params}, known["x"], mutable=["batch_stats"])
        # What layers keep is not differentiated in the other libraries.
        return [y, lax.stop_gradient(state["batch_stats"]["mean"])] if state else y
    if isinstance(x, optax.GradientTransformation):
        params, state = known["w"], x.init(known["w"])
        for step in range(1, 4):
            updates, state = x.update(known["z"][0:3] * step, state, params)
            params = optax.apply_updates(params, updates)
        return params
    return x


@contextlib.contextmanager
def configured(defaults=False):
    """What an expression runs in: JAX as it is when nothing is set, or with float64. Modes that it
    sets end with it."""
    try:
        with jax.enable_x64(not defaults):
            yield
    finally:
        jax.config.update("jax_debug_nans", False)


def gradient(total, section, inputs, path):
    variables = {name: variable(given) for name, given in inputs.items()}
    floats = {name: x for name, x in variables.items() if is_float(x)}
    return jax.grad(lambda floats: total(known(section, inputs, path, {**variables, **floats})) + 0.0)(floats)
