import { setTimeout } from "node:timers/promises";
import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { compile } from "../../../lib/compile/index.ts";
import type { Pair } from "../../../lib/core/geometry.ts";
import { avgPool2d, type DType, grad, maxPool2d, random, type Tensor } from "../../../lib/index.ts";
import { geometryOf } from "../../../lib/kernels/windows.ts";
import { addWindows } from "../../../lib/ops/windows.ts";
import { near, same } from "../../near.ts";
import { sampled } from "../../runs.ts";
import { suite } from "../../suite.ts";

const draw = (seed: number, shape: readonly number[], dtype: DType = "float64") =>
	random.normal(random.key(seed), shape, { dtype: dtype as "float64" });

const geometry = (image: Pair, filter: Pair, stride: Pair, dilation: Pair = [1, 1]) =>
	geometryOf("spec", image, filter, { stride, dilation, groups: 1, padding: "valid" });

/**
 * Windows side by side, with a rest of the image that none of them shows; that overlap; with gaps;
 * one alone.
 */
const geometries = [
	geometry([7, 9], [2, 2], [2, 2]),
	geometry([6, 7], [3, 2], [1, 1]),
	geometry([9, 8], [2, 3], [2, 1], [3, 2]),
	geometry([9, 9], [1, 2], [4, 3]),
	geometry([3, 2], [3, 2], [1, 1]),
];

suite("compile/scatter-step", (test) => {
	test("windows of any geometry are added to the same bits as uncompiled in float64", () => {
		for (const given of geometries) {
			for (const lead of [[], [3], [2, 3], [0, 2], [1, 2, 2], [1, 1], [1, 3, 0]]) {
				const f = (x: Tensor) => addWindows(x, given);
				const x = draw(1, [...lead, ...given.result, ...given.filter]);
				same(compile(f)(x), f(x));
			}
		}
	});

	test("and in float32 up to the rounding of six terms", () => {
		for (const given of geometries) {
			const f = (x: Tensor) => addWindows(x, given);
			const x = draw(2, [2, ...given.result, ...given.filter], "float32");
			// Each of six sums is as large as 6 or so.
			near(compile(f)(x), f(x), 6 * 6 * 6e-8);
		}
	});

	test("the channels of one image are shared by threads", () => {
		const x = draw(7, [1, 8, 40, 40, 3, 3]);
		const f = compile((x: Tensor) => addWindows(x, geometry([42, 42], [3, 3], [1, 1])), {
			threads: 4,
		});
		assert.equal(
			f.explain(x).steps.map(({ threads }) => threads),
			[4],
		);
	});

	test("windows are read where they are, in whatever order", () => {
		const given = geometries[1]!;
		const f = (x: Tensor) => addWindows(x.slice([1, 4]).permute([0, 4, 1, 3, 2]).flip(1), given);
		const x = draw(3, [5, 6, 2, 3, 4]);
		same(compile(f)(x), f(x));
		const { steps } = compile(f).explain(x);
		assert.equal(
			steps.map(({ runs, ops }) => `${runs}: ${ops}`),
			["scatter: addWindows"],
		);
		assert.is(steps[0]!.flops, 3 * 4 * 6 * 3 * 2);
	});

	test("windows that do not overlap are put in their places by what computes them", () => {
		const loss = (x: Tensor) => maxPool2d(x, 2).sin().sum();
		const x = draw(5, [3, 8, 10]);
		const runs = compile(grad(loss))
			.explain(x)
			.steps.map(({ runs, ops }) => `${runs}: ${ops.join(" ")}`);
		assert.ok(runs.includes("reduction: maskFirst keepWhere addWindows"), runs.join());
	});

	test("pooling and its derivatives to second order are the same for any windows", () => {
		const pair = (max: number) =>
			fc.tuple(fc.integer({ min: 1, max }), fc.integer({ min: 1, max }));
		const given = fc.record({
			image: fc.tuple(fc.integer({ min: 4, max: 19 }), fc.integer({ min: 4, max: 19 })),
			window: pair(4),
			stride: pair(4),
			dtype: fc.constantFrom<DType>("float64", "float32"),
		});
		const property = fc.property(given, ({ image, window, stride, dtype }) => {
			// Small whole numbers have ties.
			const x = draw(6, [2, 3, ...image], dtype)
				.mul(2)
				.floor();
			const loss = (x: Tensor) =>
				maxPool2d(x, window, { stride })
					.sin()
					.sum()
					.add(avgPool2d(x, window, { stride }).cos().sum());
			const size = (x: Tensor) => grad(loss)(x).mul(x).square().sum();
			const all = (x: Tensor) => [maxPool2d(x, window, { stride }), grad(loss)(x), grad(size)(x)];
			// Some twenty terms, none greater than a few hundred, with half an ulp of 6e-8 each.
			const tolerance = dtype === "float64" ? 1e-11 : 1e-4;
			for (const [i, y] of compile(all)(x).entries()) near(y, all(x)[i]!, tolerance);
		});
		fc.assert(property, { numRuns: sampled(25) });
	});

	test("the gradients of pooling need no evaluation in JavaScript, in threads either", async () => {
		const loss = (x: Tensor) =>
			maxPool2d(x, 2)
				.square()
				.sum()
				.add(avgPool2d(x, 3, { stride: 2 }).sin().sum());
		const x = draw(4, [6, 3, 40, 41], "float32");
		const alone = compile(grad(loss))(x);
		near(alone, grad(loss)(x), 1e-6);
		const together = compile(grad(loss), { threads: 2 });
		const { steps } = together.explain(x);
		assert.ok(steps.every(({ runs }) => runs !== "evaluation"));
		const adding = steps.filter(({ ops }) => ops.includes("addWindows"));
		// Of one pooling windows with a rest of the image around them, which is filled before; of the
		// other ones that overlap.
		assert.equal(adding.map(({ runs, threads }) => `${runs} ${threads}`).sort(), [
			"loop 2",
			"reduction 2",
			"scatter 2",
		]);
		// Some runs before the threads have started, and some after.
		for (let run = 0; run < 20; run++) {
			same(together(x), alone);
			await setTimeout(5);
		}
	});
});
