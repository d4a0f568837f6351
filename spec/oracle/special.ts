import {
	betainc,
	betaln,
	cbrt,
	digamma,
	erfinv,
	floorDivide,
	gammainc,
	gammaincc,
	grad,
	heaviside,
	isClose,
	lgamma,
	logit,
	logNdtr,
	logSubExp,
	nanToNum,
	ndtr,
	ndtri,
	polygamma,
	stopGradient,
	type Tensor,
	tensor,
	trunc,
	xlogy,
} from "../../lib/index.ts";
import type { Family } from "./row.ts";

const positive = tensor([1e-300, 1e-8, 0.3, 0.999, 1.4616, 2.001, 2.9, 7.5, 33, 1e5, 1e17]);
const other = tensor([3, 1e-5, 0.25, 8, 12, 2.5, 1e6, 1, 0.5, 33, 4]);
const any = tensor([-2.5, -0.25, 0, 0.5, 3, 17.3]);
const share = tensor([1e-300, 1e-20, 0.001, 0.3, 0.5, 0.51, 0.9, 1 - 1e-13]);

/** Special functions. */
export const family: Family = {
	rows: [
		{
			name: "lgamma, positive",
			inputs: { x: positive },
			ours: ({ x }) => lgamma(x!),
			numpy: "np.array([float(mpmath.loggamma(e)) for e in x])",
			jax: "jax.scipy.special.gammaln(x)",
		},
		{
			name: "lgamma and digamma, negative",
			inputs: { x: tensor([-0.25, -0.75, -3.5, -20.75]) },
			ours: ({ x }) => [lgamma(x!), digamma(x!), polygamma(1, x!), polygamma(2, x!)],
			numpy:
				"[scipy.special.gammaln(x)] + [np.array([float(mpmath.psi(n, e)) for e in x]) for n in range(3)]",
		},
		{
			name: "digamma and polygamma",
			inputs: { x: positive.slice([1, null]) },
			ours: ({ x }) => [0, 1, 2, 3, 8].map((n) => polygamma(n, x!)),
			numpy: "[np.array([float(mpmath.psi(n, e)) for e in x]) for n in [0, 1, 2, 3, 8]]",
		},
		{
			name: "digamma and trigamma, with gradients",
			inputs: { x: tensor([0.3, 1.25, 4, 50]) },
			ours: ({ x }) => [digamma(x!), polygamma(1, x!), polygamma(2, x!)],
			jax: "[jax.scipy.special.digamma(x)] + [jax.scipy.special.polygamma(n, x) for n in [1, 2]]",
			torch: "[torch.digamma(x), torch.polygamma(1, x), torch.polygamma(2, x)]",
			// PyTorch's trigamma has ten digits.
			tolerance: 1e-9,
		},
		{
			name: "betaln",
			inputs: { x: tensor([0.5, 2, 12, 300]), y: tensor([1.5, 0.25, 11, 4]) },
			ours: ({ x, y }) => betaln(x!, y!),
			numpy: "scipy.special.betaln(x, y)",
			jax: "jax.scipy.special.betaln(x, y)",
			// Where both are above 8 JAX has eight digits.
			tolerance: 1e-7,
		},
		{
			name: "betaln, apart",
			inputs: { x: positive.slice([1, null]), y: other.slice([1, null]) },
			ours: ({ x, y }) => betaln(x!, y!),
			numpy:
				"(setattr(mpmath.mp, 'dps', 60), np.array([float(mpmath.log(mpmath.beta(mpmath.mpf(a), mpmath.mpf(b)))) for a, b in zip(x, y)]))[1]",
		},
		{
			name: "ndtr and logNdtr",
			inputs: { x: tensor([-40, -12, -5, -1.5, -0.3, 0, 0.7, 3, 9]) },
			ours: ({ x }) => [ndtr(x!), logNdtr(x!)],
			numpy: "[scipy.special.ndtr(x), scipy.special.log_ndtr(x)]",
			torch: "[torch.special.ndtr(x), torch.special.log_ndtr(x)]",
		},
		{
			name: "ndtri",
			inputs: { p: share },
			ours: ({ p }) => ndtri(p!),
			numpy: "scipy.special.ndtri(p)",
		},
		{
			name: "ndtri, with its gradient",
			inputs: { p: share.slice([2, 7]) },
			ours: ({ p }) => ndtri(p!),
			jax: "jax.scipy.special.ndtri(p)",
			torch: "torch.special.ndtri(p)",
			// Theirs are 1/φ of a rounded quantile.
			tolerance: 1e-11,
		},
		{
			name: "erfinv",
			inputs: { x: tensor([-0.999999, -0.9, -1e-10, 0.25, 0.75, 0.99]) },
			ours: ({ x }) => erfinv(x!),
			numpy: "scipy.special.erfinv(x)",
			// JAX and PyTorch have 1e−9 of relative error in the tails.
			torch: "torch.erfinv(x)",
			tolerance: 1e-8,
		},
		{
			name: "xlogy and logit",
			inputs: { x: tensor([0.2, 0.5, 0.9, 0.45]), y: tensor([2, 1e-10, 0.5, 7]) },
			ours: ({ x, y }) => [xlogy(x!, y!), logit(x!)],
			numpy: "[scipy.special.xlogy(x, y), scipy.special.logit(x)]",
			jax: "[jax.scipy.special.xlogy(x, y), jax.scipy.special.logit(x)]",
			torch: "[torch.xlogy(x, y), torch.logit(x)]",
		},
		{
			name: "logSubExp",
			inputs: { x: tensor([1, 700, 0.5]), y: tensor([0.999, 20, -30]) },
			ours: ({ x, y }) => logSubExp(x!, y!),
			numpy:
				"np.array([float(mpmath.log(mpmath.exp(mpmath.mpf(a)) - mpmath.exp(mpmath.mpf(b)))) for a, b in zip(x, y)])",
			jax: "x + jnp.log(-jnp.expm1(y - x))",
		},
		{
			name: "cbrt",
			inputs: { x: tensor([-27, -1e-200, 0.1, 8, 1e300]) },
			ours: ({ x }) => cbrt(x!),
			numpy: "np.cbrt(x)",
		},
		{
			name: "cbrt, with its gradient",
			inputs: { x: tensor([-27, 0.1, 8]) },
			ours: ({ x }) => cbrt(x!),
			jax: "jnp.cbrt(x)",
		},
		{
			name: "what rounds and compares",
			inputs: { x: any, y: tensor([0.5, -2, 3, 0.25, -7, 0.1]) },
			ours: ({ x, y }) => [
				trunc(x!),
				floorDivide(x!, y!),
				heaviside(x!, y!),
				isClose(x!, x!.add(1e-6)),
			],
			numpy: "[np.trunc(x), np.floor_divide(x, y), np.heaviside(x, y), np.isclose(x, x + 1e-6)]",
			jax: "[jnp.trunc(x), jnp.floor_divide(x, y), jnp.heaviside(x, y), jnp.isclose(x, x + 1e-6)]",
			// At 0 JAX gives the derivative of `where`, not that by the value at 0.
			gradient: false,
		},
		{
			name: "nanToNum",
			inputs: { x: tensor([1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) },
			ours: ({ x }) => nanToNum(x!, { nan: 2, posInf: 5 }),
			numpy: "np.nan_to_num(x, nan=2, posinf=5)",
			jax: "jnp.nan_to_num(x, nan=2, posinf=5)",
		},
		{
			name: "gammainc and gammaincc",
			inputs: {
				a: tensor([1e-10, 0.01, 0.5, 3, 30, 30, 1e4, 1e4, 0.1]),
				x: tensor([0.5, 1e-5, 20, 2, 35, 90, 9.9e3, 1.02e4, 2]),
			},
			ours: ({ a, x }) => [gammainc(a!, x!), gammaincc(a!, x!)],
			numpy: "[scipy.special.gammainc(a, x), scipy.special.gammaincc(a, x)]",
		},
		{
			name: "gammainc by x and a",
			inputs: { a: tensor([0.3, 2, 7, 40]), x: tensor([0.2, 3, 2, 41]) },
			ours: ({ a, x }) => [gammainc(a!, x!), gammaincc(a!, x!)],
			jax: "[jax.scipy.special.gammainc(a, x), jax.scipy.special.gammaincc(a, x)]",
		},
		{
			name: "gammainc by a, once and twice",
			inputs: { a: tensor([0.3, 2, 7, 40]), x: tensor([0.2, 3, 2, 41]) },
			ours: ({ a, x }) => {
				const slope = (v: Tensor) => grad((u: Tensor) => gammainc(u, x!).sum())(v);
				return [slope(a!), grad((v: Tensor) => slope(v).sum())(a!)];
			},
			numpy:
				"(setattr(mpmath.mp, 'dps', 40), [np.array([float(mpmath.diff(lambda t: mpmath.hyp1f1(1, t + 1, q) * mpmath.mpf(q)**t * mpmath.exp(-mpmath.mpf(q)) / mpmath.gamma(t + 1), p, n)) for p, q in zip(a, x)]) for n in [1, 2]])[1]",
		},
		{
			name: "betainc, by x",
			inputs: { a: tensor([0.3, 2, 70]), b: tensor([4, 0.5, 30]), x: tensor([0.2, 0.9, 0.72]) },
			ours: ({ a, b, x }) => betainc(stopGradient(a!), stopGradient(b!), x!),
			numpy: "scipy.special.betainc(a, b, x)",
			jax: "jax.scipy.special.betainc(lax.stop_gradient(a), lax.stop_gradient(b), x)",
		},
		{
			name: "betainc, large and small",
			inputs: {
				a: tensor([1e-3, 5e3, 12, 1e4, 200]),
				b: tensor([2, 4e3, 900, 0.5, 1e-2]),
				x: tensor([1e-4, 0.56, 0.01, 0.9999, 0.3]),
			},
			ours: ({ a, b, x }) => betainc(a!, b!, x!),
			numpy: "scipy.special.betainc(a, b, x)",
		},
	],
};
