import * as assert from "uvu/assert";
import { onnxPackage, onnxStep, toOnnx } from "../../lib/export/onnx/index.ts";
import {
	cond,
	eigh,
	mapTree,
	ones,
	random,
	scan,
	type Tensor,
	TraceError,
	tensor,
	valueAndGrad,
	whileLoop,
	zeros,
} from "../../lib/index.ts";
import { refuses } from "../near.ts";
import { suite } from "../suite.ts";
import { readModel } from "./read-model.ts";
import { type Batch, loss, type Weights } from "./two-layer-net.ts";

const step = (params: Weights, batch: Batch) => {
	const [value, gradient] = valueAndGrad(loss)(params, batch);
	return { params: mapTree((w, g) => w.sub(g.mul(1e-6)), params, gradient), loss: value };
};
const params = { w1: ones([1000, 100]), w2: ones([100, 10]) };
const batch = { x: ones([64, 1000]), y: ones([64, 10]) };

suite("export/to-onnx", (test) => {
	test("the step of the two-layer net has readable names, and a node for each line", () => {
		const { inputs, outputs, nodes, opset } = readModel(toOnnx(step, { params, batch }));
		assert.is(opset, 18);
		assert.equal(inputs, {
			"params.w1": "float64 (1000×100)",
			"params.w2": "float64 (100×10)",
			"batch.x": "float64 (64×1000)",
			"batch.y": "float64 (64×10)",
		});
		assert.equal(outputs, {
			"new.params.w1": "float64 (1000×100)",
			"new.params.w2": "float64 (100×10)",
			loss: "float64 ()",
		});
		assert.equal(nodes.slice(0, 4), [
			"h = Gemm(batch.x, params.w1)",
			"h_relu = Max(h, float64.0)",
			"y_pred = Gemm(h_relu, params.w2)",
			"sub = Sub(y_pred, batch.y)",
		]);
		assert.ok(nodes.includes("new.params.w2 = Gemm(h_relu, mul/Mul_2, params.w2)"));
	});

	test("a result that is no new value of an argument goes by its place, a single one is result", () => {
		const names = (f: (x: Tensor) => unknown) =>
			Object.keys(readModel(toOnnx(f, { x: ones([2]) })).outputs);
		assert.equal(
			names((x) => x.exp()),
			["result"],
		);
		assert.equal(
			names((x) => [x.exp(), { a: x }]),
			["result.0", "result.1.a"],
		);
		assert.equal(
			names((x) => ({ x, y: x })),
			["new.x", "y"],
		);
	});

	test("what repeats elements is not stretched for a node that does", () => {
		const { nodes } = readModel(
			toOnnx((x: Tensor, b: Tensor) => x.add(b), { x: ones([3, 4]), b: ones([4]) }),
		);
		assert.equal(nodes, ["broadcastTo = Unsqueeze(b, int64.0)", "result = Add(x, broadcastTo)"]);
	});

	test("loops are Scan, loops with a test Loop, and a choice is If", () => {
		const ops = (f: (x: Tensor) => unknown) =>
			readModel(toOnnx(f, { x: ones([3, 2]) })).nodes.map((node) => /= (\w+)/.exec(node)![1]);
		const last = (x: Tensor) => scan((h: Tensor, e: Tensor) => [h.mul(e), null], zeros([2]), x)[0];
		assert.ok(ops(last).includes("Scan"));
		const less = (x: Tensor) =>
			whileLoop(
				(y: Tensor) => y.sum().less(9),
				(y) => y.mul(2),
				x,
			);
		assert.ok(ops(less).includes("Loop"));
		const either = (x: Tensor) =>
			cond(
				x.sum().greater(0),
				(y) => y.exp(),
				(y) => y.neg(),
				x,
			);
		assert.ok(ops(either).includes("If"));
	});

	test("named axes have the size that the model is given, and what follows from it is computed", () => {
		const mean = (x: Tensor) => {
			const [value, gradient] = valueAndGrad((x: Tensor) => x.square().mean())(x);
			return { value, gradient, flat: x.ravel() };
		};
		const options = { dynamicAxes: { x: ["batch"] } };
		const { inputs, outputs, nodes } = readModel(toOnnx(mean, { x: ones([5, 3]) }, options));
		assert.equal(inputs, { x: "float64 (batch×3)" });
		assert.equal(outputs, {
			value: "float64 ()",
			gradient: "float64 (batch×3)",
			flat: "float64 (3*batch)",
		});
		assert.equal(nodes[0], "size/Shape = Shape(x)");
		const unrolled = (x: Tensor) => {
			let sum = x.slice(0);
			for (let i = 1; i < x.shape[0]!; i++) sum = sum.add(x.slice(i));
			return sum;
		};
		refuses(
			() => toOnnx(unrolled, { x: ones([5, 3]) }, options),
			TraceError,
			"does something else at other sizes of batch",
		);
		refuses(
			() => toOnnx(mean, { x: ones([5, 3]) }, { dynamicAxes: { y: ["batch"] } }),
			Error,
			"the leaves are x",
		);
	});

	test("what the function closes over is stored, in the model or beside it", () => {
		const weights = random.normal(random.key(1), [40, 5]);
		const f = (x: Tensor) => x.dot(weights);
		const args = { x: ones([2, 40]) };
		assert.equal(readModel(toOnnx(f, args)).nodes, ["result = Gemm(x, constant)"]);
		const files = onnxPackage(f, args);
		assert.equal(Object.keys(files), ["model.onnx", "model.onnx.data"]);
		const data = new Float64Array(files["model.onnx.data"]!.buffer);
		assert.equal([...data], [...weights.data]);
		assert.equal(Object.keys(onnxPackage((x: Tensor) => x.add(1), args)), ["model.onnx"]);
	});

	test("a step runs in the runtime that it is given, by the names and the types of the model", async () => {
		const fed: unknown[] = [];
		class Made {
			readonly type: unknown;
			readonly data: unknown;
			readonly dims: unknown;
			constructor(type: unknown, data: unknown, dims: unknown) {
				[this.type, this.data, this.dims] = [type, data, dims];
			}
		}
		const session = {
			...{ inputNames: ["x", "n"], outputNames: ["new.x", "result.1"] },
			run: async (feeds: Record<string, Made>) => {
				fed.push(feeds);
				return { "new.x": feeds.x, "result.1": feeds.n };
			},
			release: async () => fed.push("released"),
		};
		const runtime = { InferenceSession: { create: async () => session }, Tensor: Made };
		const f = (x: Tensor, n: Tensor): [Tensor, Tensor] => [x.neg(), n.add(1)];
		const args = { x: ones([2, 3]), n: tensor(1, { dtype: "int32" }) };
		const run = await onnxStep(f, args, { runtime, dynamicAxes: { x: ["batch"] } });
		const x = tensor([[1, 2, 3]]);
		const [first, second] = await run(x.flip(1), args.n);
		assert.equal([...first.data], [3, 2, 1]);
		assert.equal([second.dtype, second.item()], ["int32", 1]);
		assert.equal(fed, [
			{
				x: new Made("float64", Float64Array.of(3, 2, 1), [1, 3]),
				n: new Made("int32", Int32Array.of(1), []),
			},
		]);
		for (const [wrong, message] of [
			[[ones([2, 4]), args.n], "expected x to be float64 (2×3), got float64 (2×4)"],
			[[x, ones([])], "expected n to be int32 (), got float64 ()"],
			[[x, { n: args.n }], "was recorded for, x, n, got x, n.n"],
		] as const) {
			const error = await run(...(wrong as unknown as Parameters<typeof f>)).catch((e) => e);
			assert.match(error.message, message);
		}
		await run.close();
		assert.is(fed.at(-1), "released");
	});

	test("all floats may be of one type", () => {
		const { inputs, outputs } = readModel(
			toOnnx((x: Tensor) => x.exp(), { x: ones([2]) }, { float: "float16" }),
		);
		assert.equal([inputs, outputs], [{ x: "float16 (2)" }, { result: "float16 (2)" }]);
	});

	test("what has no form in ONNX is refused with the op and the line", () => {
		const refused = () => toOnnx((x: Tensor) => eigh(x)[0], { x: ones([2, 2]) });
		refuses(refused, TraceError, "toOnnx: the function applies eigenSystem at ");
		refuses(refused, TraceError, "to-onnx.spec.ts:");
		refuses(
			() => toOnnx((x: Tensor) => tensor(x.sum().item() as number), { x: ones([2]) }),
			TraceError,
			"was asked for",
		);
		refuses(() => toOnnx(step, [params, batch] as never), TraceError, "arguments by name");
		refuses(() => toOnnx(step, { params, batch }, { opset: 7 }), Error, "from 18 to 23");
	});
});
