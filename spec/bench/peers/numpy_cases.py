"""The cases in NumPy: all, or those whose names contain a word of the command line. Run by run.ts, see contestant.py."""

import sys

import numpy as np

from contestant import lazily, numbers, of_both_dtypes, of_rows, serve
from models import digits, elementwise, mlp


def two_layer_step(dtype):
    x, y = numbers(1, dtype, (64, 1000)), numbers(2, dtype, (64, 10))
    w1, w2 = numbers(3, dtype, (1000, 100)), numbers(4, dtype, (100, 10))
    rate = dtype(1e-6)

    def step():
        nonlocal w1, w2
        h = x.dot(w1)
        h_relu = np.maximum(h, 0)
        y_pred = h_relu.dot(w2)
        loss = np.square(y_pred - y).sum()
        grad_y_pred = dtype(2.0) * (y_pred - y)
        grad_w2 = h_relu.T.dot(grad_y_pred)
        grad_h_relu = grad_y_pred.dot(w2.T)
        grad_h = grad_h_relu.copy()
        grad_h[h < 0] = 0
        grad_w1 = x.T.dot(grad_h)
        w1 -= rate * grad_w1
        w2 -= rate * grad_w2
        return float(loss)

    return step


def net(params, x, labels):
    """The loss of a net and its gradients by the parameters, by hand."""
    layers, rows = len(params) // 2, np.arange(len(labels))

    def value_and_gradients():
        inputs, sums = [x], []
        for w, b in zip(params[::2], params[1::2]):
            sums.append(inputs[-1].dot(w) + b)
            inputs.append(np.maximum(sums[-1], 0))
        logits = sums[-1] - sums[-1].max(1, keepdims=True)
        e = np.exp(logits)
        total = e.sum(1, keepdims=True)
        loss = (np.log(total[:, 0]) - logits[rows, labels]).mean()
        g = e / total
        g[rows, labels] -= 1
        g /= x.dtype.type(len(labels))
        gradients = []
        for i in reversed(range(layers)):
            gradients[:0] = [inputs[i].T.dot(g), g.sum(0)]
            if i > 0:
                g = g.dot(params[2 * i].T)
                g[sums[i - 1] <= 0] = 0
        return float(loss), gradients

    return value_and_gradients


def mlp_step(dtype):
    params, x, labels = mlp(dtype)
    run, rate = net(params, x, labels), dtype(0.01)

    def step():
        loss, gradients = run()
        for x, g in zip(params, gradients):
            x -= rate * g
        return loss

    return step


def digits_step(dtype):
    """By Adam, in place where NumPy can."""
    params, x, labels = digits(dtype)
    run = net(params, x, labels)
    first, second = ([np.zeros_like(x) for x in params] for _ in range(2))
    t = 0

    def step():
        nonlocal t
        loss, gradients = run()
        t += 1
        whole1, whole2 = dtype(1 - 0.9**t), dtype(1 - 0.999**t)
        for x, g, m, v in zip(params, gradients, first, second):
            m *= dtype(0.9)
            m += dtype(0.1) * g
            v *= dtype(0.999)
            v += dtype(0.001) * np.square(g)
            x -= dtype(1e-3) * (m / whole1) / (np.sqrt(v / whole2) + dtype(1e-8))
        return loss

    return step


def product(dtype, n):
    x, w = numbers(1, dtype, (n, n)), numbers(2, dtype, (n, n))
    return lambda: float(x.dot(w)[0, 0])


def softmax(x):
    e = np.exp(x - x.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


a, b = elementwise()
places = np.floor(numbers(3, np.float64, (1000,), 500, 500)).astype(np.int32)
rows = {
    "add": lambda: a + b,
    "relu": lambda: np.maximum(a, 0),
    "exp": lambda: np.exp(a),
    "tanh": lambda: np.tanh(a),
    "where": lambda: np.where(a > 0, a, b),
    "max of rows": lambda: a.max(1),
    "softmax": lambda: softmax(a),
    "add a row": lambda: a + b[0],
    "add a transpose": lambda: a + b.T,
    "take": lambda: a.take(places, 0),
    "sort": lambda: np.sort(a, 1),
}
cases = of_rows(rows)
cases["sum, 1e6 float32"] = lambda: float(a.sum())
cases |= of_both_dtypes(two_layer_step, product)
for dtype in (np.float32, np.float64):
    cases[f"mlp step, {dtype.__name__}"] = lazily(lambda dtype=dtype: mlp_step(dtype))
    cases[f"digits step, {dtype.__name__}"] = lazily(lambda dtype=dtype: digits_step(dtype))

words = sys.argv[1:]
serve({name: run for name, run in cases.items() if not words or any(word in name for word in words)})
