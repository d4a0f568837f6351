import * as assert from "uvu/assert";
import {
	arange,
	DomainError,
	DTypeError,
	grad,
	ones,
	random,
	ShapeError,
	tensor,
	zeros,
} from "../../lib/index.ts";
import { normalQuantile, portableLog } from "../../lib/random/normal-quantile.ts";
import { near, refuses, same } from "../near.ts";
import { suite } from "../suite.ts";
import { counts, even, moments, within } from "./statistics.ts";

const NAN = Number.NaN;
const INF = Number.POSITIVE_INFINITY;
const key = random.key(42);
const N = 40_000;

suite("random/continuous", (test) => {
	test("the quantile and the logarithm agree with SciPy's and the engine's", () => {
		// scipy.special.ndtri of SciPy 1.17.1.
		const quantiles = [
			[2 ** -53, -8.209536151601387],
			[1e-10, -6.361340902404056],
			[0.01, -2.3263478740408408],
			[0.07, -1.4757910281791706],
			[0.3, -0.5244005127080409],
			[0.5, 0],
			[0.9, 1.2815515655446004],
			[0.999999, 4.753424308817087],
		] as const;
		for (const [p, z] of quantiles) near(normalQuantile(p), z, 2e-15);
		for (const x of [2 ** -53, 1e-9, 0.1, 0.5, Math.SQRT1_2, 0.708, 1 - 2 ** -53, 1, 3, 1e300]) {
			assert.ok(Math.abs(portableLog(x) - Math.log(x)) <= 5e-16 * Math.abs(Math.log(x)), String(x));
		}
	});

	test("uniform has the moments of the uniform distribution", () => {
		for (const dtype of ["float64", "float32"] as const) {
			const x = random.uniform(random.key(3), [N], { dtype }).astype("float64");
			const [mean, variance, , kurtosis] = moments(x);
			within(mean, 1 / 2, Math.sqrt(1 / 12 / N));
			within(variance, 1 / 12, Math.sqrt(1 / 180 / N));
			// The standard error of a uniform sample's kurtosis is below that of a normal one.
			within(kurtosis, -1.2, Math.sqrt(24 / N));
			assert.ok(x.data.every((value) => value >= 0 && value < 1));
			even(counts(x.mul(100).floor(), 100));
		}
	});

	test("uniform uses all bits: 53 in float64, 24 in float32", () => {
		for (const [dtype, bits] of [
			["float64", 53],
			["float32", 24],
		] as const) {
			const units = [...random.uniform(key, [100], { dtype }).data].map((u) => u * 2 ** bits);
			assert.ok(units.every(Number.isInteger));
			assert.ok(units.some((k) => k % 2 === 1));
		}
	});

	test("normal has the moments of the normal distribution", () => {
		const x = random.normal(random.key(4), [N]);
		const [mean, variance, skew, kurtosis] = moments(x);
		within(mean, 0, Math.sqrt(1 / N));
		within(variance, 1, Math.sqrt(2 / N));
		within(skew, 0, Math.sqrt(6 / N));
		within(kurtosis, 0, Math.sqrt(24 / N));
		const beyond = x.data.filter((z) => Math.abs(z) > 3).length / N;
		within(beyond, 0.0026998, Math.sqrt(0.0026998 / N));
	});

	test("truncatedNormal is the normal distribution from −2 to 2", () => {
		const x = random.truncatedNormal(random.key(4), [N]);
		const [mean, variance, skew] = moments(x);
		within(mean, 0, Math.sqrt(0.7737 / N));
		// 1 − 4φ(2) / (2Φ(2) − 1); the standard errors are below those of a normal sample.
		within(variance, 0.7737413035499234, Math.sqrt(2 / N) * 0.7737);
		within(skew, 0, Math.sqrt(6 / N));
		assert.ok(x.data.every((z) => Math.abs(z) <= 2));
		const beyond = x.data.filter((z) => z > 1.5).length / N;
		const share = (0.9772498680518208 - 0.9331927987311419) / 0.9544997361036416;
		within(beyond, share, Math.sqrt(share / N));
		assert.is(random.truncatedNormal(key, [2], { dtype: "float32" }).dtype, "float32");
	});

	test("low, high, mean and std move and stretch", () => {
		const u = random.uniform(key, [5]);
		near(random.uniform(key, [5], { low: -2, high: 4 }), u.mul(6).sub(2));
		const z = random.normal(key, [2, 3]);
		const mean = tensor([1, 2, 3]);
		near(random.normal(key, [2, 3], { mean, std: 0.5 }), z.mul(0.5).add(mean));
		same(random.uniform(key, [2], { low: 3, high: 3 }), [3, 3]);
		same(random.normal(key, [2], { mean: 3, std: 0 }), [3, 3]);
	});

	test("a sample is differentiable with respect to low, high, mean and std", () => {
		const u = random.uniform(key, [3]);
		const z = random.normal(key, [3]);
		const two = (a: number, b: number) => ({ a: tensor(a), b: tensor(b) });
		type Two = ReturnType<typeof two>;
		const weights = tensor([1, 2, 4]);
		const ofUniform = grad(({ a, b }: Two) =>
			random.uniform(key, [3], { low: a, high: b }).mul(weights).sum(),
		)(two(-1, 2));
		near(ofUniform.a, ones([3]).sub(u).mul(weights).sum());
		near(ofUniform.b, u.mul(weights).sum());
		const ofNormal = grad(({ a, b }: Two) =>
			random.normal(key, [3], { mean: a, std: b }).mul(weights).sum(),
		)(two(1, 2));
		near(ofNormal.a, 7);
		near(ofNormal.b, z.mul(weights).sum());
	});

	test("a tensor's float dtype is taken over, another is refused", () => {
		const mean = tensor([1, 2], { dtype: "float32" });
		assert.is(random.normal(key, [2], { mean }).dtype, "float32");
		assert.is(random.uniform(key, [2], { high: mean }).dtype, "float32");
		assert.is(random.uniform(key, [2], { high: arange(2, { dtype: "int32" }) }).dtype, "float64");
		const other = { mean, dtype: "float64" } as const;
		refuses(() => random.normal(key, [2], other), DTypeError, "normal: expected tensors of one");
	});

	test("what is no distribution is refused", () => {
		refuses(() => random.uniform(key, [2], { low: 1 + 1e-9 }), DomainError, "low ≤ high");
		refuses(() => random.uniform(key, [2], { low: -1e308, high: 1e308 }), DomainError, "finite");
		refuses(() => random.uniform(key, [2], { high: INF }), DomainError, "a finite high");
		refuses(() => random.normal(key, [2], { std: -1 }), DomainError, "at least 0, got -1");
		refuses(() => random.normal(key, [2], { mean: NAN }), DomainError, "a finite mean");
		refuses(
			() => random.normal(key, [2], { dtype: "int32" }),
			DTypeError,
			"a float dtype, got int32",
		);
		refuses(() => random.normal(key, [2], { mean: zeros([3]) }), ShapeError, "normal: ");
		refuses(
			() => random.normal(key, [2], { mean: zeros([3, 2]) }),
			ShapeError,
			"to broadcast to (2)",
		);
		refuses(() => random.normal(key, [-1]), ShapeError, "normal: sizes");
	});
});
