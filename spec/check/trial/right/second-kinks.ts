import { tensor } from "../../../../lib/index.ts";
import type { Cases } from "../case.ts";

/** Smooth functions whose slope has a kink or an end. */
export const secondKinks: Cases = {
	"x·|x| at 0": {
		says: "the second derivative jumps from −2 to 2",
		f: (x) => x!.mul(x!.abs()),
		at: [tensor([0, 1])],
		expected: "at-kink",
	},
	"Huber's loss where it turns straight": {
		says: "the second derivative jumps from 1 to 0 at ±1",
		f: (x) => x!.abs().lessEqual(1).where(x!.square().mul(0.5), x!.abs().sub(0.5)),
		at: [tensor([1, -1, 0.25])],
		expected: "at-kink",
	},
	"squared hinge at its margin": {
		says: "the second derivative jumps from 2 to 0",
		f: (x) => x!.neg().add(1).maximum(0).square(),
		at: [tensor([1, 0.5, 3])],
		expected: "at-kink",
	},
	"x^2.5 at 0": {
		says: "the function ends there",
		f: (x) => x!.power(2.5),
		at: [tensor([0, 1])],
		expected: "at-kink",
	},
};
