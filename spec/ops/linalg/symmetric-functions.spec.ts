import * as assert from "uvu/assert";
import { compile } from "../../../lib/compile/index.ts";
import {
	DomainError,
	diagonalMatrix,
	expm,
	eye,
	grad,
	hessian,
	jvp,
	mul,
	random,
	ShapeError,
	stack,
	svd,
	symmetricLog,
	symmetricSqrt,
	type Tensor,
	tensor,
	vmap,
	zeros,
} from "../../../lib/index.ts";
import { near, refuses, same } from "../../near.ts";
import { suite } from "../../suite.ts";

const normal = (seed: number, ...shape: number[]) => random.normal(random.key(seed), shape);
const symmetric = (x: Tensor) => x.add(x.T).div(2);

/** A matrix with these eigenvalues, whose eigenvectors are no axes. */
function withEigenvalues(...values: number[]): Tensor {
	const [q] = svd(normal(values.length, values.length, values.length));
	return q.matmul(diagonalMatrix(tensor(values))).matmul(q.T);
}

const matrices = [
	withEigenvalues(0.5, 2, 3),
	withEigenvalues(2, 2, 2),
	withEigenvalues(2, 2, 5, 5),
	withEigenvalues(1, 1 + 1e-9, 4),
	withEigenvalues(1e-4, 1, 1e8),
	tensor([[4]]),
	zeros([0, 0]),
];

suite("ops/linalg/symmetric-functions", (test) => {
	test("the root squared and the exponential of the logarithm are the matrix", () => {
		for (const a of matrices) {
			const size = a.abs().sum().item() || 1;
			const root = symmetricSqrt(a);
			near(root.matmul(root).div(size), a.div(size), 1e-14);
			near(expm(symmetricLog(a)).div(size), a.div(size), 1e-13);
			near(expm(mul(0.5, symmetricLog(a))).div(size), root.div(size), 1e-13);
		}
		same(symmetricSqrt(zeros([2, 2])), zeros([2, 2]));
		// Of rank 1, with eigenvalues that are negative by rounding.
		const flat = normal(1, 4, 1).matmul(normal(1, 4, 1).T);
		near(symmetricSqrt(flat).matmul(symmetricSqrt(flat)), flat, 1e-14);
	});

	test("derivatives are exact at equal eigenvalues, to the third order", () => {
		for (const a of matrices.slice(0, 4)) {
			const n = a.shape[0]!;
			const [u, v, w] = [2, 3, 4].map((seed) => symmetric(normal(seed, n, n)));
			// What undoes the function gives back the matrix, so its higher derivatives are 0.
			for (const back of [
				(t: Tensor) => symmetricSqrt(t).matmul(symmetricSqrt(t)),
				(t: Tensor) => expm(symmetricLog(t)),
			]) {
				const along = (f: (t: Tensor) => Tensor, d: Tensor) => (t: Tensor) => jvp(f, t, d)[1];
				const first = along(back, u!);
				near(first(a), u!, 1e-12);
				const second = along(first, v!);
				near(second(a), zeros([n, n]), 1e-10);
				near(along(second, w!)(a), zeros([n, n]), 1e-8);
				near(grad((t: Tensor) => back(t).mul(w!).sum())(a), w!, 1e-12);
			}
		}
		// d²/dt² of tr √(A + t·B) where A = 4·I, by the eigenvalues of B: −Σ λ²/32.
		const b = symmetric(normal(5, 3, 3));
		const trace = (t: Tensor) =>
			symmetricSqrt(eye(3).mul(4).add(b.mul(t)))
				.mul(eye(3))
				.sum();
		near(hessian(trace)(tensor(0)), b.square().sum().div(-32), 1e-12);
	});

	test("batches, vmap, compiled programs and float32 give the same", () => {
		const all = stack([withEigenvalues(1, 2, 2), withEigenvalues(3, 4, 5)]);
		for (const f of [symmetricSqrt, symmetricLog]) {
			const expected = f(all);
			same(f(all.slice(1)), expected.slice(1));
			same(vmap((a: Tensor) => f(a))(all), expected);
			same(compile((a: Tensor) => f(a))(all), expected);
			const narrow = f(all.astype("float32"));
			assert.is(narrow.dtype, "float32");
			near(narrow, expected, 1e-6);
			assert.ok(
				f(tensor([[Number.NaN]]))
					.isNaN()
					.all()
					.item(),
			);
			assert.is(f(tensor([[4]], { dtype: "int32" })).dtype, "float64");
		}
	});

	test("what has no root or logarithm is refused by name", () => {
		const [indefinite, flat] = [withEigenvalues(-1, 2), withEigenvalues(0, 2)];
		refuses(
			() => symmetricSqrt(indefinite),
			DomainError,
			"symmetricSqrt: expected positive semidefinite matrices, but the matrix is not",
		);
		refuses(
			() => symmetricLog(stack([eye(2), zeros([2, 2])])),
			DomainError,
			"symmetricLog: expected positive definite matrices, but matrix [1] of the batch is not",
		);
		refuses(() => symmetricLog(normal(6, 2, 3)), ShapeError, "symmetricLog: ");
		// Rounding leaves an eigenvalue beside 0, on one side or the other.
		const nearlyFlat = [1, 2, 3, 4].map((seed) => normal(seed, 3, 1).matmul(normal(seed, 3, 1).T));
		for (const a of [zeros([2, 2]), flat, ...nearlyFlat]) {
			refuses(
				() => grad((t: Tensor) => symmetricSqrt(t).sum())(a),
				DomainError,
				"symmetricSqrt: expected no eigenvalue 0 where it is differentiated",
			);
			refuses(() => symmetricLog(a), DomainError, "symmetricLog: expected positive definite");
		}
		assert.ok(symmetricSqrt(flat).isFinite().all().item());
	});
});
