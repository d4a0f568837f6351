import * as assert from "uvu/assert";
import { conv2d, ones, random, type Tensor } from "../../lib/index.ts";
import { constantOf } from "../../lib/program/program.ts";
import { readingOf } from "../../lib/schedule/epilogue.ts";
import type { KernelOf } from "../../lib/schedule/kernel.ts";
import { itself } from "../../lib/schedule/view.ts";
import { suite } from "../suite.ts";
import { planned } from "./schedules.ts";

const [x, w, z] = [ones([4, 5]), ones([5, 6]), ones([4, 6])];

/** The ops of each step. */
const steps = (f: (u: Tensor, v: Tensor, z: Tensor, row: Tensor, column: Tensor) => unknown) =>
	planned(f, x, w, z, ones([6]), ones([4, 1])).steps.map(({ kernel, members }) => {
		return `${kernel.kind}: ${members.map(({ op }) => op.name).join(" ")}`;
	});

suite("schedule/products", (test) => {
	test("elementwise ops on the elements, with one a column, one a row or one for all, follow a product", () => {
		const f = (u: Tensor, v: Tensor, z: Tensor, row: Tensor, column: Tensor) =>
			u.dot(v).add(row).mul(column).sub(z).div(z.slice(0, 0)).relu();
		assert.equal(steps(f), ["product: dot add mul sub div relu"]);
		const { kernel } = planned(f, x, w, z, ones([6]), ones([4, 1])).steps[0]!;
		assert.equal(kernel.kind === "product" && kernel.readings, [
			"column",
			"row",
			"element",
			"single",
		]);
	});

	test("several of their results may be stored", () => {
		assert.equal(
			steps((u, v) => {
				const h = u.dot(v);
				return [h, h.relu(), h.mul(2)];
			}).slice(0, 1),
			["product: dot relu mul"],
		);
	});

	test("what reads the elements in another order, or reduces them, runs by itself", () => {
		assert.equal(steps((u, v, y) => u.dot(v).T.add(y.T)).map(kindOf), ["product", "loop"]);
		assert.equal(steps((u, v, y) => u.dot(v).add(y.flip(0))).map(kindOf), ["product", "loop"]);
		assert.equal(steps((u, v) => u.dot(v).sum(0)).map(kindOf), ["product", "reduction"]);
	});

	test("a function such as tanh runs by itself, with what follows it", () => {
		assert.equal(
			steps((u, v, _, row) => u.dot(v).add(row).tanh().mul(2)),
			["product: dot add", "loop: tanh mul"],
		);
	});

	test("what is of another dtype runs by itself, but for a condition on the way", () => {
		assert.equal(steps((u, v) => u.dot(v).astype("float32")).map(kindOf), ["product", "loop"]);
		assert.equal(steps((u, v) => u.dot(v).greater(1)).map(kindOf), ["product", "loop"]);
		assert.equal(steps((u, v, y) => u.dot(v).greater(1).where(y, 0)).map(kindOf), ["product"]);
	});

	test("a second product is a step of its own, and what both are needed for follows the last", () => {
		assert.equal(
			steps((u, v, y) => u.dot(v).add(u.dot(v.square())).mul(y)),
			["loop: square", "product: dot", "product: dot add mul"],
		);
	});

	test("what the other operand of a product is made of does not follow it", () => {
		assert.equal(
			steps((u, v) => {
				const h = u.dot(v);
				return h.T.dot(h.relu());
			}),
			["product: dot relu", "product: dot"],
		);
	});

	test("a bias of channels follows a convolution, one of columns does not", () => {
		const kinds = (bias: number[]) => {
			const f = (u: Tensor, v: Tensor, b: Tensor) => conv2d(u, v).add(b);
			const args = [ones([2, 3, 6, 6]), ones([4, 3, 3, 3]), ones(bias)] as const;
			return planned(f, ...args).steps.map(({ kernel }) => kernel.kind);
		};
		assert.equal(kinds([4, 1, 1]), ["convolution"]);
		assert.equal(kinds([4]), ["convolution", "loop"]);
	});

	test("products of integers are their ops' own evaluations", () => {
		const n = ones([3, 3], { dtype: "int32" });
		const { steps: all } = planned((u: Tensor) => u.dot(u).add(1), n);
		assert.equal(
			all.map(({ kernel }) => kernel.kind),
			["evaluation", "loop"],
		);
	});

	test("vectors are rows and columns", () => {
		const matrices = (f: (u: Tensor, v: Tensor) => Tensor, ...shapes: number[][]) => {
			const args = shapes.map((shape, i) => random.normal(random.key(i), shape)) as [
				Tensor,
				Tensor,
			];
			const { kernel } = planned(f, ...args).steps[0]!;
			if (kernel.kind !== "product") throw new Error("expected a product");
			const { m, k, n } = kernel.matrices;
			return [m, k, n];
		};
		assert.equal(
			matrices((u, v) => u.dot(v), [4], [4]),
			[1, 4, 1],
		);
		assert.equal(
			matrices((u, v) => u.dot(v), [3, 4], [4]),
			[3, 4, 1],
		);
		assert.equal(
			matrices((u, v) => u.outer(v), [3], [4]),
			[3, 1, 4],
		);
	});

	test("the batches of a product have as few axes as their layouts allow", () => {
		const batch = (f: (u: Tensor, v: Tensor) => Tensor, ...shapes: number[][]) => {
			const [u, v] = shapes.map((shape) => ones(shape));
			const step = planned(f, u!, v!).steps.find(({ kernel }) => kernel.kind === "product")!;
			return (step.kernel as KernelOf<"product">).matrices.batch;
		};
		const product = (u: Tensor, v: Tensor) => u.matmul(v);
		assert.equal(batch(product, [1, 4, 5, 6], [1, 4, 6, 5]), [4]);
		assert.equal(batch(product, [2, 4, 5, 6], [2, 4, 6, 5]), [8]);
		assert.equal(batch(product, [1, 1, 5, 6], [6, 5]), []);
		assert.equal(batch(product, [2, 4, 5, 6], [4, 6, 5]), [2, 4]);
		const heads = (u: Tensor, v: Tensor) => u.transpose([0, 2, 1, 3]).matmul(v);
		assert.equal(batch(heads, [2, 5, 4, 6], [2, 4, 6, 5]), [2, 4]);
		assert.equal(batch(heads, [1, 5, 4, 6], [1, 4, 6, 5]), [4]);
	});

	test("how a view is read depends on the one axis along which it moves", () => {
		const read = (tensor: Tensor, column: number | null = 1) => {
			return readingOf(itself(constantOf(tensor)), { row: 0, column });
		};
		assert.is(read(random.normal(random.key(3), [3, 4])), "element");
		const [row, column] = [random.normal(random.key(1), [4]), random.normal(random.key(2), [3, 1])];
		assert.is(read(row.broadcastTo([3, 4])), "column");
		assert.is(read(column.broadcastTo([3, 4])), "row");
		assert.is(read(ones([1, 1]).broadcastTo([3, 4])), "single");
		// The code for columns and rows reads elements that lie side by side.
		const apart = { ...itself(constantOf(row)), shape: [3, 4], strides: [0, 2] };
		assert.is(readingOf(apart, { row: 0, column: 1 }), null);
		// A convolution has columns along two axes, so none is read by column.
		assert.is(read(row.broadcastTo([3, 4]), null), null);
	});
});

function kindOf(step: string): string {
	return step.split(":")[0]!;
}
