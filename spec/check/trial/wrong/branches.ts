import { type Tensor, tensor } from "../../../../lib/index.ts";
import { byHand, type Cases, withSlope } from "../case.ts";

const inside = (x: Tensor) => x.abs().less(1).where(1, 0);
const safe = (x: Tensor) => x.equal(0).where(1, x);

/** Wrong at one point only, which a branch of the backward pass asks for: at kinks, ties, holes. */
export const branches: Cases = {
	"square giving 0 at 3": {
		says: "the slope is 2x but for x = 3",
		f: withSlope(
			(x) => x.square(),
			(x) => x.equal(3).where(0, x.mul(2)),
		),
		at: [tensor([1, 3, -2])],
		expected: "fail",
	},
	"clip giving 2 at its bound": {
		says: "at the bound anything from 0 to 1 is right, 2 is not",
		f: withSlope(
			(x) => x.clip(-1, 1),
			(x) => x.equal(1).where(2, inside(x)),
		),
		at: [tensor([1, 0.5, 3])],
		expected: "fail",
	},
	"hinge giving 5 at its margin": {
		says: "at the margin anything from −1 to 0 is right, 5 is not",
		f: withSlope(
			(x) => x.neg().add(1).maximum(0),
			(x) => x.equal(1).where(5, x.less(1).where(-1, 0)),
		),
		at: [tensor([1, 0.5, 3])],
		expected: "fail",
	},
	"sin(x)/x giving 1 at 0": {
		says: "the hole at 0 is filled with the slope 1, and it is 0",
		f: withSlope(
			(x) => x.equal(0).where(1, x.sin().div(safe(x))),
			(x) => {
				const slope = x
					.cos()
					.sub(x.sin().div(safe(x)))
					.div(safe(x));
				return x.equal(0).where(1, slope);
			},
		),
		at: [tensor([0, 1, -2])],
		expected: "fail",
	},
	"max giving all to each at a tie": {
		says: "each of the two greatest elements has the slope 1; moved together they give 1, not 2",
		f: byHand(
			(x) => x!.max(),
			(g, y, x) => g.mul(x!.equal(y).where(1, 0)),
		),
		at: [tensor([1, 3, 3, 2])],
		expected: "fail",
	},
	"relu giving 7 at 0": {
		says: "at 0 anything from 0 to 1 is right, 7 is not",
		f: withSlope(
			(x) => x.maximum(0),
			(x) => x.equal(0).where(7, x.greater(0).where(1, 0)),
		),
		at: [tensor([0, 1.5, -1])],
		expected: "fail",
	},
	"floor giving 1": {
		says: "the slope of a step is 0, and 1 is handed through",
		f: withSlope(
			(x) => x.floor(),
			() => tensor(1),
		),
		at: [tensor([0.5, 2.25, -1.75])],
		expected: "fail",
	},
};
