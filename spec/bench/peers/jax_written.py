"""Training steps in JAX as adjoint writes them, with its own derivatives: the cases of jax_cases.py, run by run.ts."""

import jax_threads  # noqa: F401

import pathlib
import subprocess
import sys

import jax
import jax.numpy as jnp
import numpy as np

import models
from contestant import lazily, serve

NODE = [sys.argv[2], "--import", "tsx", str(pathlib.Path(__file__).with_name("write-module.ts"))]


def training(name, model):
    text = subprocess.run([*NODE, name], check=True, capture_output=True, text=True).stdout
    module = {}
    exec(text, module)
    step = jax.jit(module["step"], donate_argnums=0)  # As jax_cases.py does.
    params, inputs = ([jnp.array(x) for x in given] for given in (model[0], model[1:]))

    def run():
        nonlocal params
        result = step(params, inputs)
        params = result["params"]
        return float(result["value"])

    return run


def kept_by_adam(dtype):
    """The digits' net, and what Adam keeps, as adam() of models.ts has it."""
    params, *inputs = models.digits(dtype)
    none = [np.zeros_like(x) for x in params]
    return [*params, *none, *none, np.zeros((), dtype)], *inputs


cases = {}
for dtype in (np.float32, np.float64):
    for title, model in (("two-layer", models.two_layer), ("digits", kept_by_adam), ("mlp", models.mlp), ("cnn", models.cnn), ("gpt", models.gpt)):
        name = f"{title} step, {dtype.__name__}"
        cases[name] = lazily(lambda name=name, model=model, dtype=dtype: training(name, model(dtype)))

jax.config.update("jax_enable_x64", True)
serve(cases)
