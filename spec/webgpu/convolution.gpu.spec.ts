import * as fc from "fast-check";
import * as assert from "uvu/assert";
import {
	convolutionPlan,
	convolutionTiles,
} from "../../lib/backends/webgpu/kernels/convolution.ts";
import type { Pair } from "../../lib/core/geometry.ts";
import { type Shape, sizeOf } from "../../lib/core/shape.ts";
import { geometryOf } from "../../lib/kernels/windows.ts";
import type { Convolution, KernelOf, Reading, Wanted } from "../../lib/schedule/kernel.ts";
import { suite } from "../suite.ts";
import { arraysOf, differsAt, epilogue, sizesIn } from "./product-kernels.ts";
import { inJavaScript, onDevice } from "./run-kernel.ts";

const WANTED: readonly Wanted[] = ["result", "image", "filter"];

interface ConvolutionCase {
	readonly samples?: number;
	/** Channels of a group. */
	readonly inputs: number;
	readonly outputs: number;
	readonly groups?: number;
	readonly image: Pair;
	readonly filter: Pair;
	readonly stride?: Pair;
	readonly dilation?: Pair;
	readonly padding?: Pair;
	readonly readings?: readonly Reading[];
}

/** The kernel of a case, and what it reads and writes. */
function caseOf(
	given: ConvolutionCase,
	wanted: Wanted,
	values: "whole" | "any",
	offsets: readonly number[] = [0],
) {
	const { samples = 2, groups = 1, image, filter, readings = [] } = given;
	const { stride = [1, 1], dilation = [1, 1], padding = [0, 0] } = given;
	const widths = [
		[padding[0], padding[1]],
		[padding[1], padding[0]],
	] as const;
	const options = { stride, dilation, groups, padding: widths };
	const geometry = geometryOf("conv2d", image, filter, options);
	const [inputs, outputs] = [given.inputs * groups, given.outputs * groups];
	const convolution: Convolution = { dtype: "float32", geometry, samples, inputs, outputs };
	const shapes: Record<Wanted, Shape> = {
		image: [samples, inputs, ...image],
		filter: [outputs, given.inputs, ...filter],
		result: [samples, outputs, ...geometry.result],
	};
	const shape = shapes[wanted];
	const kernel: KernelOf<"convolution"> = {
		...{ kind: "convolution", convolution, wanted },
		...epilogue(shape, readings, { row: 1 }),
	};
	const operands = {
		result: ["image", "filter"],
		image: ["result", "filter"],
		filter: ["image", "result"],
	};
	const others = readings.map((reading) => {
		return { element: sizeOf(shape), row: outputs, single: 1, column: 0 }[reading];
	});
	const sizes = operands[wanted].map((name) => sizeOf(shapes[name as Wanted]));
	const reads = arraysOf([...sizes, ...others], offsets, values);
	const array = new Float32Array(offsets[0]! + sizeOf(shape) + 5).fill(Number.NaN);
	return { kernel, reads, writes: [{ array, offset: offsets[0]! }] };
}

/** Asserts that whole numbers, whose sums are exact in any order, give what JavaScript gives. */
async function agrees(given: ConvolutionCase, wanted: Wanted, offsets?: number[]): Promise<void> {
	const { kernel, reads, writes } = caseOf(given, wanted, "whole", offsets);
	const expected = inJavaScript(kernel, reads, writes);
	const difference = differsAt(await onDevice(kernel, reads, writes), expected);
	if (difference !== null) throw new Error(`${wanted}, ${JSON.stringify(given)}: ${difference}`);
}

suite("webgpu/convolution", (test) => {
	test("convolutions of any sizes, strides, dilations and groups are exact in whole numbers", async () => {
		const few = fc.constantFrom(1, 2, 3, 5);
		const size = fc.tuple(fc.integer({ min: 6, max: 13 }), fc.integer({ min: 6, max: 13 }));
		const cases = fc.record({
			samples: fc.constantFrom(1, 2, 3),
			inputs: few,
			outputs: fc.constantFrom(1, 2, 10),
			groups: fc.constantFrom(1, 1, 3),
			image: size,
			filter: fc.tuple(fc.constantFrom(1, 2, 3), fc.constantFrom(1, 2, 3)),
			stride: fc.tuple(fc.constantFrom(1, 2, 3), fc.constantFrom(1, 2, 3)),
			dilation: fc.tuple(fc.constantFrom(1, 2), fc.constantFrom(1, 3)),
			padding: fc.tuple(fc.constantFrom(0, 1, 2), fc.constantFrom(0, 1)),
		});
		const wanted = fc.constantFrom(...WANTED);
		const offsets = fc.array(fc.constantFrom(0, 0, 4, 1), { minLength: 3, maxLength: 3 });
		await fc.assert(fc.asyncProperty(cases, wanted, offsets, agrees), {
			numRuns: 30,
			endOnFailure: true,
		});
	});

	test("so are those of blocks, pointwise ones, and of each channel alone", async () => {
		const blocks: ConvolutionCase[] = [
			{ inputs: 12, outputs: 33, image: [9, 10], filter: [3, 3], padding: [1, 1] },
			{ inputs: 16, outputs: 20, image: [8, 6], filter: [1, 1] },
			{ inputs: 12, outputs: 17, image: [7, 7], filter: [1, 1], stride: [2, 2] },
			{ inputs: 1, outputs: 1, groups: 6, image: [11, 12], filter: [3, 3], padding: [1, 1] },
			{ inputs: 1, outputs: 2, groups: 3, image: [12, 9], filter: [3, 3], stride: [2, 1] },
		];
		for (const given of blocks) for (const wanted of WANTED) await agrees(given, wanted);
	});

	test("so is what follows, by element, channel and one for all", async () => {
		const readings = ["element", "row", "single"] as const;
		const sizes = { inputs: 9, outputs: 12, filter: [3, 2], readings } as const;
		await agrees({ ...sizes, image: [8, 9] }, "result");
		await agrees({ ...sizes, image: [6, 8], groups: 2, padding: [1, 1] }, "result");
		await agrees({ ...sizes, image: [6, 8], outputs: 2, padding: [1, 1] }, "result");
	});

	test("long sums over many samples are split", async () => {
		const given = { samples: 9, inputs: 9, outputs: 12, image: [14, 15], filter: [3, 3] } as const;
		await agrees(given, "filter");
		await agrees({ ...given, inputs: 1, outputs: 3 }, "filter");
	});

	test("sums are within their bound, the same each time, and the same by all tiles", async () => {
		// As many roundings as terms, of partial sums that are no greater than the sum of their sizes.
		const given = {
			inputs: 9,
			outputs: 12,
			image: [9, 8],
			filter: [3, 3],
			padding: [1, 1],
		} as const;
		for (const wanted of WANTED) {
			const { kernel, reads, writes } = caseOf(given, wanted, "any");
			const greatest = inJavaScript(kernel, reads.map(sizesIn), writes).outputs[0]!;
			const bound = (_: number, i: number) => 200 * 2 ** -24 * greatest[i]!;
			const device = await onDevice(kernel, reads, writes);
			assert.is(differsAt(device, inJavaScript(kernel, reads, writes), bound), null);
			const tiles = convolutionTiles(kernel.convolution, wanted);
			for (const tile of [tiles[0]!, tiles.at(-1)!]) {
				const other = await onDevice(kernel, reads, writes, (operands) => {
					return convolutionPlan(kernel, operands, tile);
				});
				assert.is(differsAt(other, device), null);
			}
		}
	});
});
