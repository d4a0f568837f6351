import * as assert from "uvu/assert";
import {
	DomainError,
	DTypeError,
	grad,
	ShapeError,
	type Tensor,
	tensor,
	zeros,
} from "../../lib/index.ts";
import {
	binaryCrossEntropy,
	type CrossEntropyOptions,
	crossEntropy,
	focalLoss,
} from "../../lib/nn/index.ts";
import { near, refuses, same } from "../near.ts";
import { roads } from "../roads.ts";
import { suite } from "../suite.ts";
import { differentiates, holdsUp, normal } from "./checks.ts";

const none = { reduction: "none" } as const;
const int32 = { dtype: "int32" } as const;

const x = tensor([
	[0.5, -1.25, 2],
	[3.75, -0.5, 1.5],
	[-2, 0.25, 1],
]);
const labels = tensor([2, 1, 0], int32);
const withIgnored = tensor([2, -100, 0], int32);
const soft = tensor([
	[0.2, 0.3, 0.5],
	[1, 0, 0],
	[0, 0.5, 0.5],
]);
const classWeights = tensor([0.5, 2, 1.25]);
const yes = tensor([
	[1, 0, 1],
	[0, 0.25, 1],
]);

/** By PyTorch 2.15 in float64: each loss, and their mean. */
const references: readonly [string, Tensor, CrossEntropyOptions, number[], number][] = [
	[
		"class weights",
		labels,
		{ classWeights },
		[0.29077747887754085, 8.726056313289261, 1.710063094028757],
		2.8605058363188154,
	],
	[
		"class weights and smoothing",
		labels,
		{ classWeights, labelSmoothing: 0.2 },
		[0.7741108122108742, 7.763268756459233, 1.6730820222373841],
		2.722789757575331,
	],
	[
		"class weights, smoothing and an ignored class",
		withIgnored,
		{ classWeights, labelSmoothing: 0.2, ignoreIndex: -100 },
		[0.7741108122108742, 0, 1.6730820222373841],
		1.3983959053990047,
	],
	[
		"class weights and probabilities",
		soft,
		{ classWeights },
		[2.4082241276101928, 0.05651407832231534, 1.43270505559346],
		1.2991477538419893,
	],
];

suite("nn/cross-entropy", (test) => {
	for (const [name, y, options, each, mean] of references) {
		test(`crossEntropy with ${name} is PyTorch's, on every road, and holds up`, () => {
			for (const road of roads((u: Tensor) => crossEntropy(u, y, { ...options, ...none }))) {
				near(road(x), each);
			}
			for (const road of roads((u: Tensor) => crossEntropy(u, y, options))) near(road(x), mean);
			near(crossEntropy(x, y, { ...options, reduction: "sum" }), each[0]! + each[1]! + each[2]!);
			holdsUp(({ x, y, classWeights }) => crossEntropy(x, y, { ...options, classWeights }), {
				x,
				y,
				classWeights,
			});
		});
	}

	test("an ignored class is a mask, beside another, and has no gradient", () => {
		const mask = tensor([false, true, true]);
		const ignoreIndex = -100;
		same(
			crossEntropy(x, withIgnored, { ignoreIndex }),
			crossEntropy(x, withIgnored, { mask: withIgnored.notEqual(-100) }),
		);
		same(
			crossEntropy(x, withIgnored, { ignoreIndex, mask }),
			crossEntropy(x.slice([2, 3]), tensor([0], int32)),
		);
		const g = grad((u: Tensor) => crossEntropy(u, withIgnored, { ignoreIndex }))(x);
		same(g.slice(1), [0, 0, 0]);
	});

	test("where no sample counts the mean is NaN and the sum 0", () => {
		const ignoreIndex = 1;
		const all = tensor([1, 1, 1], int32);
		for (const options of [{ ignoreIndex }, { ignoreIndex, classWeights }]) {
			same(crossEntropy(x, all, options), Number.NaN);
			same(crossEntropy(x, all, { ...options, reduction: "sum" }), 0);
		}
		same(crossEntropy(zeros([0, 3]), zeros([0], int32), { classWeights }), Number.NaN);
	});

	test("a class of weight 0 counts for nothing, even where its logit is −∞", () => {
		const logits = tensor([[0, Number.NEGATIVE_INFINITY, 1]]);
		const half = tensor([[0.5, 0.5, 0]]);
		const f = (u: Tensor) => crossEntropy(u, half, { classWeights: tensor([1, 0, 1]) });
		near(f(logits), 0.5 * Math.log(1 + Math.E));
	});

	test("weights and ignored classes that do not fit are refused by name", () => {
		const f = (options: CrossEntropyOptions, y = labels) => crossEntropy(x, y, options);
		refuses(() => f({ classWeights: tensor([1, 2]) }), ShapeError, "each class, (3), got (2)");
		refuses(() => f({ classWeights: classWeights.astype("float32") }), DTypeError, "float32");
		refuses(() => f({ ignoreIndex: 0 }, soft), DomainError, "beside labels that are probabilities");
		refuses(() => f({ ignoreIndex: 0.5 }), DomainError, "crossEntropy: expected ignoreIndex");
		const mask = tensor([true, false]);
		refuses(() => f({ ignoreIndex: 0, mask }), ShapeError, "crossEntropy: expected a mask");
	});

	test("binaryCrossEntropy with a weight of yes is PyTorch's, and its mean is over the logits", () => {
		const u = x.slice([0, 2]);
		const positiveWeight = tensor([2, 0.5, 3]);
		const expected = [
			[0.9481539683602134, 0.25192908134537295, 0.3807840331289175],
			[3.773245464372425, 0.4773173611575934, 0.6042398339482572],
		];
		for (const road of roads((v: Tensor) =>
			binaryCrossEntropy(v, yes, { positiveWeight, ...none }),
		)) {
			near(road(u), expected);
		}
		near(binaryCrossEntropy(u, yes, { positiveWeight }), 1.0726116237187966);
		near(
			binaryCrossEntropy(u, yes, { positiveWeight: 2 }),
			binaryCrossEntropy(u, yes, { positiveWeight: tensor([[2], [2]]) }),
		);
		holdsUp(({ u, p, positiveWeight }) => binaryCrossEntropy(u, p, { positiveWeight }), {
			u,
			p: yes,
			positiveWeight,
		});
		const wide = { positiveWeight: zeros([2, 2, 3]) };
		refuses(
			() => binaryCrossEntropy(u, yes, wide),
			ShapeError,
			"expected a weight that broadcasts",
		);
	});

	test("focalLoss is Optax's, on every road, and holds up", () => {
		const u = x.slice([0, 2]);
		const f = (v: Tensor) => focalLoss(v, yes, { alpha: 0.25, gamma: 1.5, ...none });
		for (const road of roads(f)) {
			near(road(u), [
				[0.027493782411975042, 0.0198573046166015, 0.0013059538663947692],
				[2.7329598827304844, 0.10882245959067248, 0.003923345086982959],
			]);
		}
		near(focalLoss(u, yes, none), [
			[0.06757349051750364, 0.01249451142624084, 0.0018035628352403748],
			[3.601839071674333, 0.11533394535150818, 0.0067028469265756575],
		]);
		for (const gamma of [0, 0.5, 2]) {
			const tree = { u: normal(1, [2, 3]), p: normal(2, [2, 3]).sigmoid() };
			holdsUp(({ u, p }) => focalLoss(u, p, { gamma }), tree);
		}
	});

	test("focalLoss with γ = 0 is the binary cross-entropy, and its slopes are finite everywhere", () => {
		const u = x.slice([0, 2]);
		near(focalLoss(u, yes, { gamma: 0 }), binaryCrossEntropy(u, yes));
		const far = tensor([-1e4, -800, 800, 1e4]);
		const p = tensor([0, 1, 0, 1]);
		for (const gamma of [0.5, 1, 2]) {
			const f = (v: Tensor) => focalLoss(v, p.astype(v.dtype), { gamma, ...none });
			near(f(far), [0, 800, 800, 0]);
			differentiates(f, far);
			assert.is(f(far.astype("float32")).dtype, "float32");
			near(grad((v: Tensor) => f(v).sum())(far.astype("float32")), [0, -1, 1, 0]);
		}
	});
});
