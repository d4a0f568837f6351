import { tensor } from "../../../../lib/index.ts";
import { byHand, type Cases, normal, withSlope } from "../case.ts";

const kept = tensor([2, 0, 2, 2, 0, 2]);

/** Masks that the forward pass has and the backward pass has not. */
export const masks: Cases = {
	"relu without its mask": {
		says: "the cotangent passes where x < 0 as well",
		f: withSlope(
			(x) => x.maximum(0),
			() => tensor(1),
		),
		at: [tensor([1.5, -0.75, 0.25, -2])],
		expected: "fail",
	},
	"dropout, mask forgotten": {
		says: "what was dropped has a gradient",
		f: withSlope(
			(x) => x.mul(kept),
			() => tensor(2),
		),
		at: [normal(1, [6])],
		expected: "fail",
	},
	"causal scores, mask forgotten": {
		says: "the gradients of q and k take what lies above the diagonal along",
		f: byHand(
			(q, k) => q!.dot(k!.T).tril(),
			(g, _, q, k) => [g.dot(k!), g.T.dot(q!)],
		),
		at: [normal(2, [4, 2]), normal(3, [4, 2])],
		expected: "fail",
	},
	"max of pairs, both get it": {
		says: "the smaller one of each pair gets the cotangent too",
		f: byHand(
			(x) => x!.max(1),
			(g, _, x) => g.expandDims(1).broadcastTo(x!.shape),
		),
		at: [normal(4, [4, 2])],
		expected: "fail",
	},
	"clip, passed on outside": {
		says: "the cotangent passes where the value is cut off",
		f: withSlope(
			(x) => x.clip(-1, 1),
			() => tensor(1),
		),
		at: [tensor([0.5, 3, -2, -0.25])],
		expected: "fail",
	},
	"choice, both branches get it": {
		says: "the branch that was not taken has a gradient",
		f: byHand(
			(a, b) => a!.greater(0).where(a!.square(), b!),
			(g, _, a) => [g.mul(a!.mul(2)), g],
		),
		at: [tensor([1, -2, 0.5]), tensor([3, 1, -1])],
		expected: "fail",
	},
};
