import { tensor } from "../../../../lib/index.ts";
import { type Case, type Cases, normal } from "../case.ts";

/** A smooth function that changes much faster than its argument's size lets one think. */
function fast(says: string, f: Case["f"], ...at: Case["at"]): Case {
	return { says, f, at, expected: "pass" };
}

/** Oscillating functions, with many periods between 0 and the point. */
export const oscillating: Cases = {
	"sine of 1e5": fast(
		"sixteen thousand periods lie between 0 and the point",
		(x) => x!.sin(),
		normal(1, [3]).mul(1e5),
	),
	"sine of 1e8": fast(
		"sixteen million periods lie between 0 and the point, whose sine has eight digits",
		(x) => x!.sin(),
		normal(1, [3]).mul(1e8),
	),
	"sine of sizes from 1e-9 to 1e6": fast(
		"one step for all elements is too long for the small ones",
		(x) => x!.sin(),
		tensor([1e-9, 1, 1e6, -1e-3]),
	),
	"sine of 1e5·x": fast("a period is 6e−5 long", (x) => x!.mul(1e5).sin(), tensor([1, 2])),
	"Fourier features of 4096π": fast(
		"the features of highest frequency have the slope 1e4",
		(x) => [1, 64, 4096].map((k) => x!.mul(k * Math.PI).sin()),
		normal(2, [4]),
	),
	"time of the day from a time stamp": fast(
		"seconds since 1970, of which the last digits count",
		(x) => x!.mul((2 * Math.PI) / 86_400).cos(),
		tensor([1_732_816_000.25, 1_600_000_000]),
	),
	"rest beyond a thousand": fast(
		"the rest jumps at each whole number, a thousand times before the point",
		(x) => x!.sub(x!.floor()),
		tensor([1234.3, -5678.9, 0.4]),
	),
	"sines of sines with factor 30": fast(
		"two layers of sin(30·x), far from 0",
		(x) => x!.mul(30).sin().mul(30).sin(),
		tensor([50.3, 171.9]),
	),
	"sine of x³": fast("the frequency grows with x", (x) => x!.power(3).sin(), tensor([50.3, 20.1])),
};
