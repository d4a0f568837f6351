import * as assert from "uvu/assert";
import { compile } from "../../../lib/compile/index.ts";
import {
	DTypeError,
	determinant,
	diagonalMatrix,
	eigh,
	expm,
	eye,
	grad,
	jvp,
	ones,
	random,
	ShapeError,
	stack,
	type Tensor,
	tensor,
	trace,
	vmap,
	zeros,
} from "../../../lib/index.ts";
import { near, refuses, same } from "../../near.ts";
import { suite } from "../../suite.ts";

const normal = (seed: number, n: number) => random.normal(random.key(seed), [n, n]);
const { NaN: missing, POSITIVE_INFINITY } = Number;

suite("ops/linalg/expm", (test) => {
	test("expm of matrices whose exponential is known", () => {
		same(expm(zeros([3, 3])), eye(3));
		same(expm(tensor([[2]])), [[Math.exp(2)]]);
		near(
			expm(diagonalMatrix(tensor([1, -2, 0.5]))),
			diagonalMatrix(tensor([1, -2, 0.5]).exp()),
			1e-15,
		);
		for (const t of [1e-3, 0.1, 0.7, 2, 4, 30]) {
			const turn = [
				[Math.cos(t), -Math.sin(t)],
				[Math.sin(t), Math.cos(t)],
			];
			near(
				expm(
					tensor([
						[0, -t],
						[t, 0],
					]),
				),
				turn,
				1e-14,
			);
		}
		for (const scale of [1e-2, 0.3, 1, 3, 20]) {
			const half = normal(1, 6).mul(scale / 4);
			const a = half.add(half.T);
			const [values, vectors] = eigh(a);
			const size = values.max().exp();
			near(
				expm(a).div(size),
				vectors.mul(values.exp()).matmul(vectors.T).div(size),
				1e-13 * Math.max(1, scale),
			);
		}
	});

	test("matrices far from normal are not scaled by their size", () => {
		// exp [a x; 0 b] has x·(eᵃ − eᵇ)/(a − b) at the upper right.
		for (const x of [1e3, 1e6, 1e12, 1e30, 1e150, 1e300]) {
			const found = expm(
				tensor([
					[1, x],
					[0, -1],
				]),
			);
			near(found.slice(0, 1).div(x), Math.sinh(1), 1e-14);
			near(found.diagonal(), [Math.E, 1 / Math.E], 1e-14);
			same(found.slice(1, 0), 0);
			same(
				expm(
					tensor([
						[0, x],
						[0, 0],
					]),
				),
				[
					[1, x],
					[0, 1],
				],
			);
		}
	});

	test("exp A · exp −A is the identity, and the determinant is the exponential of the trace", () => {
		for (const n of [2, 3, 5, 12]) {
			const a = normal(n, n);
			near(expm(a).matmul(expm(a.neg())), eye(n), 1e-11);
			near(determinant(expm(a)).div(trace(a).exp()), 1, 1e-11);
		}
	});

	test("derivatives are exact to any order, at equal eigenvalues too", () => {
		const [h, k, l] = [2, 3, 4].map((seed) => normal(seed, 3)) as [Tensor, Tensor, Tensor];
		const at = eye(3).mul(0.5);
		const factor = Math.exp(0.5);
		near(expm(at, h), h.mul(factor), 1e-14);
		near(
			expm(at, h, k),
			h
				.matmul(k)
				.add(k.matmul(h))
				.mul(factor / 2),
			1e-14,
		);
		// A and what commutes with it: exp(A + εA) = exp(A)·exp(εA).
		const a = normal(5, 4);
		near(expm(a, a), a.matmul(expm(a)), 1e-12);
		near(expm(a, a, a), a.matmul(a).matmul(expm(a)), 1e-12);
		near(grad((t: Tensor) => trace(expm(t)))(a), expm(a).T, 1e-13);
		const first = (t: Tensor) => jvp((u: Tensor) => expm(u), t, h)[1];
		const b = normal(6, 3);
		near(first(b), expm(b, h), 1e-14);
		near(jvp(first, b, k)[1], expm(b, k, h), 1e-13);
		const along = (t: Tensor) => expm(t, h).mul(k).sum();
		near(jvp(grad(along), b, l)[1], jvp((t: Tensor) => grad(along)(t), b, l)[1], 1e-13);
		near(grad((t: Tensor) => expm(b, t).mul(k).sum())(h), expm(b.T, k), 1e-13);
	});

	test("directions of very different size do not disturb the derivative", () => {
		const [a, h, k] = [normal(7, 3), normal(8, 3), normal(9, 3)];
		near(expm(a, h.mul(1e12)).div(1e12), expm(a, h), 1e-13);
		near(expm(a, h.mul(1e12), k.mul(1e-12)), expm(a, h, k), 1e-12);
		same(expm(a, zeros([3, 3])), zeros([3, 3]));
		near(expm(zeros([3, 3]), h), h, 1e-15);
	});

	test("batches, vmap and compiled programs give the same; NaN shows, and overflow does", () => {
		const batch = stack([normal(10, 3), normal(11, 3)]);
		const both = expm(batch);
		same(expm(batch.slice(1)), both.slice(1));
		same(vmap((a: Tensor) => expm(a))(batch), both);
		same(compile((a: Tensor) => expm(a))(batch), both);
		same(expm(zeros([2, 0, 0])).shape, [2, 0, 0]);
		assert.ok(
			expm(
				tensor([
					[1, missing],
					[0, 1],
				]),
			).data.every(Number.isNaN),
		);
		assert.ok(
			expm(
				tensor([
					[POSITIVE_INFINITY, 0],
					[0, 1],
				]),
			).data.every(Number.isNaN),
		);
		assert.ok(
			!Number.isFinite(
				expm(ones([2, 2]).mul(1000))
					.slice(0, 0)
					.item(),
			),
		);
		near(expm(ones([2, 2]).mul(-1e4)).slice(0, 0), 0.5, 1e-10);
	});

	test("float32 stays float32; what does not fit is refused", () => {
		const narrow = normal(12, 3).astype("float32");
		assert.is(expm(narrow).dtype, "float32");
		near(expm(narrow), expm(narrow.astype("float64")), 1e-6);
		assert.is(
			expm(
				tensor(
					[
						[0, 1],
						[0, 0],
					],
					{ dtype: "int32" },
				),
			).dtype,
			"float64",
		);
		refuses(() => expm(zeros([2, 3])), ShapeError, "expm: expected a square matrix");
		refuses(() => expm(eye(2), eye(3)), ShapeError, "expm: expected directions of shape (2×2)");
		refuses(() => expm(narrow, eye(3)), DTypeError, "expm: expected tensors of one float dtype");
	});
});
