"""The gradient checks of PyTorch, JAX and HIPS autograd, each with the functions of its library.

A tool has NumPy's functions, as far as the cases call them, and
    by_hand(f, pull)    f with gradients of its own; pull takes (cotangent, result, *arguments)
    slope(f, slope)     the same for an elementwise function; slope takes (argument, result)
    stop(x)             x as a constant
    check(f, args)      the tool's check at its default tolerances, to second order; raises
"""

import random
import warnings

warnings.filterwarnings("ignore")


def listed(x):
    return list(x) if isinstance(x, (list, tuple)) else [x]


class Tool:
    def __getattr__(self, name):
        return getattr(self.numpy, name)

    def slope(self, f, slope):
        return self.by_hand(f, lambda g, y, x: g * slope(x, y))

    def chance(self):
        """A number from 0 to 1, another one for every call."""
        return random.random()

    def redrawn(self):
        """A mask of dropout, another one for every call."""
        return self.array([2.0 * (random.random() < 0.5) for _ in range(6)])

    def softmax(self, x):
        e = self.exp(x - self.stop(self.max(x, axis=-1, keepdims=True)))
        return e / self.sum(e, axis=-1, keepdims=True)

    def log_softmax(self, x):
        shifted = x - self.stop(self.max(x, axis=-1, keepdims=True))
        return shifted - self.log(self.sum(self.exp(shifted), axis=-1, keepdims=True))


class Torch(Tool):
    name = "torch"

    def __init__(self):
        import torch

        torch.set_num_threads(1)
        self.numpy = torch
        self.linalg = torch.linalg
        self.version = torch.__version__.split("+")[0]

    def array(self, x, dtype="float64"):
        return self.numpy.tensor(x, dtype=getattr(self.numpy, dtype))

    def astype(self, x, dtype):
        return x.to(getattr(self.numpy, dtype))

    def stop(self, x):
        return x.detach()

    def max(self, x, axis=None, keepdims=False):
        return x.max() if axis is None else x.max(dim=axis, keepdim=keepdims).values

    def sort(self, x):
        return self.numpy.sort(x).values

    def clip(self, x, low, high):
        return self.numpy.clamp(x, low, high)

    def maximum(self, x, y):
        return self.numpy.maximum(x, self.numpy.as_tensor(y, dtype=x.dtype))

    def cumsum(self, x):
        return self.numpy.cumsum(x, 0)

    def concatenate(self, parts):
        return self.numpy.cat(parts)

    def softplus(self, x):
        return self.numpy.logaddexp(x, self.numpy.zeros_like(x))

    def by_hand(self, f, pull):
        class ByHand(self.numpy.autograd.Function):
            @staticmethod
            def forward(ctx, *x):
                y = f(*x)
                ctx.save_for_backward(*x, *listed(y))
                ctx.count = len(x)
                return tuple(y) if isinstance(y, list) else y

            @staticmethod
            def backward(ctx, *g):
                x, y = ctx.saved_tensors[: ctx.count], ctx.saved_tensors[ctx.count :]
                several = len(y) > 1
                back = pull(g if several else g[0], y if several else y[0], *x)
                return tuple(listed(back))

        return ByHand.apply

    def check(self, f, args):
        self.numpy.manual_seed(0)
        args = [x.requires_grad_() for x in args]
        run = lambda *x: tuple(y) if isinstance(y := f(*x), list) else y
        self.numpy.autograd.gradcheck(run, args)
        self.numpy.autograd.gradgradcheck(run, args)


class Jax(Tool):
    name = "jax"

    def __init__(self):
        import jax
        import jax.numpy
        import jax.test_util

        jax.config.update("jax_enable_x64", True)
        self.jax = jax
        self.numpy = jax.numpy
        self.version = jax.__version__
        self.is_by_hand = False

    def array(self, x, dtype="float64"):
        return self.numpy.array(x, dtype=dtype)

    def astype(self, x, dtype):
        return x.astype(dtype)

    def stop(self, x):
        return self.jax.lax.stop_gradient(x)

    def softplus(self, x):
        return self.numpy.logaddexp(x, 0.0)

    def by_hand(self, f, pull):
        def marked(*x):
            self.is_by_hand = True
            return custom(*x)

        def forward(*x):
            y = f(*x)
            return y, (y, x)

        custom = self.jax.custom_vjp(lambda *x: f(*x))
        custom.defvjp(forward, lambda kept, g: tuple(listed(pull(g, kept[0], *kept[1]))))
        return marked

    def check(self, f, args):
        self.is_by_hand = False
        f(*args)
        # A custom_vjp has no forward mode.
        modes = ["rev"] if self.is_by_hand else ["fwd", "rev"]
        self.jax.test_util.check_grads(f, tuple(args), order=2, modes=modes)


class Autograd(Tool):
    name = "autograd"

    def __init__(self):
        from importlib.metadata import version

        import autograd
        import autograd.builtins
        import autograd.numpy
        import autograd.test_util
        import numpy
        from autograd.tracer import getval

        self.autograd = autograd
        self.numpy = autograd.numpy
        self.version = version("autograd")
        self.getval = getval
        self.plain = numpy

    def array(self, x, dtype="float64"):
        return self.plain.array(x, dtype=dtype)

    def astype(self, x, dtype):
        return x.astype(dtype)

    def stop(self, x):
        while x is not (x := self.getval(x)):
            pass
        return x

    def softplus(self, x):
        return self.numpy.logaddexp(x, 0.0)

    def by_hand(self, f, pull):
        from autograd.extend import defvjp, primitive

        custom = primitive(lambda *x: f(*x))
        count = f.__code__.co_argcount if hasattr(f, "__code__") else 1

        def backward(i):
            return lambda y, *x: lambda g: listed(pull(g, y, *x))[i]

        defvjp(custom, *[backward(i) for i in range(count)])
        return custom

    def check(self, f, args):
        self.plain.random.seed(0)
        every = tuple(range(len(args)))
        check = self.autograd.test_util.check_grads
        several = self.autograd.builtins.tuple
        run = lambda *x: several(y) if isinstance(y := f(*x), list) else y
        try:
            check(run, argnum=every)(*args)
        except NotImplementedError:
            # Not all of its functions, and none that is written by hand, have a forward mode.
            check(run, argnum=every, modes=["rev"])(*args)


TOOLS = {tool.name: tool for tool in (Torch, Jax, Autograd)}
