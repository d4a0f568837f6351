import * as assert from "uvu/assert";
import { compile } from "../../lib/compile/index.ts";
import * as kind from "../../lib/core/argument-kinds.ts";
import { checkOptions } from "../../lib/core/options.ts";
import { batches, parseCsv, trainTestSplit } from "../../lib/data/index.ts";
import { derive } from "../../lib/derivation/index.ts";
import * as A from "../../lib/index.ts";
import * as nn from "../../lib/nn/index.ts";
import * as optim from "../../lib/optim/index.ts";
import { imageGrid, lineChart, sparkline } from "../../lib/plot/index.ts";
import { refuses } from "../near.ts";
import { suite } from "../suite.ts";

const { DomainError, DTypeError, random, tensor } = A;
const x = tensor([
	[1, 2],
	[3, 4],
]);
const key = random.key(0);
const labels = tensor([0, 1], { dtype: "int32" });

/** As one writes without types. */
// biome-ignore lint/suspicious/noExplicitAny: what types would refuse is what is tried
const loose = <F>(f: F) => f as any;

/** Every function with options, as a function of them. */
const calls: Readonly<Record<string, (options: unknown) => unknown>> = {
	sum: (o) => loose(A.sum)(x, 0, o),
	variance: (o) => loose(A.variance)(x, 0, o),
	argmax: (o) => loose(A.argmax)(x, 0, o),
	cumsum: (o) => loose(A.cumsum)(x, 0, o),
	linearRecurrence: (o) => loose(A.linearRecurrence)(x, x, 0, o),
	triangularSolve: (o) => loose(A.triangularSolve)(x, x, o),
	oneHot: (o) => loose(A.oneHot)(labels, 2, o),
	pad: (o) => loose(A.pad)(x, 1, o),
	diagonal: (o) => loose(A.diagonal)(x, o),
	conv2d: (o) => loose(A.conv2d)(A.zeros([1, 1, 2, 2]), A.zeros([1, 1, 1, 1]), o),
	convTranspose2d: (o) => loose(A.convTranspose2d)(A.zeros([1, 1, 2, 2]), A.zeros([1, 1, 1, 1]), o),
	conv1d: (o) => loose(A.conv1d)(A.zeros([1, 1, 2]), A.zeros([1, 1, 1]), o),
	convTranspose1d: (o) => loose(A.convTranspose1d)(A.zeros([1, 1, 2]), A.zeros([1, 1, 1]), o),
	maxPool2d: (o) => loose(A.maxPool2d)(x, 1, o),
	avgPool2d: (o) => loose(A.avgPool2d)(x, 1, o),
	maxPool1d: (o) => loose(A.maxPool1d)(x, 1, o),
	avgPool1d: (o) => loose(A.avgPool1d)(x, 1, o),
	tensor: (o) => loose(tensor)([1], o),
	zeros: (o) => loose(A.zeros)([1], o),
	onesLike: (o) => loose(A.onesLike)(x, o),
	full: (o) => loose(A.full)([1], 2, o),
	arange: (o) => loose(A.arange)(2, o),
	linspace: (o) => loose(A.linspace)(0, 1, 2, o),
	eye: (o) => loose(A.eye)(2, o),
	uniform: (o) => loose(random.uniform)(key, [1], o),
	normal: (o) => loose(random.normal)(key, [1], o),
	truncatedNormal: (o) => loose(random.truncatedNormal)(key, [1], o),
	categorical: (o) => loose(random.categorical)(key, x, o),
	jacobian: (o) => loose(A.jacobian)((v: A.Tensor) => v, o),
	compile: (o) => loose(compile)((v: A.Tensor) => v, o),
	derive: (o) => loose(derive)((v: A.Tensor) => v.sum(), { x }, o),
	print: (o) => loose(derive((v: A.Tensor) => v.sum(), { x })).print("numpy", o),
	squaredError: (o) => loose(nn.squaredError)(x, x, o),
	absoluteError: (o) => loose(nn.absoluteError)(x, x, o),
	huberLoss: (o) => loose(nn.huberLoss)(x, x, o),
	crossEntropy: (o) => loose(nn.crossEntropy)(x, labels, o),
	binaryCrossEntropy: (o) => loose(nn.binaryCrossEntropy)(x, x, o),
	klDivergence: (o) => loose(nn.klDivergence)(x, x, o),
	klToStandardNormal: (o) => loose(nn.klToStandardNormal)(x, x, o),
	hingeLoss: (o) => loose(nn.hingeLoss)(x, x, o),
	cosineDistance: (o) => loose(nn.cosineDistance)(x, x, o),
	layerNorm: (o) => loose(nn.layerNorm)(2, o),
	rmsNorm: (o) => loose(nn.rmsNorm)(2, o),
	groupNorm: (o) => loose(nn.groupNorm)(1, 2, o),
	batchNorm: (o) => loose(nn.batchNorm)(2, o),
	linear: (o) => loose(nn.linear)(2, 2, o),
	embedding: (o) => loose(nn.embedding)(2, 2, o),
	learnedPositions: (o) => loose(nn.learnedPositions)(2, 2, o),
	attention: (o) => loose(nn.attention)(x, x, x, o),
	multiHeadAttention: (o) => loose(nn.multiHeadAttention)(2, 1, o),
	transformerBlock: (o) => loose(nn.transformerBlock)(2, 1, o),
	init: (o) => loose(nn.init)(nn.linear(2, 2), key, o),
	initialState: (o) => loose(nn.initialState)(nn.batchNorm(2), o),
	lbfgs: (o) => loose(optim.lbfgs)(o),
	parseCsv: (o) => loose(parseCsv)("a", o),
	lineChart: (o) => loose(lineChart)({ a: [1] }, o),
	imageGrid: (o) => loose(imageGrid)(A.zeros([1, 2, 2]), o),
	sparkline: (o) => loose(sparkline)([1, 2], o),
};

/** Those that have options which must be there. */
const needy: Readonly<Record<string, (options: unknown) => unknown>> = {
	sgd: loose(optim.sgd),
	adam: loose(optim.adam),
	adamW: loose(optim.adamW),
	rmsProp: loose(optim.rmsProp),
	adagrad: loose(optim.adagrad),
	lion: loose(optim.lion),
	step: loose(optim.schedules.step),
	exponential: loose(optim.schedules.exponential),
	cosine: loose(optim.schedules.cosine),
	oneCycle: loose(optim.schedules.oneCycle),
	trainTestSplit: (o) => loose(trainTestSplit)(x, o),
	batches: (o) => loose(batches)(x, o),
};

suite("options", (test) => {
	test("an option that there is not is refused by every function, which names itself", () => {
		for (const [name, call] of Object.entries({ ...calls, ...needy })) {
			const got = `${name}: there is no option tpyo; expected one of `;
			refuses(() => call({ tpyo: 1 }), DomainError, got);
		}
	});

	test("so are options that are no object: a position, a tensor, null", () => {
		for (const [name, call] of Object.entries({ ...calls, ...needy })) {
			// The second argument of these may be a number.
			const others = ["arange", "eye"].includes(name) ? [true, x] : [1, true, x, [1], null];
			for (const given of others) {
				refuses(() => call(given), DomainError, `${name}: expected options as an object, {`);
			}
		}
	});

	test("what is undefined, and no options at all, count as left out", () => {
		for (const call of Object.values(calls)) {
			call(undefined);
			call({ other: undefined });
		}
	});

	test("options that must be there are asked for by name", () => {
		for (const [name, call] of Object.entries(needy)) {
			if (name === "batches") continue;
			const text = `${name}: expected ${name === "trainTestSplit" ? "testFraction" : ""}`;
			refuses(() => call({}), DomainError, text);
		}
		refuses(() => loose(optim.adam)(), DomainError, "adam: expected options as an object");
	});

	test("values are checked, and the call says what they may be", () => {
		const cases: [name: string, options: object, message: string][] = [
			["sum", { keepDims: 1 }, "sum: expected keepDims to be true or false, got 1"],
			["variance", { ddof: -1 }, "variance: expected ddof to be a number from 0, got -1"],
			["cumsum", { reverse: "yes" }, 'cumsum: expected reverse to be true or false, got "yes"'],
			["huberLoss", { delta: 0 }, "huberLoss: expected delta to be a number above 0, got 0"],
			["huberLoss", { delta: Number.NaN }, "delta to be a number above 0, got NaN"],
			["huberLoss", { delta: tensor(1) }, "got a tensor, float64 (); its number is x.item()"],
			[
				"crossEntropy",
				{ labelSmoothing: 1.5 },
				"labelSmoothing to be a number from 0 to 1, got 1.5",
			],
			[
				"crossEntropy",
				{ labelSmoothing: -0.1 },
				"labelSmoothing to be a number from 0 to 1, got -0.1",
			],
			[
				"squaredError",
				{ reduction: "batchmean" },
				'reduction to be "mean" or "sum" or "none", got "batchmean"',
			],
			["klDivergence", { mask: true }, "mask to be a tensor, got true"],
			["layerNorm", { epsilon: -1 }, "layerNorm: expected epsilon to be a number from 0, got -1"],
			[
				"batchNorm",
				{ momentum: 2 },
				"batchNorm: expected momentum to be a number from 0 to 1, got 2",
			],
			["linear", { bias: 0 }, "linear: expected bias to be true or false, got 0"],
			["linear", { weights: "he" }, 'linear: expected weights to be a function, got "he"'],
			["transformerBlock", { dropout: 1 }, "dropout to be a number from 0 to below 1, got 1"],
			["attention", { causal: "true" }, "causal to be true or false"],
			["jacobian", { mode: "backward" }, 'mode to be "reverse" or "forward", got "backward"'],
			["pad", { mode: "mirror" }, 'got "mirror"'],
			[
				"conv2d",
				{ stride: "2" },
				'conv2d: expected stride to be a number, or an array of one for each axis, got "2"',
			],
			[
				"maxPool1d",
				{ stride: tensor(2) },
				"maxPool1d: expected stride to be a number, got a tensor",
			],
			[
				"sgd",
				{ learningRate: -1 },
				"learningRate to be a number from 0, or a function of the step, got -1",
			],
			[
				"sgd",
				{ learningRate: 1, nesterov: true },
				"sgd: expected momentum beside nesterov, got none",
			],
			["sgd", { learningRate: 1, momentum: 1 }, "momentum to be a number from 0 to below 1, got 1"],
			["adam", { learningRate: 1, epsilon: -1 }, "epsilon to be a number from 0"],
			["adamW", { learningRate: 1, weightDecay: -1 }, "weightDecay to be a number from 0"],
			["lbfgs", { history: 1.5 }, "history to be a whole number from 1"],
			["derive", { simplify: 1 }, "simplify to be true or false"],
			["print", { lang: "fr" }, 'print: expected lang to be "en" or "zh", got "fr"'],
			["sparkline", { width: 0 }, "width to be a whole number from 1"],
		];
		for (const [name, options, message] of cases) {
			refuses(() => ({ ...calls, ...needy })[name]!(options), DomainError, message);
		}
	});

	test("a dtype that there is not is refused in the name of the call", () => {
		for (const name of [
			"tensor",
			"zeros",
			"onesLike",
			"full",
			"arange",
			"linspace",
			"eye",
			"oneHot",
			"normal",
			"init",
		]) {
			const message = `${name}: expected dtype to be float64, float32, int32 or bool, got "float16"`;
			refuses(() => calls[name]!({ dtype: "float16" }), DTypeError, message);
		}
	});

	test("names that every object has are no options", () => {
		const kinds = { a: kind.flag };
		for (const name of ["constructor", "toString", "__proto__"]) {
			const given = Object.fromEntries([[name, 1]]);
			refuses(() => loose(checkOptions)("f", given, kinds), DomainError, `no option ${name}`);
		}
		assert.equal(checkOptions("f", { a: true }, kinds), { a: true });
	});

	test("what works on a function fails at once without one", () => {
		const others = { ...A, compile, derive } as unknown as Record<string, (f: unknown) => unknown>;
		for (const name of [
			"grad",
			"valueAndGrad",
			"vjp",
			"jvp",
			"linearize",
			"hvp",
			"jacobian",
			"hessian",
			"checkpoint",
			"customGradient",
			"debug",
			"compile",
			"derive",
		]) {
			refuses(
				() => others[name]!(undefined),
				DomainError,
				`${name}: expected a function, got undefined`,
			);
			refuses(() => others[name]!(x), DomainError, `${name}: expected a function, got a tensor`);
		}
		refuses(
			() => loose(A.customGradient)((v: A.Tensor) => v),
			DomainError,
			"customGradient: expected a function",
		);
	});
});
