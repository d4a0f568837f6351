import { arange, type Tensor } from "../../../../lib/index.ts";
import { byHand, type Cases, normal, withSlope } from "../case.ts";

const MANY = 2_500;
/** 1, but for one place. */
const needle = (n: number, place: number, value: number) => arange(n).equal(place).where(value, 1);

/** Wrong in a place that is easily overlooked. */
export const corners: Cases = {
	"one of 2,500, 1e-3 too steep": {
		says: "in a sum of 2,500 terms, one has a slope that is 1e-3 of itself too large",
		f: byHand(
			(x) => x!.tanh().sum(),
			(g, _, x) => g.mul(x!.tanh().square().neg().add(1)).mul(needle(MANY, 1234, 1.001)),
		),
		at: [normal(1, [MANY])],
		expected: "fail",
		isLong: true,
	},
	"parameter of 1e-9, 1 % off": {
		says: "the gradient of a is b, which is about 1e-9, and 1 % of that is missing",
		f: byHand(
			(a, b) => a!.mul(b!),
			(g, _, a, b) => [g.mul(b!).mul(0.99), g.mul(a!)],
		),
		at: [normal(2, [3]), normal(3, [3]).mul(1e-9)],
		expected: "fail",
	},
	"last of an odd number left out": {
		says: "the loop of the backward pass takes two at a time, and leaves the last one",
		f: withSlope(
			(x) => x.square(),
			(x) => x.mul(2).mul(needle(x.size, x.size - 1, 0)),
		),
		at: [normal(4, [5])],
		expected: "fail",
	},
	"second result without a say": {
		says: "the cotangent of the second result is not looked at",
		f: byHand(
			(x): Tensor[] => [x!.sin(), x!.square()],
			([g], _, x) => g!.mul(x!.cos()),
		),
		at: [normal(5, [3])],
		expected: "fail",
	},
};
