"""What XLA says that steps cost: modules from stdin, beside the same written by hand, and on four
devices that share the batch out."""

import json
import math
import os
import re
import sys

os.environ["XLA_FLAGS"] = "--xla_force_host_platform_device_count=4"

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402
from jax.sharding import Mesh, NamedSharding, PartitionSpec  # noqa: E402

jax.config.update("jax_enable_x64", True)
MESH = Mesh(np.array(jax.devices()), ("data",))
DEVICES = len(jax.devices())
BYTES = {"f64": 8, "f32": 4, "s32": 4}


def two_layers(params, batch):
    def loss(params):
        h_relu = jnp.maximum(batch["x"].dot(params["w1"]), 0)
        return jnp.square(h_relu.dot(params["w2"]) - batch["y"]).sum()

    value, gradient = jax.value_and_grad(loss)(params)
    return jax.tree.map(lambda w, g: w - 1e-6 * g, params, gradient), value


def digits(params, state, batch):
    def loss(params):
        first, _, last = params
        h = jnp.maximum(batch["x"].dot(first["w"]) + first["b"], 0)
        scores = jax.nn.log_softmax(h.dot(last["w"]) + last["b"])
        return -jnp.take_along_axis(scores, batch["label"][:, None], 1).mean()

    value, gradient = jax.value_and_grad(loss)(params)
    step = state["step"] + 1
    m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, state["m"], gradient)
    v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, state["v"], gradient)
    first, second = ((1 - b ** step.astype("float64")).astype("float32") for b in (0.9, 0.999))

    def moved(p, m, v):
        return p - 1e-3 * (m / first) / (jnp.sqrt(v / second) + 1e-8)

    return jax.tree.map(moved, params, m, v), {"step": step, "m": m, "v": v}, value


BY_HAND = {"two layers": two_layers, "digits": digits}


def compiled(step, args, **how):
    donated = tuple(range(len(args) - 1))
    return jax.jit(step, donate_argnums=donated, **how).lower(*args).compile()


def cost(program):
    said = program.cost_analysis()
    return {"flops": said["flops"], "bytes": said["bytes accessed"]}


def spread(value, *over):
    return jax.device_put(value, NamedSharding(MESH, PartitionSpec(*over)))


def shared(step, *carried, batch):
    carried = jax.tree.map(spread, carried)
    batch = jax.tree.map(lambda x: spread(x, "data"), batch)
    kept = jax.tree.map(lambda x: x.sharding, carried)
    whole = NamedSharding(MESH, PartitionSpec())
    program = compiled(step, (*carried, batch), out_shardings=(*kept, whole))
    sums = re.findall(r"= (.*?) all-reduce(?:-start)?\(", program.as_text())
    types = [found for text in sums for found in re.findall(r"(\w+)\[([\d,]*)\]", text)]
    sizes = [BYTES[dtype] * math.prod(int(n) for n in sizes.split(",") if n) for dtype, sizes in types]
    return {**cost(program), "summed": sum(sizes)}


def array(x):
    return jnp.full(x["shape"], 1, x["dtype"])


def judged(name, text, args):
    known = {}
    exec(compile(text, name, "exec"), known)
    step = known["step"]
    args = jax.tree.map(array, args, is_leaf=lambda x: isinstance(x, dict) and "dtype" in x)
    *carried, batch = args
    part = jax.tree.map(lambda x: x[: len(x) // DEVICES], batch)
    return {
        "ours": cost(compiled(step, args)),
        "byHand": cost(compiled(BY_HAND[name], args)),
        "part": cost(compiled(step, (*carried, part))),
        "shared": shared(step, *carried, batch=batch),
    }


json.dump([judged(*one) for one in json.load(sys.stdin)], sys.stdout)
