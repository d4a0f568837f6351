import * as assert from "uvu/assert";
import { assertGradients } from "../../lib/check/gradients.ts";
import {
	DTypeError,
	einsum,
	grad,
	ones,
	ShapeError,
	type Tensor,
	tensor,
	vjp,
	zeros,
} from "../../lib/index.ts";
import { near, refuses, same } from "../near.ts";
import { roads } from "../roads.ts";
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
const square = range(3, 3);
const v = tensor([1, -1, 2]);

suite("ops/einsum", (test) => {
	test("the classics: products, transposes, diagonals, traces and sums", () => {
		same(einsum("ij,jk->ik", x, w), x.dot(w));
		same(einsum("ij->ji", x), x.T);
		same(einsum("ii->i", square), [0, 4, 8]);
		same(einsum("ii->", square), 12);
		same(einsum("ij->", x), 15);
		same(einsum("ij->j", x), [3, 5, 7]);
		same(einsum("i,i->", v, v), 6);
		same(einsum("i,j->ij", v, v), v.outer(v));
		same(
			einsum("bij,bjk->bik", range(2, 3, 2), range(2, 2, 3)),
			range(2, 3, 2).matmul(range(2, 2, 3)),
		);
	});

	test("without an arrow the labels that stand once are left, in alphabetical order", () => {
		// Values from NumPy 2.4: np.einsum("ba,cb", …).
		same(einsum("ba,cb", x, range(4, 2)), [
			[3, 9, 15, 21],
			[4, 14, 24, 34],
			[5, 19, 33, 47],
		]);
		same(einsum("ij,jk", x, w), x.dot(w));
		same(einsum("ii", square), 12);
		same(einsum("ba", x), x.T);
	});

	test("any number of operands is contracted", () => {
		// Values from NumPy 2.4.
		same(einsum("ij,jk,kl->il", x, w, range(2, 2)), [
			[26, 49],
			[80, 148],
		]);
		same(einsum("i,i,i->", v, v, v), 8);
		same(
			einsum("i,j,ij->", tensor([1, 2]), v, x),
			v
				.mul(x)
				.mul(tensor([[1], [2]]))
				.sum(),
		);
		same(einsum(",,->", 2, 3, 4), 24);
	});

	test("a label that stands alone is summed, also beside a diagonal", () => {
		// Values from NumPy 2.4.
		same(einsum("iij,jk->k", range(2, 2, 3), w), [74, 107]);
		same(einsum("ij,k->i", x, v), [6, 24]);
		same(einsum("iii->i", range(2, 2, 2)), [0, 7]);
	});

	test("labels in the result but not summed multiply elementwise, in any order", () => {
		same(einsum("ij,ij->ji", x, x), x.mul(x).T);
		same(einsum("ij,j->ij", x, v), x.mul(v));
		same(einsum("i,ij->ji", tensor([2, 3]), x), x.mul(tensor([[2], [3]])).T);
	});

	test("an axis of size 1 stretches to the size of its letter in another operand, as in NumPy", () => {
		const [column, row] = [range(2, 1), range(1, 3).add(1)];
		const cases: [subscripts: string, operands: Tensor[], same: Tensor][] = [
			["ij,jk->ik", [column, w], column.dot(w.sum(0, { keepDims: true }))],
			["ij,ij->", [column, row], column.mul(row).sum()],
			["ij,ij->ij", [column, row], column.mul(row)],
			["i,j,i->ij", [ones([1]), tensor([2, 3]), v], v.outer(tensor([2, 3]))],
			["ii,i->i", [ones([1, 1]).mul(2), v], v.mul(2)],
			["...i,ij->...j", [column, square], column.dot(square.sum(0, { keepDims: true }))],
			["i,i->i", [ones([1]), zeros([0])], zeros([0])],
			["i,i,i->i", [ones([1]), ones([1]), v], v],
		];
		for (const [subscripts, operands, expected] of cases) {
			const f = (operands: readonly Tensor[]) => einsum(subscripts, ...operands);
			for (const road of roads(f)) near(road(operands), expected);
			assertGradients((operands: readonly Tensor[]) => f(operands).square().sum(), [operands]);
		}
	});

	test("... stands for further axes, which broadcast", () => {
		// Values and shapes from NumPy 2.4.
		same(
			einsum(
				"...ij,jk->...ik",
				range(2, 2, 2),
				tensor([
					[1, 2],
					[3, 4],
				]),
			),
			[
				[
					[3, 4],
					[11, 16],
				],
				[
					[19, 28],
					[27, 40],
				],
			],
		);
		assert.equal(einsum("a...,...b->ab...", x, range(1, 3)).shape, [2, 3, 3]);
		same(einsum("i...j,k...->...", range(2, 1, 4), x), [84, 140, 196]);
		same(einsum("...j", x), x);
		same(einsum("...,...", x, v), x.mul(v));
		same(einsum("...,...->...", ones([1, 3]), ones([2, 1])), ones([2, 3]));
		same(einsum("i...->i", v), v);
	});

	test("spaces do not matter, capitals are labels of their own", () => {
		same(einsum(" i I , I k -> i k ", x, w), x.dot(w));
	});

	test("sums over nothing are 0, results of nothing are empty", () => {
		same(einsum("ij,jk->ik", zeros([2, 0]), zeros([0, 3])), zeros([2, 3]));
		assert.equal(einsum("ij,jk->ik", zeros([0, 2]), zeros([2, 3])).shape, [0, 3]);
	});

	test("the gradient turns the subscripts round", () => {
		const g = tensor([
			[1, -2],
			[3, 5],
		]);
		const [, pull] = vjp(([a, b]: [Tensor, Tensor]) => einsum("ij,jk->ik", a, b), [x, w]);
		const [dx, dw] = pull(g);
		same(dx, g.dot(w.T));
		same(dw, x.T.dot(g));
	});

	test("the gradient of a trace is the identity, of a sum all ones", () => {
		same(grad((a: Tensor) => einsum("ii->", a))(square), [
			[1, 0, 0],
			[0, 1, 0],
			[0, 0, 1],
		]);
		same(grad((a: Tensor) => einsum("ij->", a))(x), ones([2, 3]));
	});

	test("an infinity beside a diagonal reaches neither its value nor its gradient", () => {
		const a = tensor([
			[1, Infinity],
			[Number.NaN, 2],
		]);
		same(einsum("ii->i", a), [1, 2]);
		same(grad((b: Tensor) => einsum("ii,i->", b, tensor([3, 4])))(a), [
			[3, 0],
			[0, 4],
		]);
	});

	test("a quadratic form has the gradient (A + Aᵀ)·v through both operands", () => {
		const q = grad((u: Tensor) => einsum("i,ij,j->", u, square, u))(v);
		same(q, square.add(square.T).dot(v));
	});

	test("a bilinear form with a batch agrees with a product written out", () => {
		const [a, b, c] = [range(4, 3).sin(), range(2, 3, 5).cos(), range(4, 5).sin()];
		const expected = a
			.expandDims([1, 3])
			.mul(b)
			.mul(c.expandDims([1, 2]))
			.sum([2, 3]);
		near(einsum("bi,kij,bj->bk", a, b, c), expected);
	});

	test("dtypes meet as in every product, and int32 overflow is refused", () => {
		assert.is(einsum("ij,jk->ik", x.astype("float32"), w.astype("float32")).dtype, "float32");
		refuses(() => einsum("ij,jk", x, w.astype("float32")), DTypeError, "einsum: ");
		const big = tensor([2 ** 30, 2 ** 30], { dtype: "int32" });
		refuses(() => einsum("i,i->", big, ones([2], { dtype: "int32" })), DTypeError, "einsum: ");
	});

	test("subscripts that are not well formed, or do not fit, are refused", () => {
		const refused = (subscripts: string, text: string, ...args: Tensor[]) =>
			refuses(() => einsum(subscripts, ...args), ShapeError, text);
		refused("ij,jk->il", 'the label l of the result stands in no operand in "ij,jk->il"', x, w);
		refused("ij,jk->ik", "the label j has both size 3 and size 2", x, x);
		refused("ii->i", "the label i has both size 2 and size 3", x);
		refused("ii->i", "the label i has both size 1 and size 3", range(1, 3));
		refused("ii,i->i", "the label i has both size 3 and size 1", range(3, 1), v);
		refused("i,i,i->i", "the label i has both size 3 and size 2", v, ones([1]), ones([2]));
		refused("ij,jk->ik", "expected 2 operands, got 1", x);
		refused("ijk->i", 'expected 3 axes for "ijk", got shape (2×3)', x);
		refused("i...jk->i", "expected 3 axes or more", x);
		refused("ij->ii", "the label i stands twice in the result", x);
		refused("ij->i->j", "at most one ->", x);
		refused("i1->i", 'got "i1"', x);
		refused("i..->i", 'got "i.."', x);
		refused("...,...", "broadcast", x, w);
	});
});
