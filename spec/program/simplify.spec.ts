import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { programs } from "../../lib/check/index.ts";
import type { Data } from "../../lib/core/params.ts";
import {
	apply,
	atanh,
	concat,
	grad,
	type Op,
	random,
	type SliceRange,
	sigmoid,
	type Tensor,
	tanh,
	tensor,
} from "../../lib/index.ts";
import { addSlices, unslice } from "../../lib/ops/sections.ts";
import { realNumbers } from "../../lib/program/algebra.ts";
import { interpret } from "../../lib/program/interpret.ts";
import { printProgram } from "../../lib/program/print.ts";
import { checkProgram, type Program, type Value } from "../../lib/program/program.ts";
import { type RewriteStep, type SimplifyOptions, simplify } from "../../lib/program/simplify.ts";
import { trace } from "../../lib/program/trace.ts";
import { near, same } from "../near.ts";
import { sampled } from "../runs.ts";
import { suite } from "../suite.ts";

const matrix = { shape: [2, 3], dtype: "float64" } as const;

/** The instructions of a simplified function of matrices, one a line. */
function simplified(
	f: (...inputs: Tensor[]) => Tensor,
	options: SimplifyOptions = { algebra: realNumbers() },
): string {
	const { program } = trace([matrix, matrix], ([x, y]) => [f(x!, y!)]);
	const made = simplify(program, options).program;
	checkProgram(made);
	return printProgram(made)
		.split("\n")
		.slice(1, -1)
		.map((line) => line.trim().replace(/: float64 \([^)]*\)/, ""))
		.join("; ");
}

/** What a program gives, and what each step's two sides are worth, at these arguments. */
function checkSteps(program: Program, args: readonly Tensor[], tolerance: number): number {
	const steps: RewriteStep[] = [];
	const made = simplify(program, {
		algebra: realNumbers(),
		watch: (step) => steps.push(step),
	}).program;
	checkProgram(made);
	const results = interpret(program, args);
	for (const [i, out] of interpret(made, args).entries()) near(out, results[i]!, tolerance);
	for (const { before, after } of steps) {
		const [left, right] = interpret(programOf(program, [before, after]), args);
		near(right!, left!, tolerance);
	}
	return steps.length;
}

/** A program that gives these values. */
function programOf({ inputs }: Program, outputs: readonly Value[]): Program {
	const instructions = new Set<Value>();
	const visit = (value: Value) => {
		if (value.kind !== "instruction" || instructions.has(value)) return;
		for (const input of value.inputs) visit(input);
		instructions.add(value);
	};
	for (const output of outputs) visit(output);
	return { inputs, instructions: [...instructions] as Program["instructions"], outputs };
}

suite("program/simplify", (test) => {
	test("derivatives that are computed with care are written as in a textbook", () => {
		const slope = (f: (x: Tensor) => Tensor) =>
			simplified((x) => grad((t: Tensor) => f(t).sum())(x));
		assert.is(slope(sigmoid), "%0 = sigmoid(a); %1 = sub(1, %0); %2 = mul(%0, %1); return %2");
		assert.is(slope(tanh), "%0 = tanh(a); %1 = square(%0); %2 = sub(1, %1); return %2");
		assert.is(slope(atanh), "%0 = square(a); %1 = sub(1, %0); %2 = reciprocal(%1); return %2");
		assert.is(
			slope((x) => x.logSumExp(0)),
			"%0 = softmax(a, axes=[0]); return %0",
		);
		assert.is(
			slope((x) => x.logAddExp(2)),
			"%0 = sub(a, 2); %1 = sigmoid(%0); return %1",
		);
	});

	test("what is computed twice is computed once, what is not used not at all", () => {
		assert.is(
			simplified((x, y) => {
				y.exp();
				return x.tanh().mul(x.tanh().add(y));
			}, {}),
			"%0 = tanh(a); %1 = add(%0, b); %2 = mul(%0, %1); return %2",
		);
	});

	test("of what was put among zeros, what was put there or zeros are taken", () => {
		const taken = (f: (x: Tensor, y: Tensor) => Tensor) => simplified(f, {});
		const placed = (x: Tensor) => unslice(x, [4, 8], [1, 3], [2, 5]);
		assert.is(
			taken((x) => placed(x).slice([1, 3], [2, 5])),
			"return a",
		);
		assert.match(
			taken((x) => placed(x).slice(2, [4, 1, -1]).slice([0, 2])),
			/^%0 = slice\(a, .*\); %1 = slice\(%0, .*\); return %1$/,
		);
		assert.is(
			taken((x) => placed(x).slice(0)),
			"return 0",
		);
		assert.match(
			taken((x) => placed(x).slice(1)),
			/unslice/,
		);
		assert.is(
			taken((x, y) => concat([x, y], 1).slice(null, [3, null])),
			"return b",
		);
		assert.match(
			taken((x, y) => concat([x, y], 1).slice(null, [2, 4])),
			/concat/,
		);
		const apart: SliceRange[][] = [
			[0, [1, 4]],
			[1, [0, 3]],
		];
		const rows = (x: Tensor, y: Tensor) => addSlices([x.slice(0), y.slice(1)], [2, 4], apart);
		assert.match(
			taken((x, y) => rows(x, y).slice(1, [0, 3])),
			/^%0 = slice\(b, [^;]*; return %0$/,
		);
		const meeting = (x: Tensor, y: Tensor) => addSlices([x, y], [3, 3], [[[0, 2]], [[1, 3]]]);
		assert.match(
			taken((x, y) => meeting(x, y).slice(0)),
			/addSlices/,
		);
	});

	test("what is taken of what was put together is the same to the bit", () => {
		const range = fc
			.tuple(fc.nat(5), fc.nat(5), fc.constantFrom(1, 1, 2, -1))
			.map(([from, to, step]): SliceRange => [step > 0 ? from : to, step > 0 ? to : null, step]);
		const ranges = fc.tuple(fc.oneof(range, fc.nat(1)), range);
		const [u, v] = [random.normal(random.key(1), [2, 3]), random.normal(random.key(2), [2, 3])];
		const made: ((x: Tensor, y: Tensor) => Tensor)[] = [
			(x) => unslice(x, [5, 6], [1, 3], [2, 5]),
			(x) => unslice(x, [5, 6], [0, 4, 2], [2, 5]),
			(x, y) => concat([x, y], 0),
			(x, y) => concat([x, y, x], 1),
			(x, y) =>
				addSlices(
					[x.slice(0), y.slice(1)],
					[3, 4],
					[
						[0, [1, 4]],
						[2, [0, 3]],
					],
				),
		];
		fc.assert(
			fc.property(fc.constantFrom(...made), ranges, (make, taken) => {
				const f = (x: Tensor, y: Tensor) => make(x, y).slice(...taken);
				const { program } = trace([u, v], ([x, y]) => [f(x!, y!)]);
				same(interpret(simplify(program).program, [u, v])[0]!, f(u, v));
			}),
			{ numRuns: sampled(200) },
		);
	});

	test("two applications of an op are one if their parameters are the same data, and else two", () => {
		const noted: Op = {
			name: "noted",
			infer: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
			evaluate: ([x]) => x!,
			differential: null,
			print: ([x]) => `noted(${x})`,
		};
		const made = (...params: readonly Data[]) => {
			const { program } = trace([tensor([1])], ([x]) => params.map((p) => apply(noted, [x!], p)));
			return simplify(program).program.instructions.length;
		};
		const special = (value: number) => JSON.parse(`{ "__proto__": ${value}, "constructor": 1 }`);
		assert.is(made({ n: 1n, axes: [0, [1]] }, { n: 1n, axes: [0, [1]] }), 1);
		assert.is(made({ n: 1n }, { n: 2n }, { n: 1 }, { n: "1n" }, 1n, 1, "1"), 7);
		assert.is(made({ a: undefined }, {}, { a: null }, null, undefined), 5);
		assert.is(made(special(1), special(2), special(1), { constructor: 1 }), 3);
		const sparse = Object.assign([], { 1: 2 });
		assert.is(made([undefined, 2], sparse, [...sparse], [null, 2], Object.assign([], { 1: 2 })), 3);
		assert.is(made({ x: 0 }, { x: -0 }, { x: Number.NaN }, { x: null }, { x: Number.NaN }), 4);
	});

	test("neutral elements, views that undo each other and known values go, exactly", () => {
		assert.is(
			simplified((x) => x.mul(1).sub(0).T.T.reshape([3, 2]).reshape([2, 3]), {}),
			"return a",
		);
		assert.is(
			simplified((x) => x.mul(tensor(2).mul(3)).sub(0).div(1), {}),
			"%0 = mul(a, 6); return %0",
		);
		const kept = simplified((x) => x.mul(2).mul(3), {});
		assert.is(kept, "%0 = mul(a, 2); %1 = mul(%0, 3); return %1");
	});

	test("0 is added, since −0 then becomes 0, but not subtracted, nor added to integers", () => {
		const sums = (x: Tensor) => [x.add(0), tensor(0).add(x), x.sub(-0), x.sub(0), x.add(-0)];
		const { program } = trace([tensor([-0])], ([x]) => sums(x!));
		const signs = interpret(simplify(program).program, [tensor([-0])]).map((x) => 1 / x.data[0]!);
		assert.equal(
			signs,
			[1, 1, 1, -1, -1].map((sign) => sign * Number.POSITIVE_INFINITY),
		);
		assert.is(simplify(program).program.instructions.length, 3);
		const integers = trace([tensor([1], { dtype: "int32" })], ([x]) => [x!.add(0), x!.sub(0)]);
		assert.is(simplify(integers.program).program.instructions.length, 0);
		assert.is(simplify(program, { algebra: realNumbers() }).program.instructions.length, 0);
	});

	test("sums and products are collected", () => {
		assert.is(
			simplified((x) => x.mul(2).mul(3)),
			"%0 = mul(6, a); return %0",
		);
		assert.is(
			simplified((x, y) => x.sub(y).neg()),
			"%0 = sub(b, a); return %0",
		);
		assert.is(
			simplified((x, y) => x.add(y).sub(x)),
			"return b",
		);
		assert.is(
			simplified((x, y) => x.mul(y).div(y)),
			"return a",
		);
		assert.is(
			simplified((x, y) => x.mul(y).sub(y.mul(y))),
			"%0 = sub(a, b); %1 = mul(%0, b); return %1",
		);
	});

	test("what gets longer is not multiplied out", () => {
		assert.is(
			simplified((x, y) => x.add(1).mul(y.add(2))),
			"%0 = add(a, 1); %1 = add(b, 2); %2 = mul(%0, %1); return %2",
		);
	});

	test("multiples pass through what is linear where that saves an op", () => {
		assert.is(
			simplified((x) => x.mul(2).sum(1).mul(0.5)),
			"%0 = sum(a, axes=[1], keepDims=false, all=false); return %0",
		);
	});

	test("a product that is 0 where a derivative is cut off stays one", () => {
		const f = (x: Tensor) => x.greater(0).where(x.sqrt(), 0).mul(3).sum();
		const { program } = trace([{ shape: [2], dtype: "float64" }], ([x]) => [grad(f)(x!)]);
		const made = simplify(program, { algebra: realNumbers() }).program;
		same(interpret(made, [tensor([0, 4])])[0]!, [0, 0.75]);
	});

	test("each step of a training step preserves the value", () => {
		const normal = (seed: number, shape: number[]) => random.normal(random.key(seed), shape);
		const args = [normal(1, [5, 3]), normal(2, [4, 3]), normal(3, [4, 5])];
		const loss = (w: Tensor, y: Tensor, x: Tensor) => {
			const p = x.dot(w).softmax(1);
			return y.mul(p.log()).sum(1).mean().neg().add(p.sub(y).square().mean().mul(0.5));
		};
		const positive = [args[0]!, args[1]!.square(), args[2]!];
		const { program } = trace(positive, ([w, y, x]) => [grad(loss)(w!, y!, x!)]);
		assert.is(checkSteps(program, positive, 1e-12), 6);
	});

	test("random programs keep their values, exactly without the laws of real numbers", () => {
		let steps = 0;
		const property = fc.property(programs(), ({ program, args }) => {
			const exact = simplify(program).program;
			checkProgram(exact);
			const results = interpret(program, args);
			for (const [i, out] of interpret(exact, args).entries()) same(out, results[i]!);
			// Cancelling terms may be greater than their sum, so rounding shows more.
			steps += checkSteps(program, args, 1e-9);
		});
		fc.assert(property, { numRuns: sampled(40) });
		assert.ok(steps > 0);
	});
});
