import * as fc from "fast-check";
import { rowMajorStrides, sizeOf } from "../../lib/core/shape.ts";
import type { Scatter } from "../../lib/schedule/kernel.ts";
import { suite } from "../suite.ts";
import { arraysOf, differsAt } from "./product-kernels.ts";
import { inJavaScript, onDevice } from "./run-kernel.ts";

suite("webgpu/scatter", (test) => {
	test("windows of any sizes, strides, dilations and layouts add up as in JavaScript", async () => {
		const upTo = (most: number) => fc.integer({ min: 1, max: most });
		const pair = (most: number) => fc.tuple(upTo(most), upTo(most));
		const cases = fc.record({
			planes: fc.array(upTo(3), { maxLength: 2 }),
			filter: pair(3),
			count: pair(5),
			stride: pair(3),
			dilation: pair(3),
			beyond: fc.tuple(fc.nat(2), fc.nat(2)),
			isTransposed: fc.boolean(),
			offset: fc.constantFrom(0, 1, 4),
		});
		await fc.assert(
			fc.asyncProperty(cases, async ({ planes, filter, count, stride, dilation, ...more }) => {
				const size = (i: 0 | 1) =>
					(count[i] - 1) * stride[i] + (filter[i] - 1) * dilation[i] + 1 + more.beyond[i];
				const shape = [...planes, ...count, ...filter];
				// Transposed, the elements of a window lie apart, and windows beside each other.
				const strides = more.isTransposed
					? rowMajorStrides(shape.toReversed()).toReversed()
					: rowMajorStrides(shape);
				const images = [...planes, size(0), size(1)];
				const windows = { shape, strides };
				const scatter: Scatter = { dtype: "float32", windows, images, stride, dilation };
				const kernel = { kind: "scatter", scatter } as const;
				const reads = arraysOf([sizeOf(shape)], [more.offset], "whole");
				const writes = arraysOf([sizeOf(images)], [more.offset], "whole");
				const device = await onDevice(kernel, reads, writes);
				const difference = differsAt(device, inJavaScript(kernel, reads, writes));
				if (difference !== null) throw new Error(difference);
			}),
			{ numRuns: 40, endOnFailure: true },
		);
	});
});
