"""The cases in NumPy: all, or those whose names contain a word of the command line. Each line of input names one, "?" asks for
their names; each line of output is the time of a run, in milliseconds: the mean over a burst, after a while that wakes up what sleeps."""

import sys
import time

import numpy as np

WAKE, BURST = 0.060, 0.100  # seconds

rng = np.random.default_rng(0)


def numbers(dtype, *shape):
    return rng.uniform(-1, 1, shape).astype(dtype)


def two_layer_step(dtype):
    x, y = numbers(dtype, 64, 1000), numbers(dtype, 64, 10)
    w1, w2 = numbers(dtype, 1000, 100), numbers(dtype, 100, 10)
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


def product(dtype, n):
    x, w = numbers(dtype, n, n), numbers(dtype, n, n)
    return lambda: x.dot(w)


a, b = numbers(np.float32, 1_000_000), numbers(np.float32, 1_000_000)
elementwise = {
    "add, 1e6 float32": lambda: a + b,
    "relu, 1e6 float32": lambda: np.maximum(a, 0),
    "exp, 1e6 float32": lambda: np.exp(a),
}
# A result is in memory that can be read: there is nothing more to do to read it.
cases = {name + how: run for name, run in elementwise.items() for how in ("", ", read")}
cases["sum, 1e6 float32"] = lambda: float(a.sum())
for dtype in (np.float32, np.float64):
    cases[f"two-layer step, {dtype.__name__}"] = two_layer_step(dtype)
    for n in (64, 256, 1024):
        cases[f"product {n}³, {dtype.__name__}"] = product(dtype, n)

words = sys.argv[1:]
if words:
    cases = {name: run for name, run in cases.items() if any(word in name for word in words)}


def burst(run, length):
    """Runs for so long; gives the mean time of a run."""
    start = time.perf_counter()
    count = 0
    while True:
        run()
        count += 1
        elapsed = time.perf_counter() - start
        if elapsed >= length:
            return elapsed / count


for line in sys.stdin:
    name = line.rstrip("\n")
    if name == "?":
        print("\t".join(cases), flush=True)
        continue
    burst(cases[name], WAKE)
    print(burst(cases[name], BURST) * 1000, flush=True)
