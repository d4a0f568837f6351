"""The cases in PyTorch, run as it is used by default, with as many threads as the command line says. Run by run.ts, see contestant.py."""

import sys

import numpy as np
import torch
import torch.nn.functional as F
from torch.func import grad, vmap

import models
from contestant import numbers, of_both_dtypes, of_rows, serve
from models import D, H, T

torch.set_num_threads(int(sys.argv[1]))
tensors = lambda arrays: [torch.tensor(x) for x in arrays]


def dense(params, x):
    for i in range(0, len(params), 2):
        z = x @ params[i] + params[i + 1]
        x = torch.relu(z) if i + 2 < len(params) else z
    return x


def mlp(params, x, y):
    return F.cross_entropy(dense(params, x), y)


def cnn(params, x, y):
    c1, b1, c2, b2, w, b = params
    h = F.max_pool2d(torch.relu(F.conv2d(x, c1, b1, padding=1)), 2)
    h = F.max_pool2d(torch.relu(F.conv2d(h, c2, b2, padding=1)), 2)
    return F.cross_entropy(h.flatten(1) @ w + b, y)


def gpt(params, letters, following):
    heads = lambda x: x.view(-1, T, H, D // H).transpose(1, 2)
    x = params[0][letters] + params[1]
    for i in range(2, len(params) - 3, 10):
        n1, m1, qkv, o, n2, m2, f1, c1, f2, c2 = params[i : i + 10]
        q, k, v = map(heads, (F.layer_norm(x, (D,), n1, m1) @ qkv).split(D, -1))
        seen = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + seen.transpose(1, 2).reshape(-1, T, D) @ o
        x = x + F.gelu(F.layer_norm(x, (D,), n2, m2) @ f1 + c1, approximate="tanh") @ f2 + c2
    n, m, head = params[-3:]
    return F.cross_entropy((F.layer_norm(x, (D,), n, m) @ head).flatten(0, 1), following.flatten())


def training(loss, model, rate=0.01):
    params = [x.requires_grad_() for x in tensors(model[0])]
    inputs = tensors(model[1:])

    def step():
        value = loss(params, *inputs)
        gradients = torch.autograd.grad(value, params)
        with torch.no_grad():
            for x, g in zip(params, gradients):
                x.sub_(g, alpha=rate)
        return value.item()

    return step


def adam(loss, model):
    params = [x.requires_grad_() for x in tensors(model[0])]
    inputs = tensors(model[1:])
    optimizer = torch.optim.Adam(params, lr=1e-3)

    def step():
        optimizer.zero_grad()
        value = loss(params, *inputs)
        value.backward()
        optimizer.step()
        return value.item()

    return step


def two_layer_step(dtype):
    params = [numbers(3, dtype, (1000, 100)), numbers(4, dtype, (100, 10))]
    model = params, numbers(1, dtype, (64, 1000)), numbers(2, dtype, (64, 10))
    loss = lambda p, x, y: (torch.relu(x @ p[0]) @ p[1] - y).square().sum()
    return training(loss, model, 1e-6)


def product(dtype, n):
    x, w = tensors([numbers(1, dtype, (n, n)), numbers(2, dtype, (n, n))])
    return lambda: (x @ w)[0, 0].item()


def gradients():
    params, x, y = models.mlp(np.float32, (32, 64, 10), 256)
    params, (x, y) = tensors(params), tensors([x, y])
    run = vmap(grad(lambda p, x, y: mlp(p, x[None], y[None])), in_dims=(None, 0, 0))
    return lambda: run(params, x, y)[-1][0, 0].item()


def rnn():
    (wx, wh, b), x = models.rnn(np.float64)
    layer = torch.nn.RNN(32, 32, batch_first=True).double()
    with torch.no_grad():
        for own, given in zip(layer.parameters(), (wx.T, wh.T, b, 0 * b)):
            own.copy_(torch.tensor(given))
    x = torch.tensor(x)
    params = list(layer.parameters())
    # PyTorch keeps the transpose of what multiplies the inputs.
    return lambda: torch.autograd.grad(layer(x)[0].square().mean(), params)[0][0, 0].item()


def gaussian_process(params, x, y):
    x, y = tensors([x, y])
    params = [x.requires_grad_() for x in tensors(params)]

    def run():
        lengthscale, variance, noise = map(torch.exp, params)
        kernel = variance * torch.exp(-0.5 * torch.square((x[:, None] - x) / lengthscale))
        l = torch.linalg.cholesky(kernel + noise * torch.eye(len(x), dtype=torch.float64))
        white = torch.linalg.solve_triangular(l, y[:, None], upper=False)
        value = -0.5 * white.square().sum() - l.diagonal().log().sum()
        return (value + sum(torch.autograd.grad(value, params))).item()

    return run


a, b = tensors(models.elementwise())
places = torch.tensor(np.floor(numbers(3, np.float64, (1000,), 500, 500)).astype(np.int64))


def gradient(f):
    x = a.clone().requires_grad_()
    return lambda: torch.autograd.grad(f(x), x)[0]


rows = {
    "add": lambda: a + b,
    "relu": lambda: torch.relu(a),
    "exp": lambda: torch.exp(a),
    "tanh": lambda: torch.tanh(a),
    "where": lambda: torch.where(a > 0, a, b),
    "max of rows": lambda: a.amax(1),
    "softmax": lambda: torch.softmax(a, 1),
    "add a row": lambda: a + b[0],
    "add a transpose": lambda: a + b.T,
    "take": lambda: a.index_select(0, places),
    "sort": lambda: torch.sort(a, 1)[0],
    "gradient of relu and sum": gradient(lambda x: torch.relu(x).sum()),
    "gradient of softmax and product": gradient(lambda x: (torch.softmax(x, 1) * b).sum()),
}
cases = of_rows(rows)
cases["sum, 1e6 float32"] = lambda: a.sum().item()
cases |= models.cases_of(training, adam, (mlp, cnn, gpt), gradients, rnn, gaussian_process)
cases |= of_both_dtypes(two_layer_step, product)

serve(cases)
