"""The parameters and inputs of models.ts, in NumPy, for contestants written in Python."""

import numpy as np

from contestant import lazily, numbers

# Of the GPT: sequences, places, width, layers, heads, letters.
B, T, D, L, H, V = 8, 128, 128, 4, 4, 65


def drawn(dtype):
    """A function that draws parameters, each from a seed of its own, as `drawn` of models.ts does."""
    seed = 100

    def draw(shape, size, offset=0.0):
        nonlocal seed
        seed += 1
        return numbers(seed, dtype, shape, size, offset)

    return draw


def two_layer(dtype):
    params = [numbers(3, dtype, (1000, 100)), numbers(4, dtype, (100, 10))]
    return params, numbers(1, dtype, (64, 1000)), numbers(2, dtype, (64, 10))


def mlp(dtype, sizes=(784, 512, 512, 10), batch=128):
    draw = drawn(dtype)
    params = []
    for n, m in zip(sizes, sizes[1:]):
        params += [draw((n, m), (6 / n) ** 0.5), draw((m,), 0.01)]
    return params, numbers(1, dtype, (batch, sizes[0])), np.arange(batch) % sizes[-1]


def digits(dtype):
    return mlp(dtype, (784, 256, 10), 64)


def cnn(dtype):
    draw = drawn(dtype)
    shapes = [((16, 1, 3, 3), 0.3), ((16,), 0.1), ((32, 16, 3, 3), 0.1), ((32,), 0.1), ((1568, 10), 0.03), ((10,), 0.1)]
    return [draw(*one) for one in shapes], numbers(1, dtype, (64, 1, 28, 28)), np.arange(64) % 10


def gpt(dtype):
    draw = drawn(dtype)
    norm = lambda: [draw((D,), 0.1, 1.0), draw((D,), 0.1)]
    params = [draw((V, D), 0.05), draw((T, D), 0.05)]
    for _ in range(L):
        params += [*norm(), draw((D, 3 * D), 0.05), draw((D, D), 0.05), *norm()]
        params += [draw((D, 4 * D), 0.05), draw((4 * D,), 0.05), draw((4 * D, D), 0.05), draw((D,), 0.05)]
    params += [*norm(), draw((D, V), 0.05)]
    letters = np.array([[(b * 31 + t * 7) % V for t in range(T)] for b in range(B)])
    return params, letters, (np.arange(B * T) * 13 % V).reshape(B, T)


def rnn(dtype):
    draw = drawn(dtype)
    params = [draw((32, 32), 0.17), draw((32, 32), 0.17), draw((32,), 0.1)]
    return params, numbers(1, dtype, (16, 1000, 32))


def gaussian_process(points):
    params = [np.float64(value) for value in (-0.5, 0.2, -2.0)]
    return params, numbers(1, np.float64, (points,), 3), numbers(2, np.float64, (points,))


def elementwise():
    """The operands of the rows at a million numbers."""
    return [numbers(seed, np.float32, (1000, 1000)) for seed in (1, 2)]


def cases_of(training, adam, losses, gradients, rnn, gaussian_process_gradient):
    """The cases of a library that differentiates: the steps of the MLP, the CNN and the GPT, whose losses are given, by gradient descent
    or Adam, and gradients."""
    cases = {
        "small mlp step, float64": lazily(lambda: training(losses[0], mlp(np.float64, (32, 16, 10), 8))),
        "gradients of 256 examples, float32": lazily(gradients),
        "rnn gradient, float64": lazily(rnn),
    }
    for points in (100, 300, 600):
        name = f"gaussian process gradient, {points} points, float64"
        cases[name] = lazily(lambda points=points: gaussian_process_gradient(*gaussian_process(points)))
    for dtype in (np.float32, np.float64):
        for loss, model in zip(losses, (mlp, cnn, gpt)):
            case = lambda loss=loss, model=model, dtype=dtype: training(loss, model(dtype))
            cases[f"{model.__name__} step, {dtype.__name__}"] = lazily(case)
        cases[f"digits step, {dtype.__name__}"] = lazily(lambda dtype=dtype: adam(losses[0], digits(dtype)))
    return cases
