import * as assert from "uvu/assert";
import { trainingCost } from "../../lib/export/index.ts";
import { DomainError, GradientError, ones, ShapeError, type Tensor } from "../../lib/index.ts";
import { near, refuses } from "../near.ts";
import { suite } from "../suite.ts";
import { digits, twoLayers } from "./steps.ts";

const machine = { flops: 1e12, bandwidth: 1e10, latency: 1e-6 };
const { f, args, axes } = twoLayers(16);
const cost = trainingCost(f, args, { axes, shared: "batch", ...machine });

suite("export/training-cost", (test) => {
	test("gradients and the loss are summed over devices, and nothing else", () => {
		assert.equal(
			cost.sums.map(({ shape }) => shape),
			[[1000, 100], [100, 10], []],
		);
		assert.is(cost.bytes, 8 * (100_000 + 1000 + 1));
		const other = digits(16);
		const sums = trainingCost(other.f, other.args, {
			axes: other.axes,
			shared: "batch",
			...machine,
		}).sums.map(({ shape }) => shape);
		assert.equal(sums, [[784, 256], [256], [256, 10], [10], []]);
	});

	test("an axis that only weights have is summed over on the way", () => {
		const hidden = { "params.w1": ["in", "hidden"], "params.w2": ["hidden", "out"] };
		const shared = trainingCost(f, args, { axes: hidden, shared: "hidden", ...machine });
		assert.equal(
			shared.sums.map(({ shape }) => shape),
			[[16, 10]],
		);
	});

	test("the time is that of the formula, and one device waits for none", () => {
		assert.equal(cost.on(1), {
			devices: 1,
			bytes: 0,
			seconds: cost.flops / 1e12,
			waiting: 0,
		});
		const { bytes, seconds, waiting } = cost.on(8);
		assert.is(bytes, (2 * 808_008 * 7) / 8);
		near(waiting, 6e-6 + bytes / 1e10, 1e-15);
		near(seconds, waiting + cost.flops / 1e12, 1e-15);
		near(cost.on(5).waiting, 6e-6 + (2 * 808_008 * 4) / 5 / 1e10, 1e-15);
		assert.is(String(cost).split("\n").length, 5);
	});

	test("what cannot be told is refused", () => {
		const given = { axes, shared: "batch", ...machine };
		refuses(
			() => trainingCost(f, args, { ...given, shared: "rows" }),
			DomainError,
			"no axis is called rows; there are batch, in, out",
		);
		refuses(
			() => trainingCost(f, args, { ...given, axes: { x: ["batch"] } }),
			GradientError,
			"trainingCost: axes names 1 axes of x",
		);
		refuses(() => trainingCost(f, args, { ...given, flops: 0 }), DomainError, "flops");
		refuses(() => cost.on(0), DomainError, "at least one device");
		refuses(() => cost.on(1.5), DomainError, "devices");
		const fixed = (x: Tensor) => (x.shape[0] === 4 ? x.sum() : x.square().sum());
		refuses(
			() =>
				trainingCost(
					fixed,
					{ x: ones([4]) },
					{ axes: { x: ["batch"] }, shared: "batch", ...machine },
				),
			ShapeError,
			"another one where batch is twice as long",
		);
	});
});
