import * as assert from "uvu/assert";
import { grad, type Tensor, tensor, zeros } from "../../lib/index.ts";
import {
	absoluteError,
	binaryCrossEntropy,
	cosineDistance,
	crossEntropy,
	focalLoss,
	hingeLoss,
	huberLoss,
	infoNce,
	klDivergence,
	klToStandardNormal,
	type LossOptions,
	linear,
	squaredError,
	tripletLoss,
} from "../../lib/nn/index.ts";
import { near, same } from "../near.ts";
import { suite } from "../suite.ts";
import { differentiates, holdsUp, normal } from "./checks.ts";

/** A loss of a prediction, with what it is compared with. */
type Loss = (prediction: Tensor, target: Tensor, options: LossOptions) => Tensor;

const labels = tensor([2, 0, 1], { dtype: "int32" });
const soft = tensor([
	[0.25, 0.25, 0.5],
	[1, 0, 0],
	[0, 0.5, 0.5],
]);
const signs = tensor([
	[1, -1, 1],
	[-1, -1, 1],
	[1, 1, -1],
]);
const target = normal(7, [3, 3]);

/** The losses, and targets (3×3) that suit them. */
const losses: readonly (readonly [string, Loss, Tensor])[] = [
	["squaredError", squaredError, target],
	["absoluteError", absoluteError, target],
	["huberLoss", huberLoss, target],
	["crossEntropy with classes", crossEntropy, labels],
	["crossEntropy with probabilities", crossEntropy, soft],
	[
		"crossEntropy with smoothing",
		(x, y, o) => crossEntropy(x, y, { labelSmoothing: 0.1, ...o }),
		labels,
	],
	["binaryCrossEntropy", binaryCrossEntropy, soft],
	["focalLoss", focalLoss, soft],
	["klDivergence", (x, y, o) => klDivergence(x, y.softmax(), o), target],
	["klToStandardNormal in the mean", klToStandardNormal, target],
	[
		"klToStandardNormal in the variance",
		(x, y, o) => klToStandardNormal(y, x.abs().neg(), o),
		target,
	],
	["hingeLoss", hingeLoss, signs],
	["cosineDistance", cosineDistance, target],
	["tripletLoss", (x, y, o) => tripletLoss(x, y, y.neg(), o), target],
	["infoNce", infoNce, target],
];

const extreme = tensor([
	[1e4, -1e4, 0.5],
	[-1e4, 1e4 - 0.25, 1e4],
	[-1e4, -1e4 + 1, -1e4 - 0.5],
]);

/** The same losses with targets that have no samples. */
const empty: readonly [string, (x: Tensor, options: LossOptions) => Tensor][] = [
	["squaredError", (x, o) => squaredError(x, zeros([0, 3]), o)],
	["absoluteError", (x, o) => absoluteError(x, zeros([0, 3]), o)],
	["huberLoss", (x, o) => huberLoss(x, zeros([0, 3]), o)],
	["crossEntropy with classes", (x, o) => crossEntropy(x, zeros([0], { dtype: "int32" }), o)],
	["crossEntropy with probabilities", (x, o) => crossEntropy(x, zeros([0, 3]), o)],
	["binaryCrossEntropy", (x, o) => binaryCrossEntropy(x, zeros([0, 3]), o)],
	["klDivergence", (x, o) => klDivergence(x, zeros([0, 3]), o)],
	["klToStandardNormal", (x, o) => klToStandardNormal(x, zeros([0, 3]), o)],
	["hingeLoss", (x, o) => hingeLoss(x, zeros([0, 3]), o)],
	["cosineDistance", (x, o) => cosineDistance(x, zeros([0, 3]), o)],
	["focalLoss", (x, o) => focalLoss(x, zeros([0, 3]), o)],
	["tripletLoss", (x, o) => tripletLoss(x, zeros([0, 3]), zeros([0, 3]), o)],
	["infoNce", (x, o) => infoNce(x, zeros([0, 3]), o)],
];

suite("nn/losses at extremes", (test) => {
	for (const [name, loss, target] of losses) {
		test(`${name} holds up, whatever the reduction`, () => {
			const tree = { x: normal(3, [3, 3]), target };
			for (const reduction of ["mean", "sum", "none"] as const) {
				holdsUp(({ x, target }) => loss(x, target, { reduction }), tree);
			}
		});

		test(`${name} and its derivatives are right for predictions of ±1e4`, () => {
			const f = (x: Tensor) => loss(x, target, { reduction: "none" });
			assert.ok(f(extreme).isFinite().all().item());
			differentiates(f, extreme);
		});
	}

	for (const [name, loss] of empty) {
		test(`${name} of an empty batch: the sum is 0, the mean NaN, the gradient of parameters 0`, () => {
			const x = zeros([0, 3]);
			same(loss(x, { reduction: "sum" }), 0);
			same(loss(x, {}), Number.NaN);
			assert.is(loss(x, { reduction: "none" }).size, 0);
			const layer = linear(3, 3);
			const params = { w: normal(1, [3, 3]), b: zeros([3]) };
			for (const reduction of ["sum", "mean"] as const) {
				const g = grad((p: typeof params) => loss(layer.apply(p, x), { reduction }))(params);
				same(g.w, zeros([3, 3]));
				same(g.b, zeros([3]));
			}
			differentiates((p) => loss(layer.apply(p, x), { reduction: "sum" }), params);
		});
	}

	test("large logits cost what they are worth: no overflow, no digits lost", () => {
		const logits = tensor([[1e4, -1e4]]);
		const wrong = tensor([1], { dtype: "int32" });
		same(crossEntropy(logits, wrong), 2e4);
		same(grad((l: Tensor) => crossEntropy(l, wrong))(logits), [[1, -1]]);
		same(binaryCrossEntropy(logits, tensor([[0, 1]]), { reduction: "none" }), [[1e4, 1e4]]);
		// 1 − σ(40) is far below the rounding of 1, and its logarithm still right.
		near(binaryCrossEntropy(tensor([40]), tensor([1])).mul(1e17), 4.248354255291589e-18 * 1e17);
	});
});
