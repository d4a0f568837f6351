"""Checks ONNX models and runs them: reads them with their arguments from stdin, writes what they give.

A number that JSON has no word for goes as a text, "NaN" or "Infinity".
"""

import base64
import json
import math
import sys

import numpy as np
import onnx
import onnxruntime

SAID = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}


def array(x):
    data = np.array([float(e) for e in x["data"]])
    return data.astype(x["dtype"]).reshape(x["shape"])


def numbers(x):
    data = [float(e) for e in x.ravel()]
    said = [e if math.isfinite(e) else SAID[str(e)] for e in data]
    return {"dtype": str(x.dtype), "shape": list(x.shape), "data": said}


def run(session, args, steps, handed):
    """Results; of several steps, the first results are the next arguments, and the last ones are kept."""
    names = [x.name for x in session.get_inputs()]
    kept = []
    for _ in range(steps):
        results = session.run(None, dict(zip(names, args)))
        args = results[:handed] + args[handed:]
        kept.append(results[-1])
    return results if steps == 1 else results[:handed] + [np.stack(kept)]


def outcome(text, args, steps, handed):
    data = base64.b64decode(text)
    model = onnx.load_from_string(data)
    onnx.checker.check_model(model, full_check=True)
    onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    return [numbers(x) for x in run(session, [array(x) for x in args], steps, handed)]


outcomes = []
for text, *asked in json.load(sys.stdin):
    try:
        outcomes.append({"value": outcome(text, *asked)})
    except Exception as error:
        outcomes.append({"error": f"{type(error).__name__}: {str(error)[:500]}"})
json.dump(outcomes, sys.stdout, allow_nan=False)
