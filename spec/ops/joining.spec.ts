import * as assert from "uvu/assert";
import {
	concat,
	DTypeError,
	grad,
	jvp,
	ShapeError,
	type SliceRange,
	slice,
	stack,
	type Tensor,
	tensor,
	zeros,
} from "../../lib/index.ts";
import { latexOf, numpyOf, typescriptOf } from "../../lib/notation/forms.ts";
import { addSlices } from "../../lib/ops/internal.ts";
import { trace } from "../../lib/program/trace.ts";
import { refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

const a = tensor([
	[1, 2],
	[3, 4],
]);
const b = tensor([[5, 6]]);
const v = tensor([1, 2, 3]);

suite("ops/joining", (test) => {
	test("concat lays tensors one after the other along any axis", () => {
		same(concat([a, b]), [
			[1, 2],
			[3, 4],
			[5, 6],
		]);
		same(concat([a, b.T], -1), [
			[1, 2, 5],
			[3, 4, 6],
		]);
		same(concat([b]), b);
	});

	test("concat takes views as they are seen", () => {
		same(concat([a.T, a.slice([null, null, -1])]), [
			[1, 3],
			[2, 4],
			[3, 4],
			[1, 2],
		]);
	});

	test("concat gives each tensor its part of the gradient, twice to one that stands twice", () => {
		const w = tensor([
			[1, 2],
			[3, 4],
			[5, 6],
			[7, 8],
		]);
		const [da, db] = grad(([p, q]: Tensor[]) => concat([q!, p!, q!]).mul(w).sum())([a, b]);
		same(da!, [
			[3, 4],
			[5, 6],
		]);
		same(db!, [[8, 10]]);
	});

	test("concat pushes a tangent to its place", () => {
		const [, dy] = jvp((p: Tensor) => concat([a, p]), b, tensor([[7, 8]]));
		same(dy, [
			[0, 0],
			[0, 0],
			[7, 8],
		]);
	});

	test("empty tensors take no place, and can be all there is", () => {
		same(concat([zeros([0, 2]), b, zeros([0, 2])]), b);
		assert.equal(concat([zeros([0, 2]), zeros([0, 2])]).shape, [0, 2]);
		assert.equal(concat([zeros([0, 2]), zeros([0, 3])], 1).shape, [0, 5]);
	});

	test("bool gives way to int32 and int32 to a float dtype, but float32 does not mix with float64", () => {
		const bool = tensor([true]);
		const int = tensor([2], { dtype: "int32" });
		const single = tensor([0.5], { dtype: "float32" });
		assert.is(concat([bool, bool]).dtype, "bool");
		assert.is(concat([bool, int]).dtype, "int32");
		const mixed = concat([bool, int, single]);
		assert.is(mixed.dtype, "float32");
		same(mixed, [1, 2, 0.5]);
		refuses(
			() => concat([single, tensor([1])]),
			DTypeError,
			"concat: expected tensors of one float dtype",
		);
		refuses(
			() => stack([single, int, tensor([1])]),
			DTypeError,
			'cast one with .astype("float32")',
		);
	});

	test("concat refuses other sizes that differ, scalars and no tensors at all", () => {
		refuses(
			() => concat([a, b], 1),
			ShapeError,
			"expected shapes that differ only along axis 1, got (2×2), (1×2)",
		);
		refuses(() => concat([a, tensor([5, 6])]), ShapeError, "differ only along axis 0");
		refuses(() => concat([tensor(1), tensor(2)]), ShapeError, "scalars go to stack");
		refuses(() => concat([]), ShapeError, "expected at least one tensor");
		refuses(() => concat([a], 2), ShapeError, "concat: axis 2 is out of range");
		refuses(() => concat(a as unknown as Tensor[]), ShapeError, "write concat([x, y])");
	});

	test("stack sets tensors side by side along a new axis", () => {
		const [p, q] = [tensor([1, 2]), tensor([3, 4])];
		same(stack([p, q]), [
			[1, 2],
			[3, 4],
		]);
		same(stack([p, q], -1), [
			[1, 3],
			[2, 4],
		]);
		assert.equal(stack([zeros([0]), zeros([0])], 1).shape, [0, 2]);
	});

	test("stack takes plain numbers in the dtype of the tensors", () => {
		const x = tensor(2, { dtype: "float32" });
		const out = stack([1, x, 3]);
		assert.is(out.dtype, "float32");
		same(out, [1, 2, 3]);
		refuses(() => stack([0.5, tensor(1, { dtype: "int32" })]), DTypeError, "0.5 is not an int32");
	});

	test("stack refuses shapes that differ and an axis out of range", () => {
		refuses(() => stack([a, b]), ShapeError, "expected tensors of one shape, got (2×2), (1×2)");
		refuses(() => stack([a, a], 3), ShapeError, "stack: axis 3 is out of range");
		refuses(() => stack([]), ShapeError, "expected at least one tensor");
	});

	test("the gradient of stack goes to each scalar", () => {
		const [x, y] = [tensor(2), tensor(3)];
		const f = ([s, t]: Tensor[]) =>
			stack([s!, t!, s!])
				.mul(tensor([1, 10, 100]))
				.sum();
		const [ds, dt] = grad(f)([x, y]);
		same(ds!, 101);
		same(dt!, 10);
	});

	test("addSlices adds tensors at ranges of their own, in their order where they meet", () => {
		same(
			addSlices(
				[tensor([1, 2]), 5],
				[2, 3],
				[
					[0, [0, 2]],
					[1, -1],
				],
			),
			[
				[1, 2, 0],
				[0, 0, 5],
			],
		);
		same(
			addSlices([v, v, tensor([10, 20])], [3], [[], [[null, null, -1]], [[null, null, 2]]]),
			[14, 4, 24],
		);
		const [one, big] = [tensor([0.1]), tensor([1e16])];
		same(addSlices([big, big.neg(), one], [1], [[], [], []]), [0.1]);
		same(addSlices([one, big, big.neg()], [1], [[], [], []]), [0]);
	});

	test("addSlices takes every dtype, and sums of int32 do not wrap", () => {
		const [i, b] = [tensor([1, 2], { dtype: "int32" }), tensor([true, true])];
		const f = tensor([1, 2], { dtype: "float32" });
		assert.is(addSlices([i, b], [3], [[[1]], [[0, 2]]]).dtype, "int32");
		same(addSlices([i, b], [3], [[[1]], [[0, 2]]]), [1, 2, 2]);
		same(addSlices([b, b], [2], [[], []]), [2, 2]);
		assert.is(addSlices([f, i], [3], [[[1]], [[0, 2]]]).dtype, "float32");
		const most = tensor([2 ** 31 - 1], { dtype: "int32" });
		refuses(() => addSlices([most, most], [1], [[], []]), DTypeError, "addSlices");
		refuses(() => addSlices([f, v], [3], [[[1]], []]), DTypeError, "addSlices");
	});

	test("addSlices refuses what does not fit", () => {
		refuses(
			() => addSlices([v], [2, 4], [[1]]),
			ShapeError,
			"addSlices: expected a tensor of shape (4), which is what the ranges take of (2×4), got (3)",
		);
		refuses(() => addSlices([], [2], []), ShapeError, "got 0 tensors and 0 lists");
		refuses(() => addSlices([v], [3], []), ShapeError, "got 1 tensors and 0 lists");
		refuses(() => addSlices([v], [2.5], [[]]), ShapeError, "sizes are whole numbers");
	});

	test("slices that are all there is print as the concatenation or the stack that they are", () => {
		const shapes: SliceRange[][][] = [
			[
				[null, 0],
				[null, 1],
			],
			[
				[null, [0, 1]],
				[null, [1, 2]],
			],
			[
				[null, 0],
				[null, [1, 2]],
			],
			[
				[null, 1],
				[null, 1],
			],
		];
		const texts = shapes.map((ranges) => {
			const x = zeros([2, 2]);
			const parts = ranges.map((range) => slice(x, ...range));
			const { program } = trace(parts, (given) => [addSlices(given, [2, 2], ranges)]);
			const { op, params } = program.instructions.at(-1)!;
			return [numpyOf, typescriptOf, latexOf].map((form) => form(op, ["x", "y"], params));
		});
		assert.equal(texts, [
			["np.stack((x, y,), axis=1)", "stack([x, y], 1)", "\\operatorname{stack}(x, y)"],
			["np.concatenate((x, y,), axis=1)", "concat([x, y], 1)", "\\operatorname{concat}(x, y)"],
			[
				"add_slices((x, y,), (2, 2,), (np.s_[:, 0], np.s_[:, 1:],))",
				"addSlices([x, y], [2, 2], [[null, 0], [null, [1, 2]]])",
				"\\operatorname{addSlices}(x \\to [:, 0], y \\to [:, 1:])",
			],
			[
				"add_slices((x, y,), (2, 2,), (np.s_[:, 1], np.s_[:, 1],))",
				"addSlices([x, y], [2, 2], [[null, 1], [null, 1]])",
				"\\operatorname{addSlices}(x \\to [:, 1], y \\to [:, 1])",
			],
		]);
	});
});
