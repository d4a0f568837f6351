"""PyTorch's side of `run.py`."""

import contextlib
import functools
import itertools

import numpy as np
import safetensors.torch
import torch
import torch.nn.functional as F
import torch.utils.checkpoint
from torch import nn
from torch.utils.data import DataLoader


def f(w):
    return (w**3).sum()


def cubes(x):
    return x**3


def h(p):
    return (p["a"] * p["b"]).sum()


def h2(a, b):
    return (a * b).sum()


def step(c, x):
    return torch.tanh(c * x), c


class Rule(torch.autograd.Function):
    """f with another derivative, as `customGradient(f, pull)`."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return f(x)

    @staticmethod
    def backward(ctx, g):
        return ctx.saved_tensors[0] * g


def compile_(f):
    # The usual backend needs a C++ compiler. That a function is traced is the same with this one.
    return traced(f, backend="eager")


traced = torch.compile
torch.compile = compile_

MODULES = {"torch": torch, "nn": nn, "F": F, "DataLoader": DataLoader, "functools": functools, "itertools": itertools, "safetensors": safetensors}
FUNCTIONS = {"f": f, "cubes": cubes, "h": h, "h2": h2, "Rule": Rule, "step": step, "n": 2, "axis": 0}
DTYPES = {"float64": torch.float64, "int32": torch.int64, "bool": torch.bool}


def tensor(data, dtype="float64"):
    return torch.tensor(data, dtype=DTYPES[dtype])


def variable(given):
    return tensor(given["data"], given["dtype"]).reshape(given["shape"])


def is_dtype(x):
    return isinstance(x, torch.dtype)


def is_float(x):
    return isinstance(x, torch.Tensor) and x.is_floating_point()


def array(x):
    return x.detach().numpy() if isinstance(x, torch.Tensor) else x


def known(section, inputs, path, variables=None):
    """What the expressions of a section know."""
    variables = variables or {name: variable(given) for name, given in inputs.items()}
    names = {**MODULES, **FUNCTIONS, "path": path, **variables}
    if section == "Models and training":
        names["model"] = lambda x: made(nn.Linear(3, 3), {**names, "x": x})
    return names


def made(x, known):
    """A layer stands for its output in training, with the running mean if it has one, an optimizer
    for what three updates give."""
    if isinstance(x, nn.Module):
        filled = {name: known["w"].T if p.ndim == 2 else known["b"] for name, p in x.named_parameters()}
        y = torch.func.functional_call(x.double(), filled, (known["x"],))
        return [y, x.running_mean] if hasattr(x, "running_mean") else y
    if isinstance(x, torch.optim.Optimizer):
        for step in range(1, 4):
            known["w"].grad = known["z"][0:3] * step
            x.step()
        return known["w"]
    return x


@contextlib.contextmanager
def configured(defaults=False):
    """What an expression runs in. Modes that it sets end with it."""
    try:
        yield
    finally:
        torch.autograd.set_detect_anomaly(False)


def gradient(total, section, inputs, path):
    variables = {name: variable(given) for name, given in inputs.items()}
    leaves = {name: x.requires_grad_() for name, x in variables.items() if is_float(x)}
    # Copies, so that an expression may change them in place.
    copies = {name: x.clone() for name, x in variables.items()}
    y = total(known(section, inputs, path, copies))
    if not isinstance(y, torch.Tensor) or not y.requires_grad:
        return {name: torch.zeros_like(x) for name, x in leaves.items()}
    gradients = torch.autograd.grad(y, list(leaves.values()), allow_unused=True, materialize_grads=True)
    return dict(zip(leaves, gradients))
