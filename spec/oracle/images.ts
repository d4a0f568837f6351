import {
	adaptiveAvgPool,
	adaptiveMaxPool,
	avgPool1d,
	avgPool2d,
	avgPool3d,
	conv3d,
	depthToSpace,
	maxPool1d,
	maxPool2d,
	maxPool2dWithIndices,
	maxPool3d,
	random,
	resize,
	spaceToDepth,
} from "../../lib/index.ts";
import type { Family } from "./row.ts";

const normal = (seed: number, shape: number[]) => random.normal(random.key(seed), shape);

const x = normal(1, [2, 3, 7, 9]);
const deep = normal(2, [2, 4, 5, 6, 7]);

/** Images and volumes: sizes, windows, blocks. */
export const family: Family = {
	rows: [
		{
			name: "maxPool2d with dilation and ceil",
			inputs: { x },
			ours: ({ x }) => [
				maxPool2d(x!, [2, 3], { stride: 2, padding: 1, dilation: [2, 1], ceil: true }),
				maxPool2d(x!, 4, { stride: 3, ceil: true }),
				maxPool2d(x!, 2, { stride: 5, padding: 1, ceil: true }),
			],
			torch:
				"[F.max_pool2d(x, (2, 3), 2, 1, (2, 1), ceil_mode=True), F.max_pool2d(x, 4, 3, ceil_mode=True), F.max_pool2d(x, 2, 5, 1, ceil_mode=True)]",
		},
		{
			name: "maxPool1d with dilation and ceil",
			inputs: { x: normal(3, [2, 3, 10]) },
			ours: ({ x }) => maxPool1d(x!, 3, { stride: 2, padding: 1, dilation: 2, ceil: true }),
			torch: "F.max_pool1d(x, 3, 2, 1, 2, ceil_mode=True)",
		},
		{
			name: "avgPool2d with ceil, with padding that counts and without",
			inputs: { x },
			ours: ({ x }) => [
				avgPool2d(x!, 3, { stride: 2, padding: 1, ceil: true }),
				avgPool2d(x!, 4, { stride: 3, padding: 1, ceil: true }),
				avgPool2d(x!, 4, { stride: 3, padding: 2, ceil: true, countIncludePad: false }),
			],
			torch:
				"[F.avg_pool2d(x, 3, 2, 1, ceil_mode=True), F.avg_pool2d(x, 4, 3, 1, ceil_mode=True), F.avg_pool2d(x, 4, 3, 2, ceil_mode=True, count_include_pad=False)]",
		},
		{
			name: "avgPool1d with ceil",
			inputs: { x: normal(3, [2, 3, 10]) },
			ours: ({ x }) => avgPool1d(x!, 4, { stride: 3, padding: 1, ceil: true }),
			torch: "F.avg_pool1d(x, 4, 3, 1, ceil_mode=True)",
		},
		{
			name: "maxPool3d",
			inputs: { x: deep },
			ours: ({ x }) => [
				maxPool3d(x!, 2),
				maxPool3d(x!, [3, 2, 3], {
					stride: [1, 2, 2],
					padding: 1,
					dilation: [1, 2, 1],
					ceil: true,
				}),
			],
			torch:
				"[F.max_pool3d(x, 2), F.max_pool3d(x, (3, 2, 3), (1, 2, 2), 1, (1, 2, 1), ceil_mode=True)]",
		},
		{
			name: "avgPool3d",
			inputs: { x: deep },
			ours: ({ x }) => [
				avgPool3d(x!, [2, 3, 2]),
				avgPool3d(x!, 3, { stride: 2, padding: 1, ceil: true }),
				avgPool3d(x!, 3, { stride: [1, 2, 3], padding: 1, ceil: true, countIncludePad: false }),
			],
			torch:
				"[F.avg_pool3d(x, (2, 3, 2)), F.avg_pool3d(x, 3, 2, 1, ceil_mode=True), F.avg_pool3d(x, 3, (1, 2, 3), 1, ceil_mode=True, count_include_pad=False)]",
		},
		{
			name: "maxPool2dWithIndices",
			inputs: { x },
			ours: ({ x }) =>
				maxPool2dWithIndices(x!, 3, { stride: 2, padding: 1, dilation: 2, ceil: true }),
			torch: "F.max_pool2d(x, 3, 2, 1, 2, ceil_mode=True, return_indices=True)",
		},
		{
			name: "adaptiveAvgPool",
			inputs: { x, deep },
			ours: ({ x, deep }) => [
				adaptiveAvgPool(x!, [3, 4]),
				adaptiveAvgPool(x!, [10, 3]),
				adaptiveAvgPool(x!, [5]),
				adaptiveAvgPool(deep!, [2, 3, 7]),
			],
			torch:
				"[F.adaptive_avg_pool2d(x, (3, 4)), F.adaptive_avg_pool2d(x, (10, 3)), F.adaptive_avg_pool2d(x, (7, 5)), F.adaptive_avg_pool3d(deep, (2, 3, 7))]",
		},
		{
			name: "adaptiveMaxPool",
			inputs: { x, deep },
			ours: ({ x, deep }) => [
				adaptiveMaxPool(x!, [3, 4]),
				adaptiveMaxPool(x!, [10, 3]),
				adaptiveMaxPool(deep!, [2, 3, 4]),
			],
			torch:
				"[F.adaptive_max_pool2d(x, (3, 4)), F.adaptive_max_pool2d(x, (10, 3)), F.adaptive_max_pool3d(deep, (2, 3, 4))]",
		},
		{
			name: "resize, nearest",
			inputs: { x },
			ours: ({ x }) => [resize(x!, [14, 18]), resize(x!, [3, 11]), resize(x!, [7, 2])],
			torch: "[F.interpolate(x, (14, 18)), F.interpolate(x, (3, 11)), F.interpolate(x, (7, 2))]",
		},
		{
			name: "resize, linear",
			inputs: { x, deep },
			ours: ({ x, deep }) => [
				resize(x!, [14, 18], { method: "linear" }),
				resize(x!, [3, 11], { method: "linear" }),
				resize(deep!, [3, 9, 14], { method: "linear" }),
			],
			torch:
				"[F.interpolate(x, (14, 18), mode='bilinear'), F.interpolate(x, (3, 11), mode='bilinear'), F.interpolate(deep, (3, 9, 14), mode='trilinear')]",
		},
		{
			name: "resize, linear, to more places",
			inputs: { x },
			ours: ({ x }) => resize(x!, [11, 12], { method: "linear" }),
			jax: "jax.image.resize(x, (2, 3, 11, 12), 'bilinear')",
		},
		{
			name: "conv3d",
			inputs: { x: deep, w: normal(4, [6, 2, 3, 2, 3]) },
			ours: ({ x, w }) => [
				conv3d(x!, w!, { groups: 2 }),
				conv3d(x!, w!, { groups: 2, stride: [2, 1, 2], padding: [1, 2, 0], dilation: [1, 2, 1] }),
				conv3d(x!, w!, { groups: 2, padding: "same" }),
			],
			torch:
				"[F.conv3d(x, w, groups=2), F.conv3d(x, w, groups=2, stride=(2, 1, 2), padding=(1, 2, 0), dilation=(1, 2, 1)), F.conv3d(x, w, groups=2, padding='same')]",
		},
		{
			name: "spaceToDepth and depthToSpace",
			inputs: { x: normal(5, [2, 8, 4, 6]) },
			ours: ({ x }) => [spaceToDepth(x!, 2), depthToSpace(x!, 2)],
			torch: "[F.pixel_unshuffle(x, 2), F.pixel_shuffle(x, 2)]",
		},
	],
};
