import { tensor } from "../../../../lib/index.ts";
import { type Case, type Cases, normal } from "../case.ts";

/** A smooth function with a scale of its own. */
function smooth(says: string, f: Case["f"], ...at: Case["at"]): Case {
	return { says, f, at, expected: "pass" };
}

/** Very large and very small numbers, apart and side by side. */
export const scales: Cases = {
	"Rosenbrock's valley, far out": smooth(
		"the slopes differ by many orders of magnitude",
		(x) => {
			const [a, b] = [x!.slice(0), x!.slice(1)];
			return a.neg().add(1).square().add(b.sub(a.square()).square().mul(100));
		},
		tensor([1000, -3]),
	),
	"products of 1e-12 and 1e12": smooth(
		"each argument is tiny where the other is huge",
		(a, b) => a!.mul(b!),
		tensor([1e-12, 2e12, 3]),
		tensor([1e12, 2e-12, 5]),
	),
	"softmax of large numbers": {
		says: "all but one weight are nearly 0, and what is left of their derivatives has few digits",
		f: (x) => x!.mul(40).softmax(-1),
		at: [normal(1, [2, 4])],
		expected: "ill-conditioned",
	},
	"sigmoid of 1e12·x at 0": smooth(
		"the whole step is 1e−12 wide, and the argument 0 has no size",
		(x) => x!.mul(1e12).sigmoid(),
		tensor([0, 0]),
	),
	"bell, and its far tail": smooth(
		"exp(−x²) underflows at the second point",
		(x) => x!.square().neg().exp(),
		tensor([1, 1e8]),
	),
	"logarithm of 1e-8 and 1e8": smooth(
		"its slopes are 1e8 and 1e−8",
		(x) => x!.log(),
		tensor([1e-8, 1e8]),
	),
	"x to the power −4, near its pole": smooth(
		"the values at 1e-3 are 1e12, the slopes 1e15",
		(x) => x!.power(-4),
		tensor([1e-3, 20]),
	),
};
