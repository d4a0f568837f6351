"""The functions of ../right/, by the same names."""

from math import pi


def right(m):
    """m: a tool, see tools.py."""
    array = m.array
    relu = lambda x: m.maximum(x, 0.0)
    clip = lambda x: m.clip(x, -1.0, 1.0)
    sine = lambda x: m.sin(x)
    sorted_weights = array([1.0, 2.0, 3.0, 4.0])

    def repeated(step, times):
        def f(x):
            for _ in range(times):
                x = step(x)
            return x

        return f

    def logistic(times):
        def f(r):
            y = array([0.3])
            for _ in range(times):
                y = r * y * (1.0 - y)
            return y

        return f

    def henon(start):
        x, y = start[0], start[1]
        for _ in range(25):
            x, y = y + 1.0 - 1.4 * x * x, 0.3 * x
        return [x, y]

    def recurrent(h, w):
        for _ in range(30):
            h = m.tanh(w @ h)
        return h

    def rosenbrock(x):
        return (1.0 - x[0]) ** 2 + 100.0 * (x[1] - x[0] ** 2) ** 2

    def variance(x):
        return m.mean((x - m.mean(x)) ** 2)

    # Of their own, two of the libraries say that the slope at 0 is NaN.
    length = m.by_hand(
        lambda x: m.sqrt(m.sum(x * x)), lambda g, y, x: g * x / m.where(y == 0.0, 1.0, y)
    )
    half_clip = m.slope(
        clip, lambda x, y: m.where(m.abs(x) == 1.0, 0.5, m.where(m.abs(x) < 1.0, 1.0, 0.0 * x))
    )

    return {
        "relu at 0": relu,
        "leaky relu at 0": lambda x: m.maximum(x, 0.1 * x),
        "absolute value at 0": lambda x: m.abs(x),
        "max at a tie": lambda x: m.max(x),
        "clip at its bounds": clip,
        "clip giving ½ at its bounds": half_clip,
        "hinge at its margin": lambda x: relu(1.0 - x),
        "max of windows with equal elements": lambda x: m.max(m.reshape(x, (3, 2)), axis=1),
        "sorted, with equal elements": lambda x: m.sort(x) * sorted_weights,
        "length of nothing": length,
        "maximum of equals": lambda a, b: m.maximum(a, b),
        "two kinks at one place": lambda x: relu(x) - 0.1 * relu(-x),
        "layer with an example of zeros": lambda x, w: relu(x @ w),
        "floor at 2": lambda x: m.floor(x),
        "x·|x| at 0": lambda x: x * m.abs(x),
        "Huber's loss where it turns straight": lambda x: m.where(
            m.abs(x) <= 1.0, 0.5 * x * x, m.abs(x) - 0.5
        ),
        "squared hinge at its margin": lambda x: relu(1.0 - x) ** 2,
        "x^2.5 at 0": lambda x: x**2.5,
        "sine of 1e5": sine,
        "sine of 1e8": sine,
        "sine of sizes from 1e-9 to 1e6": sine,
        "sine of 1e5·x": lambda x: m.sin(1e5 * x),
        "Fourier features of 4096π": lambda x: [m.sin(k * pi * x) for k in (1, 64, 4096)],
        "time of the day from a time stamp": lambda x: m.cos(2 * pi / 86400 * x),
        "rest beyond a thousand": lambda x: x - m.floor(x),
        "sines of sines with factor 30": lambda x: m.sin(30.0 * m.sin(30.0 * x)),
        "sine of x³": lambda x: m.sin(x**3),
        "logistic map, 15 rounds": logistic(15),
        "logistic map, 20 rounds": logistic(20),
        "logistic map, 30 rounds": logistic(30),
        "Hénon's map, 25 rounds": henon,
        "recurrent net of large weights, 30 rounds": recurrent,
        "Rosenbrock's valley, far out": rosenbrock,
        "products of 1e-12 and 1e12": lambda a, b: a * b,
        "softmax of large numbers": lambda x: m.softmax(40.0 * x),
        "sigmoid of 1e12·x at 0": lambda x: 1.0 / (1.0 + m.exp(-1e12 * x)),
        "bell, and its far tail": lambda x: m.exp(-x * x),
        "logarithm of 1e-8 and 1e8": lambda x: m.log(x),
        "x to the power −4, near its pole": lambda x: x**-4.0,
        "float32 net with tanh": lambda x, w, v: m.mean((m.tanh(x @ w) @ v) ** 2),
        "float32 softmax": lambda x: m.softmax(x),
        "float32 relu at 0": relu,
        "float32 cross-entropy": lambda x: -m.mean(m.log_softmax(x)[:, 1]),
        "float32 chain of six steps": repeated(lambda y: 1.5 * m.sin(y) + 0.1, 6),
        "a million comes and goes": lambda x: m.sin(x) + 1e6 - 1e6,
        "variance about 1e4": lambda x: variance(x + 1e4),
        "(1 − cos x)/x² at 0.01": lambda x: (1.0 - m.cos(x)) / (x * x),
        "square root of 1e-12": lambda x: m.sqrt(x),
        "arc cosine near 1": lambda x: m.arccos(x),
        "logarithm of 1 − x near 1": lambda x: m.log(1.0 - x),
        "entropy of an unlikely class": lambda p: -m.sum(p * m.log(p)),
        "Cholesky factor, barely there": lambda a: m.linalg.cholesky(0.5 * (a + a.T)),
        "inverse of a nearly singular matrix": lambda a: m.linalg.inv(a),
        "relu, 1e-5 from its kink": relu,
        "floor, 1e-3 from its jump": lambda x: m.floor(x) + x * x,
        "rest after rounding to 1/256": lambda x: x - m.floor(256.0 * x + 0.5) / 256.0,
        "rest of 5 by −0.07": m.slope(
            lambda y: 5.0 - m.floor(5.0 / y) * y, lambda y, _: -m.floor(5.0 / y)
        ),
        "absolute value, 1e-9 from its tip": lambda x: m.abs(x - 1.0),
    }
