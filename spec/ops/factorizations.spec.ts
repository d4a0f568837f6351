import * as assert from "uvu/assert";
import {
	cholesky,
	DomainError,
	eye,
	grad,
	jvp,
	ShapeError,
	stack,
	type Tensor,
	tensor,
	triangularSolve,
	zeros,
} from "../../lib/index.ts";
import { keepWhere, maskGreater } from "../../lib/ops/masks.ts";
import { near, refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

const positive = tensor([
	[4, 1, 2],
	[1, 3, -1],
	[2, -1, 5],
]);
const a = tensor([
	[2, -1, 0.5],
	[1, 3, -2],
	[0.25, 1, 1.5],
]);
const b = tensor([
	[1, 2],
	[3, 4],
	[5, 6],
]);

suite("ops/factorizations", (test) => {
	test("cholesky gives the lower factor of NumPy 2.4", () => {
		const l = cholesky(positive);
		near(l, [
			[2, 0, 0],
			[0.5, 1.6583123951777, 0],
			[1, -0.9045340337332909, 1.7837651700316894],
		]);
		near(l.matmul(l.T), positive);
		near(cholesky(stack([eye(3).mul(4), positive])).slice(1), l);
	});

	test("cholesky takes the symmetric part of its argument, so the gradient is symmetric", () => {
		const skew = tensor([
			[0, 1, -2],
			[-1, 0, 3],
			[2, -3, 0],
		]);
		same(cholesky(positive.add(skew)), cholesky(positive));
		const g = grad((t: Tensor) => cholesky(t).mul(a).sum())(positive);
		near(g, g.T);
		// From L = (2): dL/dA = 1/4.
		same(grad((t: Tensor) => cholesky(t).sum())(tensor([[4]])), [[0.25]]);
		near(jvp(cholesky, positive, skew)[1], zeros([3, 3]));
	});

	test("a matrix that is not positive definite is refused, with its place in the batch", () => {
		const indefinite = tensor([
			[1, 2],
			[2, 1],
		]);
		refuses(
			() => cholesky(indefinite),
			DomainError,
			"cholesky: expected positive definite matrices, but the matrix is not",
		);
		refuses(() => cholesky(stack([eye(2), zeros([2, 2])])), DomainError, "matrix [1] of the batch");
		refuses(() => cholesky(zeros([2, 3])), ShapeError, "cholesky: expected a square matrix");
		assert.ok(cholesky(tensor([[Number.NaN]])).data.every(Number.isNaN));
		same(cholesky(zeros([0, 0])), zeros([0, 0]));
	});

	// SciPy 1.17: solve_triangular(a, b, lower=…, trans=…, unit_diagonal=…)
	const cases: [options: Parameters<typeof triangularSolve>[2], x: number[][]][] = [
		[
			{},
			[
				[0.5, 1],
				[0.8333333333333333, 1],
				[2.6944444444444446, 3.1666666666666665],
			],
		],
		[
			{ lower: false },
			[
				[1.2777777777777777, 2],
				[3.222222222222222, 4],
				[3.333333333333333, 4],
			],
		],
		[
			{ transposed: true },
			[
				[0.13888888888888887, 0.5],
				[-0.11111111111111101, 0],
				[3.333333333333333, 4],
			],
		],
		[
			{ lower: false, transposed: true },
			[
				[0.5, 1],
				[1.1666666666666665, 1.6666666666666665],
				[4.722222222222221, 5.8888888888888875],
			],
		],
		[
			{ unitDiagonal: true },
			[
				[1, 2],
				[2, 2],
				[2.75, 3.5],
			],
		],
		[
			{ lower: false, transposed: true, unitDiagonal: true },
			[
				[1, 2],
				[4, 6],
				[12.5, 17],
			],
		],
	];
	for (const [options, expected] of cases) {
		test(`triangularSolve reads one triangle only: ${JSON.stringify(options)}`, () => {
			near(triangularSolve(a, b, options), expected);
			near(
				triangularSolve(a, b.slice([0, 3], 0), options),
				expected.map(([first]) => first!),
			);
			const { lower = true, unitDiagonal = false } = options ?? {};
			const unread = lower ? a.triu(unitDiagonal ? 0 : 1) : a.tril(unitDiagonal ? 0 : -1);
			const other = a.add(keepWhere(unread.mul(Number.NaN), maskGreater(unread.abs(), 0)));
			near(triangularSolve(other, b, options), expected);
			const g = grad((t: Tensor) => triangularSolve(t, b, options).square().sum())(a);
			near(g, lower ? g.tril(unitDiagonal ? -1 : 0) : g.triu(unitDiagonal ? 1 : 0));
		});
	}

	test("triangularSolve takes vectors and batches, as solve does", () => {
		const batch = stack([a, a.mul(2)]);
		near(triangularSolve(batch, b.expandDims(0)).slice(1), triangularSolve(a, b).div(2));
		near(triangularSolve(batch, tensor([1, 3, 5])).slice(0), triangularSolve(a, tensor([1, 3, 5])));
		same(triangularSolve(zeros([0, 0]), zeros([0, 2])), zeros([0, 2]));
	});

	test("a 0 on the diagonal is refused unless the diagonal is taken to be ones", () => {
		const flat = tensor([
			[1, 0],
			[2, 0],
		]);
		refuses(
			() => triangularSolve(flat, zeros([2])),
			DomainError,
			"triangularSolve: expected no 0 on the diagonal, but the matrix is singular",
		);
		same(triangularSolve(flat, tensor([1, 5]), { unitDiagonal: true }), [1, 3]);
		refuses(
			() => triangularSolve(a, zeros([2])),
			ShapeError,
			"triangularSolve: expected as many rows",
		);
	});
});
