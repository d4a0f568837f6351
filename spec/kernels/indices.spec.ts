import * as assert from "uvu/assert";
import { Tensor } from "../../lib/core/tensor.ts";
import { positionsOf } from "../../lib/kernels/indices.ts";
import { suite } from "../suite.ts";

/** The positions at indices of axis 2, which has this size. */
function positions(given: readonly number[], size: number): number[] {
	const indices = new Tensor(Int32Array.from(given), "int32", [given.length]);
	return [...positionsOf("take", indices, 2, size)];
}

suite("indices", (test) => {
	test("those of an axis of any size count from either end, or are refused by their number", () => {
		for (const size of [0, 1, 2, 7, 2 ** 30, 2 ** 30 + 1, 2 ** 31 - 1]) {
			const near = [0, size - 1, size, size + 1, -size, -size - 1].map((index) => index | 0);
			for (const index of [...near, 1 - 2 ** 31, -(2 ** 31), 2 ** 31 - 1]) {
				if (-size <= index && index < size) {
					const found = index < 0 ? index + size : index;
					assert.equal(positions([0, index, size - 1], size), [0, found, size - 1]);
				} else {
					const message = `take: index ${index} is out of range for axis 2 of size ${size}`;
					const isSaid = (error: Error) => error.message === message;
					assert.throws(() => positions(size === 0 ? [index] : [0, index, -1], size), isSaid);
				}
			}
		}
	});
});
