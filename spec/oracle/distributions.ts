import * as d from "../../lib/distributions/index.ts";
import { stopGradient, type Tensor, tensor } from "../../lib/index.ts";
import type { Family, Inputs, Row } from "./row.ts";

const a = tensor([0.5, 1.5, 4]);
const b = tensor([2, 0.75, 1.25]);
const real = tensor([-1.3, 0.2, 2.5]);
const share = tensor([0.1, 0.45, 0.8]);
const counts = tensor([0, 2, 5]);

/** The logarithm of a density with its gradients, and the distribution function. */
function row(
	name: string,
	inputs: Inputs,
	of: (inputs: Inputs) => d.DistributionOfNumbers,
	scipy: string,
	jax: string | null,
	kind = "pdf",
): Row[] {
	const moments = `(lambda s: [s.log${kind}(x), s.cdf(x), s.mean() + 0 * x, s.var() + 0 * x])(scipy.stats.${scipy})`;
	return [
		{
			name,
			inputs,
			ours: (given) => {
				const one = of(given);
				return [one.logProb(given.x!), one.cdf(given.x!), one.mean, one.variance];
			},
			numpy: moments,
		},
		...(jax === null
			? []
			: [
					{
						name: `${name}, gradients`,
						inputs,
						ours: (given: Inputs) => of(given).logProb(given.x!),
						jax: `jax.scipy.stats.${jax}`,
					},
				]),
	];
}

const entropies: Row = {
	name: "entropies",
	inputs: { a, b, share },
	ours: ({ a, b, share }) => [
		d.normal(a!, b!).entropy(),
		d.logNormal(a!, b!).entropy(),
		d.uniform(a!, a!.add(b!)).entropy(),
		d.laplace(a!, b!).entropy(),
		d.cauchy(a!, b!).entropy(),
		d.studentT(a!, 1, b!).entropy(),
		d.exponential(b!).entropy(),
		d.gamma(a!, b!).entropy(),
		d.beta(a!, b!).entropy(),
		d.binomial(7, share!).entropy(),
		d.bernoulli(share!).entropy(),
		d.dirichlet(a!).entropy(),
	],
	numpy: `(lambda s: [
  s.norm(a, b).entropy(), s.lognorm(b, scale=np.exp(a)).entropy(), s.uniform(a, b).entropy(),
  s.laplace(a, b).entropy(), s.cauchy(a, b).entropy(), s.t(a, 1, b).entropy(),
  s.expon(scale=1 / b).entropy(), s.gamma(a, scale=1 / b).entropy(), s.beta(a, b).entropy(),
  s.binom(7, share).entropy(), s.bernoulli(share).entropy(), s.dirichlet(a).entropy(),
])(scipy.stats)`,
	tolerance: 1e-10,
};

const covariance = tensor([
	[2, 0.3, 0],
	[0.3, 1, -0.2],
	[0, -0.2, 0.5],
]);

/** Distributions. */
export const family: Family = {
	rows: [
		...row(
			"normal",
			{ x: real, a, b },
			({ a, b }) => d.normal(a!, b!),
			"norm(a, b)",
			"norm.logpdf(x, a, b)",
		),
		...row(
			"laplace",
			{ x: real, a, b },
			({ a, b }) => d.laplace(a!, b!),
			"laplace(a, b)",
			"laplace.logpdf(x, a, b)",
		),
		...row(
			"cauchy",
			{ x: real, a, b },
			({ a, b }) => d.cauchy(a!, b!),
			"cauchy(a, b)",
			"cauchy.logpdf(x, a, b)",
		),
		...row(
			"logNormal",
			{ x: b, a, b: share },
			({ a, b }) => d.logNormal(a!, b!),
			"lognorm(b, scale=np.exp(a))",
			null,
		),
		...row(
			"studentT",
			{ x: real, a: tensor([1.25, 1.5, 4]), b },
			({ a, b }) => d.studentT(a!, 1, b!),
			"t(a, 1, b)",
			"t.logpdf(x, a, 1, b)",
		),
		...row(
			"uniform",
			{ x: real, a, b },
			({ a, b }) => d.uniform(a!.neg(), b!),
			"uniform(-a, a + b)",
			null,
		),
		...row(
			"exponential",
			{ x: a, b },
			({ b }) => d.exponential(b!),
			"expon(scale=1 / b)",
			"expon.logpdf(x, 0, 1 / b)",
		),
		...row(
			"gamma",
			{ x: b, a, b: share },
			({ a, b }) => d.gamma(a!, b!),
			"gamma(a, scale=1 / b)",
			"gamma.logpdf(x, a, 0, 1 / b)",
		),
		...row(
			"beta",
			{ x: share, a, b },
			({ a, b }) => d.beta(a!, b!),
			"beta(a, b)",
			"beta.logpdf(x, a, b)",
		),
		...row("poisson", { x: counts, b }, ({ b }) => d.poisson(b!), "poisson(b)", null, "pmf"),
		...row(
			"binomial",
			{ x: counts, p: share },
			({ p }) => d.binomial(7, p!),
			"binom(7, p)",
			null,
			"pmf",
		),
		...row(
			"bernoulli",
			{ x: tensor([0, 1, 1]), p: share },
			({ p }) => d.bernoulli(p!),
			"bernoulli(p)",
			null,
			"pmf",
		),
		{
			name: "poisson and binomial, gradients by their parameters",
			inputs: { b, p: share },
			ours: ({ b, p }) => [d.poisson(b!).logProb(counts), d.binomial(7, p!).logProb(counts)],
			jax: "[jax.scipy.stats.poisson.logpmf(jnp.array([0, 2, 5]), b), jax.scipy.stats.binom.logpmf(jnp.array([0, 2, 5]), 7, p)]",
		},
		{
			name: "multivariateNormal",
			inputs: { x: real, m: a, c: covariance },
			ours: ({ x, m, c }) => d.multivariateNormal(m!, c!.add(c!.T).div(2)).logProb(x!),
			numpy: "scipy.stats.multivariate_normal(m, c).logpdf(x)",
			jax: "jax.scipy.stats.multivariate_normal.logpdf(x, m, (c + c.T) / 2)",
		},
		{
			name: "dirichlet",
			inputs: { a, b },
			ours: ({ a, b }) => d.dirichlet(a!).logProb(b!.div(b!.sum())),
			numpy: "scipy.stats.dirichlet(a).logpdf(b / b.sum())",
		},
		{
			name: "dirichlet, gradient by its concentration",
			inputs: { a },
			ours: ({ a }) => d.dirichlet(a!).logProb(tensor([0.5, 0.2, 0.3])),
			jax: "jax.scipy.stats.dirichlet.logpdf(jnp.array([0.5, 0.2, 0.3]), a)",
		},
		entropies,
		{
			name: "cdfs of t and beta by x alone",
			inputs: { x: share },
			ours: ({ x }) => [
				d.studentT(stopGradient(b)).cdf(x!),
				d.beta(stopGradient(a), stopGradient(b)).cdf(x!) as Tensor,
			],
			jax: "[0.5 + 0.5 * jax.scipy.special.betainc(0.5, bb / 2, x**2 / (bb + x**2)) for bb in [jnp.array([2, 0.75, 1.25])]] + [jax.scipy.stats.beta.cdf(x, jnp.array([0.5, 1.5, 4]), jnp.array([2, 0.75, 1.25]))]",
		},
	],
};
