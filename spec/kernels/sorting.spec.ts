import * as assert from "uvu/assert";
import { allocate, type TypedArray } from "../../lib/core/dtype.ts";
import { radixOrder, radixSort } from "../../lib/kernels/radix.ts";
import { orderLines, sortLines } from "../../lib/kernels/sorting.ts";
import { suite } from "../suite.ts";

/** A NaN of other bits than JavaScript's own, with its sign set. */
const otherNaN = new Float64Array(Uint32Array.of(1, 0xfff00000).buffer)[0]!;
const odd = [0, -0, Number.NaN, otherNaN, Infinity, -Infinity, 1, -1, 2 ** -149, -5e-324];

let state = 1;
function random(): number {
	state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
	return state / 2 ** 32;
}

/** What is hard for digits: few values, equal upper halves, equal digits, all sizes. */
const draws: Record<string, () => number> = {
	"between −1 and 1": () => 2 * random() - 1,
	"a few whole numbers": () => Math.floor(7 * random()) - 3,
	"special ones": () => odd[Math.floor(odd.length * random())]!,
	"close to 1": () => 1 + random() * 2 ** -34,
	"below −1 by a little": () => -1 - Math.floor(5 * random()) * 2 ** -40,
	"all the same": () => -7,
	"of every size": () => (random() - 0.5) * 2 ** (600 * random() - 300),
	"all of int32": () => 2 ** 32 * (random() - 0.5),
};

/** The positions in order, by comparing the elements. */
function sortedByComparing(x: TypedArray, start: number, n: number, descending = false): number[] {
	const isLess = (a: number, b: number) => a < b || (Number.isNaN(b) && !Number.isNaN(a));
	return Array.from({ length: n }, (_, i) => i).sort((i, j) => {
		const [a, b] = [x[start + i]!, x[start + j]!];
		return (Number(isLess(b, a)) - Number(isLess(a, b))) * (descending ? -1 : 1);
	});
}

suite("sorting", (test) => {
	for (const dtype of ["float64", "float32", "int32", "bool"] as const) {
		test(`${dtype}: one line by its digits`, () => {
			for (const [name, draw] of Object.entries(draws)) {
				for (const n of [0, 1, 2, 64, 65, 333, 2500]) {
					// Not from the first element on.
					const x = allocate(dtype, n + 3).map(draw);
					const order = sortedByComparing(x, 3, n);
					const of = `${n}, ${name}`;
					assert.equal(radixOrder(x, 3, n, false).join(), order.join(), of);
					assert.equal(
						radixOrder(x, 3, n, true).join(),
						sortedByComparing(x, 3, n, true).join(),
						of,
					);
					const out = allocate(dtype, n + 4).fill(1);
					radixSort(x, 3, n, out);
					assert.ok(
						isSame(
							out.subarray(3, n + 3),
							order.map((i) => x[3 + i]!),
						),
						of,
					);
					assert.ok(out[2] === 1 && out[n + 3] === 1);
				}
			}
		});

		test(`${dtype}: lines are sorted alike as soon as there is code for them`, () => {
			// Blocks of all sizes and lanes without lines; the longest that there is room for, and more.
			const sizes = [
				[1, 9],
				[3, 2000],
				[7, 5],
				[8, 1],
				[9, 3],
				[100, 45],
				[129, 7],
				[1000, 5],
				[1024, 4],
				[1025, 2],
				[4096, 4],
				[4097, 4],
			] as const;
			for (let round = 0; round < 2; round++) {
				for (const [name, draw] of Object.entries(draws)) {
					for (const [n, lines] of sizes) {
						const x = allocate(dtype, n * lines).map(draw);
						const out = allocate(dtype, n * lines);
						sortLines(x, n, out);
						const [up, down] = [new Int32Array(n * lines), new Int32Array(n * lines)];
						orderLines(x, n, false, up);
						orderLines(x, n, true, down);
						for (let start = 0; start < x.length; start += n) {
							const of = `${lines} lines of ${n}, ${name}`;
							const places = [start, start + n] as const;
							const order = sortedByComparing(x, start, n);
							assert.ok(
								isSame(
									out.subarray(...places),
									order.map((i) => x[start + i]!),
								),
								of,
							);
							assert.ok(isSame(up.subarray(...places), order), of);
							const other = sortedByComparing(x, start, n, true);
							assert.ok(isSame(down.subarray(...places), other), of);
						}
					}
				}
			}
		});
	}
});

/** Whether numbers are the same, 0 and −0 told apart, and NaN whatever its bits. */
function isSame(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
	return a.length === b.length && Array.from(a).every((x, i) => Object.is(x, b[i]));
}
