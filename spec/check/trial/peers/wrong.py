"""The functions of ../wrong/, by the same names."""


def wrong(m):
    """m: a tool, see tools.py."""
    by_hand, slope, array = m.by_hand, m.slope, m.array
    eps = 1e-5
    kept = array([2.0, 0.0, 2.0, 2.0, 0.0, 2.0])
    memory = {"calls": 0, "mean": 0.0, "first": None, "last": None}
    sine = lambda x: m.sin(x)
    square = lambda x: x * x
    relu = lambda x: m.maximum(x, 0.0)
    mean = lambda x: m.mean(x, axis=-1, keepdims=True)
    deviation = lambda x: m.sqrt(mean((x - mean(x)) ** 2) + eps)
    layer_norm = lambda x: (x - mean(x)) / deviation(x)
    rms = lambda x: m.sqrt(mean(x * x) + eps)
    sigmoid = lambda x: 1.0 / (1.0 + m.exp(-x))
    dot = lambda x, w: x @ w

    def steep(part):
        return slope(sine, lambda x, y: m.cos(x) * (1.0 + part))

    def with_zero(x, value, other):
        """value where x is 0, and other(x) elsewhere, which is not asked for there."""
        return m.where(x == 0.0, value, other(m.where(x == 0.0, 1.0, x)))

    def along(x, w, n):
        return sum(x[k : k + n] * w[k] for k in range(w.shape[0]))

    def padded(x):
        none = array([0.0, 0.0])
        return m.concatenate([none, x, none])

    def solve_pull(g, y, a, b):
        back = m.linalg.solve(a, g)
        return [-m.outer(back, y), back]

    def shared_pull(g, y, x, w):
        h = m.tanh(x @ w)
        return [(g @ w.T * (1.0 - h * h)) @ w.T, h.T @ g]

    def outside_pull(g, y, x):
        back, out = g.T, y.T
        outside = m.sqrt(mean((x.T - mean(x.T)) ** 2)) + eps
        return ((back - mean(back) - out * mean(back * out)) / outside).T

    def alternating(x, y):
        memory["calls"] += 1
        return m.cos(x) * (1.0 if memory["calls"] % 2 else -1.0)

    def moved_mean(x):
        memory["mean"] = 0.9 * memory["mean"] + 0.1 * m.stop(m.mean(x))
        return (x - memory["mean"]) ** 2

    def kept_slope(x, y):
        if memory["first"] is None:
            memory["first"] = m.stop(m.cos(x))
        return memory["first"]

    def remembered(x):
        memory["last"] = m.stop(x)
        return x * x

    lookup = array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
    last_only = array([[1.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
    many = 2500
    needle = lambda n, place, value: array([value if i == place else 1.0 for i in range(n)])
    steep_needle = needle(many, 1234, 1.001)
    half_wrong = slope(lambda y: 1.0 - y * y, lambda y, _: -y)

    return {
        "sine, 1e-3 too steep": steep(1e-3),
        "sine, 1e-4 too steep": steep(1e-4),
        "sine, 1e-6 too steep": steep(1e-6),
        "sine, 1e-8 too steep": steep(1e-8),
        "sine, 1e-10 too steep": steep(1e-10),
        "square without its 2": slope(square, lambda x, y: x),
        "cosine, sign lost": slope(lambda x: m.cos(x), lambda x, y: m.sin(x)),
        "mean, taken for a sum": by_hand(lambda x: m.mean(x), lambda g, y, x: g * m.ones_like(x)),
        "tanh, its value not squared": slope(lambda x: m.tanh(x), lambda x, y: 1.0 - y),
        "length, not divided by itself": by_hand(
            lambda x: m.sqrt(m.sum(x * x)), lambda g, y, x: g * x
        ),
        "product, w not transposed": by_hand(dot, lambda g, y, x, w: [g @ w, x.T @ g]),
        "product, gradient of w turned": by_hand(dot, lambda g, y, x, w: [g @ w.T, g.T @ x]),
        "quadratic form, taken for symmetric": by_hand(
            lambda x, a: x @ (a @ x), lambda g, y, x, a: [2.0 * g * (a @ x), g * m.outer(x, x)]
        ),
        "solve, matrix not transposed": by_hand(lambda a, b: m.linalg.solve(a, b), solve_pull),
        "bias, averaged over the batch": by_hand(
            lambda x, b: x + b, lambda g, y, x, b: [g, m.mean(g, axis=0)]
        ),
        "weight, first of the batch only": by_hand(
            dot, lambda g, y, x, w: [g @ w.T, x[0:1].T @ g[0:1]]
        ),
        "convolution, kernel not turned round": by_hand(
            lambda x, w: along(x, w, 4),
            lambda g, y, x, w: [along(padded(g), w, 6), along(x, g, 3)],
        ),
        "row looked up twice, kept once": by_hand(
            lambda x: lookup @ x, lambda g, y, x: last_only.T @ g
        ),
        "running sum, from the wrong end": by_hand(
            lambda x: m.cumsum(x), lambda g, y, x: m.cumsum(g)
        ),
        "shared weight, one use lost": by_hand(lambda x, w: m.tanh(x @ w) @ w, shared_pull),
        "softmax, sum left out": by_hand(lambda x: m.softmax(x), lambda g, y, x: y * g),
        "softmax, mean for the weighted sum": by_hand(
            lambda x: m.softmax(x), lambda g, y, x: y * (g - mean(g))
        ),
        "log-softmax, sum of the cotangent left out": by_hand(
            lambda x: m.log_softmax(x), lambda g, y, x: g - m.exp(y) * g
        ),
        "layer norm, mean held fixed": by_hand(
            layer_norm, lambda g, y, x: (g - y * mean(g * y)) / deviation(x)
        ),
        "layer norm, deviation held fixed": by_hand(
            layer_norm, lambda g, y, x: (g - mean(g)) / deviation(x)
        ),
        "batch norm, statistics held fixed": by_hand(
            lambda x: layer_norm(x.T).T, lambda g, y, x: g / deviation(x.T).T
        ),
        "batch norm, epsilon outside of the root": by_hand(
            lambda x: layer_norm(x.T).T, outside_pull
        ),
        "root mean square norm, not projected": by_hand(
            lambda x: x / rms(x), lambda g, y, x: g / rms(x)
        ),
        "cross-entropy, label not taken off": by_hand(
            lambda x: -m.mean(m.log_softmax(x)[:, 0]), lambda g, y, x: g * m.softmax(x) / x.shape[0]
        ),
        "relu without its mask": slope(relu, lambda x, y: m.ones_like(x)),
        "dropout, mask forgotten": slope(lambda x: x * kept, lambda x, y: 2.0 * m.ones_like(x)),
        "causal scores, mask forgotten": by_hand(
            lambda q, k: m.tril(q @ k.T), lambda g, y, q, k: [g @ k, g.T @ q]
        ),
        "max of pairs, both get it": by_hand(
            lambda x: m.max(x, axis=1), lambda g, y, x: g[:, None] * m.ones_like(x)
        ),
        "clip, passed on outside": slope(
            lambda x: m.clip(x, -1.0, 1.0), lambda x, y: m.ones_like(x)
        ),
        "choice, both branches get it": by_hand(
            lambda a, b: m.where(a > 0.0, a * a, b), lambda g, y, a, b: [2.0 * g * a, g]
        ),
        "slope with noise of 1e-3": slope(sine, lambda x, y: m.cos(x) * (1.0 + 1e-3 * m.chance())),
        "slope times 0 to 2": slope(sine, lambda x, y: m.cos(x) * (2.0 * m.chance())),
        "dropout, mask drawn again backward": by_hand(
            lambda x: x * kept, lambda g, y, x: g * m.redrawn()
        ),
        "dropout of chance, sign wrong": by_hand(
            lambda x: x * m.redrawn(), lambda g, y, x: -g * m.redrawn()
        ),
        "sign that alternates": slope(sine, alternating),
        "running mean moved by the value": moved_mean,
        "slope kept from the first call": slope(sine, kept_slope),
        "slope at the point of the last value": by_hand(
            remembered, lambda g, y, x: 2.0 * g * memory["last"]
        ),
        "square giving 0 at 3": slope(square, lambda x, y: m.where(x == 3.0, 0.0, 2.0 * x)),
        "clip giving 2 at its bound": slope(
            lambda x: m.clip(x, -1.0, 1.0),
            lambda x, y: m.where(x == 1.0, 2.0, m.where(m.abs(x) < 1.0, 1.0, 0.0 * x)),
        ),
        "hinge giving 5 at its margin": slope(
            lambda x: relu(1.0 - x),
            lambda x, y: m.where(x == 1.0, 5.0, m.where(x < 1.0, -1.0, 0.0 * x)),
        ),
        "sin(x)/x giving 1 at 0": slope(
            lambda x: with_zero(x, 1.0, lambda v: m.sin(v) / v),
            lambda x, y: with_zero(x, 1.0, lambda v: (m.cos(v) - m.sin(v) / v) / v),
        ),
        "max giving all to each at a tie": by_hand(
            lambda x: m.max(x), lambda g, y, x: g * m.where(x == y, 1.0, 0.0 * x)
        ),
        "relu giving 7 at 0": slope(
            relu, lambda x, y: m.where(x == 0.0, 7.0, m.where(x > 0.0, 1.0, 0.0 * x))
        ),
        "floor giving 1": slope(lambda x: m.floor(x), lambda x, y: m.ones_like(x)),
        "float32 exponential, 1e-3 too steep": slope(lambda x: m.exp(x), lambda x, y: y * 1.001),
        "slope computed in float32": slope(
            sine, lambda x, y: m.astype(m.cos(m.astype(x, "float32")), "float64")
        ),
        "softplus, 1 from 20 on": slope(
            lambda x: m.softplus(x), lambda x, y: m.where(x > 20.0, 1.0, sigmoid(x))
        ),
        "square beside 1e14, sign wrong": slope(
            lambda x: x * x + 1e14 - 1e14, lambda x, y: -2.0 * x
        ),
        "sine of 1e5, 1 % too steep": steep(1e-2),
        "one of 2,500, 1e-3 too steep": by_hand(
            lambda x: m.sum(m.tanh(x)), lambda g, y, x: g * (1.0 - m.tanh(x) ** 2) * steep_needle
        ),
        "parameter of 1e-9, 1 % off": by_hand(
            lambda a, b: a * b, lambda g, y, a, b: [0.99 * g * b, g * a]
        ),
        "last of an odd number left out": slope(
            square, lambda x, y: 2.0 * x * needle(x.shape[0], x.shape[0] - 1, 0.0)
        ),
        "second result without a say": by_hand(
            lambda x: [m.sin(x), x * x], lambda g, y, x: g[0] * m.cos(x)
        ),
        "exponential, kept as a constant": slope(lambda x: m.exp(x), lambda x, y: m.stop(y)),
        "tanh, slope of the slope halved": slope(lambda x: m.tanh(x), lambda x, y: half_wrong(y)),
        "product, other factor kept as a constant": by_hand(
            lambda a, b: a * b, lambda g, y, a, b: [g * m.stop(b), g * m.stop(a)]
        ),
        "cotangent cut off": by_hand(sine, lambda g, y, x: m.clip(g, -0.5, 0.5) * m.cos(x)),
        "cotangents below 0 dropped": by_hand(
            relu, lambda g, y, x: relu(g) * m.where(x > 0.0, 1.0, 0.0 * x)
        ),
    }
