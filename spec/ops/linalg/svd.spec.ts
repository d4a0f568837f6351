import * as assert from "uvu/assert";
import { compile } from "../../../lib/compile/index.ts";
import {
	conditionNumber,
	DomainError,
	diagonalMatrix,
	eye,
	grad,
	hessian,
	inverse,
	jvp,
	lstsq,
	matrixNorm,
	matrixRank,
	matrixTranspose,
	norm,
	ones,
	pinv,
	random,
	ShapeError,
	solve,
	stack,
	svd,
	type Tensor,
	tensor,
	vmap,
	zeros,
} from "../../../lib/index.ts";
import { near, refuses, same } from "../../near.ts";
import { suite } from "../../suite.ts";

const normal = (seed: number, ...shape: number[]) => random.normal(random.key(seed), shape);

/** U·diag(σ)·Vᵀ. */
const composed = ([u, values, vT]: readonly [Tensor, Tensor, Tensor]) =>
	u.mul(values.expandDims(-2)).matmul(vT);

/** A matrix with perpendicular columns. */
const perpendicular = (seed: number, m: number, n: number) => svd(normal(seed, m, n))[0];

const matrices: readonly [string, Tensor][] = [
	...[
		[1, 1],
		[2, 2],
		[3, 1],
		[1, 3],
		[4, 6],
		[6, 4],
		[30, 20],
		[20, 30],
		[40, 40],
		[50, 6],
		[6, 50],
	].map(([m, n]): [string, Tensor] => [`a random ${m}×${n} matrix`, normal(m! + n!, m!, n!)]),
	["the identity", eye(5)],
	["zeros", zeros([4, 3])],
	["ones, of rank 1", ones([6, 4])],
	["a tall matrix of rank 2", normal(4, 12, 2).matmul(normal(5, 2, 4))],
	["a wide matrix of rank 2", normal(1, 3, 2).matmul(normal(2, 2, 7))],
	[
		"columns of very different size",
		normal(3, 8, 8).mul(tensor([0, 1, 2, 3, 4, 5, 6, 7]).mul(-8).exp()),
	],
	[
		"tall, with columns of very different size",
		normal(6, 20, 6).mul(tensor([5, 0, 3, 1, 4, 2]).mul(-8).exp()),
	],
	["one near the greatest number", normal(3, 5, 4).mul(1e307)],
	["one near the least number", normal(3, 5, 4).mul(1e-290)],
];

suite("ops/linalg/svd", (test) => {
	test("small singular values of tall matrices with columns of very different size have all digits", () => {
		// The columns are perpendicular, so the values are their lengths.
		const sizes = [1e-12, 1, 1e-8, 1e4].map((x) => x * 3);
		const [, values] = svd(perpendicular(7, 20, 4).mul(tensor(sizes)));
		const expected = sizes.toSorted((a, b) => b - a);
		for (const [i, x] of expected.entries()) near(values.slice(i).div(x), 1, 1e-13);
	});

	for (const [name, a] of matrices) {
		test(`U·diag(σ)·Vᵀ is A, U and V have perpendicular columns and σ descends, for ${name}`, () => {
			const [u, values, vT] = svd(a);
			const k = Math.min(...a.shape);
			const bound = 1e-13 * Math.max(...a.shape);
			const size = a.abs().max().item() || 1;
			near(composed([u, values.div(size), vT]), a.div(size), bound);
			near(u.T.matmul(u), eye(k), bound);
			near(vT.matmul(vT.T), eye(k), bound);
			assert.equal(
				[...values.data],
				[...values.data].toSorted((x, y) => y - x),
			);
			assert.ok(values.data.every((x) => x >= 0));
			for (const j of Array(k).keys()) {
				const column = [...u.slice(null, j).data];
				const greatest = Math.max(...column.map(Math.abs));
				assert.ok(column.find((x) => Math.abs(x) >= greatest * (1 - 1e-9))! > 0);
			}
		});
	}

	test("small singular values of columns of very different size have all their digits", () => {
		const a = diagonalMatrix(tensor([1, 1e-100, 1e-150]));
		same(svd(a)[1], [1, 1e-100, 1e-150]);
	});

	test("batches, vmap and compiled programs give the same", () => {
		const batch = stack([normal(1, 4, 3), normal(2, 4, 3)]);
		const all = svd(batch);
		near(composed(all), batch);
		for (const [i, part] of vmap((a: Tensor) => svd(a))(batch).entries()) same(part, all[i]!);
		for (const [i, part] of compile((a: Tensor) => svd(a))(batch).entries()) same(part, all[i]!);
		assert.equal(
			svd(zeros([2, 0, 3])).map(({ shape }) => shape),
			[
				[2, 0, 0],
				[2, 0],
				[2, 0, 3],
			],
		);
		assert.ok(svd(tensor([[1, Number.NaN]])).every((x) => x.data.every(Number.isNaN)));
		refuses(() => svd(tensor([1])), ShapeError, "svd: expected a matrix");
	});

	test("functions of A that do not depend on the choice of vectors are exact at equal singular values", () => {
		const [q, p] = [perpendicular(4, 5, 3), perpendicular(5, 3, 3)];
		const twoEqual = composed([q, tensor([2, 2, 1]), p]);
		// The gradient of the sum of the singular values is U·Vᵀ, which has a derivative of its own.
		const nuclear = (t: Tensor) => matrixNorm(t, { ord: "nuc" });
		near(grad(nuclear)(twoEqual), q.matmul(p), 1e-14);
		near(grad(nuclear)(eye(4)), eye(4), 1e-15);
		const direction = normal(6, 5, 3);
		const along = (t: Tensor) => grad(nuclear)(t).mul(direction).sum();
		const step = 1e-5;
		const [after, before] = [step, -step].map((s) => along(twoEqual.add(direction.mul(s))));
		near(jvp(along, twoEqual, direction)[1], after!.sub(before!).div(2 * step), 1e-8);
		// Of σ times an orthogonal W the second derivative is that of U·Vᵀ: (dX − W·dXᵀ·W)/2σ.
		const square = p.mul(3);
		const d = normal(7, 3, 3);
		const second = jvp(grad(nuclear), square, d)[1];
		near(second, d.sub(p.matmul(d.T).matmul(p)).div(6), 1e-13);
		const sumOfSquares = (t: Tensor) => svd(t)[1].square().sum();
		near(grad(sumOfSquares)(twoEqual), twoEqual.mul(2), 1e-13);
	});

	test("a singular value of 0 has derivative 0, and so has what turns about it", () => {
		const nuclear = (t: Tensor) => matrixNorm(t, { ord: "nuc" });
		same(grad(nuclear)(zeros([3, 2])), zeros([3, 2]));
		const flat = tensor([
			[1, 2],
			[2, 4],
		]);
		near(grad(nuclear)(flat), flat.div(5), 1e-15);
		same(hessian(nuclear)(zeros([1, 1])), [[[[0]]]]);
	});

	test("matrixNorm takes every order", () => {
		const a = tensor([
			[1, -2],
			[3, 4],
			[0, 1],
		]);
		const values = svd(a)[1];
		const norms = (["fro", "nuc", 1, -1, 2, -2, Infinity, -Infinity] as const).map((ord) =>
			matrixNorm(a, { ord }),
		);
		near(stack(norms), [Math.sqrt(31), values.sum().item(), ...[7, 4], ...values.data, ...[7, 1]]);
		near(matrixNorm(a), norm(a));
		same(matrixNorm(stack([a, a]), { ord: 1, keepDims: true }), [[[7]], [[7]]]);
		same(matrixNorm(tensor([[1, 1]], { dtype: "int32" }), { ord: 1 }), 1);
		near(
			grad((t: Tensor) => matrixNorm(t, { ord: 2 }))(a),
			svd(a)[0]
				.slice(null, [0, 1])
				.matmul(svd(a)[2].slice([0, 1])),
		);
		refuses(
			() => matrixNorm(a, { ord: 3 }),
			DomainError,
			"matrixNorm: expected ord to be one of fro, nuc, 1",
		);
		refuses(() => matrixNorm(tensor([1])), ShapeError, "matrixNorm: expected a matrix");
	});

	test("conditionNumber and matrixRank tell of singular matrices", () => {
		near(conditionNumber(diagonalMatrix(tensor([4, 0.5]))), 8);
		near(conditionNumber(diagonalMatrix(tensor([4, 0.5])), 1), 8);
		same(conditionNumber(stack([eye(2), zeros([2, 2])])), [1, Number.POSITIVE_INFINITY]);
		same(conditionNumber(tensor([[Number.NaN]])), Number.NaN);
		refuses(
			() => conditionNumber(zeros([2, 2]), 1),
			DomainError,
			"conditionNumber: expected matrices with an inverse",
		);
		same(matrixRank(stack([eye(3), ones([3, 3]), zeros([3, 3])])), [3, 1, 0]);
		same(matrixRank(diagonalMatrix(tensor([1, 1e-3])), { rtol: 1e-2 }), 1);
		same(matrixRank(zeros([0, 3])), 0);
		assert.is(matrixRank(eye(2)).dtype, "int32");
	});

	test("pinv keeps the four laws of Penrose at every rank, and inverts regular matrices", () => {
		for (const [m, n, rank] of [
			[4, 3, 3],
			[3, 4, 3],
			[4, 3, 2],
			[3, 3, 3],
			[5, 5, 1],
		] as const) {
			const a = normal(m, m, rank).matmul(normal(n, rank, n));
			const y = pinv(a);
			near(a.matmul(y).matmul(a), a, 1e-12);
			near(y.matmul(a).matmul(y), y, 1e-12);
			near(a.matmul(y), matrixTranspose(a.matmul(y)), 1e-12);
			near(y.matmul(a), matrixTranspose(y.matmul(a)), 1e-12);
			if (rank === m && rank === n) near(y, inverse(a), 1e-11);
		}
		same(pinv(zeros([2, 3])), zeros([3, 2]));
		same(pinv(diagonalMatrix(tensor([2, 1e-3])), { rtol: 0.01 }), [
			[0.5, 0],
			[0, 0],
		]);
		assert.ok(pinv(tensor([[1, Number.NaN]])).data.every(Number.isNaN));
		refuses(() => pinv(eye(2), { rtol: -1 }), DomainError, "pinv: expected rtol");
	});

	test("the gradient of pinv is exact at equal singular values, and where the rank stays", () => {
		const q = perpendicular(8, 4, 3);
		const w = normal(9, 3, 4);
		// With perpendicular columns Aᵀ·A is the identity, of whose inverse A⁺ is made.
		const bySolve = (t: Tensor) => solve(t.T.matmul(t), t.T).mul(w).sum();
		const own = (t: Tensor) => pinv(t).mul(w).sum();
		near(grad(own)(q), grad(bySolve)(q));
		const d = normal(10, 4, 3);
		near(jvp(grad(own), q, d)[1], jvp(grad(bySolve), q, d)[1]);
		// Along x·yᵀ with x changing the rank stays 1.
		const [x, y] = [normal(11, 3, 1), normal(12, 1, 2)];
		const ofRank1 = (t: Tensor) => t.matmul(y).T.div(t.square().sum().mul(y.square().sum()));
		const v = normal(13, 2, 3);
		near(
			grad((t: Tensor) => pinv(t.matmul(y)).mul(v).sum())(x),
			grad((t: Tensor) => ofRank1(t).mul(v).sum())(x),
		);
	});

	test("lstsq gives the shortest of the solutions with the least rest", () => {
		const [a, b] = [normal(14, 5, 3), normal(15, 5, 2)];
		const x = lstsq(a, b);
		near(a.T.matmul(a.matmul(x).sub(b)), zeros([3, 2]));
		near(lstsq(a, b.slice(null, 0)), x.slice(null, 0));
		near(lstsq(ones([2, 2]), tensor([1, 3])), [1, 1]);
		near(lstsq(stack([a, a.mul(2)]), b.expandDims(0)).slice(1), x.div(2));
		near(
			grad((t: Tensor) => lstsq(t, b).sum())(a),
			grad((t: Tensor) => solve(t.T.matmul(t), t.T.matmul(b)).sum())(a),
			1e-11,
		);
		refuses(() => lstsq(a, zeros([4])), ShapeError, "lstsq: expected as many rows");
	});
});
