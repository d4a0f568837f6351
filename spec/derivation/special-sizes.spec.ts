import * as assert from "uvu/assert";
import { checkText, derive } from "../../lib/derivation/index.ts";
import { random, type Tensor } from "../../lib/index.ts";
import { sampled } from "../runs.ts";
import { suite } from "../suite.ts";

const ONLY = "Holds for these shapes only";
const FORMS = ["numpy", "ts", "plain", "latex"] as const;
/** Sizes at which counts are 1, cancel, or are one another. */
const SPECIAL = [
	[1, 3],
	[2, 3],
	[3, 1],
	[1, 1],
	[2, 2],
	[6, 4],
	[4, 4],
] as const;

const normal = (seed: number, ...shape: number[]) => random.normal(random.key(seed), shape);
const centred = (x: Tensor, axis: number) => x.sub(x.mean(axis, { keepDims: true }));
const normalized = (x: Tensor, axis: number) => {
	const c = centred(x, axis);
	return c.div(c.square().mean(axis, { keepDims: true }).add(1e-5).sqrt());
};

/** Functions of two tensors of shape N×D. */
const FUNCTIONS: Record<string, (x: Tensor, y: Tensor) => Tensor> = {
	mean: (x, y) => x.sub(y).sigmoid().mean(0).sum(),
	"mean of a root": (x, y) => x.square().add(1).sqrt().mul(y).mean(),
	mse: (x, y) => x.sub(y).square().mean(),
	variance: (x, y) => centred(x, 0).square().mean(0).mul(y.sum(0)).sum(),
	"batch norm": (x, y) => normalized(x, 0).mul(y).sum(),
	"layer norm": (x, y) => normalized(x, 1).mul(y).sum(),
	softmax: (x, y) => x.softmax(1).mul(y).sum(),
	"cross entropy": (x, y) => x.logSoftmax(1).mul(y).sum(1).mean().neg(),
	attention: (q, k) => q.dot(k.T).div(Math.sqrt(q.shape[1]!)).softmax(1).dot(k).square().mean(),
};

function at(f: (x: Tensor, y: Tensor) => Tensor, N: number, D: number) {
	const args = { x: normal(1, N, D), y: normal(2, N, D) };
	return derive(f, args, { axes: { x: ["N", "D"], y: ["N", "D"] } });
}

suite("derivation/special sizes", (test) => {
	for (const [k, [name, f]] of Object.entries(FUNCTIONS).entries()) {
		const sizes = Array.from(
			{ length: sampled(SPECIAL.length) },
			(_, i) => SPECIAL[(k + 3 * i) % SPECIAL.length]!,
		);
		test(`${name}: what is printed does not depend on the sizes that it is derived at`, () => {
			const other = at(f, 5, 7);
			const expected = FORMS.map((form) => other.print(form));
			assert.not(expected.some((text) => text.includes(ONLY)));
			for (const [N, D] of sizes) {
				const derivation = at(f, N, D);
				for (const [i, form] of FORMS.entries()) {
					assert.is(derivation.print(form), expected[i], `${form} at ${N}×${D}`);
				}
				assert.ok(derivation.verify().ok, `${N}×${D}`);
			}
		});

		test(`${name}: what is printed at a special size holds at another`, () => {
			const [small, large] = [at(f, 1, 2), at(f, 5, 7)];
			for (const form of ["ts", "plain"] as const) {
				const found = checkText(small.print(form), form, large);
				assert.equal(found.wrong, [], String(found));
				assert.ok(found.ok, String(found));
			}
		});
	}

	test("values and costs are those at the arguments", () => {
		const derivation = at(FUNCTIONS.mse!, 1, 2);
		const [x, y] = [normal(1, 1, 2), normal(2, 1, 2)];
		const line = derivation.backward.find(({ gradientOf }) => gradientOf === "x")!;
		const expected = x.sub(y).toArray();
		assert.equal(derivation.values().get(line.value)!.toArray(), expected);
		const read = derivation.cost().lines.find(({ variable }) => variable === "grad_x")!;
		// x, y and the gradient, of two float64 each.
		assert.is(read.bytes, 3 * 2 * 8);
	});

	test("a function that does something else at a size says that it holds for these shapes only", () => {
		const squeezed = (x: Tensor, y: Tensor) =>
			x.shape[0] === 1 ? x.mul(y).square().mean() : x.mul(y).exp().mean();
		const unbiased = (x: Tensor, y: Tensor) =>
			centred(x.mul(y), 0)
				.square()
				.sum(0)
				.div(Math.max(x.shape[0]! - 1, 1))
				.mean();
		for (const f of [squeezed, unbiased]) {
			const one = at(f, 1, 3);
			assert.match(one.print("numpy"), ONLY);
			assert.ok(one.verify().ok);
			assert.not.match(at(f, 2, 3).print("numpy"), ONLY);
		}
	});

	test("constants of the function that follow sizes are made from those", () => {
		const causal = (q: Tensor, k: Tensor) => {
			const below = normal(1, q.shape[0]!, q.shape[0]!).mul(0).add(1).tril();
			return q.dot(k.T).mul(below).square().mean();
		};
		const [small, large] = [at(causal, 2, 1), at(causal, 5, 7)];
		assert.is(small.print("ts"), large.print("ts"));
		assert.ok(small.verify().ok);
	});

	test("axes without a name keep their sizes beside special ones", () => {
		const f = (x: Tensor, z: Tensor) => x.square().mean().add(z.square().mean());
		const text = (N: number) =>
			derive(f, { x: normal(1, N, 1), z: normal(2, 7) }, { axes: { x: ["N", "D"] } }).print(
				"numpy",
			);
		assert.is(text(2), text(5));
		assert.match(text(1), "2.0 * x / (N * D)");
	});

	test("a number that the function has is not made a fraction of a count", () => {
		const f = (x: Tensor, y: Tensor) => x.exp().sqrt().mul(y).sum();
		const text = (N: number) =>
			derive(f, { x: normal(1, N), y: normal(2, N) })
				.print("numpy")
				.replaceAll(`(${N})`, "");
		for (const N of [4, 6, 8]) assert.is(text(N), text(5));
		assert.not.match(text(4), ONLY);
	});
});
