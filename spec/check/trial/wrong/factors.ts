import type { Tensor } from "../../../../lib/index.ts";
import { byHand, type Case, type Cases, normal, withSlope } from "../case.ts";

/** sin(x) with a slope that is too large by this part. */
function steepSine(part: number): Case {
	return {
		says: `the slope is ${part} of itself too large`,
		f: withSlope(
			(x) => x.sin(),
			(x) => x.cos().mul(1 + part),
		),
		at: [normal(1, [5])],
		expected: "fail",
	};
}

/** Slopes with a wrong factor, sign or power. */
export const factors: Cases = {
	"sine, 1e-3 too steep": steepSine(1e-3),
	"sine, 1e-4 too steep": steepSine(1e-4),
	"sine, 1e-6 too steep": steepSine(1e-6),
	"sine, 1e-8 too steep": steepSine(1e-8),
	"sine, 1e-10 too steep": steepSine(1e-10),
	"square without its 2": {
		says: "x² has the slope 2x, not x",
		f: withSlope(
			(x) => x.square(),
			(x) => x,
		),
		at: [normal(2, [4])],
		expected: "fail",
	},
	"cosine, sign lost": {
		says: "the slope of the cosine is −sin(x)",
		f: withSlope(
			(x) => x.cos(),
			(x) => x.sin(),
		),
		at: [normal(3, [4])],
		expected: "fail",
	},
	"mean, taken for a sum": {
		says: "each element gets the whole cotangent instead of its share",
		f: byHand(
			(x) => x!.mean(),
			(g, _, x) => g.broadcastTo(x!.shape),
		),
		at: [normal(4, [3, 2])],
		expected: "fail",
	},
	"tanh, its value not squared": {
		says: "the slope is 1 − y², not 1 − y",
		f: withSlope(
			(x) => x.tanh(),
			(_, y) => y.neg().add(1),
		),
		at: [normal(5, [4])],
		expected: "fail",
	},
	"length, not divided by itself": {
		says: "the gradient of ‖x‖ is x/‖x‖, not x",
		f: byHand(
			(x) => norm(x!),
			(g, _, x) => g.mul(x!),
		),
		at: [normal(6, [4])],
		expected: "fail",
	},
};

function norm(x: Tensor): Tensor {
	return x.square().sum().sqrt();
}
