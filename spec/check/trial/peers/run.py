"""Runs one tool's check on every case: python run.py torch < points.json > outcomes.json

A point is a list of {dtype, shape, data}, by the case's name. An outcome is "passes", "refuses" (the
check's own error) or "stops" (another error, or a minute of the processor's time is over).
"""

import json
import signal
import sys

from right import right
from tools import TOOLS
from wrong import wrong

SECONDS = 60
REFUSALS = ("GradcheckError", "AssertionError")


def outcome(tool, f, point):
    def too_long(*_):
        raise TimeoutError(f"longer than {SECONDS} seconds")

    signal.signal(signal.SIGVTALRM, too_long)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        args = [tool.array(x["data"], x["dtype"]).reshape(x["shape"]) for x in point]
        tool.check(f, args)
        return "passes", ""
    except BaseException as error:
        kind = type(error).__name__
        text = f"{kind}: {error}".strip().splitlines()[0]
        return ("refuses" if kind in REFUSALS else "stops"), text
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def main():
    tool = TOOLS[sys.argv[1]]()
    points = json.load(sys.stdin)
    functions = {**wrong(tool), **right(tool)}
    if set(functions) != set(points):
        sys.exit(f"not on both sides: {sorted(set(functions) ^ set(points))}")
    outcomes = {}
    for name, point in points.items():
        result, text = outcome(tool, functions[name], point)
        outcomes[name] = result
        print(f"{tool.name}: {name}: {result} {text}"[:160], file=sys.stderr, flush=True)
    json.dump({"version": tool.version, "outcomes": outcomes}, sys.stdout)


main()
