import * as assert from "uvu/assert";
import { checkOp } from "../../lib/check/check-op.ts";
import { compile } from "../../lib/compile/index.ts";
import { toJax } from "../../lib/export/index.ts";
import {
	betainc,
	DomainError,
	DTypeError,
	digamma,
	gammainc,
	grad,
	type Op,
	random,
	ShapeError,
	type Tensor,
	TraceError,
	tensor,
	vmap,
	zeros,
} from "../../lib/index.ts";
import { near, refuses, same } from "../near.ts";
import { suite } from "../suite.ts";
import { counts, within } from "./statistics.ts";

const key = random.key(42);
const N = 20_000;

/** Asserts that a sample is of a distribution (Kolmogorov and Smirnov), to one in a million. */
function follows(sample: Tensor, cdf: (x: Tensor) => Tensor): void {
	const sorted = tensor(Float64Array.from(sample.data).sort());
	const shares = [...cdf(sorted).data] as number[];
	const n = shares.length;
	const far = Math.max(...shares.map((p, i) => Math.max((i + 1) / n - p, p - i / n)));
	assert.ok(far * Math.sqrt(n) < 2.7, `the greatest distance is ${far} of ${n}`);
}

/** Asserts that counts are as often as they should be, by χ² with small ones together. */
function appears(sample: Tensor, probability: (k: number) => number): void {
	const most = Math.max(...sample.data);
	const found = counts(sample, most + 1);
	let [chi2, cells, o, e] = [0, 0, 0, 0];
	for (let k = 0; k <= most; k++) {
		o += found[k]!;
		e += sample.size * probability(k);
		if (e < 10) continue;
		chi2 += (o - e) ** 2 / e;
		[cells, o, e] = [cells + 1, 0, 0];
	}
	within(chi2, cells - 1, Math.sqrt(2 * (cells - 1)));
}

suite("random/samplers", (test) => {
	test("exponential, gumbel and laplace follow their distribution functions", () => {
		follows(random.exponential(key, [N]), (x) => x.neg().exp().neg().add(1));
		follows(random.gumbel(key, [N]), (x) => x.neg().exp().neg().exp());
		follows(random.laplace(key, [N]), (x) => {
			const tail = x.abs().neg().exp().mul(0.5);
			return x.less(0).where(tail, tail.neg().add(1));
		});
		for (const draw of [random.exponential, random.gumbel, random.laplace]) {
			assert.is(draw(key, [2], { dtype: "float32" }).dtype, "float32");
			refuses(() => draw(key, [2], { dtype: "int32" }), DTypeError, "a float dtype");
			same(
				compile((k: Tensor) => draw(k, [50]))(key)
					.isFinite()
					.all(),
				true,
			);
		}
	});

	test("gamma follows its distribution function, of shapes below 1 too", () => {
		for (const a of [0.05, 0.7, 1, 4.5, 300]) {
			follows(random.gamma(random.key(3), a, [N]), (x) => gammainc(a, x));
		}
		const logs = random.logGamma(key, 1e-3, [N]);
		assert.ok(logs.isFinite().all().item());
		// log(U)/a is most of it: its mean is ψ(a).
		within(logs.mean().item(), digamma(1e-3).item(), 1000 / Math.sqrt(N));
	});

	test("beta follows its distribution function", () => {
		for (const [a, b] of [
			[0.5, 0.5],
			[2, 5],
			[80, 1],
		] as const) {
			follows(random.beta(random.key(4), a, b, [N]), (x) => betainc(a, b, x));
		}
	});

	test("poisson comes as often as its probabilities say, by either method", () => {
		for (const rate of [0, 0.3, 7, 10, 250]) {
			const x = random.poisson(random.key(5), rate, [N]);
			assert.is(x.dtype, "int32");
			if (rate === 0) same(x.max(), 0);
			else {
				const all = [Math.exp(-rate)];
				for (let k = 1; k < 2000; k++) all.push((all[k - 1]! * rate) / k);
				appears(x, (k) => all[k]!);
			}
		}
	});

	test("binomial comes as often as its probabilities say, by either method", () => {
		for (const [n, p] of [
			[10, 0.2],
			[10, 0.9],
			[100, 0.3],
			[400, 0.75],
		] as const) {
			const x = random.binomial(random.key(6), n, p, [N]);
			const all = [(1 - p) ** n];
			for (let k = 1; k <= n; k++) all.push(all[k - 1]! * ((n - k + 1) / k) * (p / (1 - p)));
			appears(x, (k) => all[k]!);
		}
		same(random.binomial(key, 7, tensor([0, 1])), [0, 7]);
		same(random.binomial(key, 0, 0.5), 0);
	});

	test("multivariateNormal has its mean and covariance, and is differentiable by both", () => {
		const covariance = tensor([
			[2, 0.6],
			[0.6, 0.5],
		]);
		const x = random.multivariateNormal(key, tensor([1, -1]), covariance, [N]);
		assert.equal(x.shape, [N, 2]);
		const centered = x.sub(tensor([1, -1]));
		near(centered.mean(0), [0, 0], 0.05);
		near(centered.T.dot(centered).div(N), covariance, 0.1);
		const g = grad((c: Tensor) => random.multivariateNormal(key, zeros([2]), c).sum())(covariance);
		assert.ok(g.isFinite().all().item());
		refuses(
			() => random.multivariateNormal(key, zeros([3]), covariance),
			ShapeError,
			"multivariateNormal: expected a mean (…×2)",
		);
	});

	test("choice takes parts of a tensor or numbers, with or without replacement", () => {
		const x = tensor([
			[1, 2],
			[3, 4],
			[5, 6],
		]);
		assert.equal(random.choice(key, x, [4, 2]).shape, [4, 2, 2]);
		assert.equal(random.choice(key, x, [5], { axis: 1 }).shape, [3, 5]);
		const p = tensor([0.1, 0, 0.6, 0.3]);
		appears(random.choice(key, 4, [N], { p }), (k) => p.data[k]! as number);
		const order = random.choice(key, 5, [5], { replace: false });
		same(order.sort(), [0, 1, 2, 3, 4]);
		const firsts = random
			.split(key, 4000)
			.map((one) => random.choice(one, 4, [2], { replace: false, p }).data[0]!);
		appears(tensor(firsts, { dtype: "int32" }), (k) => p.data[k]! as number);
		refuses(() => random.choice(key, 3, [4], { replace: false }), DomainError, "at most 3 without");
		const few = { replace: false, p };
		refuses(() => random.choice(key, 4, [4], few), DomainError, "at most 3 without replacement");
		refuses(() => random.choice(key, 3, [4], { p }), ShapeError, "a vector of 3 probabilities");
		refuses(() => random.choice(key, 0, [1]), ShapeError, "choice: expected a number from 1");
		for (const bad of [Number.NaN, -1]) {
			const wrong = { replace: false, p: tensor([bad, 1]) };
			refuses(() => random.choice(key, 2, [1], wrong), DomainError, "choice: expected finite");
		}
	});

	test("what is no distribution is refused", () => {
		refuses(() => random.gamma(key, 0), DomainError, "a finite shape above 0, got 0");
		refuses(() => random.poisson(key, -1), DomainError, "poisson: expected a rate");
		refuses(() => random.poisson(key, Number.NaN), DomainError, "got NaN");
		refuses(() => random.binomial(key, 2.5, 0.5), DomainError, "binomial: expected a whole n");
		refuses(() => random.binomial(key, 2, 1.5), DomainError, "got 2 and 1.5");
		refuses(() => random.poisson(key, zeros([3]), [2]), ShapeError, "poisson: ");
	});

	test("a sample of the gamma distribution has the derivative of its quantile, to second order", () => {
		const draw = (a: Tensor) => random.gamma(key, a, [4]);
		const a = tensor([0.3, 1.2, 5, 40]);
		const x = draw(a);
		const h = 1e-4;
		// Where a moves so that P(a, x) stays.
		const slope = grad((v: Tensor) => draw(v).sum())(a);
		const up = gammainc(a.add(h), x.add(slope.mul(h)));
		const down = gammainc(a.sub(h), x.sub(slope.mul(h)));
		near(up.sub(down).div(2 * h), [0, 0, 0, 0], 1e-5);
		const second = grad((v: Tensor) => grad((u: Tensor) => draw(u).sum())(v).sum())(a);
		const bent = second.mul((h * h) / 2);
		const far = gammainc(a.add(h), x.add(slope.mul(h)).add(bent)).sub(gammainc(a, x));
		near(far.div(h * h), [0, 0, 0, 0], 1e-2);
	});

	test("draws of a batch of keys are those of one key after the other", () => {
		const keys = tensor(
			[...random.split(key, 3)].flatMap((one) => [...one.data] as number[]),
			{
				shape: [3, 2],
				dtype: "int32",
			},
		);
		const rows = vmap((one: Tensor) => random.gamma(one, tensor([0.5, 3])))(keys);
		same(rows.slice(1), random.gamma(keys.slice(1), tensor([0.5, 3])));
	});

	test("what is drawn by rejection is drawn by JAX alone, and the export says so", () => {
		const draw = (k: Tensor) => random.poisson(k, 3, [2]).astype("float64");
		refuses(() => toJax(draw, { key }), TraceError, 'let JAX draw, by { rng: "jax" }');
		assert.match(toJax(draw, { key }, { rng: "jax" }), "jax.random.poisson(");
	});

	for (const op of [random.logGamma, random.poisson, random.binomial].map((f) => f.op as Op)) {
		test(`${op.name} obeys the laws that do not ask for a derivative`, () => {
			checkOp(op, {
				laws: ["its value has the shape and dtype of its rule", "a view gives what a copy gives"],
			});
		});
	}
});
