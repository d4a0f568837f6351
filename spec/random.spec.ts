import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { laws } from "../lib/check/laws.ts";
import {
	arange,
	DomainError,
	type DType,
	DTypeError,
	grad,
	type Op,
	ones,
	random,
	ShapeError,
	type Tensor,
	tensor,
	zeros,
} from "../lib/index.ts";
import { normalQuantile, portableLog } from "../lib/random/normal-quantile.ts";
import { block, threefry } from "../lib/random/threefry.ts";
import { drawFrom } from "./draw.ts";
import { near, refuses, same } from "./near.ts";
import { suite } from "./suite.ts";

const NAN = Number.NaN;
const INF = Number.POSITIVE_INFINITY;
const key = random.key(42);
const N = 40_000;

/** Mean, variance, skew and excess kurtosis. */
function moments(x: Tensor): [mean: number, variance: number, skew: number, kurtosis: number] {
	const values = [...x.data];
	const average = (f: (value: number) => number) =>
		values.reduce((sum, value) => sum + f(value), 0) / values.length;
	const mean = average((value) => value);
	const variance = average((value) => (value - mean) ** 2);
	const skew = average((value) => (value - mean) ** 3) / variance ** 1.5;
	return [mean, variance, skew, average((value) => (value - mean) ** 4) / variance ** 2 - 3];
}

/** Asserts that a statistic lies within five of its standard errors. */
function within(actual: number, expected: number, standardError: number): void {
	const distance = Math.abs(actual - expected) / standardError;
	assert.ok(distance < 5, `expected ${expected}, got ${actual}: ${distance} standard errors`);
}

function correlation(x: Tensor, y: Tensor): number {
	const [mx, vx] = moments(x);
	const [my, vy] = moments(y);
	return x.sub(mx).mul(y.sub(my)).mean().item() / Math.sqrt(vx * vy);
}

/** How often each of the numbers from 0 comes. */
function counts(x: Tensor, kinds: number): number[] {
	const found = new Array<number>(kinds).fill(0);
	for (const value of x.data) found[value]!++;
	return found;
}

/** Asserts that counts are as even as chance has them: χ² within five standard deviations of its mean. */
function even(found: readonly number[]): void {
	const expected = found.reduce((sum, count) => sum + count) / found.length;
	const chi2 = found.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
	within(chi2, found.length - 1, Math.sqrt(2 * (found.length - 1)));
}

suite("random", (test) => {
	test("Threefry-2x32 gives the known answers that Random123 publishes", () => {
		const answers = [
			[0, 0, 0, 0, 0x6b200159, 0x99ba4efe],
			[-1, -1, -1, -1, 0x1cb996fc, 0xbb002be7],
			[0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xc4923a9c, 0x483df7a0],
		] as const;
		for (const [counter0, counter1, key0, key1, out0, out1] of answers) {
			threefry(key0, key1, counter0, counter1);
			assert.equal([block[0]! >>> 0, block[1]! >>> 0], [out0, out1]);
		}
	});

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
		for (const x of [2 ** -53, 1e-9, 0.1, 0.5, 0.7071, 0.7072, 1 - 2 ** -53, 1, 3, 1e300]) {
			assert.ok(Math.abs(portableLog(x) - Math.log(x)) <= 5e-16 * Math.abs(Math.log(x)), String(x));
		}
	});

	// The numbers of the next three come from another program of the same definition, in Python.
	test("a key gives the same numbers everywhere", () => {
		same(
			random.uniform(key, [4]),
			[0.42672756361231334, 0.10015824296670306, 0.19643803754070277, 0.3914102647530826],
		);
		same(random.uniform(key, [2, 2], { dtype: "float32" }), [
			[0.4267275333404541, 0.1001582145690918],
			[0.1964380145072937, 0.391410231590271],
		]);
		const z = [-0.18471175182983557, -1.2806504160859569, -0.8544132417120566, -0.2756452692983566];
		near(random.normal(key, [4]), z, 2e-15);
		same(random.normal(key, [4], { dtype: "float32" }), z.map(Math.fround));
		same(random.randint(key, [4], -5, 5), [-1, -4, -4, -2]);
		same(random.permutation(key, 6), [4, 5, 0, 1, 3, 2]);
		same(random.bernoulli(key, tensor([0.42, 0.11, 0.19, 0.4])), [false, true, false, true]);
		const logits = tensor([0.2, 0.3, 0.5]).log();
		same(random.categorical(key, logits, { shape: [6] }), [2, 1, 2, 2, 2, 2]);
	});

	test("a key is the two words of its seed", () => {
		same(random.key(-1), [-1, -1]);
		same(random.key(2 ** 53 - 1), [2097151, -1]);
		same(random.key(2 ** 32), [1, 0]);
		same(random.key(1 - 2 ** 53), [-2097152, 1]);
		assert.is(random.key(0).dtype, "int32");
		for (const seed of [0.5, 2 ** 53, NAN, INF]) {
			refuses(() => random.key(seed), DomainError, "key: expected a seed");
		}
	});

	test("split and foldIn give the same keys everywhere", () => {
		const [first, second] = random.split(key);
		same(first, [64467757, -1378843660]);
		same(second, [1154097635, 473298049]);
		same(random.foldIn(key, 7), [631749419, -208348204]);
		same(random.foldIn(key, tensor(7, { dtype: "int32" })), [631749419, -208348204]);
	});

	test("split gives as many keys as asked for, the first ones the same", () => {
		const keys: Tensor[] = random.split(key, 20);
		const three: [Tensor, Tensor, Tensor] = random.split(key, 3);
		assert.is(keys.length, 20);
		for (const [i, one] of three.entries()) same(one, keys[i]!);
		assert.equal(random.split(key, 0), []);
		refuses(() => random.split(key, -1), ShapeError, "split: sizes");
	});

	test("keys made of a key differ from it and from each other", () => {
		const made = [key, ...random.split(key, 100)];
		for (let i = -100; i < 100; i++) made.push(random.foldIn(key, i));
		assert.is(new Set(made.map((one) => `${one.data}`)).size, 301);
	});

	test("keys made of one key draw independently of it and of each other", () => {
		const [first, second] = random.split(key);
		const keys = [key, first, second, random.foldIn(key, 0), random.foldIn(key, 1)];
		const drawn = keys.map((one) => random.normal(one, [N]));
		for (const [i, x] of drawn.entries()) {
			for (const y of drawn.slice(0, i)) within(correlation(x, y), 0, 1 / Math.sqrt(N));
		}
	});

	test("neighbouring seeds and neighbouring elements are not correlated", () => {
		const x = random.normal(random.key(1), [N]);
		within(correlation(x, random.normal(random.key(2), [N])), 0, 1 / Math.sqrt(N));
		const shifted = tensor([...x.data.slice(1), x.data[0]!]);
		within(correlation(x, shifted), 0, 1 / Math.sqrt(N));
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
		const least = (x: Tensor, bits: number) =>
			Math.min(...[...x.data].map((value) => value * 2 ** bits).map((k) => (k % 2 === 1 ? 0 : 1)));
		for (const [dtype, bits] of [
			["float64", 53],
			["float32", 24],
		] as const) {
			const x = random.uniform(key, [100], { dtype });
			assert.is(least(x, bits), 0);
			assert.ok([...x.data].every((value) => Number.isInteger(value * 2 ** bits)));
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

	test("anything but a key is refused, with the way to one", () => {
		const wrong: unknown[] = [42, undefined, tensor([1, 2]), zeros([3], { dtype: "int32" })];
		const uses: ((key: Tensor) => unknown)[] = [
			(key) => random.split(key),
			(key) => random.foldIn(key, 1),
			(key) => random.uniform(key, [2]),
			(key) => random.normal(key, [2]),
			(key) => random.bernoulli(key, 0.5, [2]),
			(key) => random.randint(key, [2], 0, 2),
			(key) => random.permutation(key, 3),
			(key) => random.categorical(key, zeros([2])),
		];
		for (const use of uses) {
			for (const one of wrong) refuses(() => use(one as Tensor), DTypeError, "random.key(seed)");
		}
		refuses(() => random.foldIn(key, 0.5), DTypeError, "0.5 is not an int32");
		refuses(() => random.foldIn(key, tensor(1)), DTypeError, "an int32 to fold in");
		refuses(() => random.foldIn(key, key), ShapeError, "a scalar to fold in");
	});

	test("bernoulli is true as often as p says", () => {
		for (const p of [0.1, 0.5, 0.99]) {
			const x = random.bernoulli(random.key(5), p, [N]);
			assert.is(x.dtype, "bool");
			within(x.astype("float64").mean().item(), p, Math.sqrt((p * (1 - p)) / N));
		}
		same(random.bernoulli(key, 0, [3]), [false, false, false]);
		same(random.bernoulli(key, 1, [3]), [true, true, true]);
		assert.equal(random.bernoulli(key, tensor([0.5, 0.5]), [3, 2]).shape, [3, 2]);
		assert.equal(random.bernoulli(key, 0.5).shape, []);
	});

	test("bernoulli refuses what is no probability", () => {
		for (const p of [-0.1, 1.1, NAN]) {
			refuses(() => random.bernoulli(key, tensor([0.5, p])), DomainError, `from 0 to 1, got ${p}`);
		}
		refuses(() => random.bernoulli(key, zeros([3]), [2]), ShapeError, "bernoulli: ");
	});

	test("randint gives each number of the range as often, and no other", () => {
		const x = random.randint(random.key(6), [N], -3, 4);
		assert.is(x.dtype, "int32");
		even(counts(x.add(3), 7));
		same(random.randint(key, [3], 5, 6), [5, 5, 5]);
	});

	test("randint reaches all of int32", () => {
		const x = random.randint(random.key(7), [N], -(2 ** 31), 2 ** 31).astype("float64");
		const [mean, variance] = moments(x.div(2 ** 32));
		within(mean, 0, Math.sqrt(1 / 12 / N));
		within(variance, 1 / 12, Math.sqrt(1 / 180 / N));
	});

	test("randint refuses an empty range and one beyond int32", () => {
		const ranges = [
			[3, 3],
			[4, 3],
			[0, 0.5],
			[0, 2 ** 31 + 1],
			[-(2 ** 31) - 1, 0],
			[NAN, 1],
		] as const;
		for (const [low, high] of ranges) {
			refuses(() => random.randint(key, [2], low, high), DomainError, "randint: expected whole");
		}
	});

	test("permutation gives every order as often", () => {
		const orders = new Map<string, number>();
		for (const one of random.split(random.key(8), 6000)) {
			const order = String(random.permutation(one, 4).data);
			orders.set(order, (orders.get(order) ?? 0) + 1);
		}
		assert.is(orders.size, 24);
		even([...orders.values()]);
	});

	test("permutation of a tensor moves its parts along the first axis, and its gradient back", () => {
		const order = random.permutation(key, 4);
		const x = arange(8).reshape([4, 2]);
		same(random.permutation(key, x), x.take(order, 0));
		same(random.permutation(key, 0), []);
		const weights = tensor([1, 2, 3, 4]);
		const g = grad((x: Tensor) => random.permutation(key, x).mul(weights).sum())(zeros([4]));
		same(g.take(order), weights);
		refuses(() => random.permutation(key, tensor(3)), ShapeError, "got a scalar");
		refuses(() => random.permutation(key, 1.5), ShapeError, "permutation: sizes");
	});

	test("categorical gives each class as often as softmax says", () => {
		const p = [0.1, 0.2, 0, 0.7];
		const logits = tensor(p).log().add(5);
		const found = counts(random.categorical(random.key(9), logits, { shape: [N] }), 4);
		for (const [i, pi] of p.entries()) {
			if (pi === 0) assert.is(found[i], 0);
			else within(found[i]! / N, pi, Math.sqrt((pi * (1 - pi)) / N));
		}
	});

	test("categorical takes any axis, and a shape before that of the logits", () => {
		const logits = tensor([
			[0, -INF],
			[-INF, 0],
			[-INF, -INF],
		]);
		const x = random.categorical(key, logits, { axis: 0, shape: [3, 2] });
		assert.is(x.dtype, "int32");
		same(x, [
			[0, 1],
			[0, 1],
			[0, 1],
		]);
		assert.equal(random.categorical(key, zeros([2, 3, 4])).shape, [2, 3]);
		assert.equal(random.categorical(key, zeros([0, 4])).shape, [0]);
	});

	test("categorical refuses logits of no distribution", () => {
		refuses(() => random.categorical(key, tensor([0, NAN])), DomainError, "got NaN");
		refuses(() => random.categorical(key, tensor([0, INF])), DomainError, "got Infinity");
		refuses(() => random.categorical(key, tensor([-INF, -INF])), DomainError, "a finite logit");
		refuses(() => random.categorical(key, zeros([2, 0])), ShapeError, "classes to choose from");
		refuses(() => random.categorical(key, tensor(0)), ShapeError, "axis -1 is out of range");
		refuses(
			() => random.categorical(key, zeros([3, 2]), { shape: [4] }),
			ShapeError,
			"categorical: ",
		);
	});

	test("no draw has a gradient of its own", () => {
		const f = (x: Tensor) => {
			const chosen = random.categorical(key, x).astype("float64");
			return chosen.add(random.bernoulli(key, x).astype("float64").sum());
		};
		same(grad(f)(tensor([0.25, 0.5])), [0, 0]);
	});

	const ops: Op[] = Object.values(random).flatMap((f) => ("op" in f ? [f.op as Op] : []));
	const general = [
		"its value has the shape and dtype of its rule",
		"a view gives what a copy gives",
	];
	for (const op of ops) {
		for (const claim of general) {
			test(`${op.name}: ${claim}`, () => {
				fc.assert(fc.property(fc.gen(), (gen) => laws[claim]!(op, drawFrom(gen))));
			});
		}
		test(`${op.name}: nothing in it depends on the order of evaluation`, () => {
			fc.assert(
				fc.property(fc.gen(), (gen) => {
					const { inputs, params } = op.sample!(drawFrom(gen));
					const type: { dtype: DType } = op.infer(inputs, params);
					const first = op.evaluate(inputs, params, op.infer(inputs, params));
					random.normal(random.key(1), [3]);
					same(op.evaluate(inputs, params, op.infer(inputs, params)), first);
					assert.is(first.dtype, type.dtype);
				}),
				{ numRuns: 20 },
			);
		});
	}
});
