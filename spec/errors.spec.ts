import * as assert from "uvu/assert";
import { compile } from "../lib/compile/index.ts";
import { toJax } from "../lib/export/index.ts";
import { toOnnx } from "../lib/export/onnx/index.ts";
import * as A from "../lib/index.ts";
import { AdjointError } from "../lib/index.ts";
import * as nn from "../lib/nn/index.ts";
import * as plot from "../lib/plot/index.ts";
import { faults, functionsIn, loose } from "./bad-calls.ts";
import { refuses } from "./near.ts";
import { suite } from "./suite.ts";

const { ShapeError, tensor, zeros } = A;

suite("errors", (test) => {
	test("whatever ops are given, the error is ours and names the function that was called", () => {
		const functions = [...functionsIn(A), ...functionsIn(A.random)];
		assert.ok(functions.length > 150);
		assert.equal(faults(functions), []);
	});

	test("what is made of other ops speaks of itself, and of the shapes that it was given", () => {
		const line = zeros([1, 2, 5]);
		const filters = zeros([1, 3, 2]);
		const i = tensor([7], { dtype: "int32" });
		const cases: [call: () => unknown, message: string][] = [
			[
				() => A.conv1d(line, filters),
				"conv1d: expected 3 input channels and outputs in 1 groups, got (1×2×5) and (1×3×2)",
			],
			[
				() => A.conv1d(line, zeros([1, 2, 9])),
				"conv1d: the window (9) with dilation (1) does not fit into (5) with padding 0,0",
			],
			[
				() => A.conv1d(line, zeros([1, 2, 2]), { stride: 0 }),
				"conv1d: stride is a whole number from 1, got 0",
			],
			[
				() => A.convTranspose1d(line, filters),
				"convTranspose1d: expected 1 input channels in 1 groups, got (1×2×5) and (1×3×2)",
			],
			[
				() => A.maxPool1d(zeros([3]), 4),
				"maxPool1d: the window (4) with dilation (1) does not fit into (3)",
			],
			[
				() => A.avgPool1d(zeros([3]), 2, { padding: 2 }),
				"avgPool1d: expected less padding than the window (2), got 2,2",
			],
			[() => A.maxPool1d(tensor(1), 1), "maxPool1d: expected (…×length), got ()"],
			[
				() => A.conv2d(zeros([1, 1, 2, 2]), zeros([1, 1, 1, 1], { dtype: "float32" })),
				"conv2d: expected tensors of one float dtype",
			],
			[() => A.scatterAdd(zeros([2]), i, zeros([3, 4])), "scatterAdd: "],
			[
				() => A.scatterAdd(zeros([2]), tensor([[7]], { dtype: "int32" }), zeros([1])),
				"scatterAdd: index 7 is out of range",
			],
			[() => A.transpose(zeros([2, 3]), [0, 0]), "transpose: "],
			[
				() => nn.crossEntropy(zeros([1, 3]), tensor([-100], { dtype: "int32" })),
				"crossEntropy: expected indices from 0 to 2, got -100",
			],
			[
				() => nn.squaredError(zeros([2]), zeros([2], { dtype: "float32" })),
				"squaredError: expected tensors of one float dtype",
			],
			[
				() => nn.squaredError(zeros([2]), zeros([2]), { mask: tensor([true, true, false]) }),
				"squaredError: expected a mask that broadcasts to the losses, (2), got (3)",
			],
			[
				() => nn.squaredError(zeros([2]), zeros([2]), { mask: tensor([1, 0]) }),
				"squaredError: expected a bool mask, got float64",
			],
			[() => nn.huberLoss(tensor([1, 2], { dtype: "int32" }), 1), "huberLoss: 0.5 is not an int32"],
			[() => nn.klDivergence(tensor(1), tensor(1)), "klDivergence: axis -1 is out of range"],
			[() => nn.cosineDistance(tensor(1), tensor(1)), "cosineDistance: axis -1 is out of range"],
			[
				() => plot.lineChart({ loss: loose(tensor([1])) }),
				"lineChart: expected loss to be an array of numbers",
			],
			[() => plot.sparkline(loose(zeros([2]))), "sparkline: expected the values to be an array"],
			[() => nn.elu(loose([1])), "elu: expected a tensor or a number"],
			[() => nn.attention(zeros([3]), zeros([3]), zeros([3])), "attention: expected a matrix"],
			[() => nn.linear(2.5, 2), "linear: expected inputs to be a whole number from 0, got 2.5"],
			[() => nn.gru(loose("2"), 2), 'gru: expected inputs to be a whole number from 0, got "2"'],
		];
		for (const [call, message] of cases) refuses(call, AdjointError, message);
	});

	test("habits of PyTorch that would mean something else are refused, with the way out", () => {
		const x = zeros([2, 3]);
		const cases: [call: () => unknown, message: string][] = [
			[
				() => loose(A.diagonal)(x, 1),
				"diagonal: expected options as an object, { offset, axes }, got 1",
			],
			[
				() => loose(A.sum)(x, 0, true),
				"sum: expected options as an object, { keepDims }, got true",
			],
			[
				() => loose(A.sum)(x, 0, { keepdim: true }),
				"sum: there is no option keepdim; expected one of keepDims",
			],
			[
				() => loose(A.std)(x, { axis: 0 }),
				"std: expected an axis, a number, or an array of axes, got an object with axis",
			],
			[
				() => loose(A.transpose)(x, 0, 1),
				"transpose: expected an array of axes; to swap two of them, use swapAxes",
			],
			[() => loose(A.permute)(x, 1, 0), "permute: expected an array of axes, got 1"],
			[() => loose(A.reshape)(x, 3, 2), "reshape: expected a shape, an array of sizes, got 3"],
			[
				() => loose(A.squeeze)(zeros([1, 1]), 0, 1),
				"squeeze: expected nothing more, got 1; several axes are an array",
			],
			[() => loose(A.expandDims)(x, 0, 1), "expandDims: expected nothing more, got 1"],
			[() => loose(A.flip)(x, 0, 1), "flip: expected nothing more, got 1"],
			[
				() => loose(A.tile)(x, 2, 3),
				"tile: expected nothing more, got 3; several numbers are an array",
			],
			[
				() => loose(A.sort)(x, 0, true),
				"sort: expected nothing more, got true; it ascends; topK descends",
			],
			[() => loose(A.argsort)(x, 0, true), "argsort: expected nothing more, got true"],
			[() => loose(A.gelu)(x, "tanh"), "gelu: expected 1 argument, got 2"],
			[() => loose(A.round)(x, 2), "round: expected 1 argument, got 2"],
			[
				() => loose(A.zeros)([3], "float32"),
				'zeros: expected options as an object, { dtype }, got "float32"',
			],
			[
				() => loose(A.arange)(tensor(3)),
				"arange: expected a finite stop, got a tensor, float64 (); its number is x.item()",
			],
			[() => loose(A.eye)(tensor(3)), "eye: sizes are whole numbers from 0"],
			[
				() => loose(nn.crossEntropy)(zeros([1, 3]), tensor([0], { dtype: "int32" }), zeros([3])),
				"crossEntropy: expected options as an object",
			],
		];
		for (const [call, message] of cases) refuses(call, AdjointError, message);
	});

	test("a value that is asked for while a function is recorded names what records it", () => {
		const look = (x: A.Tensor) => (x.item() > 0 ? x : x.neg());
		const step = (c: A.Tensor, x: A.Tensor): [A.Tensor, A.Tensor] => [look(c), x];
		const x = tensor([1]);
		const cases: [call: () => unknown, of: string][] = [
			[() => compile(look)(x), "compile: the value of argument 1"],
			[() => compile((x: A.Tensor) => look(x.sum()))(x), "compile: the value of a result of sum"],
			[() => compile((x: A.Tensor) => A.scan(step, x, x))(x), "scan: the value of argument 1"],
			[
				() => compile((y: A.Tensor) => A.fori(0, 2, (_, c: A.Tensor) => c.add(look(y)), x))(x),
				"compile: the value of argument 1",
			],
			[() => toJax(look, { x }), "toJax: the value of argument 1"],
			[() => toOnnx(look, { x }), "toOnnx: the value of argument 1"],
		];
		for (const [call, message] of cases) refuses(call, A.TraceError, message);
	});

	test("a size that −1 cannot stand for is refused where there are no elements", () => {
		const none = zeros([0, 3]);
		refuses(
			() => A.reshape(none, [0, -1]),
			ShapeError,
			"reshape: -1 can be any size beside a size of 0",
		);
		assert.equal(A.reshape(none, [-1, 3]).shape, [0, 3]);
	});

	test("arrays that contain themselves, or lie too deep, are no data", () => {
		const self: unknown[] = [];
		self.push(self);
		let deep: unknown = 1;
		for (let i = 0; i < 20_000; i++) deep = [deep];
		for (const data of [self, deep]) {
			refuses(
				() => loose(tensor)(data),
				ShapeError,
				"tensor: expected objects and arrays at most 1000 deep",
			);
		}
	});
});
