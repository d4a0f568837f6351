import * as assert from "uvu/assert";
import { compile } from "../../../lib/compile/index.ts";
import {
	diagonalMatrix,
	eigh,
	eye,
	grad,
	jvp,
	matrixTranspose,
	ones,
	random,
	ShapeError,
	stack,
	type Tensor,
	tensor,
	vmap,
	zeros,
} from "../../../lib/index.ts";
import { near, refuses, same } from "../../near.ts";
import { suite } from "../../suite.ts";

const symmetric = (seed: number, n: number) => {
	const x = random.normal(random.key(seed), [n, n]);
	return x.add(x.T);
};

/** V·diag(λ)·Vᵀ. */
const composed = ([values, vectors]: readonly [Tensor, Tensor]) =>
	vectors.mul(values.expandDims(-2)).matmul(matrixTranspose(vectors));

const hilbert = (n: number) =>
	tensor(Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => 1 / (i + j + 1))));

const powers = (n: number, base: number) =>
	tensor(Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => base ** (i + j))));

const matrices: readonly [string, Tensor][] = [
	...[1, 2, 3, 5, 17, 40].map((n): [string, Tensor] => [
		`a random ${n}×${n} matrix`,
		symmetric(n, n),
	]),
	["three times the identity", eye(6).mul(3)],
	["zeros", zeros([4, 4])],
	["ones, of rank 1", ones([7, 7])],
	["Hilbert's matrix", hilbert(12)],
	["a graded matrix", powers(10, 0.1)],
	["one that grows", powers(10, 10)],
	["one near the greatest number", symmetric(3, 5).mul(1e307)],
	["one near the least number", symmetric(3, 5).mul(1e-290)],
	["one with pairs of equal eigenvalues", diagonalMatrix(tensor([2, 1, 2, 1, 1]))],
];

suite("ops/linalg/eigh", (test) => {
	for (const [name, a] of matrices) {
		test(`V·diag(λ)·Vᵀ is A, V is orthogonal and λ ascends, for ${name}`, () => {
			const [values, vectors] = eigh(a);
			const n = a.shape[0]!;
			const size = a.abs().max().item() || 1;
			near(composed([values.div(size), vectors]), a.div(size), 1e-13 * n);
			near(vectors.T.matmul(vectors), eye(n), 1e-13 * n);
			const ascending = [...values.data].toSorted((x, y) => x - y);
			assert.equal([...values.data], ascending);
			for (const column of vectors.T.toArray() as number[][]) {
				const greatest = Math.max(...column.map(Math.abs));
				assert.ok(column.find((x) => Math.abs(x) >= greatest * (1 - 1e-9))! > 0);
			}
		});
	}

	test("where two elements of a vector are as large, the first is positive", () => {
		const [values, vectors] = eigh(
			tensor([
				[2, 1],
				[1, 2],
			]),
		);
		const half = Math.SQRT1_2;
		near(values, [1, 3]);
		near(vectors, [
			[half, half],
			[-half, half],
		]);
		same(eigh(tensor([[-5]]))[1], [[1]]);
	});

	test("batches, vmap, views and compiled programs give the same", () => {
		const batch = stack([symmetric(1, 4), symmetric(2, 4)]);
		const [values, vectors] = eigh(batch);
		near(composed([values, vectors]), batch);
		for (const [i, part] of vmap((a: Tensor) => eigh(a))(batch).entries()) {
			same(part, [values, vectors][i]!);
		}
		for (const [i, part] of compile((a: Tensor) => eigh(a))(batch).entries()) {
			same(part, [values, vectors][i]!);
		}
		same(eigh(batch.slice([null, null, -1]))[0], stack([values.slice(1), values.slice(0)]));
		same(eigh(zeros([2, 0, 0]))[0].shape, [2, 0]);
	});

	test("A stands for its symmetric part, so the gradient is symmetric", () => {
		const a = symmetric(5, 4);
		const skew = random.normal(random.key(6), [4, 4]);
		near(eigh(a.add(skew).sub(skew.T))[0], eigh(a)[0]);
		const g = grad((t: Tensor) => eigh(t)[1].mul(skew).sum())(a);
		near(g, g.T);
	});

	test("functions of the eigenvalues that are smooth in A have exact gradients where they are equal", () => {
		// The gradient of tr f(A) is f′(A).
		const traceOfExp = grad((t: Tensor) => eigh(t)[0].exp().sum());
		near(traceOfExp(eye(4)), eye(4).mul(Math.E), 1e-15);
		near(traceOfExp(zeros([3, 3])), eye(3), 1e-15);
		const turned = eigh(symmetric(7, 5))[1];
		const a = composed([tensor([1, 1, 1, 2, 2]), turned]);
		const sumOfSquares = (t: Tensor) => eigh(t)[0].square().sum();
		near(grad(sumOfSquares)(a), a.mul(2), 1e-14);
		near(jvp(sumOfSquares, a, symmetric(8, 5))[1], a.mul(symmetric(8, 5)).sum().mul(2), 1e-13);
		near(
			grad((t: Tensor) => eigh(t)[0].log().sum())(a),
			composed([tensor([1, 1, 1, 0.5, 0.5]), turned]),
			1e-14,
		);
	});

	test("vectors of equal eigenvalues have, by convention, no derivative between each other", () => {
		const w = random.normal(random.key(9), [3, 3]);
		same(grad((t: Tensor) => eigh(t)[1].mul(w).sum())(eye(3)), zeros([3, 3]));
		const part = diagonalMatrix(tensor([1, 1, 3]));
		const g = grad((t: Tensor) => eigh(t)[1].mul(w).sum())(part);
		same(
			[g.slice(0, 0), g.slice(0, 1), g.slice(1, 0), g.slice(1, 1)].map((x) => x.item()),
			[0, 0, 0, 0],
		);
		assert.ok(g.slice(0, 2).item() !== 0);
	});

	test("float32 stays float32, int32 gives float64, NaN shows everywhere", () => {
		const narrow = symmetric(4, 3).astype("float32");
		assert.equal(
			eigh(narrow).map(({ dtype }) => dtype),
			["float32", "float32"],
		);
		near(composed(eigh(narrow)), narrow, 1e-6);
		assert.is(
			eigh(
				tensor(
					[
						[2, 1],
						[1, 2],
					],
					{ dtype: "int32" },
				),
			)[0].dtype,
			"float64",
		);
		const broken = tensor([
			[1, Number.NaN],
			[0, 1],
		]);
		for (const part of eigh(broken)) assert.ok(part.data.every(Number.isNaN));
		assert.ok(eigh(tensor([[Number.POSITIVE_INFINITY]]))[0].data.every(Number.isNaN));
		refuses(() => eigh(zeros([2, 3])), ShapeError, "eigh: expected a square matrix");
	});
});
