import { solve, type Tensor, tensor } from "../../../../lib/index.ts";
import { byHand, type Cases, normal } from "../case.ts";

const lookup = tensor([
	[1, 0, 0],
	[0, 0, 1],
	[0, 0, 1],
	[0, 1, 0],
]);
/** The same without the first of the two rows that look at one place. */
const lastOnly = tensor([
	[1, 0, 0],
	[0, 0, 0],
	[0, 0, 1],
	[0, 1, 0],
]);

/** Transposes, sums and uses that were forgotten in products and other linear maps. */
export const products: Cases = {
	"product, w not transposed": {
		says: "the gradient of x in x·w is g·wᵀ",
		f: byHand(
			(x, w) => x!.dot(w!),
			(g, _, x, w) => [g.dot(w!), x!.T.dot(g)],
		),
		at: [normal(1, [2, 3]), normal(2, [3, 3])],
		expected: "fail",
	},
	"product, gradient of w turned": {
		says: "the gradient of w is xᵀ·g, not gᵀ·x",
		f: byHand(
			(x, w) => x!.dot(w!),
			(g, _, x, w) => [g.dot(w!.T), g.T.dot(x!)],
		),
		at: [normal(3, [2, 3]), normal(4, [3, 3])],
		expected: "fail",
	},
	"quadratic form, taken for symmetric": {
		says: "the gradient of x·A·x is (A + Aᵀ)·x, not 2A·x",
		f: byHand(
			(x, a) => x!.dot(a!.dot(x!)),
			(g, _, x, a) => [g.mul(a!.dot(x!)).mul(2), g.mul(x!.outer(x!))],
		),
		at: [normal(5, [3]), normal(6, [3, 3])],
		expected: "fail",
	},
	"solve, matrix not transposed": {
		says: "the gradient of b is the solution with Aᵀ, not with A",
		f: byHand(
			(a, b) => solve(a!, b!),
			(g, y, a) => {
				const back = solve(a!, g);
				return [back.outer(y).neg(), back];
			},
		),
		at: [
			tensor([
				[3, 1],
				[-2, 4],
			]),
			normal(7, [2]),
		],
		expected: "fail",
	},
	"bias, averaged over the batch": {
		says: "the gradient of a bias is the sum over the batch",
		f: byHand(
			(x, b) => x!.add(b!),
			(g) => [g, g.mean(0)],
		),
		at: [normal(8, [4, 3]), normal(9, [3])],
		expected: "fail",
	},
	"weight, first of the batch only": {
		says: "only the first example of the batch adds to the gradient of w",
		f: byHand(
			(x, w) => x!.dot(w!),
			(g, _, x, w) => [g.dot(w!.T), x!.slice([0, 1]).T.dot(g.slice([0, 1]))],
		),
		at: [normal(10, [4, 3]), normal(11, [3, 2])],
		expected: "fail",
	},
	"convolution, kernel not turned round": {
		says: "the gradient of the signal needs the kernel from its end to its start",
		f: byHand(
			(x, w) => along(x!, w!, x!.size - 2),
			(g, _, x, w) => [along(g.pad([[2, 2]]), w!, x!.size), along(x!, g, 3)],
		),
		at: [normal(12, [6]), normal(13, [3])],
		expected: "fail",
	},
	"row looked up twice, kept once": {
		says: "the second use of a row overwrites the gradient of the first",
		f: byHand(
			(x) => lookup.dot(x!),
			(g) => lastOnly.T.dot(g),
		),
		at: [normal(14, [3, 2])],
		expected: "fail",
	},
	"running sum, from the wrong end": {
		says: "the gradient of a running sum is one from the end",
		f: byHand(
			(x) => x!.cumsum(0),
			(g) => g.cumsum(0),
		),
		at: [normal(15, [5])],
		expected: "fail",
	},
	"shared weight, one use lost": {
		says: "w is used twice, and has the gradient of its second use",
		f: byHand(
			(x, w) => x!.dot(w!).tanh().dot(w!),
			(g, _, x, w) => {
				const h = x!.dot(w!).tanh();
				const back = g.dot(w!.T).mul(h.square().neg().add(1));
				return [back.dot(w!.T), h.T.dot(g)];
			},
		),
		at: [normal(16, [2, 3]), normal(17, [3, 3])],
		expected: "fail",
	},
};

/** The products of the weights w with n places of x, one after the other; w is not turned. */
function along(x: Tensor, w: Tensor, n: number): Tensor {
	const parts = Array.from({ length: w.size }, (_, k) => x.slice([k, k + n]).mul(w.slice(k)));
	return parts.reduce((sum, part) => sum.add(part));
}
