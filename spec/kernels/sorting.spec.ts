import * as assert from "uvu/assert";
import { allocate, type DType } from "../../lib/core/dtype.ts";
import { mergedOrder, sortedOrder, sortInto } from "../../lib/kernels/sorting.ts";
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

suite("sorting", (test) => {
	test("keys dealt out by digits come in the order of the merge sort, to the position", () => {
		for (const dtype of ["float64", "float32", "int32", "bool"] as DType[]) {
			for (const [name, draw] of Object.entries(draws)) {
				for (const n of [200, 333, 2500]) {
					// Not from the first element on.
					const x = allocate(dtype, n + 3).map(draw);
					for (const descending of [false, true]) {
						assert.equal(
							sortedOrder(x, 3, n, descending).join(),
							mergedOrder(x, 3, n, descending).join(),
							`${n} of ${dtype}, ${name}`,
						);
					}
				}
			}
		}
	});

	test("elements sorted without their positions are those at the sorted positions, 0 beside −0 too", () => {
		for (const dtype of ["float64", "float32", "int32", "bool"] as DType[]) {
			for (const [name, draw] of Object.entries(draws)) {
				for (const n of [0, 1, 199, 200, 2500]) {
					const x = allocate(dtype, n + 3).map(draw);
					const out = allocate(dtype, n + 2).fill(1);
					sortInto(x, 3, n, out, 1);
					const order = mergedOrder(x, 3, n, false);
					const at = order.findIndex((position, i) => !Object.is(out[i + 1], x[3 + position]));
					assert.is(at, -1, `${n} of ${dtype}, ${name}`);
					assert.ok(out[0] === 1 && out[n + 1] === 1);
				}
			}
		}
	});
});
