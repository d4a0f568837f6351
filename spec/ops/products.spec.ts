import * as assert from "uvu/assert";
import {
	concat,
	DTypeError,
	dot,
	einsum,
	grad,
	matmul,
	ones,
	outer,
	ShapeError,
	type Tensor,
	tensor,
	tensordot,
	vjp,
	zeros,
} from "../../lib/index.ts";
import { near, refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

const range = (...shape: number[]): Tensor => {
	const size = shape.reduce((a, b) => a * b, 1);
	return tensor(
		Float64Array.from({ length: size }, (_, i) => i),
		{ shape },
	);
};
const x = range(2, 3);
const w = range(3, 2);
const v = tensor([1, -1, 2]);

suite("ops/products", (test) => {
	test("dot is the product of matrices and vectors", () => {
		same(dot(x, w), [
			[10, 13],
			[28, 40],
		]);
		same(dot(x, v), [3, 9]);
		same(dot(v, w), [6, 8]);
		same(dot(v, v), 6);
	});

	test("dot with a scalar is mul, and a number takes the dtype of the tensor", () => {
		same(dot(x, 2), [
			[0, 2, 4],
			[6, 8, 10],
		]);
		assert.is(dot(x.astype("float32"), 2).dtype, "float32");
		same(dot(3, tensor(2)), 6);
	});

	test("dot of more axes sums over the last of x and the last but one of w", () => {
		// Values from NumPy 2.4.
		const product = dot(range(2, 3, 2), range(3, 2, 2));
		assert.equal(product.shape, [2, 3, 3, 2]);
		same(product.sum(), 2214);
		same(product.slice(1, 2), [
			[22, 43],
			[106, 127],
			[190, 211],
		]);
	});

	test("the gradients of dot are ∂Y·Wᵀ and Xᵀ·∂Y, exactly", () => {
		const g = tensor([
			[1, -2],
			[3, 5],
		]);
		const [, pull] = vjp(([a, b]: [Tensor, Tensor]) => dot(a, b), [x, w]);
		const [dx, dw] = pull(g);
		same(dx, [
			[-2, -4, -6],
			[5, 21, 37],
		]);
		same(dw, [
			[9, 15],
			[13, 18],
			[17, 21],
		]);
	});

	test("the gradient of a vector product is an outer product", () => {
		const [, pull] = vjp(([a, b]: [Tensor, Tensor]) => dot(a, b), [x, v]);
		const [dx, dv] = pull(tensor([2, -1]));
		same(dx, [
			[2, -2, 4],
			[-1, 1, -2],
		]);
		same(dv, [-3, -2, -1]);
	});

	test("matmul broadcasts the batch and takes vectors as rows and columns", () => {
		// Values from NumPy 2.4.
		same(matmul(range(2, 3, 2), tensor([1, -1])), [
			[-1, -1, -1],
			[-1, -1, -1],
		]);
		same(matmul(v, range(2, 3, 2)), [
			[6, 8],
			[18, 20],
		]);
		same(matmul(v, v), 6);
		const [a, b] = [range(4, 1, 2, 3).sin(), range(5, 3, 2).cos()];
		const product = matmul(a, b);
		assert.equal(product.shape, [4, 5, 2, 2]);
		same(product.slice(2, 3), dot(a.slice(2, 0), b.slice(3)));
		assert.equal(grad((y: Tensor) => matmul(a, y).sum())(b).shape, [5, 3, 2]);
	});

	test("outer flattens and multiplies every element with every other", () => {
		same(outer(tensor([1, 2]), v), [
			[1, -1, 2],
			[2, -2, 4],
		]);
		assert.equal(outer(x, w).shape, [6, 6]);
		same(outer(2, tensor([3, 4])), [[6, 8]]);
		assert.equal(outer(zeros([0]), v).shape, [0, 3]);
	});

	test("outer of a tensor with itself has both contributions in the gradient", () => {
		same(grad((a: Tensor) => outer(a, a).sum())(tensor([1, 2, 4])), [14, 14, 14]);
	});

	test("tensordot sums over the axes that are paired", () => {
		// Values from NumPy 2.4.
		const [a, b] = [range(2, 3, 2), range(3, 2, 2)];
		same(
			tensordot(a, b, [
				[1, 0],
				[0, 1],
			]),
			[
				[200, 230],
				[230, 266],
			],
		);
		same(tensordot(a, range(3, 2)), [55, 145]);
		same(tensordot(a, b, [-1, 1]), dot(a, b));
		same(tensordot(tensor([1, 2]), tensor([3, 4]), 0), [
			[3, 4],
			[6, 8],
		]);
	});

	test("a product over no terms is 0, and of nothing is nothing", () => {
		same(dot(zeros([2, 0]), zeros([0, 3])), zeros([2, 3]));
		assert.equal(dot(zeros([0, 3]), zeros([3, 2])).shape, [0, 2]);
		assert.equal(matmul(zeros([0, 2, 3]), zeros([3, 2])).shape, [0, 2, 2]);
		same(dot(zeros([0]), zeros([0])), 0);
	});

	test("NaN and infinities show: 0·∞ and 0·NaN are NaN", () => {
		const zero = zeros([1, 2]);
		same(dot(zero, tensor([[Infinity], [1]])), [[Number.NaN]]);
		same(dot(zero, tensor([[Number.NaN], [1]])), [[Number.NaN]]);
		const wide = zeros([7, 9]);
		same(dot(wide, ones([9, 8]).mul(Number.NaN)), ones([7, 8]).mul(Number.NaN));
	});

	test("a NaN stays in its row, whatever stands beside it in a tile", () => {
		const a = concat([ones([6, 9]), ones([1, 9]).mul(Number.NaN)]);
		const out = dot(a, ones([9, 7]));
		same(out.slice([0, 6]), ones([6, 7]).mul(9));
		assert.ok(out.slice(6).isNaN().all().item());
	});

	test("the same product has the same bits through every op and layout", () => {
		const [a, b] = [range(17, 333).sin(), range(333, 9).cos()];
		const product = dot(a, b);
		same(dot(a.T.add(0).T, b.T.add(0).T), product);
		same(dot(b.T, a.T).T, product);
		same(matmul(a.expandDims(0), b).squeeze(0), product);
		same(tensordot(a, b, 1), product);
		same(einsum("ij,jk->ik", a, b), product);
		same(dot(a.slice(5), b.slice(null, [3, 4])), product.slice(5, [3, 4]));
	});

	test("float32 is summed in float64 and rounded once", () => {
		// In float32 the ones would be lost beside 2²⁴.
		const a = tensor([[2 ** 24, 1, 1, -(2 ** 24)]], { dtype: "float32" });
		const out = dot(a, ones([4, 1], { dtype: "float32" }));
		assert.is(out.dtype, "float32");
		same(out, [[2]]);
	});

	test("bool counts as int32, int32 beside a float dtype gives way", () => {
		const yes = tensor([[true, true]]);
		assert.is(dot(yes, yes.T).dtype, "int32");
		same(dot(yes, yes.T), [[2]]);
		assert.is(matmul(yes, tensor([[0.5], [1]])).dtype, "float64");
		refuses(() => dot(x, w.astype("float32")), DTypeError, "dot: ");
	});

	test("an int32 product that overflows is refused, one that fits is exact", () => {
		const big = tensor([[2 ** 30, 2 ** 30]], { dtype: "int32" });
		const two = tensor([[1], [1]], { dtype: "int32" });
		for (const product of [dot, matmul]) {
			refuses(() => product(big, two), DTypeError, `${product.name}: `);
			same(product(big, tensor([[1], [-1]], { dtype: "int32" })), [[0]]);
		}
		refuses(() => outer(big, two.mul(2)), DTypeError, "outer: ");
	});

	test("int32 terms that float64 cannot add exactly are refused, not rounded", () => {
		// 2⁶⁰ + 1 − 2⁶⁰ is 1; in float64 it would come out as 0.
		const a = tensor([2 ** 30, 1, 2 ** 30], { dtype: "int32" });
		const b = tensor([2 ** 30, 1, -(2 ** 30)], { dtype: "int32" });
		refuses(() => dot(a, b), DTypeError, "too large to be exact");
		// Large elements that meet only small ones are fine.
		const c = tensor([1, 2 ** 29, 0], { dtype: "int32" });
		same(dot(a, c), 2 ** 30 + 2 ** 29);
	});

	test("shapes that do not fit are refused by name", () => {
		refuses(
			() => dot(zeros([64, 1000]), zeros([100, 10])),
			ShapeError,
			"dot: expected the inner sizes to match, got (64×1000)·(100×10)",
		);
		refuses(() => dot(v, x), ShapeError, "(3)·(2×3)");
		refuses(() => matmul(x, x), ShapeError, "matmul: expected the inner sizes to match");
		refuses(() => matmul(x, 2), ShapeError, "for scalars use mul");
		refuses(() => matmul(zeros([2, 2, 3]), zeros([3, 3, 2])), ShapeError, "matmul: ");
		refuses(() => tensordot(x, w), ShapeError, "axis 0 and axis 0 of (2×3) and (3×2)");
		refuses(() => tensordot(x, w, 3), ShapeError, "got 3 for (2×3) and (3×2)");
		refuses(() => tensordot(x, w, [[0, 1], [0]]), ShapeError, "as many axes of x as of w");
		refuses(
			() =>
				tensordot(x, x, [
					[0, 0],
					[0, 0],
				]),
			ShapeError,
			"each once",
		);
		refuses(() => tensordot(x, w, [2, 0]), ShapeError, "out of range");
	});

	test("a large product is near what NumPy gives", () => {
		// Terms of size 1 cancel, so the tolerance is that of 9,000 and of 300 of them. np.sum(a @ b)
		// and (a @ b)[17, 40] for a = sin(0..), b = cos(0..) of 50×301 and 301×60, NumPy 2.4.
		const a = range(50, 301).sin();
		const b = range(301, 60).cos();
		near(dot(a, b).sum(), -1.440086719539905, 1e-10);
		near(dot(a, b).slice(17, 40), -0.05389380109500587, 1e-11);
	});
});
