"""Writes mpmath.csv: derivatives of elementwise ops, from formulas in 1,000 digits (mpmath), rounded to float64.

A row is the op, its arguments, and then f', f''; or, for two arguments, fx, fy, fxx, fxy, fyy. Run it with mpmath installed.
"""
from pathlib import Path
from mpmath import mp, mpf

mp.dps = 1000
SIZES = (1e-300, 1e-8, 0.5, 1.0, 5.0, 20.0, 40.0, 100.0, 700.0, 1e10, 1e160, 1e300)
POINTS = [sign * size for size in SIZES for sign in (1, -1)]
NEAR_1 = [0.999999, -0.9999999999]
PAIRED = (1e-300, -1e-8, 1.0, 40.0, -1e160, 1e300)
# Beyond this, functions of the exponential are at their limits, and e to that power takes long.
FAR = 1e6


def s(x):
    return 1 / (1 + mp.exp(-x))


def phi(x):
    return mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi)


def Phi(x):
    return mp.erfc(-x / mp.sqrt(2)) / 2


def bell(x):
    return 2 / mp.sqrt(mp.pi) * mp.exp(-x * x)


def r(x, y):
    return mp.sqrt(x * x + y * y)


def positive(x):
    return x > 0


def inside(x):
    return abs(x) < 1


EXPONENTIAL = {
    "expm1": (mp.exp, mp.exp),
    "sigmoid": (lambda x: s(x) * s(-x), lambda x: s(x) * s(-x) * (s(-x) - s(x))),
    "softplus": (s, lambda x: s(x) * s(-x)),
    "logSigmoid": (lambda x: s(-x), lambda x: -s(x) * s(-x)),
    "tanh": (lambda x: mp.sech(x) ** 2, lambda x: -2 * mp.tanh(x) * mp.sech(x) ** 2),
    "silu": (
        lambda x: s(x) + x * s(x) * s(-x),
        lambda x: s(x) * s(-x) * (2 + x * (s(-x) - s(x))),
    ),
    "gelu": (lambda x: Phi(x) + x * phi(x), lambda x: phi(x) * (2 - x * x)),
    "erf": (bell, lambda x: -2 * x * bell(x)),
    "erfc": (lambda x: -bell(x), lambda x: 2 * x * bell(x)),
    "sinh": (mp.cosh, mp.sinh),
    "cosh": (mp.sinh, mp.cosh),
}
OTHERS = {
    "log": (lambda x: 1 / x, lambda x: -1 / x**2, positive),
    "log1p": (lambda x: 1 / (1 + x), lambda x: -1 / (1 + x) ** 2, lambda x: x > -1),
    "sqrt": (lambda x: 1 / (2 * mp.sqrt(x)), lambda x: -1 / (4 * mp.sqrt(x) ** 3), positive),
    "reciprocal": (lambda x: -1 / x**2, lambda x: 2 / x**3, bool),
    "tan": (
        lambda x: mp.sec(x) ** 2,
        lambda x: 2 * mp.tan(x) * mp.sec(x) ** 2,
        lambda x: abs(x) <= 1e10,
    ),
    "asin": (lambda x: 1 / mp.sqrt(1 - x * x), lambda x: x / mp.sqrt(1 - x * x) ** 3, inside),
    "acos": (lambda x: -1 / mp.sqrt(1 - x * x), lambda x: -x / mp.sqrt(1 - x * x) ** 3, inside),
    "atan": (lambda x: 1 / (1 + x * x), lambda x: -2 * x / (1 + x * x) ** 2, bool),
    "asinh": (lambda x: 1 / mp.sqrt(1 + x * x), lambda x: -x / mp.sqrt(1 + x * x) ** 3, bool),
    "acosh": (
        lambda x: 1 / mp.sqrt(x * x - 1),
        lambda x: -x / mp.sqrt(x * x - 1) ** 3,
        lambda x: x > 1,
    ),
    "atanh": (lambda x: 1 / (1 - x * x), lambda x: 2 * x / (1 - x * x) ** 2, inside),
}
PAIRS = {
    "atan2": (
        lambda y, x: x / r(x, y) ** 2,
        lambda y, x: -y / r(x, y) ** 2,
        lambda y, x: -2 * x * y / r(x, y) ** 4,
        lambda y, x: (y - x) * (y + x) / r(x, y) ** 4,
        lambda y, x: 2 * x * y / r(x, y) ** 4,
    ),
    "hypot": (
        lambda x, y: x / r(x, y),
        lambda x, y: y / r(x, y),
        lambda x, y: y * y / r(x, y) ** 3,
        lambda x, y: -x * y / r(x, y) ** 3,
        lambda x, y: x * x / r(x, y) ** 3,
    ),
    "logAddExp": (
        lambda x, y: s(x - y),
        lambda x, y: s(y - x),
        lambda x, y: s(x - y) * s(y - x),
        lambda x, y: -s(x - y) * s(y - x),
        lambda x, y: s(x - y) * s(y - x),
    ),
}


def text(value):
    return repr(float(value)) if abs(value) < mpf(2) ** 1024 else ("inf" if value > 0 else "-inf")


def row(name, at, values):
    return ",".join([name, *map(repr, at), *map(text, values)])


rows = []
for name, formulas in EXPONENTIAL.items():
    for x in POINTS:
        rows.append(row(name, [x], [f(mpf(max(-FAR, min(FAR, x)))) for f in formulas]))
for name, (*formulas, defined) in OTHERS.items():
    for x in POINTS + NEAR_1:
        if defined(x):
            rows.append(row(name, [x], [f(mpf(x)) for f in formulas]))
for name, formulas in PAIRS.items():
    for x in PAIRED:
        for y in PAIRED:
            a, b = mpf(x), mpf(y)
            if name == "logAddExp":
                b = a - max(-FAR, min(FAR, a - b))
            rows.append(row(name, [x, y], [f(a, b) for f in formulas]))
Path(__file__).with_name("mpmath.csv").write_text("\n".join(rows) + "\n")
