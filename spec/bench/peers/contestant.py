"""What every contestant written in Python needs: its numbers, and the answers that run.ts asks for. See serve.mjs."""

import resource
import sys
import time

import numpy as np

WAKE, BURST = 0.060, 0.100  # seconds


def numbers(seed, dtype, shape, size=1.0, offset=0.0):
    """The numbers of numbers.ts."""
    i = np.arange(int(np.prod(shape)), dtype=np.float64)
    spread = np.sin(12.9898 * i + 78.233 * seed) * 43758.5453
    return (offset + size * (2 * (spread - np.floor(spread)) - 1)).reshape(shape).astype(dtype)


def lazily(make):
    """The function that `make` makes, when it is first called."""
    made = []

    def run():
        if not made:
            made.append(make())
        return made[0]()

    return run


def of_both_dtypes(two_layer_step, product):
    """The cases that every contestant written in Python has in float32 and in float64."""
    cases = {}
    for dtype in (np.float32, np.float64):
        name = dtype.__name__
        cases[f"two-layer step, {name}"] = lazily(lambda dtype=dtype: two_layer_step(dtype))
        for n in (64, 256, 1024):
            cases[f"product {n}³, {name}"] = lazily(lambda dtype=dtype, n=n: product(dtype, n))
    return cases


def of_rows(rows):
    """The rows at a million numbers. A result is in memory that can be read: there is nothing more to do to read it."""
    return {f"{name}, 1e6 float32{how}": run for name, run in rows.items() for how in ("", ", read")}


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


def first_runs(run):
    """What the third run gives (NaN for a case without a number), the time of the first in ms, the memory at most in MB."""
    start = time.perf_counter()
    run()
    first = time.perf_counter() - start
    run()
    value = run()
    number = value if isinstance(value, float) else float("nan")
    return f"{number!r}\t{first * 1000}\t{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000}"


def serve(cases):
    """Answers each line of input: "?" asks for the names of the cases, "= name" for its first runs, a name for its time."""
    for line in sys.stdin:
        name = line.rstrip("\n")
        if name == "?":
            answer = "\t".join(cases)
        elif name.startswith("= "):
            answer = first_runs(cases[name[2:]])
        else:
            burst(cases[name], WAKE)
            answer = burst(cases[name], BURST) * 1000
        print(answer, flush=True)
