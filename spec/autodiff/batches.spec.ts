import * as assert from "uvu/assert";
import { compile } from "../../lib/compile/index.ts";
import { debugState } from "../../lib/core/debug-state.ts";
import {
	checkpoint,
	customGradient,
	type DType,
	GradientError,
	grad,
	hessian,
	jacobian,
	jvp,
	mean,
	random,
	stack,
	type Tensor,
	tensor,
	vmap,
} from "../../lib/index.ts";
import { near, refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

const x = random.normal(random.key(1), [5, 3]);
const w = random.normal(random.key(2), [3, 4]);
const layer = (w: Tensor, x: Tensor) => x.dot(w).tanh();
const loss = (w: Tensor, x: Tensor) => layer(w, x).square().sum();

suite("autodiff/batches", (test) => {
	test("checkpoint and customGradient keep their derivatives in a batch", () => {
		const kept = checkpoint(layer);
		const tripled = customGradient(
			(x: Tensor) => x.square(),
			(g, _, x) => g.mul(x).mul(3),
		);
		const lossOf = (w: Tensor, x: Tensor) => kept(w, x).square().sum();
		const each = vmap(grad(loss), { in: [null, 0] })(w, x);
		near(vmap(grad(lossOf), { in: [null, 0] })(w, x), each);
		near(grad((w: Tensor) => vmap(lossOf, { in: [null, 0] })(w, x).sum())(w), each.sum(0));
		same(vmap(grad((x: Tensor) => tripled(x).sum()))(x), x.mul(3));
		same(grad((x: Tensor) => vmap(tripled)(x).sum())(x), x.mul(3));
		near(jvp(vmap(tripled), x, x)[1], x.mul(x).mul(3));
		near(
			hessian((x: Tensor) => vmap(checkpoint((x: Tensor) => x.exp().sum()))(x).sum())(x),
			hessian((x: Tensor) => x.exp().sum())(x),
		);
	});

	test("a call that closes over an example works where nothing outside is differentiated", () => {
		const inner = (w: Tensor, x: Tensor) => checkpoint((w: Tensor) => loss(w, x))(w);
		same(vmap(grad(inner), { in: [null, 0] })(w, x), vmap(grad(loss), { in: [null, 0] })(w, x));
		const outer = (w: Tensor) => vmap(inner, { in: [null, 0] })(w, x).sum();
		refuses(
			() => grad(outer)(w),
			GradientError,
			"is one example of a batch and is not among its arguments",
		);
	});

	test("each key of a batch draws its own numbers", () => {
		const keys = random.split(random.key(3), 4);
		const draws = [
			(key: Tensor) => random.normal(key, [3]),
			(key: Tensor) => random.permutation(key, 5),
			(key: Tensor) => random.categorical(key, tensor([1, 2, 3])),
			(key: Tensor) => random.split(key)[1],
		];
		for (const draw of draws) same(vmap(draw)(stack(keys)), stack(keys.map(draw)));
	});

	// The largest tensor on the way has 2¹⁸ elements: two rows at a time.
	const wide = (x: Tensor) =>
		stack(
			[0, 1, 2].map((i) =>
				x
					.mul(i + 1)
					.square()
					.broadcastTo([2 ** 16, 4])
					.slice(i)
					.sum(),
			),
		);
	const point = tensor([1, 2, 3, 4]);

	for (const mode of ["reverse", "forward"] as const) {
		test(`blocks of a Jacobian are put into the result as they come, in ${mode} mode`, () => {
			const joined: number[] = [];
			const before = debugState.inspect;
			debugState.inspect = (op, _, __, out) => {
				if (op.name === "concat") joined.push(out.size);
			};
			try {
				const expected = [1, 4, 9].map((factor) => [...point.mul(2 * factor).data]);
				same(jacobian(wide, { mode })(point), expected);
			} finally {
				debugState.inspect = before;
			}
			assert.not(joined.includes(12), "the Jacobian, of 12 elements, is joined");
		});

		test(`where they are recorded they are joined, in ${mode} mode`, () => {
			const total = (x: Tensor) => jacobian(wide, { mode })(x).sum();
			same(grad(total)(point), [28, 28, 28, 28]);
			same(compile(jacobian(wide, { mode }))(point), jacobian(wide, { mode })(point));
		});
	}

	test("rows of a Jacobian come one by one where a derivative looks at values", () => {
		const looking = customGradient(
			(x: Tensor) => x.square(),
			(g, _, x) => (g.sum().item() > 5 ? g : g.mul(x).mul(2)),
		);
		same(jacobian(looking)(tensor([1, 2])), [
			[2, 0],
			[0, 4],
		]);
	});

	for (const dtype of ["float64", "float32"] as DType[]) {
		test(`products, convolutions and sums of ${dtype} have the bits that they have alone, whatever their size`, () => {
			const normal = (i: number, shape: number[]) => random.normal(random.key(i), shape, { dtype });
			const cases: [(a: Tensor, b: Tensor) => Tensor, number[], number[]][] = [
				[(a, b) => a.dot(b), [33, 70], [70, 65]],
				[(a, b) => a.dot(b), [300], [300, 5]],
				[(a, b) => a.outer(b), [33], [70]],
				[(a, b) => a.conv2d(b, { padding: 1, groups: 2 }), [2, 4, 9, 8], [6, 2, 3, 3]],
				[(a, b) => mean(a.mul(b)), [700], [700]],
			];
			for (const [i, [f, left, right]] of cases.entries()) {
				for (const axes of [
					[0, null],
					[null, 0],
					[0, 0],
				]) {
					const [a, b] = [left, right].map((shape, k) =>
						normal(2 * i + k, axes[k] === null ? shape : [3, ...shape]),
					);
					const at = (x: Tensor, k: number, axis: number | null) =>
						axis === null ? x : x.slice(k);
					const alone = [0, 1, 2].map((k) => f(at(a!, k, axes[0]!), at(b!, k, axes[1]!)));
					same(vmap(f, { in: axes })(a!, b!), stack(alone));
				}
			}
		});
	}
});
