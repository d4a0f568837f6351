import * as assert from "uvu/assert";
import { compile } from "../../../lib/compile/index.ts";
import {
	DomainError,
	determinant,
	eye,
	grad,
	jvp,
	lu,
	matrixTranspose,
	ones,
	qr,
	random,
	ShapeError,
	solve,
	stack,
	type Tensor,
	take,
	tensor,
	vmap,
	zeros,
} from "../../../lib/index.ts";
import { loose } from "../../bad-calls.ts";
import { near, refuses, same } from "../../near.ts";
import { suite } from "../../suite.ts";

const normal = (seed: number, ...shape: number[]) => random.normal(random.key(seed), shape);

const matrices: readonly [string, Tensor][] = [
	...[
		[1, 1],
		[3, 3],
		[5, 2],
		[2, 5],
		[30, 20],
		[20, 30],
		[40, 40],
	].map(([m, n]): [string, Tensor] => [`a random ${m}×${n} matrix`, normal(m! + n!, m!, n!)]),
	["the negative identity", eye(4).neg()],
	["zeros", zeros([3, 2])],
	["ones, of rank 1", ones([4, 3])],
	["a matrix of rank 2", normal(1, 5, 2).matmul(normal(2, 2, 4))],
	[
		"a column of zeros",
		tensor([
			[0, 1],
			[0, 2],
			[0, -3],
		]),
	],
	["one near the greatest number", normal(3, 5, 4).mul(1e307)],
	["one near the least number", normal(3, 5, 4).mul(1e-290)],
];

suite("ops/linalg/triangular", (test) => {
	for (const [name, a] of matrices) {
		const [m, n] = a.shape as [number, number];
		const k = Math.min(m, n);
		const size = a.abs().max().item() || 1;
		const bound = 1e-13 * Math.max(m, n);

		test(`Q·R is A, Q has perpendicular columns and R is upper triangular, for ${name}`, () => {
			const [q, r] = qr(a);
			near(q.matmul(r.div(size)), a.div(size), bound);
			near(q.T.matmul(q), eye(k), bound);
			same(r, r.triu());
			assert.ok(r.diagonal().data.every((x) => x >= 0));
		});

		test(`L·U has the rows of A in the order p, for ${name}`, () => {
			const [p, l, u] = lu(a);
			near(l.matmul(u.div(size)), take(a, p, 0).div(size), bound);
			same(l, l.tril());
			same(l.diagonal(), ones([k]));
			same(u, u.triu());
			assert.ok(l.abs().max().item() <= 1);
			assert.equal(
				[...p.data].toSorted((x, y) => x - y),
				[...Array(m).keys()],
			);
		});
	}

	test("batches, vmap and compiled programs give the same", () => {
		const batch = stack([normal(4, 4, 3), normal(5, 4, 3)]);
		for (const f of [qr, lu]) {
			const all = f(batch);
			for (const [i, part] of vmap((a: Tensor) => f(a))(batch).entries()) same(part, all[i]!);
			for (const [i, part] of compile((a: Tensor) => f(a))(batch).entries()) same(part, all[i]!);
			near(f(batch.slice(1)).at(-1)!, all.at(-1)!.slice(1));
		}
		assert.equal(
			qr(zeros([2, 0, 3])).map(({ shape }) => shape),
			[
				[2, 0, 0],
				[2, 0, 3],
			],
		);
		assert.equal(
			lu(zeros([0, 2])).map(({ shape }) => shape),
			[[0], [0, 0], [0, 2]],
		);
		assert.ok(
			qr(
				tensor([
					[Number.NaN, 1],
					[1, 1],
				]),
			).every((x) => x.data.some(Number.isNaN)),
		);
		refuses(() => qr(tensor([1])), ShapeError, "qr: expected a matrix");
		refuses(() => lu(tensor([1])), ShapeError, "lu: expected a matrix");
	});

	test("the complete Q has the reduced one in front, and perpendicular columns behind", () => {
		for (const a of [normal(13, 2, 5, 3), normal(14, 4, 4), normal(15, 3, 5), zeros([3, 1])]) {
			const [q, r] = qr(a, { mode: "complete" });
			const [first, upper] = qr(a);
			const [m, n] = [a.shape.at(-2)!, a.shape.at(-1)!];
			const all = [null, null].slice(4 - a.rank);
			near(q.matmul(q.matrixTranspose()), eye(m).broadcastTo(q.shape), 1e-14);
			near(q.matmul(r), a, 1e-14);
			same(q.slice(...all, null, [0, Math.min(m, n)]), first);
			same(r.slice(...all, [0, Math.min(m, n)]), upper);
			assert.equal(r.shape, a.shape);
		}
		assert.is(qr(ones([2, 1]).astype("float32"), { mode: "complete" })[0].dtype, "float32");
		// All of it has a derivative; what is behind turns with what is in front.
		const [a, d] = [normal(16, 5, 2), normal(17, 5, 2)];
		const complete = (t: Tensor) => qr(t, { mode: "complete" });
		const [[q, r], [dq, dr]] = jvp((t: Tensor) => complete(t), a, d);
		near(dq.matmul(r).add(q.matmul(dr)), d, 1e-12);
		const turn = q.T.matmul(dq);
		near(turn, turn.T.neg(), 1e-12);
		const step = 1e-6;
		const away = complete(a.add(d.mul(step)))[0].sub(complete(a.sub(d.mul(step)))[0]);
		near(away.div(2 * step), dq, 1e-8);
		refuses(
			() => loose(qr)(a, { mode: "full" }),
			DomainError,
			'qr: expected mode to be "reduced" or "complete"',
		);
	});

	test("gradients through the factors are those of what the factors make up", () => {
		for (const [m, n] of [
			[4, 4],
			[6, 3],
			[3, 6],
		] as const) {
			const [a, d, w] = [normal(6, m, n), normal(7, m, n), normal(8, m, n)];
			for (const product of [
				(t: Tensor) => qr(t)[0].matmul(qr(t)[1]),
				(t: Tensor) => {
					const [p, l, u] = lu(t);
					// Back in order: the product times the transpose of the permutation.
					return take(eye(m), p, 0).T.matmul(l.matmul(u));
				},
			]) {
				near(grad((t: Tensor) => product(t).mul(w).sum())(a), w, 1e-11);
				near(jvp(product, a, d)[1], d, 1e-11);
			}
		}
	});

	test("the determinant is the product of the diagonal of U, and of R in size, with its gradient", () => {
		const a = normal(9, 4, 4);
		const byU = (t: Tensor) => lu(t)[2].diagonal().prod().abs();
		const byR = (t: Tensor) => qr(t)[1].diagonal().prod();
		const own = (t: Tensor) => determinant(t).abs();
		for (const f of [byU, byR]) near(grad(f)(a), grad(own)(a), 1e-11);
	});

	test("least squares by qr have the gradient of the normal equations", () => {
		const [a, b] = [normal(10, 6, 3), normal(11, 6, 1)];
		const byQR = (t: Tensor) => {
			const [q, r] = qr(t);
			return solve(r, q.T.matmul(b)).sum();
		};
		const direct = (t: Tensor) =>
			solve(matrixTranspose(t).matmul(t), matrixTranspose(t).matmul(b)).sum();
		near(grad(byQR)(a), grad(direct)(a), 1e-11);
	});

	test("a derivative that needs an inverse that there is not says so", () => {
		const flat = ones([3, 2]);
		refuses(
			() => grad((t: Tensor) => qr(t)[0].sum())(zeros([3, 2])),
			DomainError,
			"qr: expected no 0",
		);
		refuses(() => grad((t: Tensor) => lu(t)[1].sum())(flat), DomainError, "lu: expected no 0");
	});

	test("float32 stays float32, and int32 gives float64", () => {
		const narrow = normal(12, 3, 3).astype("float32");
		const whole = tensor(
			[
				[1, 2],
				[3, 4],
			],
			{ dtype: "int32" },
		);
		assert.equal(
			qr(narrow).map(({ dtype }) => dtype),
			["float32", "float32"],
		);
		assert.equal(
			lu(narrow).map(({ dtype }) => dtype),
			["int32", "float32", "float32"],
		);
		assert.equal(
			qr(whole).map(({ dtype }) => dtype),
			["float64", "float64"],
		);
		same(lu(whole)[0], [1, 0]);
		near(lu(whole)[2], [
			[3, 4],
			[0, 2 / 3],
		]);
	});
});
