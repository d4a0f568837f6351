import * as assert from "uvu/assert";
import { toOnnx } from "../../lib/export/onnx/index.ts";
import { cond, eigh, ones, power, scan, type Tensor, TraceError, vjp } from "../../lib/index.ts";
import { refuses } from "../near.ts";
import { suite } from "../suite.ts";
import { readModel } from "./read-model.ts";

suite("export/onnx-nodes", (test) => {
	test("what is the same in every round of a loop is made once, before it", () => {
		const args = { x: ones([2]), rate: ones([2]) };
		const nodes = (f: (x: Tensor, rate: Tensor) => unknown) => readModel(toOnnx(f, args)).nodes;
		const rounds = (x: Tensor, rate: Tensor) =>
			scan((h: Tensor) => [h.mul(rate.exp()), null], x, null, { length: 3 })[0];
		assert.equal(nodes(rounds), [
			"exp = Exp(rate)",
			"result = Scan(x, int64.0_1_2)",
			"mul = Mul(carry, exp)",
		]);
		// A branch is not always taken.
		const either = (x: Tensor, rate: Tensor) =>
			cond(
				x.sum().greater(0),
				(y: Tensor) => y.mul(rate.exp()),
				(y: Tensor) => y,
				x,
			);
		assert.equal(nodes(either).slice(-2), ["exp = Exp(rate)", "mul = Mul(x, exp)"]);
	});

	test("a sum of rows is a product, and a mask says NaN where what it compares is that", () => {
		const back = (x: Tensor, g: Tensor) => vjp(([x]) => [x!.relu()], [x])[1]([g])[0]!.sum(0);
		const { nodes } = readModel(toOnnx(back, { x: ones([3, 2]), g: ones([3, 2]) }));
		assert.equal(nodes, [
			"maskGreater/Greater = Greater(x, float64.0)",
			"maskGreater/Max = Max(x, float64.0)",
			"maskGreater/Min = Min(maskGreater/Max, float64.0)",
			"keepWhere/Where = Where(maskGreater/Greater, g, float64.0)",
			"keepWhere = Add(keepWhere/Where, maskGreater/Min)",
			"sum/Expand = Expand(float64.1, int64.1_3)",
			"sum/Gemm = Gemm(sum/Expand, keepWhere)",
			"result = Squeeze(sum/Gemm, int64.0)",
		]);
	});

	test("NaN is asked for beside a maximum, but not where it shows in a sum in any case", () => {
		const ops = (f: (x: Tensor) => Tensor) =>
			readModel(toOnnx(f, { x: ones([2, 3]) })).nodes.map((node) => /= (\w+)/.exec(node)![1]);
		assert.ok(ops((x) => x.max(1)).includes("IsNaN"));
		assert.ok(ops((x) => x.logSumExp(1)).includes("IsNaN"));
		assert.equal(
			ops((x) => x.softmax()),
			["ReduceMax", "Sub", "Exp", "ReduceSum", "Div"],
		);
		assert.equal(
			ops((x) => x.logSoftmax()),
			["ReduceMax", "Sub", "Exp", "ReduceSum", "Log", "Sub"],
		);
	});

	test("single numbers in products meet first where that is asked for; what has a name stays", () => {
		const args = { x: ones([2, 3]), y: ones([2, 3]), one: ones([]) };
		const f = (x: Tensor, y: Tensor, one: Tensor) => x.div(one).div(y).mul(1e-3);
		const nodes = (f: (x: Tensor, y: Tensor, one: Tensor) => Tensor, regroup: boolean) =>
			readModel(toOnnx(f, args, { regroup })).nodes;
		assert.equal(nodes(f, true), [
			"div = Div(float64.0.001, one)",
			"broadcastTo = Unsqueeze(div, int64.0_1)",
			"mul = Mul(x, broadcastTo)",
			"result = Div(mul, y)",
		]);
		assert.equal(nodes(f, false), [
			"broadcastTo = Unsqueeze(one, int64.0_1)",
			"div = Div(x, broadcastTo)",
			"div_2 = Div(div, y)",
			"result = Mul(div_2, float64.0.001)",
		]);
		const named = (x: Tensor, y: Tensor) => x.mul(3).as("tripled").mul(y).mul(2);
		assert.equal(nodes(named, true)[0], "tripled = Mul(x, float64.3)");
		const batched = toOnnx(f, args, { regroup: true, dynamicAxes: { x: ["n"], y: ["n"] } });
		assert.equal(readModel(batched).nodes, nodes(f, true));
		const refused = (x: Tensor) => eigh(x.mul(2).mul(3))[0];
		refuses(
			() => toOnnx(refused, { x: ones([2, 2]) }, { regroup: true }),
			TraceError,
			"onnx-nodes.spec.ts:",
		);
	});

	test("a function of a known number has no nodes for what other numbers would need", () => {
		const { nodes } = readModel(toOnnx((t: Tensor) => power(0.9, t), { t: ones([]) }));
		assert.equal(nodes, ["result = Pow(float64.0.9, t)"]);
	});

	test("in float64 no product is a MatMul, into which factors are taken as float32", () => {
		const product = (shapes: readonly number[][], float?: "float32") => {
			const [x, w] = shapes.map((shape) => ones(shape));
			const f = (x: Tensor, w: Tensor) => x.matmul(w).mul(1e-6);
			const { nodes } = readModel(toOnnx(f, { x, w }, float && { float }));
			return nodes.map((node) => / (Gemm|Einsum|MatMul)/.exec(node)?.[1]).find(Boolean);
		};
		const matrices = [
			[2, 3],
			[3, 4],
		];
		const batches = matrices.map((shape) => [5, ...shape]);
		assert.is(product(matrices), "Gemm");
		assert.is(product(batches), "Einsum");
		assert.is(product(batches, "float32"), "MatMul");
	});

	test("what is done with a product next is in its node, unless it has a name or is read again", () => {
		const [x, w, b] = [ones([2, 3]), ones([3, 4]), ones([4])];
		const nodes = (f: (x: Tensor, w: Tensor, b: Tensor) => unknown, options = {}) =>
			readModel(toOnnx(f, { x, w, b }, options)).nodes.filter((node) =>
				/= (Gemm|Mul|Sub|Add)/.test(node),
			);
		assert.equal(
			nodes((x, w, b) => x.dot(w).add(b)),
			["result = Gemm(x, w, broadcastTo)"],
		);
		assert.equal(
			nodes((x, w, b) => x.dot(w).as("y").sub(b)),
			["y = Gemm(x, w)", "result = Sub(y, broadcastTo)"],
		);
		const twice = (x: Tensor, w: Tensor, b: Tensor) => {
			const y = x.dot(w);
			return [y.add(b), y.exp()];
		};
		assert.equal(nodes(twice), ["dot = Gemm(x, w)", "result.0 = Add(dot, broadcastTo)"]);
		const wide = (x: Tensor, w: Tensor) => x.slice([0, 1]).dot(w).add(w);
		assert.equal(nodes(wide), ["dot = Gemm(slice, w)", "result = Add(broadcastTo, w)"]);
		// A factor has no place in the node where it follows a size.
		const mean = (x: Tensor, w: Tensor) => x.dot(w).mul(1 / x.shape[0]!);
		const options = { float: "float32", dynamicAxes: { x: ["batch"] } };
		assert.equal(nodes(mean, { float: "float32" }), ["result = Gemm(x, w)"]);
		assert.equal(nodes(mean, options), ["dot = Gemm(x, w)", "result = Mul(dot, sizes)"]);
	});
});
