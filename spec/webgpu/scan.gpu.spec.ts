import type { Shape } from "../../lib/core/shape.ts";
import {
	cumprod,
	cumsum,
	grad,
	linearRecurrence,
	ones,
	random,
	type Tensor,
	tensor,
} from "../../lib/index.ts";
import * as s from "../../lib/scalar/index.ts";
import { type ScanFormula, scanned } from "../../lib/scalar/scan.ts";
import type { KernelOf } from "../../lib/schedule/kernel.ts";
import { suite } from "../suite.ts";
import { inJavaScript, onDevice } from "./run-kernel.ts";
import { agrees, close } from "./run-steps.ts";

/** Half a unit in the last place of float32. */
const U = 2 ** -24;
/**
 * What is carried to an element is made of at most 128 elements of its lane, of lanes in eight
 * rounds, and so of the segments before.
 */
const SUM = 2 * (128 + 8) * U;

/** Short and long lines, side by side or in a row, in one segment or many. */
const SHAPES: readonly (readonly [Shape, number])[] = [
	[[1], 0],
	[[2], 0],
	[[63], 0],
	[[65, 64], 0],
	[[65, 64], 1],
	[[3, 1000], 1],
	[[1000, 3], 0],
	[[5, 40, 7], 1],
	[[100_000], 0],
	[[20_001, 3], 0],
];
const WALKS = [{}, { reverse: true }, { exclusive: true }, { reverse: true, exclusive: true }];

const uniform = (shape: Shape) => random.uniform(random.key(1), shape).add(0.5).astype("float32");
/** Numbers beyond all squares, each followed by about its inverse. */
const large = (shape: Shape) =>
	tensor([1e30, 1e-30], { dtype: "float32" })
		.mul(random.uniform(random.key(2), [50_000, 2]).mul(0.01).add(0.995).astype("float32"))
		.reshape([100_000])
		.slice([0, shape.reduce((a, b) => a * b, 1)])
		.reshape(shape);

suite("webgpu/scan", (test) => {
	test("cumulative sums are as close as sums, from each end", async () => {
		for (const [shape, axis] of SHAPES) {
			const walks = shape[0]! > 10_000 ? WALKS.slice(3) : WALKS;
			const f = (x: Tensor) => walks.map((walk) => cumsum(x, axis, walk));
			await agrees(f, [uniform(shape)], SUM);
		}
	});

	test("cumulative products leave the range of float32 only where they do in float64", async () => {
		for (const [shape, axis] of SHAPES.filter(([{ length }]) => length < 3)) {
			// Each factor is rounded once.
			const bound = shape[axis]! * U;
			await agrees((x) => cumprod(x, axis, { exclusive: shape.length > 1 }), [large(shape)], bound);
		}
	});

	test("recurrences are done in segments, too", async () => {
		for (const [shape, axis] of SHAPES) {
			const a = random.uniform(random.key(3), shape).mul(0.9).astype("float32");
			const f = (x: Tensor, y: Tensor) => [
				linearRecurrence(x, y, axis),
				linearRecurrence(x.mul(y), x, axis, { reverse: true }),
			];
			// All terms have one sign.
			await agrees(f, [a, uniform(shape)], SUM);
		}
	});

	test("whole numbers are exact, or not trusted", async () => {
		const counts = random.uniform(random.key(4), [3, 5000]).mul(2000).sub(1000).astype("int32");
		const f = (x: Tensor) => [
			...[cumsum(x, 1), cumsum(x, 0, { reverse: true }), cumprod(x.sign(), 1)],
			cumsum(x.greater(0), 1),
		];
		await agrees(f, [counts], 0);
		for (const n of [2, 300, 10_000]) {
			const large = ones([n]).mul(2e9).astype("int32");
			await agrees((x) => cumsum(x), [large], 0);
			await agrees((x) => cumprod(x), [large], 0);
		}
	});

	test("infinite and missing numbers are carried on", async () => {
		const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
		const rows = tensor(
			[
				[1, nan, 2, 3],
				[1, inf, 2, -inf],
				[0, 2, inf, 1],
				[-0, 0, -0, -1],
				[1e38, 1e38, 1e38, -1e38],
				[1e-30, 1e-30, 1e30, 1e30],
			],
			{ dtype: "float32" },
		);
		const f = (x: Tensor, axis: number) => [
			...[cumsum(x, axis), cumprod(x, axis), cumprod(x, axis, { reverse: true })],
			linearRecurrence(x, ones(x.shape).astype("float32"), axis),
		];
		await agrees((x) => f(x, 1), [rows], 8 * U);
		await agrees((x) => f(x.T, 0), [rows], 8 * U);
	});

	test("the gradient of a cumulative product, over views, agrees step by step", async () => {
		const f = (x: Tensor) => cumprod(x.T.flip(0), 0).sum();
		await agrees(grad(f), [uniform([7, 70])], 2 * 70 * U);
	});

	test("steps that cannot be put together are done one after the other", async () => {
		const formulas: readonly (readonly [number, ScanFormula])[] = [
			[Number.NEGATIVE_INFINITY, (carried, _, x) => s.max(carried, x!)],
			[1, (carried, isFirst, x) => s.select(isFirst, x!, s.add(s.mul(carried, 0.5), x!))],
		];
		const shape = [3, 100, 5];
		const x = { array: uniform(shape).array };
		const y = { array: new Float32Array(x.array.length) };
		for (const [start, formula] of formulas) {
			const { step } = scanned(start, formula, () => kernel.scan);
			const operand = { dtype: "float32", strides: [500, 5, 1] } as const;
			const walk = { axis: 1, reverse: true, exclusive: start === 1 };
			const kernel: KernelOf<"scan"> = {
				kind: "scan",
				scan: { ...walk, start, step: step(), shape, inputs: [operand], output: operand },
			};
			const [expected] = inJavaScript(kernel, [x], [y]).outputs;
			close((await onDevice(kernel, [x], [y])).outputs[0]!, expected!, 16 * U);
		}
	});
});
