"""The cases in JAX, everything under jit, with one thread or as many as it likes. Run by run.ts, see contestant.py."""

import jax_threads  # noqa: F401

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

import models
from contestant import numbers, of_both_dtypes, of_rows, serve
from models import B, D, H, T

jax.config.update("jax_enable_x64", True)
arrays = lambda given: [jnp.asarray(x) for x in given]


def cross_entropy(logits, y):
    return -jnp.take_along_axis(jax.nn.log_softmax(logits), y[..., None], -1).mean()


def mlp(params, x, y):
    for i in range(0, len(params), 2):
        z = x @ params[i] + params[i + 1]
        x = jax.nn.relu(z) if i + 2 < len(params) else z
    return cross_entropy(x, y)


def cnn(params, x, y):
    c1, b1, c2, b2, w, b = params

    def layer(x, w, b):
        h = jax.nn.relu(jax.lax.conv_general_dilated(x, w, (1, 1), "SAME") + b[:, None, None])
        return jax.lax.reduce_window(h, -jnp.inf, jax.lax.max, (1, 1, 2, 2), (1, 1, 2, 2), "VALID")

    return cross_entropy(layer(layer(x, c1, b1), c2, b2).reshape(64, -1) @ w + b, y)


def layer_norm(x, scale, bias):
    centred = x - x.mean(-1, keepdims=True)
    return centred / jnp.sqrt(jnp.square(centred).mean(-1, keepdims=True) + 1e-5) * scale + bias


def gpt(params, letters, following):
    heads = lambda x: x.reshape(B, T, H, D // H).transpose(0, 2, 1, 3)
    mask = jnp.tril(jnp.ones((T, T), bool))
    x = params[0][letters] + params[1]
    for i in range(2, len(params) - 3, 10):
        n1, m1, qkv, o, n2, m2, f1, c1, f2, c2 = params[i : i + 10]
        q, k, v = map(heads, jnp.split(layer_norm(x, n1, m1) @ qkv, 3, -1))
        scores = jnp.where(mask, q @ k.transpose(0, 1, 3, 2) / (D // H) ** 0.5, -1e30)
        x = x + (jax.nn.softmax(scores) @ v).transpose(0, 2, 1, 3).reshape(B, T, D) @ o
        x = x + jax.nn.gelu(layer_norm(x, n2, m2) @ f1 + c1, approximate=True) @ f2 + c2
    n, m, head = params[-3:]
    return cross_entropy(layer_norm(x, n, m) @ head, following)


# What a step takes and gives anew is donated to it: its results lie where its arguments lay. Else each step asks the system for memory.


def training(loss, model, rate=0.01):
    params, inputs = arrays(model[0]), arrays(model[1:])

    @partial(jax.jit, donate_argnums=0)
    def step(params, inputs):
        value, gradients = jax.value_and_grad(loss)(params, *inputs)
        return value, [x - rate * g for x, g in zip(params, gradients)]

    def run():
        nonlocal params
        value, params = step(params, inputs)
        return float(value)

    return run


def adam(loss, model):
    params, inputs = arrays(model[0]), arrays(model[1:])
    first, second = ([jnp.zeros_like(x) for x in params] for _ in range(2))
    dtype = params[0].dtype

    @partial(jax.jit, donate_argnums=(0, 1, 2, 3))
    def step(params, first, second, t, inputs):
        value, gradients = jax.value_and_grad(loss)(params, *inputs)
        t = t + 1
        first = [0.9 * m + 0.1 * g for m, g in zip(first, gradients)]
        second = [0.999 * v + 0.001 * jnp.square(g) for v, g in zip(second, gradients)]
        whole1, whole2 = 1 - 0.9**t, 1 - 0.999**t
        moved = [x - 1e-3 * (m / whole1) / (jnp.sqrt(v / whole2) + 1e-8) for x, m, v in zip(params, first, second)]
        return value, moved, first, second, t

    kept = params, first, second, jnp.zeros((), dtype)

    def run():
        nonlocal kept
        value, *kept = step(*kept, inputs)
        return float(value)

    return run


def two_layer_step(dtype):
    loss = lambda p, x, y: jnp.square(jnp.maximum(x @ p[0], 0) @ p[1] - y).sum()
    return training(loss, models.two_layer(dtype), 1e-6)


def product(dtype, n):
    x, w = arrays([numbers(1, dtype, (n, n)), numbers(2, dtype, (n, n))])
    run = jax.jit(jnp.matmul)
    return lambda: float(run(x, w)[0, 0])


def gradients():
    params, x, y = models.mlp(np.float32, (32, 64, 10), 256)
    params, (x, y) = arrays(params), arrays([x, y])
    one = lambda p, x, y: mlp(p, x[None], y[None])
    run = jax.jit(jax.vmap(jax.grad(one), in_axes=(None, 0, 0)))
    return lambda: float(run(params, x, y)[-1][0, 0])


def rnn():
    params, x = models.rnn(np.float64)
    params, x = arrays(params), jnp.asarray(x)

    def loss(params, x):
        wx, wh, b = params

        def step(h, a):
            h = jnp.tanh(a + h @ wh)
            return h, h

        _, hs = jax.lax.scan(step, jnp.zeros((16, 32)), jnp.swapaxes(x, 0, 1) @ wx + b)
        return jnp.square(hs).mean()

    run = jax.jit(jax.grad(loss))
    return lambda: float(run(params, x)[0][0, 0])


def gaussian_process(params, x, y):
    def likelihood(params):
        lengthscale, variance, noise = map(jnp.exp, params)
        kernel = variance * jnp.exp(-0.5 * jnp.square((x[:, None] - x) / lengthscale))
        l = jnp.linalg.cholesky(kernel + noise * jnp.eye(len(x)))
        white = jax.scipy.linalg.solve_triangular(l, y, lower=True)
        return -0.5 * jnp.square(white).sum() - jnp.log(jnp.diagonal(l)).sum()

    run = jax.jit(jax.value_and_grad(likelihood))

    def both():
        value, gradients = run(params)
        return float(value) + float(sum(gradients))

    x, y, params = jnp.asarray(x), jnp.asarray(y), arrays(params)
    return both


a, b = arrays(models.elementwise())
places = jnp.asarray(np.floor(numbers(3, np.float64, (1000,), 500, 500)).astype(np.int32))
rows = {
    "add": lambda x, y: x + y,
    "relu": lambda x, y: jnp.maximum(x, 0),
    "exp": lambda x, y: jnp.exp(x),
    "tanh": lambda x, y: jnp.tanh(x),
    "where": lambda x, y: jnp.where(x > 0, x, y),
    "max of rows": lambda x, y: x.max(1),
    "softmax": lambda x, y: jax.nn.softmax(x, 1),
    "add a row": lambda x, y: x + y[0],
    "add a transpose": lambda x, y: x + y.T,
    "take": lambda x, y: jnp.take(x, places, 0),
    "sort": lambda x, y: jnp.sort(x, 1),
    "gradient of relu and sum": jax.grad(lambda x, y: jax.nn.relu(x).sum()),
    "gradient of softmax and product": jax.grad(lambda x, y: (jax.nn.softmax(x, 1) * y).sum()),
}


def row(f):
    run = jax.jit(f)
    return lambda: run(a, b).block_until_ready()


total = jax.jit(jnp.sum)
cases = of_rows({name: row(f) for name, f in rows.items()})
cases["sum, 1e6 float32"] = lambda: float(total(a))
cases |= models.cases_of(training, adam, (mlp, cnn, gpt), gradients, rnn, gaussian_process)
cases |= of_both_dtypes(two_layer_step, product)

serve(cases)
