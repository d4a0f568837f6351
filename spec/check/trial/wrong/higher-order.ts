import { stopGradient } from "../../../../lib/index.ts";
import { byHand, type Cases, normal, withSlope } from "../case.ts";

const wrongSlope = withSlope(
	(y) => y.square().neg().add(1),
	(y) => y.neg(),
);

/** Right gradients whose own gradients are wrong, and gradients that are not linear. */
export const higherOrder: Cases = {
	"exponential, kept as a constant": {
		says: "the slope is right, and has itself no slope",
		f: withSlope(
			(x) => x.exp(),
			(_, y) => stopGradient(y),
		),
		at: [normal(1, [3])],
		expected: "fail",
	},
	"tanh, slope of the slope halved": {
		says: "the slope 1 − y² has the slope −y in place of −2y",
		f: withSlope(
			(x) => x.tanh(),
			(_, y) => wrongSlope(y),
		),
		at: [normal(2, [3])],
		expected: "fail",
	},
	"product, other factor kept as a constant": {
		says: "the gradients are right, and the mixed second derivative is 0",
		f: byHand(
			(a, b) => a!.mul(b!),
			(g, _, a, b) => [g.mul(stopGradient(b!)), g.mul(stopGradient(a!))],
		),
		at: [normal(3, [3]), normal(4, [3])],
		expected: "fail",
	},
	"cotangent cut off": {
		says: "the pull cuts the cotangent off at ±½, so that it is not linear",
		f: byHand(
			(x) => x!.sin(),
			(g, _, x) => g.clip(-0.5, 0.5).mul(x!.cos()),
		),
		at: [normal(5, [3])],
		expected: "refused",
	},
	"cotangents below 0 dropped": {
		says: "a guided relu: the pull lets no negative cotangent through, so that it is not linear",
		f: byHand(
			(x) => x!.maximum(0),
			(g, _, x) => g.maximum(0).mul(x!.greater(0).where(1, 0)),
		),
		at: [normal(6, [4])],
		expected: "refused",
	},
};
