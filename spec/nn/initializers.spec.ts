import * as assert from "uvu/assert";
import { eye, random, type Tensor } from "../../lib/index.ts";
import * as initializers from "../../lib/nn/initializers.ts";
import { near, same } from "../near.ts";
import { suite } from "../suite.ts";

const { fans } = initializers;

/**
 * The mean and the variance of what is drawn are those promised, up to four standard errors of a
 * sample of this size.
 */
function hasVariance(x: Tensor, variance: number): void {
	const error = 4 / Math.sqrt(x.size);
	assert.ok(Math.abs(x.mean().item()) <= error * Math.sqrt(variance));
	// The variance of a square is at most 2·variance², that of the normal distribution.
	const ratio = x.square().mean().item() / variance;
	assert.ok(Math.abs(ratio - 1) <= error * Math.SQRT2, `${ratio} times the promised variance`);
}

const shapes = [
	{ shape: [40, 500], fanIn: 40, fanOut: 500 },
	{ shape: [60, 20, 3, 5], fanIn: 300, fanOut: 900 },
];

suite("nn/initializers", (test) => {
	for (const [name, initializer, variance] of [
		["glorotUniform", initializers.glorotUniform, (i: number, o: number) => 2 / (i + o)],
		["glorotNormal", initializers.glorotNormal, (i: number, o: number) => 2 / (i + o)],
		["heUniform", initializers.heUniform, (i: number) => 2 / i],
		["heNormal", initializers.heNormal, (i: number) => 2 / i],
		["lecunUniform", initializers.lecunUniform, (i: number) => 1 / i],
		["lecunNormal", initializers.lecunNormal, (i: number) => 1 / i],
		["normal", initializers.normal(0.3), () => 0.09],
		["truncatedNormal", initializers.truncatedNormal(0.3), () => 0.09],
	] as const) {
		test(`${name} has the variance that it promises, for matrices and for filters`, () => {
			for (const { shape, fanIn, fanOut } of shapes) {
				hasVariance(initializer(random.key(1), shape), variance(fanIn, fanOut));
			}
		});
	}

	test("orthogonal has orthonormal columns, or rows, times the gain", () => {
		const tall = initializers.orthogonal(2)(random.key(1), [7, 4]);
		near(tall.T.dot(tall), eye(4).mul(4), 1e-14);
		const wide = initializers.orthogonal()(random.key(2), [4, 3, 2]).reshape([4, 6]);
		near(wide.dot(wide.T), eye(4), 1e-14);
		hasVariance(initializers.orthogonal()(random.key(3), [80, 60]), 1 / 80);
	});

	test("orthogonal is drawn evenly: a reflected matrix is as likely", () => {
		const keys = random.split(random.key(5), 400);
		const found = keys.map((key) => initializers.orthogonal()(key, [2, 2]));
		const positive = found.filter((q) => q.determinant().item() > 0).length;
		// Four standard errors of 400 tosses.
		assert.ok(Math.abs(positive - 200) <= 40, `${positive} of 400 are rotations`);
		assert.ok(Math.abs(found.reduce((sum, q) => sum + q.slice(0, 0).item(), 0)) <= 4 * 20);
	});

	test("the uniform ones stay within √(3·variance), the truncated one within two deviations", () => {
		const limit = Math.sqrt(6 / 540);
		const x = initializers.glorotUniform(random.key(1), [40, 500]).abs().max().item();
		assert.ok(x <= limit && x > 0.99 * limit);
		const y = initializers.truncatedNormal(1)(random.key(1), [20000]).abs().max().item();
		assert.ok(y <= 2.2738 && y > 2.25, String(y));
	});

	test("fans are those of x·w and of filters, or as told", () => {
		assert.equal(fans([3, 5]), { fanIn: 3, fanOut: 5 });
		assert.equal(fans([4, 3, 2, 2]), { fanIn: 12, fanOut: 16 });
		assert.equal(fans([7]), { fanIn: 1, fanOut: 7 });
		const told = { fans: { fanIn: 10000, fanOut: 1 } };
		hasVariance(initializers.lecunNormal(random.key(1), [40, 500], told), 1e-4);
	});

	test("the dtype is that asked for, and the same key gives the same numbers", () => {
		const all = [
			initializers.heNormal,
			initializers.glorotUniform,
			initializers.orthogonal(),
			initializers.truncatedNormal(),
			initializers.constant(0.5),
		];
		for (const initializer of all) {
			const x = initializer(random.key(1), [3, 2], { dtype: "float32" });
			assert.is(x.dtype, "float32");
			same(x, initializer(random.key(1), [3, 2], { dtype: "float32" }));
			assert.is(initializer(random.key(1), [3, 2]).dtype, "float64");
		}
	});
});
