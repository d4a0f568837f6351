import * as assert from "uvu/assert";
import { ModuleBuilder } from "../../../../lib/asm/assembler.ts";
import { engine } from "../../../../lib/asm/engine.ts";
import type { Tiles } from "../../../../lib/asm/tile.ts";
import { defineConvolution } from "../../../../lib/backends/wasm/convolution/convolution.ts";
import { convolutionWork } from "../../../../lib/backends/wasm/convolution/window-blocks.ts";
import type { Pair } from "../../../../lib/core/geometry.ts";
import {
	collectFilters,
	convolveImages,
	spreadToImages,
} from "../../../../lib/kernels/convolve.ts";
import { geometryOf } from "../../../../lib/kernels/windows.ts";
import type { Convolution } from "../../../../lib/schedule/kernel.ts";
import { suite } from "../../../suite.ts";

const plain: Tiles = {
	vectors: [6, 4, 2, 2],
	tall: 8,
	joined: 1,
	depth: 64,
	rowBlock: 64,
	packedRows: 512,
	fused: false,
};
const fused = engine()?.fused ?? null;
const ways = fused === null ? [plain] : [plain, fused];

interface Case {
	readonly image: Pair;
	readonly filter: Pair;
	readonly stride?: Pair;
	readonly dilation?: Pair;
	readonly padding?: readonly [Pair, Pair];
	/** Samples, groups, and channels of a group in and out. */
	readonly channels: readonly [samples: number, groups: number, inputs: number, outputs: number];
}

function convolutionOf(dtype: Convolution["dtype"], given: Case): Convolution {
	const [samples, groups, inputs, outputs] = given.channels;
	const geometry = geometryOf("spec", given.image, given.filter, {
		stride: given.stride ?? [1, 1],
		dilation: given.dilation ?? [1, 1],
		padding: given.padding ?? [
			[0, 0],
			[0, 0],
		],
		groups,
	});
	return { dtype, geometry, samples, inputs: groups * inputs, outputs: groups * outputs };
}

const cases: Case[] = [
	{ image: [5, 7], filter: [3, 3], channels: [2, 1, 3, 4] },
	{ image: [6, 9], filter: [3, 2], stride: [2, 3], channels: [2, 2, 2, 5] },
	{
		image: [5, 6],
		filter: [3, 3],
		padding: [
			[1, 1],
			[2, 1],
		],
		channels: [1, 1, 2, 2],
	},
	{
		image: [7, 8],
		filter: [2, 3],
		dilation: [2, 3],
		stride: [1, 2],
		padding: [
			[3, 0],
			[1, 4],
		],
		channels: [2, 3, 1, 2],
	},
	// Some windows lie beside the image altogether.
	{
		image: [2, 2],
		filter: [1, 2],
		padding: [
			[2, 3],
			[3, 6],
		],
		channels: [1, 1, 1, 1],
	},
	// Windows that are the pixels themselves, some of them, or beside them.
	{ image: [4, 9], filter: [1, 1], channels: [2, 1, 5, 3] },
	{ image: [6, 9], filter: [1, 1], channels: [2, 2, 4, 2] },
	{ image: [5, 9], filter: [1, 1], stride: [2, 1], channels: [1, 1, 3, 2] },
	{
		image: [3, 4],
		filter: [1, 1],
		padding: [
			[1, 0],
			[0, 0],
		],
		channels: [1, 1, 2, 3],
	},
	{ image: [1, 40], filter: [1, 5], channels: [1, 1, 3, 9] },
	// Rows of many vectors, one beside the other, two and three pixels apart.
	{ image: [3, 85], filter: [2, 3], channels: [1, 1, 2, 3] },
	{
		image: [4, 155],
		filter: [3, 3],
		stride: [2, 2],
		padding: [
			[1, 1],
			[1, 1],
		],
		channels: [2, 1, 2, 3],
	},
	{ image: [3, 200], filter: [2, 2], stride: [1, 3], channels: [1, 2, 1, 2] },
	// Several blocks of rows, the last of them smaller, and several groups of channels.
	{ image: [45, 40], filter: [3, 3], channels: [1, 1, 16, 3] },
	{ image: [4, 4], filter: [2, 2], channels: [0, 1, 2, 2] },
	{ image: [4, 4], filter: [2, 2], channels: [2, 1, 0, 2] },
	{ image: [4, 4], filter: [2, 2], channels: [2, 1, 2, 0] },
];

/** Each product, what it is in eager evaluation, and which tensors it takes. */
const products = [
	{ kernel: convolveImages, first: "image", second: "filter", out: "result" },
	{ kernel: spreadToImages, first: "result", second: "filter", out: "image" },
	{ kernel: collectFilters, first: "image", second: "result", out: "filter" },
] as const;

function sizesOf({ geometry, samples, inputs, outputs }: Convolution) {
	const area = ([height, width]: Pair) => height * width;
	return {
		image: samples * inputs * area(geometry.image),
		filter: (outputs * inputs * area(geometry.filter)) / geometry.groups,
		result: samples * outputs * area(geometry.result),
	};
}

/** Runs a product in memory of its own, its parts one by one from the last to the first. */
function run(
	convolution: Convolution,
	{ first, second, out }: (typeof products)[number],
	tiles: Tiles,
	threads = 1,
) {
	const pages = 64;
	const m = new ModuleBuilder({ pages });
	defineConvolution(m, "run", convolution, out, tiles, threads);
	const { parts, scratch } = convolutionWork(convolution, out, tiles, threads);
	const memory = new WebAssembly.Memory({ initial: pages });
	const array = convolution.dtype === "float32" ? Float32Array : Float64Array;
	new Uint8Array(memory.buffer).fill(0x7b);
	let used = 16 + scratch;
	const sizes = sizesOf(convolution);
	const place = (size: number) => {
		const placed = new array(memory.buffer, used, size);
		used += 16 * Math.ceil((size * array.BYTES_PER_ELEMENT) / 16) + 16;
		return placed;
	};
	const [x, w, result] = [place(sizes[first]), place(sizes[second]), place(sizes[out])];
	const value = (i: number) => Math.sin(i * 12.9898 + 1) * 4;
	for (let i = 0; i < x.length; i++) x[i] = value(i);
	for (let i = 0; i < w.length; i++) w[i] = value(-i);
	const { exports } = new WebAssembly.Instance(new WebAssembly.Module(m.bytes()), {
		env: { memory },
	});
	const compute = exports.run as (...args: number[]) => void;
	for (let part = parts - 1; part >= 0; part--) {
		compute(x.byteOffset, w.byteOffset, result.byteOffset, 16, part, part + 1);
	}
	return { x, w, result, parts, beyond: new Uint8Array(memory.buffer, used, 64) };
}

suite("wasm/convolution", (test) => {
	for (const product of products) {
		test(`${product.kernel.name} gives in WebAssembly what it gives in JavaScript`, () => {
			for (const [i, given] of cases.entries()) {
				for (const dtype of ["float32", "float64"] as const) {
					const convolution = convolutionOf(dtype, given);
					for (const tiles of ways) {
						const { x, w, result, beyond } = run(convolution, product, tiles);
						const expected = product.kernel(x, w, convolution.geometry, convolution);
						// Up to 1,634 terms as large as 16 are added one by one in float32.
						const tolerance = dtype === "float32" ? 1e-3 : 1e-12;
						const wrong = expected.findIndex(
							(y, at) => !(Math.abs(y - result[at]!) <= tolerance * (1 + Math.abs(y))),
						);
						assert.is(wrong, -1, `case ${i} in ${dtype}: ${result[wrong]}, not ${expected[wrong]}`);
						assert.ok(beyond.every((byte) => byte === 0x7b));
					}
				}
			}
		});
	}

	test("the work has a part for each sample and group, or for some input channels", () => {
		const convolution = convolutionOf("float64", cases.find(({ channels }) => channels[2] === 16)!);
		const parts = products.map((product) => run(convolution, product, plain).parts);
		// 16 channels of 3×3 are 144 rows, in parts of at least 64.
		assert.equal(parts, [1, 1, 2]);
	});

	test("for several threads there are more parts where there are few, which give the same bits", () => {
		for (const [i, given] of cases.entries()) {
			for (const tiles of ways) {
				const convolution = convolutionOf("float32", given);
				for (const product of products) {
					const expected = run(convolution, product, tiles).result;
					for (const threads of [2, 5]) {
						const { result, beyond } = run(convolution, product, tiles, threads);
						const wrong = expected.findIndex((y, at) => !Object.is(y, result[at]));
						assert.is(wrong, -1, `case ${i}, ${product.out}: ${result[wrong]}`);
						assert.ok(beyond.every((byte) => byte === 0x7b));
					}
				}
			}
		}
		const convolution = convolutionOf("float64", cases.find(({ channels }) => channels[2] === 16)!);
		const parts = products.map((product) => run(convolution, product, plain, 2).parts);
		assert.equal(parts, [22, 2, 2]);
		const first = convolutionOf("float32", {
			image: [20, 20],
			filter: [3, 3],
			channels: [9, 1, 1, 32],
		});
		assert.equal(
			[1, 2].map((n) => run(first, products[2], plain, n).parts),
			[1, 2],
		);
	});
});
