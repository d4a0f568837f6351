import * as assert from "uvu/assert";
import {
	conv1d,
	conv2d,
	convTranspose1d,
	convTranspose2d,
	grad,
	ones,
	random,
	ShapeError,
	type Tensor,
	tensor,
	zeros,
} from "../../lib/index.ts";
import { near, refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

interface Geometry {
	stride: [number, number];
	padding: [[number, number], [number, number]];
	dilation: [number, number];
	groups: number;
}

/** The definition, element by element. */
function naiveConv2d(
	x: Tensor,
	w: Tensor,
	{ stride, padding, dilation, groups }: Geometry,
): number[][][][] {
	const image = x.toArray() as number[][][][];
	const filters = w.toArray() as number[][][][];
	const [, perGroup, kh, kw] = w.shape as [number, number, number, number];
	const size = (axis: 0 | 1) => {
		const reach = dilation[axis] * (w.shape[axis + 2]! - 1) + 1;
		const padded = x.shape[axis + 2]! + padding[axis][0] + padding[axis][1];
		return Math.floor((padded - reach) / stride[axis]) + 1;
	};
	const perOut = filters.length / groups;
	return image.map((channels) =>
		filters.map((filter, o) => {
			const first = Math.floor(o / perOut) * perGroup;
			return Array.from({ length: size(0) }, (_, i) =>
				Array.from({ length: size(1) }, (_, j) => {
					let sum = 0;
					for (let c = 0; c < perGroup; c++) {
						for (let a = 0; a < kh; a++) {
							for (let b = 0; b < kw; b++) {
								const y = i * stride[0] + a * dilation[0] - padding[0][0];
								const z = j * stride[1] + b * dilation[1] - padding[1][0];
								sum += filter[c]![a]![b]! * (channels[first + c]![y]?.[z] ?? 0);
							}
						}
					}
					return sum;
				}),
			);
		}),
	);
}

const normal = (seed: number, shape: number[]) => random.normal(random.key(seed), shape);

suite("ops/convolution", (test) => {
	test("conv2d correlates: the filter is not flipped", () => {
		const x = tensor([
			[
				[
					[1, 2, 3],
					[4, 5, 6],
					[7, 8, 9],
				],
			],
		]);
		const w = tensor([
			[
				[
					[1, 2],
					[3, 4],
				],
			],
		]);
		same(conv2d(x, w), [
			[
				[
					[37, 47],
					[67, 77],
				],
			],
		]);
	});

	test("conv2d equals its definition for strides, paddings, dilations and groups", () => {
		const x = normal(1, [2, 4, 6, 7]);
		for (const groups of [1, 2, 4]) {
			const w = normal(2, [8, 4 / groups, 2, 3]);
			for (const stride of [
				[1, 1],
				[2, 3],
			] as [number, number][]) {
				for (const dilation of [
					[1, 1],
					[3, 2],
				] as [number, number][]) {
					for (const padding of [
						[
							[0, 0],
							[0, 0],
						],
						[
							[1, 2],
							[3, 0],
						],
					] as Geometry["padding"][]) {
						const options = { stride, dilation, padding, groups };
						near(conv2d(x, w, options), naiveConv2d(x, w, options));
					}
				}
			}
		}
	});

	test('padding may be a number, one for each axis, "same" or "valid"', () => {
		const [x, w] = [normal(1, [1, 1, 5, 6]), normal(2, [1, 1, 3, 2])];
		same(
			conv2d(x, w, { padding: 1 }),
			conv2d(x, w, {
				padding: [
					[1, 1],
					[1, 1],
				],
			}),
		);
		same(
			conv2d(x, w, { padding: [2, 1] }),
			conv2d(x, w, {
				padding: [
					[2, 2],
					[1, 1],
				],
			}),
		);
		same(conv2d(x, w, { padding: "valid" }), conv2d(x, w));
		same(
			conv2d(x, w, { padding: "same" }),
			conv2d(x, w, {
				padding: [
					[1, 1],
					[0, 1],
				],
			}),
		);
		assert.equal(conv2d(x, w, { padding: "same", stride: 2 }).shape, [1, 1, 3, 3]);
	});

	test("conv1d is conv2d with height 1", () => {
		const x = tensor([
			[
				[1, 2, 3, 4],
				[0, 1, 0, -1],
			],
		]);
		const w = tensor([
			[
				[1, -1],
				[2, 0],
			],
		]);
		same(conv1d(x, w), [[[-1, 1, -1]]]);
		same(conv1d(x, w, { stride: 2, padding: 1 }), [[[-1, 1, 2]]]);
		same(conv1d(x, w, { dilation: 2, padding: [0, 1] }), [[[-2, 0, 3]]]);
	});

	test("convTranspose2d spreads each element by the filter", () => {
		const x = tensor([
			[
				[
					[1, 2],
					[3, 4],
				],
			],
		]);
		const w = tensor([
			[
				[
					[1, 10],
					[100, 1000],
				],
			],
		]);
		same(convTranspose2d(x, w, { stride: 2 }), [
			[
				[
					[1, 10, 2, 20],
					[100, 1000, 200, 2000],
					[3, 30, 4, 40],
					[300, 3000, 400, 4000],
				],
			],
		]);
		same(convTranspose2d(x, w), [
			[
				[
					[1, 12, 20],
					[103, 1234, 2040],
					[300, 3400, 4000],
				],
			],
		]);
	});

	test("convTranspose2d is the transpose of conv2d, with an output padding where sizes are lost", () => {
		const options = { stride: 2, padding: 1, dilation: [1, 2], groups: 2 } as const;
		const [x, w] = [normal(3, [2, 4, 6, 8]), normal(4, [6, 2, 3, 2])];
		const y = conv2d(x, w, options);
		const u = normal(5, [...y.shape]);
		const back = convTranspose2d(u, w, { ...options, outputPadding: [1, 1] });
		assert.equal(back.shape, x.shape);
		near(back.mul(x).sum(), u.mul(y).sum());
	});

	test("convTranspose1d spreads along the length", () => {
		const x = tensor([[[1, 2, 3]]]);
		const w = tensor([[[1, 10]]]);
		same(convTranspose1d(x, w), [[[1, 12, 23, 30]]]);
		same(convTranspose1d(x, w, { stride: 2, outputPadding: 1 }), [[[1, 10, 2, 20, 3, 30, 0]]]);
	});

	test("an empty batch gives an empty result, and a gradient of zeros for the filter", () => {
		const [x, w] = [zeros([0, 2, 5, 5]), normal(1, [3, 2, 3, 3])];
		assert.equal(conv2d(x, w).shape, [0, 3, 3, 3]);
		same(grad((v: Tensor) => conv2d(x, v).sum())(w), zeros([3, 2, 3, 3]));
	});

	test("float32 stays float32, integers are exact and do not overflow silently", () => {
		const x = tensor([[[1, 2, 3]]], { dtype: "float32" });
		assert.is(conv1d(x, tensor([[[1, 1]]], { dtype: "float32" })).dtype, "float32");
		const big = tensor([[[2 ** 30, 2 ** 30]]], { dtype: "int32" });
		same(conv1d(big, tensor([[[1, -1]]], { dtype: "int32" })), [[[0]]]);
		refuses(() => conv1d(big, tensor([[[1, 1]]], { dtype: "int32" })), Error, "int32");
	});

	test("what does not fit is refused with the shapes", () => {
		const x = zeros([1, 4, 5, 5]);
		refuses(() => conv2d(x, zeros([2, 3, 3, 3])), ShapeError, "expected 3 input channels");
		refuses(() => conv2d(x, zeros([3, 2, 3, 3]), { groups: 2 }), ShapeError, "2 groups");
		refuses(() => conv2d(x, zeros([2, 4, 6, 3])), ShapeError, "does not fit");
		refuses(() => conv2d(zeros([4, 5, 5]), zeros([2, 4, 3, 3])), ShapeError, "(4×5×5)");
		refuses(() => conv2d(x, zeros([2, 4, 3, 3]), { stride: 0 }), ShapeError, "stride");
		refuses(() => conv2d(x, zeros([2, 4, 3, 3]), { padding: -1 }), ShapeError, "padding");
		refuses(
			() => convTranspose2d(x, zeros([4, 2, 3, 3]), { outputPadding: 1 }),
			ShapeError,
			"below the stride",
		);
		refuses(() => convTranspose2d(x, zeros([3, 2, 3, 3])), ShapeError, "expected 3 input channels");
	});

	test("a window of nothing, and padding that leaves less than nothing, are refused", () => {
		refuses(() => conv2d(ones([1, 1, 2, 2]), ones([1, 1, 0, 2])), ShapeError, "sizes from 1");
		refuses(
			() => convTranspose2d(ones([1, 1, 2, 2]), ones([1, 1, 2, 2]), { padding: 3 }),
			ShapeError,
			"convTranspose2d: expected less padding",
		);
	});
});
