import * as assert from "uvu/assert";
import {
	DomainError,
	DTypeError,
	grad,
	jacobian,
	ShapeError,
	type Tensor,
	tensor,
	zeros,
} from "../../lib/index.ts";
import {
	absoluteError,
	binaryCrossEntropy,
	cosineDistance,
	crossEntropy,
	hingeLoss,
	huberLoss,
	klDivergence,
	klToStandardNormal,
	type LossOptions,
	logCosh,
	squaredError,
} from "../../lib/nn/index.ts";
import { near, refuses, same } from "../near.ts";
import { roads } from "../roads.ts";
import { suite } from "../suite.ts";

const { NEGATIVE_INFINITY, NaN: nan } = Number;
const none = { reduction: "none" } as const;

const x = tensor([
	[0.5, -1.25, 2],
	[3.75, -0.5, 1.5],
]);
const y = tensor([
	[0.25, 0.75, -1],
	[3.5, 0.5, 1.5],
]);
const classes = tensor([2, 0], { dtype: "int32" });
const soft = tensor([
	[0.2, 0.3, 0.5],
	[1, 0, 0],
]);
const yes = tensor([
	[1, 0, 1],
	[0, 0.25, 1],
]);

suite("nn/losses", (test) => {
	test("squared, absolute and Huber's error are those of PyTorch 2.15", () => {
		near(squaredError(x, y, none), [
			[0.0625, 4, 9],
			[0.0625, 1, 0],
		]);
		near(absoluteError(x, y, none), [
			[0.25, 2, 3],
			[0.25, 1, 0],
		]);
		near(huberLoss(x, y, { delta: 0.75, ...none }), [
			[0.03125, 1.21875, 1.96875],
			[0.03125, 0.46875, 0],
		]);
	});

	test("reductions are the mean, if nothing is said, the sum, or none", () => {
		near(squaredError(x, y), 14.125 / 6);
		near(squaredError(x, y, { reduction: "sum" }), 14.125);
		same(squaredError(x, y, { reduction: "sum" }), x.sub(y).square().sum());
		near(crossEntropy(x, classes), 0.17282506987333168);
	});

	test("a mask leaves out what it says, also from the mean", () => {
		const mask = tensor([true, false]);
		near(crossEntropy(x, classes, { mask }), 0.23262198310203266);
		near(crossEntropy(x, classes, { mask, reduction: "none" }), [0.23262198310203266, 0]);
		const rows = tensor([[true], [false]]);
		near(squaredError(x, y, { mask: rows }), 13.0625 / 3);
		const broken = tensor([1, nan]);
		same(grad((p: Tensor) => squaredError(p, 0, { mask }))(broken), [2, 0]);
	});

	test("labels that the mask leaves out may be any number, such as −100 for padding", () => {
		const padded = tensor([-100, 1, 7], { dtype: "int32" });
		const logits = tensor([
			[nan, 1, 2],
			[0.5, -1, 2],
			[1, 2, 3],
		]);
		const loss = (logits: Tensor, labels: Tensor) =>
			crossEntropy(logits, labels, { mask: labels.equal(1), labelSmoothing: 0.1 });
		const alone = crossEntropy(logits.slice([1, 2]), padded.slice([1, 2]), { labelSmoothing: 0.1 });
		const slope = (logits: Tensor, labels: Tensor) => grad((t: Tensor) => loss(t, labels))(logits);
		for (const f of roads(loss)) near(f(logits, padded), alone, 1e-15);
		for (const g of roads(slope)) {
			const found = g(logits, padded);
			same(found.take([0, 2], 0), zeros([2, 3]));
			assert.ok(found.slice(1).abs().min().item() > 0);
		}
		refuses(() => crossEntropy(logits, padded), DomainError, "-100");
		const all = tensor([true, false, true]);
		refuses(() => crossEntropy(logits, padded, { mask: all }), DomainError, "-100");
	});

	test("a NaN that counts shows in each loss and its gradient", () => {
		const broken = tensor([[1, nan, 2]]);
		const fine = tensor([[0.25, 0.5, 0.25]]);
		const losses = {
			squaredError,
			absoluteError,
			huberLoss,
			logCosh,
			crossEntropy,
			binaryCrossEntropy,
			klDivergence,
			hingeLoss,
			cosineDistance,
		};
		for (const [name, loss] of Object.entries(losses)) {
			const f = loss as (x: Tensor, y: Tensor) => Tensor;
			for (const [x, y] of [
				[broken, fine],
				[fine, broken],
			] as const) {
				assert.ok(Number.isNaN(f(x, y).item()), name);
				const g = grad(([x, y]: Tensor[]) => f(x!, y!))([x, y]);
				assert.ok(
					g.some((t) => t.isNaN().any().item()),
					name,
				);
			}
		}
	});

	test("cross-entropy with classes, probabilities and smoothing is that of PyTorch 2.15", () => {
		near(crossEntropy(x, classes, none), [0.23262198310203266, 0.11302815664463069]);
		near(crossEntropy(x, soft, none), [1.5076219831020325, 0.11302815664463069]);
		near(
			crossEntropy(x, classes, { labelSmoothing: 0.1, ...none }),
			[0.39095531643536596, 0.32969482331129735],
		);
	});

	test("cross-entropy works over any leading axes", () => {
		const wide = crossEntropy(x.reshape([1, 2, 3]), classes.reshape([1, 2]), none);
		near(wide, [[0.23262198310203266, 0.11302815664463069]]);
	});

	test("binary cross-entropy and both divergences are those of PyTorch 2.15", () => {
		near(binaryCrossEntropy(x, yes, none), [
			[0.4740769841801067, 0.25192908134537295, 0.1269280110429725],
			[3.773245464372425, 0.5990769841801067, 0.2014132779827524],
		]);
		near(klDivergence(x, soft, none), [0.47796896903745895, 0.11302815664463069]);
		near(
			klToStandardNormal(tensor([0.5, -1.25]), tensor([0.3, -2]), none),
			[0.14992940378800154, 1.3489176416183064],
		);
	});

	test("the cosine distance is that of PyTorch 2.15, and 1 from a vector of zeros, with derivative 0", () => {
		near(cosineDistance(x, y, none), [1.9151333141298448, 0.032309611394453985]);
		near(cosineDistance(x.mul(1e200), y.mul(1e-200)), cosineDistance(x, y));
		same(cosineDistance(tensor([0, 0]), tensor([1, 2])), 1);
		same(grad((u: Tensor) => cosineDistance(u, tensor([1, 2])))(tensor([0, 0])), [0, 0]);
	});

	test("the hinge loss is max(0, 1 − label·prediction), with derivative 0 at the kink", () => {
		const labels = tensor([1, -1, 1, 1]);
		const made = tensor([0.25, 0.5, 3, 1]);
		same(hingeLoss(made, labels, none), [0.75, 1.5, 0, 0]);
		same(grad((p: Tensor) => hingeLoss(p, labels, { reduction: "sum" }))(made), [-1, 1, 0, 0]);
	});

	test("logCosh keeps its digits near 0 and far away, and has the derivative tanh", () => {
		// math.log(math.cosh(r)), and r²/2 − r⁴/12 where that has no digits.
		const r = tensor([0.5, -2, 800, 1e-6, 0]);
		const values = [0.12011450695827752, 1.3250027473578645, 800 - Math.LN2, 5e-13, 0];
		const each = logCosh(r, 0, none);
		for (const [i, value] of values.entries()) {
			assert.ok(Math.abs(each.data[i]! - value) <= 1e-12 * value, String(i));
		}
		const slope = (p: Tensor) => grad((q: Tensor) => logCosh(q, 0, { reduction: "sum" }))(p);
		near(slope(r), r.tanh(), 1e-15);
		near(jacobian(slope)(r).diagonal(), r.tanh().square().neg().add(1), 1e-14);
	});

	test("Huber's loss has a second derivative of 1 where prediction and target agree", () => {
		const slope = (p: Tensor) => grad((q: Tensor) => huberLoss(q, 0, { reduction: "sum" }))(p);
		near(jacobian(slope)(tensor([0, 0.5, 2])), [
			[1, 0, 0],
			[0, 1, 0],
			[0, 0, 0],
		]);
	});

	test("a class of probability 0 counts for nothing, even where its logit is −∞", () => {
		const masked = tensor([[0, NEGATIVE_INFINITY, 0]]);
		const first = tensor([0], { dtype: "int32" });
		near(crossEntropy(masked, first), Math.LN2);
		near(grad((l: Tensor) => crossEntropy(l, first))(masked), [[-0.5, 0, 0.5]]);
		near(klDivergence(masked, tensor([[1, 0, 0]])), Math.LN2);
	});

	test("labels that are whole numbers of another dtype, or bools, are taken as probabilities 0 and 1", () => {
		const logits = tensor([0.5, -1]);
		const expected = binaryCrossEntropy(logits, tensor([1, 0]));
		same(binaryCrossEntropy(logits, tensor([true, false])), expected);
		same(binaryCrossEntropy(logits, tensor([1, 0], { dtype: "int32" })), expected);
		const narrow = binaryCrossEntropy(logits.astype("float32"), tensor([true, false]));
		assert.is(narrow.dtype, "float32");
	});

	test("shapes that would broadcast are refused, a scalar target is not", () => {
		const column = x.slice(null, [0, 1]);
		const all: ((p: Tensor, t: Tensor, options?: LossOptions) => Tensor)[] = [
			squaredError,
			absoluteError,
			huberLoss,
			binaryCrossEntropy,
			klDivergence,
			hingeLoss,
			cosineDistance,
		];
		for (const loss of all) refuses(() => loss(x, column), ShapeError, "(2×3) and (2×1)");
		near(squaredError(x, 1), x.sub(1).square().mean());
	});

	test("labels of another shape, dtype or range are refused", () => {
		refuses(() => crossEntropy(x, classes.slice([0, 1])), ShapeError, "int32 (2)");
		refuses(() => crossEntropy(x, tensor([true, false])), DTypeError, "bool");
		refuses(() => crossEntropy(x, tensor([3, 0], { dtype: "int32" })), DomainError, "0 to 2");
		refuses(() => crossEntropy(x, tensor([-1, 0], { dtype: "int32" })), DomainError, "0 to 2");
	});
});
