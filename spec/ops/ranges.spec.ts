import * as assert from "uvu/assert";
import { drawFrom, numbersFrom } from "../../lib/check/sampling.ts";
import { sizeOf } from "../../lib/core/shape.ts";
import { elements } from "../../lib/core/strided.ts";
import { arange, slice } from "../../lib/index.ts";
import {
	doMeet,
	drawSections,
	rangesOf,
	type SliceRange,
	sectionsOf,
	tilingOf,
} from "../../lib/ops/ranges.ts";
import { suite } from "../suite.ts";

const partsOf = (shape: number[], ...ranges: SliceRange[][]) =>
	ranges.map((range) => sectionsOf("spec", range, shape));

suite("kinds/sections", (test) => {
	test("parts meet exactly if they have an element in common", () => {
		const draw = drawFrom(numbersFrom(5));
		let meeting = 0;
		for (let i = 0; i < 500; i++) {
			const shape = draw.shape({ maxRank: 3 });
			const parts = Array.from({ length: draw.integer(1, 3) }, () => drawSections(draw, shape));
			const whole = arange(sizeOf(shape)).reshape(shape);
			const taken = parts.flatMap((part) => [...elements(slice(whole, ...rangesOf(part)))]);
			const expected = new Set(taken).size < taken.length;
			assert.is(doMeet(parts), expected, JSON.stringify({ shape, parts: parts.map(rangesOf) }));
			if (expected) meeting++;
		}
		assert.ok(meeting > 100 && meeting < 400, String(meeting));
	});

	test("a tensor of any size is no matter: only the parts are looked at", () => {
		const shape = [2 ** 20, 2 ** 20, 2 ** 12];
		assert.not(doMeet(partsOf(shape, [null, [0, null, 2]], [null, [1, null, 2]], [[0, 0]])));
		assert.ok(doMeet(partsOf(shape, [5, 6, 7], [5, [0, 9], 7])));
	});

	test("parts tile a whole that they make up along one axis, in their order", () => {
		const shape = [4, 3];
		assert.equal(tilingOf(partsOf(shape, [null, 0], [null, 1], [null, 2])), {
			axis: 1,
			by: "index",
		});
		assert.equal(tilingOf(partsOf(shape, [[0, 1]], [[1, 4]])), { axis: 0, by: "range" });
		const others = [
			[
				[null, 0],
				[null, 1],
			],
			[
				[null, 1],
				[null, 2],
			],
			[
				[null, 1],
				[null, 0],
				[null, 2],
			],
			[
				[null, 0],
				[null, 0],
				[null, 2],
			],
			[
				[null, 0],
				[null, [1, 3]],
			],
			[
				[[0, 2], 0],
				[null, 1],
				[null, 2],
			],
			[[[0, 2]], [[3, 1, -1]]],
			[[], []],
		] as SliceRange[][][];
		for (const ranges of others) {
			assert.is(tilingOf(partsOf(shape, ...ranges)), null, JSON.stringify(ranges));
		}
	});
});
