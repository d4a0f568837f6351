import * as assert from "uvu/assert";
import { conv2d, ones, type Tensor, tensor, vjp } from "../../lib/index.ts";
import { workOf } from "../../lib/schedule/kernel.ts";
import { suite } from "../suite.ts";
import { planned } from "./schedules.ts";

const work = <Args extends Tensor[]>(f: (...args: Args) => unknown, ...args: Args) =>
	planned(f, ...args).steps.map(({ kernel }) => workOf(kernel));

suite("schedule/kernel", (test) => {
	test("a loop is its ops times its elements; a copy counts as one op", () => {
		assert.equal(
			work((x: Tensor) => x.exp(), ones([4, 5])),
			[20],
		);
		assert.equal(
			work((x: Tensor) => x.exp().mul(2).add(1), ones([4, 5])),
			[60],
		);
		assert.equal(
			work((x: Tensor) => x.T, ones([4, 5])),
			[20],
		);
	});

	test("a reduction counts its passes and the ops of its elements", () => {
		assert.equal(
			work((x: Tensor) => x.sum(), ones([4, 5])),
			[20],
		);
		assert.equal(
			work((x: Tensor) => x.square().sum(0), ones([4, 5])),
			[40],
		);
	});

	test("a product counts each of its terms as two, and what follows for each element", () => {
		const [x, w, b] = [ones([4, 5]), ones([5, 6]), ones([6])];
		assert.equal(
			work((u: Tensor, v: Tensor) => u.dot(v), x, w),
			[2 * 4 * 5 * 6],
		);
		assert.equal(
			work((u: Tensor, v: Tensor, c: Tensor) => u.dot(v).add(c).relu(), x, w, b),
			[2 * 4 * 5 * 6 + 2 * 4 * 6],
		);
		assert.equal(
			work((u: Tensor, v: Tensor) => u.matmul(v), ones([3, 4, 5]), ones([3, 5, 6])),
			[3 * 2 * 4 * 5 * 6],
		);
	});

	test("a convolution and its transposes have the same terms", () => {
		// 2 samples, 3 channels to 4, windows 3×3 at 4×4 places.
		const terms = 2 * 3 * 4 * 9 * 16;
		const f = (x: Tensor, w: Tensor) => {
			const [y, pull] = vjp((pair: readonly [Tensor, Tensor]) => conv2d(...pair), [x, w] as const);
			return [y, pull(y)];
		};
		assert.equal(
			work(f, ones([2, 3, 6, 6]), ones([4, 3, 3, 3])),
			[1, 1, 1].map(() => 2 * terms),
		);
	});

	test("groups divide the terms of a convolution", () => {
		const [x, w] = [ones([1, 4, 6, 6]), ones([4, 2, 3, 3])];
		assert.equal(
			work((u: Tensor, v: Tensor) => conv2d(u, v, { groups: 2 }), x, w),
			[2 * 4 * 2 * 9 * 16],
		);
	});

	test("lines and elements at indices count once each; what an evaluation does is not known", () => {
		assert.equal(
			work((x: Tensor) => x.cumsum(0), ones([4, 5])),
			[20],
		);
		const picked = tensor([0, 2, 1], { dtype: "int32" });
		assert.equal(
			work((x: Tensor) => x.take(picked, 0), ones([4, 5])),
			[15],
		);
		assert.equal(
			work((x: Tensor) => x.argsort(0), ones([4, 5])),
			[0],
		);
	});
});
