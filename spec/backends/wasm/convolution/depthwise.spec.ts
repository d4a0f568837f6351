import { setTimeout } from "node:timers/promises";
import * as assert from "uvu/assert";
import { depthwiseFor } from "../../../../lib/backends/wasm/convolution/depthwise.ts";
import { compile } from "../../../../lib/compile/index.ts";
import type { Pair } from "../../../../lib/core/geometry.ts";
import { conv2d, random, type Tensor, vjp } from "../../../../lib/index.ts";
import { geometryOf } from "../../../../lib/kernels/windows.ts";
import { near, same } from "../../../near.ts";
import { suite } from "../../../suite.ts";

const normal = (seed: number, shape: readonly number[]) => random.normal(random.key(seed), shape);

interface Case {
	readonly image: Pair;
	readonly filter: Pair;
	readonly stride?: number | Pair;
	readonly dilation?: number | Pair;
	readonly padding?: number | readonly [Pair, Pair];
}

const cases: Case[] = [
	// Rows of one vector, of one and a part, and of more than a tile has.
	{ image: [6, 6], filter: [3, 3] },
	{ image: [9, 7], filter: [3, 2] },
	{ image: [7, 7], filter: [3, 3], padding: 1 },
	{ image: [14, 14], filter: [5, 5], padding: 2 },
	{ image: [28, 28], filter: [3, 3], padding: 1 },
	{ image: [5, 71], filter: [3, 3], padding: 1 },
	{ image: [1, 40], filter: [1, 5] },
	// Windows that lie apart, and pixels in them.
	{ image: [15, 15], filter: [3, 3], stride: 2, padding: 1 },
	{ image: [11, 23], filter: [2, 3], stride: [1, 3], dilation: [2, 1] },
	{
		image: [12, 13],
		filter: [3, 3],
		dilation: [1, 3],
		padding: [
			[2, 0],
			[1, 4],
		],
	},
	// Windows beside the image, and images of which windows leave a part out.
	{
		image: [3, 4],
		filter: [2, 2],
		padding: [
			[3, 2],
			[0, 5],
		],
	},
	{ image: [9, 9], filter: [1, 1], padding: 1 },
	{ image: [10, 12], filter: [3, 3], stride: [3, 2] },
	// Results that are narrower than a vector.
	{ image: [8, 3], filter: [3, 3], padding: 1 },
];

/** A convolution of each channel by itself with something after it, and its gradients. */
function layer({ image: _, filter: __, ...options }: Case) {
	return (x: Tensor, w: Tensor, b: Tensor, g: Tensor) => {
		const f = (x: Tensor, w: Tensor) => conv2d(x, w, { ...options, groups: x.shape[1]! });
		const [, toImage] = vjp((x: Tensor) => f(x, w), x);
		const [, toFilter] = vjp((w: Tensor) => f(x, w), w);
		return [f(x, w).add(b).maximum(0.1), toImage(g), toFilter(g)];
	};
}

function argumentsOf({ image, filter, ...options }: Case, dtype: "float32" | "float64") {
	const [x, w] = [normal(1, [2, 3, ...image]), normal(2, [3, 1, ...filter])];
	const b = normal(3, [3, 1, 1]);
	const g = normal(4, conv2d(x, w, { ...options, groups: 3 }).shape);
	return [x, w, b, g].map((y) => y.astype(dtype)) as [Tensor, Tensor, Tensor, Tensor];
}

suite("wasm/convolution/depthwise", (test) => {
	test("convolutions of channels by themselves give what the ops give", () => {
		for (const [i, given] of cases.entries()) {
			for (const dtype of ["float32", "float64"] as const) {
				const args = argumentsOf(given, dtype);
				const expected = layer(given)(...args);
				for (const reproducible of [false, true]) {
					const actual = compile(layer(given), { reproducible })(...args);
					for (const [k, y] of actual.entries()) {
						try {
							near(y, expected[k]!, dtype === "float32" ? 1e-5 : 1e-13);
						} catch (error) {
							assert.unreachable(`case ${i} in ${dtype}, ${k}: ${(error as Error).message}`);
						}
					}
				}
			}
		}
	});

	test("their bits do not depend on threads or on the place in a batch", async () => {
		const given = cases[4]!;
		const [x, w, b, g] = argumentsOf(given, "float32");
		const alone = compile(layer(given))(x, w, b, g);
		const second = compile(layer(given))(x.slice([1, 2]), w, b, g.slice([1, 2]));
		same(second[0]!, alone[0]!.slice([1, 2]));
		same(second[1]!, alone[1]!.slice([1, 2]));
		const together = compile(layer(given), { threads: 2 });
		for (let run = 0; run < 10; run++) {
			for (const [k, y] of together(x, w, b, g).entries()) same(y, alone[k]!);
			await setTimeout(2);
		}
	});

	test("results are computed so, images for steps of one pixel, filters not", () => {
		const wanted = ["result", "image", "filter"] as const;
		const found = [1, 2].map((step) => {
			const options = {
				stride: [step, step],
				dilation: [1, 1],
				padding: [
					[1, 1],
					[1, 1],
				],
			} as const;
			const geometry = geometryOf("spec", [9, 9], [3, 3], { ...options, groups: 4 });
			const convolution = {
				dtype: "float32",
				geometry,
				samples: 1,
				inputs: 4,
				outputs: 4,
			} as const;
			return wanted.map((each) => depthwiseFor(convolution, each) !== null);
		});
		assert.equal(found, [
			[true, true, false],
			[true, false, false],
		]);
	});
});
