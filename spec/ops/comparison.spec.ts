import * as assert from "uvu/assert";
import {
	DTypeError,
	equal,
	grad,
	greater,
	greaterEqual,
	isFinite as isFiniteOp,
	isInf,
	isNaN as isNaNOp,
	jvp,
	less,
	lessEqual,
	logicalAnd,
	logicalNot,
	logicalOr,
	logicalXor,
	notEqual,
	ShapeError,
	type Tensor,
	tensor,
	where,
	zeros,
} from "../../lib/index.ts";
import { refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

type Scalar = (x: Tensor) => Tensor;

/** f′ in reverse and in forward mode, for a function of each element by itself. */
const modes: Record<string, (f: Scalar) => Scalar> = {
	reverse: (f) => grad((x: Tensor) => f(x).sum()),
	forward: (f) => (x) => jvp(f, x, zeros(x.shape).add(1))[1],
};

/** All derivatives of order 1 to 3, in every order of modes, by name. */
function derivatives(f: Scalar, order = 3, name = ""): [name: string, f: Scalar][] {
	if (order === 0) return [];
	return Object.entries(modes).flatMap(([mode, d]) => [
		[`${name} ${mode}`, d(f)] as [string, Scalar],
		...derivatives(d(f), order - 1, `${name} ${mode}`),
	]);
}

suite("ops/comparison", (test) => {
	const x = tensor([1, 2, 3, nan, inf]);
	const y = tensor([2, 2, 2, nan, inf]);

	test("comparisons give bools, and NaN compares as in IEEE 754", () => {
		assert.equal(equal(x, y).toArray(), [false, true, false, false, true]);
		assert.equal(notEqual(x, y).toArray(), [true, false, true, true, false]);
		assert.equal(less(x, y).toArray(), [true, false, false, false, false]);
		assert.equal(lessEqual(x, y).toArray(), [true, true, false, false, true]);
		assert.equal(greater(x, y).toArray(), [false, false, true, false, false]);
		assert.equal(greaterEqual(x, y).toArray(), [false, true, true, false, true]);
	});

	test("0 and −0 are equal", () => {
		assert.equal(equal(tensor([0]), -0).toArray(), [true]);
		assert.equal(less(tensor([-0]), 0).toArray(), [false]);
	});

	test("integers compare with fractions as real numbers", () => {
		assert.equal(greater(tensor([1, 2], { dtype: "int32" }), 1.5).toArray(), [false, true]);
		assert.equal(equal(tensor([true, false]), 0).toArray(), [false, true]);
	});

	test("a number beside float32 is compared as a float32", () => {
		assert.equal(equal(tensor([0.1], { dtype: "float32" }), 0.1).toArray(), [true]);
	});

	test("comparisons broadcast, or refuse", () => {
		assert.equal(less(tensor([[1], [3]]), tensor([2, 4])).toArray(), [
			[true, true],
			[false, true],
		]);
		refuses(() => less(zeros([2]), zeros([3])), ShapeError, "less: expected shapes that broadcast");
		const narrow = tensor([1], { dtype: "float32" });
		refuses(() => equal(narrow, tensor([1])), DTypeError, "equal: expected tensors of one float");
	});

	test("the logical ops count whatever is not 0 as true, NaN too", () => {
		const a = tensor([0, 0, 2, nan]);
		const b = tensor([false, true, false, true]);
		assert.equal(logicalAnd(a, b).toArray(), [false, false, false, true]);
		assert.equal(logicalOr(a, b).toArray(), [false, true, true, true]);
		assert.equal(logicalXor(a, b).toArray(), [false, true, true, false]);
		assert.equal(logicalNot(a).toArray(), [true, true, false, false]);
		assert.is(logicalAnd(tensor([3], { dtype: "int32" }), true).dtype, "bool");
	});

	test("isNaN, isFinite and isInf sort the special values", () => {
		const z = tensor([1, nan, inf, -inf]);
		assert.equal(isNaNOp(z).toArray(), [false, true, false, false]);
		assert.equal(isFiniteOp(z).toArray(), [true, false, false, false]);
		assert.equal(isInf(z).toArray(), [false, false, true, true]);
		assert.equal(tensor([1], { dtype: "int32" }).isFinite().toArray(), [true]);
	});

	test("a comparison has no gradient", () => {
		const f = (t: Tensor) => t.mul(t.greater(1).astype("float64")).sum();
		same(grad(f)(tensor([0.5, 2])), [0, 1]);
	});

	test("where takes x where the condition holds, y elsewhere", () => {
		const c = tensor([true, false, true]);
		same(where(c, tensor([1, 2, 3]), tensor([10, 20, 30])), [1, 20, 3]);
		same(c.where(tensor([1, 2, 3]), 0), [1, 0, 3]);
		same(where(true, 1, 2), 1);
	});

	test("where broadcasts all three arguments, or refuses", () => {
		same(where(tensor([[true], [false]]), tensor([1, 2]), 0), [
			[1, 2],
			[0, 0],
		]);
		const c = tensor([true, false]);
		refuses(() => where(c, zeros([3]), 0), ShapeError, "where: expected shapes that broadcast");
		assert.equal(where(zeros([0]).greater(0), 1, zeros([2, 1])).shape, [2, 0]);
	});

	test("x and y of where meet in a common dtype", () => {
		const c = tensor([true, false]);
		const int = tensor([1, 2], { dtype: "int32" });
		const narrow = tensor([1, 2], { dtype: "float32" });
		assert.is(where(c, 1, 2).dtype, "float64");
		assert.is(where(c, int, 0).dtype, "int32");
		assert.is(where(c, 0.5, narrow).dtype, "float32");
		assert.is(where(c, int, narrow).dtype, "float32");
		assert.is(where(c, int, tensor([0.5])).dtype, "float64");
		assert.is(where(c, c, int).dtype, "int32");
		assert.is(where(c, c, false).dtype, "bool");
		refuses(() => where(c, int, 0.5), DTypeError, "where: 0.5 is not an int32");
		refuses(
			() => where(c, narrow, tensor([1])),
			DTypeError,
			"where: expected tensors of one float",
		);
	});

	test("a condition that is not bool is refused", () => {
		const way = "where: expected a bool condition, got float64; compare first";
		refuses(() => where(tensor([1, 0]), 1, 2), DTypeError, way);
		refuses(() => where(1, 1, 2), DTypeError, way);
		refuses(() => where(tensor([1], { dtype: "int32" }), 1, 2), DTypeError, "got int32");
	});

	test("where gives each gradient to the branch that was taken", () => {
		const c = tensor([true, false, true]);
		const g = grad((v: Tensor[]) =>
			where(c, v[0]!, v[1]!)
				.mul(tensor([1, 10, 100]))
				.sum(),
		);
		const [dx, dy] = g([tensor([1, 2, 3]), tensor(5)]);
		same(dx!, [1, 0, 100]);
		same(dy!, 10);
	});

	test("a NaN in the branch taken shows, in the other it does not", () => {
		const c = tensor([true, false]);
		same(where(c, nan, 1), [nan, 1]);
		const f = (t: Tensor) => where(c, t.mul(nan), t).sum();
		same(grad(f)(tensor([1, 1])), [nan, 1]);
	});

	// At 0 and at −1 each of these has a branch whose value or derivatives are infinite or NaN.
	const guarded: Record<string, Scalar> = {
		"log x": (t) => t.log(),
		"√x": (t) => t.sqrt(),
		"1 / x": (t) => t.reciprocal(),
		"x log x": (t) => t.mul(t.log()),
		"(log x)²": (t) => t.log().square(),
		"sin(x) / x": (t) => t.sin().div(t),
		"x^−1.5": (t) => t.power(-1.5),
		"exp(√x log x)": (t) => t.log().mul(t.sqrt()).exp(),
	};
	for (const [name, f] of Object.entries(guarded)) {
		test(`where(x > 0, ${name}, 0) has no NaN at 0 and −1, to third order in every mode`, () => {
			const safe = (t: Tensor) => where(t.greater(0), f(t), 0);
			same(safe(tensor([0, -1])), [0, 0]);
			for (const [mode, d] of derivatives(safe)) {
				const values = [...d(tensor([0, -1])).data];
				assert.equal(
					values.map((value) => value + 0),
					[0, 0],
					`${mode}: ${values}`,
				);
			}
		});
	}

	test("where leaves the derivatives of the branch taken as they are", () => {
		const f = (t: Tensor) => where(t.greater(0), t.power(3), 0);
		const expected = [12, 12, 6];
		for (const [mode, d] of derivatives(f)) {
			same(d(tensor([2, -2])), [expected[mode.trim().split(" ").length - 1]!, 0]);
		}
	});
});
