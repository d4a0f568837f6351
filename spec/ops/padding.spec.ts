import * as assert from "uvu/assert";
import {
	DomainError,
	DTypeError,
	grad,
	jvp,
	type PadWidths,
	pad,
	ShapeError,
	type Tensor,
	tensor,
	zeros,
} from "../../lib/index.ts";
import { refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

const v = tensor([1, 2, 3]);
const x = tensor([
	[1, 2],
	[3, 4],
]);

suite("ops/padding", (test) => {
	test("pad adds a constant, by one width, a pair for all axes, or a pair for each", () => {
		same(pad(v, 1), [0, 1, 2, 3, 0]);
		same(pad(v, [2, 0], { value: 9 }), [9, 9, 1, 2, 3]);
		same(pad(x, [1, 0]), [
			[0, 0, 0],
			[0, 1, 2],
			[0, 3, 4],
		]);
		const each: PadWidths = [
			[0, 1],
			[2, 0],
		];
		same(pad(x, each, { value: -1 }), [
			[-1, -1, 1, 2],
			[-1, -1, 3, 4],
			[-1, -1, -1, -1],
		]);
		same(pad(5, []), 5);
	});

	test("the modes repeat the edge, mirror without it, or wrap around, as NumPy does", () => {
		// np.pad([1, 2, 3], (2, 5), mode) of NumPy 2.4
		same(pad(v, [2, 5], { mode: "edge" }), [1, 1, 1, 2, 3, 3, 3, 3, 3, 3]);
		same(pad(v, [2, 5], { mode: "reflect" }), [3, 2, 1, 2, 3, 2, 1, 2, 3, 2]);
		same(pad(v, [2, 5], { mode: "wrap" }), [2, 3, 1, 2, 3, 1, 2, 3, 1, 2]);
		same(pad(tensor([7]), 2, { mode: "reflect" }), [7, 7, 7, 7, 7]);
		same(
			pad(
				x,
				[
					[0, 1],
					[1, 0],
				],
				{ mode: "wrap" },
			),
			[
				[2, 1, 2],
				[4, 3, 4],
				[2, 1, 2],
			],
		);
	});

	test("the derivative does not depend on the constant, be it infinite", () => {
		for (const value of [0, 7, Infinity, Number.NaN]) {
			const f = (t: Tensor) => pad(t, 1, { value });
			const [, dy] = jvp(f, v, tensor([4, 5, 6]));
			same(dy, [0, 4, 5, 6, 0]);
			const w = tensor([1, 10, 100, 1000, 10000]);
			same(
				grad((t: Tensor) =>
					f(t)
						.slice([1, 4])
						.mul(w.slice([1, 4]))
						.sum(),
				)(v),
				[10, 100, 1000],
			);
		}
	});

	test("an element that padding repeats collects the gradient of each copy", () => {
		const w = tensor([1, 10, 100, 1000, 10000]);
		const at = (mode: "edge" | "reflect" | "wrap") =>
			grad((t: Tensor) => pad(t, 1, { mode }).mul(w).sum())(v);
		same(at("edge"), [11, 100, 11000]);
		same(at("reflect"), [10, 10101, 1000]);
		same(at("wrap"), [10010, 100, 1001]);
	});

	test("an empty axis takes a constant, and refuses to repeat what it does not have", () => {
		same(pad(zeros([0]), 1, { value: 3 }), [3, 3]);
		refuses(() => pad(zeros([0]), 1, { mode: "edge" }), ShapeError, "it has nothing to repeat");
		assert.equal(pad(zeros([0]), 0, { mode: "wrap" }).shape, [0]);
	});

	test("pad keeps the dtype, and refuses a constant that is not of it", () => {
		assert.is(pad(tensor([1], { dtype: "float32" }), 1).dtype, "float32");
		assert.is(pad(tensor([true]), 1, { value: 1 }).dtype, "bool");
		const int = tensor([1], { dtype: "int32" });
		refuses(() => pad(int, 1, { value: 0.5 }), DTypeError, "pad: 0.5 is not an int32");
	});

	test("pad refuses widths that are negative, broken or do not fit, and an unknown mode", () => {
		refuses(() => pad(v, -1), ShapeError, "pad: expected a whole number from 0");
		refuses(() => pad(v, [0.5, 1]), ShapeError, "got [0.5,1]");
		refuses(
			() => pad(x, [[1, 1]]),
			ShapeError,
			"or such a pair for each axis of (2×2), got [[1,1]]",
		);
		refuses(() => pad(x, [1, 2, 3] as unknown as PadWidths), ShapeError, "got [1,2,3]");
		refuses(() => pad(v, 1, { mode: "mirror" as "edge" }), DomainError, 'got "mirror"');
	});
});
