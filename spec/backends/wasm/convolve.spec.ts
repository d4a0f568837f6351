import { setTimeout } from "node:timers/promises";
import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { compile } from "../../../lib/compile/index.ts";
import {
	conv2d,
	convTranspose2d,
	type DType,
	grad,
	random,
	type Tensor,
	zeros,
} from "../../../lib/index.ts";
import { near, same } from "../../near.ts";
import { sampled } from "../../runs.ts";
import { suite } from "../../suite.ts";

type Options = NonNullable<Parameters<typeof conv2d>[2]>;

interface Case {
	readonly image: readonly number[];
	readonly filters: readonly number[];
	readonly options: Options;
}

const cases: readonly Case[] = [
	{ image: [2, 3, 5, 7], filters: [4, 3, 3, 3], options: {} },
	{ image: [3, 4, 9, 6], filters: [6, 2, 3, 2], options: { stride: [2, 3], groups: 2 } },
	{
		image: [1, 3, 7, 8],
		filters: [6, 1, 2, 3],
		options: {
			stride: [1, 2],
			dilation: [2, 3],
			groups: 3,
			padding: [
				[3, 0],
				[1, 4],
			],
		},
	},
	{ image: [2, 1, 11, 13], filters: [5, 1, 3, 3], options: { padding: "same" } },
	{ image: [1, 16, 17, 9], filters: [9, 16, 1, 1], options: {} },
	{ image: [0, 2, 4, 4], filters: [3, 2, 2, 2], options: {} },
	{ image: [2, 2, 4, 4], filters: [0, 2, 2, 2], options: {} },
];

const draw = (seed: number, shape: readonly number[], dtype: DType = "float64") =>
	random.normal(random.key(seed), shape, { dtype: dtype as "float64" });

/**
 * A convolution and its derivatives with respect to images and filters, with cotangents that
 * differ.
 */
function allThree(options: Options) {
	const loss = ([x, w]: readonly [Tensor, Tensor]) => conv2d(x, w, options).sin().sum();
	return (x: Tensor, w: Tensor) => [conv2d(x, w, options), ...grad(loss)([x, w])];
}

const runsOf = (f: (...args: Tensor[]) => unknown, ...args: Tensor[]) =>
	compile(f)
		.explain(...args)
		.steps.filter(({ runs }) => runs !== "loop" && runs !== "reduction")
		.map(({ runs, ops }) => `${runs}: ${ops.join(" ")}`);

suite("compile/convolution-step", (test) => {
	for (const dtype of ["float64", "float32"] as const) {
		test(`a convolution and its gradients are in ${dtype} what they are uncompiled`, () => {
			// Compiled float32 is summed in float32: 286 terms around 1 reach √286, and as many roundings
			// of 6e-8 of that add up to √286 of one.
			const tolerance = dtype === "float64" ? 1e-12 : 286 * 6e-8;
			for (const { image, filters, options } of cases) {
				const args = [draw(1, image, dtype), draw(2, filters, dtype)] as const;
				const expected = allThree(options)(...args);
				const actual = compile(allThree(options))(...args);
				for (const [i, x] of actual.entries()) near(x, expected[i]!, tolerance);
			}
		});
	}

	test("all three run as convolutions, each with the same number of operations", () => {
		const { image, filters, options } = cases[1]!;
		const { steps } = compile(allThree(options)).explain(draw(1, image), draw(2, filters));
		const convolutions = steps.filter(({ runs }) => runs === "convolution");
		// Windows: 4 rows and 2 columns of them in each of 3 samples.
		const flops = 2 * 6 * 2 * 3 * 2 * 3 * 4 * 2;
		assert.equal(convolutions.map(({ ops, flops }) => [...ops, flops]).sort(), [
			["convolve", flops],
			["convolveFilter", flops],
			["convolveInput", flops],
		]);
		assert.ok(steps.every(({ runs }) => runs !== "evaluation"));
	});

	test("so are a transposed convolution and derivatives of derivatives", () => {
		const options = { stride: 2, padding: 1, outputPadding: 1 };
		const loss = ([x, w]: readonly [Tensor, Tensor]) => convTranspose2d(x, w, options).sin().sum();
		const size = ([x, w]: readonly [Tensor, Tensor]) => {
			const [dx, dw] = grad(loss)([x, w]);
			return dx.square().sum().add(dw.square().sum());
		};
		const args = [draw(1, [2, 3, 4, 5]), draw(2, [3, 2, 3, 3])] as const;
		const expected = grad(size)(args);
		for (const [i, x] of compile(grad(size))(args).entries()) near(x, expected[i]!);
	});

	test("what follows a convolution is computed before its results are stored", () => {
		const pair = (min: number, max: number) =>
			fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }));
		const given = fc.record({
			image: pair(3, 11),
			filter: pair(1, 3),
			stride: pair(1, 2),
			padding: pair(0, 1),
			dilation: pair(1, 1),
			groups: fc.integer({ min: 1, max: 3 }),
			dtype: fc.constantFrom<DType>("float64", "float32"),
		});
		const property = fc.property(given, ({ image, filter, groups, dtype, ...options }) => {
			const x = draw(1, [2, 2 * groups, ...image], dtype);
			const w = draw(2, [5 * groups, 2, ...filter], dtype);
			const b = draw(3, [5 * groups, 1, 1], dtype);
			const { shape } = conv2d(x, w, { ...options, groups });
			const z = draw(4, shape, dtype);
			const f = (x: Tensor, w: Tensor, b: Tensor, z: Tensor) => {
				const y = conv2d(x, w, { ...options, groups });
				const h = y.add(b);
				return [h.relu(), h, y.mul(z).sub(b.slice(0)), z.less(y).where(y.mul(2), z)];
			};
			// Both the tensors and sums of their products are around 1.
			const tolerance = dtype === "float64" ? 1e-12 : 1e-5;
			const expected = f(x, w, b, z);
			for (const [i, y] of compile(f)(x, w, b, z).entries()) near(y, expected[i]!, tolerance);
			assert.is(runsOf(f as never, x, w, b, z).length, 1);
		});
		fc.assert(property, { numRuns: sampled(60) });
	});

	test("a reading that is neither of elements nor of channels stays a loop of its own", () => {
		const f = (x: Tensor, w: Tensor, z: Tensor) => conv2d(x, w).add(z);
		const [x, w] = [draw(1, [2, 2, 5, 6]), draw(2, [3, 2, 2, 2])];
		for (const shape of [[5], [4, 5], [3, 4, 5], [2, 1, 1, 1], [2, 3, 1, 1]]) {
			const z = draw(3, shape);
			near(compile(f)(x, w, z), f(x, w, z), 1e-12);
			assert.equal(runsOf(f as never, x, w, z), ["convolution: convolve"]);
		}
	});

	test("what does not lie in row-major order is copied before", () => {
		const f = (x: Tensor, w: Tensor, one: Tensor) => [
			conv2d(x.permute([3, 0, 2, 1]), w.flip([2, 3])),
			conv2d(x.slice([1, 3]), w),
			conv2d(x, one.broadcastTo([2, 4, 2, 2])),
			conv2d(zeros([1, 4, 5, 3]).add(1), w),
		];
		const args = [draw(1, [4, 4, 5, 4]), draw(2, [3, 4, 2, 2]), draw(3, [])] as const;
		for (const [i, x] of compile(f)(...args).entries()) near(x, f(...args)[i]!);
	});

	test("integers are convolved by the op's own evaluation", () => {
		const [x, w] = [
			zeros([1, 1, 3, 3], { dtype: "int32" }),
			zeros([1, 1, 2, 2], { dtype: "int32" }),
		];
		assert.equal(
			runsOf((a, b) => conv2d(a!, b!), x, w),
			["evaluation: convolve"],
		);
	});

	test("two threads give the same bits as one", async () => {
		const f = allThree({ padding: "same" });
		const args = [draw(1, [5, 16, 12, 13], "float32"), draw(2, [6, 16, 3, 3], "float32")] as const;
		const alone = compile(f)(...args);
		const together = compile(f, { threads: 2 });
		const shared = together.explain(...args).steps.filter(({ runs }) => runs === "convolution");
		assert.equal(
			shared.map(({ threads }) => threads),
			[2, 2, 2],
		);
		// Some runs before the threads have started, and some after.
		for (let run = 0; run < 30; run++) {
			for (const [i, x] of together(...args).entries()) same(x, alone[i]!);
			await setTimeout(5);
		}
	});
});
