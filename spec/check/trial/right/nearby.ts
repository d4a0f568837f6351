import { tensor } from "../../../../lib/index.ts";
import { type Case, type Cases, withSlope } from "../case.ts";

/** A function that is smooth where it is asked for, and not far from there is not. */
function close(says: string, f: Case["f"], ...at: Case["at"]): Case {
	return { says, f, at, expected: "pass" };
}

/** Kinks and jumps close by. */
export const nearby: Cases = {
	"relu, 1e-5 from its kink": close(
		"a longer step runs over the kink",
		(x) => x!.maximum(0),
		tensor([1e-5, 1, -1e-4]),
	),
	"floor, 1e-3 from its jump": close(
		"a longer step runs over the jump",
		(x) => x!.floor().add(x!.square()),
		tensor([2.001, 0.5]),
	),
	"rest after rounding to 1/256": close(
		"there is a jump at every 1/256",
		(x) => x!.sub(x!.mul(256).add(0.5).floor().div(256)),
		tensor([0.3, 1.7, -2.2]),
	),
	"rest of 5 by −0.07": close(
		"5 − y·floor(5/y) jumps at each y that divides 5",
		withSlope(
			(y) => y.power(-1).mul(5).floor().mul(y).neg().add(5),
			(y) => y.power(-1).mul(5).floor().neg(),
		),
		tensor([-0.07, 0.9]),
	),
	"absolute value, 1e-9 from its tip": {
		says: "no step is short enough to tell this from the tip",
		f: (x) => x!.sub(1).abs(),
		at: [tensor([1 + 1e-9, 3])],
		expected: "at-kink",
	},
};
