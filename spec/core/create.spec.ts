import * as assert from "uvu/assert";
import {
	arange,
	DomainError,
	type DType,
	DTypeError,
	eye,
	full,
	fullLike,
	grad,
	linspace,
	ones,
	onesLike,
	ShapeError,
	type Tensor,
	type TensorData,
	tensor,
	zeros,
	zerosLike,
} from "../../lib/index.ts";
import { near, refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

const NAN = Number.NaN;
const INF = Number.POSITIVE_INFINITY;

suite("create", (test) => {
	test("tensor takes the dtype from the data", () => {
		const cases: [TensorData, DType][] = [
			[1, "float64"],
			[[1, 2], "float64"],
			[[], "float64"],
			[true, "bool"],
			[[[true], [false]], "bool"],
			[[1, 2.5], "float64"],
			[Float32Array.of(1), "float32"],
			[Int32Array.of(1), "int32"],
			[Float64Array.of(1), "float64"],
			[Uint8Array.of(1), "float64"],
		];
		for (const [data, dtype] of cases) assert.is(tensor(data).dtype, dtype);
		assert.is(tensor([1], { dtype: "int32" }).dtype, "int32");
		assert.is(tensor([true], { dtype: "float32" }).dtype, "float32");
	});

	test("tensor takes the shape from the nesting, or as given", () => {
		assert.equal(tensor(1).shape, []);
		assert.equal(tensor([[1, 2, 3]]).shape, [1, 3]);
		assert.equal(tensor([]).shape, [0]);
		assert.equal(tensor([[], []]).shape, [2, 0]);
		same(tensor([1, 2, 3, 4], { shape: [2, 2] }), [
			[1, 2],
			[3, 4],
		]);
		same(tensor(Float64Array.of(5), { shape: [] }), 5);
		same(tensor([Float32Array.of(1, 2), Float32Array.of(3, 4)]), [
			[1, 2],
			[3, 4],
		]);
	});

	test("tensor refuses ragged arrays", () => {
		const ragged: unknown[] = [
			[[1, 2], [3]],
			[1, [2]],
			[[1], 2],
			[[[1]], [2]],
			[[], 1],
			[[], [1]],
			[[[]], [[1]]],
		];
		for (const data of ragged) {
			refuses(() => tensor(data as TensorData), ShapeError, "nested arrays of one shape");
		}
	});

	test("tensor refuses a shape of another size", () => {
		refuses(() => tensor([1, 2, 3], { shape: [2, 2] }), ShapeError, "expected 4 elements");
		refuses(() => tensor([1], { shape: [-1] }), ShapeError, "whole numbers");
	});

	test("tensor refuses what is no number", () => {
		const wrong: unknown[] = [
			"1",
			["1"],
			[null],
			undefined,
			{},
			{ length: 1 },
			[1n],
			new DataView(new ArrayBuffer(8)),
		];
		for (const data of wrong) {
			refuses(() => tensor(data as TensorData), DTypeError, "tensor: expected numbers");
		}
		// biome-ignore lint/suspicious/noSparseArray: a hole is what is refused
		refuses(() => tensor([1, , 2] as TensorData), DTypeError, "undefined");
		refuses(() => tensor([tensor(1)] as unknown as TensorData), DTypeError, "stack");
	});

	test("tensor refuses values that are not of the dtype", () => {
		for (const value of [0.5, 2 ** 31, NAN, INF]) {
			refuses(() => tensor([value], { dtype: "int32" }), DTypeError, "not an int32");
		}
		const wide = (x: bigint) => tensor(BigInt64Array.of(x) as unknown as TensorData);
		same(wide(-(2n ** 60n)), [-(2 ** 60)]);
		refuses(() => wide(2n ** 53n + 1n), DTypeError, "9007199254740993 has more digits");
		refuses(() => tensor([2], { dtype: "bool" }), DTypeError, "not a bool");
		refuses(() => tensor([1], { dtype: "int64" as DType }), DTypeError, "int64");
		same(tensor([2 ** 31 - 1, -(2 ** 31)], { dtype: "int32" }), [2 ** 31 - 1, -(2 ** 31)]);
	});

	test("zeros, ones and full have the shape, and one element of storage", () => {
		same(zeros([2, 1]), [[0], [0]]);
		same(ones([2]), [1, 1]);
		same(full([1, 2], -3.5), [[-3.5, -3.5]]);
		same(full([], NAN), NAN);
		for (const x of [zeros([9, 9]), ones([9, 9]), full([9, 9], 2)]) assert.is(x.array.length, 1);
		assert.is(zeros([0]).data.length, 0);
	});

	test("zeros, ones and full are float64 unless said; full of a boolean is bool", () => {
		assert.equal(
			[zeros([]).dtype, ones([]).dtype, full([], 1).dtype],
			["float64", "float64", "float64"],
		);
		assert.is(full([], true).dtype, "bool");
		assert.is(full([], true, { dtype: "int32" }).dtype, "int32");
		assert.is(zeros([1], { dtype: "bool" }).dtype, "bool");
		refuses(() => full([2], 0.5, { dtype: "int32" }), DTypeError, "full: 0.5 is not an int32");
		refuses(() => full([2], "1" as unknown as number), DTypeError, "full: expected a number");
	});

	test("a shape of anything but sizes is refused", () => {
		refuses(() => zeros([2, -1]), ShapeError, "zeros: sizes are whole numbers from 0");
		refuses(() => ones([0.5]), ShapeError, "ones: sizes");
		refuses(() => full(3 as unknown as number[], 1), ShapeError, "full: expected a shape");
	});

	test("the -Like functions take shape and dtype of the given tensor", () => {
		const x = tensor([[1, 2]], { dtype: "float32" }).T;
		for (const y of [zerosLike(x), onesLike(x), fullLike(x, 7)]) {
			assert.equal([y.shape, y.dtype], [[2, 1], "float32"]);
		}
		same(fullLike(x, 7), [[7], [7]]);
		assert.is(onesLike(x, { dtype: "int32" }).dtype, "int32");
		refuses(() => fullLike(tensor([true]), 2), DTypeError, "fullLike: 2 is not a bool");
	});

	test("the -Like functions give constants for a tensor that is being differentiated", () => {
		const f = (x: Tensor) => x.mul(fullLike(x, 3)).add(onesLike(x)).sum();
		same(grad(f)(tensor([1, 2])), [3, 3]);
		same(grad((x: Tensor) => zerosLike(x).sum())(tensor([1, 2])), [0, 0]);
	});

	test("arange counts as in NumPy", () => {
		same(arange(4), [0, 1, 2, 3]);
		same(arange(2, 5), [2, 3, 4]);
		same(arange(5, 2, -1), [5, 4, 3]);
		same(arange(0, 1, 0.25), [0, 0.25, 0.5, 0.75]);
		same(arange(2.5), [0, 1, 2]);
		// np.arange(1, 2.05, 0.3) of NumPy 2.4.6.
		near(arange(1, 2.05, 0.3), [1, 1.3, 1.6, 1.9]);
		for (const empty of [arange(0), arange(-3), arange(3, 3), arange(2, 5, -1), arange(-0.5)]) {
			assert.equal(empty.shape, [0]);
		}
	});

	test("arange is float64 unless said; options stand behind the stop or the step", () => {
		assert.is(arange(3).dtype, "float64");
		assert.is(arange(3, { dtype: "int32" }).dtype, "int32");
		assert.is(arange(0, 3, 1, { dtype: "float32" }).dtype, "float32");
		refuses(() => arange(0, 1, 0.5, { dtype: "int32" }), DTypeError, "0.5 is not an int32");
	});

	test("undefined means left out to arange and eye, and more than they take is refused", () => {
		const loose = arange as (...args: unknown[]) => Tensor;
		same(loose(5, undefined, undefined), [0, 1, 2, 3, 4]);
		assert.is(loose(5, undefined, undefined, { dtype: "int32" }).dtype, "int32");
		same(loose(1, 3, undefined), [1, 2]);
		refuses(() => loose(0, undefined, 2), DomainError, "arange: expected nothing more, got 2");
		refuses(() => loose(5, { dtype: "int32" }, 2), DomainError, "got 2; arange(start, stop, step");
		refuses(() => loose(5, {}, undefined, {}), DomainError, "nothing more, got an object");
		refuses(() => loose(1, 3, null), DomainError, "a finite step, got null");
		const looseEye = eye as (...args: unknown[]) => Tensor;
		assert.is(looseEye(2, undefined, { dtype: "int32" }).dtype, "int32");
		refuses(() => looseEye(2, {}, { dtype: "int32" }), DomainError, "eye: expected nothing more");
	});

	test("arange refuses a step of 0 and what is not finite", () => {
		refuses(() => arange(0, 3, 0), DomainError, "a step other than 0");
		refuses(() => arange(NAN), DomainError, "a finite stop, got NaN");
		refuses(() => arange(0, INF), DomainError, "a finite stop");
		refuses(() => arange(-1e308, 1e308, 1e-308), ShapeError, "sizes");
	});

	test("linspace has both ends and even steps", () => {
		// The same digits as NumPy 2.4.6.
		same(
			linspace(0, 1, 11),
			[
				0, 0.1, 0.2, 0.30000000000000004, 0.4, 0.5, 0.6000000000000001, 0.7000000000000001, 0.8,
				0.9, 1,
			],
		);
		same(linspace(2, -2, 5), [2, 1, 0, -1, -2]);
		same(linspace(3, 3, 2), [3, 3]);
		same(linspace(1, 2, 1), [1]);
		same(linspace(1, 2, 0), []);
		assert.equal(linspace(0, 1).shape, [50]);
		assert.is(linspace(0.1, 0.7, 7).data[6], 0.7);
		same(linspace(0, 9, 4, { dtype: "int32" }), [0, 3, 6, 9]);
	});

	test("linspace refuses a count that is none, and what is not finite", () => {
		refuses(() => linspace(0, 1, -1), ShapeError, "linspace: sizes");
		refuses(() => linspace(0, 1, 1.5), ShapeError, "linspace: sizes");
		refuses(() => linspace(0, INF), DomainError, "finite stop");
		refuses(() => linspace(-1e308, 1e308), DomainError, "finite stop - start");
		refuses(() => linspace(0, 1, 3, { dtype: "int32" }), DTypeError, "0.5 is not an int32");
	});

	test("eye has ones on the diagonal, of any two sizes", () => {
		same(eye(2), [
			[1, 0],
			[0, 1],
		]);
		same(eye(2, 3), [
			[1, 0, 0],
			[0, 1, 0],
		]);
		same(eye(3, 1), [[1], [0], [0]]);
		assert.equal(eye(0).shape, [0, 0]);
		assert.is(eye(2, { dtype: "int32" }).dtype, "int32");
		assert.is(eye(2, 2, { dtype: "bool" }).dtype, "bool");
		refuses(() => eye(-1), ShapeError, "eye: sizes");
	});
});
