import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { Unsupported } from "../../lib/backends/backend.ts";
import { shadersOf } from "../../lib/backends/webgpu/kernels.ts";
import { allocate, type DType } from "../../lib/core/dtype.ts";
import { reducedShape, rowMajorStrides, type Shape, sizeOf } from "../../lib/core/shape.ts";
import {
	concat,
	grad,
	ones,
	random,
	reduction,
	stack,
	type Tensor,
	tensor,
} from "../../lib/index.ts";
import * as nn from "../../lib/nn/index.ts";
import * as s from "../../lib/scalar/index.ts";
import { mul } from "../../lib/scalar/primitives.ts";
import type { Expression } from "../../lib/schedule/expression.ts";
import type {
	CodedKernel,
	ReducerName,
	SliceLoop,
	SliceOutput,
} from "../../lib/schedule/kernel.ts";
import { choiceOf, isAtMost, operationOf, sumOf } from "../../lib/schedule/operations.ts";
import type { Step } from "../../lib/schedule/step.ts";
import { type Layout, layouts } from "../layouts.ts";
import { refuses } from "../near.ts";
import { sampled } from "../runs.ts";
import { planned } from "../schedule/schedules.ts";
import { suite } from "../suite.ts";
import { inJavaScript, onDevice } from "./run-kernel.ts";
import { agrees } from "./run-steps.ts";

/** Half a unit in the last place of float32. */
const U = 2 ** -24;
/**
 * A lane adds up at most 128 elements one after the other, and as many segments; the lanes of a
 * slice add eight times, twice.
 */
const SUM = 2 * (128 + 8) * U;

/** Short and long slices, side by side or in a row, of several axes, in one segment or many. */
const SHAPES: readonly (readonly [Shape, readonly number[]])[] = [
	[[1], [0]],
	[[5, 2], [1]],
	[[30, 63], [1]],
	[[64, 65], [0]],
	[[7, 1000], [1]],
	[
		[6, 9, 50],
		[0, 2],
	],
	[[100_000], [0]],
	[[20_001, 5], [0]],
];

const uniform = (shape: Shape) => random.uniform(random.key(1), shape).add(0.5).astype("float32");
const normal = (shape: Shape) => random.normal(random.key(1), shape).astype("float32");

/** The same for slices of all shapes. */
async function agreesForAll(
	f: (x: Tensor, axes: readonly number[]) => unknown,
	elements: (shape: Shape) => Tensor,
	allowed: number | ((n: number) => number),
): Promise<void> {
	for (const [shape, axes] of SHAPES) {
		const n = sizeOf(axes.map((axis) => shape[axis]!));
		const bound = typeof allowed === "number" ? allowed : allowed(n);
		await agrees((x) => f(x, axes), [elements(shape)], bound);
	}
}

/** Shapes with some of their axes, and layouts for two inputs. */
const cases = fc
	.array(fc.constantFrom(1, 2, 5, 63, 65, 130), { minLength: 1, maxLength: 3 })
	.filter((shape) => sizeOf(shape) < 50_000)
	.chain((shape) =>
		fc.record({
			shape: fc.constant(shape),
			axes: fc.shuffledSubarray([...shape.keys()], { minLength: 1 }),
			inputs: fc.tuple(layouts(shape), layouts(shape)),
			isTurned: fc.boolean(),
		}),
	);

/** Small whole numbers where a layout finds them; sums of these are exact in any order. */
function elementsFor(dtype: DType, shape: Shape, { strides, offset }: Layout) {
	const last = strides.map((stride, axis) => Math.max(0, stride * (shape[axis]! - 1)));
	const array = allocate(dtype, 1 + last.reduce((a, b) => a + b, offset));
	return { array: array.map((_, i) => ((i * i) % 7) - 3), offset };
}

/** Passes over floats and whole numbers, with results in each other and in outputs of each kind. */
function loopOf(shape: Shape, axes: readonly number[], inputs: Layout[], isTurned: boolean) {
	const [x, y] = [0, 1].map((index): Expression => ({ kind: "input", index }));
	const results = [0, 1, 2, 3, 4, 5].map((index): Expression => ({ kind: "result", index }));
	const [squares, greatest, isAnySmall, counted, atFirst, place] = results;
	const zero: Expression = { kind: "constant", value: 0, dtype: "int32" };
	const by = (name: ReducerName, of: Expression, dtype: DType) => ({ by: name, of, dtype });
	const isLeast = isAtMost("bool", x!, { kind: "constant", value: -3, dtype: "float32" });
	const turned = (strides: readonly number[]) => (isTurned ? strides.toReversed() : strides);
	const output = (perElement: boolean, dtype: DType, value: Expression): SliceOutput => {
		const kept = perElement ? shape : reducedShape(shape, axes, true);
		const strides = turned(rowMajorStrides(isTurned ? kept.toReversed() : kept));
		const held = strides.map((stride, axis) => (axes.includes(axis) && !perElement ? 0 : stride));
		return { perElement, dtype, value, strides: held };
	};
	const loop: SliceLoop = {
		shape,
		axes,
		inputs: inputs.map(({ strides }, k) => ({ dtype: k === 0 ? "float32" : "int32", strides })),
		passes: [
			{
				kind: "reduce",
				reductions: [
					by("total", operationOf(mul(0, 0))("float32", x!, x!), "float32"),
					by("greatest", y!, "int32"),
					by("some", isLeast, "bool"),
				],
			},
			{
				kind: "reduce",
				unless: isAnySmall!,
				reductions: [by("total", choiceOf("int32", isAtMost("bool", x!, y!), y!, zero), "int32")],
			},
			{ kind: "first", of: sumOf("float64", squares!, x!) },
			{
				kind: "reduce",
				reductions: [
					by(
						"least",
						choiceOf("int32", isAtMost("bool", greatest!, y!), { kind: "position" }, zero),
						"int32",
					),
				],
			},
		],
		outputs: [
			output(
				true,
				"float32",
				sumOf("float32", x!, { kind: "cast", of: squares!, dtype: "float32" }),
			),
			output(true, "int32", sumOf("int32", { kind: "position" }, place!)),
			output(false, "int32", choiceOf("int32", isAnySmall!, zero, counted!)),
			output(false, "float32", atFirst!),
		],
	};
	return loop;
}

suite("webgpu/reduction", (test) => {
	test("sums are off by what lanes, segments and trees round", () =>
		agreesForAll((x, axes) => [x.sum(axes), x.mul(x).mean(axes)], uniform, SUM));

	test("deviations, norms and logarithms of sums are as close", () =>
		// Each deviation is rounded by itself, and the center is.
		agreesForAll((x, axes) => [x.std(axes), x.norm(axes), x.logSumExp(axes)], uniform, 2 * SUM));

	test("normalized slices are, but for what the powers of e round", () =>
		agreesForAll((x, axes) => [x.softmax(axes), x.logSoftmax(axes)], normal, SUM + 32 * U));

	test("extremes, where they stand, truth and counts are exact", () =>
		agreesForAll(
			(x, axes) => [
				...[x.max(axes), x.min(axes)],
				...(axes.length === 1 ? [x.argmax(axes[0]!), x.argmin(axes[0]!)] : []),
				...[x.greater(-3).all(axes), x.greater(3).any(axes), x.greater(0).sum(axes)],
			],
			normal,
			0,
		));

	test("whole numbers are exact", () =>
		agreesForAll(
			(x, axes) => [x.sum(axes), x.max(axes), x.min(axes), x.sign().prod(axes), x.any(axes)],
			(shape) => normal(shape).mul(1000).astype("int32"),
			0,
		));

	test("whole numbers that leave 32 bits on the way are not trusted", async () => {
		const large = (n: number) => ones([2, n]).mul(2e9).astype("int32");
		for (const n of [2, 1000, 100_000]) {
			await agrees((x) => x.sum(1), [large(n)], 0);
			await agrees((x) => x.prod(1), [large(n)], 0);
			await agrees((x) => x.sum(0), [large(n)], 0);
		}
	});

	test("products leave the range of float32 only where the whole product does", async () => {
		const flip = tensor([1e30, 1e-30], { dtype: "float32" });
		const large = (shape: Shape) =>
			random
				.uniform(random.key(2), [75_003, 2])
				.mul(0.01)
				.add(0.995)
				.astype("float32")
				.mul(flip)
				.reshape([150_006])
				.slice([0, sizeOf(shape)])
				.reshape(shape);
		// Each factor is rounded once.
		await agreesForAll(
			(x, axes) => x.prod(axes),
			large,
			(n) => n * U,
		);
		const special = tensor(
			[
				[1e-45, 3e38, 2, 1],
				[0, Number.POSITIVE_INFINITY, 1, 1],
				[-0, 1, 1, 1e38],
				[1e38, 1e38, 1e-38, 1e-38],
				[1e-20, 1e-20, -1e-20, 1],
				[1e20, 1e20, -1e20, 1],
				[Number.NEGATIVE_INFINITY, -1, 2, 1e-30],
				[1, Number.NaN, 0, 1],
			],
			{ dtype: "float32" },
		);
		await agrees((x) => [x.prod(1), x.prod(0)], [special], 4 * U);
	});

	test("infinite and missing numbers show, and nothing hides them", async () => {
		const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
		const rows = tensor(
			[
				...[
					[nan, 1, 2, 3],
					[1, 2, 3, nan],
					[-nan, inf, -inf, 0],
					[inf, 1, 2, 3],
					[inf, inf, 0, 1],
				],
				...[
					[-inf, -inf, -inf, -inf],
					[-inf, 1, 1, 0],
					[-inf, inf, 0, 0],
					[-0, 0, -0, 0],
				],
				...[
					[0, 0, 0, 0],
					[3e38, 3e38, -3e38, 3e38],
					[2, 2, 1, 2],
					[1e-30, 2e-30, 0, -3e-30],
				],
			],
			{ dtype: "float32" },
		);
		const all = (x: Tensor, axis: number) => [
			...[x.max(axis), x.min(axis), x.argmax(axis), x.argmin(axis), x.sum(axis), x.norm(axis)],
			...[x.logSumExp(axis), x.softmax(axis), x.logSoftmax(axis), x.all(axis), x.any(axis)],
		];
		await agrees((x) => all(x, 1), [rows], 64 * U);
		await agrees((x) => all(x, 0), [rows.T], 64 * U);
		// In the middle of a long slice.
		const [n, many] = [rows.shape[0]!, 50_000];
		const long = concat(
			[ones([n, many]).mul(0).astype("float32"), rows, ones([n, 3]).mul(-1).astype("float32")],
			1,
		);
		await agrees((x) => all(x, 1), [long], SUM);
	});

	test("norms of what has no square in float32 are right", async () => {
		const x = stack([1e-30, 1e-12, 1e25, 3e37].map((scale) => uniform([50]).mul(scale)));
		await agrees((y) => y.norm(1), [x], 64 * U);
	});

	test("what float32 cannot hold is refused", () => {
		const refused = (f: (x: Tensor) => unknown, x: Tensor, text: string) => {
			const [{ kernel }] = planned(f, x).steps as [Step];
			const slots = ["int32", "float32"] as const;
			const operands = slots.map((dtype, slot) => ({ dtype, slot, aligned: true }));
			refuses(() => shadersOf(kernel as CodedKernel, operands), Unsupported, text);
		};
		const counts = ones([3, 5]).astype("int32");
		refused((x) => x.variance(1).astype("float32"), counts, "float64 of int32");
		refused((x) => x.mean(1), counts, "float64 on the device");
		const tiny = reduction({
			name: "isTiny",
			formula: (x) => s.select(s.less(s.total(x), 1e-280), 1, 0),
			weights: null,
			numpy: "is_tiny",
		});
		refused((x) => tiny(x, 1), ones([3, 5]).astype("float32"), "1e-280 in float32");
	});

	test("layers, losses and their gradients agree step by step", async () => {
		const norms = nn.layerNorm(65);
		const params = norms.init(random.key(3), { dtype: "float32" });
		const layer = (x: Tensor) => norms.apply(params, x).square().sum();
		await agrees(grad(layer), [normal([40, 65])], SUM);
		const labels = tensor([2, 0, 1], { dtype: "int32" });
		const loss = (x: Tensor) => nn.crossEntropy(x, labels);
		await agrees(grad(loss), [normal([3, 65])], SUM);
		const others = (x: Tensor) => [
			...[x.max(1).sum(), x.logSumExp(0).sum(), x.std(1).sum(), x.norm().square()],
		];
		for (const k of [0, 1, 2, 3])
			await agrees(
				grad((x) => others(x)[k]!),
				[normal([40, 65])],
				SUM,
			);
	});

	test("several passes over any layout, with results in each other and in outputs, are exact", async () => {
		await fc.assert(
			fc.asyncProperty(cases, async ({ shape, axes, inputs, isTurned }) => {
				const loop = loopOf(shape, axes, inputs, isTurned);
				const kernel = { kind: "reduction", loop } as const;
				const reads = inputs.map((layout, k) => elementsFor(loop.inputs[k]!.dtype, shape, layout));
				const writes = loop.outputs.map(({ dtype, perElement }) => ({
					array: allocate(dtype, sizeOf(perElement ? shape : reducedShape(shape, axes, true))),
				}));
				assert.equal(await onDevice(kernel, reads, writes), inJavaScript(kernel, reads, writes));
			}),
			{ numRuns: sampled(36), endOnFailure: true },
		);
	});
});
