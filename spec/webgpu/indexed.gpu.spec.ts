import * as assert from "uvu/assert";
import { compile } from "../../lib/compile/index.ts";
import type { Shape } from "../../lib/core/shape.ts";
import { grad, oneHot, random, type Tensor, takeAlongAxis, tensor } from "../../lib/index.ts";
import { untake } from "../../lib/ops/taking.ts";
import type { KernelOf } from "../../lib/schedule/kernel.ts";
import { toWgsl } from "../../lib/webgpu.ts";
import { suite } from "../suite.ts";
import { backend } from "./backend.ts";
import { inJavaScript, onDevice } from "./run-kernel.ts";
import { agrees } from "./run-steps.ts";

/** Half a unit in the last place of float32. */
const U = 2 ** -24;

const uniform = (shape: Shape) => random.uniform(random.key(1), shape).add(0.5).astype("float32");
/** Whole numbers from −size on, below size. */
const indicesOf = (shape: Shape, size: number) =>
	random
		.uniform(random.key(2), shape)
		.mul(2 * size)
		.sub(size)
		.floor()
		.astype("int32");

/** What takes elements of tensors of a shape, how often at most the same one, from an axis. */
const TAKING: readonly (readonly [string, Shape, number, (x: Tensor) => Tensor])[] = [
	["rows", [50, 128], 80, (x) => x.take(indicesOf([1024], 50), 0)],
	["a few rows of many", [20_000, 3], 2, (x) => x.take(indicesOf([17], 20_000), 0)],
	["columns", [7, 50], 80, (x) => x.take(indicesOf([4, 256], 50), 1)],
	["single elements of a row", [65], 120, (x) => x.take(indicesOf([5000], 65), 0)],
	["the same one", [3, 5], 3000, (x) => x.take(indicesOf([3000], 5).mul(0), 1)],
	["along the last axis", [300, 11], 10, (x) => takeAlongAxis(x, indicesOf([300, 5], 11), 1)],
	["along the first axis", [11, 300], 10, (x) => takeAlongAxis(x, indicesOf([70, 300], 11), 0)],
	["by tuples", [9, 11, 4], 30, (x) => x.gather(indicesOf([600, 2], 9))],
	["by whole tuples", [9, 11], 30, (x) => x.gather(indicesOf([6, 100, 2], 9))],
	["of a turned view", [50, 20], 80, (x) => x.T.flip(0).take(indicesOf([100], 20), 0)],
];

suite("webgpu/indexed", (test) => {
	test("elements that are taken are exact, those of the gradient as close as sums", async () => {
		for (const [, shape, times, f] of TAKING) {
			await agrees(f, [uniform(shape)], 0);
			await agrees(
				grad((x: Tensor) => f(x).square().sum()),
				[uniform(shape)],
				(times + 200) * U,
			);
		}
	});

	test("a workgroup each adds segments of very many elements, again and again to the same bits", async () => {
		const many = indicesOf([40_000], 7);
		const added = grad((x: Tensor) => x.take(many, 0).square().sum());
		await agrees(added, [uniform([7])], 6000 * U);
		const gradient = compile(added, { backend: await backend() });
		const bits = async () => Array.from(await gradient(uniform([7])).read());
		assert.equal(await bits(), await bits());
		assert.match(toWgsl(added, [uniform([7])]), "copy < ");
		await agrees((x) => oneHot(x, 3, { dtype: "int32" }).sum(0), [indicesOf([9000], 1).add(1)], 0);
	});

	test("whole numbers are taken and added up exactly", async () => {
		const counts = indicesOf([50, 3], 1000);
		await agrees((x) => x.take(indicesOf([70], 50), 0), [counts], 0);
		await agrees((x) => x.greater(0).take(indicesOf([70], 50), 0), [counts], 0);
		await agrees((x) => oneHot(x, 7, { dtype: "int32" }), [indicesOf([30, 4], 3).add(3)], 0);
	});

	test("an index that is out of range is told", async () => {
		for (const wrong of [-6, 5]) {
			const picked = tensor([1, wrong, 2], { dtype: "int32" });
			const x = uniform([5, 2]);
			await agrees((indices) => x.take(indices, 0), [picked], 0);
			await agrees((indices) => oneHot(indices, 5, { dtype: "float32" }), [picked], 0);
		}
	});

	test("of what goes to one place the last stays, or all is added to what was there", async () => {
		for (const dtype of ["float32", "int32"] as const) {
			for (const count of [1, 2, 300, 3000]) {
				for (const adds of [false, true]) {
					const indexed = { adds, indexed: "target" } as const;
					const kernel: KernelOf<"indexed"> = {
						kind: "indexed",
						indexed: {
							...indexed,
							shape: [count, 7],
							source: { dtype, strides: [7, 1] },
							indices: { dtype: "int32", strides: [1, 0] },
							target: { dtype, strides: [0, 1] },
							each: [{ at: 0, size: 20, stride: 7, wraps: true }],
						},
					};
					const reads = [
						{ array: indicesOf([count, 7], 100).astype(dtype).array },
						{ array: indicesOf([count], 20).array },
					];
					const writes = [{ array: indicesOf([20, 7], 9).astype(dtype).array }];
					const expected = inJavaScript(kernel, reads, writes);
					assert.equal(await onDevice(kernel, reads, writes), expected);
				}
			}
		}
	});

	test("whole numbers that are added up beyond 32 bits are told", async () => {
		const indices = tensor([0, 1, 0], { dtype: "int32" });
		for (const last of [1, 147_483_648]) {
			const x = tensor([2e9, 1, last], { dtype: "int32" });
			await agrees((y) => untake(y, indices, 0, 4), [x], 0);
		}
	});
});
