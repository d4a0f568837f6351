import * as assert from "uvu/assert";
import {
	avgPool3d,
	conv2d,
	conv3d,
	DomainError,
	depthToSpace,
	grad,
	maxPool3d,
	ShapeError,
	spaceToDepth,
	type Tensor,
	tensor,
	vmap,
	zeros,
} from "../../../lib/index.ts";
import { near, refuses, same } from "../../near.ts";
import { holdsUp, normal } from "../../nn/checks.ts";
import { roads } from "../../roads.ts";
import { suite } from "../../suite.ts";

suite("ops/images of volumes", (test) => {
	test("maxPool3d and avgPool3d take boxes", () => {
		const x = normal(1, [2, 4, 4, 6]);
		const boxes = x.reshape([2, 2, 2, 2, 2, 2, 3]);
		for (const f of roads((t: Tensor) => maxPool3d(t, [2, 2, 3]))) same(f(x), boxes.max([2, 4, 6]));
		for (const f of roads((t: Tensor) => avgPool3d(t, [2, 2, 3])))
			near(f(x), boxes.mean([2, 4, 6]));
		assert.equal(
			maxPool3d(x, 3, { stride: [1, 2, 3], padding: 1, ceil: true }).shape,
			[2, 4, 3, 3],
		);
	});

	test("they hold up; at a tie the first element takes the gradient", () => {
		const options = { stride: 1, padding: [1, 0, 1], dilation: [1, 2, 1], ceil: true } as const;
		holdsUp((x) => maxPool3d(x, 2, options), normal(1, [3, 4, 2]));
		holdsUp((x) => avgPool3d(x, 2, { ...options, countIncludePad: false }), normal(1, [3, 4, 2]));
		const g = grad((x: Tensor) => maxPool3d(x, 2).sum())(
			tensor([
				[
					[0, 1],
					[1, 1],
				],
				[
					[1, 1],
					[1, 1],
				],
			]),
		);
		same(g, [
			[
				[0, 1],
				[0, 0],
			],
			[
				[0, 0],
				[0, 0],
			],
		]);
	});

	test("conv3d adds up what conv2d makes of each plane of a filter", () => {
		const [x, w] = [normal(1, [2, 3, 4, 5, 4]), normal(2, [2, 3, 2, 3, 2])];
		const plane = (t: Tensor, at: number) => t.slice(null, null, at);
		for (const f of roads((x: Tensor, w: Tensor) => conv3d(x, w))) {
			for (const at of [0, 1, 2]) {
				const parts = [0, 1].map((tap) => conv2d(plane(x, at + tap), plane(w, tap)));
				near(plane(f(x, w), at), parts[0]!.add(parts[1]!));
			}
		}
	});

	test("conv3d holds up, with groups, strides, padding and dilation, and goes through vmap", () => {
		const tree = { x: normal(1, [1, 4, 3, 4, 3]), w: normal(2, [2, 2, 2, 2, 2]) };
		const options = {
			groups: 2,
			stride: [2, 1, 1],
			padding: [1, 0, 1],
			dilation: [2, 1, 2],
		} as const;
		holdsUp(({ x, w }) => conv3d(x, w, options), tree, 1);
		holdsUp(({ x, w }) => conv3d(x, w, { groups: 2, padding: "same" }), tree, 1);
		const xs = normal(3, [2, 1, 4, 3, 4, 3]);
		const f = (x: Tensor) => conv3d(x, tree.w, options);
		near(vmap(f)(xs).slice(1), f(xs.slice(1)));
	});

	test("what does not fit is refused by name", () => {
		const [x, w] = [zeros([1, 2, 3, 4, 4]), zeros([2, 2, 2, 2, 2])];
		refuses(
			() => conv3d(x, zeros([2, 2, 2, 2])),
			ShapeError,
			"conv3d: expected (samples×channels×depth",
		);
		refuses(
			() => conv3d(x, zeros([2, 1, 2, 2, 2])),
			ShapeError,
			"conv3d: expected 1 input channels",
		);
		refuses(() => conv3d(x, w, { dilation: [3, 1, 1] }), ShapeError, "conv3d: filters 4 deep");
		refuses(() => conv3d(x, w, { stride: [1, 1] as never }), ShapeError, "got [1, 1]");
		refuses(() => maxPool3d(x, 4), ShapeError, "maxPool3d: the window");
		refuses(() => avgPool3d(zeros([2, 2]), 1), ShapeError, "(…×depth×height×width), got (2×2)");
		refuses(() => maxPool3d(x, 2, { padding: 2 }), ShapeError, "less padding");
	});

	test("spaceToDepth puts the pixels of a block into channels, and depthToSpace puts them back", () => {
		const x = tensor([
			[
				[1, 2, 3, 4],
				[5, 6, 7, 8],
			],
		]);
		for (const f of roads((t: Tensor) => spaceToDepth(t, 2))) {
			same(f(x), [[[1, 3]], [[2, 4]], [[5, 7]], [[6, 8]]]);
		}
		for (const f of roads((t: Tensor) => depthToSpace(t, 2))) same(f(spaceToDepth(x, 2)), x);
		holdsUp((t) => spaceToDepth(t, 2), normal(1, [2, 1, 4, 2]));
		holdsUp((t) => depthToSpace(t, 2), normal(1, [4, 2, 1]));
		refuses(() => spaceToDepth(x, 3), ShapeError, "fall into blocks of 3, got (1×2×4)");
		refuses(() => depthToSpace(x, 2), ShapeError, "blocks of 2×2, got (1×2×4)");
		refuses(() => depthToSpace(x.slice(0), 1), ShapeError, "(…×channels×height×width)");
		refuses(() => spaceToDepth(x, 0), DomainError, "spaceToDepth: expected the block");
	});
});
