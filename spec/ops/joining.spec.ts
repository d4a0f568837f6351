import * as assert from "uvu/assert";
import {
	concat,
	DTypeError,
	grad,
	jvp,
	ShapeError,
	stack,
	type Tensor,
	tensor,
	zeros,
} from "../../lib/index.ts";
import { refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

const a = tensor([
	[1, 2],
	[3, 4],
]);
const b = tensor([[5, 6]]);

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
});
