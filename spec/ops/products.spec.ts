import * as assert from "uvu/assert";
import {
	DTypeError,
	dot,
	einsum,
	grad,
	matmul,
	outer,
	random,
	ShapeError,
	type Tensor,
	tensor,
	tensordot,
	zeros,
} from "../../lib/index.ts";
import { near, refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

const normal = (seed: number, shape: number[]) => random.normal(random.key(seed), shape);

/** The matrix product by its definition, each element summed in the order of k. */
function naive(x: Tensor, w: Tensor): number[][] {
	const [a, b] = [x.toArray() as number[][], w.toArray() as number[][]];
	return a.map((row) =>
		Array.from({ length: w.shape[1]! }, (_, j) =>
			row.reduce((sum, v, k) => sum + v * b[k]![j]!, 0),
		),
	);
}

suite("ops/products", (test) => {
	const a = tensor([
		[1, 2],
		[3, 4],
		[5, 6],
	]);
	const b = tensor([
		[1, 0, -1],
		[2, 1, 0],
	]);

	test("dot multiplies matrices and vectors as NumPy does", () => {
		same(dot(a, b), [
			[5, 2, -1],
			[11, 4, -3],
			[17, 6, -5],
		]);
		same(dot(a, tensor([1, -1])), [-1, -1, -1]);
		same(dot(tensor([1, 0, -1]), a), [-4, -4]);
		same(dot(tensor([1, 2, 3]), tensor([4, 5, 6])), 32);
		same(dot(tensor([1, 2]), 3), [3, 6]);
	});

	test("dot of more axes sums over the last of x and the last but one of w", () => {
		const [x, w] = [normal(1, [2, 3, 4]), normal(2, [5, 4, 6])];
		const out = dot(x, w);
		assert.equal(out.shape, [2, 3, 5, 6]);
		near(out.slice(1, 2, 3, 4), dot(x.slice(1, 2), w.slice(3, null, 4)));
	});

	test("a product has the same bits whatever the layout, the size of the tile or the place", () => {
		for (const [m, k, n] of [
			[1, 1, 1],
			[3, 2, 5],
			[17, 33, 9],
			[70, 300, 41],
		] as const) {
			const [x, w] = [normal(m, [m, k]), normal(n, [k, n])];
			const expected = naive(x, w);
			same(dot(x, w), expected);
			same(dot(x.T.add(0).T, w.T.add(0).T), expected);
			same(matmul(x.expandDims(0), w.expandDims(0)).squeeze(0), expected);
		}
	});

	test("matmul broadcasts the leading axes", () => {
		const [x, w] = [normal(1, [3, 1, 2, 4]), normal(2, [5, 4, 3])];
		const out = matmul(x, w);
		assert.equal(out.shape, [3, 5, 2, 3]);
		same(out.slice(2, 3), dot(x.slice(2, 0), w.slice(3)));
		assert.equal(grad((v: Tensor) => matmul(x, v).sum())(w).shape, [5, 4, 3]);
	});

	test("empty products are zeros of the right shape", () => {
		same(dot(zeros([2, 0]), zeros([0, 3])), [
			[0, 0, 0],
			[0, 0, 0],
		]);
		assert.equal(dot(zeros([0, 4]), zeros([4, 3])).shape, [0, 3]);
		same(dot(zeros([0]), zeros([0])), 0);
	});

	test("float32 is rounded once, integers are exact and do not overflow silently", () => {
		const ones = tensor([1, 2 ** -24, 2 ** -24], { dtype: "float32" });
		same(dot(ones, tensor([1, 1, 1], { dtype: "float32" })), Math.fround(1 + 2 ** -23));
		const int = tensor([[2 ** 30, 1]], { dtype: "int32" });
		assert.is(dot(int, int.T.mul(0)).dtype, "int32");
		refuses(() => dot(int, int.T), DTypeError, "int32");
	});

	test("outer flattens its arguments", () => {
		same(outer(tensor([1, 2]), tensor([3, 4, 5])), [
			[3, 4, 5],
			[6, 8, 10],
		]);
		assert.equal(outer(a, b).shape, [6, 6]);
	});

	test("tensordot sums over the named axes", () => {
		const [x, w] = [normal(1, [2, 3, 4]), normal(2, [4, 3, 5])];
		near(
			tensordot(x, w, [
				[2, 1],
				[0, 1],
			]),
			einsum("ijk,kjl->il", x, w),
		);
		near(tensordot(x, w, 1), einsum("ijk,kml->ijml", x, w));
		near(tensordot(a, b, 0).slice(1, 0, 1), tensor([6, 3, 0]));
	});

	test("sizes that do not match are refused with the shapes", () => {
		refuses(
			() => dot(zeros([64, 1000]), zeros([100, 10])),
			ShapeError,
			"dot: expected the inner sizes to match, got (64×1000)·(100×10)",
		);
		refuses(() => matmul(a, a), ShapeError, "(3×2)·(3×2)");
		refuses(() => matmul(tensor([1, 2]), a), ShapeError, "(2)·(3×2)");
		refuses(() => dot(a, tensor([1, 2], { dtype: "float32" })), DTypeError, "astype");
	});
});

suite("ops/einsum", (test) => {
	const [x, w] = [normal(1, [3, 4]), normal(2, [4, 5])];
	const square = normal(3, [3, 3]);
	const batch = normal(4, [2, 3, 4]);

	test("it says products, sums, transposes and diagonals by their labels", () => {
		near(einsum("ij,jk->ik", x, w), dot(x, w));
		near(einsum("ij,jk", x, w), dot(x, w));
		near(einsum("ij,jk->ki", x, w), dot(x, w).T);
		near(einsum("ij->j", x), x.sum(0));
		near(einsum("ij->", x), x.sum());
		near(einsum("ii->i", square), square.diagonal());
		near(einsum("ii", square), square.diagonal().sum());
		near(einsum("ij,ij->ij", x, x), x.square());
		near(einsum("bij,jk->bik", batch, w), matmul(batch, w));
		near(einsum("...j,jk->...k", batch, w), matmul(batch, w));
	});

	test("three operands, and labels that stand in one of them alone", () => {
		const v = normal(5, [5, 2]);
		near(einsum("ij,jk,kl->il", x, w, v), dot(dot(x, w), v));
		near(einsum("ij,kl->i", x, w), x.sum(1).mul(w.sum()));
	});

	test("its gradient rotates the subscripts", () => {
		const g = normal(6, [3, 5]);
		const f = (p: { x: Tensor; w: Tensor }) => einsum("ij,jk->ik", p.x, p.w).mul(g).sum();
		const { x: dx, w: dw } = grad(f)({ x, w });
		near(dx, einsum("ik,jk->ij", g, w));
		near(dw, einsum("ij,ik->jk", x, g));
		near(grad((s: Tensor) => einsum("ii", s))(square), [
			[1, 0, 0],
			[0, 1, 0],
			[0, 0, 1],
		]);
	});

	test("what the subscripts do not allow is refused", () => {
		refuses(() => einsum("ij,jk->ik", x, x), ShapeError, "the label j has both size 4 and size 3");
		refuses(
			() => einsum("ij,jk->iz", x, w),
			ShapeError,
			"the label z of the result stands in no operand",
		);
		refuses(() => einsum("ij->ij", x, w), ShapeError, "expected 1 operands, got 2");
		refuses(() => einsum("ijk->i", x), ShapeError, "(3×4)");
		refuses(() => einsum("i1->i", x), ShapeError, "expected letters");
	});
});
