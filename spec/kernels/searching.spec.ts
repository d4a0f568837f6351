import * as assert from "uvu/assert";
import { placeAmong } from "../../lib/kernels/searching.ts";
import { suite } from "../suite.ts";

suite("kernels/searching", (test) => {
	test("the place is the number of elements before, on lines of every length", () => {
		for (let n = 0; n <= 20; n++) {
			const sorted = Float64Array.from({ length: n }, (_, i) => Math.floor(i / 3));
			for (const x of [-1, 0, 0.5, 1, 2, 6, 9]) {
				const [left, right] = [false, true].map((side) => placeAmong(sorted, 0, n, x, side));
				assert.is(left, sorted.filter((a) => a < x).length);
				assert.is(right, sorted.filter((a) => a <= x).length);
			}
		}
	});

	test("NaN stands last, and lines begin where it is said", () => {
		const sorted = Float64Array.of(9, 1, 2, Number.NaN, Number.NaN);
		assert.is(placeAmong(sorted, 1, 4, Number.NaN, false), 2);
		assert.is(placeAmong(sorted, 1, 4, Number.NaN, true), 4);
		assert.is(placeAmong(sorted, 1, 4, Number.POSITIVE_INFINITY, true), 2);
	});
});
