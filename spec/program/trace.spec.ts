import * as assert from "uvu/assert";
import { derivedStep, lossOf } from "../../examples/01-two-layer-net.ts";
import {
	checkpoint,
	customGradient,
	grad,
	hvp,
	jvp,
	random,
	ShapeError,
	stopGradient,
	type Tensor,
	TraceError,
	tensor,
	vjp,
} from "../../lib/index.ts";
import { interpret } from "../../lib/program/interpret.ts";
import { printProgram } from "../../lib/program/print.ts";
import { checkProgram, type Instruction } from "../../lib/program/program.ts";
import { trace, traceAt } from "../../lib/program/trace.ts";
import { refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

type VectorFunction = (inputs: readonly Tensor[]) => readonly Tensor[];

const normal = (seed: number, shape: number[]) => random.normal(random.key(seed), shape);

/** Runs the traced program on values and compares with the function, bit for bit. */
function sameTraced(f: VectorFunction, inputs: readonly Tensor[]): void {
	const { program } = trace(inputs, f);
	checkProgram(program);
	const expected = f(inputs);
	for (const [i, out] of interpret(program, inputs).entries()) same(out, expected[i]!);
}

suite("program/trace", (test) => {
	test("a program prints as its instructions, and constants as numbers", () => {
		const { program } = trace(
			[
				{ shape: [2, 3], dtype: "float64" },
				{ shape: [3], dtype: "float64" },
			],
			([x, w]) => [x!.dot(w!).mul(2).sum()],
		);
		assert.is(
			printProgram(program),
			[
				"(a: float64 (2×3), b: float64 (3)) {",
				"  %0: float64 (2) = dot(a, b)",
				"  %1: float64 (2) = mul(%0, 2)",
				"  %2: float64 () = sum(%1, axes=[0], keepDims=false, all=true)",
				"  return %2",
				"}",
			].join("\n"),
		);
	});

	test("a whole training step is traced, its derivatives included", () => {
		const inputs = [normal(1, [3, 5]), normal(2, [5, 4]), normal(3, [4, 2]), normal(4, [3, 2])];
		sameTraced(([x, w1, w2, y]) => {
			const { loss, weights } = derivedStep({ w1: w1!, w2: w2! }, x!, y!);
			return [loss, weights.w1, weights.w2];
		}, inputs);
	});

	test("derivatives of derivatives are traced", () => {
		const inputs = [normal(1, [3, 5]), normal(2, [5, 4]), normal(3, [5, 4])];
		sameTraced(([x, w, v]) => [hvp((u: Tensor) => x!.dot(u).tanh().sum(), w!, v!)], inputs);
	});

	test("a program can be differentiated like the function", () => {
		const [x, w, y] = [normal(1, [3, 5]), normal(2, [5, 4]), normal(4, [3, 4])];
		const loss = (u: Tensor) => x.dot(u).sub(y).tanh().square().sum();
		const { program } = trace([w], ([u]) => [loss(u!)]);
		same(grad((u: Tensor) => interpret(program, [u])[0]!)(w), grad(loss)(w));
	});

	test("reading a value while tracing is an error that names the tensor and the way out", () => {
		const shape = [{ shape: [2], dtype: "float64" as const }];
		refuses(
			() => trace(shape, ([x]) => [x!.mul(x!.exp().sum().item())]),
			TraceError,
			"a result of sum, float64 ()",
		);
		refuses(() => trace(shape, ([x]) => [tensor(x!.toArray())]), TraceError, "where(");
		refuses(() => trace(shape, ([x]) => [tensor(x!.data)]), TraceError, "argument 1");
	});

	test("traced at a point, a function may look at values", () => {
		const f: VectorFunction = ([x]) => [x!.sum().item() > 0 ? x!.exp() : x!.neg()];
		const { program } = traceAt([tensor([1, 2])], f);
		assert.equal(
			program.instructions.map(({ op }) => op.name),
			["exp"],
		);
	});

	test("what leads to no result is left out, and constants are computed at once", () => {
		const c = tensor([1, 2]);
		const { program } = trace([c], ([x]) => {
			x!.exp();
			return [x!.add(c.square())];
		});
		assert.equal(
			program.instructions.map(({ op }) => op.name),
			["add"],
		);
		const sum = program.instructions[0] as Instruction;
		assert.is(sum.inputs[1]!.kind, "constant");
	});

	test("a result that depends on no argument is a constant", () => {
		same(interpret(trace([tensor(1)], () => [tensor([5, 6])]).program, [tensor(1)])[0]!, [5, 6]);
	});

	test("stopGradient stays in the program", () => {
		const f: VectorFunction = ([x]) => [grad((u: Tensor) => u.mul(stopGradient(u)).sum())(x!)];
		sameTraced(f, [tensor([2, 3])]);
	});

	test("a checkpointed part shows as what it is made of", () => {
		const f: VectorFunction = ([x]) => [
			grad((u: Tensor) => checkpoint((v: Tensor) => v.square().sin())(u).sum())(x!),
		];
		sameTraced(f, [tensor([2, 3])]);
		const names = trace([tensor([2, 3])], f).program.instructions.map(({ op }) => op.name);
		assert.not(names.includes("call"));
	});

	test("random numbers are drawn anew for each key that a program is given", () => {
		const f: VectorFunction = ([key]) => {
			const [first, second] = random.split(key!);
			return [random.normal(first, [3]).add(random.uniform(second, [3]))];
		};
		const { program } = trace([random.key(0)], f);
		for (const seed of [0, 1]) {
			same(interpret(program, [random.key(seed)])[0]!, f([random.key(seed)])[0]!);
		}
	});

	test("a program refuses arguments of other shapes or dtypes", () => {
		const { program } = trace([tensor([1, 2])], ([x]) => [x!.exp()]);
		refuses(() => interpret(program, [tensor([1])]), ShapeError, "argument 1");
		refuses(() => interpret(program, [tensor([1, 2]).astype("float32")]), ShapeError, "float32");
		refuses(() => interpret(program, []), ShapeError, "expected 1 tensors");
	});

	test("the check finds a value used before it is defined, and a wrong type", () => {
		const { program } = trace([tensor([1, 2])], ([x]) => [x!.exp().sum()]);
		const [exp, sum] = program.instructions as [Instruction, Instruction];
		refuses(
			() => checkProgram({ ...program, instructions: [sum, exp] }),
			TraceError,
			"instruction 0, sum, uses",
		);
		const wrong = { ...sum, type: { shape: [2], dtype: "float64" as const } };
		refuses(
			() => checkProgram({ ...program, instructions: [exp, wrong] }),
			TraceError,
			"says it gives float64 (2)",
		);
		refuses(() => checkProgram({ ...program, instructions: [exp] }), TraceError, "the result uses");
	});

	test("a loss traced with its cotangents gives the gradients of vjp", () => {
		const inputs = [normal(2, [5, 4]), normal(3, [4, 2]), normal(1, [3, 5]), normal(4, [3, 2])];
		const f: VectorFunction = ([w1, w2, x, y]) => {
			const [, pull] = vjp(lossOf, { w1: w1!, w2: w2! }, x!, y!);
			const { w1: g1, w2: g2 } = pull(tensor(0.5));
			return [g1, g2];
		};
		sameTraced(f, inputs);
	});

	test("a program holds the derivative that came with customGradient, to any order and in both modes", () => {
		const f = customGradient(
			({ a, b }: { a: Tensor; b: Tensor }) => [a.mul(b), a.floor()] as const,
			([g, h], [y], { a, b }) => ({ a: g.mul(y).add(h), b: g.mul(a).mul(b).mul(3) }),
		);
		const [a, b] = [tensor([1.5, 2]), tensor([3, -1])];
		const both: VectorFunction = ([u, v]) => f({ a: u!, b: v! });
		const { program } = trace([a, b], both);
		sameTraced(both, [a, b]);
		const total = (run: VectorFunction) => (x: Tensor[]) =>
			run(x).reduce((sum, y) => sum.add(y.square().sum()), tensor(0));
		const recorded: VectorFunction = (x) => interpret(program, x);
		const [expected, got] = [both, recorded].map((run) => [
			...grad(total(run))([a, b]),
			...hvp(total(run), [a, b], [b, a]),
			...jvp((x: Tensor[]) => run(x), [a, b], [b, a])[1],
		]);
		for (const [i, each] of expected!.entries()) same(got![i]!, each);
	});
});
