"""How other systems read numbers that specs send them, and what they answer: the other side of `spec/peers-python.ts`.

A number that JSON has no word for goes as a text, "NaN" or "Infinity".
"""

import json
import math
import sys

import numpy as np

SAID = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}


def array(x, dtype=None):
    """What was sent, as an array of NumPy's: of its own dtype, or of another one."""
    data = np.array([float(e) for e in x["data"]])
    return data.astype(dtype or x["dtype"]).reshape(x["shape"])


def numbers(x):
    """What is sent of an array."""
    data = [float(e) for e in np.asarray(x).ravel()]
    said = [e if math.isfinite(e) else SAID[str(e)] for e in data]
    return {"dtype": str(x.dtype), "shape": list(x.shape), "data": said}


def answer(asked, outcome):
    """Writes what comes of each that is asked: of `outcome`, or what it raises."""
    outcomes = []
    for one in asked:
        try:
            outcomes.append(outcome(*one))
        except Exception as error:
            outcomes.append({"error": f"{type(error).__name__}: {str(error)[:500]}"})
    json.dump(outcomes, sys.stdout, allow_nan=False)
