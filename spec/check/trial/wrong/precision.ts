import { tensor } from "../../../../lib/index.ts";
import { type Cases, normal, withSlope } from "../case.ts";

/** Faults near the limits of what the numbers hold. */
export const precise: Cases = {
	"float32 exponential, 1e-3 too steep": {
		says: "in float32, with a slope that is 1e-3 of itself too large",
		f: withSlope(
			(x) => x.exp(),
			(_, y) => y.mul(1.001),
		),
		at: [normal(1, [4], "float32")],
		expected: "fail",
	},
	"slope computed in float32": {
		says: "the slope is rounded to float32 on its way, 1e-8 of itself",
		f: withSlope(
			(x) => x.sin(),
			(x) => x.astype("float32").cos().astype("float64"),
		),
		at: [normal(2, [4])],
		expected: "fail",
	},
	"softplus, 1 from 20 on": {
		says: "above 20 the slope is said to be 1: 1e-9 too large",
		f: withSlope(
			(x) => x.softplus(),
			(x) => x.greater(20).where(1, x.sigmoid()),
		),
		at: [tensor([20.5, 1, -3])],
		expected: "fail",
	},
	"square beside 1e14, sign wrong": {
		says: "1e14 comes and goes, and hides all but a digit of a square whose slope has the wrong sign",
		f: withSlope(
			(x) => x.square().add(1e14).sub(1e14),
			(x) => x.mul(-2),
		),
		at: [tensor([1.5, 3, 2])],
		expected: "fail",
	},
	"sine of 1e5, 1 % too steep": {
		says: "a period is much shorter than the steps that differences begin with",
		f: withSlope(
			(x) => x.sin(),
			(x) => x.cos().mul(1.01),
		),
		at: [normal(3, [3]).mul(1e5)],
		expected: "fail",
	},
};
