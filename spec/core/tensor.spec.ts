import { inspect } from "node:util";
import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { compile } from "../../lib/compile/index.ts";
import {
	arange,
	DTypeError,
	GradientError,
	grad,
	ones,
	ShapeError,
	Tensor,
	TraceError,
	type TypedArray,
	tensor,
	zeros,
} from "../../lib/index.ts";
import { near, refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

suite("tensor", (test) => {
	test("shape, rank, size and dtype describe a tensor", () => {
		const x = tensor([[1, 2, 3]]);
		assert.equal([x.shape, x.rank, x.size, x.dtype], [[1, 3], 2, 3, "float64"]);
		const scalar = tensor(4);
		assert.equal([scalar.shape, scalar.rank, scalar.size], [[], 0, 1]);
		const empty = zeros([2, 0]);
		assert.equal([empty.shape, empty.rank, empty.size], [[2, 0], 2, 0]);
	});

	test("views share storage", () => {
		const x = arange(6);
		for (const view of [x.reshape([2, 3]), x.reshape([2, 3]).T, x.broadcastTo([4, 6])]) {
			assert.is(view.storage, x.storage);
		}
		assert.is(x.reshape([2, 3]).T.T.storage, x.storage);
	});

	test("a reshape that no strides can show is a copy", () => {
		const x = arange(6).reshape([2, 3]);
		const y = x.T.reshape([6]);
		assert.is.not(y.storage, x.storage);
		same(y, [0, 3, 1, 4, 2, 5]);
	});

	test("writing to data changes no tensor", () => {
		const x = arange(3);
		const view = x.broadcastTo([2, 3]);
		x.data.fill(9);
		view.data.fill(9);
		same(x, [0, 1, 2]);
		same(view, [
			[0, 1, 2],
			[0, 1, 2],
		]);
		assert.is.not(x.data, x.data);
	});

	test("writing to what toArray gives changes no tensor", () => {
		const x = tensor([[1, 2]]);
		const rows = x.toArray() as number[][];
		rows[0]![0] = 9;
		same(x, [[1, 2]]);
	});

	test("writing to what a tensor was made of does not change it", () => {
		for (const source of [Float64Array.of(1, 2), Float32Array.of(1, 2), Int32Array.of(1, 2)]) {
			const x = tensor(source);
			source[0] = 9;
			same(x, [1, 2]);
		}
		const shape = [2, 1];
		const made = [
			tensor([1, 2], { shape }),
			ones(shape),
			arange(2).reshape(shape),
			tensor(1).broadcastTo(shape),
		];
		shape[0] = 9;
		for (const x of made) assert.equal(x.shape, [2, 1]);
	});

	test("data holds the elements in row-major order, in the dtype's kind of array", () => {
		const x = tensor([
			[1, 0],
			[0, 1],
			[1, 1],
		]);
		const kinds: [Tensor, new (values: number[]) => TypedArray][] = [
			[x, Float64Array],
			[x.astype("float32"), Float32Array],
			[x.astype("int32"), Int32Array],
			[x.astype("bool"), Uint8Array],
		];
		for (const [y, kind] of kinds) assert.equal(y.T.data, new kind([1, 0, 1, 0, 1, 1]));
	});

	test("data of a part of a tensor is no longer than the part", () => {
		assert.is(new Tensor(Float64Array.of(1, 2, 3), "float64", [2], [1], 1).data.length, 2);
		assert.is(
			new Tensor(Float64Array.of(1, 2, 3), "float64", [2], [1], 1).data.buffer.byteLength,
			16,
		);
	});

	test("toArray nests as deep as the rank, and gives booleans for bool", () => {
		assert.equal(arange(4).reshape([2, 1, 2]).toArray(), [[[0, 1]], [[2, 3]]]);
		assert.equal(tensor([[true], [false]]).toArray(), [[true], [false]]);
		assert.equal(tensor([1, 2], { dtype: "int32" }).toArray(), [1, 2]);
		assert.equal(tensor([0.1], { dtype: "float32" }).toArray(), [Math.fround(0.1)]);
		assert.is(tensor(7).toArray(), 7);
		assert.is(tensor(true).toArray(), true);
		assert.equal(zeros([2, 0]).toArray(), [[], []]);
		assert.equal(zeros([0, 2]).toArray(), []);
	});

	test("tensor(x.toArray()) is x", () => {
		fc.assert(
			fc.property(fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 4 }), (shape) => {
				const x = arange(shape.reduce((a, b) => a * b, 1)).reshape(shape).T;
				same(tensor(x.toArray()), x);
			}),
		);
	});

	test("item gives the only element, whatever the rank", () => {
		assert.is(tensor(2.5).item(), 2.5);
		assert.is(tensor([[[2.5]]]).item(), 2.5);
		assert.is(tensor(true).item(), 1);
		assert.is(new Tensor(Float64Array.of(1, 2, 3), "float64", [1], [1], 2).item(), 3);
	});

	test("item refuses none and several", () => {
		refuses(() => tensor([1, 2]).item(), ShapeError, "exactly one element, got shape (2)");
		refuses(() => zeros([0]).item(), ShapeError, "got shape (0)");
	});

	test("T reverses the axes", () => {
		assert.equal(zeros([2, 3, 4]).T.shape, [4, 3, 2]);
		assert.equal(zeros([2]).T.shape, [2]);
		assert.equal(zeros([]).T.shape, []);
	});

	test("console.log shows shape, dtype and aligned elements", () => {
		assert.is(
			inspect(
				tensor([
					[1, 2.5],
					[-10, 3],
				]),
			),
			"Tensor (2×2) float64\n  [[  1.    2.5]\n   [-10.    3. ]]",
		);
		assert.is(inspect(tensor(2)), "Tensor () float64 2.");
		assert.is(inspect(zeros([0, 3], { dtype: "int32" })), "Tensor (0×3) int32 []");
		assert.is(inspect(tensor([true])), "Tensor (1) bool [ true]");
	});

	test("fast-check shows a counterexample as console.log does", () => {
		assert.is(fc.stringify(tensor([1, 2])), inspect(tensor([1, 2])));
	});

	test("ops are methods", () => {
		near(arange(3).add(1).mul(2), [2, 4, 6]);
	});

	test("a tensor remembers how it came about only while it is differentiated", () => {
		let seen: Tensor | undefined;
		const x = tensor(3);
		const g = grad((x: Tensor) => {
			seen = x.square();
			return seen;
		})(x);
		assert.is(x.node, null);
		assert.is(g.node, null);
		assert.is.not(seen?.node, null);
		assert.is(seen?.add(1).node, null);
	});

	test("where JavaScript takes a number, a tensor is its one element, to the last digit", () => {
		const x = tensor(0.1234567890123456) as unknown as number;
		assert.is(Number(x), 0.1234567890123456);
		assert.is(x * 2, 0.2469135780246912);
		assert.is(x < 0.12345678901234561, true);
		assert.is(Math.max(...(tensor([0.1, 0.1234567890123456]) as unknown as number[])), Number(x));
		assert.is(Number(tensor([[true]])), 1);
		assert.is(["loss", x].join(" "), "loss 0.12345679");
		assert.is(`${x}`, "0.12345679");
		assert.is(String(tensor([1, 2])), "[1. 2.]");
	});

	test("where JavaScript takes a number, several elements are refused", () => {
		const x = tensor([1, 2]) as unknown as number;
		const text = "Number: expected exactly one element, got shape (2)";
		for (const f of [() => x * 2, () => x < 3, () => Math.max(x), () => Number(x), () => -x]) {
			refuses(f, ShapeError, text);
		}
	});

	test("a tensor of another copy of the library is told as such", () => {
		// Another class with the same fields, as a second installation has it.
		const other = Object.assign(Object.create({}), tensor([1, 2])) as Tensor;
		const text = "a tensor of another copy of adjoint";
		refuses(() => tensor([1, 2]).add(other), DTypeError, text);
		refuses(() => grad((x: Tensor) => x.sum())(other), GradientError, text);
		refuses(() => compile((x: Tensor) => x.sum())(other), TraceError, text);
	});
});
