import * as assert from "uvu/assert";
import { concat, ones, pad, roll, type Tensor } from "../../lib/index.ts";
import { copyRegionsOf, type Moves } from "../../lib/schedule/copy-regions.ts";
import { viewsOf } from "../../lib/schedule/view.ts";
import { suite } from "../suite.ts";
import { programOf } from "./schedules.ts";

/** From where and to where the last instruction of a function of a 2×3 tensor copies what. */
function regions(f: (x: Tensor) => Tensor, moves?: Moves) {
	const program = programOf(f, ones([2, 3]));
	const step = program.instructions.at(-1)!;
	const inputs = step.inputs.map(viewsOf(program));
	return copyRegionsOf(step, inputs, moves).map(({ from, strides, offset }) => [
		from.shape,
		{ strides: from.strides, offset: from.offset },
		{ strides, offset },
	]);
}

const whole = { strides: [3, 1], offset: 0 };

suite("schedule/copy-regions", (test) => {
	test("each argument of a concatenation has its place, side by side", () => {
		assert.equal(
			regions((x) => concat([x, x.flip(1)], 1)),
			[
				[[2, 3], whole, { strides: [6, 1], offset: 0 }],
				[[2, 3], { strides: [3, -1], offset: 2 }, { strides: [6, 1], offset: 3 }],
			],
		);
	});

	test("what is padded lies inside", () => {
		assert.equal(
			regions((x) => pad(x, 1)),
			[[[2, 3], whole, { strides: [5, 1], offset: 6 }]],
		);
	});

	test("what is rolled goes in two parts, the end to the front", () => {
		assert.equal(
			regions((x) => roll(x, 1, 1), { axis: 1, steps: [1, -2] }),
			[
				[[2, 2], whole, { strides: [3, 1], offset: 1 }],
				[[2, 1], { strides: [3, 1], offset: 2 }, { strides: [3, 1], offset: 0 }],
			],
		);
	});
});
