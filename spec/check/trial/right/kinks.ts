import { stack, type Tensor, tensor } from "../../../../lib/index.ts";
import { type Case, type Cases, withSlope } from "../case.ts";

const relu = (x: Tensor) => x.maximum(0);
const clip = (x: Tensor) => x.clip(-1, 1);

/** A function at a point where it has a kink or a jump. */
function kink(says: string, f: Case["f"], ...at: Tensor[]): Case {
	return { says, f, at, expected: "at-kink" };
}

/** At kinks, jumps and ties, where any value between those of the sides is right. */
export const kinks: Cases = {
	"relu at 0": kink("0 on the left, 1 on the right", (x) => relu(x!), tensor([0, 1, -2])),
	"leaky relu at 0": kink(
		"0.1 on the left, 1 on the right",
		(x) => x!.maximum(x!.mul(0.1)),
		tensor([0, 1, -2]),
	),
	"absolute value at 0": kink("−1 on the left, 1 on the right", (x) => x!.abs(), tensor([0, 3])),
	"max at a tie": kink(
		"the first of two equal elements takes it all",
		(x) => x!.max(),
		tensor([1, 3, 3, 2]),
	),
	"clip at its bounds": kink("1 on one side, 0 on the other", (x) => clip(x!), tensor([1, -1, 0])),
	"clip giving ½ at its bounds": kink(
		"½ lies between the two sides",
		withSlope(clip, (x) => x.abs().equal(1).where(0.5, x.abs().less(1).where(1, 0))),
		tensor([1, -1, 0]),
	),
	"hinge at its margin": kink(
		"−1 on the left, 0 on the right",
		(x) => relu(x!.neg().add(1)),
		tensor([1, 0.5, 3]),
	),
	"max of windows with equal elements": kink(
		"in two of the windows the greatest element is there twice",
		(x) => x!.reshape([3, 2]).max(1),
		tensor([1, 1, 2, 5, -3, -3]),
	),
	"sorted, with equal elements": kink(
		"equal elements may stand in either order",
		(x) => x!.sort().mul(tensor([1, 2, 3, 4])),
		tensor([2, 1, 2, 0]),
	),
	"length of nothing": kink("‖x‖ has a tip at 0", (x) => x!.norm(), tensor([0, 0])),
	"maximum of equals": kink(
		"both arguments are the same number in two places",
		(a, b) => a!.maximum(b!),
		tensor([1, 2, 3]),
		tensor([1, 0, 3]),
	),
	"two kinks at one place": kink(
		"relu(x) − relu(−x) is x, and its ops choose 0 or 1 each",
		(x) => relu(x!).sub(relu(x!.neg()).mul(0.1)),
		tensor([0, 1]),
	),
	"layer with an example of zeros": kink(
		"every unit of the layer has its kink at that example",
		(x, w) => relu(x!.dot(w!)),
		stack([tensor([0, 0]), tensor([1, -2])]),
		tensor([
			[1, -1, 0.5],
			[2, 0.25, -1],
		]),
	),
	"floor at 2": kink("a jump, with the slope 0 on both sides", (x) => x!.floor(), tensor([2, 0.5])),
};
