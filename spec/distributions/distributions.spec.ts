import * as assert from "uvu/assert";
import { compile } from "../../lib/compile/index.ts";
import * as d from "../../lib/distributions/index.ts";
import {
	arange,
	DomainError,
	GradientError,
	grad,
	linspace,
	random,
	ShapeError,
	type Tensor,
	tensor,
	vmap,
	zeros,
} from "../../lib/index.ts";
import { near, refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const key = random.key(11);
const N = 20_000;

const continuous: Record<string, d.DistributionOfNumbers> = {
	normal: d.normal(1, 2),
	logNormal: d.logNormal(0.5, 0.75),
	uniform: d.uniform(-1, 3),
	laplace: d.laplace(1, 0.5),
	cauchy: d.cauchy(-1, 2),
	studentT: d.studentT(3.5, 1, 2),
	exponential: d.exponential(2.5),
	gamma: d.gamma(0.6, 2),
	beta: d.beta(0.5, 3),
	mixture: d.mixture(tensor([0, 1]), [d.normal(-2, 1), d.laplace(3, 0.5)]),
};
const discrete: Record<string, d.DistributionOfNumbers> = {
	poisson: d.poisson(3.5),
	binomial: d.binomial(12, 0.3),
	bernoulli: d.bernoulli(0.7),
	categorical: d.categorical(tensor([0.2, 0, 0.5, 0.3]).log()),
};

/** Asserts that the samples are of the distribution, to one in a million (for counts: at most). */
function follows(one: d.DistributionOfNumbers, isCount: boolean): void {
	const x = one.sample(key, [N]).astype("float64");
	const sorted = tensor(Float64Array.from(x.data as Float64Array).sort());
	const [at, before] = [one.cdf(sorted), one.cdf(isCount ? sorted.sub(1) : sorted)];
	const place = arange(N);
	// Of equal counts the first and the last have the shares that the function jumps between.
	const isFirst = isCount ? sorted.notEqual(sorted.roll(1)) : sorted.equal(sorted);
	const isLast = isCount ? sorted.notEqual(sorted.roll(-1)) : sorted.equal(sorted);
	const below = before.sub(place.div(N)).abs();
	const above = at.sub(place.add(1).div(N)).abs();
	const far = isFirst.where(below, 0).maximum(isLast.where(above, 0)).max().item();
	assert.ok(far * Math.sqrt(N) < 2.7, `${one.kind}: ${far}`);
}

suite("distributions", (test) => {
	for (const [name, one] of Object.entries({ ...continuous, ...discrete })) {
		const isCount = name in discrete;
		test(`${name}: samples follow the distribution function`, () => follows(one, isCount));

		test(`${name}: logProb is the logarithm of the slope, or the step, of the distribution function`, () => {
			if (isCount) {
				const k = arange(-1, 13);
				near(one.logProb(k).exp(), one.cdf(k).sub(one.cdf(k.sub(1))), 1e-13);
				same(one.logProb(tensor([0.5, -1])), [-inf, -inf]);
			} else {
				const x = tensor([-1.5, -0.25, 0.3, 0.8, 2.5]);
				const slope = grad((v: Tensor) => one.cdf(v).sum())(x);
				near(one.logProb(x).exp(), slope, 1e-13);
			}
			same(one.logProb(nan), nan);
		});
	}

	test("moments are those of samples", () => {
		for (const [name, one] of Object.entries({ ...continuous, ...discrete })) {
			if (name === "cauchy") continue;
			const x = one.sample(key, [N]).astype("float64");
			const std = Math.sqrt(one.variance.item());
			near(x.mean(), one.mean, (6 * std) / Math.sqrt(N));
			if (name !== "studentT") near(x.variance().div(one.variance), 1, 0.15);
		}
		same(d.cauchy().mean, nan);
		const heavy = d.studentT(tensor([0.5, 1.5, 3]));
		same(heavy.mean, [nan, 0, 0]);
		same(heavy.variance, [nan, inf, 3]);
	});

	test("entropy is the mean of −logProb", () => {
		for (const one of Object.values({ ...continuous, ...discrete })) {
			if (["mixture", "poisson"].includes(one.kind)) {
				refuses(one.entropy, DomainError, `${one.kind}: its entropy has no closed form`);
				continue;
			}
			near(
				one.entropy(),
				one
					.logProb(one.sample(key, [N]))
					.mean()
					.neg(),
				0.05,
			);
		}
		const uncertain = d.dirichlet(tensor([0.5, 2, 4]));
		near(
			uncertain.entropy(),
			uncertain
				.logProb(uncertain.sample(key, [N]))
				.mean()
				.neg(),
			0.05,
		);
	});

	test("kl is the mean of the difference of logarithms, and 0 of a distribution from itself", () => {
		const covariance = tensor([
			[2, 0.5],
			[0.5, 1],
		]);
		const pairs: [d.Distribution, d.Distribution][] = [
			[continuous.normal!, d.normal(0, 3)],
			[continuous.logNormal!, d.logNormal(0, 1)],
			[continuous.uniform!, d.uniform(-2, 3)],
			[continuous.laplace!, d.laplace(0, 1)],
			[continuous.cauchy!, d.cauchy(0, 1)],
			[continuous.exponential!, d.exponential(1)],
			[continuous.gamma!, d.gamma(1, 1)],
			[continuous.beta!, d.beta(1, 2)],
			[discrete.poisson!, d.poisson(3)],
			[discrete.binomial!, d.binomial(12, 0.4)],
			[discrete.bernoulli!, d.bernoulli(0.5)],
			[discrete.categorical!, d.categorical(zeros([4]))],
			[d.dirichlet(tensor([1, 2, 3])), d.dirichlet(tensor([2, 2, 2]))],
			[
				d.multivariateNormal(tensor([0, 1]), covariance),
				d.multivariateNormal(tensor([1, 0]), covariance.mul(1.5)),
			],
		];
		for (const [p, q] of pairs) {
			const x = p.sample(key, [N]);
			const gaps = p.logProb(x).sub(q.logProb(x));
			near(d.kl(p, q), gaps.mean(), (6 * gaps.std().item()) / Math.sqrt(N) + 1e-12);
			near(d.kl(p, p), 0, 1e-14);
		}
		same(d.kl(d.uniform(0, 2), d.uniform(0, 1)), inf);
		refuses(() => d.kl(d.normal(), d.laplace()), DomainError, "kl: there is no closed form for");
		refuses(
			() => d.kl(d.binomial(2, 0.5), d.binomial(3, 0.5)),
			DomainError,
			"binomial and binomial",
		);
	});

	test("a sample moves with its parameters as the quantile does", () => {
		const quantile: Record<string, (p: Tensor) => d.DistributionOfNumbers> = {
			normal: (p) => d.normal(p, p),
			laplace: (p) => d.laplace(p, p),
			logNormal: (p) => d.logNormal(p, p),
			exponential: (p) => d.exponential(p),
			gamma: (p) => d.gamma(p, 2),
			uniform: (p) => d.uniform(0, p),
		};
		for (const [name, of] of Object.entries(quantile)) {
			const p = tensor([0.7, 1.4, 3]);
			const x = of(p).sample(key);
			const slope = grad((v: Tensor) => of(v).sample(key).sum())(p);
			// F(x(p); p) stays what it is.
			const moved = grad((v: Tensor) => of(v).cdf(x).sum())(p);
			const density = of(p).logProb(x).exp();
			near(slope.mul(density).add(moved), [0, 0, 0], 1e-12);
			assert.ok(
				slope.data.some((each) => each !== 0),
				name,
			);
		}
	});

	test("parameters and x broadcast, under compile and vmap too", () => {
		const of = (m: Tensor, x: Tensor) => d.normal(m, tensor([1, 2])).logProb(x);
		const [m, x] = [tensor([[0], [1], [2]]), tensor([0.5, -0.5])];
		assert.equal(of(m, x).shape, [3, 2]);
		near(compile(of)(m, x), of(m, x), 1e-15);
		near(vmap((row: Tensor) => of(row, x))(m), of(m, x), 1e-15);
		assert.equal(d.normal(m, 1).sample(key).shape, [3, 1]);
		assert.equal(d.dirichlet(zeros([4, 3]).add(1)).sample(key).shape, [4, 3]);
		assert.equal(d.gamma(1, 1).batchShape, []);
		near(
			d
				.dirichlet(tensor([1e-4, 1e-4]))
				.sample(key, [50])
				.sum(-1),
			zeros([50]).add(1),
			1e-14,
		);
	});

	test("float32 stays, with numbers beside it", () => {
		const one = tensor([0.5, 0.75], { dtype: "float32" });
		const all = [
			...[d.normal(0, one), d.laplace(one, 1), d.cauchy(one), d.studentT(one), d.studentT(3, one)],
			...[
				d.logNormal(0, one),
				d.uniform(0, one),
				d.exponential(one),
				d.gamma(one),
				d.gamma(2, one),
			],
			...[d.beta(one, 2), d.mixture(one, [d.normal(one, 1), d.laplace(0, one)])],
		];
		for (const each of all) {
			const x = each.sample(key);
			const rest = [x, each.logProb(x), each.cdf(x), each.mean, each.variance];
			const names = rest.map(({ dtype }) => dtype);
			assert.equal(
				names,
				rest.map(() => "float32"),
				each.kind,
			);
		}
		assert.is(d.dirichlet(one).sample(key).dtype, "float32");
		assert.is(d.binomial(3, one).logProb(1).dtype, "float32");
		assert.is(d.categorical(one).mean.dtype, "float32");
		assert.is(d.kl(d.binomial(3, one), d.binomial(3, one)).dtype, "float32");
	});

	test("densities integrate to 1", () => {
		const x = linspace(-60, 60, 120_001);
		for (const name of ["normal", "laplace", "studentT", "mixture"]) {
			const total = continuous[name]!.logProb(x).exp().sum().mul(0.001);
			near(total, 1, 1e-4);
		}
	});

	test("a mixture of vectors picks whole vectors, and has no distribution function", () => {
		const narrow = tensor([
			[0.01, 0],
			[0, 0.01],
		]);
		const parts = [-3, 3].map((at) => d.multivariateNormal(tensor([at, at]), narrow));
		const both = d.mixture(tensor([0, 0]), parts);
		const x = both.sample(key, [500]);
		assert.equal(x.shape, [500, 2]);
		assert.ok(x.slice([], 0).mul(x.slice([], 1)).greater(0).all().item());
		assert.is((both as d.DistributionOfNumbers).cdf, undefined);
		near(both.mean, [0, 0], 1e-12);
		refuses(() => d.mixture(zeros([3]), parts), ShapeError, "a logit for each of 2");
		refuses(() => d.mixture(zeros([2]), [parts[0]!, d.normal()]), ShapeError, "of one shape");
	});

	test("what is no parameter is refused if it is a number, and NaN in a tensor", () => {
		refuses(
			() => d.normal(0, 0),
			DomainError,
			"normal: expected std to be a finite number above 0, got 0",
		);
		refuses(() => d.gamma(-1), DomainError, "gamma: expected the shape to be");
		refuses(() => d.bernoulli(1.5), DomainError, "to be a number from 0 to 1, got 1.5");
		refuses(() => d.uniform(nan, 1), DomainError, "uniform: expected low to be a finite number");
		refuses(() => d.binomial(1.5, 0.5), DomainError, "binomial: expected n to be a whole number");
		refuses(() => d.categorical(tensor(0)), ShapeError, "got a scalar");
		refuses(() => d.dirichlet(tensor(1)), ShapeError, "got a scalar");
		refuses(() => d.multivariateNormal(zeros([2]), zeros([3, 3])), ShapeError, "(2) and (3×3)");
		same(d.normal(0, tensor([-1])).logProb(0), [nan]);
		const by = (a: Tensor) => d.beta(a, 2).cdf(0.5);
		refuses(
			() => grad(by)(tensor(2)),
			GradientError,
			"betainc: there is no derivative by its first",
		);
	});
});
