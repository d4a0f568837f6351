"""Runs programs of the gallery, all in one process: what is printed and the textbook's lines in
NumPy, and the same functions in JAX, which is imported only where one is wanted. Jobs stand on the
standard input as JSON; what each gives, or its error, is written to the standard output."""

import json
import sys
import traceback

import numpy as np


def array(x):
    return np.array(x["data"], dtype=x["dtype"]).reshape(x["shape"])


def shown(x):
    x = np.asarray(x, dtype=np.float64)
    return {"shape": list(x.shape), "data": x.ravel().tolist()}


def in_numpy(program, given, wanted):
    names = dict(given)
    exec(program, names)
    return {name: shown(names[name]) for name in wanted}


def in_jax(lines, given, differentiated):
    import jax

    jax.config.update("jax_enable_x64", True)
    *body, result = lines
    text = "\n    ".join([f"def f({', '.join(given)}):", *body, f"return {result}"])
    names = {"jax": jax, "jnp": jax.numpy}
    exec(text, names)
    places = [list(given).index(name) for name in differentiated]
    both = jax.jit(jax.value_and_grad(names["f"], argnums=places))
    value, gradients = both(*(jax.numpy.asarray(x) for x in given.values()))
    return {"": shown(value), **dict(zip(differentiated, map(shown, gradients)))}


def outcome(job):
    given = {name: array(x) for name, x in job["given"].items()}
    try:
        if "jax" in job:
            return in_jax(job["jax"], given, job["wanted"])
        return in_numpy(job["program"], given, job["wanted"])
    except Exception:
        return {"error": traceback.format_exc(limit=-2)}


json.dump([outcome(job) for job in json.load(sys.stdin)], sys.stdout)
